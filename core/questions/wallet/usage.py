"""`usage`: what used the credits, by name or by time, and how that changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from core.answer import (
    CHART_POINTS,
    Answer,
    Chart,
    Column,
    Emphasis,
    Note,
    Series,
    Table,
    credits_short,
    figure,
    headline_of,
    number,
    percent_short,
    usd_short,
    usd_with_credits,
)
from core.answer import day as shown_day
from core.directory import read_directory
from core.errors import InputError
from core.questions.wallet.usage_crossed import PERIODS, usage_crossed
from core.wallet.usage import (
    Used,
    by_name,
    by_period,
    list_value,
    next_period,
    period_start,
    periods,
    share_percent,
    slices,
    total,
)
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.answer import Figure, Value
    from core.context import Context
    from core.days import PeriodCalendar
    from core.directory import Directory
    from core.language import Question
    from core.scope import Scope
    from core.wallet.usage import Costs, DayRange, Extent, Grouping, Scene
    from core.warehouse import Session

    UsedRow = queries.UsageByNameRow | queries.UsageByUserRow

LABELS = {
    "type": "Usage type",
    "use case": "Use case",
    "org": "Org",
    "week": "Week from",
    "month": "Month from",
    "quarter": "Quarter from",
}
CHART_BARS = 10
PERSON = (
    Column("name", "Name", "text"),
    Column("user_department", "Department of the person", "text", is_detail=True),
    Column("cost_centre", "Cost centre", "text", is_detail=True),
)


@dataclass(frozen=True, slots=True)
class Usage:
    """Rows of usage of a part of the wallet; rows: those to show, all: the base of their shares.

    costs: the cost of the usage by the key of each row. sums: how the cost is reached. list_value: of all, at list price.
    directory: who people are, for usage by user, if the team provides one.
    """

    by: str
    part: Scope
    extent: Extent
    days: DayRange
    rows: list[Used]
    all: Used
    row_count: int
    costs: Costs
    sums: list[str]
    list_value: Decimal | None
    directory: Directory | None = None


def usage(question: Question, context: Context) -> Answer:
    """Return what used the credits of the days meant, by default all of them."""
    if question.then_by or question.action or question.user or question.use_case:
        return usage_crossed(question, context)
    with context.reading() as session:
        found = _usage(question, context, session)
    return Answer(
        question=context.canonical_question(question),
        title=f"Usage by {found.by}",
        headline=_headline(found),
        as_of=context.as_of,
        figures=_figures(found),
        tables=(_table(found),),
        charts=_charts(found, context.config.period_calendar),
        arithmetic=_sums(found),
        notes=tuple(_notes(question, found)),
        sources=(*slices.price_sources(context, found.part.card), *slices.query_source(_query(found.by))),
        emphasis=_emphasis(found),
    )


def _emphasis(found: Usage) -> Emphasis:
    """Return the cost of each name or period; for periods only of the newest."""
    columns = ("name" if found.directory else _key_of(found.by), "usd", "credits", "share_percent", "change_percent", "actions")
    return Emphasis((), "usage", columns, is_newest_last=found.by in PERIODS)


def _key_of(by: str) -> str:
    return by.replace(" ", "_")


def _usage(question: Question, context: Context, session: Session) -> Usage:
    by = question.by or "agent"
    part = slices.part_of(question, context, session)
    extent = slices.extent_of(session, part.card, context)
    days = periods.days_of(question, extent)
    scene = slices.scene_of(session, part, extent, days, context)
    calendar = context.config.period_calendar
    is_by_period = by in PERIODS
    read: Sequence[UsedRow] = () if is_by_period else _rows_by_name(session, by, part, days, _before(extent, days))
    rows, whole = _by_period(scene, cast("Grouping", by), calendar) if is_by_period else _by_name(read, extent, days)
    shown = rows if question.top is None else sorted(rows, key=lambda row: -row.credits)[: int(question.top)]
    value = list_value(whole.credits, context, part.card)
    users = context.config.users if by == "user" else None
    directory = read_directory(users) if users else None
    return Usage(
        by, part, extent, days, shown, whole, len(rows), _costs(scene, by, calendar, read), scene.cost_sums(), value, directory
    )


def _costs(scene: Scene, by: str, calendar: PeriodCalendar, read: Sequence[UsedRow]) -> Costs:
    """Return the cost of each name or period of the days meant. read: the rows by name, read for all of the days."""
    if by in PERIODS:
        filters = scene.part.parameters("grain", "environment", "org", "agent", "department")
        return scene.costs(
            lambda days: scene.session.rows(
                queries.UsageByDayRow, first_day=days.first_day, day_after_last=days.day_after_last, **filters
            ),
            lambda row: period_start(row.day, cast("Grouping", by), calendar),
        )
    return scene.costs(
        lambda days: read if days == scene.days else _rows_by_name(scene.session, by, scene.part, days), slices.name_of
    )


def _rows_by_name(
    session: Session, by: str, part: Scope, days: DayRange, before_first_day: date | None = None
) -> Sequence[UsedRow]:
    span = {
        "before_first_day": before_first_day or days.first_day,
        "first_day": days.first_day,
        "day_after_last": days.day_after_last,
    }
    if by == "user":
        _require_users(part)
        return session.rows(queries.UsageByUserRow, **span, **part.parameters("environment", "org", "agent", "department"))
    filters = part.parameters("grain", "environment", "org", "agent", "department")
    return session.rows(queries.UsageByNameRow, by=by, **span, **filters)


def _query(by: str) -> str:
    return "usage_by_day" if by in PERIODS else "usage_by_user" if by == "user" else "usage_by_name"


def _before(extent: Extent, days: DayRange) -> date | None:
    """Return the first day of the previous period, None if too little of it is known."""
    return days.before.first_day if periods.has_before(days, extent) else None


def _by_name(read: Sequence[UsedRow], extent: Extent, days: DayRange) -> tuple[list[Used], Used]:
    rows = by_name((row for row in read if _says_something(row)), slices.name_of, with_before=_before(extent, days) is not None)
    return rows, total(rows)


def _says_something(row: UsedRow) -> bool:
    return any(getattr(row, column) for column in ("actions", "credits", "credits_before"))


def _require_users(part: Scope) -> None:
    if part.grain not in {"", "event"}:
        raise InputError("Only events name users. Ask without the grain.")


def _by_period(scene: Scene, period: Grouping, calendar: PeriodCalendar) -> tuple[list[Used], Used]:
    part, extent, days = scene.part, scene.extent, scene.days
    before_first = period_start(period_start(days.first_day, period, calendar) - timedelta(days=1), period, calendar)
    with_before = periods.has_before(days, extent)
    first = min(before_first, days.before.first_day) if with_before else before_first
    filters = part.parameters("grain", "environment", "org", "agent", "department")
    found = scene.session.rows(queries.UsageByDayRow, first_day=first, day_after_last=days.day_after_last, **filters)
    known = extent.all_days
    rows = by_period(
        found,
        period,
        max(days.first_day, known.first_day),
        min(days.day_after_last, known.day_after_last),
        known.first_day,
        calendar,
    )
    before = sum((row.credits for row in found if days.before.first_day <= row.day < days.first_day), Decimal(0))
    summed = total(rows)
    return rows, Used("total", summed.actions, summed.credits, before if with_before else None)


def _headline(found: Usage) -> str:
    """Return the cost of the days, the change, and which of the names used most."""
    whole = f"{usd_with_credits(found.costs.total, found.all.credits)} from {found.days}{_change(found)}"
    biggest = max((row for row in found.rows if row.key not in slices.NAMELESS), key=lambda row: row.credits, default=None)
    share = share_percent(biggest.credits, found.all.credits) if biggest else None
    if biggest is None or share is None or found.by in PERIODS:
        return f"{whole}."
    nameless = sum((row.credits for row in found.rows if row.key in slices.NOT_IN.values()), Decimal(0))
    of_these = "of what is named " if nameless > biggest.credits else ""
    cost = found.costs.of(biggest.key)
    used = usd_short(cost) if cost is not None else f"{credits_short(biggest.credits)} credits"
    most = f"{of_these}{_called(found, biggest.key)} used most"
    return headline_of(f"{whole}; {most}, {used} ({percent_short(share)}).", f"{whole}; {most}.", f"{whole}.")


def _change(found: Usage) -> str:
    change = found.all.change_percent
    if change is None:
        return ""
    if not change:
        return ", as much as before"
    return f", {percent_short(abs(change))} {'more' if change > 0 else 'less'} than before"


def _figures(found: Usage) -> tuple[Figure, ...]:
    return (
        figure("used_credits", found.all.credits),
        figure("actions", found.all.actions),
        figure("usd_used", found.costs.total),
        figure("credits_before", found.all.before),
        figure("change_credits", found.all.change),
        figure("change_percent", found.all.change_percent),
        figure("first_day", found.days.first_day),
        figure("last_day", found.days.last_day),
        figure("data_through", found.extent.data_through),
        figure("provisional_from", found.extent.provisional_from),
        figure("list_value_usd", found.list_value),
    )


def _table(found: Usage) -> Table:
    columns = (
        Column(_key_of(found.by), LABELS.get(found.by, found.by.capitalize()), "day" if found.by in PERIODS else "text"),
        *(PERSON if found.directory else ()),
        Column("actions", "Actions", "actions"),
        Column("credits", "Credits", "credits"),
        Column("usd", "Cost", "usd"),
        Column("share_percent", "Share", "percent"),
        Column("change_credits", "Change, in credits", "credits", is_detail=True),
        Column("change_percent", "Change", "percent"),
        *((Column("state", "State", "text", is_detail=True),) if found.by in PERIODS else ()),
    )
    return Table("usage", f"Usage by {found.by}, {found.days}", columns, tuple(_row(found, row) for row in found.rows))


def _row(found: Usage, row: Used) -> tuple[Value, ...]:
    cells = (
        row.key,
        *_person(found, row.key),
        row.actions,
        row.credits,
        found.costs.of(row.key),
        share_percent(row.credits, found.all.credits),
        row.change,
        row.change_percent,
    )
    return (*cells, _state(found, row.key)) if isinstance(row.key, date) else cells


def _called(found: Usage, key: date | str) -> str:
    """Return the label of what used something: people by their names, if these are known."""
    return found.directory.label(str(key)) if found.directory and key not in slices.NAMELESS else str(key)


def _person(found: Usage, key: date | str) -> tuple[str, ...]:
    """Return name, department and cost centre of a person; empty if no directory has them."""
    if found.directory is None:
        return ()
    person = found.directory.person(str(key))
    return _called(found, key), person.department, person.cost_centre


def _state(found: Usage, start: date) -> str:
    """Return whether some of the period's days may still grow."""
    after = min(next_period(start, cast("Grouping", found.by)), found.days.day_after_last)
    return "provisional" if after > found.extent.provisional_from else "complete"


