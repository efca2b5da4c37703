"""`portfolio`: the cheapest permitted plans of each org, read part by part with nothing skipped."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.answer.model import Answer
from core.errors import InputError, QuestionError
from core.language.grammar import print_question
from core.language.parser import parse
from core.pricing.credit_rates import Terms
from core.pricing.plans import offers
from core.pricing.portfolio import OrgUse, cheapest_choice, may_combine, one_plan_for_all
from core.pricing.price_book import prices_on
from core.pricing.quantities import Actions, Interactions, Seats
from core.pricing.workload import Workload
from core.warehouse.database import open_warehouse
from tests.fakes.small_wallet import SmallWallet

Priced = Callable[[str], Answer]
PRICES = prices_on(date(2026, 11, 21))
TWO = "portfolio org A: 10000 interactions 3 actions customers; org B: 200 users 1500 actions per user employees"


def value(answer: Answer, key: str) -> object:
    """Return the value of a figure."""
    return answer.figure(key).value


def uses() -> st.SearchStrategy[OrgUse]:
    """Return customers' or employees' usage of some size, with the plans offered for it."""
    sizes = st.tuples(st.integers(100, 20_000), st.integers(1, 40), st.integers(1, 400))

    def made(drawn: tuple[str, tuple[int, int, int]]) -> OrgUse:
        audience, (talks, each, seats) = drawn
        load = Workload(
            interactions_per_year=Interactions(Decimal(talks)),
            actions_per_year=Actions(Decimal(talks * each)),
            seats=Seats(Decimal(seats)) if audience == "employees" else None,
            audience=audience,  # type: ignore[arg-type]
        )
        offered, _ = offers(load, PRICES, Terms())
        return OrgUse("A", load.audience, tuple(offered))

    return st.tuples(st.sampled_from(["customers", "employees"]), sizes).map(made)


@settings(max_examples=60, deadline=None)
@given(st.lists(uses(), min_size=1, max_size=3))
def test_an_org_s_choice_is_the_cheapest_of_all_that_may_stand_together(org: list[OrgUse]) -> None:
    """No permitted combination of plans is cheaper."""
    every = product(*(use.offered for use in org))
    permitted = [
        sum((offer.usd_per_year for offer in found), Decimal(0))
        for found in every
        if may_combine([(use.audience, offer.plan) for use, offer in zip(org, found, strict=True)])
    ]
    choice = cheapest_choice(org)
    assert (choice.usd.count if choice else None) == min(permitted, default=None)


@settings(max_examples=30, deadline=None)
@given(st.lists(uses(), min_size=2, max_size=50))
def test_choosing_apart_is_never_dearer_than_one_plan_for_all(orgs: list[OrgUse]) -> None:
    """For up to fifty orgs, the sum of the cheapest is at most the cheapest sum."""
    apart = sum((use.offered[0].usd_per_year for use in orgs), Decimal(0))
    assert all(apart <= cost.count for _, cost in one_plan_for_all(orgs))


def test_each_org_is_priced_by_itself(priced: Priced) -> None:
    """A: 30,000 actions at $0.10 × 12 = $36,000. B: 200 × $125 × 12 = $300,000. Flex for all: $36,000 + $360,000."""
    answer = priced(TWO)
    assert value(answer, "portfolio_usd_per_year") == Decimal(336_000)
    assert (value(answer, "one_plan"), value(answer, "one_plan_usd_per_year")) == ("Flex Credits", Decimal(396_000))


def test_what_is_said_first_holds_for_all_orgs(priced: Priced) -> None:
    """25% off lowers A to $27,000; a part's own price takes precedence."""
    answer = priced("portfolio discount 25%; org A: 10000 interactions 3 actions; org B: 1000 interactions 5 actions discount 0%")
    costs = {row[0]: row[4] for row in answer.table("orgs").rows}
    assert costs == {"A": Decimal(27_000), "B": Decimal(6_000)}


def test_conversations_and_credits_do_not_stand_in_one_org(priced: Priced) -> None:
    """Conversations at $1.50 beside employees' credits are not offered; resolutions at $2 are, for $0.50 × 12,000 more."""
    answer = priced(
        "portfolio org A: 1000 interactions 30 actions customers $1.50 per conversation;"
        " org A: 100 interactions 3 actions employees; org B: 5 users"
    )
    chosen = {row[2] for row in answer.table("orgs").rows if str(row[0]).startswith("A,")}
    assert chosen == {"per_resolution", "flex_credits"}
    assert value(answer, "blend_saving_usd_per_year") == Decimal(6_000)


def test_blending_a_mix_is_priced_and_not_offered(priced: Priced) -> None:
    """400 of 1,000 interactions take 30 actions: as conversations they would save 400 × ($3 − $2) × 12."""
    answer = priced("portfolio org A: 1000 interactions 60% x 3, 40% x 30; org B: 100 interactions 3 actions")
    assert value(answer, "blend_saving_usd_per_year") == Decimal(4_800)
    assert any("is not offered" in note.text for note in answer.notes if note.kind == "warning")


