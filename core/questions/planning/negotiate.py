"""`negotiate`: what to ask for, and what each ask is worth at this usage."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Answer, Column, Emphasis, Note, Table, figure, number, usd, usd_short
from core.days import DAYS_IN_YEAR, MONTHS_IN_YEAR
from core.errors import QuestionError
from core.language import COMMANDS
from core.pricing import (
    NO_CREDITS,
    SPEND,
    Credits,
    Position,
    SandboxUse,
    cheapest_block,
    credit_rates,
    months_worth,
    threshold,
    value_asks,
    year_of_use,
)
from core.questions import from_question
from core.questions.pricing import said_items
from core.records import NamedTuple

if TYPE_CHECKING:
    from core.answer import Value
    from core.context import Context
    from core.language import Question
    from core.pricing import PriceRow, Terms, Workload, Worth

ASK_COLUMNS = (
    Column("ask", "Ask", "text", is_detail=True),
    Column("label", "Ask", "text"),
    Column("usd_per_year", "Worth per year", "usd"),
    Column("usd_per_year_low", "At least", "usd"),
    Column("usd_per_year_high", "At most", "usd"),
    Column("of", "Applies to", "text"),
    Column("of_usd_per_year", "Cost per year", "usd"),
    Column("wording", "What to ask for", "text", is_detail=True),
    Column("why", "How, or why not", "text"),
)
KINDS = {"action": "actions", "voice": "voice actions"}
EACH_BY_ITSELF = "Each ask is priced by itself; together they come to less than their sum, because a discount lowers the rest."
PREMIER_BOUGHT = "Premier support is assumed to be bought, on top of the AI spend; without it, its scope is worth nothing."
WHOLE_PACKS_REST = "Unused is what whole packs hold beyond a year of this use."
VOICE_ALIKE = "Voice is assumed to be the same share of the actions in sandboxes as in production."
LEFT_IN_WALLET = "Unused is what the wallet's grants will leave at their ends if the burn of the last 28 complete days continues."


def negotiate(question: Question, context: Context) -> Answer:
    """Return the asks, the most valuable first. Raises: QuestionError, with neither a workload nor a wallet."""
    use = _use(question, context)
    position = _position(question, use, context)
    found = value_asks(position)
    rows = _price_rows(context, position.terms)
    return Answer(
        question=context.canonical_question(question),
        title="Negotiation",
        headline=_headline(found, position),
        as_of=context.as_of,
        figures=(
            figure("ai_usd_per_year", position.spend.count),
            figure("year_credits", position.used.count),
            *(figure(f"{worth.ask.key}_usd_per_year", worth.usual.count) for worth in found),
        ),
        tables=(Table("asks", "What to ask for", ASK_COLUMNS, tuple(_row(worth) for worth in found)),),
        arithmetic=(
            *use.sums,
            f"{number(position.used.count)} credits a year × {usd(position.rate.usd)} = {usd(position.spend.count)}",
            *(f"{worth.ask.label}: {worth.why}" for worth in found if worth.applies),
        ),
        notes=(
            *from_question.tier_notes(question, context),
            *use.notes,
            Note("assumption", EACH_BY_ITSELF),
            Note("assumption", PREMIER_BOUGHT),
            Note("assumption", threshold(position)),
            *([from_question.disputed_claim_note("sandbox_50_percent")] if position.sandbox else []),
            *from_question.assumptions(rows),
        ),
        sources=tuple(dict.fromkeys((*from_question.sources(rows), *(worth.ask.source for worth in found)))),
        emphasis=Emphasis((), "asks", ("label", "usd_per_year", "usd_per_year_low", "usd_per_year_high", "of")),
    )


class NegotiationUsage(NamedTuple):
    """The usage to negotiate about: as a question, its credits a year, and what will be left of them (None if not known).

    sandbox: the part of it that runs in sandboxes, a year.
    """

    filled: Question
    credits: Credits
    unused: Credits | None
    sandbox: tuple[SandboxUse, ...]
    sums: tuple[str, ...]
    notes: tuple[Note, ...]


def _use(question: Question, context: Context) -> NegotiationUsage:
    if question.names_workload:
        load = from_question.workload(question)
        used = year_of_use(load, context.prices).credits or NO_CREDITS
        sums = tuple(from_question.volume_sums(question, load, context.prices))
        sandbox = _sandbox_of(load, context)
        notes = [Note("assumption", WHOLE_PACKS_REST)]
        notes += [Note("assumption", VOICE_ALIKE)] if len(sandbox) > 1 else []
        return NegotiationUsage(question, used, _rest_of_packs(question, used, context), sandbox, sums, tuple(notes))
    if not context.has_warehouse:
        asked = context.canonical_question(question)
        reason = "Negotiate needs a workload, or a wallet to take it from (agentcost import FILE)"
        raise QuestionError(reason, asked, 0, len(asked), COMMANDS["negotiate"].examples[1:])
    return _of_wallet(question, context)


def _of_wallet(question: Question, context: Context) -> NegotiationUsage:
    from core.questions.wallet import credits_of, from_wallet, last_days, sandbox_actions  # noqa: PLC0415 - as above
    from core.wallet.usage import facts as usage_facts  # noqa: PLC0415 - a workload in the question pays for none of it

    filled, notes = from_wallet(question, context)
    with last_days(context, question) as scene:
        burnt, days, seen = credits_of(scene), scene.days.days, sandbox_actions(scene)
    with context.reading() as session:
        facts = usage_facts.facts(question, context, session)
    left = Credits(sum(facts.expiring.values(), Decimal(0))) if facts.knows_grants else None
    growth = months_worth(from_question.monthly_growth(question)) / MONTHS_IN_YEAR
    scale = Decimal(DAYS_IN_YEAR) / days * growth
    year = burnt * DAYS_IN_YEAR / days * growth
    grown = f" × {number(growth, 6)} for growth" if growth != 1 else ""
    sums = (f"{number(burnt)} credits ÷ {days} days × {DAYS_IN_YEAR}{grown} = {number(year)} credits a year",)
    sandbox = tuple(
        SandboxUse(label, actions * scale, Credits(used * scale), context.prices.value(f"{kind}.production"))
        for kind, label in KINDS.items()
        if (actions := seen[kind].actions) > 0 and (used := seen[kind].credits) > 0
    )
    return NegotiationUsage(filled, Credits(year), left, sandbox, sums, (*notes, Note("assumption", LEFT_IN_WALLET)))


def _sandbox_of(load: Workload, context: Context) -> tuple[SandboxUse, ...]:
    """Return a year's sandbox usage of a workload in the question, assuming the same voice share there as everywhere."""
    prices, actions = context.prices, year_of_use(load, context.prices).actions
    if not actions or not load.sandbox_share:
        return ()
    shares = {"action": 1 - load.voice_share, "voice": load.voice_share}
    found = ((kind, actions.count * load.sandbox_share * share) for kind, share in shares.items() if share)
    return tuple(
        SandboxUse(KINDS[kind], count, Credits(count * prices.value(f"{kind}.sandbox")), prices.value(f"{kind}.production"))
        for kind, count in found
    )


