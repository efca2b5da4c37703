"""A digest: a calendar week or month of a team's part of the wallet, summarised in a few lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.alerts import NO_OUTLOOK, DigestOutlook, answer_in, cards_of, figures_in, open_alerts, title_of, view_of
from core.alerts.rules import ALL_USED, IMPORT, subject, write_expected
from core.answer import (
    MAX_FACTS,
    Answer,
    Chart,
    Column,
    Emphasis,
    Fact,
    Note,
    Series,
    Table,
    figure,
    headline_of,
    number,
    percent,
    percent_short,
    usd_short,
    usd_with_credits,
)
from core.answer import day as shown_day
from core.currency import show_in_currency
from core.digests.next_steps import advice_of
from core.errors import InputError
from core.language import Question
from core.questions.planning import budgets_of_team
from core.wallet.usage import (
    DayRange,
    Period,
    Scene,
    find_movers,
    next_period,
    period_in,
    period_start,
    share_percent,
    slices,
    write_change,
)
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from core.alerts import Kind, LiveAlert, View
    from core.alerts.rules import Expected, PoolMetrics
    from core.answer import Figure
    from core.config import Team
    from core.context import Context
    from core.wallet.usage import Extent, Grouping, Mover
    from core.warehouse import Session


Line = tuple[str, str, str]

PERIODS: Mapping[Kind, Grouping] = {"weekly": "week", "monthly": "month"}
MAX_BUDGETS = 2
MAX_MOVERS, MATERIAL_PERCENT, MAX_BARS = 3, 10, 8
# Exports are up to 72 hours late, so data of this age is as new as it can be.
MIN_FRESH_DAYS = 4
COLUMNS = (Column("line", "Line", "text", is_detail=True), Column("about", "Subject", "text"), Column("says", "Finding", "text"))


@dataclass(frozen=True, slots=True)
class _Digest:
    """The inputs of a digest's lines.

    whole: the week or month. days: its days covered by the data. before: the usage of the previous week or month, limited to the
    same days if not all are known; None if the data does not cover them. cost, cost_before: the cost of the usage; None for cards
    without a price.
    """

    session: Session
    context: Context
    team: Team
    kind: Kind
    view: View
    figures: PoolMetrics
    whole: DayRange
    scenes: list[Scene]
    scenes_before: list[Scene]
    now: Period
    before: Period | None
    cost: Decimal | None
    cost_before: Decimal | None
    opened: list[LiveAlert]
    outlook: DigestOutlook

    @property
    def noun(self) -> Grouping:
        """A week or a month."""
        return PERIODS[self.kind]

    @property
    def days(self) -> DayRange:
        """The days that the digest covers."""
        return self.scenes[0].days

    @property
    def ends_on(self) -> date:
        """The last day with data."""
        return self.view.facts.until - timedelta(days=1)

    @property
    def days_missing(self) -> int:
        """The number of days in the week or month after the end of the data."""
        return (self.whole.day_after_last - self.days.day_after_last).days

    @property
    def has_no_newer_data(self) -> bool:
        """Whether there is no data for the week or month before the digest's day."""
        return self.whole != _period_before(self.context.as_of, self.noun, self.context)

    @property
    def change_percent(self) -> Decimal | None:
        """The change from the previous days, in percent."""
        return share_percent(self.now.credits - self.before.credits, self.before.credits) if self.before else None


def digest(session: Session, context: Context, team: Team, kind: Kind, outlook: DigestOutlook = NO_OUTLOOK) -> Answer:
    """Return the digest of the last complete calendar week or month before the context's day, compared with the previous one.

    It covers the team's card, or the first one with grants. If the data ends within the period, the digest covers its days up to
    there, compared with the same days before. A period without anything material is one line: a change under 10%
    or under `min_usd`, no open alert, a pace below the alert threshold, and data that is not stale. So is a period without
    newer data. Every digest names its days and the end of the data.
    Raises: InputError, while there is no usage in these days.
    """
    with session.remembering():  # most parts start with the same queries
        card = cards_of(session, context, team.watches)[0]
        view = view_of(session, context, card, team.watches)
        if view is None:
            raise InputError("The wallet is empty: nothing has been imported yet. Import an export first: agentcost import FILE.")
        found = _gather(session, context, team, kind, view, outlook)
        told = _without_newer_data(found) if found.has_no_newer_data else _of_period(found)
    return show_in_currency(told, context.config.currency)


