"""`price 10000 standard prompts`: the burn and cost of one metered item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.answer import Answer, Note, amount, figure, number, percent, usd, usd_exact, write_numbers
from core.days import MONTHS_IN_YEAR
from core.pricing import FIRST_TIER, METERS, NoPriceError, UseOfMeter, burn, credit_rates, price_book, setting_said
from core.questions import from_question
from core.questions.from_question import PLACES

if TYPE_CHECKING:
    from decimal import Decimal

    from core.answer import Figure
    from core.context import Context
    from core.language import MeteredSaid, Question
    from core.pricing import Meter, Metered, Prices

TIERS = (
    "Data 360 has four monthly tiers, and the multiplier falls from one to the next as a month's volume grows; where they begin "
    "is in the contract. All of it is priced in tier {tier}{say}."
)
NO_SANDBOX_RATE = "No rate for sandboxes is stated for {name}; the rate of production is taken."
ONE_CHUNK = "Without tokens per prompt each prompt is one chunk of {tokens} tokens; say for example `6500 tokens per prompt`."


def use_of(question: Question, said: MeteredSaid) -> UseOfMeter:
    """Return the usage that the question describes."""
    return UseOfMeter(
        METERS[said.meter],
        said.count,
        question.environment == "sandbox",
        question.prompt_tokens,
        FIRST_TIER if question.tier is None else int(question.tier),
    )


def price_metered(question: Question, said: MeteredSaid, context: Context) -> Answer:
    """Return the burn and cost of the item; if only a contract has its rate, that fact and the setting for it."""
    use, prices = use_of(question, said), context.prices
    if use.meter.is_in_usd:
        return _in_usd(question, use, context)
    try:
        metered = burn(use, prices)
    except NoPriceError as error:
        if error.first_day is not None:
            raise
        return _contract_only(question, use, error, context)
    terms = from_question.terms(question, context)
    order = metered.credits * MONTHS_IN_YEAR if said.period == "month" else metered.credits
    rate = credit_rates.rate_of(question.buying, prices, terms, order).assumed
    rows = [prices.row(item) for item in (*metered.items, "flex.usd_per_pack", "flex.credits_per_pack")]
    rows += [prices.row(item) for item in from_question.buying_items(question, prices)]
    cost = metered.credits.at(rate)
    every = f" a {said.period}" if said.period else ""
    verbs = ("burns", "costs") if metered.units == 1 else ("burn", "cost")
    burnt = amount(metered.credits.count, "credits")
    headline = f"{_counted(metered)} {verbs[0]} {burnt} and {verbs[1]} {usd(cost.count)}{every}."
    return Answer(
        question=context.canonical_question(question),
        title=f"Price of {metered.meter.name}",
        headline=headline,
        as_of=context.as_of,
        figures=(*_figures(metered, cost.count), *_by_period(said, metered, rate.usd)),
        arithmetic=(
            *burn_sums(use, metered, prices),
            f"{number(metered.credits.count, PLACES)} credits × {usd_exact(rate.usd)} = {usd_exact(cost.count)}",
        ),
        notes=(*use_notes(use, prices), *_row_notes(rows), *from_question.assumptions(rows), *_term_notes(use.meter, context)),
        sources=tuple(dict.fromkeys((*from_question.sources(rows), *(term.source for term in _terms_about(use.meter, context))))),
    )


def _in_usd(question: Question, use: UseOfMeter, context: Context) -> Answer:
    """Return the cost of an item that is paid in dollars, not in Flex Credits."""
    row, meter = context.prices.row(use.meter.item), use.meter
    cost = use.said * row.value / meter.per
    every = f" a {question.metered.period}" if question.metered and question.metered.period else ""
    return Answer(
        question=context.canonical_question(question),
        title=f"Price of {meter.name}",
        headline=f"{number(use.said, PLACES)} {meter.name} cost about {usd(cost)}{every}.",
        as_of=context.as_of,
        figures=(
            figure("metered_units", use.said),
            figure("metered_usd", cost),
            figure("metered_usd_per_unit", row.value / meter.per),
        ),
        arithmetic=(f"{number(use.said, PLACES)} × {usd(row.value)} ÷ {number(meter.per)} = {usd_exact(cost)}",),
        notes=(*_row_notes([row]), *from_question.disputes([row]), *_term_notes(meter, context)),
        sources=tuple(dict.fromkeys((row.source, *(term.source for term in _terms_about(meter, context))))),
    )


def _counted(metered: Metered) -> str:
    name = metered.meter.words[1] if metered.units == 1 and metered.meter.words[0].endswith("s") else metered.meter.name
    return f"{number(metered.units, PLACES)} {name}"


def _figures(metered: Metered, cost: Decimal) -> list[Figure]:
    found = [figure("metered_units", metered.units)]
    if metered.meter.tokens_item:
        found.append(figure("metered_chunks", metered.units * metered.chunks))
    return [
        *found,
        figure("metered_credits", metered.credits.count),
        figure("metered_usd", cost),
        figure("metered_usd_per_unit", cost / metered.units),
    ]


def _by_period(said: MeteredSaid, metered: Metered, usd_per_credit: Decimal) -> list[Figure]:
    if said.period is None:
        return []
    burnt = metered.credits.count
    month, year = (burnt, burnt * MONTHS_IN_YEAR) if said.period == "month" else (burnt / MONTHS_IN_YEAR, burnt)
    return [
        figure("metered_credits_per_month", month),
        figure("metered_credits_per_year", year),
        figure("metered_usd_per_month", month * usd_per_credit),
        figure("metered_usd_per_year", year * usd_per_credit),
    ]


def burn_sums(use: UseOfMeter, metered: Metered, prices: Prices) -> list[str]:
    """Return the arithmetic of the credits."""
    meter, sums = metered.meter, []
    if metered.units != use.said:
        sums.append(f"{number(use.said, PLACES)} {meter.name} are {number(metered.units)} started ones")
    if use.tokens is not None and meter.tokens_item:
        chunk = prices.value(meter.tokens_item)
        sums.append(
            f"{number(use.tokens)} tokens ÷ {number(chunk)} = {number(use.tokens / chunk)}, so {metered.chunks} chunks each"
        )
    each, factors = metered.each, [item for item in metered.items if item.endswith("_percent")]
    if factors:
        shares = " × ".join(percent(prices.value(item)) for item in factors)
        sums.append(f"{number(prices.value(meter.item))} credits × {shares} = {number(each, PLACES)} credits")
    chunks = f" × {metered.chunks} chunks" if metered.chunks > 1 else ""
    per = f" ÷ {number(meter.per)}" if meter.per != 1 else ""
    product = f"{number(metered.units, PLACES)}{chunks} × {number(each, PLACES)} credits{per}"
    return [*sums, f"{product} = {number(metered.credits.count, PLACES)} credits"]


def use_notes(use: UseOfMeter, prices: Prices) -> list[Note]:
    """Return the assumptions about the usage: its tier, its chunks, its rate in a sandbox."""
    notes = (
        [Note("assumption", TIERS.format(tier=use.tier, say="; say for example `tier 4`" if use.tier == FIRST_TIER else ""))]
        if use.meter.has_tiers
        else []
    )
    if use.meter.tokens_item and use.tokens is None:
        notes.append(Note("assumption", ONE_CHUNK.format(tokens=number(prices.value(use.meter.tokens_item)))))
    if use.in_sandbox and not use.meter.sandbox_item and not use.meter.free_in_sandbox:
        notes.append(Note("warning", NO_SANDBOX_RATE.format(name=use.meter.name)))
    return notes


def _row_notes(rows: list[price_book.PriceRow]) -> list[Note]:
    return [
        Note("warning", write_numbers(f"{row.label}: {row.note}"), "")
        for row in rows
        if row.note and row.kind != "assumption" and _is_own(row)
    ]


def _is_own(row: price_book.PriceRow) -> bool:
    return not row.item.startswith("flex.") and not row.item.endswith(".tokens")


def _terms_about(meter: Meter, context: Context) -> list[price_book.PriceTerm]:
    return [term for term in price_book.terms_on(context.as_of).values() if meter.item in term.items]


def _term_notes(meter: Meter, context: Context) -> list[Note]:
    said = _terms_about(meter, context)
    return [
        *(Note("warning", f"{term.label}: {term.says} ({term.source.title}).") for term in said),
        *from_question.disputed_terms(said, context.as_of),
    ]


def _contract_only(question: Question, use: UseOfMeter, error: NoPriceError, context: Context) -> Answer:
    units = burn(use._replace(meter=use.meter._replace(free_in_sandbox=True), in_sandbox=True), context.prices).units
    said = _terms_about(use.meter, context)
    name = use.meter.name if error.item == use.meter.item else f"tier {use.tier} of Data 360"
    return Answer(
        question=context.canonical_question(question),
        title=f"Price of {use.meter.name}",
        headline=f"Only your contract has a rate for {name}: write it into app.yaml as contract.prices.{error.item}.",
        as_of=context.as_of,
        figures=(figure("metered_units", units),),
        notes=(
            Note("warning", f"“{error.label}” has no public price: {setting_said(error.item)}."),
            *_term_notes(use.meter, context),
        ),
        sources=tuple(term.source for term in said),
    )
