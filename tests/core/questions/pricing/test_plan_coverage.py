"""What a plan's price covers and for whom, as people ask: editions, prices of their own, one-off costs, discounts."""

from datetime import date
from decimal import Decimal

import pytest

from core.answer.model import Answer
from core.config.loader import Config
from core.context import Context
from core.errors import AgentcostError
from core.questions.asking import ask

TODAY, BEFORE_ADD_ON = date(2026, 11, 21), date(2025, 5, 20)
EDITION = "price sales edition 1000 users 8000 actions per user"


def asked(text: str, day: date = TODAY) -> Answer:
    """Ask at list prices, with no wallet."""
    return ask(text, Context(day, Config(), lambda: None))  # type: ignore[arg-type, return-value]


def said(answer: Answer, words: str) -> bool:
    """Whether a note has the words."""
    return any(words in note.text for note in answer.notes)


@pytest.mark.parametrize(
    ("audience", "usd"),
    [
        ("employees", 1_000 * 550 * 12),
        ("customers", 1_000 * 550 * 12 + (8_000_000 * 12 * 20 - 2_750_000) * Decimal("0.005")),
        ("", 1_000 * 550 * 12 + (8_000_000 * 12 * 20 - 2_750_000) * Decimal("0.005")),
    ],
)
def test_an_edition_covers_employees_and_meters_customers(audience: str, usd: Decimal) -> None:
    """1,000 seats at $550; customers' use burns the credits beyond those included, and of nobody said is taken as theirs."""
    answer = asked(f"{EDITION} {audience}")
    assert answer.figure("usd_per_year").value == usd
    assert said(answer, "unmetered") == (audience != "customers")


def test_the_cheapest_for_employees_counts_what_seats_cover() -> None:
    """$6,600,000 of seats against $9,600,000 of credits: the edition is recommended, and doubling changes nothing."""
    answer = asked("recommend 1000 users 8000 actions per user employees only flex, sales edition")
    figures = [answer.figure(key).value for key in ("recommended_plan", "usd_per_year", "usd_per_year_if_doubled")]
    assert figures == ["Agentforce 1 Sales edition", Decimal(6_600_000), Decimal(6_600_000)]


def test_plan_purchase_says_that_seats_would_cover_the_use() -> None:
    """$1,500,000 of add-on seats cover what $9,600,000 of credits would pay."""
    assert said(asked("plan purchase 1000 users 8000 actions per user employees"), "covers this use unmetered for $1,500,000.00")


def test_a_pay_as_you_go_price_means_the_same_everywhere() -> None:
    """$0.08 × 360,000 actions a year: compare's row, price's year and breakeven's action; no assumption is named for it."""
    use = "10000 interactions 3 actions payg $0.08 per action"
    row = next(row for row in asked(f"compare {use}").table("plans").rows if row[0] == "flex_pay_as_you_go")
    price, crossing = asked(f"price flex {use}"), asked(f"breakeven {use}")
    assert row[3] == price.figure("usd_per_year").value == 360_000 * Decimal("0.08")
    assert crossing.figure("usd_per_action").value == price.figure("usd_per_action").value == Decimal("0.08")
    assert not any(said(answer, "What pre-purchase saves") for answer in (asked(f"compare {use}"), price, crossing))


def test_a_way_to_buy_without_its_price_is_asked_back() -> None:
    """Compare ranks all ways, so one of them alone says nothing, and the refusal says what would."""
    with pytest.raises(AgentcostError, match="only with its price"):
        asked("compare 10000 interactions 3 actions payg")


@pytest.mark.parametrize(
    "question",
    [
        "compare 200 users 800 actions per user $100 per seat",
        "price add-on 200 users $100 per seat",
        "breakeven 200 users $100 per seat",
        "convert 200 seats $100 per seat",
        "negotiate 200 users 800 actions per user $100 per seat",
    ],
)
def test_a_seat_price_that_is_said_holds_before_the_add_on_existed(question: str) -> None:
    """On 20 May 2025 the book has no add-on: $100 × 200 × 12 = $240,000 by the question's own price, in every answer."""
    lines = " ".join((*asked(question, BEFORE_ADD_ON).arithmetic, asked(question, BEFORE_ADD_ON).headline))
    assert "$240,000.00" in lines or "$20,000.00" in lines


def test_without_that_price_the_book_s_first_day_is_said() -> None:
    """Nothing is made up for a seat that was not sold yet."""
    with pytest.raises(AgentcostError, match="1 Jun 2025"):
        asked("breakeven 200 users", BEFORE_ADD_ON)


def test_tco_sets_apart_what_comes_once_from_what_comes_every_year() -> None:
    """$200,000 × 1.7 every year, $100,000 once; the middle of a published range is assumed, and the headline says of what."""
    answer = asked("tco $200000 per year")
    figures = [answer.figure(key).value for key in ("recurring_usd_per_year", "one_off_usd", "total_usd_per_year")]
    assert figures == [200_000 * Decimal("1.7"), Decimal(100_000), Decimal(440_000)]
    assert answer.headline == (
        "$340,000 a year with Premier and Data Cloud (assumed), $100,000 once for development (assumed): "
        "first year $440,000 ($370,000 to $510,000)."
    )


def test_a_discount_at_the_break_even_says_what_it_covers() -> None:
    """20 % are off credits, not off seats, which stay at $125."""
    answer = asked("breakeven 200 users at 20% discount")
    assert answer.figure("seats_usd_per_month").value == 200 * 125
    assert said(answer, "off Flex Credits")
    assert not said(asked("breakeven 200 users"), "off Flex Credits")
