"""What the service does on a schedule: alerts, digests, spreadsheets, old audit, its folder."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.service.scheduler import ScheduledJob, daily, every_minutes, hourly, latest_time, monthly, weekly
from bot.service.watched_folder import WatchedFolder
from core.alerts import doubt_of_clock, report_undelivered
from core.config import WEEKDAYS
from core.digests import is_issued, issue_digest
from core.error_log import log_error
from core.errors import InputError, MachineError
from core.ingestion import evaluate, importing, ingest, ingest_source
from core.maintenance import ONE_BACKUP_AT_A_TIME, add_backup, apply_retention, kept_exports, newest_backup
from core.questions import ask
from core.questions.forecasting.threshold_forecast import outlook
from core.wallet.sources import source_called
from core.warehouse import AuditEntry, prune

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime, tzinfo
    from pathlib import Path

    from bot.observability import Metrics
    from bot.service.scheduler import Times
    from core.alerts import Kind
    from core.config import BackupSettings, Config, SourceSettings, Team
    from core.context import Context
    from core.wallet.ingest import ImportReport
    from core.warehouse import Warehouse

LOG = logging.getLogger("agentcost.duties")
SERVICE, FOLDER = "service", "watched folder"
PERIODS: dict[Kind, timedelta] = {"weekly": timedelta(days=7), "monthly": timedelta(days=31)}


class Stopwatch:
    """Measures elapsed time by the monotonic clock, which nobody sets."""

    def __init__(self) -> None:
        """Begin now."""
        self._since = time.monotonic()

    def restart(self) -> timedelta:
        """Return the elapsed time, and restart."""
        since, self._since = self._since, time.monotonic()
        return timedelta(seconds=self._since - since)


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs themselves; each may be repeated without harm.

    context: of now, the configuration as app.yaml has it. refresh: brings all spreadsheets up to date; None where
    there are none.
    """

    warehouse: Warehouse
    context: Callable[[], Context]
    now: Callable[[], datetime]
    metrics: Metrics
    refresh: Callable[[], None] | None = None
    one_digest_at_a_time: threading.Lock = field(default_factory=threading.Lock)
    uptime: Stopwatch = field(default_factory=Stopwatch)

    def decide(self, _: datetime | None = None) -> None:
        """Evaluate what time alone changes, and imports that are due."""
        if doubt := evaluate(self.warehouse, self._context(), self.now()):
            LOG.warning("%s", doubt)

    def decide_due(self) -> None:
        """Evaluate imports that nobody evaluated: the importer was killed, or blocked everybody else meanwhile."""
        evaluate(self.warehouse, self._context(), self.now(), only_if_due=True)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Evaluate alerts once when a poll of the watched folder ends."""
        with importing(self.warehouse, self._context, self.now):
            yield

    def issue_due(self, team: Team) -> None:
        """Issue a team's newest weekly and monthly digest, unless that was done or there is nothing to report."""
        context = self._context()
        for kind, times in digest_times(team, context.config.zone):
            due = latest_time(times, self.now(), self.now() - PERIODS[kind])
            if due:
                with self.one_digest_at_a_time:
                    self._issue(context, team, kind, due.astimezone(context.config.zone).date())

    def _issue(self, context: Context, team: Team, kind: Kind, day: date) -> None:
        then = replace(context, as_of=day)
        with self.warehouse.reading() as session:
            if is_issued(session, then, team, kind, day) or doubt_of_clock(session, self.now()):
                return
        evaluate(self.warehouse, context, self.now())
        self._keep_a_forecast(then)
        try:
            with self.warehouse.writing() as session:
                issue_digest(session, then, team, kind, self.now(), outlook(session, then))
        except InputError:
            LOG.info("No %s digest was issued: there is no usage to report.", kind)

    def _keep_a_forecast(self, context: Context) -> None:
        """Store a forecast, so that later digests can report its accuracy."""
        try:
            ask("forecast", context)
        except InputError:
            return
        except Exception as error:  # noqa: BLE001 - a digest does not fail for want of a record
            log_error(error, LOG)

    def refresh_spreadsheets(self, _: datetime | None = None) -> None:
        """Bring every spreadsheet of app.yaml up to date."""
        if self.refresh:
            self.refresh()

    def report_undelivered(self, _: datetime | None = None) -> None:
        """Tell teams in their other channels, and their owners, what could not be delivered."""
        context = self._context()
        with self.warehouse.writing() as session:
            report_undelivered(session, context.config.teams, self.now(), context.as_of, context.config.alerts.owner)

    def prune_audit(self, _: datetime | None = None) -> None:
        """Delete audit that is older than it is kept, by a clock that runs on whatever the time of day is set to."""
        elapsed = self.uptime.restart()
        with self.warehouse.writing() as session:
            prune(session, self.now(), self.context().config.alerts.audit_days, elapsed)

    def retain(self, _: datetime | None = None) -> None:
        """Fold and delete what is older than app.yaml says. Raises: InputError, MachineError."""
        config = self.context().config
        if config.retention.is_on:
            folders = tuple(kept_exports(config.service.watched_folder))
            apply_retention(self.warehouse, config, folders, AuditEntry(self.now(), SERVICE, "deleted", "", SERVICE))

    def back_up(self, settings: BackupSettings, times: Times) -> None:
        """Write the backup that is due, unless there is one since its time. Raises: InputError, MachineError."""
        with ONE_BACKUP_AT_A_TIME:  # the job for a missed one is often due in the same second
            newest = newest_backup(settings.to) or self.now() - PERIODS["monthly"]
            if latest_time(times, self.now(), min(newest, self.now())):
                add_backup(self.warehouse, settings.to, self.now(), settings.keep)

    def take(self, path: Path) -> ImportReport:
        """Import a file of the watched folder. Raises: ExportError, MachineError."""
        try:
            report = ingest(self.warehouse, [path], self._context(), who=SERVICE, source=FOLDER, clock=self.now)
        except InputError:
            self.metrics.file_came("refused")
            raise
        self.metrics.file_came(report.files[0].outcome)
        return report

    def import_source(self, name: str) -> None:
        """Import what is new in a source, as app.yaml describes it now. Raises: InputError, MachineError."""
        context = self._context()
        source = source_called(name, context.config.sources)
        ingest_source(self.warehouse, source, context, who=SERVICE, place=SERVICE, clock=self.now)

    def _context(self) -> Context:
        return replace(self.context(), open_warehouse=lambda: nullcontext(self.warehouse), has_warehouse=True)


