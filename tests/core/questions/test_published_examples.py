"""Every figure that was published comes out through the command line, or our own figure beside the claim."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from bot.cli.main import main

EXAMPLES = Path(__file__).parents[2] / "golden" / "published_examples.csv"
ROWS = list(csv.DictReader(EXAMPLES.read_text(encoding="utf-8").splitlines()))


def value_of(answer: dict, figure: str) -> Decimal:  # type: ignore[type-arg]
    """Return a figure by its key, or a table's cell by table, row and column."""
    if "." not in figure:
        return Decimal(next(found["value"] for found in answer["figures"] if found["key"] == figure))
    table_key, row_key, column_key = figure.split(".")
    table = next(found for found in answer["tables"] if found["key"] == table_key)
    place = [column["key"] for column in table["columns"]].index(column_key)
    return Decimal(next(row for row in table["rows"] if row[0] == row_key)[place])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['question'][:50]} {row['figure']}")
def test_a_published_figure_comes_out(row: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Asked on the command line for its day, the question gives the published value to the places it shows."""
    assert main(["--json", "--as-of", row["as_of"], row["question"]]) == 0
    expected = Decimal(row["value"])
    places = max(0, -int(expected.as_tuple().exponent))
    assert round(value_of(json.loads(capsys.readouterr().out), row["figure"]), places) == expected
