"""The daily credits that a question about the future rests on: complete days only, late rows kept out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from core.forecast.daily import daily_series
from core.questions.wallet_days import PROVISIONAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from core.forecast.daily import DailySeries
    from core.questions.wallet_days import Extent
    from core.questions.wallet_facts import Facts
    from core.questions.wallet_reading import Part
    from core.warehouse import Session

Of = Literal["credits", "card_credits", "actions"]


def series_of(session: Session, part: Part, extent: Extent, until: date, of: Of = "credits") -> DailySeries:
    """Return the credits of each complete day before `until`, from the part's first day with use.

    of: `credits` of the part asked for, `card_credits` of the whole card, or the part's `actions`.
    Days from 72 hours before data through on are left out: rows may still arrive.
    """
    after_last = complete_until(extent, until)
    filters = part.parameters("grain", "environment", "org", "agent", "department")
    rows = session.query("usage_by_day", first_day=extent.first_day or after_last, day_after_last=after_last, **filters)
    return _series(rows, after_last, of)


def series_in(facts: Facts, of: Of = "credits") -> DailySeries:
    """Return the same from a wallet's facts, whose rows are read already."""
    return _series(facts.rows, complete_until(facts.extent, facts.until), of)


def complete_until(extent: Extent, until: date) -> date:
    """Return the first day that is not complete, or was not yet when the wallet is looked at before `until`."""
    if extent.data_through is None:
        return min(extent.provisional_from, until)
    return min(extent.provisional_from, until - PROVISIONAL)


def _series(rows: Iterable[Mapping[str, Any]], after_last: date, of: Of) -> DailySeries:
    by_day = {row["day"]: row[of] for row in rows if row[of] and row["day"] < after_last}
    return daily_series(by_day, min(by_day, default=after_last), after_last)
