"""Several replicas hear Slack: each question is answered once, and one whose replica dies is left to the next."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from bot.slack.connection.app import answer_inherited, asgi, create_app
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
        self.owed: dict[str, str | None] = {}
        self.was_owed: list[str] = []
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
        if self.is_down:
            raise MachineError("The database is down.")
        self.state |= dict.fromkeys(keys, "done")

    def give_back(self, keys: Sequence[str]) -> None:
        """Say that nothing came of it."""
        for key in keys:
            del self.state[key]

    def owe(self, key: str, told: str | None) -> None:
        """Leave it to another."""
        if self.is_down:
            raise MachineError("The database is down.")
        if told:
            self.was_owed.append(told)
        self.owed[key] = told

    def inherit(self) -> dict[str, str]:
        """Take on what replicas owe that are gone."""
        taken = {key: told for key, told in self.owed.items() if told and self.state[key] == "again"}
        self.state |= dict.fromkeys(taken, "busy")
        return taken

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
        deadline = time.monotonic() + WAIT_SECONDS
        while set(database.state.values()) != {"done"} and time.monotonic() < deadline:
            time.sleep(0.01)
    assert (told.status, told.body, sent.to) == (200, "", "response_url")
    assert (len(database.was_owed), [*database.owed.values()]) == (1, [None])


def test_an_answer_that_comes_after_bolt_s_three_seconds_is_not_lost(slack: SlackServer, ask: Ask, database: Database) -> None:
    """Bolt, left alone, would say by then that all is well, and drop what is acknowledged later."""

    def ask_slowly(question: str, *, with_wallet: bool, who: str) -> Answer:
        time.sleep(3.3)
        return ask(question, with_wallet=with_wallet, who=who)

    settings = SlackSettings(slack.token, SECRET, api_url=f"{slack.url}/api/")
    with served(asgi(create_app(ask_slowly, settings, turns=SharedTurns(database, WAIT_SECONDS)))) as url:  # type: ignore[arg-type]  # as above
        told = Workspace(slack, url, SECRET).slash("breakeven 200 users")
    assert "200 users" in told.body


def test_turns_are_taken_while_every_thread_of_the_event_loop_is_busy(database: Database) -> None:
    """A service's jobs can take minutes; a request of Slack's does not wait for them."""
    may_end = threading.Event()

    async def run() -> str:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(2))
        jobs = [asyncio.ensure_future(asyncio.to_thread(may_end.wait)) for _ in range(2)]
        try:
            return await asyncio.wait_for(SharedTurns(database).take("a key", 60), WAIT_SECONDS)  # type: ignore[arg-type]  # as above
        finally:
            may_end.set()
            await asyncio.gather(*jobs)

    assert asyncio.run(run()) == "first"


def test_a_mention_that_takes_long_is_left_to_others_until_it_is_answered(
    slack: SlackServer, ask: Ask, database: Database
) -> None:
    """Bolt itself acknowledges events before anybody hears them; then a killed replica would lose them."""
    owed_before: list[int] = []

    def ask_slowly(question: str, *, with_wallet: bool, who: str) -> Answer:
        time.sleep(0.5)
        owed_before.append(len(database.was_owed))
        return ask(question, with_wallet=with_wallet, who=who)

    settings = SlackSettings(slack.token, SECRET, api_url=f"{slack.url}/api/")
    with served(asgi(create_app(ask_slowly, settings, turns=SharedTurns(database, 0.1)))) as url:  # type: ignore[arg-type]  # as above
        assert Workspace(slack, url, SECRET).event(MENTION, "Ev1").status == 200
        slack.wait_for(1)
    assert owed_before == [1]
    assert set(database.state.values()) == {"done"}


@pytest.mark.parametrize("kind", ["command", "misspelt", "mention"])
def test_what_a_replica_owed_when_it_died_is_answered_by_another_once(
    slack: SlackServer, ask: Ask, database: Database, kind: str
) -> None:
    """It was acknowledged, so neither Slack nor a load balancer sends it again; whoever is left has it from the database."""
    bodies: dict[str, dict[str, object]] = {
        "command": {"command": "/agentcost", "text": "breakeven 200 users", "user_id": "U0ASKER", "channel_id": CHANNEL},
        "misspelt": {"command": "/agentcost", "text": MISSPELT, "user_id": "U0ASKER", "channel_id": CHANNEL},
        "mention": {"event": MENTION, "authorizations": [{"user_id": "U0BOT", "team_id": "T0TEAM"}]},
    }
    body = bodies[kind] | ({} if kind == "mention" else {"response_url": slack.new_response_url()})
    database.take("a signature")
    database.owe("a signature", json.dumps({"workspace": "", "body": body}))
    app = create_app(ask, SlackSettings(slack.token, SECRET, api_url=f"{slack.url}/api/"), turns=SharedTurns(database))  # type: ignore[arg-type]  # as above
    asyncio.run(answer_inherited(app))
    assert slack.sent == []
    database.state["a signature"] = "again"
    asyncio.run(answer_inherited(app))
    asyncio.run(answer_inherited(app))
    [sent] = slack.sent
    assert sent.to == ("chat.postMessage" if kind == "mention" else "response_url")
    assert database.state["a signature"] == "done"


def test_a_late_answer_of_a_replica_that_is_cut_off_is_left_to_another(slack: SlackServer, ask: Ask, database: Database) -> None:
    """It cannot say that it answers, so it does not: whoever inherits the question would answer as well."""

    def ask_and_lose_the_database(question: str, *, with_wallet: bool, who: str) -> Answer:
        time.sleep(0.5)
        database.is_down = True
        return ask(question, with_wallet=with_wallet, who=who)

    settings = SlackSettings(slack.token, SECRET, api_url=f"{slack.url}/api/")
    app = create_app(ask_and_lose_the_database, settings, turns=SharedTurns(database, 0.1))  # type: ignore[arg-type]  # as above
    with served(asgi(app)) as url:
        assert Workspace(slack, url, SECRET).slash("breakeven 200 users").status == 200
    assert slack.sent == []
    assert [json.loads(told)["body"]["text"] for told in database.was_owed] == ["breakeven 200 users"]


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
    slack.wait_for(1)
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
