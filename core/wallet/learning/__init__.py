"""How to read a file of unknown origin: its columns are matched to fields, shown, and kept as a profile in app.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.learning.proposal import FIELDS, Proposal, Wishes, propose_instead, propose_profile
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(__name__, {"proposal": "FIELDS Proposal Wishes propose_instead propose_profile"})

__all__ = ["FIELDS", "Proposal", "Wishes", "propose_instead", "propose_profile"]
