"""Invoices and showback by an oracle of the raw rows: drawn by grant, overage, Premier; months add up to the cent."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.answer import to_csv
from core.config.loader import GrantInput
from core.errors import InputError
from core.wallet.usage.invoices import share_out
from core.warehouse.database import open_warehouse
from tests.fakes.small_wallet import SmallWallet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIST = Decimal(500) / 100_000
CENT = Decimal("0.01")
ON = date(2026, 11, 15)


def cents(usd: Decimal) -> Decimal:
    """Return dollars in whole cents, halves up."""
    return usd.quantize(CENT, ROUND_HALF_UP)


def use(day: str, credits_used: int, user: str = "", department: str = "Service") -> dict[str, object]:
    """Return an event's row."""
    return {
        "eventtime__c": f"{day}T12:00:00.000Z",
        "processedtime__c": f"{day}T12:00:00.000Z",
        "unitsconsumed__c": credits_used,
        "userid__c": user,
        "rootresourcetags__c": f'{{"Department": "{department}"}}',
    }


def test_a_month_is_drawn_by_grant_and_the_rest_is_overage(small: SmallWallet, figures: Callable[..., dict[str, object]]) -> None:
    """Of 1,000 granted credits September uses 600: October draws 400, and 1,600 of its 2,000 are overage."""
    start, end = date(2026, 9, 1), date(2027, 9, 1)
    small.grants_said(GrantInput(Decimal(1_000), start, end, label="Order 1", usd=Decimal("4.50")))
    small.events(use("2026-09-10", 600), use("2026-10-10", 2_000), use("2026-11-10", 70))
    answer = small.ask("invoice from 2026-10-01 to 2026-10-31", ON)
    drawn, overage = cents(400 * Decimal("4.50") / 1_000), cents(1_600 * LIST)
    said = figures(answer)
    wanted = {
        "invoice_drawn_usd": drawn,
        "invoice_overage_usd": overage,
        "invoice_due_usd": overage,
        "invoice_usd": drawn + overage,
        "used_credits": 2_000,
    }
    assert {key: said[key] for key in wanted} == wanted
    assert [(row[0], row[1], row[4]) for row in answer.table("lines").rows] == [
        ("Order 1", 400, "with the order"),
        ("Overage, in arrears", 1_600, "in arrears"),
    ]


def test_premier_is_thirty_percent_on_top(small: SmallWallet, figures: Callable[..., dict[str, object]]) -> None:
    """Of the lines before it; said, or in the contract."""
    small.events(use("2026-10-10", 12_345), use("2026-11-02", 1))
    spend = cents(12_345 * LIST)
    said = figures(small.ask("invoice from 2026-10-01 to 2026-10-31 premier", ON))
    assert (said["invoice_support_usd"], said["invoice_usd"]) == (cents(spend * 30 / 100), spend + cents(spend * 30 / 100))


def test_without_a_month_it_is_the_last_one_that_is_over(small: SmallWallet) -> None:
    """On 15 November that is October, and the answer says so."""
    answer = small.events(use("2026-10-10", 100), use("2026-11-02", 1)).ask("invoice", ON)
    assert (answer.figure("first_day").value, answer.figure("last_day").value) == (date(2026, 10, 1), date(2026, 10, 31))
    assert any("the last complete one" in note.text for note in answer.notes)


def test_a_month_without_use_bills_nothing(small: SmallWallet) -> None:
    """September between months with use is no bill of $0.00 that was paid with an order."""
    answer = small.events(use("2026-08-10", 100), use("2026-10-10", 100)).ask("invoice from 2026-09-01 to 2026-09-30", ON)
    assert answer.figure("invoice_usd").value == 0
    assert answer.headline == "Nothing was used from 1 Sep 2026 to 30 Sep 2026, so nothing is billed for it."


def test_days_that_are_no_months_are_refused(small: SmallWallet) -> None:
    """Nobody is billed from the 3rd to the 20th."""
    small.events(use("2026-10-10", 100))
    with pytest.raises(InputError, match="calendar months"):
        small.ask("invoice from 2026-10-03 to 2026-10-20", ON)


def test_orders_that_begin_stand_beside_the_total(small: SmallWallet, figures: Callable[..., dict[str, object]]) -> None:
    """They are billed ahead, and are no part of what the month's use cost."""
    small.grants_said(GrantInput(Decimal(100_000), date(2026, 10, 1), date(2027, 10, 1), label="Order 2", usd=Decimal(450)))
    said = figures(small.events(use("2026-10-10", 100), use("2026-11-02", 1)).ask("invoice", ON))
    assert (said["invoice_orders_usd"], said["invoice_usd"]) == (450, cents(100 * Decimal(450) / 100_000))


DIRECTORY = """id,name,department,cost_centre
005000000000001AAA,Ada,IT,6100
005000000000002AAA,Ben,IT,6100
005000000000003AAA,Cem,Service,4100
005000000000004AAA,Dee,Sales,5100
005000000000005AAA,Eve,Sales,5200
"""
PEOPLE = {
    "": "",
    "005000000000001AAA": "6100",
    "005000000000003AAA": "4100",
    "005000000000005AAA": "5200",
    "005000000000009AAA": "",
}
HOMES = {"IT": "6100", "Service": "4100", "Sales": "", "Nobody": ""}
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["2026-08-31", "2026-09-01", "2026-10-05"]),
        st.integers(1, 99_999),
        st.sampled_from(sorted(PEOPLE)),
        st.sampled_from(sorted(HOMES)),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=4)
