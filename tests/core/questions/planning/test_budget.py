"""Budgets: spent, left and expected against sums over the raw rows; parts and the whole; ends of periods; changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.budgets import budget_file
from core.config.budgets import Budget, budget_problems, budgets_on, budgets_said
from core.config.loader import GrantInput, load_config
from core.config.teams import Team
from core.errors import ConfigError, InputError
from core.scope import Scope
from core.warehouse.database import open_warehouse
from tests.fakes.small_wallet import SmallWallet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.answer.model import Answer

USD_PER_CREDIT = Decimal(500) / 100_000
ON = date(2026, 9, 20)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallWallet]:
    """An empty wallet to write into."""
    with open_warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        yield SmallWallet(warehouse, tmp_path)


def event(instant: str, credits_used: int, department: str = "Service", agent: str = "Service_Concierge") -> dict[str, object]:
    """Return an event's row."""
    return {
        "eventtime__c": instant,
        "processedtime__c": instant,
        "unitsconsumed__c": credits_used,
        "usagevalue__c": credits_used // 20,
        "rootresourcetags__c": f'{{"Department": "{department}"}}',
        "rootresourceidorapiname__c": agent,
    }


def monthly(amount: int, name: str = "Service", **changed: Any) -> Budget:  # noqa: ANN401 - any field
    """Return a monthly dollar budget of a department."""
    return Budget("department", name, "month", "usd", Decimal(amount))._replace(**changed)


def values(answer: Answer) -> dict[str, object]:
    """Return an answer's figures by key."""
    return {one.key: one.value for one in answer.figures}


def test_spent_is_what_the_period_s_use_of_the_department_cost(small: SmallWallet) -> None:
    """August's rows, another department's rows and rows after the day of the question do not count in September."""
    rows = [
        event("2026-08-31T12:00:00.000Z", 40_000),
        event("2026-09-01T00:00:00.000Z", 2_000),
        event("2026-09-19T12:00:00.000Z", 3_000),
        event("2026-09-20T12:00:00.000Z", 1_000, "Sales"),
        event("2026-09-21T12:00:00.000Z", 9_000),
    ]
    said = values(small.events(*rows).configured(budgets=(monthly(100),)).ask("budget", ON))
    spent = (2_000 + 3_000) * USD_PER_CREDIT
    wanted = {"budget_usd": 100, "spent_usd": spent, "left_usd": 100 - spent, "used_percent": spent / 100 * 100}
    assert {key: said[key] for key in wanted} == wanted


def test_free_credits_cost_nothing_and_overage_its_own_rate(small: SmallWallet) -> None:
    """3,000 of 5,000 used credits are free; the rest is overage at the list rate."""
    small.grants_said(GrantInput(Decimal(3_000), date(2026, 7, 1), date(2027, 7, 1), kind="free"))
    small.events(event("2026-09-02T12:00:00.000Z", 5_000)).configured(budgets=(monthly(100),))
    assert values(small.ask("budget", ON))["spent_usd"] == (5_000 - 3_000) * USD_PER_CREDIT


def test_what_periods_left_is_carried_within_the_fiscal_year(small: SmallWallet) -> None:
    """July spent $10 of $50 and August $80: 40 − 30 carry over into September, and nothing from the fiscal year before."""
    rows = [
        event("2026-06-10T12:00:00.000Z", 1_000),
        event("2026-07-10T12:00:00.000Z", 2_000),
        event("2026-08-10T12:00:00.000Z", 16_000),
        event("2026-09-10T12:00:00.000Z", 4_000),
    ]
    small.events(*rows).configured(budgets=(monthly(50, rolls_over=True),), fiscal_year_start=7)
    carried = (50 - 2_000 * USD_PER_CREDIT) + (50 - 16_000 * USD_PER_CREDIT)
    said = values(small.ask("budget", ON))
    assert (said["carried_usd"], said["budget_usd"]) == (carried, 50 + carried)
    assert said["left_usd"] == 50 + carried - 4_000 * USD_PER_CREDIT


def periods(answer: Answer) -> list[tuple[object, ...]]:
    """Return the earlier periods: first day, last day, budget, spent and left of each."""
    return [tuple(row) for table in answer.tables if table.key == "periods" for row in table.rows]


