"""`budget`: spending against each budget, its expected total, and why it is off plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.alerts import BudgetUse, SpendingOutlook, budget_period, budgets_within, measure_budgets
from core.answer import (
    Answer,
    Column,
    Emphasis,
    Fact,
    Note,
    Table,
    credits_short,
    figure,
    headline_of,
    number,
    percent,
    percent_short,
    usd,
    usd_short,
)
from core.answer import day as shown_day
from core.budgets import budget_file, budgets_of
from core.config import budgets_on
from core.errors import InputError
from core.language import Days
from core.questions.forecasting import known_outlook, spending_forecast
from core.questions.planning.budget_variance import explain_variance
from core.scope import find_alike
from core.wallet.usage import cost_sums, periods, slices

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.answer import Figure, Value
    from core.config import Budget
    from core.context import Context
    from core.language import Question
    from core.questions.planning.budget_variance import BudgetVariance
    from core.scope import Scope
    from core.warehouse import Session

UNITS = ("usd", "credits")
FROM_KIND = ("team", "agent", "department", "org")
SUMMED_KINDS = ("department", "agent", "org")
"""Kinds in which no usage is counted twice, so that their budgets may be added up; parts of teams may overlap."""
NONE_WRITTEN = (
    "No budget applies on {day}. Write them in app.yaml, for example budgets: [{{department: Service, per: month, usd: 5000}}], "
    "or "
    "in a CSV file that budgets_file names."
)
CARRIED = "What earlier periods of the fiscal year left or overspent is carried into the next, as far back as the data goes."


@dataclass(frozen=True)
class BudgetState:
    """A budget's current state, and its expected total. is_finished: whether the period was over on the day asked."""

    use: BudgetUse
    outlook: SpendingOutlook
    is_finished: bool = False

    @property
    def is_expected_over(self) -> bool:
        """Whether it is not overspent yet, but will more likely than not be by the end of its period."""
        return not self.use.is_over and self.outlook.over_on is not None

    @property
    def state(self) -> str:
        """Its state, in at most two words."""
        return "over" if self.use.is_over else "expected over" if self.is_expected_over else "within"


def answer_budget(question: Question, context: Context) -> Answer:
    """Return the budgets asked about, as of the context's day, or of the end of the named days.

    Raises: InputError, if there are none.
    """
    then = _context_then(question, context)
    with then.reading() as session:
        slices.extent_of(session, "", then)
        wanted = _choose(session, question, then)
        states = [
            _without_forecast(one) if _is_finished(one, question, context) else one
            for one in find_budget_states(session, then, wanted)
        ]
        variance = explain_variance(session, states[0].use, then) if len(states) == 1 else None
    if not states:
        raise InputError(f"Credits of card {wanted[0].card} have no price, so a budget of dollars cannot be held against them.")
    return Answer(
        question=context.canonical_question(question),
        title="Budgets" if len(states) > 1 else f"Budget, {states[0].use.budget.subject}",
        headline=_headline(states),
        as_of=then.as_of,
        figures=tuple(_figures(states)),
        tables=tuple(table for table in _tables(states, variance) if table.rows),
        arithmetic=tuple(_sums(states, variance)),
        notes=tuple(_notes(states, wanted, then)),
        sources=(*slices.price_sources(then, states[0].use.budget.card), *slices.query_source("usage_by_day")),
        emphasis=_emphasis(states),
    )


def _context_then(question: Question, context: Context) -> Context:
    """Return the context of the day to look back to: the one named, or the last of the named days that is over."""
    if isinstance(question.span, Days) and question.span.last is not None:
        if question.span.first > context.as_of:
            raise InputError(f"There is no data yet for {shown_day(question.span.first)} and later days.")
        return slices.context_as_of(question._replace(as_of=min(question.span.last, context.as_of)), context)
    return slices.context_as_of(question, context)


def find_budget_states(session: Session, context: Context, wanted: Sequence[Budget] | None = None) -> list[BudgetState]:
    """Return the state and outlook of budgets: the wanted ones, else all that apply on the context's day."""
    look_ahead = spending_forecast(context)
    found = measure_budgets(session, context, lambda one: wanted is None or one in wanted)
    return [BudgetState(use, look_ahead(use)) for use in found]


def _is_finished(one: BudgetState, question: Question, context: Context) -> bool:
    """Whether days were named and their period is over: then its total is known."""
    return question.span is not None and one.use.period.day_after_last <= context.as_of


