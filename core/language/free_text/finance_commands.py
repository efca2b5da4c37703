"""How the finance commands express a text's content: budgets and their periods."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from core.language.free_text import lexicon
from core.language.free_text.time_spans import fiscal_year_range, period_range

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.language.free_text.time_spans import Unit
    from core.language.free_text.understood import Built, Understood

CLEARLY = Decimal(2)


def speaks_clearly_for(command: str, found: Understood) -> bool:
    """Whether the text has a word that mostly refers to the command."""
    said = [item for item in found.items if "intent" in item.tags and item.index not in found.board.taken]
    return any(lexicon.intents()[item.phrase].get(command, Decimal(0)) >= CLEARLY for item in said)


def _budget(found: Understood, built: Built) -> bool | None:
    """Express a budget's period as days: the named ones, or the current month, quarter or year for `monthly budget`."""
    if not speaks_clearly_for("budget", found):
        return False
    adverb = found.slots.phrases.get("adverb")
    if adverb and adverb not in {"month", "quarter", "year"}:
        return False
    if adverb and not found.times.spans:
        calendar = found.times.calendar
        first, last = period_range(cast("Unit", adverb), 0, calendar)
        if adverb == "year":
            first, last = next(
                days for year in (first.year, first.year + 1) if (days := fiscal_year_range(year, calendar))[1] >= calendar.today
            )
        built.phrases.append(f"from {first} to {last}")
    return None


UNIT_GROUPINGS = frozenset({"by agent", "by department", "by use case", "by month"})


def _unit_cost(found: Understood, built: Built) -> bool | None:
    """Express the grouping of unit costs; `monthly` means by month."""
    if not speaks_clearly_for("unit cost", found):
        return False
    adverb = found.slots.phrases.get("adverb")
    if adverb:
        if adverb != "month" or built.said.get("by", "by month") != "by month":
            return False
        built.said["by"] = "by month"
    return None if built.said.get("by", "by agent") in UNIT_GROUPINGS else False


def _invoice(found: Understood, _: Built) -> bool | None:
    return None if speaks_clearly_for("invoice", found) else False


def _showback(found: Understood, built: Built) -> bool | None:
    """A showback's rows are months, so `monthly` and `by month` add nothing."""
    if not speaks_clearly_for("showback", found):
        return False
    if built.said.get("by") == "by month":
        del built.said["by"]
    return None


DOUBLE = frozenset({"double", "doubles", "doubled", "doubling", "verdoppelt", "verdoppeln"})
HALVE = frozenset({"half", "halves", "halb", "halbiert"})


def _what_if(found: Understood, built: Built) -> bool | None:
    """Express the change against today; a workload in the question is not a change to the wallet's own usage."""
    slots = found.slots
    if not speaks_clearly_for("what if", found) or slots.interactions or built.users is not None or "mix" in built.said:
        return False
    for words, percent_of_today in ((DOUBLE, 200), (HALVE, 50)):
        if found.says_any(words):
            built.phrases.append(f"volume {percent_of_today}%")
    return None


FINANCE_WAYS: Mapping[str, Callable[[Understood, Built], bool | None]] = {
    "budget": _budget,
    "unit cost": _unit_cost,
    "invoice": _invoice,
    "showback": _showback,
    "what if": _what_if,
}
