"""The cost of a year under each plan, and who may buy it."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pricing.credit_rates import Order, Terms, knows_payg, pack_rate
from core.pricing.plans import GUIDE, NO_CREDITS, NOT_SAID, PLANS, Offer, missing_price, offers, whole_packs, year_usd
from core.pricing.portfolio import may_combine
from core.pricing.price_book import ContractPrices, prices_on
from core.pricing.purchase import Demand
from core.pricing.quantities import Actions, Credits, Interactions, Seats, Usd, UsdPerCredit
from core.pricing.seat_mix import ways_to_buy
from core.pricing.workload import Audience, Workload, YearOfUse, count_billed_actions, months_worth, year_of_use
from core.pricing.year_projection import YearProjection, cheapest, years_under_plans

TODAY, EARLY_2026 = date(2026, 11, 21), date(2026, 1, 31)
LIST = prices_on(TODAY)
MIXED = Workload(Interactions(Decimal(120_000)), Actions(Decimal(636_000)), Seats(Decimal(50)))


def priced(
    workload: Workload = MIXED, terms: Terms | None = None, day: date = TODAY, contract: dict[str, str] | None = None
) -> dict[str, Offer]:
    """Return a workload's offers by plan."""
    agreed = ContractPrices({item: Decimal(value) for item, value in (contract or {}).items()})
    offered, _ = offers(workload, prices_on(day, agreed), terms or Terms())
    return {offer.plan.key: offer for offer in offered}


def refused(workload: Workload, day: date = TODAY) -> dict[str, str]:
    """Return why plans are not offered, by plan."""
    return {one.plan.key: one.reason for one in offers(workload, prices_on(day), Terms())[1]}


def test_whole_packs_are_bought_ahead() -> None:
    """12,720,000 credits a year are 127.2 packs, so 128 are billed."""
    assert priced()["flex_pre_purchase"].usd_per_year == 128 * 500


def test_packs_bought_ahead_are_paid_though_volume_halves() -> None:
    """Use it or lose it: half the usage costs the whole block."""
    assert priced()["flex_pre_purchase"].if_halved.count == 128 * 500


def test_use_beyond_the_packs_is_overage() -> None:
    """Twice the usage costs the block plus the contract's overage beyond it: 12,640,000 credits at 0.6 cents."""
    offer = priced(contract={"overage.usd_per_action": "0.12"})["flex_pre_purchase"]
    assert offer.if_doubled.count == 128 * 500 + (2 * 12_720_000 - 12_800_000) * Decimal("0.006")


def test_a_commitment_is_owed_though_volume_halves() -> None:
    """Under pre-commit the shortfall is owed: half the usage costs the whole committed year."""
    offer = priced(contract={"precommit.usd_per_action": "0.11"})["flex_pre_commit"]
    assert offer.if_halved.count == offer.usd_per_year == 12_720_000 * Decimal("0.0055")


def test_precommit_is_assumed_half_way_to_pay_as_you_go() -> None:
    """The pre-commit price is not published: it is assumed halfway between pre-purchase and pay-as-you-go."""
    found = priced(contract={"payg.usd_per_action": "0.14"})
    assert (
        found["flex_pre_commit"].usd_per_year
        == (found["flex_credits"].usd_per_year + found["flex_pay_as_you_go"].usd_per_year) / 2
    )


def test_a_year_that_was_said_loses_no_digit() -> None:
    """100,000 interactions a year with 5 actions are 10,000,000 credits: 100 packs, not one more because of a lost digit."""
    workload = Workload(Interactions(Decimal(100_000)), Actions(Decimal(500_000)))
    assert priced(workload)["flex_pre_purchase"].usd_per_year == 100 * 500


def test_growth_counts_also_before_credits_had_a_price() -> None:
    """In February 2025 there were only conversations, and twelve growing months cost more than twelve equal ones."""
    workload = Workload(Interactions(Decimal(12_000)), growth=Decimal("0.05"))
    months = sum(Decimal("1.05") ** month for month in range(12))
    assert priced(workload, day=date(2025, 2, 1))["per_conversation"].usd_per_year == 1_000 * months * 2


def test_before_credits_had_a_price_that_is_the_reason() -> None:
    """Flex Credits on a day before they existed are refused because of the missing price, not because of missing actions."""
    assert "15 May 2025" in refused(MIXED, date(2025, 2, 1))["flex_credits"]


