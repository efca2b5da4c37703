"""Budgets that people type into a spreadsheet, one per row: read, kept in the warehouse, with a remark beside each row.

An unreadable row removes nothing. While any row cannot be read, every budget read before still applies,
unless a row states another amount for it; and the budget of a deleted row applies until its row comes back empty.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, cast

from core.answer import credits_short, usd
from core.answer import day as shown_day
from core.budgets.csv_rows import budget_file, read_entry
from core.config import Budget, TypedBudget, budget_of, budgets_on, entry_problems, spreadsheets_of
from core.records import NamedTuple
from core.scope import EVERYTHING, Scope, find_alike, plain_name
from core.wallet.usage.slices import names_by_kind, open_names
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from core.context import Context
    from core.scope import NameKind
    from core.warehouse import Session

NEAR = 0.75
"""The similarity to a known name from which on an unknown name counts as a typing error."""


class TypedRow(NamedTuple):
    """A row of input cells as people filled it in.

    line: counted from 1, whatever rows are in between. row: its number on the sheet. cells: what they typed by column, as text,
    without empty ones. trouble: a clause on why one of its cells has no value; empty if all have one.
    """

    line: int
    row: int
    cells: Mapping[str, str]
    trouble: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it is empty."""
        return not self.cells and not self.trouble


class TypedPlace(NamedTuple):
    """A spreadsheet in which budgets are typed, and the part of the wallet that it shows."""

    spreadsheet_id: str
    name: str
    shows: Scope = EVERYTHING

    @property
    def source(self) -> str:
        """Where its budgets are written, for sentences."""
        return f"the spreadsheet {self.name}"


class TypedReading(NamedTuple):
    """The result of reading the rows of a spreadsheet.

    budgets: those that apply from now on. says: by line, what is in force or why a row is not read. refused: how many rows cannot
    be read. changes: what differs from before, a sentence each.
    """

    budgets: tuple[TypedBudget, ...]
    says: Mapping[int, str]
    refused: int
    changes: tuple[str, ...]


def list_typed_budgets(session: Session, context: Context) -> list[TypedBudget]:
    """Return what was typed into the spreadsheets of app.yaml; if a budget is in two, the one listed first comes last."""
    if context.typed_budgets is not None:
        return list(context.typed_budgets)
    places = {one.id: TypedPlace(one.id, one.name, one.shows) for one in reversed(spreadsheets_of(context.config))}
    found = [_typed(row, places) for row in session.rows(queries.TypedBudgetsKeptRow) if row.spreadsheet_id in places]
    return sorted(found, key=lambda one: [*places].index(one.spreadsheet_id))


def _typed(row: queries.TypedBudgetsKeptRow, places: Mapping[str, TypedPlace]) -> TypedBudget:
    raw: dict[str, Any] = {"per": row.per, row.unit: f"{row.amount.normalize():f}", "rollover": row.rolls_over}
    raw |= {row.kind: row.part} if row.kind else {}
    raw |= {"from": row.first_day.isoformat()} if row.first_day else {}
    budget = budget_of(raw, places[row.spreadsheet_id].source)._replace(is_typed=True)
    return TypedBudget(row.spreadsheet_id, row.line, budget, row.read_at)


def keep_typed_budgets(session: Session, spreadsheet_id: str, budgets: Iterable[TypedBudget]) -> None:
    """Store what was typed into a spreadsheet, replacing what was read there before, in the caller's transaction."""
    session.run("forget_typed_budgets", spreadsheet_id=spreadsheet_id)
    for one in budgets:
        budget = one.budget
        session.run(
            "keep_typed_budget",
            spreadsheet_id=spreadsheet_id,
            line=one.line,
            kind=budget.kind,
            part=budget.name,
            per=budget.per,
            unit=budget.unit,
            amount=budget.amount,
            rolls_over=budget.rolls_over,
            first_day=budget.first_day,
            read_at=one.read_at,
        )


class _Grounds(NamedTuple):
    """The context for reading rows: the spreadsheet, the settings, the day, and the names in the exports."""

    place: TypedPlace
    context: Context
    known: Mapping[NameKind, Sequence[str]]

    def names_like(self, budget: Budget) -> Sequence[str]:
        """Return the names of the budget's kind in the exports; empty for teams, which app.yaml names."""
        return () if budget.kind in {"", "team"} else self.known.get(cast("NameKind", budget.kind), ())


def read_typed_rows(
    session: Session, context: Context, place: TypedPlace, rows: Sequence[TypedRow], at: datetime
) -> TypedReading:
    """Return what the rows of a spreadsheet state, and which earlier budgets still apply. at: the instant of reading."""
    held = list_typed_budgets(session, context)
    before = {one.identity: one for one in held if one.spreadsheet_id == place.spreadsheet_id}
    grounds = _Grounds(place, context, names_by_kind(open_names(session, place.shows)))
    found: dict[tuple[object, ...], tuple[TypedRow, TypedBudget]] = {}
    refused: dict[int, str] = {}
    for row in (row for row in rows if not row.is_empty):
        budget, wrong = _read(row, grounds)
        if budget is not None:
            one = TypedBudget(place.spreadsheet_id, row.line, budget, at)
            first = found.setdefault(one.identity, (row, one))[0]
            wrong = f"is the budget of row {first.row} again, which holds. Empty one of them." if first.line != row.line else ""
        if wrong:
            refused[row.line] = f"Not read: this row {wrong}"
    now = [_since(one, before) for _, one in found.values()]
    there = {row.line for row in rows}
    gone = [one for identity, one in before.items() if identity not in found]
    kept = [one for one in gone if refused or one.line not in there]
    others = [one for one in held if one.spreadsheet_id != place.spreadsheet_id]
    says = {one.line: _say_holding(one, found, _in_order([*others, *now], context), grounds) for one in now}
    says |= {line: f"{wrong} {_say_kept(line, kept)}".rstrip() for line, wrong in refused.items()}
    return TypedReading((*now, *kept), says, len(refused), tuple(_changes(before, now, [one for one in gone if one not in kept])))