def _of_period(found: _Digest) -> Answer:
    """Return the digest of a period with newer data than the previously reported one."""
    team, kind, context = found.team, found.kind, found.context
    is_quiet = _is_quiet(found)
    movers = () if is_quiet or found.before is None else tuple(find_movers(found.scenes_before, found.scenes, MAX_MOVERS))
    lines = () if is_quiet else tuple(_lines(found, movers))
    return Answer(
        question=_question(found),
        title=f"{team.name}: {kind} digest{_of_several(found)}",
        headline=_headline(found, is_quiet=is_quiet),
        as_of=context.as_of,
        figures=(*_figures(found), *_gravest_alert(found)),
        tables=() if is_quiet else (Table("digest", f"{found.days}", COLUMNS, lines),),
        charts=() if is_quiet else _chart(found),
        notes=(*_growing_notes(found), *_lacking_notes(found)),
        emphasis=Emphasis(() if is_quiet else _facts(found, lines, movers), ""),
    )


def _figures(found: _Digest) -> tuple[Figure, ...]:
    before = found.before.credits if found.before else None
    return (
        figure("used_credits", found.now.credits),
        figure("usd_used", found.cost),
        figure("credits_before", before),
        figure("usd_before", found.cost_before if found.before else None),
        figure("first_day", found.days.first_day),
        figure("last_day", found.days.last_day),
    )


def _gravest_alert(found: _Digest) -> tuple[Figure, ...]:
    """Return the key of the most severe alert, for surfaces that offer to acknowledge it."""
    nobody_has = [one.key for one in found.opened[:1]]
    return tuple(figure("alert_key", key) for key in nobody_has)


def _growing_notes(found: _Digest) -> list[Note]:
    """Return the day from which usage may still arrive."""
    since = max(found.scenes[0].extent.provisional_from, found.days.first_day)
    if since >= found.days.day_after_last:
        return []
    return [Note("assumption", f"From {shown_day(since)} on use may still come in: exports are up to 72 hours late.")]


def _lacking_notes(found: _Digest) -> dict[Note, None]:
    """Return what the finest export lacks in the days, once for all parts."""
    return dict.fromkeys(note for scene in found.scenes for note in slices.lacking_notes(scene.part, scene.extent, scene.days))


def _without_newer_data(found: _Digest) -> Answer:
    """Return a digest without news: the known days were reported before."""
    days = (found.context.as_of - found.ends_on).days
    known = f"The last {found.noun} known, {_span(found.days)}, came to {_credits(found.now.credits, found.cost)}"
    return Answer(
        question=_question(found),
        title=f"{found.team.name}: {found.kind} digest{_of_several(found)}",
        headline=f"No newer data: it ends on {shown_day(found.ends_on)}, {days} days ago. {known}; {_news(found)}.",
        as_of=found.context.as_of,
        figures=_figures(found),
        notes=(Note("warning", IMPORT), *_lacking_notes(found)),
        emphasis=Emphasis((), ""),
    )


def _of_several(found: _Digest) -> str:
    """Return the part of the wallet if it has several names, which the digest's question cannot express."""
    return f" of {found.figures.part}" if len(found.view.parts) > 1 else ""


def _question(found: _Digest) -> str:
    """Return the question that explains a digest: why its days differ from the previous ones, otherwise who used what."""
    asked = "variance" if found.before else "usage by agent"
    return f"{asked} from {found.days.first_day} to {found.days.last_day}{found.figures.filters}"


def _period_before(day: date, by: Grouping, context: Context) -> DayRange:
    """Return the calendar week or month before the one of a day."""
    calendar = context.config.period_calendar
    end = period_start(day, by, calendar)
    return DayRange(period_start(end - timedelta(days=1), by, calendar), end)


def _days_known(kind: Kind, extent: Extent, until: date, context: Context) -> tuple[DayRange, DayRange]:
    """Return the week or month of a digest, and its days covered by the data.

    That is the one before the context's day, or an earlier one if there is no data for it.
    Raises: InputError, if there is no usage yet in these days.
    """
    by, all_days = PERIODS[kind], extent.all_days
    whole, last_known = _period_before(context.as_of, by, context), until - timedelta(days=1)
    if last_known < whole.first_day:
        first_day = period_start(last_known, by, context.config.period_calendar)
        whole = DayRange(first_day, next_period(first_day, by))
    days = whole.within(DayRange(all_days.first_day, until))
    if not days.days:
        raise InputError(f"There is no data for {whole}. The wallet knows {all_days}.")
    return whole, days


