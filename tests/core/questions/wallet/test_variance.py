"""Why credits changed: the effects mean what they say, and add up."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.wallet.usage.variance import Period, VariancePart, split


def period(interactions: int | None = None, other: int = 0, **parts: tuple[int, int]) -> Period:
    """Return a period from `production=(actions, credits)`."""
    found = {name: VariancePart(Decimal(actions), Decimal(used)) for name, (actions, used) in parts.items()}
    return Period(found, Decimal(other), interactions)


def test_twice_the_interactions_is_volume_alone() -> None:
    """100 interactions of 3 actions become 200 of 3: 6,000 more credits, all of them volume."""
    found = split(period(100, production=(300, 6000)), period(200, production=(600, 12000)))
    assert (found.volume, found.actions_per_interaction, found.environment, found.credits_per_action) == (6000, 0, 0, 0)


def test_longer_interactions_are_actions_per_interaction_alone() -> None:
    """100 interactions of 3 actions become 100 of 4."""
    found = split(period(100, production=(300, 6000)), period(100, production=(400, 8000)))
    assert (found.volume, found.actions_per_interaction) == (0, 2000)


def test_moving_actions_into_a_sandbox_is_environment_alone() -> None:
    """100 of 300 actions move from production at 20 to the sandbox at 16 credits: 100 × -4."""
    before = period(100, production=(200, 4000), sandbox=(100, 1600))
    found = split(before, period(100, production=(100, 2000), sandbox=(200, 3200)))
    assert (found.volume, found.actions_per_interaction, found.environment, found.credits_per_action) == (0, 0, -400, 0)


def test_dearer_actions_are_credits_per_action_alone() -> None:
    """300 actions cost 25 instead of 20 credits."""
    found = split(period(100, production=(300, 6000)), period(100, production=(300, 7500)))
    assert (found.credits_per_action, found.change) == (1500, 1500)


def test_without_interactions_volume_is_that_of_actions() -> None:
    """300 actions become 400: 2,000 credits of volume, and nothing about actions per interaction."""
    found = split(period(production=(300, 6000)), period(production=(400, 8000)))
    assert (found.volume, found.actions_per_interaction) == (2000, None)


def test_a_new_environment_is_environment_alone() -> None:
    """Half of the actions now run in a new sandbox, at 16 credits: 150 × −4."""
    found = split(period(100, production=(300, 6000)), period(100, production=(150, 3000), sandbox=(150, 2400)))
    assert (found.environment, found.credits_per_action) == (-600, 0)


def test_use_without_actions_is_in_credits_per_action() -> None:
    """70 credits of prompts are neither volume nor environment."""
    assert split(period(production=(300, 6000)), period(other=70, production=(300, 6000))).credits_per_action == 70


def test_use_after_none_is_volume() -> None:
    """If nothing ran before, everything now is volume."""
    assert split(period(), period(production=(10, 200))).volume == 200


AMOUNT = st.decimals(0, 10**9, places=6)
PARTS = st.dictionaries(st.sampled_from(["production", "sandbox", "unknown"]), st.builds(VariancePart, AMOUNT, AMOUNT))
PERIOD = st.builds(
    lambda parts, other, interactions: Period(
        {k: p if p.actions else VariancePart(Decimal(0), Decimal(0)) for k, p in parts.items()}, other, interactions
    ),
    PARTS,
    AMOUNT,
    st.none() | st.integers(0, 10**6),
)


@given(PERIOD, PERIOD)
def test_the_effects_add_up_exactly(before: Period, now: Period) -> None:
    """For any periods the effects add up to the change, to the last millionth of a credit."""
    found = split(before, now)
    effects = (found.volume, found.actions_per_interaction or Decimal(0), found.environment, found.credits_per_action)
    assert (sum(effects), found.change) == (found.change, now.credits - before.credits)
