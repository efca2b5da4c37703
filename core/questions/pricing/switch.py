"""`switch`: from conversations to Flex Credits or back, at the term's end or mid-term, and when that pays for itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Answer, Column, Emphasis, Note, Table, day, facts_of, figure, headline_of, number, usd, usd_short
from core.days import MONTHS_IN_YEAR, months_after
from core.errors import QuestionError
from core.language import COMMANDS
from core.pricing import PLANS, CostRange, ModelSwitch, Usd, plans
from core.questions import from_question
from core.questions.pricing.compare import EXCLUDE_EACH_OTHER, price_rows, volume_figures
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.answer import Figure, Value
    from core.context import Context
    from core.language import Question
    from core.pricing import Offer, Workload

OTHER_MODEL = {"flex_credits": "per_conversation", "per_conversation": "flex_credits"}
USUAL_OVERLAP = Decimal(1)
COLUMNS = (
    Column("when", "When", "text", is_detail=True),
    Column("label", "Switch", "text"),
    Column("switch_on", "On", "day"),
    Column("unused_usd_low", "Lost, at least", "usd"),
    Column("unused_usd_high", "Lost, at most", "usd"),
    Column("overlap_usd", "Paid twice", "usd"),
    Column("break_even_months_low", "Months to pay back, at least", "count"),
    Column("break_even_months_high", "Months to pay back", "count"),
    Column("paid_back_by", "Paid back by", "day"),
    Column("first_year_usd_low", "First year saves", "usd"),
    Column("first_year_usd_high", "First year saves, at most", "usd"),
)
FIRST_COLUMNS = ("label", "unused_usd_high", "overlap_usd", "break_even_months_high", "first_year_usd_low")
NEW_CONTRACT = f"{EXCLUDE_EACH_OTHER} (Agentforce pricing analysis, early 2026.)"
NEW_CONTRACT_BRIEF = "Needs a new contract for every Agentforce product; conversations and credits exclude each other."
LOST_IN_A_RANGE = (
    "A switch mid-term loses between nothing, if conversations are billed as they are used, and all remaining months, if they "
    "are paid in advance; your order form says which: `unused $12,000`."
)
NOT_COUNTED = (
    "These figures leave out work on agents, rules and reports that count by the old unit, and anything the seller offers for "
    "the change."
)
NO_END_KNOWN = (
    "The end of the current contract is not known, so only a switch at its end is priced: add `7 months left`, or contract.end "
    "in "
    "app.yaml."
)


class PointOfSwitch(NamedTuple):
    """A point of the old contract at which to switch. on: the first day of the new plan, None if the day is not known."""

    key: str
    label: str
    on: date | None
    switch: ModelSwitch

    @property
    def months(self) -> tuple[int | None, int | None]:
        """The months until the lowest and the highest one-time cost are paid back; None for never."""
        once = self.switch.once
        return self.switch.break_even_months(once.low), self.switch.break_even_months(once.high)


def switch(question: Question, context: Context) -> Answer:
    """Return the one-time cost, the saving and the break-even; if no workload is named, for the wallet's own usage."""
    if not question.names_workload:
        return _switch_for_wallet(question, context)
    load = from_question.workload(question)
    old, new = _offers(question, context, load)
    points = _points(question, context, old, new)
    rows = price_rows([old, new], context.prices, load, from_question.terms(question, context))
    figures = _figures(load, context, points)
    return Answer(
        question=context.canonical_question(question),
        title="A change of model",
        headline=_headline(old, new, points),
        as_of=context.as_of,
        figures=tuple(figures),
        tables=(Table("switch", "Ways to switch", COLUMNS, tuple(_row(point) for point in points)),),
        arithmetic=(*from_question.volume_sums(question, load, context.prices), *_sums(old, new, points)),
        notes=(
            *_notes(question, context, points),
            *from_question.tier_notes(question, context),
            *from_question.assumptions(rows),
        ),
        sources=from_question.sources(rows),
        emphasis=Emphasis(facts_of(figures, *FACTS), "switch", FIRST_COLUMNS),
    )


