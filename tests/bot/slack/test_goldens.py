"""Messages: a dozen as they were judged, and of every one that Slack takes it, that it is short, and that names are harmless."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.slack.blocks.limits import characters, problems, view_problems
from bot.slack.blocks.text import unescape
from tests.fakes.slack.goldens import GOLDENS, payloads
from tests.fakes.slack.rules import BUDGET, over_budget, refusals, texts_that_slack_parses, view_refusals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.fakes.asking import Ask

    Payload = Mapping[str, Any]

GOLDEN = Path(__file__).parents[2] / "golden" / "slack"
COMFORTABLE_CHARACTERS = 5_500
LIVE_MARKUP = ("<!channel>", "<https:", "<@")
TURNS_THE_WRITING = "\u202e"


@pytest.fixture(scope="module")
def told(ask: Ask) -> dict[str, dict[str, Any]]:
    """All messages and views as they are now, those of a wallet of 10,000 agents and of one with hostile names among them."""
    return payloads(ask)


def wrong(told: Mapping[str, Payload], faults: Callable[[Payload], list[str]]) -> dict[str, list[str]]:
    """Return the messages at fault, and why."""
    found = {name: faults(payload) for name, payload in told.items()}
    return {name: why for name, why in found.items() if why}


def is_view(payload: Payload) -> bool:
    """Whether a payload is a page or a form, and no message."""
    return "type" in payload


def every_text(part: object) -> list[str]:
    """Return every text that is shown, rich text too."""
    if isinstance(part, list):
        return [text for one in part for text in every_text(one)]
    if not isinstance(part, dict):
        return [part] if isinstance(part, str) else []
    return [text for key, value in part.items() if key not in {"value", "private_metadata"} for text in every_text(value)]


def test_golden_files_are_those_that_are_named() -> None:
    """No golden file is left of a message that has none."""
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(GOLDENS)


@pytest.mark.parametrize("name", GOLDENS)
def test_message_looks_as_it_was_judged(name: str, told: dict[str, dict[str, Any]]) -> None:
    """A message of each kind changes only with its golden file: tests/tools/write_slack_goldens.py, and somebody looks."""
    assert told[name] == json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def test_slack_takes_every_message(told: dict[str, dict[str, Any]]) -> None:
    """Slack's published types, its SDK and its other rules find nothing to refuse."""
    assert wrong(told, lambda one: view_refusals(dict(one)) if is_view(one) else refusals(one["blocks"])) == {}


def test_no_message_comes_near_a_limit(told: dict[str, dict[str, Any]]) -> None:
    """Nine tenths of each of Slack's limits is the most that a message takes."""
    assert wrong(told, lambda one: view_problems(dict(one)) if is_view(one) else problems(one["blocks"], one["text"])) == {}


def test_messages_are_short_enough_to_read(told: dict[str, dict[str, Any]]) -> None:
    """A message stays under 5,500 characters; only the story behind one may be longer."""
    short = {name: one for name, one in told.items() if not name.endswith("_how")}
    assert wrong(short, lambda one: ["too long"] * (characters(one["blocks"]) >= COMFORTABLE_CHARACTERS)) == {}


def test_every_message_is_read_at_one_look(told: dict[str, dict[str, Any]]) -> None:
    """One sentence decides, dollars first, one line more qualifies; figures, tables, charts, buttons and text by their budget."""
    messages = {name: one for name, one in told.items() if not name.endswith("_how") and not is_view(one)}
    found = wrong(messages, lambda one: over_budget(one["blocks"], unescape(one["text"])))
    assert [why for why in found.pop("help") if "small print" not in why] == []  # which names every command in small print
    assert found == {}


def test_every_page_and_form_is_read_at_one_look(told: dict[str, dict[str, Any]]) -> None:
    """Two facts, one chart, one button beside each thing to do or alert, and at most three in a row."""
    pages = {name: one for name, one in told.items() if is_view(one)}
    assert {len(block["elements"]) for one in pages.values() for block in one["blocks"] if block["type"] == "actions"} <= {
        1,
        2,
        3,
    }
    assert max(sum(len(block.get("fields", ())) for block in one["blocks"]) for one in pages.values()) <= BUDGET["figures"]
    assert max(json.dumps(one).count("rich_text_preformatted") for one in pages.values()) == BUDGET["charts"]


def test_names_neither_ping_nor_link_nor_turn_the_writing(told: dict[str, dict[str, Any]]) -> None:
    """A name such as <!channel> means nothing to Slack wherever it reads markup, and no mark turns what is read."""
    assert wrong(told, lambda one: [text for live in LIVE_MARKUP for text in texts_that_slack_parses(one) if live in text]) == {}
    assert wrong(told, lambda one: [text for text in every_text(one) if TURNS_THE_WRITING in text]) == {}


def test_hostile_names_never_stand_in_marked_up_text(told: dict[str, dict[str, Any]]) -> None:
    """Text of others goes into plain, raw and rich text only, so that *Bold* in a name stays *Bold*."""
    assert (
        wrong(told, lambda one: [part for part in json.dumps(one["blocks"]).split("{") if '"mrkdwn"' in part and "Bold" in part])
        == {}
    )
