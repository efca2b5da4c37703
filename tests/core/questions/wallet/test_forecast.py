"""`forecast` and `scorecard` for wallets that were really imported."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from core.config.loader import GrantInput
from core.forecast.daily import PATHS
from core.questions.asking import ask
from core.warehouse.database import open_warehouse
from tests.fakes.cells import number
from tests.fakes.small_wallet import SmallWallet, context_of

if TYPE_CHECKING:
    from pathlib import Path

    from core.answer.model import Answer
    from core.warehouse.database import Warehouse

TODAY = date(2026, 11, 21)
LAST = date(2026, 11, 20)
SHAPE = (1200, 1300, 1200, 1100, 1000, 400, 300)
CHANCE = (1.0, 0.93, 1.06, 1.01, 0.97, 1.08, 0.95, 1.03, 1.0, 0.9, 1.05)
ALL_KEPT = "SELECT count(*) FROM forecasts"


def use(days: int) -> list[int]:
    """Return whole credits for that many days, with a weekday pattern and some noise, the same each time."""
    return [round(SHAPE[nth % 7] * CHANCE[nth % 11] * CHANCE[nth // 7 % 11]) for nth in range(days)]


def first_of(days: int) -> date:
    """Return the first of that many days that end yesterday."""
    return LAST - timedelta(days=days - 1)


def filled(small: SmallWallet, days: int) -> SmallWallet:
    """Write a wallet of that many days up to yesterday; three are provisional, and the one before is incomplete."""
    return small.days_of_use(first_of(days), *use(days))


def values(answer: Answer) -> dict[str, Any]:
    """Return an answer's figures by key."""
    return {figure.key: figure.value for figure in answer.figures}


def texts(answer: Answer) -> str:
    """Return the text of all notes."""
    return " ".join(note.text for note in answer.notes)


def test_fewer_than_fourteen_days_are_accumulating(small: SmallWallet) -> None:
    """The last four of 13 days are incomplete, so 9 of the 14 that a forecast needs are there."""
    answer = filled(small, 13).ask("forecast")
    assert answer.headline.startswith("Accumulating, 9 of 14 days")
    assert values(answer)["next_28_days_credits"] is None


def test_fewer_than_eight_weeks_give_a_point_and_a_warning(small: SmallWallet) -> None:
    """30 days of data give a middle without low, high or chance, and a warning says why."""
    answer = filled(small, 30).grants_said(GrantInput(Decimal(90_000), date(2026, 10, 1), date(2027, 3, 1))).ask("forecast")
    found = values(answer)
    assert found["next_7_days_credits"] is not None
    assert found["depletion_day"] is not None
    assert {
        key for key, value in found.items() if value is not None and key.endswith(("_low", "_high", "_early", "_late"))
    } == set()
    assert found["chance_before_term_end_percent"] is None
    assert "fewer than 8 weeks" in texts(answer)


def test_the_next_week_lies_around_the_weeks_before(small: SmallWallet) -> None:
    """Weeks of about 6,500 credits continue: low < middle < high, and 6,500 lies between low and high."""
    found = values(filled(small, 200).ask("forecast"))
    low, middle, high = (found[f"next_7_days_credits{end}"] for end in ("_low", "", "_high"))
    assert low < middle < high
    assert low < 6_500 < high


def test_late_rows_are_kept_out(small: SmallWallet) -> None:
    """Rows of the last 72 hours change nothing, however many."""
    before = values(filled(small, 100).ask("forecast"))
    small.events(
        {"eventtime__c": "2026-11-20T09:00:00.000Z", "processedtime__c": "2026-11-20T10:00:00.000Z", "unitsconsumed__c": 99_999}
    )
    assert values(small.ask("forecast")) == before


