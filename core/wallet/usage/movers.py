"""Whose usage changed most between two ranges of days, by how much, and the exact causes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial, reduce
from operator import add
from typing import TYPE_CHECKING

from core.answer import credits_short, number, usd_short
from core.records import NamedTuple
from core.wallet.usage.slices import name_of
from core.wallet.usage.variance import Period, VariancePart, list_effects, split
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from core.wallet.usage.periods import DayRange
    from core.wallet.usage.slices import Scene


class Mover(NamedTuple):
    """An agent whose usage changed. cost: the change in dollars, None without a price; reason: its parts, empty if not known."""

    name: str
    credits: Decimal
    cost: Decimal | None
    reason: str

    @property
    def summary(self) -> str:
        """The change in words: Sales_SDR +$36.00 (+7,200 credits)."""
        return f"{self.name} {write_change(self.credits, self.cost)}"

    @property
    def sentence(self) -> str:
        """The change in words, with its causes."""
        return f"{self.summary}: {self.reason}" if self.reason else self.summary


def write_change(change: Decimal, cost: Decimal | None) -> str:
    """Return +$36.00 (+7,200 credits), each with its own sign; credits alone if there is no difference in dollars."""
    counted = f"{'+' if change > 0 else ''}{credits_short(change)} credits"
    return f"{'+' if cost > 0 else ''}{usd_short(cost)} ({counted})" if cost else counted


def find_movers(before: Sequence[Scene], now: Sequence[Scene], count: int) -> Iterator[Mover]:
    """Yield the agents whose usage changed most between days, largest change first.

    before, now: the days, each as scenes of parts that do not overlap.
    """
    used, used_before = _credits_by_agent(now), _credits_by_agent(before)
    cost, cost_before = _costs_by_agent(now), _costs_by_agent(before)
    names = {**used, **used_before}
    changes = {name: _sum_of(used.get(name, ())) - _sum_of(used_before.get(name, ())) for name in names}
    for name, change in sorted(changes.items(), key=lambda one: (-abs(one[1]), one[0]))[:count]:
        if change:
            row, paid, paid_before = names[name][0], cost(name), cost_before(name)
            difference = None if paid is None or paid_before is None else paid - paid_before
            yield Mover(name, change, difference, "" if row.lacking_in else _reason(before, now, row.name))


def period_in(scene: Scene) -> Period:
    """Return the usage of the scene's days."""
    rows = scene.session.rows(queries.VariancePartsRow, before_first_day=scene.days.first_day, **scene.between())
    return _period(rows, scene)


def periods_in(scene: Scene) -> tuple[Period, Period]:
    """Return the usage of the days before the scene's, and of its own, by one query."""
    rows = scene.session.rows(queries.VariancePartsRow, before_first_day=scene.days.before.first_day, **scene.between())
    before = _period([row for row in rows if not row.is_now], replace(scene, days=scene.days.before))
    return before, _period([row for row in rows if row.is_now], scene)


def _period(rows: Sequence[queries.VariancePartsRow], scene: Scene) -> Period:
    parts = {row.environment: VariancePart(row.actions, row.action_credits) for row in rows}
    return Period(parts, sum((row.other_credits for row in rows), Decimal(0)), _interactions(scene))


def _interactions(scene: Scene) -> int | None:
    """Return the interactions of the days, None if the AI usage does not cover them or cannot be filtered the same way."""
    part, days = scene.part, scene.days
    if part.environment or part.orgs or part.departments:
        return None
    reach = scene.session.row(queries.InteractionExtentRow)
    if not reach.interactions or reach.first_day is None or reach.last_day is None:
        return None
    if reach.first_day > days.first_day or reach.last_day < days.last_day:
        return None
    span = {"before_first_day": days.first_day, "first_day": days.first_day, "day_after_last": days.day_after_last}
    found = scene.session.row(queries.InteractionsInPeriodsRow, **span, agent=part.parameter("agent"))
    return int(found.interactions)


def _credits_by_agent(scenes: Iterable[Scene]) -> dict[str, list[queries.UsageByNameRow]]:
    found: dict[str, list[queries.UsageByNameRow]] = {}
    for scene in scenes:
        for row in _agent_rows(scene, scene.days):
            found.setdefault(name_of(row), []).append(row)
    return found


def _sum_of(rows: Iterable[queries.UsageByNameRow]) -> Decimal:
    return sum((row.credits for row in rows), Decimal(0))


def _agent_rows(scene: Scene, days: DayRange) -> list[queries.UsageByNameRow]:
    filters = replace(scene, days=days).between("grain", "environment", "org", "agent", "department")
    return scene.session.rows(queries.UsageByNameRow, by="agent", before_first_day=days.first_day, **filters)


def _costs_by_agent(scenes: Iterable[Scene]) -> Callable[[str], Decimal | None]:
    """Return a function for the cost of an agent's usage; None for cards without a price."""
    found = [scene.costs(partial(_agent_rows, scene), name_of) for scene in scenes]

    def cost_of(name: str) -> Decimal | None:
        paid = [costs.of(name) for costs in found]
        return None if None in paid else sum((one for one in paid if one is not None), Decimal(0))

    return cost_of


def _reason(before: Sequence[Scene], now: Sequence[Scene], agent: str) -> str:
    """Return the parts of an agent's change by cause, the largest first; they add up to it."""
    effects = list_effects(split(*(_period_of(scenes, agent) for scenes in (before, now))))
    parts = sorted((effect for effect in effects if effect[2]), key=lambda effect: -abs(effect[2]))
    return ", ".join(f"{words.lower()} {'+' if value > 0 else ''}{number(value)}" for _, words, value in parts)


def _period_of(scenes: Iterable[Scene], agent: str) -> Period:
    own = [replace(one, part=one.part._replace(agents=(agent,))) for one in scenes if one.part.agents in {(), (agent,)}]
    return reduce(add, map(period_in, own))
