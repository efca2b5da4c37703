"""The table of advice in docs/alerts.md, row by row: what a level asks for, by the time and money at stake."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.alerts.rules.advice import Stake, advice_at, stake_of
from core.alerts.rules.model import Expected, PoolMetrics, Recent
from core.alerts.rules.pool import find_projected
from core.config.alerts import AlertSettings
from core.wallet.ledger.balance import Term

DOCS = Path(__file__).parents[4] / "docs" / "alerts.md"
TODAY = date(2026, 10, 1)
DAYS = {"more than 90 days": (91, 300), "31 to 90 days": (31, 90), "30 days or fewer": (0, 30)}
USD = {"under $100": ("0.01", "99.99"), "$100 to $1,000": ("100", "999.99"), "$1,000 and more": ("1000", "100000")}


def table() -> list[tuple[str, str, str]]:
    """Return the cells of the table in the docs: when, what is at stake, the first words of the advice."""
    text = DOCS.read_text(encoding="utf-8").partition("| all is used in |")[2].partition("\n\n")[0]
    first, _, *rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines()]
    return [(row[0], stake, words) for row in rows for stake, words in zip(first, row[1:], strict=True)]


@pytest.mark.parametrize(("when", "stake", "words"), table(), ids=" ".join)
def test_the_table_of_advice_is_what_is_advised(when: str, stake: str, words: str) -> None:
    """The advice holds at both ends of each cell, for a level that is passed and for one that is expected."""
    for days in DAYS[when]:
        for amount in USD[stake]:
            found = Stake(days, TODAY + timedelta(days=days), Decimal(1), Decimal(amount))
            assert advice_at(50, found).startswith(words)
            assert advice_at(100, found, is_ahead=True).startswith(words)


def test_the_table_is_whole() -> None:
    """Three rows of three cells."""
    assert [(when, stake) for when, stake, _ in table()] == [(when, stake) for when in DAYS for stake in USD]


def pool(used: int, burn: int, granted: int = 1_000_000) -> PoolMetrics:
    """Return the figures of a year's pool that began in July, with that usage and that daily burn."""
    days = Term(TODAY - timedelta(days=28), TODAY)
    return PoolMetrics(
        TODAY,
        "FlexCredits",
        term=Term(date(2026, 7, 1), date(2027, 7, 1)),
        granted=Decimal(granted),
        used=Decimal(used),
        remaining=Decimal(granted - used),
        used_percent=Decimal(used * 100) / granted,
        usd_per_credit=Decimal("0.005"),
        recent=Recent(days, Decimal(burn * 28), Decimal(0), Decimal(0)),
        until=TODAY,
    )


def test_all_used_shortly_before_a_far_term_end_is_no_escalation() -> None:
    """29% used and 100% expected 23 days before the end, nine months ahead: there is time to review it again."""
    day = date(2027, 6, 8)
    seen = Expected(day, day, day)
    (found,) = find_projected(pool(290_000, 2_840), AlertSettings(), (50, 75, 90), lambda *_: seen)
    assert found.advice.startswith("Review: used up on 8 Jun 2027, $327 of overage until the term ends.")


def test_a_pool_that_lasts_is_on_plan_at_every_level() -> None:
    """90% used at 100 a day: the remaining 100,000 credits last 1,000 days."""
    assert {advice_at(level, stake_of(pool(900_000, 100))) for level in (50, 75, 90)} == {advice_at(90, stake_of(pool(1, 1)))}
    assert advice_at(90, stake_of(pool(900_000, 100))).startswith("On plan")


def test_the_stake_is_the_burn_from_running_out_to_the_end_of_the_term() -> None:
    """100,000 left at 5,000 a day last 20 days, to 21 October; the 253 days to 1 July cost 5,000 × 253 × $0.005."""
    stake = stake_of(pool(900_000, 5_000))
    assert stake is not None
    assert (stake.days, stake.runs_out, stake.usd) == (20, date(2026, 10, 21), Decimal(5_000) * 253 * Decimal("0.005"))
    assert re.match("Escalate.*[$]6,325", advice_at(90, stake))


def test_what_is_used_up_is_to_be_decided() -> None:
    """Beyond 100% usage becomes overage, and nothing stops it: a decision is due."""
    assert advice_at(100, stake_of(pool(1_000_000, 5_000))).startswith("Decide whether to buy more credits: $6,825 of overage")


@pytest.mark.parametrize(("level", "words"), [(50, "Mid-period review"), (75, "Forecast again"), (90, "Forecast now")])
def test_without_a_burn_the_level_alone_says_what_to_do(level: int, words: str) -> None:
    """No complete day is known yet, or the figures are of a part of the card."""
    assert stake_of(pool(500_000, 0)) is None
    assert advice_at(level, None).startswith(words)
