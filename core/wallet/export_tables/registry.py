"""All export tables, each a module of this package with `EXPORT_TABLE`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.export_tables.export_table import ExportTable


def _find_tables() -> tuple[ExportTable, ...]:
    modules = (
        import_module(f"{__package__}.{path.stem}") for path in sorted(Path(__file__).parent.glob("*.py")) if path.stem[0] != "_"
    )
    return tuple(sorted((module.EXPORT_TABLE for module in modules if hasattr(module, "EXPORT_TABLE")), key=lambda one: one.rank))


EXPORT_TABLES = _find_tables()
TABLES = {table.name: table for table in EXPORT_TABLES}
ROLLED_UP = tuple(table.name for table in EXPORT_TABLES if table.grain)
"""Usage tables, which are compared with each other and rolled up by day."""
