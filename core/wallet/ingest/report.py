"""The result of an import, as data and as an answer that every surface can show."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from core.answer import Answer, Column, Emphasis, Fact, Figure, Note, Table, credits_short, group_digits, number
from core.answer import day as shown_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

Outcome = Literal["imported", "read again", "already imported", "refused"]

NAMED_REVISIONS = 5
MAX_DAYS_SHOWN = 400


@dataclass(frozen=True, slots=True)
class Rejected:
    """Rows of one file that share a fault; the rows themselves are in the table `rejects`."""

    file_name: str
    column_name: str
    reason: str
    row_count: int
    first_line: int


@dataclass(frozen=True, slots=True)
class DayChange:
    """How an import changed a day of a card: credits before and after; before is None for a new day."""

    day: date
    card: str
    credits_before: Decimal | None
    credits_after: Decimal

    @property
    def difference(self) -> Decimal:
        """The credits that the day gained."""
        return self.credits_after - (self.credits_before or Decimal(0))

    @property
    def is_revised(self) -> bool:
        """Whether a known day changed."""
        return self.credits_before is not None and self.difference != 0


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Imported usage and grants of a card beside the balance that the wallet states."""

    card: str
    environment: str
    used_credits: Decimal
    stated_used: Decimal
    ledger_credits: Decimal
    stated_granted: Decimal


