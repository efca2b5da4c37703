"""The cost of usage: it follows from the grant that it was drawn from, and is the same in every answer."""

from __future__ import annotations

import csv
from datetime import UTC, date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alerts.rules import pool as pool_rules
from core.config.loader import GrantInput, load_config
from core.errors import ConfigError
from core.focus.charges import focus_rows
from core.focus.columns import Book, Export
from core.focus.export import write_focus
from core.pricing.price_book import prices_on
from core.questions.asking import ask
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.wallet.ledger.balance import Grant, PoolUsage, Term, balance, draw_down
from core.wallet.usage import slices
from core.wallet.usage.costs import CreditPrices, DayRates, usd_of
from core.wallet.usage.rates import day_rates
from core.warehouse.database import Session
from tests.fakes.small_wallet import TODAY, context_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from core.answer.model import Answer
    from core.context import Context
    from core.warehouse import Warehouse
    from tests.fakes.small_wallet import SmallWallet

    Figures = Callable[[Answer], dict[str, Any]]

JULY, NEXT_JULY = date(2026, 7, 1), date(2027, 7, 1)
YEAR = ("2026-07-01", "2027-07-01", "Add", "")
RATE = Decimal("0.005")
DEMO = """
contract:
  start: 2026-07-01
  end: 2027-07-01
  grants:
    - {credits: 300000, usd: 1500, label: Order 1}
    - {credits: 100000, end: 2026-12-31, label: Foundations}
"""


def focus(small: SmallWallet, folder: Path) -> list[dict[str, str]]:
    """Export everything in a wallet and read the CSV back."""
    csv_file, _ = write_focus(
        small.warehouse, small.config, prices_on(TODAY, small.config.contract.prices), JULY, NEXT_JULY, folder
    )
    with csv_file.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def effective(rows: list[dict[str, str]], **where: str) -> Decimal:
    """Return the cost of usage from the FOCUS rows."""
    used = [row for row in rows if row["ChargeCategory"] == "Usage" and row["CommitmentDiscountStatus"] != "Unused"]
    return sum((Decimal(row["EffectiveCost"]) for row in used if where.items() <= row.items()), Decimal(0))


@pytest.fixture
def demo(small: SmallWallet, tmp_path: Path) -> SmallWallet:
    """The demonstration's wallet: 117,654 credits used, 100,000 of them free, the rest at $1,500 for 300,000."""
    path = tmp_path / "app.yaml"
    path.write_text(DEMO)
    small.config = load_config(path)
    write_events(tmp_path / "events.csv", 5_000, first_day=JULY, days=100)
    import_files(small.warehouse, [tmp_path / "events.csv"], small.config.wallet)
    return small


def test_foundations_in_app_yaml_cost_nothing(demo: SmallWallet, figures: Figures, tmp_path: Path) -> None:
    """Beyond 100,000 free credits each costs half a cent, in every answer; FOCUS bills nothing for Foundations."""
    used = figures(demo.ask("wallet"))["used_credits"]
    cost = (used - 100_000) * RATE
    asked = ("wallet", "usage by agent", "usage by month", "usage by environment")
    assert [figures(demo.ask(question))["usd_used"] for question in asked] == [cost] * 4
    rows = focus(demo, tmp_path / "out")
    free = [row for row in rows if row["CommitmentDiscountId"] == "Foundations"]
    assert {row["ChargeCategory"] for row in free} == {"Purchase", "Usage"}
    assert {(Decimal(row["BilledCost"]), Decimal(row["EffectiveCost"])) for row in free} == {(0, 0)}
    assert effective(rows) == cost


