"""`usage` by two groupings, or of one action: its rows add up to those of each grouping alone."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from core.answer.model import Answer
from core.errors import InputError

Asked = Callable[[str], Answer]
Column = Callable[[Answer, str, str], dict[Any, Any]]
Figures = Callable[[Answer], dict[str, Any]]
CREDITS = 3  # after two groupings and the actions


def summed(answer: Answer, place: int) -> dict[object, Decimal]:
    """Return the credits of a crossed table by its first or second column."""
    found: dict[object, Decimal] = defaultdict(Decimal)
    for row in answer.table("usage").rows:
        credits_used = row[CREDITS]
        assert isinstance(credits_used, Decimal)
        found[row[place]] += credits_used
    return dict(found)


@pytest.mark.parametrize(
    ("by", "then_by"),
    [
        ("agent", "month"),
        ("month", "agent"),
        ("department", "action"),
        ("week", "environment"),
        ("org", "type"),
        ("user", "month"),
        ("week", "user"),
    ],
)
def test_pairs_add_up_to_either_grouping(asked: Asked, column: Column, figures: Figures, by: str, then_by: str) -> None:
    """A name's pairs add up to its row in the plain question, and all pairs to the total."""
    crossed = asked(f"usage by {by} then by {then_by}")
    for place, grouping in enumerate((by, then_by)):
        alone = {name: used for name, used in column(asked(f"usage by {grouping}"), "usage", "credits").items() if used}
        assert summed(crossed, place) == alone
    whole = figures(asked("usage by agent"))
    assert {key: figures(crossed)[key] for key in ("used_credits", "actions", "usd_used")} == {
        key: whole[key] for key in ("used_credits", "actions", "usd_used")
    }


def test_one_action_is_its_row(asked: Asked, column: Column, figures: Figures) -> None:
    """An action's usage by day adds up to its row among all actions, at the same cost."""
    actions = asked("usage by action")
    name = max(column(actions, "usage", "credits"), key=column(actions, "usage", "credits").__getitem__)
    alone = figures(asked(f'usage by day action "{name}"'))
    assert alone["used_credits"] == column(actions, "usage", "credits")[name]
    assert alone["usd_used"] == column(actions, "usage", "usd")[name]


def test_the_biggest_pairs_are_shown(asked: Asked, figures: Figures) -> None:
    """The top 2 are at least as big as every other pair, and the total still covers all."""
    every, top = asked("usage by agent then by action"), asked("usage by agent then by action top 2")
    shown = [row[CREDITS] for row in every.table("usage").rows]
    biggest = sorted((used for used in shown if isinstance(used, Decimal)), reverse=True)
    assert [row[CREDITS] for row in top.table("usage").rows] == biggest[:2]
    assert figures(top)["used_credits"] == figures(every)["used_credits"]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("usage by user then by agent", "goes with days, weeks, months or quarters alone"),
        ("usage by user action Get_Cases", "goes with days, weeks, months or quarters alone"),
        ("usage by user then by month grain day", "goes with days, weeks, months or quarters alone"),
        ("usage by agent then by agent", "name two different ones"),
        ("usage by agent action Nonsense", 'no action "Nonsense"'),
    ],
)
def test_what_cannot_be_crossed_is_refused(asked: Asked, question: str, reason: str) -> None:
    """Only events name users; a repeated grouping and an unknown action are refused."""
    with pytest.raises(InputError, match=reason):
        asked(question)
