"""A pilot's data: its days, its interactions, its peak, and the year that may follow, before it is put into words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.days import DAYS_IN_YEAR, MONTHS_IN_YEAR, months_after
from core.errors import InputError
from core.forecast import daily_series
from core.language import Last
from core.pricing import Actions, Credits, Demand, Interactions, Seats, YearOfUse, YearProjection
from core.questions.forecasting import seed_of
from core.questions.wallet import interaction_rows, people
from core.wallet.usage import measure_distribution, slices
from core.warehouse import queries

if TYPE_CHECKING:
    from datetime import date

    from core.context import Context
    from core.forecast import DailySeries
    from core.language import Question
    from core.questions.wallet import ActiveUsers
    from core.wallet.usage import DayRange, Distribution, Scene

USUAL_SPAN = Last(90, "day")
LOW, HIGH = Decimal("0.1"), Decimal("0.9")


@dataclass(frozen=True, slots=True)
class Month:
    """Simulated credits of one future month: its first day, their mean, and the 10th and 90th percentiles."""

    first_day: date
    expected: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Pilot:
    """Complete days of real usage. by_day: credits of each day, days without usage as 0; year: as many days as a year has."""

    days: DayRange
    by_day: dict[date, Decimal]
    actions: Decimal
    interactions: Distribution | None
    people: ActiveUsers
    use_cases: list[queries.UsageByNameRow]
    series: DailySeries
    months: tuple[Month, ...]
    ahead: YearProjection | None
    notes: tuple[Any, ...]

    @property
    def credits(self) -> Decimal:
        """All credits of the pilot."""
        return sum(self.by_day.values(), Decimal(0))

    @property
    def steady(self) -> Decimal:
        """The median day's credits."""
        ranked = sorted(self.by_day.values())
        middle = len(ranked) // 2
        return ranked[middle] if len(ranked) % 2 else (ranked[middle - 1] + ranked[middle]) / 2

    @property
    def peak_day(self) -> date:
        """The first of the days with the highest usage."""
        return max(self.by_day, key=lambda day: (self.by_day[day], -day.toordinal()))

    @property
    def peak_percent(self) -> Decimal | None:
        """The peak as a percentage of the steady state; None if half of the days had no usage."""
        return self.by_day[self.peak_day] / self.steady * 100 if self.steady else None

    @property
    def peak_month(self) -> Month | None:
        """The future month with the highest usage."""
        return max(self.months, key=lambda month: month.expected, default=None)

    @property
    def year(self) -> YearOfUse:
        """The pilot's own days, repeated until a year is full."""
        scale = Decimal(DAYS_IN_YEAR) / self.days.days
        talks = Interactions(Decimal(self.interactions.interactions) * scale) if self.interactions else None
        seats = Seats(Decimal(self.people.seats)) if self.people.seats else None
        return YearOfUse(talks, talks, Actions(self.actions * scale), Credits(self.credits * scale), seats)


def pilot_of(question: Question, context: Context) -> Pilot:
    """Return the pilot that a question means. Raises: InputError, if it has no complete day."""
    asked = question if question.span else question._replace(span=USUAL_SPAN)
    with slices.open_slice(asked, context) as opened:
        known = replace(opened.extent.all_days, day_after_last=opened.extent.provisional_from)
        scene = replace(opened, days=opened.days.within(known))
        if not scene.days.days:
            raise InputError("The wallet has no complete day of data yet, so there is no pilot to look at.")
        rows = scene.session.rows(queries.UsageByDayRow, **scene.between("grain", "environment", "org", "agent", "department"))
        found = measure_distribution(interaction_rows(scene))
        named = people(scene)
        use_cases = _use_cases(scene)
    series = daily_series({row.day: row.credits for row in rows}, scene.days.first_day, scene.days.day_after_last)
    months, ahead = _simulate_year(series, question) if series.is_enough and any(series.credits) else ((), None)
    return Pilot(
        days=scene.days,
        by_day=_by_day(rows, scene.days),
        actions=sum((row.actions for row in rows), Decimal(0)),
        interactions=found,
        people=named,
        use_cases=use_cases,
        series=series,
        months=months,
        ahead=ahead,
        notes=(*slices.part_notes(scene.part, scene.extent, scene.days), *named.notes()),
    )


def _by_day(rows: list[queries.UsageByDayRow], days: DayRange) -> dict[date, Decimal]:
    used = {row.day: row.credits for row in rows}
    each = (days.first_day.fromordinal(days.first_day.toordinal() + nth) for nth in range(days.days))
    return {day: used.get(day, Decimal(0)) for day in each}


def _use_cases(scene: Scene) -> list[queries.UsageByNameRow]:
    filters = scene.between("grain", "environment", "org", "agent", "department")
    return scene.session.rows(queries.UsageByNameRow, by="use case", before_first_day=scene.days.first_day, **filters)


def _simulate_year(series: DailySeries, question: Question) -> tuple[tuple[Month, ...], YearProjection]:
    from core.forecast import (  # noqa: PLC0415
        credits_by_stretch,
        simulate,
    )

    first = series.day_after_last
    starts = [months_after(first, nth) for nth in range(MONTHS_IN_YEAR)]
    paths = simulate(series, DAYS_IN_YEAR, seed=seed_of(question))
    futures = credits_by_stretch(paths, [(start - first).days for start in starts])
    by_month = [Demand(future[place] for future in futures) for place in range(MONTHS_IN_YEAR)]
    months = tuple(
        Month(start, found.mean.count, found.quantile(LOW).count, found.quantile(HIGH).count)
        for start, found in zip(starts, by_month, strict=True)
    )
    year = Demand(sum(future, Decimal(0)) for future in futures)
    ends = (year.quantile(LOW).count, year.quantile(HIGH).count) if series.knows_range else (None, None)
    return months, YearProjection(year, *ends)