@dataclass(frozen=True, slots=True)
class FileReport:
    """The outcome of one file. rows_read = rows_new + rows_changed + rows_same + rows_rejected.

    rows_same: already in the wallet, twice in the file, or older than what the wallet has (`rows_older` of them).
    reason: why it was refused, else empty. doubts: why its figures may not be right. cards: name, rows and credits of each.
    """

    name: str
    outcome: Outcome
    profile: str = ""
    rows_read: int = 0
    rows_new: int = 0
    rows_changed: int = 0
    rows_same: int = 0
    rows_older: int = 0
    rejected: tuple[Rejected, ...] = ()
    data_through: datetime | None = None
    days: tuple[DayChange, ...] = ()
    readings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""
    doubts: tuple[str, ...] = ()
    cards: tuple[tuple[str, int, Decimal], ...] = ()
    import_id: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether all of the file counts as it is, so that nobody has to check it."""
        return self.outcome != "refused" and not self.rows_rejected and not self.doubts

    @property
    def rows_rejected(self) -> int:
        """How many rows were rejected."""
        return sum(entry.row_count for entry in self.rejected)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import.

    data_through: the latest instant of all the wallet's usage, UTC. other_cards: cards with usage, if the default card has none.
    """

    imported_on: date
    files: tuple[FileReport, ...]
    data_through: datetime | None
    reconciliations: tuple[Reconciliation, ...] = ()
    passed_over: tuple[str, ...] = field(default=())
    other_cards: tuple[str, ...] = ()

    @property
    def import_ids(self) -> tuple[int, ...]:
        """The numbers of the imports, each once."""
        return tuple(dict.fromkeys(file.import_id for file in self.files if file.import_id))

    @property
    def refused(self) -> tuple[FileReport, ...]:
        """The files from which nothing was imported."""
        return tuple(file for file in self.files if file.outcome == "refused")

    @property
    def left_out(self) -> tuple[FileReport, ...]:
        """The files that somebody has to check: a part was not imported, or may be wrong."""
        return tuple(file for file in self.files if not file.is_whole)

    def total(self, counter: str) -> int:
        """Return the sum over the files of one of their row counts, such as `rows_new`."""
        return sum(int(getattr(file, counter)) for file in self.files)

    def day_changes(self) -> tuple[DayChange, ...]:
        """Return how the whole import changed each day: before the first file, after the last."""
        changes: tuple[DayChange, ...] = ()
        for file in self.files:
            changes = join_changes(changes, file.days)
        return changes

    def to_answer(self) -> Answer:
        """Return the report as an answer."""
        return Answer(
            question="import " + " ".join(file.name for file in self.files),
            title="Import",
            headline=self._headline(),
            as_of=self.imported_on,
            figures=self._figures(),
            tables=tuple(
                table
                for table in (self._files(), self._rejects(), days_table(self.day_changes()), self._reconciliation())
                if table.rows
            ),
            notes=tuple(self._notes()),
            emphasis=Emphasis(
                tuple(self._facts()), "files", ("file", "rows_new", "rows_rejected", "rows_changed", "outcome", "profile")
            ),
        )

    def _facts(self) -> Iterable[Fact]:
        """Yield the known days that changed, and the newest data."""
        changes = self.day_changes()
        revised, touched = len({change.day for change in changes if change.is_revised}), {change.day for change in changes}
        if revised:
            yield Fact("Days revised", f"{group_digits(revised)} of {group_digits(len(touched))}")
        if self.data_through:
            yield Fact("Data through", f"{shown_day(self.data_through)} {self.data_through:%H:%M} UTC")

    def _day_words(self) -> str:
        """Return how the import changed the wallet's days, in words; empty if it touched none."""
        changes = self.day_changes()
        if not changes:
            return ""
        days = sorted({change.day for change in changes})
        span = (
            shown_day(days[0])
            if len(days) == 1
            else f"{group_digits(len(days))} days, {shown_day(days[0])} to {shown_day(days[-1])}"
        )
        gained = sum((change.difference for change in changes), Decimal(0))
        if not gained or len({change.card for change in changes}) > 1:
            return f"Touched {span}; "
        return f"{'+' if gained > 0 else ''}{credits_short(gained)} credits on {span}; "

    def _headline(self) -> str:
        taken = [file for file in self.files if file.outcome in {"imported", "read again"}]
        if not taken:
            return "Nothing new: " + ("no file could be imported." if self.refused else "every file was imported before.")
        new, changed = self.total("rows_new"), self.total("rows_changed")
        rejected = self.total("rows_rejected")
        parts = [
            f"{group_digits(new)} new row{'' if new == 1 else 's'}",
            f"{group_digits(changed)} changed" if changed else "",
            f"{group_digits(rejected)} rejected" if rejected else "",
        ]
        return f"{self._day_words()}{', '.join(part for part in parts if part)} from {_files_counted(len(taken))}."

    def _figures(self) -> tuple[Figure, ...]:
        counters = {
            "rows_read": "Rows read",
            "rows_new": "New",
            "rows_changed": "Changed",
            "rows_same": "Already there",
            "rows_rejected": "Rejected",
        }
        counted = [Figure(key, label, Decimal(self.total(key)), "count") for key, label in counters.items()]
        days = Figure("days_touched", "Days touched", Decimal(len({change.day for change in self.day_changes()})), "days")
        return (*counted, days, Figure("data_through", "Data through", self.data_through, "instant"))

    def _files(self) -> Table:
        keys = ("rows_read", "rows_new", "rows_changed", "rows_same", "rows_rejected")
        labels = ("Read", "New", "Changed", "Already there", "Rejected")
        counts = tuple(Column(key, label, "count") for key, label in zip(keys, labels, strict=True))
        columns = (
            Column("file", "File", "text"),
            Column("outcome", "Outcome", "text"),
            Column("profile", "Recognised as", "text"),
            *counts,
        )
        rows = tuple(
            (f.name, f.outcome, f.profile, *(Decimal(getattr(f, key)) for key in keys), f.data_through) for f in self.files
        )
        return Table("files", "Files", (*columns, Column("data_through", "Data through", "instant")), rows)

    def _rejects(self) -> Table:
        columns = (
            Column("reason", "Reason", "text"),
            Column("column", "Column", "text"),
            Column("rows", "Rows", "count"),
            Column("file", "File", "text"),
            Column("first_line", "First line", "count"),
        )
        rows = tuple(
            (entry.reason, entry.column_name, Decimal(entry.row_count), entry.file_name, Decimal(entry.first_line))
            for file in self.files
            for entry in file.rejected
        )
        return Table("rejects", "Rejected rows", columns, rows)

    def _reconciliation(self) -> Table:
        columns = (
            Column("card", "Card", "text"),
            Column("environment", "Environment", "text"),
            Column("used_credits", "Used, by imported rows", "credits"),
            Column("stated_used", "Used, by the wallet's balance", "credits"),
            Column("difference", "Difference", "credits"),
            Column("ledger_credits", "Granted, by the ledger", "credits"),
            Column("stated_granted", "Granted, by the wallet's balance", "credits"),
        )
        rows = tuple(
            (
                r.card,
                r.environment,
                r.used_credits,
                r.stated_used,
                r.used_credits - r.stated_used,
                r.ledger_credits,
                r.stated_granted,
            )
            for r in self.reconciliations
        )
        return Table("reconciliation", "Reconciliation", columns, rows)

    def _notes(self) -> Iterable[Note]:
        for file in self.files:
            yield from (Note("assumption", f"{file.name}: {sentence}") for sentence in file.readings)
            yield from (Note("warning", f"{file.name}: {sentence}") for sentence in file.doubts)
            yield from (
                Note("warning", f"{file.name}: {sentence}", _left_out_in_brief(file, sentence)) for sentence in file.notes
            )
            if file.cards and file.cards != (("", file.cards[0][1], file.cards[0][2]),):
                yield Note("assumption", f"{file.name}: {_cards_named(file.cards)}")
            if file.reason:
                yield Note("warning", file.reason)
        revised = [change for change in self.day_changes() if change.is_revised]
        if revised:
            days = "1 known day" if len(revised) == 1 else f"{group_digits(len(revised))} known days"
            yield Note("warning", _revisions(revised), f"{days} now have different credits than before.")
        if self.other_cards and not self.refused:
            yield Note("warning", _other_cards_said(self.other_cards))
        if self.passed_over:
            yield Note("warning", f"Skipped, not exports: {', '.join(self.passed_over)}.")


