"""The spreadsheets that a team keeps: the `spreadsheets` section of app.yaml as values."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from core.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

OnEdit = Literal["restore", "leave"]


class SpreadsheetInput(NamedTuple):
    """A Google spreadsheet to keep up to date, and what it shows.

    shows: the part of the wallet that its readers may see.
    questions: what its worksheets answer; none for the wallet's own. on_edit: what becomes of cells of ours that people edit.
    of_team: the questions about what a team was told, each for a worksheet that no other question asks for.
    """

    id: str
    name: str
    shows: Scope = EVERYTHING
    questions: tuple[str, ...] = ()
    on_edit: OnEdit = "restore"
    of_team: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Where people open it."""
        return f"https://docs.google.com/spreadsheets/d/{self.id}/edit"


def spreadsheets_said(raw: Sequence[Mapping[str, Any]]) -> tuple[SpreadsheetInput, ...]:
    """Return the section as values, of raw YAML that fits the schema."""
    return tuple(_read_spreadsheet(one) for one in raw)


def _read_spreadsheet(raw: Mapping[str, Any]) -> SpreadsheetInput:
    return SpreadsheetInput(
        raw["id"],
        raw.get("name") or raw["id"],
        Scope.from_json(raw),
        tuple(raw.get("questions") or ()),
        raw.get("on_edit", "restore"),
    )


def spreadsheet_problems(raw: object) -> Iterator[str]:
    """Yield what the schema cannot see: two entries with one id or one name."""
    entries = [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []
    for key in ("id", "name"):
        for value, times in Counter(str(one[key]) for one in entries if one.get(key)).items():
            if times > 1:
                yield f'spreadsheets: the {key} "{value}" stands {times} times; each spreadsheet stands once.'
