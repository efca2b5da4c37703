"""Finds our rows and columns by their anchors, and plans the requests that insert missing ones.

Each of our rows and columns has a tag of developer metadata with its key. People may insert between them, delete and
move: rows still in our order are kept; the rest is inserted again after its neighbour, so nothing is overwritten.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sheets_addin.google import Tag

    Request = dict[str, Any]

ANCHOR_KEY = "ac"
Dimension = Literal["ROWS", "COLUMNS"]


@dataclass(frozen=True, slots=True)
class Placement:
    """Our rows or columns, in our order.

    before: the position of each as read, None if it is missing. after: its position once room is made.
    inserted: groups of missing ones, as (index before which they go, count). deleted: indexes to delete.
    stale: tags to delete.
    """

    keys: tuple[str, ...]
    before: tuple[int | None, ...]
    after: tuple[int, ...]
    inserted: tuple[tuple[int, int], ...] = ()
    deleted: tuple[int, ...] = ()
    stale: tuple[Tag, ...] = ()

    @property
    def is_unmoved(self) -> bool:
        """Whether each is at its own index, as in the workbook."""
        return self.after == tuple(range(len(self.after)))

    @property
    def is_new(self) -> bool:
        """Whether none of them exists yet."""
        return all(place is None for place in self.before)

    @property
    def makes_room(self) -> bool:
        """Whether rows or columns are inserted or deleted."""
        return bool(self.inserted or self.deleted)

    def new_index(self, index: int) -> int:
        """Return the new position of a row or column that stays, given its position as read."""
        added = sum(count for at, count in self.inserted if at <= index)
        return index + added - sum(gone < index for gone in self.deleted)

    def staying(self, index: int) -> int | None:
        """Return the new position of a row or column; None if it is deleted."""
        return None if index in self.deleted else self.new_index(index)


def fresh(keys: Sequence[str]) -> Placement:
    """Return the placement on a new sheet."""
    return Placement(tuple(keys), (None,) * len(keys), tuple(range(len(keys))))


def place_keys(keys: Sequence[str], tags: Iterable[Tag], empty: Collection[int] = ()) -> Placement:
    """Return where the keys are and will be. empty: indexes that may be deleted once they have no key of ours."""
    anchors = sorted((tag for tag in tags if tag.position is not None), key=lambda tag: (tag.position or 0, tag.id))
    kept = _keep_anchors(keys, anchors)
    before = tuple(kept[key].position if key in kept else None for key in keys)
    stale = tuple(tag for tag in anchors if kept.get(tag.value) is not tag)
    gone = {tag.position for tag in stale if tag.position is not None and tag.position in empty}
    deleted = tuple(sorted(gone - set(before)))
    inserted = _insertions(before)
    unplaced = Placement(tuple(keys), before, (), inserted, deleted, stale)
    return Placement(tuple(keys), before, _after(unplaced), inserted, deleted, stale)


def _keep_anchors(keys: Sequence[str], anchors: Sequence[Tag]) -> dict[str, Tag]:
    """Return the longest run of anchors in the order of the keys, each key and index once."""
    order = {key: index for index, key in enumerate(keys)}
    known = [tag for tag in anchors if tag.value in order]
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int | None] = []
    for at, tag in enumerate(known):
        rank = order[tag.value]
        length = bisect_left(tails, rank)
        previous.append(ends[length - 1] if length else None)
        tails[length : length + 1], ends[length : length + 1] = [rank], [at]
    return {known[at].value: known[at] for at in _chain(ends, previous)}


def _chain(ends: Sequence[int], previous: Sequence[int | None]) -> list[int]:
    found: list[int] = []
    at = ends[-1] if ends else None
    while at is not None:
        found.append(at)
        at = previous[at]
    return found


def _insertions(before: Sequence[int | None]) -> tuple[tuple[int, int], ...]:
    groups: dict[int, int] = {}
    first_kept = next((place for place in before if place is not None), 0)
    at = first_kept
    for place in before:
        if place is None:
            groups[at] = groups.get(at, 0) + 1
        else:
            at = place + 1
    return tuple(sorted(groups.items()))


def _after(unplaced: Placement) -> tuple[int, ...]:
    """Return the final index of each; in a group of missing ones, the first goes where the group is inserted."""
    after: list[int] = []
    starts = {at: at + _count_added_before(unplaced, at) for at, _ in unplaced.inserted}
    at = next((place for place in unplaced.before if place is not None), 0)
    nth = 0
    for place in unplaced.before:
        if place is None:
            after.append(starts[at] + nth)
            nth += 1
        else:
            after.append(unplaced.new_index(place))
            at, nth = place + 1, 0
    return tuple(after)


def _count_added_before(unplaced: Placement, at: int) -> int:
    added = sum(count for other, count in unplaced.inserted if other < at)
    return added - sum(gone < at for gone in unplaced.deleted)


def room_requests(sheet_id: int, dimension: Dimension, placement: Placement, size: int) -> list[Request]:
    """Return the requests that insert and delete, from the end, so that the indexes as read stay valid."""
    changes = [(at, 1, count) for at, count in placement.inserted] + [(at, 2, 1) for at in placement.deleted]
    return [
        _room(sheet_id, dimension, at, count if kind == 1 else None, size) for at, kind, count in sorted(changes, reverse=True)
    ]


def _room(sheet_id: int, dimension: Dimension, at: int, count: int | None, size: int) -> Request:
    if count is None:
        return {"deleteDimension": {"range": span(sheet_id, dimension, at)}}
    if at >= size:
        return {"appendDimension": {"sheetId": sheet_id, "dimension": dimension, "length": count}}
    return {"insertDimension": {"range": span(sheet_id, dimension, at, at + count), "inheritFromBefore": at > 0}}


def anchor_requests(sheet_id: int, dimension: Dimension, placement: Placement) -> list[Request]:
    """Return the requests that tag new rows or columns, and delete tags that are stale."""
    gone = [
        {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": tag.id}}}}
        for tag in placement.stale
        if tag.position not in placement.deleted
    ]
    lines = zip(placement.keys, placement.before, placement.after, strict=True)
    return gone + [
        tag_request(ANCHOR_KEY, key, {"dimensionRange": span(sheet_id, dimension, after)})
        for key, before, after in lines
        if before is None
    ]


def tag_request(key: str, value: str, location: Mapping[str, Any], tag_id: int | None = None) -> Request:
    """Return a request that attaches a tag; everybody who may read the spreadsheet through Google's API can see it."""
    tag = {"metadataKey": key, "metadataValue": value, "location": location, "visibility": "DOCUMENT"}
    return {"createDeveloperMetadata": {"developerMetadata": tag if tag_id is None else {"metadataId": tag_id, **tag}}}


def span(sheet_id: int, dimension: Dimension, first: int, after_last: int | None = None) -> dict[str, Any]:
    """Return rows or columns in Google's form, a single one unless an end is given."""
    return {
        "sheetId": sheet_id,
        "dimension": dimension,
        "startIndex": first,
        "endIndex": first + 1 if after_last is None else after_last,
    }
