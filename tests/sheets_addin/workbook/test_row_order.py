"""Rows of tables keep their place, whatever their rank."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.answer.model import Column, Table
from sheets_addin.workbook.answer_cells import keys_of
from sheets_addin.workbook.model import Block, Cell, Formula, Worksheet
from sheets_addin.workbook.row_order import keep_row_order, merge_orders

NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(NAMES, NAMES)
def test_what_stands_keeps_its_order_and_what_is_new_comes_after_its_neighbour(wanted: list[str], standing: list[str]) -> None:
    """No row is lost or doubled, existing rows keep their order, and a new name follows its wanted predecessor."""
    known = [name for name in standing if name in wanted]
    found = merge_orders(wanted, known)
    assert (sorted(found), [name for name in found if name in known]) == (sorted(wanted), known)
    for before, name in zip([None, *wanted], wanted, strict=False):
        if name not in known:
            assert found.index(name) == (0 if before is None else found.index(before) + 1)


def table(*names: str) -> Worksheet:
    """Return a table of names, each with twice its number by a formula, and their sum above."""
    cells = {(0, 1): Cell(Formula(f"SUM(B2:B{len(names) + 1})"))}
    for row, name in enumerate(names, 1):
        cells |= {(row, 0): Cell(name), (row, 1): Cell(Decimal(ord(name))), (row, 2): Cell(Formula(f"B{row + 1}*2+B$1"))}
    return Worksheet(
        title="T",
        block=Block(cells),
        widths={},
        heights={1: 40},
        row_keys=dict(enumerate(names, 1)),
        movable=((1, len(names)),),
    )


def test_formulas_and_heights_go_with_their_row() -> None:
    """B was above a, so it stays there; each formula doubles its own number, and the sum still covers all."""
    keys = ["0", "a", "c", "b"]
    sheet = keep_row_order(table("a", "c", "b"), keys, ["b", "a", "gone"])
    assert [sheet.cells[row, 0].content for row in (1, 2, 3)] == ["b", "a", "c"]
    assert [sheet.cells[row, 2].content for row in (1, 2, 3)] == [Formula(f"B{row}*2+B$1") for row in (2, 3, 4)]
    assert (sheet.cells[0, 1], sheet.heights, list(sheet.row_keys.values())) == (
        Cell(Formula("SUM(B2:B4)")),
        {2: 40},
        ["b", "a", "c"],
    )


def test_rows_that_begin_alike_are_told_apart_by_what_follows() -> None:
    """An agent's rows are keyed by month, so that a missing month renames no other; long names by their end."""
    columns = tuple(Column(key, key, "text") for key in ("agent", "month", "n"))
    long = ["x" * 60 + end for end in "12"]
    rows = (("A", "July", "1"), ("A", "August", "2"), ("B", "July", "3"), ("C", "May", "1"), ("C", "May", "1"))
    keys = keys_of(Table("t", "T", columns, (*rows, *((name, "July", "1") for name in long))), 0, "")
    assert [keys[row] for row in range(5)] == ["A|July", "A|August", "B", "C", "C#2"]
    assert len({keys[5], keys[6]}) == 2
    assert max(map(len, keys.values())) < 52
