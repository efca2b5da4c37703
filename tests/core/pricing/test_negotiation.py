"""Negotiation asks: from which size they apply, and which amount they are a part of."""

from datetime import date
from decimal import Decimal

import pytest

from core.pricing.credit_rates import Terms
from core.pricing.negotiation import Position, Worth, value_asks
from core.pricing.price_book import prices_on
from core.pricing.quantities import Credits, Usd

LIST = prices_on(date(2026, 11, 21))


def worth(key: str, used: int) -> Worth:
    """Return the value of an ask for a customer with a number of credits a year."""
    position = Position(Credits(Decimal(used)), (), None, None, LIST, Terms())
    return next(found for found in value_asks(position) if found.ask.key == key)


@pytest.mark.parametrize(("used", "usual"), [(999_999, 0), (1_000_000, 5_000 * Decimal("0.275")), (2_000_000, 2_750)])
def test_a_volume_discount_is_for_a_million_credits_and_more(used: int, usual: Decimal) -> None:
    """A volume discount is 27.5 % of ten packs at $500, from exactly a million credits a year on."""
    assert worth("volume_discount", used).usual == Usd(Decimal(usual))


def test_what_an_ask_is_a_part_of_has_a_name() -> None:
    """An ask is worth at most the spend, unless it names another base."""
    found = worth("volume_discount", 1_000_000)
    assert (found.of, bool(found.of_what)) == (Usd(Decimal(5_000)), True)
