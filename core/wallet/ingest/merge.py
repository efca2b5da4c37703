# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""The rows of one file into the wallet: each row once, and of two deliveries of a row the newer.

Which delivery is newer depends on the two rows and their files alone, never on which was imported first, so any order
of imports ends in the same wallet. In order: the row's own processed time (or whether it is final), how far its
file's data goes, the larger amount, the more filled columns, the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import md5
from typing import TYPE_CHECKING

from core.wallet.ingest.staging import STAGE

if TYPE_CHECKING:
    from core.wallet.ingest.profiles import Profile, ProfileMatch
    from core.warehouse import Session

AMOUNTS = {"entitlements": "quantity", "ai_usage": "quantity", "balance_snapshots": "used_credits"}
BEFORE_ALL = "TIMESTAMP '1900-01-01'"
THROUGH = {
    "usage_events": "max(coalesce(processed_time, event_time))",
    "usage_hours": "max(hour_start)",
    "usage_days": "max(CAST(day AS TIMESTAMP))",
    "ai_usage": "max(event_time)",
}
# How values that people spell in several ways are compared.
PLAIN = {
    **dict.fromkeys(("card", "card_name", "card_definition"), "lower(regexp_replace({}, '[\\s_-]+', '', 'g'))"),
    **dict.fromkeys(
        ("reporting_org", "entitlement_org", "user_id"), "CASE WHEN length({0}) = 18 THEN substr({0}, 1, 15) ELSE {0} END"
    ),
    "environment": "lower(trim({}))",
}
COMPARED = frozenset({"usage_events", "usage_hours", "usage_days"})  # rows of other deliveries are looked for by content
ROUNDED = "[0-9]([.,][0-9]+)?[Ee][+][0-9]+"
FLOAT_AS_KEY = "[0-9]{15}0+([.]0+)?"  # spreadsheets keep fifteen digits


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of a file's good rows; `older` of the same ones differ from a newer delivery that stays."""

    new: int
    changed: int
    same: int
    older: int


@dataclass(frozen=True, slots=True)
class Named:
    """How many rows were named by their content, and why the delivered ids were refused, empty where they were not.

    alike: rows without an id that say what a row with one says in the same file.
    is_without_repeats: whether it is known that no two rows have one id.
    """

    rows: int
    refused: str = ""
    alike: int = 0
    is_without_repeats: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryRank:
    """What ranks a file among others: how far its data goes, then its content."""

    data_through: datetime | None
    sha256: str


def data_through(session: Session, profile: Profile) -> datetime | None:
    """Return the latest instant in the staged file's good rows; None for what has no times of use."""
    expression = THROUGH.get(profile.table)
    found = session.value(f"SELECT {expression} FROM {STAGE} WHERE fault IS NULL") if expression else None
    return found if isinstance(found, datetime) else None


def assign_ids(session: Session, match: ProfileMatch) -> Named:
    """Name the good rows without an id by a hash of their identity, and return how many there were.

    Several rows of one identity in a file are several rows: the second and later are numbered. The name of a row of use begins
    with the form of the delivery, which columns it states and how fine its times are, so that rows of other forms can be
    compared with it.
    A column of ids that are none, each on several facts, is passed over.
    """
    profile = match.profile
    has_repeats = bool(_find_repeated_ids(session)) if "id" in match.places else False
    refused = _refuse_keys(session, match, has_repeats=has_repeats)
    if not session.value(f"SELECT count(*) FROM {STAGE} WHERE id IS NULL AND fault IS NULL"):
        return Named(0, refused, is_without_repeats=not has_repeats)
    alike = _count_alike(session, match)
    form = f"{_form(session, match)}-" if profile.table in COMPARED else ""
    identity = ", ".join(
        f"coalesce({PLAIN.get(column, 'CAST({} AS VARCHAR)').format(column)}, '')" for column in profile.identity
    )
    amount = AMOUNTS.get(profile.table, "credits")
    named = int(
        session.execute(
            f"UPDATE {STAGE} SET id = named.name FROM ("
            f"  SELECT rowid AS place, '#{form}' || digest || CASE WHEN nth > 1 THEN '-' || nth ELSE '' END AS name FROM ("
            f"    SELECT rowid, digest, row_number() OVER (PARTITION BY digest ORDER BY {amount}, rowid) AS nth FROM ("
            f"      SELECT rowid, {amount}, md5(concat_ws(chr(31), {identity})) AS digest"
            f"      FROM {STAGE} WHERE id IS NULL AND fault IS NULL))"
            f") AS named WHERE {STAGE}.rowid = named.place"
        )[0][0]
    )
    return Named(named, refused, alike)


