"""Completion and the interactive `ask`: what may come next, and one question after another."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.shell_completion import SCRIPTS, complete
from bot.cli.subcommands import OPERATIONS
from core.language.commands import COMMANDS
from tests.bot.cli.test_command_line import agentcost

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("words", "among"),
    [
        (["bre"], "breakeven"),
        (["imp"], "import"),
        (["plan", ""], "purchase"),
        (["usage", "by", "de"], "department"),
        (["usage", "by", "agent", "l"], "last 30 days"),
        (["compare", "10000", "inter"], "interactions"),
        (["explain", "pay"], "payg"),
        (["--json", "comp"], "compare"),
    ],
)
def test_what_may_come_next_is_offered(words: list[str], among: str) -> None:
    """Commands and operations first, then what the command takes, and the values of tables."""
    assert among in complete(words, tuple(OPERATIONS))


def test_nothing_is_offered_where_anything_may_stand() -> None:
    """A beginning that fits no command gets no completion."""
    assert complete(["how", "much", ""], ()) == []


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_what_is_offered_after_a_command_belongs_to_it(command: str) -> None:
    """The grammar accepts every completion of a command's first phrase there, or its beginning."""
    offered = complete([*command.split(), ""], ())
    assert bool(offered) == bool(COMMANDS[command].takes)


@pytest.mark.parametrize("shell", sorted(SCRIPTS))
def test_a_script_is_sound(shell: str) -> None:
    """The shell itself parses the script without an error, where it is installed."""
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run([program, "-n"], input=SCRIPTS[shell], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_bash_completes_with_the_program(tmp_path: Path) -> None:
    """In bash, `usage by de` and Tab become `usage by department`."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    program = tmp_path / "agentcost"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\nimport bot.cli.main\nsys.exit(bot.cli.main.main())\n"
    )
    program.chmod(0o755)
    words = "COMP_WORDS=(agentcost usage by de)\nCOMP_CWORD=3\n_agentcost"
    script = f'PATH="{tmp_path}:$PATH"\n{SCRIPTS["bash"]}\n{words}\nprintf "%s\\n" "${{COMPREPLY[@]}}"\n'
    done = subprocess.run([bash, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["department"]


def test_questions_are_answered_one_after_the_other() -> None:
    """Each line is a question; a wrong one does not end the session, an empty line does."""
    program = "import bot.cli.main, sys; sys.exit(bot.cli.main.main())"
    lines = "breakeven 200 users\nflux\nprice 2 packs\n\nbreakeven 3 users\n"
    done = subprocess.run(
        [sys.executable, "-c", program, "ask"], input=lines, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0
    assert [one in done.stdout for one in ("200 seats", "200,000 credits", "3 seats")] == [True, True, False]
    assert "flux" in done.stderr


def test_one_question_may_follow_at_once() -> None:
    """`agentcost ask QUESTION` answers it and ends, as without `ask`."""
    assert agentcost("ask", "breakeven", "200", "users").stdout == agentcost("breakeven", "200", "users").stdout


@pytest.mark.parametrize("text", ["hi", "Danke!", "thanks that's great"])
def test_small_talk_gets_one_line(text: str) -> None:
    """A greeting gets a hint how to ask, and no list."""
    shown = agentcost("--json", text).stdout
    told = json.loads(shown)
    assert ("in your own words" in told["headline"], told["tables"], told["figures"]) == (True, [], [])
    assert len(agentcost(text).stdout.strip().splitlines()) <= 4
