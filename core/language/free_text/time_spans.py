"""Time in people's and finance's words: spans of days in the wallet, and forecast horizons.

Weeks are calendar weeks from Monday (or Sunday, by setting); months and years are calendar ones. A fiscal year, and with it each
quarter, begins in the month that app.yaml names. Only spans such as `last 30 days` roll.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from core.days import DAYS_IN_WEEK, MONTHS_IN_YEAR, days_in_month
from core.language.free_text.items import Pattern
from core.records import NamedTuple

if TYPE_CHECKING:
    from core.language.free_text.items import Board, Item, PatternMatch

MONTHS_A_QUARTER = 3
# Ten years: nobody wants to look further ahead.
MOST_AHEAD = {"day": 3660, "week": 520, "month": 120, "quarter": 40, "year": 10}
Unit = Literal["day", "week", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class TeamCalendar:
    """What a team's time words mean. date_order: how `10/01/2026` is read, None if not configured."""

    today: date
    week_starts_on: int = 0
    fiscal_year_start: int | None = None
    date_order: Literal["mdy", "dmy"] | None = None


class Span(NamedTuple):
    """Days from the first to the last, inclusive (last None: up to the newest data), or a rolling span in `rolling`.

    ahead: the last day of the same days in the future, if the text names no year and may mean them: `forecast december`.
    """

    first: date | None = None
    last: date | None = None
    rolling: str = ""
    ahead: date | None = None

    def months(self) -> list[Span]:
        """Split a span of two whole months into months; return any other span as it is."""
        if self.first is None or self.last is None or self.first.day != 1:
            return [self]
        both = [Span(*month_range(day.year, day.month)) for day in (self.first, self.last)]
        return (
            both if both[0].last and both[1].first == both[0].last + timedelta(days=1) and self.last == both[1].last else [self]
        )

    def phrase(self) -> str:
        """Return the span in the strict language."""
        if self.rolling:
            return self.rolling
        return f"from {self.first} to {self.last}" if self.last else f"since {self.first}"


class Horizon(NamedTuple):
    """How far ahead: up to and including a day. is_deadline: whether the text asks if something lasts until then."""

    last: date
    is_deadline: bool = False


class Undecided(NamedTuple):
    """A date with two readings."""

    said: str
    readings: tuple[date, date]


def day_of(text: str, cal: TeamCalendar) -> date | Undecided | tuple[date, date] | None:
    """Return the day that a date token names, a month as (first, last), None if there is no such day."""
    iso = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", text)
    if iso:
        year, month, number = int(iso[1]), int(iso[2]), iso[3]
        if not 1 <= month <= MONTHS_IN_YEAR:
            return None
        return _real(year, month, int(number)) if number else month_range(year, month)
    german = re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2}))?", text)
    if german:
        return _day_without_year(int(german[2]), int(german[1]), german[3], cal)
    slashed = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    if slashed:
        return _slashed(text, int(slashed[1]), int(slashed[2]), int(slashed[3]), cal)
    return None


def _slashed(said: str, one: int, other: int, year: int, cal: TeamCalendar) -> date | Undecided | None:
    american, european = _real(year, one, other), _real(year, other, one)
    if cal.date_order == "mdy" or european is None:
        return american
    if cal.date_order == "dmy" or american is None or american == european:
        return european
    return Undecided(said, (american, european))


