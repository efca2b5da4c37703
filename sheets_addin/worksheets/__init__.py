"""The worksheets of the wallet, one module each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sheets_addin.worksheets import budgets, log, prices
    from sheets_addin.worksheets.log import Entry
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "log": "Entry",
        },
    )

__all__ = ["Entry", "budgets", "log", "prices"]
