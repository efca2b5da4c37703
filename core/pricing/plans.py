"""The ways to pay for agents, and what a year under each costs.

Eligibility comes before price: a plan that cannot be bought for the workload is not offered, with the reason
and its source, and is never ranked. Source of what may be combined: Agentforce pricing analysis, early 2026,
and Flex Credits guide, 2025.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from core.answer import amount, number, usd, usd_exact
from core.days import MONTHS_IN_YEAR
from core.pricing import credit_rates
from core.pricing.price_book import NoPriceError, Prices, no_price, rows_by_item
from core.pricing.quantities import Credits, Usd
from core.pricing.workload import Workload, YearOfUse, year_of_use
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.pricing.credit_rates import PurchaseMode, Terms
    from core.pricing.purchase import PackPrice
    from core.pricing.quantities import UsdPerCredit
    from core.pricing.workload import Audience

Family = Literal["conversation", "flex", "seat", "resolution"]
Need = Literal["interactions", "actions", "seats"]

GUIDE = "pricing analysis, early 2026; Flex Credits guide, 2025"
NOT_SAID = "not said"
PLACES = 6
NO_CREDITS, NO_COST = Credits(Decimal(0)), Usd(Decimal(0))
NEEDED = {
    "interactions": "priced by interactions: add `10000 interactions`",
    "actions": "priced by actions: add `3 actions` per interaction",
    "seats": "priced by users: add `50 users`",
}


class Case(NamedTuple):
    """The usage that a plan is priced for.

    use: the year to price; planned: the year the buyer committed to, the same unless the actual volume differs.
    audience: whom the use serves; None where that is not known. rates: what the cases of one comparison have in common.
    """

    use: YearOfUse
    planned: YearOfUse
    prices: Prices
    terms: Terms
    audience: Audience | None = None
    rates: CommonRates | None = None

    @property
    def common(self) -> CommonRates:
        """The rates that it has in common with others; its own where it stands alone."""
        return self.rates or CommonRates(self.prices, self.terms)


class CommonRates:
    """The rates of credits under the same prices and terms, each worked out when it is first needed."""

    def __init__(self, prices: Prices, terms: Terms) -> None:
        """Work out nothing yet."""
        self._prices, self._terms = prices, terms
        self._commitments: dict[Credits, tuple[Credits, credit_rates.Rate]] = {}

    @cached_property
    def payg(self) -> credit_rates.Rate:
        """The pay-as-you-go price."""
        return credit_rates.payg_rate(self._prices, self._terms)

    def commitment(self, planned: Credits) -> tuple[Credits, credit_rates.Rate]:
        """Return the cheapest commitment for a planned use."""
        if planned not in self._commitments:
            self._commitments[planned] = cheapest_commitment(planned, self._prices, self._terms, self)
        return self._commitments[planned]


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

    words: what a question calls it, the usual one first. audience: whom it may serve, None for both.
    covers: whose usage its seats make unmetered, None for nobody's.
    needs: what must be known. items: the price rows it rests on, that of its seats first. year: what `year_cost` asks with the
    metered use. buying: the way to buy Flex Credits that it is, None where it is none by itself.
    """

    key: str
    label: str
    words: tuple[str, ...]
    family: Family
    audience: Audience | None
    needs: tuple[Need, ...]
    items: tuple[str, ...]
    year: Callable[[Case], YearlyCost]
    covers: Audience | None = None
    buying: PurchaseMode | None = None

    @property
    def seat_item(self) -> str | None:
        """The price of a seat that makes usage unmetered; None if there is no such seat."""
        return self.items[0] if self.covers else None

    @property
    def includes_credits(self) -> bool:
        """Whether credits come with its seats."""
        return "edition.credits" in self.items

    @property
    def buys_credits(self) -> bool:
        """Whether it uses Flex Credits at the committed price, whatever the way to buy."""
        return self.buying is None and "flex.usd_per_pack" in self.items

    def meters(self, audience: Audience | None) -> bool:
        """Whether an audience's usage burns credits or is paid per unit; an unknown audience counts as such."""
        return self.covers is None or self.covers != audience


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
        return self.cost.assumed.count / MONTHS_IN_YEAR


