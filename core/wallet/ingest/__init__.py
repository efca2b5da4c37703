"""Exports into the warehouse: formats, profiles, staging, merge, roll-ups, rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.ingest.conversion import NormalizedTable, prepare
    from core.wallet.ingest.dry_run import explain_file
    from core.wallet.ingest.profiles import generic_profile
    from core.wallet.ingest.reject_file import write_rejects
    from core.wallet.ingest.removal import UndoneImport, take_out
    from core.wallet.ingest.report import DayChange, ImportReport, days_table
    from core.wallet.ingest.rollups import (
        rebuild_if_settings_changed,
        require_checks,
        roll_up_interactions,
        roll_up_touched_days,
    )
    from core.wallet.ingest.source_file import STANDARD_INPUT, SourceFile, name_of, require_file, spool_file, unpack
    from core.wallet.ingest.tables import records
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "conversion": "NormalizedTable prepare",
            "dry_run": "explain_file",
            "profiles": "generic_profile",
            "reject_file": "write_rejects",
            "report": "DayChange ImportReport days_table",
            "rollups": "rebuild_if_settings_changed require_checks roll_up_interactions roll_up_touched_days",
            "source_file": "STANDARD_INPUT SourceFile name_of require_file spool_file unpack",
            "tables": "records",
            "removal": "UndoneImport take_out",
        },
    )

__all__ = [
    "STANDARD_INPUT",
    "DayChange",
    "ImportReport",
    "NormalizedTable",
    "SourceFile",
    "UndoneImport",
    "days_table",
    "explain_file",
    "generic_profile",
    "name_of",
    "prepare",
    "rebuild_if_settings_changed",
    "records",
    "require_checks",
    "require_file",
    "roll_up_interactions",
    "roll_up_touched_days",
    "spool_file",
    "take_out",
    "unpack",
    "write_rejects",
]