def _rest_of_packs(question: Question, used: Credits, context: Context) -> Credits:
    """Return what is left of the whole packs that would be bought for this usage."""
    block = cheapest_block(used, context.prices, from_question.terms(question, context))
    return credit_rates.pack_credits(context.prices) * block.packs - used


def _position(question: Question, use: NegotiationUsage, context: Context) -> Position:
    return Position(
        used=use.credits,
        sandbox=use.sandbox,
        unused=use.unused,
        owned_seats=from_question.workload(question).seats,
        prices=context.prices,
        terms=from_question.terms(question, context),
    )


def _headline(found: list[Worth], position: Position) -> str:
    best = found[0]
    if not best.applies:
        return f"None of the asks is worth anything on {usd_short(position.spend.count)} a year."
    more = found[1]
    then = f", then {more.ask.label}: {usd_short(more.usual.count)}" if more.usual else ""
    of = "" if best.of_what == SPEND else f" of {best.of_what}"
    return f"Ask for {best.ask.label} first: {usd_short(best.usual.count)} of {usd_short(best.of.count)}{of} a year{then}."


def _row(worth: Worth) -> tuple[Value, ...]:
    ends = (worth.usual.count, worth.low.count, worth.high.count)
    return (worth.ask.key, worth.ask.label, *ends, worth.of_what, worth.of.count, worth.ask.wording, worth.why)


def _price_rows(context: Context, terms: Terms) -> list[PriceRow]:
    items = (
        "flex.usd_per_pack",
        "flex.credits_per_pack",
        "action.production",
        "action.sandbox",
        "add_on.usd",
        "premier.percent",
        "volume_discount.percent",
        "flex_agreement.usd_of_credits_per_usd_of_seats",
    )
    return [context.prices.row(item) for item in items if item not in said_items(terms)]