def _without_forecast(one: BudgetState) -> BudgetState:
    return BudgetState(one.use, known_outlook(one.use), is_finished=True)


def _choose(session: Session, question: Question, context: Context) -> list[Budget]:
    """Return the budgets asked about. Raises: InputError, if there are none."""
    every = held = budgets_within(budgets_of(session, context), context.only, context.config)
    if not held:
        raise InputError(NONE_WRITTEN.format(day=shown_day(context.as_of)))
    if question.card is not None:
        held = [one for one in held if find_alike(question.card, [one.card])]
    for kind in FROM_KIND:
        said = getattr(question, kind)
        if said is not None:
            held = _named(held, kind, said) if kind == "team" or question.team is None else held
    held = _of_days(question, held, context)
    if not held:
        raise InputError(_none_such(question, every))
    return held


def _named(held: list[Budget], kind: str, said: str) -> list[Budget]:
    """Return the budgets with a name: of that kind, else of any other kind with that name."""
    alike = [one for one in held if one.kind and find_alike(said, [one.name])]
    return [one for one in alike if one.kind == kind] or alike


def _of_days(question: Question, held: list[Budget], context: Context) -> list[Budget]:
    """Return the budgets whose period is the named days; all of them, if none match or no days were named."""
    if not isinstance(question.span, Days) or question.span.last is None:
        return held
    calendar = context.config.period_calendar
    named = periods.DayRange(question.span.first, question.span.last + timedelta(days=1))
    return [one for one in held if budget_period(one, context.as_of, calendar) == named] or held


def _none_such(question: Question, held: Sequence[Budget]) -> str:
    said = " ".join(f"{kind} {name}" for kind in FROM_KIND if (name := getattr(question, kind))) or f"card {question.card}"
    known = " · ".join(f"{one.subject} per {one.per}" for one in held[: slices.MAX_NAMES])
    return f"There is no budget for {said}. There are: {known}."


def _money(unit: str, value: Decimal) -> str:
    return usd_short(value) if unit == "usd" else f"{credits_short(value)} credits"


def _of_amount(use: BudgetUse) -> str:
    """Return the spending as text: $3,120 of $5,000, or 40,914 of 300,000 credits."""
    spent = credits_short(use.spending) if use.budget.unit == "credits" else usd_short(use.spending)
    return f"{spent} of {_money(use.budget.unit, use.amount)}"


def _headline(states: Sequence[BudgetState]) -> str:
    if len(states) == 1:
        return _headline_of_one(states[0])
    over, coming = [one for one in states if one.use.is_over], [one for one in states if one.is_expected_over]
    count = len(states)
    if over:
        opening = f"{len(over)} of {count} budgets {'is' if len(over) == 1 else 'are'} over"
        named = ", ".join(f"{one.use.budget.subject} by {_money(one.use.budget.unit, -one.use.left)}" for one in over)
    else:
        opening = f"None of {count} budgets is over"
        named = ""
    more = f"; {len(coming)} {'more ' if over else ''}{'is' if len(coming) == 1 else 'are'} expected to be" if coming else ""
    which = ", ".join(f"{one.use.budget.subject} on {shown_day(one.outlook.over_on)}" for one in coming if one.outlook.over_on)
    long = f"{opening}{f': {named}' if named else ''}{more}{f': {which}' if which else ''}."
    return headline_of(long, f"{opening}{f': {named}' if named else ''}{more}.", f"{opening}{more}.")


def _headline_of_one(one: BudgetState) -> str:
    use, unit = one.use, one.use.budget.unit
    who = use.budget.subject if use.budget.kind else "the wallet"
    who = f"{who[0].upper()}{who[1:]}"
    amount = _money(unit, use.amount)
    if use.is_over:
        since = f", since {shown_day(use.over_since)}" if use.over_since else ""
        over = f"{who} is {_money(unit, -use.left)} over its budget of {amount}"
        return headline_of(f"{over} for {use.period}{since}.", f"{over}{since}.", f"{over}.")
    share = f" ({percent_short(use.percent_used)})" if use.percent_used is not None else ""
    if one.is_finished:
        return f"{who} spent {_of_amount(use)}{share} from {use.period}."
    said = f"{who} spent {_of_amount(use)}{share} from {shown_day(use.period.first_day)} on"
    if one.outlook.over_on:
        return headline_of(f"{said}; it is expected to pass its budget on {shown_day(one.outlook.over_on)}.", f"{said}.")
    if one.outlook.expected is None:
        return f"{said}."
    expected = _money(unit, one.outlook.expected)
    return headline_of(f"{said}; {expected} expected by {shown_day(use.period.last_day)}.", f"{said}.")


