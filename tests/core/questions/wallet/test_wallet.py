"""`wallet`: its answer for the sample wallet and for small ones."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.answer.model import Answer, Fact
from core.config.loader import GrantInput
from core.config.wallet import WalletSettings
from core.errors import InputError
from tests.fakes.small_wallet import SmallWallet

Asked = Callable[[str], Answer]
Figures = Callable[[Answer], dict[str, Any]]
JULY = date(2026, 7, 1)
YEAR = ("2026-07-01", "2027-07-01", "Add", "")


def test_the_balance_is_the_truth(asked: Asked, truth: dict[str, Any], figures: Figures) -> None:
    """Granted without reparenting, used in every environment, and left: exactly the totals of the exports."""
    found = figures(asked("wallet"))
    keys = ("granted_credits", "used_credits", "remaining_credits", "actions")
    assert [found[key] for key in keys] == [
        truth[key] for key in ("granted_excluding_reparenting", "credits", "remaining", "actions")
    ]


def test_use_of_free_credits_costs_nothing(asked: Asked, truth: dict[str, Any], figures: Figures) -> None:
    """All usage is drawn from 200,000 Foundations credits, which end first; at list price, $500 for 100,000, it is worth more."""
    found = figures(asked("wallet"))
    assert (found["usd_used"], found["list_value_usd"]) == (0, truth["credits"] * Decimal(500) / 100_000)


def test_burn_is_of_28_complete_days(asked: Asked, truth: dict[str, Any], figures: Figures) -> None:
    """Data through is 10 October, 07:55; 72 hours before is the 7th, and the 28 days before are 9 September to 6 October."""
    days = {day: used for day, used in truth["by_day_utc"].items() if "2026-09-09" <= day <= "2026-10-06"}
    found = figures(asked("wallet"))
    assert (len(days), found["burn_credits_per_day"]) == (28, sum(days.values()) / 28)


def test_burn_per_week_and_month_follow_from_the_day(asked: Asked, figures: Figures) -> None:
    """A week is 7 days, a month a twelfth of 365."""
    found = figures(asked("wallet"))
    day = found["burn_credits_per_day"]
    assert (found["burn_credits_per_week"], found["burn_credits_per_month"]) == (day * 7, day * 365 / 12)


def test_the_last_72_hours_are_provisional(asked: Asked, truth: dict[str, Any], figures: Figures) -> None:
    """The days from 7 October on count as used and are called provisional."""
    found = figures(asked("wallet"))
    late = sum(used for day, used in truth["by_day_utc"].items() if day >= "2026-10-07")
    assert (found["provisional_from"], found["provisional_credits"]) == (date(2026, 10, 7), late)


def test_data_through_is_the_latest_processed_time(asked: Asked, truth: dict[str, Any], figures: Figures) -> None:
    """It is an instant in UTC from the exports, not from the import's clock."""
    assert figures(asked("wallet"))["data_through"] == datetime.fromisoformat(truth["data_through"])


def test_pace_is_used_over_elapsed(asked: Asked, truth: dict[str, Any], figures: Figures) -> None:
    """9.87% used when 102 of the term's 365 days are over, 1 July to 10 October."""
    used = truth["credits"] / truth["granted_excluding_reparenting"] * 100
    assert figures(asked("wallet"))["pace_percent"] == used / (Decimal(102) / 365 * 100) * 100


def test_allowed_per_day_makes_it_last(asked: Asked, truth: dict[str, Any], figures: Figures) -> None:
    """The rest divided by the 263 days from 11 October to 30 June."""
    assert figures(asked("wallet"))["allowed_credits_per_day"] == truth["remaining"] / 263


def test_a_past_day_has_its_own_balance(asked: Asked, truth: dict[str, Any], figures: Figures) -> None:
    """On 1 September the reimbursement of the 2nd is not there yet, and usage to that day counts."""
    used = sum(used for day, used in truth["by_day_utc"].items() if day <= "2026-09-01")
    found = figures(asked("wallet as of 2026-09-01"))
    assert (found["granted_credits"], found["used_credits"]) == (1_000_000 + 200_000 - 15_000, used)


