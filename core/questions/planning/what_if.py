"""`what if`: the wallet's own month repriced beside today's: more volume, other actions per interaction, growth, a discount."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Answer, Column, Emphasis, Note, Table, figure, headline_of, number, percent, usd, usd_exact, usd_short
from core.days import MONTHS_IN_YEAR
from core.errors import InputError
from core.language import Question
from core.questions import from_question
from core.questions.wallet import from_wallet
from core.records import NamedTuple
from core.wallet.usage import flex_prices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.answer import Figure
    from core.context import Context

COLUMNS = (
    Column("what", "A month", "text"),
    Column("actions", "Actions", "actions"),
    Column("credits", "Credits", "credits"),
    Column("usd_per_credit", "Per credit", "usd"),
    Column("usd_per_month", "Per month", "usd"),
    Column("usd_per_year", "Per year", "usd"),
)
AT_CONTRACT = "Both are priced at the contract's or list price of a credit; grants at hand and free credits are left out of both."
NO_ACTIONS = (
    "How many actions an interaction takes is not in the data. Say from what to what, as in `what if 4 actions to 7 actions`, or "
    "import the AI usage export (AiAgentGenerativeAiUsage)."
)


class OwnMonth(NamedTuple):
    """A month of usage and its price. usd_per_year: of twelve such months, with growth if requested."""

    actions: Decimal
    credits: Decimal
    usd_per_credit: Decimal
    usd_per_year: Decimal

    @property
    def usd_per_month(self) -> Decimal:
        """What the month costs."""
        return self.credits * self.usd_per_credit


def answer_what_if(question: Question, context: Context) -> Answer:
    """Return the last 28 complete days as a month, today and with the changes. Raises: InputError, without such days."""
    part = {kind: getattr(question, kind) for kind in ("org", "agent", "department", "user", "use_case")}
    filled, notes = from_wallet(Question("recommend", **part), context)
    if filled.counted_credits_per_year is None:
        raise InputError("Only Flex Credits have a price, and the wallet's own card is another one.")
    price = flex_prices(context.prices).contract
    a_year = filled.counted_credits_per_year  # a twelfth of it may not terminate, so a year is not the sum of its months
    counted = a_year / MONTHS_IN_YEAR
    now_per_interaction = from_question.actions_per_interaction(filled)
    actions = (from_question.actions_per_year(filled) or Decimal(0)) / MONTHS_IN_YEAR
    factor, reasons = _factor(question, now_per_interaction)
    today = OwnMonth(actions, counted, price, a_year * price)
    growth = from_question.monthly_growth(question)
    then_price = price * (1 - from_question.fraction(question.discount))
    months = [(1 + growth) ** nth for nth in range(MONTHS_IN_YEAR)]
    credits_then = counted * factor
    usd_then = a_year * factor * then_price * sum(months, Decimal(0)) / MONTHS_IN_YEAR
    then = OwnMonth(actions * factor, credits_then, then_price, usd_then)
    return Answer(
        question=context.canonical_question(question),
        title="What if",
        headline=_headline(today, then),
        as_of=context.as_of,
        figures=tuple(_figures(today, then)),
        tables=(Table("months", "The wallet's own month", COLUMNS, (("Today", *_cells(today)), ("What if", *_cells(then)))),),
        arithmetic=(
            f"{number(counted)} credits × {usd_exact(price)} = {usd(today.usd_per_month)} a month today",
            f"{number(credits_then)} credits × {usd_exact(then_price)} = {usd(then.usd_per_month)} a month then",
        ),
        notes=(
            *(Note("assumption", reason) for reason in reasons),
            *([Note("assumption", f"Twelve months, each {percent(growth * 100)} above the one before.")] if growth else []),
            Note("assumption", AT_CONTRACT),
            *notes,
        ),
        sources=(context.prices.row("flex.usd_per_pack").source,),
        emphasis=Emphasis((), "months", ("what", "usd_per_month", "usd_per_year", "credits", "actions")),
    )


def _factor(question: Question, observed: Decimal | None) -> tuple[Decimal, list[str]]:
    """Return the factor by which usage changes, and why. Raises: InputError, if the baseline is not known."""
    factor, reasons = Decimal(1), []
    if question.volume is not None:
        factor = question.volume / Decimal(100)
        reasons.append(f"Volume at {percent(question.volume)} of today's.")
    if question.actions is not None:
        start = question.actions.count if question.actions_to is not None else observed
        end = question.actions_to.count if question.actions_to is not None else question.actions.count
        if start is None:
            raise InputError(NO_ACTIONS)
        factor = factor * end / start
        reasons.append(f"{number(end)} actions per interaction instead of {number(start)}.")
    return factor, reasons


def _cells(month: OwnMonth) -> tuple[Decimal, ...]:
    return month.actions, month.credits, month.usd_per_credit, month.usd_per_month, month.usd_per_year


def _headline(today: OwnMonth, then: OwnMonth) -> str:
    change = then.usd_per_year - today.usd_per_year
    word = "more" if change >= 0 else "less"
    a_year = f"{usd_short(then.usd_per_year)} a year instead of {usd_short(today.usd_per_year)}"
    return headline_of(f"{a_year}: {usd_short(abs(change))} {word}.", f"{a_year}.")


def _figures(today: OwnMonth, then: OwnMonth) -> Iterator[Figure]:
    yield figure("usd_per_month_today", today.usd_per_month)
    yield figure("usd_per_month_then", then.usd_per_month)
    yield figure("usd_per_year_today", today.usd_per_year)
    yield figure("usd_per_year_then", then.usd_per_year)
    yield figure("change_usd_per_year", then.usd_per_year - today.usd_per_year)
    yield figure("credits_per_month_today", today.credits)
    yield figure("credits_per_month_then", then.credits)
