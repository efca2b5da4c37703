"""No circles: files, packages, and the rooms inside a room each import in one direction only."""

from __future__ import annotations

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "bot", "sheets_addin")


@cache
def modules() -> dict[str, ast.Module]:
    """Return the syntax tree of every module, by its name."""
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def imports(name: str) -> Iterator[tuple[str, str]]:
    """Yield the module and the name of each import from our own rooms, those for types too."""
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ROOMS:
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name.split(".")[0] in ROOMS)


def home(module: str, name: str) -> str:
    """Return the module that an import comes down to: a face only passes on what one of its modules defines."""
    if f"{module}.{name}" in modules():
        return f"{module}.{name}"
    if f"{module}.{name}.__init__" in modules():
        return f"{module}.{name}"
    face = f"{module}.__init__"
    exports = {exported: origin for origin, exported in imports(face)} if face in modules() else {}
    return home(exports[name], name) if exports.get(name, module) != module else module


@cache
def edges() -> frozenset[tuple[str, str]]:
    """Return which module imports which, faces seen through."""
    found = {(one, home(*said)) for one in modules() if not one.endswith("__init__") for said in imports(one)}
    return frozenset((one, other) for one, other in found if one != other)


def circle(place: Callable[[str], str]) -> list[str]:
    """Return one circle of the places that modules lie in, empty if there is none."""
    graph: dict[str, set[str]] = {}
    for one, other in edges():
        if place(one) != place(other):
            graph.setdefault(place(one), set()).add(place(other))
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def folder(module: str) -> str:
    """Return the package of a module; what lies at the root of a room stands for itself."""
    package = module.rpartition(".")[0]
    return module if package in ROOMS else package


def first_parts(count: int) -> Callable[[str], str]:
    """Return what cuts a module's name down to so many parts."""
    return lambda module: ".".join(module.split(".")[:count])


@pytest.mark.parametrize(
    "place",
    [str, folder, first_parts(1), first_parts(2), first_parts(3)],
    ids=["files", "packages", "rooms", "rooms inside rooms", "two rooms deep"],
)
def test_nothing_imports_in_a_circle(place: Callable[[str], str]) -> None:
    """Whoever reads a file, a package or a room finishes what it rests on before coming back to it."""
    assert circle(place) == []


def test_circles_are_seen() -> None:
    """Where all of our modules count as two places, they import each other: the search does find circles."""
    assert len(edges()) > 500
    assert circle(lambda module: module[-1]) != []