def test_a_grant_of_exactly_the_use_runs_out_about_when_it_is_used(small: SmallWallet) -> None:
    """A grant with 40 average days left runs out about 40 days after the last complete day."""
    days = 200
    complete = use(days)[:-4]
    grant = GrantInput(Decimal(sum(complete)) + 40 * Decimal(sum(complete[-28:])) / 28, first_of(days), date(2028, 1, 1))
    found = values(filled(small, days).grants_said(grant).ask("forecast"))
    expected = LAST - timedelta(days=3) + timedelta(days=40)
    assert abs((found["depletion_day"] - expected).days) <= 2
    assert found["depletion_day_early"] <= found["depletion_day"] <= found["depletion_day_late"]
    assert found["chance_before_term_end_percent"] == 100


def test_a_grant_that_ends_first_leaves_credits_unused(small: SmallWallet) -> None:
    """A million credits that end in 30 days outlast 6,500 a week: no day, no chance, most of them unused."""
    days = 100
    grant = GrantInput(Decimal(1_000_000), first_of(days), LAST + timedelta(days=30))
    answer = filled(small, days).grants_said(grant).ask("forecast")
    found = values(answer)
    assert (found["depletion_day"], found["chance_before_term_end_percent"]) == (None, 0)
    assert found["unused_credits_at_end_low"] <= found["unused_credits_at_end"] <= found["unused_credits_at_end_high"]
    assert found["unused_usd_at_end"] == found["unused_credits_at_end"] * Decimal(500) / 100_000
    assert "last until" in answer.headline


def test_a_top_up_puts_the_day_off(small: SmallWallet) -> None:
    """Credits of a later grant count from its first day on."""
    days = 100
    first = GrantInput(Decimal(sum(use(days)) + 20_000), first_of(days), date(2028, 1, 1))
    filled(small, days).grants_said(first)
    alone = values(small.ask("forecast"))["depletion_day"]
    small.grants_said(first, GrantInput(Decimal(50_000), LAST + timedelta(days=10), date(2028, 1, 1)))
    assert values(small.ask("forecast"))["depletion_day"] > alone


def test_what_is_used_up_already_says_since_when(small: SmallWallet) -> None:
    """A grant of the first ten days' usage has been used up since the eleventh day."""
    days = 100
    grant = GrantInput(Decimal(sum(use(10))), first_of(days), date(2028, 1, 1))
    found = values(filled(small, days).grants_said(grant).ask("forecast"))
    assert found["depletion_day"] == first_of(days) + timedelta(days=10)


def test_the_same_question_gives_the_same_figures(small: SmallWallet) -> None:
    """The same data gives the same figures, and a longer forecast the same figures where both have them."""
    filled(small, 100)
    once, again, further = (values(small.ask(text)) for text in ("forecast", "forecast", "forecast 30 weeks"))
    assert once == again
    assert once["next_28_days_credits_high"] == further["next_28_days_credits_high"]


def test_the_weeks_add_up(small: SmallWallet) -> None:
    """The weekly middles add up to the total middle, and the first one is that of the next 7 days."""
    answer = filled(small, 100).ask("forecast 8 weeks")
    middles = [number(row[2]) for row in answer.table("weeks").rows]
    assert sum(middles) == values(answer)["weeks_ahead_credits"]
    assert middles[0] == values(answer)["next_7_days_credits"]


def test_a_seed_is_another_draw(small: SmallWallet) -> None:
    """`seed 7` draws other futures from the same data, and the answer says so."""
    filled(small, 100)
    answer = small.ask("forecast seed 7")
    assert f"{PATHS:,} futures drawn with seed 7." in texts(answer)
    assert answer.table("weeks") != small.ask("forecast").table("weeks")


def test_a_part_is_forecast_from_its_own_days(small: SmallWallet) -> None:
    """An agent with all usage is forecast like the card; the day on which grants run out is not given for an agent."""
    filled(small, 100).grants_said(GrantInput(Decimal(90_000), first_of(100), date(2028, 1, 1)))
    answer, card = small.ask("forecast agent Service_Concierge"), small.ask("forecast")
    for key in ("next_7_days_credits", "next_28_days_credits", "next_28_days_credits_high", "weeks_ahead_credits"):
        assert values(answer)[key] == values(card)[key]
    assert values(card)["depletion_day"] is not None
    assert values(answer)["depletion_day"] is None
    assert "run out" not in answer.headline
    assert "the whole card's" in texts(answer)


