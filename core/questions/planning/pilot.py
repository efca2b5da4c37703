"""`pilot`: what some months of real usage showed, and a year of it under every plan."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Answer, Chart, Column, Emphasis, Note, Series, Table, figure, group_digits, number, percent, usd_short
from core.answer import day as shown_day
from core.days import DAYS_IN_YEAR
from core.errors import InputError
from core.forecast import MIN_DAYS, MIN_DAYS_FOR_RANGE
from core.pricing import NOT_SAID, cheapest, years_under_plans
from core.questions import from_question
from core.questions.planning.pilot_data import pilot_of
from core.questions.pricing import NOT_OFFERED_COLUMNS
from core.wallet.usage import share_percent, slices

if TYPE_CHECKING:
    from core.answer import Figure, Value
    from core.context import Context
    from core.language import Question
    from core.pricing import NotOffered, PriceRow, YearUnderPlan
    from core.questions.planning.pilot_data import Pilot

MEDIAN, NINE_IN_TEN = 50, 90
ADVISED_DAYS = 90
NOT_STATED = slices.NOT_STATED
FAMILIES = {"conversation": "conversations", "flex": "Flex Credits", "seat": "seats", "resolution": "resolutions"}
PLAN_COLUMNS = (
    Column("plan", "Plan", "text", is_detail=True),
    Column("label", "Plan", "text"),
    Column("replayed_usd", "Replayed", "usd"),
    Column("expected_usd", "Simulated", "usd"),
    Column("usd_low", "10% below", "usd"),
    Column("usd_high", "90% below", "usd"),
    Column("usd_if_doubled", "If doubled", "usd"),
)
USE_CASE_COLUMNS = (
    Column("use_case", "Use case", "text"),
    Column("credits", "Credits", "credits"),
    Column("actions", "Actions", "actions"),
    Column("percent", "Of all credits", "percent"),
)
MONTH_COLUMNS = (
    Column("month", "Month from", "day"),
    Column("expected_credits", "Credits, expected", "credits"),
    Column("credits_low", "10% below", "credits"),
    Column("credits_high", "90% below", "credits"),
)
COUNT_COLUMNS = (
    Column("actions", "Actions", "actions"),
    Column("interactions", "Interactions", "interactions"),
    Column("share_percent", "Share", "percent"),
    Column("cumulative_percent", "… and fewer actions", "percent"),
)
NO_INTERACTIONS = "The AI usage export does not cover these days, so interactions are unknown and conversations have no price."
FLAT_MONTHS = "the months ahead differ by their days and by the trend alone"
IN_PROPORTION = "Interactions and actions are assumed to grow with the credits; the plan is the one bought for the replayed year."


def pilot(question: Question, context: Context) -> Answer:
    """Return what the pilot's days showed and a year under each plan. Raises: InputError, without a complete day."""
    found = pilot_of(question, context)
    terms = from_question.terms(question, context)
    years, refused = years_under_plans(found.year, found.ahead, question.audience, context.prices, terms)
    if not years:
        raise InputError(f"No plan can be priced for these days ({found.days}): they hold no use.")
    rows = _price_rows(years, context)
    refusals = tuple((one.plan.key, one.plan.label, *_reason(one, found)) for one in refused)
    tables = (
        Table("plans", "A year under each plan", PLAN_COLUMNS, tuple(_plan_row(year) for year in years)),
        Table("use_cases", f"By use case, {found.days}", USE_CASE_COLUMNS, _use_case_rows(found)),
        Table("months", "Months ahead", MONTH_COLUMNS, _month_rows(found)),
        Table("distribution", "Interactions by their actions", COUNT_COLUMNS, _count_rows(found)),
        Table("not_offered", "Not available, or missing input", NOT_OFFERED_COLUMNS, refusals),
    )
    return Answer(
        question=context.canonical_question(question),
        title="Pilot",
        headline=_headline(found, years),
        as_of=context.as_of,
        figures=(*_year_figures(found, years), *_observed_figures(found)),
        tables=tuple(table for table in tables if table.rows),
        charts=_charts(found),
        arithmetic=tuple(_sums(found, years)),
        notes=(
            *_decision_notes(found, years),
            *_notes(found),
            *from_question.tier_notes(question, context),
            *from_question.assumptions(rows),
        ),
        sources=(*from_question.sources(rows), *slices.query_source("usage_by_day", "usage_by_name")),
        emphasis=Emphasis((), "plans", ("label", "expected_usd", "usd_low", "usd_high", "usd_if_doubled")),
    )


