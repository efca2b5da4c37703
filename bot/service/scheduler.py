"""Jobs at their local times: late ones once, however many times were missed, and none twice when clocks change.

The local times come from APScheduler's triggers; DST changes are handled here. Its own scheduler counts the seconds to the next
job, which a sleeping machine does not; so the schedule is checked every few seconds instead, with the current clock.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from apscheduler.triggers.cron import CronTrigger

from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime, time, tzinfo

MINUTES_OF_HOUR = 60
MOMENT = timedelta(microseconds=1)
WAS_WRONG = timedelta(hours=1)


class Times(NamedTuple):
    """When to do something: the times of the wall clock, and whose wall it hangs on."""

    clock: CronTrigger
    zone: tzinfo


class ScheduledJob(NamedTuple):
    """Something to do at times; it receives the instant for which it is due: the latest of those missed."""

    name: str
    times: Times
    do: Callable[[datetime], object]


def weekly(day: str, clock: str, zone: tzinfo) -> Times:
    """Return each week's day ("mon") at a local time ("08:00")."""
    hour, minute = clock.split(":")
    return _times(zone, day_of_week=day.lower()[:3], hour=int(hour), minute=int(minute))


def monthly(day: int, clock: str, zone: tzinfo) -> Times:
    """Return each month's day (1 to 28) at a local time."""
    hour, minute = clock.split(":")
    return _times(zone, day=day, hour=int(hour), minute=int(minute))


def every_minutes(minutes: int) -> Times:
    """Return the minutes of each hour that so many divide: 0, 15, 30, 45; of 60, the hour itself."""
    return hourly() if minutes == MINUTES_OF_HOUR else _times(UTC, minute=f"*/{minutes}")


def hourly() -> Times:
    """Return the beginning of each hour."""
    return _times(UTC, minute=0)


def daily(clock: time, zone: tzinfo) -> Times:
    """Return each day at a local time."""
    return _times(zone, hour=clock.hour, minute=clock.minute)


def _times(zone: tzinfo, **fields: int | str) -> Times:
    """Return times whose fields are read as if no clock ever changed; `next_time` finds the instants."""
    return Times(CronTrigger(**fields, timezone=UTC), zone)


def latest_time(times: Times, now: datetime, since: datetime) -> datetime | None:
    """Return the latest of the times up to now, in UTC; None where there is none since an instant."""
    found, following = None, next_time(times, since)
    while following <= now:
        found, following = following, next_time(times, following)
    return found


class Scheduler:
    """Jobs, and when each is due next. Call `due` as often as punctuality requires."""

    def __init__(self, jobs: Iterable[ScheduledJob], now: datetime) -> None:
        """Start at an instant: what is before it is not due."""
        self._jobs = tuple(jobs)
        self._last_look = now
        self._next = {job.name: next_time(job.times, now) for job in self._jobs}

    def due(self, now: datetime) -> list[tuple[ScheduledJob, datetime]]:
        """Return the jobs due since the last call, each once, with the latest time missed.

        A clock set back a little repeats nothing. One set back by more than an hour was wrong before, and the jobs do not wait
        until that time comes again.
        """
        if self._last_look - now > WAS_WRONG:
            self._next = {job.name: next_time(job.times, now) for job in self._jobs}
        self._last_look = now
        return [(job, self._latest_due(job, now)) for job in self._jobs if self._next[job.name] <= now]

    def _latest_due(self, job: ScheduledJob, now: datetime) -> datetime:
        """Return the latest time up to now, and note the one after it."""
        latest = self._next[job.name]
        while (following := next_time(job.times, latest)) <= now:
            latest = following
        self._next[job.name] = following
        return latest


def next_time(times: Times, now: datetime) -> datetime:
    """Return the first of the times after an instant, in UTC.

    An hour that the clocks show twice counts once, the first time. One that they leave out comes as long after midnight
    as it would have; so the search begins before the hour that was left out, if that was within the day.
    """
    local = now.astimezone(times.zone)
    left_out = _offset(local) - _offset((now - timedelta(days=1)).astimezone(times.zone))
    wall = local.replace(tzinfo=UTC, fold=0) - max(left_out, timedelta())
    while True:
        wall = times.clock.get_next_fire_time(None, wall + MOMENT)
        found: datetime = wall.replace(tzinfo=times.zone).astimezone(UTC)
        if found > now:
            return found


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta()
