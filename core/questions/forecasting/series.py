"""The daily credits behind a question about the future: complete days only, late rows excluded."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from core.answer import Note
from core.answer import day as shown_day
from core.forecast import MIN_DAYS_FOR_RANGE, daily_series
from core.wallet.usage import PROVISIONAL
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.forecast import DailySeries
    from core.scope import Scope
    from core.wallet.usage import Extent, Facts
    from core.warehouse import Session

Of = Literal["credits", "card_credits", "actions"]


def series_of(session: Session, part: Scope, extent: Extent, until: date, of: Of = "credits") -> DailySeries:
    """Return the credits of each complete day before `until`, from the part's first day with usage.

    of: `credits` of the part asked for, `card_credits` of the whole card, or the part's `actions`.
    Days from 72 hours before data through on are left out: rows may still arrive.
    """
    after_last = complete_until(extent, until)
    filters = part.parameters("grain", "environment", "org", "agent", "department")
    rows = session.rows(queries.UsageByDayRow, first_day=extent.first_day or after_last, day_after_last=after_last, **filters)
    return _series(rows, after_last, of)


def series_in(facts: Facts, of: Of = "credits") -> DailySeries:
    """Return the same series from a wallet's facts, whose rows are already read."""
    return _series(facts.rows, complete_until(facts.extent, facts.until), of)


def complete_until(extent: Extent, until: date) -> date:
    """Return the first day that is not complete, or that was not complete yet as of `until`."""
    if extent.data_through is None:
        return min(extent.provisional_from, until)
    return min(extent.provisional_from, until - PROVISIONAL)


def _series(rows: Iterable[queries.UsageByDayRow], after_last: date, of: Of) -> DailySeries:
    by_day = {row.day: getattr(row, of) for row in rows if getattr(row, of) and row.day < after_last}
    return daily_series(by_day, min(by_day, default=after_last), after_last)


def why_no_range(series: DailySeries) -> str:
    """Return why a series of 14 days or more has no range, only a point; empty if it has a range."""
    if series.knows_range or not series.is_enough:
        return ""
    learned, since = series.learned, shown_day(series.since)
    if series.is_off:
        return f"nothing was used since {since}, for {learned.days} days: treated as switched off"
    days = f"{learned.days} complete days"
    if learned.why == "start":
        days = f"a new level since {since}, its {learned.days} complete days"
    return f"{days} are fewer than {MIN_DAYS_FOR_RANGE // 7} weeks"


def series_notes(series: DailySeries) -> list[Note]:
    """Return notes on the days: a level too new for a range, a pause, an outlier, days left out."""
    if not series.is_enough:
        return []
    learned, why, found = series.learned, why_no_range(series), []
    if why:
        found.append(Note("warning", f"{why[0].upper()}{why[1:]}: a point, without range or chance."))
    elif learned.why == "start":
        found.append(Note("assumption", f"A new level since {shown_day(series.since)}: only later days are learned from."))
    if learned.paused_since is not None:
        first = series.first_day + timedelta(days=1) * learned.paused_since
        found.append(Note("warning", f"Nothing was used since {shown_day(first)}: treated as a pause before usage continues."))
    if learned.freaks:
        days = ", ".join(shown_day(series.first_day + timedelta(days=1) * place) for place in learned.freaks)
        found.append(Note("assumption", f"Outliers, replaced by typical days: {days}."))
    return found
