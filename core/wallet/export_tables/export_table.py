"""All facts about one export table, in one record: its columns, grain, amount, what counts, which names it has."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from core.records import NamedTuple
from core.wallet.export_tables.headers import normal_header

if TYPE_CHECKING:
    from collections.abc import Mapping

FieldKind = Literal["text", "number", "instant", "day", "count", "flag"]


@dataclass(frozen=True)
class ExportField:
    """One column of the warehouse and the headers that deliver it; the first header is the one shown."""

    column: str
    kind: FieldKind
    headers: tuple[str, ...]
    label: str = ""
    is_required: bool = False

    @cached_property
    def normalized_headers(self) -> frozenset[str]:
        """The headers in normal form."""
        return frozenset(map(normal_header, self.headers))


def text_field(column: str, *headers: str) -> ExportField:
    """Return an optional text column."""
    return ExportField(column, "text", headers)


class CardNames(NamedTuple):
    """SQL for the label and the developer name of a row's card, and for whether the row is agent usage."""

    label: str
    developer_name: str
    is_of_agents: str


class NotedRows(NamedTuple):
    """Rows worth a note: SQL that selects them, and the words for one and for many."""

    condition: str
    one: str
    many: str
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTable:
    """An export table. Everything that differs between tables is stated here, and nowhere else.

    kind: its name in app.yaml and on the command line. title, spoken: what it holds, in reports and proposals.
    name: the table; rows that do not count are in `superseded_` plus the name. rank: of two kinds that fit a file equally, the
    lower is used.
    fields: its columns, with the headers that deliver them. signature: those whose presence makes a file of this kind.
    identity: columns that identify rows without an id. newest_by: what ranks two deliveries of one row, before the file's age.
    amount: the column that is summed, in `unit`. may_be_negative: amounts below 0 are allowed.
    grain: what one usage row covers; tables with a grain are compared with each other and rolled up, others are independent.
    time: the column of the usage time; empty for rows without a time. through: SQL for a file's newest data.
    begins: SQL for when a row begins, `{row}` being its table. is_day_local: the team's day follows from the time of use.
    counts: SQL for which rows count. agent: the column that names the agent.
    card: SQL for the card that a row names, `{row}` being its table, where a file may be authoritative for days.
    shown_card: the same in reports of imports. card_names: what rows say of cards.
    record_ids: columns of ids of Salesforce records, each with what rollups call it.
    is_folded: whether retention adds up its old rows. noted: rows worth a note in the report of an import.
    """

    kind: str
    title: str
    name: str
    rank: int
    fields: tuple[ExportField, ...]
    signature: tuple[str, ...]
    identity: tuple[str, ...]
    spoken: str = ""
    newest_by: tuple[str, ...] = ()
    amount: str = "credits"
    unit: Literal["credits", "units"] = "credits"
    may_be_negative: tuple[str, ...] = ()
    grain: Literal["event", "hour", "day", ""] = ""
    time: str = ""
    through: str = ""
    begins: str = ""
    is_day_local: bool = False
    counts: str = "true"
    agent: str = ""
    card: str = ""
    shown_card: str = ""
    card_names: CardNames | None = None
    record_ids: Mapping[str, str] = field(default_factory=dict)
    is_folded: bool = False
    noted: tuple[NotedRows, ...] = ()