def _since(one: TypedBudget, before: Mapping[tuple[object, ...], TypedBudget]) -> TypedBudget:
    """Return a budget with the instant since when it has read the same."""
    known = before.get(one.identity)
    is_same = known is not None and _terms(known.budget) == _terms(one.budget)
    return one._replace(read_at=known.read_at) if known and is_same else one


def _terms(budget: Budget) -> tuple[object, ...]:
    return budget.amount, budget.rolls_over


def _read(row: TypedRow, grounds: _Grounds) -> tuple[Budget | None, str]:
    """Return the budget of a row; or None, and a clause with the reason that continues a sentence about the row."""
    if row.trouble:
        return None, row.trouble
    config, place = grounds.context.config, grounds.place
    entry, wrong = read_entry(row.cells)
    wrong = wrong or next(entry_problems(entry, {plain_name(team.name) for team in config.teams}), "")
    if wrong:
        return None, wrong
    budget = budget_of(entry, place.source)._replace(is_typed=True)
    if place.shows.is_named and not place.shows.covers(budget.watches(config.teams)):
        return None, f"is of {budget.subject}, and this spreadsheet shows {place.shows.words()} alone: type it elsewhere."
    known = grounds.names_like(budget)
    if known and not find_alike(budget.name, known):
        near = get_close_matches(plain_name(budget.name), {plain_name(name): name for name in known}, 1, NEAR)
        if near:
            meant = find_alike(near[0], known)[0]
            return None, f'names the {budget.kind} "{budget.name}", which no export knows. Did you mean {meant}?'
    return budget, ""


def _in_order(budgets: Iterable[TypedBudget], context: Context) -> list[TypedBudget]:
    ids = [one.id for one in reversed(spreadsheets_of(context.config))]
    return sorted(budgets, key=lambda one: ids.index(one.spreadsheet_id) if one.spreadsheet_id in ids else len(ids))


def _say_holding(
    one: TypedBudget,
    rows: Mapping[tuple[object, ...], tuple[TypedRow, TypedBudget]],
    typed: Sequence[TypedBudget],
    grounds: _Grounds,
) -> str:
    """Return whether a budget applies, which other one overrides it or is overridden, and whether any usage counts against it."""
    budget, context = one.budget, grounds.context
    holding = next((held for held in budgets_on((one.budget for one in typed), context.as_of) if held.key == budget.key), None)
    if budget.first_day and budget.first_day > context.as_of:
        return f"{say_amount(budget)} from {shown_day(budget.first_day)} on."
    if holding is not None and holding != budget:
        other = next((at.row for at, found in rows.values() if found.budget == holding), None)
        where = f"row {other}" if other else holding.source
        return f"Does not hold: {where} says {say_amount(holding)}, and its word holds."
    elsewhere = budgets_on((*context.config.budgets, *budget_file(context.config).budgets), context.as_of)
    less = [held for held in elsewhere if held.key == budget.key and _terms(held) != _terms(budget)]
    said = f"Holds: {say_amount(budget)}."
    said += "".join(f" {held.source} says {say_amount(held)} and gives way." for held in less)
    known = grounds.names_like(budget)
    if known and not find_alike(budget.name, known):
        said += f" No export names {budget.subject} yet, so nothing counts against it."
    return said


def say_amount(budget: Budget) -> str:
    """Return $5,000.00 per month, or 300,000 credits per quarter."""
    amount = usd(budget.amount) if budget.unit == "usd" else f"{credits_short(budget.amount)} credits"
    return f"{amount} per {budget.per}{', rolling over' if budget.rolls_over else ''}"


def _say_kept(line: int, kept: Sequence[TypedBudget]) -> str:
    """Return what still applies in place of a row that cannot be read."""
    one = next((one for one in kept if one.line == line), None)
    return f"Until then {say_amount(one.budget)} of {one.budget.subject} holds." if one else ""


def _changes(
    before: Mapping[tuple[object, ...], TypedBudget], now: Sequence[TypedBudget], gone: Sequence[TypedBudget]
) -> Iterator[str]:
    for one in now:
        known = before.get(one.identity)
        if known is None:
            yield f"{one.budget.subject}: {say_amount(one.budget)}"
        elif _terms(known.budget) != _terms(one.budget):
            yield f"{one.budget.subject}: {say_amount(one.budget)}, before {say_amount(known.budget)}"
    for one in gone:
        yield f"{one.budget.subject}: {say_amount(one.budget)} taken out"
