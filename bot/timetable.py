"""Jobs at their local times: late ones once, however many times were missed, and none twice when clocks change.

The times come from APScheduler's triggers. Its own scheduler counts the seconds to the next job, which a machine that
sleeps does not; so the timetable is looked at every few seconds instead, with the clock as it is then.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, NamedTuple

from apscheduler.triggers.cron import CronTrigger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime, time, tzinfo

MINUTES_OF_HOUR = 60
MOMENT = timedelta(microseconds=1)
WAS_WRONG = timedelta(hours=1)


class Job(NamedTuple):
    """Something to do at times, told the instant for which it is due: the latest of those missed."""

    name: str
    times: CronTrigger
    do: Callable[[datetime], object]


def weekly(day: str, clock: str, zone: tzinfo) -> CronTrigger:
    """Return each week's day ("mon") at a local time ("08:00")."""
    hour, minute = clock.split(":")
    return CronTrigger(day_of_week=day.lower()[:3], hour=int(hour), minute=int(minute), timezone=zone)


def monthly(day: int, clock: str, zone: tzinfo) -> CronTrigger:
    """Return each month's day (1 to 28) at a local time."""
    hour, minute = clock.split(":")
    return CronTrigger(day=day, hour=int(hour), minute=int(minute), timezone=zone)


def every_minutes(minutes: int) -> CronTrigger:
    """Return the minutes of each hour that so many divide: 0, 15, 30, 45; of 60, the hour itself."""
    return hourly() if minutes == MINUTES_OF_HOUR else CronTrigger(minute=f"*/{minutes}", timezone=UTC)


def hourly() -> CronTrigger:
    """Return the beginning of each hour."""
    return CronTrigger(minute=0, timezone=UTC)


def daily(clock: time, zone: tzinfo) -> CronTrigger:
    """Return each day at a local time."""
    return CronTrigger(hour=clock.hour, minute=clock.minute, timezone=zone)


def latest_time(times: CronTrigger, now: datetime, since: datetime) -> datetime | None:
    """Return the latest of the times up to now, in UTC; None where there is none since an instant."""
    found, following = None, next_time(times, since)
    while following <= now:
        found, following = following, after(times, following)
    return found


class Timetable:
    """Jobs, and when each is due next. Look at it with `due` as often as punctuality wants."""

    def __init__(self, jobs: Iterable[Job], now: datetime) -> None:
        """Begin at an instant: what lies before it is not due."""
        self._jobs = tuple(jobs)
        self._last_look = now
        self._next = {job.name: next_time(job.times, now) for job in self._jobs}

    def due(self, now: datetime) -> list[tuple[Job, datetime]]:
        """Return the jobs whose time has come since the last look, each once, with the latest time missed.

        A clock set back a little brings nothing back. One set back by more than an hour was wrong before, and the jobs
        do not wait until that time has come again.
        """
        if self._last_look - now > WAS_WRONG:
            self._next = {job.name: next_time(job.times, now) for job in self._jobs}
        self._last_look = now
        return [(job, self._passed(job, now)) for job in self._jobs if self._next[job.name] <= now]

    def _passed(self, job: Job, now: datetime) -> datetime:
        """Return the latest time up to now, and note the one after it."""
        latest = self._next[job.name]
        while (following := after(job.times, latest)) <= now:
            latest = following
        self._next[job.name] = following
        return latest


def next_time(times: CronTrigger, now: datetime) -> datetime:
    """Return the first of the times after an instant, in UTC."""
    found: datetime = times.get_next_fire_time(None, now.astimezone(UTC) + MOMENT)
    return found.astimezone(UTC)


def after(times: CronTrigger, latest: datetime) -> datetime:
    """Return the time after one; an hour that the clocks show twice counts once."""
    following = next_time(times, latest)
    while _local(times, following) == _local(times, latest):
        following = next_time(times, following)
    return following


def _local(times: CronTrigger, instant: datetime) -> datetime:
    return instant.astimezone(times.timezone).replace(tzinfo=None)
