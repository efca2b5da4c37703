"""`forecast`: what the coming weeks will use, the day the credits run out, and what will be unused at the term's end."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import (
    Answer,
    Chart,
    Column,
    Emphasis,
    Fact,
    Series,
    Table,
    credits_short,
    figure,
    headline_of,
    number,
    percent_short,
    usd_short,
)
from core.answer import day as shown_day
from core.forecast import MIN_DAYS, PATHS
from core.questions.forecasting import facts, notes, record
from core.questions.forecasting.facts import USUAL_DAYS_BETWEEN
from core.wallet.usage import slices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.answer import Figure
    from core.context import Context
    from core.forecast import DepletionForecast, ForecastSummary, Range
    from core.language import Question
    from core.questions.forecasting.facts import Foresight

WEEK_COLUMNS = (
    Column("first_day", "From", "day"),
    Column("days", "Days", "days", is_detail=True),
    Column("credits", "Credits", "credits"),
    Column("credits_low", "At least", "credits"),
    Column("credits_high", "At most", "credits"),
    Column("left_credits", "Left before", "credits"),
)


def forecast(question: Question, context: Context) -> Answer:
    """Return the outlook of a card, or of a part of it, and keep it for the scorecard."""
    then = slices.context_as_of(question, context)
    with then.open_warehouse() as warehouse:
        with warehouse.reading() as session:
            seen = facts.foresight(question, then, session)
        kept = record.keep(seen, then, warehouse)
    return Answer(
        question=context.canonical_question(question),
        title=_title(seen),
        headline=_headline(seen),
        as_of=then.as_of,
        figures=_figures(seen),
        tables=_tables(seen),
        charts=_charts(seen),
        arithmetic=tuple(notes.sums(seen)),
        notes=tuple(notes.notes(seen, then, kept)),
        sources=(*slices.price_sources(then, seen.wallet.part.card), *slices.query_source("usage_by_day", "wallet_grants")),
        emphasis=Emphasis(tuple(_facts(seen)), "", chart="credits_left" if _has_left(seen) else "weeks_ahead"),
    )


def _has_left(seen: Foresight) -> bool:
    """Whether the remaining balance is worth a chart: a whole card's grants, and not empty."""
    fate = _known_fate(seen)
    return fate is not None and len(fate.left) > 1 and fate.left[0].middle > 0


def _title(seen: Foresight) -> str:
    said = seen.wallet.part.words()
    return f"Forecast, {said}" if said else "Forecast"


def _headline(seen: Foresight) -> str:
    """Return when the credits run out, and what the coming weeks will cost; if the data is old, its age comes first."""
    if seen.ahead is None:
        return f"Accumulating, {seen.series.days} of {MIN_DAYS} days: a forecast needs {MIN_DAYS} complete days."
    estimated, comes = _estimated(seen), _what_comes(seen)
    becomes = f"; {_what_becomes(seen)}" if seen.wallet.part.is_whole_card else ""
    return headline_of(f"{estimated}{comes}{becomes}.", f"{comes}{becomes}.")


def _what_comes(seen: Foresight) -> str:
    said, span, cost = seen.ahead.next_28_days, "28 days", seen.usd_of_next_28_days  # type: ignore[union-attr]  # there is a forecast
    if seen.has_said_weeks:
        said, span, cost = seen.ahead.all_weeks, "week" if seen.weeks == 1 else f"{seen.weeks} weeks", None  # type: ignore[union-attr]  # as above
    counted = f"{number(said.middle)} credits"
    return f"The next {span} take {f'{usd_short(cost)} ({counted})' if cost else counted}"


def _estimated(seen: Foresight) -> str:
    """Return how old the data is, if more days than usual are estimated."""
    if seen.days_between <= USUAL_DAYS_BETWEEN:
        return ""
    return f"The last {seen.days_between} days are estimated. "


def _what_becomes(seen: Foresight) -> str:
    if seen.used_up_since:
        return f"nothing is left since {shown_day(seen.used_up_since)}"
    if seen.fate is None:
        return "no grant is known" if not seen.wallet.knows_grants else "no grant is in force"
    if seen.fate.day is None:
        return f"the credits last until {shown_day(seen.last_look)}{_chance(seen, seen.fate)}"
    early = (seen.term_end - seen.fate.day).days if seen.term_end else 0
    before = f", {early} {'day' if early == 1 else 'days'} before the term ends" if early > 0 else ""
    return f"the credits run out on {shown_day(seen.fate.day)}{before}"


def _chance(seen: Foresight, fate: DepletionForecast) -> str:
    paths = PATHS
    return f" in {percent_short(Decimal(100) - Decimal(100) * fate.depleted / paths)} of futures" if seen.knows_range else ""


