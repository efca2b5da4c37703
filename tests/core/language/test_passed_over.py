"""Patterns that are passed over unread because a text lacks what they need: none of them would have found anything."""

from __future__ import annotations

import calendar
import csv
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.days import days_in_month
from core.language.free_text.definitions import LEAD, MEANING, PRICE
from core.language.free_text.interpreter import AskBack, interpret
from core.language.free_text.items import Pattern
from core.language.free_text.time_spans import TeamCalendar
from core.language.free_text.tokens import PATTERNS

if TYPE_CHECKING:
    from collections.abc import Iterable

PHRASINGS = Path(__file__).parents[2] / "data" / "phrasings"
PIECES = [
    *"0123456789.,%$€£@/-x",
    *("00D", " in ", " of ", "th", "ST", "K", "ſt", "EUR", "Pfund", "pounds", "Franken", "USD", "dollars", "BUCKS"),
    *("percent", "per cent", "PCT", "prozent", "thousand", " a month", "what is ", "was kostet ", "how much is ", " Preis"),
    *("the price of ", " meaning", "wie teuer ist ", "kosten für ", "action", "define ", "what does ", " cost now"),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


def typed() -> list[str]:
    """Return what people typed before they knew the language."""
    with (PHRASINGS / "open.tsv").open(encoding="utf-8", newline="") as lines:
        return [row["utterance"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Let every search for a pattern over items be held against the search that passes nothing over; it notes what was found."""
    found: list[bool] = []
    usual = Pattern.search

    def both(sought: Pattern, written: str, start: int) -> re.Match[str] | None:
        match = usual(sought, written, start)
        assert (match is None) == (sought._regex.search(written, start) is None), (sought.text, written)
        found.append(match is not None)
        return match

    monkeypatch.setattr(Pattern, "search", both)
    return found


def test_no_pattern_over_items_is_passed_over_that_would_be_found(compared: list[bool]) -> None:
    """For everything that people typed; most patterns find nothing, and some do."""
    for text in typed():
        try:
            interpret(text, TeamCalendar(date(2026, 10, 10)))
        except AskBack:
            continue
    assert 0 < sum(compared) < len(compared) / 2


def test_what_a_group_needs_is_one_of_its_choices() -> None:
    """Choices that may all be lacking need nothing, and one inside of another is needed only where that is."""
    pattern = Pattern("since? n=num (?:back|ago) (?:of (?:a|b))? (?:per (?:c|d)|e f?|g? h)+ unit:*")
    assert pattern._needs == ((";num",), (";back", ";ago"), (";per", ";e", ";h"), (";unit:",))


@given(TEXTS)
@settings(max_examples=300)
def test_no_token_is_passed_over(text: str) -> None:
    """A text without any part that a pattern of tokens names has nothing that it takes, in capitals and odd letters too."""
    assert_nothing_passed_over(text)


@pytest.mark.parametrize("text", typed())
def test_no_token_that_people_typed_is_passed_over(text: str) -> None:
    """The same of what people typed, and of questions about one thing."""
    assert_nothing_passed_over(text)


def assert_nothing_passed_over(text: str) -> None:
    """Raise AssertionError, if a pattern that is passed over for a text would take some of it."""
    whole = " ".join(text.lower().split())
    asked = ((parts, rf"\A{LEAD}{pattern}\Z", whole) for parts, pattern in (*MEANING, *PRICE))
    tokens = ((parts, f"(?i){pattern}", text) for _, parts, pattern in PATTERNS if parts)
    for parts, pattern, said in (*asked, *tokens):
        if not holds_any(parts, said):
            assert not re.search(pattern, said), (pattern, said)


def holds_any(parts: Iterable[str], text: str) -> bool:
    """Return whether a text has one of the parts, however its letters are written."""
    return any(part in text.casefold() for part in parts)


@given(st.integers(2000, 2100), st.integers(1, 12))
def test_a_month_has_its_days(year: int, month: int) -> None:
    """As many as Python's calendar says."""
    assert days_in_month(year, month) == calendar.monthrange(year, month)[1]