FACTS = ("switch_old_usd_per_month", "switch_new_usd_per_month", "switch_saving_usd_per_month")


def _switch_for_wallet(question: Question, context: Context) -> Answer:
    from core.questions.wallet import from_wallet  # noqa: PLC0415 - a question that names figures pays for none of it

    asked = context.canonical_question(question)
    if not context.has_warehouse:
        reason = "Switch needs a workload, or a wallet to take it from (agentcost import FILE)"
        raise QuestionError(reason, asked, 0, len(asked), COMMANDS["switch"].examples)
    filled, notes = from_wallet(question, context)
    if filled.interactions is None:
        reason = (
            "The wallet's exports do not say how many interactions there were, which conversations are priced by; name them, or "
            "import AI usage"
        )
        raise QuestionError(reason, asked, 0, len(asked), COMMANDS["switch"].examples)
    answered = switch(filled, context)
    return replace(answered, question=asked, notes=(*notes, *answered.notes))


def _offers(question: Question, context: Context, load: Workload) -> tuple[Offer, Offer]:
    """Return the current and the new plan. Raises: QuestionError, if one cannot be bought for the workload."""
    new = PLANS[question.plan or "flex_credits"]
    old = PLANS[OTHER_MODEL[new.key]]
    offered, refused = plans.offers(load, context.prices, from_question.terms(question, context), (old, new))
    if refused:
        asked = context.canonical_question(question)
        raise QuestionError(f"{refused[0].plan.label}: {refused[0].reason.rstrip('.')}", asked, 0, len(asked))
    by_key = {offer.plan.key: offer for offer in offered}
    return by_key[old.key], by_key[new.key]


def _months_left(question: Question, context: Context) -> Decimal | None:
    """Return the months left of the current contract, as stated or, rounded up, to its end in app.yaml."""
    if question.months_left is not None:
        return question.months_left
    end = context.config.contract.end
    if end is None or end <= context.as_of:
        return None
    whole = (end.year - context.as_of.year) * MONTHS_IN_YEAR + end.month - context.as_of.month
    return Decimal(whole if months_after(context.as_of, whole) >= end else whole + 1)


def _term_end(question: Question, context: Context) -> date | None:
    """Return the first day after the current contract, if the exact day is known."""
    left = question.months_left
    if left is None:
        end = context.config.contract.end
        return end if end is not None and end > context.as_of else None
    return months_after(context.as_of, int(left)) if left == int(left) else None


def _points(question: Question, context: Context, old: Offer, new: Offer) -> list[PointOfSwitch]:
    overlap = USUAL_OVERLAP if question.overlap is None else question.overlap
    months = Usd(old.usd_per_month), Usd(new.usd_per_month)
    nothing = CostRange(plans.NO_COST, plans.NO_COST)
    found = [PointOfSwitch("term_end", "At the term's end", _term_end(question, context), ModelSwitch(*months, nothing, overlap))]
    left = _months_left(question, context)
    if question.unused is not None:
        lost = CostRange(Usd(question.unused), Usd(question.unused))
    elif left is not None:
        lost = CostRange(plans.NO_COST, months[0] * left)
    else:
        return found
    return [*found, PointOfSwitch("now", "Now, mid-term", context.as_of, ModelSwitch(*months, lost, overlap))]


def _row(point: PointOfSwitch) -> tuple[Value, ...]:
    low, high = point.months
    first_year = point.switch.saved_in_first_year()
    return (
        point.key,
        point.label,
        point.on,
        point.switch.unused.low.count,
        point.switch.unused.high.count,
        point.switch.overlap.count,
        None if low is None else Decimal(low),
        None if high is None else Decimal(high),
        months_after(point.on, high) if point.on is not None and high is not None else None,
        first_year.low.count,
        first_year.high.count,
    )


