"""`usage` by two things at once, of one action, of one person or of one use case.

Such as `usage by agent then by month`, `usage by day action Answer_FAQ`, `usage by agent user jane@acme.com`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from core.answer import Answer, Column, Note, Table, figure, headline_of, percent, usd_with_credits
from core.answer import day as shown_day
from core.errors import InputError
from core.wallet.usage import Used, cost_sums, period_start, periods, share_percent, slices, total
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.answer import Figure, Value
    from core.context import Context
    from core.days import PeriodCalendar
    from core.language import Question
    from core.wallet.usage import Costs, DayRange, Grouping, Scene
    from core.warehouse import Session

    Key = tuple[str | date, ...]
    UsedRow = queries.UsageByTwoNamesRow | queries.UsageByUserAndDayRow | queries.UsageOfUserRow
    Reader = Callable[[DayRange], Sequence[UsedRow]]

PERIODS = ("day", "week", "month", "quarter")
FROM = ("week", "month", "quarter")
QUERY, USER_QUERY, QUERY_OF_USER = "usage_by_two_names", "usage_by_user_and_day", "usage_of_user"
OF_USER = ("agent", "department", "environment", "org", *PERIODS)
FILTERS = ("grain", "environment", "org", "agent", "department")


def usage_crossed(question: Question, context: Context) -> Answer:
    """Return what used the credits of the days meant, a row for each pair of names or periods.

    Raises: InputError, for users combined with another name that only events have, for an action or a person that no export
    names, and for what the wallet does not keep by person.
    """
    by = [grouping for grouping in (question.by, question.then_by) if grouping]
    _require_names(question, by)
    _require_kept_by_user(question, by)
    with context.reading() as session:
        part = slices.part_of(question, context, session)
        extent = slices.extent_of(session, part.card, context)
        days = periods.days_of(question, extent)
        scene = slices.scene_of(session, part, extent, days, context)
        action = _action(question, scene, extent.all_days)
        user = slices.user_of(question, part, context, session)
        use_case = slices.use_case_of(question, part, context, session)
        read = _reader_of(by, scene, action, user, use_case)
        key_of = _key_of(by, context.config.period_calendar)
        found = read(days)
        rows, costs = _used(found, key_of), scene.costs(read, key_of)
    whole = total(rows.values())
    shown = _order(rows, by)
    if question.top is not None:
        shown = sorted(shown, key=lambda key: -rows[key].credits)[: int(question.top)]
    return Answer(
        question=context.canonical_question(question),
        title=f"Usage by {' and '.join(by)}",
        headline=_headline(rows, costs, by, user or action or use_case, days),
        as_of=context.as_of,
        figures=tuple(_figures(whole, costs, scene)),
        tables=(_table(f"Usage by {' and '.join(by)}, {days}", by, [_row(rows[key], key, whole, costs) for key in shown]),),
        arithmetic=tuple(cost_sums(scene.rates, [(row.day, row.credits) for row in found])),
        notes=tuple(_notes(question, scene, (action, user, use_case), len(rows) - len(shown))),
        sources=(
            *slices.price_sources(context, part.card),
            *slices.query_source(QUERY_OF_USER if user else USER_QUERY if "user" in by else QUERY),
        ),
    )


def _require_names(question: Question, by: list[str]) -> None:
    if "user" in by and (
        question.action
        or question.user
        or question.use_case
        or question.grain not in {None, "event"}
        or not set(by) - {"user"} <= set(PERIODS)
    ):
        raise InputError(
            "Only the events name users, so use by user goes with days, weeks, months or quarters alone. "
            "Ask `usage by user`, or `usage by user then by month`."
        )
    if len(set(by)) < len(by):
        raise InputError(f"Both groupings are by {by[0]}: name two different ones, such as `by agent then by month`.")


def _require_kept_by_user(question: Question, by: list[str]) -> None:
    if question.user is None:
        return
    for kind, said in (("action", question.action), ("use case", question.use_case)):
        if said is not None:
            raise InputError(f"The wallet keeps no {kind}s by user. Ask about the user or the {kind}, not both.")
    lacking = next((one for one in by if one not in OF_USER), None)
    if lacking:
        known = f"{', '.join(OF_USER[:-1])} or {OF_USER[-1]}"
        raise InputError(f"The wallet keeps no {lacking} by user. Ask about a user by {known}.")


def _action(question: Question, scene: Scene, known: DayRange) -> str | None:
    """Return the action meant, as the exports spell it, from those that the part of the wallet names."""
    if question.action is None:
        return None
    rows = scene.session.rows(
        queries.UsageByNameRow,
        by="action",
        before_first_day=known.first_day,
        first_day=known.first_day,
        day_after_last=known.day_after_last,
        **scene.part.parameters(*FILTERS),
    )
    return slices.match(question.action, "action", [row.name for row in rows if row.name])


def _reader_of(by: list[str], scene: Scene, action: str | None, user: str | None, use_case: str | None) -> Reader:
    """Return the reader of some days' rows: of one person, by person, or by what the exports name."""
    if user is not None:
        return _reader_of_user(scene.session, by, scene, user)
    return _user_reader(scene.session, scene) if "user" in by else _reader(by, scene, action, use_case)


def _reader_of_user(session: Session, by: list[str], scene: Scene, user: str) -> Reader:
    names = _names_in(by)

    def read(days: DayRange) -> Sequence[UsedRow]:
        asked = {"by": names[0], "then_by": names[1], "first_day": days.first_day, "day_after_last": days.day_after_last}
        return session.rows(queries.UsageOfUserRow, user=user, **asked, **scene.part.parameters(*FILTERS[1:]))

    return read


