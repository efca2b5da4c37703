# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""A prepared file as typed rows in a temporary table, each with its fault, if any.

We bind columns by name, load them as text, and cast them one by one; a row that does not cast is not dropped but carries its
fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from core.days import FIRST_YEAR, LAST_YEAR
from core.wallet.deliveries import STAGE, create_stage
from core.wallet.export_tables import TABLES
from core.wallet.ingest.format_detection import INSTANT_WITH_ZONE
from core.wallet.ingest.tables import NAMES, is_total
from core.wallet.ingest.tags import columns_as_tags
from core.wallet.ingest.values import (
    ENDS_BEFORE_IT_STARTS,
    MISSING,
    NEGATIVE,
    NOT_OF_THIS_CENTURY,
    SKIPPED,
    UNREADABLE,
    ambiguous_time_sql,
    local_day_sql,
    plain_number,
    utc_sql,
    zone,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.config import WalletSettings
    from core.wallet.export_tables import ExportField
    from core.wallet.ingest.conversion import NormalizedTable
    from core.wallet.ingest.format_detection import DetectedFormat
    from core.wallet.ingest.profiles import ProfileMatch
    from core.warehouse import Session

ADDS = "^(add|new|grant|purchas|renew|increas|initial|top|adjust|correct)"  # the last two by the sign of their quantity
TAKES_AWAY = "^(reduc|cancel|deduct|revo|remov|withdr|claw|terminat|revers|decreas)"
SHORTEST_TIME = 13  # characters of a day and an hour; a shorter value may be a bare day
BACKWARDS = "coalesce(end_time < start_time, false)"
KEPT_BLANK = frozenset({"row_detail"})
EXACT_DIGITS = 8
AMOUNT = "credits"
TRUE_WORDS = "('true', '1', 'yes', 'y', 't')"
FALSE_WORDS = "('false', '0', 'no', 'n', 'f')"
CLOCK_SEPARATORS = "regexp_replace(replace(translate({text}, '.-', '//'), ',', ' '), '[\\s\\x{{00a0}}\\x{{202f}}]+', ' ', 'g')"
CLOCK_FORMATS = ("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p")


@dataclass(frozen=True, slots=True)
class Staged:
    """The result of reading a file: all rows, and how many good ones deserve a note.

    bare_days: usage times that are a day without a time: then it is the team's day, not UTC's.
    """

    rows: int
    faulty: int
    rounded: int
    shown_twice: int
    bare_days: int


def relation(prepared: NormalizedTable) -> str:
    """Return SQL for the prepared file's rows as text: columns c0, c1, … in the order of its headers."""
    names = [f"c{place}" for place in range(len(prepared.headers))]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in (["line"] if prepared.has_lines else []) + names)
    path = str(prepared.path).replace("'", "''")
    line_end = "new_line = '\\n', " if prepared.has_lines else ""  # ours; a delivered file's is detected
    return (
        f"read_csv('{path}', auto_detect = false, header = true, delim = '{prepared.delimiter}', quote = '\"', escape = '\"', "
        f"encoding = 'utf-8', {line_end}columns = {{{columns}}})"
    )


def stage(
    session: Session, prepared: NormalizedTable, match: ProfileMatch, reading: DetectedFormat, settings: WalletSettings
) -> Staged:
    """Read the file into the stage: the columns of the profile's table, `other` and `fault`.

    fault: column and reason with a bar between them, NULL for a good row.
    Raises: StatementError, if the file is not well-formed CSV.
    """
    casts = _Casts(session, match, reading, settings)
    create_stage(session, casts.statement(relation(prepared)), casts.parameters, casts.blank)
    row = session.execute(
        "SELECT count(*), count(fault), count(*) FILTER (is_rounded), count(*) FILTER (is_shown_twice),"
        f" count(*) FILTER (is_bare_day) FROM {STAGE}"
    )[0]
    return Staged(*row)


def has_totals(session: Session, match: ProfileMatch) -> bool:
    """Whether a staged row may be a total: it lacks the key that others have, or none has one and a name or the sum says so."""
    keyless, keyed = session.execute(f"SELECT count(*) FILTER (id IS NULL), count(id) FROM {STAGE}")[0]
    if not keyless or keyed:
        return bool(keyless)
    columns = sorted(NAMES & match.places.keys())
    names = " UNION ".join(f"SELECT DISTINCT {column} AS name FROM {STAGE}" for column in columns)
    if names and any(is_total(name) for (name,) in session.execute(f"SELECT name FROM ({names}) WHERE name IS NOT NULL")):
        return True
    if AMOUNT not in match.places:
        return False
    return bool(
        session.value(
            f"SELECT 2 * (SELECT {AMOUNT} FROM {STAGE} ORDER BY rowid DESC LIMIT 1) = (SELECT sum({AMOUNT}) FROM {STAGE})"
        )
    )


