"""Imports exports into the warehouse: each file in one transaction, completely or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.errors import ExportError
from core.pseudonyms import Pseudonyms
from core.wallet.deliveries import drop_exports, keep_export, kept_export, prune_exports, replaced_days_of, require_unfolded
from core.wallet.ingest import merge
from core.wallet.ingest.load import Arrival, count_rejects, load_file
from core.wallet.ingest.recognition import reading_key, recognize
from core.wallet.ingest.rejects import rejected_rows
from core.wallet.ingest.removal import find_import, take_out
from core.wallet.ingest.report import FileReport, ImportReport, Reconciliation, join_changes
from core.wallet.ingest.rollups import rebuild_if_settings_changed
from core.wallet.ingest.source_file import Foreign, SourceFile, find_files, kind_of, name_of, sha256_of, spool_file, unpack
from core.wallet.ingest.values import remedy_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from core.config import WalletSettings
    from core.wallet.deliveries import ReplacedDays
    from core.wallet.ingest.progress import Progress
    from core.wallet.ingest.recognition import ImportPlan
    from core.wallet.ingest.rejects import RejectedRow
    from core.warehouse import Session, Warehouse


@dataclass(frozen=True, slots=True)
class _Run:
    """What every file of an import needs."""

    warehouse: Warehouse
    settings: WalletSettings
    progress: Progress | None
    before_commit: Callable[[Session, FileReport], None] | None
    replaces: ReplacedDays | None = None
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class _Container:
    """A file on disk, and its content in the spool."""

    name: str
    path: Path
    sha256: str


def import_files(  # noqa: PLR0913 -- files, and how they come in
    warehouse: Warehouse,
    paths: Sequence[str | Path],
    settings: WalletSettings,
    *,
    progress: Progress | None = None,
    before_commit: Callable[[Session, FileReport], None] | None = None,
    replaces: ReplacedDays | None = None,
) -> ImportReport:
    """Import files, folders and `-` (standard input), and report the outcome of each file.

    A file that was imported before is not read again, unless a setting or version that decides how it is read has changed; then
    its rows are read again and replace the old ones. Some files may be refused while others are imported. progress: called with
    rows done and total rows (None while unknown) of the current file. before_commit: called inside each file's transaction, after
    its checks. replaces: what the one file is authoritative for; a file imported before without it is read again. Raises:
    ExportError, if there was but one file and it is refused; MachineError, if a check fails.
    """
    wanted, passed_over = find_files(paths)
    if replaces and len(wanted) != 1:
        raise ExportError(f"--replaces takes one file; these are {len(wanted)}. Import them one by one.")
    rebuild_if_settings_changed(warehouse, settings)
    _drop_copies_of_the_forgotten(warehouse)
    run = _Run(warehouse, settings, progress, before_commit, replaces)
    files = [report for path in wanted for report in _import_path(run, path)]
    prune_exports(warehouse.path, [row["container_sha256"] for row in warehouse.query("imported_containers")])
    if len(files) == 1 and files[0].outcome == "refused":
        raise ExportError(files[0].reason)
    return report_import(warehouse, settings, files, passed_over)


def read_again(
    warehouse: Warehouse,
    import_ids: Sequence[int],
    settings: WalletSettings,
    *,
    progress: Progress | None = None,
    before_commit: Callable[[Session, FileReport], None] | None = None,
) -> ImportReport:
    """Read the kept exports of imports again, replacing what was read before, and report the outcome of each; see `import_files`.

    All tables of a file are read again together. Raises: ExportError, if there is no such import, its export is not kept, or
    there was but one and it is refused, in which case what was read before stays; MachineError, if a check fails.
    """
    rebuild_if_settings_changed(warehouse, settings)
    _drop_copies_of_the_forgotten(warehouse)
    with warehouse.reading() as session:
        sources = dict.fromkeys(_source_of(warehouse, session, import_id) for import_id in dict.fromkeys(import_ids))
    run = _Run(warehouse, settings, progress, before_commit, is_again=True)
    files = [report for container, sha256 in sources for report in _read_source(run, container, sha256)]
    if len(files) == 1 and files[0].outcome == "refused":
        raise ExportError(files[0].reason)
    return report_import(warehouse, settings, files, [])


def _drop_copies_of_the_forgotten(warehouse: Warehouse) -> None:
    """Drop kept exports if another machine that shares the warehouse has forgotten somebody since they were imported."""
    with warehouse.reading() as session:
        if not Pseudonyms(session).is_empty:
            drop_exports(warehouse.path)


def _source_of(warehouse: Warehouse, session: Session, import_id: int) -> tuple[_Container, str]:
    """Return where the export of an import is kept, and the SHA-256 of the file in it that the import was read from."""
    row = find_import(session, import_id)
    require_unfolded(session, [import_id])
    kept = kept_export(warehouse.path, row["container_sha256"])
    if kept is None or row["source_sha256"] is None or sha256_of(kept) != row["container_sha256"]:
        if session.query("source_of_import", import_id=import_id):
            raise ExportError(
                f"Import {import_id} comes from a source table. To read all of it again: agentcost import"
                f" --{row['file_name']} --whole."
            )
        raise ExportError(
            f"The export of import {import_id} ({row['file_name']}) is not kept."
            " Import the file itself again (agentcost import FILE): it is read again if a setting has changed since."
        )
    return _Container(row["source_name"], kept, row["container_sha256"]), str(row["source_sha256"])


def _read_source(run: _Run, container: _Container, sha256: str) -> Iterator[FileReport]:
    with run.warehouse.spool() as spool:
        path = spool_file(container.path, spool)
        for delivery in unpack(container.name, path, container.sha256, spool, run.settings.max_expanded_bytes):
            if not isinstance(delivery, Foreign) and delivery.sha256 == sha256:
                yield from _import_or_refuse(run, delivery, spool, container)


def report_import(
    warehouse: Warehouse, settings: WalletSettings, files: Sequence[FileReport], passed_over: Sequence[Path]
) -> ImportReport:
    """Return the report of the import, with the state of the whole wallet."""
    return ImportReport(
        imported_on=datetime.now(UTC).date(),
        files=tuple(files),
        data_through=_data_through(warehouse),
        reconciliations=_reconciliations(warehouse),
        passed_over=tuple(map(str, passed_over)),
        other_cards=_other_cards(warehouse, settings),
    )


def _other_cards(warehouse: Warehouse, settings: WalletSettings) -> tuple[str, ...]:
    """Return the cards with usage, if the default card has none."""
    cards = [row["card"] for row in warehouse.query("cards_with_use")]
    return () if settings.default_card.replace(" ", "") in cards else tuple(cards)


def _import_path(run: _Run, path: Path) -> Iterator[FileReport]:
    """Give a report for the file, or for each file in an archive; a refusal is a report too."""
    name = name_of(path)
    left_out: list[str] = []
    reports: list[FileReport] = []
    with run.warehouse.spool() as spool:
        try:
            source = spool_file(path, spool)
            container = _Container(name, source, sha256_of(source))
            for delivery in _deliveries(run, container, spool):
                if isinstance(delivery, Foreign):
                    left_out.append(f"Left out: {delivery.reason}")
                else:
                    reports += (
                        [delivery] if isinstance(delivery, FileReport) else _import_or_refuse(run, delivery, spool, container)
                    )
        except ExportError as refusal:  # what was loaded before stays
            reports.append(FileReport(name, "refused", reason=str(refusal)))
    if left_out and not reports:
        reports.append(FileReport(name, "refused", reason=" ".join([f"{name} holds no export.", *left_out])))
    yield from (replace(report, notes=(*report.notes, *left_out)) if nth == 0 else report for nth, report in enumerate(reports))


def _import_or_refuse(run: _Run, delivered: SourceFile, spool: Path, container: _Container) -> list[FileReport]:
    """Return a report for each table of the file."""
    reports: list[FileReport] = []
    try:
        reports.extend(_import_tables(run, delivered, spool, container))
    except ExportError as refusal:
        reports.append(FileReport(delivered.name, "refused", reason=str(refusal)))
    return reports


def _deliveries(run: _Run, container: _Container, spool: Path) -> Iterator[SourceFile | Foreign | FileReport]:
    is_single = kind_of(container.name, container.path) not in {"zip", "tar"}
    with run.warehouse.reading() as session:
        known = _find_earlier_report(run, session, container.name, container.sha256) if is_single else None
    if known:
        yield known
    else:
        yield from unpack(container.name, container.path, container.sha256, spool, run.settings.max_expanded_bytes)


def _find_earlier_report(run: _Run, session: Session, name: str, sha256: str) -> FileReport | None:
    """Return the report of a file whose content was imported before and would be read the same way."""
    found = session.query("imported_file", sha256=sha256)
    if not found or run.replaces or run.is_again or found[0]["read_with"] != reading_key(run.settings):
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
        import_id=entry["import_id"],
        notes=(f"imported before, on {entry['imported_at']:%Y-%m-%d %H:%M} UTC; it was not read again.",),
    )


def _import_tables(run: _Run, delivered: SourceFile, spool: Path, container: _Container) -> Iterator[FileReport]:
    with run.warehouse.reading() as session:
        known = _find_earlier_report(run, session, delivered.name, delivered.sha256)
        if known:
            yield known
            return
        earlier = session.query("imports_of_source", sha256=delivered.sha256)
        if earlier or run.replaces:
            with run.warehouse.transaction(session):
                yield from list(_import_anew(run, session, delivered, spool, container, earlier))
            return
        for plan in recognize(session, delivered, spool, run.settings, run.progress):
            ready = _prepare(session, plan)
            with run.warehouse.transaction(session):
                found = _find_earlier_report(run, session, plan.prepared.name, plan.delivered.sha256)
                # found: another writer imported it while we were reading, or a table of the file was loaded before
                yield found or _land(run, session, ready, spool, container, Arrival(reading_key(run.settings), container.name))


def _import_anew(  # noqa: PLR0913, PLR0917 -- a file, and what came of it before
    run: _Run, session: Session, delivered: SourceFile, spool: Path, container: _Container, earlier: Sequence[Mapping[str, Any]]
) -> Iterator[FileReport]:
    """Remove what was read from the file before, and load all its tables as they are read now, in one transaction.

    With other settings it stays the same import; declared authoritative for days, it is a new one.
    """
    entries = [] if run.replaces else list(earlier)
    replaced = {row["import_id"]: replaced_days_of(session, row["import_id"]) for row in entries}
    _, before = take_out(session, [row["import_id"] for row in earlier], run.settings) if earlier else ((), ())
    key, reports = reading_key(run.settings), []
    for nth, plan in enumerate(recognize(session, delivered, spool, run.settings, run.progress)):
        if run.replaces and nth:
            raise ExportError(f"{delivered.name} holds several tables, and --replaces takes one.")
        row = entries[nth] if nth < len(entries) else None
        place = Arrival(
            key,
            container.name,
            import_id=row["import_id"] if row else None,
            imported_at=row["imported_at"] if row else None,
            replaces=replaced[row["import_id"]] if row else run.replaces,
        )
        report = _land(run, session, _prepare(session, plan), spool, container, place)
        reports.append(replace(report, outcome="imported" if row is None else "read again"))
    if reports:
        reports[0] = replace(reports[0], days=join_changes(before, reports[0].days))
        yield from (_told(report, entries) for report in reports)


def _told(report: FileReport, earlier: Sequence[Mapping[str, Any]]) -> FileReport:
    """Return the report of a file that was read again, with a note if that changed nothing."""
    if report.outcome != "read again":
        return report
    was_same = not any(change.difference for change in report.days) and {row["rows_rejected"] for row in earlier} == {
        report.rows_rejected
    }
    at = f"{earlier[0]['imported_at']:%Y-%m-%d %H:%M} UTC"
    note = "read again with the current settings and version" + (": nothing is different." if was_same else ".")
    return replace(
        report,
        rows_new=0,
        rows_changed=0,
        rows_same=report.rows_new + report.rows_changed + report.rows_same,
        notes=(f"imported before, on {at}; {note}", *report.notes),
    )


@dataclass(frozen=True, slots=True)
class _Ready:
    """A staged table with the rows that cannot be read, and how the others got their ids."""

    plan: ImportPlan
    rejects: list[RejectedRow]
    named: merge.Named


def _prepare(session: Session, plan: ImportPlan) -> _Ready:
    _require_sense(plan, session)
    rejects = list(rejected_rows(session, plan.prepared, plan.match))
    return _Ready(plan, rejects, merge.assign_ids(session, plan.match, is_of_days=plan.prepared.is_of_days))


def _land(  # noqa: PLR0913, PLR0917 -- a table, and how it comes in
    run: _Run, session: Session, ready: _Ready, spool: Path, container: _Container, place: Arrival
) -> FileReport:
    report = load_file(session, ready.plan, ready.rejects, ready.named, run.settings, spool, place)
    if Pseudonyms(session).is_empty:  # an unchanged export would name people who are to be forgotten
        keep_export(run.warehouse.path, container.path, container.sha256)
    if run.before_commit:
        run.before_commit(session, report)
    return report


def _require_sense(plan: ImportPlan, session: Session) -> None:
    """Refuse a file none of whose rows can be read."""
    if plan.rows_read and plan.staged.rows == plan.staged.faulty:
        first = next(iter(rejected_rows(session, plan.prepared, plan.match)))
        place = f"line {first.line}" + (f", column {first.column_name}" if first.column_name else "")
        value = first.value(plan.match.headers)
        shown = f" ({value})" if value else ""
        raise ExportError(
            f"No row of {plan.prepared.name} can be read as {plan.match.profile.title}: {place}: {first.reason}{shown}."
            f" {remedy_of(first.reason, value)} Nothing was imported.".replace("  ", " ")
        )


def _data_through(warehouse: Warehouse) -> datetime | None:
    found = warehouse.execute("SELECT max(data_through) FROM imports")[0][0]
    return found.replace(tzinfo=UTC) if found else None


def _reconciliations(warehouse: Warehouse) -> tuple[Reconciliation, ...]:
    return tuple(
        Reconciliation(r["card"], r["environment"], r["used_credits"], r["stated_used"], r["ledger_credits"], r["stated_granted"])
        for r in warehouse.query("reconcile_import")
    )