class NotOffered(NamedTuple):
    """A plan that cannot be bought for the workload, or cannot be priced from what is known; why, and who says so."""

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
    case = Case(use, use, prices, terms, audience, CommonRates(prices, terms))
    conversations = conversations_usd(case)
    # The buyer committed to the planned volume, so only the use changes: this is what a wrong plan costs.
    others = case._replace(use=use.times(Decimal(2))), case._replace(use=use.times(Decimal("0.5")))
    # A plan without a price that day is refused like any other, so that one missing row does not end the comparison.
    for plan in PLANS.values() if plans is None else plans:
        try:
            refusal = _refusal(plan, audience, use)
            if refusal:
                refused.append(refusal)
            else:
                offered.append(_offer(plan, conversations, case, *others))
        except NoPriceError as error:
            refused.append(NotOffered(plan, str(missing_price(plan, prices) or error), "price book"))
    return sorted(offered, key=lambda offer: offer.usd_per_year), refused


def missing_price(plan: Plan, prices: Prices) -> NoPriceError | None:
    """Return the error for the first of the plan's published prices that is not in force that day; None if all are."""
    for item in plan.items:
        # A contract-only item has no rows: that nobody publishes it is no reason to refuse the plan.
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


def _offer(plan: Plan, conversations: Usd | None, case: Case, doubled: Case, halved: Case) -> Offer:
    cost = year_cost(plan, case)
    interactions = case.use.interactions
    return Offer(
        plan=plan,
        cost=cost,
        if_doubled=year_cost(plan, doubled).assumed,
        if_halved=year_cost(plan, halved).assumed,
        usd_per_interaction=cost.assumed.count / interactions.count if interactions else None,
        percent_below_conversation=percent_below(cost.assumed, conversations) if conversations else None,
    )


def year_cost(plan: Plan, case: Case) -> YearlyCost:
    """Return what a year of use costs under a plan for its audience: use that the plan's seats cover burns no credits."""
    if plan.meters(case.audience):
        return plan.year(case)
    return plan.year(case._replace(use=_unmetered(case.use), planned=_unmetered(case.planned)))


def year_usd(  # noqa: PLR0913, PLR0917 - a case and its plan
    plan: Plan, use: YearOfUse, planned: YearOfUse, prices: Prices, terms: Terms, audience: Audience | None = None
) -> Usd:
    """Return what the plan bought for a planned year costs in a year with a different volume."""
    return year_cost(plan, Case(use, planned, prices, terms, audience)).assumed


def _unmetered(use: YearOfUse) -> YearOfUse:
    # Interactions and actions stay: they say what the seats do. Only the credits are covered.
    return use._replace(credits=NO_CREDITS)


def percent_below(cost: Usd, reference: Usd) -> Decimal:
    """Return by how many percent a cost is below a reference; negative if it is above."""
    return (1 - cost / reference) * Decimal(100)


def conversations_usd(case: Case) -> Usd | None:
    """Return what the year's interactions cost as conversations; None if they are not known or had no price."""
    if not case.use.interactions or not case.prices.has("conversation.usd"):
        return None
    return Usd(case.use.interactions.count * usd_per_conversation(case.prices, case.terms))


def usd_per_conversation(prices: Prices, terms: Terms) -> Decimal:
    """Return the price of a conversation: the question's own, else the contract's, else list."""
    return terms.usd_per_conversation if terms.usd_per_conversation is not None else prices.value("conversation.usd")


def usd_per_seat(item: str, prices: Prices, terms: Terms) -> Decimal:
    """Return the price of a seat for a month; a price in the question is that of the Agentforce Add-on."""
    # Questions say “$100 per seat” of the Add-on, the only plan that is called seats; editions keep their own prices.
    if item == "add_on.usd" and terms.usd_per_seat is not None:
        return terms.usd_per_seat
    return prices.value(item)


