"""The single statement that a source's engine runs: its table's events, each once, summed by day and name.

The result has the grain of `folded_events`. Which row of an id counts is decided as within a file: the newest processed
time, the larger amount, the more filled columns, the text. Days are cut by the clock changes of Python's zoneinfo, so
that no engine's own time zone rules matter.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from core.days import FIRST_YEAR
from core.errors import ExportError
from core.records import NamedTuple
from core.wallet.ingest.values import (
    MISSING,
    NEGATIVE,
    NOT_OF_THIS_CENTURY,
    SKIPPED,
    UNREADABLE,
    clock_changes,
    first_offset,
    zone,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from zoneinfo import ZoneInfo

    import ibis.expr.types as ir

    from core.config import WalletSettings
    from core.wallet.ingest.profiles import ProfileMatch
    from core.wallet.ingest.values import ClockChange

AMOUNT, FACTOR, SUM, COUNT = dt.Decimal(18, 6), dt.Decimal(18, 10), dt.Decimal(38, 6), dt.int64
DIGITS, TOO_LARGE = 6, 10**12  # of DECIMAL(18,6)
NAMES = (
    *("usage_type", "resource", "root_resource", "resource_tags", "root_resource_tags", "department", "use_case", "user_id"),
    *("card_name", "card_definition", "reporting_org", "entitlement_org", "environment"),
)
NUMBERS, TIMES = ("credits", "usage_value", "multiplier"), ("event_time", "processed_time")
SUMS = (
    *("row_count", "actions", "credits", "dear_rows", "excess_actions", "excess_credits"),
    *("rows_read", "rows_rounded", "rows_moved", "rows_unclear", "rows_keyless"),
)
BEFORE_ALL = datetime(1970, 1, 2, tzinfo=UTC)  # some engines support no time before 1970
LOOK_BACK = timedelta(days=62)
"""How far before the first day rows are read: a newer row of the same event may have moved it."""


class Wanted(NamedTuple):
    """Which events are wanted.

    first_day: the first of the team's days; earlier ones are left out. until: events from that day on are invalid.
    since: only days on which anything was processed from that instant (UTC) on, but all events of these; None for every day.
    """

    first_day: date
    until: date
    since: datetime | None = None


class Dialect(NamedTuple):
    """Settings for an engine: how to show an instant in UTC, and how to order texts by their bytes."""

    in_utc: Callable[[ir.Value], ir.Value]
    by_bytes: Callable[[ir.Value], ir.Value]


def roll_up_events(table: ir.Table, match: ProfileMatch, settings: WalletSettings, wanted: Wanted, dialect: Dialect) -> ir.Table:
    """Return the sums of a table's events: a row for each day and combination of names, and one for each fault.

    fault: column and reason with a bar between them, NULL for sums of good rows. row_count: the events that count; 0 if rows
    of a touched day no longer count. rows_read: all rows. processed_through, event_through: the latest processed time and the
    latest usage time, in UTC.
    Raises: ExportError, if a column is of a type that cannot be read exactly.
    """
    rows = _read(table, match, settings, wanted, dialect)
    good, bad = rows.filter(rows.fault.isnull()), rows.filter(rows.fault.notnull())
    if wanted.since is None:
        ranked = _rank(good, match, dialect)
    else:
        scope, touched = _around_fresh(good, wanted.since)
        ranked = _rank(scope, match, dialect).semi_join(touched, "day")
        bad = bad.filter(_is_fresh(bad, wanted.since))
    ranked = ranked.filter(ranked.day >= ibis.literal(wanted.first_day))
    return _sum_good(ranked).union(_sum_bad(bad), distinct=False)


# Reading


def _read(table: ir.Table, match: ProfileMatch, settings: WalletSettings, wanted: Wanted, dialect: Dialect) -> ir.Table:
    """Return the rows with our columns and types, each with its fault."""
    given = {column: table[match.headers[place]] for column, place in match.places.items()}
    place = match.settings(settings).export_time_zone or "UTC"
    clocks = zone(place, "wallet.export_time_zone")
    columns: dict[str, ir.Value] = {column: _text(match, column, given.get(column)) for column in ("id", *_texts(match))}
    columns["id"] = columns["id"].strip().nullif("")
    for column in TIMES:
        columns[column] = _instant(match, column, given.get(column), clocks, wanted, dialect)
        columns[f"has_{column}"] = _is_there(given.get(column))
    for column in NUMBERS:
        columns[column] = _number(match, column, given)
        columns[f"has_{column}"] = _is_there(given.get(column))
    columns["is_rounded"] = _is_rounded(match, given)
    rows = table.select(**columns)
    earliest = datetime.combine(wanted.first_day, time(), UTC) - LOOK_BACK
    rows = rows.filter(rows.event_time.isnull() | (rows.event_time >= _at(rows.event_time, earliest)))
    team = zone(settings.time_zone, "time_zone")
    return rows.mutate(
        fault=_fault(rows, wanted, place),
        utc_day=rows.event_time.date(),
        day=_shifted(rows.event_time, team, wanted, lambda shifted: shifted.date()),
    )


def _texts(match: ProfileMatch) -> list[str]:
    """Return the text columns to group by, followed by those that only distinguish versions of a row."""
    others = [field.column for field in match.profile.fields if field.kind == "text" and field.column in match.places]
    return [*NAMES, *(column for column in others if column not in {"id", *NAMES})]


def _text(match: ProfileMatch, column: str, given: ir.Value | None) -> ir.StringValue:
    """Return a column as text, blanks as NULL; NULL if it is missing."""
    if given is None:
        return ibis.literal(None, type=dt.string)
    kind = given.type()
    if not (kind.is_string() or kind.is_integer() or kind.is_uuid() or kind.is_json() or kind.is_boolean()):
        raise _refused(match, column, kind, "text")
    return (given if kind.is_string() else given.cast("string")).nullif("")


def _instant(  # noqa: PLR0913, PLR0917 -- a column, and how its times are meant
    match: ProfileMatch, column: str, given: ir.Value | None, clocks: ZoneInfo, wanted: Wanted, dialect: Dialect
) -> ir.TimestampValue:
    """Return a column as instants in UTC; NULL if it is missing, or for a time that the clocks skipped."""
    if given is None:
        return ibis.literal(None, type=dt.Timestamp())
    kind = given.type()
    if not kind.is_timestamp():
        raise _refused(match, column, kind, "a timestamp")
    if kind.timezone is not None:
        return dialect.in_utc(given)
    return given if clocks.key == "UTC" else _from_local(given, clocks, wanted)


def _number(match: ProfileMatch, column: str, given: dict[str, ir.Value]) -> ir.DecimalValue:
    """Return a column as DECIMAL(18,6), rounded half away from zero like a file's numbers; NULL if it is too large."""
    mapped = match.profile.mapped
    if column == "usage_value" and column not in given and mapped and mapped.unit == "actions":
        return _plain_number(match, "credits", given["credits"])
    if column not in given:
        return ibis.literal(None, type=AMOUNT)
    number, factor = _plain_number(match, column, given[column]), mapped.factor if mapped else None
    if factor is None or column != "credits":
        return number
    return (number * ibis.literal(factor, type=FACTOR)).round(DIGITS).cast(AMOUNT)


