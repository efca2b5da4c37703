"""The spreadsheets that a team keeps: the `spreadsheets` section of app.yaml as values."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

OnEdit = Literal["restore", "leave"]


class SpreadsheetInput(NamedTuple):
    """A Google spreadsheet to keep up to date, and what it shows.

    org, departments, agents: the part of the wallet that its readers may see; all of it where none is named.
    questions: what its worksheets answer; none for the wallet's own. on_edit: what becomes of cells of ours that people edit.
    of_team: the questions about what a team was told, each for a worksheet that no other question asks for.
    """

    id: str
    name: str
    org: str | None = None
    departments: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
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
    lists: dict[str, Any] = {key: tuple(raw.get(key) or ()) for key in ("departments", "agents", "questions")}
    return SpreadsheetInput(
        raw["id"], raw.get("name") or raw["id"], raw.get("org"), on_edit=raw.get("on_edit", "restore"), **lists
    )


def spreadsheet_problems(raw: object) -> Iterator[str]:
    """Yield what the schema cannot see: two entries with one id or one name."""
    entries = [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []
    for key in ("id", "name"):
        for value, times in Counter(str(one[key]) for one in entries if one.get(key)).items():
            if times > 1:
                yield f'spreadsheets: the {key} "{value}" stands {times} times; each spreadsheet stands once.'
