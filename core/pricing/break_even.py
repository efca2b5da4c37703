"""Where two ways to pay cost the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.days import MONTHS_IN_YEAR
from core.pricing import credit_rates
from core.pricing.plans import usd_per_conversation, usd_per_seat
from core.pricing.quantities import Actions, Credits, Interactions, Seats, Usd
from core.pricing.workload import credits_per_action, times_billed, year_of_use
from core.records import NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from core.pricing.credit_rates import Terms
    from core.pricing.price_book import Prices
    from core.pricing.workload import Workload

# Daily use is spread over every day of the year or over 52 weeks of five days. Holidays are ignored: they differ by country.
CALENDAR_DAYS = 365
WORKING_DAYS = 260


class ActionPrice(NamedTuple):
    """What an average action of the workload costs, with the range around an assumed price."""

    low: Usd
    assumed: Usd
    high: Usd
    credits: Decimal

    @property
    def is_certain(self) -> bool:
        """Whether the price is published or agreed."""
        return self.low == self.high


def action_price(workload: Workload, prices: Prices, terms: Terms, volume: Credits | None = None) -> ActionPrice:
    """Return the price of an average action, including token overhead and the voice and sandbox shares.

    volume: the credits bought at once, which decide the contract's tier; without it, the year's credits, if the workload states
    them.
    """
    # The mix of voice and sandbox sets what one billed action burns, and tokens set how many are billed: the two multiply.
    each = credits_per_action(workload, prices) * times_billed(workload, prices)
    rate = credit_rates.rate_of(terms.buying, prices, terms, volume or year_of_use(workload, prices).credits)
    low, assumed, high = (Credits(each).at(end) for end in (rate.low, rate.assumed, rate.high))
    return ActionPrice(low, assumed, high, each)


def crossing_actions(reference: Usd, price: Usd) -> Decimal:
    """Return how many actions cost as much as the reference: a conversation, or a seat for a month."""
    return reference / price


def seats_volume(seats: Seats, prices: Prices, terms: Terms) -> Credits:
    """Return the credits of a year that cost as much as the seats: the break-even."""
    # Tiers are by the size of the order, and credits are bought a year at a time; a month's budget would fall into too low a
    # tier.
    year = Usd(seats.count * usd_per_seat("add_on.usd", prices, terms) * MONTHS_IN_YEAR)
    return credit_rates.largest_order(year, prices, terms).credits


class SeatBreakEven(NamedTuple):
    """What the seats cost and the usage they equal; actions are those at break-even."""

    seat: Usd
    month: Usd
    actions_per_user: Actions
    conversations_per_user: Interactions
    seats: Seats

    @property
    def actions(self) -> Actions:
        """Actions a month of all users together."""
        return self.actions_per_user * self.seats.count

    def actions_per_user_day(self, days_per_year: int) -> Decimal:
        """Return the actions of one user on each of so many days a year."""
        return (self.actions_per_user * MONTHS_IN_YEAR / days_per_year).count


def seat_break_even(seats: Seats, action: Usd, prices: Prices, terms: Terms, item: str = "add_on.usd") -> SeatBreakEven:
    """Return where seats, by the price item of their licence, cost what their users' actions would."""
    seat = Usd(usd_per_seat(item, prices, terms))
    return SeatBreakEven(
        seat=seat,
        month=seat * seats.count,
        actions_per_user=Actions(crossing_actions(seat, action)),
        conversations_per_user=Interactions(seat.count / usd_per_conversation(prices, terms)),
        seats=seats,
    )
