# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""Merges one file's rows into the wallet: each row once, and the newer of two deliveries of a row.

Which delivery is newer depends only on the two rows and their files, never on import order, so any order gives the same wallet.
The ranking: the row's own processed time (or whether it is final), the file's newest data, the larger amount, more filled
columns, the text. Rows that do not count are kept, so that an import can be taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import md5
from typing import TYPE_CHECKING

from core.answer import group_digits
from core.wallet.deliveries import (
    BEFORE_ALL,
    STAGE,
    STAGED_ROWS,
    UNSETTLED,
    RowTable,
    masked_sql,
    next_version,
    record_range,
    record_repeats,
    settle,
)
from core.wallet.export_tables import TABLES

if TYPE_CHECKING:
    from core.wallet.ingest.profiles import Profile, ProfileMatch
    from core.warehouse import Session

# How values with several spellings are compared.
PLAIN = {
    **dict.fromkeys(("card", "card_name", "card_definition"), "lower(regexp_replace({}, '[\\s_-]+', '', 'g'))"),
    **dict.fromkeys(
        ("reporting_org", "entitlement_org", "user_id"), "CASE WHEN length({0}) = 18 THEN substr({0}, 1, 15) ELSE {0} END"
    ),
    "environment": "lower(trim({}))",
    **dict.fromkeys(("root_resource", "resource"), "lower(regexp_replace({}, '[\\s_]+', '', 'g'))"),
}
ROUNDED = "[0-9]([.,][0-9]+)?[Ee][+][0-9]+"
FLOAT_AS_KEY = "[0-9]{15}0+([.]0+)?"  # spreadsheets keep only fifteen digits


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome of a file's good rows; `older` of the same ones differ from a newer delivery that stays."""

    new: int
    changed: int
    same: int
    older: int


@dataclass(frozen=True, slots=True)
class Named:
    """How many rows were named by their content, and why the delivered ids were refused, empty if they were not.

    alike: rows without an id that repeat a row with one in the same file. unclear: ids with different amounts or agents, and
    nothing that says which is newer. is_without_repeats: whether it is known that no two rows have one id.
    """

    rows: int
    refused: str = ""
    alike: int = 0
    is_without_repeats: bool = False
    unclear: int = 0


@dataclass(frozen=True, slots=True)
class DeliveryRank:
    """What ranks a file among others: its newest data, then its content."""

    data_through: datetime | None
    sha256: str


def data_through(session: Session, profile: Profile) -> datetime | None:
    """Return the latest instant in the staged file's good rows; None for rows without usage times."""
    expression = TABLES[profile.table].through
    found = session.value(f"SELECT {expression} FROM {STAGE} WHERE fault IS NULL") if expression else None
    return found if isinstance(found, datetime) else None


def assign_ids(session: Session, match: ProfileMatch, *, is_of_days: bool = False) -> Named:
    """Name the good rows without an id by a hash of their identity, and return how many there were.

    Several rows with one identity in a file are several rows: the second and later are numbered. The name of a usage row begins
    with the delivery's form (which columns it states, how fine its times are), so that rows of other forms can be compared with
    it. A column of false ids, each on several facts, is ignored. is_of_days: whether its times are whole days.
    """
    profile = match.profile
    has_repeats = bool(_find_repeated_ids(session)) if "id" in match.places else False
    refused = _refuse_keys(session, match, has_repeats=has_repeats)
    unclear = _count_unclear(session, match) if has_repeats and not refused else 0
    if not session.value(f"SELECT count(*) FROM {STAGE} WHERE id IS NULL AND fault IS NULL"):
        return Named(0, refused, is_without_repeats=not has_repeats, unclear=unclear)
    alike = _count_alike(session, match)
    form = (
        f"{_form(session, match, is_of_days=is_of_days)}-" if TABLES[profile.table].grain else ""
    )  # rows of other deliveries are searched
    identity = ", ".join(
        f"coalesce({PLAIN.get(column, 'CAST({} AS VARCHAR)').format(column)}, '')" for column in profile.identity
    )
    amount = TABLES[profile.table].amount
    named = int(
        session.execute(
            f"UPDATE {STAGED_ROWS} SET id = named.name FROM ("
            f"  SELECT rowid AS place, '#{form}' || digest || CASE WHEN nth > 1 THEN '-' || nth ELSE '' END AS name FROM ("
            f"    SELECT rowid, digest, row_number() OVER (PARTITION BY digest ORDER BY {amount}, rowid) AS nth FROM ("
            f"      SELECT rowid, {amount}, md5(concat_ws(chr(31), {identity})) AS digest"
            f"      FROM {STAGE} WHERE id IS NULL AND fault IS NULL))"
            f") AS named WHERE {STAGED_ROWS}.rowid = named.place"
        )[0][0]
    )
    return Named(named, refused, alike, unclear=unclear)


