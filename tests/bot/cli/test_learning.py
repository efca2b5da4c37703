"""`import --learn`: a proposal, a yes, and app.yaml with the new profile and everything else unchanged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.cli.commands import import_exports
from bot.cli.main import main
from core.config.editing import add_profile, profile_lines
from core.config.loader import load_config
from core.config.wallet import GenericProfile
from core.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

GERMAN = "Usage Date;Agent Name;Credits\n20.11.2026;Returns Bot;1.240\n21.11.2026;Returns Bot;860\n"
UNKNOWN = "Wann;Wer;Punkte\n20.11.2026;Returns Bot;40\n21.11.2026;Sales Coach;20\n22.11.2026;Sales Coach;7\n"
COMMENTED = """# ours
time_zone: Europe/Berlin   # the office

wallet:
  # how exports are read
  decimal: "."   # most of them
teams: {}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two exports from other systems."""
    monkeypatch.setenv("AGENTCOST_WAREHOUSE", str(tmp_path / "w.duckdb"))
    monkeypatch.delenv("AGENTCOST_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "german.csv").write_text(GERMAN, encoding="utf-8")
    (tmp_path / "unknown.csv").write_text(UNKNOWN, encoding="utf-8")
    return tmp_path


def stands_in(lines: list[str], among: list[str]) -> bool:
    """Return whether all lines occur in another text, in their order."""
    rest = iter(among)
    return all(line in rest for line in lines)


def used_by_agent(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Return the credits of each agent."""
    capsys.readouterr()
    assert main(["--json", "usage", "by", "agent"]) == 0
    table = json.loads(capsys.readouterr().out)["tables"][0]
    place = [column["key"] for column in table["columns"]].index("credits")
    return {row[0]: row[place] for row in table["rows"]}


