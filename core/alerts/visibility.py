"""Which teams, and which of their messages, are within the part of the wallet that the caller may see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from core.alerts.measurements import filters_of, parts_of, words_of
from core.alerts.rules.budget_rules import EXPECTED, LEVEL
from core.alerts.rules.registry import RULES
from core.cards import FLEX_CREDITS
from core.scope import plain_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.answer import Answer
    from core.config import Team
    from core.scope import NameKind, Scope
    from core.warehouse import Session

BUDGET_RULES = frozenset({LEVEL, EXPECTED})
OF_BUDGET = re.compile(r'(team|department|agent|org) "([^"]+)"$')
AFTER_PART = (" used ", ": ", " of card ")


def teams_within(teams: Iterable[Team], only: Scope) -> tuple[Team, ...]:
    """Return the teams that watch only what the caller may see."""
    return tuple(team for team in teams if only.covers(team.watches))


def is_of(told: Answer, watches: Scope, session: Session) -> bool:
    """Whether an alert or a digest is about what its team watches now, not what it watched before.

    Its question names the part of the wallet, except for parts with several names: there its sentences or its title do.
    """
    about_wallet = {rule.name for rule in RULES.values() if rule.scope == "wallet"}
    if any(one.key == "alert_rule" and one.value in about_wallet for one in told.figures):
        return True
    if any(one.key == "alert_rule" and one.value in BUDGET_RULES for one in told.figures):
        return _is_budget_of(told.question, watches)
    parts = parts_of(session, FLEX_CREDITS, watches)
    said = filters_of(parts)
    if said or not watches.is_named:
        return plain_name(told.question).endswith(plain_name(said))
    words, title, headline = words_of(parts), plain_name(told.title), plain_name(told.headline)
    # A question cannot name several departments, so what was told is recognized by its own words.
    return title.endswith(plain_name(words)) or any(plain_name(f"{words}{after}") in headline for after in AFTER_PART)


def _is_budget_of(question: str, watches: Scope) -> bool:
    """Whether a reported budget is within what is watched now; the budget of everything only if everything is."""
    named = OF_BUDGET.search(question)
    if named is None:
        return not watches.is_named
    kind, name = named.groups()
    return kind == "team" or watches.contains(cast("NameKind", kind), name) or not watches.is_named
