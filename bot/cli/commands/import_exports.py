"""`import`: exports into the warehouse, with progress and a final report; `imports`: the list of them."""

from __future__ import annotations

import time
from argparse import Namespace
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from getpass import getuser
from typing import TYPE_CHECKING

from bot import locations, wiring
from bot.cli.console import ANSWERED, INPUT_AT_FAULT, can_ask, complain, console
from bot.cli.runner import print_answer
from core.answer import Note, group_digits
from core.config import add_profile, profile_lines
from core.errors import ExportError, InputError
from core.ingestion import importing, ingest, ingest_source, take_back
from core.wallet.deliveries import ReplacedDays
from core.wallet.imports import list_imports
from core.wallet.ingest import explain_file, write_rejects
from core.wallet.learning import Wishes, propose_instead, propose_profile
from core.wallet.sources import explain_source, source_called

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from core.answer import Answer
    from core.config import GenericProfile, SourceSettings, WalletSettings
    from core.context import Context
    from core.wallet.learning import Proposal
    from core.warehouse import Warehouse

    Progress = Callable[[int, int | None], None]

BAR_WIDTH = 30
CLEAR_LINE = "\r\x1b[K"


def run(options: Namespace) -> int:
    """Take imports back, read some again, import files, or explain how they would be read; print the result."""
    _require_sense(options)
    context = wiring.context(options.config)
    if options.explain:
        return _explain(options, context.config.wallet)
    if options.source:
        return _import_source(options, context)
    if options.learn:
        return _learn(options, context)
    try:
        return _bring_in(options, context)
    except ExportError as refused:
        if not _is_one_plain_file(options):
            raise
        return _learn_instead(options, context, refused)


def _bring_in(options: Namespace, context: Context) -> int:
    """Take imports back, read some again and import files."""
    opened = wiring.open_for_questions if options.undo or options.again else wiring.open_for_writing
    with opened() as warehouse, importing(warehouse, lambda: context, lambda: datetime.now(UTC)):
        if options.undo:
            undone = take_back(
                warehouse, options.undo, context, who=getuser(), source=wiring.COMMAND_LINE, require_caller=require_caller
            )
            print_answer(undone.to_answer(context.as_of), options)
        return _import(options, warehouse, context) if options.paths or options.again else ANSWERED


def show_list(options: Namespace) -> int:
    """Print every import with its number, by which it is taken back or read again."""
    context = wiring.context(options.config, options.as_of)
    with wiring.open_for_questions() as warehouse, warehouse.reading() as session:
        answer = list_imports(session, context.as_of, context.config.zone)
    print_answer(answer, options)
    return ANSWERED


def _require_sense(options: Namespace) -> None:
    """Raise InputError if the options cannot be combined."""
    _require_sense_of_source(options)
    if not (options.paths or options.undo or options.again or options.source):
        raise InputError("Name the files to import: agentcost import FILE… `agentcost imports` lists what came in.")
    if options.explain and (options.undo or options.again or options.replaces or not options.paths):
        raise InputError("--explain only reads: agentcost import --explain FILE…")
    if options.learn and (len(options.paths) != 1 or options.explain or options.undo or options.again or options.replaces):
        raise InputError("--learn looks at one file: agentcost import --learn FILE.")
    if not options.learn and (options.fields or options.unit or options.rate or options.like or options.name):
        raise InputError("--map, --unit, --rate, --like and --name go with --learn: agentcost import --learn FILE.")
    if options.yes and not (options.learn or _is_one_plain_file(options)):
        raise InputError("--yes looks at one file: agentcost import FILE --yes.")
    if options.again and (options.paths or options.replaces):
        raise InputError("--again reads kept exports, so it goes with no FILE and no --replaces: agentcost import --again N.")
    if options.agent and not options.replaces:
        raise InputError("--agent goes with --replaces: agentcost import --replaces FROM..TO --agent NAME FILE.")
    if options.replaces and not options.paths:
        raise InputError("Name the file that is authoritative for these days: agentcost import --replaces FROM..TO FILE.")
    if options.rejects and options.rejects.exists():
        raise InputError(f"{options.rejects} already exists and was not changed. Name another file after --rejects.")


def _require_sense_of_source(options: Namespace) -> None:
    """Raise InputError if a source is combined with options for files."""
    of_files = (options.explain, options.learn, options.undo, options.again, options.replaces, options.rejects)
    if options.source and (options.paths or any(of_files)):
        raise InputError("--source imports one table, and goes with --whole and --dry-run alone: agentcost import --source NAME.")
    if (options.whole or options.dry_run) and not options.source:
        raise InputError("--whole and --dry-run go with --source: agentcost import --source NAME --dry-run.")


def _import_source(options: Namespace, context: Context) -> int:
    """Import what is new in a source, or print the statement that would be run."""
    source = source_called(options.source, context.config.sources)
    if options.dry_run:
        print(_statement(options, context, source))
        return ANSWERED
    with wiring.open_for_writing() as warehouse, importing(warehouse, lambda: context, lambda: datetime.now(UTC)):
        report = ingest_source(
            warehouse,
            source,
            context,
            who=getuser(),
            place=wiring.COMMAND_LINE,
            require_caller=require_caller,
            is_whole=options.whole,
        )
    print_answer(report.to_answer(), options)
    return INPUT_AT_FAULT if report.left_out else ANSWERED


def _statement(options: Namespace, context: Context, source: SourceSettings) -> str:
    now = datetime.now(UTC)
    if not context.has_warehouse:
        return explain_source(source, context.config.wallet, now, None, is_whole=options.whole)
    with wiring.open_for_questions() as warehouse:
        return explain_source(source, context.config.wallet, now, warehouse.reading, is_whole=options.whole)


