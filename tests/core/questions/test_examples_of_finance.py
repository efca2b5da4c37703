"""What finance asks, each in several wordings, English and German; every figure by arithmetic over the rows that were written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.config.budgets import Budget
from core.errors import InputError
from core.warehouse.database import open_warehouse
from tests.fakes.small_wallet import SmallWallet

if TYPE_CHECKING:
    from collections.abc import Iterator

ON = date(2026, 11, 21)
LIST = Decimal(500) / 100_000
MONTHS = {7: 31, 8: 31, 9: 30, 10: 31, 11: 20}
DAYS = sum(MONTHS.values())
SERVICE, SALES = 200, 100
"""Credits of every day."""
A_DAY = (SERVICE + SALES) * LIST
A_YEAR = 365 * A_DAY
PEOPLE = """id,name,department,cost_centre
005000000000001AAA,Jane Doe,Service,4100
005000000000002AAA,Bob Ray,Sales,5100
"""


@pytest.fixture(scope="module")
def wallet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallWallet]:
    """Two departments with an agent and a person each, every day from 1 July to 20 November; two conversations a day."""
    folder = tmp_path_factory.mktemp("finance")
    (folder / "users.csv").write_text(PEOPLE, encoding="utf-8")
    budgets = (
        Budget("department", "Service", "month", "usd", Decimal(25)),
        Budget("department", "Sales", "month", "usd", Decimal(9)),
    )
    parts = (
        ("Service", "Service_Concierge", "005000000000001AAA", SERVICE, "Refunds"),
        ("Sales", "Sales_SDR", "005000000000002AAA", SALES, "Leads"),
    )
    days = [f"2026-{month:02}-{day:02}" for month, count in MONTHS.items() for day in range(1, count + 1)]
    with open_warehouse(folder / "warehouse.duckdb") as warehouse:
        small = SmallWallet(warehouse, folder).configured(users=folder / "users.csv", budgets=budgets)
        small.events(
            *(
                {
                    "eventtime__c": f"{day}T12:00:00.000Z",
                    "processedtime__c": f"{day}T13:00:00.000Z",
                    "unitsconsumed__c": used,
                    "usagevalue__c": used // 20,
                    "userid__c": user,
                    "rootresourceidorapiname__c": agent,
                    "rootresourcetags__c": f'{{"Department": "{department}", "Use Case": "{case}"}}',
                }
                for day in days
                for department, agent, user, used, case in parts
            )
        )
        small.interactions(*((day, f"{day}-{agent}", agent, 5) for day in days for _, agent, _, _, _ in parts))
        yield small


GROWTH = sum((Decimal("1.15") ** nth for nth in range(12)), Decimal(0)) / 12
OCTOBER = 31 * A_DAY
ASKED: dict[str, tuple[dict[str, Decimal], tuple[str, ...]]] = {
    "budget": (
        {"budgets": Decimal(2), "budgets_over": Decimal(1)},
        (
            "are we over budget",
            "how are we doing against budget",
            "is there budget left",
            "Sind wir über dem Budget",
            "wie viel Budget ist noch übrig",
            "did we overspend",
        ),
    ),
    'budget department "Service"': (
        {"spent_usd": 20 * SERVICE * LIST, "left_usd": 25 - 20 * SERVICE * LIST},
        ("budget Service", "is Service over its budget", "budget of department Service", "Budget Abteilung Service"),
    ),
    "unit cost by agent": (
        {"usd_per_conversation": A_DAY / 2, "conversations": Decimal(2 * DAYS), "saved_usd": 2 * DAYS * 2 - DAYS * A_DAY},
        ("cost per conversation by agent", "Kosten pro Gespräch je Agent", "Stückkosten nach Agent", "unit economics by agent"),
    ),
    "unit cost by department": (
        {"usd_per_conversation": A_DAY / 2},
        ("cost per conversation by department", "Kosten pro Gespräch nach Abteilung", "Stückkosten je Abteilung"),
    ),
    "unit cost by use case": (
        {"usd_per_conversation": A_DAY / 2},
        ("cost per conversation per use case", "Kosten pro Gespräch nach Anwendungsfall"),
    ),
    "unit cost by month": (
        {"usd_per_conversation": A_DAY / 2},
        ("monthly unit cost", "cost per conversation by month", "Kosten pro Gespräch pro Monat", "unit cost per month"),
    ),
    "usage by agent then by month": (
        {"usd_used": DAYS * A_DAY},
        (
            "usage by agent by month",
            "cost by agent and month",
            "what did each agent cost every month",
            "Kosten je Agent und Monat",
            "monthly spend by agent",
        ),
    ),
    "usage by quarter": (
        {"usd_used": DAYS * A_DAY},
        ("cost per quarter", "quarterly spend", "Kosten pro Quartal", "Verbrauch nach Quartal", "spend by quarter"),
    ),
    "what if volume 200%": (
        {"usd_per_year_today": A_YEAR, "usd_per_year_then": 2 * A_YEAR},
        (
            "what if volume doubles",
            "what happens if volume doubles",
            "what would it cost if our volume doubled",
            "Was wenn sich das Volumen verdoppelt?",
            "was kostet es, wenn sich das Volumen verdoppelt",
        ),
    ),
    "what if 4 actions to 7 actions": (
        {"usd_per_year_then": A_YEAR * 7 / 4},
        ("what if actions go from 4 to 7",),
    ),
    "what if growth 15%": (
        {"usd_per_year_then": A_YEAR * GROWTH},
        (
            "what if we grow 15% a month",
            "what if volume grows 15% monthly",
            "Was wenn wir 15% im Monat wachsen",
            "Was wäre bei 15 % Wachstum pro Monat",
        ),
    ),
    "what if discount 25%": (
        {"usd_per_year_then": A_YEAR * 75 / 100},
        ("what if we get 25% off", "what if we get a 25% discount"),
    ),
    "invoice from 2026-10-01 to 2026-10-31": (
        {"invoice_usd": OCTOBER, "invoice_overage_usd": OCTOBER},
        ("invoice October", "October invoice", "Rechnung Oktober", "Rechnung für Oktober 2026"),
    ),
    "showback": (
        {"invoice_usd": DAYS * A_DAY, "cost_centres": Decimal(2)},
        ("chargeback", "cost by cost centre", "what did each cost center cost", "Kosten je Kostenstelle"),
    ),
    "switch flex credits": (
        {},
        ("switch flex", "should we switch to flex credits", "what does switching to flex cost", "Umstieg auf Flex"),
    ),
    "compare 10,000 interactions resolved 60% vendors": (
        {},
        ("compare 10000 interactions 60% resolved vendors", "compare 10000 conversations 60% resolved with other vendors"),
    ),
}


@pytest.mark.parametrize(
    ("text", "canonical"), [(text, canonical) for canonical, (_, texts) in ASKED.items() for text in (canonical, *texts)]
)
def test_what_finance_asks_comes_to_its_arithmetic(wallet: SmallWallet, text: str, canonical: str) -> None:
    """Each wording is read as the same question, and its figures are sums over the rows, to the last digit that is kept."""
    answer = wallet.ask(text, ON)
    wanted, _ = ASKED[canonical]
    assert answer.question == canonical
    found = {key: answer.figure(key).value for key in wanted}
    assert {key: round(value, 12) for key, value in found.items() if isinstance(value, Decimal)} == {
        key: round(value, 12) for key, value in wanted.items()
    }


def test_months_of_each_agent_and_quarters_are_their_days(wallet: SmallWallet) -> None:
    """A row is its days times the credits of a day; a quarter is that of three months, the last one as far as the data goes."""
    months = wallet.ask("usage by agent by month", ON).table("usage")
    at = [column.key for column in months.columns].index("usd")
    assert {(row[0], row[1]): row[at] for row in months.rows} == {
        (agent, date(2026, month, 1)): days * used * LIST
        for month, days in MONTHS.items()
        for agent, used in (("Service_Concierge", SERVICE), ("Sales_SDR", SALES))
    }
    quarters = wallet.ask("usage by quarter", ON).table("usage")
    at = [column.key for column in quarters.columns].index("usd")
    assert {row[0]: row[at] for row in quarters.rows} == {date(2026, 7, 1): 92 * A_DAY, date(2026, 10, 1): 51 * A_DAY}


def test_vendors_are_ranked_by_what_they_bill(wallet: SmallWallet) -> None:
    """120,000 tickets a year at $0.40, and 72,000 resolutions of Salesforce's own agent at $2."""
    table = wallet.ask("compare 10000 interactions 60% resolved vendors", ON).tables[0]
    label, a_year = ([column.key for column in table.columns].index(key) for key in ("label", "usd_per_year"))
    rows = {row[label]: row[a_year] for row in table.rows}
    assert rows["eesel AI"] == 120_000 * Decimal("0.40")
    assert rows["Agentforce Help Agent"] == 72_000 * 2


@pytest.mark.parametrize(
    "text",
    [
        "have we blown the budget",
        "what does a conversation cost per agent",
        "what if we have twice the volume",
        "what if each conversation takes 7 instead of 4 actions",
        "Was wenn die Aktionen von 4 auf 7 steigen",
        "what would we pay with 25% discount",
        "the bill for October",
        "what if 15% a month",
    ],
)
def test_what_is_not_read_whole_is_asked_back(wallet: SmallWallet, text: str) -> None:
    """Another figure than the one that was meant is never given."""
    with pytest.raises(InputError):
        wallet.ask(text, ON)