def _real(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _day_without_year(month: int, number: int, year: str | None, cal: TeamCalendar) -> date | None:
    if year:
        return _real(int(year) if len(year) == 4 else 2000 + int(year), month, number)  # noqa: PLR2004 - digits of a year
    found = _real(cal.today.year, month, number)
    return _real(cal.today.year - 1, month, number) if found and found > cal.today else found


def month_range(year: int, month: int) -> tuple[date, date]:
    """Return the first and the last day of a month."""
    return date(year, month, 1), date(year, month, days_in_month(year, month))


def add_months(first: date, months: int) -> date:
    """Return the first day of the month that is a number of months after a day's month."""
    year, month = divmod(first.year * MONTHS_IN_YEAR + first.month - 1 + months, MONTHS_IN_YEAR)
    return date(year, month + 1, 1)


def period_range(unit: Unit, offset: int, cal: TeamCalendar) -> tuple[date, date]:
    """Return the calendar period at an offset from today's; 0 is the current one. Both ends are inclusive."""
    today = cal.today
    if unit == "day":
        return today + timedelta(days=1) * offset, today + timedelta(days=1) * offset
    if unit == "week":
        first = (
            today
            - timedelta(days=1) * ((today.weekday() - cal.week_starts_on) % DAYS_IN_WEEK)
            + timedelta(days=1) * DAYS_IN_WEEK * offset
        )
        return first, first + timedelta(days=1) * (DAYS_IN_WEEK - 1)
    if unit == "month":
        first = add_months(today, offset)
        return month_range(first.year, first.month)
    if unit == "quarter":
        months_in = (today.month - (cal.fiscal_year_start or 1)) % MONTHS_A_QUARTER
        start = add_months(today, MONTHS_A_QUARTER * offset - months_in)
        return start, add_months(start, MONTHS_A_QUARTER) - timedelta(days=1)
    return date(today.year + offset, 1, 1), date(today.year + offset, 12, 31)


def fiscal_year_range(year: int, cal: TeamCalendar) -> tuple[date, date]:
    """Return the days of a fiscal year, which is named after the calendar year in which it ends."""
    start = cal.fiscal_year_start or 1
    first = date(year if start == 1 else year - 1, start, 1)
    return first, add_months(first, MONTHS_IN_YEAR) - timedelta(days=1)


class TimeFinder:
    """Finds the spans and horizons of a text, and takes their items from the board."""

    def __init__(self, board: Board, calendar: TeamCalendar) -> None:
        self.board, self.calendar = board, calendar
        self.spans: list[Span] = []
        self.horizons: list[Horizon] = []
        self.assumptions: list[str] = []
        self.undecided: list[Undecided] = []
        self.asks_for_term_end = False

    def with_span(self, span: Span) -> TimeFinder:
        """Return the result with only one of the spans."""
        found = copy(self)
        found.spans = [span]
        return found

    def look_ahead(self) -> None:
        """Move days without a year into the future, since the text asks about the future."""
        coming = [span.ahead for span in self.spans if span.ahead is not None]
        self.horizons += [Horizon(day) for day in coming]
        self.spans = [span for span in self.spans if span.ahead is None]

    def compared(self, *, is_bridge: bool = False) -> TimeFinder | None:
        """Return the result with the later of two adjacent spans, to compare with as many days before it; otherwise None.

        is_bridge: one span of two whole months counts as two spans, as in `bridge August to September`.
        """
        spans = [month for span in self.spans for month in span.months()] if is_bridge else self.spans
        if len(spans) != 2 or any(span.first is None or span.last is None for span in spans):  # noqa: PLR2004 - one and the other
            return None
        before, later = sorted(spans)
        if before.last is None or later.first is None or later.last is None or before.last + timedelta(days=1) != later.first:
            return None
        days = (later.last - later.first).days + 1
        first = later.first - timedelta(days=1) * days
        found = self.with_span(later)
        found.assumptions = [
            *self.assumptions,
            f"Held against the {days} days before: {first:%-d %b} to {before.last:%-d %b %Y}.",
        ]
        return found

    def find(self) -> None:
        """Take every time in the text, longest forms first."""
        for pattern, handler in RULES:
            self._take(pattern, handler)

    def find_lengths(self) -> None:
        """Take standalone lengths of time, after amounts have taken theirs: `forecast 6 months`."""
        self._take(LENGTH, _ahead)

    def _take(self, pattern: Pattern, handler: Handler) -> None:
        """Take each match of a pattern in which the handler finds a time; leave other matches untaken."""
        for _ in self.board.take(pattern, "time", lambda match: handler(self, match)):
            pass

    def add(self, first: date, last: date | None) -> bool:
        """Keep a span; a future one is a horizon."""
        if first > self.calendar.today and last is not None:
            self.horizons.append(Horizon(last))
        elif (span := Span(first, last)) not in self.spans:
            self.spans.append(span)
        return True


Handler = Callable[
    [TimeFinder, "PatternMatch"], bool
]  # keeps a match's time and returns whether it makes sense; otherwise keeps nothing


def _year(item: Item | None) -> int | None:
    """Return the year that a number stands for, None if it is not a year."""
    if item is None:
        return None
    text = item.number.text.strip("'")
    if re.fullmatch(r"20\d{2}", text):
        return int(text)
    return None


def _month_in(item: Item, year: int | None, cal: TeamCalendar) -> tuple[date, date]:
    month = int(item.values("month_name")[0])
    if year is None:
        year = cal.today.year if month <= cal.today.month else cal.today.year - 1
    return month_range(year, month)


def _quarter_in(item: Item, year: int | None, cal: TeamCalendar, *, is_fiscal: bool = False) -> tuple[date, date]:
    number = int(item.values("quarter_name")[0])
    start = cal.fiscal_year_start or 1
    if is_fiscal and year is not None:
        first = add_months(fiscal_year_range(year, cal)[0], MONTHS_A_QUARTER * (number - 1))
        return first, add_months(first, MONTHS_A_QUARTER) - timedelta(days=1)
    first = date(year or cal.today.year, 1, 1)
    first = add_months(first, (start - 1 if cal.fiscal_year_start else 0) + MONTHS_A_QUARTER * (number - 1))
    if year is None and first > cal.today:
        first = add_months(first, -MONTHS_IN_YEAR)
    return first, add_months(first, MONTHS_A_QUARTER) - timedelta(days=1)


def _end_of(item: Item, cal: TeamCalendar, year: int | None = None) -> tuple[date, date] | None:
    """Return the first and last day of a date, month or quarter that one item names."""
    if "date" in item.tags:
        found = day_of(item.phrase, cal)
        if isinstance(found, date):
            return found, found
        return found if isinstance(found, tuple) and not isinstance(found, Undecided) else None
    if item.values("month_name"):
        return _month_in(item, year, cal)
    return _quarter_in(item, year, cal) if item.values("quarter_name") else None


def _from_to(times: TimeFinder, match: PatternMatch) -> bool:
    cal = times.calendar
    year = _year(match.get("y"))
    if match.get("y") and year is None:
        return False
    start_year = _year(match.get("z")) or year
    one, other = _end_of(match["a"], cal, start_year), _end_of(match["b"], cal, year)
    if one is None or other is None:
        return False
    first, last = one[0], other[1]
    dotted = re.fullmatch(r"\d{1,2}\.\s?\d{1,2}\.", match["a"].phrase), re.search(r"\d{4}$", match["b"].phrase)
    if dotted[0] and dotted[1]:
        first = first.replace(year=last.year)
    if first > last:
        first = first.replace(year=first.year - 1)
    return times.add(first, last)


def _between_days(times: TimeFinder, match: PatternMatch) -> bool:
    """`1 Aug 2026 to 15 Aug 2026`, `Aug 1 - Aug 15`, `1-15 Aug`: a single year applies to both."""
    year = _year(match.get("y"))
    start_year = _year(match.get("z")) or year
    if match.get("y") and year is None:
        return False
    days = [re.match(r"\d{1,2}", match[name].number.text) for name in ("a", "b")]
    months = [int((match.get(name) or match["n"]).values("month_name")[0]) for name in ("m", "n")]
    ends = [
        _day_without_year(month, int(day[0]), str(one) if one else None, times.calendar)
        for month, day, one in zip(months, days, (start_year, year), strict=True)
        if day
    ]
    first, last = (*ends, None, None)[:2]
    if first is None or last is None:
        return False
    return times.add(first if first <= last else first.replace(year=first.year - 1), last)


def _day_of_month(times: TimeFinder, match: PatternMatch) -> bool:
    """`1 Oct 2026`, `October 1st`, `Oct 1, 2026`."""
    number = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|\.)?", match["n"].number.text)
    year = _year(match.get("y"))
    if number is None or (match.get("y") and year is None):
        return False
    found = _day_without_year(
        int(match["m"].values("month_name")[0]), int(number[1]), str(year) if year else None, times.calendar
    )
    if found is None:
        return False
    return _one(times, match, found, found)


