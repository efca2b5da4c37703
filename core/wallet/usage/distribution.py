"""How many interactions took how many actions: mean, percentiles, shares. All counts are exact."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.warehouse import queries


@dataclass(frozen=True, slots=True)
class Distribution:
    """Interactions by number of actions, fewest first; there is at least one."""

    counts: tuple[tuple[Decimal, int], ...]

    @property
    def interactions(self) -> int:
        """All interactions."""
        return sum(count for _, count in self.counts)

    @property
    def actions(self) -> Decimal:
        """All actions."""
        return sum((actions * count for actions, count in self.counts), Decimal(0))

    @property
    def mean(self) -> Decimal:
        """Actions of the average interaction."""
        return self.actions / self.interactions

    def percentile(self, percent: int) -> Decimal:
        """Return the smallest number of actions that this percentage of the interactions does not exceed."""
        reached = 0
        for actions, count in self.counts:
            reached += count
            if reached * 100 >= percent * self.interactions:
                return actions
        return self.counts[-1][0]

    def shares(self) -> list[tuple[Decimal, int, Decimal, Decimal]]:
        """Return, for each number of actions: actions, interactions, their percentage, and the cumulative percentage."""
        rows, reached = [], 0
        for actions, count in self.counts:
            reached += count
            rows.append(
                (
                    actions,
                    count,
                    Decimal(count) / self.interactions * Decimal(100),
                    Decimal(reached) / self.interactions * Decimal(100),
                )
            )
        return rows


def measure_distribution(rows: Iterable[queries.InteractionsByActionsRow]) -> Distribution | None:
    """Return the distribution of interactions by their actions; None without interactions."""
    counts: dict[Decimal, int] = {}
    for row in rows:
        counts[row.actions] = counts.get(row.actions, 0) + row.interactions
    found = tuple((actions, counts[actions]) for actions in sorted(counts) if counts[actions])
    return Distribution(found) if found else None
