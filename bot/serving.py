"""The service: one event loop for Slack, HTTP, deliveries, duties by the clock and the watched folder."""

from __future__ import annotations

import asyncio
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import trail, wiring
from bot.duties import Duties, jobs_of, watched_folder
from bot.formulas import Formulas
from bot.health import Health
from bot.holding import Holding
from bot.listening import Listening
from bot.logs import logged, request
from bot.metrics import Metrics, State
from bot.sending import Sender
from bot.sheet_mailbox import SheetMailbox, Spreadsheets
from bot.slack_side import SlackSide
from bot.timetable import Timetable
from core.errors import InputError, NothingImportedError
from core.team_spreadsheets import spreadsheets_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp

    from bot.service import Plan
    from bot.timetable import Job
    from bot.watched_folder import WatchedFolder
    from core.audit import Heard
    from core.questions.context import Context
    from core.warehouse import Warehouse

    HostFormulas = Callable[[Callable[[Heard], None]], ASGIApp]

LOG = logging.getLogger("agentcost.service")
THREADS = 16
TRY_AGAIN_SECONDS = 2.0


def utc_now() -> datetime:
    """Return the instant it is."""
    return datetime.now(UTC)


class Service:
    """One service, from start to stop."""

    def __init__(self, plan: Plan, now: Callable[[], datetime] = utc_now, formulas: HostFormulas | None = None) -> None:
        """Do nothing yet.

        formulas: makes, where there is HTTP, what takes all that is not Slack's nor asks for health or metrics; it tells
        of every question that it hears.
        """
        self._plan, self._now = plan, now
        self._holding = Holding()
        self._health, self._metrics = Health(now), Metrics(self._state)
        self._formulas = formulas(Formulas(self._metrics, now).hear) if formulas and plan.port is not None else None
        self._stopping = asyncio.Event()
        self._jobs: set[asyncio.Task[None]] = set()
        self._running: set[str] = set()

    async def run(self) -> None:
        """Serve until told to stop. Raises: WarehouseBusyError, if another service runs; ConfigError; MachineError."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(THREADS))
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, self.stop)
        try:
            await self._open()
            await self._all_of(self._parts())
        finally:
            await asyncio.to_thread(self._let_go)

    def stop(self) -> None:
        """Take no new work from now on."""
        self._stopping.set()

    def _parts(self) -> list[Awaitable[None]]:
        """Return everything that runs side by side until the end."""
        plan = self._plan
        slack = SlackSide(plan, self._metrics, self._now) if plan.slack else None
        parts: list[Awaitable[None]] = [self._work(slack)]
        if slack is None:
            say("Slack is not set up, so nobody is answered there; docs/slack.md says how.")
        if plan.port is not None:
            listening = Listening(plan.host, plan.port, self._health, self._metrics, slack, self._formulas)
            parts.append(listening.run(self._stopping))
        if slack:
            parts.append(slack.run(self._stopping))
        return parts

    async def _all_of(self, parts: list[Awaitable[None]]) -> None:
        """Run everything until the end; where one breaks, stop the others and raise what it raised."""
        tasks = [asyncio.ensure_future(part) for part in parts]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        self.stop()
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in (*done, *tasks):
            task.result()

    async def _open(self) -> bool:
        """Try to open the warehouse, and return whether it is."""
        trouble = await asyncio.to_thread(self._holding.open)
        if trouble is None:
            self._health.ready()
        else:
            self._health.not_ready(str(trouble))
            LOG.warning("The warehouse cannot be opened: %s", trouble)
        return trouble is None

    async def _work(self, slack: SlackSide | None) -> None:
        """Do everything that needs the warehouse, as soon as it is there."""
        while self._holding.warehouse is None:
            if await self._paused(TRY_AGAIN_SECONDS):
                return
            await self._open()
        duties = self._duties(self._holding.warehouse)
        loops = [self._deliver(self._sender(self._holding.warehouse, slack)), self._keep_time(duties)]
        if folder := self._plan.config.service.watched_folder:
            loops.append(self._watch(watched_folder(duties, folder)))
        await asyncio.gather(*loops)

    def _duties(self, warehouse: Warehouse) -> Duties:
        spreadsheets = self._spreadsheets() if spreadsheets_of(self._plan.config) else None
        return Duties(warehouse, self._context, self._now, self._metrics, spreadsheets.refresh_all if spreadsheets else None)

    def _sender(self, warehouse: Warehouse, slack: SlackSide | None) -> Sender:
        mailboxes = {"spreadsheet": SheetMailbox(self._spreadsheets())} | ({"channel": slack.mailbox} if slack else {})
        return Sender(warehouse, mailboxes, self._now, self._metrics)  # type: ignore[arg-type]  # a mapping of kinds

    def _spreadsheets(self) -> Spreadsheets:
        return Spreadsheets(self._context, wiring.synced_spreadsheets)

    def _context(self) -> Context:
        """Return what answers rest on at the service's now."""
        context = wiring.context(self._plan.config_option)
        return replace(context, as_of=self._now().astimezone(context.config.zone).date())

    async def _deliver(self, sender: Sender) -> None:
        """Send what is due at each look; a place that is slow keeps nothing from the others."""
        while not await self._guarded("deliver", sender.begin()):
            if await self._paused(self._look_every):
                return
        while not await self._paused(self._look_every):
            await self._guarded("deliver", sender.start_due())
        await self._guarded("deliver", sender.finished())

    async def _keep_time(self, duties: Duties) -> None:
        """Do every job once, for what was missed, and then each at its times."""
        jobs = jobs_of(duties, self._plan.config)
        timetable = Timetable(jobs, self._now())
        due = [(job, self._now()) for job in jobs]
        while True:
            for job, at in due:
                self._start(job, at)
            await self._guarded("audit", asyncio.to_thread(trail.flush, duties.warehouse))
            if await self._paused(self._look_every):
                break
            due = timetable.due(self._now())
        if self._jobs:
            await asyncio.wait(self._jobs)

    def _start(self, job: Job, at: datetime) -> None:
        if job.name in self._running:
            LOG.warning("%s still runs, and is left out this time", job.name)
            return
        self._running.add(job.name)
        task = asyncio.ensure_future(self._do(job, at))
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)

    async def _do(self, job: Job, at: datetime) -> None:
        is_done = await self._guarded(job.name, asyncio.to_thread(job.do, at))
        self._metrics.job_ran(job.name, is_done=is_done)
        self._running.discard(job.name)

    async def _watch(self, folder: WatchedFolder) -> None:
        while not await self._paused(self._look_every):
            await self._guarded("watched folder", asyncio.to_thread(folder.look))

    async def _guarded(self, name: str, work: Awaitable[object]) -> bool:
        """Await work of the service's own and return whether it was done; what broke is logged and does not spread."""
        with request():
            try:
                await work
            except NothingImportedError:
                LOG.info("%s has nothing to do: nothing was imported yet", name)
            except InputError as error:
                LOG.warning("%s was not done: %s", name, error)
                return False
            except Exception as error:  # noqa: BLE001 - one duty that fails must not end the others
                logged(error, LOG)
                LOG.warning("%s was not done and is tried again at its next time", name)
                return False
        return True

    async def _paused(self, seconds: float) -> bool:
        """Wait so long or until the end, and return whether that has come."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()

    @property
    def _look_every(self) -> float:
        return self._plan.config.service.look_every_seconds

    def _state(self) -> State:
        """Return what /metrics shows of the warehouse."""
        warehouse = self._holding.warehouse
        if warehouse is None:
            return State(is_open=False, data_through=None, messages={})
        counts = {row["state"]: row["messages"] for row in warehouse.query("outbox_counts")}
        through = warehouse.query("newest_data")[0]["data_through"]
        return State(is_open=True, data_through=through, messages=counts)

    def _let_go(self) -> None:
        """Finish commands that run, write down who asked, and let go of the file."""
        self._holding.take_no_more_calls()
        if self._holding.warehouse:
            trail.flush(self._holding.warehouse)
        self._holding.close()


def say(text: str) -> None:
    """Tell whoever started the service."""
    print(text, flush=True)
