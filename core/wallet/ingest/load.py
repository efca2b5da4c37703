# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""A staged file into the tables, the rollups and the ledger of imports, inside a transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.answer import group_digits, number
from core.pseudonyms import Pseudonyms
from core.wallet.deliveries import (
    STAGE,
    STAGED_ROWS,
    RowTable,
    covers_sql,
    drop_stage,
    leave_out_closed,
    require_no_source,
    row_table,
)
from core.wallet.export_tables import ROLLED_UP, TABLES
from core.wallet.ingest import merge
from core.wallet.ingest.counted_grants import doubtful_grants, recount_grants
from core.wallet.ingest.names import (
    ask_for_default_card,
    learn_cards,
    lengthen_ids,
    link_cards,
    record_long_ids,
    spell_grants,
)
from core.wallet.ingest.replacement import Replacement, claim
from core.wallet.ingest.report import FileReport, Rejected, changes_of_days
from core.wallet.ingest.rollups import (
    index_tags,
    load_rows,
    require_checks,
    roll_up_interactions,
    roll_up_touched_days,
    touch_every_day,
)
from core.wallet.ingest.values import file_reasons as reasons
from core.wallet.ingest.values import remedy_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal
    from pathlib import Path

    from core.config import WalletSettings
    from core.wallet.deliveries import ReplacedDays
    from core.wallet.ingest.recognition import ImportPlan
    from core.wallet.ingest.rejects import RejectedRow
    from core.warehouse import Session

