"""Amounts of different units do not mix, and nothing is rounded."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pricing.quantities import Actions, Credits, Quantity, Usd, UsdPerCredit

AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9)


@given(AMOUNTS, AMOUNTS)
def test_adding_is_exact_and_undone_by_taking_away(one: Decimal, other: Decimal) -> None:
    """A sum minus one of its parts is the other part, to the last digit."""
    assert Usd(one) + Usd(other) - Usd(other) == Usd(one)


@pytest.mark.parametrize("mix", [lambda: Credits(Decimal(1)) + Usd(Decimal(1)), lambda: Usd(Decimal(1)) - Credits(Decimal(1))])  # type: ignore[operator]
def test_credits_and_dollars_do_not_add(mix: object) -> None:
    """Adding credits to dollars is an error at run time too."""
    with pytest.raises(TypeError):
        mix()  # type: ignore[operator]


def test_equal_counts_of_different_things_are_not_equal() -> None:
    """Five credits are not five dollars."""
    assert Credits(Decimal(5)) != Usd(Decimal(5))


def test_an_amount_over_its_own_kind_is_a_plain_number() -> None:
    """The quotient of two amounts of the same kind has no unit."""
    assert Usd(Decimal(125)) / Usd(Decimal("0.10")) == Decimal(1250)


def test_an_amount_over_a_number_keeps_its_unit() -> None:
    """A year divided by twelve is a month in the same unit."""
    assert Usd(Decimal(63_600)) / 12 == Usd(Decimal(5_300))


def test_dividing_by_another_kind_is_an_error() -> None:
    """Dollars divided by credits is a rate, which has its own type."""
    with pytest.raises(TypeError):
        Usd(Decimal(1)) / Credits(Decimal(1))  # type: ignore[operator]


def test_actions_burn_credits_that_cost_dollars() -> None:
    """53,000 actions at 20 credits and half a cent cost $5,300."""
    burnt = Actions(Decimal(53_000)).burn(Decimal(20))
    assert (burnt, burnt.at(UsdPerCredit(Decimal("0.005")))) == (Credits(Decimal(1_060_000)), Usd(Decimal(5_300)))


def test_nothing_is_false() -> None:
    """An amount of zero is falsy."""
    assert not Quantity(Decimal(0))
