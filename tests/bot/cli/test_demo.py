"""`agentcost demo`: what somebody sees who tries the program first."""

import io
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

from bot import wiring
from bot.cli.commands.demo import next_steps
from bot.cli.console import Console, calling
from bot.cli.main import main
from core.alerts.rules.registry import RULES
from core.config import load_config
from core.context import Context
from core.language import COMMANDS
from core.questions import ask
from core.warehouse import queries

A_SCREEN = 40
# A digest is told in a place, which a demonstration without accounts has not; of production alone nothing was forecast.
HAVE_NOTHING = ("digests", "digests team Service", "scorecard production")


class Shown(NamedTuple):
    """A demonstration: its folder, its status, and its output."""

    folder: Path
    status: int
    lines: list[str]

    @property
    def company(self) -> Context:
        """Return the context of questions about the sample company."""
        config = load_config(self.folder / "app.yaml")
        shared = wiring.get_shared_warehouse(self.folder / "agentcost.duckdb")
        return Context(wiring.today(config), config, shared.open, has_warehouse=True)


def show(folder: Path) -> Shown:
    """Run the command."""
    out = io.StringIO()
    with calling(Console(out, out, lambda: False)):
        status = main(["demo", str(folder)])
    return Shown(folder, status, out.getvalue().splitlines())


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """A demonstration shown twice in one folder."""
    folder = tmp_path_factory.mktemp("shown") / "demo"
    folder.mkdir()
    (folder / "app.yaml").write_text("# The invented company of the demonstration.\n", encoding="utf-8")
    (folder / "agentcost.duckdb.exports").mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    return show(folder)


def test_it_fits_a_screen_and_names_what_it_made(shown: Shown) -> None:
    """At most 40 lines of 80 columns, not counting paths: the data, five answers, where files are, three things to try."""
    assert shown.status == 0
    assert len(shown.lines) <= A_SCREEN
    assert [line for line in shown.lines if len(line) > 80 and str(shown.folder) not in line] == []
    assert len([line for line in shown.lines if line.startswith("$ agentcost ")]) == 5
    assert len([line for line in shown.lines if line.startswith("  agentcost ")]) == 3
    assert openpyxl.load_workbook(shown.folder / "compare.xlsx", data_only=True).sheetnames


@pytest.mark.parametrize(("is_found", "program"), [("agentcost", "agentcost"), ("other", "clone/.venv/bin/agentcost")])
def test_what_to_try_can_be_typed_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_found: str, program: str) -> None:
    """In a clone, whose programs are not on the PATH, each command has its path."""
    (tmp_path / is_found).write_text("", encoding="utf-8")
    (tmp_path / is_found).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["clone/.venv/bin/agentcost", "demo"])
    lines = [line.strip() for line in next_steps(Path("demo")).splitlines() if line.startswith("  ")]
    assert [line.partition(" ")[0] for line in lines[1:]] == [program] * 3


def test_what_was_there_before_is_begun_anew_and_other_files_stay(shown: Shown) -> None:
    """A second demonstration replaces its own warehouse and nothing else."""
    assert (shown.folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    with wiring.get_shared_warehouse(shown.folder / "agentcost.duckdb").open() as warehouse:
        assert warehouse.row(queries.EvaluationRow).is_due is False


def test_every_alert_rule_has_fired(shown: Shown) -> None:
    """Each kind of alert can be seen once, open or closed."""
    with shown.company.open_warehouse() as warehouse, warehouse.reading() as session:
        fired = {row.rule for row in session.rows(queries.AlertsByTeamRow, team=None, card=None)}
    assert fired == set(RULES)


@pytest.mark.parametrize("question", [example for command in COMMANDS.values() for example in command.examples])
def test_every_example_of_help_has_an_answer(shown: Shown, question: str) -> None:
    """No example in `help` gets an answer without data."""
    answer = ask(question, shown.company)
    assert answer.headline
    assert answer.headline.startswith("No ") == (question in HAVE_NOTHING)


def test_a_folder_of_somebody_else_is_left_as_it_is(tmp_path: Path) -> None:
    """Files of somebody else are refused, with what to do instead."""
    (tmp_path / "app.yaml").write_text("time_zone: UTC\n", encoding="utf-8")
    shown = show(tmp_path)
    assert shown.status == 2
    assert "agentcost demo FOLDER" in shown.lines[0]
    assert [path.name for path in tmp_path.iterdir()] == ["app.yaml"]
