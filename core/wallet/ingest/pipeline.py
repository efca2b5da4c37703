"""Exports into the warehouse: each file in one transaction, wholly or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.errors import ExportError
from core.wallet.ingest import merge
from core.wallet.ingest.load import count_rejects, load_file
from core.wallet.ingest.recognition import recognize
from core.wallet.ingest.rejects import rejected_rows
from core.wallet.ingest.report import FileReport, ImportReport, Reconciliation
from core.wallet.ingest.rollups import rebuild_if_settings_changed
from core.wallet.ingest.source_file import Foreign, SourceFile, find_files, kind_of, name_of, sha256_of, spool_file, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from core.config import WalletSettings
    from core.wallet.ingest.progress import Progress
    from core.wallet.ingest.recognition import ImportPlan
    from core.warehouse import Session, Warehouse


@dataclass(frozen=True, slots=True)
class _Run:
    """What every file of an import needs."""

    warehouse: Warehouse
    settings: WalletSettings
    progress: Progress | None
    before_commit: Callable[[Session], None] | None


def import_files(
    warehouse: Warehouse,
    paths: Sequence[str | Path],
    settings: WalletSettings,
    *,
    progress: Progress | None = None,
    before_commit: Callable[[Session], None] | None = None,
) -> ImportReport:
    """Import files, folders and `-` (standard input), and report what came of each file.

    A file that was imported before is not read again. Of several files some may be refused while others land.
    progress: called with rows done and rows in all (None while unknown) of the file at hand.
    before_commit: called inside each file's transaction, after its checks.
    Raises: ExportError, if there was but one file and it is refused; MachineError, if a check fails.
    """
    wanted, passed_over = find_files(paths)
    rebuild_if_settings_changed(warehouse, settings)
    run = _Run(warehouse, settings, progress, before_commit)
    files = [report for path in wanted for report in _import_path(run, path)]
    if len(files) == 1 and files[0].outcome == "refused":
        raise ExportError(files[0].reason)
    return ImportReport(
        imported_on=datetime.now(UTC).date(),
        files=tuple(files),
        data_through=_data_through(warehouse),
        reconciliations=_reconciliations(warehouse),
        passed_over=tuple(map(str, passed_over)),
    )


def _import_path(run: _Run, path: Path) -> Iterator[FileReport]:
    """Give a report for the file, or for each file in an archive; a refusal is a report too."""
    name = name_of(path)
    left_out: list[str] = []
    reports: list[FileReport] = []
    with run.warehouse.spool() as spool:
        try:
            for delivery in _deliveries(run, name, path, spool):
                if isinstance(delivery, Foreign):
                    left_out.append(f"Left out: {delivery.reason}")
                else:
                    reports += [delivery] if isinstance(delivery, FileReport) else _import_or_refuse(run, delivery, spool)
        except ExportError as refusal:  # what landed before stays
            reports.append(FileReport(name, "refused", reason=str(refusal)))
    if left_out and not reports:
        reports.append(FileReport(name, "refused", reason=" ".join([f"{name} holds no export.", *left_out])))
    yield from (replace(report, notes=(*report.notes, *left_out)) if nth == 0 else report for nth, report in enumerate(reports))


def _import_or_refuse(run: _Run, delivered: SourceFile, spool: Path) -> list[FileReport]:
    """Return a report for each table of the file."""
    reports: list[FileReport] = []
    try:
        reports.extend(_import_tables(run, delivered, spool))
    except ExportError as refusal:
        reports.append(FileReport(delivered.name, "refused", reason=str(refusal)))
    return reports


def _deliveries(run: _Run, name: str, path: Path, spool: Path) -> Iterator[SourceFile | Foreign | FileReport]:
    source = spool_file(path, spool)
    sha256 = sha256_of(source)
    is_single = kind_of(name, source) not in {"zip", "tar"}
    with run.warehouse.reading() as session:
        known = _find_earlier_report(session, name, sha256) if is_single else None
    if known:
        yield known
    else:
        yield from unpack(name, source, sha256, spool, run.settings.max_expanded_bytes)


def _find_earlier_report(session: Session, name: str, sha256: str) -> FileReport | None:
    """Return the report of a file whose content came in before."""
    found = session.query("imported_file", sha256=sha256)
    if not found:
        return None
    entry = found[0]
    return FileReport(
        name,
        "already imported",
        profile=entry["profile"],
        rows_read=entry["rows_read"],
        rows_same=entry["rows_read"] - entry["rows_rejected"],
        rejected=count_rejects(session, name, entry["import_id"]),
        data_through=entry["data_through"],
        notes=(f"imported before, on {entry['imported_at']:%Y-%m-%d %H:%M} UTC; it was not read again.",),
    )


def _import_tables(run: _Run, delivered: SourceFile, spool: Path) -> Iterator[FileReport]:
    with run.warehouse.reading() as session:
        known = _find_earlier_report(session, delivered.name, delivered.sha256)
        if known:
            yield known
            return
        for plan in recognize(session, delivered, spool, run.settings, run.progress):
            yield _import_table(run, session, plan, spool)


def _import_table(run: _Run, session: Session, plan: ImportPlan, spool: Path) -> FileReport:
    _require_sense(plan, session)
    rejects = list(rejected_rows(session, plan.prepared, plan.match))
    identity = merge.assign_ids(session, plan.match)
    with run.warehouse.transaction(session):
        known = _find_earlier_report(session, plan.prepared.name, plan.delivered.sha256)
        if known:  # another writer brought it in while we were reading, or a table of the file landed before
            return known
        report = load_file(session, plan, rejects, identity, run.settings, spool)
        if run.before_commit:
            run.before_commit(session)
    return report


def _require_sense(plan: ImportPlan, session: Session) -> None:
    """Refuse a file none of whose rows can be read."""
    if plan.rows_read and plan.staged.rows == plan.staged.faulty:
        first = next(iter(rejected_rows(session, plan.prepared, plan.match)))
        place = f"line {first.line}" + (f", column {first.column_name}" if first.column_name else "")
        raise ExportError(
            f"No row of {plan.prepared.name} makes sense as {plan.match.profile.title}: {place}: {first.reason}. "
            "Nothing was imported."
        )


def _data_through(warehouse: Warehouse) -> datetime | None:
    found = warehouse.execute("SELECT max(data_through) FROM imports")[0][0]
    return found.replace(tzinfo=UTC) if found else None


def _reconciliations(warehouse: Warehouse) -> tuple[Reconciliation, ...]:
    return tuple(
        Reconciliation(r["card"], r["environment"], r["used_credits"], r["stated_used"], r["ledger_credits"], r["stated_granted"])
        for r in warehouse.query("reconcile_import")
    )
