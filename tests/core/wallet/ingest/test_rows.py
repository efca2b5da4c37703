"""What a row becomes: changed and late rows, rows without id, tags, the ledger, agent sessions."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.wallet.ingest.report import ImportReport
from core.wallet.ingest.tags import TagSet, read_tags
from tests.fakes.cells import number

Importer = Callable[..., ImportReport]
CsvWriter = Callable[..., Path]
EventMaker = Callable[..., dict[str, object]]
Asker = Callable[[str], list[Any]]


def test_a_changed_row_replaces_the_old_one_and_the_day_is_revised(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, total_credits: Callable[[], Decimal]
) -> None:
    """A row processed again with 860 credits instead of 20 revises its day by +840."""
    bring_in(write_csv("one.csv", event(1), event(2)))
    report = bring_in(write_csv("two.csv", event(1, unitsconsumed__c="860", processedtime__c="2026-07-14T11:00:00Z"), event(2)))
    assert [report.total(c) for c in ("rows_read", "rows_new", "rows_changed", "rows_same")] == [2, 0, 1, 1]
    assert total_credits() == 880
    (change,) = report.day_changes()
    assert (change.credits_before, change.credits_after, change.difference) == (40, 880, 840)
    answer = report.to_answer()
    assert any("13 Jul 2026 revised +840" in note.text for note in answer.notes)
    assert answer.headline == "+840 credits on 13 Jul 2026; 0 new rows, 1 changed from 1 file."
    assert ("Days revised", "1 of 1") in (answer.emphasis.facts or ())


def test_a_row_that_moves_to_another_day_touches_both(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, credits_per: Callable[[str], dict[str, Decimal]]
) -> None:
    """The day that it leaves loses its credits, and the other day gains them."""
    bring_in(write_csv("one.csv", event(1), event(2)))
    moved = event(1, eventtime__c="2026-07-15T10:00:00Z", processedtime__c="2026-07-16T10:00:00Z")
    report = bring_in(write_csv("two.csv", moved))
    assert credits_per("day") == {"2026-07-13": 20, "2026-07-15": 20}
    assert report.to_answer().figure("days_touched").value == 2
    assert report.to_answer().headline.startswith("Touched 2 days, 13 Jul 2026 to 15 Jul 2026; ")


def test_a_day_that_a_changed_row_leaves_empty_is_told_of(bring_in: Importer, write_csv: CsvWriter, event: EventMaker) -> None:
    """If the day's only row moves away, the day is revised to 0."""
    bring_in(write_csv("one.csv", event(1)))
    report = bring_in(
        write_csv("two.csv", event(1, eventtime__c="2026-07-15T10:00:00Z", processedtime__c="2026-07-16T10:00:00Z"))
    )
    assert [(str(c.day), c.credits_before, c.credits_after) for c in report.day_changes()] == [
        ("2026-07-13", 20, 0),
        ("2026-07-15", None, 20),
    ]


def test_an_older_delivery_changes_nothing(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, total_credits: Callable[[], Decimal]
) -> None:
    """Last week's file does not undo this week's, and the report says so."""
    bring_in(write_csv("new.csv", event(1, unitsconsumed__c="860", processedtime__c="2026-07-14T11:00:00Z")))
    report = bring_in(write_csv("old.csv", event(1)))
    assert [report.total(c) for c in ("rows_changed", "rows_same", "rows_older")] == [0, 1, 1]
    assert total_credits() == 860
    assert any("1 row differs from newer deliveries" in note.text for note in report.to_answer().notes)


def test_a_correction_without_a_new_processed_time_counts_if_its_file_goes_further(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, total_credits: Callable[[], Decimal]
) -> None:
    """Of two deliveries with one processed time, the file whose data reaches further is the newer export."""
    bring_in(write_csv("one.csv", event(1)))
    later = event(2, processedtime__c="2026-07-14T11:00:00Z")
    assert bring_in(write_csv("two.csv", event(1, unitsconsumed__c="16"), later)).total("rows_changed") == 1
    assert total_credits() == 36


def test_a_rows_own_processed_time_comes_before_its_files(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, ask: Asker
) -> None:
    """A stale row in a file that reaches further does not undo what was processed later."""
    bring_in(write_csv("one.csv", event(1, unitsconsumed__c="860", processedtime__c="2026-07-14T11:00:00Z")))
    bring_in(write_csv("two.csv", event(1), event(2, processedtime__c="2026-07-20T11:00:00Z")))
    assert ask("SELECT credits FROM usage_events ORDER BY id") == [(860,), (20,)]