def test_a_past_day_burns_what_was_burned_then(asked: Asked, truth: dict[str, Any], figures: Figures) -> None:
    """The 28 days to 1 September are complete by now, so none of them is left out."""
    days = [used for day, used in truth["by_day_utc"].items() if "2026-08-05" <= day <= "2026-09-01"]
    assert figures(asked("wallet as of 2026-09-01"))["burn_credits_per_day"] == sum(days) / 28


def test_one_environment_leaves_the_pool_whole(asked: Asked, truth: dict[str, Any], figures: Figures) -> None:
    """For production, used is production's; the rest is still the whole card's."""
    found = figures(asked("wallet production"))
    assert (found["used_credits"], found["remaining_credits"]) == (truth["by_env"]["production"], truth["remaining"])


def test_every_environment_is_said_to_be_counted(asked: Asked) -> None:
    """A note says that sandboxes are in the total."""
    assert any("Every environment is counted" in note.text for note in asked("wallet").notes)


def test_an_agent_is_found_by_a_part_of_its_name(asked: Asked, truth: dict[str, Any], figures: Figures) -> None:
    """`agent sales` is Sales_SDR, the only agent with that in its name."""
    assert figures(asked("wallet agent sales"))["used_credits"] == truth["by_agent"]["Sales_SDR"]


def test_an_unknown_name_is_an_error_with_near_ones(asked: Asked) -> None:
    """A misspelt agent is not an empty answer."""
    with pytest.raises(InputError, match=r'knows no agent "Sales_SDX". Did you mean: Sales_SDR'):
        asked("wallet agent Sales_SDX")


def test_part_of_several_names_is_an_error(asked: Asked) -> None:
    """An underscore is spelling, so `service` is one agent; `00D` begins every org."""
    with pytest.raises(InputError, match="part of several orgs"):
        asked("wallet org 00D")


@pytest.mark.parametrize("name", ["Sales_SDR", "SalesSDR"])
def test_names_alike_but_for_spelling_are_told_apart_by_it(small: SmallWallet, figures: Figures, name: str) -> None:
    """Two agents differ in an underscore only: each is found by its own spelling, and neither by another one."""
    used = {"Sales_SDR": 20, "SalesSDR": 40}
    small.events(*({"rootresourceidorapiname__c": agent, "unitsconsumed__c": amount} for agent, amount in used.items()))
    assert figures(small.ask(f"wallet agent {name}"))["used_credits"] == used[name]
    with pytest.raises(InputError, match="part of several agents"):
        small.ask("wallet agent sales_sdr")


@pytest.mark.parametrize("question", ["wallet", "wallet org EMEA", "wallet card Other", "usage by day", "users", "reconcile"])
def test_an_empty_wallet_says_how_to_fill_it(small: SmallWallet, question: str) -> None:
    """Every question about an empty wallet is refused with the command that fills it."""
    with pytest.raises(InputError, match=r"nothing has been imported yet\..*agentcost import FILE"):
        small.ask(question)


def test_without_grants_nothing_is_said_to_be_left(small: SmallWallet, figures: Figures) -> None:
    """Usage without known grants has no balance, rather than a negative one."""
    found = figures(small.days_of_use(JULY, 20).ask("wallet"))
    assert (found["used_credits"], found["granted_credits"], found["remaining_credits"]) == (20, None, None)


def test_grants_of_app_yaml_and_ledger_add_up(small: SmallWallet, figures: Figures) -> None:
    """A ledger row of 1,000 and another grant of 500 in app.yaml are 1,500."""
    small.ledger((1000, *YEAR)).days_of_use(JULY, 20)
    small.grants_said(GrantInput(Decimal(500), JULY, date(2027, 7, 1)))
    assert figures(small.ask("wallet"))["granted_credits"] == 1500


