"""When jobs are due: at local times, late ones once, and none twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.service.scheduler import ScheduledJob, Scheduler, every_minutes, latest_time, monthly, next_time, weekly

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)


def nothing(_: datetime) -> None:
    """Do nothing: these tests ask when a job runs."""


def instants(start: datetime, end: datetime, step: timedelta = MINUTE) -> Iterator[datetime]:
    """Return the instants of a clock that is checked at intervals."""
    while start < end:
        yield start
        start += step


def fired(job: ScheduledJob, looks: Iterator[datetime]) -> list[tuple[datetime, datetime]]:
    """Return when the job ran, and for which time."""
    first = next(looks)
    timetable = Scheduler([job], first)
    return [(now, due) for now in looks for _, due in timetable.due(now)]


def utc(*parts: int) -> datetime:
    """Return an instant."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # the parts of a date


def test_a_weekly_job_keeps_its_local_time_when_clocks_change() -> None:
    """Mondays at 08:00 in Berlin are 07:00 UTC in winter and 06:00 in summer, each Monday once."""
    job = ScheduledJob("digest", weekly("Mon", "08:00", BERLIN), nothing)
    ran = [now for now, _ in fired(job, instants(utc(2026, 3, 20), utc(2026, 4, 8)))]
    assert ran == [utc(2026, 3, 23, 7), utc(2026, 3, 30, 6), utc(2026, 4, 6, 6)]


def test_an_hour_that_the_clocks_leave_out_is_made_up_for_at_once() -> None:
    """02:30 on the day when the clocks skip it runs at 03:30, as long after midnight."""
    job = ScheduledJob("digest", weekly("Sun", "02:30", BERLIN), nothing)
    assert [now for now, _ in fired(job, instants(utc(2026, 3, 28), utc(2026, 3, 30)))] == [utc(2026, 3, 29, 1, 30)]


@pytest.mark.parametrize("clock", ["00:00", "00:30", "00:59", "01:30"])
def test_the_monday_after_clocks_went_forward_has_its_job(clock: str) -> None:
    """From any hour of the Sunday, which has 23 hours, the next time is this Monday, not the next."""
    times, due = weekly("Mon", clock, BERLIN), datetime.fromisoformat(f"2027-03-29T{clock}").replace(tzinfo=BERLIN)
    assert {next_time(times, now) for now in instants(utc(2027, 3, 27), utc(2027, 3, 28, 22), 7 * MINUTE)} == {due}
    assert latest_time(times, utc(2027, 3, 30), utc(2027, 3, 23)) == due


def test_an_hour_that_the_clocks_show_twice_counts_once() -> None:
    """02:30 on the day when the clocks go back runs the first time only."""
    job = ScheduledJob("digest", weekly("Sun", "02:30", BERLIN), nothing)
    assert [now for now, _ in fired(job, instants(utc(2026, 10, 24), utc(2026, 10, 27)))] == [utc(2026, 10, 25, 0, 30)]


def test_a_machine_that_slept_catches_up_once() -> None:
    """After sleeping over three Mondays, it runs once, for the last of them."""
    job = ScheduledJob("digest", weekly("Mon", "08:00", UTC), nothing)
    looks = iter([utc(2026, 11, 1), utc(2026, 11, 18, 12), utc(2026, 11, 18, 12, 1)])
    assert fired(job, looks) == [(utc(2026, 11, 18, 12), utc(2026, 11, 16, 8))]


def test_a_clock_set_back_repeats_nothing() -> None:
    """The clock reaches the time of a job again, and the job does not run again."""
    job = ScheduledJob("digest", weekly("Mon", "08:00", UTC), nothing)
    before = instants(utc(2026, 11, 16, 7, 50), utc(2026, 11, 16, 8, 10))
    again = instants(utc(2026, 11, 16, 7, 40), utc(2026, 11, 16, 9))
    assert len(fired(job, iter([*before, *again]))) == 1


def test_a_clock_that_was_a_year_ahead_does_not_keep_jobs_waiting() -> None:
    """Once the clock is right, the next Monday is this year's."""
    job = ScheduledJob("digest", weekly("Mon", "08:00", UTC), nothing)
    looks = iter([utc(2026, 11, 15), utc(2027, 11, 15, 12), utc(2026, 11, 15, 0, 5), utc(2026, 11, 16, 8)])
    assert [due for _, due in fired(job, looks)] == [utc(2027, 11, 15, 8), utc(2026, 11, 16, 8)]


def test_a_monthly_job_has_its_day() -> None:
    """The first of each month, at its hour."""
    job = ScheduledJob("digest", monthly(1, "09:00", BERLIN), nothing)
    assert [due for _, due in fired(job, instants(utc(2026, 9, 15), utc(2026, 12, 2), timedelta(hours=1)))] == [
        utc(2026, 10, 1, 7),
        utc(2026, 11, 1, 8),
        utc(2026, 12, 1, 8),
    ]


@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=40))
def test_however_seldom_it_is_looked_at_no_time_is_done_twice_and_the_last_is_never_left_out(minutes: list[int]) -> None:
    """Each look runs the job at most once, times only increase, and whatever was due runs at the next look."""
    job = ScheduledJob("refresh", every_minutes(15), nothing)
    now, looks = utc(2026, 3, 20), [utc(2026, 3, 20)]
    for step in minutes:
        now += step * MINUTE
        looks.append(now)
    done = [due for _, due in fired(job, iter(looks))]
    assert done == sorted({look.replace(minute=look.minute // 15 * 15) for look in looks} - {looks[0]})
