"""`import`: exports into the warehouse, with how far it is on the way and a report in the end."""

from __future__ import annotations

import time
from contextlib import contextmanager
from getpass import getuser
from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import console
from bot.cli.runner import ANSWERED, INPUT_AT_FAULT, print_answer
from core.errors import InputError
from core.ingestion import ingest, take_back
from core.wallet.ingest import explain_file

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterator

    from core.config import WalletSettings
    from core.context import Context

    Progress = Callable[[int, int | None], None]

BAR_WIDTH = 30
CLEAR_LINE = "\r\x1b[K"


def run(options: Namespace) -> int:
    """Import the files, explain how they would be read, or take imports back; print what came of it."""
    context = wiring.context(options.config)
    if options.undo:
        return _undo(options, context)
    if not options.paths:
        raise InputError("Name the files to import: agentcost import FILE… `agentcost imports` lists what came in.")
    if options.explain:
        return _explain(options, context.config.wallet)
    with wiring.open_for_writing() as warehouse, progress_shown() as progress:
        report = ingest(
            warehouse,
            options.paths,
            context,
            who=getuser(),
            source=wiring.COMMAND_LINE,
            progress=progress,
            require_caller=require_caller,
        )
    print_answer(report.to_answer(), as_json=options.json)
    return INPUT_AT_FAULT if report.left_out else ANSWERED


def _undo(options: Namespace, context: Context) -> int:
    if options.paths or options.explain:
        raise InputError("--undo takes imports back, so it goes with no FILE and no --explain: agentcost import --undo N.")
    with wiring.open_for_questions() as warehouse:
        undone = take_back(
            warehouse, options.undo, context, who=getuser(), source=wiring.COMMAND_LINE, require_caller=require_caller
        )
    print_answer(undone.to_answer(context.as_of), as_json=options.json)
    return ANSWERED


def _explain(options: Namespace, settings: WalletSettings) -> int:
    for path in options.paths:
        print_answer(explain_file(path, settings), as_json=options.json)
    return ANSWERED


@contextmanager
def progress_shown() -> Iterator[Progress | None]:
    """Give what draws a bar with rows per second on a terminal; elsewhere nothing is drawn."""
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
    """Raise KeyboardInterrupt where the caller has gone, so that the file at hand does not land."""
    if console().has_gone():
        raise KeyboardInterrupt


def progress_line(done: int, total: int | None, rows_per_second: float) -> str:
    """Return how far an import is; the total is an estimate, or None while unknown."""
    speed = f"{rows_per_second:,.0f} rows/s"
    if not total:
        return f"{done:,} rows, {speed}"
    filled = min(BAR_WIDTH, BAR_WIDTH * done // total)
    return f"{'█' * filled}{'░' * (BAR_WIDTH - filled)} {done:,} of about {total:,} rows, {speed}"
