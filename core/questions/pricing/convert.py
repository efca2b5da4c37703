"""`convert`: a Flex Agreement, seats against credits, and seats without usage."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Answer, Note, figure, group_digits, number, usd
from core.days import MONTHS_IN_YEAR
from core.errors import InputError
from core.pricing import Credits, Usd, credit_rates, plans
from core.questions import from_question
from core.questions.pricing.compare import said_items

if TYPE_CHECKING:
    from core.answer import Figure
    from core.context import Context
    from core.language import Question
    from core.pricing import UsdPerCredit


def convert(question: Question, context: Context) -> Answer:
    """Return the value of seats in credits, or of credits or an amount in seats, at the Flex Agreement's rate.

    An amount is the whole sum asked about, as credits are, whatever period it is for.
    """
    prices, terms = context.prices, from_question.terms(question, context)
    ratio = prices.value("flex_agreement.usd_of_credits_per_usd_of_seats")
    seat = Usd(plans.usd_per_seat("add_on.usd", prices, terms))
    rate = _rate(question, seat * ratio, context)
    items = ("add_on.usd", "flex.usd_per_pack", "action.production", "flex_agreement.usd_of_credits_per_usd_of_seats")
    rows = [prices.row(item) for item in items if item not in said_items(terms)]
    each = prices.value("action.production")
    if question.users is not None:
        figures, sums, headline = _from_seats(question.users, seat, ratio, rate, each)
    else:
        spent = (
            Credits(question.credits).at(rate)
            if question.credits
            else Usd(question.spend.amount if question.spend else Decimal(0))
        )
        figures, sums, headline = _to_seats(spent, question.credits, seat, ratio)
    idle_figures, idle_sums, idle_notes = _idle(question, context, seat, ratio, rate)
    return Answer(
        question=context.canonical_question(question),
        title="Flex Agreement",
        headline=headline,
        as_of=context.as_of,
        figures=(*figures, *idle_figures),
        arithmetic=(*sums, *idle_sums),
        notes=(
            *idle_notes,
            *from_question.tier_notes(question, context),
            *from_question.assumptions(rows),
            Note("warning", "Conversion is by contract, not a right: have the rate and the deadline written down."),
        ),
        sources=from_question.sources(rows),
    )


def _rate(question: Question, in_credits: Usd, context: Context) -> UsdPerCredit:
    """Return the price of a credit: for one order of the amount to convert, a year of the seats. in_credits: a seat's month."""
    prices, terms = context.prices, from_question.terms(question, context)
    if question.credits:
        return credit_rates.flex_rate(prices, terms, Credits(question.credits))
    if question.users is None:
        return credit_rates.flex_rate(prices, terms)
    return credit_rates.largest_order(in_credits * question.users * MONTHS_IN_YEAR, prices, terms).rate


Converted = tuple[list["Figure"], list[str], str]


def _idle(
    question: Question, context: Context, seat: Usd, ratio: Decimal, rate: UsdPerCredit
) -> tuple[list[Figure], list[str], list[Note]]:
    """Return how many of the seats had no usage in the wallet, and what they would be worth in credits."""
    if question.users is None or not context.has_warehouse:
        return [], [], []
    from core.questions.wallet import active_users  # noqa: PLC0415 - conversions without seats pay for none of it

    try:
        active, days = active_users(context)
    except InputError as error:
        return [], [], [Note("warning", f"The wallet was left out: {error}")]
    if not active:
        return [], [], [Note("warning", f"No event of {days} names a user, so seats without use are unknown.")]
    idle = max(Decimal(0), question.users - active)
    year = seat * idle * MONTHS_IN_YEAR
    in_credits = year.count * ratio / rate.usd
    sums = [
        f"{number(question.users)} seats − {group_digits(active)} users with use ({days}) = {number(idle)} without",
        f"{number(idle)} seats × {usd(seat.count)} × {MONTHS_IN_YEAR} = {usd(year.count)} a year = {number(in_credits)} credits",
    ]
    figures = [
        figure("active_users", Decimal(active)),
        figure("idle_seats", idle),
        figure("idle_usd_per_year", year.count),
        figure("idle_credits_per_year", in_credits),
    ]
    worth = f"{number(idle)} of the {number(question.users)} seats had no use, {days}: {usd(year.count)} a year"
    return figures, sums, [Note("warning", f"{worth}, or {number(in_credits)} credits at the same rate.")] if idle else []


def _from_seats(seats: Decimal, seat: Usd, ratio: Decimal, rate: UsdPerCredit, each: Decimal) -> Converted:
    month = seat * seats
    credits_month = month.count * ratio / rate.usd
    actions = credits_month / each
    figures = [
        figure("credits_per_month", credits_month),
        figure("actions_per_month", actions),
        figure("usd_per_month", month.count),
        figure("usd_per_year", month.count * MONTHS_IN_YEAR),
    ]
    sums = [
        f"{number(seats)} seats × {usd(seat.count)} = {usd(month.count)} a month",
        f"{usd(month.count)} × {number(ratio)} ÷ {usd(rate.usd)} = {number(credits_month)} credits a month",
        f"{number(credits_month)} credits ÷ {number(each)} = {number(actions)} actions a month",
    ]
    worth = f"{number(credits_month)} credits a month, {number(actions)} actions"
    return figures, sums, f"{number(seats)} seats, {usd(month.count)} a month, are worth {worth}."


def _to_seats(spent: Usd, credits_said: Decimal | None, seat: Usd, ratio: Decimal) -> Converted:
    seat_months = spent.count / ratio / seat.count
    figures = [
        figure("usd", spent.count),
        figure("seat_months", seat_months),
        figure("seats_for_a_year", seat_months / MONTHS_IN_YEAR),
    ]
    sums = [
        f"{usd(spent.count)} ÷ {number(ratio)} ÷ {usd(seat.count)} = {number(seat_months)} seat-months",
        f"{number(seat_months)} ÷ {MONTHS_IN_YEAR} = {number(seat_months / MONTHS_IN_YEAR)} seats for a year",
    ]
    said = f"{number(credits_said)} credits" if credits_said else usd(spent.count)
    return (
        figures,
        sums,
        f"{said} are worth {number(seat_months)} seat-months, or {number(seat_months / MONTHS_IN_YEAR)} seats for a year.",
    )
