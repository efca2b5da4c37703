"""Ranges: both ends are those of the questions about either, and where the plan changes between them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.answer.model import Answer
from core.config.loader import Config
from core.context import Context
from core.errors import QuestionError
from core.language.parser import parse
from core.questions.asking import ask
from tests.core.conftest import no_warehouse

Asked = Callable[..., Answer]


def value(answer: Answer, key: str) -> object:
    """Return a figure of an answer."""
    return answer.figure(key).value


def test_both_ends_are_answered(asked: Asked) -> None:
    """10,000 interactions of 3 to 5 actions at $0.10: $3,000 to $5,000 a month, $36,000 to $60,000 a year."""
    answer = asked("compare 10000 interactions 3 actions to 5 actions")
    assert [value(answer, f"usd_per_{period}_{end}") for period in ("month", "year") for end in ("from", "to")] == [
        Decimal(3_000),
        Decimal(5_000),
        Decimal(36_000),
        Decimal(60_000),
    ]
    assert answer.headline == "Flex Credits: $36,000 to $60,000 a year, $3,000 to $5,000 a month, the cheapest throughout."


def test_where_the_plan_changes_is_told(asked: Asked) -> None:
    """A conversation of $2.00 costs as much as 20 actions of $0.10: from there on conversations are the cheapest."""
    answer = asked("compare 10000 interactions 15 actions to 25 actions")
    assert (value(answer, "plan_changes_at_actions"), value(answer, "cheapest_plan_to")) == (Decimal(20), "Conversations")
    assert "From 20 actions on, Conversations is the cheapest." in [note.text for note in answer.notes]


def test_people_come_whole(asked: Asked) -> None:
    """55,000 actions cost $5,500, as much as 44 seats of $125: 43 seats are the last that are cheaper."""
    answer = asked("compare 40 users to 50 users 55000 actions per month only flex, add-on")
    assert (value(answer, "plan_changes_at_users"), value(answer, "cheapest_plan_to")) == (Decimal(44), "Flex Credits")


def test_of_two_ranges_every_end_is_shown(asked: Asked) -> None:
    """1,000 to 2,000 interactions of 3 to 5 actions: $300, $500, $600 and $1,000 a month."""
    answer = asked("compare 1000 interactions to 2000 interactions 3 actions to 5 actions")
    assert [row[2] for row in answer.table("ends").rows] == [Decimal(300), Decimal(500), Decimal(600), Decimal(1_000)]


def test_a_price_has_two_ends(asked: Asked) -> None:
    """What flex costs for 3 to 5 actions is priced at both."""
    answer = asked("price flex 1000 interactions 3 actions to 5 actions")
    assert [row[3] for row in answer.table("ends").rows] == [Decimal(3_600), Decimal(6_000)]


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from(["compare", "recommend"]))
def test_the_ends_are_those_of_the_plain_questions(low: int, more: int, command: str) -> None:
    """Whatever the range, its ends cost what the two questions about them say, also where the plan changes."""
    context = Context(date(2026, 11, 21), Config(), no_warehouse)
    ranged = ask(f"{command} 500 interactions {low} actions to {low + more} actions", context)
    for end, actions in (("from", low), ("to", low + more)):
        single = ask(f"{command} 500 interactions {actions} actions", context)
        assert value(ranged, f"usd_per_year_{end}") == value(single, "usd_per_year")


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 30), st.integers(1, 30))
def test_a_change_is_the_first_place_of_the_new_plan(low: int, more: int) -> None:
    """A hundredth of an action before it another plan was the cheapest."""
    context = Context(date(2026, 11, 21), Config(), no_warehouse)
    ranged = ask(f"compare 500 interactions {low} actions to {low + more} actions only flex, conversations", context)
    change = next((figure.value for figure in ranged.figures if figure.key == "plan_changes_at_actions"), None)
    if isinstance(change, Decimal):
        before, after = (
            value(ask(f"compare 500 interactions {at} actions only flex, conversations", context), "cheapest_plan")
            for at in (change - Decimal("0.01"), change)
        )
        assert (before, after) == (value(ranged, "cheapest_plan_from"), value(ranged, "cheapest_plan_to"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("compare 10000 interactions 5 actions to 3 actions", "from less to more"),
        ("compare 10000 interactions 5 actions to 5 actions", "from less to more"),
        ("compare 10000 interactions 3 actions to 60000 actions per month", "from less to more"),
        ("compare 10000 interactions to 5 actions", "needs both its ends"),
        ("breakeven 3 actions to 5 actions", "has no place"),
    ],
)
def test_what_is_no_range_is_refused(text: str, reason: str) -> None:
    """A range has two ends of the same kind, the smaller first."""
    with pytest.raises(QuestionError, match=reason):
        parse(text)
