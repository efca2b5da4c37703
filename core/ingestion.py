"""Exports into the warehouse, however they came: who imported is noted with each file; after the last, what is news."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.alerts.evaluation import evaluate_alerts
from core.alerts.evaluation_due import doubt_of_clock, is_due, mark_due
from core.error_log import log_error
from core.questions.forecasting import spending_forecast
from core.questions.forecasting.threshold_forecast import forecaster
from core.wallet.imports import undo_imports
from core.wallet.ingest.pipeline import import_files, read_again
from core.wallet.sources import import_source
from core.warehouse.audit_log import AuditEntry, append

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from core.config import SourceSettings
    from core.context import Context
    from core.wallet.deliveries import ReplacedDays
    from core.wallet.imports import Undone
    from core.wallet.ingest.progress import Progress
    from core.wallet.ingest.report import FileReport, ImportReport
    from core.warehouse.database import Session, Warehouse

LOG = logging.getLogger("agentcost.news")

_under_way: Counter[Path] = Counter()
_landed: set[Path] = set()
_counting = threading.Lock()


def ingest(  # noqa: PLR0913 - files, and who brings them from where
    warehouse: Warehouse,
    paths: Sequence[Path],
    context: Context,
    *,
    who: str,
    source: str,
    progress: Progress | None = None,
    require_caller: Callable[[], None] | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    replaces: ReplacedDays | None = None,
    again: Sequence[int] = (),
) -> ImportReport:
    """Import files and report what came of each; see `import_files`. again: imports to read anew instead; see `read_again`.

    Each file's transaction notes that deciding what is news is due. Within `importing` that is done after the last file;
    whoever is killed before leaves it to the next who looks. who, source: for the audit. require_caller: called before a
    file lands; what it raises keeps the file out. Raises: ExportError, MachineError.
    """

    def before_commit(session: Session, report: FileReport) -> None:
        if require_caller:
            require_caller()
        mark_due(session)
        _landed.add(warehouse.path)
        append(session, AuditEntry(clock(), who, "imported", _imported(report.name, replaces, again), source))

    settings = context.config.wallet
    with importing(warehouse, lambda: context, clock, makes_up=True):
        if again:
            return read_again(warehouse, again, settings, progress=progress, before_commit=before_commit)
        return import_files(warehouse, paths, settings, progress=progress, before_commit=before_commit, replaces=replaces)


def ingest_source(  # noqa: PLR0913 - a source, and who brings it in from where
    warehouse: Warehouse,
    source: SourceSettings,
    context: Context,
    *,
    who: str,
    place: str,
    require_caller: Callable[[], None] | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    is_whole: bool = False,
) -> ImportReport:
    """Import what is new in a source and report what came of it; see `import_source`, and `ingest` for the rest.

    place: where from, for the audit.
    """

    def before_commit(session: Session, report: FileReport) -> None:
        if require_caller:
            require_caller()
        mark_due(session)
        _landed.add(warehouse.path)
        append(session, AuditEntry(clock(), who, "imported", f"{report.name}, all days" if is_whole else report.name, place))

    with importing(warehouse, lambda: context, clock, makes_up=True):
        return import_source(warehouse, source, context.config.wallet, clock(), is_whole=is_whole, before_commit=before_commit)


def _imported(name: str, replaces: ReplacedDays | None, again: Sequence[int]) -> str:
    """Return what is noted of a file that came in."""
    if replaces:
        agent = f" of agent {replaces.agent}" if replaces.agent else ""
        return f"{name}, the truth for {replaces.first_day} to {replaces.last_day}{agent}"
    return f"{name}, read again" if again else name


def take_back(  # noqa: PLR0913 - imports, and who takes them back where
    warehouse: Warehouse,
    import_ids: Sequence[int],
    context: Context,
    *,
    who: str,
    source: str,
    require_caller: Callable[[], None] | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Undone:
    """Take imports back, wholly or not at all, and return what that changed; see `undo_imports`.

    What is news is decided afterwards as after an import: a level that was told and is not reached any more is told as
    recovered, what was not sent yet is withdrawn. who, source: for the audit. Raises: ExportError, MachineError.
    """

    def before_commit(session: Session, undone: Undone) -> None:
        if require_caller:
            require_caller()
        mark_due(session)
        _landed.add(warehouse.path)
        for one in undone.imports:
            append(session, AuditEntry(clock(), who, "undone", f"import {one.import_id}, {one.file_name}", source))

    with importing(warehouse, lambda: context, clock, makes_up=True):
        settings = context.config.wallet
        return undo_imports(warehouse, import_ids, settings, who=who, now=clock(), before_commit=before_commit)


@contextmanager
def importing(
    warehouse: Warehouse, context: Callable[[], Context], clock: Callable[[], datetime], *, makes_up: bool = False
) -> Iterator[None]:
    """Decide once what is news when the block ends, if anything came in meanwhile.

    Of blocks that run side by side or in one another the last to end decides, so that nothing is told that was true
    only between two files. makes_up: also decide what somebody who was killed left to be decided. Trouble in deciding
    does not take the files back: it is logged, and deciding stays due.
    """
    with _counting:
        _under_way[warehouse.path] += 1
    try:
        with warehouse.importing():
            yield
    finally:
        with _counting:
            _under_way[warehouse.path] -= 1
            has_landed = warehouse.path in _landed
            if not _under_way[warehouse.path]:
                _landed.discard(warehouse.path)
        if has_landed or makes_up:
            try:
                if doubt := evaluate(warehouse, context(), clock(), only_if_due=True):
                    LOG.warning("%s", doubt)
            except Exception as error:  # noqa: BLE001 - the files are in; what is news is decided at the next look
                log_error(error, LOG)


def evaluate(warehouse: Warehouse, context: Context, now: datetime, *, only_if_due: bool = False) -> str | None:
    """Decide what is news, unless files are coming in just now, after which it is decided anyway.

    Return why the clock cannot be believed, so that nothing was decided; None where it can.
    """
    with _counting:
        if _under_way[warehouse.path]:
            return None
    with warehouse.reading() as session:
        if only_if_due and not is_due(session):
            return None
    with warehouse.without_imports() as is_free:
        return _decide(warehouse, context, now) if is_free else None


def _decide(warehouse: Warehouse, context: Context, now: datetime) -> str | None:
    with warehouse.writing() as session:
        doubt = doubt_of_clock(session, now)
        if not doubt:
            evaluate_alerts(session, context, now, forecast=forecaster(session, context), spending=spending_forecast(context))
    return doubt
