"""The published table of rules of thumb: which rule applies to which profile, up to the exact bounds."""

from decimal import Decimal

import pytest

from core.pricing.quantities import Actions, Interactions, Seats
from core.pricing.rules_of_thumb import CONVERSATIONS, FLEX, SEATS, RuleOfThumb, rule_of_thumb
from core.pricing.workload import Audience, Workload


@pytest.mark.parametrize(
    ("each", "audience", "rule"),
    [
        ("2.9", None, None),
        ("3", None, FLEX),
        ("12", None, FLEX),
        ("12.1", None, None),
        ("14.9", None, None),
        ("15", None, CONVERSATIONS),
        ("15", "customers", CONVERSATIONS),
        ("15", "employees", None),
    ],
)
def test_the_actions_of_an_interaction_decide(each: str, audience: Audience | None, rule: RuleOfThumb | None) -> None:
    """Flex applies from 3 to 12, conversations from 15 if they are available; in between the table has no rule."""
    load = Workload(Interactions(Decimal(1_000)), Actions(1_000 * Decimal(each)), audience=audience)
    assert rule_of_thumb(load) == rule


@pytest.mark.parametrize(
    ("users", "actions_a_month", "audience", "rule"),
    [
        (41, 41 * 1_250, None, SEATS),
        (41, 41 * 1_250, "employees", SEATS),
        (41, 41 * 1_250, "customers", FLEX),
        (41, 41 * 1_250 - 1, None, FLEX),
        (40, 40 * 1_250, None, FLEX),
    ],
)
def test_daily_use_by_many_employees_takes_seats(
    users: int, actions_a_month: int, audience: Audience | None, rule: RuleOfThumb
) -> None:
    """Seats apply above 40 people with 1,250 actions a month each; customers have no seats."""
    actions = Actions(Decimal(actions_a_month * 12))
    load = Workload(Interactions(actions.count / 5), actions, Seats(Decimal(users)), audience)
    assert rule_of_thumb(load) == rule


def test_without_interactions_nothing_is_said() -> None:
    """Without interactions, the actions per interaction are unknown, so no rule applies."""
    assert rule_of_thumb(Workload(actions_per_year=Actions(Decimal(12_000)))) is None
