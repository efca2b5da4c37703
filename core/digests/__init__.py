"""Digests of a team's week or month, each issued once; the wallet summary on one page; next steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.digests.content import digest
    from core.digests.issue import is_issued, issue_digest
    from core.digests.next_steps import NextStep, list_next_steps
    from core.digests.wallet_summary import summarize_wallet
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "content": "digest",
            "issue": "is_issued issue_digest",
            "next_steps": "NextStep list_next_steps",
            "wallet_summary": "summarize_wallet",
        },
    )

__all__ = ["NextStep", "digest", "is_issued", "issue_digest", "list_next_steps", "summarize_wallet"]
