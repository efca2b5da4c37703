"""A digest: what a week or month of a team's part of the wallet came to, in at most twelve lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.alerts import NO_OUTLOOK, DigestOutlook, answer_in, cards_of, figures_in, merge_rows, open_alerts, title_of, view_of
from core.alerts.rules import ALL_USED, IMPORT, subject, write_expected
from core.answer import (
    MAX_FACTS,
    Answer,
    Column,
    Emphasis,
    Fact,
    Note,
    Table,
    credits_short,
    headline_of,
    number,
    percent,
    percent_short,
    usd_short,
    usd_with_credits,
)
from core.answer import day as shown_day
from core.errors import InputError
from core.language import Last, Question
from core.questions.wallet import list_effects, periods, week_chart
from core.wallet.usage import Period, Scene, share_percent, slices, split
from core.wallet.usage import periods as usage_periods
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from core.alerts import Kind, LiveAlert, View
    from core.alerts.rules import PoolMetrics
    from core.config import Team
    from core.context import Context
    from core.wallet.usage import Costs, DayRange
    from core.warehouse import Session


Line = tuple[str, str, str]

SPANS: Mapping[Kind, Last] = {"weekly": Last(7, "day"), "monthly": Last(1, "month")}
PERIOD_WORDS: Mapping[Kind, str] = {"weekly": "week", "monthly": "month"}
LONG: Mapping[Kind, int] = {"weekly": 7, "monthly": 31}
MAX_MOVERS, MATERIAL_PERCENT = 3, 10
# Exports come up to 72 hours late, so data of so many days ago is as new as it can be.
MIN_FRESH_DAYS = 4
COLUMNS = (Column("line", "Line", "text", is_detail=True), Column("about", "About", "text"), Column("says", "Says", "text"))


@dataclass(frozen=True, slots=True)
class _Digest:
    """What the lines of a digest are made from. before: None where the data does not hold those days.

    cost, cost_before: of the use of these days and of those before; None for cards without a price.
    """

    session: Session
    context: Context
    team: Team
    kind: Kind
    view: View
    figures: PoolMetrics
    scenes: list[Scene]
    now: Period
    before: Period | None
    cost: Decimal | None
    cost_before: Decimal | None
    opened: list[LiveAlert]
    outlook: DigestOutlook

    @property
    def days(self) -> usage_periods.DayRange:
        """The days that the digest is of."""
        return self.scenes[0].days

    @property
    def ends_on(self) -> date:
        """The last day of which anything is known."""
        return self.view.facts.until - timedelta(days=1)

    @property
    def has_no_newer_data(self) -> bool:
        """Whether nothing of the week or month before the digest's day is known."""
        return self.ends_on < self.context.as_of - timedelta(days=LONG[self.kind])

    @property
    def change_percent(self) -> Decimal | None:
        """The change against the days before, in percent."""
        return share_percent(self.now.credits - self.before.credits, self.before.credits) if self.before else None


def digest(session: Session, context: Context, team: Team, kind: Kind, outlook: DigestOutlook = NO_OUTLOOK) -> Answer:
    """Return the digest of the last 7 complete days, or of a month of them, before the context's day.

    Of the team's card, or the first with grants. A period without anything material is one line: a change under 10%
    or under `min_usd`, no open alert, a pace under the one that is news, and data that is not stale. So is one in which
    no newer data came. Every digest names its days and where the data ends.
    Raises: InputError, while there is no use in these days.
    """
    card = cards_of(session, context, team.watches)[0]
    view = view_of(session, context, card, team.watches)
    if view is None:
        raise InputError("The wallet is empty: nothing has been imported yet. Import an export first: agentcost import FILE.")
    found = _gather(session, context, team, kind, view, outlook)
    if found.has_no_newer_data:
        return _without_newer_data(found)
    is_quiet = _is_quiet(found)
    lines = () if is_quiet else tuple(_lines(found))
    return Answer(
        question=_question(found),
        title=f"{team.name}: {kind} digest{_of_several(found)}",
        headline=_headline(found, is_quiet=is_quiet),
        as_of=context.as_of,
        tables=() if is_quiet else (Table("digest", f"{found.days}", COLUMNS, lines),),
        charts=() if is_quiet else week_chart(view.facts, in_usd=True),
        notes=(*_complete_notes(is_quiet=is_quiet), *_lacking_notes(found)),
        emphasis=Emphasis(() if is_quiet else _facts(found, lines), ""),
    )


