"""A plan is one record: its words, its seats and the discount's base derive from it."""

from __future__ import annotations

import pytest

from core.language.grammar import print_question
from core.language.parser import parse
from core.language.vocabulary import OFFERED
from core.pricing.plans import PLANS
from core.pricing.price_book import items
from core.questions.pricing.break_even import SEAT_ITEMS
from sheets_addin.compare.plan_formulas import PLAN_FORMULAS


@pytest.mark.parametrize(("key", "word"), [(key, word) for key, plan in PLANS.items() for word in plan.words])
def test_every_word_of_a_plan_asks_for_it(key: str, word: str) -> None:
    """With any of a plan's words, the comparison is limited to that plan, and prints its usual word."""
    question = parse(f"compare 100 users 10000 interactions 3 actions only {word}")
    assert question.only == (key,)
    assert f"only {PLANS[key].words[0]}" in print_question(question)


def test_a_word_means_one_plan() -> None:
    """No two plans share a word."""
    words = [word for plan in PLANS.values() for word in plan.words]
    assert len(words) == len({*words})
    assert {key: plan.words for key, plan in PLANS.items()} == OFFERED


def test_what_a_plan_rests_on_is_in_the_price_book() -> None:
    """Each item that a plan names has a label and a unit."""
    assert {item for plan in PLANS.values() for item in plan.items} <= {*items()}


def test_a_seat_that_is_unmetered_can_be_held_against_credits() -> None:
    """`breakeven` supports each plan whose seats cover a user's usage, at that plan's seat price."""
    covering = {key: plan.items[0] for key, plan in PLANS.items() if plan.covers}
    assert {key: item for key, item in SEAT_ITEMS.items() if key} == covering
    assert all(item.endswith(".usd") for item in covering.values())


def test_each_plan_has_its_formula() -> None:
    """The workbook prices the same plans as core, in the same order."""
    assert list(PLAN_FORMULAS) == list(PLANS)
