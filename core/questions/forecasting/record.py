"""Issued forecasts, kept so that the scorecard can say how they turned out."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from core.errors import MachineError

if TYPE_CHECKING:
    from core.context import Context
    from core.forecast import Range
    from core.questions.forecasting.facts import Foresight
    from core.warehouse import Warehouse

NOT_KEPT = "This forecast was not kept for the scorecard: {why}."
READ_ONLY, BUSY = "the warehouse is open for reading only", "something else is being written to the warehouse"
SHORT = 3


def keep(seen: Foresight, context: Context, warehouse: Warehouse) -> str:
    """Keep a forecast that is not on record yet; return why that failed, or an empty string."""
    if seen.ahead is None:
        return ""
    try:
        with warehouse.writing_if_free() as session:
            if session is None:
                return NOT_KEPT.format(why=READ_ONLY if warehouse.is_read_only else BUSY)
            session.run("insert_forecast", **_row(seen, context))
    except MachineError as trouble:
        return NOT_KEPT.format(why=str(trouble).rstrip("."))
    return ""


def _row(seen: Foresight, context: Context) -> dict[str, Any]:
    part, fate, ahead = seen.wallet.part, seen.fate, seen.ahead
    days = (seen.used_up_since or (fate.day if fate else None), fate.early if fate else None, fate.late if fate else None)
    return {
        "forecast_id": _identity(seen, context),
        "made_at": datetime.now(UTC),
        "made_on": context.as_of,
        "first_day": seen.first_day_ahead,
        "seed": seen.seed,
        **part.parameters("grain", "environment", "org", "agent", "department"),
        **_range("next_7_days_credits", ahead.next_7_days if ahead else None, seen),
        **_range("next_28_days_credits", ahead.next_28_days if ahead else None, seen),
        "depletion_day": days[0],
        "depletion_day_early": days[1] if seen.knows_range else None,
        "depletion_day_late": days[2] if seen.knows_range else None,
        "term_end": seen.term_end,
        **_range("unused_credits_at_end", fate.unused if fate else None, seen),
    }


def _range(key: str, said: Range | None, seen: Foresight) -> dict[str, Any]:
    low, high = (said.low, said.high) if said and seen.knows_range else (None, None)
    return {key: said.middle if said else None, f"{key}_low": low, f"{key}_high": high}


def _identity(seen: Foresight, context: Context) -> str:
    """Return what identifies a forecast: part, data, grants and seed."""
    facts = seen.wallet
    known = (
        facts.part,
        seen.first_day,
        seen.first_day_ahead,
        seen.series.seed,
        seen.card_series.seed,
        seen.seed,
        context.config.wallet.drawdown,
    )
    grants = sorted((g.name, g.credits.normalize(), g.first_day, g.day_after_last) for g in facts.grants)
    return sha256(repr((known, seen.term_end, grants)).encode()).hexdigest()