def _one(times: TimeFinder, match: PatternMatch, first: date, last: date) -> bool:
    """Keep one day or period, depending on the word before it: since, until, or none."""
    if match.get("since"):
        times.spans.append(Span(first))
        return True
    if match.get("until"):
        day = last if last >= times.calendar.today or "through" in match["until"].phrase else first
        day = day if day >= times.calendar.today or match.get("y") else _a_year_on(last)
        if day < times.calendar.today:
            return False
        times.horizons.append(Horizon(day, is_deadline=True))
        return True
    if match.get("y") is None and not match.get("d") and last.year < times.calendar.today.year:
        times.spans.append(Span(first, last, ahead=_a_year_on(last)))
        return True
    return times.add(first, last)


def _a_year_on(day: date) -> date:
    """Return the same day of the next year; the last day of February maps to the last day of February."""
    _, last = month_range(day.year + 1, day.month)
    return last if day == month_range(day.year, day.month)[1] else day.replace(year=day.year + 1)


def _named(times: TimeFinder, match: PatternMatch) -> bool:
    """A month, a quarter or a date, with or without its year."""
    if match.get("y") and _year(match.get("y")) is None:
        return False
    if match.get("m"):
        return _named_month(times, match, match["m"])
    if match.get("q"):
        fiscal = match.get("fy")
        year = _year(match.get("y")) or (_fiscal_number(fiscal.phrase) if fiscal else None)
        return _one(times, match, *_quarter_in(match["q"], year, times.calendar, is_fiscal=fiscal is not None))
    found = day_of(match["d"].phrase, times.calendar)
    if isinstance(found, Undecided):
        times.undecided.append(found)
        return True
    days = found if isinstance(found, tuple) else (found, found) if found else None
    return days is not None and _one(times, match, *days)