def test_of_budgets_of_years_the_year_before_is_carried_and_none_before_it(small: SmallWallet) -> None:
    """Years begin in February: $900 of the year before last is forgotten; $30 of last year leaves $70 for this one."""
    rows = [event("2024-06-10T12:00:00.000Z", 180_000), event("2025-02-01T12:00:00.000Z", 6_000)]
    small.events(*rows, event("2026-09-02T12:00:00.000Z", 2_000))
    small.configured(budgets=(monthly(100, per="year", rolls_over=True),), fiscal_year_start=2)
    answer = small.ask("budget", ON)
    assert periods(answer) == [(date(2025, 2, 1), date(2026, 1, 31), 100, 30, 70)]
    assert (values(answer)["carried_usd"], values(answer)["budget_usd"]) == (70, 170)


def test_a_period_that_the_data_does_not_reach_carries_nothing(small: SmallWallet) -> None:
    """Data begins on 10 August: all of August carries over, as a month with days without usage, and July does not."""
    small.events(event("2026-08-10T12:00:00.000Z", 2_000), event("2026-09-02T12:00:00.000Z", 2_000))
    small.configured(budgets=(monthly(50, rolls_over=True),))
    answer = small.ask("budget", ON)
    assert periods(answer) == [(date(2026, 8, 1), date(2026, 8, 31), 50, 10, 40)]
    assert values(answer)["budget_usd"] == 90


def test_each_period_counts_with_the_budget_of_its_last_day(small: SmallWallet) -> None:
    """$20 from 15 May, $50 from 30 June, $80 from 1 August: each month counts with the budget of its last day; April has none."""
    rows = [event(f"2026-0{month}-10T12:00:00.000Z", 1_000) for month in range(4, 10)]
    small.events(*rows).configured(
        budgets=tuple(
            monthly(amount, rolls_over=True, first_day=day)
            for amount, day in ((20, date(2026, 5, 15)), (50, date(2026, 6, 30)), (80, date(2026, 8, 1)))
        )
    )
    answer = small.ask("budget", ON)
    assert periods(answer) == [
        (date(2026, month, 1), date(2026, month, last), amount, 5, amount - 5)
        for month, last, amount in ((5, 31, 20), (6, 30, 50), (7, 31, 50), (8, 31, 80))
    ]
    assert values(answer)["carried_usd"] == 20 + 50 + 50 + 80 - 4 * 5


def test_quarters_carry_within_the_fiscal_year(small: SmallWallet) -> None:
    """The year begins in February: the quarter from May carries over into that from August, the one from November does not."""
    rows = [event(f"2026-0{month}-10T12:00:00.000Z", 1_000) for month in (1, 6, 9)]
    small.events(*rows).configured(budgets=(monthly(50, per="quarter", rolls_over=True),), fiscal_year_start=2)
    answer = small.ask("budget", ON)
    assert periods(answer) == [(date(2026, 2, 1), date(2026, 4, 30), 50, 0, 50), (date(2026, 5, 1), date(2026, 7, 31), 50, 5, 45)]


@pytest.mark.parametrize(
    ("per", "start", "first", "last"),
    [
        ("month", None, date(2026, 9, 1), date(2026, 9, 30)),
        ("quarter", None, date(2026, 7, 1), date(2026, 9, 30)),
        ("quarter", 2, date(2026, 8, 1), date(2026, 10, 31)),
        ("year", None, date(2026, 1, 1), date(2026, 12, 31)),
        ("year", 2, date(2026, 2, 1), date(2027, 1, 31)),
        ("year", 10, date(2025, 10, 1), date(2026, 9, 30)),
    ],
)
def test_quarters_and_years_are_those_of_the_fiscal_year(
    small: SmallWallet, per: str, start: int | None, first: date, last: date
) -> None:
    """The period is the month, or the fiscal year's quarter or whole, that contains the day."""
    small.events(event("2026-09-10T12:00:00.000Z", 4_000)).configured(budgets=(monthly(50, per=per),), fiscal_year_start=start)
    said = values(small.ask("budget", ON))
    assert (said["period_start"], said["period_end"]) == (first, last)


