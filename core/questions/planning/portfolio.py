"""`portfolio`: the cheapest permitted plan for each of several orgs, against one plan for all."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from core.answer import Answer, Column, Emphasis, Note, Table, amount, figure, number, usd, usd_short
from core.days import MONTHS_IN_YEAR
from core.errors import InputError, QuestionError
from core.language import COMMANDS
from core.pricing import (
    Choice,
    OrgUse,
    blend_usd,
    cheapest_choice,
    credit_rates,
    credits_per_action,
    months_worth,
    one_plan_for_all,
    packs_together,
    plans,
    times_billed,
    year_of_use,
)
from core.questions import from_question
from core.questions.pricing import EXCLUDE_EACH_OTHER, price_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.answer import Figure, Source, Value
    from core.context import Context
    from core.language import Question
    from core.pricing import Plan, PriceRow, Usd

ORG_COLUMNS = (
    Column("org", "Org", "text"),
    Column("use", "Use", "text", is_detail=True),
    Column("plan", "Plan", "text", is_detail=True),
    Column("label", "Plan", "text"),
    Column("usd_per_year", "Per year", "usd"),
    Column("next_label", "Next cheapest kind", "text"),
    Column("next_usd_per_year", "… per year", "usd"),
    Column("blend_saving_usd", "Blending would save", "usd"),
)
ONE_PLAN_COLUMNS = (
    Column("plan", "Plan", "text", is_detail=True),
    Column("label", "One plan for all", "text"),
    Column("usd_per_year", "Per year", "usd"),
    Column("more_usd_per_year", "Extra per year", "usd"),
)
NOT_OFFERED = (
    "Blending inside one org is not offered (pricing analysis, early 2026): conversations and Flex Credits exclude each other, "
    "and so do seats for some employees and credits for others. What it would save is no plan."
)
EACH_ITS_OWN = "Each org chooses on its own; a volume discount that all of them reach together is not counted (ask: negotiate)."
BOUGHT_JOINTLY = (
    "Flex Credits are priced per credit: one contract's packs can serve several orgs, so only their sum is rounded up to "
    "whole packs."
)


@dataclass(frozen=True, slots=True)
class Orgs:
    """The orgs' usage with the plans offered, the price rows behind them, and notes on where the usage came from."""

    uses: tuple[OrgUse, ...]
    rows: tuple[PriceRow, ...]
    notes: tuple[Note, ...] = ()
    sources: tuple[Source, ...] = ()


def portfolio(question: Question, context: Context) -> Answer:
    """Return each org's cheapest permitted plans and one plan for all. Raises: InputError, if no plan can be bought."""
    orgs = _orgs_from_question(question, context) if question.parts else _of_wallet(question, context)
    choices = [_choose_plan(list(uses)) for _, uses in groupby(orgs.uses, key=lambda use: use.org)]
    packs = packs_together(orgs.uses, credit_rates.pack_credits(context.prices))
    together = one_plan_for_all(orgs.uses, packs[1] if packs else None)
    total = sum((choice.usd.count for choice in choices), Decimal(0))
    return Answer(
        question=context.canonical_question(question),
        title="Portfolio",
        headline=_headline(choices, together, total),
        as_of=context.as_of,
        figures=tuple(_figures(choices, together, total)),
        tables=_tables(choices, together, total),
        arithmetic=(*_sums(choices, together, total), *_packs_sum(orgs.uses, packs)),
        notes=(
            *orgs.notes,
            *from_question.tier_notes(question, context),
            *_notes(choices, together),
            *from_question.assumptions(orgs.rows),
        ),
        sources=(*from_question.sources(orgs.rows), *orgs.sources),
        emphasis=Emphasis((), "orgs", ("org", "label", "usd_per_year", "next_label", "next_usd_per_year")),
    )


def _orgs_from_question(question: Question, context: Context) -> Orgs:
    uses, rows = [], []
    named = [part.org for part in question.parts]
    for part in sorted(question.parts, key=lambda one: named.index(one.org)):
        use, priced = _price_org(part, question, context)
        uses.append(use)
        rows += priced
    return Orgs(tuple(uses), tuple(dict.fromkeys(rows)))


def _price_org(part: Question, common: Question, context: Context) -> tuple[OrgUse, list[PriceRow]]:
    asked = with_common(part, common)
    load, terms, prices = from_question.workload(asked), from_question.terms(asked, context), context.prices
    offered, refused = plans.offers(load, prices, terms)
    if not offered:
        reasons = "; ".join(dict.fromkeys(one.reason.rstrip(".") for one in refused))
        raise InputError(f"No plan can be bought for org {part.org}: {reasons}.")
    use = OrgUse(
        part.org or "",
        load.audience,
        tuple(offered),
        tuple(refused),
        _blend_cost(asked, context, offered),
        year_of_use(load, prices).credits,
        credit_rates.pack_prices(prices, terms),
    )
    return use, price_rows(offered, prices, load, terms)


def with_common(part: Question, common: Question) -> Question:
    """Return an org's part, completed with the question's terms for all orgs unless the part states its own."""
    said = part.stated_values()
    missing: dict[str, Any] = {name: value for name, value in common.stated_values().items() if name not in said}
    return part._replace(**missing)


def _blend_cost(asked: Question, context: Context, offered: list[plans.Offer]) -> Usd | None:
    """Return what the mix would cost if each kind of interaction used the cheaper of conversations and credits."""
    families = {offer.plan.family for offer in offered}
    if not (asked.mix and asked.interactions and {"conversation", "flex"} <= families):
        return None
    load, prices = from_question.workload(asked), context.prices
    each = credits_per_action(load, prices) * times_billed(load, prices)
    year = asked.interactions.per_year * months_worth(load.growth) / MONTHS_IN_YEAR
    kinds = [(year * part.percent / Decimal(100), part.actions * each) for part in asked.mix]
    return blend_usd(kinds, prices, from_question.terms(asked, context))