NAMED_COLUMNS = 5
MAX_NEWCOMERS = 1_000  # rows that are compared with stored rows under other ids
MIN_RENAMED = 2
MAX_REMEDIES = 3
Days = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a table is imported: as which import, and what it is declared authoritative for.

    import_id, imported_at: of an import that is read again; None for a new one. read_with: the settings and version that decide
    how it is read. source_name: the file on disk.
    """

    read_with: str
    source_name: str
    import_id: int | None = None
    imported_at: datetime | None = None
    replaces: ReplacedDays | None = None


@dataclass(frozen=True, slots=True)
class LoadContext:
    """Where a file is loaded: its table, the import number, its newest data."""

    session: Session
    plan: ImportPlan
    table: RowTable
    import_id: int
    through: datetime | None
    place: Arrival


def load_file(  # noqa: PLR0913, PLR0917 -- everything that one transaction needs
    session: Session,
    plan: ImportPlan,
    rejects: list[RejectedRow],
    named: merge.Named,
    settings: WalletSettings,
    spool: Path,
    place: Arrival,
) -> FileReport:
    """Load a staged file and return its report. named: which rows were named by their content.

    Raises: ExportError, if it cannot be authoritative for what it replaces; MachineError, if a check fails afterwards.
    """
    profile = plan.match.profile
    import_id = place.import_id or int(session.query("next_import_id")[0]["import_id"])
    table = row_table(session, profile.table, profile.newest_by)
    landing = LoadContext(session, plan, table, import_id, merge.data_through(session, profile), place)
    _enter(landing, len(rejects))
    twice = merge.keep_newest_in_file(session, table, named)
    closed = leave_out_closed(session, table.name)
    if table.name == "usage_events":
        require_no_source(session, plan.prepared.name)
    cards_changed, assumed = learn_cards(session, profile.table, settings)
    ids_changed = lengthen_ids(session, profile.table)
    forgotten = Pseudonyms(session)
    forgotten.clean_table(STAGED_ROWS)
    record_long_ids(session, profile.table, import_id)
    replacement = claim(session, place.replaces, plan, rejects, import_id, settings) if place.replaces else None
    merge.find_known(session, table, merge.DeliveryRank(landing.through, plan.delivered.sha256))
    all_days = cards_changed or ids_changed
    before, after, merged, linked = _merge_and_roll_up(landing, settings, spool, replacement, all_days=all_days)
    kept = (
        replace(entry, original_text=forgotten.clean(entry.original_text), cells=tuple(map(forgotten.clean, entry.cells)))
        for entry in rejects
    )
    load_rows(session, spool, "rejects", (entry.as_row(import_id, plan.prepared.name) for entry in kept))
    same = merged.same + merged.older + twice + closed.rows
    session.run("count_import_rows", import_id=import_id, new=merged.new, changed=merged.changed, same=same)
    if replacement:
        replacement.require_truth(session)
    report = FileReport(
        plan.prepared.name,
        "imported",
        profile=profile.name,
        rows_read=plan.rows_read,
        rows_new=merged.new,
        rows_changed=merged.changed,
        rows_same=same,
        rows_older=merged.older,
        rejected=count_rejects(session, plan.prepared.name, import_id),
        data_through=landing.through.replace(tzinfo=UTC) if landing.through else None,
        days=changes_of_days(before, after),
        readings=(*plan.prepared.readings, *plan.reading.sentences()),
        notes=(
            *_notes(landing, merged, named, rejects),
            *closed.note(),
            *plan.prepared.notes,
            *filter(None, (assumed, linked)),
            *(replacement.notes(session) if replacement else ()),
        ),
        doubts=(
            *plan.prepared.doubts,
            *closed.doubt(),
            *_contradictions(landing),
            *_late_for_the_truth(landing),
            *_alike(named),
            *_keys_that_are_none(landing),
            *_renamed_keys(landing),
            *_differing_day_sums(landing),
            *_twins(landing),
            *_of_grants(landing, settings),
            *_of_cards(landing, settings),
        ),
        cards=_cards(landing),
        import_id=import_id,
    )
    drop_stage(session)  # the checks need the memory
    require_checks(session)
    return report


def count_rejects(session: Session, file_name: str, import_id: int) -> tuple[Rejected, ...]:
    """Return what an import rejected, by reason."""
    rows = session.query("rejects_by_reason", import_id=import_id)
    return tuple(Rejected(file_name, row["column_name"], row["reason"], row["row_count"], row["first_line"]) for row in rows)


def _merge_and_roll_up(
    landing: LoadContext, settings: WalletSettings, spool: Path, replacement: Replacement | None, *, all_days: bool
) -> tuple[Days, Days, merge.Merged, str]:
    """Return the touched days' credits before and after, the outcome of the rows, and which cards turned out to be one."""
    session, profile = landing.session, landing.plan.match.profile
    if profile.table not in ROLLED_UP:
        merged = merge.merge(session, landing.table, landing.import_id)
        if replacement:
            replacement.settle_others(session)
        if profile.table == "ai_usage":
            roll_up_interactions(session)
        else:
            spell_grants(session)
        if profile.table == "entitlements":
            recount_grants(session, settings)
        return [], [], merged, ""
    if profile.table == "usage_events":
        index_tags(session, settings, spool)
    merged = merge.merge(session, landing.table, landing.import_id)
    if replacement:
        replacement.settle_others(session)
    before = session.query("touched_day_credits")
    is_linked_anew, linked = link_cards(session, settings)
    if all_days or is_linked_anew:
        touch_every_day(session)
    roll_up_touched_days(session, settings)
    return before, session.query("touched_day_credits"), merged, linked


def _enter(landing: LoadContext, rejected: int) -> None:
    """Add the file to the ledger of imports; the outcome of its rows follows once they are loaded."""
    plan = landing.plan
    reading = {**plan.reading.as_json(), "columns": {column: plan.match.header(column) for column in plan.match.places}}
    landing.session.run(
        "enter_import",
        import_id=landing.import_id,
        sha256=plan.delivered.sha256,
        container_sha256=plan.delivered.container_sha256,
        file_name=plan.prepared.name,
        profile=plan.match.profile.name,
        reading=json.dumps(reading, ensure_ascii=False),
        now=landing.place.imported_at or datetime.now(UTC),
        data_through=landing.through,
        source_sha256=plan.source_sha256,
        source_name=landing.place.source_name,
        read_with=landing.place.read_with,
        headers=json.dumps(plan.prepared.headers, ensure_ascii=False),
        rows_read=plan.rows_read,
        rows_rejected=rejected,
    )