def _charts(found: Usage, calendar: PeriodCalendar) -> tuple[Chart, ...]:
    if found.by in PERIODS:
        return _chart_over_time(found, calendar)
    rows = found.rows[:CHART_BARS]
    if len(rows) < 2:  # noqa: PLR2004 - one bar compares nothing
        return ()
    names = tuple(_called(found, row.key) for row in rows)
    series = Series("Credits", tuple(row.credits for row in rows))
    return (Chart("usage", f"Credits by {found.by}", "bar", names, (series,), "credits"),)


def _chart_over_time(found: Usage, calendar: PeriodCalendar) -> tuple[Chart, ...]:
    """Return the credits of all the days meant, by the finest period that fits a chart."""
    rows = sorted((row.key, row.credits) for row in found.rows if isinstance(row.key, date))
    by, used = found.by, dict(rows)
    for coarser in PERIODS[PERIODS.index(found.by) + 1 :]:
        if len(used) <= CHART_POINTS:
            break
        by, used = coarser, {}
        for day, credits_used in rows:
            start = period_start(day, cast("Grouping", coarser), calendar)
            used[start] = used.get(start, Decimal(0)) + credits_used
    points = list(used.items())[-CHART_POINTS:]
    if len(points) < 2:  # noqa: PLR2004 - one point is no course
        return ()
    left_out = f", the last {CHART_POINTS}" if len(points) < len(used) else ""
    series = Series("Credits", tuple(credits_used for _, credits_used in points))
    return (
        Chart("usage", f"Credits by {by}{left_out}", "line", tuple(f"{day:%d %b}" for day, _ in points), (series,), "credits"),
    )


