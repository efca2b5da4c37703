"""The export tables: one record per table, from which profiles, staging, merging, rollups and reports derive."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.export_tables.export_table import ExportField, ExportTable, FieldKind
    from core.wallet.export_tables.headers import TRANSLATED_LABELS, normal_header, zone_in
    from core.wallet.export_tables.headers_of_use import DAY_ALIASES
    from core.wallet.export_tables.registry import EXPORT_TABLES, ROLLED_UP, TABLES
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "export_table": "ExportField ExportTable FieldKind",
            "headers": "TRANSLATED_LABELS normal_header zone_in",
            "headers_of_use": "DAY_ALIASES",
            "registry": "EXPORT_TABLES ROLLED_UP TABLES",
        },
    )

__all__ = [
    "DAY_ALIASES",
    "EXPORT_TABLES",
    "ROLLED_UP",
    "TABLES",
    "TRANSLATED_LABELS",
    "ExportField",
    "ExportTable",
    "FieldKind",
    "normal_header",
    "zone_in",
]