def test_a_grant_said_twice_counts_once(small: SmallWallet, figures: Figures) -> None:
    """A grant of the ledger that app.yaml repeats counts once, and a note says so."""
    small.ledger((1000, *YEAR)).days_of_use(JULY, 20)
    answer = small.grants_said(GrantInput(Decimal(1000), JULY, date(2027, 7, 1), label="Order 7")).ask("wallet")
    said = any("Order 7 repeats a grant of the ledger" in note.text for note in answer.notes)
    assert (figures(answer)["granted_credits"], said) == (1000, True)


def test_reparenting_is_no_grant(small: SmallWallet, figures: Figures) -> None:
    """A row that only moves credits between contracts adds none."""
    small.ledger((1000, *YEAR), (1000, "2026-07-01", "2027-07-01", "Add", "Reparenting")).days_of_use(JULY, 20)
    assert figures(small.ask("wallet"))["granted_credits"] == 1000


def test_another_card_is_never_in_the_credits(small: SmallWallet, figures: Figures) -> None:
    """Usage of Data Services Credits has its own answer and no price in Flex Credits."""
    small.events({}, {"carddefinitiondevelopername__c": "DataServicesCredits", "unitsconsumed__c": 7})
    flex, data = figures(small.ask("wallet")), figures(small.ask('wallet card "data services credits"'))
    assert (flex["used_credits"], data["used_credits"], data["usd_used"]) == (20, 7, None)


def test_an_expired_grant_leaves_with_what_was_unused(small: SmallWallet, figures: Figures) -> None:
    """200 credits to the end of July, 20 of them used: in August 180 have expired and 1,000 are left."""
    small.ledger((1000, *YEAR), (200, "2026-07-01", "2026-08-01", "Add", "")).days_of_use(JULY, 20)
    found = figures(small.ask("wallet", date(2026, 8, 15)))
    assert (found["expired_credits"], found["remaining_credits"]) == (180, 1000)


def test_a_new_term_begins_afresh(small: SmallWallet, figures: Figures) -> None:
    """Last year's grant and usage are not in this year's figures."""
    small.ledger((1000, "2025-07-01", "2026-07-01", "Add", ""), (500, *YEAR)).days_of_use(date(2026, 6, 30), 300, 20)
    found = figures(small.ask("wallet"))
    assert (found["granted_credits"], found["used_credits"], found["remaining_credits"]) == (500, 20, 480)


def test_nothing_is_left_when_overdrawn_and_the_dollars_are_said(small: SmallWallet, figures: Figures) -> None:
    """Nothing stops at 100%: of 30 credits used 20 were granted, so 10 are overdrawn, at $0.005 each."""
    answer = small.ledger((20, *YEAR)).days_of_use(JULY, 30).ask("wallet")
    found = figures(answer)
    keys = ("remaining_credits", "pool_credits", "overdrawn_credits", "overdrawn_usd", "used_percent")
    assert [found[key] for key in keys] == [0, 20, 10, 10 * Decimal("0.005"), 150]
    assert "$0.05 (10 credits) overdrawn: nothing is left" in answer.headline


def test_a_top_up_after_an_overrun_contradicts_nothing(small: SmallWallet, figures: Figures) -> None:
    """10,000 granted, 49,000 used, 50,000 granted, 9,000 used: rest, percentage and grants all say 41,000 of 60,000."""
    small.ledger((10_000, *YEAR), (50_000, "2026-07-03", "2027-07-01", "Add", "")).days_of_use(JULY, 40_000, 9_000, 9_000)
    answer = small.ask("wallet")
    found = figures(answer)
    left = sum(row[6] for row in answer.table("grants").rows if isinstance(row[6], Decimal))
    assert found["remaining_credits"] == left == 41_000
    assert found["used_percent"] == Decimal(19_000) / 60_000 * 100
    assert found["usd_used"] == (19_000 + 39_000) * Decimal("0.005")
    assert "$205 (41,000 credits) left" in answer.headline
    assert Fact("Left", "41,000 of 60,000 credits, 31.7% used") in (answer.emphasis.facts or ())
    assert Fact("Overdrawn before", "$195 (39,000 credits), billed in arrears") in (answer.emphasis.facts or ())


