"""The ways to pay for agents, and what a year under each costs.

Eligibility comes before price: a plan that cannot be bought for the workload is not offered, with the reason
and its source, and is never ranked. Source of what may be combined: Agentforce pricing analysis, early 2026,
and Flex Credits guide, 2025.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from core import rates
from core.display import amount, number, usd, usd_exact
from core.price_book import NoPriceError, Prices, no_price, rows_by_item
from core.quantities import Credits, Usd
from core.workload import MONTHS, Workload, YearOfUse, year_of_use

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.quantities import UsdPerCredit
    from core.rates import Terms
    from core.workload import Audience

Family = Literal["conversation", "flex", "seat", "resolution"]
Need = Literal["interactions", "actions", "seats"]

GUIDE = "pricing analysis, early 2026; Flex Credits guide, 2025"
NOT_SAID = "not said"
HUNDRED = Decimal(100)
PLACES = 6
NOTHING = Decimal(0)
NO_CREDITS, NO_COST = Credits(NOTHING), Usd(NOTHING)
NEEDED = {
    "interactions": "priced by interactions: add `10000 interactions`",
    "actions": "priced by actions: add `3 actions` per interaction",
    "seats": "priced by users: add `50 users`",
}


class Case(NamedTuple):
    """What a plan is priced on.

    use: the year to price; planned: the year the buyer committed to, the same unless volume comes out otherwise.
    """

    use: YearOfUse
    planned: YearOfUse
    prices: Prices
    terms: Terms


class YearlyCost(NamedTuple):
    """A year's cost with the published range around an assumed price; `terms` writes out the sum before the equals sign."""

    assumed: Usd
    low: Usd
    high: Usd
    terms: Callable[[], str]

    def sum(self) -> str:
        """Return the sum, written out."""
        return f"{self.terms()} = {usd(self.assumed.count)} a year"


class Plan(NamedTuple):
    """One way to pay.

    audience: whom it may serve, None for both. needs: what must be known. items: the price rows it rests on.
    """

    key: str
    label: str
    family: Family
    audience: Audience | None
    needs: tuple[Need, ...]
    items: tuple[str, ...]
    year: Callable[[Case], YearlyCost]


class Offer(NamedTuple):
    """A plan that can be bought for the workload, and what it costs."""

    plan: Plan
    cost: YearlyCost
    if_doubled: Usd
    if_halved: Usd
    usd_per_interaction: Decimal | None
    percent_below_conversation: Decimal | None

    @property
    def usd_per_year(self) -> Decimal:
        """The year's cost, unrounded."""
        return self.cost.assumed.count

    @property
    def usd_per_month(self) -> Decimal:
        """The average month of the year, unrounded."""
        return self.cost.assumed.count / MONTHS


class NotOffered(NamedTuple):
    """A plan that cannot be bought for the workload, or not priced from what is known; why, and who says so."""

    plan: Plan
    reason: str
    source: str


def offers(
    workload: Workload, prices: Prices, terms: Terms, plans: tuple[Plan, ...] | None = None
) -> tuple[list[Offer], list[NotOffered]]:
    """Return the plans that can be bought, cheapest year first, and those that cannot, in the table's order."""
    return offers_of_year(year_of_use(workload, prices), workload.audience, prices, terms, plans)


def offers_of_year(
    use: YearOfUse, audience: Audience | None, prices: Prices, terms: Terms, plans: tuple[Plan, ...] | None = None
) -> tuple[list[Offer], list[NotOffered]]:
    """Return the plans that can be bought for a year of use, cheapest first, and those that cannot, in the table's order."""
    offered: list[Offer] = []
    refused: list[NotOffered] = []
    for plan in PLANS.values() if plans is None else plans:
        try:
            refusal = _refusal(plan, audience, use)
            if refusal:
                refused.append(refusal)
            else:
                offered.append(_offer(plan, Case(use, use, prices, terms)))
        except NoPriceError as error:
            refused.append(NotOffered(plan, str(missing_price(plan, prices) or error), "price book"))
    return sorted(offered, key=lambda offer: offer.usd_per_year), refused


def missing_price(plan: Plan, prices: Prices) -> NoPriceError | None:
    """Return the error for the first of the plan's published prices that is not in force that day; None if all are."""
    for item in plan.items:
        if item in rows_by_item() and not prices.has(item):
            return no_price(item, prices.on)
    return None


def _refusal(plan: Plan, audience: Audience | None, use: YearOfUse) -> NotOffered | None:
    if plan.audience and audience and plan.audience != audience:
        return NotOffered(plan, _wrong_audience(plan), GUIDE)
    for need in plan.needs:
        if getattr(use, need) is None:
            return NotOffered(plan, NEEDED[need], NOT_SAID)
    return None