def describe_budget(one: BudgetState) -> str:
    """Return the state of a budget in one line: $2,312 of $1,800 (128.5%), over since 17 Nov 2026."""
    use, unit = one.use, one.use.budget.unit
    share = f" ({percent_short(use.percent_used)})" if use.percent_used is not None else ""
    said = f"{use.budget.subject} per {use.budget.per}: {_of_amount(use)}{share}"
    if use.is_over:
        return f"{said}, over{f' since {shown_day(use.over_since)}' if use.over_since else ''}"
    if one.outlook.over_on:
        return f"{said}, expected to be passed on {shown_day(one.outlook.over_on)}"
    expected = one.outlook.expected
    return f"{said}; {_money(unit, expected)} expected by {shown_day(use.period.last_day)}" if expected is not None else said


def budgets_of_team(session: Session, context: Context, watches: Scope) -> list[str]:
    """Return the state of the budgets within the watched part, overspent ones first, then those expected to be."""
    within = budgets_within(budgets_of(session, context), watches, context.config)
    states = find_budget_states(session, context, within) if within else []
    return [describe_budget(one) for one in sorted(states, key=lambda one: (not one.use.is_over, not one.is_expected_over))]


def _figures(states: Sequence[BudgetState]) -> Iterator[Figure]:
    main = states[0] if len(states) == 1 else next((one for one in states if not one.use.budget.kind), None)
    if main is not None:
        yield from budget_figures(main)
    if len(states) > 1:
        yield figure("budgets", Decimal(len(states)))
        yield figure("budgets_over", Decimal(sum(one.use.is_over for one in states)))
        yield figure("budgets_expected_over", Decimal(sum(one.is_expected_over for one in states)))


def budget_figures(one: BudgetState) -> Iterator[Figure]:
    """Yield what is budgeted, spent, left and expected."""
    use, outlook, unit = one.use, one.outlook, one.use.budget.unit
    yield figure(f"budget_{unit}", use.amount)
    yield figure(f"spent_{unit}", use.spending)
    yield figure(f"left_{unit}", use.left)
    yield figure("used_percent", use.percent_used)._replace(label="Used, of the budget")
    yield figure(f"expected_{unit}", outlook.expected)._replace(label="Expected by the period's end")
    yield figure(f"expected_{unit}_low", outlook.low)
    yield figure(f"expected_{unit}_high", outlook.high)
    yield figure("chance_over_percent", outlook.chance_over_percent)
    yield figure("over_on", outlook.over_on)
    yield figure("period_start", use.period.first_day)
    yield figure("period_end", use.period.last_day)
    yield figure(f"plan_to_date_{unit}", use.plan_to_date)
    if use.budget.rolls_over:
        yield figure(f"carried_{unit}", use.carryover)


def _unit_columns(units: Sequence[str]) -> tuple[Column, ...]:
    words = {"usd": "", "credits": ", in credits"} if len(units) > 1 else dict.fromkeys(units, "")
    found: list[Column] = []
    for key, label, is_detail in (
        ("budget", "Budget", False),
        ("spent", "Spent", False),
        ("left", "Left", False),
        ("expected", "Expected", False),
    ):
        found += [Column(f"{key}_{unit}", f"{label}{words[unit]}", unit, is_detail=is_detail) for unit in units]  # type: ignore[arg-type]  # units
    for key, label in (("low", "Expected, at least"), ("high", "Expected, at most")):
        found += [Column(f"expected_{unit}_{key}", f"{label}{words[unit]}", unit, is_detail=True) for unit in units]  # type: ignore[arg-type]  # as above
    return tuple(found)