def _count_alike(session: Session, match: ProfileMatch) -> int:
    """Return how many good rows without an id say what one with an id says: nobody can tell whether they are more use."""
    facts = [f"date_trunc('minute', {c})" for c in ("event_time", "hour_start") if c in match.places]
    facts += [c for c in ("day", "root_resource", "resource", "usage_type") if c in match.places]
    if match.profile.table not in COMPARED or "id" not in match.places or not facts:
        return 0
    key = ", ".join(f"coalesce(CAST({fact} AS VARCHAR), '')" for fact in (*facts, "credits"))
    rows = f"SELECT md5(concat_ws(chr(31), {key})) AS facts FROM {STAGE} WHERE fault IS NULL AND id IS"
    return int(session.value(f"SELECT count(*) FROM ({rows} NULL) WHERE facts IN ({rows} NOT NULL)"))


def _refuse_keys(session: Session, match: ProfileMatch, *, has_repeats: bool) -> str:
    """Blank the staged ids if they are none, and return why, empty where they are sound."""
    if "id" not in match.places:
        return ""
    header, profile = match.header("id"), match.profile
    rounded = session.value(f"SELECT min(id) FROM {STAGE} WHERE regexp_full_match(id, '{ROUNDED}')")
    if not rounded and session.value(
        f"SELECT bool_and(regexp_full_match(id, '{FLOAT_AS_KEY}')) FROM {STAGE} WHERE id IS NOT NULL"
    ):
        rounded = session.value(f"SELECT min(id) FROM {STAGE}")
    reason = f"{header} is no key: {rounded} is a rounded number, as spreadsheets write long ones" if rounded else ""
    facts = [c for c in ("event_time", "hour_start", "day", "start_time") if c in match.places]
    if not reason and profile.table in THROUGH and facts and has_repeats:
        differ = " OR ".join(f"min({column}) <> max({column})" for column in facts)
        found = session.execute(
            f"SELECT id, count(*) FROM {STAGE} JOIN repeated USING (id) WHERE fault IS NULL GROUP BY id"
            f" HAVING {differ} ORDER BY count(*) DESC, id LIMIT 1"
        )
        if found:
            reason = f"{header} is no key: {found[0][0]} stands on {found[0][1]:,} rows of different times"
    if reason:
        session.execute(f"UPDATE {STAGE} SET id = NULL")
    return reason


def _find_repeated_ids(session: Session) -> int:
    """Fill the temporary table `repeated` with the ids that several good rows have, and return how many there are."""
    session.execute(
        f"CREATE OR REPLACE TEMP TABLE repeated AS SELECT id FROM {STAGE} WHERE fault IS NULL AND id IS NOT NULL"
        " GROUP BY id HAVING count(*) > 1"
    )
    return int(session.value("SELECT count(*) FROM repeated"))


def _form(session: Session, match: ProfileMatch) -> str:
    """Return eight signs for what a delivery states: how many columns, and which."""
    columns = sorted({*match.profile.identity, *(AMOUNTS.get(match.profile.table, "credits"),)} & match.places.keys())
    time = next((c for c in ("event_time", "hour_start") if c in match.places), None)
    if time and session.value(f"SELECT count(*) FROM {STAGE} WHERE {time} <> date_trunc('minute', {time})"):
        columns.append("seconds")
    return f"{len(columns):02d}{md5(','.join(columns).encode(), usedforsecurity=False).hexdigest()[:6]}"


def keep_newest_in_file(session: Session, profile: Profile, columns: list[str], named: Named) -> int:
    """Drop all but the newest of the file's rows with one id, and return how many went."""
    if named.is_without_repeats or not _find_repeated_ids(session):
        return 0
    rank = ", ".join(f"{part} DESC" for part in _rank_parts(profile, columns, STAGE, "NULL::TIMESTAMP"))
    return int(
        session.execute(
            f"DELETE FROM {STAGE} WHERE rowid IN (SELECT place FROM ("
            f"  SELECT {STAGE}.rowid AS place, row_number() OVER (PARTITION BY {STAGE}.id ORDER BY {rank}, {STAGE}.rowid) AS nth"
            f"  FROM {STAGE} JOIN repeated USING (id) WHERE fault IS NULL) WHERE nth > 1)"
        )[0][0]
    )


