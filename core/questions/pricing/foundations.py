"""`foundations`: how long the free credits last, and what they fund."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Answer, Note, amount, figure, number, usd, usd_exact
from core.days import MONTHS_IN_YEAR
from core.errors import AgentcostError
from core.pricing import CALENDAR_DAYS, Terms, Workload, burn, credit_rates, credits_per_action, times_billed
from core.questions import from_question
from core.questions.from_question import PLACES
from core.questions.pricing.metered import burn_sums, use_notes, use_of
from core.records import NamedTuple

if TYPE_CHECKING:
    from core.answer import Figure
    from core.context import Context
    from core.language import MeteredSaid, Question
    from core.pricing import PriceRow

FREE, BESIDE = "foundations.credits", "foundations.data_360_credits"
ONCE = "The free credits are taken once: nobody states that they come again, or when they end."
SAY_A_USE = "Say a use to learn how long they last, for example `foundations 10000 interactions 3 actions`."


class Found(NamedTuple):
    """The findings: figures, sums, notes, and the rows behind them."""

    figures: list[Figure]
    sums: list[str]
    notes: list[Note]
    rows: list[PriceRow]


def foundations(question: Question, context: Context) -> Answer:
    """Return how long the free credits of Foundations last for the usage asked about, else for the wallet's own."""
    if question.metered is not None:
        return _for_meter(question, question.metered, context)
    filled, notes = _from_wallet(question, context)
    load, prices = from_question.workload(filled), context.prices
    free = prices.row(FREE)
    each = credits_per_action(load, prices)
    times = times_billed(load, prices)
    funded = free.value / each / times
    figures = [figure("free_actions", funded)]
    billed = f" ÷ {times} billed actions" if times > 1 else ""
    sums = [f"{number(free.value)} credits ÷ {number(each, PLACES)}{billed} = {number(funded)} actions"]
    per_interaction = load.actions_per_interaction()
    if per_interaction:
        figures.append(figure("free_interactions", funded / per_interaction))
        sums.append(f"{number(funded)} actions ÷ {number(per_interaction)} = {number(funded / per_interaction)} interactions")
    if load.actions is None:
        headline = f"{amount(free.value, 'credits')} come free and are {number(funded)} actions."
        notes = [*notes, Note("warning", SAY_A_USE)]
        return _answer(question, context, headline, Found(figures, sums, notes, [prices.row("action.production")]))
    month = load.actions.count * times * each
    sums = [*from_question.volume_sums(filled, load, prices), *sums]
    rows = [prices.row(item) for item in _items(load)]
    return _lasting(question, context, (month, load.growth), Found(figures, sums, notes, rows))


def _items(load: Workload) -> list[str]:
    items = ["action.production"]
    items += ["action.sandbox"] if load.sandbox_share else []
    items += ["voice.production"] if load.voice_share else []
    return items + (["action.tokens"] if load.tokens_per_action else [])


def _from_wallet(question: Question, context: Context) -> tuple[Question, list[Note]]:
    if question.names_workload or not context.has_warehouse:
        return question, []
    from core.questions.wallet import from_wallet  # noqa: PLC0415 - a question that names figures pays for none of it

    try:
        return from_wallet(question, context)
    except AgentcostError as error:
        return question, [Note("warning", f"The wallet was left out: {error}")]


def _months(free: Decimal, month: Decimal, growth: Decimal) -> Decimal:
    """Return the months until that many credits are used: for equal months, else one by one as each grows."""
    if not growth:
        return free / month
    months = Decimal(0)
    while free > month:
        free, month, months = free - month, month * (1 + growth), months + 1
    return months + free / month


def _for_meter(question: Question, said: MeteredSaid, context: Context) -> Answer:
    use, prices = use_of(question, said), context.prices
    metered, free = burn(use, prices), prices.value(FREE)
    rows = [prices.row(item) for item in metered.items]
    sums, notes = burn_sums(use, metered, prices), use_notes(use, prices)
    if not metered.credits:
        headline = f"{metered.meter.name[0].upper()}{metered.meter.name[1:]} burn no credits there, so the free ones last."
        return _answer(question, context, headline, Found([], sums, notes, rows))
    each = metered.credits.count / metered.units
    funded = free / each
    figures = [figure("free_units", funded)]
    product = f"{number(metered.credits.count, PLACES)} × {number(metered.units, PLACES)}"
    sums.append(f"{number(free)} credits ÷ {product} = {number(funded)} {metered.meter.name}")
    if said.period is None:
        headline = f"{amount(free, 'credits')} come free and are {number(funded)} {metered.meter.name}."
        return _answer(question, context, headline, Found(figures, sums, notes, rows))
    month = metered.credits.count / (1 if said.period == "month" else MONTHS_IN_YEAR)
    return _lasting(question, context, (month, Decimal(0)), Found(figures, sums, notes, rows))


def _lasting(question: Question, context: Context, use: tuple[Decimal, Decimal], found: Found) -> Answer:
    """Return how long the credits last. use: the credits of the first month, and the monthly growth as a fraction."""
    (month, growth), free = use, context.prices.value(FREE)
    months = _months(free, month, growth)
    days = months * CALENDAR_DAYS / MONTHS_IN_YEAR
    lasting = f"{number(months)} months" if months >= MONTHS_IN_YEAR else f"{number(days)} days"
    at = "in the first month, growing" if growth else "a month"
    lasts = (
        f"{number(month, PLACES)} + {number(month * (1 + growth), PLACES)} + … = {number(free)} credits in "
        f"{number(months, PLACES)} months"
        if growth
        else f"{number(free)} credits ÷ {number(month, PLACES)} credits a month = {number(months, PLACES)} months"
    )
    figures = [figure("metered_credits_per_month", month), figure("free_months", months), figure("free_days", days)]
    sums = [*found.sums, lasts, f"{number(months, PLACES)} months × {CALENDAR_DAYS} ÷ {MONTHS_IN_YEAR} = {number(days)} days"]
    headline = f"{amount(free, 'credits')} come free and last {lasting} at {number(month)} credits {at}."
    return _answer(question, context, headline, found._replace(figures=[*figures, *found.figures], sums=sums))


def _answer(question: Question, context: Context, headline: str, about: Found) -> Answer:
    prices = context.prices
    free, rate = prices.row(FREE), credit_rates.flex_rate(prices, Terms())
    worth = free.value * rate.usd
    found = [figure("free_credits", free.value), figure("free_credits_usd", worth)]
    beside = [prices.row(BESIDE)] if prices.has(BESIDE) else []
    all_rows = [free, *beside, *about.rows, prices.row("flex.usd_per_pack"), prices.row("flex.credits_per_pack")]
    return Answer(
        question=context.canonical_question(question),
        title="Free credits",
        headline=headline,
        as_of=context.as_of,
        figures=(*found, *(figure("data_360_free_credits", row.value) for row in beside), *about.figures),
        arithmetic=(*about.sums, f"{number(free.value)} credits × {usd_exact(rate.usd)} = {usd(worth)} at your rate"),
        notes=(
            *about.notes,
            Note("assumption", ONCE),
            *([Note("warning", f"{row.label}: {number(row.value)}; they are a pool of their own.", "") for row in beside]),
            from_question.disputed_claim_note("100k_fund_5000_interactions"),
            *from_question.assumptions(all_rows),
        ),
        sources=from_question.sources(all_rows),
    )
