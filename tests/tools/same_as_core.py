"""Where a computed workbook differs from what core says for the same question."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from core.pricing.plans import PLANS, Offer, offers
from core.questions import from_question
from tests.tools.recalculate import column, errors, one

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.answer.model import Answer
    from core.context import Context
    from core.language.question import Question
    from sheets_addin.workbook.model import Workbook
    from tests.tools.recalculate import Value, Values

HALF_A_CENT = Decimal("0.005")
BILLIONTH = Decimal("0.000000001")
"""Of what a binary number of 15 digits holds of a sum in the billions."""
HALF_A_HUNDREDTH_OF_A_PERCENT = Decimal("0.00005")
NO_NUMBER = ("–", "not offered")
FIELDS = (
    "usd_per_month",
    "usd_per_year",
    "usd_per_interaction",
    "percent_below_conversation",
    "usd_per_year_if_doubled",
    "usd_per_year_if_halved",
)


def differences(values: Values, workbook: Workbook, question: Question, context: Context) -> list[str]:
    """Return every way in which the plans' rows differ from core.pricing.plans, to the cent; none if all is well."""
    offered, refused = offers(from_question.workload(question), context.prices, from_question.terms(question, context))
    by_plan = {offer.plan.key: offer for offer in offered}
    reasons = {refusal.plan.key: refusal.reason for refusal in refused}
    found = [f"{place}: {value}" for place, value in errors(values).items()]
    for field in FIELDS:
        for plan, cell in zip(PLANS, column(values, workbook, field), strict=True):
            wanted = expected(by_plan[plan], field) if plan in by_plan else None
            found += _wrong_amount(f"{plan}.{field}", cell, wanted, tolerance(field))
    for plan, status in zip(PLANS, column(values, workbook, "plan_status"), strict=True):
        if status != reasons.get(plan, "Offered"):
            found.append(f"{plan}: {status}, core: {reasons.get(plan, 'Offered')}")
    return found + list(_wrong_ranks(dict(zip(PLANS, column(values, workbook, "plan_ranks"), strict=True)), by_plan))


def figure_differences(values: Values, workbook: Workbook, answer: Answer) -> list[str]:
    """Return every figure of an answer whose named cell differs from it by half of what is shown last, or a billionth."""
    found = [f"{place}: {value}" for place, value in errors(values).items()]
    prefix = "_".join(answer.question.split()[:1])
    for figure in answer.figures:
        wanted = figure.value
        if not isinstance(wanted, Decimal):
            found.append(f"{figure.key}: {wanted} is no number")
            continue
        cell = one(values, workbook, f"{prefix}_{figure.key}")
        is_share = figure.unit == "percent"
        wanted, least = (wanted / 100, HALF_A_HUNDREDTH_OF_A_PERCENT) if is_share else (wanted, HALF_A_CENT)
        found += _wrong_amount(figure.key, cell, wanted, max(least, abs(wanted) * BILLIONTH))
    return found


def expected(offer: Offer, field: str) -> Decimal | None:
    """Return what core says, shares as fractions as a worksheet holds them."""
    if field in {"usd_per_year_if_doubled", "usd_per_year_if_halved"}:
        return (offer.if_doubled if field.endswith("doubled") else offer.if_halved).count
    value: Decimal | None = getattr(offer, field)
    return value / 100 if field.startswith("percent") and value is not None else value


def tolerance(field: str) -> Decimal:
    """Return how far a cell may lie off: less than half of what is shown last."""
    return HALF_A_HUNDREDTH_OF_A_PERCENT if field.startswith("percent") else HALF_A_CENT


def _wrong_amount(what: str, cell: Value, wanted: Decimal | None, most: Decimal) -> list[str]:
    if wanted is None:
        return [] if cell in NO_NUMBER else [f"{what}: {cell}, core: nothing"]
    if not isinstance(cell, int | float) or isinstance(cell, bool) or abs(Decimal(cell) - wanted) >= most:
        return [f"{what}: {cell}, core: {wanted}"]
    return []


def _wrong_ranks(ranks: dict[str, Value], offered: dict[str, Offer]) -> Iterator[str]:
    if {plan for plan, rank in ranks.items() if isinstance(rank, int | float)} != set(offered):
        yield f"ranked: {ranks}"
        return
    for first, second in combinations(offered.values(), 2):
        gap = first.usd_per_year - second.usd_per_year
        ours = float(ranks[first.plan.key]) - float(ranks[second.plan.key])  # type: ignore[arg-type]
        if (abs(gap) > HALF_A_CENT * 2 and gap * Decimal(ours) <= 0) or (gap == 0 and ours):
            yield f"{first.plan.key} and {second.plan.key} stand {ours} apart, core: {gap}"
