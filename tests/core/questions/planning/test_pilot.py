"""`pilot`: what the days show, a year of them under every plan, and whether they suffice to decide."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from core.answer.model import Answer
from core.errors import InputError
from core.pricing.credit_rates import Terms
from core.pricing.plans import PLANS, year_usd
from core.pricing.price_book import prices_on
from core.pricing.purchase import Demand
from core.pricing.quantities import Actions, Credits, Seats
from core.pricing.workload import YearOfUse
from core.pricing.year_projection import YearProjection, years_under_plans
from tests.fakes.small_wallet import TODAY, SmallWallet

Wallets = Callable[[int], SmallWallet]


def value(answer: Answer, key: str) -> object:
    """Return the value of a figure."""
    return answer.figure(key).value


def row(answer: Answer, plan: str) -> dict[str, object]:
    """Return a plan's row of the table by column."""
    table = answer.table("plans")
    found = next(cells for cells in table.rows if cells[0] == plan)
    return {column.key: cell for column, cell in zip(table.columns, found, strict=True)}


@pytest.fixture
def steady(wallet_of: Wallets) -> SmallWallet:
    """Ninety-three days of 2,000 credits, the newest three provisional, and one day of 6,000."""
    wallet = wallet_of(0)
    first = TODAY - timedelta(days=193)
    return wallet.days_of_use(first, *[2_000] * 50, 6_000, *[2_000] * 49)


def test_the_days_are_replayed_to_a_year(steady: SmallWallet) -> None:
    """50 days of 2,000 credits, as 365 days at $0.005, are $3,650 under Flex Credits."""
    answer = steady.ask("pilot from 2026-05-12 to 2026-06-30")
    assert row(answer, "flex_credits")["replayed_usd"] == Decimal(3_650)


def test_doubling_costs_what_the_plan_says(steady: SmallWallet) -> None:
    """730,000 credits are 8 packs; doubled, 660,000 credits of overage at the contract's $0.005 are added to $4,000."""
    answer = steady.ask("pilot from 2026-05-12 to 2026-06-30")
    assert row(answer, "flex_pre_purchase")["usd_if_doubled"] == 4_000 + 660_000 * Decimal("0.005")


def test_the_peak_stands_against_the_median_day(steady: SmallWallet) -> None:
    """6,000 on one day against a median of 2,000 is 300%."""
    answer = steady.ask("pilot from 2026-05-12 to 2026-07-20")
    assert (value(answer, "peak_percent"), value(answer, "steady_credits_per_day")) == (Decimal(300), Decimal(2_000))


def test_the_range_lies_around_the_expected_year(wallet_of: Wallets) -> None:
    """Under Flex Credits one future in ten costs less than the low end, and one in ten more than the high end."""
    found = row(wallet_of(90).ask("pilot"), "flex_credits")
    low, expected, high = (Decimal(str(found[key])) for key in ("usd_low", "expected_usd", "usd_high"))
    assert low < expected < high


def test_a_long_pilot_decides(wallet_of: Wallets) -> None:
    """Ninety complete days suffice if one kind of plan is the cheapest in the whole range."""
    answer = wallet_of(90).ask("pilot last 90 days")
    assert (value(answer, "pilot_days"), value(answer, "is_decided")) == (Decimal(90), "yes")


@pytest.mark.parametrize(
    ("days", "why"), [(9, "9 of 14 complete days: too few for a forecast"), (30, "30 of 56 complete days: too few for a range")]
)
def test_a_short_pilot_says_so(days: int, why: str, wallet_of: Wallets) -> None:
    """The headline says how many days there are, and nothing is simulated from too few."""
    answer = wallet_of(days).ask("pilot")
    assert answer.headline.startswith("Too short to decide")
    assert any(why in note.text for note in answer.notes if note.kind == "warning")


def test_twelve_months_are_ahead(wallet_of: Wallets) -> None:
    """The months follow the last complete day, and the peak is the one with the highest expected usage."""
    answer = wallet_of(90).ask("pilot")
    months = answer.table("months").rows
    assert len(months) == 12
    assert value(answer, "peak_month") == max(months, key=lambda month: Decimal(str(month[1])))[0]


def test_interactions_have_their_distribution(steady: SmallWallet) -> None:
    """Two interactions with one and three actions: a mean of two, and conversations have a price."""
    steady.interactions(("2026-05-12", "i-1", "A", 1), ("2026-06-30", "i-2", "A", 3))
    answer = steady.ask("pilot from 2026-05-12 to 2026-06-30")
    assert value(answer, "observed_actions_per_interaction") == Decimal(2)
    assert row(answer, "per_conversation")["replayed_usd"] == 2 * Decimal(365) / 50 * 2


