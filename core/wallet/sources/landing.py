# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""Stores an engine's sums in the wallet: those of the days in its result, in place of the existing ones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from core.answer import day as shown_day
from core.answer import group_digits, number
from core.errors import ExportError
from core.pseudonyms import Pseudonyms
from core.records import NamedTuple
from core.wallet.deliveries import STAGE, STAGED_ROWS, create_stage, require_only_source
from core.wallet.ingest import (
    FileReport,
    Rejected,
    changes_of_days,
    columns_as_tags,
    index_tags,
    prune_tags,
    reading_key,
    require_checks,
    roll_up_touched_days,
    touch_every_day,
)
from core.wallet.ingest.names import ask_for_default_card, learn_cards, lengthen_ids, link_cards, record_long_ids

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.config import SourceSettings, WalletSettings
    from core.wallet.ingest.profiles import ProfileMatch
    from core.warehouse import Session

PULLED, EVENTS = "pulled", "usage_events"
SUMS = ("row_count", "actions", "credits", "dear_rows", "excess_actions", "excess_credits")
TEXTS = ("usage_type", "resource", "root_resource", "resource_tags", "root_resource_tags", "user_id", "card_name")
TEXTS_TOO = ("card_definition", "reporting_org", "entitlement_org", "environment")
COLUMNS = ("day", "utc_day", *TEXTS, *TEXTS_TOO, *SUMS)
MANY_MOVED, MOVED_SHARE, MOST_MOVED = 20, 20, 2
"""Ids are not a key if this many rows, and every twentieth, have another time than the next newer one; or every second row."""


class SourceState(NamedTuple):
    """The state of a source: the import that its events count as, how far it was read, and how."""

    import_id: int
    processed_through: datetime | None
    read_with: str


@dataclass(frozen=True, slots=True)
class Pull:
    """An engine's result for a source, in a Parquet file. is_whole: of all days; else of the days that fresh rows touch."""

    source: SourceSettings
    match: ProfileMatch
    path: Path
    is_whole: bool
    read_with: str


def find_state(session: Session, name: str) -> SourceState | None:
    """Return the state of a source; None if it was never imported, or if its import was undone."""
    rows = session.query("source_table", source=name)
    return SourceState(rows[0]["import_id"], rows[0]["processed_through"], rows[0]["read_with"]) if rows else None


def reading_key_of(source: SourceSettings, match: ProfileMatch, settings: WalletSettings) -> str:
    """Return, as one text, the settings that decide how a source is read: if it changes, all of it is read again."""
    columns = {column: match.header(column) for column in match.places}
    said = [source.engine, source.table, source.first_day.isoformat(), settings.time_zone, match.profile.name, columns]
    return sha256(json.dumps([said, reading_key(settings)], sort_keys=True).encode()).hexdigest()


def land(session: Session, pull: Pull, settings: WalletSettings, now: datetime, spool: Path) -> FileReport:
    """Bring an engine's result into the wallet, in the caller's transaction, and return the outcome.

    Raises: ExportError, if the ids are not a key, or events of files would count twice; MachineError, if a check fails.
    """
    landing = _Landing(session, pull, settings, now)
    landing.stage()
    landing.require_key()
    landing.require_apart()
    return landing.land(spool)


