"""The check that every answer in the tests passes: it finds contradictions, and accepts consistent answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.answer.figure_catalog import figure
from core.answer.model import Answer, Column, Table
from tests.fakes.contradictions import adds_up, contradictions

GRANTS = Table(
    "grants",
    "Grants",
    tuple(
        Column(key, key, "text" if key == "grant" else "credits")
        for key in ("grant", "granted_credits", "used_credits", "taken_back_credits", "expired_credits", "remaining_credits")
    ),
    (
        ("g1", Decimal(10_000), Decimal(10_000), Decimal(0), Decimal(0), Decimal(0)),
        ("g2", Decimal(50_000), Decimal(9_000), Decimal(0), Decimal(0), Decimal(41_000)),
    ),
)
WALLET = Answer(
    question="wallet",
    title="Wallet",
    headline="41,000 of 60,000 credits left (31.67% used).",
    as_of=date(2026, 11, 29),
    figures=(
        figure("pool_credits", Decimal(60_000)),
        figure("drawn_credits", Decimal(19_000)),
        figure("remaining_credits", Decimal(41_000)),
        figure("used_percent", Decimal(19_000) / 60_000 * 100),
    ),
    tables=(GRANTS,),
    arithmetic=("19,000 drawn + 41,000 left = 60,000 credits of pool", "19,000 ÷ 60,000 × 100 = 31.67% used"),
)


def test_an_answer_that_agrees_with_itself_passes() -> None:
    """An answer whose headline, figures, grants and sums agree passes."""
    assert contradictions(WALLET) == []


@pytest.mark.parametrize(
    "wrong",
    [
        replace(WALLET, headline="2,000 of 60,000 credits left (96.67% used)."),
        replace(WALLET, figures=(*WALLET.figures[:2], figure("remaining_credits", Decimal(2_000)), WALLET.figures[3])),
        replace(WALLET, tables=(GRANTS._replace(rows=GRANTS.rows[:1]),)),
        replace(WALLET, arithmetic=("19,000 drawn + 41,000 left = 58,000 credits of pool",)),
        replace(WALLET, figures=(figure("depletion_day", date(2026, 12, 1)), figure("depletion_day_late", date(2026, 11, 1)))),
    ],
)
def test_each_contradiction_is_found(wrong: Answer) -> None:
    """A headline, a figure, a table, a sum and a range are each found if they contradict the rest."""
    assert contradictions(wrong) != []


@pytest.mark.parametrize(
    ("line", "is_right"),
    [
        ("100,000 credits × $0.005 = $500.00", True),
        ("100,000 credits × $0.005 = $550.00", False),
        ("$88.27 + $0.00 = $88.27", True),
        ("(19,000 drawn + 6,000 overdrawn since nothing is left) ÷ 20,000 × 100 = 125% used", True),
        ("(19,000 drawn + 6,000 overdrawn since nothing is left) ÷ 20,000 × 100 = 95% used", False),
        ("28,000 credits ÷ 28 days (28 Oct 2026 to 24 Nov 2026) = 1,000 a day", True),
        ("28,000 credits ÷ 28 days (28 Oct 2026 to 24 Nov 2026) = 1,100 a day", False),
        ("Premier: $200,000.00 × 30% = $60,000.00", True),
        ("Premier: $200,000.00 × 30% = $66,000.00", False),
        ("|25,893 − 26,184| ÷ 26,184 × 100 = 1.11% off", True),
        ("1 − $0.005 ÷ $0.01 = 50%: the block", True),
        ("half of 2,000 futures use less", True),
    ],
)
def test_a_sum_in_words_comes_to_what_it_says(line: str, is_right: bool) -> None:  # noqa: FBT001 - what is expected
    """Numbers, percentages, brackets and days are read as people read them; text without a sum is ignored."""
    assert adds_up(line) is is_right
