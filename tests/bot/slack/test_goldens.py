from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.slack.blocks.limits import characters, problems, view_problems
from tests.fakes.slack.goldens import payloads
from tests.fakes.slack.rules import refusals, view_refusals

if TYPE_CHECKING:
    from tests.fakes.asking import Ask

GOLDEN = Path(__file__).parents[2] / "golden" / "slack"
FILES = sorted(GOLDEN.glob("*.json"))
COMFORTABLE_CHARACTERS = 5_500
TOLD_WHOLE = {"huge_how"}


@pytest.fixture(scope="module")
def told(ask: Ask) -> dict[str, dict[str, Any]]:
    """All messages and views as they are now."""
    return payloads(ask)


def test_every_message_has_its_golden_file(told: dict[str, dict[str, Any]]) -> None:
    """No message is without a golden file, and no golden file without a message."""
    assert {path.stem for path in FILES} == set(told)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_message_looks_as_it_was_judged(path: Path, told: dict[str, dict[str, Any]]) -> None:
    """A message changes only with its golden file: tests/tools/write_slack_goldens.py, and somebody looks."""
    assert told[path.stem] == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_slack_takes_every_message(path: Path) -> None:
    """Slack's published types, its SDK and its other rules find nothing to refuse."""
    told = json.loads(path.read_text(encoding="utf-8"))
    assert (view_refusals(told) if "type" in told else refusals(told["blocks"])) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_message_comes_near_a_limit(path: Path) -> None:
    """Nine tenths of each of Slack's limits is the most that a message takes."""
    message = json.loads(path.read_text(encoding="utf-8"))
    assert (view_problems(message) if "type" in message else problems(message["blocks"], message["text"])) == []


@pytest.mark.parametrize("path", [path for path in FILES if path.stem not in TOLD_WHOLE], ids=lambda path: path.stem)
def test_answers_are_short_enough_to_read(path: Path) -> None:
    """An answer stays under 5,500 characters; only the story of a huge one is longer."""
    assert characters(json.loads(path.read_text(encoding="utf-8"))["blocks"]) < COMFORTABLE_CHARACTERS
