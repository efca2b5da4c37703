from __future__ import annotations

import pytest

from sheets_addin.google.spreadsheet import Tag
from sheets_addin.sync.anchors import Placement, place_keys, room_requests


def anchored(positions: dict[str, int]) -> list[Tag]:
    """Return the tags of rows at these positions."""
    return [Tag(number, "ac", key, "row", 7, at) for number, (key, at) in enumerate(positions.items())]


CASES = {
    "all there": ("abc", {"a": 0, "b": 1, "c": 2}, (0, 1, 2)),
    "people inserted two above b": ("abc", {"a": 0, "b": 3, "c": 4}, (0, 3, 4)),
    "people deleted b": ("abc", {"a": 0, "c": 1}, (0, 1, 2)),
    "b is new": ("abc", {"a": 4, "c": 9}, (4, 5, 10)),
    "two are new at the end": ("abcd", {"a": 0, "b": 2}, (0, 2, 3, 4)),
    "one is new at the start": ("abc", {"b": 3, "c": 4}, (3, 4, 5)),
    "people moved c up": ("abc", {"c": 0, "a": 1, "b": 2}, (1, 2, 3)),
    "all were deleted": ("ab", {}, (0, 1)),
}


@pytest.mark.parametrize(("keys", "positions", "after"), CASES.values(), ids=CASES)
def test_rows_are_found_by_their_anchors(keys: str, positions: dict[str, int], after: tuple[int, ...]) -> None:
    """Rows stay at their anchors, missing ones follow their neighbour; rows in another order are made anew."""
    assert place_keys(list(keys), anchored(positions)).after == after


def test_a_row_that_nobody_needs_goes() -> None:
    """An obsolete row of ours is deleted if it is free, and later rows move up."""
    found = place_keys(["a", "c"], anchored({"a": 0, "b": 1, "c": 2}), empty={1})
    assert (found.deleted, found.after) == ((1,), (0, 1))


def test_a_row_that_people_wrote_in_stays() -> None:
    """An obsolete row of ours with people's text stays; only our tag is removed."""
    found = place_keys(["a", "c"], anchored({"a": 0, "b": 1, "c": 2}))
    assert (found.after, [tag.value for tag in found.stale]) == ((0, 2), ["b"])


def test_room_is_made_from_the_end() -> None:
    """Requests run from the last index to the first, so that the indexes stay valid; past the end, rows are appended."""
    found = place_keys(["a", "b", "c", "d"], anchored({"a": 0, "c": 1}))
    made = [next(iter(request)) for request in room_requests(7, "ROWS", found, 2)]
    assert (made, found.inserted) == (["appendDimension", "insertDimension"], ((1, 1), (2, 1)))


@pytest.mark.parametrize(("index", "moved"), [(0, 0), (1, 3), (4, 6), (5, 6)])
def test_what_stays_moves_along(index: int, moved: int) -> None:
    """A place moves by what is inserted before it, minus what is deleted before it."""
    assert Placement((), (), (), inserted=((1, 2),), deleted=(4,)).new_index(index) == moved