def _complete_notes(*, is_quiet: bool) -> list[Note]:
    return [] if is_quiet else [Note("assumption", "Complete days only; the last 72 hours may still grow.")]


def _lacking_notes(found: _Digest) -> dict[Note, None]:
    """Return what the finest export lacks of the days, once however many parts there are."""
    return dict.fromkeys(note for scene in found.scenes for note in slices.lacking_notes(scene.part, scene.extent, scene.days))


def _without_newer_data(found: _Digest) -> Answer:
    """Return a digest of nothing: the days that are known were told before."""
    days = (found.context.as_of - found.ends_on).days
    known = f"The last {PERIOD_WORDS[found.kind]} known, {found.days}, came to {_credits(found.now.credits, found.cost)}"
    return Answer(
        question=_question(found),
        title=f"{found.team.name}: {found.kind} digest{_of_several(found)}",
        headline=f"No newer data: it ends on {shown_day(found.ends_on)}, {days} days ago. {known}; {_news(found)}.",
        as_of=found.context.as_of,
        notes=(Note("warning", IMPORT), *_lacking_notes(found)),
    )


def _of_several(found: _Digest) -> str:
    """Return the part of the wallet where several names make it up, which the digest's question cannot say."""
    return f" of {found.figures.part}" if len(found.view.parts) > 1 else ""


def _question(found: _Digest) -> str:
    """Return what explains a digest: its days by name where the data of its card reaches beyond them."""
    days = found.days
    is_late = days.day_after_last != found.view.facts.extent.provisional_from
    said = f"from {days.first_day} to {days.last_day}" if is_late else f"last {days.days} days"
    return f"variance {said}{found.figures.filters}"


