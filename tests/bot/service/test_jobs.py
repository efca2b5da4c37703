"""A month of the service's schedule: digests and refreshes at their minutes, alerts once, missed jobs made up for once."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from freezegun import freeze_time

from bot.delivery.dispatcher import Dispatcher
from bot.observability.metrics import Metrics, MetricState
from bot.service.jobs import Jobs, jobs_of
from bot.service.scheduler import Scheduler
from core.alerts import mark_due
from core.config import BackupSettings, RetentionSettings
from core.config.loader import Config, GrantInput
from core.config.service import ServiceSettings
from core.config.teams import Hour, Team
from core.warehouse import queries
from core.warehouse.audit_log import AuditEntry, append, deeds, prune
from core.warehouse.database import open_warehouse
from tests.fakes.mailboxes import FakeMailbox
from tests.fakes.small_wallet import SmallWallet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import time
    from pathlib import Path

    from core.config.backup import Every

BERLIN = ZoneInfo("Europe/Berlin")
LOOK = timedelta(minutes=10)
A_DAY, GRANTED = 1_000, 100_000


def clock(text: str) -> time:
    """Return a time of day."""
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time has no zone


TEAM = Team("Service", ("C1",), weekly=Hour(0, clock("08:00")), monthly=Hour(1, clock("09:30")))


class Month:
    """The jobs, a clock that the test sets, and everything that was sent."""

    def __init__(self, small: SmallWallet) -> None:
        self.small, self.now = small, datetime(2026, 10, 1, tzinfo=UTC)
        self.mailbox, self.refreshed = FakeMailbox(), list[datetime]()
        self.arrived: list[tuple[datetime, str]] = []
        metrics = Metrics(lambda: MetricState(is_open=True, data_through=None, messages={}))
        self.duties = Jobs(
            small.warehouse, lambda: small.context(self.today), lambda: self.now, metrics, lambda: self.refreshed.append(self.now)
        )
        self._sender = Dispatcher(small.warehouse, {"channel": self.mailbox}, lambda: self.now, metrics)
        self._timetable = Scheduler(jobs_of(self.duties, small.config), self.now)

    @property
    def today(self) -> date:
        """The team's day."""
        return self.now.astimezone(BERLIN).date()

    def start(self) -> None:
        """Run every job once, as a starting service does."""
        jobs = jobs_of(self.duties, self.small.config)
        self._timetable = Scheduler(jobs, self.now)
        for job in jobs:
            job.do(self.now)
        self._send()

    def live_until(self, end: datetime, *leaving_out: str) -> None:
        """Check the clock every ten minutes and run what is due, except jobs that a test is not about."""
        while self.now < end:
            self.now += LOOK
            due = [(job, at) for job, at in self._timetable.due(self.now) if job.name not in leaving_out]
            for job, at in due:
                job.do(at)
            if due:
                self._send()

    def _send(self) -> None:
        known = len(self.mailbox.arrived["C1"])
        asyncio.run(self._sender.send_due())
        self.arrived += [(self.now, key) for key in self.mailbox.arrived["C1"][known:]]

    def digests(self) -> list[tuple[str, str]]:
        """Return the instant, in Berlin, and the period of each digest."""
        return [
            (f"{at.astimezone(BERLIN):%d %b %H:%M}", key.rpartition("-")[0].removeprefix("digest-"))
            for at, key in self.arrived
            if key.startswith("digest")
        ]


@pytest.fixture
def month(tmp_path: Path) -> Iterator[Month]:
    """A wallet of a team in Berlin with eight weeks of usage before October."""
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        small = SmallWallet(warehouse, tmp_path)
        small.grants_said(GrantInput(Decimal(GRANTED), date(2026, 8, 1), date(2027, 8, 1)))
        small.configured(time_zone="Europe/Berlin", teams=(TEAM,), service=ServiceSettings(refresh_at=clock("06:30")))
        with freeze_time("2026-09-30T06:00:00"):
            small.days_of_use(date(2026, 8, 3), *[A_DAY] * 58)
        yield Month(small)