def _plain_number(match: ProfileMatch, column: str, given: ir.Value) -> ir.DecimalValue:
    kind = given.type()
    if not (kind.is_decimal() or kind.is_integer()):
        raise _refused(match, column, kind, "DECIMAL(18,6)")
    rounded = given.round(DIGITS) if kind.is_decimal() else given
    return ibis.cases((given.abs() < TOO_LARGE, rounded.cast(AMOUNT)), else_=ibis.literal(None, type=AMOUNT))


def _is_rounded(match: ProfileMatch, given: dict[str, ir.Value]) -> ir.BooleanValue:
    """Return whether a number of the row is finer than a millionth."""
    mapped = match.profile.mapped
    exact = [column for column in NUMBERS if column in given and not (mapped and mapped.factor and column == "credits")]
    fine = [
        given[column] for column in exact if given[column].type().is_decimal() and (given[column].type().scale or 99) > DIGITS
    ]
    tests = [(one != one.round(DIGITS)).fill_null(False) for one in fine]  # noqa: FBT003 -- Ibis's own signature
    return _any(tests) if tests else ibis.literal(False)  # noqa: FBT003 -- as above


def _is_there(given: ir.Value | None) -> ir.BooleanValue:
    return ibis.literal(False) if given is None else given.notnull()  # noqa: FBT003 -- as above


def _refused(match: ProfileMatch, column: str, kind: dt.DataType, wanted: str) -> ExportError:
    return ExportError(
        f"The column {match.header(column)} is {kind}, and I accept only {wanted}, so that nothing is guessed. Name a view in"
        f" place of the table that gives it as {wanted}."
    )