def test_pay_as_you_go_has_a_published_range() -> None:
    """Pre-purchase saves 20 to 35 % against pay-as-you-go, so an action costs $0.125 to $0.154."""
    cost = priced()["flex_pay_as_you_go"].cost
    actions = 53_000 * 12
    assert (round(cost.low.count / actions, 3), round(cost.high.count / actions, 3)) == (Decimal("0.125"), Decimal("0.154"))


def test_a_discount_is_for_commitments_only() -> None:
    """25 % off makes credits a quarter cheaper and leaves pay-as-you-go, conversations and seats as they are."""
    full, less = priced(), priced(terms=Terms(discount=Decimal("0.25")))
    changed = {key for key in full if full[key].usd_per_year != less[key].usd_per_year}
    assert changed == {
        "flex_credits",
        "flex_pre_purchase",
        "flex_pre_commit",
        "user_license",
        "per_resolution",
        "edition_sales",
        "edition_service",
    }


def test_an_edition_brings_credits_with_it() -> None:
    """An edition costs 50 seats at $550, plus the credits beyond the included 2,750,000 at half a cent."""
    assert priced()["edition_sales"].usd_per_year == 50 * 550 * 12 + (12_720_000 - 2_750_000) * Decimal("0.005")


def test_an_edition_without_much_use_costs_its_seats() -> None:
    """Within the included credits an edition costs only its seats."""
    light = Workload(Interactions(Decimal(1_200)), Actions(Decimal(3_600)), Seats(Decimal(50)))
    assert priced(light)["edition_service"].usd_per_year == 50 * 550 * 12


def test_the_user_licence_needs_credits_besides() -> None:
    """The user licence costs $5 per user, and every action is metered."""
    assert priced()["user_license"].usd_per_year == 50 * 5 * 12 + 12_720_000 * Decimal("0.005")


def test_resolutions_cost_400_credits_each() -> None:
    """Half of 120,000 interactions are resolved, at 400 credits of half a cent each."""
    half = Workload(Interactions(Decimal(120_000)), Actions(Decimal(636_000)), resolved_share=Decimal("0.5"))
    assert priced(half)["per_resolution"].usd_per_year == 60_000 * 400 * Decimal("0.005")


def test_offers_come_cheapest_first() -> None:
    """The year's cost never decreases from one offer to the next."""
    costs = [offer.usd_per_year for offer in priced().values()]
    assert all(one <= other for one, other in pairwise(costs))


def test_conversations_are_not_for_employees() -> None:
    """An employee-facing workload cannot buy conversations or resolutions."""
    found = refused(Workload(MIXED.interactions_per_year, MIXED.actions_per_year, MIXED.seats, audience="employees"))
    assert found.keys() >= {"per_conversation", "per_resolution"}
    assert {PLANS[key].audience for key in found} == {"customers"}


def test_seats_are_not_for_customers() -> None:
    """A customer-facing workload cannot buy the employee licences."""
    found = refused(Workload(MIXED.interactions_per_year, MIXED.actions_per_year, MIXED.seats, audience="customers"))
    assert found.keys() >= {"per_user_add_on", "per_user_industries", "edition_core", "edition_advanced", "user_license"}
    assert {PLANS[key].audience for key in found} == {"employees"}


def test_what_is_not_known_is_not_priced() -> None:
    """Without a number of users no seat is priced, and the reason says what to add."""
    found = refused(Workload(MIXED.interactions_per_year, MIXED.actions_per_year))
    assert "add `50 users`" in found["per_user_add_on"]


def test_a_plan_without_a_price_that_day_is_not_offered() -> None:
    """Resolutions had no price in January 2026."""
    assert "26 Jun 2026" in refused(MIXED, EARLY_2026)["per_resolution"]


@given(
    st.sampled_from(["customers", "employees", None]),
    st.sets(st.sampled_from(["interactions_per_year", "actions_per_year", "seats"])),
)
def test_every_plan_is_either_offered_or_refused(audience: str | None, known: set[str]) -> None:
    """Every plan is in exactly one of the two lists, whatever is known about the workload."""
    values = {name: getattr(MIXED, name) for name in known}
    workload = Workload(**values, audience=audience)  # type: ignore[arg-type]  # a literal
    offered, out = offers(workload, LIST, Terms())
    assert sorted([o.plan.key for o in offered] + [r.plan.key for r in out]) == sorted(PLANS)


