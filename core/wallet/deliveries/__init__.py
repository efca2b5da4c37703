"""Which import delivered which rows, what counts of them, and the exports that were kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.deliveries.replaced_days import ReplacedDays, covers_sql, masked_sql
    from core.wallet.deliveries.versions import (
        AMOUNTS,
        BEFORE_ALL,
        UNSETTLED,
        RowTable,
        next_version,
        record_range,
        record_repeats,
        row_table,
        settle,
    )
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "replaced_days": "ReplacedDays covers_sql masked_sql",
            "versions": "AMOUNTS BEFORE_ALL UNSETTLED RowTable next_version record_range record_repeats row_table settle",
        },
    )

__all__ = [
    "AMOUNTS",
    "BEFORE_ALL",
    "UNSETTLED",
    "ReplacedDays",
    "RowTable",
    "covers_sql",
    "masked_sql",
    "next_version",
    "record_range",
    "record_repeats",
    "row_table",
    "settle",
]
