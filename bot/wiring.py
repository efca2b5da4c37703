"""Where the real parts are put together: configuration, clock, warehouse, surfaces.

The one module that knows both `bot` and `sheets_addin`, and is exempt from the rule that they do not meet.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.locations import (
    DEFAULT_CONFIG,
    config_path,
    find_local_service,
    is_in_postgres,
    warehouse_address,
    warehouse_path,
)
from core.answer import use_number_format
from core.config import Config, load_config
from core.context import Context
from core.errors import (
    AgentcostError,
    ConfigError,
    ExportError,
    InputError,
    MachineError,
    NothingImportedError,
    WarehouseBusyError,
)
from core.warehouse import SharedWarehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
    from datetime import date

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from bot.mcp_server import McpEndpoint
    from bot.observability.health import State
    from bot.page import Door, Finding, Reading
    from bot.slack import SlackSettings
    from bot.slack.connection import Installing
    from bot.slack.installation import RenewedTokens
    from bot.slack.listeners.imports import Imported
    from bot.slack_storage import SharedTurns
    from core.answer import Answer
    from core.config import SlackOAuth, SpreadsheetInput
    from core.wallet.learning import Wishes
    from core.warehouse import PostgresAddress, QuestionEvent, ServiceTurn, Warehouse
    from sheets_addin.api import FormulaApi, Limits, Snapshot, TokenStore
    from sheets_addin.google import RateLimiter, Spreadsheet
    from sheets_addin.sync import SyncJob, SyncOutcome

CERTIFICATES_VARIABLE, PAGE_SECRET = "AGENTCOST_GOOGLE_CERTS_URL", "page_secret"
WAIT_SECONDS, DATABASE_SECONDS = 10.0, 2.0
COMMAND_LINE, SLACK, WATCHED_FOLDER, MCP, PAGE = "command line", "Slack", "watched folder", "MCP", "page"


_asks_only: list[bool] = []


class HeldByServiceError(WarehouseBusyError):
    """The running service holds the warehouse; it takes commands at `address`."""

    def __init__(self, busy: WarehouseBusyError, address: Path) -> None:
        """Say who holds it, and where it can be asked."""
        self.address = address
        super().__init__(busy.path, busy.holder)


def has_warehouse() -> bool:
    """Whether there is something to ask: a warehouse file, or a database, which says itself whether it holds anything."""
    return is_in_postgres() or warehouse_path().exists()


def context(config_option: Path | None = None, as_of: date | None = None) -> Context:
    """Return what answers rest on here and now. Raises: ConfigError."""
    config = load_config(config_path(config_option))
    use_number_format(config.number_format)
    return Context(as_of or today(config), config, open_for_questions, has_warehouse=has_warehouse())


def with_audit(of: Context, question: str, source: str = COMMAND_LINE) -> Context:
    """Return the context of a command, which notes who asks once the warehouse is opened."""

    @contextmanager
    def open_audited() -> Iterator[Warehouse]:
        from getpass import getuser  # noqa: PLC0415 - pricing questions load no DuckDB, nor what writes into it

        from core.audit_buffer import audit_questions  # noqa: PLC0415 - as above

        with audit_questions(of, getuser(), question, source).open_warehouse() as warehouse:
            yield warehouse

    return replace(of, open_warehouse=open_audited)


def keep_miss(question: str, surface: str, of: Context) -> None:
    """Write down a question that was not understood, where there is a warehouse to keep it in and nobody else writes.

    Raises: HeldByServiceError, if the service has it, which then hears the question itself.
    """
    if not question.strip() or not (of.has_warehouse and of.config.keep_misses):
        return
    from core import audit_buffer  # noqa: PLC0415 - as above

    try:
        with open_for_writing() as warehouse:
            audit_buffer.record_miss(question, surface, of)
            audit_buffer.flush(warehouse)
    except HeldByServiceError:
        raise
    except MachineError:  # the asker is told what was wrong with the question, not that nobody took note of it
        return


def today(config: Config) -> date:
    """Return the day in the team's time zone."""
    return datetime.now(config.zone).date()


