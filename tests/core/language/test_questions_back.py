"""Questions back: each suggestion is a question, keeps amounts with their units, and names what it leaves out."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import REASON_LIMIT
from core.language.free_text.interpreter import AskBack, interpret
from core.language.free_text.items import Names
from core.language.free_text.time_spans import TeamCalendar
from core.language.grammar import print_question, read

NAMES = Names(
    {"agent": ["Service_Concierge", "Lead_Qualifier", "Voice_Router"], "department": ["Sales", "Service"], "org": ["EMEA"]}
)
CALENDAR = TeamCalendar(date(2026, 10, 10))
DAYS_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}")


def asked_back(text: str) -> AskBack | None:
    """Return the question back for a text; None if the text is read."""
    try:
        interpret(text, CALENDAR, NAMES)
    except AskBack as back:
        return back
    return None


def offered_by(back: AskBack | None) -> list[str]:
    """Return the offered questions, as the strict language prints them."""
    return [print_question(read(one)) for one in back.readings if not one.startswith("help")] if back else []


class Said(NamedTuple):
    """An amount in people's English and German, and in the strict language."""

    english: str
    german: str
    strict: str


AMOUNTS = (
    Said("{} users", "{} Nutzer", "{} users"),
    Said("{} chats a month", "{} Gespräche im Monat", "{} interactions"),
    Said("at {} actions", "mit {} Aktionen", "{} actions"),
    Said("{}% off", "{} % Rabatt", "discount {}%"),
    Said("{}% growth", "{} % Wachstum", "growth {}%"),
    Said("sandbox {}%", "{} % Sandbox", "sandbox {}%"),
    Said("${} per seat", "{} $ pro Lizenz", "${} per seat"),
    Said("{} packs", "{} Pakete", "{} packs"),
    Said("{} tokens per action", "{} Token pro Aktion", "{} tokens per action"),
    Said("{} standard prompts", "{} Standard-Prompts", "{} standard prompts"),
    Said("last {} days", "letzte {} Tage", "last {} days"),
)
VERBS = (
    "compare",
    "usage",
    "forecast",
    "why did we spend",
    "alerts",
    "reconcile",
    "Kosten",
    "Verbrauch",
    "Prognose",
    "what about",
)
OTHERS = ("bogus", "without discount", "for Sales", "by agent", "flibber", "Service_Concierge", "bitte", "last week", "ohne EMEA")
# Numbers that can only come from the text, each within the limit of what it counts.
PRIMES = (23, 29, 31, 37, 41, 43, 47, 53, 59, 61)
ASSUMED = {"5.3", "1"}


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """Draw a text of amounts, verbs, names and unknown words, and the strict form of each of its numbers."""
    is_german = draw(st.booleans())
    amounts = draw(st.lists(st.sampled_from(AMOUNTS), min_size=1, max_size=4, unique=True))
    numbers = draw(st.permutations(PRIMES))
    said = {str(number): one.strict.format(number) for one, number in zip(amounts, numbers, strict=False)}
    parts = [
        (one.german if is_german else one.english).format(number) for one, number in zip(amounts, numbers, strict=False)
    ] + draw(st.lists(st.sampled_from(OTHERS), max_size=2, unique=True))
    return ", ".join([draw(st.sampled_from(VERBS)), *draw(st.permutations(parts))]), said


@settings(max_examples=60, deadline=None)
@given(texts())
def test_suggestions_keep_amounts_and_name_what_they_leave_out(drawn: tuple[str, dict[str, str]]) -> None:
    """Each suggestion parses and has only stated numbers, each with its own unit; a number in none of them is named."""
    text, said = drawn
    back = asked_back(text)
    questions = [DAYS_WRITTEN.sub("", one) for one in offered_by(back)]
    kept: set[str] = set()
    for question in questions:
        numbers = set(re.findall(r"\d+(?:\.\d+)?", question)) - ASSUMED
        assert numbers <= set(said), (text, question)
        assert [said[number] for number in numbers if said[number] not in question] == [], (text, question)
        kept |= numbers
    reason = back.reason if back and questions else text
    assert {number for number in said if number not in kept and number not in reason} == set(), (text, questions)


