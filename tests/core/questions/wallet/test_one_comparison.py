"""Tokens, spreadsheets, teams, questions and exports may spell a name differently: it is the same name everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.alerts.measurements import parts_of
from core.alerts.visibility import teams_within
from core.config.teams import Team
from core.errors import QuestionError
from core.language.parser import parse
from core.questions.asking import ask
from core.questions.meaning import meaning_of
from core.scope import Scope
from sheets_addin.worksheets.registry import narrow

if TYPE_CHECKING:
    from tests.fakes.small_wallet import SmallWallet

SPELLINGS = ["Field Service", "field_service", "FIELDSERVICE"]


@pytest.fixture
def field_service(small: SmallWallet) -> SmallWallet:
    """Field Service used 7 credits and Sales 40, spelled like this in the exports."""
    return small.events(
        {"rootresourcetags__c": '{"Department": "Field Service"}', "unitsconsumed__c": 7},
        {"rootresourcetags__c": '{"Department": "Sales"}', "unitsconsumed__c": 40},
    )


@pytest.mark.parametrize("said", SPELLINGS)
@pytest.mark.parametrize("opened", SPELLINGS)
def test_a_token_opens_what_it_names_however_it_is_spelled(field_service: SmallWallet, opened: str, said: str) -> None:
    """Token, question and export each spell the department differently: it is one department."""
    seen = replace(field_service.context(), only=Scope(departments=(opened,)))
    for question in (f'usage by agent department "{said}"', "usage by agent"):
        assert ask(question, seen).figure("used_credits").value == 7


@pytest.mark.parametrize("said", SPELLINGS)
@pytest.mark.parametrize("opened", SPELLINGS)
def test_a_spreadsheet_and_a_team_show_it_alike(field_service: SmallWallet, opened: str, said: str) -> None:
    """What a token may see, a spreadsheet and a team's alerts may see too."""
    scope = Scope(departments=(opened,))
    asked = narrow(parse(f'usage by agent department "{said}"'), scope)
    assert [one.department for one in asked] == [opened]
    assert teams_within([Team("Field", watches=Scope(departments=(said,)))], scope)
    with field_service.context().open_warehouse() as warehouse, warehouse.reading() as session:
        assert [part.departments for part in parts_of(session, "FlexCredits", scope)] == [("Field Service",)]


def test_a_team_watches_every_spelling_that_it_does_not_tell_apart(field_service: SmallWallet) -> None:
    """The exports have Sales and sales: a team of SALES watches both, a team of Sales only that one."""
    field_service.events({"rootresourcetags__c": '{"Department": "sales"}'})
    with field_service.context().open_warehouse() as warehouse, warehouse.reading() as session:
        watched = {
            name: [part.departments[0] for part in parts_of(session, "FlexCredits", Scope(departments=(name,)))]
            for name in ("SALES", "Sales", "sales")
        }
    assert watched == {"SALES": ["Sales", "sales"], "Sales": ["Sales"], "sales": ["sales"]}


@pytest.mark.parametrize("opened", SPELLINGS)
def test_free_words_know_every_name_that_is_open(field_service: SmallWallet, opened: str) -> None:
    """Of two accessible departments the second is recognised too, in the exports' spelling; a closed one is not."""
    field_service.events({"rootresourcetags__c": '{"Department": "Finance"}'})
    seen = replace(field_service.context(), only=Scope(departments=("Sales", opened)))
    known = [meaning_of(f"what did {name} use?", seen).question.department for name in ("Field Service", "Sales")]
    assert known == ["Field Service", "Sales"]
    with pytest.raises(QuestionError):
        meaning_of("what did Finance use?", seen)
