"""A sync's report as an answer: what was written, what people had edited, which figures are old and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.answer import Answer, Column, Note, Table
from sheets_addin.sync.edit_log import edit_line, edit_row, summary
from sheets_addin.sync.plan import LOG

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sheets_addin.sync.sync import SyncOutcome

STATES = {
    "written": "brought up to date",
    "unchanged": "already up to date",
    "would change": "would change",
    "failed": "not refreshed",
}
SPREADSHEETS = (
    Column("spreadsheet", "Spreadsheet", "text"),
    Column("state", "State", "text"),
    Column("changes", "Changes", "text"),
)
CELL = (Column("spreadsheet", "Spreadsheet", "text"), Column("worksheet", "Worksheet", "text"), Column("cell", "Cell", "text"))
EDITS = (*CELL, Column("found", "Found", "text"), Column("ours", "Ours", "text"), Column("outcome", "Outcome", "text"))
TYPED = (*CELL, Column("label", "Input", "text"), Column("found", "Found", "text"))
BUDGETS = (Column("spreadsheet", "Spreadsheet", "text"), Column("budget", "Budget", "text"))


def report(outcomes: Sequence[SyncOutcome], as_of: date, *, dry_run: bool = False) -> Answer:
    """Return the report of a sync."""
    tables = (
        Table("spreadsheets", "Spreadsheets", SPREADSHEETS, tuple(_line(one) for one in outcomes)),
        Table("edits", "Our cells that people overwrote", EDITS, tuple(_edits(outcomes))),
        Table("budgets", "Budgets that people typed", BUDGETS, tuple(_budget_rows(outcomes))),
        Table("inputs", "Inputs that people changed, used and kept", TYPED, tuple(_edit_rows(outcomes))),
    )
    return Answer(
        question="sync --dry-run" if dry_run else "sync",
        title="Spreadsheets",
        headline=_headline(outcomes, dry_run=dry_run),
        as_of=as_of,
        tables=tuple(table for table in tables if table.rows),
        notes=tuple(_notes(outcomes)),
    )


def _headline(outcomes: Sequence[SyncOutcome], *, dry_run: bool) -> str:
    failed = sum(one.state == "failed" for one in outcomes)
    changed = sum(one.state in {"written", "would change"} for one in outcomes)
    said = "would be" if dry_run else "were"
    count = f"{len(outcomes)} spreadsheet{'s' if len(outcomes) > 1 else ''}"
    trouble = f", {failed} could not be refreshed" if failed else ""
    return f"Of {count}, {changed} {said} changed{trouble}; {len(outcomes) - failed - changed} had nothing to change."


def _line(one: SyncOutcome) -> tuple[str, str, str]:
    changes = "" if one.state in {"unchanged", "failed"} else summary(sheet for sheet in one.plan.sheets if sheet.title != LOG)
    return one.job.name, STATES[one.state], changes


def _edits(outcomes: Sequence[SyncOutcome]) -> Iterator[tuple[str, ...]]:
    return ((one.job.name, *edit_line(edit)) for one in outcomes for edit in one.plan.edits)


def _edit_rows(outcomes: Sequence[SyncOutcome]) -> Iterator[tuple[str, ...]]:
    return ((one.job.name, *edit_row(typed)) for one in outcomes for sheet in one.plan.sheets for typed in sheet.typed)


def _budget_rows(outcomes: Sequence[SyncOutcome]) -> Iterator[tuple[str, ...]]:
    return ((one.job.name, said) for one in outcomes for said in getattr(one.job.desired, "typed", ()))


def _notes(outcomes: Sequence[SyncOutcome]) -> Iterator[Note]:
    for one in outcomes:
        if one.trouble:
            yield Note("warning", f"{one.job.name}: {one.trouble}")
        said = {sheet.title: sheet.old_figures for sheet in one.plan.sheets if sheet.old_figures}
        for title, trouble in [] if one.trouble else _sheet_troubles(one):
            yield Note("warning", f"{one.job.name}, {title}: {said.get(title) or trouble}")
        yield from (Note("warning", f"{one.job.name}: {locked}") for locked in one.locked.values())
        lost = [sheet.title for sheet in one.plan.sheets if sheet.lost]
        if lost:
            yield Note(
                "warning", f"{one.job.name}: rows or columns of ours were missing on {', '.join(lost)}; they were restored."
            )


def _sheet_troubles(one: SyncOutcome) -> list[tuple[str, str]]:
    troubles = getattr(one.job.desired, "troubles", {})
    return [(title, str(error)) for title, error in troubles.items()]
