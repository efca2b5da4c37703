"""`variance`: why credits changed against the previous period."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.answer import Answer, Column, Emphasis, Note, Table, credits_short, figure, number, percent_short, usd, usd_short
from core.errors import InputError
from core.language import Last
from core.wallet.usage import list_effects, periods_in, share_percent, slices, split
from core.wallet.usage import periods as usage_periods
from core.warehouse import queries

if TYPE_CHECKING:
    from decimal import Decimal

    from core.answer import Figure
    from core.context import Context
    from core.language import Question
    from core.wallet.usage import Period, Scene, Variance

USUAL_SPAN = Last(7, "day")
MAX_MOVERS = 10
EFFECT_COLUMNS = (
    Column("effect", "Effect", "text"),
    Column("credits", "Credits", "credits"),
    Column("percent_of_before", "Of the credits before", "percent"),
)
MOVER_COLUMNS = (
    Column("agent", "Agent", "text"),
    Column("credits_before", "Before", "credits"),
    Column("credits", "Now", "credits"),
    Column("change_credits", "Change", "credits"),
)
COUNTED = "Interactions come from the AI usage export, actions and credits from the usage rows."
NOT_COUNTED = (
    "Interactions are not known for all of both periods{why}, so volume is that of actions and includes actions per interaction."
)


def variance(question: Question, context: Context) -> Answer:
    """Return the causes of the change in credits, as effects that add up exactly, and the agents that changed most."""
    asked = question if question.span else question._replace(span=USUAL_SPAN)
    with slices.open_slice(asked, context) as scene:
        _require_before(scene)
        before, now = periods_in(scene)
        cost, cost_before = scene.cost, replace(scene, days=scene.days.before).cost
        movers = _movers(scene)
    effects = split(before, now)
    return Answer(
        question=context.canonical_question(question),
        title="Why credits changed",
        headline=_headline(effects, before, scene, None if cost is None or cost_before is None else cost - cost_before),
        as_of=context.as_of,
        figures=(*_figures(effects, before, now, scene), *_cost_figures(cost, cost_before)),
        tables=(
            Table("effects", f"{scene.days} against {scene.days.before}", EFFECT_COLUMNS, _effect_rows(effects, before)),
            Table("movers", "Agents that moved most", MOVER_COLUMNS, movers),
        ),
        arithmetic=(
            _sum(effects),
            f"{number(now.credits)} − {number(before.credits)} = {number(effects.change)} credits",
            *_cost_sums(cost, cost_before),
        ),
        notes=tuple(_notes(question, asked, scene, effects, (before, now))),
        sources=slices.query_source("variance_parts", "interactions_in_periods", "usage_by_name"),
        emphasis=Emphasis((), "effects"),
    )


def _require_before(scene: Scene) -> None:
    if not usage_periods.has_before(scene.days, scene.extent):
        raise InputError(
            f"The data does not hold all of {scene.days.before}, with which {scene.days} would be compared. "
            f"It knows {scene.extent.all_days}: ask about fewer or later days."
        )


def _movers(scene: Scene) -> tuple[tuple[Any, ...], ...]:
    filters = scene.between("grain", "environment", "org", "agent", "department")
    rows = scene.session.rows(queries.UsageByNameRow, by="agent", before_first_day=scene.days.before.first_day, **filters)
    lines = [_mover(slices.name_of(row), row.credits_before, row.credits) for row in rows]
    return tuple(sorted(lines, key=lambda line: (-abs(line[3]), line[0]))[:MAX_MOVERS])


def _mover(agent: str, before: Decimal, now: Decimal) -> tuple[str, Decimal, Decimal, Decimal]:
    return (agent, before, now, now - before)


def _figures(effects: Variance, before: Period, now: Period, scene: Scene) -> tuple[Figure, ...]:
    return (
        figure("change_credits", effects.change),
        *(figure(key, value) for key, _, value in list_effects(effects)),
        figure("used_credits", now.credits),
        figure("credits_before", before.credits),
        figure("change_percent", share_percent(effects.change, before.credits)),
        figure("first_day", scene.days.first_day),
        figure("last_day", scene.days.last_day),
    )


def _cost_figures(cost: Decimal | None, before: Decimal | None) -> tuple[Figure, ...]:
    change = None if cost is None or before is None else cost - before
    return (figure("usd_used", cost), figure("usd_before", before), figure("change_usd", change))


def _cost_sums(cost: Decimal | None, before: Decimal | None) -> list[str]:
    if cost is None or before is None:
        return []
    return [f"{usd(cost)} − {usd(before)} = {usd(cost - before)} by the grants that they were drawn from"]


def _effect_rows(effects: Variance, before: Period) -> tuple[tuple[Any, ...], ...]:
    rows = [*((words, value) for _, words, value in list_effects(effects)), ("Change", effects.change)]
    return tuple((words, value, share_percent(value, before.credits)) for words, value in rows)


def _headline(effects: Variance, before: Period, scene: Scene, change_usd: Decimal | None) -> str:
    if not effects.change:
        return f"{scene.days} used as many credits as {scene.days.before}."
    word = "more" if effects.change > 0 else "less"
    share = share_percent(abs(effects.change), before.credits)
    of_before = f", {percent_short(share)}" if share is not None else ""
    counted = f"{credits_short(abs(effects.change))} credits{of_before}"
    is_one_way = change_usd is not None and change_usd * effects.change > 0
    moved = f"{usd_short(abs(change_usd))} ({counted})" if change_usd is not None and is_one_way else counted
    cost = "" if change_usd is None or is_one_way else f", {_cost_words(change_usd)}"
    _, words, value = max(list_effects(effects), key=lambda effect: abs(effect[2]))
    days = "day" if scene.days.days == 1 else f"{scene.days.days} days"
    return f"{moved} {word} than the {days} before{cost}; most by {words.lower()}: {_write_signed(value)} credits."


def _cost_words(change_usd: Decimal) -> str:
    """Return the change in cost, if its direction differs from that of the credits."""
    if not change_usd:
        return "at the same cost"
    return f"though they cost {usd_short(abs(change_usd))} {'more' if change_usd > 0 else 'less'}"


def _sum(effects: Variance) -> str:
    parts = [f"{_write_signed(value)} ({words.lower()})" for _, words, value in list_effects(effects)]
    return f"{' '.join(parts)} = {_write_signed(effects.change)} credits"


def _write_signed(value: Decimal, places: int = 2) -> str:
    return f"{'+' if value > 0 else ''}{number(value, places)}"


def _notes(question: Question, asked: Question, scene: Scene, effects: Variance, periods: tuple[Period, Period]) -> list[Note]:
    notes = (
        []
        if question.span
        else [Note("assumption", "Without a period, the last 7 complete days are compared with the 7 before.")]
    )
    why = ", or not for this filter" if not scene.part.is_whole_card else ""
    notes.append(Note("assumption", COUNTED if effects.actions_per_interaction is not None else NOT_COUNTED.format(why=why)))
    notes.append(Note("assumption", "The effects are computed in this order, each with the earlier ones already applied."))
    other = periods[1].other_credits - periods[0].other_credits
    if other:
        notes.append(
            Note(
                "assumption",
                f"Credits per action holds {_write_signed(other)} credits of usage that has no actions, such as prompts.",
            )
        )
    return [*notes, *scene.notes(asked)]