def test_what_the_exports_do_not_name_is_told(wallet_of: Wallets) -> None:
    """Without users in the events no seat is priced, and the answer names the wallet as the reason."""
    refused = {cells[0]: cells[2:] for cells in wallet_of(20).ask("pilot").table("not_offered").rows}
    assert refused["per_user_add_on"] == ("priced by users, which the exports do not name", "the wallet")


def test_the_same_pilot_gives_the_same_answer(wallet_of: Wallets) -> None:
    """The seed comes from the data, and the answer's own question gives the same figures."""
    wallet = wallet_of(70)
    once = wallet.ask("pilot last 60 days customers")
    assert wallet.ask(once.question) == once


def test_a_pilot_of_some_months_names_no_peak(wallet_of: Wallets) -> None:
    """Seventy days show no seasons: the headline names no busiest month, and a note says why."""
    answer = wallet_of(70).ask("pilot last 70 days")
    assert "peak" not in answer.headline
    assert any("too few for a claim about months" in note.text for note in answer.notes)


def test_a_pilot_without_a_complete_day_is_refused(wallet_of: Wallets) -> None:
    """Days that are all provisional are not a pilot."""
    with pytest.raises(InputError, match="no complete day"):
        wallet_of(0).ask("pilot since 2026-11-19")


@pytest.mark.parametrize("plan", ["flex_credits", "flex_pre_purchase", "flex_pre_commit", "flex_pay_as_you_go", "edition_sales"])
def test_the_expected_cost_is_the_mean_of_what_all_futures_cost(plan: str) -> None:
    """Futures above and below a block do not cancel out: each is priced by itself, and the costs are averaged."""
    prices, futures = prices_on(TODAY), [Decimal(used) for used in (400_000, 990_000, 1_000_001, 1_700_000, 3_100_000)]
    observed = YearOfUse(None, None, Actions(Decimal(47_500)), Credits(Decimal(950_000)), Seats(Decimal(10)))
    years, _ = years_under_plans(observed, YearProjection(Demand(futures), None, None), None, prices, Terms())
    each = [year_usd(PLANS[plan], observed.times(used / 950_000), observed, prices, Terms()).count for used in futures]
    found = next(year for year in years if year.plan.key == plan)
    assert found.expected is not None
    assert abs(found.expected.count - sum(each, Decimal(0)) / 5) < Decimal("1e-9")


@pytest.fixture
def customers_mostly(wallet_of: Wallets) -> SmallWallet:
    """Sixty-five days with 400,000 credits of customers' usage and 20 credits of one employee, in two orgs."""
    rows = [
        {
            "eventtime__c": f"{TODAY - timedelta(days=nth)}T10:00:00.000Z",
            "processedtime__c": f"{TODAY - timedelta(days=nth)}T11:00:00.000Z",
            "usagereportingorgid__c": org,
        }
        | what
        for nth in range(68)
        for org in ("EMEA", "AMER")
        for what in ({"unitsconsumed__c": 400_000, "usagevalue__c": 20_000}, {"userid__c": "005U001"})
    ]
    return wallet_of(0).events(*rows)


@pytest.mark.parametrize("question", ["pilot", "portfolio", "recommend"])
def test_one_named_employee_is_no_seat_for_all_customers(question: str, customers_mostly: SmallWallet) -> None:
    """A seat at $1,500 a year does not cover $1,460,000 of usage without names: it is not offered, and the answer says so."""
    answer = customers_mostly.ask(question)
    assert "Flex Credits" in {str(cell) for row in answer.tables[0].rows[:1] for cell in row}
    assert any("no seat serves" in note.text for note in answer.notes if note.kind == "warning")


def test_use_that_names_a_person_for_all_of_it_is_priced_in_seats(wallet_of: Wallets) -> None:
    """If every event names an employee, seats for all of them are offered."""
    rows = [
        {
            "eventtime__c": f"{TODAY - timedelta(days=nth)}T10:00:00.000Z",
            "processedtime__c": f"{TODAY - timedelta(days=nth)}T11:00:00.000Z",
            "userid__c": f"005U00{nth % 3}",
        }
        for nth in range(20)
    ]
    assert row(wallet_of(0).events(*rows).ask("pilot"), "per_user_add_on")["replayed_usd"] == Decimal(3 * 125 * 12)
