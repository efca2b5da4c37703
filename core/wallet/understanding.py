"""A delivered file understood: what it is, what its columns are, how its values are written, and its rows staged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.wallet.conversion import Prepared, prepare, without_broken_rows
from core.wallet.profiles import Match, recognise
from core.wallet.progress import Progress, following
from core.wallet.reading import Reading, decide
from core.wallet.staging import Staged, relation, stage
from core.warehouse import StatementError

if TYPE_CHECKING:
    from pathlib import Path

    from core.wallet.delivered import Delivered
    from core.wallet.settings import WalletSettings
    from core.warehouse import Session


@dataclass(frozen=True, slots=True)
class Plan:
    """A file understood: its table, what its columns are, and how its values are written."""

    delivered: Delivered
    prepared: Prepared
    match: Match
    reading: Reading
    staged: Staged

    @property
    def rows_read(self) -> int:
        """All rows, also those that could not be read."""
        return self.staged.rows + len(self.prepared.faults)


def understand(
    session: Session, delivered: Delivered, spool: Path, settings: WalletSettings, progress: Progress | None = None
) -> Plan:
    """Recognise a file, decide how it is written, and stage its rows.

    A file that is not well formed is read once more, row by row, without its broken rows.
    Raises: ExportError, if it cannot be understood.
    """
    prepared = prepare(delivered, spool, session, settings.max_expanded_bytes)
    match = recognise(prepared.name, prepared.headers, settings)
    try:
        reading, staged = _staged(session, prepared, match, settings, progress)
    except StatementError:
        prepared = without_broken_rows(prepared, spool)
        reading, staged = _staged(session, prepared, match, settings, progress)
    if progress:
        progress(staged.rows, staged.rows)
    return Plan(delivered, prepared, match, reading, staged)


def _staged(
    session: Session, prepared: Prepared, match: Match, settings: WalletSettings, progress: Progress | None
) -> tuple[Reading, Staged]:
    reading = decide(prepared, match, settings, session, relation(prepared))
    with following(session, prepared.path, progress):
        return reading, stage(session, prepared, match, reading, settings)