def test_without_a_yes_nothing_is_imported(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The proposal is printed with what to type next; neither a warehouse nor app.yaml is created."""
    assert main(["import", "--learn", "german.csv"]) == 0
    captured = capsys.readouterr()
    assert "1.240 → 1,240" in captured.out
    assert "--yes" in captured.err
    assert not (home / "w.duckdb").exists()
    assert not (home / "app.yaml").exists()


def test_with_a_yes_it_is_imported_and_kept(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The next file of its kind needs no yes."""
    assert main(["import", "--learn", "german.csv", "--yes"]) == 0
    assert used_by_agent(capsys) == {"Returns Bot": "2100"}
    (home / "next.csv").write_text(GERMAN.replace("2026", "2025"), encoding="utf-8")
    assert main(["import", "next.csv"]) == 0
    assert used_by_agent(capsys) == {"Returns Bot": "4200"}


def test_whoever_types_yes_imports(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal asks."""
    monkeypatch.setattr(import_exports, "says_yes", lambda: True)
    assert main(["import", "--learn", "unknown.csv"]) == 0
    assert used_by_agent(capsys) == {"Returns Bot": "40", "Sales Coach": "27"}
    assert (home / "app.yaml").exists()


@pytest.mark.parametrize("name", ["german.csv", "unknown.csv"])
def test_a_plain_import_asks_too(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """In a terminal, an unknown or ambiguous file is proposed, and one yes imports it."""
    monkeypatch.setattr(import_exports, "can_ask", lambda: True)
    monkeypatch.setattr(import_exports, "says_yes", lambda: True)
    assert main(["import", name]) == 0
    assert used_by_agent(capsys)["Returns Bot"] == {"german.csv": "2100", "unknown.csv": "40"}[name]
    assert (home / "app.yaml").exists()


@pytest.mark.parametrize("name", ["german.csv", "unknown.csv"])
@pytest.mark.usefixtures("home")
def test_a_script_says_yes_beforehand(capsys: pytest.CaptureFixture[str], name: str) -> None:
    """--yes imports as proposed without asking."""
    assert main(["import", name, "--yes"]) == 0
    assert used_by_agent(capsys)["Returns Bot"] == {"german.csv": "2100", "unknown.csv": "40"}[name]


def test_where_nobody_can_be_asked_the_command_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An ambiguous file of known columns is refused, and the refusal names the command that shows a reading."""
    assert main(["import", "german.csv"]) == 2
    said = capsys.readouterr().err
    assert "wallet.decimal" in said
    assert "agentcost import --learn german.csv" in said
    assert not (home / "app.yaml").exists()


def test_what_nobody_can_tell_stays_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--yes does not import monthly sums: the refusal is that of the proposal."""
    (home / "months.csv").write_text("Month,Agent,Credits\nOct 2026,Bot,900\nNov 2026,Bot,700\n", encoding="utf-8")
    assert main(["import", "months.csv", "--yes"]) == 2
    assert "months, weeks or years" in capsys.readouterr().err


def test_comments_and_settings_stay(home: Path) -> None:
    """All former lines are still there in their order; only the profile was added."""
    (home / "app.yaml").write_text(COMMENTED, encoding="utf-8")
    assert main(["import", "--learn", "unknown.csv", "--yes", "--name", "ours"]) == 0
    assert stands_in(COMMENTED.splitlines(), (home / "app.yaml").read_text(encoding="utf-8").splitlines())
    config = load_config(home / "app.yaml")
    assert [profile.name for profile in config.wallet.profiles] == ["ours"]
    assert config.wallet.decimal == "."


def test_where_app_yaml_cannot_take_it_the_lines_are_printed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A section on one line is for people to edit; the file is imported all the same, and the lines can be pasted."""
    (home / "app.yaml").write_text("wallet: {date_order: day_first}\n", encoding="utf-8")
    assert main(["import", "--learn", "german.csv", "--yes"]) == 0
    said = capsys.readouterr().err
    assert used_by_agent(capsys) == {"Returns Bot": "2100"}
    pasted = said[said.index("wallet:\n") :]
    (home / "app.yaml").write_text(pasted, encoding="utf-8")
    assert [profile.name for profile in load_config(home / "app.yaml").wallet.profiles] == ["german"]
    assert main(["import", "german.csv"]) == 0


@pytest.mark.usefixtures("home")
def test_the_refusal_names_commands_that_work(capsys: pytest.CaptureFixture[str]) -> None:
    """Both commands of the refusal work once their columns are filled in."""
    assert main(["import", "unknown.csv"]) == 2
    said = capsys.readouterr().err
    assert "agentcost import --learn unknown.csv." in said
    assert "agentcost import --learn unknown.csv --map date=… --map credits=…" in said
    assert main(["import", "--learn", "unknown.csv"]) == 0
    command = ["import", "--learn", "unknown.csv", "--map", "date=Wann", "--map", "credits=Punkte", "--yes"]
    assert main(command) == 0
    assert used_by_agent(capsys) == {"Returns Bot": "40", "Sales Coach": "27"}


@pytest.mark.parametrize(
    "words",
    [
        ["--learn"],
        ["--learn", "german.csv", "unknown.csv"],
        ["--learn", "german.csv", "--explain"],
        ["german.csv", "unknown.csv", "--yes"],
        ["german.csv", "--map", "agent=Agent Name"],
    ],
)
def test_options_that_do_not_go_together(home: Path, words: list[str]) -> None:
    """The command is refused and does nothing."""
    assert main(["import", *words]) == 2
    assert not (home / "w.duckdb").exists()


@pytest.mark.parametrize("word", ["agent", "=Bot", "agent="])
@pytest.mark.usefixtures("home")
def test_a_map_that_maps_nothing(word: str) -> None:
    """The refusal has the form that works."""
    with pytest.raises(SystemExit):
        main(["import", "--learn", "german.csv", "--map", word])


PROFILE = GenericProfile("acme", "events", {"date": "When: day", "credits": "#", "agent": "yes", "use case": '"quoted"'})


@pytest.mark.parametrize(
    "before",
    [
        "",
        "time_zone: UTC\n",
        "# wallet:\n#   profiles: {}\n",
        "wallet:\n    decimal: ','\n",
        "wallet:\n  profiles:\n    other:\n      like: events\n      columns: {credits: Units, date: Day}\n  decimal: ','\n",
        "wallet: # read\n  profiles: # kept\n\n      # more\n      other:\n        like: daily\n        columns: {credits: U}\n",
        "teams:\n  profiles:\n    channels: [C0123456789]\nwallet:\n  decimal: ','\n",
    ],
)
def test_a_profile_has_its_place_in_any_file(tmp_path: Path, before: str) -> None:
    """Everything before is kept, and the profile is added, with its headers unchanged."""
    path = tmp_path / "app.yaml"
    path.write_text(before, encoding="utf-8")
    was = load_config(path)
    add_profile(path, PROFILE)
    now = load_config(path)
    assert now.wallet.profiles == (PROFILE, *was.wallet.profiles)
    assert now._replace(wallet=now.wallet._replace(profiles=())) == was._replace(wallet=was.wallet._replace(profiles=()))
    assert stands_in(before.splitlines(), path.read_text(encoding="utf-8").splitlines())


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    """The file stays as it is."""
    path = tmp_path / "app.yaml"
    path.write_text(profile_lines(PROFILE), encoding="utf-8")
    with pytest.raises(InputError, match="has a profile acme already"):
        add_profile(path, PROFILE._replace(like="daily"))
    assert path.read_text(encoding="utf-8") == profile_lines(PROFILE)