def test_equal_rows_without_id_are_as_many_as_there_are(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, total_credits: Callable[[], Decimal]
) -> None:
    """Two equal actions in one second are two; in an overlapping file they are the same two."""
    nameless = event(1, id__c="")
    bring_in(write_csv("one.csv", nameless, nameless))
    report = bring_in(write_csv("two.csv", nameless, nameless, nameless))
    assert [report.total(c) for c in ("rows_new", "rows_same")] == [1, 2]
    assert total_credits() == 60


def test_each_row_knows_its_import(bring_in: Importer, write_csv: CsvWriter, event: EventMaker, ask: Asker) -> None:
    """A row leads to the file that delivered it."""
    bring_in(write_csv("one.csv", event(1)), write_csv("two.csv", event(2)))
    found = ask("SELECT id, file_name FROM usage_events JOIN imports USING (import_id) ORDER BY id")
    assert found == [("e-1", "one.csv"), ("e-2", "two.csv")]


def test_a_ledger_without_ends_has_open_terms(bring_in: Importer, write_csv: CsvWriter, ask: Asker) -> None:
    """Without the column End Date the report's grants do not end."""
    bring_in(
        write_csv("ledger.csv", {"Id": "g", "Quantity": 10, "Start Date": "2026-07-01", "Entitlement Transaction Type": "Add"})
    )
    assert ask("SELECT credits, day_after_last FROM grants") == [(10, None)]


SALES = TagSet("Sales", "", is_understood=True)
RAW = TagSet("", "", is_understood=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"Department": "Sales"}', SALES),
        ('{"department": "Sales", "Use Case": "FAQ"}', TagSet("Sales", "FAQ", is_understood=True)),
        ('[{"name": "Department", "value": "Sales"}]', SALES),
        (
            '[{"group": "Department", "value": "Sales"}, {"tagGroup": "UseCase", "tagValue": "FAQ"}]',
            TagSet("Sales", "FAQ", is_understood=True),
        ),
        ('{"name": "Department", "value": "Sales"}', SALES),
        ('["Department: Sales"]', SALES),
        ('["Sales", "urgent"]', SALES),
        ('{"Cost Center": "4711"}', TagSet("4711", "", is_understood=True)),
        ('{"Project": null, "Department": "Sales"}', SALES),
        ('[{"name": "Project", "value": null}, {"name": "Department", "value": "Sales"}]', SALES),
        ('["Sales", null]', SALES),
        ('{"Region": "EMEA"}', TagSet("", "", is_understood=True)),
        ("[]", TagSet("", "", is_understood=True)),
        ("{broken json", RAW),
        ("Sales", RAW),
        ('"Sales"', RAW),
        ('{"Department": {"name": "Sales"}}', RAW),
        ("[1, 2]", RAW),
        ("[" * 100_000, RAW),
    ],
)
def test_tags_of_every_shape(text: str, expected: object) -> None:
    """Objects, lists of objects and lists of strings name the department; anything else is kept raw."""
    assert read_tags(text, ("department", "dept", "cost center"), ("use case",)) == expected


def test_the_agents_tags_come_before_the_actions(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, credits_per: Callable[[str], dict[str, Decimal]]
) -> None:
    """The department is the agent's, else that of the action."""
    both = event(1, resourcetags__c='{"Department": "IT"}')
    bring_in(write_csv("events.csv", both, {**both, "id__c": "e-2", "rootresourcetags__c": ""}))
    assert credits_per("department") == {"Service": Decimal(20), "IT": Decimal(20)}


def test_overhead_is_counted_beside(bring_in: Importer, write_csv: CsvWriter, event: EventMaker, ask: Asker) -> None:
    """An event of three actions at 20 credits has an overhead of two actions and 40 credits."""
    bring_in(write_csv("events.csv", event(1), event(2, unitsconsumed__c="60", usagevalue__c="3")))
    assert ask("SELECT row_count, actions, credits, dear_rows, excess_actions, excess_credits FROM usage") == [
        (2, 4, 80, 1, 2, 40)
    ]