def _facts(seen: Foresight) -> Iterator[Fact]:
    """Yield the ranges that the sentence leaves out, at most four."""
    if seen.ahead is None:
        return
    said = seen.ahead.all_weeks if seen.has_said_weeks else seen.ahead.next_28_days
    fate = _known_fate(seen)
    if seen.knows_range:
        yield Fact("Credits", f"80% between {number(said.low)} and {number(said.high)}")
    if fate and fate.day and seen.knows_range:
        early, late = (shown_day(day) if day else "later" for day in (fate.early, fate.late))
        yield Fact("Run out", f"80% between {early} and {late}")
    if seen.term_end:
        chance = _chance_before_term_end(seen, fate)
        may = (
            f"; {percent_short(chance)} chance that the credits run out before"
            if chance is not None and not seen.used_up_since
            else ""
        )
        yield Fact("Term ends", f"{shown_day(seen.term_end)}{may}")
    if fate and fate.unused and fate.unused.middle > 0:
        cost = f"{usd_short(seen.unused_usd.middle)}, " if seen.unused_usd else ""
        yield Fact("Unused then", f"{cost}{credits_short(fate.unused.middle)} credits")


def _figures(seen: Foresight) -> tuple[Figure, ...]:
    ahead, fate = seen.ahead, _known_fate(seen)
    figures = [
        *(_weeks_figures(seen, ahead) if seen.has_said_weeks else ()),
        *_range_figures(seen, "next_28_days_credits", ahead.next_28_days if ahead else None),
        figure("next_28_days_usd", seen.usd_of_next_28_days),
        *depletion_figures(seen),
        figure("term_end", seen.term_end),
        figure("chance_before_term_end_percent", _chance_before_term_end(seen, fate)),
        *_range_figures(seen, "unused_credits_at_end", fate.unused if fate else None),
        *_range_figures(seen, "unused_usd_at_end", seen.unused_usd if fate else None),
        *_range_figures(seen, "next_7_days_credits", ahead.next_7_days if ahead else None),
        *(() if seen.has_said_weeks else _weeks_figures(seen, ahead)),
        figure("complete_days", Decimal(seen.series.days)),
        figure("forecast_first_day", seen.first_day_ahead),
        figure("estimated_days", Decimal(seen.days_between)),
    ]
    return tuple(figures)


def _weeks_figures(seen: Foresight, ahead: ForecastSummary | None) -> list[Figure]:
    weeks = figure("weeks_ahead", Decimal(seen.weeks))
    return [weeks, *_range_figures(seen, "weeks_ahead_credits", ahead.all_weeks if ahead else None)]


def _range_figures(seen: Foresight, key: str, said: Range | None) -> list[Figure]:
    low, high = (said.low, said.high) if said and seen.knows_range else (None, None)
    return [figure(key, said.middle if said else None), figure(f"{key}_low", low), figure(f"{key}_high", high)]


def depletion_figures(seen: Foresight) -> tuple[Figure, ...]:
    """Return the day on which the credits run out, and its range; no day for a part of a card, or with too little data."""
    fate = _known_fate(seen)
    early, late = (fate.early, fate.late) if fate and seen.knows_range else (None, None)
    day = (seen.used_up_since if seen.wallet.part.is_whole_card else None) or (fate.day if fate else None)
    short = Decimal((seen.term_end - day).days) if day and seen.term_end else None
    return (
        figure("depletion_day", day),
        figure("depletion_day_early", early),
        figure("depletion_day_late", late),
        figure("depletion_to_term_end_days", short),
    )


def _known_fate(seen: Foresight) -> DepletionForecast | None:
    return seen.fate if seen.card_series.is_enough and seen.wallet.part.is_whole_card else None


def _chance_before_term_end(seen: Foresight, fate: DepletionForecast | None) -> Decimal | None:
    if seen.used_up_since and seen.term_end and seen.wallet.part.is_whole_card:
        return Decimal(100)
    if fate is None or fate.depleted_in_term is None or not seen.knows_range:
        return None
    return Decimal(100) * fate.depleted_in_term / PATHS


def _tables(seen: Foresight) -> tuple[Table, ...]:
    if seen.ahead is None:
        return ()
    lefts = [said.middle for said in seen.fate.left] if seen.fate and seen.wallet.part.is_whole_card else []
    rows = []
    for place, (first, days, said) in enumerate(zip(seen.stretch_days, seen.stretches, seen.ahead.stretches, strict=False)):
        around = (said.low, said.high) if seen.knows_range else (None, None)
        left = lefts[place] if place < len(lefts) else None
        rows.append((first, Decimal(days), said.middle, *around, left))
    return (Table("weeks", "What is ahead", WEEK_COLUMNS, tuple(rows)),)


def _charts(seen: Foresight) -> tuple[Chart, ...]:
    if seen.ahead is None or len(seen.stretches) < 2:  # noqa: PLR2004 - one point is no line
        return ()
    title = "Credits by week" if seen.stretches[0] == 7 else f"Credits by {seen.stretches[0] // 7} weeks"  # noqa: PLR2004
    used = _chart("weeks_ahead", title, seen, seen.ahead.stretches)
    left = seen.fate.left if seen.fate and seen.wallet.part.is_whole_card else ()
    return (used, _chart("credits_left", "Credits left", seen, left)) if len(left) > 1 else (used,)


def _chart(key: str, title: str, seen: Foresight, said: tuple[Range, ...]) -> Chart:
    lines = [Series("Expected", tuple(each.middle for each in said))]
    if seen.knows_range:
        lines += [Series("Low", tuple(each.low for each in said)), Series("High", tuple(each.high for each in said))]
    days = tuple(f"{day:%d %b %y}" for day in seen.stretch_days[: len(said)])
    return Chart(key, title, "line", days, tuple(lines), "credits")
