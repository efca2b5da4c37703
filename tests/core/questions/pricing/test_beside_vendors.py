"""Agentforce beside other vendors: ranked on one workload, each by what it counts, and never on a guess."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from bot.cli.main import main
from core.answer.model import Answer
from core.config.loader import Config
from core.context import Context
from core.errors import QuestionError
from core.language.free_text import TeamCalendar, interpret
from core.language.grammar import print_question, read
from core.language.parser import parse
from core.pricing.vendor_prices import vendor_words
from sheets_addin.desired_state import build_desired_state
from tests.core.conftest import no_warehouse

Asked = Callable[..., Answer]
INTERACTIONS, RESOLVED = Decimal(120_000), Decimal(120_000) * Decimal("0.60")
EXAMPLE = "compare 10000 interactions 60% resolved vendors"
# A year of 10,000 interactions a month, 60% of them resolved, 5.3 actions and 8 messages each, by each vendor's own price.
MONTH_OF_COPILOT_CREDITS = Decimal(10_000) * (Decimal("5.3") * 5 + 4 * 2)
YEARS = {
    "eesel_ai": INTERACTIONS * Decimal("0.40"),
    "intercom_fin": RESOLVED * Decimal("0.99"),
    "zendesk_committed": RESOLVED * Decimal("1.50"),
    "zendesk_payg": RESOLVED * Decimal("2.00"),
    "per_resolution": RESOLVED * Decimal(400) * Decimal("0.005"),
    "per_conversation": INTERACTIONS * Decimal("2.00"),
    "flex_credits": INTERACTIONS * Decimal("5.3") * 20 * Decimal("0.005"),
    "amazon_connect_chat": INTERACTIONS * 8 * Decimal("0.01"),
    "google_flows": INTERACTIONS * 4 * Decimal("0.007"),
    "copilot_studio": MONTH_OF_COPILOT_CREDITS * Decimal("0.01") * 12,
    "copilot_studio_packs": Decimal(14) * Decimal(200) * 12,
}


def by_offer(answer: Answer, column: str) -> dict[object, object]:
    """Return a column of the ranking by the key of each offer."""
    table = answer.table("offers")
    place = [one.key for one in table.columns].index(column)
    return {row[0]: row[place] for row in table.rows}


def test_every_offer_costs_what_it_counts(asked: Asked) -> None:
    """Each year is the vendor's own unit times its own price, cheapest first."""
    found = by_offer(asked("compare 10000 interactions 5.3 actions 8 messages 60% resolved vendors"), "usd_per_year")
    assert MONTH_OF_COPILOT_CREDITS == 345_000  # so 14 packs of 25,000
    assert found == YEARS
    assert list(found.values()) == sorted(YEARS.values())


def test_the_example_ranks_what_it_names_enough_for(asked: Asked) -> None:
    """Interactions and the share resolved price tickets, resolutions and conversations; the rest says what is missing."""
    answer = asked(EXAMPLE)
    priced = ("eesel_ai", "intercom_fin", "zendesk_committed", "zendesk_payg", "per_resolution", "per_conversation")
    assert by_offer(answer, "usd_per_year") == {key: YEARS[key] for key in priced}
    assert by_offer(answer, "usd_per_resolution") == {key: YEARS[key] / RESOLVED for key in priced}
    assert by_offer(answer, "counted")["intercom_fin"] == "resolutions"
    reasons = {row[0]: str(row[2]) for row in answer.table("not_priced").rows}
    assert "`8 messages`" in reasons["amazon_connect_chat"]
    assert "`3 actions`" in reasons["flex_credits"]
    assert "no published price" in reasons["ada"]
    assert answer.figure("agentforce_above_vendor_usd_per_year").value == YEARS["per_resolution"] - YEARS["eesel_ai"]
    assert "eesel AI: $48,000 a year" in answer.headline
    assert "$96,000 less than Agentforce Help Agent" in answer.headline