@pytest.mark.parametrize(
    "zone",
    ["UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Kiritimati"],
)
def test_a_period_ends_at_the_team_s_midnight(small: SmallWallet, zone: str) -> None:
    """A month's last second counts in it and the next month's first does not, even if clocks change that night."""
    months = (date(2026, 4, 1), date(2026, 11, 1), date(2027, 1, 1))
    ends = [datetime.combine(one, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC) for one in months]
    small.configured(time_zone=zone, budgets=(monthly(50),))
    rows = [(end - timedelta(seconds=1), 2_000) for end in ends] + [(end, 6_000) for end in ends]
    small.events(*(event(f"{instant:%Y-%m-%dT%H:%M:%S}.000Z", used) for instant, used in rows))
    days = [day for month in months for day in (month - timedelta(days=1), month)]
    spent = [values(small.ask("budget", day))["spent_usd"] for day in days]
    assert spent == [2_000 * USD_PER_CREDIT, 6_000 * USD_PER_CREDIT] * 3


USE = st.lists(
    st.tuples(st.sampled_from(["Service", "Sales", "HR", ""]), st.integers(1, 30), st.integers(1, 10**6)), min_size=1, max_size=8
)


@settings(max_examples=8)
@given(use=USE, amounts=st.lists(st.integers(1, 10**5), min_size=3, max_size=3), day=st.integers(1, 30))
def test_budgets_of_parts_and_what_no_part_has_are_the_whole(
    tmp_path_factory: pytest.TempPathFactory, use: list[tuple[str, int, int]], amounts: list[int], day: int
) -> None:
    """The parts plus what is in no part's budget are the whole, in budget, spent and left, to the last digit."""
    folder = tmp_path_factory.mktemp("parts")
    with open_warehouse(folder / "warehouse.duckdb") as warehouse:
        wallet = SmallWallet(warehouse, folder)
        wallet.events(*(event(f"2026-09-{on:02}T12:00:00.000Z", used, name) for name, on, used in use))
        whole = Budget("", "", "month", "usd", Decimal(amounts[2]))
        wallet.configured(budgets=(monthly(amounts[0]), monthly(amounts[1], "Sales"), whole))
        answer = wallet.ask("budget", date(2026, 9, day))
    parts, rest, everything = (row[1:4] for row in answer.table("together_usd").rows)
    spent = {
        name: sum(used for to, on, used in use if to == name and on <= day) * USD_PER_CREDIT for name in ("Service", "Sales")
    }
    assert parts[:2] == (sum(amounts[:2]), sum(spent.values()))
    assert everything[:2] == (amounts[2], sum(used for _, on, used in use if on <= day) * USD_PER_CREDIT)
    assert tuple(one + other for one, other in zip(parts, rest, strict=True)) == everything  # type: ignore[operator]  # amounts


def test_steady_use_is_expected_to_go_on(small: SmallWallet) -> None:
    """10,000 credits, $50, on each day of September come to $1,500: over a budget of $1,200 from the 25th on."""
    small.days_of_use(date(2026, 6, 1), *[10_000] * 112).configured(budgets=(monthly(1_200), monthly(2_000, "Sales")))
    said = values(small.ask('budget department "Service"', ON))
    assert abs(Decimal(str(said["expected_usd"])) - 1_500) < 1
    assert (said["over_on"], said["chance_over_percent"]) == (date(2026, 9, 25), Decimal(100))
    assert said["spent_usd"] == 20 * 50
    assert "is expected to pass its budget on 25 Sep 2026" in small.ask('budget department "Service"', ON).headline


def test_an_overspent_budget_says_since_when(small: SmallWallet) -> None:
    """$50 a day passes $120 on the third day, and no forecast takes that back."""
    small.days_of_use(date(2026, 6, 1), *[10_000] * 112).configured(budgets=(monthly(120),))
    answer = small.ask("are we over budget", ON)
    said = values(answer)
    assert (said["over_on"], said["chance_over_percent"], said["left_usd"]) == (
        date(2026, 9, 3),
        Decimal(100),
        Decimal(120 - 1_000),
    )
    assert (
        answer.headline == "Department Service is $880 over its budget of $120 for 1 Sep 2026 to 30 Sep 2026, since 3 Sep 2026."
    )


def test_too_few_days_say_what_is_spent_and_expect_nothing(small: SmallWallet) -> None:
    """A forecast needs 14 days."""
    said = values(small.days_of_use(date(2026, 9, 10), *[10_000] * 5).configured(budgets=(monthly(500),)).ask("budget", ON))
    assert (said["spent_usd"], said["expected_usd"], said["chance_over_percent"]) == (Decimal(250), None, None)