def _fault(rows: ir.Table, wanted: Wanted, place: str) -> ir.StringValue:
    """Return the first fault of a row, in the order of the profile's columns, as a file's rows are judged."""
    whens: list[tuple[ir.BooleanValue, str]] = [(~rows.has_event_time, f"event_time|{MISSING.reason}")]
    for column in TIMES:
        whens += [
            (rows[f"has_{column}"] & rows[column].isnull(), f"{column}|{SKIPPED.reason.format(place)}"),
            (rows[column] < _at(rows[column], datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)), f"{column}|{NOT_OF_THIS_CENTURY.reason}"),
            (
                rows[column] >= _at(rows[column], datetime.combine(wanted.until, time(), UTC)),
                f"{column}|after {wanted.until.year - 1}",
            ),
        ]
    whens.append((~rows.has_credits, f"credits|{MISSING.reason}"))
    whens += [(rows[f"has_{column}"] & rows[column].isnull(), f"{column}|{UNREADABLE['number'].reason}") for column in NUMBERS]
    whens.append((rows.multiplier < 0, f"multiplier|{NEGATIVE.reason}"))
    return ibis.cases(*whens, else_=ibis.literal(None, type=dt.string))


# Times


def _at(column: ir.Value, instant: datetime) -> ir.Value:
    """Return an instant as a value of a column's type, so that the two can be compared."""
    kind = column.type()
    return ibis.literal(instant if kind.timezone is not None else instant.replace(tzinfo=None), type=kind)


def _shifted(instant: ir.Value, place: ZoneInfo, wanted: Wanted, told: Callable[[ir.Value], ir.Value]) -> ir.Value:
    """Return what the engine reports as a zone's local time at an instant."""
    first, changes = _clocks(place, wanted)
    steps = [(change.at, lambda after=change.after: told(_later(instant, after))) for change in changes]
    return _stepwise(instant, lambda: told(_later(instant, first)), steps)


def _from_local(local: ir.Value, place: ZoneInfo, wanted: Wanted) -> ir.Value:
    """Return the instants of local times: NULL if the clocks skipped one, the first if they showed it twice."""
    first, changes = _clocks(place, wanted)
    steps: list[tuple[datetime, Callable[[], ir.Value]]] = []
    for change in changes:
        if change.after > change.before:
            steps.append((change.stops_at, lambda: ibis.literal(None, type=local.type())))
        steps.append((max(change.stops_at, change.resumes_at), partial(_later, local, -change.after)))
    return _stepwise(local, lambda: _later(local, -first), steps)


def _clocks(place: ZoneInfo, wanted: Wanted) -> tuple[int, Sequence[ClockChange]]:
    """Return the offset from UTC, in seconds, at the start of the wanted days, and the clock changes in them."""
    begins = datetime.combine(wanted.first_day, time()) - 2 * LOOK_BACK
    changes = [change for change in clock_changes(place) if change.at < datetime.combine(wanted.until, time())]
    before = [change.after for change in changes if change.at < begins]
    return (before[-1] if before else first_offset(place)), [change for change in changes if change.at >= begins]


def _later(instant: ir.Value, seconds: int) -> ir.Value:
    return instant + ibis.interval(seconds=seconds) if seconds else instant


def _stepwise(
    column: ir.Value, before_all: Callable[[], ir.Value], steps: Sequence[tuple[datetime, Callable[[], ir.Value]]]
) -> ir.Value:
    """Return the value of the last step at or before the column: a balanced tree, so that many steps are cheap."""
    if not steps:
        return before_all()
    middle = len(steps) // 2
    at, value = steps[middle]
    low, high = _stepwise(column, before_all, steps[:middle]), _stepwise(column, value, steps[middle + 1 :])
    return ibis.cases((column < _at(column, at.replace(tzinfo=UTC)), low), else_=high)


# Each event once


def _is_fresh(rows: ir.Table, since: datetime) -> ir.BooleanValue:
    """Return whether a row was processed from an instant on, or states no processed time."""
    return rows.processed_time.isnull() | (rows.processed_time >= _at(rows.processed_time, since))


def _around_fresh(rows: ir.Table, since: datetime) -> tuple[ir.Table, ir.Table]:
    """Return all rows that decide what counts on the days that fresh rows touch, and these days.

    A fresh row touches its own day and those of the rows that it replaces.
    """
    fresh = rows.filter(_is_fresh(rows, since))
    ids = fresh.filter(fresh.id.notnull()).select("id").distinct()
    touched = fresh.select("day").union(rows.semi_join(ids, "id").select("day"), distinct=True)
    there = rows.semi_join(touched, "day")
    with_key = rows.semi_join(there.filter(there.id.notnull()).select("id").distinct(), "id")
    return with_key.union(there.filter(there.id.isnull()), distinct=False), touched