def _named_month(times: TimeFinder, match: PatternMatch, month: Item) -> bool:
    year = _year(match.get("y"))
    if month.phrase == "may" and not (year or match.get("since") or match.get("until")):
        return False  # the verb
    return _one(times, match, *_month_in(month, year, times.calendar))


def _fiscal_number(phrase: str) -> int | None:
    found = re.fullmatch(r"(?:fy|gj)\s?'?(\d{2}|\d{4})", phrase)
    return (2000 + int(found[1]) if len(found[1]) == 2 else int(found[1])) if found else None  # noqa: PLR2004


def _fiscal_year(times: TimeFinder, match: PatternMatch) -> bool:
    number = _fiscal_number(match["fy"].phrase)
    if number is None:
        return False
    first, last = fiscal_year_range(number, times.calendar)
    if times.calendar.fiscal_year_start is None:
        times.assumptions.append(
            f"FY{number % 100} is taken as the calendar year {number}; app.yaml can say otherwise: fiscal_year_start."
        )
    return _one(times, match, first, last)


def _calendar_year(times: TimeFinder, match: PatternMatch) -> bool:
    year = _year(match["y"])
    return year is not None and _one(times, match, date(year, 1, 1), date(year, 12, 31))


def _rolling(times: TimeFinder, match: PatternMatch) -> bool:
    unit, count = match["p"].values("period")[0], match["n"].number.value
    if count is None or count != int(count) or not 0 < count <= 3660 or match["n"].number.readings:  # noqa: PLR2004 - ten years
        return False
    if unit in {"quarter", "year"}:
        count, unit = count * (MONTHS_A_QUARTER if unit == "quarter" else MONTHS_IN_YEAR), "month"
    times.spans.append(Span(rolling=f"last {int(count)} {unit}s"))
    return True


def _period(times: TimeFinder, match: PatternMatch) -> bool:
    unit: Unit = match["p"].values("period")[0]  # type: ignore[assignment]  # the tables hold no other
    offset = -1 if match.get("last") else 1 if match.get("next") else 0
    first, last = period_range(unit, offset, times.calendar)
    if match.get("next"):
        times.horizons.append(Horizon(last))
    elif match.get("until"):
        times.horizons.append(Horizon(last, is_deadline=True))
    else:
        times.spans.append(Span(first, last))
    return True


def _ahead(times: TimeFinder, match: PatternMatch) -> bool:
    unit, count = match["p"].values("period")[0], match["n"].number.value
    if count is None or count != int(count) or not 0 < count <= MOST_AHEAD[unit] or match["n"].number.readings:
        return False
    number, today = int(count), times.calendar.today
    if unit in {"month", "quarter", "year"}:
        months = number * {"month": 1, "quarter": MONTHS_A_QUARTER, "year": MONTHS_IN_YEAR}[unit]
        first = add_months(today, months)
        last = first.replace(day=min(today.day, month_range(first.year, first.month)[1].day))
    else:
        last = today + timedelta(days=1) * number * (DAYS_IN_WEEK if unit == "week" else 1)
    times.horizons.append(Horizon(last))
    return True