def _wrong_audience(plan: Plan) -> str:
    if plan.audience == "customers":
        return "for customer-facing use only, and this workload serves employees"
    return "for employees only, and this workload serves customers"


def _offer(plan: Plan, case: Case) -> Offer:
    cost = plan.year(case)
    conversations = conversations_usd(case)
    interactions = case.use.interactions
    return Offer(
        plan=plan,
        cost=cost,
        if_doubled=plan.year(_with_volume(case, Decimal(2))).assumed,
        if_halved=plan.year(_with_volume(case, Decimal("0.5"))).assumed,
        usd_per_interaction=cost.assumed.count / interactions.count if interactions else None,
        percent_below_conversation=percent_below(cost.assumed, conversations) if conversations else None,
    )


def year_usd(plan: Plan, use: YearOfUse, planned: YearOfUse, prices: Prices, terms: Terms) -> Usd:
    """Return what the plan bought for a planned year costs in a year that comes out otherwise."""
    return plan.year(Case(use, planned, prices, terms)).assumed


def _with_volume(case: Case, factor: Decimal) -> Case:
    return Case(case.planned.times(factor), case.planned, case.prices, case.terms)


def percent_below(cost: Usd, reference: Usd) -> Decimal:
    """Return by how many percent a cost lies below a reference; negative when it lies above."""
    return (1 - cost / reference) * HUNDRED


def conversations_usd(case: Case) -> Usd | None:
    """Return what the year's interactions cost as conversations; None where they are not known or had no price."""
    if not case.use.interactions or not case.prices.has("conversation.usd"):
        return None
    return Usd(case.use.interactions.count * usd_per_conversation(case.prices, case.terms))


def usd_per_conversation(prices: Prices, terms: Terms) -> Decimal:
    """Return the price of a conversation: the question's own, else the contract's, else list."""
    return terms.usd_per_conversation if terms.usd_per_conversation is not None else prices.value("conversation.usd")


def usd_per_seat(item: str, prices: Prices, terms: Terms) -> Decimal:
    """Return the price of a seat for a month; a price of the question's own is that of the Agentforce Add-on."""
    if item == "add_on.usd" and terms.usd_per_seat is not None:
        return terms.usd_per_seat
    return prices.value(item)


def _known(amount: Usd, written: Callable[[], str]) -> YearlyCost:
    return YearlyCost(amount, amount, amount, written)


def _ranged(amount: Credits, rate: rates.Rate, fixed: Usd, written: Callable[[], str]) -> YearlyCost:
    low, assumed, high = (fixed + amount.at(end) for end in (rate.low, rate.assumed, rate.high))
    return YearlyCost(assumed, low, high, written)


def _used(case: Case) -> Credits:
    return case.use.credits or NO_CREDITS


def _per_conversation(case: Case) -> YearlyCost:
    interactions, price = case.use.interactions, usd_per_conversation(case.prices, case.terms)
    count = interactions.count if interactions else NOTHING
    return _known(Usd(count * price), lambda: f"{number(count, PLACES)} conversations × {usd_exact(price)}")


def _per_resolution(case: Case) -> YearlyCost:
    credits_each, rate = case.prices.value("resolution.credits"), rates.flex_rate(case.prices, case.terms)
    count = case.use.resolutions.count if case.use.resolutions else NOTHING
    burnt, free = Credits(count * credits_each), case.use.free
    each = f"{number(count, PLACES)} resolutions × {number(credits_each)} credits"
    if free:
        left = max(NO_CREDITS, burnt - free)
        return _known(left.at(rate), lambda: f"({each} − {number(free.count)} free, at least 0) × {usd_exact(rate.usd)}")
    return _known(burnt.at(rate), lambda: f"{each} × {usd_exact(rate.usd)}")


def _at_rate(case: Case, rate: rates.Rate) -> YearlyCost:
    used = _used(case)
    return _ranged(used, rate, NO_COST, lambda: _priced(used, rate.assumed))


def _priced(amount: Credits, rate: UsdPerCredit) -> str:
    return f"{number(amount.count, PLACES)} credits × {usd_exact(rate.usd)}"


def _flex_credits(case: Case) -> YearlyCost:
    return _at_rate(case, rates.certain(rates.flex_rate(case.prices, case.terms)))


def _flex_pay_as_you_go(case: Case) -> YearlyCost:
    return _at_rate(case, rates.payg_rate(case.prices, case.terms))


def whole_packs(amount: Credits, pack: Credits) -> int:
    """Return how many whole packs hold these credits."""
    return int((amount / pack).to_integral_value(ROUND_CEILING))


def _packs(count: int) -> str:
    return amount(Decimal(count), "packs")