def _reason(refused: NotOffered, found: Pilot) -> tuple[str, str]:
    """Return why a plan is not offered, and who says so; here, unknown means what the exports do not contain."""
    if refused.source != NOT_SAID:
        return refused.reason, refused.source
    if "seats" in refused.plan.needs and found.people.named:
        return "priced by users, and only part of the usage names users", "the wallet"
    return f"priced by {' and '.join(refused.plan.needs).replace('seats', 'users')}, which the exports do not name", "the wallet"


def _headline(found: Pilot, years: list[YearUnderPlan]) -> str:
    best = years[0]
    between = (
        f" ({usd_short(best.low.count)} to {usd_short(best.high.count)})"
        if best.low and best.high and best.low != best.high
        else ""
    )
    month = found.peak_month if _knows_months(found) else None
    peak = f"; the peak is the month from {shown_day(month.first_day)}" if month else ""
    short = "Too short to decide. " if _why_too_short(found, years) else ""
    return f"{short}{best.plan.label}: {usd_short(best.likely.count)}{between} for 12 months{peak}."


def _knows_months(found: Pilot) -> bool:
    """Whether the pilot's days show how months differ: it spans at least a whole year."""
    return found.days.days >= DAYS_IN_YEAR


def _why_too_short(found: Pilot, years: list[YearUnderPlan]) -> str | None:
    """Return why the pilot is inconclusive; None if it is conclusive."""
    days = found.days.days
    if days < MIN_DAYS:
        return f"{days} of {MIN_DAYS} complete days: too few for a forecast"
    if not found.series.knows_range:
        return f"{days} of {MIN_DAYS_FOR_RANGE} complete days: too few for a range"
    families = cheapest(years)
    if len(families) > 1:
        return f"within the range, the cheapest is one of {' or '.join(sorted(FAMILIES[family] for family in families))}"
    return None


def _observed_figures(found: Pilot) -> list[Figure]:
    talks = found.interactions
    figures = [
        figure("pilot_days", Decimal(found.days.days)),
        figure("first_day", found.days.first_day),
        figure("last_day", found.days.last_day),
        figure("used_credits", found.credits),
        figure("actions", found.actions),
        figure("steady_credits_per_day", found.steady),
        figure("peak_credits_per_day", found.by_day[found.peak_day]),
        figure("peak_day", found.peak_day),
        figure("peak_percent", found.peak_percent),
        figure("users", Decimal(found.people.named)),
    ]
    if talks is None:
        return figures
    return [
        *figures,
        figure("observed_interactions", Decimal(talks.interactions)),
        figure("observed_actions_per_interaction", talks.mean),
        figure("median_actions_per_interaction", talks.percentile(MEDIAN)),
        figure("p90_actions_per_interaction", talks.percentile(NINE_IN_TEN)),
    ]


def _year_figures(found: Pilot, years: list[YearUnderPlan]) -> list[Figure]:
    best = years[0]
    return [
        figure("cheapest_plan", best.plan.label),
        figure("replayed_usd_per_year", best.offer.usd_per_year),
        figure("simulated_usd_per_year", _count(best.expected)),
        figure("simulated_usd_low", _count(best.low)),
        figure("simulated_usd_high", _count(best.high)),
        figure("usd_per_year_if_doubled", best.doubled.count),
        figure("peak_month", found.peak_month.first_day if found.peak_month else None),
        figure("is_decided", "no" if _why_too_short(found, years) else "yes"),
    ]


def _count(cost: object) -> Decimal | None:
    return getattr(cost, "count", None)


