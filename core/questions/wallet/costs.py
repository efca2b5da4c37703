"""`overhead` and `sandbox`: the cost of token overhead and of tests."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.answer import (
    Answer,
    Column,
    Emphasis,
    Note,
    Table,
    figure,
    number,
    percent_short,
    usd,
    usd_exact,
    usd_with_credits,
    write_numbers,
)
from core.questions.from_question import disputed_claim_note
from core.wallet.usage import share_percent, slices
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.context import Context
    from core.language import Question
    from core.wallet.usage import Costs, Scene

OVERHEAD_AT_FIRST = ("action", "agent", "excess_usd", "excess_credits", "multi_action_events", "multi_action_percent")
OVERHEAD_COLUMNS = (
    Column("action", "Action", "text"),
    Column("agent", "Agent", "text"),
    Column("multi_action_events", "Events with overhead", "count"),
    Column("multi_action_percent", "Share of events", "percent"),
    Column("excess_actions", "Actions in excess", "actions"),
    Column("excess_credits", "Credits in excess", "credits"),
    Column("excess_usd", "Cost of the excess", "usd"),
    Column("credits", "All its credits", "credits", is_detail=True),
)
SANDBOX_COLUMNS = (
    Column("agent", "Agent", "text"),
    Column("actions", "Actions", "actions"),
    Column("credits", "Credits", "credits"),
    Column("usd", "Cost", "usd"),
    Column("share_percent", "Share of sandbox use", "percent"),
)
WHY_OVERHEAD = "An action includes 10,000 tokens; each further 10,000, or part of them, count as another action."


def overhead(question: Question, context: Context) -> Answer:
    """Return the actions whose events were billed as more than one, and the cost of the excess, most expensive first."""
    with slices.open_slice(question, context) as scene:
        found = scene.session.rows(queries.ExpensiveActionsRow, **scene.between())
        costs = excess_costs(scene)
    rows = [row for row in found if row.multi_action_events]
    shown = rows if question.top is None else rows[: int(question.top)]
    events, actions, excess = (_sum(rows, column) for column in ("multi_action_events", "excess_actions", "excess_credits"))
    share = share_percent(excess, _sum(found, "credits"))
    return Answer(
        question=context.canonical_question(question),
        title="Token overhead",
        headline=_overhead_headline(rows, excess, share, (scene, costs)),
        as_of=context.as_of,
        figures=(
            figure("multi_action_events", events),
            figure("excess_actions", actions),
            figure("excess_credits", excess),
            figure("excess_usd", costs.total),
            figure("excess_percent", share),
            figure("used_credits", _sum(found, "credits")),
        ),
        tables=(
            Table(
                "overhead", f"Token overhead, {scene.days}", OVERHEAD_COLUMNS, tuple(_overhead_row(row, costs) for row in shown)
            ),
        ),
        arithmetic=tuple(_cost_sum(excess, costs)),
        notes=(Note("assumption", write_numbers(WHY_OVERHEAD)), *scene.notes(question), *_omission_note(len(rows) - len(shown))),
        sources=(*slices.price_sources(context, scene.part.card), *slices.query_source("expensive_actions")),
        emphasis=Emphasis(
            (), "overhead", ("action", "agent", "excess_usd", "excess_credits", "multi_action_events", "multi_action_percent")
        ),
    )


def excess_costs(scene: Scene) -> Costs:
    """Return the cost of each event's actions beyond the first, by action and agent."""
    filters = scene.part.parameters()
    return scene.costs(
        lambda days: scene.session.rows(
            queries.ExpensiveActionsRow, first_day=days.first_day, day_after_last=days.day_after_last, **filters
        ),
        lambda row: (row.action, row.agent),
        "excess_credits",
    )


def _overhead_headline(
    rows: list[queries.ExpensiveActionsRow], excess: Decimal, share: Decimal | None, of: tuple[Scene, Costs]
) -> str:
    scene, costs = of
    if not rows or share is None:
        return f"No event was billed as more than one action, {scene.days}."
    cost = costs.total
    worth = usd_with_credits(cost, excess)
    mostly = f", mostly {rows[0].action}" if rows[0].action else ""
    return f"{worth}, {percent_short(share)} of all, went to events billed as more than one action{mostly}."