def _days_before(whole: DayRange, days: DayRange, kind: Kind, context: Context) -> DayRange:
    """Return the previous week or month; for days that stop short of the end, as many days from its start."""
    before = _period_before(whole.first_day, PERIODS[kind], context)
    if days.day_after_last == whole.day_after_last:
        return before
    return before.within(DayRange(before.first_day, before.first_day + timedelta(days=1) * days.days))


def _gather(  # noqa: PLR0913, PLR0917 - what a digest is of
    session: Session, context: Context, team: Team, kind: Kind, view: View, outlook: DigestOutlook
) -> _Digest:
    extent = view.facts.extent
    whole, days = _days_known(kind, extent, view.facts.until, context)
    days_before = _days_before(whole, days, kind, context)
    scenes = [Scene(session, part, extent, days, view.facts.rates) for part in view.parts]
    scenes_before = [replace(scene, days=days_before) for scene in scenes]
    has_before = extent.all_days.first_day <= days_before.first_day
    return _Digest(
        session,
        context,
        team,
        kind,
        view,
        figures_in(session, view, team.watches),
        whole,
        scenes,
        scenes_before,
        now=_together([period_in(scene) for scene in scenes]),
        before=_together([period_in(scene) for scene in scenes_before]) if has_before else None,
        cost=_cost(scenes),
        cost_before=_cost(scenes_before),
        opened=[one for one in open_alerts(session, team.name) if one.state == "open"],
        outlook=outlook,
    )


def _cost(scenes: list[Scene]) -> Decimal | None:
    costs = [scene.cost for scene in scenes]
    return None if None in costs else sum((cost for cost in costs if cost is not None), Decimal(0))


def _together(found: list[Period]) -> Period:
    whole = found[0]
    for one in found[1:]:
        whole += one
    return whole


def _is_quiet(found: _Digest) -> bool:
    settings, change = found.context.config.alerts, found.change_percent
    moved = abs(found.now.credits - found.before.credits) if found.before else Decimal(0)
    is_moved = change is None or (abs(change) >= MATERIAL_PERCENT and found.figures.exceeds_min_cost(moved, settings.min_usd))
    pace = found.figures.pace_percent
    return _is_fresh(found) and not is_moved and not found.opened and (pace is None or pace < settings.pace_percent)


def _is_fresh(found: _Digest) -> bool:
    stale_days = found.context.config.alerts.stale_days
    return (found.context.as_of - found.ends_on).days <= max(stale_days, MIN_FRESH_DAYS)


def _headline(found: _Digest, *, is_quiet: bool) -> str:
    """Return the cost of the days compared with the previous ones, and the end of the data unless it is as new as it can be."""
    team, called = found.team.name, found.noun
    known = "" if _is_fresh(found) and not is_quiet else f"; data to {shown_day(found.ends_on)}"
    if found.days_missing:
        missing = f"{found.days_missing} day{'s' * (found.days_missing > 1)}"
        known = f"; the data ends on {shown_day(found.ends_on)}, {missing} before the {called} does"
    opening = f"{team}, a quiet {called}" if is_quiet else team
    news = f", {_news(found)}" if is_quiet else ""
    whole = usd_with_credits(found.cost, found.now.credits)
    bare = whole if found.cost is None else usd_short(found.cost)
    span, against = _span(found.days), _against_before(found)
    texts = [f"{opening}: {cost} from {span}{against}{known}{news}." for cost in (whole, bare)]
    return headline_of(*texts, f"{opening}: {bare} from {span}{known}.")


def _span(days: DayRange) -> str:
    """Return both days, with month and year only once if they are the same: 14 to 20 Sep 2026."""
    first, last = days.first_day, days.last_day
    if first == last:
        return shown_day(last)
    begins = f"{first.day}" if (first.year, first.month) == (last.year, last.month) else f"{first.day} {first:%b}"
    return f"{shown_day(first) if first.year != last.year else begins} to {shown_day(last)}"


def _against_before(found: _Digest) -> str:
    """Return the difference from the previous days: in dollars if there are any, and in percent."""
    if found.before is None or found.change_percent is None:
        return ""
    days, change = found.scenes_before[0].days, found.change_percent
    called = f"the {found.noun} before" if not found.days_missing else f"from {_span(days)}"
    if not change:
        return f", as much as {called}"
    word, percent_said = "more" if change > 0 else "less", percent_short(abs(change))
    cost = _less(found.cost, found.cost_before)
    if cost is None or cost * change <= 0:
        return f", {percent_said} {word} than {called}"
    return f", {usd_short(abs(cost))} ({percent_said}) {word} than {called}"


