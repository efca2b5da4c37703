"""Exports into the warehouse: formats, profiles, staging, merge, roll-ups, rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.ingest.card_identity import forget_names
    from core.wallet.ingest.conversion import NormalizedTable, prepare
    from core.wallet.ingest.dry_run import explain_file
    from core.wallet.ingest.profiles import generic_profile, newest_by_of
    from core.wallet.ingest.reject_file import write_rejects
    from core.wallet.ingest.report import DayChange, ImportReport, changes_of_days, days_table
    from core.wallet.ingest.rollups import (
        prune_tags,
        rebuild_if_settings_changed,
        require_checks,
        roll_up_interactions,
        roll_up_touched_days,
        touch_every_day,
    )
    from core.wallet.ingest.source_file import STANDARD_INPUT, SourceFile, name_of, require_file, spool_file, unpack
    from core.wallet.ingest.tables import records
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "card_identity": "forget_names",
            "conversion": "NormalizedTable prepare",
            "dry_run": "explain_file",
            "profiles": "generic_profile newest_by_of",
            "reject_file": "write_rejects",
            "report": "DayChange ImportReport changes_of_days days_table",
            "rollups": (
                "prune_tags rebuild_if_settings_changed require_checks roll_up_interactions roll_up_touched_days touch_every_day"
            ),
            "source_file": "STANDARD_INPUT SourceFile name_of require_file spool_file unpack",
            "tables": "records",
        },
    )

__all__ = [
    "STANDARD_INPUT",
    "DayChange",
    "ImportReport",
    "NormalizedTable",
    "SourceFile",
    "changes_of_days",
    "days_table",
    "explain_file",
    "forget_names",
    "generic_profile",
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
    "touch_every_day",
    "unpack",
    "write_rejects",
]
