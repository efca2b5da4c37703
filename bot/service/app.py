"""The service: one event loop for Slack, HTTP, deliveries, scheduled jobs and the watched folder."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import wiring
from bot.delivery import Dispatcher, EmailMailbox, SheetMailbox, Spreadsheets
from bot.observability import Formulas, Health, Metrics, MetricState, status
from bot.service.http_server import HttpServer
from bot.service.jobs import Jobs, jobs_of, open_watched_folder
from bot.service.scheduler import Scheduler
from bot.service.slack_connection import SlackConnection
from bot.service.warehouse_lock import WarehouseOwner
from core import audit_buffer
from core.config import spreadsheets_of
from core.error_log import log_error, request
from core.errors import AgentcostError, InputError, MachineError, NothingImportedError
from core.maintenance import measure_conditions
from core.warehouse import InvalidatedError, queries

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from bot.delivery import Channel
    from bot.observability import State
    from bot.service.scheduler import ScheduledJob
    from bot.service.settings import ServicePlan
    from bot.service.watched_folder import WatchedFolder
    from core.answer import Answer
    from core.config import AddressKind, SpreadsheetInput
    from core.context import Context
    from core.warehouse import QuestionEvent, ServiceTurn, Warehouse

    HostFormulas = Callable[[Callable[[QuestionEvent], None]], ASGIApp]
    HostPage = Callable[[Callable[[QuestionEvent], None], Callable[[], list[State]]], list[BaseRoute]]

LOG = logging.getLogger("agentcost.service")
THREADS = 16
REPLICA, TURN_SECONDS = "replica", 1.0
SENDS = "This service sends messages and keeps the schedule."
TRY_AGAIN_SECONDS, OPEN_AGAIN_WITHIN_SECONDS, MEASURE_EVERY_SECONDS = 2.0, 60.0, 15.0


def utc_now() -> datetime:
    """Return the current instant."""
    return datetime.now(UTC)


class Service:
    """One service, from start to stop."""

    def __init__(
        self,
        plan: ServicePlan,
        now: Callable[[], datetime] = utc_now,
        formulas: HostFormulas | None = None,
        page: HostPage | None = None,
    ) -> None:
        """Do nothing yet.

        formulas: makes, where there is HTTP, what takes all that is not Slack's nor asks for health or metrics; it tells
        of every question that it hears. page: makes, where there is HTTP, the routes for people with a browser.
        """
        self._plan, self._now = plan, now
        self._holding, self._turn = WarehouseOwner(), wiring.service_turn()
        self._health, self._metrics = Health(now), Metrics(self._state)
        hear = Formulas(self._metrics, now).hear
        self._formulas = formulas(hear) if formulas and plan.port is not None else None
        self._page = page(hear, self.status) if page and plan.port is not None else []
        self._stopping = asyncio.Event()
        self._jobs: set[asyncio.Task[None]] = set()
        self._running: set[str] = set()
        self._troubles: dict[str, str] = {}
        status.of_process = self.status

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
            await asyncio.to_thread(self._shutdown)

    def stop(self) -> None:
        """Accept no new work from now on."""
        self._health.stop()
        self._stopping.set()

    def status(self) -> list[State]:
        """Return the state of every part of this service, measured now."""
        self._measure()
        return self._health.states()

    def _parts(self) -> list[Awaitable[None]]:
        """Return everything that runs concurrently until the end."""
        plan = self._plan
        slack = SlackConnection(plan, self._metrics, self._health, self._now) if plan.slack else None
        status.round_trip = slack.make_round_trip if slack else None
        parts: list[Awaitable[None]] = [self._work(slack)]
        if slack is None:
            say("Slack is not set up, so no question is answered there; docs/slack.md says how.")
        if plan.port is not None:
            listening = HttpServer(plan.host, plan.port, self._health, self._metrics, slack, self._formulas, self._page)
            parts.append(listening.run(self._stopping))
        if slack:
            parts.append(slack.run(self._stopping))
        return parts

    async def _all_of(self, parts: list[Awaitable[None]]) -> None:
        """Run everything until the end; if one fails, stop the others and raise its error."""
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
            self._is_mended("opening the warehouse")
        else:
            self._health.not_ready(str(trouble))
            if self._is_new_trouble("opening the warehouse", trouble):
                LOG.warning("The warehouse cannot be opened: %s", trouble)
        return trouble is None

    async def _work(self, slack: SlackConnection | None) -> None:
        """Do everything that needs the warehouse, as soon as it is open."""
        while self._holding.warehouse is None:
            if await self._sleep_or_stop(TRY_AGAIN_SECONDS):
                return
            await self._open()
        warehouse = self._holding.warehouse
        loops = [self._in_turn(self._turn, warehouse, slack)] if self._turn else self._loops_of_one(warehouse, slack)
        await asyncio.gather(self._keep_measuring(warehouse), *loops)

    def _loops_of_one(self, warehouse: Warehouse, slack: SlackConnection | None) -> list[Awaitable[None]]:
        """Return the work that only one service at a time does."""
        duties = self._duties(warehouse)
        loops: list[Awaitable[None]] = [
            self._deliver(self._sender(warehouse, slack)),
            self._keep_time(duties),
            self._catch_up(duties),
        ]
        if folder := self._plan.config.service.watched_folder:
            loops.append(self._watch(open_watched_folder(duties, folder)))
        return loops

    async def _in_turn(self, turn: ServiceTurn, warehouse: Warehouse, slack: SlackConnection | None) -> None:
        """Do the work of the one active service, as soon as no other on the database does it."""
        told = ""
        while why := await asyncio.to_thread(turn.take):
            if why != told:
                say(why)
                told = why
            self._health.succeeded(REPLICA, why)
            if await self._sleep_or_stop(TURN_SECONDS):
                return
        self._health.succeeded(REPLICA, SENDS)
        if told:
            say(SENDS)
        await asyncio.gather(*self._loops_of_one(warehouse, slack))

    def _duties(self, warehouse: Warehouse) -> Jobs:
        spreadsheets = self._spreadsheets() if spreadsheets_of(self._plan.config) else None
        return Jobs(warehouse, self._context, self._now, self._metrics, spreadsheets.refresh_all if spreadsheets else None)

    def _sender(self, warehouse: Warehouse, slack: SlackConnection | None) -> Dispatcher:
        mailboxes: dict[AddressKind, Channel] = {"spreadsheet": SheetMailbox(self._spreadsheets())}
        if slack:
            mailboxes["channel"] = slack.mailbox
        if self._plan.mail:
            mailboxes["email"] = EmailMailbox(self._plan.mail)
        return Dispatcher(warehouse, mailboxes, self._now, self._metrics)

    def _spreadsheets(self) -> Spreadsheets:
        return Spreadsheets(self._context, self._sync)

    def _sync(self, said: Sequence[SpreadsheetInput], context: Context) -> tuple[Answer, list[AgentcostError]]:
        """Refresh spreadsheets, and record the state of Google."""
        try:
            answer, troubles = wiring.sync_spreadsheets(said, context)
        except AgentcostError as trouble:
            self._note_google([trouble])
            raise
        self._note_google(troubles)
        return answer, troubles

    def _note_google(self, troubles: Sequence[AgentcostError]) -> None:
        if troubles:
            self._metrics.place_failed("google", type(troubles[0]).__name__)
            self._health.failed(
                "google", str(troubles[0]), "docs/sheets.md says what the service account needs; then: agentcost sync"
            )
        else:
            self._health.succeeded("google")

    def _context(self) -> Context:
        """Return what answers rest on at the service's now."""
        context = wiring.context(self._plan.config_option)
        return replace(context, as_of=self._now().astimezone(context.config.zone).date())

    async def _deliver(self, sender: Dispatcher) -> None:
        """Send due messages at each poll; a slow channel does not delay the others."""
        while not await self._run_logged("deliver", sender.begin()):
            if await self._sleep_or_stop(self._look_every):
                return
        while not await self._sleep_or_stop(self._look_every):
            await self._run_logged("deliver", sender.start_due())
        await self._run_logged("deliver", sender.drain())

    async def _keep_time(self, duties: Jobs) -> None:
        """Run every job once, to catch up, and then each on its schedule."""
        jobs = jobs_of(duties, self._plan.config)
        timetable = Scheduler(jobs, self._now())
        due = [(job, self._now()) for job in jobs]
        while True:
            for job, at in due:
                self._start(job, at)
            self._health.beat()
            if await self._sleep_or_stop(self._look_every):
                break
            due = timetable.due(self._now())
        if self._jobs:
            await asyncio.wait(self._jobs)

    async def _catch_up(self, duties: Jobs) -> None:
        """At each poll evaluate what an import left due: a level is sent within seconds, even after a kill."""
        while not await self._sleep_or_stop(self._look_every):
            await self._run_logged("decide_due", asyncio.to_thread(duties.decide_due))

    def _start(self, job: ScheduledJob, at: datetime) -> None:
        if job.name in self._running:
            LOG.warning("%s is still running, skipping this run", job.name)
            return
        self._running.add(job.name)
        task = asyncio.ensure_future(self._do(job, at))
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)

    async def _do(self, job: ScheduledJob, at: datetime) -> None:
        is_done = await self._run_logged(job.name, asyncio.to_thread(job.do, at))
        self._metrics.job_ran(job.name, is_done=is_done)
        self._running.discard(job.name)

    async def _keep_measuring(self, warehouse: Warehouse) -> None:
        """Report the state of every part, and reopen a warehouse that had to be closed.

        Raises: InvalidatedError, if that fails for a minute: the supervisor then restarts the service.
        """
        broken_since = None
        while True:
            await self._run_logged("measuring", asyncio.to_thread(self._measure))
            await self._run_logged("audit", asyncio.to_thread(audit_buffer.flush, warehouse))
            broken_since = (broken_since or time.monotonic()) if warehouse.failure else None
            if warehouse.failure and broken_since and time.monotonic() - broken_since > OPEN_AGAIN_WITHIN_SECONDS:
                raise warehouse.failure
            if await self._sleep_or_stop(min(self._look_every, MEASURE_EVERY_SECONDS)):
                return

    def _measure(self) -> None:
        """Take down how everything fares that can be looked up; a warehouse that had to be closed is opened again by this."""
        warehouse = self._holding.warehouse
        if warehouse is None:
            return
        try:
            for condition in measure_conditions(warehouse, self._context().config, self._now()):
                self._health.note(condition)
        except InvalidatedError as failure:
            self._health.not_ready(str(failure), "It is reopened automatically; if that does not help: agentcost restore BACKUP")
            raise
        except MachineError as trouble:
            self._health.not_ready(str(trouble))
            raise
        self._health.ready()

    async def _watch(self, folder: WatchedFolder) -> None:
        while not await self._sleep_or_stop(self._look_every):
            await self._run_logged("watched folder", asyncio.to_thread(folder.poll))

    async def _run_logged(self, name: str, work: Awaitable[object]) -> bool:
        """Await the service's own work and return whether it was done; errors are logged and do not propagate."""
        with request():
            try:
                await work
            except NothingImportedError:
                LOG.info("%s has nothing to do: nothing has been imported yet", name)
            except InputError as error:
                if self._is_new_trouble(name, error):
                    LOG.warning("%s failed: %s", name, error)
                return False
            except Exception as error:  # noqa: BLE001 - one duty that fails must not end the others
                self._metrics.place_failed(name, type(error).__name__)
                if self._is_new_trouble(name, error):
                    log_error(error, LOG)
                    LOG.warning("%s failed, will retry at the next run; the same error is not logged again meanwhile", name)
                return False
        self._is_mended(name)
        return True

    def _is_new_trouble(self, name: str, trouble: Exception) -> bool:
        """Return whether an error was not logged yet: repeats would fill what is left of a full disk."""
        words = f"{type(trouble).__name__}: {trouble}"
        is_new = self._troubles.get(name) != words
        self._troubles[name] = words
        return is_new

    def _is_mended(self, name: str) -> None:
        if self._troubles.pop(name, None):
            LOG.info("%s works again", name)

    async def _sleep_or_stop(self, seconds: float) -> bool:
        """Wait that long or until the end, and return whether the end has come."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()

    @property
    def _look_every(self) -> float:
        return self._plan.config.service.poll_seconds

    def _state(self) -> MetricState:
        """Return what /metrics shows of the warehouse and the parts."""
        warehouse, parts = self._holding.warehouse, self._health.states()
        try:
            if warehouse is not None and warehouse.failure is None:
                counts = {row.state: row.messages for row in warehouse.rows(queries.OutboxCountsRow)}
                through = warehouse.row(queries.NewestDataRow).data_through
                return MetricState(is_open=True, data_through=through, messages=counts, parts=parts)
        except MachineError as trouble:
            LOG.info("Some metrics could not be measured: %s", trouble)
        return MetricState(is_open=False, data_through=None, messages={}, parts=parts)

    def _shutdown(self) -> None:
        """Finish running commands, write the audit, and release the file."""
        self._holding.stop_accepting()
        try:
            if self._holding.warehouse:
                audit_buffer.flush(self._holding.warehouse)
        except MachineError as trouble:
            LOG.warning("The last audit entries could not be written: %s", trouble)
        self._holding.close()
        if self._turn:
            self._turn.give_back()


def say(text: str) -> None:
    """Print to whoever started the service."""
    print(text, flush=True)
