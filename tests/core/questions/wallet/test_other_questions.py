"""`actions`, `overhead`, `sandbox`, `users`, `reconcile`, `variance`, `sql`, and pricing of the wallet's own usage."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.answer.model import Answer
from core.config.wallet import WalletSettings
from core.errors import InputError
from core.language.parser import parse
from core.questions.wallet.sql import runnable
from core.questions.wallet.workload import from_wallet
from core.wallet.ingest.pipeline import import_files
from core.warehouse.database import Warehouse
from core.warehouse.statements import statement, statement_names
from tests.fakes.cells import number
from tests.fakes.small_wallet import TODAY, SmallWallet

Asked = Callable[[str], Answer]
Column = Callable[[Answer, str, str], dict[Any, Any]]
Figures = Callable[[Answer], dict[str, Any]]
MONDAY = date(2026, 7, 6)


def test_actions_per_interaction_are_a_distribution(small: SmallWallet, figures: Figures, column: Column) -> None:
    """Interactions of 3, 3 and 9 actions: a mean of 5, a median of 3, a 90th percentile of 9."""
    small.interactions(("2026-07-13", "i-1", "A", 3), ("2026-07-13", "i-2", "A", 3), ("2026-07-13", "i-3", "B", 9))
    answer = small.ask("actions")
    found = figures(answer)
    keys = ("observed_actions_per_interaction", "median_actions_per_interaction", "p90_actions_per_interaction")
    assert ([found[key] for key in keys], column(answer, "agents", "actions_per_interaction")) == ([5, 3, 9], {"B": 9, "A": 3})


def test_actions_need_the_export_that_counts_interactions(asked: Asked) -> None:
    """Usage events do not name their interaction; the answer names the export that does."""
    with pytest.raises(InputError, match="Import the AI usage export"):
        asked("actions")


def test_overhead_is_what_was_billed_as_more_than_one_action(small: SmallWallet, figures: Figures) -> None:
    """Of events with 1, 2 and 3 actions two have overhead: 1 + 2 extra actions at 20 credits, $0.005 each."""
    small.events({}, {"unitsconsumed__c": 40, "usagevalue__c": 2}, {"unitsconsumed__c": 60, "usagevalue__c": 3})
    found = figures(small.ask("overhead"))
    assert small.ask("dear").question == small.ask("dear actions").question == small.ask("overhead").question
    keys = ("multi_action_events", "excess_actions", "excess_credits", "excess_usd")
    assert [found[key] for key in keys] == [2, 3, 60, Decimal("0.30")]


def test_sandbox_is_the_truth(asked: Asked, truth: dict[str, Any], figures: Figures) -> None:
    """The sandboxes' usage and its share of the total."""
    found = figures(asked("sandbox"))
    tests = truth["by_env"]["sandbox"]
    assert (found["sandbox_credits"], found["sandbox_percent"]) == (tests, tests / truth["credits"] * 100)


PROMPT = "Agentforce_AdvancedPrompt"


def ten_days(user: str, actions_a_day: int) -> list[dict[str, object]]:
    """Return a user's events on ten days; the data is complete three days later."""
    return [
        {
            "eventtime__c": f"2026-07-{nth:02d}T10:00:00.000Z",
            "processedtime__c": "2026-07-14T00:00:00.000Z",
            "userid__c": user,
            "unitsconsumed__c": 20 * actions_a_day,
            "usagevalue__c": actions_a_day,
        }
        for nth in range(1, 11)
    ]


def test_users_pass_the_break_even_by_their_month(small: SmallWallet, figures: Figures) -> None:
    """A month has 365 ÷ 12 = 30.4 days: 42 actions a day are 1,278 a month and pass 1,250; 41 are 1,247 and do not."""
    small.events(*ten_days("u-42", 42), *ten_days("u-41", 41))
    found = figures(small.ask("users"))
    assert (found["users"], found["users_past_break_even"], found["actions_per_user_month"]) == (2, 1, 1250)