def test_the_parts_of_what_lies_off_the_plan_add_up(small: SmallWallet) -> None:
    """Spent − plan equals the days before against the plan plus the effects of `variance`, to the last digit."""
    small.days_of_use(date(2026, 7, 1), *(1_000 + 37 * nth for nth in range(80))).configured(budgets=(monthly(900),))
    answer = small.ask("budget", date(2026, 9, 18))
    *parts, total = (row[1] for row in answer.table("variance").rows)
    spent = sum(1_000 + 37 * nth for nth in range(62, 80)) * USD_PER_CREDIT
    assert sum(parts) == total == spent - Decimal(900) * 18 / 30  # type: ignore[arg-type]  # amounts
    before = sum(1_000 + 37 * nth for nth in range(31, 49)) * USD_PER_CREDIT
    assert parts[0] == before - Decimal(900) * 18 / 30


def test_a_budget_of_credits_is_counted_in_credits(small: SmallWallet) -> None:
    """The budget covers all of the team's departments."""
    small.events(event("2026-09-02T12:00:00.000Z", 5_000), event("2026-09-03T12:00:00.000Z", 700, "Field Service"))
    team = Team("Helpers", watches=Scope(departments=("Service", "Field Service")))
    budget = Budget("team", "helpers", "month", "credits", Decimal(10_000))
    said = values(small.configured(teams=(team,), budgets=(budget,)).ask("budget team Helpers", ON))
    assert (said["spent_credits"], said["left_credits"], said["used_percent"]) == (5_700, 10_000 - 5_700, Decimal(57))


def test_a_period_that_is_over_says_what_it_came_to(small: SmallWallet) -> None:
    """`budget from 2026-08-01 to 2026-08-31` looks back at August as it is known now, without a forecast."""
    small.days_of_use(date(2026, 6, 1), *[10_000] * 112).configured(budgets=(monthly(2_000), monthly(9_000, per="year")))
    answer = small.ask("budget from 2026-08-01 to 2026-08-31", ON)
    said = values(answer)
    assert (said["spent_usd"], said["expected_usd"]) == (31 * 50, 31 * 50)
    assert answer.headline == "Department Service spent $1,550 of $2,000 (77.5%) from 1 Aug 2026 to 31 Aug 2026."


def test_the_newest_budget_of_a_name_holds_from_its_day(small: SmallWallet) -> None:
    """A budget that begins within a period applies to all of it from its first day on; earlier days see the earlier one."""
    small.events(event("2026-09-02T12:00:00.000Z", 5_000))
    small.configured(budgets=(monthly(100), monthly(300, first_day=date(2026, 9, 15)), monthly(7, first_day=date(2026, 12, 1))))
    assert [values(small.ask("budget", day))["budget_usd"] for day in (date(2026, 9, 14), ON)] == [100, 300]


def test_a_name_that_no_export_holds_is_told(small: SmallWallet) -> None:
    """A misspelt department would look as if nothing was spent."""
    small.events(event("2026-09-02T12:00:00.000Z", 5_000)).configured(budgets=(monthly(100, "Servise"),))
    answer = small.ask("budget", ON)
    assert any("know no department Servise" in note.text for note in answer.notes)


def test_who_sees_a_part_sees_its_budgets_alone(small: SmallWallet) -> None:
    """A token for Sales does not see Service's budget."""
    from dataclasses import replace  # noqa: PLC0415 - here alone

    from core.questions.asking import ask  # noqa: PLC0415 - here alone

    small.events(event("2026-09-02T12:00:00.000Z", 5_000), event("2026-09-02T12:00:00.000Z", 900, "Sales"))
    small.configured(budgets=(monthly(100), monthly(50, "Sales"), Budget("", "", "month", "usd", Decimal(1_000))))
    seen = replace(small.context(ON), only=Scope(departments=("Sales",)))
    assert values(ask("budget", seen))["budget_usd"] == 50
    with pytest.raises(InputError, match="only department Sales is open"):
        ask('budget department "Service"', seen)


