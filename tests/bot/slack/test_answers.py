from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from bot.slack.blocks.answer import answer_message, public_message, share_message
from bot.slack.blocks.explanation import how_message
from bot.slack.blocks.notification import notification_message
from core.answer.at_a_glance import glance
from core.answer.model import Answer, Chart, Column, Emphasis, Figure, Series, Table
from tests.fakes.asking import DAY
from tests.fakes.slack.messages import ASKED, HOSTILE, empty_answer, hostile_answer, huge_answer, news, outbox_message

if TYPE_CHECKING:
    from bot.slack.blocks.message import SlackMessage
    from core.answer.model import ChartKind
    from tests.fakes.asking import Ask

COMPARE = "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users"


def blocks_of(message: SlackMessage, kind: str) -> list[dict[str, Any]]:
    """Return the blocks of one type."""
    return [block for block in message.blocks if block["type"] == kind]


def test_headline_comes_first_and_bold(ask: Ask) -> None:
    """What a reader sees first is the answer."""
    first = answer_message(ask("breakeven 200 users")).blocks[0]["elements"][0]["elements"][0]
    assert first == {"type": "text", "text": ask("breakeven 200 users").headline, "style": {"bold": True}}


def test_text_says_what_the_blocks_show(ask: Ask) -> None:
    """A screen reader and a notification miss no figure that the blocks show."""
    message = answer_message(ask("breakeven 200 users"))
    shown = [field["text"].partition("\n")[2] for block in blocks_of(message, "section") for field in block.get("fields", ())]
    assert (len(shown), [value for value in shown if value not in message.text]) == (2, [])


def test_text_says_the_rows_that_it_has_room_for(ask: Ask) -> None:
    """The text form of a comparison names the plans of the table from the cheapest on, each with its cost, and cuts none."""
    answer = ask(COMPARE)
    lines = [line for line in answer_message(answer).text.splitlines() if line.startswith("• ")]
    [table] = blocks_of(answer_message(answer), "data_table")
    assert len(table["rows"]) == 1 + 8
    assert len(lines) >= 6
    assert [
        line.startswith(f"• {row[0]['text'].partition(' ·')[0]}") for line, row in zip(lines, table["rows"][1:], strict=False)
    ] == ([True] * len(lines))


def test_how_shows_the_table_whole(ask: Ask) -> None:
    """What the message leaves out of a table stands under How?."""
    answer = ask(COMPARE)
    tables = blocks_of(how_message(answer), "data_table")
    assert len(tables[0]["rows"]) == 1 + len(answer.table("plans").rows)


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
    assert block["rows"][1][1] == {"type": "raw_number", "value": 5300.0, "text": "$5,300"}


def test_huge_table_says_how_much_of_it_is_shown() -> None:
    """Of 10,000 rows the first are shown, and the caption counts both."""
    [table] = blocks_of(answer_message(huge_answer()), "data_table")
    assert table["caption"] == f"Agents, biggest first · the first {len(table['rows']) - 1} of 10,000"


def test_huge_text_ends_with_the_question() -> None:
    """However much there is, the text form stays short, and says at its end what was asked."""
    text = answer_message(huge_answer()).text
    assert (len(text) <= 900, text.splitlines()[-1]) == (True, "Asked: usage by agent")


@pytest.mark.parametrize("question", sorted(set(ASKED.values()) - {"help", "help compare", "use cases"}))
def test_slack_shows_what_the_terminal_shows(ask: Ask, question: str) -> None:
    """The first facts, the table's rows and columns of most weight and the chart of an answer are those of the terminal."""
    answer = ask(question, with_wallet=True, who="")
    seen, message = glance(answer), answer_message(answer)
    said = json.dumps(message.blocks, ensure_ascii=False)
    assert [fact.text for fact in seen.facts[:2] if fact.text not in said] == []
    for table in blocks_of(message, "data_table"):
        assert seen.table
        texts = {column.label: [row[at] for row in seen.table.rows] for at, column in enumerate(seen.table.columns)}
        head, *rows = table["rows"]
        for at, cell in enumerate(head):
            shown = [row[at]["text"].partition(" · ")[0] for row in rows]
            assert shown == [text.partition(" · ")[0] for text in texts[cell["text"]][: len(rows)]]
    titles = [chart["title"].partition(" · ")[0] for chart in blocks_of(message, "data_visualization")]
    assert titles in ([], [seen.chart and seen.chart.title])


