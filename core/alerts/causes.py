"""The cause of an alert: the agent whose usage rose most, in one line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from core.wallet.usage import DayRange, Scene, find_movers

if TYPE_CHECKING:
    from core.alerts.measurements import View
    from core.warehouse import Session

COMPARED_DAYS, LOOKED_AT = timedelta(days=7), 5
# Rules about how fast a pool is used; the others name the cause themselves.
EXPLAINED = frozenset({"level", "projected", "pace"})


def say_what_moved(session: Session, view: View) -> str:
    """Return whose usage rose most in the last 7 complete days against the 7 before, and why.

    Empty if nobody's rose, or if the data does not cover those days.
    """
    extent, until = view.facts.extent, view.facts.until
    end = min(extent.provisional_from, until)
    days = DayRange(end - COMPARED_DAYS, end)
    if extent.first_day is None or extent.first_day > days.before.first_day:
        return ""
    now = [Scene(session, part, extent, days, view.facts.rates) for part in view.parts]
    before = [replace(scene, days=days.before) for scene in now]
    risen = (mover for mover in find_movers(before, now, LOOKED_AT) if mover.credits > 0)
    return next((f"Most of the rise in 7 days: {mover.sentence}." for mover in risen), "")
