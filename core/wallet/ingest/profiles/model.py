"""What a kind of export is: its columns, the headers that deliver them, and what tells its rows apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from core.wallet.ingest.profiles.headers import normal_header

if TYPE_CHECKING:
    from collections.abc import Mapping

REASON_HEADER = "Rejected because"
"""Heads the column of reasons in a file of rejected rows; imported again, it is no part of the export."""
FieldKind = Literal["text", "number", "instant", "day", "count", "flag"]


@dataclass(frozen=True)
class ExportField:
    """One column of the warehouse and the headers that deliver it; the first header is the one we show."""

    column: str
    kind: FieldKind
    headers: tuple[str, ...]
    label: str = ""
    is_required: bool = False

    @cached_property
    def normalized_headers(self) -> frozenset[str]:
        """The headers in normal form."""
        return frozenset(map(normal_header, self.headers))


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of export: the table its rows go to and the columns it may have.

    signature: columns whose presence makes it this kind and no other.
    identity: columns that tell rows apart where the wallet gives no id.
    newest_by: columns that rank two deliveries of one row, before the file's own age.
    """

    name: str
    title: str
    table: str
    fields: tuple[ExportField, ...]
    signature: tuple[str, ...]
    identity: tuple[str, ...]
    newest_by: tuple[str, ...]

    def field(self, column: str) -> ExportField:
        """Return the field of that column. Raises: KeyError."""
        for candidate in self.fields:
            if candidate.column == column:
                return candidate
        raise KeyError(column)


@dataclass(frozen=True, slots=True)
class ProfileMatch:
    """A recognised file: which of its columns (by place) delivers which field; the other columns are kept as JSON."""

    profile: Profile
    places: Mapping[str, int]
    headers: tuple[str, ...]

    @property
    def unknown(self) -> tuple[int, ...]:
        """The places of the columns that no field takes, but for the reasons in a file of rejected rows."""
        taken = {*self.places.values(), *(place for place, header in enumerate(self.headers) if header == REASON_HEADER)}
        return tuple(place for place in range(len(self.headers)) if place not in taken)

    def field_at(self, place: int) -> ExportField:
        """Return the field that the column at a place delivers. Raises: KeyError."""
        column = next((column for column, taken in self.places.items() if taken == place), "")
        return self.profile.field(column)

    def header(self, column: str) -> str:
        """Return the header that delivers a field, as the file writes it."""
        return self.headers[self.places[column]]