def digest_times(team: Team, zone: tzinfo) -> Iterator[tuple[Kind, Times]]:
    """Yield when a team wants its digests."""
    if team.weekly:
        yield "weekly", weekly(WEEKDAYS[team.weekly.day], f"{team.weekly.at:%H:%M}", zone)
    if team.monthly:
        yield "monthly", monthly(team.monthly.day, f"{team.monthly.at:%H:%M}", zone)


def jobs_of(duties: Jobs, config: Config) -> list[ScheduledJob]:
    """Return everything that has its times."""
    settings = config.service
    refresh = daily(settings.refresh_at, config.zone) if settings.refresh_at else every_minutes(settings.refresh_minutes)
    refreshes = [ScheduledJob("refresh", refresh, duties.refresh_spreadsheets)] if duties.refresh else []
    digests = [job for team in config.teams for job in _digest_jobs(duties, team, config.zone)]
    return [
        ScheduledJob("decide", hourly(), duties.decide),
        *digests,
        *refreshes,
        *_backup_jobs(duties, config),
        *(_source_job(duties, source) for source in config.sources if source.import_minutes),
        ScheduledJob("undelivered", hourly(), duties.report_undelivered),
        ScheduledJob("forget", hourly(), duties.prune_audit),
        ScheduledJob("retention", hourly(), duties.retain),
    ]


def _digest_jobs(duties: Jobs, team: Team, zone: tzinfo) -> Iterator[ScheduledJob]:
    """Yield a team's digests at their times, and each hour for missed or failed ones."""

    def issue_due(_: datetime) -> None:
        duties.issue_due(team)

    for kind, times in digest_times(team, zone):
        yield ScheduledJob(f"{kind} digest of {team.name}", times, issue_due)
        yield ScheduledJob(f"missed {kind} digest of {team.name}", hourly(), issue_due)


def _backup_jobs(duties: Jobs, config: Config) -> Iterator[ScheduledJob]:
    """Yield the backup at its times, and each hour for a missed or failed one."""
    settings = config.backup
    if settings is None:
        return
    times = backup_times(settings, config.zone)
    for name, when in (("backup", times), ("missed backup", hourly())):
        yield ScheduledJob(name, when, lambda _: duties.back_up(settings, times))


def _source_job(duties: Jobs, source: SourceSettings) -> ScheduledJob:
    times = every_minutes(source.import_minutes or 0)
    return ScheduledJob(f"import of source {source.name}", times, lambda _: duties.import_source(source.name))


def backup_times(settings: BackupSettings, zone: tzinfo) -> Times:
    """Return when backups are made."""
    if settings.every == "hour":
        return hourly()
    if settings.every == "day":
        return daily(settings.at, zone)
    return weekly(WEEKDAYS[settings.weekday], f"{settings.at:%H:%M}", zone)


def open_watched_folder(duties: Jobs, folder: Path) -> WatchedFolder:
    """Return the folder whose files are imported, made if need be. Raises: MachineError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as trouble:
        raise MachineError(f"The watched folder {folder} cannot be made: {trouble.strerror}.") from trouble
    return WatchedFolder(folder, duties.take, duties.looking)
