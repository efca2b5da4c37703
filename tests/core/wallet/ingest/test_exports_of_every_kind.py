"""Real kinds of exports: each gives exactly its credits, or the import says that something is wrong."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.config.loader import load_config
from core.errors import ExportError
from core.wallet.ingest.pipeline import import_files
from core.warehouse.database import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = Path(__file__).resolve().parents[3] / "data" / "exports_cases"
DESCRIBED = json.loads((CASES / "cases.json").read_text(encoding="utf-8"), parse_int=Decimal, parse_float=Decimal)
SUMS = {
    "used_credits": "SELECT coalesce(sum(credits), 0) FROM usage WHERE card = 'FlexCredits'",
    "granted_credits": "SELECT coalesce(sum(credits), 0) FROM grants WHERE card = 'FlexCredits'",
    "actions": "SELECT coalesce(sum(actions), 0) FROM usage WHERE card = 'FlexCredits'",
}
GROUPS = {
    "agent": "SELECT agent, sum(credits) FROM usage GROUP BY agent ORDER BY agent",
    "day": "SELECT CAST(day AS VARCHAR), sum(credits) FROM usage GROUP BY day ORDER BY day",
}
# What no file can tell, and what the import says of it.
TOLD = {
    "corr_daily_lower_ab": "nothing in either says which is newer",
    "corr_daily_lower_ba": "nothing in either says which is newer",
    "corr_daily_noid_lower_ab": "nothing in either says which is newer",
    "corr_daily_noid_lower_ba": "nothing in either says which is newer",
    "corr_event_no_processed_ba": "nothing in either says which is newer",
    "csv_nul": "NUL byte",
    "csv_thousands_ambiguous": "can be read in two ways",
    "v_matrix": "Give it a row for each day instead",
    "xl_formulas_no_cache": "formulas that were never calculated",
}


@pytest.mark.parametrize("case", sorted(DESCRIBED))
def test_a_delivery_is_exact_or_told_of(case: str, tmp_path: Path) -> None:
    """The figures are those of the case; where no file can give them, an import says so."""
    described = DESCRIBED[case]
    (tmp_path / "app.yaml").write_text(described.get("app_yaml", "time_zone: UTC\n"), encoding="utf-8")
    config = load_config(tmp_path / "app.yaml")
    said: list[str] = []
    with open_warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        for name in described["files"]:
            try:
                files = import_files(warehouse, [CASES / case / name], config.wallet).files
                said += [sentence for file in files for sentence in (file.reason, *file.doubts)]
            except ExportError as refusal:
                said.append(str(refusal))
        if case not in TOLD:
            assert figures(warehouse.execute, described["expected"]) == described["expected"]
    if case in TOLD:
        assert TOLD[case] in " ".join(said)


def figures(execute: Callable[[str], list[Any]], expected: dict[str, Any]) -> dict[str, Any]:
    """Return a case's figures as the wallet has them."""
    sums = {key: execute(text)[0][0] for key, text in SUMS.items() if key in expected}
    return sums | {key: dict(execute(text)) for key, text in GROUPS.items() if key in expected}
