"""A change of the pricing model: what it costs once, what it saves, and the month in which it has paid for itself."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answer.model import Answer
from core.config.loader import Config, Contract
from core.context import Context
from core.errors import QuestionError
from core.language.free_text import TeamCalendar, interpret
from core.language.grammar import read
from core.language.parser import parse
from core.pricing.quantities import Usd
from core.pricing.switching import CostRange, ModelSwitch
from core.questions.asking import ask
from sheets_addin.desired_state import build_desired_state
from tests.core.conftest import no_warehouse

Asked = Callable[..., Answer]
DAY = date(2026, 11, 21)
# A month of 10,000 interactions with 5.3 actions: conversations at $2, actions at $0.10.
OLD, NEW = Decimal(10_000) * 2, Decimal(10_000) * Decimal("5.3") * Decimal("0.10")
SAVED = OLD - NEW


def row(answer: Answer, key: str) -> dict[str, object]:
    """Return a way to switch by its columns."""
    table = answer.table("switch")
    return next(dict(zip((one.key for one in table.columns), cells, strict=True)) for cells in table.rows if cells[0] == key)


def months(once: Decimal) -> int:
    """Return the whole months in which the saving pays a cost back: counted, one after the other."""
    paid, count = Decimal(0), 0
    while paid < once:
        paid, count = paid + SAVED, count + 1
    return count


def test_at_the_terms_end_a_month_is_paid_twice(asked: Asked) -> None:
    """Nothing is lost there; the new contract's month of overlap is what the saving has to pay back."""
    answer = asked("switch flex 10000 interactions 5.3 actions")
    found = row(answer, "term_end")
    assert (found["unused_usd_low"], found["unused_usd_high"], found["overlap_usd"]) == (0, 0, NEW)
    assert found["break_even_months_high"] == months(NEW) == 1
    assert found["first_year_usd_low"] == SAVED * 12 - NEW
    assert answer.figure("switch_saving_usd_per_month").value == SAVED == Decimal(14_700)
    assert [key[0] for key in answer.table("switch").rows] == ["term_end"]


def test_amid_the_term_what_is_lost_is_a_range(asked: Asked) -> None:
    """Between nothing, billed as used, and all months left, paid ahead: no guess in between."""
    found = row(asked("switch flex 10000 interactions 5.3 actions 7 months left"), "now")
    assert (found["unused_usd_low"], found["unused_usd_high"]) == (0, OLD * 7)
    assert (found["break_even_months_low"], found["break_even_months_high"]) == (months(NEW), months(OLD * 7 + NEW))
    assert (found["switch_on"], found["paid_back_by"]) == (DAY, date(2027, 9, 21))
    assert found["first_year_usd_low"] == SAVED * 12 - OLD * 7 - NEW


def test_what_is_said_to_be_unused_is_what_is_lost(asked: Asked) -> None:
    """An amount from the order form replaces the range."""
    found = row(asked("switch flex 10000 interactions 5.3 actions unused $40,000 overlap 2 months"), "now")
    assert (found["unused_usd_low"], found["unused_usd_high"], found["overlap_usd"]) == (40_000, 40_000, NEW * 2)
    assert found["break_even_months_low"] == found["break_even_months_high"] == months(40_000 + NEW * 2)


def test_the_contracts_end_says_how_much_is_left() -> None:
    """app.yaml's contract.end dates the switch; months are counted as they start."""
    context = Context(DAY, Config(contract=Contract(end=date(2027, 7, 1))), no_warehouse)
    answer = ask("switch flex 10000 interactions 5.3 actions", context)
    assert row(answer, "term_end")["switch_on"] == date(2027, 7, 1)
    assert row(answer, "now")["unused_usd_high"] == OLD * 8  # 21 Nov to 30 Jun: seven months and some days


@pytest.mark.parametrize(
    ("end", "left"), [(date(2026, 12, 21), 1), (date(2026, 12, 22), 2), (date(2026, 11, 22), 1), (date(2027, 11, 21), 12)]
)
def test_started_months_are_counted_whole(end: date, left: int) -> None:
    """The day decides: a month and a day are two started months."""
    context = Context(DAY, Config(contract=Contract(end=end)), no_warehouse)
    assert row(ask("switch flex 10000 interactions 5.3 actions", context), "now")["unused_usd_high"] == OLD * left


def test_a_contract_that_is_over_leaves_only_its_end(asked: Asked) -> None:
    """A past end says nothing of a term; the answer asks for it."""
    context = Context(DAY, Config(contract=Contract(end=date(2026, 11, 21))), no_warehouse)
    answer = ask("switch flex 10000 interactions 5.3 actions", context)
    assert len(answer.table("switch").rows) == 1
    assert any("7 months left" in note.text for note in answer.notes)
    assert answer.table("switch").rows == asked("switch flex 10000 interactions 5.3 actions").table("switch").rows


