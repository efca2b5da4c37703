"""The usage of one person: its rows are that person's, and nobody outside the caller's part is named."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.errors import InputError
from core.questions.asking import ask
from core.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.answer.model import Answer
    from tests.fakes.small_wallet import SmallWallet

JANE, JOHN = "jane@acme.com", "005Hs00000U0001AAM"


@pytest.fixture
def two_people(small: SmallWallet) -> SmallWallet:
    """Jane used 20 credits in EMEA and 40 in AMER, John 60 in AMER."""
    return small.events(
        {"userid__c": JANE, "usagereportingorgid__c": "EMEA", "rootresourceidorapiname__c": "IT_Helpdesk"},
        {"userid__c": JANE, "usagereportingorgid__c": "AMER", "unitsconsumed__c": 40},
        {"userid__c": JOHN, "usagereportingorgid__c": "AMER", "unitsconsumed__c": 60},
    )


def asked_of(wallet: SmallWallet, text: str, only: Scope | None = None) -> Answer:
    """Ask the wallet, with access to a part of it if one is given."""
    return ask(text, replace(wallet.context(), only=only) if only else wallet.context())


@pytest.mark.parametrize("grouping", ["agent", "org", "department", "environment", "day", "month"])
def test_each_persons_credits_are_their_row_among_all(
    asked: Callable[[str], Answer], column: Callable[[Answer, str, str], dict[str, Decimal]], grouping: str
) -> None:
    """In any grouping, the biggest users' rows add up to theirs in `usage by user`, at the same cost."""
    everyone = asked("usage by user")
    named = [name for name in column(everyone, "usage", "credits") if "@" in name or name.startswith("005")][:3]
    assert named
    for name in named:
        alone = asked(f'usage by {grouping} user "{name}"')
        assert sum(column(alone, "usage", "credits").values(), Decimal(0)) == column(everyone, "usage", "credits")[name]
        assert alone.figure("usd_used").value == column(everyone, "usage", "usd")[name]


@pytest.mark.parametrize(
    "text",
    [
        f"usage by org user {JANE}",
        f"what did {JANE} spend by org",
        f"Verbrauch nach Org für Nutzer {JANE}",
        f"usage by org for user {JANE.upper()}",
    ],
)
def test_a_person_is_asked_for_in_any_words(two_people: SmallWallet, text: str) -> None:
    """Strict or in free words, with any spelling of the address: 20 credits in EMEA and 40 in AMER."""
    rows = asked_of(two_people, text).table("usage").rows
    assert {(row[0], row[2]) for row in rows} == {("EMEA", Decimal(20)), ("AMER", Decimal(40))}


def test_a_scope_narrows_a_person_too(two_people: SmallWallet) -> None:
    """With access to EMEA only, Jane used 20 credits, and John, who used none there, is unknown and not named."""
    emea = Scope(orgs=("EMEA",))
    assert asked_of(two_people, f"usage by org user {JANE}", emea).figure("used_credits").value == 20
    with pytest.raises(InputError) as refusal:
        asked_of(two_people, 'usage by org user "005Hs"', emea)
    assert "005Hs00000U0001AAM" not in str(refusal.value)
    assert 'no user "005Hs"' in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("usage by agent user nobody@acme.com", 'knows no user "nobody@acme.com"'),
        (f"usage by action user {JANE}", "keeps no action by user"),
        (f"usage by type user {JANE}", "keeps no type by user"),
        (f"usage by user user {JANE}", "Only the events name users"),
        (f"usage by agent user {JANE} grain day", "Only events name users"),
        (f"usage by agent user {JANE} action Answer_FAQ", "keeps no actions by user"),
    ],
)
def test_what_is_not_kept_by_person_is_refused(two_people: SmallWallet, text: str, reason: str) -> None:
    """An unknown person, data that is not stored by person, and questions that take no person are refused with the reason."""
    with pytest.raises(InputError, match=reason):
        asked_of(two_people, text)


def test_one_person_is_held_against_a_seat(two_people: SmallWallet) -> None:
    """`users user …` covers that person: John's 60 credits, and nobody else's row."""
    rows = asked_of(two_people, f"users since 2026-07-01 user {JOHN}").table("users").rows
    assert [row[0] for row in rows] == [JOHN]
