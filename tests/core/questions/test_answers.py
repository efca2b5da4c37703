"""Answers: the headline is the answer, every figure is published, sums and sources stand beside it."""

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import jsonschema_rs
import pytest

import core
from core.answer.figure_catalog import FIGURES
from core.answer.model import Answer
from core.errors import QuestionError
from core.language.commands import COMMANDS
from core.language.parser import parse
from core.pricing.plans import PLANS

SCHEMA = json.loads((Path(core.__file__).parent / "answer.schema.json").read_text(encoding="utf-8"))
PRICING = [example for command in COMMANDS.values() if command.family in {"price", "reference"} for example in command.examples]
MIX = "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users"
Asked = Callable[..., Answer]


def notes(answer: Answer, kind: str) -> str:
    """Return the answer's notes of a kind, as one text."""
    return " ".join(note.text for note in answer.notes if note.kind == kind)


@pytest.mark.parametrize("question", PRICING)
def test_an_answer_fits_the_published_schema(question: str, asked: Asked) -> None:
    """The JSON of every documented question is of the versioned shape."""
    jsonschema_rs.Draft202012Validator(SCHEMA).validate(asked(question).to_json())


@pytest.mark.parametrize("question", PRICING)
def test_an_answer_asks_itself_again(question: str, asked: Asked) -> None:
    """The question that the answer repeats gives the same answer."""
    assert asked(asked(question).question) == asked(question)


@pytest.mark.parametrize("question", [q for q in PRICING if not q.startswith("help")])
def test_an_answer_names_its_sources(question: str, asked: Asked) -> None:
    """Every figure can be traced to something that was read on a day."""
    assert asked(question).sources


@pytest.mark.parametrize("question", PRICING)
def test_figures_are_the_published_ones(question: str, asked: Asked) -> None:
    """Labels and units of figures are those of the one table."""
    assert [f for f in asked(question).figures if (f.label, f.unit) != (FIGURES[f.key].label, FIGURES[f.key].unit)] == []


def test_the_cheapest_plan_is_the_headline(asked: Asked) -> None:
    """The answer to a comparison is its cheapest plan with its cost."""
    assert asked(MIX).headline == (
        "Flex Credits: $63,600 a year ($5,300 a month), $3,000 less than User Licence with credits; "
        "if volume doubles, Agentforce Add-on wins at $75,000."
    )


def test_the_arithmetic_is_written_out(asked: Asked) -> None:
    """The sums of the mix and of the cheapest plan stand in the answer."""
    sums = asked(MIX).arithmetic
    assert sums[0] == "18,000 + 21,000 + 14,000 = 53,000 actions a month"
    assert "(1 − $63,600.00 ÷ $240,000.00) × 100 = 73.5% below conversations" in sums


def test_the_recommendation_saves_against_conversations_and_seats(asked: Asked) -> None:
    """Flex saves $176,400 a year against conversations and $11,400 against seats."""
    answer = asked(MIX.replace("compare", "recommend"))
    saved = [answer.figure(f"saving_against_{kind}_usd_per_year").value for kind in ("conversations", "seats")]
    assert saved == [240_000 - 63_600, 75_000 - 63_600]


def test_the_rule_of_thumb_is_shown_where_it_differs(asked: Asked) -> None:
    """At 18 actions the published rule says conversations and the cost says Flex Credits."""
    answer = asked("recommend 10000 interactions 18 actions customers")
    assert answer.figure("recommended_plan").value == "Flex Credits"
    assert "says conversations" in notes(answer, "disputed claim")


def test_heavy_daily_use_is_for_seats(asked: Asked) -> None:
    """300 employees with 1,500 actions each are cheaper with seats, as the rule of thumb says."""
    answer = asked("recommend 300 users 1500 actions per user employees")
    assert answer.figure("recommended_plan").value == "Agentforce Add-on"
    assert "and so does the cost" in notes(answer, "assumption")


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("breakeven 200 users", "57.7 per working day"),
        ("breakeven 3 actions", "70–85% is 6–3 actions"),
        ("breakeven 15 actions", "20 actions at list price"),
        ("breakeven 10 actions", "10 × $0.10 = $1.00"),
        ("price flex 100k credits", "5,000 actions"),
        ("prices sandbox action", "20% less"),
        ("price precommit 1000 interactions 3 actions", "smaller discount"),
    ],
)
def test_a_published_claim_that_does_not_hold_is_named(question: str, claim: str, asked: Asked) -> None:
    """Where the published analysis and the arithmetic disagree, the answer says both."""
    assert claim in notes(asked(question), "disputed claim")


SUM = re.compile(r"^(?:.*: )?([\d,.]+) [a-z ]+ × \$([\d,.]+)(?: =|, | ÷) ?.*?\$([\d,]+\.\d\d) a year")
FEW = "compare 7 interactions per year 3 actions"
ODD = "compare 1m interactions per year 7 actions 300 users discount 13%"


@pytest.mark.parametrize("question", [MIX, ODD, FEW, "compare 10 users 0.333 actions per user"])
def test_sums_come_to_what_they_say(question: str, asked: Asked) -> None:
    """Whoever multiplies what is written gets the cents that are written."""
    written = [found.groups() for line in asked(question).arithmetic if (found := SUM.match(line))]
    assert written
    parts = [[Decimal(text.replace(",", "")) for text in groups] for groups in written]
    assert [(a, b, c) for a, b, c in parts if abs(a * b - c) > Decimal("0.005")] == []


