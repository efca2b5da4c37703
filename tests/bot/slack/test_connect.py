"""`/agentcost connect`: a channel gets its alerts and digest by a form."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import pytest

from bot.slack.connection.app import asgi, create_app
from core.config.editing import ChannelPlan, connect_channel, lines_for
from core.config.loader import load_config
from core.config.slack import Allowed, SlackRules
from core.config.teams import Hour
from core.errors import InputError
from tests.fakes.slack.workspace import Workspace, served

if TYPE_CHECKING:
    from pathlib import Path

    from bot.slack.settings import SlackSettings
    from tests.fakes.asking import Ask
    from tests.fakes.slack.server import SlackServer

PLAN = ChannelPlan("Service", "C0123456", "Mon 08:00")
LINES = 'teams:\n  "Service":\n    channels: [C0123456]\n    weekly_digest: Mon 08:00'


def test_lines_are_what_a_person_would_write() -> None:
    """A team with its channel and digest; the right to read figures, where it is asked for."""
    assert lines_for(PLAN) == LINES
    assert lines_for(PLAN._replace(is_for_readers=True)) == f"{LINES}\nslack:\n  wallet:\n    channels: [C0123456]"


@pytest.mark.parametrize(
    "before",
    [
        None,
        "",
        "# nothing but a remark\n",
        "time_zone: Europe/Berlin  # ours\n",
        "teams:\n    Sales:   # they read here\n        channels: [C0SALES1]\n\ntime_zone: UTC\n",
        "teams:  # who is told\n  Sales: {channels: [C0SALES1]}\n",
        "teams:\n# teams: commented out\n  Sales:\n    channels: [C0SALES1]\n",
    ],
)
@pytest.mark.parametrize("plan", [PLAN, PLAN._replace(team='Übersee "EMEA": #1', weekly="", is_for_readers=True)])
def test_lines_are_put_into_the_file_and_all_else_stays(tmp_path: Path, before: str | None, plan: ChannelPlan) -> None:
    """The file is sound afterwards, every line that a person wrote is still there, and the team reads in its channel."""
    path = tmp_path / "app.yaml"
    if before is not None:
        path.write_text(before, encoding="utf-8")
    connect_channel(path, plan)
    config = load_config(path)
    [team] = [team for team in config.teams if team.name == plan.team]
    assert (team.channels, team.weekly and (team.weekly.day, team.weekly.at.hour)) == (
        ("C0123456",),
        (0, 8) if plan.weekly else None,
    )
    assert config.slack.wallet.channels == (("C0123456",) if plan.is_for_readers else ())
    assert [line for line in (before or "").splitlines() if line not in path.read_text(encoding="utf-8").splitlines()] == []
    assert team.weekly == (Hour(0, time(8)) if plan.weekly else None)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("teams:\n  Service: {channels: [C0SALES1]}\n", 'a team "Service" already'),
        ("teams: {Sales: {channels: [C0SALES1]}}\n", "only a person can add to"),
        ("slack:\n  contact: Dana\n", "only a person can add to"),
        ("teams: [\n", "has errors"),
        ("nonsense: 1\n", "nonsense"),
    ],
)
def test_file_that_has_no_place_for_them_is_left_as_it_is(tmp_path: Path, before: str, said: str) -> None:
    """Nothing that a person wrote is rewritten on a guess."""
    path = tmp_path / "app.yaml"
    path.write_text(before, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        connect_channel(path, PLAN._replace(is_for_readers=True))
    assert path.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("may", [True, False])
def test_form_writes_where_that_is_allowed_and_tells_the_lines_else(
    slack: SlackServer, settings: SlackSettings, ask: Ask, *, may: bool
) -> None:
    """Whoever stands under `slack.connect` changes the file; anybody else gets the lines to hand on."""
    written: list[ChannelPlan] = []
    rules = SlackRules(connect=Allowed(users=("U0ASKER",) if may else (), is_open=False))
    with served(asgi(create_app(ask, settings, lambda: rules, connect=written.append))) as url:
        workspace = Workspace(slack, url, settings.signing_secret or "")
        workspace.slash(" Connect ")
        workspace.submit(slack.wait_for_view(), team="Service", day="Tue", hour="09:00", readers="here")
        told = slack.wait_for(1)[0].text
    plan = ChannelPlan("Service", "C0TEAM", "Tue 09:00", is_for_readers=True)
    assert (written, lines_for(plan) in told, "Paste these lines" in told) == ([plan] if may else [], True, not may)


def test_team_needs_a_name(workspace: Workspace, slack: SlackServer) -> None:
    """The form says so at the field."""
    workspace.slash("connect")
    assert "Give the team a name" in workspace.submit(slack.wait_for_view(), team=" ").body


def test_direct_message_cannot_be_connected(workspace: Workspace, slack: SlackServer) -> None:
    """The form is about the channel where it is asked for."""
    workspace.slash("connect", channel="D0ASKER")
    assert slack.wait_for(1)[0].text.startswith("Type it in the channel")