def _rank(rows: ir.Table, match: ProfileMatch, dialect: Dialect) -> ir.Table:
    """Return the rows with whether each counts, and whether one that does not differs from the next newer one."""
    rows = rows.mutate(processed=rows.processed_time.coalesce(_at(rows.processed_time, BEFORE_ALL)))
    texts = _texts(match)
    filled = [_one(rows[column].notnull()) for column in ("processed_time", "usage_value", "multiplier", *texts)]
    ties = [rows[column].cast("string") for column in ("usage_value", "multiplier")] + [rows[column] for column in texts]
    keys = [rows.processed, rows.credits, _total(filled), rows.event_time]
    keys += [dialect.by_bytes(tie.coalesce("")) for tie in ties]
    newest_first = ibis.window(group_by=rows.id, order_by=[key.desc() for key in keys])
    rows = rows.mutate(
        nth=ibis.row_number().over(newest_first),
        newer_time=rows.event_time.lag().over(newest_first),
        newer_processed=rows.processed.lag().over(newest_first),
        newer_credits=rows.credits.lag().over(newest_first),
        newer_agent=rows.root_resource.coalesce("").lag().over(newest_first),
    )
    is_older = rows.id.notnull() & (rows.nth > 0)
    differs = (rows.credits != rows.newer_credits) | (rows.root_resource.coalesce("") != rows.newer_agent)
    return rows.mutate(
        counts=~is_older,
        is_moved=is_older & (rows.event_time != rows.newer_time),
        is_unclear=is_older & (rows.processed == rows.newer_processed) & differs,
    )


# Summing


def _sum_good(rows: ir.Table) -> ir.Table:
    value, one = rows.usage_value, ibis.literal(1).cast(AMOUNT)
    is_dear = rows.counts & (value > one).fill_null(False)  # noqa: FBT003 -- Ibis's own signature
    beyond = rows.credits - rows.multiplier.coalesce(rows.credits)
    sums = rows.group_by("day", "utc_day", *NAMES).agg(
        row_count=_count(rows.counts),
        actions=_sum(rows.counts, value.coalesce(one)),
        credits=_sum(rows.counts, rows.credits),
        dear_rows=_count(is_dear),
        excess_actions=_sum(is_dear, value - one),
        excess_credits=_sum(is_dear & (beyond > 0), beyond),
        rows_read=rows.count().cast(COUNT),
        rows_rounded=_count(rows.is_rounded),
        rows_moved=_count(rows.is_moved),
        rows_unclear=_count(rows.is_unclear),
        rows_keyless=_count(rows.id.isnull()),
        **_reach(rows),
    )
    return sums.mutate(fault=ibis.literal(None, type=dt.string)).select(*_columns())


def _sum_bad(rows: ir.Table) -> ir.Table:
    none = {column: ibis.literal(None, type=rows[column].type()) for column in ("day", "utc_day", *NAMES)}
    sums = rows.group_by("fault").agg(
        row_count=rows.count().cast(COUNT),
        credits=_sum(ibis.literal(True), rows.credits.coalesce(ibis.literal(0).cast(AMOUNT))),  # noqa: FBT003 -- as above
        rows_read=rows.count().cast(COUNT),
        **_reach(rows),
    )
    counts = {name: ibis.literal(0).cast(COUNT) for name in SUMS if name not in {"row_count", "credits", "rows_read"}}
    amounts = {name: ibis.literal(0).cast(SUM) for name in ("actions", "excess_actions", "excess_credits")}
    return sums.mutate(**{**none, **counts, **amounts}).select(*_columns())


def _columns() -> tuple[str, ...]:
    return "fault", "day", "utc_day", *NAMES, *SUMS, "processed_through", "event_through"


def _reach(rows: ir.Table) -> dict[str, ir.Value]:
    return {"processed_through": rows.processed_time.max(), "event_through": rows.event_time.max()}


def _count(test: ir.BooleanValue) -> ir.Value:
    return _one(test).sum().cast(COUNT)


def _sum(test: ir.BooleanValue, amount: ir.Value) -> ir.Value:
    return ibis.cases((test, amount), else_=ibis.literal(0).cast(AMOUNT)).sum().cast(SUM)


def _one(test: ir.BooleanValue) -> ir.Value:
    """Return 1 if a test is true, else 0: not every engine casts booleans to numbers."""
    return ibis.cases((test, ibis.literal(1)), else_=ibis.literal(0))


def _total(numbers: Sequence[ir.Value]) -> ir.Value:
    total = numbers[0]
    for number in numbers[1:]:
        total += number
    return total


def _any(tests: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
    found = tests[0]
    for test in tests[1:]:
        found |= test
    return found
