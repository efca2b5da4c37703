"""Recognises a delivered file: what it is, what its columns are, how its values are written; and stages its rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from itertools import islice
from typing import TYPE_CHECKING

from core.errors import ExportError
from core.wallet.ingest.conversion import NormalizedTable, prepare_quickly, prepare_tables
from core.wallet.ingest.format_detection import DetectedFormat, decide
from core.wallet.ingest.profiles import REASON_HEADER, ProfileMatch, recognise
from core.wallet.ingest.progress import Progress, following
from core.wallet.ingest.rejects import may_be_read, rejected_rows
from core.wallet.ingest.staging import Staged, has_totals, is_their_total, relation, stage
from core.wallet.ingest.tables import records
from core.warehouse import StatementError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.config import WalletSettings
    from core.wallet.ingest.source_file import SourceFile
    from core.warehouse import Session

MAX_FAULTS = 200


NOT_OF_READING = frozenset(
    {"time_zone", "max_expanded_bytes", "department_tags", "use_case_tags", "drawdown", "grain_tolerance_percent"}
)
"""Settings that only affect rollups: a change rebuilds them without reading files again."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """A recognised file: its table, what its columns are, and how its values are written.

    source_sha256: of the file that the table was read from, which may hold several tables.
    """

    delivered: SourceFile
    prepared: NormalizedTable
    match: ProfileMatch
    reading: DetectedFormat
    staged: Staged
    source_sha256: str = ""

    @property
    def rows_read(self) -> int:
        """All rows, including those that could not be read."""
        return self.staged.rows + len(self.prepared.faults)

    def first_lines(self, count: int) -> list[int]:
        """Return where in the file the first rows are that could be cut into cells, in the order of the staged ones."""
        prepared = self.prepared
        good = (r for r in records(prepared.path, prepared.delimiter, prepared.column_count) if not r.fault)
        return [int(record.fields[0]) if prepared.has_lines else record.line for record in islice(good, count)]


def recognize(
    session: Session, delivered: SourceFile, spool: Path, settings: WalletSettings, progress: Progress | None = None
) -> Iterator[ImportPlan]:
    """Recognise a file's tables, decide how each is written, and stage its rows; a table is staged until the next is asked for.

    A file that DuckDB reads without a fault is used as it is; any other is cleaned first, value by value. Raises: ExportError, if
    it cannot be recognised.
    """
    quick = _understood_quickly(session, delivered, spool, settings, progress)
    if quick:
        yield quick
        return
    tables, unread = prepare_tables(delivered, spool, session, settings)
    for number, prepared in enumerate(tables):
        match = recognise(prepared.name, prepared.headers, settings)
        reading, staged = _stage(session, prepared, match, settings, progress)
        if progress:
            progress(staged.rows, staged.rows)
        is_last = number == len(tables) - 1
        digest = sha256(f"{delivered.sha256}/{number}".encode()).hexdigest()
        # The file counts as imported with its last table, so a kill between two of them loses none.
        part = delivered if is_last else replace(delivered, sha256=digest, container_sha256=digest)
        noted = replace(prepared, notes=(*prepared.notes, *unread)) if is_last else prepared
        yield ImportPlan(part, noted, match, reading, staged, delivered.sha256)


def _understood_quickly(
    session: Session, delivered: SourceFile, spool: Path, settings: WalletSettings, progress: Progress | None
) -> ImportPlan | None:
    """Return the file as DuckDB reads it, None if it has a fault or a possible total."""
    prepared = prepare_quickly(delivered, spool, session, settings)
    if prepared is None or prepared.faults or REASON_HEADER in prepared.headers:  # rejected rows lose their text marks
        return None
    try:
        match = recognise(prepared.name, prepared.headers, settings)
        reading, staged = _stage(session, prepared, match, settings, progress)
    except (StatementError, ExportError):
        return None
    if prepared.total and (staged.faulty or not is_their_total(session, match, reading, prepared.total)):
        return None
    if has_totals(session, match) or staged.bare_days or (staged.faulty and _may_be_mended(session, prepared, match)):
        return None
    if progress:
        progress(staged.rows, staged.rows)
    return ImportPlan(delivered, prepared, match, reading, staged, delivered.sha256)


def _may_be_mended(session: Session, prepared: NormalizedTable, match: ProfileMatch) -> bool:
    """Whether our own reader may read what DuckDB could not; with many faults it is worth a try in any case."""
    faults = list(islice(rejected_rows(session, prepared, match), MAX_FAULTS + 1))
    return len(faults) > MAX_FAULTS or any(may_be_read(fault, prepared, match) for fault in faults)


def _stage(
    session: Session, prepared: NormalizedTable, match: ProfileMatch, settings: WalletSettings, progress: Progress | None
) -> tuple[DetectedFormat, Staged]:
    reading = decide(prepared, match, match.settings(settings), session, relation(prepared))
    with following(session, prepared.path, progress):
        return reading, stage(session, prepared, match, reading, settings)


def reading_key(settings: WalletSettings) -> str:
    """Return, as one text, the version and the settings that decide how a file is read."""
    said = {name: value for name, value in settings._asdict().items() if name not in NOT_OF_READING}
    return json.dumps([_version(), said], default=_plain, sort_keys=True, ensure_ascii=False)


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)


@cache
def _version() -> str:
    return version("agentcost")