@contextmanager
def open_for_questions() -> Iterator[Warehouse]:
    """Give the warehouse to ask. Raises: NothingImportedError; WarehouseBusyError."""
    if not has_warehouse():
        raise NothingImportedError(
            f"Nothing has been imported yet: there is no warehouse at {warehouse_path()}."
            " Import an export first: agentcost import FILE."
        )
    with open_for_writing() as warehouse:
        yield warehouse


@contextmanager
def open_for_writing() -> Iterator[Warehouse]:
    """Give the warehouse, made if need be, waiting a little for another process to let go.

    Raises: HeldByServiceError, if that process is the service, which can be asked instead; WarehouseBusyError.
    """
    with get_shared_warehouse(warehouse_address()).open() as warehouse:
        yield warehouse


def ask_only() -> None:
    """Open warehouses for reading only from now on: beside other readers, and where the file may not be written."""
    _asks_only.append(True)


@cache
def get_shared_warehouse(address: Path | PostgresAddress) -> SharedWarehouse:
    """Return what the threads of this process share a warehouse by."""
    return SharedWarehouse(partial(_open_exclusive, address))


@contextmanager
def _open_exclusive(address: Path | PostgresAddress) -> Iterator[Warehouse]:
    from core.warehouse import open_warehouse  # noqa: PLC0415 - pricing questions load no DuckDB

    with ExitStack() as open_until_the_end:
        if _asks_only:
            yield open_until_the_end.enter_context(open_warehouse(address, read_only=True, wait_seconds=WAIT_SECONDS))
            return
        try:
            warehouse = open_until_the_end.enter_context(open_warehouse(address))
        except WarehouseBusyError as busy:
            _require_no_service(busy)
            warehouse = open_until_the_end.enter_context(open_warehouse(address, wait_seconds=WAIT_SECONDS))
        yield warehouse


def import_shared(paths: Sequence[Path], who: str, config_option: Path | None = None) -> Imported:
    """Import files that a member shared in Slack; their rejected rows go into files beside the first.

    Of one file with columns that nobody knows, say how it could be read, where that can be told.
    Raises: ExportError, if there was but one file and it is refused; MachineError.
    """
    from bot.slack.listeners.imports import Imported  # noqa: PLC0415 - only the service has them loaded

    try:
        return Imported(*_import_from(SLACK, paths, who, context(config_option)))
    except ExportError as refused:
        return Imported(_proposed_instead(paths, refused, config_option), is_proposal=True)


def learn_shared(paths: Sequence[Path], who: str, config_option: Path | None = None) -> Imported:
    """Import a file of unknown columns as it was proposed in Slack. Raises: ExportError; ConfigError; MachineError."""
    from bot.slack.listeners.imports import Imported  # noqa: PLC0415 - as above

    return Imported(*_learn_from(SLACK, paths[0], who, config_option))


def _proposed_instead(paths: Sequence[Path], refused: ExportError, config_option: Path | None) -> Answer:
    """Return how a refused file could be read. Raises: ExportError, the refusal, where nobody can tell."""
    from core.wallet.learning import propose_instead  # noqa: PLC0415 - only imports load it

    if len(paths) != 1:
        raise refused
    return propose_instead(paths[0], context(config_option), refused).answer


def _learn_from(
    source: str, path: Path, who: str, config_option: Path | None, wishes: Wishes | None = None
) -> tuple[Answer, tuple[Path, ...]]:
    """Write how a file is proposed to be read into app.yaml, and import it so."""
    from core.config import add_profile  # noqa: PLC0415 - only imports load it
    from core.wallet.learning import Wishes, propose_profile  # noqa: PLC0415 - as above

    of = context(config_option)
    proposal = propose_profile(path, of, wishes or Wishes())
    if proposal.is_needed and proposal.profile not in of.config.wallet.profiles:
        add_profile(config_path(config_option) or DEFAULT_CONFIG, proposal.profile)
    return _import_from(source, [path], who, context(config_option))


