from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from bot.slack.blocks.answer import answer_message, share_message
from bot.slack.blocks.explanation import how_message
from core.answer.model import Answer, Chart, Column, Figure, Series, Table
from tests.fakes.asking import DAY
from tests.fakes.slack.messages import HOSTILE, empty_answer, hostile_answer, huge_answer

if TYPE_CHECKING:
    from bot.slack.blocks.message import SlackMessage
    from bot.slack.listeners.questions import Ask
    from core.answer.model import ChartKind

COMPARE = "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users"
LIVE_MARKUP = ("<!channel>", "<https:", "<@")


def blocks_of(message: SlackMessage, kind: str) -> list[dict[str, Any]]:
    """Return the blocks of one type."""
    return [block for block in message.blocks if block["type"] == kind]


def texts_that_slack_parses(part: object) -> list[str]:
    """Return every text of a message but rich text, which Slack takes word for word."""
    if isinstance(part, list | tuple):
        return [text for one in part for text in texts_that_slack_parses(one)]
    if not isinstance(part, dict) or part.get("type") == "rich_text":
        return []
    own = [part[key] for key in ("text", "caption", "title", "label", "name") if isinstance(part.get(key), str)]
    return own + [text for value in part.values() for text in texts_that_slack_parses(value)]


def test_headline_comes_first_and_bold(ask: Ask) -> None:
    """What a reader sees first is the answer."""
    first = answer_message(ask("breakeven 200 users")).blocks[0]["elements"][0]["elements"][0]
    assert first == {"type": "text", "text": ask("breakeven 200 users").headline, "style": {"bold": True}}


def test_text_says_every_figure(ask: Ask) -> None:
    """A screen reader and a notification miss no figure that the blocks show."""
    text = answer_message(ask("breakeven 200 users")).text
    assert all(shown in text for shown in ("$25,000.00", "$300,000.00", "1,250", "15,000", "250,000"))


def test_text_says_every_row_of_the_table(ask: Ask) -> None:
    """The text form of a comparison names each plan with its cost."""
    answer = ask(COMPARE)
    lines = answer_message(answer).text.splitlines()
    assert [sum(line.startswith(f"• {row[1]}") for line in lines) for row in answer.table("plans").rows] == [1] * 13


def test_cheapest_plan_is_marked_in_words(ask: Ask) -> None:
    """Neither colour nor emoji is needed to find the cheapest plan."""
    [table, *_] = blocks_of(answer_message(ask(COMPARE)), "data_table")
    assert table["rows"][1][0]["text"] == "Flex Credits · cheapest"


def test_details_stay_out_of_the_table(ask: Ask) -> None:
    """Columns marked as detail, such as a plan's key, are not shown."""
    [table, *_] = blocks_of(answer_message(ask(COMPARE)), "data_table")
    assert [cell["text"] for cell in table["rows"][0]].count("Plan") == 1


def test_numbers_sort_by_value_and_read_as_written() -> None:
    """A cell carries the number to sort by and the text that people write."""
    table = Table("t", "T", (Column("a", "A", "text"), Column("b", "B", "usd")), (("x", Decimal(5300)),))
    [block] = blocks_of(answer_message(replace(empty_answer(), tables=(table,))), "data_table")
    assert block["rows"][1][1] == {"type": "raw_number", "value": 5300.0, "text": "$5,300.00"}


def test_huge_table_says_how_much_of_it_is_shown() -> None:
    """Of 10,000 rows the first are shown, and the caption counts both."""
    [table] = blocks_of(answer_message(huge_answer()), "data_table")
    assert table["caption"] == f"Agents, biggest first · the first {len(table['rows']) - 1} of 10,000"


def test_wide_rows_are_fewer() -> None:
    """Rows of long names take no more room than short ones: there are fewer, so that the message stays readable."""
    table = Table("t", "T", (Column("a", "A", "text"), Column("b", "B", "text")), (("x" * 60, "y" * 120),) * 90)
    [block] = blocks_of(answer_message(replace(empty_answer(), tables=(table,))), "data_table")
    assert len(block["rows"]) == 1 + 3_000 // (60 + 120)


def test_huge_text_counts_what_it_leaves_out() -> None:
    """The text form ends with the number of lines that did not fit, and every line is shown or counted."""
    *shown, last = answer_message(huge_answer()).text.splitlines()
    everything = 1 + 200 + 1 + 10_000 + 50 + 2
    assert last == f"… and {everything - len(shown):,} more lines."


def test_figures_of_zero_are_told_and_not_shown() -> None:
    """What is zero stays out of the few figures on view; the text has it."""
    figures = (Figure("a", "Overdrawn", Decimal(0), "credits"), Figure("b", "Left", Decimal(7), "credits"))
    message = answer_message(Answer("q", "t", "h", DAY, figures=figures))
    [section] = blocks_of(message, "section")
    assert ([field["text"] for field in section["fields"]], "Overdrawn: 0 credits" in message.text) == (
        ["*Left*\n7 credits"],
        True,
    )


def test_empty_table_is_left_out() -> None:
    """A table without rows is no block: Slack takes none without."""
    assert blocks_of(answer_message(empty_answer()), "data_table") == []