@pytest.mark.parametrize(("tokens", "actions"), [(None, 1), (1, 1), (10_000, 1), (10_001, 2), (20_000, 2), (20_001, 3)])
def test_an_action_covers_ten_thousand_tokens(tokens: int | None, actions: int) -> None:
    """Every started 10,000 tokens are billed as an action: 20,001 tokens are three."""
    assert count_billed_actions(tokens, Decimal(10_000)) == actions


def test_sandbox_and_voice_are_weighed_in() -> None:
    """A tenth in a sandbox and a fifth by voice cost 0.8 × (0.9 × 20 + 0.1 × 16) + 0.2 × (0.9 × 30 + 0.1 × 24) credits."""
    workload = Workload(actions_per_year=Actions(Decimal(12_000)), sandbox_share=Decimal("0.1"), voice_share=Decimal("0.2"))
    each = Decimal("0.8") * Decimal("19.6") + Decimal("0.2") * Decimal("29.4")
    assert year_of_use(workload, LIST).credits == Credits(12_000 * each)


def test_credits_that_a_wallet_counted_lose_no_digit() -> None:
    """10 credits for 3 actions stay 10, although a third of them is a recurring decimal."""
    counted = Workload(actions_per_year=Actions(Decimal(3)), counted_credits_per_year=Credits(Decimal(10)))
    assert year_of_use(counted, LIST).credits == Credits(Decimal(10))


def test_growth_compounds_by_the_month() -> None:
    """At 5 % a month the year is worth the sum of the twelve powers of 1.05."""
    assert months_worth(Decimal("0.05")) == sum(Decimal("1.05") ** month for month in range(12))


@given(st.integers(0, 10**12))
def test_whole_packs_hold_the_credits_and_no_pack_more(count: int) -> None:
    """The purchased packs cover the credits, and one pack fewer would not."""
    packs = whole_packs(Credits(Decimal(count)), Credits(Decimal(100_000)))
    assert (packs - 1) * 100_000 < count <= packs * 100_000


@given(st.integers(1, 10**9), st.integers(1, 1000))
def test_use_without_commitment_costs_double_when_it_doubles(interactions: int, each: int) -> None:
    """Flex Credits, conversations and pay-as-you-go follow the volume; seats do not."""
    workload = Workload(Interactions(Decimal(interactions)), Actions(Decimal(interactions * each)), Seats(Decimal(10)))
    found = priced(workload)
    assert [found[key].if_doubled for key in ("flex_credits", "per_conversation")] == [
        found[key].cost.assumed * 2 for key in ("flex_credits", "per_conversation")
    ]
    assert found["per_user_add_on"].if_doubled == found["per_user_add_on"].cost.assumed


@pytest.mark.parametrize(
    ("audience", "plan", "told"),
    [
        ("employees", "per_conversation", "for customer-facing use only, and this workload serves employees"),
        ("customers", "per_user_add_on", "for employees only, and this workload serves customers"),
    ],
)
def test_a_plan_for_others_says_for_whom(audience: Audience, plan: str, told: str) -> None:
    """The reason says whom the plan is for, and whom the workload serves."""
    assert refused(MIXED._replace(audience=audience))[plan] == told


def test_only_a_published_price_that_is_not_in_force_is_missed() -> None:
    """Before its first day a published price counts as missing; a contract-only price never does."""
    flex, before = PLANS["flex_credits"], date(2025, 1, 1)
    missed = [missing_price(flex, prices_on(day)) for day in (TODAY, before)]
    assert (missed[0], "2025" in str(missed[1])) == (None, True)
    assert missing_price(PLANS["flex_pre_commit"], LIST) is None


def test_what_cannot_be_bought_says_who_says_so() -> None:
    """A plan's audience cites the guide as its source; a missing driver cites nobody."""
    _, out = offers(Workload(Interactions(Decimal(12)), audience="employees"), LIST, Terms())
    sources = {one.plan.key: one.source for one in out}
    assert (sources["per_conversation"], sources["per_user_add_on"]) == (GUIDE, NOT_SAID)


