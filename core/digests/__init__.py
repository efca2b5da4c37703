"""Digests: what a team's week or month was, and that each is issued once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.digests.content import digest
    from core.digests.issue import is_issued, issue_digest
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "content": "digest",
            "issue": "is_issued issue_digest",
        },
    )

__all__ = ["digest", "is_issued", "issue_digest"]
