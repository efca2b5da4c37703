"""The kinds of export as data, and how to know one by its headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.ingest.profiles.built_in import PROFILES
    from core.wallet.ingest.profiles.headers import TRANSLATED_LABELS, normal_header, zone_in
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
    from core.wallet.ingest.profiles.model import REASON_HEADER, ExportField, FieldKind, Profile, ProfileMatch
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "built_in": "PROFILES",
            "headers": "TRANSLATED_LABELS normal_header zone_in",
            "matching": (
                "base_profile field_called generic_profile hand_down known_columns learning match newest_by_of recognise word_for"
                " spoken_fields"
            ),
            "model": "REASON_HEADER ExportField FieldKind Profile ProfileMatch",
        },
    )

__all__ = [
    "PROFILES",
    "REASON_HEADER",
    "TRANSLATED_LABELS",
    "ExportField",
    "FieldKind",
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
    "normal_header",
    "recognise",
    "spoken_fields",
    "word_for",
    "zone_in",
]
