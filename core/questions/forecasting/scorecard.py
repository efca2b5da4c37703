"""`scorecard`: how past forecasts compare with actual usage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Answer, Column, Note, Table, figure, number, percent
from core.answer import day as shown_day
from core.questions.wallet import part_notes
from core.wallet.usage import facts as usage_facts
from core.wallet.usage import slices
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.answer import Figure, Value
    from core.context import Context
    from core.language import Question
    from core.wallet.usage import Facts

SPANS = (28, 7)
MAX_ROWS = 100
COLUMNS = (
    Column("first_day", "From", "day"),
    Column("days", "Days", "days"),
    Column("made_on", "Forecast on", "day", is_detail=True),
    Column("forecast_credits", "Forecast", "credits"),
    Column("forecast_credits_low", "At least", "credits"),
    Column("forecast_credits_high", "At most", "credits"),
    Column("actual_credits", "Actual", "credits"),
    Column("held", "Range held", "text"),
)


@dataclass(frozen=True, slots=True)
class Check:
    """A forecast for a number of days, and their actual usage; a forecast without a range has no low and no high."""

    first_day: date
    days: int
    made_on: date
    said: Decimal
    low: Decimal | None
    high: Decimal | None
    was: Decimal

    @property
    def is_within_range(self) -> bool | None:
        """Whether actual usage was within the range; None if there was no range."""
        return None if self.low is None or self.high is None else self.low <= self.was <= self.high

    @property
    def error_percent(self) -> Decimal | None:
        """How far off the middle was, in percent of actual usage; None without usage."""
        return abs(self.said - self.was) / self.was * Decimal(100) if self.was else None


def scorecard(question: Question, context: Context) -> Answer:
    """Return how accurate the forecasts of a part of the wallet were."""
    with context.reading() as session:
        facts = usage_facts.facts(question, context, session)
        part = facts.part.parameters("grain", "environment", "org", "agent", "department")
        made = session.rows(queries.ForecastsMadeRow, **part)
    checks = _checks(made, facts)
    return Answer(
        question=context.canonical_question(question),
        title="Scorecard",
        headline=_headline(checks, made, facts),
        as_of=context.as_of,
        figures=_figures(checks, made),
        tables=(Table("checks", "Forecasts against actual usage", COLUMNS, _rows(checks)),) if checks else (),
        arithmetic=tuple(_sums(checks)),
        notes=tuple(_notes(checks, facts)),
        sources=slices.query_source("forecasts_made", "usage_by_day"),
    )


def _checks(made: Iterable[queries.ForecastsMadeRow], facts: Facts) -> list[Check]:
    """Return the checks of forecasts whose days are over, newest first, those of 28 days before those of 7."""
    used = {row.day: row.credits for row in facts.rows}
    over_before = min(facts.extent.provisional_from, facts.until)
    found = []
    for days in SPANS:
        for row in made:
            if row.first_day + timedelta(days=days) <= over_before:
                was = sum((used.get(row.first_day + timedelta(days=nth), Decimal(0)) for nth in range(days)), Decimal(0))
                found.append(_check(row, days, was))
    return sorted(found, key=lambda check: (-check.days, -check.first_day.toordinal()))


def _check(row: queries.ForecastsMadeRow, days: int, was: Decimal) -> Check:
    said, low, high = (getattr(row, f"next_{days}_days_credits{end}") for end in ("", "_low", "_high"))
    return Check(row.first_day, days, row.made_on, said, low, high, was)


def _ranges(checks: Iterable[Check]) -> tuple[int, int]:
    """Return how many ranges contained actual usage, and how many are over."""
    held = [check.is_within_range for check in checks if check.is_within_range is not None]
    return sum(held), len(held)


def _headline(checks: list[Check], made: list[queries.ForecastsMadeRow], facts: Facts) -> str:
    if not made:
        of = f" for {facts.part.words()}" if facts.part.words() else ""
        return f"No forecast{of} is on record yet. Ask: forecast."
    if not checks:
        first = made[0].first_day + timedelta(days=min(SPANS))
        return f"{len(made)} on record, none of them over yet; the first 7 days are complete on {shown_day(first)}."
    held, over = _ranges(checks)
    said = checks[0]
    around = f" ({number(said.low)}–{number(said.high)})" if said.low is not None and said.high is not None else ""
    ranges = f"80% ranges held {held} of {over}; " if over else ""
    days = f"of the {said.days} days from {shown_day(said.first_day)}"
    text = f"{ranges}{days} the forecast was {number(said.said)}{around}, the actual usage {number(said.was)}."
    return text[0].upper() + text[1:]


def _figures(checks: list[Check], made: list[queries.ForecastsMadeRow]) -> tuple[Figure, ...]:
    held, over = _ranges(checks)
    newest = checks[0] if checks else None
    return (
        figure("forecasts_made", Decimal(len(made))),
        figure("ranges_checked", Decimal(over)),
        figure("ranges_held", Decimal(held)),
        figure("coverage_percent", Decimal(100) * held / over if over else None),
        figure("forecast_made_on", newest.made_on if newest else None),
        figure("forecast_credits", newest.said if newest else None),
        figure("forecast_credits_low", newest.low if newest else None),
        figure("forecast_credits_high", newest.high if newest else None),
        figure("actual_credits", newest.was if newest else None),
        figure("mean_error_percent", _mean_error(checks)),
    )


def _longest(checks: list[Check]) -> list[Check]:
    return [check for check in checks if check.days == checks[0].days]


def _mean_error(checks: list[Check]) -> Decimal | None:
    errors = [check.error_percent for check in _longest(checks) if check.error_percent is not None]
    return sum(errors, Decimal(0)) / len(errors) if errors else None


def _rows(checks: list[Check]) -> tuple[tuple[Value, ...], ...]:
    words = {True: "yes", False: "no", None: "no range"}
    return tuple(
        (
            check.first_day,
            Decimal(check.days),
            check.made_on,
            check.said,
            check.low,
            check.high,
            check.was,
            words[check.is_within_range],
        )
        for check in checks[:MAX_ROWS]
    )


def _sums(checks: list[Check]) -> list[str]:
    held, over = _ranges(checks)
    lines = [f"{held} ÷ {over} × 100 = {percent(Decimal(100) * held / over)} of the ranges held"] if over else []
    if checks and checks[0].was:
        said = checks[0]
        off = percent(abs(said.said - said.was) / said.was * Decimal(100))
        lines.append(f"|{number(said.said)} − {number(said.was)}| ÷ {number(said.was)} × 100 = {off} off")
    return lines


def _notes(checks: list[Check], facts: Facts) -> list[Note]:
    text = (
        "Each first day counts once, with the newest forecast made for it; forecasts a few days apart share most of their days."
    )
    notes = [*slices.empty_card_notes(facts.extent), Note("assumption", text), *part_notes(facts)]
    if len(checks) > MAX_ROWS:
        notes.append(Note("assumption", f"The table shows the newest {MAX_ROWS} of {len(checks)} checks; the figures hold all."))
    return notes