def cheapest_seat(audience: Audience, prices: Prices, terms: Terms) -> Usd:
    """Return the monthly price of the cheapest seat that covers an audience's use. Raises: NoPriceError, if none has a price."""
    items = [plan.items[0] for plan in PLANS.values() if plan.family == "seat" and not plan.meters(audience)]
    priced = [item for item in items if prices.has(item) or (item == "add_on.usd" and terms.usd_per_seat is not None)]
    # Without any price the first item is still asked for, so that its error says from which day there is one.
    return Usd(min(usd_per_seat(item, prices, terms) for item in priced or items))


def _known_cost(amount: Usd, written: Callable[[], str]) -> YearlyCost:
    return YearlyCost(amount, amount, amount, written)


def _cost_range(amount: Credits, rate: credit_rates.Rate, fixed: Usd, written: Callable[[], str]) -> YearlyCost:
    low, assumed, high = (fixed + amount.at(end) for end in (rate.low, rate.assumed, rate.high))
    return YearlyCost(assumed, low, high, written)


def _usage_credits(case: Case) -> Credits:
    return case.use.credits or NO_CREDITS


def _per_conversation(case: Case) -> YearlyCost:
    interactions, price = case.use.interactions, usd_per_conversation(case.prices, case.terms)
    count = interactions.count if interactions else Decimal(0)
    return _known_cost(Usd(count * price), lambda: f"{number(count, PLACES)} conversations × {usd_exact(price)}")


def _per_resolution(case: Case) -> YearlyCost:
    credits_each = case.prices.value("resolution.credits")
    count = case.use.resolutions.count if case.use.resolutions else Decimal(0)
    # Resolutions burn by the resolution, not by the action, so free credits come off what resolutions burn.
    burnt, free = Credits(count * credits_each), case.use.free or NO_CREDITS
    due = max(NO_CREDITS, burnt - free)
    order = credit_rates.cheapest_order(due, case.prices, case.terms)
    if order.credits != due:
        return _ordered(order)
    each = f"{number(count, PLACES)} resolutions × {number(credits_each)} credits"
    if free:
        return _known_cost(order.cost, lambda: f"({each} − {number(free.count)} free, at least 0) × {usd_exact(order.rate.usd)}")
    return _known_cost(order.cost, lambda: f"{each} × {usd_exact(order.rate.usd)}")


def _write_price(amount: Credits, rate: UsdPerCredit) -> str:
    return f"{number(amount.count, PLACES)} credits × {usd_exact(rate.usd)}"


def _ordered(order: credit_rates.Order) -> YearlyCost:
    return _known_cost(order.cost, lambda: _write_price(order.credits, order.rate))


def _flex_credits(case: Case) -> YearlyCost:
    return _ordered(credit_rates.cheapest_order(_usage_credits(case), case.prices, case.terms))


def _flex_pay_as_you_go(case: Case) -> YearlyCost:
    used, rate = _usage_credits(case), case.common.payg
    return _cost_range(used, rate, NO_COST, lambda: _write_price(used, rate.assumed))


def whole_packs(amount: Credits, pack: Credits) -> int:
    """Return how many whole packs hold these credits."""
    return int((amount / pack).to_integral_value(ROUND_CEILING))


class PackBlock(NamedTuple):
    """Whole packs bought at once, and what each of them costs."""

    packs: int
    pack_usd: Usd

    @property
    def cost(self) -> Usd:
        """What the block costs."""
        return self.pack_usd * self.packs


def cheapest_block(wanted: Credits, prices: Prices, terms: Terms) -> PackBlock:
    """Return the whole packs that hold so many credits and cost least."""
    return cheapest_of(whole_packs(wanted, credit_rates.pack_credits(prices)), credit_rates.pack_prices(prices, terms))