def is_their_total(session: Session, match: ProfileMatch, reading: DetectedFormat, cells: Sequence[str]) -> bool:
    """Whether a row that is called a total and lies below the staged ones is theirs: it has no time, and their sum or no amount.

    cells: as delivered, in the order of the headers; those at the end may be missing.
    """
    amount = TABLES[match.profile.table].amount
    given = {column: cells[place].strip() for column, place in match.places.items() if place < len(cells)}
    if any(given.get(field.column) for field in match.profile.fields if field.kind in {"instant", "day"}):
        return False
    if not given.get(amount):
        return sum(map(bool, cells)) == 1
    stated = plain_number(given[amount], reading.decimal)
    return stated is not None and Decimal(stated) == session.value(f"SELECT sum({amount}) FROM {STAGE}")


class _Casts:
    """The SELECT that turns a file's text columns into the columns of a profile's table."""

    def __init__(self, session: Session, match: ProfileMatch, reading: DetectedFormat, settings: WalletSettings) -> None:
        self.parameters = {f"header{place}": match.headers[place] for place in match.unknown}
        self._match = match
        self._reading = reading
        self._types: dict[str, str] = dict(
            session.execute(
                "SELECT column_name, data_type FROM duckdb_columns()"
                " WHERE table_name = $t AND column_name <> 'import_id' ORDER BY column_index",
                {"t": match.profile.table},
            )
        )
        self._given = {f.column: f.column for f in match.profile.fields if f.column in match.places}
        self._given |= {"other": "unknown_columns"} if match.unknown else {}
        self._given |= self._of_columns() | derive_columns(match.profile.table, settings)

    @property
    def blank(self) -> dict[str, str]:
        """The columns of the table that the file does not state, with their types; ids are given to the rows later."""
        return {name: kind for name, kind in self._types.items() if name not in {"id", *self._given}}

    def statement(self, rows: str) -> str:
        present = [f for f in self._match.profile.fields if f.column in self._match.places]
        checked = [f for f in present if f.kind != "text"]
        inner = [f"c{self._match.places[f.column]} AS raw_{f.column}" for f in checked]
        inner += [f"{self._cast(f)} AS {f.column}" for f in present]
        outer = [
            f"CAST({self._given.get(name, 'NULL')} AS {kind}) AS {name}"
            for name, kind in self._types.items()
            if name not in self.blank
        ]
        missing = [f"NULL AS {f.column}" for f in self._match.profile.fields if f not in present]
        inner += missing
        return (
            f"SELECT {', '.join(outer)}, {self._fault(checked)} AS fault, {self._round_sql(checked)} AS is_rounded, "
            f"{self._ambiguous_sql(checked)} AS is_shown_twice, {self._bare_sql()} AS is_bare_day "
            f"FROM (SELECT {', '.join(inner)}, {self._other()} AS unknown_columns FROM {rows})"
        )

    def _of_columns(self) -> dict[str, str]:
        """Return SQL for columns of the table that derive from several of the file's."""
        found: dict[str, str] = {}
        if {"department", "use_case"} & self._match.places.keys():
            found["root_resource_tags"] = columns_as_tags("department", "use_case", "root_resource_tags")
        mapped = self._match.profile.mapped
        if mapped and mapped.unit == "actions" and "usage_value" not in self._match.places:
            found["usage_value"] = f"CAST({self._number(f'raw_{AMOUNT}')} AS {self._types['usage_value']})"
        return found

    def _factor(self, column: str) -> Decimal | None:
        """Return the factor from the amount to credits; None if it is credits."""
        mapped = self._match.profile.mapped
        return mapped.factor if mapped and column == AMOUNT else None

    def _cast(self, field: ExportField) -> str:
        text = f"c{self._match.places[field.column]}"
        if field.kind == "instant":
            return self._instant(text)
        if field.kind == "day":
            return f"CAST({self._instant(text)} AS DATE)"
        if field.kind in {"number", "count"}:
            factor = self._factor(field.column)
            exact = f"TRY_CAST({self._number(text)} AS DECIMAL(20,6)) * CAST('{factor}' AS DECIMAL(18,10))"
            return f"TRY_CAST({self._number(text) if factor is None else exact} AS {self._types[field.column]})"
        if field.kind == "flag":
            word = f"lower(trim({text}))"
            return f"CASE WHEN {word} IN {TRUE_WORDS} THEN true WHEN {word} IN {FALSE_WORDS} THEN false END"
        if field.column in KEPT_BLANK:
            return f"coalesce(upper(trim({text})), '')"
        # Trimming every value takes as long as reading the file, and most values neither begin nor end with a blank.
        return f"CASE WHEN {text} >= '!' AND NOT ends_with({text}, ' ') THEN {text} ELSE nullif(trim({text}), '') END"

    def _number(self, text: str) -> str:
        if self._reading.decimal == ",":
            return self._ungroup(text, ".", f"replace({text}, ',', '.')")
        return self._ungroup(text, ",", text) if self._reading.is_grouped else text

    def _ungroup(self, text: str, group: str, plain: str) -> str:
        """Return SQL for the number's text without marks between thousands, NULL if they are in odd places."""
        mark = "," if group == "." else r"\."
        shape = rf"\s*[+-]?(\d+|\d{{1,3}}([{group}]\d{{3}})+)({mark}\d*)?\s*"
        without = f"replace({text}, '{group}', '')"
        return f"CASE WHEN regexp_full_match({text}, '{shape}') THEN {plain.replace(text, without)} END"

    def _instant(self, text: str) -> str:
        """Return SQL for the UTC instant; a bare day is its midnight whatever the zone."""
        local = self._local(text)
        zoned = (
            f"CASE WHEN ends_with({text}, 'Z') AND length({text}) > 15 THEN TRY_CAST({text} AS TIMESTAMP) "
            f"WHEN regexp_full_match({text}, '{INSTANT_WITH_ZONE}') THEN CAST(TRY_CAST({text} AS TIMESTAMPTZ) AS TIMESTAMP) "
            f"WHEN {text} NOT LIKE '%:%' THEN {local} "
        )
        return f"{zoned} ELSE {self._in_zone(local)} END" if self._reading.time_zone else f"{zoned} END"

    def _in_zone(self, local: str) -> str:
        place = zone(self._reading.time_zone or "UTC", "wallet.export_time_zone")
        return utc_sql(local, place)

    def _local(self, text: str) -> str:
        if self._reading.date_order == "year_first":
            return f"TRY_CAST({text} AS TIMESTAMP)"
        order = "%d/%m" if self._reading.date_order == "day_first" else "%m/%d"
        plain = f"trim({CLOCK_SEPARATORS.format(text=text)})"
        short = f"regexp_matches({plain}, '^\\d+/\\d+/\\d\\d( |$)')"
        two_digits, four_digits = (f"try_strptime({plain}, {_formats(order, year)})" for year in ("%y", "%Y"))
        year_last = f"CASE WHEN {short} THEN {two_digits} ELSE {four_digits} END"
        return f"CASE WHEN regexp_matches({text}, '^\\s*\\d{{4}}-') THEN TRY_CAST({text} AS TIMESTAMP) ELSE {year_last} END"

    def _other(self) -> str:
        if not self._match.unknown:
            return "CAST(NULL AS VARCHAR)"
        pairs = ", ".join(f"$header{place}, c{place}" for place in self._match.unknown)
        return f"CAST(json_object({pairs}) AS VARCHAR)"

    def _fault(self, checked: list[ExportField]) -> str:
        """Return SQL for the first fault of a row; rows that clearly have none, nearly all, are recognised first."""
        if not checked:
            return "CAST(NULL AS VARCHAR)"
        backwards = [BACKWARDS] if {"start_time", "end_time"} <= {field.column for field in checked} else []
        sound = " AND ".join([*map(self._sound, checked), *(f"NOT {test}" for test in backwards)])
        whens = [when for field in checked for when in self._field_faults(field)]
        whens += [f"WHEN {test} THEN 'end_time|{ENDS_BEFORE_IT_STARTS.reason}'" for test in backwards]
        return f"CASE WHEN {sound} THEN NULL ELSE CASE {' '.join(whens)} END END"

    def _sound(self, field: ExportField) -> str:
        column = field.column
        test = (
            _in_reach(field)
            if field.kind in {"instant", "day"}
            else f"{column} >= 0"
            if field.kind == "number" and column not in TABLES[self._match.profile.table].may_be_negative
            else f"{column} IS NOT NULL"
        )
        return f"coalesce({test}, false)" if field.is_required else f"coalesce({test}, raw_{column} IS NULL)"

    def _field_faults(self, field: ExportField) -> list[str]:
        raw, column = f"raw_{field.column}", field.column
        faults = [f"WHEN {raw} IS NULL OR trim({raw}) = '' THEN '{column}|{MISSING.reason}'"] if field.is_required else []
        if field.kind == "instant" and self._reading.time_zone:
            skipped = SKIPPED.reason.format(self._reading.time_zone)
            faults.append(f"WHEN {column} IS NULL AND {self._local(raw)} IS NOT NULL THEN '{column}|{skipped}'")
        faults.append(f"WHEN {column} IS NULL AND trim({raw}) <> '' THEN '{column}|{UNREADABLE[field.kind].reason}'")
        if field.kind in {"instant", "day"}:
            faults.append(f"WHEN NOT {_in_reach(field)} THEN '{column}|{NOT_OF_THIS_CENTURY.reason}'")
        if field.kind == "number" and column not in TABLES[self._match.profile.table].may_be_negative:
            faults.append(f"WHEN {column} < 0 THEN '{column}|{NEGATIVE.reason}'")
        return faults

    def _round_sql(self, checked: list[ExportField]) -> str:
        exact = [
            f"CASE WHEN strlen(raw_{f.column}) > {EXACT_DIGITS} THEN "
            f"TRY_CAST({self._number(f'raw_{f.column}')} AS DECIMAL(38,18)) <> {f.column} ELSE false END"
            for f in checked
            if f.kind == "number" and self._factor(f.column) is None
        ]
        return f"coalesce({' OR '.join(exact)}, false)" if exact else "false"

    def _bare_sql(self) -> str:
        table = TABLES[self._match.profile.table]
        raw = f"raw_{table.time}"
        return f"strlen({raw}) < {SHORTEST_TIME} AND {raw} NOT LIKE '%:%'" if table.is_day_local else "false"

    def _ambiguous_sql(self, checked: list[ExportField]) -> str:
        if not self._reading.time_zone:
            return "false"
        place = zone(self._reading.time_zone, "wallet.export_time_zone")
        twice = [ambiguous_time_sql(self._local(f"raw_{f.column}"), place) for f in checked if f.kind == "instant"]
        return f"coalesce({' OR '.join(twice)}, false)" if twice and place.key != "UTC" else "false"


