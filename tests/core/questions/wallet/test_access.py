"""What a caller may not see stays hidden in every answer: the filter applies to the question, not to its answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.errors import InputError
from core.language.commands import COMMANDS
from core.language.parser import parse
from core.questions.access import is_about_wallet
from core.questions.asking import ask
from core.scope import Scope

if TYPE_CHECKING:
    from core.answer.model import Answer
    from tests.fakes.small_wallet import SmallWallet

EMEA = Scope(orgs=("EMEA",))


@pytest.fixture
def two_orgs(small: SmallWallet) -> SmallWallet:
    """EMEA used 20 credits in Service, AMER 40 in Sales and 60 in Service."""
    return small.events(
        {"usagereportingorgid__c": "EMEA"},
        {
            "usagereportingorgid__c": "AMER",
            "unitsconsumed__c": 40,
            "rootresourceidorapiname__c": "Deal_Desk",
            "rootresourcetags__c": '{"Department": "Sales"}',
        },
        {"usagereportingorgid__c": "AMER", "unitsconsumed__c": 60},
    )


def asked(wallet: SmallWallet, text: str, only: Scope) -> Answer:
    """Ask as a caller with access to that part only."""
    return ask(text, replace(wallet.context(), only=only))


def told(wallet: SmallWallet, text: str, only: Scope) -> str:
    """Return the refusal."""
    with pytest.raises(InputError) as refusal:
        asked(wallet, text, only)
    return str(refusal.value)


def test_the_filter_is_part_of_the_question(two_orgs: SmallWallet) -> None:
    """Asked for all orgs, the answer is that for the accessible one."""
    assert asked(two_orgs, "usage by org", EMEA) == ask('usage by org org "EMEA"', replace(two_orgs.context(), only=EMEA))


def test_only_what_is_open_is_counted(two_orgs: SmallWallet) -> None:
    """EMEA's 20 credits are the total."""
    answer = asked(two_orgs, "usage by org", EMEA)
    assert [row[0] for row in answer.tables[0].rows] == ["EMEA"]
    assert answer.figure("used_credits").value == 20


@pytest.mark.parametrize(
    "text", ["usage by agent org AMER", "wallet org AM", "usage by agent org E", 'usage by agent org "E_M_E_A2"']
)
def test_another_org_is_refused(two_orgs: SmallWallet, text: str) -> None:
    """A question about another org is refused, and the refusal names the accessible one."""
    assert "only org EMEA is open to you" in told(two_orgs, text, EMEA)


def test_one_of_several_departments_has_to_be_said(two_orgs: SmallWallet) -> None:
    """With access to two departments, a question must name one; then the answer is that one's."""
    both = Scope(departments=("Sales", "Service"))
    assert "department Sales · department Service" in told(two_orgs, "usage by agent", both)
    assert asked(two_orgs, "usage by agent department sales", both).figure("used_credits").value == 40


def test_open_names_alike_but_for_spelling_are_told_apart_by_it(two_orgs: SmallWallet) -> None:
    """Sales and sales are both accessible: each spelling means its own."""
    two_orgs.events({"rootresourcetags__c": '{"Department": "sales"}', "unitsconsumed__c": 7})
    both = Scope(departments=("Sales", "sales"))
    used = [asked(two_orgs, f"usage by agent department {name}", both).figure("used_credits").value for name in both.departments]
    assert used == [40, 7]


def test_filters_hold_together(two_orgs: SmallWallet) -> None:
    """Service of AMER is neither Service of EMEA nor Sales of AMER."""
    only = Scope(orgs=("AMER",), departments=("Service",))
    assert asked(two_orgs, "usage by agent", only).figure("used_credits").value == 60


@pytest.mark.parametrize("said", ["Deal_Desks", "Deal", "nobody"])
def test_no_name_is_told_of_what_is_closed(two_orgs: SmallWallet, said: str) -> None:
    """An unknown or half-written name gets no suggestion from elsewhere."""
    assert "Deal_Desk" not in told(two_orgs, f"usage by day agent {said}", EMEA).replace(said, "")


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        ("usage by day agent Deal_Desk", "usage by day agent Deal_Dusk"),
        ("wallet org AMER", "wallet org APAC"),
        ("usage by agent card Credits", "usage by agent card Nothing"),
    ],
)
def test_who_may_not_see_a_name_cannot_tell_whether_there_is_one(two_orgs: SmallWallet, known: str, unknown: str) -> None:
    """Names that only others use are refused in the same words as names that do not exist."""
    only = Scope(departments=("Support",))
    two_orgs.events({"rootresourcetags__c": '{"Department": "Support"}', "usagereportingorgid__c": "EMEA"})
    two_orgs.events({"carddefinitiondevelopername__c": "Credits"})
    first, second = (told(two_orgs, text, only).replace(text.split()[-1], "") for text in (known, unknown))
    assert (first, "has no" in first) == (second, True)


def test_a_part_of_an_open_name_is_not_taken_for_another(two_orgs: SmallWallet) -> None:
    """An accessible name must be written in full: an org that does not exist is not replaced by a similar one."""
    assert "has no org" in told(two_orgs, "usage by agent", Scope(orgs=("EME",)))


@pytest.mark.parametrize("command", ["actions", "reconcile", "portfolio", "recommend", "plan purchase"])
def test_what_cannot_be_narrowed_is_refused(two_orgs: SmallWallet, command: str) -> None:
    """A question that cannot be limited to one org is refused to a caller with one org."""
    assert "about the whole wallet" in told(two_orgs, command, EMEA)


def test_a_price_is_answered_without_the_wallet(two_orgs: SmallWallet) -> None:
    """A pricing question uses no wallet data, as if nothing had been imported."""
    filtered = asked(two_orgs, "breakeven", EMEA)
    assert filtered == ask("breakeven", two_orgs.context().without_wallet())


def test_a_closed_wallet_opens_to_no_question(two_orgs: SmallWallet) -> None:
    """Without access to the wallet, no question about it is answered."""
    examples = [example for command in COMMANDS.values() for example in command.examples]
    questions = [example for example in examples if is_about_wallet(parse(example))]
    for text in questions:
        with pytest.raises(InputError):
            ask(text, two_orgs.context().without_wallet())


FILTERABLE = [example for command in COMMANDS.values() for example in command.examples if is_about_wallet(parse(example))]


@pytest.mark.parametrize("text", FILTERABLE)
def test_no_answer_names_what_is_closed(two_orgs: SmallWallet, text: str) -> None:
    """No documented question about the wallet, answered or refused, mentions the other org."""
    try:
        shown = str(asked(two_orgs, text, EMEA).to_json())
    except InputError as refusal:
        shown = str(refusal)
    assert [name for name in ("AMER", "Deal_Desk") if name in shown] == []