@settings(max_examples=60, deadline=None)
@given(texts())
def test_no_word_and_no_name_is_dropped_silently(drawn: tuple[str, dict[str, str]]) -> None:
    """A text with an unknown word or a negation gets a reply that quotes it; a name is in each suggestion or is quoted."""
    text, _ = drawn
    back = asked_back(text)
    assert back or not re.search("bogus|flibber|without|ohne", text), text
    reason = back.reason if back else text
    assert [word for word in ("bogus", "flibber", "without", "ohne") if word in text and word not in reason] == [], reason
    for name in ("Sales", "Service_Concierge"):
        if name in text and name not in reason:
            assert [one for one in offered_by(back) if name not in one] == [], text


@pytest.mark.parametrize(
    ("text", "suggestion", "named"),
    [
        ("Invoice INV-20931 shows overage of $1,842.50. Verify against consumption.", "reconcile", ["20931", "$1,842.50"]),
        ("which alerts fired in the last 2 weeks", "alerts", ["last 2 weeks"]),
        ("3-year TCO, 2 agents, $180k a year, premier", "tco $180,000 per year premier 2 agents", ["3"]),
        ("forecast for EMEA if volume drops 40 %", 'forecast org "EMEA"', ["40 %"]),
        ("Woher stammt der Satz von 27,5 %?", "explain payg", ["Satz"]),
        ("usage last week without Sales", "usage by agent from 2026-09-28 to 2026-10-04", ["without"]),
        ("Hochrechnung bis Jahresende, P10/P50/P90", "forecast 12 weeks", ["P10", "P50", "P90"]),
        ("tco of $400K of credits", "tco $400,000 per year", []),
    ],
)
def test_the_nearest_question_is_offered(text: str, suggestion: str, named: list[str]) -> None:
    """If no command expresses the whole text, the nearest one is offered, and each word that it leaves out is reported."""
    back = asked_back(text)
    assert suggestion in offered_by(back)
    assert [word for word in named if word not in str(back)] == []


def test_what_is_left_out_of_a_long_text_is_told_in_the_room_there_is() -> None:
    """A reason is limited to 200 characters, so with many unknown words it quotes those that fit and counts the rest."""
    unknown = " ".join(f"flibber{letter * 9}" for letter in "abcdefghijkl")
    back = asked_back(f"usage last week {unknown} 40% of 17 chats")
    assert back is not None
    assert offered_by(back)[0] == "usage by agent from 2026-09-28 to 2026-10-04"
    assert len(back.reason) <= REASON_LIMIT
    assert "“flibberaaaaaaaaa" in back.reason
    assert re.search(r" and \d+ more I could answer$", back.reason)


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("regression suite runs 2,000 actions per night in the sandbox", "2,000 actions"),
        ("cost per lead if 1 in 4 leads qualifies at 5 actions", "4 interactions"),
        ("still under breakeven at 17 actions with 10% off conversations?", "discount 10%"),
        ("200 users 5 chats a day 6 actions", "5 interactions"),
    ],
)
def test_an_amount_is_of_what_was_said_or_left_out(text: str, never: str) -> None:
    """No suggestion counts anything else: not per night as per month, no ratio as an amount, no discount on other things."""
    back = asked_back(text)
    offered = offered_by(back) if back else [print_question(read(interpret(text, CALENDAR, NAMES).question))]
    assert [one for one in offered if never in one] == []


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        (
            "what do 10,000 prompts cost",
            ["price 10,000 basic prompts", "price 10,000 standard prompts", "price 10,000 advanced prompts"],
        ),
        (
            "2 Mio Zeilen pro Monat, was kostet das",
            [
                "price 2,000,000 rows unified per month",
                "price 2,000,000 rows prepared per month",
                "price 2,000,000 rows in real time per month",
            ],
        ),
    ],
)
def test_an_amount_of_several_kinds_is_asked_back_by_kind(text: str, offered: list[str]) -> None:
    """Prompts and rows have kinds at different prices: the asker chooses one, and each suggestion keeps the amount."""
    back = asked_back(text)
    assert offered_by(back) == offered
    assert "of which kind" in str(back)