def test_every_digest_and_refresh_comes_at_its_minute(month: Month) -> None:
    """Mondays 08:00 and the 1st 09:30 in Berlin, also after its clocks went back; spreadsheets at 06:30; each once first."""
    month.start()
    month.live_until(datetime(2026, 11, 2, 12, tzinfo=UTC), "decide", "forget")
    assert month.digests() == [
        ("01 Oct 02:00", "weekly-2026-W40"),
        ("01 Oct 02:00", "monthly-2026-09"),
        ("01 Oct 09:30", "monthly-2026-10"),
        ("05 Oct 08:00", "weekly-2026-W41"),
        ("12 Oct 08:00", "weekly-2026-W42"),
        ("19 Oct 08:00", "weekly-2026-W43"),
        ("26 Oct 08:00", "weekly-2026-W44"),
        ("01 Nov 09:30", "monthly-2026-11"),
        ("02 Nov 08:00", "weekly-2026-W45"),
    ]
    assert {f"{at.astimezone(BERLIN):%H:%M}" for at in month.refreshed[1:]} == {"06:30"}
    assert [at.astimezone(BERLIN).day for at in month.refreshed[1:]] == [*range(1, 32), 1, 2]


def test_alerts_of_the_clock_come_once_and_on_their_day(month: Month) -> None:
    """No import after 28 September: at midnight after four days the data is stale, and that is sent once."""
    month.live_until(datetime(2026, 10, 8, tzinfo=UTC), "forget")
    assert sum(key.startswith("stale") for _, key in month.arrived) == 1


def test_what_came_in_and_nobody_decided_is_decided_once(month: Month) -> None:
    """An import killed after its rows came in leaves a level unsent: the next look sends it, and later ones do not."""
    month.live_until(datetime(2026, 10, 1, 2, tzinfo=UTC))
    told = len(month.arrived)
    with freeze_time(month.now):
        month.small.days_of_use(date(2026, 9, 30), GRANTED)
    with month.small.warehouse.writing() as session:
        mark_due(session)
    for _ in range(2):
        month.duties.decide_due()
        month.live_until(month.now + timedelta(hours=2), "decide")
    assert [key.rpartition("-")[0] for _, key in month.arrived[told:] if key.startswith("level")] == ["level-90"]


def test_the_clock_s_doubt_is_logged_by_the_hour_and_not_with_each_look(month: Month, caplog: pytest.LogCaptureFixture) -> None:
    """Evaluation waits for a plausible clock: the hourly run says why, once, and the looks in between say nothing."""
    month.duties.decide()
    with month.small.warehouse.writing() as session:
        mark_due(session)
    month.now = datetime(2035, 5, 7, 8, tzinfo=UTC)
    month.duties.decide()
    for _ in range(3):
        month.duties.decide_due()
    assert [record.getMessage().partition(" UTC")[0] for record in caplog.records] == ["The clock says 2035-05-07 08:00"]
    assert month.small.warehouse.row(queries.EvaluationRow).is_due


def test_what_is_old_is_folded_by_the_hour(month: Month) -> None:
    """Nothing by default; then events older than forty days before the last day of usage, 29 September."""
    oldest = "SELECT min(day) FROM usage_events"
    month.duties.retain()
    assert month.small.warehouse.execute(oldest) == [(date(2026, 8, 3),)]
    month.small.configured(retention=RetentionSettings(events=40))
    month.duties.retain()
    assert month.small.warehouse.execute(oldest) == [(date(2026, 8, 20),)]
    assert [deed.source for deed in month.small.warehouse.rows(queries.AuditTrailRow)] == ["service"]