@pytest.mark.parametrize("render", [answer_message, how_message], ids=["answer", "how"])
@pytest.mark.parametrize("live", LIVE_MARKUP)
def test_hostile_names_neither_ping_nor_link(render: Any, live: str) -> None:  # noqa: ANN401 - either renderer
    """A name such as <!channel> is shown, and means nothing to Slack, in blocks and in the text form."""
    message = render(hostile_answer())
    assert not [text for text in texts_that_slack_parses(message.payload()) if live in text]


def test_hostile_names_never_stand_in_marked_up_text() -> None:
    """Text of others goes into plain, raw and rich text only, so that *Bold* in a name stays *Bold*."""
    blocks = json.dumps(answer_message(hostile_answer()).blocks, ensure_ascii=False)
    marked = [part for part in blocks.split("{") if '"mrkdwn"' in part]
    assert marked
    assert not [part for part in marked if "Bold" in part]


def test_marks_of_direction_are_dropped() -> None:
    """A name cannot turn the direction of writing, and so hide what it says."""
    message = answer_message(hostile_answer())
    assert not [text for text in (message.text, *texts_that_slack_parses(message.blocks)) if "\u202e" in text]


def test_sharing_names_who_shares(ask: Ask) -> None:
    """A shared answer begins with the member who shared it."""
    first = share_message(ask("breakeven 200 users"), "U0ASKER").blocks[0]["elements"][0]["elements"]
    assert first[1] == {"type": "user", "user_id": "U0ASKER"}


def test_shared_answer_cannot_be_shared_again(ask: Ask) -> None:
    """The message in the channel has no share button, and can still be looked into and varied."""
    [actions] = blocks_of(share_message(ask("breakeven 200 users"), "U0ASKER"), "actions")
    assert [button["action_id"] for button in actions["elements"]] == ["how", "change"]


def test_question_too_long_for_a_button_has_none() -> None:
    """A question that a button cannot carry gets no button, rather than one that asks something else."""
    assert blocks_of(answer_message(replace(empty_answer(), question="x" * 1_801)), "actions") == []


def test_help_has_a_button_for_every_command(ask: Ask) -> None:
    """Each command of help can be tried with one press."""
    examples = [
        row[-1] for table in ask("help").tables for row in table.rows if "example" in [column.key for column in table.columns]
    ]
    sections = blocks_of(answer_message(ask("help")), "section")
    assert [one["accessory"]["value"] for one in sections if "accessory" in one] == examples


def test_words_between_backticks_show_as_code(ask: Ask) -> None:
    """A question inside a sentence is set as code, so that it can be told from the sentence."""
    pieces = answer_message(ask("help")).blocks[0]["elements"][0]["elements"]
    assert {"type": "text", "text": "help", "style": {"bold": True, "code": True}} in pieces


def test_how_shows_exact_figures(ask: Ask) -> None:
    """What an answer rounds, How? gives in full: 1,250 × 12 ÷ 260 to twelve places."""
    assert "57.692307692308" in how_message(ask("breakeven 200 users")).text


def test_how_tells_where_prices_were_read(ask: Ask) -> None:
    """Every source of the answer stands in How?, with the day it was read."""
    answer = ask("breakeven 200 users")
    assert f"{answer.sources[0].title}, read on 21 Nov 2026" in how_message(answer).text


@pytest.mark.parametrize("kind", ["line", "bar", "area"])
def test_chart_has_a_value_for_each_category(kind: ChartKind) -> None:
    """Slack refuses a series that leaves a category out, or two categories of one name."""
    chart = Chart("c", "C", kind, ("x" * 30, "x" * 31), (Series("s", (Decimal(1), Decimal(2))),), "usd")
    [block] = blocks_of(answer_message(Answer("q", "t", "h", DAY, charts=(chart,))), "data_visualization")
    assert [point["label"] for point in block["chart"]["series"][0]["data"]] == ["x" * 17 + "…", "x" * 15 + "… 2"]


def test_pie_without_a_slice_is_left_out() -> None:
    """Slack takes slices above zero only; a pie with another is no block, and its figures stand in the text."""
    chart = Chart("c", "C", "pie", ("a", "b"), (Series("s", (Decimal(1), Decimal(0))),), "usd")
    assert blocks_of(answer_message(Answer("q", "t", "h", DAY, charts=(chart,))), "data_visualization") == []


def test_unit_is_said_once() -> None:
    """A label that names its unit has a bare number under it, another has the unit with the number."""
    figures = (Figure("a", "Actions per month", Decimal(5), "actions"), Figure("b", "Used", Decimal(7), "credits"))
    text = answer_message(Answer("q", "t", "h", DAY, figures=figures)).text
    assert "Actions per month: 5\nUsed: 7 credits\n" in text


def test_hostile_text_is_still_there() -> None:
    """What is made harmless is not swallowed: the name can be read."""
    assert "‹!channel›" in json.dumps(answer_message(hostile_answer()).blocks, ensure_ascii=False)
    assert HOSTILE.split()[1] in answer_message(hostile_answer()).text
