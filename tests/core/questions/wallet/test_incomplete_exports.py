"""Answers for days that an event export covers in part: they add up, and say so once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.answer.model import Answer
from core.config.alerts import AlertSettings
from core.config.teams import Team
from core.config.wallet import WalletSettings
from core.digests.content import digest
from core.language.parser import parse
from core.questions.asking import ask
from core.questions.wallet.usage_grid import usage_grids
from core.scope import Scope
from core.wallet.ingest.pipeline import import_files
from core.warehouse.database import Warehouse
from tests.fakes.cells import text
from tests.fakes.small_wallet import SmallWallet, context_of

Column = Callable[[Answer, str, str], dict[Any, Any]]
Figures = Callable[[Answer], dict[str, Any]]

NEWCOMER = Path(__file__).resolve().parents[3] / "data" / "incomplete"
LACKING = "(not in the event export)"
JULY = date(2026, 7, 13)


@pytest.fixture
def newcomer(warehouse_of: Callable[..., Warehouse]) -> Callable[[str], Answer]:
    """Ask a wallet with all days exported, 4,600 credits, and then one bot's events, 60 of them."""
    warehouse = warehouse_of(NEWCOMER / "daily_all.csv", NEWCOMER / "events_one_bot.csv")
    return lambda text: ask(text, context_of(warehouse, as_of=date(2026, 11, 29)))


@pytest.fixture
def warehouse_of(small: SmallWallet) -> Callable[..., Warehouse]:
    """Import files into a wallet, one after another."""

    def bring(*paths: Path) -> Warehouse:
        for path in paths:
            import_files(small.warehouse, [path], WalletSettings())
        return small.warehouse

    return bring


@pytest.fixture
def partial(small: SmallWallet) -> SmallWallet:
    """Two weeks of 200 credits in the daily export, of which events name 20 a day; two weeks before, all of 20."""
    days = [(f"2026-07-{day:02d}", 200) for day in range(13, 27)]
    return small.days_of_use(date(2026, 6, 29), *[20] * 28).daily_export(*days)


def lacking_notes(answer: Answer) -> list[str]:
    """Return an answer's notes about gaps of the event export."""
    said = ("are not in the event export", "The event export is not complete")
    return [note.text for note in answer.notes if any(words in note.text for words in said)]


def test_an_event_export_of_one_bot_leaves_the_total_what_it_was(newcomer: Callable[[str], Answer], figures: Figures) -> None:
    """The daily export has 1,240 + 1,860 + 1,500 credits; one bot's events remove none of them."""
    assert figures(newcomer("wallet"))["used_credits"] == 1240 + 1860 + 1500


def test_what_the_event_export_lacks_has_a_row_of_its_own(newcomer: Callable[[str], Answer], column: Column) -> None:
    """The bot has 60 credits; the other 4,540 are a row “not in the event export”, whole days included."""
    used = column(newcomer("usage by agent"), "usage", "credits")
    assert used == {"Returns_Bot": 20 + 40, LACKING: 4600 - 60}


def test_the_import_of_a_part_is_no_revision(newcomer: Callable[[str], Answer], small: SmallWallet, tmp_path: Path) -> None:
    """Events for some of a day's credits do not revise the day."""
    assert newcomer("wallet")
    path = tmp_path / "late.csv"
    path.write_text(
        "eventtime__c,unitsconsumed__c,rootresourceidorapiname__c,usagebusinessenvtype__c\n2026-11-22T10:00:00Z,20,B,production"
    )
    report = import_files(small.warehouse, [path], WalletSettings())
    assert [(change.credits_before, change.credits_after) for change in report.day_changes()] == [(1500, 1500)]


@pytest.mark.parametrize("by", ["agent", "action", "department", "use case", "org", "type", "environment", "user", "day", "week"])
def test_every_breakdown_adds_up(partial: SmallWallet, column: Column, figures: Figures, by: str) -> None:
    """14 days of 20 and 14 of 200 credits, by any name."""
    answer = partial.ask(f"usage by {by}")
    assert sum(column(answer, "usage", "credits").values()) == figures(answer)["used_credits"] == 14 * 20 + 14 * 200


WALLET_QUESTIONS = (
    "wallet; usage by agent; usage by day; usage by user; variance last 7 days; sandbox; overhead; forecast; reconcile; "
    "pilot; plan purchase; recommend; negotiate; tco; scorecard; users"
)


@pytest.mark.parametrize("question", WALLET_QUESTIONS.split("; "))
def test_every_answer_over_such_days_says_so_once(partial: SmallWallet, question: str) -> None:
    """Every answer has one note with the missing credits."""
    partial.grants_said(start=date(2026, 6, 1), end=date(2027, 6, 1))
    partial.daily_export(("2026-07-27", 20), ("2026-07-30", 0)).events(
        {"userid__c": "U1", "eventtime__c": "2026-07-20T09:00:00Z"}
    )
    assert len(lacking_notes(partial.ask(question, date(2026, 7, 30)))) == 1