def _figures(load: Workload, context: Context, points: Sequence[PointOfSwitch]) -> list[Figure]:
    first = points[0].switch
    found = [
        *volume_figures(load, context.prices),
        figure("switch_old_usd_per_month", first.old.count),
        figure("switch_new_usd_per_month", first.new.count),
        figure("switch_saving_usd_per_month", first.saved_per_month.count),
        figure("switch_overlap_usd", first.overlap.count),
    ]
    at_end = points[0].months[1]
    found += [figure("switch_break_even_months_at_term_end", Decimal(at_end))] if at_end is not None else []
    if len(points) > 1:
        amid = points[1]
        found += [
            figure("switch_unused_usd_low", amid.switch.unused.low.count),
            figure("switch_unused_usd_high", amid.switch.unused.high.count),
        ]
        for key, months in zip(("low", "high"), amid.months, strict=True):
            found += [figure(f"switch_break_even_months_now_{key}", Decimal(months))] if months is not None else []
    return found


def _in_months(months: int | None) -> str:
    return "never" if months is None else "at once" if months == 0 else f"after {months} {'month' if months == 1 else 'months'}"


def _headline(old: Offer, new: Offer, points: Sequence[PointOfSwitch]) -> str:
    """Return what the switch saves or costs a month, and how many months it takes to pay for itself, by point of switching."""
    saved = points[0].switch.saved_per_month.count
    if saved <= 0:
        more = f"{usd_short(-saved)} more a month than {old.plan.label}" if saved else f"as much as {old.plan.label}"
        return headline_of(f"Do not switch: {new.plan.label} cost {more} ({usd_short(new.usd_per_month)}).")
    saves = f"{new.plan.label} save {usd_short(saved)} a month"
    at_end = f"switched at the term's end they have paid for it {_in_months(points[0].months[1])}"
    if len(points) == 1:
        return headline_of(f"{saves}; {at_end}.", f"{saves}.")
    low, high = points[1].months
    between = _in_months(high) if low == high else f"after {low} to {high} months"
    return headline_of(f"{saves}; {at_end}, now {between}.", f"{saves}; {at_end}.", f"{saves}.")


def _sums(old: Offer, new: Offer, points: Sequence[PointOfSwitch]) -> list[str]:
    first = points[0].switch
    saved = usd(first.saved_per_month.count)
    sums = [
        f"{old.plan.label}: {old.cost.sum()}, ÷ {MONTHS_IN_YEAR} = {usd(first.old.count)} a month",
        f"{new.plan.label}: {new.cost.sum()}, ÷ {MONTHS_IN_YEAR} = {usd(first.new.count)} a month",
        f"{usd(first.old.count)} − {usd(first.new.count)} = {saved} saved a month",
        f"Overlap: {number(first.overlap_months)} × {usd(first.new.count)} = {usd(first.overlap.count)}",
    ]
    for point in points:
        if point.switch.saved_per_month.count > 0:
            ends = dict(zip(point.months, point.switch.once, strict=True))
            sums += [
                f"{point.label}: ({usd((once - point.switch.overlap).count)} lost + {usd(point.switch.overlap.count)}) ÷ {saved} "
                f"= {number(once / point.switch.saved_per_month)}, so {_in_months(months)}"
                for months, once in ends.items()
            ]
    return sums


def _notes(question: Question, context: Context, points: Sequence[PointOfSwitch]) -> list[Note]:
    notes = [Note("warning", NEW_CONTRACT, NEW_CONTRACT_BRIEF)]
    if question.overlap is None:
        notes.append(
            Note("assumption", "One month is taken in which both contracts are paid; say `overlap 2 months` or `no overlap`.")
        )
    if len(points) == 1:
        notes.append(Note("assumption", NO_END_KNOWN))
    elif question.unused is None:
        notes.append(Note("assumption", LOST_IN_A_RANGE))
        if question.months_left is None and context.config.contract.end is not None:
            end = day(context.config.contract.end)
            left = number(_months_left(question, context) or Decimal(0))
            notes.append(Note("assumption", f"The current contract ends before {end} (app.yaml), in {left} months, rounded up."))
    return [*notes, Note("warning", NOT_COUNTED, "")]
