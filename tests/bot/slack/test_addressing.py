"""What people type, and what we hear in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.addressing import HeardQuestion, Remark, find_typed_message, hear
from bot.slack.typed_text import plain_text
from core.config.loader import Config
from core.context import Context
from core.errors import NothingImportedError, QuestionError
from core.language.grammar import print_question
from core.questions.meaning import meaning_of

US = "<@U0BOT>"
NAMES = {"@us": US, "@kim": "<@U0KIM>", "@lee": "<@U0LEE|lee>", "@here": "<!here>", "@group": "<!subteam^S0FIN|@finance>"}
UNSEEN = ("00a0", "2007", "2009", "200b", "200e", "202f", "2060", "3000", "fe0f", "feff")
ESCAPES = {"\\n": "\n"} | {f"\\u{code}": chr(int(code, 16)) for code in UNSEEN}
# What a direct message is besides typed anew, by the first column of the table.
KINDS: dict[str, dict[str, str]] = {
    "broadcast": {"subtype": "thread_broadcast", "thread_ts": "1763600000.000100"},
    "me": {"subtype": "me_message"},
    "own": {"user": "U0BOT"},
    "bot": {"subtype": "bot_message", "bot_id": "B0OTHER"},
}
TABLE = Path(__file__).parents[2] / "data" / "slack" / "utterances.tsv"
UTTERANCES = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()]


def no_wallet() -> Any:  # noqa: ANN401 - it never returns
    """Open nothing."""
    raise NothingImportedError("nothing")


def body_of(how: str, text: str) -> dict[str, Any]:
    """Return the request that Slack makes of a text: after a slash, with a mention, in a direct message or by an edit of one."""
    for name, entity in (*NAMES.items(), *ESCAPES.items()):
        text = text.replace(name, entity)
    if how == "slash":
        return {"command": "/agentcost", "text": text, "user_id": "U0ASKER", "channel_id": "C0TEAM"}
    event = {"type": "app_mention", "text": text, "user": "U0ASKER", "channel": "C0TEAM", "ts": "1763600001.000100"}
    if how == "mention":
        return {"event": event}
    direct = {"type": "message", "channel_type": "im", "channel": "D0ASKER"}
    if how == "edit":
        now = event | {"edited": {"user": "U0ASKER", "ts": "1763600009.000100"}}
        return {"event": direct | {"subtype": "message_changed", "message": now, "previous_message": event | {"text": "2oo"}}}
    return {"event": event | direct | KINDS.get(how, {})}


def heard_in(how: str, text: str) -> str:
    """Return what is heard: the question in the strict language, who is told of an error, a reaction, nothing, or silence."""
    heard = hear(body_of(how, text), {"U0BOT"})
    if heard is None:
        return "silence"
    if isinstance(heard, Remark):
        return heard.reaction or "nothing"
    try:
        question = meaning_of(
            heard.text or "help", Context(date(2026, 11, 29), Config(), no_wallet, has_warehouse=False)
        ).question
    except QuestionError as error:
        return f"asker: {error}"
    return f"= {print_question(question)}"


@pytest.mark.parametrize(("how", "text", "expected"), UTTERANCES, ids=[" ".join(one[:2]) for one in UTTERANCES])
def test_what_people_type_is_heard_as_they_mean_it(how: str, text: str, expected: str) -> None:
    """However people address us, format and punctuate, the question is what they ask; thanks and talk about us ask nothing."""
    heard = heard_in(how, text)
    kind, _, place = expected.partition(": ") if expected.startswith("asker") else ("", "", "")
    assert (heard.startswith(kind) and place in heard) if kind else heard == expected


def test_the_table_holds_three_hundred_utterances() -> None:
    """So many ways were thought of, each once, and every way to type is among them."""
    assert len({(how, text) for how, text, _ in UTTERANCES}) == len(UTTERANCES) >= 300
    assert {how for how, *_ in UTTERANCES} == {"dm", "edit", "mention", "slash", *KINDS}


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_typed_breaks_the_gate(before: str, after: str) -> None:
    """Whatever stands around our name is a question or none, and no sign of ours stays in it."""
    heard = hear(body_of("mention", f"{before}{US}{after}"), {"U0BOT"})
    assert isinstance(heard, Remark) or (
        isinstance(heard, HeardQuestion) and not set("\ue010\ue011") & set(heard.text) - set(before + after)
    )


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 9_999), min_size=2, max_size=4), st.sampled_from((" :x: ", " 💰 ", " *", " `", " ~", f" {US} ")))
def test_two_numbers_never_become_one(numbers: list[int], between: str) -> None:
    """What is left out between two numbers leaves a sign, or stays: 200 and 300 users are not 200,300."""
    said = between.join(map(str, numbers))
    heard = hear(body_of("mention", f"{US} breakeven {said} users"), {"U0BOT"})
    assert isinstance(heard, HeardQuestion)
    with pytest.raises(QuestionError):
        meaning_of(heard.text, Context(date(2026, 11, 29), Config(), no_wallet, has_warehouse=False))


@pytest.mark.parametrize(
    "text", ['usage agent "*VIP* bot :a:"', "usage agent “_x_”", "usage agent Service_Concierge__c by day", "compare 40% * 7"]
)
def test_names_of_the_wallet_stay_as_they_are(text: str) -> None:
    """What stands in quotation marks, or inside a word, is data: stripped of its signs it could be another's name."""
    assert plain_text(text) == text


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ({"text": "a"}, "a"),
        ({"text": "a", "subtype": "thread_broadcast"}, "a"),
        ({"text": "a", "subtype": "me_message"}, "a"),
        ({"text": "a", "bot_id": "B1"}, None),
        ({"text": "a", "subtype": "bot_message"}, None),
        ({"text": "a", "subtype": "channel_join"}, None),
        ({"subtype": "message_deleted", "previous_message": {"text": "a", "user": "U1"}}, None),
        (
            {
                "subtype": "message_changed",
                "message": {"text": "b", "user": "U1", "edited": {}},
                "previous_message": {"text": "a"},
            },
            "b",
        ),
        (
            {
                "subtype": "message_changed",
                "message": {"text": "a", "user": "U1", "edited": {}},
                "previous_message": {"text": "a"},
            },
            None,
        ),
        ({"subtype": "message_changed", "message": {"text": "b", "user": "U1"}, "previous_message": {"text": "a"}}, None),
    ],
)
def test_only_what_a_person_typed_is_a_message(event: dict[str, Any], text: str | None) -> None:
    """Broadcasts of a thread, /me and edits are typed; bots, joins, deletions and previews of links are not."""
    found = find_typed_message({"type": "message", "channel": "D1", "user": "U1", **event})
    assert (found and found["text"]) == text


def test_our_name_is_known_from_the_event() -> None:
    """Where the event says who we are, the first name in the text is not taken for ours."""
    body = body_of("mention", "@kim please, @us breakeven 200 users") | {"authorizations": [{"user_id": "U0BOT", "is_bot": True}]}
    heard = hear(body, {"U0BOT"})
    assert isinstance(heard, HeardQuestion)
    assert heard.text == "breakeven 200 users"