def _gather(  # noqa: PLR0913, PLR0917 - what a digest is of
    session: Session, context: Context, team: Team, kind: Kind, view: View, outlook: DigestOutlook
) -> _Digest:
    extent = usage_periods.extent_as_of(view.facts.extent, context.as_of)
    days = usage_periods.days_of(Question(command="variance", span=SPANS[kind]), extent)
    scenes = [Scene(session, part, extent, days, view.facts.rates) for part in view.parts]
    both = [periods(scene) for scene in scenes]
    has_before = usage_periods.has_before(days, extent)
    return _Digest(
        session,
        context,
        team,
        kind,
        view,
        figures_in(session, view, team.watches),
        scenes,
        now=_together([now for _, now in both]),
        before=_together([before for before, _ in both]) if has_before else None,
        cost=_cost(scenes),
        cost_before=_cost([replace(scene, days=days.before) for scene in scenes]),
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
    """Return what the days cost against those before; where the data ends, unless it is as new as it can be."""
    called, team = PERIOD_WORDS[found.kind], found.team.name
    known = "" if _is_fresh(found) and not is_quiet else f"; data to {shown_day(found.ends_on)}"
    opening = f"{team}, a quiet {called}" if is_quiet else team
    news = f", {_news(found)}" if is_quiet else ""
    whole = usd_with_credits(found.cost, found.now.credits)
    bare = whole if found.cost is None else usd_short(found.cost)
    texts = [f"{opening}: {cost} from {found.days}{_against_before(found)}{known}{news}." for cost in (whole, bare)]
    return headline_of(*texts, f"{opening}: {bare}{_against_before(found)}{known}.")


def _against_before(found: _Digest) -> str:
    """Return how much more or less than in the days before: in dollars where there are any, and in percent."""
    if found.before is None or found.change_percent is None:
        return ""
    called, change = PERIOD_WORDS[found.kind], found.change_percent
    if not change:
        return f", as much as the {called} before"
    word, percent_said = "more" if change > 0 else "less", percent_short(abs(change))
    cost = _less(found.cost, found.cost_before)
    if cost is None or cost * change <= 0:
        return f", {percent_said} {word} than the {called} before"
    return f", {usd_short(abs(cost))} ({percent_said}) {word} than the {called} before"


def _news(found: _Digest) -> str:
    count = len(found.opened)
    return "nothing is open" if not count else "one alert is open" if count == 1 else f"{count} alerts are open"


def _credits(used: Decimal, cost: Decimal | None) -> str:
    return usd_with_credits(cost, used)


def _less(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if now is None or before is None else now - before


def _facts(found: _Digest, lines: Sequence[Line]) -> tuple[Fact, ...]:
    """Return what a colleague would add: plan, who moved and why, the date, what is open, and one thing to do."""
    says = {line: text for line, _, text in lines}
    moved = "; ".join(text for line, text in says.items() if line.startswith("mover_"))
    told = {
        "Of the card": says.get("share"),
        "Plan": says.get("plan"),
        "Who moved": moved,
        "Runs out": says.get("runs_out"),
        "Open": says["open"] if found.opened else None,
        "To do": says["next"],
    }
    return tuple(Fact(label, text) for label, text in told.items() if text)[:MAX_FACTS]


def _lines(found: _Digest) -> Iterator[Line]:
    """Yield at most eleven lines; with the headline, twelve."""
    yield from _spend_line(found)
    yield from _plan_lines(found)
    yield from _mover_lines(found)
    yield from _cheapest_line(found)
    yield "open", "Open alerts", _first_sentence(found)
    yield "next", "Next", _next_action(found)
    said = found.outlook.scorecard(found.session, found.context) if found.outlook.scorecard else None
    if said:
        yield "scorecard", "Forecasts", said


def _spend_line(found: _Digest) -> Iterator[Line]:
    if found.before is not None:
        before, now = found.before.credits, found.now.credits
        change = _signed(now - before, _less(found.cost, found.cost_before))
        yield "spend", "Spend", f"{number(now, 0)} after {number(before, 0)} credits: {change}"


def _plan_lines(found: _Digest) -> Iterator[Line]:
    """Yield plan, pace and running out, which only a whole card has."""
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
        of_plan = percent(found.now.credits / plan * Decimal(100))
        sums = f"{number(figures.pool)} ÷ {days} × {found.days.days}"
        yield "plan", "Against plan", f"{of_plan} of the plan, {number(plan, 0)} credits ({sums})"
    if figures.pace_percent is not None and figures.used_percent is not None and figures.elapsed_percent is not None:
        used, gone = percent(figures.used_percent), percent(figures.elapsed_percent)
        yield "pace", "Pace", f"{percent(figures.pace_percent)}: {used} used, {gone} of the term elapsed"
        yield "runs_out", "Runs out", _runs_out(found)


def _is_in(found: _Digest, row: queries.UsageByDayRow) -> bool:
    return found.days.first_day <= row.day < found.days.day_after_last


def _runs_out(found: _Digest) -> str:
    """Return when: as forecast, else by the burn of the last 28 days, else what will expire."""
    figures, burn = found.figures, found.view.facts.card_burn
    expected = found.outlook.forecast(figures, ALL_USED) if found.outlook.forecast else None
    if expected:
        return write_expected(expected)
    left = found.view.facts.days_left
    if figures.remaining <= 0:
        overdrawn = _credits(figures.overdrawn, figures.overdrawn_usd)
        return f"overdrawn by {overdrawn}" if figures.overdrawn > 0 else "nothing is left"
    if burn and burn.per_day > 0 and left is not None and figures.remaining < burn.per_day * left:
        on = found.view.facts.until + timedelta(days=int(figures.remaining / burn.per_day))
        return f"{shown_day(on)}, if the burn of {number(burn.per_day, 0)} a day goes on"
    unused = sum(figures.expiring.values(), Decimal(0))
    paid = sum(figures.expiring_usd.values(), Decimal(0)) if figures.expiring_usd else None
    return f"not within the term; {_credits(unused, paid)} would expire unused"


def _mover_lines(found: _Digest) -> Iterator[Line]:
    """Yield the three agents that moved most, each with what moved it most."""
    if found.before is None:
        return
    rows = merge_rows((_by_agent(scene, scene.days.before) for scene in found.scenes), slices.name_of)
    costs = [(scene.costs(*_of_agents(scene)), _costs_before(scene)) for scene in found.scenes]
    moved = sorted(rows, key=lambda row: (-abs(row.credits - row.credits_before), slices.name_of(row)))
    for place, row in enumerate(moved[:MAX_MOVERS], 1):
        change = row.credits - row.credits_before
        if change:
            name = slices.name_of(row)
            paid = [_less(now.of(name), before.of(name)) for now, before in costs]
            cost = None if None in paid else sum((one for one in paid if one is not None), Decimal(0))
            reason = "" if row.lacking_in else f", {_reason(found, row.name)}"
            yield f"mover_{place}", f"Mover {place}", f"{name} {_signed(change, cost)}{reason}"


def _signed(change: Decimal, cost: Decimal | None) -> str:
    """Return +$36.00 (+7,200 credits), each with its own sign; credits alone where there is no difference in dollars."""
    counted = f"{'+' if change > 0 else ''}{credits_short(change)} credits"
    return f"{'+' if cost > 0 else ''}{usd_short(cost)} ({counted})" if cost else counted


def _of_agents(
    scene: Scene,
) -> tuple[Callable[[DayRange], list[queries.UsageByNameRow]], Callable[[queries.UsageByNameRow], object]]:
    """Return what reads the rows of agents in any days, and their name."""
    return lambda days: _by_agent(replace(scene, days=days), days), slices.name_of


def _costs_before(scene: Scene) -> Costs:
    earlier = replace(scene, days=scene.days.before)
    return earlier.costs(*_of_agents(earlier))


def _by_agent(scene: Scene, since: DayRange) -> list[queries.UsageByNameRow]:
    """Return the credits of agents in a scene's days, and those from the first day of `since` to before them."""
    filters = scene.between("grain", "environment", "org", "agent", "department")
    return scene.session.rows(queries.UsageByNameRow, by="agent", before_first_day=since.first_day, **filters)


def _reason(found: _Digest, agent: str) -> str:
    mine = [scene for scene in found.scenes if scene.part.agents in {(), (agent,)}]
    both = [periods(replace(scene, part=scene.part._replace(agents=(agent,)))) for scene in mine]
    before, now = (_together([one[side] for one in both]) for side in (0, 1))
    _, words, value = max(list_effects(split(before, now)), key=lambda effect: abs(effect[2]))
    return f"mostly by {words.lower()} ({'+' if value > 0 else ''}{number(value, 0)})"


def _cheapest_line(found: _Digest) -> Iterator[Line]:
    """Yield the cheapest plan for the wallet's use, to whom all of it is told."""
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
    """Return which alert is open and since when, in words: its key is for commands."""
    since = shown_day(one.since.astimezone(found.context.config.zone))
    name = f"{one.level}% used" if one.rule == "level" else title_of(one.rule).lower()
    return f"{name} since {since}"


def _next_action(found: _Digest) -> str:
    """Return what the gravest open alert asks for."""
    if not found.opened:
        return "No action is needed."
    row = found.session.row(queries.AlertByKeyRow, key=found.opened[0].key)
    return str(answer_in(row.answer).figure("alert_advice").value or "Look at what is open.")