def _import(options: Namespace, warehouse: Warehouse, context: Context) -> int:
    with progress_shown() as progress:
        report = ingest(
            warehouse,
            options.paths,
            context,
            who=getuser(),
            source=wiring.COMMAND_LINE,
            progress=progress,
            require_caller=require_caller,
            replaces=ReplacedDays(options.replaces[0], options.replaces[1], options.agent) if options.replaces else None,
            again=options.again,
        )
    answer = report.to_answer()
    if options.rejects:
        answer = _with_rejects(answer, write_rejects(warehouse, report.import_ids, options.rejects))
    print_answer(answer, options)
    return INPUT_AT_FAULT if report.left_out else ANSWERED


def _learn(options: Namespace, context: Context) -> int:
    """Propose how to read a file and, on a yes, import it that way and save the profile in app.yaml."""
    wishes = Wishes(
        dict(options.fields), options.unit, Decimal(options.rate) if options.rate else None, options.like, options.name
    )
    return _import_as(propose_profile(options.paths[0], context, wishes), options, context)


def _is_one_plain_file(options: Namespace) -> bool:
    """Whether just one file is imported, so that a proposal may be shown."""
    return len(options.paths) == 1 and options.paths[0].is_file() and not (options.undo or options.again or options.replaces)


def _learn_instead(options: Namespace, context: Context, refused: ExportError) -> int:
    """Propose how to read a refused file, if somebody can say yes. Raises: ExportError, naming the command, otherwise."""
    path = options.paths[0]
    proposal = propose_instead(path, context, refused)
    if not (options.yes or can_ask()):
        raise ExportError(refused_with_remedy(str(refused), path))
    return _import_as(proposal, options, context)


def _import_as(proposal: Proposal, options: Namespace, context: Context) -> int:
    """Show a proposal and, on a yes, import the file that way."""
    print_answer(proposal.answer, Namespace(**{**vars(options), "how": True}))  # a yes means that all of it was seen
    if not (options.yes or says_yes()):
        complain(
            "Nothing was imported. Add --yes to import it as shown; with --learn, --map FIELD=COLUMN, --unit and --like change "
            "how "
            "it is read."
        )
        return ANSWERED
    if proposal.is_needed:
        context = _keep_profile(options, context, proposal.profile)
    with wiring.open_for_writing() as warehouse, importing(warehouse, lambda: context, lambda: datetime.now(UTC)):
        return _import(options, warehouse, context)


def refused_with_remedy(refusal: str, path: Path) -> str:
    """Return a refusal that names the command which proposes how to read the file."""
    return refusal if "--learn" in refusal else f"{refusal} Or see how it could be read: agentcost import --learn {path.name}."


def says_yes() -> bool:
    """Ask for confirmation on a terminal; elsewhere the answer is no."""
    return can_ask() and input("Import it like this? [y/N] ").strip().lower() in {"y", "yes"}


def _keep_profile(options: Namespace, context: Context, profile: GenericProfile) -> Context:
    """Save a profile in app.yaml, or print its lines if that is not possible, and return the new context."""
    settings = context.config.wallet
    if profile in settings.profiles:
        return context
    path = locations.config_path(options.config) or locations.DEFAULT_CONFIG
    try:
        add_profile(path, profile)
        complain(f"Wrote the profile {profile.name} into {path}.")
    except InputError as trouble:
        complain(
            f"{trouble} Put these lines there, so that the next file like this is read the same:\n\n{profile_lines(profile)}"
        )
    wallet = settings._replace(profiles=(*settings.profiles, profile))
    return replace(context, config=context.config._replace(wallet=wallet))


def _with_rejects(answer: Answer, written: Sequence[Path]) -> Answer:
    """Return the report with a note on where the rejected rows are."""
    named = " and ".join(map(str, written))
    told = f"The rejected rows are in {named}: fix them there and import {'it' if len(written) == 1 else 'them'}."
    note = Note("warning", told if written else "No row was rejected, so no file of rejected rows is written.")
    return replace(answer, notes=(note, *answer.notes))


def _explain(options: Namespace, settings: WalletSettings) -> int:
    for path in options.paths:
        print_answer(explain_file(path, settings), options)
    return ANSWERED


@contextmanager
def progress_shown() -> Iterator[Progress | None]:
    """Give a function that draws a bar with rows per second on a terminal; elsewhere nothing is drawn."""
    terminal = console().err
    if not terminal.isatty():
        yield None
        return
    started = time.monotonic()

    def draw(done: int, total: int | None) -> None:
        rate = done / max(time.monotonic() - started, 0.001)
        terminal.write(CLEAR_LINE + progress_line(done, total, rate))
        terminal.flush()

    try:
        yield draw
    finally:
        terminal.write(CLEAR_LINE)


def require_caller() -> None:
    """Raise KeyboardInterrupt if the caller is gone, so that the current file is not stored."""
    if console().has_gone():
        raise KeyboardInterrupt


def progress_line(done: int, total: int | None, rows_per_second: float) -> str:
    """Return an import's progress; the total is an estimate, or None while unknown."""
    speed = f"{rows_per_second:,.0f} rows/s"
    if not total:
        return f"{group_digits(done)} rows, {speed}"
    filled = min(BAR_WIDTH, BAR_WIDTH * done // total)
    return f"{'█' * filled}{'░' * (BAR_WIDTH - filled)} {group_digits(done)} of about {group_digits(total)} rows, {speed}"
