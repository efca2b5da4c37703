"""The project's files, checked as written: types, lint, scopes, and no computed price in JavaScript."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.fakes.apps_script import FOLDER, NEEDS_NODE

PROJECT = Path(__file__).parents[3] / "sheets_addin" / "apps_script"
PAGES = sorted(PROJECT.glob("*.html"))
SCRIPTS = sorted(PROJECT.glob("*.js"))
FORMULAS = re.findall(r"^function ([A-Z_]+)\(", (PROJECT / "functions.js").read_text(encoding="utf-8"), re.MULTILINE)


def node(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the Node packages; a failure fails the test with its output."""
    return subprocess.run(command, cwd=FOLDER, text=True, capture_output=True, check=False)


def said(run: subprocess.CompletedProcess[str]) -> str:
    """Return a program's complaints; empty if there are none."""
    return run.stdout + run.stderr if run.returncode else ""


@pytest.mark.outside
@NEEDS_NODE[1]
@pytest.mark.parametrize("config", ["tsconfig.json", "tsconfig.pages.json"])
def test_types_are_right(config: str) -> None:
    """The strict checker finds nothing, in the project's files and in the scripts of its pages."""
    node("node", "assemble.mjs")
    assert said(node("node_modules/.bin/tsc", "--project", config)) == ""


@pytest.mark.outside
@NEEDS_NODE[1]
def test_the_checker_finds_a_wrong_type(tmp_path: Path) -> None:
    """Proof that the test above can fail: a number instead of a text is found."""
    shutil.copy(PROJECT / "cells.js", tmp_path / "cells.js")
    with (tmp_path / "cells.js").open("a", encoding="utf-8") as file:
        file.write("\nwithUnit_(1, 'users');\n")
    config = {"extends": str(FOLDER / "tsconfig.json"), "include": [str(tmp_path / "*.js"), str(FOLDER / "types.d.ts")]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(config), encoding="utf-8")
    assert "is not assignable to parameter of type 'string'" in said(node("node_modules/.bin/tsc", "--project", str(tmp_path)))


@pytest.mark.outside
@NEEDS_NODE[1]
def test_biome_finds_nothing() -> None:
    """Format, lint and the accessibility of the pages."""
    node("node", "assemble.mjs")
    options = ("--config-path=tests/apps_script/lint.json", "--error-on-warnings", "--max-diagnostics=20")
    folders = ("sheets_addin/apps_script", "tests/apps_script")
    program = str(FOLDER / "node_modules" / ".bin" / "biome")
    run = subprocess.run(
        [program, "check", *options, *folders], cwd=FOLDER.parents[1], text=True, capture_output=True, check=False
    )
    assert said(run) == ""


def test_only_this_spreadsheet_and_this_service_are_opened() -> None:
    """The scopes are minimal: this spreadsheet, its sidebars, outside requests."""
    manifest = json.loads((PROJECT / "appsscript.json").read_text(encoding="utf-8"))
    assert [scope.rpartition("/")[2] for scope in manifest["oauthScopes"]] == [
        "spreadsheets.currentonly",
        "script.container.ui",
        "script.external_request",
    ]
    assert "@OnlyCurrentDoc" in (PROJECT / "functions.js").read_text(encoding="utf-8")


def test_the_files_are_of_the_program_s_version() -> None:
    """A spreadsheet shows the program's version."""
    text = (PROJECT / "deployment.js").read_text(encoding="utf-8")
    assert f'const VERSION = "{version("agentcost")}";' in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_load_nothing_from_elsewhere(page: Path) -> None:
    """No script, style, font or picture comes from another site."""
    assert re.findall(r"(?:src|href)\s*=|@import|url\(", page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", [*SCRIPTS, *PAGES], ids=lambda file: file.name)
def test_text_never_becomes_markup(file: Path) -> None:
    """An agent's name cannot become a script in a sidebar."""
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas_say_what_they_take_and_give(formula: str) -> None:
    """Every formula is described to Sheets, with each argument and its result."""
    text = (PROJECT / "functions.js").read_text(encoding="utf-8")
    comment, _, arguments = text.partition(f"function {formula}(")
    comment = comment.rpartition("/**")[2]
    named = re.findall(r"\w+", arguments.partition(")")[0])
    assert "@customfunction" in comment
    assert re.findall(r"@param \{[^}]+\} (\w+)", comment) == named
    assert "@return" in comment


PRICES = ("125", "150", "550", "0.005", "0.10", "2.00", "1250", "1_250", "27.5", "100000", "100_000")


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_no_price_is_known_to_javascript(file: Path) -> None:
    """Costs come from the service; no file has a price or multiplies a figure."""
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [price for price in PRICES if re.search(rf"(?<![\d.]){re.escape(price)}(?![\d.])", code)] == []


@pytest.mark.parametrize("folder", ["apps_script", "google_spreadsheet"])
def test_the_lock_names_no_place_to_fetch_from(folder: str) -> None:
    """Packages are locked by hash; the machine decides where they come from."""
    packages = json.loads((FOLDER.parent / folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, one in packages.items() if name and ("resolved" in one or "integrity" not in one)] == []
