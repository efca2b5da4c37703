"""What there is to say of one table of exports, in one record: its columns, its grain, its amount, what counts, who is named."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from core.wallet.export_tables.headers import normal_header

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def text_field(column: str, *headers: str) -> ExportField:
    """Return a column of text that need not be there."""
    return ExportField(column, "text", headers)


class CardNames(NamedTuple):
    """SQL for the label and the developer name of a row's card, and for whether the row is agents' use."""

    label: str
    developer_name: str
    is_of_agents: str


class NotedRows(NamedTuple):
    """Rows worth a note: SQL for which, and what one of them or many do."""

    condition: str
    one: str
    many: str
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTable:
    """A table of exports. Everything that differs between tables is said here, and nowhere else.

    kind: what app.yaml and the command line call it. title, spoken: what it holds, as reports and proposals say it.
    name: the table; `superseded_` and the name is where its rows lie that do not count.
    rank: of two kinds that fit a file alike, the lower is taken.
    fields: its columns, with the headers that deliver them. signature: those whose presence makes a file of this kind.
    identity: columns that tell rows apart where no id does.
    newest_by: what ranks two deliveries of one row, before the file's age.
    amount: the column that is added up, in `unit`. may_be_negative: amounts below 0 are no fault.
    grain: what one row of use is; tables with a grain are compared with each other and rolled up, others stand alone.
    time: the column of the time of use; empty where rows are of no time. through: SQL for how far a file's data goes.
    begins: SQL for when a row begins, `{row}` being its table. is_day_local: the team's day follows from the time of use.
    counts: SQL for which rows count. agent: the column that names the agent.
    card: SQL for the card that a row names, `{row}` being its table, where a file may be the truth for days.
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
