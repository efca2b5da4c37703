"""Whatever core answers: Slack takes it, it is read at one look, and nothing of it is lost but what is counted."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.blocks.answer import answer_message, public_message
from bot.slack.blocks.explanation import how_message
from bot.slack.blocks.limits import problems
from bot.slack.blocks.text import one_line
from core.answer.model import Answer, Column, Figure, Note, Source, Table
from tests.fakes.asking import DAY
from tests.fakes.slack.goldens import OF_THE_WALLET
from tests.fakes.slack.messages import ASKED, HOSTILE
from tests.fakes.slack.rules import over_budget, refusals, texts_that_slack_parses

if TYPE_CHECKING:
    from bot.slack.blocks.message import SlackMessage
    from tests.fakes.asking import Ask

MORE = re.compile(r"… and ([\d,]+) more$")
TABLES = re.compile(r"… and (\d+) more tables?: agentcost --json")
ROWS = re.compile(r"· the first ([\d,]+) of ([\d,]+)")
UNITS = st.sampled_from(["usd", "credits", "percent", "count"])
TEXTS = st.one_of(st.just(HOSTILE), st.text(max_size=60), st.text(min_size=300, max_size=600))
NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=6, allow_nan=False)
FIGURES = st.builds(
    Figure, st.text("abc_", min_size=1), TEXTS, st.one_of(st.none(), NUMBERS, st.just(date(2026, 11, 1)), TEXTS), UNITS
).map(lambda one: one if isinstance(one.value, Decimal | None) else one._replace(unit="text"))
INSTANT = st.just(Figure("at", "Data through", datetime(2026, 11, 20, 8, 5, tzinfo=UTC), "instant"))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Return a table of up to 150 rows and 25 columns, some cells of it empty."""
    width, height = draw(st.integers(1, 25)), draw(st.integers(0, 150))
    columns = [Column("name", "Name", "text"), *(Column(f"c{n}", draw(TEXTS), "usd") for n in range(1, width))]
    few = draw(st.lists(st.one_of(st.none(), NUMBERS), min_size=width, max_size=width))
    name = draw(TEXTS)
    return Table("t", draw(TEXTS), tuple(columns), tuple((f"{name} {n}", *few[1:]) for n in range(height)))


ANSWERS = st.builds(
    Answer,
    question=TEXTS,
    title=TEXTS,
    headline=TEXTS,
    as_of=st.just(DAY),
    figures=st.lists(st.one_of(FIGURES, INSTANT), max_size=40).map(tuple),
    tables=st.lists(tables(), max_size=6).map(tuple),
    arithmetic=st.lists(TEXTS, max_size=30).map(tuple),
    notes=st.lists(st.builds(Note, st.sampled_from(["assumption", "warning", "disputed claim"]), TEXTS), max_size=20).map(tuple),
    sources=st.lists(st.builds(Source, TEXTS, st.sampled_from([None, DAY])), max_size=20).map(tuple),
)


def lists_of(message: SlackMessage) -> dict[str, list[str]]:
    """Return the lines of each list of a story, by its title."""
    found = {}
    for block in message.blocks:
        if block["type"] == "rich_text" and len(block["elements"]) > 1:
            title, bullets = block["elements"]
            lines = ["".join(part["text"] for part in line["elements"]) for line in bullets["elements"]]
            found["".join(part["text"] for part in title["elements"])] = lines
    return found


def count(lines: list[str]) -> int:
    """Return how many things a list tells, those that it only counts among them."""
    more = MORE.search(lines[-1]) if lines else None
    return len(lines) if more is None else len(lines) - 1 + int(more[1].replace(",", ""))


def tables_of(message: SlackMessage) -> list[dict[str, Any]]:
    """Return the tables of a message."""
    return [block for block in message.blocks if block["type"] == "data_table"]


def total_rows(table: dict[str, Any]) -> int:
    """Return how many rows a table has, those that its caption only counts among them."""
    partly = ROWS.search(table["caption"])
    return int(partly[2].replace(",", "")) if partly else len(table["rows"]) - 1


def lost(answer: Answer) -> list[str]:
    """Return what of an answer neither its message nor the story behind it tells, shows or counts."""
    told, story = answer_message(answer), how_message(answer)
    lists, filled = lists_of(story), [table for table in answer.tables if table.rows]
    expected = {
        "Arithmetic": len(answer.arithmetic),
        "Exact figures": len(answer.figures),
        "Good to know": len(answer.notes),
        "Sources": len(set(answer.sources)),
    }
    missing = [title for title, number in expected.items() if count(lists.get(title, [])) != number]
    missing += ["headline"] * (not headline_of(told).startswith(one_line(answer.headline, 300).replace("`", "")))
    shown = tables_of(story)
    missing += [table.title for table, one in zip(filled, shown, strict=False) if total_rows(one) != len(table.rows)]
    counted = TABLES.search(json.dumps(story.blocks, ensure_ascii=False))
    return missing + ["tables"] * (len(shown) + (int(counted[1]) if counted else 0) != len(filled))


def headline_of(message: SlackMessage) -> str:
    """Return the first line of a message, without the marks of code."""
    return "".join(part["text"] for part in message.blocks[0]["elements"][0]["elements"]).replace("`", "")


@given(ANSWERS)
@settings(max_examples=60, deadline=None)
def test_any_answer_is_told_whole(answer: Answer) -> None:
    """Between message and story every figure, sum, note, source, table and row is told or counted."""
    assert lost(answer) == []


@given(ANSWERS)
@settings(max_examples=60, deadline=None)
def test_slack_takes_any_answer(answer: Answer) -> None:
    """Slack refuses neither the message nor the story, no limit comes near, and names are only names."""
    for message in (answer_message(answer), public_message(answer), how_message(answer)):
        assert refusals(list(message.blocks)) + problems(message.blocks, message.text) == []
        assert [text for text in texts_that_slack_parses(message.payload()) if "<" in text] == []
    assert over_budget(answer_message(answer).blocks, answer_message(answer).text) == []


@pytest.mark.parametrize("question", sorted({*ASKED.values(), *OF_THE_WALLET.values()} - {"actions"}))
def test_every_real_answer_is_told_whole(ask: Ask, question: str) -> None:
    """The same holds for the answers that there are."""
    assert lost(ask(question, with_wallet=True, who="")) == []