def _days_back(times: TimeFinder, match: PatternMatch) -> bool:
    offset = -1 if match.get("yesterday") else 0
    day = times.calendar.today + timedelta(days=1) * offset
    return times.add(day, day)


def _to_date(times: TimeFinder, match: PatternMatch) -> bool:
    unit: Unit = "year" if match.get("ytd") else "month"
    return times.add(*period_range(unit, 0, times.calendar))


def _period_before(times: TimeFinder, match: PatternMatch) -> bool:
    unit: Unit = "week" if match.get("w") else "quarter" if match.get("k") else "month"
    times.spans.append(Span(*period_range(unit, -1, times.calendar)))
    return True


def _month_a_year_ago(times: TimeFinder, _: PatternMatch) -> bool:
    today = times.calendar.today
    times.spans.append(Span(*month_range(today.year - 1, today.month)))
    return True


def _over_the_period_before(times: TimeFinder, match: PatternMatch) -> bool:
    """`month over month`: the last whole month, compared with the one before; adds nothing if the text names days."""
    unit: Unit = match["o"].values("over")[0]  # type: ignore[assignment]  # the tables hold no other
    span = Span(*period_range(unit, -1, times.calendar))
    if span not in times.spans and Span(*period_range(unit, 0, times.calendar)) not in times.spans:
        times.spans.append(span)
    return True


def _end_of_period(times: TimeFinder, match: PatternMatch) -> bool:
    unit: Unit = "year" if match.get("year") else "quarter" if match.get("quarter") else "month"
    times.horizons.append(Horizon(period_range(unit, 0, times.calendar)[1], is_deadline=True))
    return True


def _end_of_month(times: TimeFinder, match: PatternMatch) -> bool:
    """`until the end of December`: its last day, this year's or the next upcoming one."""
    year, month, today = _year(match.get("y")), int(match["m"].values("month_name")[0]), times.calendar.today
    if match.get("y") and year is None:
        return False
    last = month_range(year or today.year, month)[1]
    if year is None and last < today:
        last = month_range(today.year + 1, month)[1]
    if last < today:
        return False
    times.horizons.append(Horizon(last, is_deadline=True))
    return True


def _term_end(times: TimeFinder, match: PatternMatch) -> bool:
    times.asks_for_term_end = True
    return bool(match.items)


def _christmas(times: TimeFinder, match: PatternMatch) -> bool:
    today = times.calendar.today
    christmas = date(today.year, 12, 25)
    times.horizons.append(Horizon(christmas if christmas >= today else christmas.replace(year=today.year + 1), is_deadline=True))
    return bool(match.items)


def _weekday(times: TimeFinder, match: PatternMatch) -> bool:
    weekday = int(match["w"].values("weekday")[0])
    back = (times.calendar.today.weekday() - weekday) % DAYS_IN_WEEK or DAYS_IN_WEEK
    day = times.calendar.today - timedelta(days=1) * back
    return times.add(day, day)


def _week_number(times: TimeFinder, match: PatternMatch) -> bool:
    if _is_of_amounts(times.board, match):
        return False
    number = match["n"].number.value
    year = _year(match.get("y"))
    if number is None or number != int(number) or not 1 <= number <= 53 or (match.get("y") and year is None):  # noqa: PLR2004
        return False
    try:
        first = date.fromisocalendar(year or times.calendar.today.year, int(number), 1)
    except ValueError:
        return False
    if year is None and first > times.calendar.today:
        first = date.fromisocalendar(times.calendar.today.year - 1, int(number), 1)
    return times.add(first, first + timedelta(days=1) * (DAYS_IN_WEEK - 1))


def _is_of_amounts(board: Board, match: PatternMatch) -> bool:
    """Whether `week 4` is the end of one amount and the start of the next: `500 chats a week, 4 actions`."""
    first, last = match.items[0].index, match.items[-1].index
    before = board.items[first - 1].tags if first else frozenset[str]()
    after = board.items[last + 1].tags if last + 1 < len(board.items) else frozenset[str]()
    return "per" in before or any(tag.startswith("unit:") for tag in after)