def test_what_saves_nothing_is_never_paid_back(asked: Asked) -> None:
    """From 20 actions on Flex Credits cost as much or more: the answer says not to switch."""
    dearer = asked("switch flex 10000 interactions 25 actions")
    assert dearer.headline == "Do not switch: Flex Credits cost $5,000 more a month than Conversations ($25,000)."
    assert row(dearer, "term_end")["break_even_months_high"] is None
    assert "as much as" in asked("switch flex 10000 interactions 20 actions no overlap").headline


def test_back_to_conversations(asked: Asked) -> None:
    """The other way round the same sums hold."""
    found = row(asked("switch conversations 10000 interactions 25 actions"), "term_end")
    assert (found["overlap_usd"], found["first_year_usd_low"]) == (20_000, (25_000 - 20_000) * 12 - 20_000)


def test_a_new_contract_is_told_with_its_source(asked: Asked) -> None:
    """What the change needs stands at first sight, and who says so behind it."""
    note = asked("switch flex 10000 interactions 5.3 actions").notes[0]
    assert "a new contract for every Agentforce product" in note.text
    assert "pricing analysis, early 2026" in note.text
    assert "new contract for every Agentforce product" in note.at_first


AMOUNTS = st.decimals(1, 10**6, places=2).map(Usd)


@given(AMOUNTS, AMOUNTS, st.decimals(0, 10**6, places=2).map(Usd), st.integers(0, 6).map(Decimal))
def test_the_break_even_month_is_the_first_that_covers_the_cost(old: Usd, new: Usd, lost: Usd, overlap: Decimal) -> None:
    """That many months of saving cover what is paid once, one month fewer does not; without a saving there is none."""
    switch = ModelSwitch(old, new, CostRange(lost, lost), overlap)
    saved, once = old.count - new.count, lost.count + new.count * overlap
    found = switch.break_even_months(switch.once.high)
    assert switch.once == CostRange(Usd(once), Usd(once))
    if saved <= 0:
        assert found is None
    else:
        assert found is not None
        assert found * saved >= once
        assert found == 0 or (found - 1) * saved < once
        assert switch.saved_in_first_year().low.count == saved * 12 - once


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("switch", "needs the plan to change to"),
        ("switch add-on 10000 interactions 5 actions", "needs the plan to change to"),
        ("switch flex 10000 interactions", "needs interactions with their actions"),
        ("switch flex 53000 actions per month", "needs interactions with their actions"),
        ("switch flex 10000 interactions 5 actions overlap 0 months", "more than 0"),
    ],
)
def test_what_makes_no_sense_is_refused(text: str, told: str) -> None:
    """The plan to change to and a workload that both plans can be priced by are needed."""
    with pytest.raises(QuestionError, match=told):
        parse(text)


def test_without_a_workload_the_wallets_own_is_needed(asked: Asked) -> None:
    """Where nothing is imported, the answer says what to name instead."""
    with pytest.raises(QuestionError, match="needs a workload, or a wallet"):
        asked("switch flex")


@pytest.mark.parametrize(
    ("text", "strict"),
    [
        (
            "what does it cost to switch from conversations to flex at 10000 chats a month with 5 actions",
            "switch flex 10000 interactions 5 actions",
        ),
        (
            "was kostet der Umstieg von Conversations auf Flex bei 10000 Gesprächen mit 5 Aktionen",
            "switch flex 10000 interactions 5 actions",
        ),
        (
            "switch to flex, 10000 conversations, 4 actions, 7 months left",
            "switch flex 10000 interactions 4 actions 7 months left",
        ),
        (
            "lohnt sich der Wechsel auf Flex mitten in der Laufzeit bei 10000 Gesprächen mit 4 Aktionen",
            "switch flex 10000 interactions 4 actions",
        ),
        ("switch from flex to conversations for 5000 chats with 25 actions", "switch conversations 5000 interactions 25 actions"),
        (
            "break-even of switching from conversations to flex credits at the end of our contract, 10k chats, 5 actions",
            "switch flex 10000 interactions 5 actions",
        ),
        ("should we switch to flex credits", "switch flex"),
    ],
)
def test_a_switch_is_understood_in_peoples_own_words(text: str, strict: str) -> None:
    """English and German; what stands after `to` is the new plan, whatever is named first."""
    assert read(interpret(text, TeamCalendar(DAY)).question) == read(strict)


def test_a_switch_has_a_worksheet() -> None:
    """The ways to switch are a worksheet of their own."""
    found = build_desired_state(["switch flex 10000 interactions 5 actions 7 months left"], Context(DAY, Config(), no_warehouse))
    assert (found.troubles, [sheet.title for sheet in found.workbook.worksheets]) == ({}, ["Switch"])
