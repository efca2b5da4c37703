"""`import`: exports into the warehouse, with how far it is on the way and a report in the end."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from getpass import getuser
from typing import TYPE_CHECKING

from bot import wiring
from bot.cli import ANSWERED, INPUT_AT_FAULT, show
from core.audit import Deed, note
from core.wallet.alerts.deciding import decide
from core.wallet.explaining import explain_file
from core.wallet.importer import import_files

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterator

    from core.questions.context import Context
    from core.wallet.settings import WalletSettings
    from core.warehouse import Session

    Progress = Callable[[int, int | None], None]

BAR_WIDTH = 30
CLEAR_LINE = "\r\x1b[K"


def run(options: Namespace) -> int:
    """Import the files, or explain how they would be read; print the report."""
    context = wiring.context(options.config)
    settings = context.config.wallet
    if options.explain:
        return _explain(options, settings)
    with wiring.opened_warehouse() as warehouse, progress_shown() as progress:
        report = import_files(warehouse, options.paths, settings, progress=progress, before_commit=_deciding(context))
    show(report.to_answer(), as_json=options.json)
    return INPUT_AT_FAULT if any(file.outcome == "refused" for file in report.files) else ANSWERED


def _deciding(context: Context) -> Callable[[Session], None]:
    """Return what each file's transaction does before it commits: decide what is news, and note who imported."""

    def before_commit(session: Session) -> None:
        now = datetime.now(UTC)
        decide(session, context, now)
        file_name = str(session.query("newest_import")[0]["file_name"])
        note(session, Deed(now, getuser(), "imported", file_name, wiring.COMMAND_LINE))

    return before_commit


def _explain(options: Namespace, settings: WalletSettings) -> int:
    for path in options.paths:
        show(explain_file(path, settings), as_json=options.json)
    return ANSWERED


@contextmanager
def progress_shown() -> Iterator[Progress | None]:
    """Give what draws a bar with rows per second on a terminal; elsewhere nothing is drawn."""
    if not sys.stderr.isatty():
        yield None
        return
    started = time.monotonic()

    def draw(done: int, total: int | None) -> None:
        rate = done / max(time.monotonic() - started, 0.001)
        sys.stderr.write(CLEAR_LINE + progress_line(done, total, rate))
        sys.stderr.flush()

    try:
        yield draw
    finally:
        sys.stderr.write(CLEAR_LINE)


def progress_line(done: int, total: int | None, rows_per_second: float) -> str:
    """Return how far an import is; the total is an estimate, or None while unknown."""
    speed = f"{rows_per_second:,.0f} rows/s"
    if not total:
        return f"{done:,} rows, {speed}"
    filled = min(BAR_WIDTH, BAR_WIDTH * done // total)
    return f"{'█' * filled}{'░' * (BAR_WIDTH - filled)} {done:,} of about {total:,} rows, {speed}"
