"""Names that exports write in several ways: cards by label and developer name, ids of 15 and 18 characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.ingest.names.card_identity import (
        NAMES_IN,
        ask_for_default_card,
        forget_names,
        learn_cards,
        link_cards,
        spell_cards,
        spell_grants,
    )
    from core.wallet.ingest.names.record_ids import lengthen_ids, record_long_ids, shorten_ids
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "card_identity": "NAMES_IN ask_for_default_card forget_names learn_cards link_cards spell_cards spell_grants",
            "record_ids": "lengthen_ids record_long_ids shorten_ids",
        },
    )

__all__ = [
    "NAMES_IN",
    "ask_for_default_card",
    "forget_names",
    "learn_cards",
    "lengthen_ids",
    "link_cards",
    "record_long_ids",
    "shorten_ids",
    "spell_cards",
    "spell_grants",
]
