"""From the question to what is priced: its workload and terms."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Note, Source, cell, group_digits, number, usd, write_numbers
from core.days import MONTHS_IN_YEAR
from core.pricing import (
    Actions,
    Credits,
    Interactions,
    Seats,
    Terms,
    Workload,
    claims,
    credit_rates,
    credits_per_action,
    other_terms,
    times_billed,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.context import Context
    from core.language import PriceInput, Question
    from core.pricing import PriceRow, Prices, PriceTerm

BY_SIZE_OF_ORDER = (
    "A pack is priced by the size of the order, a year's use bought at once (contract.volume_tiers in app.yaml); a larger order "
    "is taken where its lower price makes it cheaper"
)
OF_A_SINGLE_PACK = (
    "No volume is named, so a pack costs what a single one does; the contract's tiers (contract.volume_tiers in app.yaml) make "
    "larger orders cheaper."
)

NEWEST = "The vendor's newest reading holds, else the newest."
PLACES = 6


def actions_per_interaction(question: Question) -> Decimal | None:
    """Return the average of the mix, or the stated actions per interaction."""
    if question.mix:
        return sum((part.percent * part.actions for part in question.mix), Decimal(0)) / Decimal(100)
    return question.actions.count if question.actions and question.actions.per == "interaction" else None


def actions_per_year(question: Question) -> Decimal | None:
    """Return the actions of twelve months like the first, if they follow from the question."""
    each = actions_per_interaction(question)
    if each is not None:
        return question.interactions.per_year * each if question.interactions else None
    said = question.actions
    if said is None:
        return None
    if said.per == "user":
        return said.count * question.users * MONTHS_IN_YEAR if question.users is not None else None
    return said.count if said.per == "year" else said.count * MONTHS_IN_YEAR


def workload(question: Question) -> Workload:
    """Return the usage that the question describes."""
    actions, counted = actions_per_year(question), question.counted_credits_per_year
    return Workload(
        interactions_per_year=Interactions(question.interactions.per_year) if question.interactions else None,
        actions_per_year=Actions(actions) if actions is not None else None,
        seats=Seats(question.users) if question.users is not None else None,
        audience=question.audience,
        tokens_per_action=int(question.tokens) if question.tokens is not None else None,
        sandbox_share=fraction(question.sandbox_share),
        voice_share=fraction(question.voice_share),
        resolved_share=fraction(question.resolved_share, Decimal(100)),
        growth=monthly_growth(question),
        counted_credits_per_year=None if counted is None else Credits(counted),
    )


def workload_with_free(question: Question, prices: Prices) -> Workload:
    """Return the usage that the question describes, with the free credits of Foundations if it mentions them.

    Raises: NoPriceError, if there are none on the day.
    """
    load = workload(question)
    return load._replace(free_credits=Credits(prices.value("foundations.credits"))) if question.foundations else load


def fraction(percent: Decimal | None, otherwise: Decimal = Decimal(0)) -> Decimal:
    """Return a percentage as a fraction: 0.25 for 25%."""
    return (otherwise if percent is None else percent) / Decimal(100)


def monthly_growth(question: Question) -> Decimal:
    """Return the growth of a month as a fraction; growth per year is compounded from twelve equal months."""
    if question.growth is None:
        return Decimal(0)
    growth = fraction(question.growth.amount)
    return growth if question.growth.period == "month" else (1 + growth) ** (Decimal(1) / MONTHS_IN_YEAR) - 1


def terms(question: Question, context: Context) -> Terms:
    """Return the question's own prices, which take precedence over the contract's tiers."""
    contract = context.contract
    return Terms(
        discount=fraction(question.discount),
        buying=question.buying,
        usd_per_action=_usd(question.action_price),
        usd_per_pack=_usd(question.pack_price),
        usd_per_conversation=_usd(question.conversation_price),
        usd_per_seat=_usd(question.seat_price),
        tiers=contract.volume_tiers if contract.prices.holds_on(context.as_of) else (),
    )


def tier_notes(question: Question, context: Context) -> list[Note]:
    """Return a note that the contract's tiers price the order, if they do."""
    prices, said = context.prices, terms(question, context)
    if len(credit_rates.pack_prices(prices, said)) == 1:
        return []
    sizes = ", ".join(
        f"from {number(Decimal(size.from_packs))} {usd(size.usd.count)}" for size in credit_rates.pack_prices(prices, said)
    )
    return [Note("assumption", f"{BY_SIZE_OF_ORDER} ({sizes}).")]


