"""The scenario form: opened, filled in, corrected, sent; over HTTP, and its fields by themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.slack.blocks.limits import view_problems
from bot.slack.blocks.scenario_form import (
    MAX_ROWS,
    PRICED,
    field_errors,
    form,
    is_changeable,
    rows_of,
    scenario,
    values_in,
    values_of,
)
from core.errors import QuestionError
from core.language.commands import COMMANDS
from core.language.grammar import print_question
from core.language.parser import parse
from tests.fakes.slack.rules import view_refusals
from tests.fakes.slack.workspace import returned

if TYPE_CHECKING:
    from tests.fakes.slack.server import SlackServer
    from tests.fakes.slack.workspace import Workspace

PREFORMATTED = "rich_text_preformatted"
COMPARE = "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users"
NAMED = f"{COMPARE} only flex credits, add-on"
EXAMPLES = [example for name in PRICED for example in COMMANDS[name].examples]


def labels(view: dict[str, Any]) -> list[str]:
    """Return the labels of a form's buttons."""
    return [element["text"]["text"] for block in view["blocks"] for element in block.get("elements", ())]


def filled(view: dict[str, Any]) -> dict[str, str]:
    """Return what stands in a form's fields."""
    return values_in(returned(view, {}))


def opened(workspace: Workspace, slack: SlackServer, question: str) -> dict[str, Any]:
    """Ask a question, press Change, and return the form."""
    workspace.slash(question)
    workspace.press("Change", slack.wait_for(1)[0])
    return slack.wait_for_view()


@pytest.mark.parametrize("question", [*EXAMPLES, "price flex 120000 interactions per year 3 actions growth 5%", COMPARE, NAMED])
def test_form_holds_a_whole_question(question: str) -> None:
    """A question put into the form and read out of it is the same question."""
    view = form(values_of(parse(question)), 3, "{}")
    assert print_question(parse(scenario(filled(view)).text)) == print_question(parse(question))


def test_form_holds_a_mix_of_more_parts_than_it_has_rows() -> None:
    """The last row holds the ninth and later parts too; what no row can hold is not offered to be changed."""
    nine = "compare 10000 interactions 10% x 1, 10% x 2, 10% x 3, 10% x 4, 10% x 5, 10% x 6, 10% x 7, 10% x 8, 20% x 9 50 users"
    values = values_of(parse(nine))
    assert values["row_8"] == "10% x 8, 20% x 9"
    assert print_question(parse(scenario(filled(form(values, len(rows_of(values)), "{}"))).text)) == print_question(parse(nine))
    hundred = print_question(parse("compare 10000 interactions " + ", ".join(f"1% x {part}" for part in range(1, 101))))
    assert (is_changeable(print_question(parse(nine))), is_changeable(hundred)) == (True, False)


@pytest.mark.parametrize("rows", [0, 1, MAX_ROWS, MAX_ROWS + 1])
def test_slack_takes_the_form(rows: int) -> None:
    """However many parts the mix has, Slack refuses nothing of the form, and no limit comes near."""
    view = form(values_of(parse(COMPARE)), rows, json.dumps({"response_url": "x" * 300}))
    assert (view_refusals(view), view_problems(view)) == ([], [])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"interactions": "many"}, "interactions"),
        ({"users": "-5"}, "users"),
        ({"discount": "250"}, "discount"),
        ({"sandbox": "1000"}, "sandbox"),
        ({"row_2": "30% y 7"}, "row_2"),
        ({"row_2": "20% x 7"}, "row_1"),
        ({"more": "as I said"}, "more"),
        ({"command": "breakeven", "only": "flex credits"}, "only_use"),
    ],
    ids=lambda one: one if isinstance(one, str) else next(iter(one.values())),
)
def test_error_stands_under_its_field(wrong: dict[str, str], field: str) -> None:
    """What the language refuses is told under the field that holds it; a mix that does not add up, under its first part."""
    asked = scenario(values_of(parse(COMPARE)) | wrong)
    with pytest.raises(QuestionError) as refusal:
        parse(asked.text)
    assert list(field_errors(refusal.value, asked)) == [field]


def test_number_alone_in_a_part_means_actions() -> None:
    """Whoever knows one average need not write a mix."""
    assert scenario({"command": "compare", "interactions": "100", "row_1": "5.3"}).text == "compare 100 interactions 5.3 actions"


def test_change_opens_the_form_with_the_values_asked(workspace: Workspace, slack: SlackServer) -> None:
    """The form begins where the question stood."""
    view = opened(workspace, slack, COMPARE)
    assert filled(view) == {
        "command": "compare",
        "interactions": "10,000",
        "row_1": "60% x 3",
        "row_2": "30% x 7",
        "row_3": "10% x 14",
        "users": "50",
    }