def test_without_a_complete_day_nothing_is_said_to_expire(small: SmallWallet, figures: Figures) -> None:
    """Two days of data are all provisional: what the grant will leave is unknown, rather than all of it."""
    small.ledger((1000, "2026-07-01", "2026-08-01", "Add", "")).days_of_use(JULY, 10, 10)
    assert figures(small.ask("wallet", date(2026, 7, 2)))["expiring_credits"] is None


def test_what_the_burn_leaves_is_shown_for_each_term_end(small: SmallWallet, column: Callable[..., dict[Any, Any]]) -> None:
    """10 credits a day on 1 to 7 July; at that burn the 23 days from the 8th to the 30th take 230 of what is left."""
    small.ledger((1000, "2026-07-01", "2026-07-31", "Add", "")).days_of_use(JULY, *[10] * 7)
    found = column(small.ask("wallet", date(2026, 7, 7)), "expiries", "unused_credits")
    assert found == {date(2026, 7, 31): 1000 - 70 - 230}


def test_what_has_expired_is_not_lessened_by_the_burn(small: SmallWallet, column: Callable[..., dict[Any, Any]]) -> None:
    """Data ends on 7 July and 70 of 1,000 credits were used: on 15 August 930 have expired, whatever the burn was."""
    small.ledger((1000, "2026-07-01", "2026-07-31", "Add", ""), (500, *YEAR)).days_of_use(JULY, *[10] * 7)
    answer = small.ask("wallet", date(2026, 8, 15))
    found = column(answer, "expiries", "unused_credits")
    assert found[date(2026, 7, 31)] == answer.figure("expired_credits").value == 930


def test_fewer_than_28_days_are_said(small: SmallWallet, figures: Figures) -> None:
    """With 6 days of data to 6 July, 13:00, 1 and 2 July are complete, and a warning says that two days are few."""
    answer = small.days_of_use(JULY, 10, 20, 90, 90, 90, 90).ask("wallet")
    assert (figures(answer)["burn_credits_per_day"], figures(answer)["burn_days"]) == (15, 2)


def test_days_are_the_team_s(small: SmallWallet, figures: Figures) -> None:
    """An event at 22:30 UTC belongs to the next day in Berlin, so that evening's balance does not include it."""
    small.configured(time_zone="Europe/Berlin", wallet=WalletSettings(time_zone="Europe/Berlin"))
    small.events({"eventtime__c": "2026-07-13T22:30:00.000Z"}, {"eventtime__c": "2026-07-13T21:30:00.000Z"})
    assert figures(small.ask("wallet as of 2026-07-13"))["used_credits"] == 20


def test_the_drawdown_order_is_a_setting(small: SmallWallet, column: Callable[..., dict[Any, Any]]) -> None:
    """With granted_first, the older grant pays although the newer one ends sooner."""
    small.ledger((1000, *YEAR), (200, "2026-07-02", "2026-08-01", "Add", "")).days_of_use(date(2026, 7, 3), 20)
    small.configured(wallet=WalletSettings(drawdown="granted_first"))
    used = column(small.ask("wallet"), "grants", "used_credits")
    assert list(used.values()) == [0, 20]


def test_one_grain_can_be_asked_for(asked: Asked, truth: dict[str, Any], figures: Figures) -> None:
    """Daily rows describe the same credits as the events, and add up to the same by themselves."""
    assert figures(asked("wallet grain day"))["used_credits"] == truth["credits"]


def test_old_data_is_said_to_be_old(asked: Asked) -> None:
    """On 21 November, data through 10 October is 42 days old."""
    assert any("42 days before 21 Nov 2026" in note.text for note in asked("wallet").notes)


@pytest.mark.parametrize("key", ["data_through", "last_import"])
def test_instants_are_utc(asked: Asked, figures: Figures, key: str) -> None:
    """Data through and the last import have a time zone."""
    assert figures(asked("wallet"))[key].tzinfo is UTC
