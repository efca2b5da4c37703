"""Amounts in another currency next to dollars, exact, at one dated rate that the answer names."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from core.answer import Fact, Note, Source, figure_facts, glance
from core.currency.exchange_rates import rates_of
from core.errors import InputError

if TYPE_CHECKING:
    from core.answer import Answer, Column, Emphasis, Figure, Table, Unit, Value
    from core.currency.exchange_rates import CurrencySettings, ExchangeRate

MAX_FIGURES, MAX_FACTS_KEPT = 3, 5


def show_in_currency(answer: Answer, settings: CurrencySettings) -> Answer:
    """Return the answer with each amount in the display currency next to its dollars; unchanged if there is none to show.

    On a day without a rate within reach, amounts stay in dollars only, and a warning says why.
    """
    if settings.display is None or not _has_dollars(answer):
        return answer
    try:
        rate = rates_of(settings).rate(settings.display, answer.as_of)
    except InputError as error:
        return replace(answer, notes=(Note("warning", f"Amounts are in dollars alone. {error}"), *answer.notes))
    shown = tuple(_beside(one, rate) for one in answer.figures if one.unit == "usd" and isinstance(one.value, Decimal))
    return replace(
        answer,
        figures=(*answer.figures, *shown),
        tables=tuple(_with_columns(table, rate) for table in answer.tables),
        notes=(*answer.notes, Note("assumption", f"Amounts in {rate.currency} are at {rate} ({rate.title}).")),
        sources=(*answer.sources, Source(rate.title, rate.on)),
        emphasis=_emphasis(answer, shown, rate),
    )


def _has_dollars(answer: Answer) -> bool:
    return any(one.unit == "usd" for one in answer.figures) or any(
        column.unit == "usd" for table in answer.tables for column in table.columns
    )


def _unit(rate: ExchangeRate) -> Unit:
    return cast("Unit", rate.currency.lower())


def _key(key: str, rate: ExchangeRate) -> str:
    """Return the key of an amount in the currency: usd_per_year becomes eur_per_year, a key without usd gets the suffix _eur."""
    code = rate.currency.lower()
    parts = key.split("_")
    return "_".join(code if part == "usd" else part for part in parts) if "usd" in parts else f"{key}_{code}"


def _beside(one: Figure, rate: ExchangeRate) -> Figure:
    value = rate.from_usd(one.value) if isinstance(one.value, Decimal) else None
    return one._replace(key=_key(one.key, rate), label=f"{one.label}, in {rate.currency}", value=value, unit=_unit(rate))


def _with_columns(table: Table, rate: ExchangeRate) -> Table:
    """Return the table with a column in the currency after each dollar column."""
    places = [place for place, column in enumerate(table.columns) if column.unit == "usd"]
    if not places:
        return table
    columns: list[Column] = []
    for place, column in enumerate(table.columns):
        columns.append(column)
        if place in places:
            columns.append(
                column._replace(key=_key(column.key, rate), label=f"{column.label}, {rate.currency}", unit=_unit(rate))
            )
    return table._replace(columns=tuple(columns), rows=tuple(_with_cells(row, places, rate) for row in table.rows))


def _with_cells(row: tuple[Value, ...], places: list[int], rate: ExchangeRate) -> tuple[Value, ...]:
    cells: list[Value] = []
    for place, value in enumerate(row):
        cells.append(value)
        if place in places:
            cells.append(rate.from_usd(value) if isinstance(value, Decimal) else None)
    return tuple(cells)


def _emphasis(answer: Answer, shown: tuple[Figure, ...], rate: ExchangeRate) -> Emphasis:
    """Return the emphasis with the currency's amounts: a line with the first ones, and their columns."""
    emphasis = answer.emphasis
    dollars = {column.key for table in answer.tables for column in table.columns if column.unit == "usd"}
    columns = tuple(one for key in emphasis.columns for one in ((key, _key(key, rate)) if key in dollars else (key,)))
    facts = list(glance(answer).facts[:MAX_FACTS_KEPT])
    if shown:
        first = ", ".join(
            f"{fact.label.removesuffix(f', in {rate.currency}')} {fact.text}" for fact in figure_facts(shown[:MAX_FIGURES])
        )
        facts.append(Fact(f"In {rate.currency}", f"{first}; {rate}"))
    else:
        facts.append(Fact(f"In {rate.currency}", str(rate)))
    return emphasis._replace(facts=tuple(facts), columns=columns)
