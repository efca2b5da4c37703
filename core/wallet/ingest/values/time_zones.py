"""Local times and instants: a zone's clock changes, as SQL that adds the right number of seconds.

The zone's rules are those of Python's zoneinfo, for the years that an export may cover.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.days import FIRST_YEAR, LAST_YEAR
from core.errors import ExportError

LOOK_EVERY = timedelta(days=7)  # no clocks were ever changed twice within a week
ONE_SECOND = timedelta(seconds=1)

Steps = Sequence[tuple[datetime, str]]


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A moment (naive UTC) at which a zone's clocks went forward or back, and their offsets in seconds."""

    at: datetime
    before: int
    after: int

    @property
    def stops_at(self) -> datetime:
        """The local time at which the old offset ends."""
        return self.at + timedelta(seconds=self.before)

    @property
    def resumes_at(self) -> datetime:
        """The next local time that the clocks show."""
        return self.at + timedelta(seconds=self.after)


def zone(name: str, setting: str) -> ZoneInfo:
    """Return the time zone with that name. Raises: ExportError naming the setting, if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as trouble:
        raise ExportError(f"{setting} is {name!r}: no such time zone. Write it like Europe/Berlin or UTC.") from trouble


def amid_day(day: str, time_zone: str) -> str:
    """Return an instant of an ISO day that is within this day in UTC and in the team's zone: halfway between both noons."""
    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)
    offset = noon.replace(tzinfo=zone(time_zone, "time_zone")).utcoffset() or timedelta()
    return (noon - offset / 2).isoformat()


@lru_cache(maxsize=16)
def clock_changes(place: ZoneInfo) -> tuple[ClockChange, ...]:
    """Return every change of the zone's clocks in the supported years, in chronological order."""
    start, end = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
    looks = [start + number * LOOK_EVERY for number in range((end - start) // LOOK_EVERY + 2)]
    offsets = [_offset(place, look) for look in looks]
    return tuple(
        _change_within(place, low, high)
        for (low, high), (before, after) in zip(pairwise(looks), pairwise(offsets), strict=True)
        if before != after
    )


def _change_within(place: ZoneInfo, low: datetime, high: datetime) -> ClockChange:
    before, after = _offset(place, low), _offset(place, high)
    while high - low > ONE_SECOND:
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if _offset(place, middle) == before:
            low = middle
        else:
            high = middle
    return ClockChange(high.replace(tzinfo=None), before, after)


def _offset(place: ZoneInfo, instant: datetime) -> int:
    shown = instant.astimezone(place).replace(tzinfo=None)
    return int((shown - instant.replace(tzinfo=None)).total_seconds())


def local_day_sql(instant: str, place: ZoneInfo) -> str:
    """Return SQL for the zone's day of a UTC instant (a column)."""
    steps = [(change.at, _seconds(change.after)) for change in clock_changes(place)]
    first = _seconds(first_offset(place))
    return (
        f"CAST({instant} + {_stepwise(instant, first, steps)} AS DATE)"
        if steps or first != _seconds(0)
        else f"CAST({instant} AS DATE)"
    )


def utc_sql(local: str, place: ZoneInfo) -> str:
    """Return SQL for the instant of a local time (a column): NULL if the clocks skipped it, the first if they showed it twice."""
    steps: list[tuple[datetime, str]] = []
    for change in clock_changes(place):
        if change.after > change.before:
            steps.append((change.stops_at, "NULL"))
        steps.append((max(change.stops_at, change.resumes_at), _seconds(change.after)))
    return f"({local} - {_stepwise(local, _seconds(first_offset(place)), steps)})"


def ambiguous_time_sql(local: str, place: ZoneInfo) -> str:
    """Return SQL for whether the clocks showed a local time (a column) twice."""
    back = [change for change in clock_changes(place) if change.after < change.before]
    steps = [step for change in back for step in ((change.resumes_at, "true"), (change.stops_at, "false"))]
    return _stepwise(local, "false", steps)


def first_offset(place: ZoneInfo) -> int:
    """Return the offset from UTC, in seconds, at the start of the supported years."""
    return _offset(place, datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))


def _seconds(count: int) -> str:
    return f"INTERVAL '{count} seconds'"


def _stepwise(column: str, before_all: str, steps: Steps) -> str:
    """Return SQL for the value of the last step at or before the column: a balanced tree, so that many steps are cheap."""
    if not steps:
        return before_all
    middle = len(steps) // 2
    at, value = steps[middle]
    low, high = _stepwise(column, before_all, steps[:middle]), _stepwise(column, value, steps[middle + 1 :])
    return f"CASE WHEN {column} < TIMESTAMP '{at}' THEN {low} ELSE {high} END"