def test_each_row_says_when_it_was_read_and_what_counts(asked: Asked) -> None:
    """A vendor's row has its day, its sources and its unit; an answer names every source it rests on."""
    answer = asked(EXAMPLE)
    vendors = {row[0] for row in answer.table("offers").rows if row[1] != "Agentforce"}
    assert vendors == {"eesel_ai", "intercom_fin", "zendesk_committed", "zendesk_payg"}
    for column in ("read_on", "source", "billable", "kind"):
        assert {key for key, value in by_offer(answer, column).items() if value} >= vendors
    titles = {source.title for source in answer.sources}
    assert {title for text in by_offer(answer, "source").values() if text for title in str(text).split("; ")} <= titles


@pytest.mark.parametrize("vendor", ["vendors", "intercom", "zendesk", "fin and amazon"])
def test_the_share_resolved_is_asked_for_not_guessed(asked: Asked, vendor: str) -> None:
    """A vendor that bills by the resolution has no price before somebody says how many there are; what to say is suggested."""
    with pytest.raises(QuestionError, match="How many of the interactions are resolved") as refused:
        asked(f"compare 10000 interactions 3 actions {vendor}")
    for suggestion in refused.value.suggestions:
        assert asked(suggestion).table("offers").rows


def test_vendors_by_the_message_need_no_share(asked: Asked) -> None:
    """Where nobody bills by the resolution none is asked for, and Help Agent, which does, is left out."""
    answer = asked("compare 10000 interactions 3 actions 8 messages amazon")
    assert set(by_offer(answer, "usd_per_year")) == {"amazon_connect_chat", "per_conversation", "flex_credits"}
    assert set(by_offer(answer, "usd_per_resolution").values()) == {None}


def test_fins_minimum_is_billed_at_small_volumes(asked: Asked) -> None:
    """Thirty resolutions a month are billed as fifty."""
    answer = asked("compare 50 interactions 60% resolved fin")
    assert by_offer(answer, "usd_per_year")["intercom_fin"] == Decimal(50) * Decimal("0.99") * 12
    assert any("at least 50 a month" in line for line in answer.arithmetic)


def test_growth_grows_what_vendors_bill(asked: Asked) -> None:
    """Twelve months, each 5% above the one before, are billed one by one, and a resolved interaction costs the same as ever."""
    answer = asked("compare 10000 interactions 60% resolved growth 5% fin")
    months = sum((Decimal("1.05") ** month for month in range(12)), Decimal(0))
    year = by_offer(answer, "usd_per_year")["intercom_fin"]
    assert isinstance(year, Decimal)
    assert round(year, 6) == round(Decimal(10_000) * Decimal("0.60") * Decimal("0.99") * months, 6)
    each = by_offer(answer, "usd_per_resolution")["intercom_fin"]
    assert isinstance(each, Decimal)
    assert round(each, 10) == Decimal("0.99")


def test_whom_it_serves_decides_before_the_price(asked: Asked) -> None:
    """Agents for customers are no answer for employees' use."""
    reasons = {
        row[0]: str(row[2])
        for row in asked("compare 10000 interactions 3 actions employees 60% resolved fin").table("not_priced").rows
    }
    assert "customers only" in reasons["intercom_fin"]


def test_a_day_before_a_price_was_read_has_none(asked: Asked) -> None:
    """A price of October is not one of June: the vendor is named without."""
    reasons = {row[0]: str(row[2]) for row in asked(EXAMPLE, date(2026, 6, 30)).table("not_priced").rows}
    assert "first one holds from 7 Oct 2026" in reasons["zendesk_committed"]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("compare 10000 interactions 60% resolved other vendors", EXAMPLE),
        (
            "compare 10000 interactions with 60% resolved with intercom and zendesk",
            "compare 10000 interactions 60% resolved intercom, zendesk",
        ),
        ("compare 10000 interactions 8 messages each fin", "compare 10000 interactions 8 messages per interaction intercom"),
        ("compare 10000 interactions 60% resolved " + ", ".join(words[-1] for words in vendor_words().values()), EXAMPLE),
    ],
)
def test_vendors_are_said_in_several_ways(text: str, canonical: str) -> None:
    """All of them, some of them by their names, and what an interaction has of messages."""
    assert parse(text) == parse(canonical)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("compare vendors", "needs the interactions"),
        ("compare 10000 interactions 3 actions to 5 actions vendors", "one end of the range"),
        ("compare 10000 interactions 3 actions 8 messages", "with other vendors only"),
        ("compare 53000 actions per month 8 messages amazon", "add `10000 interactions`"),
    ],
)
def test_what_makes_no_sense_is_refused(text: str, told: str) -> None:
    """What a comparison with vendors needs, and what it does not take, is said."""
    with pytest.raises(QuestionError, match=told):
        parse(text)