@pytest.mark.parametrize("weeks", [1, 2, 20, 21, 104])
def test_a_chart_has_at_most_twenty_points(small: SmallWallet, weeks: int) -> None:
    """Tables have all weeks, and a chart no more points than Slack draws."""
    answer = filled(small, 60).ask(f"forecast {weeks} weeks")
    assert sum(number(row[1]) for row in answer.table("weeks").rows) == 7 * weeks
    assert all(len(chart.x) <= 20 for chart in answer.charts)


def test_a_forecast_is_kept_once(small: SmallWallet) -> None:
    """The same question on the same data is stored once; another seed is another forecast."""
    filled(small, 100)
    for text in ("forecast", "forecast 8 weeks", "forecast", "forecast seed 7"):
        small.ask(text)
    assert small.warehouse.execute(ALL_KEPT) == [(2,)]


def test_a_warehouse_that_is_being_written_to_still_answers(small: SmallWallet) -> None:
    """While another transaction is open, the forecast is answered but not stored, and the answer says so."""
    filled(small, 100)
    with small.warehouse.writing():
        answer = small.ask("forecast")
    assert "was not kept for the scorecard: something else is being written" in texts(answer)
    assert small.warehouse.execute(ALL_KEPT) == [(0,)]


def test_a_read_only_warehouse_still_answers(tmp_path: Path) -> None:
    """Beside other readers the forecast is answered but not stored, and the answer says so."""
    with open_warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        path = filled(SmallWallet(warehouse, tmp_path), 100).warehouse.path
    with open_warehouse(path, read_only=True) as warehouse:
        answer = ask("forecast", context_of(warehouse))
    assert "open for reading only" in texts(answer)


def said_four_weeks_ago(small: SmallWallet) -> Warehouse:
    """Ask for a forecast as of five weeks ago, with 150 days of data."""
    filled(small, 200).ask("forecast", as_of=TODAY - timedelta(days=35))
    return small.warehouse


def test_the_scorecard_compares_what_was_said_with_what_it_was(small: SmallWallet) -> None:
    """Asked on 17 October, the first forecast day was the 18th; its 28 days are compared with the exported ones."""
    said_four_weeks_ago(small)
    first = TODAY - timedelta(days=34)
    start = (first - first_of(200)).days
    answer = small.ask("scorecard")
    assert answer.table("checks").rows[0][:2] == (first, Decimal(28))
    assert values(answer)["actual_credits"] == sum(use(200)[start : start + 28])


def test_the_scorecard_counts_the_ranges_that_held(small: SmallWallet) -> None:
    """A forecast of five weeks ago has two finished ranges, of 7 and of 28 days; those around the actual usage count as held."""
    said_four_weeks_ago(small)
    answer = small.ask("scorecard")
    held = sum(number(row[4]) <= number(row[6]) <= number(row[5]) for row in answer.table("checks").rows)
    assert (values(answer)["ranges_checked"], values(answer)["ranges_held"]) == (2, held)
    assert answer.headline.startswith(f"80% ranges held {held} of 2; of the 28 days from 18 Oct 2026 the forecast was")


def test_without_forecasts_the_scorecard_says_what_to_ask(small: SmallWallet) -> None:
    """Without a stored forecast the answer says what to ask."""
    assert filled(small, 20).ask("scorecard").headline == "No forecast is on record yet. Ask: forecast."


def test_without_grants_nothing_is_said_to_have_run_out(small: SmallWallet) -> None:
    """A wallet without known grants has no day on which credits ran out."""
    answer = small.days_of_use(first_of(80), *[20_000] * 80).ask("forecast")
    assert answer.figure("depletion_day").value is None
    assert answer.headline.endswith("no grant is known.")


def test_a_top_up_after_the_credits_ran_out_is_looked_at(small: SmallWallet) -> None:
    """The credits ran out long ago; of a top-up that no future uses up, the unused rest is named."""
    days, end = 100, LAST + timedelta(days=60)
    old = GrantInput(Decimal(sum(use(10))), first_of(days), end)
    more = GrantInput(Decimal(10**9), LAST + timedelta(days=30), end)
    found = values(filled(small, days).grants_said(old, more).ask("forecast"))
    assert found["depletion_day"] == first_of(days) + timedelta(days=10)
    assert found["depletion_day_late"] is None
    assert Decimal(10**9) - 10**6 < found["unused_credits_at_end"] < 10**9


