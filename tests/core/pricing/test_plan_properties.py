"""Invariants of plans, mixes, asks and tiers for any usage, contract and prices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from core.config.loader import Config, Contract
from core.context import Context
from core.pricing.credit_rates import Order, Terms
from core.pricing.negotiation import Position, SandboxUse, value_asks
from core.pricing.plans import PLANS, Case, cheapest_seat, offers, offers_of_year, year_cost
from core.pricing.price_book import ContractPrices, prices_on
from core.pricing.quantities import Actions, Credits, Interactions, Seats, Usd
from core.pricing.seat_mix import cheapest_mix, ways_to_buy
from core.pricing.volume_tiers import VolumeTier
from core.pricing.workload import Workload, YearOfUse
from core.questions.asking import ask

TODAY = date(2026, 11, 21)
LIST = prices_on(TODAY)
QUICK = settings(max_examples=100, deadline=None)
FEW = settings(max_examples=25, deadline=None)
TIERS = (VolumeTier(10, Decimal(450)), VolumeTier(50, Decimal(400)), VolumeTier(200, Decimal(325)))


def dollars(least: int, most: int) -> st.SearchStrategy[Decimal]:
    """Return whole dollars."""
    return st.integers(least, most).map(Decimal)


@st.composite
def some_terms(draw: st.DrawFn) -> Terms:
    """Return terms with tiers, a discount, and a price for one way to buy."""
    sizes = draw(st.lists(st.integers(1, 400), max_size=3, unique=True))
    tiers = tuple(VolumeTier(size, draw(dollars(100, 600))) for size in sorted(sizes))
    buying = draw(st.sampled_from([None, "prepurchase", "precommit", "payg"]))
    price = draw(st.none() | st.integers(2, 40).map(lambda cents: Decimal(cents) / 100))
    discount = Decimal(draw(st.integers(0, 60))) / 100
    return Terms(discount=discount, buying=buying, usd_per_action=price, tiers=tiers)  # type: ignore[arg-type]  # a literal


def year_of(credits_used: int, people: int = 50) -> YearOfUse:
    """Return a year with a number of credits, in interactions of 100 credits each."""
    talks = Interactions(Decimal(credits_used) / 100)
    return YearOfUse(talks, talks, Actions(Decimal(credits_used) / 20), Credits(Decimal(credits_used)), Seats(Decimal(people)))


amounts = st.integers(0, 60_000_000) | st.integers(0, 400).map(lambda packs: packs * 100_000)


@QUICK
@given(amounts, amounts, some_terms(), st.sampled_from([None, "customers", "employees"]))
def test_more_use_never_costs_less(one: int, other: int, terms: Terms, audience: str | None) -> None:
    """More usage never costs less, planned or not, under every plan: reaching a tier does not undercut a smaller usage."""
    less, more = sorted((one, other))
    for plan in PLANS.values():
        costs = [
            [
                year_cost(plan, Case(use, planned, LIST, terms, audience)).assumed.count  # type: ignore[arg-type]  # a literal
                for use, planned in ((year_of(used), year_of(used)), (year_of(used), year_of(less)))
            ]
            for used in (less, more)
        ]
        assert costs[0][0] <= costs[1][0], plan.key
        assert costs[0][1] <= costs[1][1], plan.key


@QUICK
@given(amounts, amounts, some_terms())
def test_what_seats_cover_costs_the_same_however_much_it_is(one: int, other: int, terms: Terms) -> None:
    """Employees' usage under add-ons and editions costs only the seats. Customers' usage burns credits under an edition."""
    covering = [plan for plan in PLANS.values() if not plan.meters("employees")]
    assert {plan.key for plan in covering} >= {"per_user_add_on", "per_user_industries", "edition_sales", "edition_service"}
    for plan in covering:
        costs = {year_cost(plan, Case(year_of(used), year_of(used), LIST, terms, "employees")).assumed for used in (one, other)}
        assert len(costs) == 1
    edition = PLANS["edition_sales"]
    assert edition.meters("customers")
    assert edition.meters(None)


@QUICK
@given(st.lists(st.integers(0, 3_000_000), min_size=1, max_size=30), some_terms(), st.none() | dollars(20, 300))
def test_a_mix_is_never_dearer_than_the_best_plan_for_all(used: list[int], terms: Terms, seat: Decimal | None) -> None:
    """The mix has the cheapest number of seats: it never costs more than seats for all, credits for all, or any other number."""
    terms = terms._replace(usd_per_seat=seat)
    biggest_first = [Credits(Decimal(one)) for one in sorted(used, reverse=True)]
    price, ways = cheapest_seat("employees", LIST, terms) * 12, ways_to_buy(LIST, terms)
    mix = cheapest_mix(biggest_first, price, ways)
    every = [_mixed_by_hand(biggest_first, seats, price, ways) for seats in range(len(used) + 1)]
    assert (mix.cost.count, mix.seats) == (min(every), every.index(min(every)))
    offered, _ = offers_of_year(year_of(sum(used), len(used)), "employees", LIST, terms)
    assert mix.cost.count <= offered[0].usd_per_year


def _mixed_by_hand(used: list[Credits], seats: int, price: Usd, ways: list[Order]) -> Decimal:
    left = sum((one.count for one in used[seats:]), Decimal(0))
    return price.count * seats + (min(max(left, way.credits.count) * way.rate.usd for way in ways) if left else 0)


@QUICK
@given(st.lists(st.integers(0, 200_000), min_size=1, max_size=30), st.integers(50, 400))
def test_a_seat_is_for_whom_credits_would_cost_more(used: list[int], price: int) -> None:
    """At a single rate, seats go to exactly the people whose own usage costs more than a seat, whatever their actions."""
    biggest_first = [Credits(Decimal(one)) for one in sorted(used, reverse=True)]
    rate = ways_to_buy(LIST, Terms())[0]
    mix = cheapest_mix(biggest_first, Usd(Decimal(price)), [rate])
    assert mix.seats == sum(1 for one in used if Decimal(one) * Decimal("0.005") > price)


@QUICK
@given(
    st.integers(1, 60_000_000),
    st.lists(st.tuples(st.integers(1, 100_000), st.integers(1, 40)), max_size=2),
    st.none() | st.integers(0, 10**9),
    st.integers(0, 2_000),
    some_terms(),
)
def test_no_ask_is_worth_more_than_what_it_is_of(
    used: int, sandbox: list[tuple[int, int]], unused: int | None, seats: int, terms: Terms
) -> None:
    """Low, usual and high of every ask lie between zero and its base: spend, unused credits, sandbox usage or seats."""
    kinds = tuple(SandboxUse("actions", Decimal(count), Credits(Decimal(count * each)), Decimal(20)) for count, each in sandbox)
    left = None if unused is None else Credits(Decimal(unused))
    for worth in value_asks(Position(Credits(Decimal(used)), kinds, left, Seats(Decimal(seats)), LIST, terms)):
        assert Decimal(0) <= worth.low.count <= worth.usual.count <= worth.high.count, worth.ask.key
        assert worth.high.count <= worth.of.count + Decimal("1e-9"), worth.ask.key


@FEW
@given(st.integers(1, 200_000), st.integers(1, 12))
def test_tiers_give_one_figure_in_every_answer(interactions: int, each: int) -> None:
    """Compare, price, tco and negotiate agree on Flex Credits; plan purchase never costs more than whole packs."""
    context = Context(TODAY, Config(contract=Contract(volume_tiers=TIERS)), lambda: None)  # type: ignore[arg-type, return-value]
    use = f"{interactions} interactions {each} actions"

    def figure(text: str, key: str) -> Decimal:
        return Decimal(str(ask(text, context).figure(key).value))

    compared = {row[0]: row[3] for row in ask(f"compare {use}", context).table("plans").rows}
    flex = figure(f"price flex {use}", "usd_per_year")
    assert {compared["flex_credits"], figure(f"tco {use}", "ai_usd_per_year"), figure(f"negotiate {use}", "ai_usd_per_year")} == {
        flex
    }
    assert figure(f"plan purchase {use}", "expected_usd") <= compared["flex_pre_purchase"]  # type: ignore[operator]  # dollars


def test_every_plan_of_a_workload_is_priced_by_the_one_function() -> None:
    """The costs in `offers` equal `year_cost` of the same year, for each audience."""
    workload = Workload(Interactions(Decimal(120_000)), Actions(Decimal(636_000)), Seats(Decimal(50)), audience="employees")
    agreed = prices_on(TODAY, ContractPrices({"edition.credits": Decimal(1_000)}))
    offered, _ = offers(workload, agreed, Terms())
    by_plan = {offer.plan.key: offer.usd_per_year for offer in offered}
    assert by_plan["edition_sales"] == 50 * 550 * 12
    assert by_plan["flex_credits"] == 636_000 * 20 * Decimal("0.005")
