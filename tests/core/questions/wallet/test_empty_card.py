"""For a card without usage, every answer names the cards that have some."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.errors import InputError
from core.questions.asking import ask
from core.scope import Scope

if TYPE_CHECKING:
    from tests.fakes.small_wallet import SmallWallet

ELSEWHERE = "No usage of FlexCredits is known, only of PlatformCredits (90 credits) and DataCredits (60 credits)."
DATA = {"carddefinitiondevelopername__c": "DataCredits", "usagetypedevelopername__c": "Query", "rootresourceidorapiname__c": ""}
PLATFORM = DATA | {"carddefinitiondevelopername__c": "PlatformCredits", "unitsconsumed__c": 90}


@pytest.fixture
def other_cards(small: SmallWallet) -> SmallWallet:
    """90 credits of one card and 20 + 40 of another, neither of them the default card."""
    return small.events(DATA, DATA | {"unitsconsumed__c": 40}, PLATFORM)


def told(wallet: SmallWallet, text: str, only: Scope | None = None) -> str:
    """Return all text of an answer, or its refusal."""
    context = wallet.context() if only is None else replace(wallet.context(), only=only)
    try:
        answer = ask(text, context)
    except InputError as refusal:
        return str(refusal)
    return " ".join([answer.headline, *(note.text for note in answer.notes)])


@pytest.mark.parametrize(
    "text",
    [
        *("wallet", "usage by agent", "usage by day", "usage by agent then by day", "forecast", "scorecard", "alerts", "digests"),
        *("overhead", "sandbox", "users", "reconcile", "variance last 7 days", "plan purchase", "pilot"),
    ],
)
def test_what_is_not_empty_is_named(other_cards: SmallWallet, text: str) -> None:
    """The card with the most credits comes first, with how to ask about it."""
    said = told(other_cards, text)
    assert ELSEWHERE in said
    assert "card PlatformCredits" in said


def test_what_is_said_to_ask_works(other_cards: SmallWallet) -> None:
    """The question in the sentence returns the credits."""
    assert ask("wallet card PlatformCredits", other_cards.context()).figure("used_credits").value == 90


def test_a_card_with_use_names_no_other(other_cards: SmallWallet) -> None:
    """A card with usage names no other card."""
    assert "No usage of" not in told(other_cards, "wallet card DataCredits")


def test_who_sees_a_part_is_told_of_no_other_card(other_cards: SmallWallet) -> None:
    """A caller with limited access may have none of those cards."""
    assert "PlatformCredits" not in told(other_cards, "usage by agent", Scope(departments=("Service",)))
