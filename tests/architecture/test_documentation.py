"""The documents say what the program does: sessions are run, tables are made from the code, links lead somewhere."""

import re
import shlex
from pathlib import Path

import pytest
from freezegun import freeze_time

from bot.cli.main import main
from bot.cli.subcommands import OPERATIONS
from core.reference import made_files
from tests.documents.contents import ROOT, headings, sessions, text_of

ROOMS = ("core", "bot", "sheets_addin", "sql", "tests", "docs")
DOCUMENTS = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(path for room in ROOMS for path in ROOT.glob(f"{room}/**/*.md"))]
    if "node_modules" not in path.parts
)
SHOWN = sessions(text_of(ROOT / "README.md"))


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
@freeze_time("2026-11-21")
def test_the_readme_s_session_is_real(command: str, output: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command of the README prints exactly what the README shows."""
    main(shlex.split(command)[1:])
    printed = capsys.readouterr()
    assert (printed.out + printed.err).strip("\n") == output


def test_the_readme_shows_a_session() -> None:
    """There is something for the test above to hold."""
    assert len(SHOWN) >= 3


def test_the_two_commands_stand_in_the_readme_s_first_screen() -> None:
    """Whoever opens the README sees `make demo` and `make test` at once."""
    first_screen = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:10]
    assert [any(line.startswith(f"$ make {target}") for line in first_screen) for target in ("demo", "test")] == [True, True]


@pytest.mark.parametrize("path", made_files(), ids=lambda path: path.name)
def test_what_is_made_from_the_tables_is_new(path: Path) -> None:
    """The reference, the table of rules, app.yaml's schema and its starter file are what `make docs` writes."""
    assert path.read_text(encoding="utf-8") == made_files()[path]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    """Every relative link in the documents is a file, and what it names there is a heading."""
    links = re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", text_of(path))
    targets = [(path.parent / link if link else path, heading) for link, heading in links]
    assert [str(target) for target, _ in targets if not target.exists()] == []
    assert [heading for target, heading in targets if heading and heading not in headings(text_of(target))] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_document_holds_the_marks_of_a_merge(path: Path) -> None:
    """Two versions of one passage, left side by side: a program would not run with them, a document says nothing."""
    assert re.findall(r"(?m)^(?:<{7}|>{7}|={7}$).*", text_of(path)) == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_is_documented(operation: str) -> None:
    """Each operation of the command line stands in the README or the docs."""
    text = "".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert f"agentcost {operation}" in text


def test_make_targets_in_the_documents_exist() -> None:
    """A target that a document names is one of the Makefile's."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {name for path in DOCUMENTS for name in re.findall(r"(?:`|\$ )make ([a-z]+)", path.read_text(encoding="utf-8"))}
    assert named <= targets


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements/*.lock")), ids=lambda path: path.name)
def test_locks_hold_hashes_and_no_address(path: Path) -> None:
    """Every locked package has hashes, and no lock names a place to fetch from."""
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert all("--hash=sha256:" in entry for entry in re.split(r"^(?=\S)", text, flags=re.MULTILINE) if "==" in entry)
