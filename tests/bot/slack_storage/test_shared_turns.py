"""Several replicas hear Slack: each question is answered once, and one whose replica dies is left to the next."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from bot.slack.connection.app import asgi, create_app
from bot.slack.settings import SlackSettings
from bot.slack_storage import SharedTurns
from core.errors import InputError, MachineError
from tests.fakes.asking import asking
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.workspace import CHANNEL, Workspace, served
from tests.fakes.waiting import WAIT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.answer import Answer
    from core.warehouse.claims import Taken
    from tests.fakes.asking import Ask

SECRET, MISSPELT = "signing-secret-of-the-test", "breakevn 2oo users"
MENTION = {
    "type": "app_mention",
    "text": "<@U0BOT> breakeven 200 users",
    "user": "U0ASKER",
    "channel": CHANNEL,
    "ts": "1763600001.000100",
}


class Database:
    """What several services take on, as PostgreSQL keeps it."""

    def __init__(self) -> None:
        """Know nothing."""
        self.state: dict[str, Taken] = {}
        self.is_down = False

    def take(self, key: str) -> Taken:
        """Take a key on."""
        if self.is_down:
            raise MachineError("The database is down.")
        before = self.state.get(key)
        if before in {None, "again"}:
            self.state[key] = "busy"
        return before or "first"

    def settle(self, keys: Sequence[str]) -> None:
        """Say that it is done."""
        self.state |= dict.fromkeys(keys, "done")

    def give_back(self, keys: Sequence[str]) -> None:
        """Say that nothing came of it."""
        for key in keys:
            del self.state[key]

    def lose_replicas(self) -> None:
        """Let every replica have died after it answered, and before it could say so."""
        deadline = time.monotonic() + WAIT_SECONDS
        while set(self.state.values()) != {"done"} and time.monotonic() < deadline:
            time.sleep(0.01)
        self.state = dict.fromkeys(self.state, "again")


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """The real way to ask, which has loaded what it takes."""
    with asking() as real:
        real("breakeven 200 users", with_wallet=False, who="")
        with suppress(InputError):
            real(MISSPELT, with_wallet=False, who="")
        yield real


@pytest.fixture
def database() -> Database:
    """What the replicas share."""
    return Database()


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """A Slack on loopback."""
    with SlackServer() as server:
        yield server


@pytest.fixture
def replicas(slack: SlackServer, ask: Ask, database: Database) -> Iterator[tuple[Workspace, Workspace]]:
    """A workspace as two replicas see it."""
    settings = SlackSettings(slack.token, SECRET, api_url=f"{slack.url}/api/")

    def application() -> object:
        return asgi(create_app(ask, settings, turns=SharedTurns(database, WAIT_SECONDS)))  # type: ignore[arg-type]  # stands in for it

    with served(application()) as one, served(application()) as other:
        first = Workspace(slack, one, SECRET)
        yield first, Workspace(slack, other, SECRET, _numbers=first._numbers)


def test_a_slash_command_is_answered_by_its_acknowledgement(replicas: tuple[Workspace, Workspace], slack: SlackServer) -> None:
    """A replica that is killed before has sent nothing, so the load balancer may turn to another."""
    told = replicas[0].slash("breakeven 200 users")
    answer = json.loads(told.body)
    assert (told.status, answer["response_type"], slack.sent) == (200, "ephemeral", [])
    assert "200 users" in json.dumps(answer["blocks"])


def test_what_was_wrong_with_a_question_is_said_there_too(replicas: tuple[Workspace, Workspace], slack: SlackServer) -> None:
    """Said in the channel and acknowledged afterwards, it would be said twice where the replica dies in between."""
    told = json.loads(replicas[0].slash(MISSPELT).body)
    assert "2oo" in told["text"]
    assert slack.sent == []


def test_a_question_that_takes_long_is_acknowledged_in_time_and_answered_later(
    slack: SlackServer, ask: Ask, database: Database
) -> None:
    """Slack gives up after three seconds."""

    def ask_slowly(question: str, *, with_wallet: bool, who: str) -> Answer:
        time.sleep(0.5)
        return ask(question, with_wallet=with_wallet, who=who)

    settings = SlackSettings(slack.token, SECRET, api_url=f"{slack.url}/api/")
    with served(asgi(create_app(ask_slowly, settings, turns=SharedTurns(database, 0.1)))) as url:  # type: ignore[arg-type]  # as above
        told = Workspace(slack, url, SECRET).slash("breakeven 200 users")
        [sent] = slack.wait_for(1)
    assert (told.status, told.body, sent.to) == (200, "", "response_url")


def test_a_mention_that_two_replicas_are_told_of_is_answered_once(
    replicas: tuple[Workspace, Workspace], slack: SlackServer
) -> None:
    """Slack tells of it again, by the same id and by another, and another replica hears that."""
    one, other = replicas
    told = [one.event(MENTION, "Ev1"), other.event(MENTION, "Ev1", retry=1), other.event(MENTION, "Ev2")]
    assert [each.status for each in told] == [200, 200, 200]
    assert len(slack.sent) == 1


def test_a_request_that_one_replica_took_is_refused_by_the_other(replicas: tuple[Workspace, Workspace]) -> None:
    """Whoever sends a signed request again is refused wherever it arrives."""
    request = replicas[0].slash_request("breakeven 200 users")
    assert [replica.post(*request).status for replica in replicas] == [200, 401]


def test_what_a_killed_replica_had_begun_is_answered_by_the_next(
    replicas: tuple[Workspace, Workspace], slack: SlackServer, database: Database
) -> None:
    """The load balancer sends the same request again; a mention that was answered before the kill is not answered twice."""
    request = replicas[0].slash_request("breakeven 200 users")
    assert replicas[0].post(*request).status == 200
    database.lose_replicas()
    assert "200 users" in replicas[1].post(*request).body
    replicas[0].event(MENTION, "Ev1")
    database.lose_replicas()
    slack.conversations.messages[CHANNEL][-1]["bot_id"] = "B0BOT"
    assert replicas[1].event(MENTION, "Ev1", retry=1).status == 200
    assert len(slack.sent) == 1


def test_without_the_database_a_request_is_left_to_another_replica(
    replicas: tuple[Workspace, Workspace], slack: SlackServer, database: Database
) -> None:
    """503 turns the load balancer to one that is not cut off; Slack repeats an event later."""
    database.is_down = True
    assert [replicas[0].slash("breakeven 200 users").status, replicas[0].event(MENTION).status] == [503, 503]
    assert slack.sent == []