def _in_reach(field: ExportField) -> str:
    return f"({field.column} >= DATE '{FIRST_YEAR}-01-01' AND {field.column} < DATE '{LAST_YEAR + 1}-01-01')"


def derive_columns(table: str, settings: WalletSettings) -> dict[str, str]:
    """Return SQL for the columns of a table that derive from the delivered ones."""
    place = zone(settings.time_zone, "wallet.time_zone")
    card = settings.default_card.replace("'", "''")
    if TABLES[table].is_day_local:
        return {"day": local_day_sql(TABLES[table].time, place)}
    derived = {
        "entitlements": {
            "card": f"replace(coalesce(card, '{card}'), ' ', '')",
            "said_card": f"replace(coalesce(card, '{card}'), ' ', '')",
            "credits": (
                f"CASE WHEN {_has_effect('takes_away', TAKES_AWAY, settings)} THEN -abs(quantity)"
                f" WHEN {_has_effect('adds', ADDS, settings)} THEN quantity ELSE 0 END"
            ),
            "first_day": "CAST(start_time AS DATE)",
            "day_after_last": "CAST(CAST(end_time AS TIMESTAMP) + INTERVAL '1 minute' AS DATE)",
            "is_counted": (
                "lower(trim(coalesce(subtype, ''))) <> 'reparenting'"
                f" AND lower(trim(coalesce(is_deleted, ''))) NOT IN {TRUE_WORDS}"
            ),
        },
        "balance_snapshots": {
            "card": f"replace(coalesce(card, '{card}'), ' ', '')",
            "said_card": f"replace(coalesce(card, '{card}'), ' ', '')",
            "environment": environment_sql("environment"),
        },
    }
    return derived.get(table, {})


def _has_effect(effect: str, known: str, settings: WalletSettings) -> str:
    """Return SQL for whether a ledger row's type has an effect on the pool, by app.yaml or by the known types."""
    said = {name.lower(): does for name, does in settings.transaction_types}
    kind = "lower(trim(coalesce(type, '')))"
    listed = ", ".join("'" + name.replace("'", "''") + "'" for name in said) or "NULL"
    chosen = ", ".join("'" + name.replace("'", "''") + "'" for name, does in said.items() if does == effect)
    by_setting = f"{kind} IN ({chosen}) OR " if chosen else ""
    return f"({by_setting}(coalesce({kind} NOT IN ({listed}), true) AND regexp_matches({kind}, '{known}')))"


def environment_sql(column: str) -> str:
    """Return SQL for production, sandbox or unknown; only an explicit production is production."""
    said = f"lower(trim({column}))"
    return (
        f"CASE WHEN {said} IN ('production', 'prod') THEN 'production' WHEN {said} = 'sandbox' THEN 'sandbox' ELSE 'unknown' END"
    )


def _formats(order: str, year: str) -> str:
    return "[" + ", ".join(f"'{order}/{year}{clock}'" for clock in CLOCK_FORMATS) + "]"