def _names_in(by: list[str]) -> list[str | None]:
    """Return the two groupings as query parameters, None for periods and for no grouping."""
    return [grouping if grouping not in PERIODS else None for grouping in (*by, None)][:2]


def _reader(by: list[str], scene: Scene, action: str | None, use_case: str | None) -> Reader:
    names = _names_in(by)

    def read(days: DayRange) -> Sequence[UsedRow]:
        return scene.session.rows(
            queries.UsageByTwoNamesRow,
            by=names[0],
            then_by=names[1],
            first_day=days.first_day,
            day_after_last=days.day_after_last,
            action=action,
            use_case=use_case,
            **scene.part.parameters(*FILTERS),
        )

    return read


def _user_reader(session: Session, scene: Scene) -> Reader:
    def read(days: DayRange) -> Sequence[UsedRow]:
        span = {"first_day": days.first_day, "day_after_last": days.day_after_last}
        filters = scene.part.parameters("environment", "org", "agent", "department")
        return session.rows(queries.UsageByUserAndDayRow, **span, **filters)

    return read


def _key_of(by: list[str], calendar: PeriodCalendar) -> Callable[[UsedRow], Key]:
    def key_of(row: UsedRow) -> Key:
        name = slices.name_of(row)
        other = (row.other_name or slices.NOT_STATED) if not isinstance(row, queries.UsageByUserAndDayRow) else name
        return tuple(
            period_start(row.day, cast("Grouping", grouping), calendar) if grouping in PERIODS else (name, other)[place]
            for place, grouping in enumerate(by)
        )

    return key_of


def _used(rows: Sequence[UsedRow], key_of: Callable[[UsedRow], Key]) -> dict[Key, Used]:
    found: dict[Key, Used] = {}
    for row in rows:
        key = key_of(row)
        before = found.get(key, Used("", Decimal(0), Decimal(0)))
        found[key] = Used("", before.actions + row.actions, before.credits + row.credits)
    return found


def _order(rows: dict[Key, Used], by: list[str]) -> list[Key]:
    """Return the rows by the first grouping, its biggest name first, periods by time; then by the second, in the same way."""
    credits_of: dict[object, Decimal] = {}
    for key, used in rows.items():
        credits_of[key[0]] = credits_of.get(key[0], Decimal(0)) + used.credits

    def place(key: Key) -> tuple[Any, ...]:
        first = (key[0],) if by[0] in PERIODS else (-credits_of[key[0]], key[0])
        if len(key) == 1:
            return first
        return (*first, key[1]) if by[1] in PERIODS else (*first, -rows[key].credits, key[1])

    return sorted(rows, key=place)


def _headline(rows: dict[Key, Used], costs: Costs, by: list[str], used_by: str | None, days: DayRange) -> str:
    of_whom, whole = f" of {used_by}" if used_by else "", total(rows.values())
    total_of = f"{usd_with_credits(costs.total, whole.credits)}{of_whom} from {days}"
    named = [key for key in rows if not slices.NAMELESS & set(map(str, key))]
    biggest = max(named, key=lambda key: rows[key].credits, default=None)
    share = share_percent(rows[biggest].credits, whole.credits) if biggest else None
    if biggest is None or share is None or (len(by) == 1 and by[0] in PERIODS):
        return f"{total_of}."
    name = ", ".join(shown_day(part) if isinstance(part, date) else part for part in biggest)
    most = f"{name} used most: {usd_with_credits(costs.of(biggest), rows[biggest].credits)}, {percent(share)} of"
    return headline_of(f"{most} {total_of}.", f"{most} all.", f"{total_of}.")


def _figures(whole: Used, costs: Costs, scene: Scene) -> list[Figure]:
    return [
        figure("used_credits", whole.credits),
        figure("actions", whole.actions),
        figure("usd_used", costs.total),
        figure("first_day", scene.days.first_day),
        figure("last_day", scene.days.last_day),
        figure("data_through", scene.extent.data_through),
        figure("provisional_from", scene.extent.provisional_from),
    ]


def _table(title: str, by: list[str], rows: list[tuple[Value, ...]]) -> Table:
    named = (
        Column(one.replace(" ", "_"), f"{one.capitalize()}{' from' * (one in FROM)}", "day" if one in PERIODS else "text")
        for one in by
    )
    columns = (
        *named,
        Column("actions", "Actions", "actions"),
        Column("credits", "Credits", "credits"),
        Column("usd", "Cost", "usd"),
        Column("share_percent", "Share", "percent"),
    )
    return Table("usage", title, columns, tuple(rows))


def _row(used: Used, key: Key, whole: Used, costs: Costs) -> tuple[Value, ...]:
    return (*key, used.actions, used.credits, costs.of(key), share_percent(used.credits, whole.credits))


def _notes(question: Question, scene: Scene, alone: tuple[str | None, str | None, str | None], left_out: int) -> list[Note]:
    """Return the notes. alone: the action, person and use case to which counting is limited."""
    action, user, use_case = alone
    notes = [*scene.notes(question)]
    if action:
        notes.append(Note("assumption", f"Only the action {action} is counted; usage that names no action is not."))
    if user:
        notes.append(Note("assumption", f"Only events that name {user} are counted; customers' agents name nobody."))
    if use_case:
        notes.append(Note("assumption", only_use_case(use_case)))
    if left_out:
        notes.append(Note("assumption", f"{left_out} more rows are not shown. Shares are of all."))
    return notes


def only_use_case(use_case: str) -> str:
    """Return that only one use case is counted, and what it may miss."""
    return f"Only usage tagged with the use case {use_case} is counted; usage without such a tag is not."
