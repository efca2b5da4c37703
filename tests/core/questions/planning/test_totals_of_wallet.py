"""`tco` and `convert` with a wallet: measured usage replaces assumptions."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from core.answer.model import Answer
from core.errors import QuestionError
from core.warehouse.database import open_warehouse
from tests.fakes.small_wallet import SmallWallet

Priced = Callable[[str], Answer]
Wallets = Callable[[int], SmallWallet]


def value(answer: Answer, key: str) -> object:
    """Return the value of a figure."""
    return answer.figure(key).value


@pytest.fixture
def month(tmp_path: Path) -> Iterator[SmallWallet]:
    """A month of equal complete days: an agent's 160 and 40 credits in events of 8 and 2 actions, and 100 of Data Cloud."""

    def event(day: int, **changed: object) -> dict[str, object]:
        when = f"2026-10-{day:02}T10:00:00.000Z"
        return {"eventtime__c": when, "processedtime__c": when, **changed}

    data_cloud = {"usagetypedevelopername__c": "DataCloud_Queries", "multiplier__c": 100, "rootresourceidorapiname__c": ""}
    days = range(1, 32)
    with open_warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        yield SmallWallet(warehouse, tmp_path).events(
            *(event(day, unitsconsumed__c=160, usagevalue__c=8, userid__c=f"U{day % 2}") for day in days),
            *(event(day, unitsconsumed__c=40, usagevalue__c=2, userid__c="U0") for day in days),
            *(event(day, unitsconsumed__c=100, usagevalue__c=1, **data_cloud) for day in days),
        )


def test_the_ai_spend_is_a_year_of_what_agents_used(month: SmallWallet) -> None:
    """200 credits a day × 365 at $0.005; Data Cloud is not included."""
    assert value(month.ask("tco"), "ai_usd_per_year") == 200 * 365 * Decimal("0.005")


def test_data_cloud_is_what_the_wallet_shows(month: SmallWallet) -> None:
    """100 credits a day × 365 at $0.005 instead of a published share, without a range."""
    answer = month.ask("tco data cloud")
    assert value(answer, "data_cloud_usd_per_year") == 100 * 365 * Decimal("0.005")
    assert value(answer, "total_usd_per_year") == 300 * 365 * Decimal("0.005")


def test_a_share_that_is_said_goes_before_what_the_wallet_shows(month: SmallWallet) -> None:
    """40% of the AI spend, as the question says."""
    assert value(month.ask("tco data cloud 40%"), "data_cloud_usd_per_year") == 365 * Decimal("0.4")


def test_token_overhead_is_told_and_not_added(month: SmallWallet) -> None:
    """7 and 1 actions beyond the first, 160 credits a day, are part of the AI spend."""
    answer = month.ask("tco premier")
    assert value(answer, "token_overhead_usd_per_year") == 160 * 365 * Decimal("0.005")
    assert value(answer, "total_usd_per_year") == 365 * Decimal("1.3")


def test_agents_to_maintain_are_those_of_the_wallet(month: SmallWallet) -> None:
    """One agent with usage is $100,000 of development."""
    assert value(month.ask("tco"), "development_usd") == Decimal(100_000)


def test_seats_without_use_are_seen(month: SmallWallet) -> None:
    """Two people used an agent, so 8 of 10 seats are idle: 8 × $125 × 12 = $12,000, or 2,400,000 credits."""
    answer = month.ask("convert 10 seats")
    found = [value(answer, key) for key in ("active_users", "idle_seats", "idle_usd_per_year", "idle_credits_per_year")]
    assert found == [Decimal(2), Decimal(8), Decimal(12_000), Decimal(2_400_000)]


def test_no_seat_is_idle_where_more_people_use_than_have_one(month: SmallWallet) -> None:
    """Two users with one seat leave no seat idle."""
    assert value(month.ask("convert 1 seats"), "idle_seats") == Decimal(0)


def test_events_without_users_leave_idle_seats_untold(wallet_of: Wallets) -> None:
    """A wallet without user ids says so and invents nothing."""
    answer = wallet_of(40).ask("convert 10 seats")
    assert "idle_seats" not in {figure.key for figure in answer.figures}
    assert any("names a user" in note.text for note in answer.notes)


def test_without_wallet_and_spend_it_says_what_to_name(priced: Priced) -> None:
    """The refusal has an example that works."""
    with pytest.raises(QuestionError, match="needs a spend or a workload, or a wallet"):
        priced("tco")


def test_a_discount_lowers_the_wallet_s_spend(month: SmallWallet) -> None:
    """25% off $0.005 for 200 credits a day."""
    assert value(month.ask("tco discount 25%"), "ai_usd_per_year") == 200 * 365 * Decimal("0.00375")


@pytest.mark.parametrize("text", ["tco growth 5%", "tco customers", "plan purchase growth 5%", "plan purchase employees"])
def test_what_the_wallet_s_use_cannot_take_is_refused(text: str, month: SmallWallet) -> None:
    """Growth and an audience need a stated workload; the answer would otherwise ignore them."""
    with pytest.raises(QuestionError, match="for a workload that is named"):
        month.ask(text)