def _count_unclear(session: Session, match: ProfileMatch) -> int:
    """Return how many ids occur on rows of one file that differ in amount or agent, with none of them newer."""
    profile = match.profile
    if not TABLES[profile.table].grain:
        return 0
    differ = [f"min({c}) IS DISTINCT FROM max({c})" for c in ("credits", "root_resource") if c in match.places]
    alike = [f"min({c}) IS NOT DISTINCT FROM max({c})" for c in ("processed_time", "row_detail") if c in match.places]
    having = " AND ".join([f"({' OR '.join(differ)})", *alike])
    return int(
        session.value(
            f"SELECT count(*) FROM (SELECT id FROM {STAGE} JOIN repeated USING (id) WHERE fault IS NULL"
            f" GROUP BY id HAVING {having})"
        )
    )


def _count_alike(session: Session, match: ProfileMatch) -> int:
    """Return how many good rows without an id repeat one with an id: they may or may not be additional usage."""
    facts = [f"date_trunc('minute', {c})" for c in ("event_time", "hour_start") if c in match.places]
    facts += [c for c in ("day", "root_resource", "resource", "usage_type") if c in match.places]
    if not TABLES[match.profile.table].grain or "id" not in match.places or not facts:
        return 0
    key = ", ".join(f"coalesce(CAST({fact} AS VARCHAR), '')" for fact in (*facts, "credits"))
    rows = f"SELECT md5(concat_ws(chr(31), {key})) AS facts FROM {STAGE} WHERE fault IS NULL AND id IS"
    return int(session.value(f"SELECT count(*) FROM ({rows} NULL) WHERE facts IN ({rows} NOT NULL)"))


def _refuse_keys(session: Session, match: ProfileMatch, *, has_repeats: bool) -> str:
    """Blank the staged ids if they are not keys, and return why, empty if they are sound."""
    if "id" not in match.places:
        return ""
    header, profile = match.header("id"), match.profile
    rounded = session.value(f"SELECT min(id) FROM {STAGE} WHERE regexp_full_match(id, '{ROUNDED}')")
    if not rounded and session.value(
        f"SELECT bool_and(regexp_full_match(id, '{FLOAT_AS_KEY}')) FROM {STAGE} WHERE id IS NOT NULL"
    ):
        rounded = session.value(f"SELECT min(id) FROM {STAGE}")
    reason = f"{header} is not a key: {rounded} is a rounded number, as spreadsheets write long ones" if rounded else ""
    facts = [c for c in ("event_time", "hour_start", "day", "start_time") if c in match.places]
    if not reason and TABLES[profile.table].through and facts and has_repeats:
        differ = " OR ".join(f"min({column}) <> max({column})" for column in facts)
        found = session.execute(
            f"SELECT id, count(*) FROM {STAGE} JOIN repeated USING (id) WHERE fault IS NULL GROUP BY id"
            f" HAVING {differ} ORDER BY count(*) DESC, id LIMIT 1"
        )
        if found:
            reason = f"{header} is not a key: {found[0][0]} appears on {group_digits(found[0][1])} rows of different times"
    if reason:
        session.execute(f"UPDATE {STAGED_ROWS} SET id = NULL")
    return reason


def _find_repeated_ids(session: Session) -> int:
    """Fill the temporary table `repeated` with the ids that several good rows have, and return how many there are."""
    good = f"FROM {STAGE} WHERE fault IS NULL AND id IS NOT NULL"
    session.execute(  # numbers are grouped in half the time of texts
        f"CREATE OR REPLACE TEMP TABLE repeated AS SELECT id {good}"
        f" AND hash(id) IN (SELECT hash(id) {good} GROUP BY hash(id) HAVING count(*) > 1) GROUP BY id HAVING count(*) > 1"
    )
    return int(session.value("SELECT count(*) FROM repeated"))