def test_a_price_agreed_for_packs_leaves_pay_as_you_go_as_it_is(asked: Asked) -> None:
    """The same deal said as a pack's price, an action's price or a discount gives one pay-as-you-go price."""
    said = ["$450 per pack", "$0.09 per action", "discount 10%"]
    tables = [asked(f"compare 10000 interactions 3 actions {terms}").table("plans").rows for terms in said]
    assert len({next(row[3] for row in rows if row[0] == "flex_pay_as_you_go") for rows in tables}) == 1


def test_a_tie_is_called_one(asked: Asked) -> None:
    """At 20 actions conversations, resolutions and Flex Credits cost the same, and nothing is said to be saved."""
    answer = asked("recommend 10000 interactions 20 actions customers")
    assert "The cost is the same with" in notes(answer, "warning")
    assert "$0.00 less" not in answer.headline


def test_an_assumed_price_is_called_one(asked: Asked) -> None:
    """Pay-as-you-go has no public price, and the answer says what it takes instead."""
    assert "27.5% (20% to 35%)" in notes(asked("breakeven payg"), "assumption")


def test_no_offer_is_an_error_that_says_why(asked: Asked) -> None:
    """Customer-facing seats alone cannot be bought, and nothing is computed."""
    with pytest.raises(QuestionError, match="No plan can be bought"):
        asked("compare 50 users customers", date(2025, 1, 15))


def test_an_own_price_replaces_the_list_price(asked: Asked) -> None:
    """At $0.08 an action the crossover is $2.00 ÷ $0.08."""
    assert asked("breakeven $0.08 per action").figure("actions_per_interaction").value == Decimal(25)


def test_a_spend_converts_as_the_sum_that_was_said(asked: Asked) -> None:
    """$30,000 are 20 seats for a year, whether said as a sum, for a year, or as the credits that they buy."""
    said = ("convert $30000", "convert $30000 per year", "convert 6m credits")
    assert [asked(question).figure("seats_for_a_year").value for question in said] == [20, 20, 20]


def test_credits_bought_ahead_are_bought_in_whole_packs(asked: Asked) -> None:
    """150,000 credits are $750 at the price of a credit, and two packs ahead."""
    said = ("price flex 150000 credits", "price prepurchase 150000 credits")
    assert [asked(question).figure("usd").value for question in said] == [750, 1_000]


def test_what_is_named_is_in_the_total_even_at_nothing(asked: Asked) -> None:
    """Data Cloud at 0 % adds nothing, and nothing else is added for want of it."""
    assert asked("tco $200000 per year data cloud 0%").figure("total_usd_per_year").value == 200_000


def test_the_conversion_goes_both_ways(asked: Asked) -> None:
    """The credits of 20 seats for a month convert back to 20 seat-months."""
    credits_month = asked("convert 20 seats").figure("credits_per_month").value
    assert asked(f"convert {credits_month:f} credits").figure("seat_months").value == 20


def test_only_what_is_named_is_added_on_top(asked: Asked) -> None:
    """With Premier named, the total is the spend and 30 % of it."""
    assert asked("tco $200000 per year premier").figure("total_usd_per_year").value == 260_000


def test_help_lists_every_command(asked: Asked) -> None:
    """What can be asked is in the help."""
    listed = {row[0] for table in asked("help").tables if table.key != "start" for row in table.rows}
    assert listed == set(COMMANDS)


@pytest.mark.parametrize("subject", ["actions_per_user_month", "payg", *PLANS, "42_per_working_day", "edition"])
def test_explain_knows_figures_prices_plans_and_claims(subject: str, asked: Asked) -> None:
    """Whatever an answer shows can be asked about."""
    answer = asked(f"explain {subject}")
    assert answer.tables or answer.arithmetic or answer.notes


ONLY = "compare 10000 interactions 5 actions 50 users"


def test_only_leaves_the_other_plans_out(asked: Asked) -> None:
    """Whoever names plans gets those and no other, each at the price that it has among all."""
    every = {row[0]: row for row in asked(ONLY).table("plans").rows}
    kept = asked(f"{ONLY} only add-on, conversations and payg").table("plans").rows
    assert {row[0]: row for row in kept} == {
        key: every[key] for key in ("per_conversation", "per_user_add_on", "flex_pay_as_you_go")
    }


def test_only_is_said_in_the_answer(asked: Asked) -> None:
    """That another plan may be cheaper is not passed over."""
    said = [note.text for note in asked(f"{ONLY} only add-on").notes]
    assert "Only these plans are priced, as asked: Agentforce Add-on. Another may be cheaper." in said


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("only flex", ("flex_credits",)),
        ("only flex and conversations", ("per_conversation", "flex_credits")),
        ("only seats, pre-purchase or payg", ("per_user_add_on", "flex_pre_purchase", "flex_pay_as_you_go")),
        ("only add-on, 50 users", ("per_user_add_on",)),
    ],
)
def test_plans_are_listed_as_people_list_them(said: str, keys: tuple[str, ...]) -> None:
    """Commas, and, or: a list of plans ends where no plan follows."""
    assert parse(f"compare {said} 10000 interactions 5 actions").only == keys


def test_only_what_cannot_be_bought_is_an_error(asked: Asked) -> None:
    """Where none of the plans can be had, the reason is told and nothing computed."""
    with pytest.raises(QuestionError, match="No plan can be bought"):
        asked("compare 10000 interactions 5 actions only industries")


@pytest.mark.parametrize("command", ["compare", "recommend", "negotiate", "price flex", "tco", "plan purchase 60 months"])
def test_growth_of_much_is_answered_however_many_digits(asked: Asked, command: str) -> None:
    """A volume at its most that grows tenfold a month has more digits than sums keep, and is written out all the same."""
    assert "$" in asked(f"{command} 1000000000000 interactions 1000000 actions growth 999%").headline
