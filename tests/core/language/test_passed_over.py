"""Patterns that are skipped because a text lacks what they need: none of them would have matched."""

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
from core.language.free_text.items import Names, Pattern
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
NAMES = Names(
    {"agent": ["Service_Concierge"], "department": ["Field Service"], "use case": ["Refunds"], "action": ["Answer_FAQ"]}
)
NAMING = [
    "Kosten für Anwendungsfall Refunds pro Monat",
    "what did use case Refunds cost",
    "usage of Field Service department by use case",
    "how many credits did Answer_FAQ use last week",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


def typed() -> list[str]:
    """Return what people typed before they knew the language."""
    with (PHRASINGS / "open.tsv").open(encoding="utf-8", newline="") as lines:
        return [row["utterance"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Compare every search for a pattern over items with a search that skips nothing, and record whether it matched."""
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
    """No pattern that would match is skipped, for all phrasings; most patterns match nothing, and some do."""
    for text in (*typed(), *NAMING):
        try:
            interpret(text, TeamCalendar(date(2026, 10, 10)), NAMES)
        except AskBack:
            continue
    assert 0 < sum(compared) < len(compared) / 2


def test_what_a_group_needs_is_one_of_its_choices() -> None:
    """Alternatives that may all be absent need nothing, and a nested one is needed only if the outer one is."""
    pattern = Pattern("since? n=num (?:back|ago) (?:of (?:a|b))? (?:per (?:c|d)|e f?|g? h)+ unit:*")
    assert pattern._needs == ((";num",), (";back", ";ago"), (";per", ";e", ";h"), (";unit:",))
    assert Pattern("group:use case (?:a|n=name:use case)")._needs == ((";group:use",), (";a", ";name:use"))


@given(TEXTS)
@settings(max_examples=300)
def test_no_token_is_passed_over(text: str) -> None:
    """A text without any of a token pattern's parts has no match for it, also with capitals and unusual letters."""
    assert_nothing_passed_over(text)


def test_no_token_that_people_typed_is_passed_over() -> None:
    """The same for all phrasings, and for each of their pieces next to a number and a thing."""
    beside = (shape.format(piece) for piece in PIECES for shape in ("5{}", "5 {}", "{}5", "{} 5", "{}an action", "an action{}"))
    for text in (*typed(), *beside):
        assert_nothing_passed_over(text)


def assert_nothing_passed_over(text: str) -> None:
    """Raise AssertionError if a pattern that is skipped for a text would match a part of it."""
    whole = " ".join(text.lower().split())
    asked = ((parts, rf"\A{LEAD}{pattern}\Z", whole) for parts, pattern in (*MEANING, *PRICE))
    tokens = ((parts, f"(?i){pattern}", text) for _, parts, pattern in PATTERNS if parts)
    for parts, pattern, said in (*asked, *tokens):
        if not holds_any(parts, said):
            assert not re.search(pattern, said), (pattern, said)


def holds_any(parts: Iterable[str], text: str) -> bool:
    """Return whether a text contains one of the parts, in any case."""
    return any(part in text.casefold() for part in parts)


@given(st.integers(2000, 2100), st.integers(1, 12))
def test_a_month_has_its_days(year: int, month: int) -> None:
    """A month has as many days as in Python's calendar."""
    assert days_in_month(year, month) == calendar.monthrange(year, month)[1]