@pytest.mark.parametrize(
    ("said", "cost"),
    [
        (GrantInput(Decimal(100), JULY, NEXT_JULY, kind="free"), 0),
        (GrantInput(Decimal(100), JULY, NEXT_JULY, label="SFDC foundations 2026"), 0),
        (GrantInput(Decimal(100), JULY, NEXT_JULY, usd=Decimal(0)), 0),
        (GrantInput(Decimal(100), JULY, NEXT_JULY, label="Foundations", kind="bought"), 30 * RATE),
        (GrantInput(Decimal(100), JULY, NEXT_JULY, label="Foundations", usd=Decimal(10)), 3),
        (GrantInput(Decimal(100), JULY, NEXT_JULY, usd=Decimal(10)), 3),
        (GrantInput(Decimal(100), JULY, NEXT_JULY), 30 * RATE),
    ],
)
def test_a_grant_of_app_yaml_says_what_its_credits_cost(
    small: SmallWallet, figures: Figures, tmp_path: Path, said: GrantInput, cost: Decimal
) -> None:
    """30 of 100 credits cost nothing if free, else their share of what was paid, else the contract's price."""
    small.grants_said(said).days_of_use(JULY, 30)
    assert figures(small.ask("wallet"))["usd_used"] == cost == effective(focus(small, tmp_path / "out"))


def test_what_app_yaml_says_of_a_grant_holds_for_the_ledger_s_row(small: SmallWallet, figures: Figures) -> None:
    """The ledger has the grant without a subtype; app.yaml repeats it as free."""
    small.ledger((1000, *YEAR)).days_of_use(JULY, 20)
    small.grants_said(GrantInput(Decimal(1000), JULY, NEXT_JULY, kind="free"))
    assert figures(small.ask("wallet"))["usd_used"] == 0


@pytest.mark.parametrize(
    "grant", ["{credits: 5, kind: free, usd: 3}", "{credits: 5, kind: bought, usd: 0}", "{credits: 5, kind: gift}"]
)
def test_a_grant_that_contradicts_itself_is_refused(tmp_path: Path, grant: str) -> None:
    """Free credits with a price, bought ones without, and an unknown kind."""
    (tmp_path / "app.yaml").write_text(f"contract: {{grants: [{grant}]}}")
    with pytest.raises(ConfigError, match=r"contract\.grants\[0\]"):
        load_config(tmp_path / "app.yaml")


def test_overdrawn_use_costs_the_rate_that_the_contract_has_for_it(small: SmallWallet, figures: Figures, tmp_path: Path) -> None:
    """10 of 30 credits have no grant: at $0.16 an action of 20 credits they cost $0.08, the others half a cent each."""
    (tmp_path / "app.yaml").write_text("contract: {prices: {overage.usd_per_action: 0.16}}")
    small.config = load_config(tmp_path / "app.yaml")
    small.ledger((20, *YEAR)).days_of_use(JULY, 30)
    found = figures(small.ask("wallet"))
    assert (found["overdrawn_usd"], found["usd_used"]) == (Decimal("0.08"), Decimal("0.08") + 20 * RATE)
    assert effective(focus(small, tmp_path / "out")) == found["usd_used"]


def test_every_answer_says_the_same_dollars(small: SmallWallet, figures: Figures, tmp_path: Path) -> None:
    """Two agents, free credits that end within a day, bought ones, and 400 credits without a grant."""
    small.ledger((500, "2026-07-01", "2026-12-31", "Add", "Foundations"), (600, *YEAR))
    for day, (first, second) in enumerate([(200, 100), (300, 100), (400, 400)]):
        at = {"eventtime__c": f"2026-07-0{day + 1}T12:00:00.000Z", "processedtime__c": f"2026-07-0{day + 1}T13:00:00.000Z"}
        small.events(
            at | {"unitsconsumed__c": first, "rootresourceidorapiname__c": "First"},
            at | {"unitsconsumed__c": second, "rootresourceidorapiname__c": "Second", "usagebusinessenvtype__c": "sandbox"},
        )
    cost = Decimal(1000) * RATE
    of_first = (300 * Decimal(200) / 400 + 400) * RATE  # of the second day's 400 credits 200 were free
    rows = focus(small, tmp_path / "out")
    assert (effective(rows), effective(rows, ResourceId="First")) == (cost, of_first)
    for question in ("wallet", "usage by agent", "usage by day", "usage by user", "usage by action"):
        assert figures(small.ask(question))["usd_used"] == cost
    assert {row[0]: row[3] for row in small.ask("usage by agent").table("usage").rows} == {
        "First": of_first,
        "Second": cost - of_first,
    }
    assert figures(small.ask("wallet agent First"))["usd_used"] == of_first
    assert figures(small.ask("sandbox"))["sandbox_usd"] == cost - of_first
    assert figures(small.ask("variance from 2026-07-03 to 2026-07-03"))["usd_used"] == 800 * RATE
    assert figures(small.ask("variance from 2026-07-03 to 2026-07-03"))["usd_before"] == 200 * RATE