@pytest.mark.parametrize(
    ("text", "strict"),
    [
        (
            "is intercom fin cheaper than agentforce for 10000 chats a month, 60% resolved",
            "compare 10000 interactions 5.3 actions 60% resolved intercom",
        ),
        (
            "was kostet Intercom Fin im Vergleich zu Agentforce bei 10000 Gesprächen im Monat, 60% gelöst",
            "compare 10000 interactions 5.3 actions 60% resolved intercom",
        ),
        (
            "compare agentforce with other vendors for 10k conversations a month at 65% resolution rate",
            "compare 10000 interactions 5.3 actions 65% resolved vendors",
        ),
        (
            "10000 chats, 4 actions, 8 messages each, 60% resolved: amazon connect vs agentforce",
            "compare 10000 interactions 4 actions 60% resolved 8 messages amazon",
        ),
        (
            "is agentforce the right price compared to zendesk and fin at 20000 tickets 50% resolved?",
            "compare 20000 interactions 5.3 actions 50% resolved zendesk, intercom",
        ),
        ("what does zendesk cost", "vendors zendesk"),
        ("wie teuer sind andere Anbieter", "vendors"),
        ("what do the competitors charge", "vendors"),
        ("alternatives to agentforce", "vendors"),
    ],
)
def test_vendors_are_understood_in_peoples_own_words(text: str, strict: str) -> None:
    """English and German, with the vendors' own names; actions that nobody said are assumed openly."""
    assert read(interpret(text, TeamCalendar(date(2026, 11, 21))).question) == read(strict)


def test_the_book_lists_every_price_with_its_address(asked: Asked) -> None:
    """`vendors` says the price, what counts, what comes on top, the day and where; vendors without a price stand apart."""
    answer = asked("vendors")
    rows = {str(row[0]): row for row in answer.table("vendors").rows}
    assert rows["intercom_fin"][3] == "$0.99 per resolution"
    assert rows["copilot_studio_packs"][3] == "$200.00 per 25,000 Copilot Credits"
    assert rows["intercom_fin"][5] == "50 resolutions a month"
    assert all(str(row[-1]).startswith("https://") for row in rows.values())
    assert {row[0] for row in answer.table("not_priced").rows} == {"ada", "decagon", "eesel_plans", "google_generative"}
    assert (
        asked("vendors ada").headline
        == "Ada: no published price: sold by contract only, by the conversation or by the resolution."
    )


def test_both_questions_have_a_worksheet() -> None:
    """The ranking and the book are worksheets of their own, beside the live comparison of plans."""
    context = Context(date(2026, 11, 21), Config(), no_warehouse)
    found = build_desired_state([EXAMPLE, "vendors", "compare 10000 interactions 5 actions"], context)
    assert found.troubles == {}
    assert {"Compare", "Beside other vendors", "Vendors"} <= {sheet.title for sheet in found.workbook.worksheets}


def test_the_terminal_asks_back_and_answers(capsys: pytest.CaptureFixture[str]) -> None:
    """The program exits 2 with the question back, and 0 with the ranking."""
    assert main(["compare", "10000", "interactions", "fin"]) == 2
    assert "How many of the interactions are resolved? Intercom bills by the resolution" in capsys.readouterr().err
    assert main(["compare", "10000", "interactions", "60%", "resolved", "vendors"]) == 0
    assert "Intercom Fin" in capsys.readouterr().out


def test_a_question_with_vendors_prints_and_reads_back() -> None:
    """Names and all of them survive the canonical form."""
    for text in (EXAMPLE, "compare 10000 interactions 60% resolved zendesk, intercom", "vendors google"):
        question = parse(text)
        assert parse(print_question(question)) == question