def _week_word(times: TimeFinder, match: PatternMatch) -> bool:
    found = re.fullmatch(r"(?:kw|cw|w|week)(\d{1,2})", match["w"].phrase)
    if not found or not 1 <= int(found[1]) <= 53:  # noqa: PLR2004 - weeks of a year
        return False
    first = date.fromisocalendar(times.calendar.today.year, min(int(found[1]), 52), 1)
    return times.add(first, first + timedelta(days=1) * (DAYS_IN_WEEK - 1))


LEAD = "(?:since=since|until=until)?"
START, ENDS = "(?:from|since)?", "(?:to|until)"
DAY_A, DAY_B = "(?:a=num|a=ordinal)", "(?:b=num|b=ordinal)"
OPEN_YEAR = "(?:y=year_number)?"

# Longest forms first: items that one rule takes are invisible to the next.
RULES: tuple[tuple[Pattern, Handler], ...] = tuple(
    (Pattern(text), handler)
    for text, handler in (
        (f"{START} a=date {ENDS} b=date", _from_to),
        (f"{START} {DAY_A} m=month_name:* (?:z=year_number)? {ENDS} {DAY_B} n=month_name:* {OPEN_YEAR}", _between_days),
        (
            f"{START} m=month_name:* {DAY_A} comma? (?:z=year_number)? {ENDS} n=month_name:* {DAY_B} comma? {OPEN_YEAR}",
            _between_days,
        ),
        (f"{START} {DAY_A} {ENDS} {DAY_B} n=month_name:* {OPEN_YEAR}", _between_days),
        (f"{START} a=month_name:* (?:z=year_number)? {ENDS} b=month_name:* {OPEN_YEAR}", _from_to),
        (f"{START} a=quarter_name:* {ENDS} b=quarter_name:* {OPEN_YEAR}", _from_to),
        (f"until? end m=month_name:* {OPEN_YEAR}", _end_of_month),
        (f"{LEAD} (?:n=num|n=ordinal) m=month_name:* comma? y=year_number", _day_of_month),
        (f"{LEAD} m=month_name:* (?:n=num|n=ordinal) comma? y=year_number", _day_of_month),
        (f"{LEAD} m=month_name:* n=ordinal", _day_of_month),
        (f"{LEAD} q=quarter_name:* fy=fiscal", _named),
        (f"{LEAD} fy=fiscal q=quarter_name:*", _named),
        (f"{LEAD} fy=fiscal", _fiscal_year),
        (f"{LEAD} m=month_name:* y=year_number", _named),
        (f"{LEAD} q=quarter_name:* y=year_number", _named),
        (f"{LEAD} (?:n=num|n=ordinal) m=month_name:*", _day_of_month),
        (f"{LEAD} m=month_name:*", _named),
        (f"{LEAD} q=quarter_name:*", _named),
        (f"{LEAD} d=date", _named),
        (f"week_number n=num {OPEN_YEAR}", _week_number),
        ("w=week_word", _week_word),
        ("last n=num p=period:*", _rolling),
        ("since? n=num p=period:* (?:back|ago)", _rolling),
        ("next n=num p=period:*", _ahead),
        ("n=num p=period:* (?:ahead|out)", _ahead),
        ("until? (?:end|rest) this? year=period:year", _end_of_period),
        ("until? (?:end|rest) this? quarter=period:quarter", _end_of_period),
        ("until? (?:end|rest) this? month=period:month", _end_of_period),
        ("until? year=jahresende", _end_of_period),
        ("until? quarter=quartalsende", _end_of_period),
        ("until? month=monatsende", _end_of_period),
        ("until? vertragsende", _term_end),
        ("until? christmas", _christmas),
        ("last? w=weekday:*", _weekday),
        ("last=last p=period:*", _period),
        ("next=next p=period:*", _period),
        ("until=until this p=period:*", _period),
        ("since? this p=period:*", _period),
        ("since? yesterday=yesterday", _days_back),
        ("today", _days_back),
        ("ytd=ytd", _to_date),
        ("mtd=mtd", _to_date),
        ("w=vor", _period_before),
        ("k=vorquartal", _period_before),
        ("vormonat", _period_before),
        ("vorjahresmonat", _month_a_year_ago),
        (f"{LEAD} y=year_number", _calendar_year),
        ("o=over:*", _over_the_period_before),
    )
)
LENGTH = Pattern("n=num p=period:*")