class _Landing:
    """One pull on its way into the wallet."""

    def __init__(self, session: Session, pull: Pull, settings: WalletSettings, now: datetime) -> None:
        self._session, self._pull, self._settings, self._now = session, pull, settings, now
        self._state = find_state(session, pull.source.name)
        known = self._state.import_id if self._state else None
        self._import_id = known or int(session.query("next_import_id")[0]["import_id"])
        self._name = f"source {pull.source.name}"
        self._vanished: tuple[int, Any, Any] = (0, None, None)

    def stage(self) -> None:
        """Read the file into the temporary table `pulled`, as the engine returned it, and into the stage, like folded events."""
        path = str(self._pull.path).replace("'", "''")
        self._session.execute(f"CREATE OR REPLACE TEMP TABLE {PULLED} AS SELECT * FROM read_parquet('{path}')")
        texts = ", ".join(f"nullif(CAST({name} AS VARCHAR), '') AS {name}" for name in TEXTS if name != "root_resource_tags")
        rest = ", ".join(f"nullif(CAST({name} AS VARCHAR), '') AS {name}" for name in TEXTS_TOO)
        tags = columns_as_tags("department", "use_case", "root_resource_tags")
        kinds = {"row_count": "BIGINT", "dear_rows": "BIGINT"}
        sums = ", ".join(f"CAST({name} AS {kinds.get(name, 'DECIMAL(38,6)')}) AS {name}" for name in SUMS)
        create_stage(
            self._session,
            f"SELECT CAST(day AS DATE) AS day, CAST(utc_day AS DATE) AS utc_day, {texts},"
            f" {tags} AS root_resource_tags, {rest}, {sums}, CAST(NULL AS VARCHAR) AS fault FROM {PULLED}"
            " WHERE fault IS NULL AND row_count > 0",
        )

    def require_key(self) -> None:
        """Raise ExportError, if the id column is clearly not a key: too many ids have rows with several times."""
        moved, rows = int(self._value("sum(rows_moved)")), int(self._value("sum(rows_read)"))
        if moved * MOST_MOVED > rows or (moved >= MANY_MOVED and moved * MOVED_SHARE > rows):
            raise ExportError(
                f"{self._pull.match.header('id')} is not a key: {group_digits(moved)} of {group_digits(rows)} rows of "
                f"{self._name} have the id of another"
                " row at another time. Map the event's own id in a profile of wallet.profiles. Nothing was imported."
            )

    def require_apart(self) -> None:
        """Raise ExportError, if files or other sources hold events of the same days and orgs."""
        require_only_source(self._session, self._pull.source.name, self._import_id)

    def land(self, spool: Path) -> FileReport:
        """Replace the existing sums by the staged ones."""
        session, settings = self._session, self._settings
        self._find_touched_days()
        Pseudonyms(session).clean_table(STAGED_ROWS)
        cards_changed, assumed = learn_cards(session, EVENTS, settings)
        ids_changed = lengthen_ids(session, EVENTS)
        record_long_ids(session, EVENTS, self._import_id)
        index_tags(session, settings, spool)
        gone = self._replace_sums()
        prune_tags(session)
        before = session.query("touched_day_credits")
        is_linked_anew, linked = link_cards(session, settings)
        if cards_changed or ids_changed or is_linked_anew:
            touch_every_day(session)
        roll_up_touched_days(session, settings)
        through = self._enter()
        require_checks(session)
        read, rejected = self._value("sum(rows_read)", "true"), self._rejects()
        new = max(self._value("sum(row_count)") - gone, 0)
        return FileReport(
            self._name,
            "imported",
            profile=self._pull.match.profile.name,
            rows_read=read,
            rows_new=new,
            rows_same=read - new - sum(entry.row_count for entry in rejected),
            rejected=rejected,
            data_through=through.replace(tzinfo=UTC) if through else None,
            days=changes_of_days(before, session.query("touched_day_credits")),
            readings=(self._reading(),),
            notes=tuple(filter(None, (*self._notes(), assumed, linked))),
            doubts=tuple(filter(None, (*self._doubts(), ask_for_default_card(session, settings)))),
            import_id=self._import_id,
        )

    def _find_touched_days(self) -> None:
        """Fill the temporary table `touched_days`, and note the days for which the table no longer has events."""
        session, own = self._session, {"own": self._import_id}
        given = f"SELECT DISTINCT CAST(day AS DATE) AS day FROM {PULLED} WHERE fault IS NULL"
        session.execute(f"CREATE OR REPLACE TEMP TABLE touched_days AS {given}")
        if self._pull.is_whole:
            former = "SELECT DISTINCT day FROM folded_events WHERE import_id = $own EXCEPT SELECT day FROM touched_days"
            self._vanished = session.execute(f"SELECT count(*), min(day), max(day) FROM ({former})", own)[0]
            session.execute(f"INSERT INTO touched_days {former}", own)

    def _replace_sums(self) -> int:
        """Return how many events counted so far on the days that are replaced."""
        own = {"own": self._import_id}
        here = "FROM folded_events WHERE import_id = $own AND day IN (SELECT day FROM touched_days)"
        gone = int(self._session.value(f"SELECT coalesce(sum(row_count), 0) {here}", own))
        self._session.execute(f"DELETE {here}", own)
        columns = ", ".join(COLUMNS)
        self._session.execute(f"INSERT INTO folded_events ({columns}, import_id) SELECT {columns}, $own FROM {STAGE}", own)
        return gone

    def _enter(self) -> datetime | None:
        """Record the source's new totals in the ledger of imports, and return how far its data goes."""
        session, source, match, own = self._session, self._pull.source, self._pull.match, {"own": self._import_id}
        reached, through = self._reach()
        digest = sha256(self._name.encode()).hexdigest()
        reading = {"engine": source.engine, "columns": {column: match.header(column) for column in match.places}}
        counted = session.value("SELECT coalesce(sum(row_count), 0) FROM folded_events WHERE import_id = $own", own)
        rejected = sum(entry.row_count for entry in self._rejects())
        session.execute("DELETE FROM imports WHERE import_id = $own", own)
        session.run(
            "enter_import",
            import_id=self._import_id,
            sha256=digest,
            container_sha256=digest,
            file_name=self._name,
            profile=match.profile.name,
            reading=json.dumps(reading, ensure_ascii=False),
            now=self._now,
            data_through=through,
            source_sha256=digest,
            source_name=self._name,
            read_with=self._pull.read_with,
            headers=json.dumps(match.headers, ensure_ascii=False),
            rows_read=int(counted) + rejected,
            rows_rejected=rejected,
        )
        session.run("forget_source", source=source.name)
        session.run(
            "enter_source",
            source=source.name,
            import_id=self._import_id,
            processed_through=reached,
            read_with=self._pull.read_with,
        )
        return through

    def _reach(self) -> tuple[datetime | None, datetime | None]:
        """Return the newest processed time among the known rows, and how far the data goes, both as naive UTC.

        A processed time in the future must not keep rows up to then from counting as fresh.
        """
        session = self._session
        processed, used = session.execute(
            "SELECT max(CAST(processed_through AS TIMESTAMP)), max(CAST(event_through AS TIMESTAMP))"
            f" FROM {PULLED} WHERE fault IS NULL"
        )[0]
        reached = min(processed, self._now.astimezone(UTC).replace(tzinfo=None)) if processed else None
        through = processed or used
        if self._pull.is_whole:
            return reached, through
        former = session.value("SELECT max(data_through) FROM imports WHERE import_id = $own", {"own": self._import_id})
        known = self._state.processed_through if self._state else None
        known = known.replace(tzinfo=None) if known else None
        return max(filter(None, (known, reached)), default=None), max(filter(None, (former, through)), default=None)

    def _reading(self) -> str:
        source = self._pull.source
        days = (
            "All its days were read" if self._pull.is_whole else "The days were read of what was processed since the last import"
        )
        return f"{days}, from {source.table} ({source.engine})."

    def _rejects(self) -> tuple[Rejected, ...]:
        rows = self._session.execute(
            f"SELECT fault, sum(row_count) FROM {PULLED} WHERE fault IS NOT NULL GROUP BY fault ORDER BY fault"
        )
        header = self._pull.match.header
        places = self._pull.match.places
        parts = ((fault.partition("|"), int(count)) for fault, count in rows)
        return tuple(
            Rejected(self._name, header(column) if column in places else column, reason, count, 0)
            for (column, _, reason), count in parts
        )

    def _notes(self) -> Iterator[str]:
        rejected = self._rejects()
        if rejected:
            left = _rows(sum(entry.row_count for entry in rejected), "was", "were")
            held = self._value("sum(credits)", "fault IS NOT NULL")
            yield f"{left} left out: {number(held)} credits in them. Fix them in the table: the next import takes them."
        if rounded := self._value("sum(rows_rounded)"):
            yield f"{_rows(rounded, 'has', 'have')} amounts finer than a millionth, rounded to it."

    def _doubts(self) -> Iterator[str]:
        if moved := self._value("sum(rows_moved)"):
            yield f"{_rows(moved, 'has', 'have')} the id of a newer row at another time: the newest counts."
        if unclear := self._value("sum(rows_unclear)"):
            contradicting = _rows(unclear, "contradicts", "contradict")
            yield (
                f"{contradicting} another of the same id and processed time, and nothing says which is newer: the larger counts."
            )
        if keyless := self._value("sum(rows_keyless)"):
            yield f"{_rows(keyless, 'has', 'have')} no id: each is taken as use of its own, also if the table holds it twice."
        days, first, last = self._vanished
        if days:
            named = shown_day(first) if days == 1 else f"{group_digits(days)} days of {shown_day(first)} to {shown_day(last)}"
            yield f"The table has no events of {named} any more, so their credits no longer count."

    def _value(self, sums: str, where: str = "fault IS NULL") -> Any:  # noqa: ANN401 -- a number, of rows or of credits
        return self._session.value(f"SELECT coalesce({sums}, 0) FROM {PULLED} WHERE {where}")


def _rows(count: int, one: str, many: str) -> str:
    return f"1 row {one}" if count == 1 else f"{group_digits(count)} rows {many}"
