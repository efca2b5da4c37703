"""The team's directory: a CSV file of ids with name, email, department and cost centre.

None of it is stored in the warehouse: names are looked up when an answer names people. Forgetting people removes them from it.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from core.answer import group_digits
from core.errors import ExportError, MachineError
from core.pseudonyms import forms_of
from core.records import NamedTuple
from core.wallet.ingest.tables import delimiter_and_headers, encoding_of_unicode, readable_text, records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from core.wallet.ingest.tables import Record

MOST_BYTES = 64 * 1024 * 1024
BYTE_BY_BYTE = "latin-1"
"""It has the same line ends as every encoding other than UTF-16, and preserves every byte."""
COLUMNS = {
    "user_id": ("id", "userid", "benutzerid", "salesforceid"),
    "name": ("name", "fullname", "displayname", "username", "vollername"),
    "email": ("email", "mail", "emailaddress", "emailadresse"),
    "department": ("department", "dept", "team", "abteilung"),
    "cost_centre": ("costcentre", "costcenter", "kostenstelle"),
}


class DirectoryEntry(NamedTuple):
    """A user of agents. Unknown values are empty. line: the line in the file."""

    user_id: str
    name: str = ""
    email: str = ""
    department: str = ""
    cost_centre: str = ""
    line: int = 0


class Directory(NamedTuple):
    """The people of a file, by the shortest form of their ids.

    problems: what is wrong in the file, a sentence each with the line and what to do; all other entries apply anyway.
    """

    people: Mapping[str, DirectoryEntry]
    problems: tuple[str, ...] = ()
    shared_names: frozenset[str] = frozenset()

    def person(self, user_id: str) -> DirectoryEntry:
        """Return the person with an id, in any of its forms; an entry with only the id if there is none."""
        return self.people.get(forms_of(user_id)[0]) or DirectoryEntry(user_id)

    def label(self, user_id: str) -> str:
        """Return a person's label: the name, made unique if two people share it; the id if there is no name."""
        found = self.person(user_id)
        if not found.name:
            return found.email or user_id
        return f"{found.name} ({found.email or user_id})" if found.name in self.shared_names else found.name


_read: dict[Path, tuple[tuple[int, ...], Directory]] = {}


def read_directory(path: Path) -> Directory:
    """Return the people of a file, read again only if the file has changed."""
    try:
        found = path.stat()
    except OSError as trouble:
        return _unreadable(path, trouble)
    state = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    kept = _read.get(path)
    if kept is None or kept[0] != state:
        kept = _read[path] = state, _directory_in(path, found.st_size)
    return kept[1]


def remove_person(path: Path, user_id: str) -> bool:
    """Remove a person's rows from a file, and return whether there were any; everything else stays the same, byte for byte.

    Raises: MachineError, if the file cannot be read or written.
    """
    forms = frozenset(forms_of(user_id))
    try:
        encoding = encoding_of_unicode(path.read_bytes()) or BYTE_BY_BYTE
        with tempfile.TemporaryDirectory() as spool:
            headers, rows = _rows(path, Path(spool))
        places = _places(headers)
        if "user_id" not in places:
            raise MachineError(f"{path.name} has no column for ids, so take {user_id} out of it yourself.")
        going = {
            line for row in rows if _cell(row, places, "user_id") in forms for line in range(row.line, row.line + _height(row))
        }
        if not going:
            return False
        with path.open(encoding=encoding, newline="") as file:
            kept = [line for number, line in enumerate(file, 1) if number not in going]
        new = path.with_name(f".{path.name}.{os.getpid()}.new")
        new.write_text("".join(kept), encoding=encoding, newline="")
        new.chmod(path.stat().st_mode & 0o777)
        new.replace(path)
    except (OSError, UnicodeError, ExportError) as trouble:
        raise MachineError(f"{path} cannot be changed, so take {user_id} out of it yourself: {trouble}") from trouble
    return True


def _directory_in(path: Path, size: int) -> Directory:
    if size > MOST_BYTES:
        most = group_digits(MOST_BYTES)
        return Directory(
            {}, (f"{path.name} has {group_digits(size)} bytes; a directory has {most} at most. Name the right file.",)
        )
    try:
        with tempfile.TemporaryDirectory() as spool:
            headers, rows = _rows(path, Path(spool))
    except OSError as trouble:
        return _unreadable(path, trouble)
    except ExportError as trouble:
        return Directory({}, (str(trouble),))
    places = _places(headers)
    lacking = [column for column in ("user_id", "name") if column not in places]
    if lacking:
        wanted = " and ".join(f"{column} ({', '.join(COLUMNS[column])})" for column in lacking)
        found = ", ".join(headers[:12]) or "nothing"
        return Directory(
            {}, (f"{path.name} line 1: it lacks {wanted}; it has {found}. Head the columns so, and save it as CSV.",)
        )
    people: dict[str, DirectoryEntry] = {}
    problems = [problem for row in rows if (problem := _take(row, places, people))]
    names = Counter(person.name for person in people.values() if person.name)
    shared = frozenset(name for name, count in names.items() if count > 1)
    return Directory(people, tuple(f"{path.name} {problem}" for problem in problems), shared)


def _unreadable(path: Path, trouble: OSError) -> Directory:
    return Directory({}, (f"{path} cannot be read: {trouble.strerror}. Name the file in app.yaml under users.",))


def _rows(path: Path, spool: Path) -> tuple[tuple[str, ...], list[Record]]:
    readable = readable_text(path.name, path, spool, None).path
    delimiter, headers = delimiter_and_headers(path.name, readable)
    return headers, list(records(readable, delimiter, len(headers)))


def _places(headers: Sequence[str]) -> dict[str, int]:
    """Return the position of each of our columns, by the first of its names found."""
    plain = ["".join(sign for sign in header.lower() if sign.isalnum()) for header in headers]
    found: Iterator[tuple[str, list[str]]] = (
        (ours, [name for name in names if name in plain]) for ours, names in COLUMNS.items()
    )
    return {ours: plain.index(names[0]) for ours, names in found if names}


def _take(row: Record, places: Mapping[str, int], people: dict[str, DirectoryEntry]) -> str:
    """Add the person of a row, and return the row's problem; empty if there is none."""
    if row.fault:
        return f"line {row.line}: {row.fault}. Fix the line."
    if not any(cell.strip() for cell in row.fields):
        return ""
    person = DirectoryEntry(**{column: _cell(row, places, column) for column in places}, line=row.line)
    if not person.user_id:
        return f"line {row.line}: it has no id. Copy it from agentcost usage by user, or take the line out."
    key = forms_of(person.user_id)[0]
    known = people.setdefault(key, person)
    if known._replace(line=0, user_id="") != person._replace(line=0, user_id=""):
        return f"line {row.line}: {person.user_id} is on line {known.line} too, which says otherwise and holds. Keep one of them."
    return ""


def _cell(row: Record, places: Mapping[str, int], column: str) -> str:
    return " ".join(row.fields[places[column]].split()) if not row.fault else ""


def _height(row: Record) -> int:
    """Return how many lines of the file a row spans."""
    return row.text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