def find_known(session: Session, profile: Profile, columns: list[str], age: DeliveryRank) -> int:
    """Fill the temporary table `known` with the staged rows whose id the wallet has, and return how many.

    is_same: nothing in the row differs; is_newer: the staged one is; is_later: its file is.
    """
    session.execute(
        f"CREATE OR REPLACE TEMP TABLE pairs AS SELECT s.rowid AS staged_row, t.rowid AS stored_row"
        f" FROM {profile.table} AS t JOIN {STAGE} AS s USING (id) WHERE s.fault IS NULL"
    )
    same = " AND ".join(f"s.{column} IS NOT DISTINCT FROM t.{column}" for column in columns)
    incoming = ", ".join(_rank_parts(profile, columns, "s", "CAST($data_through AS TIMESTAMP)"))
    stored = ", ".join(_rank_parts(profile, columns, "t", "i.data_through"))
    amount = AMOUNTS.get(profile.table, "credits")
    newest = len(profile.newest_by) + 1  # what a row says of its age, and how far its file's data goes
    evidence_in = ", ".join(_rank_parts(profile, columns, "s", "CAST($data_through AS TIMESTAMP)")[:newest])
    evidence_of = ", ".join(_rank_parts(profile, columns, "t", "i.data_through")[:newest])
    session.execute(
        f"CREATE OR REPLACE TEMP TABLE known AS SELECT p.staged_row, p.stored_row, {same} AS is_same,"
        f" NOT ({same}) AND row({incoming}) > row({stored}) AS is_newer,"
        f" row(coalesce(CAST($data_through AS TIMESTAMP), {BEFORE_ALL}), $sha256)"
        f" > row(coalesce(i.data_through, {BEFORE_ALL}), i.sha256) AS is_later,"
        f" s.{amount} <> t.{amount} AND row({evidence_in}) = row({evidence_of}) AS is_undecided,"
        f" t.{amount} AS stored_amount, t.import_id AS stored_import"
        f" FROM pairs AS p JOIN {STAGE} AS s ON s.rowid = p.staged_row JOIN {profile.table} AS t ON t.rowid = p.stored_row"
        f" JOIN imports AS i ON i.import_id = t.import_id",
        {"data_through": age.data_through, "sha256": age.sha256},
    )
    return int(session.value("SELECT count(*) FROM known"))


def collect_affected_days(session: Session, profile: Profile) -> None:
    """Fill the temporary table `touched_days`: of new rows, and of changed rows both as they were and as they are."""
    session.execute(
        f"CREATE OR REPLACE TEMP TABLE touched_days AS"
        f" SELECT DISTINCT day FROM {STAGE}"
        f" WHERE fault IS NULL AND rowid NOT IN (SELECT staged_row FROM known WHERE NOT is_newer)"
        f" UNION SELECT DISTINCT t.day FROM {profile.table} AS t JOIN known AS k ON t.rowid = k.stored_row WHERE k.is_newer"
    )


def merge(session: Session, profile: Profile, columns: list[str], import_id: int) -> Merged:
    """Bring the staged rows into the profile's table, by what `known` says of them."""
    older, same = session.execute("SELECT count(*) FILTER (NOT is_same AND NOT is_newer), count(*) FILTER (is_same) FROM known")[
        0
    ]
    changed = _delete_outdated(session, profile)
    names = ", ".join(columns)
    inserted = session.execute(
        f"INSERT INTO {profile.table} (id, import_id, {names}) SELECT id, $import_id, {names} FROM {STAGE}"
        f" WHERE fault IS NULL{_not_known(session)}",
        {"import_id": import_id},
    )[0][0]
    _move_to_later_file(session, profile, import_id)
    return Merged(new=inserted - changed, changed=changed, same=same, older=older)


def _not_known(session: Session) -> str:
    has_known = session.value("SELECT count(*) FROM known WHERE NOT is_newer")
    return " AND rowid NOT IN (SELECT staged_row FROM known WHERE NOT is_newer)" if has_known else ""


def _delete_outdated(session: Session, profile: Profile) -> int:
    if not session.value("SELECT count(*) FROM known WHERE is_newer"):
        return 0
    return int(session.execute(f"DELETE FROM {profile.table} WHERE rowid IN (SELECT stored_row FROM known WHERE is_newer)")[0][0])


def _move_to_later_file(session: Session, profile: Profile, import_id: int) -> None:
    """Let rows that a later file delivers unchanged count as the later file's."""
    if session.value("SELECT count(*) FROM known WHERE is_same AND is_later"):
        session.execute(
            f"UPDATE {profile.table} SET import_id = $import_id"
            " WHERE rowid IN (SELECT stored_row FROM known WHERE is_same AND is_later)",
            {"import_id": import_id},
        )


def _rank_parts(profile: Profile, columns: list[str], side: str, through: str) -> list[str]:
    """Return SQL parts that, compared in order, rank one delivery of a row against another."""
    amount = AMOUNTS.get(profile.table, "credits")
    newest = [
        f"coalesce({side}.{part}, {BEFORE_ALL})" if part.endswith("_time") else f"coalesce({side}.{part}, false)"
        for part in profile.newest_by
    ]
    filled = " + ".join(f"({side}.{column} IS NOT NULL)::INTEGER" for column in columns)
    text = ", ".join(f"coalesce(CAST({side}.{column} AS VARCHAR), '')" for column in columns)
    return [*newest, f"coalesce({through}, {BEFORE_ALL})", f"{side}.{amount}", f"({filled})", f"concat_ws(chr(31), {text})"]
