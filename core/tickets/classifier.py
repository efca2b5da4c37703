"""Counts tickets by rule and day, row by row: only counts and a few examples are kept."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING

from core.days import MONTHS_IN_YEAR
from core.errors import ExportError
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.config import DateOrder, TicketRule

UNMATCHED = -1
MAX_EXAMPLES, MAX_BAD_ROWS = 3, 10
EXAMPLE_CHARACTERS = 70
YEAR_FIRST = re.compile(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
YEAR_LAST = re.compile(r"\s*(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")

Parts = tuple[int, int, int]


class Ticket(NamedTuple):
    """One row: its line in the file, its own key, its opening time as written, all its words, its state and who handled it."""

    line: int
    key: str
    created: str
    subject: str
    words: str
    status: str = ""
    handler: str = ""


class BadRow(NamedTuple):
    """A row that could not be counted, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class ClassifiedTickets:
    """Ticket counts by rule (its index, or UNMATCHED) and day; examples are subjects."""

    by_day: dict[int, Counter[date]] = field(default_factory=dict)
    examples: dict[int, list[str]] = field(default_factory=dict)
    bad_rows: list[BadRow] = field(default_factory=list)
    bad_count: int = 0
    repeated: int = 0

    @property
    def tickets(self) -> int:
        """All tickets counted."""
        return sum(counted.total() for counted in self.by_day.values())

    def count_of_rule(self, rule: int) -> int:
        """Return how many tickets a rule matched."""
        return self.by_day[rule].total() if rule in self.by_day else 0


def sort_tickets(
    tickets: Iterable[Ticket | BadRow], rules: Sequence[TicketRule], date_order: DateOrder | None
) -> ClassifiedTickets:
    """Return the tickets counted by the first rule that matches each.

    Raises: ExportError, if dates can be read both day first and month first, and nothing decides.
    """
    found, seen = ClassifiedTickets(), set[bytes]()
    undated: dict[int, Counter[Parts]] = {}
    lines: dict[Parts, int] = {}
    patterns = [pattern_of(rule) for rule in rules]
    for ticket in tickets:
        if isinstance(ticket, BadRow):
            _reject(found, ticket.line, ticket.reason)
            continue
        mark = blake2b(ticket.key.encode(), digest_size=8).digest()
        if ticket.key and mark in seen:
            found.repeated += 1
            continue
        seen.add(mark)
        rule = next((place for place, pattern in enumerate(patterns) if pattern.search(ticket.words)), UNMATCHED)
        when = _when(ticket.created)
        if when is None:
            _reject(found, ticket.line, f'"{ticket.created}" is not a date' if ticket.created else "it has no date")
            continue
        _keep_example(found, rule, ticket)
        if isinstance(when, date):
            found.by_day.setdefault(rule, Counter())[when] += 1
        else:
            undated.setdefault(rule, Counter())[when] += 1
            lines.setdefault(when, ticket.line)
    _date(found, undated, lines, date_order)
    return found


def pattern_of(rule: TicketRule) -> re.Pattern[str]:
    """Return a pattern for any of the rule's words, as whole words, ignoring case."""
    choices = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(rule.words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE)


def _reject(found: ClassifiedTickets, line: int, reason: str) -> None:
    found.bad_count += 1
    if len(found.bad_rows) < MAX_BAD_ROWS:
        found.bad_rows.append(BadRow(line, reason))


def _keep_example(found: ClassifiedTickets, rule: int, ticket: Ticket) -> None:
    kept = found.examples.setdefault(rule, [])
    example = " ".join((ticket.subject or ticket.words).split())[:EXAMPLE_CHARACTERS]
    if example and len(kept) < MAX_EXAMPLES and example not in kept:
        kept.append(example)


def _when(written: str) -> date | Parts | None:
    """Return the day; if day and month are interchangeable, both with the year; None if it is not a date."""
    year_first = YEAR_FIRST.match(written)
    if year_first:
        return _day(*map(int, year_first.groups()))
    year_last = YEAR_LAST.match(written)
    if not year_last:
        return None
    first, mark, second, year = year_last.groups()
    full = int(year) + (2000 if len(year) == 2 else 0)  # noqa: PLR2004 - years of two digits are this century's
    return _day(full, int(second), int(first)) if mark == "." else (int(first), int(second), full)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _date(
    found: ClassifiedTickets, undated: Mapping[int, Counter[Parts]], lines: Mapping[Parts, int], said: DateOrder | None
) -> None:
    if not lines:
        return
    is_day_first = (said or _order(lines)) == "day_first"
    for rule, counted in undated.items():
        for (first, second, year), count in counted.items():
            day = _day(year, second, first) if is_day_first else _day(year, first, second)
            if day:
                found.by_day.setdefault(rule, Counter())[day] += count
            else:
                for _ in range(count):
                    _reject(found, lines[first, second, year], f'"{first}/{second}/{year}" is not a date')


def _order(lines: Iterable[Parts]) -> DateOrder:
    firsts, seconds = zip(*((first, second) for first, second, _ in lines), strict=True)
    if max(firsts) > MONTHS_IN_YEAR:
        return "day_first"
    if max(seconds) > MONTHS_IN_YEAR:
        return "month_first"
    raise ExportError(
        f"Dates such as {firsts[0]}/{seconds[0]} can be read day first and month first. "
        "Say which in app.yaml: tickets.date_order is day_first or month_first."
    )