def _import_from(source: str, paths: Sequence[Path], who: str, of: Context) -> tuple[Answer, tuple[Path, ...]]:
    """Import files; return the report, and files of their rejected rows beside the first."""
    from core.ingestion import ingest  # noqa: PLC0415 - as above
    from core.wallet.ingest import write_rejects  # noqa: PLC0415

    rejects = paths[0].with_name(f"{paths[0].stem}.rejected.csv")
    with open_for_writing() as warehouse:
        report = ingest(warehouse, paths, of, who=who, source=source)
        written = write_rejects(warehouse, report.import_ids, rejects)
    return report.to_answer(), tuple(written)


def door() -> Door:
    """Return who may see the page."""
    from bot.page import Door  # noqa: PLC0415 - only the service and its links load it
    from core.kept_text import FileText  # noqa: PLC0415 - as above

    return Door(FileText(warehouse_path().with_name(PAGE_SECRET)))


def page(
    config_option: Path | None, heard: Callable[[QuestionEvent], None], states: Callable[[], Sequence[State]]
) -> list[BaseRoute]:
    """Return the page's routes. heard: is told of every question. states: how each part of the service fares."""
    from bot.page import Finding, ImportOutcome, Reading, Site, form_of, page_routes  # noqa: PLC0415 - as above
    from core.wallet.ingest import explain_file  # noqa: PLC0415
    from core.wallet.learning import propose_instead, propose_profile  # noqa: PLC0415

    def explain(path: Path, wishes: Wishes | None) -> Reading:
        of = context(config_option)
        try:
            if wishes is None:
                return Reading(explain_file(path, of.config.wallet))
            proposal = propose_profile(path, of, wishes)
        except ExportError as refused:
            if wishes is not None:
                raise
            proposal = propose_instead(path, of, refused)
        return Reading(proposal.answer, form_of(proposal.profile, proposal.columns))

    def import_file(path: Path, who: str, wishes: Wishes | None) -> ImportOutcome:
        if wishes is not None:
            return ImportOutcome(*_learn_from(PAGE, path, who, config_option, wishes))
        return ImportOutcome(*_import_from(PAGE, [path], who, context(config_option)))

    def findings() -> list[Finding]:
        parts = [one.condition for one in states()]
        return [*_config_findings(config_option), *(Finding(one.part, one.is_well, one.why, one.to_do) for one in parts)]

    snapshots = SnapshotSource(config_option)
    site = Site(
        lambda: snapshots.now().context,
        door(),
        explain,
        import_file,
        findings,
        heard,
    )
    return page_routes(site)


def _config_findings(config_option: Path | None) -> Iterator[Finding]:
    """Yield what is wrong with app.yaml, or that nothing is."""
    from bot.page import Finding  # noqa: PLC0415 - as above

    path = config_path(config_option)
    try:
        config = load_config(path)
    except ConfigError as error:
        yield from (
            Finding("app.yaml", is_well=False, words=problem, to_do="Correct it; agentcost doctor checks it.")
            for problem in error.problems
        )
        return
    words = f"{path} is valid." if path else "There is none, so list prices and defaults apply."
    yield Finding("app.yaml", is_well=bool(path), words=words, to_do="" if path else "Write one: agentcost init.")
    yield from (Finding("app.yaml", is_well=False, words=one) for one in config.deprecations)


def slack_tokens(settings: SlackSettings, variables: Mapping[str, str]) -> RenewedTokens | None:
    """Return what renews the bot's token; None where it lasts, or not everything for that is set. Raises: ConfigError."""
    from bot.slack import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, is_rotated, problems_of_rotation, token_renewal  # noqa: PLC0415
    from bot.slack.installation import InstalledApp, RenewedTokens  # noqa: PLC0415 - only where Slack is set up
    from bot.slack_storage import StoredToken, sealer_in  # noqa: PLC0415 - as above

    sealer = sealer_in(variables) if is_rotated(variables) and not [*problems_of_rotation(variables)] else None
    if sealer is None:
        return None
    first = InstalledApp("", settings.bot_token, variables[REFRESH_TOKEN], 0.0)
    renew = token_renewal(settings, variables[CLIENT_ID], variables[CLIENT_SECRET])
    return RenewedTokens(StoredToken(open_for_writing, sealer, first), renew)