def test_what_is_ahead_begins_after_the_day_asked(small: SmallWallet) -> None:
    """With complete days to 9 October and asked on 29 November, the next 28 days are 30 November to 27 December."""
    days = 150
    last = date(2026, 10, 13)
    small.days_of_use(last - timedelta(days=days - 1), *use(days))
    answer = small.ask("forecast", as_of=date(2026, 11, 29))
    assert values(answer)["forecast_first_day"] == date(2026, 11, 30)
    assert answer.table("weeks").rows[0][0] == date(2026, 11, 30)
    assert answer.headline.startswith("The last 51 days are estimated. The next 28 days take ")
    assert any("30 Nov 2026 to 27 Dec 2026" in line for line in answer.arithmetic)
    assert "10 Oct 2026 to 29 Nov 2026" in answer.notes[0].text


def test_the_days_between_draw_on_the_grants(small: SmallWallet) -> None:
    """A grant with 20 average days left is empty before the day of the question."""
    days = 150
    last = date(2026, 10, 13)
    complete = use(days)[:-4]
    grant = GrantInput(
        Decimal(sum(complete)) + 20 * Decimal(sum(complete[-28:])) / 28, last - timedelta(days=200), date(2028, 1, 1)
    )
    small.days_of_use(last - timedelta(days=days - 1), *use(days)).grants_said(grant)
    found = values(small.ask("forecast", as_of=date(2026, 11, 29)))
    assert abs((found["depletion_day"] - date(2026, 10, 29)).days) <= 2


def test_weeks_that_are_asked_for_head_the_answer(small: SmallWallet) -> None:
    """`forecast 8 weeks` begins with what 8 weeks use; without weeks the headline covers 28 days."""
    filled(small, 100)
    answer = small.ask("forecast 8 weeks")
    assert answer.headline.startswith(f"The next 8 weeks take {values(answer)['weeks_ahead_credits']:,} credits")
    assert answer.figures[0].key == "weeks_ahead"
    assert small.ask("forecast").headline.startswith("The next 28 days take $")


def launched(small: SmallWallet, days_since: int) -> SmallWallet:
    """Write one test action, five months without usage, then that many complete days of about 8,000 credits."""
    first = LAST - timedelta(days=days_since + 3)
    small.days_of_use(first - timedelta(days=153), 20)
    return small.days_of_use(first, *[8 * each for each in use(days_since + 4)])


def test_a_launch_of_few_weeks_gives_a_point_and_says_since_when(small: SmallWallet) -> None:
    """20 days after a launch the next 28 days are four weeks of that level, without a range."""
    answer = launched(small, 20).ask("forecast")
    found = values(answer)
    assert found["next_28_days_credits_high"] is None
    assert abs(found["next_28_days_credits"] / sum(8 * each for each in use(28)) - 1) < Decimal("0.15")
    assert "new level since 28 Oct 2026" in texts(answer)


def test_a_purchase_waits_until_a_launch_is_known(small: SmallWallet) -> None:
    """20 days after a launch no block is advised; the year continues the launched level."""
    few = launched(small, 20).ask("plan purchase")
    assert few.headline.startswith("Wait: a new level since 28 Oct 2026")
    assert abs(values(few)["expected_use_credits"] / (8 * 6500 * 52) - 1) < Decimal("0.2")


def test_an_agent_that_was_switched_off_uses_nothing(small: SmallWallet) -> None:
    """Four weeks without usage after a hundred days: 0 credits are expected, without a range, and a warning says since when."""
    small.days_of_use(LAST - timedelta(days=130), *use(100), *[0] * 30, 20)
    answer = small.ask("forecast agent Service_Concierge")
    assert values(answer)["next_28_days_credits"] == 0
    assert "treated as switched off" in texts(answer)
