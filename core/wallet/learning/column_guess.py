"""Guesses which field a column of an unknown file has, by its header and by its values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from core.days import DAYS_IN_WEEK
from core.wallet.ingest.values import is_time, iso_time, plain_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from core.wallet.ingest.values import Order

ORDERS: tuple[Order, ...] = ("day_first", "month_first")
MIN_SHARE = 0.8  # of a column's filled cells that must be of a kind
ROWS_LOOKED_AT = 2_000
WORDS = re.compile(r"[^\W\d_]+|\$|€|£")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
PERSON = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|005[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?")
ENVIRONMENTS = frozenset({"production", "prod", "sandbox", "test", "dev", "development", "uat", "staging"})
# Headers and cells of periods longer than a day: their credits would all be on one day.
PERIOD_WORDS = frozenset(
    {
        *("month", "months", "monat", "mois", "mes", "mese", "week", "weeks", "woche", "kw", "semaine", "semana"),
        *("quarter", "quartal", "trimestre", "year", "jahr", "année", "año", "period", "periode", "zeitraum"),
    }
)
MONTH_NAME = "(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zä]*"
PERIOD = re.compile(
    rf"(?:{MONTH_NAME}[.,]?[ -]?(?:\d{{4}}|'?\d{{2}})|\d{{4}}[-/. ](?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])[-/.]\d{{4}}"
    r"|\d{4}-?(?:W|KW|CW)\d{1,2}|(?:W|KW|CW) ?\d{1,2}[ /-]\d{4}|Q[1-4][ /-]?\d{4}|\d{4}[ -]?Q[1-4])",
    re.IGNORECASE,
)
# Words in headers by field, the most certain first: if two columns match a field, the one with the earlier word wins.
HEADER_WORDS: dict[str, tuple[str, ...]] = {
    "id": ("id", "uuid", "guid", "key"),
    "date": (
        *("date", "day", "timestamp", "time", "when", "datetime", "occurred", "happened", "datum", "tag", "zeitpunkt", "zeit"),
        *("fecha", "jour", "data", "dia", "日付", "日期", "날짜", "created", "started", "month"),
    ),
    "agent": ("agent", "bot", "assistant", "copilot", "chatbot", "assistent", "robot"),
    "action": ("action", "function", "tool", "skill", "topic", "operation", "aktion", "task"),
    "department": (
        "department",
        "dept",
        "division",
        "abteilung",
        "kostenstelle",
        "costcenter",
        "team",
        "departement",
        "departamento",
        "squad",
        "tribe",
        "businessunit",
        "bereich",
        "geschäftsbereich",
        "fachbereich",
    ),
    "use case": ("usecase", "scenario", "anwendungsfall", "purpose"),
    "user": ("user", "employee", "person", "email", "benutzer", "owner", "username", "login"),
    "environment": ("environment", "env", "umgebung", "stage"),
    "card": ("card", "wallet", "pool"),
    "org": ("org", "organization", "organisation", "instance", "tenant"),
    "type": ("type", "category", "typ", "kind"),
}
AMOUNT_WORDS: dict[str, tuple[str, ...]] = {
    "credits": ("credits", "credit", "units", "unit", "points", "consumed", "consumption", "usage", "used", "verbrauch"),
    "actions": ("actions", "action", "calls", "invocations", "aktionen", "executions"),
    "dollars": ("usd", "dollars", "dollar", "$", "cost", "costs", "spend", "price", "charge", "charges", "kosten"),
    "": ("total", "amount", "quantity", "qty", "menge", "anzahl", "count", "value", "number", "betrag"),
}


# Credits that were bought or granted: not usage.
GRANTED = frozenset(
    {"purchased", "bought", "granted", "entitled", "entitlement", "allocated", "allocation", "ordered", "gekauft", "bestellt"}
)
NO_YEAR = re.compile(rf"\d{{1,2}}[./]\d{{1,2}}\.?|{MONTH_NAME}\.? \d{{1,2}}|\d{{1,2}}\.? {MONTH_NAME}\.?", re.IGNORECASE)
# The first and the last day of the period that a row sums up.
STARTS = frozenset({"from", "start", "starts", "begin", "von", "beginn", "since"})
ENDS = frozenset({"to", "end", "ends", "until", "through", "bis", "ende"})
NOT_USED = frozenset(
    {
        "cumulative",
        "cumulated",
        "accumulated",
        "running",
        "remaining",
        "balance",
        "left",
        "percent",
        "budget",
        "limit",
        "kumuliert",
    }
)
SCALED = frozenset({"k", "thousand", "thousands", "tsd", "million", "millions", "mio"})


@dataclass(frozen=True)
class SampledColumn:
    """A column with its header and the sampled rows' cells, without blank ones."""

    header: str
    cells: tuple[str, ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the header, in lower case, and each pair of adjacent words as one."""
        words = [word.lower() for word in WORDS.findall(CAMEL.sub(" ", self.header))]
        return (*words, *(one + other for one, other in pairwise(words)))

    @property
    def is_times(self) -> bool:
        """Whether it has days or times; bare numbers count only if the header says so."""
        is_said = bool({*self.words} & {*HEADER_WORDS["date"]})
        return self._is_mostly(is_time) and (is_said or not self.is_numbers)

    @cached_property
    def is_numbers(self) -> bool:
        """Whether it has numbers."""
        return self._is_mostly(lambda cell: bool(plain_number(cell, ".") or plain_number(cell, ",")))

    @property
    def is_periods(self) -> bool:
        """Whether it has months, weeks, quarters or years, by its header or by every cell."""
        return not self.is_times and (bool(PERIOD_WORDS & {*self.words}) or self.is_all(PERIOD))

    @property
    def is_days_of_periods(self) -> bool:
        """Whether its days are a week or more apart, and its header says that each stands for a week, a month or longer."""
        if not self.is_times or not PERIOD_WORDS & {*self.words}:
            return False
        readings = ({(iso_time(cell, order) or "")[:10] for cell in self.cells} - {""} for order in ORDERS)
        return any(bool(days) and _gap(map(date.fromisoformat, days)) >= DAYS_IN_WEEK for days in readings)

    @property
    def lacks_years(self) -> bool:
        """Whether its days have no year."""
        return self.is_all(NO_YEAR) and not self.is_numbers

    @property
    def is_first_days_of_months(self) -> bool:
        """Whether its days are the first of several months: monthly sums are often dated like that."""
        readings = ({(iso_time(cell, order) or "")[:10] for cell in self.cells} for order in ORDERS)
        return any(len(days) > 1 and all(day.endswith("-01") for day in days) for days in readings)

    @property
    def distinct(self) -> int:
        """The number of distinct values."""
        return len({*self.cells})

    def _is_mostly(self, test: Callable[[str], bool]) -> bool:
        found = sum(map(test, self.cells))
        return bool(self.cells) and found >= MIN_SHARE * len(self.cells)

    def is_all(self, pattern: re.Pattern[str]) -> bool:
        """Whether every cell matches a pattern."""
        return bool(self.cells) and all(pattern.fullmatch(cell.strip()) for cell in self.cells)

    def place_in(self, words: Iterable[str]) -> int | None:
        """Return how certain a header is for a field, 0 being the most certain; None if it has none of the words."""
        return next((nth for nth, word in enumerate(words) if word in self.words), None)


def _gap(days: Iterable[date]) -> int:
    """Return the smallest gap between the days; a week if there is only one."""
    return min(((later - one).days for one, later in pairwise(sorted(days))), default=DAYS_IN_WEEK)


def is_moment(cell: str) -> bool:
    """Whether a cell is a day, a time, or a longer period."""
    return bool(PERIOD.fullmatch(cell.strip())) or is_time(cell)


def find_span(columns: Iterable[SampledColumn]) -> tuple[SampledColumn, SampledColumn] | None:
    """Return the columns with the first and the last day of each row's period; None if rows are daily."""
    times = [column for column in columns if column.is_times]
    starts = next((column for column in times if STARTS & {*column.words}), None)
    ends = next((column for column in times if ENDS & {*column.words} and column is not starts), None)
    return (starts, ends) if starts and ends and starts.cells != ends.cells else None


@dataclass(frozen=True, slots=True)
class AmountColumn:
    """The amount column, and the unit that its header states; several units if it is ambiguous."""

    columns: tuple[SampledColumn, ...]
    unit: str


def guess_date(columns: Iterable[SampledColumn]) -> SampledColumn | None:
    """Return the column of days or times with the best matching header; None if there is none."""
    times = [column for column in columns if column.is_times]
    ranked = [(place, column) for column in times if (place := column.place_in(HEADER_WORDS["date"])) is not None]
    return min(ranked, key=lambda found: found[0])[1] if ranked else (times[0] if times else None)


def guess_amount(columns: Iterable[SampledColumn], taken: SampledColumn | None) -> AmountColumn | None:
    """Return the amount column: credits before actions before dollars before any number; None if there is none."""
    numbers = [column for column in columns if column.is_numbers and column is not taken and not _is_key(column)]
    numbers = [column for column in numbers if not NOT_USED & {*column.words}]
    for unit, words in AMOUNT_WORDS.items():
        said = [(place, column) for column in numbers if (place := column.place_in(words)) is not None]
        if said:
            surest = min(place for place, _ in said)
            found = tuple(column for place, column in said if place == surest)
            return AmountColumn(found, unit or _unit_in_cells(found[0]))
    return AmountColumn(tuple(numbers), _unit_in_cells(numbers[0])) if numbers else None


def guess_texts(columns: Iterable[SampledColumn], row_count: int) -> Mapping[str, SampledColumn]:
    """Return the columns of names and keys by field: first by header, then by content, each column once."""
    left = [column for column in columns if column.cells]
    found: dict[str, SampledColumn] = {}

    def take(field: str, candidates: Iterable[SampledColumn]) -> None:
        ranked = list(candidates)
        if ranked and field not in found:
            found[field] = ranked[0]
            left.remove(ranked[0])

    for field, words in HEADER_WORDS.items():
        if field != "date":
            said = [(place, column) for column in left if (place := column.place_in(words)) is not None]
            fitting = [column for _, column in sorted(said, key=lambda one: one[0]) if _fits(field, column, row_count)]
            take(field, fitting)
    take("user", [column for column in left if column.is_all(PERSON)])
    take("environment", [column for column in left if {cell.strip().lower() for cell in column.cells} <= ENVIRONMENTS])
    names = [column for column in left if not column.is_numbers and not column.is_times and column.distinct < row_count]
    if len(names) == 1:
        take("agent", names)
    return found


def _fits(field: str, column: SampledColumn, row_count: int) -> bool:
    """Whether a column's values can be of a field: a key differs in every row, and a name is neither a number nor a time."""
    if field == "id":
        return _is_key(column) and column.distinct == row_count
    return not column.is_numbers and not column.is_times


def _is_key(column: SampledColumn) -> bool:
    return column.place_in(HEADER_WORDS["id"]) is not None


def _unit_in_cells(column: SampledColumn) -> str:
    return "dollars" if any("$" in cell for cell in column.cells) else "credits"
