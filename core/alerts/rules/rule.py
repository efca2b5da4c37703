"""What a rule is: one record owns everything about it. The type checker names every field that a rule lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from core.alerts.rules.model import BudgetMetrics, Candidate, Forecast, PoolMetrics, StoredAlert
    from core.answer import Figure
    from core.config import AlertSettings

RuleScope = Literal["part", "card", "wallet"]
Concurrency = Literal["one", "each", "ladder"]


class Situation(NamedTuple):
    """The input of rules: a team's part of a card on a day, and the age of the data.

    figures: None for rules about the whole wallet. levels: the team's percentages. kept: existing alerts. newer_on: the day on
    which newer data came last; ends_on: the day on which the data ends; None while there is none. forecast: None without a
    forecast. budgets: those of the card within what the team watches.
    """

    today: date
    settings: AlertSettings
    figures: PoolMetrics | None = None
    levels: tuple[int, ...] = ()
    kept: Sequence[StoredAlert] = ()
    forecast: Forecast | None = None
    newer_on: date | None = None
    ends_on: date | None = None
    budgets: Sequence[BudgetMetrics] = ()

    @property
    def budget_levels(self) -> tuple[int, ...]:
        """Alert percentages of a budget, lowest first."""
        return self.settings.budget_levels


def _one_ladder(_: str) -> str:
    return ""


class Recovery(NamedTuple):
    """What is sent when an alert no longer holds."""

    words: str
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    name: as stored and written. severity: the most severe is the lowest; no two are equal. title: heads its messages.
    when, how_often: its row in docs/alerts.md. settings: the names under `alerts` in app.yaml that it looks at.
    scope: what it is about: each team's part of a card, whole cards only, or the wallet once for each team.
    concurrency: one live alert at a time, one per dedup key, or levels: of levels passed or left together one is sent, and they
    end only with a finding that says so. recovery: what is sent when it no longer holds; None closes its alerts silently.
    needs_forecast: whether it is evaluated only with a forecast. ladder_of: from an alert's term, what its levels belong to: of
    levels of one thing passed together one is sent.
    """

    name: str
    severity: int
    title: str
    when: str
    how_often: str
    settings: tuple[str, ...]
    scope: RuleScope
    concurrency: Concurrency
    recovery: Callable[[PoolMetrics | None], Recovery] | None
    evaluate: Callable[[Situation], Iterable[Candidate]]
    needs_forecast: bool = False
    ladder_of: Callable[[str], str] = _one_ladder

    def applies(self, situation: Situation) -> bool:
        """Whether the rule applies to what is evaluated: then its findings decide, and so does their absence."""
        if self.needs_forecast and situation.forecast is None:
            return False
        return (situation.figures is None) == (self.scope == "wallet")

    def find(self, situation: Situation) -> Iterable[Candidate]:
        """Return what holds now."""
        # Grants belong to the whole card, so rules about them do not apply to a part.
        is_part = situation.figures is not None and bool(situation.figures.part)
        if not self.applies(situation) or (is_part and self.scope == "card"):
            return ()
        return self.evaluate(situation)
