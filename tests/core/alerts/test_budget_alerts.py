"""Budget alerts: each level of each budget once per period, recoveries, and budgets that change within a period."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.alerts.budget_measurements import SpendingOutlook, measure_budgets
from core.alerts.evaluation import evaluate_alerts
from core.alerts.measurements import view_of
from core.alerts.outbox import deliveries
from core.config.budgets import Budget
from core.config.loader import GrantInput
from core.config.teams import Team
from core.digests.content import digest
from core.digests.wallet_summary import summarize_wallet
from core.questions.asking import ask
from core.scope import Scope
from core.warehouse.database import open_warehouse
from tests.fakes.small_wallet import SmallWallet

if TYPE_CHECKING:
    from core.alerts.budget_measurements import BudgetUse, SpendingForecast

SERVICE = Team("Service", ("C0SERVICE",), watches=Scope(departments=("Service",)))
FINANCE = Team("Finance", ("C0FINANCE",))
BOTH = (SERVICE, FINANCE)


def budget(usd: int, name: str = "Service", per: str = "month") -> Budget:
    """Return a budget of a department in dollars."""
    return Budget("department", name, per, "usd", Decimal(usd))  # type: ignore[arg-type]  # a period


def spend(small: SmallWallet, day: str, usd: int, department: str = "Service") -> None:
    """Use credits worth that many dollars, at $0.005 each."""
    small.events(
        {
            "eventtime__c": f"{day}T12:00:00.000Z",
            "processedtime__c": f"{day}T12:00:00.000Z",
            "unitsconsumed__c": usd * 200,
            "rootresourcetags__c": f'{{"Department": "{department}"}}',
        }
    )


def decide(small: SmallWallet, day: str, spending: SpendingForecast | None = None) -> None:
    """Evaluate the alerts on a day."""
    now = datetime.combine(date.fromisoformat(day), time(20), UTC)
    with small.warehouse.writing() as session:
        evaluate_alerts(session, small.context(now.date()), now, spending=spending)


def told(small: SmallWallet, place: str = "C0SERVICE") -> list[str]:
    """Return the sentences about budgets sent to a channel, oldest first."""
    with small.warehouse.reading() as session:
        found = [one for one in reversed(deliveries(session)) if one.message.address.id == place and not one.withdrawn_at]
    return [one.message.answer.headline for one in found if "udget" in one.message.answer.headline]


def test_budgets_of_one_card_are_what_each_is_alone(small: SmallWallet) -> None:
    """The card's drawdown is computed once for all of them; usage, cost, burn and expiry equal those computed one by one."""
    names = ("Service", "Sales", "Nobody")
    small.grants_said(
        GrantInput(Decimal(8_000), date(2026, 9, 1), date(2026, 9, 10)), start=date(2026, 9, 1), end=date(2027, 9, 1)
    )
    small.configured(budgets=tuple(budget(100, name) for name in names))
    for day, usd in (("2026-09-02", 30), ("2026-09-04", 25)):
        spend(small, day, usd)
        spend(small, day, usd // 2, "Sales")
    context = small.context(date(2026, 9, 5))
    with small.warehouse.reading() as session:
        together = measure_budgets(session, context)
        alone = [view_of(session, context, use.budget.card, use.watches) for use in together]
    assert [use.budget.name for use in together] == list(names)
    assert [use.spending for use in together] == [Decimal(55), Decimal(27), Decimal(0)]
    for use, view in zip(together, alone, strict=True):
        assert view is not None
        for name in (
            "rows",
            "used",
            "used_of_pool",
            "cost",
            "burn",
            "card_burn",
            "expiring_usd",
            "overdrawn_usd",
            "used_percent",
        ):
            assert getattr(use.view.facts, name) == getattr(view.facts, name)


@pytest.mark.parametrize(("owner", "columns"), [("Ada", ("words", "team", "day", "state")), (None, ("words", "day", "state"))])
def test_a_sentence_told_to_two_owners_names_their_teams(small: SmallWallet, owner: str | None, columns: tuple[str, ...]) -> None:
    """A sentence that appears twice is shown with its teams; if none does, the column for teams is left out."""
    small.configured(teams=(SERVICE._replace(owner=owner or SERVICE.owner), FINANCE), budgets=(budget(100),))
    spend(small, "2026-09-02", 55)
    decide(small, "2026-09-02")
    assert ask("alerts", small.context(date(2026, 9, 2))).emphasis.columns == columns


def test_a_level_is_told_once_and_a_higher_one_says_what_lower_ones_would(small: SmallWallet) -> None:
    """$55 and then $95 of $100: 50%, then 90% alone; evaluating again sends nothing."""
    small.configured(teams=(SERVICE,), budgets=(budget(100),))
    spend(small, "2026-09-02", 55)
    for _ in range(3):
        decide(small, "2026-09-02")
        deliver(small)
    spend(small, "2026-09-05", 40)
    for day in ("2026-09-05", "2026-09-06"):
        decide(small, day)
    assert told(small) == [
        "Department Service spent 55% of its budget, $55.00 of $100, past the level of 50%; it ends on 30 Sep 2026.",
        "Department Service spent 95% of its budget, $95.00 of $100, past the level of 90%; it ends on 30 Sep 2026.",
    ]


def test_each_budget_is_told_by_itself_to_the_teams_that_watch_it(small: SmallWallet) -> None:
    """Two budgets passed in one evaluation are two messages; the Service team gets its own only."""
    whole = Budget("", "", "quarter", "usd", Decimal(200))
    small.configured(teams=BOTH, budgets=(budget(100), budget(100, "Sales"), whole))
    spend(small, "2026-09-02", 60)
    spend(small, "2026-09-02", 101, "Sales")
    decide(small, "2026-09-02")
    assert [text.split(" spent ")[0] for text in told(small)] == ["Department Service"]
    everything = told(small, "C0FINANCE")
    assert len(everything) == 3
    assert any("Department Sales is $1.00 over its budget of $100" in text for text in everything)


def test_the_next_period_is_another_occasion(small: SmallWallet) -> None:
    """October's 50% is sent although September's was."""
    small.configured(teams=(SERVICE,), budgets=(budget(100),))
    for day in ("2026-09-02", "2026-10-02"):
        spend(small, day, 60)
        decide(small, day)
        deliver(small)
    assert len(told(small)) == 2


@pytest.mark.parametrize(
    ("changed", "news"),
    [
        (105, []),  # still past 50%: what was told holds
        (90, []),
        (70, ["past the level of 75%"]),
        (50, ["over its budget of $50"]),
        (400, ["Recovered: department Service spent 15% of its budget"]),
    ],
)
def test_a_change_amid_the_period_keeps_what_was_told(small: SmallWallet, changed: int, news: list[str]) -> None:
    """50% of $100 was sent for $60: only what the new amount changes is sent."""
    small.configured(teams=(SERVICE,), budgets=(budget(100),))
    spend(small, "2026-09-02", 60)
    decide(small, "2026-09-02")
    deliver(small)
    small.configured(budgets=(budget(changed),))
    for day in ("2026-09-03", "2026-09-04"):
        decide(small, day)
    later = told(small)[1:]
    assert len(later) == len(news)
    assert all(part in text for part, text in zip(news, later, strict=True))


def deliver(small: SmallWallet) -> None:
    """Deliver everything that is pending."""
    small.warehouse.execute("UPDATE outbox SET delivered_at = TIMESTAMP '2026-09-02 21:00:00' WHERE delivered_at IS NULL")


def test_after_a_recovery_the_larger_budget_s_level_is_news(small: SmallWallet) -> None:
    """50% of $100, then $400 (recovered), then $220 of $400 spent: the new budget's 50% is sent."""
    small.configured(teams=(SERVICE,), budgets=(budget(100),))
    spend(small, "2026-09-02", 60)
    decide(small, "2026-09-02")
    deliver(small)
    small.configured(budgets=(budget(400),))
    decide(small, "2026-09-03")
    spend(small, "2026-09-04", 160)
    decide(small, "2026-09-04")
    assert [text.split(" of its budget")[0] for text in told(small)] == [
        "Department Service spent 60%",
        "Recovered: department Service spent 15%",
        "Department Service spent 55%",
    ]


def test_a_budget_that_is_taken_out_ends_its_alerts(small: SmallWallet) -> None:
    """The alert recovers once, and the message says why."""
    small.configured(teams=(SERVICE,), budgets=(budget(100),))
    spend(small, "2026-09-02", 60)
    decide(small, "2026-09-02")
    deliver(small)
    small.configured(budgets=())
    for day in ("2026-09-03", "2026-09-04"):
        decide(small, day)
    assert told(small)[1:] == ["Recovered: the budget was removed."]


def foreseeing(*chances: int | None) -> SpendingForecast:
    """Return a forecast with these chances, one for each evaluation."""
    left = list(chances)

    def look(use: BudgetUse, /) -> SpendingOutlook:
        chance = left.pop(0)
        expected = use.amount + 20
        return SpendingOutlook(expected, None, None, None if chance is None else Decimal(chance), date(2026, 9, 25))

    return look


def test_an_expected_pass_is_told_once_and_once_that_it_is_no_longer(small: SmallWallet) -> None:
    """A chance near a half does not flicker, and a day without a forecast changes nothing."""
    small.configured(teams=(SERVICE,), budgets=(budget(100),))
    spend(small, "2026-09-02", 20)
    chances = foreseeing(45, 55, 45, 51, None, 30, 45)
    for day in range(2, 9):
        decide(small, f"2026-09-0{day}", chances)
        deliver(small)
    assert told(small) == [
        "Department Service is expected to pass its budget of $100 on 25 Sep 2026; $120 by 30 Sep 2026, 55% likely.",
        "Recovered: department Service is no longer expected to pass its budget of $100.",
    ]


@settings(max_examples=10)
@given(spent=st.lists(st.integers(1, 60), min_size=1, max_size=6), looks=st.integers(1, 2))
def test_whatever_is_spent_each_level_is_told_at_most_once(
    tmp_path_factory: pytest.TempPathFactory, spent: list[int], looks: int
) -> None:
    """The highest level passed is the last one sent; no level is sent twice."""
    folder = tmp_path_factory.mktemp("levels")
    with open_warehouse(folder / "warehouse.duckdb") as warehouse:
        small = SmallWallet(warehouse, folder).configured(teams=(SERVICE,), budgets=(budget(100),))
        for day, usd in enumerate(spent, start=1):
            spend(small, f"2026-09-{day:02}", usd)
            for _ in range(looks):
                decide(small, f"2026-09-{day:02}")
        with warehouse.reading() as session:
            keys = [one.message.key for one in deliveries(session) if one.message.key.startswith("budget-")]
        assert len(keys) == len(set(keys))
        passed = [level for level in (50, 75, 90, 100) if sum(spent) >= level]
        assert {f"budget-{passed[-1]}"} <= {key.rpartition("-")[0] for key in keys} if passed else keys == []


def test_what_a_message_asks_has_its_figures(small: SmallWallet) -> None:
    """The question that explains an alert gives the same figures."""
    small.configured(teams=(SERVICE,), budgets=(budget(100),))
    spend(small, "2026-09-02", 60)
    decide(small, "2026-09-02")
    with small.warehouse.reading() as session:
        message = next(one.message.answer for one in deliveries(session) if "budget" in one.message.answer.headline)
    asked = ask(message.question, small.context(date(2026, 9, 2)))
    for key in ("budget_usd", "spent_usd", "left_usd", "used_percent"):
        assert message.figure(key).value == asked.figure(key).value


def test_a_team_s_digest_and_the_summary_say_how_the_budgets_stand(small: SmallWallet) -> None:
    """The Service team reads about its own budget only; the summary has all of them, the overspent one first."""
    small.grants_said(GrantInput(Decimal(10**6), date(2026, 7, 1), date(2027, 7, 1), usd=Decimal(5_000)))
    small.configured(teams=BOTH, budgets=(budget(100), budget(50, "Sales")))
    for day in range(1, 15):
        spend(small, f"2026-09-{day:02}", 2)
    spend(small, "2026-09-09", 60, "Sales")
    context = small.context(date(2026, 9, 14))
    with small.warehouse.reading() as session:
        lines = {row[0]: row[2] for row in digest(session, context, SERVICE, "weekly").table("digest").rows}
    assert str(lines["budget"]).startswith("department Service per month: $28.00 of $100 (28%)")
    assert "Sales" not in str(lines["budget"])
    shown = [str(row[0]) for row in summarize_wallet(context).table("budgets").rows]
    assert shown[0] == "department Sales per month: $60.00 of $50.00 (120%), over since 9 Sep 2026"
    assert len(shown) == 2


def test_a_budget_that_is_spent_to_the_cent_is_not_over(small: SmallWallet) -> None:
    """$100 of $100 passes the level of 100 and is not over; one more credit overspends it by half a cent, from that day on."""
    small.configured(teams=(SERVICE,), budgets=(budget(100),))
    spend(small, "2026-09-02", 60)
    spend(small, "2026-09-03", 40)
    decide(small, "2026-09-03")
    exact = ask("budget", small.context(date(2026, 9, 3)))
    assert (exact.figure("left_usd").value, exact.table("budgets").rows[0][-4]) == (0, "within")
    small.events(
        {"eventtime__c": "2026-09-04T12:00:00.000Z", "processedtime__c": "2026-09-04T12:00:00.000Z", "unitsconsumed__c": 1}
    )
    over = ask("budget", small.context(date(2026, 9, 4)))
    assert (over.figure("left_usd").value, over.figure("over_on").value) == (Decimal("-0.005"), date(2026, 9, 4))
    assert told(small) == [
        "Department Service spent 100% of its budget, $100 of $100, past the level of 100%; it ends on 30 Sep 2026."
    ]


def test_a_budget_that_earlier_periods_spent_is_over_with_the_first_cent(small: SmallWallet) -> None:
    """August spent $150 of $50, so September starts at −$50: $10 more is $60 over, and one message covers all levels."""
    small.configured(teams=(SERVICE,), budgets=(budget(50)._replace(rolls_over=True),))
    spend(small, "2026-08-10", 150)
    spend(small, "2026-09-02", 10)
    decide(small, "2026-09-02")
    assert told(small) == ["Department Service is $60.00 over its budget of -$50.00 to 30 Sep 2026."]


def test_a_budget_that_earlier_periods_spent_to_the_cent_is_no_news_until_something_is_spent(small: SmallWallet) -> None:
    """August spent $100 of $50, so September starts at $0: nothing is overspent until the first dollar is."""
    small.configured(teams=(SERVICE,), budgets=(budget(50)._replace(rolls_over=True),))
    spend(small, "2026-08-10", 100)
    decide(small, "2026-09-02")
    assert told(small) == []
    spend(small, "2026-09-03", 1)
    decide(small, "2026-09-03")
    assert told(small) == ["Department Service is $1.00 over its budget of $0 to 30 Sep 2026."]


def test_a_forecast_that_cannot_be_made_keeps_no_level_from_being_told(small: SmallWallet) -> None:
    """A forecast out of range must not fail the import that triggers it; the earlier expectation stays open."""
    small.configured(teams=(SERVICE,), budgets=(budget(100),))
    spend(small, "2026-09-02", 20)
    decide(small, "2026-09-02", foreseeing(60))
    deliver(small)

    def fails(_: BudgetUse, /) -> SpendingOutlook:
        raise OverflowError

    spend(small, "2026-09-03", 40)
    decide(small, "2026-09-03", fails)
    assert [text.split(" of $100")[0] for text in told(small)] == [
        "Department Service is expected to pass its budget",
        "Department Service spent 60% of its budget, $60.00",
    ]
    assert small.warehouse.execute("SELECT DISTINCT state FROM alerts WHERE rule = 'budget_expected'") == [("open",)]


def test_a_budget_of_credits_of_everything_is_told_in_credits(small: SmallWallet) -> None:
    """11,000 of 20,000 credits in a quarter from August on, across departments; July counts in the quarter before."""
    small.configured(teams=(FINANCE,), budgets=(Budget("", "", "quarter", "credits", Decimal(20_000)),), fiscal_year_start=2)
    spend(small, "2026-07-31", 100)
    spend(small, "2026-08-01", 25)
    spend(small, "2026-09-02", 30, "Sales")
    decide(small, "2026-09-02")
    assert told(small, "C0FINANCE") == [
        "The wallet spent 55% of its budget, 11,000 of 20,000 credits, past the level of 50%; it ends on 31 Oct 2026."
    ]


def test_credits_without_a_price_have_budgets_of_credits_alone(small: SmallWallet) -> None:
    """600 of 1,000 credits of another card are reported; a dollar budget cannot apply to credits without a price."""
    small.grants_said(GrantInput(Decimal(10_000), date(2026, 9, 1), date(2027, 9, 1), card="Other"))
    both = (
        Budget("", "", "month", "credits", Decimal(1_000), card="Other"),
        Budget("", "", "month", "usd", Decimal(1), card="Other"),
    )
    small.configured(teams=(FINANCE,), budgets=both)
    spend(small, "2026-09-02", 1)
    small.events(
        {
            "eventtime__c": "2026-09-02T12:00:00.000Z",
            "processedtime__c": "2026-09-02T12:00:00.000Z",
            "unitsconsumed__c": 600,
            "carddefinitiondevelopername__c": "Other",
        }
    )
    decide(small, "2026-09-02")
    assert told(small, "C0FINANCE") == [
        "The wallet spent 60% of its budget, 600 of 1,000 credits, past the level of 50%; it ends on 30 Sep 2026."
    ]


def test_what_a_budget_message_holds_is_the_budget_s_arithmetic(small: SmallWallet) -> None:
    """$60 of $100 is spent, $40 is left, $120 is expected by the 30th; 55% of the futures pass it, most likely on the 25th."""
    small.configured(teams=(SERVICE,), budgets=(budget(100),))
    spend(small, "2026-09-02", 60)
    decide(small, "2026-09-02", foreseeing(55))
    with small.warehouse.reading() as session:
        (answer,) = [
            one.message.answer
            for one in deliveries(session)
            if one.message.key.startswith("budget-") and one.message.address.id == "C0SERVICE"
        ]
    wanted = {
        "budget_usd": 100,
        "spent_usd": 60,
        "left_usd": 40,
        "used_percent": 60,
        "expected_usd": 120,
        "chance_over_percent": 55,
        "over_on": date(2026, 9, 25),
        "period_end": date(2026, 9, 30),
    }
    assert {key: answer.figure(key).value for key in wanted} == wanted
    assert answer.question == 'budget department "Service"'
