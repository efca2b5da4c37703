"""`price`: one plan for a workload, or the cost and the actions of an amount of credits."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Answer, Emphasis, Note, amount, facts_of, figure, group_digits, number, usd, usd_short
from core.errors import QuestionError
from core.language import is_flex
from core.pricing import Credits, action_price, credit_rates, plans
from core.questions import from_question
from core.questions.pricing.compare import coverage_notes, price_rows, volume_figures
from core.questions.pricing.metered import price_metered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.answer import Figure
    from core.context import Context
    from core.language import Question
    from core.pricing import Offer, Plan, PurchaseMode

BOUGHT_AS: Mapping[PurchaseMode | None, str] = {
    None: "flex_credits",
    **{plan.buying: key for key, plan in plans.PLANS.items() if plan.buying},
}


def price(question: Question, context: Context) -> Answer:
    """Return the cost of the plan or the metered item, or the cost of the credits and the actions they pay for."""
    if question.metered is not None:
        return price_metered(question, question.metered, context)
    return _credits(question, context) if question.credits or question.packs else _plan(question, context)


def _plan(question: Question, context: Context) -> Answer:
    load, prices, terms = from_question.workload(question), context.prices, from_question.terms(question, context)
    plan = plans.PLANS[BOUGHT_AS[question.buying] if is_flex(question) else question.plan or "flex_credits"]
    offered, refused = plans.offers(load, prices, terms, (plan,))
    asked = context.canonical_question(question)
    if refused:
        raise QuestionError(f"{plan.label} cannot be priced here: {refused[0].reason.rstrip('.')}", asked, 0, len(asked))
    offer = offered[0]
    rows = price_rows(offered, prices, load, terms)
    figures = (*_figures(offer), *_per_action(question, context, plan.family), *volume_figures(load, prices))
    ends = ("usd_per_year_low", "usd_per_year_high") if offer.cost.low != offer.cost.high else ()
    return Answer(
        question=asked,
        title=f"Price of {plan.label}",
        headline=f"{plan.label}: {usd_short(offer.usd_per_year)} a year, {usd_short(offer.usd_per_month)} a month{_each(offer)}.",
        as_of=context.as_of,
        figures=figures,
        arithmetic=(*from_question.volume_sums(question, load, prices), f"{plan.label}: {offer.cost.sum()}"),
        notes=(
            *_tiers(question, context, plan),
            *coverage_notes(load, offered),
            *from_question.assumptions(rows),
            *_claims(question),
        ),
        sources=from_question.sources(rows),
        emphasis=Emphasis(facts_of(figures, *ends, "usd_per_interaction", "percent_below_conversation", "credits_per_month")),
    )


def _each(offer: Offer) -> str:
    return f", {usd(offer.usd_per_interaction)} per interaction" if offer.usd_per_interaction is not None else ""


def _figures(offer: Offer) -> list[Figure]:
    values = {
        "usd_per_month": offer.usd_per_month,
        "usd_per_year": offer.usd_per_year,
        "usd_per_year_low": offer.cost.low.count,
        "usd_per_year_high": offer.cost.high.count,
        "usd_per_interaction": offer.usd_per_interaction,
        "percent_below_conversation": offer.percent_below_conversation,
        "usd_per_year_if_doubled": offer.if_doubled.count,
        "usd_per_year_if_halved": offer.if_halved.count,
    }
    return [figure(key, value) for key, value in values.items() if value is not None]


def _per_action(question: Question, context: Context, family: str) -> list[Figure]:
    if family != "flex":
        return []
    each = action_price(from_question.workload(question), context.prices, from_question.terms(question, context))
    return [figure("usd_per_action", each.assumed.count), figure("credits_per_action", each.credits)]


def _credits(question: Question, context: Context) -> Answer:
    prices, terms, load = context.prices, from_question.terms(question, context), from_question.workload(question)
    pack = credit_rates.pack_credits(prices)
    bought = Credits(question.credits) if question.credits else pack * (question.packs or Decimal(0))
    each = action_price(load, prices, terms, bought)
    rate = credit_rates.rate_of(question.buying, prices, terms, bought)
    actions, packs = bought.count / each.credits, plans.whole_packs(bought, pack)
    taken = amount(Decimal(packs), "packs")
    cost, sums = bought.at(rate.assumed), f"{number(bought.count)} credits × {usd(rate.assumed.usd)}"
    if question.buying == "prepurchase":
        block = plans.cheapest_block(bought, prices, terms)
        cost, sums = block.cost, f"{amount(Decimal(block.packs), 'packs')} × {usd(block.pack_usd.count)}"
    items = ["flex.usd_per_pack", "flex.credits_per_pack", "action.production", *from_question.buying_items(question, prices)]
    rows = [prices.row(item) for item in items]
    return Answer(
        question=context.canonical_question(question),
        title="Price of Flex Credits",
        headline=f"{usd_short(cost.count)} for {number(bought.count)} credits, which are {number(actions)} actions.",
        as_of=context.as_of,
        figures=(
            figure("usd", cost.count),
            figure("credits", bought.count),
            figure("actions", actions),
            figure("packs", Decimal(packs)),
            figure("usd_per_action", each.assumed.count),
            figure("credits_per_action", each.credits),
        ),
        arithmetic=(
            f"{sums} = {usd(cost.count)}",
            f"{number(bought.count)} credits ÷ {number(each.credits, 6)} = {number(actions)} actions",
            f"{number(bought.count)} credits ÷ {number(pack.count)} = {number(bought / pack)}, so {taken}",
        ),
        notes=(
            *([] if question.buying == "payg" else from_question.tier_notes(question, context)),
            *from_question.assumptions(rows),
            *_pack_note(bought, pack),
            *_claims(question),
        ),
        sources=from_question.sources(rows),
    )


def _tiers(question: Question, context: Context, plan: Plan) -> list[Note]:
    return from_question.tier_notes(question, context) if "flex.usd_per_pack" in plan.items and question.buying != "payg" else []


def _pack_note(bought: Credits, pack: Credits) -> list[Note]:
    whole = plans.whole_packs(bought, pack)
    if pack * whole == bought:
        return []
    return [Note("warning", f"Credits are sold in whole packs of {number(pack.count)}: this takes {group_digits(whole)}.")]


def _claims(question: Question) -> list[Note]:
    keys = ["100k_fund_5000_interactions"] if question.credits or question.packs else []
    keys += ["precommit_lower"] if question.buying == "precommit" else []
    keys += ["sandbox_50_percent"] if question.sandbox_share else []
    return [from_question.disputed_claim_note(key) for key in keys]