def budget_table(states: Sequence[BudgetState]) -> Table:
    """Return the budgets, a row each."""
    units = [unit for unit in UNITS if any(one.use.budget.unit == unit for one in states)]
    columns = (
        Column("budget", "Budget of", "text"),
        Column("per", "Per", "text"),
        Column("says", "Spent", "text", is_detail=True),
        *_unit_columns(units),
        Column("used_percent", "Used", "percent"),
        Column("chance_over_percent", "Chance of more", "percent"),
        Column("over_on", "Passed on", "day"),
        Column("state", "State", "text"),
        Column("first_day", "From", "day", is_detail=True),
        Column("last_day", "To", "day", is_detail=True),
        Column("source", "Defined in", "text", is_detail=True),
    )
    return Table("budgets", "Budgets", columns, tuple(_row(one, units) for one in states))


def _row(one: BudgetState, units: Sequence[str]) -> tuple[Value, ...]:
    use, outlook = one.use, one.outlook
    amounts = (use.amount, use.spending, use.left, outlook.expected, outlook.low, outlook.high)
    cells = [amount if unit == use.budget.unit else None for amount in amounts for unit in units]
    return (
        use.budget.subject,
        use.budget.per,
        _of_amount(use),
        *cells,
        use.percent_used,
        outlook.chance_over_percent,
        outlook.over_on,
        one.state,
        use.period.first_day,
        use.period.last_day,
        use.budget.source,
    )


def _tables(states: Sequence[BudgetState], variance: BudgetVariance | None) -> Iterator[Table]:
    yield budget_table(states)
    yield from (_together(states, unit) for unit in UNITS)
    if len(states) == 1:
        yield _periods(states[0].use)
    if variance is not None:
        yield variance.table


def _periods(use: BudgetUse) -> Table:
    """Return the earlier periods of the fiscal year, each against its own budget."""
    unit = use.budget.unit
    columns = (
        Column("first_day", "From", "day"),
        Column("last_day", "To", "day"),
        Column(f"budget_{unit}", "Budget", unit),
        Column(f"spent_{unit}", "Spent", unit),
        Column(f"left_{unit}", "Left", unit),
    )
    rows = tuple((past.days.first_day, past.days.last_day, past.amount, past.spent, past.left) for past in use.earlier)
    return Table("periods", "Periods before", columns, rows)


def _together(states: Sequence[BudgetState], unit: str) -> Table:
    """Return the parts' budgets added up beside the whole's, and what lies in none of them; for each period length and card."""
    columns = (
        Column("what", "What", "text"),
        Column(f"budget_{unit}", "Budget", unit),  # type: ignore[arg-type]  # a unit of values
        Column(f"spent_{unit}", "Spent", unit),  # type: ignore[arg-type]  # as above
        Column(f"left_{unit}", "Left", unit),  # type: ignore[arg-type]  # as above
        Column("per", "Per", "text", is_detail=True),
    )
    rows: list[tuple[Value, ...]] = []
    uses = [one.use for one in states if one.use.budget.unit == unit]
    for per, card in dict.fromkeys((use.budget.per, use.budget.card) for use in uses):
        of_these = [use for use in uses if (use.budget.per, use.budget.card) == (per, card)]
        whole = next((use for use in of_these if not use.budget.kind), None)
        for kind in SUMMED_KINDS:
            parts = [use for use in of_these if use.budget.kind == kind]
            if len(parts) > 1 or (parts and whole):
                rows += _rows_together(kind, per, parts, whole)
    title = "Parts and the whole" if unit == "usd" else "Parts and the whole, in credits"
    return Table(f"together_{unit}", title, columns, tuple(rows))


def _rows_together(kind: str, per: str, parts: Sequence[BudgetUse], whole: BudgetUse | None) -> Iterator[tuple[Value, ...]]:
    amount, spent = (sum((getattr(use, key) for use in parts), Decimal(0)) for key in ("amount", "spending"))
    named = f"{len(parts)} {kind}{'s' * (len(parts) > 1)} together"
    yield named, amount, spent, amount - spent, per
    if whole is not None:
        rest, rest_spent = whole.amount - amount, whole.spending - spent
        yield f"In no budget of a{'n' * (kind[0] in 'ao')} {kind}", rest, rest_spent, rest - rest_spent, per
        yield "Everything", whole.amount, whole.spending, whole.left, per