def _plan_row(year: YearUnderPlan) -> tuple[Value, ...]:
    ends = (_count(end) for end in (year.expected, year.low, year.high, year.doubled))
    return (year.plan.key, year.plan.label, year.offer.usd_per_year, *ends)


def _use_case_rows(found: Pilot) -> tuple[tuple[Value, ...], ...]:
    return tuple(
        (slices.name_of(row), row.credits, row.actions, share_percent(row.credits, found.credits)) for row in found.use_cases
    )


def _month_rows(found: Pilot) -> tuple[tuple[Value, ...], ...]:
    ranged = found.series.knows_range
    return tuple(
        (month.first_day, month.expected, month.low if ranged else None, month.high if ranged else None) for month in found.months
    )


def _count_rows(found: Pilot) -> tuple[tuple[Value, ...], ...]:
    shares = found.interactions.shares() if found.interactions else []
    return tuple((str(number(actions)), Decimal(count), share, reached) for actions, count, share, reached in shares)


def _charts(found: Pilot) -> tuple[Chart, ...]:
    if not found.months:
        return ()
    series = [Series("Expected", tuple(month.expected for month in found.months))]
    if found.series.knows_range:
        series += [
            Series("10% below", tuple(month.low for month in found.months)),
            Series("90% below", tuple(month.high for month in found.months)),
        ]
    labels = tuple(f"{month.first_day:%b %Y}" for month in found.months)
    return (Chart("credits_by_month", "Credits by month, simulated", "line", labels, tuple(series), "credits"),)


def _sums(found: Pilot, years: list[YearUnderPlan]) -> list[str]:
    days, year = found.days.days, found.year
    sums = [f"{number(found.credits)} credits ÷ {days} days × {DAYS_IN_YEAR} = {number(_of(year.credits))} credits a year"]
    if found.interactions:
        talks = found.interactions
        sums.append(f"{number(talks.actions)} actions ÷ {group_digits(talks.interactions)} interactions = {number(talks.mean)}")
    if found.peak_percent is not None:
        peak = f"{number(found.by_day[found.peak_day])} on {shown_day(found.peak_day)}"
        sums.append(f"{peak} ÷ {number(found.steady)} on the median day × 100 = {percent(found.peak_percent)}")
    return [*sums, *(f"{year.plan.label}: {year.offer.cost.sum()}" for year in years)]


def _of(quantity: object) -> Decimal:
    return _count(quantity) or Decimal(0)


def _decision_notes(found: Pilot, years: list[YearUnderPlan]) -> list[Note]:
    why = _why_too_short(found, years)
    notes = [Note("warning", f"The pilot is too short to decide: {why}.")] if why else []
    if found.days.days < ADVISED_DAYS:
        text = f"{found.days.days} complete days are fewer than the {ADVISED_DAYS} that the pricing analysis advises."
        notes.append(Note("warning", text))
    if found.months and not _knows_months(found):
        notes.append(Note("warning", f"{found.days.days} days are too few for a claim about months: {FLAT_MONTHS}.", ""))
    best = years[0]
    doubled = min(years, key=lambda year: year.doubled.count)
    if doubled.plan.family != best.plan.family:
        text = f"If volume doubles, {doubled.plan.label} becomes the cheapest: {usd_short(doubled.doubled.count)} a year."
        notes.append(Note("warning", text))
    return notes


def _notes(found: Pilot) -> list[Note]:
    notes = [Note("assumption", f"Only complete days are counted: {found.days}."), *found.notes]
    if found.interactions is None:
        notes.append(Note("warning", NO_INTERACTIONS, "Interactions are not known, so conversations have no price."))
    if all(not row.name for row in found.use_cases):
        notes.append(Note("assumption", "No row names a use case (wallet.use_case_tags)."))
    return [*notes, Note("assumption", IN_PROPORTION)] if found.months else notes


def _price_rows(years: list[YearUnderPlan], context: Context) -> list[PriceRow]:
    prices = context.prices
    items = dict.fromkeys(item for year in years for item in year.plan.items)
    return [prices.row(item) for item in items if prices.has(item)]
