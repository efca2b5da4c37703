"""The kinds of export as data, and how to recognise one by its headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.ingest.profiles.matching import (
        base_profile,
        field_called,
        generic_profile,
        hand_down,
        known_columns,
        learning,
        match,
        newest_by_of,
        recognise,
        spoken_fields,
        word_for,
    )
    from core.wallet.ingest.profiles.model import PROFILES, REASON_HEADER, Profile, ProfileMatch
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "matching": (
                "base_profile field_called generic_profile hand_down known_columns learning match newest_by_of recognise word_for"
                " spoken_fields"
            ),
            "model": "PROFILES REASON_HEADER Profile ProfileMatch",
        },
    )

__all__ = [
    "PROFILES",
    "REASON_HEADER",
    "Profile",
    "ProfileMatch",
    "base_profile",
    "field_called",
    "generic_profile",
    "hand_down",
    "known_columns",
    "learning",
    "match",
    "newest_by_of",
    "recognise",
    "spoken_fields",
    "word_for",
]