def days_table(changes: Sequence[DayChange]) -> Table:
    """Return the changes by day as a table, of the last days if there are many."""
    columns = (
        Column("day", "Day", "day"),
        Column("card", "Card", "text"),
        Column("before", "Credits before", "credits"),
        Column("after", "Credits now", "credits"),
        Column("difference", "Difference", "credits"),
    )
    rows = tuple((c.day, c.card, c.credits_before, c.credits_after, c.difference) for c in changes)
    return Table("days", "Days touched", columns, rows[-MAX_DAYS_SHOWN:])


def join_changes(first: Sequence[DayChange], then: Sequence[DayChange]) -> tuple[DayChange, ...]:
    """Return the combined change of two steps by day."""
    changes = {(change.day, change.card): change for change in first}
    for change in then:
        before = changes.get((change.day, change.card), change).credits_before
        changes[change.day, change.card] = DayChange(change.day, change.card, before, change.credits_after)
    return tuple(changes[key] for key in sorted(changes))


def changes_of_days(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> tuple[DayChange, ...]:
    """Return the changes of touched days. before, after: rows of `touched_day_credits`."""
    was = {(row["day"], row["card"]): row["credits"] for row in before}
    now = {(row["day"], row["card"]): row["credits"] for row in after}
    touched = {(row["day"], row["card"]) for row in (*before, *after) if row["is_touched"]}
    keys = sorted(key for key in was.keys() | now.keys() if key in touched or was.get(key) != now.get(key))
    return tuple(DayChange(*key, was.get(key), now.get(key, Decimal(0))) for key in keys)


def _left_out_in_brief(file: FileReport, sentence: str) -> str:
    """Return the part of a sentence about rejected rows that says how much is left out; empty for any other."""
    what, is_left_out, told = sentence.partition(" left out: ")
    return f"{file.name}: {what} left out: {told.partition('. ')[0]}." if is_left_out else ""


def _cards_named(cards: Iterable[tuple[str, int, Decimal]]) -> str:
    named = ", ".join(f"{name or 'no card'} ({group_digits(rows)} rows, {number(held)} credits)" for name, rows, held in cards)
    return f"cards: {named}."


def _other_cards_said(cards: Sequence[str]) -> str:
    named = cards[0] if len(cards) == 1 else f"{', '.join(cards[:-1])} and {cards[-1]}"
    return (
        f"All known usage is of {named}, none of the default card. Ask: wallet card {cards[0]}; "
        "if agents are billed to that one, set wallet.default_card."
    )


def _files_counted(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _revisions(revised: list[DayChange]) -> str:
    largest = sorted(revised, key=lambda change: -abs(change.difference))[:NAMED_REVISIONS]
    named = ", ".join(
        f"{shown_day(c.day)} revised {'+' if c.difference > 0 else ''}{number(c.difference)}"
        for c in sorted(largest, key=lambda c: c.day)
    )
    more = len(revised) - len(largest)
    return f"{named}{f' and {more} more days' if more else ''} (credits)."