def _form(session: Session, match: ProfileMatch, *, is_of_days: bool) -> str:
    """Return eight characters for what a delivery states: `d` if it sums days, how many columns, and which."""
    columns = sorted({*match.profile.identity, TABLES[match.profile.table].amount} & match.places.keys())
    time = next((c for c in ("event_time", "hour_start") if c in match.places), None)
    if time and session.value(f"SELECT count(*) FROM {STAGE} WHERE {time} <> date_trunc('minute', {time})"):
        columns.append("seconds")
    columns.append("names are folded")  # older rows have another form, and are compared
    digest = md5(",".join(columns).encode(), usedforsecurity=False).hexdigest()
    return f"d{len(columns):02d}{digest[:5]}" if is_of_days else f"{len(columns):02d}{digest[:6]}"


def keep_newest_in_file(session: Session, table: RowTable, named: Named) -> int:
    """Drop all but the newest of the file's rows with one id, and return how many were dropped."""
    if named.is_without_repeats or not _find_repeated_ids(session):
        return 0
    rank = ", ".join(f"{part} DESC" for part in table.rank_parts(STAGE, "NULL::TIMESTAMP"))
    return int(
        session.execute(
            f"DELETE FROM {STAGED_ROWS} WHERE rowid IN (SELECT place FROM ("
            f"  SELECT {STAGE}.rowid AS place, row_number() OVER (PARTITION BY {STAGE}.id ORDER BY {rank}, {STAGE}.rowid) AS nth"
            f"  FROM {STAGE} JOIN repeated USING (id) WHERE fault IS NULL) WHERE nth > 1)"
        )[0][0]
    )


def find_known(session: Session, table: RowTable, age: DeliveryRank) -> int:
    """Fill the temporary table `known` with the staged rows whose id the wallet has, and return how many.

    is_same: nothing in the row differs; is_newer: the staged one is; is_later: its file is; is_undecided: their amounts differ,
    and nothing says which is newer; is_of_other_time: their usage times differ.
    """
    time = TABLES[table.name].time
    is_of_other_time = f"s.{time} <> t.{time}" if time else "false"
    session.execute(
        f"CREATE OR REPLACE TEMP TABLE pairs AS SELECT s.rowid AS staged_row, t.version"
        f" FROM {table.name} AS t JOIN {STAGE} AS s USING (id) WHERE s.fault IS NULL"
    )
    same = table.same_sql("s", "t")
    incoming = table.rank_parts("s", "CAST($data_through AS TIMESTAMP)")
    stored = table.rank_parts("t", "i.data_through")
    age_parts = len(table.newest_by) + 1  # a row's own age, then its file's newest data
    session.execute(
        f"CREATE OR REPLACE TEMP TABLE known AS SELECT p.staged_row, s.id, t.version, {same} AS is_same,"
        f" NOT ({same}) AND row({', '.join(incoming)}) > row({', '.join(stored)}) AS is_newer,"
        f" row(coalesce(CAST($data_through AS TIMESTAMP), {BEFORE_ALL}), $sha256)"
        f" > row(coalesce(i.data_through, {BEFORE_ALL}), i.sha256) AS is_later,"
        f" s.{table.amount} <> t.{table.amount} AND row({', '.join(incoming[:age_parts])}) = row({', '.join(stored[:age_parts])})"
        f" AS is_undecided, {is_of_other_time} AS is_of_other_time, t.{table.amount} AS stored_amount,"
        f" t.import_id AS stored_import"
        f" FROM pairs AS p JOIN {STAGE} AS s ON s.rowid = p.staged_row JOIN {table.name} AS t ON t.version = p.version"
        f" JOIN imports AS i ON i.import_id = t.import_id",
        {"data_through": age.data_through, "sha256": age.sha256},
    )
    return int(session.value("SELECT count(*) FROM known"))


def merge(session: Session, table: RowTable, import_id: int) -> Merged:
    """Merge the staged rows into the wallet table, using `known`, and record that the import delivered them.

    The import must be in the ledger of imports. Afterwards the temporary table `touched_days` holds the days that changed.
    """
    session.execute("CREATE OR REPLACE TEMP TABLE touched_days (day DATE)")
    _find_unsettled(session, table, import_id)
    first = next_version(session, table)
    # In a table created in the same transaction, rowid starts far above zero.
    lowest, highest = session.execute(f"SELECT coalesce(min(rowid), 0), coalesce(max(rowid), -1) FROM {STAGE}")[0]
    offset = first - lowest
    inserted = _insert_new(session, table, import_id, offset)
    same = _repeat_known(session, table, import_id)
    contested = int(session.value(f"SELECT count(*) FROM {UNSETTLED}"))
    record_range(session, table, import_id, first, offset + highest + 1)
    merged = Merged(new=inserted, changed=0, same=same, older=contested)
    return _settle_contested(session, table, import_id, offset, merged) if contested else merged