def test_what_core_shows_no_table_of_has_none() -> None:
    """An answer that puts no table first shows none, and How? has it."""
    table = Table("t", "T", (Column("a", "A", "text"), Column("b", "B", "usd")), (("x", Decimal(5300)),))
    answer = replace(empty_answer(), tables=(table,), emphasis=Emphasis(table=""))
    assert [len(blocks_of(render(answer), "data_table")) for render in (answer_message, how_message)] == [0, 1]


def test_newest_rows_are_shown_where_they_matter() -> None:
    """Of a table whose last rows matter, the last eight are shown, and the caption says so."""
    rows = tuple((f"day {n}", Decimal(n)) for n in range(30))
    table = Table("t", "T", (Column("a", "A", "text"), Column("b", "B", "usd")), rows)
    [block] = blocks_of(
        answer_message(replace(empty_answer(), tables=(table,), emphasis=Emphasis(is_newest_last=True))), "data_table"
    )
    assert ([row[0]["text"] for row in block["rows"][1:]], block["caption"]) == (
        [f"day {n}" for n in range(22, 30)],
        "T · the last 8 of 30",
    )


def test_empty_table_is_left_out() -> None:
    """A table without rows is no block: Slack takes none without."""
    assert blocks_of(answer_message(empty_answer()), "data_table") == []


def test_sharing_names_who_shares(ask: Ask) -> None:
    """A shared answer begins with the member who shared it."""
    first = share_message(ask("breakeven 200 users"), "U0ASKER").blocks[0]["elements"][0]["elements"]
    assert first[1] == {"type": "user", "user_id": "U0ASKER"}


def test_shared_answer_cannot_be_shared_again(ask: Ask) -> None:
    """The message in the channel has no share button, and can still be looked into and varied."""
    [actions] = blocks_of(share_message(ask("breakeven 200 users"), "U0ASKER"), "actions")
    shown = [button["action_id"] for button in actions["elements"]]
    assert ("share" in shown, {"how", "change"} <= {*shown}) == (False, True)


def test_answer_in_a_thread_has_nothing_to_share(ask: Ask) -> None:
    """Everyone has read it there already."""
    [actions] = blocks_of(public_message(ask("breakeven 200 users")), "actions")
    shown = [button["action_id"] for button in actions["elements"]]
    assert ("share" in shown, {"how", "change"} <= {*shown}) == (False, True)


def test_alert_that_is_over_only_says_why() -> None:
    """Nobody can take or put off what is over; the message of one that is open offers both."""
    over, still = (notification_message(outbox_message(news()[name])) for name in ("alert_recovered", "alert"))
    offered = [[one["action_id"] for one in blocks_of(message, "actions")[0]["elements"]] for message in (over, still)]
    assert offered == [["ask"], ["alert_acknowledge", "ask", "alert_snooze"]]


def test_question_too_long_for_a_button_has_none() -> None:
    """A question that a button cannot carry gets no button, rather than one that asks something else."""
    assert blocks_of(answer_message(replace(empty_answer(), question="x" * 1_801)), "actions") == []


def test_help_fits_one_screen_and_names_every_command(ask: Ask) -> None:
    """A few commands can be tried with one press, the others are named; there is nothing to share."""
    answer = ask("help")
    rows = [row for table in answer.tables if "example" in [column.key for column in table.columns] for row in table.rows]
    message = answer_message(answer)
    tried = [one["accessory"]["value"] for one in blocks_of(message, "section") if "accessory" in one]
    said = json.dumps(message.blocks, ensure_ascii=False)
    assert (0 < len(tried) <= 6, set(tried) <= {row[-1] for row in rows}) == (True, True)
    assert ([row[0] for row in rows if str(row[0]) not in said], "Share" in said) == ([], False)


@pytest.mark.parametrize("text", ["help", "help compare", "help usage"])
def test_help_offers_nothing_to_share(ask: Ask, text: str) -> None:
    """Help holds no figure that others would have to see."""
    assert "Share" not in json.dumps(answer_message(ask(text)).blocks)


def test_words_between_backticks_show_as_code(ask: Ask) -> None:
    """A question inside a sentence is set as code, so that it can be told from the sentence."""
    answer = replace(ask("help"), headline="Ask for example `breakeven 200 users`.")
    pieces = answer_message(answer).blocks[0]["elements"][0]["elements"]
    assert {"type": "text", "text": "breakeven 200 users", "style": {"bold": True, "code": True}} in pieces


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
