"""A page of docs/ is about one task: it begins with a command and what that prints, is short, and says it in short sentences."""

import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.main import parse_arguments
from core.language import parse
from tests.documents.contents import PAGES, blocks, commands, sentences, sessions, text_of, word_count
from tests.documents.demonstration import inside, output_of

MAX_LINES, MAX_WORDS = 120, 20
# Sentences of these pages are still longer, none beyond so many words.
LONGER = {"slack.md": 55, "slack-admin.md": 45}
SHOWN = [(path, command, output) for path in PAGES for command, output in sessions(text_of(path))]
NAMED = [(path, command) for path in PAGES for command in commands(text_of(path))]


@pytest.fixture(scope="module")
def folder(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the commands of the pages need of the invented company."""
    copy = tmp_path_factory.mktemp("pages")
    for name in ("app.yaml", "agentcost.duckdb", "users.csv", "usage.csv", "bots.csv"):
        shutil.copyfile(demonstration / name, copy / name)
    return copy


@pytest.fixture
def company(folder: Path) -> Iterator[None]:
    """Being there, on its day."""
    with inside(folder):
        yield


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_page_begins_with_a_command_and_its_output(path: Path) -> None:
    """Before anything else stands something to type, and what comes of it."""
    _, _, rest = text_of(path).partition("\n")
    assert rest.lstrip().startswith("```console\n$ agentcost ")
    language, block = blocks(text_of(path))[0]
    assert language == "console"
    assert len(block.splitlines()) > 1


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(("path", "command", "output"), SHOWN, ids=[f"{path.name}: {command}" for path, command, _ in SHOWN])
def test_session_is_real(path: Path, command: str, output: str) -> None:
    """What a page shows under a command is what the program prints, asked of the demonstration."""
    assert output_of(command) == output, f"{path.name} is old: python -m tests.tools.renew_sessions"


@pytest.mark.parametrize("command", [command for _, command in NAMED], ids=[f"{path.name}: {command}" for path, command in NAMED])
def test_command_is_understood(command: str) -> None:
    """Every command that a page names is one: its options are known, its question has one reading."""
    options = parse_arguments(shlex.split(command)[1:])
    assert options.operation or parse(options.said)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_page_is_short(path: Path) -> None:
    """A page is read in one go."""
    assert len(text_of(path).splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_sentences_are_short(path: Path) -> None:
    """No sentence has more than twenty words."""
    most = LONGER.get(path.name, MAX_WORDS)
    assert [said for said in sentences(text_of(path)) if word_count(said) > most] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One two. Three `a b c`, four!", ["One two.", "Three code, four!"]),
        ("* a\n* b c\n\n| d | e. f |\n", ["a", "b c", "d", "e.", "f"]),
        ("# Head\n\nLong\nline [link text](x.md).\n\n```sh\nagentcost wallet\n```\n", ["Long line link text."]),
    ],
)
def test_sentences_are_told_apart(text: str, expected: list[str]) -> None:
    """Paragraphs, items and cells end a sentence as a full stop does; headings and blocks are none."""
    assert [said.removeprefix("* ") for said in sentences(text)] == expected