def test_usage_that_is_no_action_has_credits_but_no_actions(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, ask: Asker
) -> None:
    """A million rows of a data query are not a million actions."""
    bring_in(
        write_csv("events.csv", event(1, usagetypedevelopername__c="DataQueries", usagevalue__c="1000000", unitsconsumed__c="2"))
    )
    assert ask("SELECT actions, credits, dear_rows FROM usage") == [(0, 2, 0)]


def ledger(number: int, quantity: int, kind: str, **changed: object) -> dict[str, object]:
    """Return a ledger row."""
    return {
        "id__c": f"t-{number}",
        "entitlementcarddefdevlname__c": "FlexCredits",
        "quantity__c": quantity,
        "startdate__c": "2026-07-01T00:00:00.000Z",
        "enddate__c": "2027-07-01T00:00:00.000Z",
        "entitlementtransactiontype__c": kind,
        "entitlementtransactionsubtype__c": "",
    } | changed


@pytest.mark.parametrize(
    ("quantity", "kind", "expected"),
    [(100, "Add", 100), (100, "New", 100), (-15, "Reduction", -15), (15, "Reduction", -15), (15, "Cancel", -15)],
)
def test_a_grant_by_its_type(
    bring_in: Importer, write_csv: CsvWriter, ask: Asker, quantity: int, kind: str, expected: object
) -> None:
    """A reduction reduces, whatever its sign."""
    bring_in(write_csv("ledger.csv", ledger(1, quantity, kind)))
    assert ask("SELECT credits, first_day::VARCHAR, day_after_last::VARCHAR FROM grants") == [
        (expected, "2026-07-01", "2027-07-01")
    ]


def test_an_unknown_type_of_grant_is_asked_about(bring_in: Importer, write_csv: CsvWriter, ask: Asker) -> None:
    """It does not count until app.yaml says what it does; the line that the question suggests works without a new import."""
    report = bring_in(write_csv("ledger.csv", ledger(1, 100, "Add"), ledger(2, 7, "Gift")))
    assert ask("SELECT sum(credits) FROM grants") == [(100,)]
    assert "transaction_types: {Gift: adds}" in report.files[0].doubts[0]
    bring_in(write_csv("later.csv", ledger(3, 1, "Add")), transaction_types=(("Gift", "adds"),))
    assert ask("SELECT sum(credits) FROM grants") == [(100 + 7 + 1,)]
    bring_in(write_csv("latest.csv", ledger(4, 1, "Add")), transaction_types=(("Gift", "takes_away"),))
    assert ask("SELECT sum(credits) FROM grants") == [(100 - 7 + 1 + 1,)]


@pytest.mark.parametrize("keyed_first", [True, False])
def test_a_grant_delivered_with_and_without_its_key_counts_once(
    bring_in: Importer, write_csv: CsvWriter, ask: Asker, *, keyed_first: bool
) -> None:
    """The later import says so, in either order."""
    keyless = {column: value for column, value in ledger(1, 100, "Add").items() if column != "id__c"}
    files = [write_csv("keyed.csv", ledger(1, 100, "Add")), write_csv("keyless.csv", keyless)]
    bring_in(files[not keyed_first])
    bring_in(files[keyed_first])
    assert ask("SELECT sum(credits) FROM grants") == [(100,)]


def test_a_term_that_ends_at_the_last_second_includes_its_day(bring_in: Importer, write_csv: CsvWriter, ask: Asker) -> None:
    """23:59:59 on 30 June ends the term with that day."""
    bring_in(write_csv("ledger.csv", ledger(1, 100, "Add", enddate__c="2027-06-30T23:59:59.000Z")))
    assert ask("SELECT day_after_last::VARCHAR FROM grants") == [("2027-07-01",)]


def test_a_term_that_ends_before_it_starts_is_rejected(bring_in: Importer, write_csv: CsvWriter, ask: Asker) -> None:
    """Start and end are swapped, so the row is rejected rather than lost silently; the others stay."""
    bring_in(write_csv("ledger.csv", ledger(1, 100, "Add"), ledger(2, 200, "Add", enddate__c="2026-06-30T23:59:59.000Z")))
    assert ask("SELECT credits FROM grants") == [(100,)]
    assert ask("SELECT line, column_name, reason FROM rejects") == [(3, "enddate__c", "before the start")]


