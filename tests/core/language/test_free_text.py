"""Free text: what is read, what is asked back, and that nothing is dropped."""

from __future__ import annotations

import contextlib
import csv
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import QuestionError
from core.language.free_text.interpreter import AskBack, interpret
from core.language.free_text.items import Board, Names, items_of, pattern
from core.language.free_text.time_spans import TeamCalendar
from core.language.grammar import print_question, read

if TYPE_CHECKING:
    from collections.abc import Callable

# What people typed before they knew the language, with the strict questions that would have been right.
PHRASINGS = Path(__file__).parents[2] / "data" / "phrasings"
# Phrasings in ten registers, from analyst to consultant, were collected before the readings that they test were implemented.
FILES = {"open.tsv": 85, "registers.tsv": 88}
NAMES = Names(
    {
        "agent": ["Service_Concierge", "Sales_SDR", "IT_Helpdesk", "Voice_Router", "Field_Scheduler"],
        "action": ["Troubleshoot_Device", "Answer_FAQ"],
        "department": ["Service", "Sales", "Field Service", "IT", "HR"],
        "org": ["00DHs00000EMEA1MAB", "EMEA"],
    }
)
CALENDAR = TeamCalendar(date(2026, 10, 10))
GROUPING = re.compile(r" by (?:any|agent|action|user|department|week|day)(?= |$)")


def question_of(text: str) -> str | None:
    """Return the question read from a text, in canonical form; None if it is asked back."""
    with contextlib.suppress(QuestionError):
        return print_question(read(text))
    try:
        return print_question(read(interpret(text, CALENDAR, NAMES).question))
    except AskBack:
        return None


def canonical(strict: str) -> str:
    """Return a strict question in canonical form; return a text that is not a question unchanged."""
    try:
        return print_question(read(strict.replace(" by any", " by agent")))
    except QuestionError:
        return strict