def test_an_answer_asks_itself_again(priced: Priced) -> None:
    """The answer's own question gives the same answer, even with spaces in names."""
    answer = priced('portfolio 10% off; org "North America": 100 interactions 3 actions; org EMEA: 50 users employees')
    assert priced(answer.question) == answer


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(st.characters(categories=["L", "N"], include_characters=" _-.<>!*=+;:"), min_size=1, max_size=12)
        .map(str.strip)
        .filter(bool),
        min_size=2,
        max_size=5,
        unique=True,
    )
)
def test_orgs_of_any_name_are_read_back(names: list[str]) -> None:
    """A portfolio is the same after printing and reading, even with semicolons and colons in names."""
    text = "portfolio " + "; ".join(f'org "{name}" 100 interactions 3 actions' for name in names)
    question = parse(text)
    assert [part.org for part in question.parts] == names
    assert parse(print_question(question)) == question


@pytest.mark.parametrize(
    ("text", "marked", "reason"),
    [
        ("portfolio org A: 100 interactions 3 actions; org B: 200 usres", "usres", "I don't know"),
        ("portfolio org A: 100 interactions 3 actoins; org B: 200 users", "actoins", "I don't know"),
        ("portfolio org A: 100 interactions 3 actions; 200 users", "200 users", "needs its org first"),
        ("portfolio org A: 100 interactions 3 actions;; org B: 5 users", ";", "There is nothing"),
        ("portfolio org A: 100 interactions; org B: 5 users", "org A: 100 interactions", "needs a workload"),
        ("portfolio org A: 5 users; org A: 6 users", "org A: 6 users", "Two values for one thing"),
        ("portfolio org A: 5 users org B: 6 users", "org B:", "Two values for one thing"),
        ("portfolio 5 users; org B: 6 users; org C: 7 users", "5 users", "needs its org first"),
    ],
)
def test_errors_mark_the_place_in_the_whole_text(text: str, marked: str, reason: str) -> None:
    """The wrong part is marked by its position in the whole text, which is echoed in full."""
    with pytest.raises(QuestionError) as caught:
        parse(text)
    assert text[caught.value.start : caught.value.end] == marked
    assert reason in caught.value.reason
    assert caught.value.question == text


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("portfolio org A: 5 users; org B: 6 usres", "portfolio org A: 5 users; org B: 6 users"),
        ("portfolio org A 5 users org B 6 users", "portfolio org A 5 users ; org B 6 users"),
    ],
)
def test_a_bad_part_is_repaired_where_it_stands(text: str, suggestion: str) -> None:
    """A suggestion is the whole portfolio with that part corrected."""
    with pytest.raises(QuestionError) as caught:
        parse(text)
    assert suggestion in caught.value.suggestions


def test_one_org_is_no_portfolio() -> None:
    """The refusal says that another org is missing."""
    with pytest.raises(QuestionError, match="two orgs or more"):
        parse("portfolio org A: 5 users")


def test_the_wallet_s_orgs_are_its_own_portfolio() -> None:
    """28 days with 20 and 40 actions a day in two orgs, at $0.10: 60 × 365 actions a year together."""
    rows = [
        {
            "eventtime__c": f"2026-10-{day:02}T10:00:00.000Z",
            "processedtime__c": f"2026-10-{day:02}T11:00:00.000Z",
            "usagereportingorgid__c": org,
            "unitsconsumed__c": actions * 20,
            "usagevalue__c": actions,
        }
        for day in range(1, 32)
        for org, actions in (("EMEA", 20), ("AMER", 40))
    ]
    with open_warehouse(Path("other.duckdb")) as warehouse:
        answer = SmallWallet(warehouse, Path()).events(*rows).ask("portfolio")
    assert {row[0]: row[4] for row in answer.table("orgs").rows} == {"EMEA": Decimal(730), "AMER": Decimal(1_460)}


def test_a_wallet_of_one_org_says_what_to_name(wallet_of: Callable[[int], SmallWallet]) -> None:
    """A single org in the exports is no portfolio, and the refusal shows how to write one."""
    with pytest.raises(InputError, match="portfolio org A"):
        wallet_of(40).ask("portfolio")


def test_one_block_for_all_orgs_is_rounded_up_once(priced: Priced) -> None:
    """36,000 and 42,000 actions are 1,560,000 credits: 16 packs together, $8,000, not 8 and 9."""
    answer = priced("portfolio org A: 1000 interactions 3 actions; org B: 500 interactions 7 actions")
    costs = {row[0]: row[2] for row in answer.table("one_plan").rows}
    assert costs["flex_pre_purchase"] == Decimal(8_000)
