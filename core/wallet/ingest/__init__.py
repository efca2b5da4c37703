"""Exports into the warehouse: formats, profiles, staging, merge, roll-ups, rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.ingest.conversion import NormalizedTable, find_grids, prepare
    from core.wallet.ingest.dry_run import explain_file
    from core.wallet.ingest.profiles import generic_profile
    from core.wallet.ingest.recognition import ImportPlan, recognize
    from core.wallet.ingest.reject_file import write_rejects
    from core.wallet.ingest.removal import UndoneImport, take_out
    from core.wallet.ingest.report import DayChange, ImportReport, days_table
    from core.wallet.ingest.rollups import rebuild_if_settings_changed, require_checks, roll_up_interactions, roll_up_touched_days
    from core.wallet.ingest.source_file import (
        STANDARD_INPUT,
        SourceFile,
        deliveries_in,
        name_of,
        require_file,
        spool_file,
        unpack,
    )
    from core.wallet.ingest.tables import Grid, Record, records
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "conversion": "NormalizedTable find_grids prepare",
            "dry_run": "explain_file",
            "profiles": "generic_profile",
            "recognition": "ImportPlan recognize",
            "reject_file": "write_rejects",
            "removal": "UndoneImport take_out",
            "report": "DayChange ImportReport days_table",
            "rollups": "rebuild_if_settings_changed require_checks roll_up_interactions roll_up_touched_days",
            "source_file": "STANDARD_INPUT SourceFile deliveries_in name_of require_file spool_file unpack",
            "tables": "Grid Record records",
        },
    )

__all__ = [
    "STANDARD_INPUT",
    "DayChange",
    "Grid",
    "ImportPlan",
    "ImportReport",
    "NormalizedTable",
    "Record",
    "SourceFile",
    "UndoneImport",
    "days_table",
    "deliveries_in",
    "explain_file",
    "find_grids",
    "generic_profile",
    "name_of",
    "prepare",
    "rebuild_if_settings_changed",
    "recognize",
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