def test_without_budgets_the_answer_says_where_they_are_written(small: SmallWallet) -> None:
    """For an unknown name the refusal lists the existing budgets."""
    small.events(event("2026-09-02T12:00:00.000Z", 5_000))
    with pytest.raises(InputError, match=r"app\.yaml"):
        small.ask("budget", ON)
    small.configured(budgets=(monthly(100),))
    with pytest.raises(InputError, match="There are: department Service per month"):
        small.ask("budget department HR", ON)


YAML = """
teams: {Service: {departments: [Service]}}
budgets:
  - {department: Service, per: month, usd: 5000}
  - {team: service, per: quarter, credits: 2000000, rollover: true, from: 2026-07-01}
  - {per: year, usd: "60000.50"}
"""


def test_budgets_are_read_from_app_yaml(tmp_path: Path) -> None:
    """The list is read exactly."""
    path = tmp_path / "app.yaml"
    path.write_text(YAML, encoding="utf-8")
    first, second, third = load_config(path).budgets
    assert first == Budget("department", "Service", "month", "usd", Decimal(5_000))
    assert second[:5] == ("team", "service", "quarter", "credits", Decimal(2_000_000))
    assert (second.rolls_over, second.first_day) == (True, date(2026, 7, 1))
    assert (third.kind, third.amount) == ("", Decimal("60000.50"))


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{per: month}", "has no amount"),
        ("{per: month, usd: 5, credits: 5}", "has usd and credits"),
        ("{per: week, usd: 5}", "month, quarter or year"),
        ("{per: month, usd: 0}", "above 0"),
        ("{department: A, agent: B, per: month, usd: 5}", "a budget is for one of them"),
        ("{team: Nobody, per: month, usd: 5}", "not in app.yaml"),
        ("{per: month, usd: 5, from: 2026-02-30}", "there is no such day"),
        ("{per: month, usd: 5}\n  - {per: month, usd: 6}", "one budget with two amounts"),
        ("{department: Field Service, per: month, usd: 5}\n  - {department: field_service, per: month, usd: 6}", "one budget"),
    ],
)
def test_what_is_wrong_with_a_budget_is_said(tmp_path: Path, entry: str, problem: str) -> None:
    """Each problem is a sentence with its position."""
    path = tmp_path / "app.yaml"
    path.write_text(f"budgets:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=problem) as caught:
        load_config(path)
    assert "budgets[" in str(caught.value)


def test_sound_budgets_have_no_problem() -> None:
    """Two amounts under one name are fine if the later one has a first day."""
    raw = [{"per": "month", "usd": 5}, {"per": "month", "usd": 6, "from": "2026-07-01"}]
    assert list(budget_problems(raw, {})) == []
    assert [one.amount for one in budgets_on(budgets_said(raw), date(2026, 6, 30))] == [5]


CSV = """Department;Per;Budget (USD);Rollover;From
Service;month;5.000,00;yes;
Sales;Quartal;"1.200";;2026-07-01
HR;week;5;;
IT;month;viel;;
Sales;quarter;1;;2026-07-01
"""


def test_amounts_of_no_named_unit_are_refused(small: SmallWallet, tmp_path: Path) -> None:
    """A column named Betrag, Budget or Amount may hold euros: no budget is read, and the columns are named."""
    path = tmp_path / "budgets.csv"
    for header in ("Betrag", "Budget", "Amount"):
        path.write_text(CSV.replace("Budget (USD)", header), encoding="utf-8")
        small.configured(budgets_file=path)
        found = budget_file(small.config)
        assert (found.budgets, f"it has Department, Per, {header}" in found.problems[0]) == ((), True)


def test_budgets_are_read_from_a_csv_file(small: SmallWallet, tmp_path: Path) -> None:
    """Files as spreadsheets save them; unreadable rows are named with their line, and the others apply."""
    path = tmp_path / "budgets.csv"
    path.write_text(CSV, encoding="utf-8")
    small.events(event("2026-09-02T12:00:00.000Z", 5_000)).configured(budgets_file=path, budgets=(monthly(7),))
    answer = small.ask("budget", ON)
    rows = {row[0]: row for row in answer.table("budgets").rows}
    assert {name: row[3] for name, row in rows.items()} == {"department Service": 5_000, "department Sales": 1_200}
    told = " ".join(note.text for note in answer.notes)
    assert all(said in told for said in ("line 4", "line 5", "line 6"))
