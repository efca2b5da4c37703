"""What is old enough to go: events into sums, kept exports and the text of rejected rows away, as app.yaml says."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from core.alerts import doubt_of_clock
from core.answer import group_digits
from core.errors import InputError
from core.records import NamedTuple
from core.wallet.deliveries import exports_folder
from core.wallet.imports import Folded, count_foldable, fold_old_rows
from core.wallet.ingest import rebuild_if_settings_changed
from core.warehouse import append, queries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.config import Config
    from core.warehouse import AuditEntry, Session, Warehouse


class Retained(NamedTuple):
    """What went, or would go. folded: None where events are kept. exports: files. rejected: rows whose text is emptied."""

    folded: Folded | None
    exports: tuple[Path, ...]
    rejected: int

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is old enough."""
        return not (self.exports or self.rejected or (self.folded and (self.folded.rows or self.folded.people)))


def apply_retention(
    warehouse: Warehouse, config: Config, folders: tuple[Path, ...], decided: AuditEntry, *, dry_run: bool = False
) -> Retained:
    """Fold and delete what is older than app.yaml says, and return what that was; without a word there, nothing.

    folders: where the service keeps exports. decided: who asks, and when; what it is about is filled in.
    Raises: InputError, where the clock cannot be believed; ExportError; MachineError, if a figure would change: then nothing did.
    """
    settings, now = config.retention, decided.at
    with warehouse.reading() as session:
        if settings.is_on and (doubt := doubt_of_clock(session, now)):
            raise InputError(f"Nothing is folded or deleted. {doubt}")
        before = first_open_day(session, config, now)
        exports = tuple(_old_exports(session, warehouse.path, config, folders, now))
        if dry_run:
            folded = count_foldable(session, before, pseudonymises=settings.pseudonymises) if before else None
            return Retained(folded, exports, sum(row.row_count for row in _old_rejects(session, config, now)))
    if before:
        rebuild_if_settings_changed(warehouse, config.wallet)
    with warehouse.writing() as session:
        folded = fold_old_rows(session, config.wallet, before, pseudonymises=settings.pseudonymises) if before else None
        rejected = _old_rejects(session, config, now)
        for row in rejected:
            session.run("empty_rejects", import_id=row.import_id)
        done = Retained(folded, exports, sum(row.row_count for row in rejected))
        for about in _deeds(done):
            append(session, decided._replace(what="deleted", about=about))
    for path in exports:
        path.unlink(missing_ok=True)
    return done


def first_open_day(session: Session, config: Config, now: datetime) -> date | None:
    """Return the first day whose events are kept as they are; None where all are.

    Counted from the newest data where that is older than now: a clock that is wrong folds nothing early.
    """
    through = session.row(queries.NewestDataRow).data_through
    if config.retention.events is None or through is None:
        return None
    return min(now, through).astimezone(config.zone).date() - timedelta(days=config.retention.events)


def _old_exports(session: Session, warehouse: Path, config: Config, folders: tuple[Path, ...], now: datetime) -> Iterator[Path]:
    """Yield the kept exports that are too old: by when they were imported, or by when they were put away."""
    if config.retention.exports is None:
        return
    age = timedelta(days=config.retention.exports)
    imported = {row.container_sha256: row.imported_at for row in session.rows(queries.ExportsByAgeRow)}
    for path in _files(exports_folder(warehouse)):
        if path.name in imported and now - imported[path.name] > age:
            yield path
    for path in (file for folder in folders for file in _files(folder)):
        found = path.stat()
        if now.timestamp() - max(found.st_mtime, found.st_ctime) > age.total_seconds():  # renaming changes the latter
            yield path


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def _old_rejects(session: Session, config: Config, now: datetime) -> list[queries.RejectsBeforeRow]:
    """Return the imports the text of whose rejected rows is too old."""
    if config.retention.exports is None:
        return []
    return session.rows(queries.RejectsBeforeRow, before=now - timedelta(days=config.retention.exports))


def _deeds(done: Retained) -> Iterator[str]:
    """Yield what is written down of what went."""
    if done.folded and (done.folded.rows or done.folded.people):
        people = f", {group_digits(done.folded.people)} people by pseudonyms" if done.folded.people else ""
        yield f"{group_digits(done.folded.rows)} events and sessions before {done.folded.before}, folded into sums{people}"
    if done.exports:
        yield f"{group_digits(len(done.exports))} kept exports"
    if done.rejected:
        yield f"the text of {group_digits(done.rejected)} rejected rows"