def session_row(interaction: str, tool: str, **changed: object) -> dict[str, object]:
    """Return a row of AI usage."""
    return {
        "Timestamp__c": "2026-07-13T10:00:00Z",
        "AiAgentSessionId__c": "s-1",
        "AiAgentInteractionId__c": interaction,
        "AgentDeveloperName__c": "Service_Concierge",
        "AiAgentToolName__c": tool,
        "UsageTypeCode__c": "Agentforce_StandardAction",
        "UsageQuantity__c": "1",
        "IsBillableIndicator__c": "true",
        "IsMeteredIndicator__c": "true",
        "PromptTotalTokenCount__c": "9000",
        "UserId__c": "",
    } | changed


def test_interactions_by_their_number_of_actions(bring_in: Importer, write_csv: CsvWriter, ask: Asker) -> None:
    """One interaction of two metered actions and one of one; unmetered actions are not charged and do not count."""
    rows = [
        session_row("i-1", "Identify"),
        session_row("i-1", "Answer"),
        session_row("i-1", "Log", IsMeteredIndicator__c="false"),
        session_row("i-2", "Answer"),
    ]
    report = bring_in(write_csv("ai.csv", *rows))
    assert report.files[0].profile == "ai_usage"
    assert ask("SELECT agent, actions, interactions, prompt_tokens FROM interaction_rollup ORDER BY actions") == [
        ("Service_Concierge", 1, 1, 9_000),
        ("Service_Concierge", 2, 1, 27_000),
    ]
    assert bring_in(write_csv("again.csv", *reversed(rows))).total("rows_new") == 0


def test_a_user_s_actions_are_rolled_up(bring_in: Importer, write_csv: CsvWriter, event: EventMaker, ask: Asker) -> None:
    """Events with a user are summed per user; the others are not."""
    bring_in(
        write_csv("events.csv", event(1, userid__c="U1"), event(2, userid__c="U1", usagevalue__c="2"), event(3, userid__c=""))
    )
    assert ask("SELECT user_id, actions, credits FROM user_rollup") == [("U1", 3, 40)]


def test_the_report_adds_up_and_speaks(bring_in: Importer, exports: Path) -> None:
    """Rows read are new, changed, unchanged or rejected, and the answer has the figures and tables under their keys."""
    report = bring_in(exports / "events_with_faults.csv", exports / "events_first_months.csv")
    counted = sum(report.total(c) for c in ("rows_new", "rows_changed", "rows_same", "rows_rejected"))
    assert report.total("rows_read") == counted == 200 + 3114
    answer = report.to_answer()
    assert [f.key for f in answer.figures] == [
        *("rows_read", "rows_new", "rows_changed", "rows_same", "rows_rejected", "days_touched", "data_through")
    ]
    assert [table.key for table in answer.tables] == ["files", "rejects", "days"]
    assert sum(number(row[2]) for row in answer.table("rejects").rows) == report.total("rows_rejected")
    assert answer.to_json()["title"] == "Import"


def test_which_card_is_meant_is_asked_where_several_could_be(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, ask: Asker
) -> None:
    """Two cards have agents' usage and the default card none: the import asks, and the setting that it names answers."""
    cards = ("AgentforceCredits", "Data360Credits")
    rows = [event(nth) | {"carddefinitiondevelopername__c": card} for nth, card in enumerate(cards)]
    report = bring_in(write_csv("events.csv", *rows))
    assert "Set wallet.default_card to the one that is meant, such as AgentforceCredits" in report.files[0].doubts[0]
    later = event(7) | {"carddefinitiondevelopername__c": "agentforce credits"}
    assert not bring_in(write_csv("later.csv", later), default_card="AgentforceCredits").files[0].doubts
    assert ask("SELECT card, sum(actions) FROM usage GROUP BY card ORDER BY card") == [
        ("AgentforceCredits", 2),
        ("Data360Credits", 1),
    ]


@pytest.mark.parametrize("short_first", [True, False])
def test_an_org_is_one_by_its_short_id_and_its_long_one(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, ask: Asker, *, short_first: bool
) -> None:
    """15 and 18 characters name one org, in either order of imports; it is shown with the longer id."""
    files = [
        write_csv("short.csv", event(1) | {"usagereportingorgid__c": "00DHs00000EMEA1"}),
        write_csv("long.csv", event(2) | {"usagereportingorgid__c": "00DHs00000EMEA1MAB"}),
    ]
    bring_in(files[not short_first])
    bring_in(files[short_first])
    assert ask("SELECT DISTINCT org FROM usage") == [("00DHs00000EMEA1MAB",)]