def _of_wallet(question: Question, context: Context) -> Orgs:
    from core.questions.planning.portfolio_data import orgs_of_wallet  # noqa: PLC0415 - orgs in the question pay for none of it

    if not context.has_warehouse:
        asked = context.canonical_question(question)
        reason = "Portfolio needs orgs with their workloads, or a wallet to take them from (agentcost import FILE)"
        raise QuestionError(reason, asked, 0, len(asked), COMMANDS["portfolio"].examples[:1])
    parts, notes, blends, sources = orgs_of_wallet(question, context)
    priced = [_price_org(part, question, context) for part in parts]
    uses = tuple(use._replace(blended=_with_people(use, blends.get(use.org))) for use, _ in priced)
    rows = tuple(dict.fromkeys(row for _, found in priced for row in found))
    return Orgs(uses, rows, tuple(notes), sources)


def _with_people(use: OrgUse, saving: Usd | None) -> Usd | None:
    return use.offered[0].cost.assumed - saving if saving else None


def _choose_plan(uses: list[OrgUse]) -> Choice:
    choice = cheapest_choice(uses)
    if choice is None:
        raise InputError(f"No plans can be combined in org {uses[0].org}. {EXCLUDE_EACH_OTHER}")
    return choice


def _headline(choices: list[Choice], together: list[tuple[Plan, Usd]], total: Decimal) -> str:
    each = f"{usd_short(total)} a year with the cheapest plan in each of {len(choices)} orgs"
    if not together:
        return f"{each}; no one plan can serve them all."
    plan, cost = together[0]
    more = cost.count - total
    against = "the same" if not more else f"{usd_short(abs(more))} {'more' if more > 0 else 'less'}"
    return f"{each}; {plan.label} for all costs {against}."


def _figures(choices: list[Choice], together: list[tuple[Plan, Usd]], total: Decimal) -> list[Figure]:
    plan, cost = together[0] if together else (None, None)
    return [
        figure("orgs", Decimal(len(choices))),
        figure("portfolio_usd_per_year", total),
        figure("one_plan", plan.label if plan else None),
        figure("one_plan_usd_per_year", cost.count if cost else None),
        figure("portfolio_saving_usd_per_year", cost.count - total if cost else None),
        figure("blend_saving_usd_per_year", sum((choice.blend_saving.count for choice in choices), Decimal(0))),
    ]


def _tables(choices: list[Choice], together: list[tuple[Plan, Usd]], total: Decimal) -> tuple[Table, ...]:
    rows = tuple(row for choice in choices for row in _org_rows(choice))
    one = tuple((plan.key, plan.label, cost.count, cost.count - total) for plan, cost in together)
    tables = (
        Table("orgs", "Each org, its cheapest permitted plan", ORG_COLUMNS, rows),
        Table("one_plan", "One plan for all orgs", ONE_PLAN_COLUMNS, one),
    )
    return tuple(table for table in tables if table.rows)


def _org_rows(choice: Choice) -> list[tuple[Value, ...]]:
    rows: list[tuple[Value, ...]] = []
    for place, (use, offer) in enumerate(zip(choice.uses, choice.offers, strict=True)):
        other = next((one for one in use.offered if one.plan.family != offer.plan.family), None)
        name = f"{use.org}, {use.audience}" if len(choice.uses) > 1 else use.org
        after = (other.plan.label, other.usd_per_year) if other else (None, None)
        saving = choice.blend_saving.count if place == 0 else None
        rows.append((name, use.audience or "", offer.plan.key, offer.plan.label, offer.usd_per_year, *after, saving))
    return rows


def _sums(choices: list[Choice], together: list[tuple[Plan, Usd]], total: Decimal) -> list[str]:
    sums = [
        f"{use.org}, {offer.plan.label}: {offer.cost.sum()}"
        for choice in choices
        for use, offer in zip(choice.uses, choice.offers, strict=True)
    ]
    sums.append(f"{' + '.join(usd(choice.usd.count) for choice in choices)} = {usd(total)} a year, each org its cheapest")
    if together:
        plan, cost = together[0]
        sums.append(f"{plan.label} for all {usd(cost.count)} − {usd(total)} = {usd(cost.count - total)} a year")
    return sums


def _packs_sum(uses: Sequence[OrgUse], packs: tuple[int, Usd] | None) -> list[str]:
    if packs is None:
        return []
    total = sum((use.credits.count for use in uses if use.credits), Decimal(0))
    said = amount(Decimal(packs[0]), "packs")
    return [f"All orgs in one block of whole packs: {number(total)} credits are {said} = {usd(packs[1].count)}"]


def _notes(choices: list[Choice], together: list[tuple[Plan, Usd]]) -> list[Note]:
    saved = [choice for choice in choices if choice.blend_saving]
    notes = [Note("assumption", EACH_ITS_OWN)]
    if any(offer.plan.family == "flex" for choice in choices for offer in choice.offers):
        notes.append(Note("assumption", BOUGHT_JOINTLY))
    notes += [
        Note("warning", f"In org {choice.uses[0].org}, blending would save {usd(choice.blend_saving.count)} a year.")
        for choice in saved
    ]
    notes.append(Note("warning" if saved else "assumption", NOT_OFFERED, ""))
    if not together:
        notes.append(Note("warning", "No plan can serve every org: what serves customers only or employees only excludes it."))
    return notes