def _news(found: _Digest) -> str:
    count = len(found.opened)
    return "nothing is open" if not count else "one alert is open" if count == 1 else f"{count} alerts are open"


def _credits(used: Decimal, cost: Decimal | None) -> str:
    return usd_with_credits(cost, used)


def _less(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if now is None or before is None else now - before


def _facts(found: _Digest, lines: Sequence[Line], movers: Sequence[Mover]) -> tuple[Fact, ...]:
    """Return what a colleague would add: plan, movers and reasons, the depletion date, open alerts, and one next step."""
    says = {line: text for line, _, text in lines}
    told = {
        "Of the card": says.get("share"),
        "Plan": says.get("plan", "").partition(";")[0],
        "Why": "; ".join([*(mover.sentence for mover in movers[:1]), *(mover.summary for mover in movers[1:])]),
        "Budget": says.get("budget"),
        "Runs out": says.get("runs_out"),
        "Open": says["open"] if found.opened else None,
        "To do": says["next"],
    }
    return tuple(Fact(label, text) for label, text in told.items() if text)[:MAX_FACTS]


def _lines(found: _Digest, movers: Sequence[Mover]) -> Iterator[Line]:
    """Yield at most twelve lines; with the headline, thirteen."""
    yield from _spend_line(found)
    yield from _plan_lines(found)
    yield from _budget_line(found)
    yield from ((f"mover_{place}", f"Mover {place}", mover.sentence) for place, mover in enumerate(movers, 1))
    yield from _cheapest_line(found)
    yield "open", "Open alerts", _first_sentence(found)
    yield "next", "Next", _next_action(found)
    said = found.outlook.scorecard(found.session, found.context) if found.outlook.scorecard else None
    if said:
        yield "scorecard", "Forecasts", said


def _spend_line(found: _Digest) -> Iterator[Line]:
    if found.before is not None:
        before, now = found.before.credits, found.now.credits
        change = write_change(now - before, _less(found.cost, found.cost_before))
        yield "spend", "Spend", f"{number(now, 0)} after {number(before, 0)} credits: {change}"


def _budget_line(found: _Digest) -> Iterator[Line]:
    """Yield the status of the team's own budgets, those in trouble first."""
    budgets = budgets_of_team(found.session, found.context, found.team.watches)
    if budgets:
        more = f" and {len(budgets) - MAX_BUDGETS} more (ask: budget)" if len(budgets) > MAX_BUDGETS else ""
        yield "budget", "Budgets" if len(budgets) > 1 else "Budget", "; ".join(budgets[:MAX_BUDGETS]) + more


def _plan_lines(found: _Digest) -> Iterator[Line]:
    """Yield plan, pace and depletion, which exist only for a whole card."""
    figures = found.figures
    if figures.part:
        whole = sum((row.card_credits for row in found.view.facts.rows if _is_in(found, row)), Decimal(0))
        share = share_percent(found.now.credits, whole)
        if share is not None:
            yield "share", "Of the card", f"{subject(figures)} used {percent(share)} of the card's {number(whole, 0)} credits"
        return
    if figures.term and figures.term.is_bounded and figures.pool > 0:
        days = (figures.term.day_after_last - figures.term.first_day).days
        plan = figures.pool * found.days.days / days
        of_plan = percent_short(found.now.credits / plan * Decimal(100))
        sums = f"{number(figures.pool)} ÷ {days} × {found.days.days} = {number(plan, 0)} credits planned"
        yield "plan", "Against plan", f"{of_plan} of the {_planned(found, plan)} planned for these days; {sums}"
    if figures.pace_percent is not None and figures.used_percent is not None and figures.elapsed_percent is not None:
        used, gone = percent(figures.used_percent), percent(figures.elapsed_percent)
        yield "pace", "Pace", f"{percent(figures.pace_percent)}: {used} used, {gone} of the term elapsed"
        yield "runs_out", "Runs out", _runs_out(found)


def _planned(found: _Digest, plan: Decimal) -> str:
    """Return the plan in dollars, at the average cost per credit of these days; in credits if that is unknown."""
    if found.cost is None or not found.now.credits:
        return f"{number(plan, 0)} credits"
    return usd_with_credits(found.cost * plan / found.now.credits, plan)


def _is_in(found: _Digest, row: queries.UsageByDayRow) -> bool:
    return found.days.first_day <= row.day < found.days.day_after_last


def _expected(found: _Digest) -> Expected | None:
    return found.outlook.forecast(found.figures, ALL_USED) if found.outlook.forecast else None


def _runs_out(found: _Digest) -> str:
    """Return the depletion date: as forecast, otherwise by the burn rate of the last 28 days, otherwise what will expire."""
    figures, burn = found.figures, found.view.facts.card_burn
    expected = _expected(found)
    if expected:
        return write_expected(expected)
    left = found.view.facts.days_left
    if figures.remaining <= 0:
        overdrawn = _credits(figures.overdrawn, figures.overdrawn_usd)
        return f"overdrawn by {overdrawn}" if figures.overdrawn > 0 else "nothing is left"
    if burn and burn.per_day > 0 and left is not None and figures.remaining < burn.per_day * left:
        on = found.view.facts.until + timedelta(days=int(figures.remaining / burn.per_day))
        return f"{shown_day(on)}, if the burn of {number(burn.per_day, 0)} a day continues"
    unused = sum(figures.expiring.values(), Decimal(0))
    paid = sum(figures.expiring_usd.values(), Decimal(0)) if figures.expiring_usd else None
    return f"not within the term; {_credits(unused, paid)} would expire unused"


def _chart(found: _Digest) -> tuple[Chart, ...]:
    """Return the weeks or months up to the digest's own as bars, in dollars; none with fewer than two complete ones.

    Cards without a price have no dollars, so their bars are in credits. The last bar is the digest's own period.
    """
    facts, calendar = found.view.facts, found.context.config.period_calendar
    spans = [found.days]
    while len(spans) < MAX_BARS:
        end = period_start(spans[0].first_day, found.noun, calendar)
        earlier = DayRange(period_start(end - timedelta(days=1), found.noun, calendar), end)
        if earlier.first_day < facts.extent.all_days.first_day:
            break
        spans.insert(0, earlier)
    if len(spans) == 1:
        return ()
    used = [[(row.day, row.credits) for row in facts.rows if days.first_day <= row.day < days.day_after_last] for days in spans]
    is_monthly = found.kind == "monthly"
    names = tuple(f"{first:%b %Y}" if is_monthly else f"{first.day} {first:%b}" for first in (days.first_day for days in spans))
    short = f", the last to {found.ends_on.day} {found.ends_on:%b}" if found.days_missing else ""
    if facts.rates:
        spent = Series("Spend", tuple(facts.rates.cost(days) for days in used))
        return (Chart(f"usd_by_{found.noun}", f"Dollars by {found.noun}{short}", "bar", names, (spent,), "usd"),)
    total = Series("Credits", tuple(sum((credit for _, credit in days), Decimal(0)) for days in used))
    return (Chart(f"credits_by_{found.noun}", f"Credits by {found.noun}{short}", "bar", names, (total,), "credits"),)


def _cheapest_line(found: _Digest) -> Iterator[Line]:
    """Yield the cheapest plan for the wallet's usage, only for teams that see all of it."""
    if found.figures.part:
        return
    from core.questions.pricing import recommend  # noqa: PLC0415 - a quiet week compares no plans

    try:
        yield "cheapest", "Cheapest plan", recommend(Question(command="recommend"), found.context).headline
    except InputError:  # the wallet counts no actions
        return


def _first_sentence(found: _Digest) -> str:
    if not found.opened:
        return "none"
    more = len(found.opened) - MAX_MOVERS
    said = ", ".join(_say_alert(found, one) for one in found.opened[:MAX_MOVERS])
    return (
        f"{said}{f' and {more} more' if more > 0 else ''}; nobody has acknowledged {'it' if len(found.opened) == 1 else 'them'}"
    )


def _say_alert(found: _Digest, one: LiveAlert) -> str:
    """Return in words which alert is open, and since when: its key is for commands."""
    since = shown_day(one.since.astimezone(found.context.config.zone))
    name = f"{one.level}% used" if one.rule == "level" else title_of(one.rule).lower()
    return f"{name} since {since}"


def _next_action(found: _Digest) -> str:
    """Return the action that the most severe open alert asks for."""
    if not found.opened:
        return "No action is needed."
    gravest = found.opened[0]
    told = answer_in(found.session.row(queries.AlertByKeyRow, key=gravest.key).answer)
    expected = _expected(found) if not found.figures.part else None
    return advice_of(gravest, told, found.figures, expected.likely if expected else None) or "Look at what is open."
