"""Tokens that expire: renewed in time, kept encrypted before they are used, and not lost by whatever ends a process."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet

from bot.cli.main import main
from bot.manifest import build_described_app, scopes
from bot.slack.client import SlackClient, UndeliveredError, token_renewal
from bot.slack.installation.tokens import InstalledApp, RenewedTokens, TokenError
from bot.slack.settings import SlackSettings
from bot.slack_storage.installation_records import StoredToken
from bot.slack_storage.sealing import Sealer
from core.errors import ConfigError, MachineError
from core.maintenance.backup import back_up
from core.warehouse.database import Warehouse, open_warehouse
from tests.fakes.slack.conversations import SlackFault
from tests.fakes.slack.oauth import TOKEN_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.slack.server import SlackServer

KEY = Fernet.generate_key().decode()
HOUR = 3_600.0


class Rotated:
    """An app whose tokens expire, under a clock of the test's; each `start` is another process on the same warehouse."""

    def __init__(self, slack: SlackServer, path: Path) -> None:
        self.slack, self.path, self.now = slack, path, 1_800_000_000.0
        slack.oauth.rotates, slack.oauth.clock = True, lambda: self.now
        pair = slack.oauth.new_pair("T0TEAM")
        self.settings = SlackSettings(pair["access_token"], "secret", api_url=f"{slack.url}/api/")
        self.first = InstalledApp("", pair["access_token"], pair["refresh_token"], 0.0)
        self.can_be_kept = True

    @contextmanager
    def open(self) -> Iterator[Warehouse]:
        """Open the warehouse."""
        if not self.can_be_kept:
            raise MachineError("The disk is full.")
        with open_warehouse(self.path) as warehouse:
            yield warehouse

    def start(self, key: str = KEY) -> RenewedTokens:
        """Return the tokens of a new process."""
        book = StoredToken(self.open, Sealer(key), self.first)
        renew = token_renewal(self.settings, self.slack.oauth.client_id, self.slack.oauth.client_secret)
        return RenewedTokens(book, renew, lambda: self.now)

    def call(self, tokens: RenewedTokens) -> dict[str, Any]:
        """Call Slack with whatever token holds now."""
        client = SlackClient(replace(self.settings, tokens=tokens))
        return asyncio.run(client.installation())._asdict()


@pytest.fixture
def rotated(slack: SlackServer, tmp_path: Path) -> Rotated:
    """An app whose tokens expire."""
    return Rotated(slack, tmp_path / "w.duckdb")


def test_token_is_renewed_at_half_its_life_for_days(rotated: Rotated, slack: SlackServer) -> None:
    """Twelve hours is how long one lives: three days take a renewal every six, and no call fails."""
    tokens = rotated.start()
    for _ in range(72):
        assert rotated.call(tokens)["team"] == "T0TEAM"
        rotated.now += HOUR
    assert (11 <= slack.oauth.renewals <= 13, tokens.trouble, slack.refused) == (True, {}, [])


def test_next_process_goes_on_from_what_was_kept(rotated: Rotated, slack: SlackServer) -> None:
    """The environment still holds the first pair, whose refresh token is used up."""
    rotated.call(rotated.start())
    rotated.now += 7 * HOUR
    rotated.call(rotated.start())
    rotated.now += HOUR
    assert (rotated.call(rotated.start())["team"], slack.oauth.renewals, slack.refused) == ("T0TEAM", 2, [])


@pytest.mark.parametrize("takes_twice", [True, False])
def test_renewal_whose_answer_is_lost_leaves_the_token_before(rotated: Rotated, slack: SlackServer, *, takes_twice: bool) -> None:
    """Killed between Slack's answer and its keeping: the token before is good for six hours more, and is used.

    Where Slack takes a refresh token again, there is a new one at once.
    """
    rotated.call(rotated.start())
    rotated.now += 7 * HOUR
    slack.oauth.takes_twice = takes_twice
    slack.faults.append(SlackFault("cut", is_accepted=True, method="oauth.v2.access"))
    rotated.call(rotated.start())
    after = rotated.start()
    rotated.call(after)
    assert bool(after.trouble) is not takes_twice
    rotated.now += 4 * HOUR
    assert rotated.call(rotated.start())["team"] == "T0TEAM"


