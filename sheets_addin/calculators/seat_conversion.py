"""The Convert worksheet: seats in credits, or credits or an amount in seats, at the Flex Agreement's rate, all of it live."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.language import MOST
from core.questions import answer_to, from_question
from sheets_addin.calculators import calculator
from sheets_addin.calculators.calculator import Calculation, GridHead, LiveTable
from sheets_addin.calculators.credit_terms import MONTHS, SAID, CreditTerms, price_input
from sheets_addin.compare.inputs import Input, above_0
from sheets_addin.compare.workings_steps import Step
from sheets_addin.workbook import LABEL, Formula, relative, styles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.context import Context
    from core.language import Question
    from core.scope import Scope
    from sheets_addin.workbook import Content, Worksheet

TITLE, PREFIX = "Convert", "convert"
RATIO, SEAT = "usd_of_credits_per_usd_of_seats", "usd_per_seat"
TIMES = tuple(Decimal(quarters) / 4 for quarters in range(1, 9))
"""The rows of the table as multiples of the amount asked about, for its curve."""


def worksheet(question: Question, context: Context, scope: Scope) -> Worksheet:
    """Return the conversion; a part of the wallet shows no seats without usage. Raises: InputError, MachineError."""
    answer = answer_to(question, replace(context, only=scope))
    return calculator.worksheet(TITLE, PREFIX, answer, _calculation(question, context))


def _calculation(question: Question, context: Context) -> Calculation:
    seat = price_input(SEAT, "add_on.usd", context, from_question.terms(question, context).usd_per_seat)
    rates = (seat, price_input(RATIO, "flex_agreement.usd_of_credits_per_usd_of_seats", context))
    if question.users is not None:
        return _from_seats(question.users, rates, CreditTerms(question, context))
    if question.credits is not None:
        return _from_credits(question.credits, rates, CreditTerms(question, context))
    return _from_spend(question.spend.amount if question.spend else Decimal(0), rates)


def _from_seats(seats: Decimal, rates: Sequence[Input], terms: CreditTerms) -> Calculation:
    users = Input("seats", "Seats", seats, styles.COUNT, above_0(MOST["users"], whole=True), SAID, "How many seats to convert.")
    order = terms.rate_for(f"seats*{SEAT}*{RATIO}*months_per_year")
    rate = Step("usd_per_credit_bought", "… in an order of a year of the seats", Formula(order), styles.USD_CREDIT, "by its size")
    idle_year = f"idle_seats*{SEAT}*months_per_year"
    return Calculation(
        inputs=(users, *rates, *terms.inputs()),
        steps=(*terms.steps(), rate),
        results={
            "credits_per_month": f"seats*{SEAT}*{RATIO}/usd_per_credit_bought",
            "actions_per_month": "credits_per_month/credits_of_an_action",
            "usd_per_month": f"seats*{SEAT}",
            "usd_per_year": "usd_per_month*months_per_year",
            "idle_seats": "MAX(0,seats-active_users)",
            "idle_usd_per_year": idle_year,
            "idle_credits_per_year": f"{idle_year}*{RATIO}/usd_per_credit_bought",
        },
        grid=LiveTable(
            title="More or fewer seats",
            heads=(
                GridHead("Of the seats", "0%"),
                GridHead("Seats", styles.PLACE_1),
                GridHead("US dollars a month", styles.USD_CENTS),
                GridHead("Credits a month", styles.COUNT),
                GridHead("Actions a month", styles.COUNT),
            ),
            lines=tuple(_seats_line(times, terms) for times in TIMES),
            names={},
            kind="curves",
            plotted=(1, 3),
        ),
    )


def _seats_line(times: Decimal, terms: CreditTerms) -> Callable[[int], Sequence[Content]]:
    def line(row: int) -> Sequence[Content]:
        factor, seats, month, used = (relative(row, LABEL + at) for at in range(4))
        rate = terms.rate_for(f"{month}*{RATIO}*months_per_year")
        return (
            times,
            Formula(f"seats*{factor}"),
            Formula(f"{seats}*{SEAT}"),
            Formula(f"{month}*{RATIO}/({rate})"),
            Formula(f"{used}/credits_of_an_action"),
        )

    return line


TO_SEATS = {
    "usd": "usd_converted",
    "seat_months": f"usd_converted/{RATIO}/{SEAT}",
    "seats_for_a_year": "seat_months/months_per_year",
}


def _from_credits(amount: Decimal, rates: Sequence[Input], terms: CreditTerms) -> Calculation:
    said = Input("credits", "Credits", amount, styles.COUNT, above_0(MOST["credits"]), SAID, "How many credits to convert.")
    cost = Step("usd_converted", "What the credits cost", Formula(terms.cost_of("credits")), styles.USD_CENTS, "in one order")

    def priced(row: int) -> str:
        return terms.cost_of(relative(row, LABEL + 1))

    return Calculation(
        inputs=(said, *rates, *terms.inputs()),
        steps=(*terms.steps(), cost),
        results=TO_SEATS,
        grid=_seats_grid("More or fewer credits", GridHead("Credits", styles.COUNT), "credits", priced),
    )


def _from_spend(usd: Decimal, rates: Sequence[Input]) -> Calculation:
    said = Input("spend", "US dollars", usd, styles.USD_CENTS, above_0(MOST["spend"]), SAID, "The whole sum to convert.")
    whole = Step(
        "usd_converted", "What is converted", Formula("spend"), styles.USD_CENTS, "the whole sum, whatever period it is for"
    )
    return Calculation(
        inputs=(said, *rates),
        steps=(MONTHS, whole),
        results=TO_SEATS,
        grid=_seats_grid(
            "A larger or smaller sum", GridHead("Sum", styles.USD_CENTS), "spend", lambda row: relative(row, LABEL + 1)
        ),
    )


def _seats_grid(title: str, amount: GridHead, name: str, priced: Callable[[int], str]) -> LiveTable:
    def line_of(times: Decimal) -> Callable[[int], Sequence[Content]]:
        def line(row: int) -> Sequence[Content]:
            factor, _, usd, months = (relative(row, LABEL + at) for at in range(4))
            return (
                times,
                Formula(f"{name}*{factor}"),
                Formula(priced(row)),
                Formula(f"{usd}/{RATIO}/{SEAT}"),
                Formula(f"{months}/months_per_year"),
            )

        return line

    return LiveTable(
        title=title,
        heads=(
            GridHead("Of what was asked", "0%"),
            amount,
            GridHead("US dollars", styles.USD_CENTS),
            GridHead("Seat-months", styles.PLACE_1),
            GridHead("Seats for a year", styles.PLACE_1),
        ),
        lines=tuple(map(line_of, TIMES)),
        names={},
        kind="curves",
        plotted=(1, 4),
    )