def cheapest_of(packs: int, by_size: tuple[PackPrice, ...]) -> PackBlock:
    """Return the cheapest block of at least so many packs; more packs if a larger order's lower price pays off."""
    single, *tiers = by_size
    larger = [PackBlock(max(packs, tier.from_packs), tier.usd) for tier in tiers if packs]
    # No pack is bought if none is needed: a tier's minimum order must not turn zero usage into a purchase.
    return min([PackBlock(packs, single.usd), *larger], key=lambda block: (block.cost.count, block.packs))


def _packs(count: int) -> str:
    return amount(Decimal(count), "packs")


def _flex_pre_purchase(case: Case) -> YearlyCost:
    pack = credit_rates.pack_credits(case.prices)
    block = cheapest_block(case.planned.credits or NO_CREDITS, case.prices, case.terms)
    # The block was bought for the planned year; only usage beyond it is overage. What is left over is paid anyway.
    beyond = max(NO_CREDITS, _usage_credits(case) - pack * block.packs)
    if not beyond:
        return _known_cost(block.cost, lambda: f"{_packs(block.packs)} × {usd_exact(block.pack_usd.count)}")
    over = credit_rates.overage_rate(case.prices, case.terms, block.packs)
    return _cost_range(
        beyond,
        over,
        block.cost,
        lambda: f"{_packs(block.packs)} × {usd_exact(block.pack_usd.count)} + {_write_price(beyond, over.assumed)}",
    )


def _flex_pre_commit(case: Case) -> YearlyCost:
    # Commitments are not whole packs: the vendor bills what was committed, to the credit.
    committed, rate = case.common.commitment(case.planned.credits or NO_CREDITS)
    # A commitment is owed in full, used or not.
    owed = max(_usage_credits(case), committed)
    return _cost_range(owed, rate, NO_COST, lambda: _write_price(owed, rate.assumed))


def cheapest_commitment(
    planned: Credits, prices: Prices, terms: Terms, common: CommonRates | None = None
) -> tuple[Credits, credit_rates.Rate]:
    """Return the credits to commit to for a planned use, and their price: a contract's tier may make a larger one cheaper."""
    if credit_rates.agreed_precommit(prices, terms) is not None:
        return planned, credit_rates.precommit_rate(prices, terms)
    payg = (common or CommonRates(prices, terms)).payg
    found = (
        (order.credits, credit_rates.precommit_rate(prices, terms, order.rate, payg))
        for order in credit_rates.orders(planned, prices, terms)
    )
    return min(found, key=lambda pair: (pair[0].at(pair[1].assumed).count, pair[0].count))


def _seats_usd(case: Case, item: str) -> tuple[Usd, Callable[[], str]]:
    count = case.use.seats.count if case.use.seats else Decimal(0)
    price = usd_per_seat(item, case.prices, case.terms)
    return Usd(count * price * MONTHS_IN_YEAR), lambda: f"{number(count)} users × {usd(price)} × {MONTHS_IN_YEAR} months"


def _seat_plan(item: str) -> Callable[[Case], YearlyCost]:
    return lambda case: _known_cost(*_seats_usd(case, item))


def _edition(item: str) -> Callable[[Case], YearlyCost]:
    def year(case: Case) -> YearlyCost:
        seats, written = _seats_usd(case, item)
        included = Credits(case.prices.value("edition.credits"))
        # The included credits come once per org and year, not with each seat (`seats.toml` says who reads it so).
        order = credit_rates.cheapest_order(max(NO_CREDITS, _usage_credits(case) - included), case.prices, case.terms)
        over = f" + {_write_price(*order)} beyond the {number(included.count)} included" if order.credits else ""
        return _known_cost(seats + order.cost, lambda: written() + over)

    return year


def _user_license(case: Case) -> YearlyCost:
    seats, written = _seats_usd(case, "user_license.usd")
    order = credit_rates.cheapest_order(_usage_credits(case), case.prices, case.terms)
    return _known_cost(seats + order.cost, lambda: f"{written()} + {_write_price(*order)}")