def _flex_pre_purchase(case: Case) -> YearlyCost:
    price, pack = rates.pack_usd(case.prices, case.terms), rates.pack_credits(case.prices)
    packs = whole_packs(case.planned.credits or NO_CREDITS, pack)
    beyond = max(NO_CREDITS, _used(case) - pack * packs)
    if not beyond:
        return _known(price * packs, lambda: f"{_packs(packs)} × {usd_exact(price.count)}")
    over = rates.overage_rate(case.prices, case.terms)
    return _ranged(
        beyond, over, price * packs, lambda: f"{_packs(packs)} × {usd_exact(price.count)} + {_priced(beyond, over.assumed)}"
    )


def _flex_pre_commit(case: Case) -> YearlyCost:
    rate = rates.precommit_rate(case.prices, case.terms)
    owed = max(_used(case), case.planned.credits or NO_CREDITS)
    return _ranged(owed, rate, NO_COST, lambda: _priced(owed, rate.assumed))


def _seats_usd(case: Case, item: str) -> tuple[Usd, Callable[[], str]]:
    count = case.use.seats.count if case.use.seats else NOTHING
    price = usd_per_seat(item, case.prices, case.terms)
    return Usd(count * price * MONTHS), lambda: f"{number(count)} users × {usd(price)} × {MONTHS} months"


def _seat_plan(item: str) -> Callable[[Case], YearlyCost]:
    return lambda case: _known(*_seats_usd(case, item))


def _edition(item: str) -> Callable[[Case], YearlyCost]:
    def year(case: Case) -> YearlyCost:
        seats, written = _seats_usd(case, item)
        included = Credits(case.prices.value("edition.credits"))
        beyond = max(NO_CREDITS, _used(case) - included)
        rate = rates.flex_rate(case.prices, case.terms)
        over = f" + {_priced(beyond, rate)} beyond the {number(included.count)} included" if beyond else ""
        return _known(seats + beyond.at(rate), lambda: written() + over)

    return year


def _user_license(case: Case) -> YearlyCost:
    seats, written = _seats_usd(case, "user_license.usd")
    used, rate = _used(case), rates.flex_rate(case.prices, case.terms)
    return _known(seats + used.at(rate), lambda: f"{written()} + {_priced(used, rate)}")


FLEX = ("flex.usd_per_pack", "flex.credits_per_pack", "action.production")
PAYG = (*FLEX, "payg.usd_per_action", "payg.saving_percent")
EDITION = (*FLEX, "edition.credits")

PLANS: Mapping[str, Plan] = {
    plan.key: plan
    for plan in (
        Plan(
            "per_conversation",
            "Conversations",
            "conversation",
            "customers",
            ("interactions",),
            ("conversation.usd",),
            _per_conversation,
        ),
        Plan("flex_credits", "Flex Credits", "flex", None, ("actions",), FLEX, _flex_credits),
        Plan("flex_pre_purchase", "Flex pre-purchase", "flex", None, ("actions",), PAYG, _flex_pre_purchase),
        Plan(
            "flex_pre_commit",
            "Flex pre-commit",
            "flex",
            None,
            ("actions",),
            (*PAYG, "precommit.usd_per_action", "precommit.share_of_payg_premium_percent"),
            _flex_pre_commit,
        ),
        Plan("flex_pay_as_you_go", "Flex pay-as-you-go", "flex", None, ("actions",), PAYG, _flex_pay_as_you_go),
        Plan("per_user_add_on", "Agentforce Add-on", "seat", "employees", ("seats",), ("add_on.usd",), _seat_plan("add_on.usd")),
        Plan(
            "per_user_industries",
            "Industries Add-on",
            "seat",
            "employees",
            ("seats",),
            ("industries.usd",),
            _seat_plan("industries.usd"),
        ),
        Plan(
            "edition_sales",
            "Agentforce 1 Sales edition",
            "seat",
            None,
            ("seats",),
            ("edition_sales.usd", *EDITION),
            _edition("edition_sales.usd"),
        ),
        Plan(
            "edition_service",
            "Agentforce 1 Service edition",
            "seat",
            None,
            ("seats",),
            ("edition_service.usd", *EDITION),
            _edition("edition_service.usd"),
        ),
        Plan(
            "edition_core",
            "Sales edition Core",
            "seat",
            "employees",
            ("seats",),
            ("edition_core.usd",),
            _seat_plan("edition_core.usd"),
        ),
        Plan(
            "edition_advanced",
            "Sales edition Advanced",
            "seat",
            "employees",
            ("seats",),
            ("edition_advanced.usd",),
            _seat_plan("edition_advanced.usd"),
        ),
        Plan(
            "user_license",
            "User Licence with credits",
            "seat",
            "employees",
            ("seats", "actions"),
            ("user_license.usd", *FLEX),
            _user_license,
        ),
        Plan(
            "per_resolution",
            "Help Agent resolutions",
            "resolution",
            "customers",
            ("interactions",),
            ("resolution.credits", *FLEX),
            _per_resolution,
        ),
    )
}
