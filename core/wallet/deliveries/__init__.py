"""Which import delivered which rows, which of them count, and the kept exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.deliveries.closed_days import LeftOut, leave_out_closed, require_open_days, require_unfolded
    from core.wallet.deliveries.kept_exports import drop_exports, exports_folder, keep_export, kept_export, prune_exports
    from core.wallet.deliveries.replaced_days import (
        DayBounds,
        ReplacedDays,
        card_sql,
        claim_days,
        covers_sql,
        masked_sql,
        plain_sql,
        plain_text,
        replaced_days_of,
    )
    from core.wallet.deliveries.source_days import require_no_source, require_only_source
    from core.wallet.deliveries.versions import (
        BEFORE_ALL,
        STAGE,
        STAGED_ROWS,
        UNSETTLED,
        RowTable,
        create_stage,
        drop_stage,
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
            "closed_days": "LeftOut leave_out_closed require_open_days require_unfolded",
            "kept_exports": "drop_exports exports_folder keep_export kept_export prune_exports",
            "replaced_days": (
                "ReplacedDays DayBounds card_sql claim_days covers_sql masked_sql plain_sql plain_text replaced_days_of"
            ),
            "source_days": "require_no_source require_only_source",
            "versions": (
                "BEFORE_ALL STAGE STAGED_ROWS UNSETTLED RowTable create_stage drop_stage next_version record_range record_repeats"
                " row_table settle"
            ),
        },
    )

__all__ = [
    "BEFORE_ALL",
    "STAGE",
    "STAGED_ROWS",
    "UNSETTLED",
    "DayBounds",
    "LeftOut",
    "ReplacedDays",
    "RowTable",
    "card_sql",
    "claim_days",
    "covers_sql",
    "create_stage",
    "drop_exports",
    "drop_stage",
    "exports_folder",
    "keep_export",
    "kept_export",
    "leave_out_closed",
    "masked_sql",
    "next_version",
    "plain_sql",
    "plain_text",
    "prune_exports",
    "record_range",
    "record_repeats",
    "replaced_days_of",
    "require_no_source",
    "require_only_source",
    "require_open_days",
    "require_unfolded",
    "row_table",
    "settle",
]