def test_a_seat_is_decided_by_money_and_everyone_named_is_counted(small: SmallWallet, figures: Figures, column: Column) -> None:
    """36 voice actions a day cost $164.25 a month, 42 in a sandbox $102.20; a third person only has prompts."""
    voice = [
        row | {"unitsconsumed__c": 36 * 30, "usagetypedevelopername__c": "Agentforce_VoiceAction"} for row in ten_days("v", 36)
    ]
    tests = [row | {"unitsconsumed__c": 42 * 16, "usagebusinessenvtype__c": "sandbox"} for row in ten_days("s", 42)]
    prompts = [
        row | {"unitsconsumed__c": 8, "usagevalue__c": 2, "multiplier__c": 4, "usagetypedevelopername__c": "Prompt_Standard"}
        for row in ten_days("p", 2)
    ]
    answer = small.events(*voice, *tests, *prompts).ask("users")
    found = figures(answer)
    assert (found["users"], found["users_past_break_even"]) == (3, 1)
    assert column(answer, "users", "better") == {"v": "seat", "s": "credits", "p": "credits"}
    assert found["mixed_usd_per_year"] == 125 * 12 + (42 * 16 + 8) * 365 * Decimal("0.005")


def test_plans_are_priced_for_exactly_these_people(small: SmallWallet, column: Column) -> None:
    """Two users at 830 credits a day use 302,950 × 2 a year at $0.005; two seats are 2 × $125 × 12."""
    small.events(*ten_days("u-42", 42), *ten_days("u-41", 41))
    years = column(small.ask("users"), "plans", "usd_per_year")
    assert (years["flex_credits"], years["per_user_add_on"]) == (83 * 20 * 365 * Decimal("0.005"), 2 * 125 * 12)


def test_a_mixture_is_priced_as_what_it_would_save(small: SmallWallet, figures: Figures) -> None:
    """A seat for the user who passes and credits for the other: $1,500 and 41 × 20 × 365 credits."""
    small.events(*ten_days("u-42", 42), *ten_days("u-41", 41))
    mixed = 125 * 12 + 41 * 20 * 365 * Decimal("0.005")
    assert figures(small.ask("users"))["mixed_usd_per_year"] == mixed


def test_usage_and_ledger_agree_with_the_balance(asked: Asked, truth: dict[str, Any], figures: Figures) -> None:
    """The snapshot covers production only, and there is no difference."""
    found = figures(asked("reconcile"))
    keys = ("balance_used_credits", "used_difference_credits", "ledger_credits", "granted_difference_credits")
    expected = [truth["by_env"]["production"], 0, truth["granted_excluding_reparenting"], 0]
    assert [found[key] for key in keys] == expected


def test_what_the_snapshot_leaves_out_is_named(asked: Asked) -> None:
    """The sandbox's 6,552 credits are not in the difference, and a note says so."""
    assert any("6,552 sandbox credits" in note.text for note in asked("reconcile").notes)


def test_without_a_snapshot_there_is_nothing_to_compare(small: SmallWallet, figures: Figures) -> None:
    """Without a balance there is no difference, rather than a difference of everything."""
    assert figures(small.days_of_use(MONDAY, 20).ask("reconcile"))["used_difference_credits"] is None


@pytest.mark.parametrize("salt", range(6))
def test_the_import_report_states_every_usage_model(small: SmallWallet, tmp_path: Path, salt: int) -> None:
    """Of two snapshots only the pre-purchased row changed, to 120; the 50 paid as used are stated as well."""
    card = {"cardDefinitionDeveloperName": "FlexCredits", "businessEnvType": "Production", "totalEntitlement": 1000}
    for nth, used in enumerate((100, 120)):
        models = [{**card, "usageModel": "PrePurchased", "unitsConsumed": used}]
        models += [{**card, "usageModel": "PayAsYouGo", "unitsConsumed": 50}]
        path = tmp_path / f"{nth}.json"
        path.write_text(json.dumps({"salt": salt, "cards": models}))
        report = import_files(small.warehouse, [path], WalletSettings())
    assert [stated.stated_used for stated in report.reconciliations] == [170]


def test_variance_of_the_invented_wallet_adds_up(asked: Asked, figures: Figures) -> None:
    """Volume, environment and credits per action are the change; interactions are unknown and not invented."""
    found = figures(asked("variance last 28 days"))
    effects = found["volume_credits"] + found["environment_credits"] + found["credits_per_action_credits"]
    assert (effects, "actions_per_interaction_credits" in found) == (found["change_credits"], False)


def test_variance_without_a_span_is_of_a_week(asked: Asked, figures: Figures) -> None:
    """The last 7 complete days against the 7 before."""
    assert (figures(asked("variance")), asked("variance").question) == (figures(asked("variance last 7 days")), "variance")


