from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.language.parser import parse
from core.pricing import break_even
from core.pricing.plans import usd_per_conversation
from core.pricing.quantities import Seats, Usd
from core.questions import from_question
from sheets_addin.compare.workbook import workbook_for
from tests.tools.recalculate import by_ironcalc, one, write_uncomputed
from tests.tools.scenarios import asked_on

if TYPE_CHECKING:
    from pathlib import Path

    from core.language.question import Question
    from core.pricing.break_even import ActionPrice
    from sheets_addin.workbook.model import Workbook
    from tests.tools.recalculate import Values

ASKED = (
    "breakeven 200 users",
    "breakeven 200 users payg",
    "breakeven 50 users precommit discount 25%",
    "breakeven 10 users 3 actions voice 20% sandbox 10% 25000 tokens per action",
    "breakeven 40 users $0.08 per action $1.80 per conversation $110 per seat",
)
CONTEXT = asked_on(date(2026, 11, 21))


def computed(asked: str, folder: Path) -> tuple[Question, Workbook, Values]:
    """Return the question, its workbook, and the workbook's cells as computed by ironcalc."""
    question, file = parse(asked), folder / "break_even.xlsx"
    workbook = workbook_for(question, CONTEXT)
    write_uncomputed(workbook, file)
    return question, workbook, by_ironcalc(file)


def action_price(question: Question) -> ActionPrice:
    """Return core's price of an action."""
    return break_even.action_price(from_question.workload(question), CONTEXT.prices, from_question.terms(question, CONTEXT))


@pytest.mark.parametrize("asked", ASKED)
def test_conversations_and_credits_meet_where_core_says(tmp_path: Path, asked: str) -> None:
    """The number of actions per interaction at break-even, and both ends of an assumed price, are core's."""
    question, workbook, values = computed(asked, tmp_path)
    price, conversation = (
        action_price(question),
        Usd(usd_per_conversation(CONTEXT.prices, from_question.terms(question, CONTEXT))),
    )
    ends = {"_low": price.high, "": price.assumed, "_high": price.low}
    wanted = {f"meeting_actions{end}": float(conversation / at) for end, at in ends.items()}
    assert {name: one(values, workbook, name) for name in wanted} == pytest.approx(wanted)


@pytest.mark.parametrize("asked", ASKED)
def test_seats_cost_as_much_as_the_use_that_core_says(tmp_path: Path, asked: str) -> None:
    """The cost of the seats, and how many actions and conversations cost as much, are core's."""
    question, workbook, values = computed(asked, tmp_path)
    users = Seats(question.users or Decimal(0))
    seats = break_even.seat_break_even(
        users, action_price(question).assumed, CONTEXT.prices, from_question.terms(question, CONTEXT)
    )
    wanted = {
        "add_on_seats_usd_per_month": seats.month.count,
        "add_on_actions_per_user_month": seats.actions_per_user.count,
        "add_on_break_even_actions_per_month": seats.actions.count,
        "add_on_actions_per_user_working_day": seats.actions_per_user_day(break_even.WORKING_DAYS),
        "add_on_actions_per_user_calendar_day": seats.actions_per_user_day(break_even.CALENDAR_DAYS),
        "add_on_conversations_per_user_month": seats.conversations_per_user.count,
    }
    assert {name: one(values, workbook, name) for name in wanted} == pytest.approx(
        {name: float(value) for name, value in wanted.items()}
    )


def test_the_curves_cross_at_break_even(tmp_path: Path) -> None:
    """At list price the curve of Flex Credits reaches the price of a conversation at 20 actions: $2.00 ÷ $0.10."""
    _, workbook, values = computed("breakeven", tmp_path)
    sheet = workbook.worksheet("Break-even")
    curve = sheet.pictures[0].lines[1]
    points = {
        values[x_at]: values[y_at]
        for x_at, y_at in zip(*(((sheet.title, *place) for place in area.places()) for area in (curve.x, curve.y)), strict=True)
    }
    assert points[20] == pytest.approx(2)
