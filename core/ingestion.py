"""Imports exports from any source: each file notes who imported it, and alerts are evaluated after the last one."""

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
    """Import files and report the result of each; see `import_files`. again: imports to read again instead; see `read_again`.

    Each file's transaction notes that alerts are due for evaluation. Within `importing`, that happens after the last file; a
    process killed before then leaves it to the next one that checks. who, source: for the audit. require_caller: called before a
    file is stored; if it raises, the file is rejected. Raises: ExportError, MachineError.
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
    """Import what is new in a source and report the result; see `import_source`, and `ingest` for the rest.

    place: the origin, for the audit.
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
    """Return the audit note for an imported file."""
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
    """Undo imports, completely or not at all, and return what that changed; see `undo_imports`.

    Alerts are evaluated afterwards, as after an import: a reported level that is no longer reached is reported as
    recovered, and unsent messages are withdrawn. who, source: for the audit. Raises: ExportError, MachineError.
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
    """Evaluate alerts once when the block ends, if anything was imported meanwhile.

    If blocks run concurrently or nested, the last one to end evaluates, so that nothing is reported that was true
    only between two files. makes_up: also make up for evaluations that a killed process left due. A failed evaluation
    does not undo the imports: it is logged, and the evaluation stays due.
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
    """Evaluate alerts, unless an import is running, which evaluates at its end anyway.

    Return why the clock cannot be trusted, in which case nothing was evaluated; None if it can.
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