FLEX = ("flex.usd_per_pack", "flex.credits_per_pack", "action.production")
PAYG = (*FLEX, "payg.usd_per_action", "payg.saving_percent")
EDITION = (*FLEX, "edition.credits")

PLANS: Mapping[str, Plan] = {
    plan.key: plan
    for plan in (
        Plan(
            "per_conversation",
            "Conversations",
            ("conversations", "conversation"),
            "conversation",
            "customers",
            ("interactions",),
            ("conversation.usd",),
            _per_conversation,
        ),
        Plan("flex_credits", "Flex Credits", ("flex credits", "flex"), "flex", None, ("actions",), FLEX, _flex_credits),
        Plan(
            "flex_pre_purchase",
            "Flex pre-purchase",
            ("flex pre-purchase", "pre-purchase", "prepurchase"),
            "flex",
            None,
            ("actions",),
            FLEX,
            _flex_pre_purchase,
            buying="prepurchase",
        ),
        Plan(
            "flex_pre_commit",
            "Flex pre-commit",
            ("flex pre-commit", "pre-commit", "precommit"),
            "flex",
            None,
            ("actions",),
            (*PAYG, "precommit.usd_per_action", "precommit.share_of_payg_premium_percent"),
            _flex_pre_commit,
            buying="precommit",
        ),
        Plan(
            "flex_pay_as_you_go",
            "Flex pay-as-you-go",
            ("flex pay-as-you-go", "pay-as-you-go", "payg"),
            "flex",
            None,
            ("actions",),
            PAYG,
            _flex_pay_as_you_go,
            buying="payg",
        ),
        Plan(
            "per_user_add_on",
            "Agentforce Add-on",
            ("add-on", "addon", "agentforce add-on", "seats"),
            "seat",
            "employees",
            ("seats",),
            ("add_on.usd",),
            _seat_plan("add_on.usd"),
            covers="employees",
        ),
        Plan(
            "per_user_industries",
            "Industries Add-on",
            ("industries", "industries add-on"),
            "seat",
            "employees",
            ("seats",),
            ("industries.usd",),
            _seat_plan("industries.usd"),
            covers="employees",
        ),
        Plan(
            "edition_sales",
            "Agentforce 1 Sales edition",
            ("sales edition", "edition sales", "max edition", "edition max", "agentforce 1 edition"),
            "seat",
            None,
            ("seats",),
            ("edition_sales.usd", *EDITION),
            _edition("edition_sales.usd"),
            covers="employees",
        ),
        Plan(
            "edition_service",
            "Agentforce 1 Service edition",
            ("service edition", "edition service"),
            "seat",
            None,
            ("seats",),
            ("edition_service.usd", *EDITION),
            _edition("edition_service.usd"),
            covers="employees",
        ),
        Plan(
            "edition_core",
            "Sales edition Core",
            ("core edition", "edition core"),
            "seat",
            "employees",
            ("seats",),
            ("edition_core.usd",),
            _seat_plan("edition_core.usd"),
            covers="employees",
        ),
        Plan(
            "edition_advanced",
            "Sales edition Advanced",
            ("advanced edition", "edition advanced"),
            "seat",
            "employees",
            ("seats",),
            ("edition_advanced.usd",),
            _seat_plan("edition_advanced.usd"),
            covers="employees",
        ),
        Plan(
            "user_license",
            "User Licence with credits",
            ("user licence", "user license"),
            "seat",
            "employees",
            ("seats", "actions"),
            ("user_license.usd", *FLEX),
            _user_license,
        ),
        Plan(
            "per_resolution",
            "Help Agent resolutions",
            ("resolutions", "resolution", "help agent"),
            "resolution",
            "customers",
            ("interactions",),
            ("resolution.credits", *FLEX),
            _per_resolution,
        ),
    )
}