def test_free_credits_that_expire_unused_are_worth_nothing(small: SmallWallet) -> None:
    """930 of 1,000 free credits expire at no cost; of 1,000 bought for $10 they cost $9.30."""
    end = date(2026, 7, 31)
    bought = GrantInput(Decimal(1000), JULY, end, usd=Decimal(10))
    small.days_of_use(JULY, *[10] * 7).grants_said(bought._replace(usd=None, kind="free"), start=JULY, end=NEXT_JULY)
    free = small.ask("wallet", date(2026, 8, 15)).table("expiries").rows
    paid = small.grants_said(bought, start=JULY, end=NEXT_JULY).ask("wallet", date(2026, 8, 15)).table("expiries").rows
    assert (free, paid) == (((end, 930, 0, "expired"),), ((end, 930, Decimal("9.30"), "expired"),))


# --- properties -------------------------------------------------------------------------------------------------------

PRICES = CreditPrices(RATE, Decimal("0.007"))
DAYS = st.dates(JULY, date(2026, 9, 30))
GRANTS = st.lists(
    st.builds(
        lambda amount, first, length, usd: Grant("", Decimal(amount), first, first + timedelta(days=length), usd=usd),
        st.integers(-300, 2000).filter(bool),
        DAYS,
        st.integers(1, 90),
        st.sampled_from([None, Decimal(0), Decimal(10), Decimal("99.99")]),
    ),
    max_size=5,
).map(lambda grants: [Grant(f"g{nth}", *_term(one)) for nth, one in enumerate(grants)])
USE = st.dictionaries(st.tuples(DAYS, st.sampled_from("abc")), st.integers(-20, 300).map(Decimal), max_size=25)
AFTER = date(2026, 10, 1)


def _term(one: Grant) -> tuple[Decimal, date, date, str, Decimal | None]:
    return one.credits, one.first_day, one.day_after_last, one.kind, one.usd


def totals(use: dict[tuple[date, str], Decimal]) -> dict[date, Decimal]:
    """Return the usage of each day."""
    return {day: sum((used for (one, _), used in use.items() if one == day), Decimal(0)) for day, _ in use}


@given(GRANTS, USE)
def test_the_costs_of_names_and_of_prices_add_up_to_the_cost(grants: list[Grant], use: dict[tuple[date, str], Decimal]) -> None:
    """Shared out by name in runs of one rate, or by what was paid, it equals the drawdown's cost to the last digit."""
    by_day = totals(use)
    pool = draw_down(grants, PoolUsage(by_day), AFTER, "earliest_expiry")
    rates = DayRates(PRICES, pool.by_day())
    whole = sum((PRICES.cost(parts) for parts in pool.by_day().values()), Fraction(0))
    runs = rates.runs(JULY, AFTER)
    of_run = [(run, {day: used for day, used in by_day.items() if run.first_day <= day < run.day_after_last}) for run in runs]
    by_name = sum(
        (Fraction(used) * run.rate for run, mine in of_run for (day, _), used in use.items() if day in mine), Fraction(0)
    )
    by_kind = rates.by_kind(by_day.items())
    assert by_name == whole == sum((amount * kind.price for kind, amount in by_kind.items()), Fraction(0))
    assert sum(by_kind.values(), Fraction(0)) == Fraction(sum(by_day.values()))
    of_one_name = [(day, used) for (day, name), used in use.items() if name == "a"]
    assert rates.cost(of_one_name) == usd_of(sum((Fraction(used) * rates.rate(day) for day, used in of_one_name), Fraction(0)))
    assert [run.first_day for run in runs[1:]] == [run.day_after_last for run in runs[:-1]]
    assert (runs[0].first_day, runs[-1].day_after_last) == (JULY, AFTER)