def _sums(found: Usage) -> tuple[str, ...]:
    sums = [*found.sums]
    if found.all.before is not None and found.all.change is not None:
        sums.append(
            f"{number(found.all.credits)} ({found.days}) − {number(found.all.before)} ({found.days.before})"
            f" = {number(found.all.change)} credits"
        )
    return tuple(sums)


def _notes(question: Question, found: Usage) -> list[Note]:
    notes = [*slices.part_notes(found.part, found.extent, found.days), *slices.provisional_note(found.extent, found.days)]
    notes += slices.span_notes(question, found.extent, found.days)
    if len(found.rows) < found.row_count:
        rest = found.all.credits - sum((row.credits for row in found.rows), Decimal(0))
        others = found.row_count - len(found.rows)
        notes.append(
            Note(
                "assumption",
                f"{others} more of {found.row_count} are not shown: {number(rest)} credits together. Shares are of all.",
            )
        )
    if found.by not in PERIODS and any(row.key == slices.NOT_STATED for row in found.rows):
        notes.append(Note("warning", f"“{slices.NOT_STATED}” is usage for which the exports name no {found.by}."))
    if found.directory and found.directory.problems:
        more = f" and {len(found.directory.problems) - 1} more: agentcost doctor" if len(found.directory.problems) > 1 else ""
        notes.append(Note("warning", f"Not everybody may be named: {found.directory.problems[0]}{more}"))
    if found.by in PERIODS:
        notes.append(Note("assumption", f"Change is against the {found.by} before; a {found.by} that is cut off has none."))
    if found.days.day_after_last > found.extent.all_days.day_after_last:
        notes.append(Note("warning", f"There is no usage after {shown_day(found.extent.all_days.last_day)}."))
    return notes