def test_a_service_that_slept_over_three_mondays_catches_up_once(month: Month) -> None:
    """On waking it issues the latest weekly digest, as of its Monday, and none for earlier Mondays."""
    month.now = datetime(2026, 10, 21, 15, tzinfo=UTC)
    month.start()
    month.live_until(datetime(2026, 10, 21, 18, tzinfo=UTC))
    assert month.digests() == [("21 Oct 17:00", "weekly-2026-W43"), ("21 Oct 17:00", "monthly-2026-10")]


def test_a_service_that_is_started_again_issues_nothing_twice(month: Month) -> None:
    """Issued digests are remembered."""
    month.now = datetime(2026, 10, 5, 6, tzinfo=UTC)
    month.start()
    month.start()
    assert [period for _, period in month.digests()] == ["weekly-2026-W41", "monthly-2026-10"]


def test_old_audit_is_forgotten(month: Month) -> None:
    """Entries beyond the retention, counted from the newest data, two days before now, are deleted; the rest stay."""
    old, new = (AuditEntry(month.now - timedelta(days=days), "Kim", "asked", "wallet", "Slack") for days in (405, 399))
    with month.small.warehouse.writing() as session:
        append(session, old)
        append(session, new)
    month.duties.prune_audit()
    with month.small.warehouse.reading() as session:
        assert deeds(session) == [new]


def test_a_start_in_2035_forgets_nothing_and_tells_nothing(month: Month) -> None:
    """The clock is nine years ahead for a day, and right again: every alert and audit entry is unchanged."""
    month.start()
    before = month.mailbox.arrived["C1"].copy()
    deed = AuditEntry(month.now - timedelta(days=300), "Kim", "asked", "wallet", "Slack")
    with month.small.warehouse.writing() as session:
        append(session, deed)
    right, month.now = month.now, datetime(2035, 5, 7, 8, tzinfo=UTC)
    month.start()
    month.now = right + timedelta(hours=1)
    month.start()
    with month.small.warehouse.reading() as session:
        assert deeds(session) == [deed]
    assert month.mailbox.arrived["C1"] == before


def test_with_a_clock_that_stays_wrong_no_more_is_forgotten_than_time_has_passed(month: Month) -> None:
    """Three entries an hour apart, and half an hour of service: in 2035 the oldest is deleted, and no other."""
    oldest = month.now - timedelta(days=300)
    kept = [AuditEntry(oldest + timedelta(hours=nth), "Kim", "asked", "wallet", "Slack") for nth in range(3)]
    with month.small.warehouse.writing() as session:
        for one in kept:
            append(session, one)
        append(session, ahead := AuditEntry(datetime(2035, 5, 7, tzinfo=UTC), "Kim", "asked", "wallet", "Slack"))
        prune(session, datetime(2035, 5, 7, 8, tzinfo=UTC), 400, timedelta(minutes=30))
        assert deeds(session) == [ahead, *reversed(kept[1:])]


@pytest.mark.parametrize("every", ["hour", "day"])
def test_a_service_that_starts_makes_one_backup(month: Month, tmp_path: Path, every: Every) -> None:
    """All jobs start at once, that for a missed backup too: one backup is made, and it holds everything."""
    month.small.configured(backup=BackupSettings(tmp_path / "backups", every))
    jobs = [job for job in jobs_of(month.duties, month.small.config) if "backup" in job.name]
    with ThreadPoolExecutor(len(jobs)) as threads:
        for done in [threads.submit(job.do, month.now) for job in jobs]:
            done.result()
    (made,) = (tmp_path / "backups").iterdir()
    with open_warehouse(made) as copy:
        assert copy.execute("SELECT sum(credits) FROM usage") == month.small.warehouse.execute("SELECT sum(credits) FROM usage")


def test_without_spreadsheets_nothing_is_refreshed() -> None:
    """Without spreadsheets the schedule has no such job."""
    duties = Jobs(None, None, None, None)  # type: ignore[arg-type]  # what is done is not asked here
    assert [job.name for job in jobs_of(duties, Config())] == ["decide", "undelivered", "forget", "retention"]