def single_pack_notes(question: Question, context: Context) -> list[Note]:
    """Return a note that a single pack's price is used, if the contract prices by order size and no size was named."""
    tiers = credit_rates.pack_prices(context.prices, terms(question, context))[1:]
    return [Note("warning", OF_A_SINGLE_PACK)] if tiers else []


def _usd(price: PriceInput | None) -> Decimal | None:
    return price.usd if price else None


def volume_sums(question: Question, load: Workload, prices: Prices) -> list[str]:
    """Return the arithmetic of the month's actions and credits."""
    if load.actions is None or not prices.has("action.production"):
        return []
    times, each = times_billed(load, prices), credits_per_action(load, prices)
    billed = load.actions * times
    sums = [f"{terms} = {number(load.actions.count, PLACES)} actions a month" for terms in _volume_terms(question, load)]
    if times > 1:
        overhead = f"{times} for {group_digits(load.tokens_per_action or 0)} tokens"
        total = f"{number(billed.count, PLACES)} billed actions"
        sums.append(f"{number(load.actions.count, PLACES)} actions × {overhead} = {total}")
    burnt = number(billed.count * each, PLACES)
    return [*sums, f"{number(billed.count, PLACES)} actions × {number(each, PLACES)} credits = {burnt} credits a month"]


def _volume_terms(question: Question, load: Workload) -> list[str]:
    if question.mix and question.interactions:
        month = question.interactions.per_month
        return [" + ".join(number(month * part.percent / Decimal(100) * part.actions, PLACES) for part in question.mix)]
    each = load.actions_per_interaction()
    if each is not None and load.interactions:
        return [f"{number(load.interactions.count, PLACES)} interactions × {number(each, PLACES)} actions"]
    if question.actions and question.actions.per == "user" and load.seats:
        return [f"{number(load.seats.count, PLACES)} users × {number(question.actions.count, PLACES)} actions"]
    return []


def sources(rows: Iterable[PriceRow]) -> tuple[Source, ...]:
    """Return where the rows were read, each source once."""
    return tuple(dict.fromkeys(row.source for row in rows))


def assumptions(rows: Iterable[PriceRow]) -> list[Note]:
    """Return a note for every unpublished price row, and for every row that others read differently."""
    rows = list(rows)
    notes = [
        Note("assumption", f"{row.label}: {cell(row.value, row.unit)}{_range(row)}. {write_numbers(row.note or '')}".strip())
        for row in rows
        if row.kind == "assumption"
    ]
    return notes + disputes(rows)


def disputes(rows: Iterable[PriceRow]) -> list[Note]:
    """Return a note for every row for which another reading of the same day gives a different value."""
    return [
        Note("disputed claim", f"{row.label}: {cell(row.value, row.unit)} ({row.source.title}); {_otherwise(row)}. {NEWEST}")
        for row in rows
        if row.others
    ]


def _otherwise(row: PriceRow) -> str:
    return "; ".join(f"{cell(other.value, other.unit)} ({other.source.title})" for other in row.others)


def disputed_terms(said: Iterable[PriceTerm], on: date) -> list[Note]:
    """Return a note for every stated term that others state differently for that day."""
    noted = []
    for term in said:
        others = "; ".join(f"“{other.says}” ({other.source.title})" for other in other_terms(term, on))
        if others:
            noted.append(Note("disputed claim", f"{term.label}: “{term.says}” ({term.source.title}); {others}. {NEWEST}"))
    return noted


def _range(row: PriceRow) -> str:
    return f" ({cell(row.low, row.unit)} to {cell(row.high, row.unit)})" if row.low is not None and row.high is not None else ""


def disputed_claim_note(key: str) -> Note:
    """Return a published claim beside the result of the arithmetic."""
    claim = claims()[key]
    finding = claim.finding[0].upper() + claim.finding[1:]
    return Note("disputed claim", f"Published: “{claim.claim}” ({claim.source.title}). {write_numbers(finding)}.")


def buying_items(question: Question, prices: Prices) -> list[str]:
    """Return the price items behind the requested way of buying: the contract's own price, else the assumption."""
    if question.action_price is not None or question.buying in {None, "prepurchase"}:
        return []
    if prices.has(f"{question.buying}.usd_per_action"):
        return [f"{question.buying}.usd_per_action"]
    premium = ["precommit.share_of_payg_premium_percent"] if question.buying == "precommit" else []
    return [*premium, "payg.usd_per_action" if prices.has("payg.usd_per_action") else "payg.saving_percent"]
