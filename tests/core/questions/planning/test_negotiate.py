"""`negotiate`: each ask is worth what the arithmetic gives for this usage, or $0 with the reason."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.answer.model import Answer
from core.config.loader import GrantInput
from core.errors import QuestionError
from tests.fakes.small_wallet import TODAY, SmallWallet

Priced = Callable[[str], Answer]
Wallets = Callable[[int], SmallWallet]
LARGE = "negotiate 50000 interactions 5 actions"


def worth(answer: Answer, ask: str) -> object:
    """Return the yearly value of an ask."""
    return answer.figure(f"{ask}_usd_per_year").value


def why(answer: Answer, ask: str) -> str:
    """Return how the value of an ask was computed, or why there is none."""
    return next(str(row[-1]) for row in answer.table("asks").rows if row[0] == ask)


@pytest.mark.parametrize(
    ("text", "ask", "usd"),
    [
        (LARGE, "volume_discount", 300_000 * Decimal("0.275")),
        (f"{LARGE} discount 10%", "volume_discount", 270_000 - 300_000 * Decimal("0.725")),
        (LARGE, "premier_scope", 300_000 * Decimal("0.3")),
        (f"{LARGE} sandbox 10%", "sandbox_rate", 300_000 * (16 - 10) * Decimal("0.005")),
        (f"{LARGE} sandbox 10% voice 50%", "sandbox_rate", 150_000 * (16 - 10 + 24 - 15) * Decimal("0.005")),
        (f"{LARGE} sandbox 10% voice 100%", "sandbox_rate", 300_000 * (24 - 15) * Decimal("0.005")),
        ("negotiate 500 interactions 3 actions", "rollover", 40_000 * Decimal("0.005")),
        ("negotiate 500 interactions 3 actions", "bundling", 1_800 * Decimal("0.275")),
        ("negotiate 100 users 500 actions per user", "flex_agreement", 100 * 125 * 12 - 100 * 500 * 12 * Decimal("0.1")),
    ],
)
def test_an_ask_is_worth_what_it_saves(text: str, ask: str, usd: Decimal, priced: Priced) -> None:
    """The value is the difference that the ask makes to a year of this usage."""
    assert worth(priced(text), ask) == usd


def test_ninety_days_of_grace_save_what_ninety_days_take(priced: Priced) -> None:
    """88,000 credits are left over and a year uses 12,000: 90 days take 12,000 × 90 ÷ 365."""
    answer = priced("negotiate 600 actions per year")
    assert worth(answer, "grace") == Decimal(12_000) * 90 / 365 * Decimal("0.005")


@pytest.mark.parametrize(
    ("text", "ask", "reason"),
    [
        ("negotiate 500 interactions 3 actions", "volume_discount", "It is for 1,000,000 credits a year or more"),
        (LARGE, "bundling", "reaches the 1,000,000 credits of a volume discount by itself"),
        (LARGE, "sandbox_rate", "Nothing of this use runs in sandboxes"),
        (LARGE, "flex_agreement", "No seats are named"),
        ("negotiate 10 users 5000 actions per user", "flex_agreement", "cost no more than this use in credits"),
        (LARGE, "rollover", "Nothing will be left"),
        (f"{LARGE} discount 40%", "volume_discount", "is already 35% or more below list"),
    ],
)
def test_an_ask_that_does_not_apply_says_why(text: str, ask: str, reason: str, priced: Priced) -> None:
    """It is in the table with $0 and the reason."""
    answer = priced(text)
    assert worth(answer, ask) == 0
    assert reason in why(answer, ask)


def test_the_most_valuable_ask_comes_first(priced: Priced) -> None:
    """Rows are ordered by value, and the headline names the first."""
    answer = priced(LARGE)
    usd = [row[2] for row in answer.table("asks").rows]
    assert usd == sorted(usd, key=lambda value: -Decimal(str(value)))
    assert answer.headline.startswith("Ask for Premier scope first")


@pytest.mark.parametrize(
    ("interactions", "said"),
    [(50_000, "is standard"), (20_000, "insist on a Flex Agreement"), (5_000, "asked for, not insisted on")],
)
def test_the_spend_decides_how_hard_to_ask_for_a_flex_agreement(interactions: int, said: str, priced: Priced) -> None:
    """$300,000 a year is above the standard threshold, $120,000 above the higher one, $30,000 below both."""
    answer = priced(f"negotiate {interactions} interactions 5 actions")
    assert any(said in note.text for note in answer.notes)


def test_rollover_saves_what_the_next_year_takes_of_the_unused_credits(wallet_of: Wallets) -> None:
    """A grant of ten years' burn leaves more than a year uses, and no ask is worth more than a year's usage."""
    wallet = wallet_of(60).grants_said(GrantInput(Decimal(90_000_000), date(2026, 9, 1), date(2027, 9, 1)))
    answer = wallet.ask("negotiate")
    assert worth(answer, "rollover") == answer.figure("ai_usd_per_year").value
    assert "that a year of this use takes" in why(answer, "rollover")


def test_less_than_a_year_s_use_left_is_all_that_rollover_saves(wallet_of: Wallets) -> None:
    """The value is what `wallet` expects to expire, if a year of this usage would take all of it."""
    wallet = wallet_of(60).grants_said(GrantInput(Decimal(9_000_000), date(2026, 9, 1), date(2027, 9, 1)))
    answer = wallet.ask("negotiate")
    assert worth(answer, "rollover") == wallet.ask("wallet").figure("expiring_usd").value
    assert 0 < Decimal(str(worth(answer, "rollover"))) < Decimal(str(answer.figure("ai_usd_per_year").value))


def test_without_grants_what_will_be_left_is_not_known(wallet_of: Wallets) -> None:
    """Without known grants there are no unused credits, and the answer says so."""
    assert "no grants are known" in why(wallet_of(60).ask("negotiate"), "rollover")


def test_people_whose_use_the_wallet_meters_have_no_seats_to_change(wallet_of: Wallets) -> None:
    """Events with user ids show metered usage: an agreement on seats that nobody pays is worth nothing."""
    wallet = wallet_of(60).events({"userid__c": "005A", "eventtime__c": f"{TODAY - timedelta(days=9)}T12:00:00.000Z"})
    answer = wallet.ask("negotiate")
    assert worth(answer, "flex_agreement") == 0
    assert "No seats are named" in why(answer, "flex_agreement")


def test_without_wallet_and_workload_it_says_what_to_name(priced: Priced) -> None:
    """The refusal has an example that works."""
    with pytest.raises(QuestionError, match="needs a workload, or a wallet"):
        priced("negotiate")


def test_people_in_the_wallet_s_events_own_no_seats(wallet_of: Wallets) -> None:
    """Users in the events do not show that anybody pays $125 a month for them."""
    days = range(1, 21)
    rows = [
        {
            "eventtime__c": f"2026-11-{day:02}T10:00:00.000Z",
            "processedtime__c": f"2026-11-{day:02}T11:00:00.000Z",
            "userid__c": f"005U{person:03}",
        }
        for day in days
        for person in range(3)
    ]
    answer = wallet_of(0).events(*rows).ask("negotiate")
    assert worth(answer, "flex_agreement") == 0
    assert "No seats are named" in why(answer, "flex_agreement")


def test_the_wallet_s_credits_are_those_it_counted(wallet_of: Wallets) -> None:
    """Voice at 30 credits in production and actions at 16 in a sandbox: 46 a day are 46 × 365, not an average of shares."""
    rows = [
        {"eventtime__c": f"2026-11-{day:02}T10:00:00.000Z", "processedtime__c": f"2026-11-{day:02}T11:00:00.000Z"} | what
        for day in range(1, 22)
        for what in (
            {"unitsconsumed__c": 30, "multiplier__c": 30, "usagetypedevelopername__c": "Agentforce_VoiceAction"},
            {"unitsconsumed__c": 16, "multiplier__c": 16, "usagebusinessenvtype__c": "sandbox"},
        )
    ]
    answer = wallet_of(0).events(*rows).ask("negotiate")
    assert answer.figure("year_credits").value == 46 * 365


def test_the_wallet_s_sandbox_actions_are_those_it_counted_there(wallet_of: Wallets) -> None:
    """Voice in production only and standard actions in a sandbox: the ask saves 16 − 10 credits of these."""
    rows = [
        {"eventtime__c": f"2026-11-{day:02}T10:00:00.000Z", "processedtime__c": f"2026-11-{day:02}T11:00:00.000Z"} | what
        for day in range(1, 22)
        for what in (
            {"unitsconsumed__c": 30, "multiplier__c": 30, "usagetypedevelopername__c": "Agentforce_VoiceAction"},
            {"unitsconsumed__c": 16, "multiplier__c": 16, "usagebusinessenvtype__c": "sandbox"},
        )
    ]
    assert worth(wallet_of(0).events(*rows).ask("negotiate"), "sandbox_rate") == 365 * (16 - 10) * Decimal("0.005")


def test_the_headline_says_what_the_ask_is_of(priced: Priced) -> None:
    """$90,000 is a share of $150,000 for seats, not of $60,000 for credits."""
    answer = priced("negotiate 100 users 500 actions per user")
    assert answer.headline.startswith("Ask for Flex Agreement at 1:1 first: $90,000 of $150,000 of seats a year")


def test_a_discount_that_is_passed_in_part_is_written_out_at_its_most(priced: Priced) -> None:
    """At 30% off, 27.5% gains nothing and 35% gains 5% of $300,000: the sum uses 35%."""
    answer = priced(f"{LARGE} discount 30%")
    assert worth(answer, "volume_discount") == 0
    assert why(answer, "volume_discount") == "$210,000.00 now − $300,000.00 at list × (1 − 35%) = $15,000.00 at most"
    assert "Volume discount" not in answer.headline
