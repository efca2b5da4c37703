"""Use cases and people as filters of usage, unit cost and what-if, against raw rows; in strict and in free words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.errors import InputError
from core.warehouse.database import open_warehouse
from tests.fakes.small_wallet import SmallWallet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.answer.model import Answer

ON = date(2026, 9, 20)
LIST = Decimal(500) / 100_000
JANE, BOB = "005000000000001AAA", "005000000000002AAA"
A_DAY = {("Refunds", JANE, "Service_Concierge"): 200, ("Order status", BOB, "Sales_SDR"): 100, ("Refunds", BOB, "Sales_SDR"): 60}
"""Credits of each use case, person and agent, on every day from 1 July to 19 September."""
DAYS = {7: 31, 8: 31, 9: 19}


@pytest.fixture(scope="module")
def wallet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallWallet]:
    """A wallet whose events name use cases and people, and whose AI usage names agents."""
    folder = tmp_path_factory.mktemp("filters")
    with open_warehouse(folder / "warehouse.duckdb") as warehouse:
        small = SmallWallet(warehouse, folder)
        days = [f"2026-{month:02}-{day:02}" for month, count in DAYS.items() for day in range(1, count + 1)]
        small.events(
            *(
                {
                    "eventtime__c": f"{day}T12:00:00.000Z",
                    "processedtime__c": f"{day}T13:00:00.000Z",
                    "unitsconsumed__c": used,
                    "usagevalue__c": used // 20,
                    "userid__c": user,
                    "rootresourceidorapiname__c": agent,
                    "rootresourcetags__c": f'{{"Department": "Care", "Use Case": "{case}"}}',
                }
                for day in days
                for (case, user, agent), used in A_DAY.items()
            )
        )
        small.interactions(*((day, f"{day}-{nth}", "Service_Concierge", 5) for day in days for nth in range(2)))
        yield small


def by_month(answer: Answer) -> dict[object, object]:
    """Return cost by month."""
    at = [column.key for column in answer.table("usage").columns].index("usd")
    return {row[0]: row[at] for row in answer.table("usage").rows}


def a_day(**named: str) -> int:
    """Return a day's credits of a use case, person or agent."""
    place = {"case": 0, "user": 1, "agent": 2}
    return sum(used for key, used in A_DAY.items() if all(key[place[kind]] == name for kind, name in named.items()))


@pytest.mark.parametrize(
    ("question", "said", "credits_a_day"),
    [
        ("usage by month use case Refunds", "the use case Refunds", a_day(case="Refunds")),
        ("usage by month agent Sales_SDR use case refunds", "Refunds", a_day(case="Refunds", agent="Sales_SDR")),
        (f"usage by month user {JANE}", JANE, a_day(user=JANE)),
        ("what did the use case Refunds cost by month?", "Refunds", a_day(case="Refunds")),
        ("Kosten für Anwendungsfall Refunds pro Monat", "Refunds", a_day(case="Refunds")),
        ("what does order status cost us per month", "Order status", a_day(case="Order status")),
    ],
)
def test_use_by_month_of_one_use_case_or_person(wallet: SmallWallet, question: str, said: str, credits_a_day: int) -> None:
    """Each month is its days times the credits of a day, at list price; a note names the filter."""
    answer = wallet.ask(question, ON)
    assert by_month(answer) == {date(2026, month, 1): count * credits_a_day * LIST for month, count in DAYS.items()}
    assert any(said in note.text for note in answer.notes)


@pytest.mark.parametrize(
    ("question", "credits_a_day", "conversations"),
    [
        ("unit cost use case Refunds last 10 days", a_day(case="Refunds"), None),
        ("unit cost by month use case Refunds last 10 days", a_day(case="Refunds"), None),
        ("unit cost agent Service_Concierge use case Refunds last 10 days", a_day(agent="Service_Concierge"), 20),
        (f"unit cost by department user {JANE} last 10 days", a_day(user=JANE), None),
        ("Stückkosten für den Anwendungsfall Refunds in den letzten 10 Tagen", a_day(case="Refunds"), None),
    ],
)
def test_unit_cost_of_one_use_case_or_person(
    wallet: SmallWallet, question: str, credits_a_day: int, conversations: int | None
) -> None:
    """The cost is the filter's; conversations are known for agents with no other use case, else empty with a note."""
    answer = wallet.ask(question, ON)
    assert answer.figure("usd_used").value == 10 * credits_a_day * LIST
    assert answer.figure("conversations").value == conversations


def test_conversations_of_the_agents_of_one_use_case_alone(wallet: SmallWallet) -> None:
    """The concierge works for refunds only; the other agent has two use cases, so its conversations are unknown."""
    rows = {row[0]: row[2] for row in wallet.ask("unit cost use case Refunds last 10 days", ON).table("units").rows}
    assert rows == {"Service_Concierge": 20, "Sales_SDR": None}


@pytest.mark.parametrize(
    ("question", "credits_a_day"),
    [
        ("what if volume 200% use case Refunds", a_day(case="Refunds")),
        ("what if volume 200% agent Sales_SDR", a_day(agent="Sales_SDR")),
        ("what if volume 200% department Care", a_day()),
        (f"what if volume 200% user {BOB}", a_day(user=BOB)),
        ("what if volume 200% agent Sales_SDR use case Refunds", a_day(case="Refunds", agent="Sales_SDR")),
        ("what if the volume of Refunds doubles", a_day(case="Refunds")),
    ],
)
def test_what_if_of_a_part_of_the_wallet(wallet: SmallWallet, question: str, credits_a_day: int) -> None:
    """A year of such days today, and twice as much."""
    answer = wallet.ask(question, ON)
    a_year = 365 * credits_a_day * LIST
    assert answer.figure("usd_per_year_today").value == a_year
    assert answer.figure("usd_per_year_then").value == 2 * a_year


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("usage by month use case Retunds", "Refunds"),
        (f"usage by month use case Refunds user {JANE}", "no use cases by user"),
        (f"unit cost use case Refunds user {JANE}", "no use case by person"),
        (f"what if volume 200% use case Refunds user {JANE}", "no use case by person"),
        ("usage by month use case Refunds grain day", "Only events name use cases"),
    ],
)
def test_what_is_not_kept_is_refused(wallet: SmallWallet, question: str, said: str) -> None:
    """An unsupported filter is refused rather than ignored."""
    with pytest.raises(InputError, match=said):
        wallet.ask(question, ON)