def rows(file: str = "open.tsv") -> list[dict[str, str]]:
    """Return the rows of what people typed."""
    with (PHRASINGS / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def is_right(row: dict[str, str], got: str | None) -> bool:
    """Whether a question, or None, is the result that a row expects."""
    wanted = [part.removeprefix("ASSUME:") for part in row["expected"].split(" || ")]
    if got is None:
        return "ASK_BACK" in wanted
    free = {GROUPING.sub("", canonical(one)) for one in wanted if " by any" in one}
    return got in {canonical(one) for one in wanted} or GROUPING.sub("", got) in free


@pytest.mark.parametrize("file", FILES)
def test_most_phrasings_are_read_to_the_letter(file: str, record_property: Callable[[str, object], None]) -> None:
    """A minimum percentage of phrasings, English and German, is read as exactly the intended question, or correctly asked back.

    Others are equally correct in other words, such as `last 2 weeks` for the last 14 days; their figures are not compared here.
    """
    judged = [is_right(row, question_of(row["utterance"])) for row in rows(file)]
    score = 100 * sum(judged) / len(judged)
    record_property(f"phrasings_read_to_the_letter_percent_{file.removesuffix('.tsv')}", round(score, 1))
    assert score >= FILES[file]


@pytest.mark.parametrize("row", rows("registers.tsv"), ids=lambda row: row["id"])
def test_no_phrasing_is_read_as_something_else(row: dict[str, str]) -> None:
    """A text not read as intended is asked back: no phrasing of the ten registers gets a wrong answer."""
    got = question_of(row["utterance"])
    assert got is None or is_right(row, got)


TO_BE_ASKED_BACK = [row["utterance"] for row in rows() if row["expected"] == "ASK_BACK" and "Billing_Bot" not in row["utterance"]]


@pytest.mark.parametrize("text", TO_BE_ASKED_BACK)
def test_what_no_command_answers_is_asked_back(text: str) -> None:
    """No figure is better than a figure that nobody asked for."""
    assert question_of(text) is None


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("how much for 10k chats a month at 5 actions", "compare 10,000 interactions 5 actions"),
        ("Break-even bei 200 Nutzern und 20% Rabatt", "breakeven 200 users discount 20%"),
        ("200 users, each 12 conversations per month, 4 actions", "compare 200 users 2,400 interactions 4 actions"),
        ("who used the most credits last week", "usage from 2026-09-28 to 2026-10-04 by user"),
        ("usage last 30 days", "usage last 30 days by agent"),
        ("Verbrauch gestern", "usage from 2026-10-09 to 2026-10-09 by agent"),
        ("spend by department in Q3", "usage from 2026-07-01 to 2026-09-30 by department"),
        ("usage by month in 2025", "usage from 2025-01-01 to 2025-12-31 by month"),
        ("1 Aug 2026 to 15 Aug 2026 usage by agent", "usage from 2026-08-01 to 2026-08-15 by agent"),
        ("usage by IT", 'usage by agent department "IT"'),
        ("how much has it used last month", "usage from 2026-09-01 to 2026-09-30 by agent"),
        ("forecast december", "forecast 12 weeks"),
        ("10k convos/mo at 3 actions, 8% growth per month", "compare 10,000 interactions 3 actions growth 8%"),
        ("10k chats 3 actions growing 20% a year", "compare 10,000 interactions 3 actions growth 20% per year"),
        ("50k chats, 4 actions, 20% off", "compare 50,000 interactions 4 actions discount 20%"),
        ("10000 chats 4 actions 60% resolved", "compare 10,000 interactions 4 actions resolved 60%"),
        ("sandbox vs production", "usage by environment"),
        ("10k chats a month, 3-5 actions", "compare 10,000 interactions 3 actions to 5 actions"),
        ("between 3 and 5 actions for 10k chats", "compare 10,000 interactions 3 actions to 5 actions"),
        ("zwischen 3 und 5 Aktionen, 8.000 Gespräche", "compare 8,000 interactions 3 actions to 5 actions"),
        ("20-30k chats at 4 actions", "compare 20,000 interactions to 30,000 interactions 4 actions"),
        ("40-60 users at 500 actions per user", "compare 40 users to 60 users 500 actions per user"),
        (
            "compare 500 to 600 chats a week 4 actions",
            "compare 26,000 interactions per year to 31,200 interactions per year 4 actions",
        ),
        ("credits by agent by month, Jul-Sep", "usage by agent then by month from 2026-07-01 to 2026-09-30"),
        ("usage by department and week", "usage by department then by week"),
        ("how much does Troubleshoot_Device burn", 'usage by agent action "Troubleshoot_Device"'),
        ("top 5 actions by credits", "usage by action top 5"),
        (
            "120 Mitarbeiter mit je 800 Aktionen im Monat, Lizenz oder Credits?",
            "compare 120 users 800 actions per user employees",
        ),
        ("300 users x 200 actions per month", "compare 300 users 200 actions per user"),
        ("what is an action", "explain action"),
        ("Are we inside budget?", "budget"),
        ("budget status for Service", 'budget department "Service"'),
        ("how much budget is left for Field Service", 'budget department "Field Service"'),
        ("is Sales over budget this month", 'budget from 2026-10-01 to 2026-10-31 department "Sales"'),
        ("Sind wir über dem Budget?", "budget"),
        ("Liegt Sales_SDR im Budget?", 'budget agent "Sales_SDR"'),
        ("quarterly budget", "budget from 2026-10-01 to 2026-12-31"),
        ("budget vs actual", "budget"),
        ("Was kostet ein Gespräch?", "prices conversation"),
        ("what does a voice action cost", "prices voice action"),
        ("how many credits did we buy", "wallet"),
        ("how long will the credits last", "forecast"),
        ("Reichen die Credits bis Ende Dezember?", "forecast"),
        ("how many credits do I get for 100 seats", "convert 100 users"),
        ("how many actions does a conversation take", "actions"),
        ("which users should have a seat", "users"),
        ("why did costs go up", "variance"),
        ("forecast october", "forecast 3 weeks"),
        ("how much for 2000 chats a month at 5 actions", "compare 2,000 interactions 5 actions"),
        ("2050 users at 500 actions each", "compare 2,050 users 500 actions per user"),
        ("credits used in 2026", "usage from 2026-01-01 to 2026-12-31 by agent"),
        ("spend for Deal_Desk_Bot last month", 'usage by action from 2026-09-01 to 2026-09-30 agent "Deal_Desk_Bot"'),
        ("annual cost of 4,500 interactions per week at 4 actions under flex", "compare 234,000 interactions per year 4 actions"),
        ("7 actions per conversation, 10k conversations", "compare 10,000 interactions 7 actions"),
        ("10000 faq a month", "compare 10,000 interactions 2 actions to 3 actions"),
        ("monthly spend by department this year", "usage by department then by month from 2026-01-01 to 2026-12-31"),
        ("QoQ change in credits for Sales_SDR", "variance from 2026-07-01 to 2026-09-30 agent Sales_SDR"),
        ("bridge Aug to Sep spend", "variance from 2026-09-01 to 2026-09-30"),
        ("usage of the Voice_Ruoter last week", "usage by action from 2026-09-28 to 2026-10-04 agent Voice_Router"),
        ("what will Sales burn in december", "forecast 12 weeks department Sales"),
        ("what did jane@acme.com spend last month", "usage by agent from 2026-09-01 to 2026-09-30 user jane@acme.com"),
        ("TTS 80M characters a month", "price 80000000 characters of text to speech per month"),
        ("AI SDR, 8k leads a month", "compare 8000 interactions 3 actions to 6 actions"),
        ("cost of 15,000 actions in the sandbox", "compare 15000 actions per month sandbox 100%"),
        ("usage where environment is blank", "usage by agent unknown"),
        ("hi", "help"),
        ("thanks a bunch", "help"),
    ],
)
def test_what_is_meant(text: str, question: str | None) -> None:
    """A phrasing is the strict question that an expert would have typed."""
    assert question_of(text) == (question and canonical(question))