@given(rows=ROWS, granted=st.integers(0, 200_000))
def test_a_showback_adds_up_to_the_invoices_to_the_cent(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int, str, str]], granted: int
) -> None:
    """Each month's cost centres come to `invoice` of that month, and each is within a cent of its own use."""
    folder = tmp_path_factory.mktemp("showback")
    (folder / "users.csv").write_text(DIRECTORY, encoding="utf-8")
    with open_warehouse(folder / "warehouse.duckdb") as warehouse:
        wallet = SmallWallet(warehouse, folder).configured(users=folder / "users.csv")
        if granted:
            wallet.grants_said(
                GrantInput(Decimal(granted), date(2026, 8, 1), date(2027, 8, 1), label="One", usd=granted * Decimal("0.0045"))
            )
        wallet.events(*(use(day, used, user, department) for day, used, user, department in rows))
        answer = wallet.ask("showback", ON)
        table = answer.table("showback").rows
        used: dict[tuple[str, str], int] = {}
        for day, credits_used, user, department in rows:
            centre = PEOPLE[user] or HOMES[department] or "(no cost centre)"
            used[centre, day[:7]] = used.get((centre, day[:7]), 0) + credits_used
        assert {(str(row[0]), f"{row[1]:%Y-%m}"): row[2] for row in table} == used
        for month in {day[:7] for day, *_ in rows}:
            first = date.fromisoformat(f"{month}-01")
            dealt = sum((row[3] for row in table if row[1] == first), Decimal(0))  # type: ignore[type-var]  # amounts
            billed = (
                wallet.ask(f"invoice from {first} to {month}-{31 if month != '2026-09' else 30}", ON).figure("invoice_usd").value
            )
            assert dealt == billed
            pivot = answer.table("centres")
            at = [column.key for column in pivot.columns].index(f"usd_{month.replace('-', '_')}")
            assert sum((row[at] for row in pivot.rows), Decimal(0)) == billed  # type: ignore[type-var]  # amounts
        assert sum((row[1] for row in pivot.rows), Decimal(0)) == answer.figure("invoice_usd").value  # type: ignore[type-var]  # as above


def test_a_showback_is_a_month_a_column_in_csv(small: SmallWallet, tmp_path: Path) -> None:
    """One row a cost centre, the dearest first: all of its days, then each month; without use in a month it cost nothing."""
    (tmp_path / "users.csv").write_text(DIRECTORY, encoding="utf-8")
    rows = [use("2026-08-31", 3_000, "005000000000001AAA"), use("2026-09-01", 500, "005000000000003AAA", "Sales")]
    answer = small.configured(users=tmp_path / "users.csv").events(*rows).ask("showback", ON)
    assert to_csv(answer).splitlines() == [
        "cost_centre,usd,credits,usd_2026_08,usd_2026_09",
        "6100,15,3000,15,0",
        "4100,2.5,500,0,2.5",
    ]


def test_a_person_s_part_of_a_showback_still_adds_up(small: SmallWallet, tmp_path: Path) -> None:
    """The person's cost centre has only what is theirs; everybody else is one row beside it."""
    (tmp_path / "users.csv").write_text(DIRECTORY, encoding="utf-8")
    mine, others = 1_500, 700 + 900
    rows = [
        use("2026-09-01", mine, "005000000000001AAA"),
        use("2026-09-02", 700, "005000000000002AAA"),
        use("2026-09-03", 900),
    ]
    small.configured(users=tmp_path / "users.csv").events(*rows)
    answer = small.ask("showback user 005000000000001AAA", ON)
    assert [row[:2] for row in answer.table("centres").rows] == [
        ("(everybody else)", others * LIST),
        ("6100", mine * LIST),
    ]
    assert answer.figure("invoice_usd").value == (mine + others) * LIST


@given(
    whole=st.integers(0, 10**7).map(lambda cents_in: cents_in * CENT),
    shares=st.lists(st.integers(0, 10**6).map(Decimal), min_size=1, max_size=9).filter(any),
)
def test_cents_are_dealt_out_without_one_too_many(whole: Decimal, shares: list[Decimal]) -> None:
    """The parts are whole cents, add up to the whole, and none is a cent off its share."""
    dealt = share_out(whole, dict(enumerate(shares)))
    assert sum(dealt.values()) == whole
    assert all(abs(dealt[key] - whole * share / sum(shares)) < CENT for key, share in enumerate(shares))


def test_without_a_directory_it_says_what_to_name(small: SmallWallet) -> None:
    """Nobody can be guessed into a cost centre."""
    small.events(use("2026-10-10", 100))
    with pytest.raises(InputError, match="under users"):
        small.ask("showback", ON)


def test_a_directory_that_cannot_be_read_leaves_its_people_without_cost_centre(small: SmallWallet, tmp_path: Path) -> None:
    """The total stays, and the trouble is told."""
    small.events(use("2026-10-10", 100)).configured(users=tmp_path / "none.csv")
    answer = small.ask("showback", ON)
    assert [row[0] for row in answer.table("showback").rows] == ["(no cost centre)"]
    assert any("cannot be read" in note.text for note in answer.notes)