def slack_installing(settings: SlackSettings, oauth: SlackOAuth, variables: Mapping[str, str], option: Path | None) -> Installing:
    """Return what installations in several workspaces take. Raises: ConfigError, naming every variable at fault."""
    from bot.slack import (  # noqa: PLC0415 - only where it is used
        CLIENT_ID,
        CLIENT_SECRET,
        SECRET_KEY,
        problems_of_oauth,
        token_renewal,
    )
    from bot.slack.connection import Installing  # noqa: PLC0415 - as above
    from bot.slack.installation import Installations  # noqa: PLC0415 - as above
    from bot.slack_storage import Sealer, StoredInstallations  # noqa: PLC0415 - as above

    problems = [*problems_of_oauth(variables)]
    if problems:
        raise ConfigError(problems)
    sealer = Sealer(variables[SECRET_KEY])

    def read_allowed() -> tuple[str, ...]:
        now = load_config(config_path(option)).slack.oauth
        return now.workspaces if now else ()

    renew = token_renewal(settings, variables[CLIENT_ID], variables[CLIENT_SECRET])
    installations = Installations(StoredInstallations(open_for_writing, sealer), renew, read_allowed)
    return Installing(variables[CLIENT_ID], variables[CLIENT_SECRET], oauth.address, installations, sealer)


def is_service_running() -> bool:
    """Whether a service holds the warehouse: one that takes commands on this machine, or any on its database."""
    return service_elsewhere() is not None if is_in_postgres() else find_local_service() is not None


def service_elsewhere() -> tuple[str, datetime] | None:
    """Return the machine whose service runs on the database, and since when; None where none does. Raises: MachineError."""
    address = warehouse_address()
    if isinstance(address, Path):
        return None
    from core.warehouse import find_service  # noqa: PLC0415 - a file has none of it

    return find_service(address)


def service_turn() -> ServiceTurn | None:
    """Return what says whether this service sends and keeps the schedule: of those on one database, one does; None on a file.

    Where the database is lost to the one that does, its process ends at once with status 1, as if killed: another may take over.
    """
    address = warehouse_address()
    if isinstance(address, Path):
        return None
    from core.warehouse import ServiceTurn  # noqa: PLC0415 - as above

    def end(why: str) -> None:
        print(why, file=sys.stderr, flush=True)
        os._exit(1)

    return ServiceTurn(address, end)


def slack_turns() -> SharedTurns | None:
    """Return who answers what Slack tells several services on one database; None on a file, which has but one."""
    address = warehouse_address()
    if isinstance(address, Path):
        return None
    from bot.slack_storage import SharedTurns  # noqa: PLC0415 - as above
    from core.warehouse import Claims  # noqa: PLC0415 - as above

    return SharedTurns(Claims(address))


def _require_no_service(busy: WarehouseBusyError) -> None:
    address = find_local_service()
    if address is not None:
        raise HeldByServiceError(busy, address) from busy


def write_workbook(words: Sequence[str], of: Context, path: Path) -> None:
    """Write what a command line asks for as .xlsx, the wallet's worksheets where it says nothing. Raises: InputError."""
    from sheets_addin.desired_state import split_questions, workbook_of  # noqa: PLC0415 - only a workbook loads its writer
    from sheets_addin.workbook import write_xlsx  # noqa: PLC0415

    write_xlsx(workbook_of(split_questions(words), of), path)


def addon_files(address: str, logo: str, *, with_identity: bool) -> dict[str, str]:
    """Return the files of the add-on for Google Sheets, by name. Raises: InputError."""
    from sheets_addin import addon  # noqa: PLC0415 - only the operation that writes them loads it

    return addon.addon_files(address, logo, with_identity=with_identity)