def _overhead_row(row: queries.ExpensiveActionsRow, costs: Costs) -> tuple[Any, ...]:
    multi_action_events = Decimal(row.multi_action_events)
    return (
        row.action or slices.NOT_STATED,
        row.agent or slices.NOT_STATED,
        multi_action_events,
        share_percent(multi_action_events, Decimal(row.events)),
        row.excess_actions,
        row.excess_credits,
        costs.of((row.action, row.agent)),
        row.credits,
    )


def _omission_note(count: int) -> list[Note]:
    return [Note("assumption", f"{count} more are not shown; the figures are of all.")] if count > 0 else []


def _cost_sum(credits_used: Decimal, costs: Costs) -> list[str]:
    """Return the credits and their cost: × one price, or each at the rate of its own day."""
    if costs.total is None:
        return []
    if len(costs.rates) > 1:
        return [f"{number(credits_used)} credits, each at what the grants of its day cost = {usd(costs.total)}"]
    return [f"{number(credits_used)} credits × {usd_exact(rate)} = {usd(costs.total)}" for rate in costs.rates or (Decimal(0),)]


def sandbox(question: Question, context: Context) -> Answer:
    """Return sandbox usage by agent, and its share of all credits."""
    with slices.open_slice(question, context) as scene:
        everywhere = _by("environment", scene)
        tests = replace(scene, part=scene.part._replace(environment="sandbox"))
        rows = [row for row in _by("agent", tests) if row.credits or row.actions]
        costs = tests.costs(lambda days: _by("agent", replace(tests, days=days)), slices.name_of)
    used = {row.name: row.credits for row in everywhere}
    credits_used, actions = _sum(rows, "credits"), _sum(rows, "actions")
    share = share_percent(credits_used, sum(used.values(), Decimal(0)))
    cost = costs.total
    return Answer(
        question=context.canonical_question(question),
        title="Sandboxes",
        headline=_sandbox_headline(credits_used, cost, share, scene),
        as_of=context.as_of,
        figures=(
            figure("sandbox_credits", credits_used),
            figure("sandbox_actions", actions),
            figure("sandbox_usd", cost),
            figure("sandbox_percent", share),
            figure("unknown_credits", used.get("unknown", Decimal(0))),
            figure("used_credits", sum(used.values(), Decimal(0))),
        ),
        tables=(
            Table(
                "sandbox",
                f"Sandbox use by agent, {scene.days}",
                SANDBOX_COLUMNS,
                tuple(_sandbox_row(row, credits_used, costs) for row in rows),
            ),
        ),
        arithmetic=tuple(_cost_sum(credits_used, costs)),
        notes=(*_unknown_notes(used), *scene.notes(question), disputed_claim_note("sandbox_50_percent")),
        sources=(*slices.price_sources(context, scene.part.card), *slices.query_source("usage_by_name")),
        emphasis=Emphasis((), "sandbox", ("agent", "usd", "credits", "share_percent", "actions")),
    )


def _by(name: str, scene: Scene) -> list[queries.UsageByNameRow]:
    filters = scene.between("grain", "environment", "org", "agent", "department")
    return scene.session.rows(queries.UsageByNameRow, by=name, before_first_day=scene.days.first_day, **filters)


def _sandbox_row(row: queries.UsageByNameRow, whole: Decimal, costs: Costs) -> tuple[Any, ...]:
    name = slices.name_of(row)
    return (name, row.actions, row.credits, costs.of(name), share_percent(row.credits, whole))


def _unknown_notes(used: dict[str, Decimal]) -> list[Note]:
    unknown = used.get("unknown", Decimal(0))
    text = f"{number(unknown)} credits name no environment; they are in neither. Some of them may be tests."
    return [Note("warning", text)] if unknown else []


def _sum(rows: Sequence[object], column: str) -> Decimal:
    return sum((Decimal(getattr(row, column)) for row in rows), Decimal(0))


def _sandbox_headline(credits_used: Decimal, cost: Decimal | None, share: Decimal | None, scene: Scene) -> str:
    used = usd_with_credits(cost, credits_used)
    return f"Tests used {used}{f', {percent_short(share)} of all' if share is not None else ''}, {scene.days}."
