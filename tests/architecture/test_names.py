"""One language: verbs for functions, one class for one name, rooms that a person can take in at a glance."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "bot", "sheets_addin")
MAX_FILES, MAX_README_LINES, MAX_PARTICIPLES, MAX_DEFINITIONS = 20, 120, 0.04, 2
# Names of modules that stand in several rooms, and why.
SHARED_NAMES = {
    "balance break_even costs credit_rates facts portfolio purchase reference variance workload": "arithmetic, and its question",
    "alerts backup budgets compare digests export misses simulate sync usage wallet": "a subject: its command, worksheet",
    "access app asking client columns errors limits settings status styles tokens vocabulary": "the same part of two surfaces",
    "commands daily home model parser report": "the usual word for it in each room",
    "registry": "the closed set of its room",
    "round_trip": "one message that doctor sends: its blocks, its sending, its button",
}
# Verbs whose first word merely ends as a participle does.
NO_PARTICIPLES = frozenset({"need", "feed", "speed", "seed", "embed", "exceed", "proceed"})
IRREGULAR = {
    *(
        "told",
        "kept",
        "said",
        "found",
        "made",
        "known",
        "given",
        "taken",
        "shown",
        "done",
        "seen",
        "held",
        "built",
        "sent",
        "meant",
    ),
    *("lost", "paid", "spent", "drawn", "written", "chosen", "begun", "gone", "heard", "thought", "brought", "bought", "caught"),
}


@cache
def trees() -> dict[Path, ast.Module]:
    """Return the syntax tree of every module of the rooms."""
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def functions() -> Iterator[str]:
    """Yield the name of every function and method, without underscores around it."""
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("__"):
                yield node.name.strip("_")


def is_participle(word: str) -> bool:
    """Whether a name's first word says what was done instead of what to do."""
    return word in IRREGULAR or (word.endswith("ed") and word not in NO_PARTICIPLES)


def test_functions_are_called_by_verbs() -> None:
    """At most four of a hundred begin with a past participle."""
    names = list(functions())
    participles = [name for name in names if is_participle(name.split("_")[0])]
    assert len(participles) <= MAX_PARTICIPLES * len(names)


def test_no_two_classes_have_one_name() -> None:
    """Who reads a class's name knows which one it is."""
    names = Counter(node.name for tree in trees().values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert [name for name, count in names.items() if count > 1] == []


def test_folders_of_code_are_small() -> None:
    """No folder of the rooms, of SQL or of the tests' code has more than 20 files."""
    folders = [path for room in (*ROOMS, "sql", "tests") for path in (ROOT / room).rglob("*") if path.is_dir()]
    code = {
        path: [file for file in path.iterdir() if file.suffix in {".py", ".sql", ".js"}]
        for path in folders
        if "node_modules" not in path.parts
    }
    assert {str(path.relative_to(ROOT)): len(files) for path, files in code.items() if len(files) > MAX_FILES} == {}


def test_readmes_fit_on_two_screens() -> None:
    """A room's README says terms, invariants, boundaries and where to change what, in at most 120 lines."""
    readmes = [
        path for room in (*ROOMS, "sql", "tests") for path in (ROOT / room).rglob("README.md") if "node_modules" not in path.parts
    ]
    assert len(readmes) >= 10
    assert {path.name for path in readmes if len(path.read_text(encoding="utf-8").splitlines()) > MAX_README_LINES} == set()


def test_packages_have_faces() -> None:
    """Each package of core that has modules says what other packages may import from it."""
    faces = [path for path in (ROOT / "core").glob("*/__init__.py") if len(list(path.parent.glob("*.py"))) > 1]
    assert [path.parent.name for path in faces if "__all__" not in path.read_text(encoding="utf-8")] == []


def constants(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each constant of a module with its value as it is written."""
    for node in module.body:
        if isinstance(node, ast.Assign):
            yield from _bound(node.targets[0], node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            yield from _bound(node.target, node.value)


def _bound(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, str]]:
    if isinstance(target, ast.Name) and target.id.strip("_").isupper():
        yield target.id, ast.unparse(value)
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, its in zip(target.elts, value.elts, strict=True):
            yield from _bound(one, its)


def test_no_constant_is_defined_over_and_over() -> None:
    """One name with one value stands in at most two files; a third imports it. Each room has a logger of its own."""
    found = Counter(
        pair for path, tree in trees().items() for pair in {*constants(tree)} if pair[0] not in {"LOG", "TYPE_CHECKING"}
    )
    assert {pair: count for pair, count in found.items() if count > MAX_DEFINITIONS} == {}


def test_no_two_rooms_have_modules_of_one_name_without_a_reason() -> None:
    """Who reads `balance.py` in a list of files knows which one it is, or the names are told apart below."""
    found = Counter(path.stem for path in trees() if path.stem != "__init__")
    assert {name for name, count in found.items() if count > 1} - {
        name for names in SHARED_NAMES for name in names.split()
    } == set()


@pytest.mark.parametrize("names", SHARED_NAMES, ids=SHARED_NAMES.values())
def test_each_reason_is_needed(names: str) -> None:
    """A name that is unique by now leaves the list."""
    found = Counter(path.stem for path in trees())
    assert [name for name in names.split() if found[name] < 2] == []