def _notes(landing: LoadContext, merged: merge.Merged, named: merge.Named, rejects: Sequence[RejectedRow]) -> Iterator[str]:
    staged, match = landing.plan.staged, landing.plan.match
    if staged.faulty or landing.plan.prepared.faults:
        yield _left_out(landing)
        yield from _remedies(landing, rejects)
    if merged.older:
        yield f"{_rows(merged.older, 'differs', 'differ')} from newer deliveries, which stay."
    if named.refused:
        yield f"{named.refused}; rows are told apart by their content."
    if named.rows:
        yield f"{_rows(named.rows, 'carries no id and is', 'carry no id and are')} identified by content."
    if staged.rounded:
        yield f"{_rows(staged.rounded, 'has', 'have')} amounts finer than a millionth, rounded to it."
    if staged.shown_twice:
        yield f"{_rows(staged.shown_twice, 'lies', 'lie')} in an hour that the clocks showed twice, read as the first."
    unknown = [match.headers[place] for place in match.unknown]
    if unknown:
        yield f"Unknown columns, kept as they are: {', '.join(unknown[:NAMED_COLUMNS])}{'…' * (len(unknown) > NAMED_COLUMNS)}."
    yield from _notes_on_rows(landing.session, match.profile.table, landing.import_id)
    if match.profile.table in ROLLED_UP:
        yield from _notes_on_gaps(landing.session)


def _remedies(landing: LoadContext, rejects: Sequence[RejectedRow]) -> Iterator[str]:
    """Yield an example for each rejection reason, and how to fix such rows."""
    said: set[str] = set()
    for entry in rejects:
        value = entry.value(landing.plan.prepared.headers)
        remedy = remedy_of(entry.reason, value)
        if remedy and remedy not in said and len(said) < MAX_REMEDIES:
            shown = f" is {value}" if value else ""
            yield f"Line {entry.line}: {entry.column_name}{shown}: {entry.reason}. {remedy}"
        said |= {remedy}


def _left_out(landing: LoadContext) -> str:
    """Return how many rows were not imported, and the credits of those whose amount can be read."""
    amount = TABLES[landing.plan.match.profile.table].amount
    count, read, total = landing.session.execute(
        f"SELECT count(*), count({amount}), coalesce(sum({amount}), 0) FROM {STAGE} WHERE fault IS NOT NULL"
    )[0]
    unread = count - read + len(landing.plan.prepared.faults)
    unit = TABLES[landing.plan.match.profile.table].unit
    held = f"{number(total)} {unit} in {group_digits(read)} of them" if read else ""
    unknown = f"{group_digits(unread)} with an amount that cannot be read" if unread else ""
    left = _rows(count + len(landing.plan.prepared.faults), "was", "were")
    told = " and ".join(part for part in (held, unknown) if part)
    return f"{left} left out: {told}. Fix the rejected rows and import them again."


def _notes_on_gaps(session: Session) -> Iterator[str]:
    """Yield what finer rows lack on the days that the file touched, if those days have finer rows."""
    found = "FROM grain_gaps WHERE NOT is_whole AND utc_day IN (SELECT utc_day FROM compared_days)"
    days, lacking = session.execute(f"SELECT count(DISTINCT utc_day), sum(credits) {found}")[0]
    if days:
        of_days = "1 day" if days == 1 else f"{group_digits(days)} days"
        yield f"{number(lacking)} credits of {of_days} are in a coarser export only; they count, without names."


