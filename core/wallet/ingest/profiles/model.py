"""A kind of export: its columns, the headers that deliver them, and what identifies its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.wallet.export_tables import EXPORT_TABLES, normal_header

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.config import GenericProfile, WalletSettings
    from core.wallet.export_tables import ExportField

REASON_HEADER = "Rejected because"
"""Heads the column of reasons in a file of rejected rows; imported again, it is not part of the export."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of export: the table its rows go to and the columns it may have.

    signature: columns whose presence makes it this kind and no other.
    identity: columns that identify rows without an id.
    newest_by: columns that rank two deliveries of one row, before the file's own age.
    mapped: the entry of app.yaml that it was built from, None for a built-in one.
    """

    name: str
    title: str
    table: str
    fields: tuple[ExportField, ...]
    signature: tuple[str, ...]
    identity: tuple[str, ...]
    newest_by: tuple[str, ...]
    mapped: GenericProfile | None = None

    def field(self, column: str) -> ExportField:
        """Return the field of that column. Raises: KeyError."""
        for candidate in self.fields:
            if candidate.column == column:
                return candidate
        raise KeyError(column)


PROFILES = tuple(
    Profile(one.kind, one.title, one.name, one.fields, one.signature, one.identity, one.newest_by) for one in EXPORT_TABLES
)
"""All kinds of export."""


@dataclass(frozen=True, slots=True)
class ProfileMatch:
    """A recognised file: which of its columns (by position) delivers which field; the other columns are kept as JSON."""

    profile: Profile
    places: Mapping[str, int]
    headers: tuple[str, ...]

    @property
    def unknown(self) -> tuple[int, ...]:
        """The positions of columns without a field, except for the reasons in a file of rejected rows."""
        taken = {*self.places.values(), *(place for place, header in enumerate(self.headers) if header == REASON_HEADER)}
        return tuple(place for place in range(len(self.headers)) if place not in taken)

    def field_at(self, place: int) -> ExportField:
        """Return the field that the column at a position delivers. Raises: KeyError."""
        column = next((column for column, taken in self.places.items() if taken == place), "")
        return self.profile.field(column)

    @property
    def is_own(self) -> bool:
        """Whether it matches a profile of app.yaml that maps every column of the file."""
        mapped = self.profile.mapped
        return mapped is not None and len(self.places) == len(mapped.columns) and self.has_all_mapped

    @property
    def has_all_mapped(self) -> bool:
        """Whether the file has every column that the profile of app.yaml maps; true for a built-in one."""
        mapped = self.profile.mapped
        known = {normal_header(header) for header in self.headers}
        return mapped is None or all(normal_header(header) in known for header in mapped.columns.values())

    def settings(self, settings: WalletSettings) -> WalletSettings:
        """Return the settings that decide how this file is read: those of its own profile first."""
        mapped = self.profile.mapped
        own = ("decimal", "date_order", "export_time_zone") if mapped else ()
        return settings._replace(**{name: value for name in own if (value := getattr(mapped, name)) is not None})

    def header(self, column: str) -> str:
        """Return the header that delivers a field, as the file writes it."""
        return self.headers[self.places[column]]
