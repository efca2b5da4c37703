"""Why credits changed between two periods, split into effects that add up exactly.

Credits = interactions × actions per interaction × (share of each environment × credits per action there), plus usage
without actions, such as prompts. One factor after another changes from its old value to its new one, in this order:
interactions, actions per interaction, environments, credits per action. Each effect is the change of that step, so
nothing is left over. The levels between the steps are fractions; they are rounded to a millionth of a credit before
they are subtracted, not after, so that the decimals add up too.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class VariancePart:
    """Usage in one environment: actions, and the credits that they cost."""

    actions: Decimal
    credits: Decimal

    def __add__(self, other: VariancePart) -> VariancePart:
        """Return the sum of both."""
        return VariancePart(self.actions + other.actions, self.credits + other.credits)


NO_PART = VariancePart(Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Period:
    """Usage of one period. interactions: None if nobody counted them; other_credits: of usage without actions."""

    parts: Mapping[str, VariancePart]
    other_credits: Decimal = Decimal(0)
    interactions: int | None = None

    @property
    def actions(self) -> Decimal:
        """Actions of all environments."""
        return sum((part.actions for part in self.parts.values()), Decimal(0))

    @property
    def action_credits(self) -> Decimal:
        """Credits of all actions."""
        return sum((part.credits for part in self.parts.values()), Decimal(0))

    @property
    def credits(self) -> Decimal:
        """All credits."""
        return self.action_credits + self.other_credits

    def __add__(self, other: Period) -> Period:
        """Return the sum of both periods, which must not overlap; interactions are known if both have them."""
        named = {*self.parts, *other.parts}
        counted = None if self.interactions is None or other.interactions is None else self.interactions + other.interactions
        return Period(
            {name: self.parts.get(name, NO_PART) + other.parts.get(name, NO_PART) for name in sorted(named)},
            self.other_credits + other.other_credits,
            counted,
        )


@dataclass(frozen=True, slots=True)
class Variance:
    """The effects, in credits; together they are `change`.

    actions_per_interaction: None if interactions are not known; then `volume` is the effect of actions and includes both.
    """

    change: Decimal
    volume: Decimal
    actions_per_interaction: Decimal | None
    environment: Decimal
    credits_per_action: Decimal


def split(before: Period, now: Period) -> Variance:
    """Return why credits changed from one period to another."""
    levels = _levels(before, now)
    start, volume, each, environment, end = (_round_level(level) for level in levels)
    is_counted = bool(before.interactions and now.interactions)
    return Variance(
        change=end - start,
        volume=(volume if is_counted else each) - start,
        actions_per_interaction=each - volume if is_counted else None,
        environment=environment - each,
        credits_per_action=end - environment,
    )


def list_effects(effects: Variance) -> list[tuple[str, str, Decimal]]:
    """Return key, words and credits of each known effect."""
    each = effects.actions_per_interaction
    found = [("volume_credits", "Volume" if each is not None else "Volume of actions", effects.volume)]
    if each is not None:
        found.append(("actions_per_interaction_credits", "Actions per interaction", each))
    found.append(("environment_credits", "Environment", effects.environment))
    return [*found, ("credits_per_action_credits", "Credits per action", effects.credits_per_action)]


def _levels(before: Period, now: Period) -> tuple[Fraction, Fraction, Fraction, Fraction, Fraction]:
    """Return the credits before, after each step, and now."""
    start, end, other = Fraction(before.credits), Fraction(now.credits), Fraction(before.other_credits)
    if not before.actions:
        started = other + Fraction(now.action_credits)
        return start, started, started, started, end
    old = Fraction(before.action_credits)
    actions = Fraction(now.actions) / Fraction(before.actions)
    interactions = Fraction(now.interactions, before.interactions) if now.interactions and before.interactions else actions
    at_old_prices = sum((Fraction(part.actions) * _old_price(name, before, now) for name, part in now.parts.items()), Fraction(0))
    return start, other + old * interactions, other + old * actions, other + at_old_prices, end


def _old_price(environment: str, before: Period, now: Period) -> Fraction:
    """Return the previous credits per action; for a new environment the current ones, so that its only effect is being new."""
    known = before.parts.get(environment)
    part = known if known and known.actions else now.parts[environment]
    return Fraction(part.credits) / Fraction(part.actions) if part.actions else Fraction(0)


def _round_level(level: Fraction) -> Decimal:
    """Return the level as a decimal, to a millionth, halves up; exports have no finer credits."""
    doubled = 2 * level.numerator * MILLION + level.denominator
    return Decimal(doubled // (2 * level.denominator)).scaleb(-6)