def _contradictions(landing: LoadContext) -> Iterator[str]:
    """Yield contradictions between the file and another one, if nothing says which is newer."""
    session, table = landing.session, landing.table
    covers = covers_sql(table.name, "s", "r")
    settled = f" AND NOT EXISTS (SELECT 1 FROM replaced_days AS r WHERE {covers})" if covers else ""
    undecided = f"FROM known AS k JOIN incoming AS s ON s.rowid = k.staged_row WHERE k.is_undecided{settled}"
    count = session.value(f"SELECT count(*) {undecided}")
    if count:
        wallet, said, other = session.execute(
            f"SELECT stored_amount, {table.amount}, i.file_name"
            f" FROM (SELECT k.*, s.{table.amount} {undecided} ORDER BY s.id LIMIT 1)"
            " JOIN imports AS i ON i.import_id = stored_import"
        )[0]
        contradicting = _rows(count, "contradicts", "contradict")
        remedy = (
            "say which file is right for which days (agentcost import --replaces FROM..TO FILE)" if covers else "take one back"
        )
        yield reasons.CONTRADICTION.tell(
            rows=contradicting, said=number(said), file_name=other, known=number(wallet), or_else=remedy
        )


def _late_for_the_truth(landing: LoadContext) -> Iterator[str]:
    """Yield what the file holds on days for which another import is authoritative, and that import does not."""
    session, table = landing.session, landing.table
    covers = covers_sql(table.name, "t", "r")
    if not covers or not session.value("SELECT count(*) FROM replaced_days WHERE import_id <> $own", {"own": landing.import_id}):
        return
    found = session.execute(
        f"SELECT i.import_id, i.file_name, count(*), sum(t.{table.amount}) FROM {table.superseded} AS t"
        f" JOIN replaced_days AS r ON {covers} JOIN imports AS i ON i.import_id = r.import_id"
        " WHERE t.import_id = $import_id AND r.import_id <> t.import_id"
        f" AND t.id NOT IN (SELECT id FROM {table.name}) GROUP BY ALL ORDER BY i.import_id",
        {"import_id": landing.import_id},
    )
    for import_id, file_name, count, held in found:
        yield reasons.LATE_FOR_THE_TRUTH.tell(
            rows=_rows(count, "lies", "lie"),
            import_id=import_id,
            file_name=file_name,
            them="it" if count == 1 else "them",
            credits=number(held),
        )


def _alike(named: merge.Named) -> Iterator[str]:
    if named.unclear:
        ids = "1 id occurs" if named.unclear == 1 else f"{group_digits(named.unclear)} ids occur"
        yield reasons.UNCLEAR_IDS.tell(ids=ids)
    if named.alike:
        yield reasons.ROWS_WITHOUT_ID.tell(rows=_rows(named.alike, "without an id says", "without an id say"))


def _keys_that_are_none(landing: LoadContext) -> Iterator[str]:
    """Yield how many ids occur with another usage time in an earlier import, as row numbers do."""
    count, example = landing.session.execute(
        "SELECT count(*), min(id) FROM known WHERE is_of_other_time AND NOT starts_with(id, '#')"
    )[0]
    if count:
        ids = "1 id occurs" if count == 1 else f"{group_digits(count)} ids occur"
        header = landing.plan.match.header("id")
        yield reasons.NUMBERED_ROWS.tell(ids=ids, example=example, header=header)


def _renamed_keys(landing: LoadContext) -> Iterator[str]:
    """Yield whether rows with new ids repeat rows of earlier imports under other ids, as exports of two objects do."""
    session, table = landing.session, landing.table
    if table.name != "usage_events":
        return
    own = {"own": landing.import_id}
    if not session.value("SELECT 1 FROM usage_events WHERE import_id <> $own LIMIT 1", own):
        return
    session.execute(
        "CREATE OR REPLACE TEMP TABLE newcomers AS"
        " SELECT id, event_time, credits, root_resource, resource, user_id, reporting_org"
        f" FROM {STAGE} WHERE fault IS NULL AND NOT starts_with(id, '#') AND rowid NOT IN (SELECT staged_row FROM known)"
        f" ORDER BY id LIMIT {MAX_NEWCOMERS}"
    )
    count, first, last = session.execute("SELECT count(*), min(event_time), max(event_time) FROM newcomers")[0]
    if count < MIN_RENAMED:
        return
    same = " AND ".join(f"n.{c} IS NOT DISTINCT FROM t.{c}" for c in ("root_resource", "resource", "user_id", "reporting_org"))
    alike = session.value(
        "SELECT count(DISTINCT n.id) FROM newcomers AS n JOIN usage_events AS t"
        f" ON n.event_time = t.event_time AND n.credits = t.credits AND {same} AND n.id <> t.id"
        " WHERE t.import_id <> $own AND NOT starts_with(t.id, '#') AND t.event_time BETWEEN $first AND $last",
        {**own, "first": first, "last": last},
    )
    if alike >= MIN_RENAMED and 2 * alike > count:
        yield reasons.RENAMED_KEYS.tell(rows=_rows(alike, "says", "say"))