@given(GRANTS, USE)
def test_focus_carries_the_wallet_s_cost_and_every_credit(grants: list[Grant], use: dict[tuple[date, str], Decimal]) -> None:
    """Usage rows have exactly the credits of the usage, by name too, and its cost to a millionth of a dollar a grant."""
    nothing = dict.fromkeys(("org", "paying_org", "usage_type", "action", "department", "use_case"), "")
    usage = [
        {"day": day, "environment": "production", "agent": name, "actions": Decimal(1), "credits": used, **nothing}
        for (day, name), used in sorted(use.items())
    ]
    kinds = {("action", "production"): Decimal(20), ("action", "sandbox"): Decimal(16)}
    export = Export(JULY, AFTER, UTC, "account", Book(RATE, PRICES, kinds))
    rows = [row for row in focus_rows(usage, grants, "earliest_expiry", export) if row["ChargeCategory"] == "Usage"]
    used = [row for row in rows if row.get("CommitmentDiscountStatus") != "Unused"]
    for name in "abc":
        mine = sum((row["PricingCurrencyEffectiveCost"] for row in used if row["ResourceId"] == name), Decimal(0))
        assert mine == sum((amount for (_, one), amount in use.items() if one == name), Decimal(0))
    rates = DayRates(PRICES, draw_down(grants, PoolUsage(totals(use)), AFTER, "earliest_expiry").by_day())
    assert abs(sum(row["EffectiveCost"] for row in used) - rates.cost(totals(use).items())) <= Decimal("0.00001")


@given(GRANTS, USE, DAYS, st.sets(st.integers(1, 100), min_size=1))
def test_with_nothing_left_every_level_up_to_100_is_passed(
    grants: list[Grant], use: dict[tuple[date, str], Decimal], start: date, levels: set[int]
) -> None:
    """If anything is left, however little, 100% is not passed."""
    found = balance(grants, PoolUsage(totals(use)), Term(start, NEXT_JULY), AFTER, "earliest_expiry")
    if found.used_percent is not None:
        passed = pool_rules.levels_passed((), pool_rules.truncate_percent(found.used_percent), levels | {100})
        assert (passed == sorted(levels | {100})) is (found.left == 0)


# --- what one answer needs is asked for once


@pytest.mark.parametrize("question", ["wallet", "usage by agent", "usage by agent since 2026-09-01", "variance last 7 days"])
def test_no_statement_runs_twice(question: str, invented: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each query runs once in an answer about the whole card with one rate on all days."""
    run: list[str] = []
    usual = Session.execute

    def execute(session: Session, text: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        run.append(text.splitlines()[0])
        return usual(session, text, parameters)

    monkeypatch.setattr(Session, "execute", execute)
    ask(question, context_of(invented))
    assert sorted(run) == sorted(set(run))


@pytest.mark.parametrize("part", ["", " department Sales", " production only"])
def test_days_that_were_read_for_the_rates_are_those_of_the_wallet(
    part: str, invented: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is the same if the days are read anew, for the whole card and for a part."""
    question = f"usage by agent from 2026-09-03 to 2026-09-20{part}"
    answer = ask(question, context_of(invented))

    def without_days(session: Session, card: str, context: Context, day_after_last: date) -> DayRates | None:
        rates = day_rates(session, card, context, day_after_last)
        return rates and DayRates(rates.prices, rates.parts)

    monkeypatch.setattr("core.wallet.usage.slices.day_rates", without_days)
    assert ask(question, context_of(invented)) == answer


@given(st.dictionaries(st.text(max_size=3), st.fractions(max_denominator=50), max_size=30))
def test_what_names_cost_adds_up(costs: dict[str, Fraction]) -> None:
    """The total is the exact sum of each name's cost."""
    assert slices.Costs(costs).total == usd_of(sum(costs.values(), Fraction(0)))
