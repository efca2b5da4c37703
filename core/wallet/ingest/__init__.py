"""Exports into the warehouse: formats, profiles, staging, merge, roll-ups, rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.ingest.conversion import NormalizedTable, find_grids, prepare
    from core.wallet.ingest.dry_run import explain_file
    from core.wallet.ingest.pipeline import report_import
    from core.wallet.ingest.profiles import generic_profile
    from core.wallet.ingest.recognition import ImportPlan, reading_key, recognize
    from core.wallet.ingest.reject_file import write_rejects
    from core.wallet.ingest.removal import UndoneImport, take_out
    from core.wallet.ingest.report import DayChange, FileReport, ImportReport, Rejected, changes_of_days, days_table
    from core.wallet.ingest.rollups import (
        find_broken_checks,
        index_tags,
        prune_tags,
        rebuild_if_settings_changed,
        require_checks,
        roll_up_interactions,
        roll_up_touched_days,
        touch_every_day,
    )
    from core.wallet.ingest.source_file import (
        SourceFile,
        deliveries_in,
        name_of,
        require_file,
        spool_file,
        unpack,
    )
    from core.wallet.ingest.tables import Grid, Record, records
    from core.wallet.ingest.tags import columns_as_tags
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "conversion": "NormalizedTable find_grids prepare",
            "dry_run": "explain_file",
            "pipeline": "report_import",
            "profiles": "generic_profile",
            "recognition": "ImportPlan reading_key recognize",
            "reject_file": "write_rejects",
            "removal": "UndoneImport take_out",
            "report": "DayChange FileReport ImportReport Rejected changes_of_days days_table",
            "rollups": (
                "find_broken_checks index_tags prune_tags rebuild_if_settings_changed require_checks roll_up_interactions"
                " roll_up_touched_days touch_every_day"
            ),
            "source_file": "SourceFile deliveries_in name_of require_file spool_file unpack",
            "tables": "Grid Record records",
            "tags": "columns_as_tags",
        },
    )

__all__ = [
    "DayChange",
    "FileReport",
    "Grid",
    "ImportPlan",
    "ImportReport",
    "NormalizedTable",
    "Record",
    "Rejected",
    "SourceFile",
    "UndoneImport",
    "changes_of_days",
    "columns_as_tags",
    "days_table",
    "deliveries_in",
    "explain_file",
    "find_broken_checks",
    "find_grids",
    "generic_profile",
    "index_tags",
    "name_of",
    "prepare",
    "prune_tags",
    "reading_key",
    "rebuild_if_settings_changed",
    "recognize",
    "records",
    "report_import",
    "require_checks",
    "require_file",
    "roll_up_interactions",
    "roll_up_touched_days",
    "spool_file",
    "take_out",
    "touch_every_day",
    "unpack",
    "write_rejects",
]
