"""Which teams, and which of what they were told, lie within the part of the wallet that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.alerts.measurements import filters_of, parts_of, words_of
from core.cards import FLEX_CREDITS
from core.config import Filter
from core.scope import plain_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.answer import Answer
    from core.config import Team
    from core.scope import WalletFilter
    from core.warehouse import Session

WHOLE_WALLET_RULE = "stale"
AFTER_PART = (" used ", ": ", " of card ")


def teams_within(teams: Iterable[Team], only: WalletFilter) -> tuple[Team, ...]:
    """Return the teams that watch nothing but what is open."""
    return tuple(team for team in teams if _lies_within(team.watches, only))


def _lies_within(watches: Filter, only: WalletFilter) -> bool:
    orgs = (watches.org,) if watches.org else ()
    pairs = ((orgs, (only.org,) if only.org else ()), (watches.departments, only.departments), (watches.agents, only.agents))
    return all(_all_in(watched, shown) for watched, shown in pairs)


def _all_in(watched: Sequence[str], shown: Sequence[str]) -> bool:
    """Whether every name that is watched is shown; naming none means all."""
    return not shown or (bool(watched) and {plain_name(name) for name in watched} <= {plain_name(name) for name in shown})


def is_of(told: Answer, watches: Filter, session: Session) -> bool:
    """Whether an alert or a digest is of what its team watches now, and not of what it watched before.

    Its question says the part of the wallet, but for one of several names: there its sentences or its title do.
    """
    if any(one.key == "alert_rule" and one.value == WHOLE_WALLET_RULE for one in told.figures):
        return True
    parts = parts_of(session, FLEX_CREDITS, watches)
    said = filters_of(parts)
    if said or watches == Filter(card=watches.card):
        return plain_name(told.question).endswith(plain_name(said))
    words = words_of(parts).casefold()
    return told.title.casefold().endswith(words) or any(f"{words}{after}" in told.headline.casefold() for after in AFTER_PART)