def test_a_workload_without_people_pays_for_no_seat() -> None:
    """An edition meters the usage of a workload without users: there is no seat to pay for."""
    use = year_of_use(MIXED._replace(seats=Seats(Decimal(0))), LIST)
    assert year_usd(PLANS["per_user_add_on"], use, use, LIST, Terms(), "employees") == Usd(Decimal(0))


@pytest.mark.parametrize(
    ("contract", "terms"),
    [({"precommit.usd_per_action": "0.11"}, Terms()), ({}, Terms(usd_per_action=Decimal("0.11"), buying="precommit"))],
)
def test_an_agreed_commitment_is_a_way_to_buy(contract: dict[str, str], terms: Terms) -> None:
    """If pay-as-you-go has no price, a commitment has the agreed one: 11 cents for 20 credits."""
    agreed = ContractPrices({item: Decimal(value) for item, value in contract.items()})
    prices = prices_on(TODAY, agreed)
    without = prices._replace(list_rows={item: row for item, row in prices.list_rows.items() if item != "payg.saving_percent"})
    assert knows_payg(prices, Terms())
    assert not knows_payg(without, terms)
    assert Order(NO_CREDITS, UsdPerCredit(Decimal("0.0055"))) in ways_to_buy(without, terms)


@pytest.mark.parametrize("resolutions", [0, 6_000])
def test_the_expected_cost_follows_resolutions(resolutions: int) -> None:
    """Over two scenarios the expected cost is the mean of both, each with its resolutions; the cheapest families are named."""
    use = YearOfUse(
        Interactions(Decimal(12_000)),
        Interactions(Decimal(resolutions)),
        Actions(Decimal(60_000)),
        Credits(Decimal(1_200_000)),
        None,
    )
    futures = [Decimal(600_000), Decimal(4_800_000)]
    ahead = YearProjection(Demand(futures), futures[0], futures[1])
    years, _ = years_under_plans(use, ahead, "customers", LIST, Terms())
    for year in years:
        costs = [year_usd(year.plan, use.times(end / 1_200_000), use, LIST, Terms(), "customers") for end in futures]
        assert (year.low, year.high, year.expected) == (*costs, Usd((costs[0].count + costs[1].count) / 2))
    ends = [min(years, key=attrgetter(end)).plan.family for end in ("low", "high")]
    assert cheapest(years) == {years[0].plan.family, *ends}


def test_the_sum_of_credits_is_written_out() -> None:
    """Packs, overage and a commitment are shown with their prices; a plan also says how far it is below conversations."""
    found = priced(contract={"precommit.usd_per_action": "0.11"})
    assert found["flex_credits"].cost.sum() == "12,720,000 credits × $0.005 = $63,600.00 a year"
    assert found["flex_pre_purchase"].cost.sum() == "128 packs × $500.00 = $64,000.00 a year"
    assert found["flex_pre_commit"].cost.sum() == "12,720,000 credits × $0.0055 = $69,960.00 a year"
    assert found["flex_credits"].percent_below_conversation == (1 - Decimal(63_600) / 240_000) * 100


def test_a_price_of_the_question_s_own_goes_before_the_list_s() -> None:
    """The question's price per action is the rate of a credit times twenty; at the list price a pack costs $500."""
    assert pack_rate(LIST, Terms(usd_per_action=Decimal("0.08"))) == UsdPerCredit(Decimal("0.004"))
    assert pack_rate(LIST, Terms()) == UsdPerCredit(Decimal("0.005"))


def test_counted_credits_are_billed_as_often_as_actions() -> None:
    """An action of 20,001 tokens is billed as three, whatever a wallet counted for one."""
    load = Workload(
        actions_per_year=Actions(Decimal(100)), tokens_per_action=20_001, counted_credits_per_year=Credits(Decimal(1_500))
    )
    assert year_of_use(load, LIST).credits == Credits(Decimal(4_500))


def test_seats_are_for_all_employees_of_an_org_or_for_none() -> None:
    """If some employees have seats, others cannot buy credits; customers' credits are not affected."""
    seats, flex = PLANS["per_user_add_on"], PLANS["flex_credits"]
    assert not may_combine([("employees", seats), ("employees", flex)])
    assert may_combine([("employees", seats), ("employees", seats), ("customers", flex)])
    assert not may_combine([("customers", PLANS["per_conversation"]), ("employees", flex)])
