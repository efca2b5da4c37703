"""`unit cost`: the cost of one conversation, one resolved conversation and one person, and the saving."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Answer, Column, Emphasis, Note, Table, figure, headline_of, number, usd, usd_exact, usd_short
from core.errors import InputError
from core.questions.wallet.resolved_tickets import count_resolved_tickets
from core.questions.wallet.usage_crossed import only_use_case
from core.records import NamedTuple
from core.wallet.usage import DayRange, period_start, periods, slices
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from core.answer import Figure, Value
    from core.context import Context
    from core.language import Question
    from core.wallet.usage import Costs, Extent, Scene
    from core.warehouse import Session

    UsedRow = queries.UsageByTwoNamesRow | queries.UsageOfUserRow

Key = str | date
Counts = dict[Key, int | None]

FILTERS = ("grain", "environment", "org", "agent", "department")
BRING_AI_USAGE = (
    "How many conversations there were is not in the data. Import the AI usage export (AiAgentGenerativeAiUsage), which names "
    "the conversation of each action."
)
BRING_RESOLUTIONS = (
    "How many conversations were resolved is not in the data. It comes with usage events of resolutions, or from the help desk's "
    "export: name it in app.yaml under tickets.export."
)
BRING_EVENTS = (
    "Who uses agents is not in the data: only usage events (TenantEnrichedUsageEvent) name people, and only of employees' agents."
)
LABELS = {"agent": "Agent", "department": "Department", "use case": "Use case", "month": "Month from"}


class Only(NamedTuple):
    """The person and the use case to which counting is limited; None for all."""

    user: str | None = None
    use_case: str | None = None


@dataclass(frozen=True)
class UnitCosts:
    """The cost of the days by name, and the counts behind it; a count is None if it is not known.

    price: list or contract price of a conversation; human: the cost of handling by a person, None if not stated.
    """

    scene: Scene
    by: str
    costs: Costs
    conversations: Counts
    resolved: Counts
    people: Mapping[Key, int]
    people_costs: Costs
    people_in_all: int
    only: Only
    resolved_from: str
    conversation_notes: tuple[Note, ...]
    price: Decimal
    human: Decimal | None

    @property
    def names(self) -> list[Key]:
        """What has a cost or was counted, most expensive first; months in order of time."""
        known = {*(self.costs.by_name or {}), *(name for name, count in self.conversations.items() if count)}
        if self.by == "month":
            return sorted(known, key=str)
        return sorted(known, key=lambda name: (-(self.costs.of(name) or Decimal(0)), str(name)))

    def total(self, counts: Counts) -> int | None:
        """Return the total of the counts; None if nothing was counted, or some of it is not known."""
        known = list(counts.values())
        return None if not known or None in known else sum(count for count in known if count is not None)


def answer_unit_cost(question: Question, context: Context) -> Answer:
    """Return the cost of one conversation, resolved conversation and person, by agent, department, use case or month."""
    with context.reading() as session:
        part = slices.part_of(question, context, session)
        extent = slices.extent_of(session, part.card, context)
        days, day_notes = _days(question, session, extent)
        only = Only(slices.user_of(question, part, context, session), slices.use_case_of(question, part, context, session))
        by = question.by or "agent"
        _require_kept(by, only)
        found = _measure(slices.scene_of(session, part, extent, days, context), by, only, context)
        notes = tuple(_notes(question, found, day_notes))
        sums = tuple(_sums(found))
    price = context.prices.row("conversation.usd")
    return Answer(
        question=context.canonical_question(question),
        title=f"Unit cost by {found.by}",
        headline=_headline(found),
        as_of=context.as_of,
        figures=tuple(_figures(found)),
        tables=(_table(found),),
        arithmetic=sums,
        notes=notes,
        sources=(
            *dict.fromkeys((*slices.price_sources(context, part.card), price.source)),
            *slices.query_source("usage_by_two_names", "interactions_by_day", "resolutions_by_day", "people_by_name"),
        ),
        emphasis=Emphasis(None if found.total(found.conversations) else (), "units", _columns_at_first(found)),
    )


def _days(question: Question, session: Session, extent: Extent) -> tuple[DayRange, list[Note]]:
    """Return the days meant; if none are named, those for which usage and conversations are both known."""
    days = periods.days_of(question, extent)
    reach = session.row(queries.InteractionExtentRow)
    if question.span is not None or not reach.interactions or reach.first_day is None or reach.last_day is None:
        return days, slices.day_notes(question, days)
    both = days.within(DayRange(reach.first_day, reach.last_day + (days.day_after_last - days.last_day)))
    if not both.days:
        return days, slices.day_notes(question, days)
    return both, [Note("assumption", f"Only days with both usage and conversations are counted: {both}.")]


def _require_kept(by: str, only: Only) -> None:
    """Refuse what the wallet does not keep by person. Raises: InputError."""
    if only.user is not None and (by == "use case" or only.use_case is not None):
        raise InputError("The wallet keeps no use case by person. Ask `unit cost` of the person, or of the use case.")


def _measure(scene: Scene, by: str, only: Only, context: Context) -> UnitCosts:
    conversations, notes = _conversations(scene, by, only)
    resolved, whence = ({}, "") if only.user is not None else _read_resolutions(scene, by, only, context)
    named = {_people_key(row.name, by): row.people for row in _people(scene, scene.days, by, only)}
    everybody = sum(row.people for row in _people(scene, scene.days, None, only))
    return UnitCosts(
        scene=scene,
        by=by,
        costs=scene.costs(lambda days: _rows(scene, days, by, only), lambda row: _key(row, by)),
        conversations=conversations,
        resolved=resolved,
        people=named,
        people_costs=scene.costs(lambda days: _people(scene, days, by, only), lambda row: _people_key(row.name, by)),
        people_in_all=everybody,
        only=only,
        resolved_from=whence,
        conversation_notes=tuple(notes),
        price=context.prices.value("conversation.usd"),
        human=context.config.human_cost_per_contact,
    )


def _rows(scene: Scene, days: DayRange, by: str, only: Only) -> Sequence[UsedRow]:
    then, asked = replace(scene, days=days), {"by": None if by == "month" else by, "then_by": None}
    if only.user is not None:
        return scene.session.rows(queries.UsageOfUserRow, user=only.user, **asked, **then.between(*FILTERS[1:]))
    return scene.session.rows(queries.UsageByTwoNamesRow, action=None, use_case=only.use_case, **asked, **then.between(*FILTERS))


def _key(row: UsedRow, by: str) -> Key:
    return period_start(row.day, "month") if by == "month" else slices.name_of(row)


def _people(scene: Scene, days: DayRange, by: str | None, only: Only) -> list[queries.PeopleByNameRow]:
    if only != Only():
        return []  # the cost of one person is the cost itself, and people are not kept by use case
    filters = replace(scene, days=days).between("environment", "org", "agent", "department")
    return scene.session.rows(queries.PeopleByNameRow, by=None if by == "use case" else by, **filters) if by != "use case" else []


def _people_key(name: str, by: str) -> Key:
    return date.fromisoformat(name) if by == "month" else name or slices.NOT_STATED


def _conversations(scene: Scene, by: str, only: Only) -> tuple[Counts, list[Note]]:
    """Return the conversations by name, and why some or all are not known.

    The AI usage export names only agents: a department's or use case's conversations are those of agents that work for nothing
    else.
    """
    unknown = _why_unknown(scene, only)
    if unknown:
        return {}, [Note("warning", unknown)]
    part, days = scene.part, scene.days
    span = {"first_day": days.first_day, "day_after_last": days.day_after_last}
    rows = scene.session.rows(queries.InteractionsByDayRow, **span, agent=part.parameter("agent"))
    if only.use_case is not None:
        return _of_use_case(scene, by, only.use_case, rows)
    if by == "agent" and not part.departments:
        return _add_up((row.agent or slices.NOT_STATED, int(row.interactions)) for row in rows), []
    if by == "month" and not part.departments:
        return _add_up((period_start(row.day, "month"), int(row.interactions)) for row in rows), []
    return _by_home(scene, by, rows)


def _why_unknown(scene: Scene, only: Only) -> str:
    """Return why no conversations of the days are known; empty if some are."""
    reach, part, days = scene.session.row(queries.InteractionExtentRow), scene.part, scene.days
    if not reach.interactions or reach.first_day is None or reach.last_day is None:
        return BRING_AI_USAGE
    if only.user is not None:
        return "Conversations are not kept by person, so what one cost a person is not known."
    if part.orgs or part.environment:
        return "The AI usage export names no org and no environment, so their conversations are not known."
    if reach.first_day > days.first_day or reach.last_day < days.last_day:
        known = DayRange(reach.first_day, reach.last_day + (days.day_after_last - days.last_day))
        return f"The AI usage export covers conversations of {known} only: ask about days in it."
    return ""


def _add_up(counted: Iterable[tuple[Key, int]]) -> Counts:
    found: dict[Key, int] = {}
    for name, count in counted:
        found[name] = found.get(name, 0) + count
    return {**found}


def _by_home(scene: Scene, by: str, rows: Iterable[queries.InteractionsByDayRow]) -> tuple[Counts, list[Note]]:
    """Return the conversations of names by the agents that work for only one of them; unknown for names of shared agents."""
    kind = "department" if scene.part.departments and by != "use case" else by
    whole = replace(scene, part=scene.part._replace(departments=()))
    homes: dict[str, set[str]] = {}
    for used in _by_agent_and(kind, whole):
        if used.credits or used.actions:
            homes.setdefault(used.name, set()).add(used.other_name or slices.NOT_STATED)
    shared = {agent: names for agent, names in homes.items() if len(names) > 1}
    unknown = {name for names in shared.values() for name in names}
    found: Counts = dict.fromkeys(unknown)
    for row in rows:
        names = homes.get(row.agent, {slices.NOT_STATED})
        home = next(iter(names))
        if len(names) > 1 or (scene.part.departments and home not in scene.part.departments):
            continue
        key: Key = home if by == kind else row.agent if by == "agent" else period_start(row.day, "month")
        if found.get(key, 0) is not None:
            found[key] = (found.get(key) or 0) + int(row.interactions)
    if not shared:
        return found, []
    agents = ", ".join(sorted(shared)[:3])
    text = f"The AI usage export names no {kind}, and {agents} works for several, so their conversations are not known by {kind}."
    return (found if by == kind else {}), [Note("warning", text)]


def _by_agent_and(kind: str, scene: Scene) -> list[queries.UsageByTwoNamesRow]:
    return scene.session.rows(
        queries.UsageByTwoNamesRow, by="agent", then_by=kind, action=None, use_case=None, **scene.between(*FILTERS)
    )


def _of_use_case(scene: Scene, by: str, use_case: str, rows: Iterable[queries.InteractionsByDayRow]) -> tuple[Counts, list[Note]]:
    """Return the conversations of agents that work for only one use case; unknown if an agent works for others too."""
    cases: dict[str, set[str]] = {}
    for used in _by_agent_and("use case", scene):
        if used.credits or used.actions:
            cases.setdefault(used.name, set()).add(used.other_name)
    mine = {agent for agent, found in cases.items() if use_case in found}
    shared = sorted(agent for agent in mine if cases[agent] != {use_case})
    if by not in {"agent", "month"} or scene.part.departments or (by == "month" and shared):
        text = f"The AI usage export names no use case and no department, so conversations of {use_case} are not known by {by}."
        return {}, [Note("warning", text)]
    counted = (row for row in rows if row.agent in mine and row.agent not in shared)
    known = _add_up((row.agent if by == "agent" else period_start(row.day, "month"), int(row.interactions)) for row in counted)
    text = f"The AI usage export names no use case, and {', '.join(shared[:3])} works for several."
    return {**known, **dict.fromkeys(shared)}, [Note("warning", text)] if shared else []


def _read_resolutions(scene: Scene, by: str, only: Only, context: Context) -> tuple[Counts, str]:
    """Return the resolved conversations by name, and their origin: usage rows of resolutions, or the help desk."""
    kind = None if by == "month" else by
    filters = scene.between("environment", "org", "agent", "department")
    rows = scene.session.rows(queries.ResolutionsByDayRow, by=kind, use_case=only.use_case, **filters)
    if rows:
        counted = (
            (period_start(row.day, "month") if by == "month" else row.name or slices.NOT_STATED, int(row.resolutions))
            for row in rows
        )
        return _add_up(counted), "usage events of resolutions"
    part = scene.part
    if (
        only.use_case is not None
        or context.config.tickets.export is None
        or by not in {"agent", "month"}
        or part.departments
        or part.orgs
        or part.environment
    ):
        return {}, ""
    agents = [name for name in dict.fromkeys(row.name for row in _rows(scene, scene.days, "agent", only)) if name]
    tickets = count_resolved_tickets(context.config, agents)
    within = {key: count for key, count in tickets.items() if scene.days.first_day <= key[1] < scene.days.day_after_last}
    counted = ((period_start(day, "month") if by == "month" else agent, count) for (agent, day), count in within.items())
    return _add_up(counted), f"the help desk's {context.config.tickets.export.name}"


def _quotient(cost: Decimal | None, count: int | None) -> Decimal | None:
    return cost / count if cost is not None and count else None


def _saving(cost: Decimal | None, count: int | None, price: Decimal | None) -> Decimal | None:
    return None if cost is None or not count or price is None else price * count - cost


def _row(found: UnitCosts, name: Key) -> tuple[Value, ...]:
    cost, count, resolved, people = (
        found.costs.of(name),
        found.conversations.get(name),
        found.resolved.get(name),
        found.people.get(name),
    )
    cells: tuple[Value, ...] = (
        name,
        cost,
        _count(count),
        _quotient(cost, count),
        _count(resolved),
        _quotient(cost, resolved),
        _count(people),
        _quotient(found.people_costs.of(name), people),
        _saving(cost, count, found.price),
    )
    return (*cells, _saving(cost, count, found.human)) if found.human is not None else cells


def _count(count: int | None) -> Decimal | None:
    return None if count is None else Decimal(count)


def _table(found: UnitCosts) -> Table:
    columns = (
        Column(found.by.replace(" ", "_"), LABELS[found.by], "day" if found.by == "month" else "text"),
        Column("usd", "Cost", "usd"),
        Column("conversations", "Conversations", "interactions"),
        Column("usd_per_conversation", "Per conversation", "usd"),
        Column("resolved", "Resolved", "interactions"),
        Column("usd_per_resolved", "Per resolved conversation", "usd"),
        Column("people", "People named", "count"),
        Column("usd_per_person", "Per person", "usd"),
        Column("saved_usd", "Below the price of conversations", "usd"),
        *((Column("saved_against_people_usd", "Saved against people", "usd"),) if found.human is not None else ()),
    )
    rows = tuple(_row(found, name) for name in found.names)
    return Table("units", f"Unit cost by {found.by}, {found.scene.days}", columns, rows)


def _columns_at_first(found: UnitCosts) -> tuple[str, ...]:
    first = (found.by.replace(" ", "_"), "usd")
    if not any(found.conversations.values()):
        return (*first, "people", "usd_per_person")
    saved = "saved_usd" if found.human is None else "saved_against_people_usd"
    return (*first, "conversations", "usd_per_conversation", saved)


def _headline(found: UnitCosts) -> str:
    cost, count = found.costs.total, found.total(found.conversations)
    each = _quotient(cost, count)
    if cost is None:
        return f"Credits of card {found.scene.part.card} have no price, so nothing is known of cost."
    if each is None or count is None:
        return f"{usd_short(cost)} from {found.scene.days}; what a conversation costs is not known from the data."
    counted = f"{number(Decimal(count))} conversations"
    said = f"A conversation cost {usd_short(each)} ({usd_short(cost)} for {counted})"
    off = found.price - each
    against = f"{usd_short(abs(off))} {'below' if off >= 0 else 'above'} the {usd(found.price)} of a conversation"
    if found.human is not None:
        saved = found.human * count - cost
        people = f"{'saved' if saved >= 0 else 'cost'} {usd_short(abs(saved))} {'against' if saved >= 0 else 'more than'} people"
        return headline_of(f"{said}; it {people}.", f"{said}.")
    return headline_of(f"{said}, {against}.", f"{said}.")


def _figures(found: UnitCosts) -> Iterator[Figure]:
    cost, count, resolved = found.costs.total, found.total(found.conversations), found.total(found.resolved)
    people_cost = found.people_costs.total
    yield figure("usd_used", cost)
    yield figure("conversations", _count(count))
    yield figure("usd_per_conversation", _quotient(cost, count))
    yield figure("conversation_usd", found.price)
    yield figure("saved_usd", _saving(cost, count, found.price))
    yield figure("resolved_conversations", _count(resolved))
    yield figure("usd_per_resolved_conversation", _quotient(cost, resolved))
    yield figure("named_people", Decimal(found.people_in_all))
    yield figure("usd_per_person", _quotient(people_cost, found.people_in_all))
    if found.human is not None:
        yield figure("human_usd_per_contact", found.human)
        yield figure("saved_against_people_usd", _saving(cost, count, found.human))
    yield figure("first_day", found.scene.days.first_day)
    yield figure("last_day", found.scene.days.last_day)


def _sums(found: UnitCosts) -> Iterator[str]:
    cost, count, resolved = found.costs.total, found.total(found.conversations), found.total(found.resolved)
    yield from found.scene.cost_sums()
    if cost is None:
        return
    for many, what in ((count, "conversations"), (resolved, "resolved conversations")):
        each = _quotient(cost, many)
        if each is not None and many is not None:
            yield f"{usd(cost)} ÷ {number(Decimal(many))} {what} = {usd_exact(each)}"
    for price, what in ((found.price, "the price of conversations"), (found.human, "people")):
        if count and price is not None:
            saved = usd(price * count - cost)
            yield f"{number(Decimal(count))} × {usd_exact(price)} − {usd(cost)} = {saved} below {what}"


def _notes(question: Question, found: UnitCosts, day_notes: list[Note]) -> Iterator[Note]:
    yield from found.conversation_notes
    if found.resolved_from:
        yield Note("assumption", f"Resolved conversations are from {found.resolved_from}.")
    else:
        yield Note("assumption", BRING_RESOLUTIONS)
    if found.only.use_case is not None:
        yield Note("assumption", only_use_case(found.only.use_case))
    if found.only.user is not None:
        yield Note("assumption", f"Only events that name {found.only.user} are counted.")
    elif found.only.use_case is None and not found.people_in_all:
        yield Note("assumption", BRING_EVENTS)
    elif question.by == "use case" or found.only.use_case is not None:
        yield Note("assumption", "The wallet keeps no use case by person.")
    else:
        yield Note("assumption", "Per person is what the use cost that events name people for; customers are never named.")
    if found.human is None:
        yield Note(
            "assumption",
            "What a person's handling costs is set in app.yaml: human_cost_per_contact. Then savings against it are shown.",
        )
    yield from slices.part_notes(found.scene.part, found.scene.extent, found.scene.days)
    yield from slices.provisional_note(found.scene.extent, found.scene.days)
    yield from day_notes
