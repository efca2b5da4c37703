"""A team's spreadsheets: the `spreadsheets` section of app.yaml as values."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal

from core.config.setting import ListOf, OneOf, Setting, SettingGroup, Text
from core.records import NamedTuple
from core.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

OnEdit = Literal["restore", "leave"]


SPREADSHEETS = ListOf(
    Setting(
        "spreadsheet",
        SettingGroup(
            (
                Setting(
                    "id",
                    Text("^[A-Za-z0-9_-]+$"),
                    "the part of the spreadsheet's address between /d/ and /edit, in quotes",
                    is_required=True,
                ),
                Setting("name", Text(), "what you call it here, for `agentcost sync NAME` and reports"),
                Setting("org", Text(), "the one org whose use it shows", usual="all"),
                Setting(
                    "departments",
                    ListOf(Setting("department", Text(), "the name of a department")),
                    "a list of departments whose use alone it shows",
                    usual="all",
                ),
                Setting(
                    "agents",
                    ListOf(Setting("agent", Text(), "the name of an agent")),
                    "a list of agents whose use alone it shows",
                    usual="all",
                ),
                Setting(
                    "questions",
                    ListOf(Setting("question", Text(), "a question, such as usage by agent")),
                    "a list of questions that its worksheets answer: wallet, usage by agent, one comparison",
                    usual="the wallet's",
                ),
                Setting(
                    "on_edit",
                    OneOf(("restore", "leave")),
                    "what happens to our cells that people overwrite",
                    "restore",
                ),
            )
        ),
        "a spreadsheet: its id, and what it shows",
    )
)


class SpreadsheetInput(NamedTuple):
    """A Google spreadsheet to keep up to date, and its content.

    shows: the part of the wallet that its readers may see.
    questions: the questions that its worksheets answer; none for the wallet's standard ones. on_edit: what happens to our cells
    if people edit them. of_team: the questions about alerts and digests sent to a team, for worksheets of their own.
    """

    id: str
    name: str
    shows: Scope = EVERYTHING
    questions: tuple[str, ...] = ()
    on_edit: OnEdit = "restore"
    of_team: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The address to open it."""
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
    """Yield what the schema cannot detect: two entries with the same id or name."""
    entries = [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []
    for key in ("id", "name"):
        for value, times in Counter(str(one[key]) for one in entries if one.get(key)).items():
            if times > 1:
                yield f'spreadsheets: the {key} "{value}" appears {times} times; list each spreadsheet once.'