@pytest.mark.parametrize(
    "text",
    [
        "compare 10000 interactions 5 actions without discount",
        "usage by agent except Sales_SDR",
        "more than 500 users",
        "price 10,000 conversations at €1.80",
        "usage of the moon last week",
        "200 users 10000",
        "do I need more credits",
        "forecast 10007 months",
        "7 months",
        "usage % by agent",
        "hidden costs of agentforce at 500k a year",
        "what would last month have cost on conversations",
        "how many conversations did we have in September",
        "does the seat pay off for 300 actions a day per rep",
        "usage by agent last week and the month before",
        "spend per customer last month",
        "usage including sandbox last week",
        "CI burns how many credits weekly in the sandbox",
        "10k chats 5 actions, 20% less",
        "17 actions with 10% off conversations, breakeven?",
        "2.4M interactions a year at 4.5 actions, list and with 20% discount",
    ],
)
def test_what_cannot_be_said_is_not_dropped(text: str) -> None:
    """Negations, bounds, currencies, unknown words and numbers without a unit are asked back, never left out."""
    assert question_of(text) is None


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("price of 1.500 credits", ["price of 1,500 credits", "price of 1.5 credits"]),
        ("usage on 10/01/2026", ["usage on 2026-10-01", "usage on 2026-01-10"]),
        ("50 users 400 actions a month", ["compare 50 users 400 actions per user", "compare 50 users 400 actions per month"]),
        (
            "Sales and Service spend last month",
            [
                'usage from 2026-09-01 to 2026-09-30 department "Sales" by agent',
                'usage from 2026-09-01 to 2026-09-30 department "Service" by agent',
            ],
        ),
        ("usage without sandbox", ["usage production by agent", "wallet production"]),
        ("usage by agent except Sales_SDR", ["usage by agent"]),
        ("what's my cost?", ["usage by month", "wallet", "forecast"]),
        ("Was kostet eine Lizenz?", ["prices add-on", "prices user licence"]),
        ("cost per chat at 3-5 actions", ["breakeven 3 actions", "breakeven 5 actions"]),
    ],
)
def test_two_readings_are_both_named(text: str, readings: list[str]) -> None:
    """A number or a date with two readings is asked back, and each reading is a complete question."""
    with pytest.raises(AskBack) as asked:
        interpret(text, CALENDAR, NAMES)
    assert list(asked.value.readings) == readings


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("spend by squads last week", "usage from 2026-09-28 to 2026-10-04 by department"),
        ("usage of the helpdesk bot", 'usage by action agent "IT_Helpdesk"'),
        ("squads", None),
    ],
)
def test_words_of_the_house_mean_what_app_yaml_says(text: str, question: str | None) -> None:
    """A team's own word stands for one of our words, or for a name."""
    names = Names(NAMES.by_kind, {"squads": "department", "Helpdesk bot": "IT_Helpdesk"})
    try:
        got = interpret(text, CALENDAR, names).question
    except AskBack:
        got = None
    assert (got and print_question(read(got))) == (question and canonical(question))


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("spend last week", "usage from 2026-09-27 to 2026-10-03 by agent"),
        ("spend last quarter", "usage from 2026-05-01 to 2026-07-31 by agent"),
        ("spend in FY26", "usage from 2025-02-01 to 2026-01-31 by agent"),
        ("spend in Q1", "usage from 2026-02-01 to 2026-04-30 by agent"),
        ("spend by quarter", "usage by quarter"),
    ],
)
def test_time_follows_the_calendar_of_the_team(text: str, question: str) -> None:
    """With weeks from Sunday and a year from February, asked on Saturday 10 October 2026."""
    ours = TeamCalendar(date(2026, 10, 10), week_starts_on=6, fiscal_year_start=2)
    assert print_question(read(interpret(text, ours, NAMES).question)) == canonical(question)


@settings(deadline=None)
@given(st.text(max_size=120))
def test_no_text_raises_anything_else(text: str) -> None:
    """Any text gives either a reading that the strict language accepts, or a question back."""
    with contextlib.suppress(AskBack):
        read(interpret(text, CALENDAR, NAMES).question)


