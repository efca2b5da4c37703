"""Exports into the warehouse, however they came: what is news is decided, and who imported noted, with each file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.audit import Deed, note
from core.questions.forecast_levels import forecaster
from core.wallet.alerts.deciding import decide
from core.wallet.importer import import_files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from core.questions.context import Context
    from core.wallet.progress import Progress
    from core.wallet.report import ImportReport
    from core.warehouse import Session, Warehouse


def take_in(  # noqa: PLR0913 - files, and who brings them from where
    warehouse: Warehouse,
    paths: Sequence[Path],
    context: Context,
    *,
    who: str,
    source: str,
    progress: Progress | None = None,
    require_caller: Callable[[], None] | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ImportReport:
    """Import files and report what came of each; see `import_files`.

    Alerts and their messages are decided in each file's transaction. who, source: for the audit. require_caller: called
    before a file lands; what it raises keeps the file out. Raises: ExportError, MachineError.
    """

    def before_commit(session: Session) -> None:
        if require_caller:
            require_caller()
        now = clock()
        decide(session, context, now, forecast=forecaster(session, context))
        note(session, Deed(now, who, "imported", str(session.query("newest_import")[0]["file_name"]), source))

    return import_files(warehouse, paths, context.config.wallet, progress=progress, before_commit=before_commit)