def test_variance_needs_both_periods(asked: Asked) -> None:
    """A comparison with days before the data begins is refused."""
    with pytest.raises(InputError, match="does not hold all of"):
        asked("variance last 60 days")


def test_variance_knows_interactions_where_the_ai_usage_covers_both_periods(small: SmallWallet, figures: Figures) -> None:
    """One interaction of one action a day becomes one of two: the whole change is actions per interaction."""
    for day in range(6, 20):
        twice = 2 if day > 12 else 1
        small.interactions((f"2026-07-{day:02d}", f"i-{day}", "Service_Concierge", twice))
        small.events(
            *(
                {"eventtime__c": f"2026-07-{day:02d}T10:00:00.000Z", "processedtime__c": f"2026-07-{day:02d}T11:00:00.000Z"}
                for _ in range(twice)
            )
        )
    small.events({"eventtime__c": "2026-07-24T10:00:00.000Z", "processedtime__c": "2026-07-24T11:00:00.000Z"})
    found = figures(small.ask("variance from 2026-07-13 to 2026-07-19"))
    assert (found["volume_credits"], found["actions_per_interaction_credits"], found["change_credits"]) == (0, 140, 140)


def test_sql_names_its_columns(asked: Asked) -> None:
    """The query behind `usage by agent`, with what each column means."""
    assert [row[0] for row in asked("sql usage_by_name").table("columns").rows] == [
        "name",
        "lacking_in",
        "actions",
        "credits",
        "credits_before",
    ]


@pytest.mark.parametrize("name", statement_names("queries"))
def test_every_query_runs_by_hand(invented: Warehouse, name: str) -> None:
    """The statement that `sql` prints prepares, runs with its values, and has the columns that it promises."""
    prepared, run = _two_statements("\n".join(runnable(statement(name), "FlexCredits")))
    with invented.reading() as session:
        if run:
            session.execute(prepared)
        rows = session.execute(run or prepared)
    assert all(len(row) == len(statement(name).columns) for row in rows)


def _two_statements(text: str) -> tuple[str, str]:
    first, _, second = text.partition("\n;")
    return first, second.strip()


def test_the_wallet_s_own_month_is_a_workload(small: SmallWallet) -> None:
    """Ten days of 83 actions a day by two users, a month of which is 83 × 365 ÷ 12."""
    small.events(*ten_days("u-42", 42), *ten_days("u-41", 41))
    filled, _ = from_wallet(parse("breakeven"), small.context())
    assert filled.actions is not None
    assert (filled.actions.count, filled.actions.per, filled.users) == (83 * Decimal(3650) / 120, "month", 2)


def test_the_wallet_s_own_use_costs_what_it_counted(small: SmallWallet) -> None:
    """Prompts at 16 credits are no actions and cost what they use: 50 × 20 and 50 × 16 a day are $3,285 a year."""
    prompts = [
        row | {"unitsconsumed__c": 800, "multiplier__c": 16, "usagetypedevelopername__c": PROMPT} for row in ten_days("", 50)
    ]
    small.events(*ten_days("", 50), *prompts).ledger((90_000, "2026-07-01", "2027-07-01", "Add", ""))
    recommended = small.ask("recommend").figure("usd_per_year").value
    assert [recommended, small.ask("tco premier").figure("ai_usd_per_year").value] == [Decimal(3_285)] * 2


def test_the_wallet_s_own_days_are_named(small: SmallWallet) -> None:
    """A note says that no workload was named, and which days stand for it."""
    small.events(*ten_days("u-42", 42))
    _, notes = from_wallet(parse("breakeven"), small.context())
    assert "its last 10 complete days (1 Jul 2026 to 10 Jul 2026)" in notes[0].text


def test_the_free_credits_last_as_the_wallet_uses_them(small: SmallWallet) -> None:
    """Without a workload, the months are 200,000 credits ÷ a month at the rate of the last 28 complete days."""
    small.days_of_use(TODAY - timedelta(days=40), *[1_000] * 41)
    answer = small.ask("how long do the free credits last")
    month = Decimal(1_000) * 365 / 12
    assert round(number(answer.figure("metered_credits_per_month").value), 6) == round(month, 6)
    assert round(number(answer.figure("free_days").value), 6) == 200
