from __future__ import annotations

import pytest

from sheets_addin.google.sheet_state import METADATA_CHARACTERS, SheetState, base_36, fit_state, mark_of, pack, unpack
from sheets_addin.workbook.model import Formula

STATE = SheetState(
    ("0", ".2026-11-21"), ("0", "1"), (5, 2**32 - 1), b"\0\1\0\2\0\3\xff\xff", 9, ((100_000_001, 77),), (3,), 4, "2026-11-21"
)


def test_a_state_comes_back_from_its_text() -> None:
    """A state is the same after writing and reading."""
    assert unpack(pack(STATE)) == STATE


def test_keys_that_count_up_take_little_room() -> None:
    """Five thousand numbered rows, two of them named, take less than 500 characters."""
    keys = (*map(base_36, range(2_000)), ".a:b", *map(base_36, range(2_000, 3_000)), ".9", *map(base_36, range(4_000, 6_000)))
    state = SheetState(keys, ("0", "1", "5"))
    assert (unpack(pack(state)), len(pack(state)) < 500) == (state, True)


@pytest.mark.parametrize("text", ["", "not base64!", "AAAA"])
def test_a_damaged_state_remembers_nothing(text: str) -> None:
    """Overwritten metadata does not stop a sync."""
    assert unpack(text) == SheetState()


def test_text_and_formula_are_told_apart() -> None:
    """The text =1+1 and the formula =1+1 are not the same content."""
    assert mark_of("=1+1") != mark_of(Formula("1+1"))


@pytest.mark.parametrize(("rows", "columns", "size"), [(10, 10, 200), (1_000, 100, 2_000), (15_000, 20, 0), (100_000, 1, None)])
def test_what_is_remembered_fits_metadata(rows: int, columns: int, size: int | None) -> None:
    """Cells are remembered by two bytes each, many cells by rows, many rows not at all; too many have no state."""
    grid = [[mark_of(f"{row} {column}") for column in range(columns)] for row in range(rows)]
    state = fit_state(SheetState(tuple(f".{row}" for row in range(rows)) if size is None else ()), grid, 1_000)
    assert (len(state.marks) if state else None) == size
    assert state is None or len(pack(state)) <= METADATA_CHARACTERS - 1_000
