"""A help desk's export as tickets, row by row: CSV in any encoding, XLSX, JSON, also compressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import ExportError
from core.records import NamedTuple
from core.tickets.classifier import BadRow, Ticket
from core.wallet.ingest import SourceFile, name_of, prepare, records, require_file, spool_file, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from core.wallet.ingest import NormalizedTable

TEXT_FIELDS = ("subject", "text", "tags", "type")


class HelpDesk(NamedTuple):
    """One vendor's headers for our fields, in lower case without spaces or underscores."""

    name: str
    columns: Mapping[str, tuple[str, ...]]


HELP_DESKS = (
    HelpDesk(
        "Salesforce Case",
        {
            "id": ("casenumber", "caseid"),
            "created": ("date/timeopened", "createddate", "openeddate", "dateopened"),
            "subject": ("subject",),
            "text": ("description",),
            "tags": ("casereason", "reason"),
            "type": ("type", "casetype"),
            "status": ("status",),
            "handler": ("caseowner", "owner", "ownername", "caseowneralias"),
        },
    ),
    HelpDesk(
        "Zendesk",
        {
            "id": ("id", "ticketid", "ticket#"),
            "created": ("createdat", "created", "ticketcreated", "requestedat"),
            "subject": ("subject", "ticketsubject"),
            "text": ("description", "comment"),
            "tags": ("tags", "ticketform"),
            "type": ("type", "tickettype"),
            "status": ("status", "ticketstatus"),
            "handler": ("assignee", "assigneename", "assignedto"),
        },
    ),
)


class Layout(NamedTuple):
    """The positions of our fields in a file, and the layout's vendor."""

    name: str
    places: Mapping[str, int]


def tickets_in(
    path: Path, spool: Path, columns: Mapping[str, str], most_bytes: int
) -> Iterator[tuple[Layout, Iterator[Ticket | BadRow]]]:
    """Yield the layout and tickets of the file, or of each file inside it.

    columns: our field → the file's header, if it is neither Zendesk's nor Salesforce's.
    Raises: ExportError, if there is nothing to read, or no date and text to classify by.
    """
    require_file(path)
    for delivered in unpack(name_of(path), spool_file(path, spool), "", spool, most_bytes):
        if isinstance(delivered, SourceFile):
            prepared = prepare(delivered, spool, most_bytes)
            layout = layout_of(prepared.name, prepared.headers, columns)
            yield layout, _tickets(prepared, layout)


def layout_of(name: str, headers: Sequence[str], columns: Mapping[str, str]) -> Layout:
    """Return the positions of our fields. Raises: ExportError, naming the expected headers."""
    plain = [_plain(header) for header in headers]
    if columns:
        return _map_columns(name, headers, plain, columns)
    for desk in HELP_DESKS:
        places = {
            ours: next(plain.index(header) for header in theirs if header in plain)
            for ours, theirs in desk.columns.items()
            if any(header in plain for header in theirs)
        }
        if "created" in places and "id" in places and any(text in places for text in TEXT_FIELDS):
            return Layout(desk.name, places)
    raise ExportError(
        f"{name} is neither a Zendesk ticket export nor a Salesforce case export: I looked for a key, an opening date and a "
        f"subject, and found {', '.join(headers[:8])}. Map the columns in app.yaml under tickets.columns."
    )


def _map_columns(name: str, headers: Sequence[str], plain: list[str], columns: Mapping[str, str]) -> Layout:
    missing = [header for header in columns.values() if _plain(header) not in plain]
    if missing:
        raise ExportError(
            f"{name} has no column {', '.join(missing)} (tickets.columns of app.yaml). It has: {', '.join(headers[:12])}."
        )
    return Layout("your mapping (tickets.columns)", {ours: plain.index(_plain(header)) for ours, header in columns.items()})


def _plain(header: str) -> str:
    return header.lower().replace(" ", "").replace("_", "").strip("\ufeff\"' ")


def _tickets(prepared: NormalizedTable, layout: Layout) -> Iterator[Ticket | BadRow]:
    shift = int(prepared.has_lines)
    places = {ours: place + shift for ours, place in layout.places.items()}
    for record in records(prepared.path, prepared.delimiter, prepared.column_count):
        if record.fault:
            yield BadRow(record.line, record.fault)
            continue
        cells = {ours: record.fields[place].strip() for ours, place in places.items()}
        line = int(record.fields[0]) if shift else record.line
        words = " \n ".join(cells.get(ours, "") for ours in TEXT_FIELDS).replace("_", " ")
        state, handler = cells.get("status", ""), cells.get("handler", "")
        yield Ticket(line, cells.get("id", ""), cells["created"], cells.get("subject", ""), words, state, handler)