def _find_unsettled(session: Session, table: RowTable, import_id: int) -> None:
    """Fill the temporary table `unsettled` with the staged rows whose ids have several versions, or lie in replaced days."""
    masked = masked_sql(session, table.name, "s", import_id)
    session.execute(
        f"CREATE OR REPLACE TEMP TABLE {UNSETTLED} AS SELECT s.id, s.rowid AS staged_row, k.version,"
        " coalesce(k.is_same, false) AS is_same"
        f" FROM {STAGE} AS s LEFT JOIN known AS k ON k.staged_row = s.rowid"
        f" WHERE s.fault IS NULL AND (k.is_same = false OR s.id IN (SELECT id FROM {table.superseded}) OR {masked})"
    )


def _insert_new(session: Session, table: RowTable, import_id: int, offset: int) -> int:
    """Insert the rows whose ids are new, and return how many there are."""
    names = ", ".join(_filled_columns(session, table))
    known = session.value("SELECT count(*) FROM known") and " AND rowid NOT IN (SELECT staged_row FROM known)"
    unsettled = session.value(f"SELECT count(*) FROM {UNSETTLED}") and f" AND rowid NOT IN (SELECT staged_row FROM {UNSETTLED})"
    new = f"FROM {STAGE} WHERE fault IS NULL{known or ''}{unsettled or ''}"
    if "day" in table.columns:
        session.execute(f"INSERT INTO touched_days SELECT DISTINCT day {new}")
    return int(
        session.execute(
            f"INSERT INTO {table.name} (id, import_id, version, {names}) SELECT id, $import_id, rowid + $offset, {names} {new}",
            {"import_id": import_id, "offset": offset},
        )[0][0]
    )


def _filled_columns(session: Session, table: RowTable) -> list[str]:
    """Return the columns in which any staged row has a value: writing the empty ones would cost as much."""
    return [column for column in table.columns if session.value(f"SELECT 1 FROM {STAGE} WHERE {column} IS NOT NULL LIMIT 1")]


def _repeat_known(session: Session, table: RowTable, import_id: int) -> int:
    """Attribute existing rows that are the only version of their id to this import too; return how many.

    A row that a later file delivers unchanged counts for the later file.
    """
    repeated = f"SELECT version FROM known WHERE is_same AND id NOT IN (SELECT id FROM {UNSETTLED})"
    count = int(session.value(f"SELECT count(*) FROM ({repeated})"))
    if count:
        record_repeats(session, table, import_id, repeated)
        session.execute(
            f"UPDATE {table.name} SET import_id = $import_id WHERE version IN"
            f" (SELECT version FROM known WHERE is_same AND is_later AND id NOT IN (SELECT id FROM {UNSETTLED}))",
            {"import_id": import_id},
        )
    return count


def _settle_contested(session: Session, table: RowTable, import_id: int, offset: int, so_far: Merged) -> Merged:
    """Store the versions of the unsettled ids beside the known ones, decide which count, and return the outcome of all.

    so_far: older says how many staged rows are unsettled.
    """
    names = ", ".join(table.columns)
    versions = f"(SELECT * FROM {table.name} UNION ALL BY NAME SELECT * FROM {table.superseded})"
    session.execute(
        "CREATE OR REPLACE TEMP TABLE redelivered AS SELECT u.staged_row, t.version"
        f" FROM {UNSETTLED} AS u JOIN {STAGE} AS s ON s.rowid = u.staged_row JOIN {versions} AS t ON t.id = u.id"
        f" WHERE {table.same_sql('s', 't')}"
    )
    record_repeats(session, table, import_id, "SELECT version FROM redelivered")
    session.execute(
        f"INSERT INTO {table.superseded} (id, import_id, version, {names}) SELECT id, $import_id, rowid + $offset, {names}"
        f" FROM {STAGE} WHERE rowid IN (SELECT staged_row FROM {UNSETTLED} EXCEPT SELECT staged_row FROM redelivered)",
        {"import_id": import_id, "offset": offset},
    )
    settle(session, table)
    new, changed, same = session.execute(
        f"SELECT count(*) FILTER (u.version IS NULL AND t.import_id = $import_id),"
        f" count(*) FILTER (u.version <> t.version AND t.import_id = $import_id),"
        " count(*) FILTER (u.is_same AND t.version = u.version)"
        f" FROM {UNSETTLED} AS u JOIN {table.name} AS t USING (id)",
        {"import_id": import_id},
    )[0]
    return Merged(so_far.new + new, changed, so_far.same + same, so_far.older - new - changed - same)