WORDS = st.sampled_from(
    """200 users 10k chats 5 actions a month usage by agent last week without Service forecast 20% off $110 wallet left"
    " compare the cost of credits except discount 3-5 each per day October Sales why expensive bogus 7% growth
    60% resolved""".split()  # noqa: SIM905 - a list of so many words is a wall of quotes
)


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=10))
def test_every_amount_that_was_said_is_used(words: list[str]) -> None:
    """Each number of the text is in the question, or in the assumption that accounts for it."""
    text = " ".join(words)
    try:
        reading = interpret(text, CALENDAR, NAMES)
    except AskBack:
        return
    said = " ".join([reading.question, *reading.assumptions])
    for amount in {"200", "20", "110", "7", "60"} & set(re.findall(r"\d+", text)):
        assert amount in said
    assert not {"without", "except", "bogus"} & set(words)


INTERACTION_WORDS = ["chats", "conversations", "convos", "Gespräche", "interactions", "sessions"]
PERIOD_WORDS = {" a month": 1, "/mo": 1, " per month": 1, " im Monat": 1, " monthly": 1, " a year": None, " p.a.": None}
ACTION_WORDS = ["at {} actions", "{} actions each", "mit {} Aktionen", "{} actions per chat", "with {} actions", "à {} Aktionen"]
EXTRAS = {
    "": "",
    "{}% off": "discount {}%",
    "{} % Rabatt": "discount {}%",
    "{}% discount": "discount {}%",
    "{}% growth": "growth {}%",
    "sandbox {}%": "sandbox {}%",
    "{}% voice": "voice {}%",
}


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_amounts_keep_their_value_and_unit_in_any_order(data: st.DataObject) -> None:
    """In any wording, order and language, the reading has each amount with its own unit, and nothing else."""
    count, actions, share = (data.draw(st.integers(2, most)) for most in (90_000, 60, 45))
    period = data.draw(st.sampled_from(sorted(PERIOD_WORDS)))
    extra = data.draw(st.sampled_from(sorted(EXTRAS)))
    parts = [
        f"{count} {data.draw(st.sampled_from(INTERACTION_WORDS))}{period}",
        data.draw(st.sampled_from(ACTION_WORDS)).format(actions),
        extra.format(share),
    ]
    text = ", ".join(part for part in data.draw(st.permutations(parts)) if part)
    a_year = "" if PERIOD_WORDS[period] else " per year"
    assert question_of(text) == canonical(f"compare {count} interactions{a_year} {actions} actions {EXTRAS[extra].format(share)}")


SAID = """
usage spend credits forecast wallet compare price cost seats users chats actions by agent month week last since until Verbrauch
Kosten Gespräche Nutzer Aktionen pro nach letzte bis discount off growth top packs each per a at for and why Sales
Service_Concierge EMEA sandbox production flex premier breakeven left run_out cheaper how many what is the
"""
PRIMES = [str(prime) for prime in (7, 13, 37, 101, 1009, 10007)]
# Valid factors for a stated number: weeks, quarters and days per year, and months; amounts per user also by the users.
TIMES = (1, 52, 4, 365, 12)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from([*SAID.split(), *PRIMES]), min_size=1, max_size=9))
def test_no_reading_drops_a_number_or_a_name(words: list[str]) -> None:
    """For words and numbers in any order, the reading or its assumptions contain every number and every name."""
    try:
        reading = interpret(" ".join(words), CALENDAR, NAMES)
    except AskBack:
        return
    told = " ".join([print_question(read(reading.question)), *reading.assumptions]).replace(",", "")
    numbers = {int(number) for number in re.findall(r"(?<![\d.])\d+(?![\d.]*\d)", told)}
    said = [int(word) for word in words if word in PRIMES]
    lost = [
        n for n in said if not any(n * times in numbers or n * times * one in numbers for times in TIMES for one in (*said, 1))
    ]
    is_time = any(word in {"week", "month", "last", "since", "until", "bis", "letzte"} for word in words)
    names = [word for word in words if word in {"Sales", "Service_Concierge", "EMEA"}]
    assert lost == [] or is_time
    assert [name for name in names if name not in told] == []


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("month_name:* year_number", True),
        ("year_number month_name:*", False),
        ("month_name:* weekday:*", False),
        ("weekday:*|month_name:*", True),
        ("(?:weekday:*|month_name:*) year_number", True),
        ("since? month_name:*", True),
        ("(?:since)? month_name:* (?:weekday:*)*", True),
    ],
)
def test_a_pattern_is_found_whatever_it_may_do_without(sought: str, *, found: bool) -> None:
    """Tags in optional groups, in alternatives and before a question mark may be missing from the text; all others may not."""
    board = Board(items_of("october 2026", Names({})))
    assert (board.first(pattern(sought), "any") is not None) == found
