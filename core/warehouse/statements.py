"""The SQL files by name, with the contract each one states in its header.

A file is one statement; the file's name is the statement's name. Header lines that count:

    -- in    $first_day  DATE           first day counted
    -- out   credits     DECIMAL(38,6)  Flex Credits, never dollars
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.patterns import compiled
from core.records import NamedTuple

if TYPE_CHECKING:
    import re

SQL_FOLDER = Path(__file__).resolve().parents[2] / "sql"
CONTRACT_LINE = r"^-- (?P<way>in|out)\s+(?P<name>\S+)\s+(?P<type>\S+)\s*(?P<meaning>.*)$"


class Slot(NamedTuple):
    """One parameter or one column of a statement."""

    name: str
    sql_type: str
    meaning: str


class Statement(NamedTuple):
    """A SQL statement and its contract; parameters are named without the dollar sign."""

    name: str
    purpose: str
    text: str
    parameters: tuple[Slot, ...]
    columns: tuple[Slot, ...]


def read_statement(path: Path) -> Statement:
    """Return the statement in a file, with its header read."""
    text = path.read_text(encoding="utf-8")
    found = [match for match in map(compiled(CONTRACT_LINE).match, text.splitlines()) if match]
    return Statement(
        name=path.stem,
        purpose=text.splitlines()[0].removeprefix("-- ").removeprefix(f"{path.stem}: "),
        text=text,
        parameters=tuple(_slot(match) for match in found if match["way"] == "in"),
        columns=tuple(_slot(match) for match in found if match["way"] == "out"),
    )


def _slot(match: re.Match[str]) -> Slot:
    return Slot(match["name"].removeprefix("$"), match["type"], match["meaning"])


@cache
def statement(name: str) -> Statement:
    """Return the statement of that name, from any folder of `sql` but `sql/schema`.

    Raises: KeyError, if there is no such file.
    """
    for path in SQL_FOLDER.rglob(f"{name}.sql"):
        if path.parent.name != "schema":
            return read_statement(path)
    raise KeyError(name)


def statement_names(folder: str) -> tuple[str, ...]:
    """Return the names of the statements in one folder of `sql`, in order."""
    return tuple(sorted(path.stem for path in (SQL_FOLDER / folder).rglob("*.sql")))


@cache
def migrations() -> tuple[Path, ...]:
    """Return the schema's migrations, oldest first; a file's name begins with its number, which no other has."""
    return tuple(sorted((SQL_FOLDER / "schema").glob("*.sql")))