def _sums(states: Sequence[BudgetState], variance: BudgetVariance | None) -> Iterator[str]:
    if len(states) > 1:
        return
    use = states[0].use
    write = usd if use.budget.unit == "usd" else number
    if use.budget.rolls_over:
        yield f"{write(use.budget.amount)} + {write(use.carryover)} carried = {write(use.amount)}"
    rates = use.view.facts.rates
    if use.budget.unit == "usd":
        rows = use.view.facts.rows
        yield from cost_sums(
            rates, [(row.day, row.credits) for row in rows if use.days.first_day <= row.day < use.days.day_after_last]
        )
    yield f"{write(use.amount)} − {write(use.spending)} = {write(use.left)} left"
    if use.percent_used is not None:
        yield f"{write(use.spending)} ÷ {write(use.amount)} × 100 = {percent(use.percent_used)} used"
    yield f"{write(use.amount)} × {use.days.days} ÷ {use.period.days} = {write(use.plan_to_date)} planned to date"
    if variance is not None:
        yield from variance.sums


def _notes(states: Sequence[BudgetState], wanted: Sequence[Budget], context: Context) -> Iterator[Note]:
    for one in states:
        use = one.use
        if not use.is_known:
            yield Note(
                "warning", f"The exports know no {use.budget.subject}, so nothing counts against its budget: check its name."
            )
        if use.budget.first_day and use.period.first_day < use.budget.first_day <= use.day:
            day = shown_day(use.budget.first_day)
            yield Note("assumption", f"The budget of {use.budget.subject} since {day} holds for all of its period.")
    yield from _notes_of_conflict(states, context)
    if len(states) < len(wanted):
        yield Note("warning", "Dollar budgets for cards whose credits have no price are left out.")
    if any(one.use.budget.rolls_over for one in states):
        yield Note(
            "assumption",
            "What earlier periods of the fiscal year left or overspent is carried into the next, as far as the data goes.",
        )
    if any(one.use.budget.unit == "usd" for one in states):
        yield Note("assumption", "Spent is usage at the price of the grants that it was drawn from; free credits cost nothing.")
    lacks = dict.fromkeys(one.outlook.lacks for one in states if one.outlook.lacks)
    yield from (Note("warning", f"{text[0].upper()}{text[1:]}.") for text in lacks)
    view = states[0].use.view
    yield from slices.provisional_note(view.facts.extent, periods.DayRange(states[0].use.period.first_day, view.facts.until))
    yield from (Note("warning", problem) for problem in budget_file(context.config).problems[:3])


def _notes_of_conflict(states: Sequence[BudgetState], context: Context) -> Iterator[Note]:
    """Yield which budgets were typed into a spreadsheet, if app.yaml or its file has a different amount."""
    elsewhere = budgets_on((*context.config.budgets, *budget_file(context.config).budgets), context.as_of)
    for budget in (one.use.budget for one in states if one.use.budget.is_typed):
        other = next((one for one in elsewhere if one.key == budget.key and one.amount != budget.amount), None)
        if other is not None:
            amounts = f"{_exact(budget)}, not {_exact(other)} of {other.source}"
            yield Note("assumption", f"The budget of {budget.subject} per {budget.per} is that of {budget.source}: {amounts}.")


def _exact(budget: Budget) -> str:
    return usd(budget.amount) if budget.unit == "usd" else f"{number(budget.amount)} credits"


def _emphasis(states: Sequence[BudgetState]) -> Emphasis:
    if len(states) > 1:
        units = {one.use.budget.unit for one in states}
        amounts = ["says"] if len(units) > 1 else [f"{key}_{unit}" for unit in units for key in ("spent", "budget", "expected")]
        return Emphasis((), "budgets", ("budget", "per", *amounts, "used_percent", "over_on"))
    return Emphasis(tuple(_facts(states[0])), "")


def _facts(one: BudgetState) -> Iterator[Fact]:
    use, outlook, unit = one.use, one.outlook, one.use.budget.unit
    yield Fact("Left", f"{_money(unit, use.left)} of {_money(unit, use.amount)}")
    yield Fact("Period", f"{use.period}, {use.days.days} of {use.period.days} days gone")
    if outlook.expected is not None:
        around = (
            f", 80% between {_money(unit, outlook.low)} and {_money(unit, outlook.high)}"
            if outlook.low is not None and outlook.high is not None
            else ""
        )
        yield Fact("Expected", f"{_money(unit, outlook.expected)}{around}")
    if outlook.chance_over_percent is not None:
        yield Fact("Chance of more", percent_short(outlook.chance_over_percent))
    if use.budget.rolls_over:
        yield Fact("Carried over", _money(unit, use.carryover))