def _differing_day_sums(landing: LoadContext) -> Iterator[str]:
    """Yield on how many days sums by agent and day differ from the other rows of that agent and day."""
    if landing.table.name != "usage_events":
        return
    days = landing.session.value(
        "WITH delivered AS ("
        " SELECT day, lower(coalesce(root_resource, '')) AS agent, starts_with(id, '#d') AS is_sum, sum(credits) AS credits"
        " FROM usage_events WHERE day IN (SELECT day FROM touched_days) AND day IN (SELECT day FROM repeated_rows)"
        " GROUP BY ALL), compared AS (SELECT day, agent FROM delivered GROUP BY day, agent"
        " HAVING count(*) > 1 AND min(credits) <> max(credits)) SELECT count(DISTINCT day) FROM compared"
    )
    if days:
        of_days = "1 day comes" if days == 1 else f"{group_digits(days)} days come"
        yield reasons.DIFFERING_DAY_SUMS.tell(days=of_days)


def _of_cards(landing: LoadContext, settings: WalletSettings) -> Iterator[str]:
    asked = ask_for_default_card(landing.session, settings) if landing.plan.match.profile.table in ROLLED_UP else ""
    yield from [asked] if asked else []


def _of_grants(landing: LoadContext, settings: WalletSettings) -> Iterator[str]:
    if landing.plan.match.profile.table == "entitlements":
        yield from doubtful_grants(landing.session, settings, landing.import_id)


def _twins(landing: LoadContext) -> Iterator[str]:
    """Yield how many keyless rows are identical at the first or last minute of the file, and in an earlier delivery too.

    Each delivery may have cut off some of them, so the true number is unknown.
    """
    if landing.plan.match.profile.table != "usage_events":
        return
    count = landing.session.value(
        f"WITH ends AS (SELECT date_trunc('minute', min(event_time)) AS first, date_trunc('minute', max(event_time)) AS last"
        f" FROM {STAGE} WHERE fault IS NULL)"
        f" SELECT count(*) FROM {STAGE}, ends WHERE fault IS NULL AND regexp_matches(id, '^#.*-[0-9a-f]{{32}}-[0-9]+$')"
        " AND date_trunc('minute', event_time) IN (first, last)"
        f" AND ({STAGE}.rowid IN (SELECT staged_row FROM known) OR id IN (SELECT id FROM repeated_rows))"
    )
    if count:
        yield reasons.ROWS_CUT_OFF.tell(rows=_rows(count + 1, "is", "are"))


def _cards(landing: LoadContext) -> tuple[tuple[str, int, Decimal], ...]:
    """Return the cards of the file's rows, each with its row count and credits."""
    session, table = landing.session, landing.plan.match.profile.table
    named = TABLES[table].shown_card
    if not named:
        return ()
    return tuple(
        session.execute(
            f"SELECT {named} AS card, count(*), sum(credits) FROM incoming WHERE fault IS NULL GROUP BY card ORDER BY card"
        )
    )


def _rows(count: int, one: str, many: str) -> str:
    return f"1 row {one}" if count == 1 else f"{group_digits(count)} rows {many}"


def _notes_on_rows(session: Session, table: str, import_id: int) -> Iterator[str]:
    for condition, one, many, rest in TABLES[table].noted:
        count = session.value(
            f"SELECT count(*) FROM {table} WHERE import_id = $import_id AND ({condition})", {"import_id": import_id}
        )
        if count:
            yield f"{_rows(count, one, many)} {rest}"