def test_token_that_cannot_be_renewed_ends_with_slack_s_word(rotated: Rotated, slack: SlackServer) -> None:
    """Once the last good token has expired, each call says why; none is made with a token that Slack refuses."""
    tokens = rotated.start()
    rotated.call(tokens)
    slack.oauth.refresh_tokens.clear()
    rotated.now += 13 * HOUR
    with pytest.raises(UndeliveredError, match="invalid_refresh_token"):
        rotated.call(tokens)
    assert "invalid_refresh_token" in tokens.trouble[""]


def test_new_pair_in_the_environment_begins_anew(rotated: Rotated, slack: SlackServer) -> None:
    """Whoever installs the app again puts in both tokens; what was kept of the pair before is not used, and goes."""
    rotated.call(rotated.start())
    slack.oauth.revoke("T0TEAM")
    pair = slack.oauth.new_pair("T0TEAM")
    rotated.first = InstalledApp("", pair["access_token"], pair["refresh_token"], 0.0)
    rotated.call(rotated.start())
    with open_warehouse(rotated.path) as warehouse:
        assert warehouse.execute("SELECT count(*) FROM slack_secrets") == [(1,)]


def test_token_that_slack_calls_expired_is_renewed_and_the_call_made_again(rotated: Rotated, slack: SlackServer) -> None:
    """Clocks differ: Slack's word counts."""
    tokens = rotated.start()
    rotated.call(tokens)
    for issued in slack.oauth.tokens.values():
        issued.expires_at = rotated.now
    assert (rotated.call(tokens)["team"], slack.refused) == ("T0TEAM", ["token_expired"])


def test_slack_that_is_down_costs_nothing_while_the_token_holds(rotated: Rotated, slack: SlackServer) -> None:
    """A failed renewal is not tried again with every call, and the token before is used meanwhile."""
    tokens = rotated.start()
    rotated.call(tokens)
    rotated.now += 7 * HOUR
    slack.faults.append(SlackFault("down", method="oauth.v2.access", times=5))
    for _ in range(3):
        rotated.call(tokens)
    assert (slack.faults[0].times, slack.oauth.renewals) == (4, 1)


def test_token_that_could_not_be_kept_is_kept_later(rotated: Rotated, slack: SlackServer) -> None:
    """A full disk costs no token: the process goes on with the new one, says so, and tries to keep it again."""
    tokens = rotated.start()
    rotated.call(tokens)
    rotated.now += 7 * HOUR
    rotated.can_be_kept = False
    rotated.call(tokens)
    assert "could not be stored" in tokens.trouble[""]
    rotated.can_be_kept = True
    rotated.now += 120
    rotated.call(tokens)
    rotated.now += HOUR
    rotated.call(rotated.start())
    assert (tokens.trouble, slack.oauth.renewals, slack.refused) == ({}, 2, [])


def test_calls_at_once_renew_once(rotated: Rotated, slack: SlackServer) -> None:
    """Two renewals with one refresh token give two pairs, of which one is no good: slackapi/node-slack-sdk#2504."""
    tokens = rotated.start()

    async def call_at_once() -> set[str]:
        return set(await asyncio.gather(*(tokens.current() for _ in range(20))))

    assert (len(asyncio.run(call_at_once())), slack.oauth.renewals) == (1, 1)