def test_days_without_a_difference_say_nothing(partial: SmallWallet) -> None:
    """In the two weeks before, events have everything."""
    assert not lacking_notes(partial.ask("usage by agent from 2026-06-29 to 2026-07-12"))
    assert lacking_notes(partial.ask("usage by agent from 2026-06-29 to 2026-07-13")) == [
        f"180 credits (13 Jul 2026) are not in the event export; a coarser export counts them, without names: “{LACKING}”."
    ]


def test_a_part_by_agent_leaves_out_what_names_no_agent(partial: SmallWallet, figures: Figures) -> None:
    """An agent's usage is what events name, and the answer says that they are incomplete for these days."""
    answer = partial.ask("usage by day agent Service_Concierge")
    assert figures(answer)["used_credits"] == 28 * 20
    when = "14 days, 13 Jul 2026 to 26 Jul 2026"
    why = "what it lacks names no org, agent or department, so it is not counted here"
    assert lacking_notes(answer) == [f"The event export is not complete ({when}): {why}."]


def test_who_may_see_one_agent_learns_no_amount_of_what_names_none(partial: SmallWallet) -> None:
    """A caller with one agent neither sees nor counts the 2,520 credits without a name."""
    only = Scope(agents=("Service_Concierge",))
    answer = ask("usage by agent", replace(partial.context(), only=only))
    assert [row[0] for row in answer.table("usage").rows] == ["Service_Concierge"]
    assert "2,520" not in str(answer)
    assert len(lacking_notes(answer)) == 1


def test_one_grain_by_name_is_that_grain(partial: SmallWallet, column: Column, figures: Figures) -> None:
    """`grain event` and `grain day` show each export as it is."""
    assert figures(partial.ask("usage by agent grain event"))["used_credits"] == 28 * 20
    assert column(partial.ask("usage by agent grain day"), "usage", "credits") == {"(not stated)": 14 * 200}


def test_a_wallet_of_daily_exports_alone_lacks_nothing(small: SmallWallet, column: Column) -> None:
    """Without any events, no event export is missing."""
    small.daily_export(("2026-07-13", 200))
    answer = small.ask("usage by agent")
    assert (column(answer, "usage", "credits"), lacking_notes(answer)) == ({"(not stated)": 200}, [])


def test_the_headline_does_not_call_a_small_part_most(partial: SmallWallet) -> None:
    """The biggest named part may not be the biggest of all."""
    assert partial.ask("usage by agent").headline.endswith("; of what is named Service_Concierge used most, $2.80 (18.2%).")


def test_reconcile_shows_days_on_which_events_hold_more(small: SmallWallet) -> None:
    """A day with events of 40 credits and 20 in the daily export is listed; so is one that events cover in part."""
    small.events({}, {}, {"eventtime__c": "2026-07-14T10:00:00.000Z"}, {"eventtime__c": "2026-07-15T10:00:00.000Z"})
    small.daily_export(("2026-07-13", 20), ("2026-07-14", 200), ("2026-07-15", 20))
    rows = small.ask("reconcile").table("grain_days").rows
    assert rows == (
        (date(2026, 7, 13), Decimal(40), None, Decimal(20), Decimal(40), "events"),
        (date(2026, 7, 14), Decimal(20), None, Decimal(200), Decimal(200), "days"),
    )


def test_reconcile_finds_environments_that_make_up_for_each_other(small: SmallWallet) -> None:
    """Events 20 over in production and 20 short in the sandbox equal the day's 40, of which 60 are counted."""
    small.events({}, {}).daily_export(("2026-07-13", 20)).daily_export(("2026-07-13", 20), environment="sandbox")
    answer = small.ask("reconcile")
    assert answer.table("grain_days").rows == ((JULY, Decimal(40), None, Decimal(40), Decimal(60), "events"),)


def test_a_digest_names_what_is_lacking_among_what_moved(partial: SmallWallet) -> None:
    """After a week of 20 credits a day comes one of 200, and the movers are not in the event export; one note says so."""
    partial.configured(alerts=AlertSettings()._replace(min_usd=Decimal(1)))
    with partial.warehouse.reading() as session:
        found = digest(session, partial.context(date(2026, 7, 20)), Team("Service"), "weekly")
    says = {row[0]: row[2] for row in found.table("digest").rows}
    assert text(says["mover_1"]).startswith(f"{LACKING} +$6.30 (+1,260 credits)")
    assert len(lacking_notes(found)) == 1


def test_worksheets_show_what_is_lacking_beside_many_names(small: SmallWallet) -> None:
    """Nine agents are more than a worksheet shows; the 5 credits without a name have their own row, and days add up."""
    small.events(*({"rootresourceidorapiname__c": f"A{nth}"} for nth in range(9))).daily_export(("2026-07-13", 9 * 20 + 5))
    (grid,) = usage_grids([parse("usage by agent")], small.context(), "agent")
    assert grid.names[-2:] == (LACKING, "Others")
    assert sum(grid.rows[0]) == 9 * 20 + 5