@cache
def limiter() -> RateLimiter:
    """Return what keeps everything in this process that speaks to Google within one quota."""
    from sheets_addin.google import RateLimiter  # noqa: PLC0415 - only a sync loads it

    return RateLimiter()


def sync_spreadsheets(
    said: Sequence[SpreadsheetInput], of: Context, *, dry_run: bool = False
) -> tuple[Answer, list[AgentcostError]]:
    """Bring spreadsheets up to date; return the report and every trouble. Raises: ConfigError, without a service account."""
    from sheets_addin.google import google_from_environment  # noqa: PLC0415
    from sheets_addin.sync import report as sync_report  # noqa: PLC0415
    from sheets_addin.sync import sync  # noqa: PLC0415 - only a sync loads them

    google = google_from_environment(limiter())
    at = datetime.now(UTC).replace(microsecond=0)
    found: dict[str, SyncOutcome] = {}
    typed = [one for one in said if _is_typed_into(one)]
    # What people type counts everywhere, so it is read before anything else is answered: one spreadsheet after the other.
    for together in (*([one] for one in typed), [one for one in said if one not in typed]):
        jobs = [spreadsheet_job(one, of, at, dry_run=dry_run) for one in together]
        found |= zip((one.id for one in together), sync.sync_all(google, jobs, at, dry_run=dry_run), strict=True)
    outcomes = [found[one.id] for one in said]
    return sync_report.report(outcomes, of.as_of, dry_run=dry_run), [error for one in outcomes for error in one.troubles]


def spreadsheet_job(said: SpreadsheetInput, of: Context, at: datetime, *, dry_run: bool = False) -> SyncJob:
    """Return what a spreadsheet of app.yaml should hold, or the trouble that keeps us from knowing.

    Where budgets are typed in it, what is typed is read from it at that instant first, and kept unless `dry_run`.
    """
    from sheets_addin.desired_state import DesiredState, build_desired_state, shows_budgets  # noqa: PLC0415 - only a sync loads it
    from sheets_addin.sync import SyncJob, take_typed_budgets  # noqa: PLC0415

    restores = said.on_edit == "restore"

    def read_and_build(actual: Spreadsheet) -> DesiredState:
        typed = take_typed_budgets(actual, said, of, at, dry_run=dry_run)
        found = build_desired_state(questions, typed.context, said.shows, said.name, typed.sheet)
        return found._replace(typed=typed.changes)

    try:
        questions = _spreadsheet_questions(said)
        wanted = read_and_build if shows_budgets(questions) else build_desired_state(questions, of, said.shows, said.name)
    except AgentcostError as error:
        return SyncJob(said.id, said.name, error, restores)
    return SyncJob(said.id, said.name, wanted, restores)


def _is_typed_into(said: SpreadsheetInput) -> bool:
    """Whether a spreadsheet has the worksheet in which budgets are typed; of questions that are none, its sync tells."""
    from sheets_addin.desired_state import shows_budgets  # noqa: PLC0415 - as above

    try:
        return shows_budgets(_spreadsheet_questions(said))
    except InputError:
        return False


def _spreadsheet_questions(said: SpreadsheetInput) -> tuple[str, ...]:
    """Return the questions of a spreadsheet, with those about what its team was told that no other asks."""
    from sheets_addin.desired_state import read_question, the_wallet  # noqa: PLC0415 - as above

    asked = said.questions or the_wallet(said.shows)
    commands = {read_question(question).command for question in asked}
    return (*asked, *(question for question in said.of_team if read_question(question).command not in commands))


def spreadsheet_problems(config: Config) -> Iterator[str]:
    """Yield what is missing before spreadsheets can be synced: the key, and questions that show something."""
    from sheets_addin.desired_state import check_questions  # noqa: PLC0415
    from sheets_addin.google import google_from_environment  # noqa: PLC0415

    try:
        google_from_environment(limiter())
    except ConfigError as error:
        yield from error.problems
    for one in config.spreadsheets:
        try:
            check_questions(one.questions)
        except InputError as error:
            yield f"app.yaml: spreadsheets, {one.name}: {error}"


