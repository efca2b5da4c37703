"""The daily credits that a question about the future rests on: complete days only, late rows kept out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.forecast.daily import daily_series

if TYPE_CHECKING:
    from datetime import date
    from typing import Literal

    from core.forecast.daily import DailySeries
    from core.questions.wallet_days import Extent
    from core.questions.wallet_reading import Part
    from core.warehouse import Session


def series_of(
    session: Session, part: Part, extent: Extent, until: date, of: Literal["credits", "card_credits", "actions"] = "credits"
) -> DailySeries:
    """Return the credits of each complete day before `until`, from the part's first day with use.

    of: `credits` of the part asked for, `card_credits` of the whole card, or the part's `actions`.
    Days from 72 hours before data through on are left out: rows may still arrive.
    """
    after_last = min(extent.provisional_from, until)
    filters = part.parameters("grain", "environment", "org", "agent", "department")
    first_known = extent.first_day or after_last
    rows = session.query("usage_by_day", first_day=first_known, day_after_last=after_last, **filters)
    by_day = {row["day"]: row[of] for row in rows if row[of]}
    return daily_series(by_day, min(by_day, default=after_last), after_last)
