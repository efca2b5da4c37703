"""Text made harmless, things that count once, and an acknowledgement that waits for its answer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.blocks.message import SlackMessage, text_of
from bot.slack.blocks.text import escape, one_line, unescape
from bot.slack.deduplication import Once
from bot.slack.in_flight import hold_ack
from bot.slack.settings import SlackSettings
from bot.slack.typed_text import as_typed
from core.errors import MachineError

ANSWER = {"text": "5,000 credits left"}


@given(st.text())
def test_escaping_is_undone_exactly(text: str) -> None:
    """What Slack gets escaped, a person gets back as it was."""
    assert unescape(escape(text)) == text


@given(st.text())
def test_escaped_text_has_no_markup(text: str) -> None:
    """No angle bracket reaches Slack, so nothing pings and nothing links."""
    assert not set(escape(text)) & {"<", ">"}


@given(st.text(), st.integers(1, 200))
def test_a_line_is_one_line_within_its_limit(text: str, limit: int) -> None:
    """Whatever a name holds, it is shown as one line that is not empty and not too long."""
    line = one_line(text, limit)
    assert (len(line.splitlines()), 0 < len(line) <= limit) == (1, True)


@pytest.mark.parametrize(
    ("handed_on", "typed"),
    [
        ("compare <https://a.example|10000> interactions", "compare 10000 interactions"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("  help ", "help"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_text_is_read_as_typed(handed_on: str, typed: str) -> None:
    """Links and escapes that Slack makes of a text are undone, each once."""
    assert as_typed(handed_on) == typed


@given(st.lists(st.text(max_size=3_000), max_size=30))
def test_text_form_always_fits(lines: list[str]) -> None:
    """However much there is to say, Slack takes the text: nine tenths of 4,000 characters at most."""
    assert len(SlackMessage(text_of(lines), ()).payload_of_text()["text"]) <= 3_600


def test_key_is_first_once() -> None:
    """A key counts the first time, and not again."""
    once = Once(10)
    assert [once.is_first("a"), once.is_first("a"), once.is_first("b")] == [True, False, True]


def test_key_is_forgotten_after_its_time() -> None:
    """After so many seconds a key is as good as new, so that memory does not grow."""
    now = [0.0]
    once = Once(10, clock=lambda: now[0])
    seen = [once.is_first("a")]
    for now[0] in (9.9, 10.0):
        seen.append(once.is_first("a"))
    assert seen == [True, False, True]


def claim(once: Once, outcome: int) -> bool:
    """Claim a key, and divide by the outcome under the claim; return whether it was the first."""
    with once.claim("a") as is_first:
        assert 1 / outcome
    return is_first


def test_claim_that_failed_can_be_made_again() -> None:
    """A failure under a claim frees the key; success does not."""
    once = Once(10)
    with pytest.raises(ZeroDivisionError):
        claim(once, 0)
    assert [claim(once, 1), claim(once, 1)] == [True, False]


def test_settings_keep_their_secrets() -> None:
    """Settings can be logged whole."""
    assert not {"t0ken", "s3cret"} & set(repr(SlackSettings("t0ken", "s3cret")).split("'"))


class Ack:
    """What Bolt's does: it keeps what was said."""

    def __init__(self) -> None:
        self.response: Any = None

    async def __call__(self, said: object = "") -> None:
        """Acknowledge."""
        self.response = said or "acknowledged"


def answer_while_it_is_left(to_others: bool) -> tuple[bool, object]:  # noqa: FBT001 - whether the database takes it
    """Answer just as the question is being left to others; return whether it went with the acknowledgement, and that."""

    async def run() -> tuple[bool, object]:
        ack: Any = Ack()
        is_writing, may_end = asyncio.Event(), asyncio.Event()

        async def late() -> None:
            is_writing.set()
            await may_end.wait()
            if not to_others:
                raise MachineError("The database does not answer.")

        async with hold_ack(ack, 0, late) as held:
            await is_writing.wait()
            answering = asyncio.ensure_future(held.answer(ANSWER))
            await asyncio.sleep(0)
            may_end.set()
            return await answering, ack.response

    return asyncio.run(run())


def test_what_is_left_to_others_is_not_answered_by_the_acknowledgement() -> None:
    """Whoever takes over would give the answer again, were this process killed now."""
    assert answer_while_it_is_left(to_others=True) == (False, "acknowledged")


def test_what_cannot_be_left_to_others_is_answered_by_the_acknowledgement() -> None:
    """Nobody else knows of the question."""
    assert answer_while_it_is_left(to_others=False) == (True, {"response_type": "ephemeral", **ANSWER})


def test_an_answer_that_slack_waits_for_no_longer_is_not_put_into_the_acknowledgement(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack would show it to nobody, so it has to go by another way; acknowledged it is all the same."""
    monkeypatch.setattr("bot.slack.in_flight.LATE_SECONDS", -60.0)

    async def late() -> None:
        """Be not called: the acknowledgement is held for a minute."""

    async def run() -> tuple[bool, object]:
        ack: Any = Ack()
        async with hold_ack(ack, 59, late) as held:
            is_sent = await held.answer(ANSWER)
        return is_sent, ack.response

    assert asyncio.run(run()) == (False, "acknowledged")
