"""The slack section of app.yaml: who may do what."""

from pathlib import Path

import pytest

from core.config.loader import load_config
from core.config.slack import Allowed, SlackRules
from core.errors import ConfigError

SECTION = """\
slack:
  contact: Dana Roe
  wallet: {users: [U012AB3CD], user_groups: [S012AB3CD], channels: [C012AB3CD], guests: true, other_workspaces: true}
  import: {users: [U012AB3CD], channels: [C0FILES], max_bytes: 5}
  acknowledge: {channels: [C012AB3CD]}
"""


def rules(tmp_path: Path, text: str) -> SlackRules:
    """Return the rules of a configuration."""
    path = tmp_path / "app.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path).slack


def test_everything_written_is_read(tmp_path: Path) -> None:
    """Each setting is read into its own field."""
    assert rules(tmp_path, SECTION) == SlackRules(
        "Dana Roe",
        Allowed(("U012AB3CD",), ("S012AB3CD",), ("C012AB3CD",), guests=True, other_workspaces=True),
        Allowed(("U012AB3CD",), channels=("C0FILES",), is_open=False),
        Allowed(channels=("C012AB3CD",)),
        5,
    )


@pytest.mark.parametrize(("right", "is_open"), [("wallet", True), ("import", False), ("acknowledge", True)])
def test_where_nobody_is_named(right: str, is_open: bool) -> None:  # noqa: FBT001 - the expected value
    """Every member may see figures and acknowledge; nobody may import until somebody is named."""
    assert SlackRules().of(right).is_for_members == is_open  # type: ignore[arg-type]  # one of the three


def test_every_named_channel_is_known_once(tmp_path: Path) -> None:
    """Every channel that a check must examine is listed once."""
    assert rules(tmp_path, SECTION).channels == ("C012AB3CD", "C0FILES")


def test_a_name_is_no_id(tmp_path: Path) -> None:
    """Names can be reassigned, ids cannot; the problem says where Slack shows an id."""
    with pytest.raises(ConfigError, match=r"slack\.wallet\.channels\[0\] is \"#finance\": a channel's id such as C012AB3CD"):
        rules(tmp_path, "slack: {wallet: {channels: ['#finance']}}")