def test_no_secret_stands_in_the_warehouse_its_backup_or_a_log(
    rotated: Rotated, slack: SlackServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What Slack gave is encrypted, under a key that is nowhere in the file."""
    caplog.set_level("DEBUG", "agentcost")
    tokens = rotated.start()
    rotated.call(tokens)
    with open_warehouse(rotated.path) as warehouse:
        back_up(warehouse, tmp_path / "backup.duckdb")
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    secrets = [*slack.oauth.tokens, *slack.oauth.refresh_tokens, KEY]
    assert [secret for secret in secrets if secret.encode() in written or secret in caplog.text + repr(rotated.first)] == []


def test_key_can_be_changed_and_a_lost_one_is_said(rotated: Rotated) -> None:
    """The new key stands before the old; without the old one nothing can be read, and nothing is renewed by guess."""
    rotated.call(rotated.start())
    new = Fernet.generate_key().decode()
    assert rotated.call(rotated.start(f"{new}, {KEY}"))["team"] == "T0TEAM"
    with pytest.raises(TokenError, match="written under another key"):
        asyncio.run(rotated.start(new).current())
    with pytest.raises(ConfigError, match="AGENTCOST_SECRET_KEY is not a key"):
        Sealer("hunter2")


def test_lives_are_slack_s() -> None:
    """The fake's tokens live as long as Slack's: twelve hours."""
    assert TOKEN_SECONDS == 12 * HOUR


@pytest.fixture
def variables(rotated: Rotated, slack: SlackServer, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of an app whose tokens expire, by the clock of the machine."""
    slack.oauth.clock = time.time
    slack.oauth.client_secret = "0123456789abcdef" * 2
    pair = slack.oauth.new_pair("T0TEAM")
    told = {
        "SLACK_BOT_TOKEN": pair["access_token"],
        "SLACK_SIGNING_SECRET": "0123456789abcdef" * 2,
        "SLACK_REFRESH_TOKEN": pair["refresh_token"],
        "SLACK_CLIENT_ID": slack.oauth.client_id,
        "SLACK_CLIENT_SECRET": slack.oauth.client_secret,
        "AGENTCOST_SECRET_KEY": KEY,
        "SLACK_API_URL": f"{slack.url}/api/",
        "AGENTCOST_WAREHOUSE": str(rotated.path),
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    slack.scopes = {scope.name for scope in scopes(build_described_app())}
    return told


def test_doctor_renews_where_no_service_does(
    variables: dict[str, str], slack: SlackServer, capfd: pytest.CaptureFixture[str]
) -> None:
    """The pair of the environment may be old: what it renewed is what the service goes on with."""
    assert (main(["doctor"]), slack.oauth.renewals) == (0, 1)
    printed = capfd.readouterr()
    assert [value for name, value in variables.items() if "TOKEN" in name and value in printed.out + printed.err] == []


@pytest.mark.parametrize("lacking", ["SLACK_REFRESH_TOKEN", "SLACK_CLIENT_SECRET", "AGENTCOST_SECRET_KEY"])
@pytest.mark.parametrize("command", [["doctor"], ["serve", "--port", "0"]])
def test_what_is_missing_for_renewal_is_named(
    variables: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    command: list[str],
    lacking: str,
) -> None:
    """A service that would end after twelve hours does not begin."""
    monkeypatch.delenv(lacking)
    assert main(command) in {1, 2}
    printed = capfd.readouterr()
    assert f"set also {lacking} (docs/slack.md" in printed.out + printed.err
    assert variables["SLACK_BOT_TOKEN"] not in printed.out + printed.err


def test_doctor_names_a_key_that_is_none(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A password is no key, and is not shown."""
    monkeypatch.setenv("AGENTCOST_SECRET_KEY", "hunter2")
    assert (main(["doctor"]) in {1, 2}, variables["SLACK_REFRESH_TOKEN"][:4]) == (True, "xoxe")
    printed = capfd.readouterr()
    assert ("AGENTCOST_SECRET_KEY is not a key" in printed.err, "hunter2" in printed.out + printed.err) == (True, False)


def test_doctor_says_that_the_key_is_another(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It is not Slack that refuses something, and no new token helps."""
    assert main(["doctor"]) == 0
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AGENTCOST_SECRET_KEY", Fernet.generate_key().decode())
    assert main(["doctor"]) == 2
    told = capfd.readouterr().err
    assert ("were written under another key" in told, "Slack refuses" in told) == (True, False)


def test_replicas_renew_a_token_once(rotated: Rotated, slack: SlackServer) -> None:
    """A refresh token is good once: whichever replica is next takes the token that another has renewed."""
    replicas = [rotated.start() for _ in range(3)]
    for _ in range(48):
        for tokens in replicas:
            assert rotated.call(tokens)["team"] == "T0TEAM"
        rotated.now += HOUR
    assert (7 <= slack.oauth.renewals <= 9, [tokens.trouble for tokens in replicas], slack.refused) == (True, [{}, {}, {}], [])
