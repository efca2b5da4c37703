"""A delivered file understood: what it is, what its columns are, how its values are written, and its rows staged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.wallet.ingest.conversion import NormalizedTable, prepare, without_broken_rows
from core.wallet.ingest.format_detection import Reading, decide
from core.wallet.ingest.profiles import ProfileMatch, recognise
from core.wallet.ingest.progress import Progress, following
from core.wallet.ingest.staging import Staged, relation, stage
from core.warehouse import StatementError

if TYPE_CHECKING:
    from pathlib import Path

    from core.config import WalletSettings
    from core.wallet.ingest.source_file import SourceFile
    from core.warehouse import Session


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """A file understood: its table, what its columns are, and how its values are written."""

    delivered: SourceFile
    prepared: NormalizedTable
    match: ProfileMatch
    reading: Reading
    staged: Staged

    @property
    def rows_read(self) -> int:
        """All rows, also those that could not be read."""
        return self.staged.rows + len(self.prepared.faults)


def recognize(
    session: Session, delivered: SourceFile, spool: Path, settings: WalletSettings, progress: Progress | None = None
) -> ImportPlan:
    """Recognise a file, decide how it is written, and stage its rows.

    A file that is not well formed is read once more, row by row, without its broken rows.
    Raises: ExportError, if it cannot be understood.
    """
    prepared = prepare(delivered, spool, session, settings.max_expanded_bytes)
    match = recognise(prepared.name, prepared.headers, settings)
    try:
        reading, staged = _stage(session, prepared, match, settings, progress)
    except StatementError:
        prepared = without_broken_rows(prepared, spool)
        reading, staged = _stage(session, prepared, match, settings, progress)
    if progress:
        progress(staged.rows, staged.rows)
    return ImportPlan(delivered, prepared, match, reading, staged)


def _stage(
    session: Session, prepared: NormalizedTable, match: ProfileMatch, settings: WalletSettings, progress: Progress | None
) -> tuple[Reading, Staged]:
    reading = decide(prepared, match, settings, session, relation(prepared))
    with following(session, prepared.path, progress):
        return reading, stage(session, prepared, match, reading, settings)
