"""The sections `alerts` and `teams` of app.yaml: their values, and all problems at once."""

from datetime import time
from decimal import Decimal
from pathlib import Path

import pytest

from core.config.alerts import AlertSettings
from core.config.loader import Config, load_config
from core.config.teams import Address, Hour, Team, watching
from core.errors import ConfigError
from core.scope import Scope


def loaded(tmp_path: Path, text: str) -> Config:
    """Return the configuration loaded from a text."""
    path = tmp_path / "app.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def test_levels_are_sorted_and_the_rest_keeps_its_default(tmp_path: Path) -> None:
    """Levels may be in any order; missing settings have their defaults, and numbers are exact."""
    config = loaded(tmp_path, "alerts: {levels: [90, 60], min_usd: 12.5, unused_days: [7, 60]}")
    assert config.alerts == AlertSettings(levels=(60, 90), min_usd=Decimal("12.5"), unused_days=(60, 7))


def test_a_team_is_read_whole(tmp_path: Path) -> None:
    """Every setting of a team is read."""
    text = """
teams:
  Service:
    channels: [C0123ABCDEF, U012AB3CD]
    spreadsheets: [1AbCdEfGhIjKlMnOpQrStUvWxYz]
    org: EMEA
    departments: [Service, Field Service]
    agents: [Service_Concierge]
    card: Data Services Credits
    levels: [80, 60]
    weekly_digest: Tue 08:30
    monthly_digest: 28 17:00
    owner: Kim
"""
    team = Team(
        "Service",
        ("C0123ABCDEF", "U012AB3CD"),
        ("1AbCdEfGhIjKlMnOpQrStUvWxYz",),
        Scope(("EMEA",), ("Service", "Field Service"), ("Service_Concierge",), "DataServicesCredits"),
        (60, 80),
        Hour(1, time(8, 30)),
        Hour(28, time(17)),
        "Kim",
    )
    assert loaded(tmp_path, text).teams == (team,)
    assert team.addresses == (
        Address("channel", "C0123ABCDEF"),
        Address("channel", "U012AB3CD"),
        Address("spreadsheet", "1AbCdEfGhIjKlMnOpQrStUvWxYz"),
    )


def test_without_teams_one_watches_everything() -> None:
    """Alerts are evaluated and listed on the command line even if nobody is notified."""
    assert watching(()) == (Team("everyone"),)


def test_the_whole_is_watched_though_every_team_watches_a_part() -> None:
    """A wallet that runs out is noticed even if each team watches only its own department."""
    part, whole = Team("Service", watches=Scope(departments=("Service",))), Team("FinOps")
    assert watching((part,)) == (part, Team("everyone"))
    assert watching((part, whole)) == (part, whole)


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    """Each problem is reported with its path, its value and what belongs there."""
    text = """
alerts: {levels: [50, ninety], stale_days: 0, pase_percent: 3}
teams:
  Service: {channels: ["#service"], weekly_digest: Monday 8, levels: [0], departments: Service}
"""
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    assert set(caught.value.problems) == {
        'app.yaml: alerts.levels[1] is "ninety": a level is a whole number from 1 to 200.',
        (
            "app.yaml: alerts.stale_days is 0: how many days without newer data raise an alert: "
            "a whole number from 1 to 365 (default 4)."
        ),
        "app.yaml: there is no setting alerts.pase_percent; did you mean alerts.pace_percent?",
        (
            'app.yaml: teams.Service.channels[0] is "#service": a conversation\'s id, such as C0123ABCDEF (in Slack, open its '
            "details and copy the id; names change), or a member's, such as U012AB3CD, for a direct message."
        ),
        (
            'app.yaml: teams.Service.weekly_digest is "Monday 8": when the weekly digest comes, in the team\'s time zone: '
            "a weekday and an hour, such as Mon 08:00."
        ),
        "app.yaml: teams.Service.levels[0] is 0: a level is a whole number from 1 to 200.",
        (
            'app.yaml: teams.Service.departments is "Service": a list of departments that the team watches, as the tags spell '
            "them (default: all)."
        ),
    }
