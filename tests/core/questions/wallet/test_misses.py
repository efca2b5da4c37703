"""Misses: questions that were not understood are stored without who asked, and listed with what they seem to be about."""

from datetime import UTC, datetime, timedelta

import pytest

from core import audit_buffer
from core.config.loader import Config
from core.questions.misses import list_misses
from core.warehouse.miss_log import Miss, append_miss, without_people
from tests.fakes.small_wallet import SmallWallet, context_of

NOON = datetime(2026, 10, 10, 12, tzinfo=UTC)


def keep(small: SmallWallet, *texts: str) -> None:
    """Store misses, a minute apart."""
    with small.warehouse.writing() as session:
        for minute, text in enumerate(texts):
            append_miss(session, Miss(NOON + timedelta(minutes=minute), text, "Slack"))


def test_the_most_frequent_comes_first(small: SmallWallet) -> None:
    """Texts that differ in case are the same; each has the question that it seems to be about."""
    keep(small, "burn by galaxy", "Tell me the weather", "Burn by galaxy")
    answer = list_misses(context_of(small.warehouse))
    rows = answer.table("misses").rows
    assert [(row[0], int(str(row[1])), row[3]) for row in rows] == [
        ("burn by galaxy", 2, "Slack"),
        ("tell me the weather", 1, "Slack"),
    ]
    assert rows[0][2] == "usage by agent"


def test_what_is_understood_by_now_is_shown_as_it_is_read(small: SmallWallet) -> None:
    """Once a word is added, the list shows how the text is read now."""
    keep(small, "burn by galaxy")
    context = context_of(small.warehouse, Config(words=(("galaxy", "department"),)))
    assert list_misses(context).table("misses").rows[0][2] == "usage by department"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("usage of jane.doe+x@example.co.uk", "usage of (somebody)"),
        ("<@U012ABCDEF> what did <@U9ZZZZZZZZ|kim> burn", "(somebody) what did (somebody) burn"),
        ("tokens of 0055g00000AbCdEAAV last week", "tokens of (somebody) last week"),
        ("ask @kim", "ask (somebody)"),
        ("a\nb\t c", "a b c"),
        ("10k chats @ $110", "10k chats @ $110"),
    ],
)
def test_nobody_is_named(text: str, kept: str) -> None:
    """Addresses, mentions and people's ids are left out; amounts stay."""
    assert without_people(text) == kept


def test_a_long_text_is_cut() -> None:
    """At most 300 characters are stored."""
    assert len(without_people("x" * 5_000)) == 300


def test_the_setting_switches_it_off(small: SmallWallet) -> None:
    """With keep_misses: false nothing is stored."""
    for keeps in (True, False):
        audit_buffer.record_miss("burn by galaxy", "Slack", context_of(small.warehouse, Config(keep_misses=keeps)))
    audit_buffer.flush(small.warehouse)
    assert [row["times"] for row in small.warehouse.query("misses_by_text")] == [1]


def test_the_newest_are_kept(small: SmallWallet) -> None:
    """With room for two of three, the oldest is dropped."""
    keep(small, "one", "two", "three")
    with small.warehouse.writing() as session:
        session.run("prune_misses", most=2)
    assert sorted(row["text"] for row in small.warehouse.query("misses_by_text")) == ["three", "two"]
