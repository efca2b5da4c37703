"""Google Sheets over HTTP: client, encoding, errors, rate limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sheets_addin.google.client import google_from_environment
    from sheets_addin.google.encoder import (
        DAY_ZERO,
        cell_format,
        cell_rule,
        cell_value,
        chart_spec,
        encode_entered,
        highlight_rule,
        is_our_rule,
    )
    from sheets_addin.google.errors import BatchRefusedError, ProtectedSheetError, TooManyRowsError
    from sheets_addin.google.locales import for_locale
    from sheets_addin.google.rate_limiter import RateLimiter
    from sheets_addin.google.sheet_state import (
        LEFT_TO_PEOPLE,
        NEVER_OURS,
        STATE_KEY,
        SheetState,
        base_36,
        fit_state,
        hash32,
        mark_of,
        pack,
        row_mark,
        unpack,
    )
    from sheets_addin.google.spreadsheet import (
        SHEET_KEY,
        BasicFilter,
        Rectangle,
        RemoteCell,
        RemoteName,
        RemoteProtection,
        RemoteSheet,
        Spreadsheet,
        Tag,
    )
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "client": "google_from_environment",
            "encoder": "DAY_ZERO cell_format cell_rule cell_value chart_spec encode_entered highlight_rule is_our_rule",
            "errors": "BatchRefusedError ProtectedSheetError TooManyRowsError",
            "locales": "for_locale",
            "rate_limiter": "RateLimiter",
            "sheet_state": (
                "LEFT_TO_PEOPLE NEVER_OURS STATE_KEY SheetState base_36 hash32 fit_state mark_of pack row_mark unpack"
            ),
            "spreadsheet": "BasicFilter Rectangle RemoteCell RemoteName RemoteProtection RemoteSheet SHEET_KEY Spreadsheet Tag",
        },
    )

__all__ = [
    "DAY_ZERO",
    "LEFT_TO_PEOPLE",
    "NEVER_OURS",
    "SHEET_KEY",
    "STATE_KEY",
    "BasicFilter",
    "BatchRefusedError",
    "ProtectedSheetError",
    "RateLimiter",
    "Rectangle",
    "RemoteCell",
    "RemoteName",
    "RemoteProtection",
    "RemoteSheet",
    "SheetState",
    "Spreadsheet",
    "Tag",
    "TooManyRowsError",
    "base_36",
    "cell_format",
    "cell_rule",
    "cell_value",
    "chart_spec",
    "encode_entered",
    "fit_state",
    "for_locale",
    "google_from_environment",
    "hash32",
    "highlight_rule",
    "is_our_rule",
    "mark_of",
    "pack",
    "row_mark",
    "unpack",
]