def token_store() -> TokenStore:
    """Return the tokens of spreadsheets, which are beside the warehouse: in a file, or in its database."""
    from core.maintenance import find_sheet_tokens  # noqa: PLC0415 - as above
    from sheets_addin.api import TokenStore  # noqa: PLC0415 - as above

    return TokenStore(find_sheet_tokens(warehouse_address()))


def formula_api(config_option: Path | None, heard: Callable[[QuestionEvent], None]) -> Starlette:
    """Return the formula API as an ASGI application. heard: is told of every question."""
    from sheets_addin.api import (  # noqa: PLC0415  # noqa: PLC0415
        GOOGLE_CERTS,
        Authenticator,
        Certificates,
        FormulaApi,
        create_app,
    )

    certificates = Certificates(os.environ.get(CERTIFICATES_VARIABLE) or GOOGLE_CERTS)
    doorkeeper = Authenticator(token_store(), certificates)
    api = FormulaApi(
        SnapshotSource(config_option).now, doorkeeper, refreshing(config_option), heard=heard, limit=request_limits()
    )
    return create_app(api, mcp_endpoint(api))


def request_limits() -> Limits:
    """Return what counts the requests of each caller: this service alone, or all on one database together."""
    from sheets_addin.api import LimitsOfReplicas, RateLimit  # noqa: PLC0415 - as above

    address = warehouse_address()
    if isinstance(address, Path):
        return RateLimit()
    from core.warehouse import SharedLimits  # noqa: PLC0415 - as above

    return LimitsOfReplicas(SharedLimits(address).wait_seconds)


def mcp_endpoint(api: FormulaApi) -> McpEndpoint:
    """Return what takes /mcp: tokens, scopes and limits are those of the formula API, and so are the answers."""
    import json  # noqa: PLC0415 - as above

    from bot.mcp_server import McpEndpoint, Reply  # noqa: PLC0415

    async def ask(question: str, request: Request) -> Reply:
        told = await api.reply(question, request.state.access, MCP)
        body = json.loads(told.body)
        is_answer = "headline" in body
        return Reply(body) if is_answer else Reply(None, body["detail"], tuple(body.get("suggestions", ())))

    return McpEndpoint(api.let_in, ask)


def refreshing(config_option: Path | None) -> Callable[[str], str]:
    """Return what brings a spreadsheet of app.yaml up to date and says what changed."""
    from bot.delivery.spreadsheet_channel import Spreadsheets  # noqa: PLC0415 - as above

    return Spreadsheets(lambda: context(config_option), sync_spreadsheets).refresh_and_tell


class SnapshotSource:
    """What answers rest on right now, read again only where a file has changed."""

    def __init__(self, config_option: Path | None) -> None:
        """Read nothing yet."""
        self._config_option = config_option
        self._address = warehouse_address()

    def now(self) -> Snapshot:
        """Return the context, and a stamp of the day and of the state of every file that it rests on. Raises: ConfigError."""
        from sheets_addin.api import Snapshot  # noqa: PLC0415 - as above

        path = config_path(self._config_option)
        state = _state(str(path)) if path else None
        config, stored = load_config(path), self._stored()
        day = today(config)
        use_number_format(config.number_format)
        context = Context(day, config, open_for_questions, has_warehouse=stored is not None)
        users, rates = (_state(str(file)) if file else None for file in (config.users, config.currency.rates_file))
        return Snapshot(context, (day, state, stored, users, rates))

    def _stored(self) -> Hashable:
        """Return what tells one state of the warehouse from another, None where there is none; a database's lasts two seconds."""
        if isinstance(self._address, Path):
            found = _state(str(self._address))
            return found and (found, _state(f"{self._address}.wal"))
        return int(time.monotonic() / DATABASE_SECONDS)


def _state(path: str) -> Hashable:
    """Return what tells one state of a file from another; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - asked with every request, and a Path takes twice as long
    except OSError:
        return None
    return path, found.st_mtime_ns, found.st_size, found.st_ino
