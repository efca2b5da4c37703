"""Exports into the warehouse: formats, profiles, staging, merge, roll-ups, rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.ingest.conversion import NormalizedTable, prepare
    from core.wallet.ingest.csv_text import records
    from core.wallet.ingest.dry_run import explain_file
    from core.wallet.ingest.profiles import newest_by_of
    from core.wallet.ingest.reject_file import write_rejects
    from core.wallet.ingest.report import DayChange, ImportReport, changes_of_days, days_table
    from core.wallet.ingest.rollups import (
        prune_tags,
        rebuild_if_settings_changed,
        require_checks,
        roll_up_interactions,
        roll_up_touched_days,
    )
    from core.wallet.ingest.source_file import STANDARD_INPUT, name_of, require_file, spool_file, unpack
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "conversion": "NormalizedTable prepare",
            "csv_text": "records",
            "dry_run": "explain_file",
            "reject_file": "write_rejects",
            "report": "DayChange ImportReport changes_of_days days_table",
            "profiles": "newest_by_of",
            "rollups": "prune_tags rebuild_if_settings_changed require_checks roll_up_interactions roll_up_touched_days",
            "source_file": "STANDARD_INPUT name_of require_file spool_file unpack",
        },
    )

__all__ = [
    "STANDARD_INPUT",
    "DayChange",
    "ImportReport",
    "NormalizedTable",
    "changes_of_days",
    "days_table",
    "explain_file",
    "name_of",
    "newest_by_of",
    "prepare",
    "prune_tags",
    "rebuild_if_settings_changed",
    "records",
    "require_checks",
    "require_file",
    "roll_up_interactions",
    "roll_up_touched_days",
    "spool_file",
    "unpack",
    "write_rejects",
]