def test_changed_scenario_is_answered_where_it_was_asked(workspace: Workspace, slack: SlackServer) -> None:
    """The answer to the changed question goes to the asker alone: 25% off $63,600 a year is $47,700."""
    acknowledged = workspace.submit(opened(workspace, slack, COMPARE), discount="25")
    sent = slack.wait_for(2)[1]
    assert (acknowledged.body, sent.to, "$47,700 a year" in sent.text) == ("", "response_url", True)


def test_ticked_plans_are_the_only_ones_priced(workspace: Workspace, slack: SlackServer) -> None:
    """Plans are ticked in the form, and the answer compares those alone."""
    workspace.submit(opened(workspace, slack, COMPARE), only_use="conversations", only_seats="add-on")
    text = slack.wait_for(2)[1].text
    assert ["Conversations" in text, "Agentforce Add-on" in text, "• Flex" in text] == [True, True, False]


def test_form_ticks_the_plans_that_were_named(workspace: Workspace, slack: SlackServer) -> None:
    """Change begins with the plans of the question ticked."""
    assert filled(opened(workspace, slack, NAMED))["only"] == "flex credits, add-on"


def test_answer_of_the_form_can_be_copied(workspace: Workspace, slack: SlackServer) -> None:
    """What the form asked stands in the answer as code, to be pasted behind the command."""
    workspace.submit(opened(workspace, slack, COMPARE), discount="25")
    [code] = [part for block in slack.wait_for(2)[1].blocks for part in block.get("elements", ()) if part["type"] == PREFORMATTED]
    assert print_question(parse(code["elements"][0]["text"].removeprefix("/agentcost "))) == print_question(
        parse(f"{COMPARE} discount 25%")
    )


def test_wrong_field_keeps_the_form_open(workspace: Workspace, slack: SlackServer) -> None:
    """A slip is shown at its field, the form stays, and nothing is sent."""
    acknowledged = workspace.submit(opened(workspace, slack, COMPARE), users="fifty")
    told = json.loads(acknowledged.body)
    assert (told["response_action"], list(told["errors"]), len(slack.sent)) == ("errors", ["users"], 1)


def test_full_form_at_fault_is_told_without_looking_for_what_was_meant(
    workspace: Workspace, slack: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack waits three seconds; suggestions, which a form does not show, would take longer than that."""

    def sought(_: QuestionError) -> list[str]:
        raise AssertionError

    monkeypatch.setattr("core.language.suggestions.suggestions", sought)
    row = ("1% x 3 " * 57).strip()
    acknowledged = workspace.submit(opened(workspace, slack, COMPARE), row_1=row, row_2=row, row_3=row)
    assert json.loads(acknowledged.body)["response_action"] == "errors"


def test_shortcut_opens_an_empty_form(workspace: Workspace, slack: SlackServer) -> None:
    """Price a scenario, from Slack's menu, starts from nothing."""
    workspace.shortcut()
    assert filled(slack.wait_for_view()) == {"command": PRICED[0]}


def test_scenario_from_the_shortcut_is_answered_directly(workspace: Workspace, slack: SlackServer) -> None:
    """Opened outside any conversation, the form is answered in a direct message."""
    workspace.shortcut()
    workspace.submit(slack.wait_for_view(), command="compare", interactions="10000", row_1="5.3")
    [sent] = slack.wait_for(1)
    assert (sent.to, sent.body["channel"], "$5,300 a month" in sent.text) == ("chat.postMessage", "U0ASKER", True)


def test_part_of_the_mix_can_be_added_and_removed(workspace: Workspace, slack: SlackServer) -> None:
    """The form grows and shrinks by a part, and keeps what was typed meanwhile."""
    workspace.press_in(opened(workspace, slack, COMPARE), "Add a part", users="75")
    grown = slack.wait_for_view(2)
    workspace.press_in(grown, "Remove the last part")
    parts = [
        sum(block.get("block_id", "").startswith("row_") for block in view["blocks"]) for view in (grown, slack.wait_for_view(3))
    ]
    assert (parts, filled(grown)["users"]) == ([4, 3], "75")


def test_last_part_of_the_mix_stays() -> None:
    """One part is always there to fill in, and there is an end to adding."""
    assert [labels(form({}, rows, "{}")) for rows in (1, MAX_ROWS)] == [["Add a part"], ["Remove the last part"]]


def test_form_that_comes_too_late_is_explained(workspace: Workspace, slack: SlackServer) -> None:
    """Slack opens a form only within three seconds; after that the asker is told to press again."""
    workspace.slash(COMPARE)
    [sent] = slack.wait_for(1)
    slack.late_by = 10.0
    workspace.press("Change", sent)
    assert slack.wait_for(2)[1].text.endswith("Press the button again.")


def test_question_without_a_workload_cannot_be_changed(workspace: Workspace, slack: SlackServer) -> None:
    """Change is offered where the form can hold the question, and nowhere else."""
    workspace.slash("prices")
    assert "Change" not in slack.wait_for(1)[0].buttons()
