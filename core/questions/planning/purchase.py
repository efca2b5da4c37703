"""`plan purchase`: how many packs to buy ahead, against paying for credits as they are used."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import (
    Answer,
    Chart,
    Column,
    Emphasis,
    Note,
    Series,
    Table,
    amount,
    figure,
    number,
    percent,
    usd,
    usd_exact,
    usd_short,
)
from core.days import MONTHS_IN_YEAR
from core.pricing import (
    PLANS,
    BlockTerms,
    cheapest_commitment,
    cheapest_packs,
    cost,
    credit_rates,
    critical_ratio,
    expected_cost,
    offers,
    rule_of_thumb_packs,
    worst_cost,
)
from core.questions import from_question
from core.questions.forecasting import months_said
from core.questions.forecasting.demand import outlook
from core.records import NamedTuple

if TYPE_CHECKING:
    from core.answer import Figure, Value
    from core.context import Context
    from core.language import Question
    from core.pricing import Credits, Demand, PriceRow, Usd
    from core.questions.forecasting import DemandOutlook

LOW, HIGH, WORST = Decimal("0.1"), Decimal("0.9"), Decimal("0.1")
CURVE_POINTS = 15
WAY_COLUMNS = (
    Column("way", "Way to buy", "text", is_detail=True),
    Column("label", "Way to buy", "text"),
    Column("packs", "Packs", "packs"),
    Column("expected_usd", "Expected cost", "usd"),
    Column("usd_low", "10% of the time below", "usd"),
    Column("usd_high", "90% of the time below", "usd"),
    Column("worst_decile_usd", "Mean of the worst tenth", "usd", is_detail=True),
    Column("unused_credits", "Unused", "credits"),
)
NO_TIERS = (
    "Every pack costs the same: app.yaml names no tiers (contract.volume_tiers). For the discount that volume should earn, ask: "
    "negotiate."
)
OVERAGE_AS_CONTRACTED = (
    "Usage beyond a block is billed monthly in arrears at the contract's own rate, without a penalty (Salesforce's pricing page, "
    "read 7 Oct 2026); a discount named here is assumed to be earned by what is bought ahead."
)
GAINS_NOTHING = "Overage costs no more than credits bought ahead, so buying ahead gains nothing."
SHORTFALL = "What a pre-commitment leaves unused is its shortfall: owed at its rate at the end."
BOUGHT_AT_ONCE = "The block is bought on the first day and lasts until the last; what is left of it then expires."


class PurchaseWay(NamedTuple):
    """One way to buy: its cost on average, in good and in bad years (None if the variation is not known)."""

    key: str
    label: str
    packs: int
    expected: Usd
    low: Usd | None
    high: Usd | None
    worst: Usd | None
    unused: Credits


def plan_purchase(question: Question, context: Context) -> Answer:
    """Return the block of whole packs with the lowest expected cost, beside the 80% rule, no packs and a pre-commitment."""
    ahead, terms = outlook(question, context), block_terms(question, context)
    best = cheapest_packs(ahead.demand, terms)
    rule = rule_of_thumb_packs(ahead.demand, terms.pack)
    chosen, by_rule, none = (
        _way(key, label, packs, ahead, terms)
        for key, label, packs in (
            ("cheapest", "Cheapest block", best),
            ("rule_of_thumb", "80% rule of thumb", rule),
            ("nothing_ahead", "Nothing ahead", 0),
        )
    )
    ways = (chosen, by_rule, none, _commitment(question, context, ahead))
    rows = _price_rows(question, context)
    return Answer(
        question=context.canonical_question(question),
        title="Purchase plan",
        headline=_headline(chosen, none, ahead, terms),
        as_of=context.as_of,
        figures=(*_figures(ways, ahead, terms), *_payg_figures(question, context, ahead, terms)),
        tables=(Table("ways", _months(ahead), WAY_COLUMNS, tuple(_row(way) for way in ways)),),
        charts=(_chart(best, rule, ahead.demand, terms),),
        arithmetic=(*ahead.sums, *_sums(chosen, ahead.demand, terms)),
        notes=(*_notes(question, context, ways, ahead, terms), *ahead.notes, *from_question.assumptions(rows)),
        sources=(*from_question.sources(rows), *ahead.sources),
        emphasis=Emphasis((), "ways", ("label", "packs", "expected_usd", "usd_low", "usd_high", "unused_credits")),
    )


def block_terms(question: Question, context: Context) -> BlockTerms:
    """Return how a block is priced: the question's own price, else the contract's tiers, else one price for every pack."""
    prices, terms = context.prices, from_question.terms(question, context)
    agreed = prices.has("overage.usd_per_action")
    return BlockTerms(
        pack=credit_rates.pack_credits(prices),
        prices=credit_rates.pack_prices(prices, terms),
        overage=credit_rates.overage_rate(prices, terms).assumed if agreed else None,
        contracted=credit_rates.pack_prices(prices, terms._replace(discount=Decimal(0))),
    )


def _way(key: str, label: str, packs: int, ahead: DemandOutlook, terms: BlockTerms) -> PurchaseWay:
    demand = ahead.demand
    ends = [cost(packs, demand.quantile(share), terms) if ahead.knows_range else None for share in (LOW, HIGH)]
    return PurchaseWay(
        key=key,
        label=label,
        packs=packs,
        expected=expected_cost(packs, demand, terms),
        low=ends[0],
        high=ends[1],
        worst=worst_cost(packs, demand, terms, WORST) if ahead.knows_range else None,
        unused=demand.expected_unused(terms.block(packs)),
    )


def _commitment(question: Question, context: Context, ahead: DemandOutlook) -> PurchaseWay:
    """Return a pre-commitment of the expected usage: all usage is billed at its rate, plus any shortfall."""
    demand = ahead.demand
    committed, priced = cheapest_commitment(demand.mean, context.prices, from_question.terms(question, context))
    rate = priced.assumed
    low, high = (max(committed, demand.quantile(share)).at(rate) if ahead.knows_range else None for share in (LOW, HIGH))
    return PurchaseWay(
        key="pre_commit",
        label="Pre-commit of the expected use",
        packs=0,
        expected=(committed + demand.beyond(committed)).at(rate),
        low=low,
        high=high,
        worst=demand.worst(WORST, committed).at(rate) if ahead.knows_range else None,
        unused=demand.expected_unused(committed),
    )


def _headline(chosen: PurchaseWay, none: PurchaseWay, ahead: DemandOutlook, terms: BlockTerms) -> str:
    if not ahead.demand.mean:
        return f"Buy nothing: {_why_nothing(ahead)} for {months_said(ahead.months)}."
    if ahead.wait:
        need = f"{number(ahead.demand.mean.count, 0)} credits, {usd_short(none.expected.count)}, for {months_said(ahead.months)}"
        return f"Wait: {ahead.wait}. As it is now: {need}."
    between = _between(chosen.low, chosen.high)
    expected = f"{usd_short(chosen.expected.count)}{between} for {months_said(ahead.months)}"
    if not chosen.packs:
        why = "overage costs the contract rate, so a block gains nothing" if terms.overage_pays() else "a pack would not pay"
        return f"Buy nothing ahead: {why}; {expected}."
    return (
        f"Buy {_packs(chosen.packs)} ahead: {expected}, {usd_short((none.expected - chosen.expected).count)} less than with none."
    )


def _why_nothing(ahead: DemandOutlook) -> str:
    return "the credits at hand last" if ahead.use else "no usage is expected"


def _between(low: Usd | None, high: Usd | None) -> str:
    return f" ({usd_short(low.count)} to {usd_short(high.count)})" if low and high and low != high else ""


def _packs(packs: int) -> str:
    return amount(Decimal(packs), "packs")


def _months(ahead: DemandOutlook) -> str:
    return f"Ways to buy for {months_said(ahead.months)}"


def _figures(ways: tuple[PurchaseWay, ...], ahead: DemandOutlook, terms: BlockTerms) -> list[Figure]:
    chosen, by_rule, none, commitment = ways
    covered = ahead.use - ahead.demand.mean.count
    return [
        figure("packs", Decimal(chosen.packs)),
        figure("credits", terms.block(chosen.packs).count),
        figure("expected_usd", chosen.expected.count),
        figure("usd_low", _count(chosen.low)),
        figure("usd_high", _count(chosen.high)),
        figure("worst_decile_usd", _count(chosen.worst)),
        figure("expected_unused_credits", chosen.unused.count),
        figure("rule_of_thumb_packs", Decimal(by_rule.packs)),
        figure("rule_of_thumb_usd", by_rule.expected.count),
        figure("nothing_ahead_usd", none.expected.count),
        figure("pre_commit_usd", commitment.expected.count),
        figure("critical_percent", critical_ratio(terms, chosen.packs) * Decimal(100)),
        figure("expected_use_credits", ahead.use),
        figure("covered_credits", covered),
        figure("to_buy_credits", ahead.demand.mean.count),
        figure("first_day", ahead.first_day),
        figure("day_after_last", ahead.day_after_last),
    ]


def _count(amount_of_usd: Usd | None) -> Decimal | None:
    return None if amount_of_usd is None else amount_of_usd.count


def _row(way: PurchaseWay) -> tuple[Value, ...]:
    ends = (_count(end) for end in (way.low, way.high, way.worst))
    packs = None if way.key == "pre_commit" else Decimal(way.packs)
    return (way.key, way.label, packs, way.expected.count, *ends, way.unused.count)


def _chart(best: int, rule: int, demand: Demand, terms: BlockTerms) -> Chart:
    """Return the expected cost by number of packs, from none to twice the best, including the best and the rule's."""
    most = max(2 * best, rule + 1, 2)
    step = max(1, -(-most // CURVE_POINTS))
    shown = sorted({*range(0, most + 1, step), best, rule})
    values = tuple(expected_cost(packs, demand, terms).count for packs in shown)
    series = (Series("Expected cost", values),)
    return Chart(
        "expected_cost_by_packs", "Expected cost by packs", "line", tuple(f"{packs:,}" for packs in shown), series, "usd"
    )


def _sums(chosen: PurchaseWay, demand: Demand, terms: BlockTerms) -> list[str]:
    block, price = terms.block(chosen.packs), terms.pack_usd(chosen.packs)
    beyond = demand.beyond(block)
    rate = terms.beyond_rate(chosen.packs).usd
    over = f"{number(beyond.count, 2)} credits beyond it on average × {usd_exact(rate)}"
    per_credit = price.for_credits(terms.pack).usd
    ratio = critical_ratio(terms, chosen.packs)
    sums = [f"{_packs(chosen.packs)} × {usd_exact(price.count)} + {over} = {usd(chosen.expected.count)}"]
    if ratio and len(terms.prices) == 1 and not demand.is_certain:
        sums.append(
            f"1 − {usd_exact(per_credit)} ÷ {usd_exact(rate)} = {percent(ratio * Decimal(100))}: the block covers "
            f"that share of the futures, {number(demand.quantile(ratio).count, 0)} credits, to whole packs"
        )
    return [
        *sums,
        (
            f"80% × {number(demand.mean.count, 0)} credits ÷ {number(terms.pack.count)}"
            f" = {_packs(rule_of_thumb_packs(demand, terms.pack))} by the rule of thumb"
        ),
    ]


def _price_rows(question: Question, context: Context) -> list[PriceRow]:
    prices = context.prices
    over = next((item for item in ("overage.usd_per_action", "payg.usd_per_action") if prices.has(item)), "payg.saving_percent")
    items = ["flex.usd_per_pack", "flex.credits_per_pack", "action.production", over]
    items += ["action.sandbox"] if question.sandbox_share else []
    items += ["voice.production"] if question.voice_share else []
    own = "precommit.usd_per_action"
    return [prices.row(item) for item in (*items, own if prices.has(own) else "precommit.share_of_payg_premium_percent")]


def _notes(
    question: Question, context: Context, ways: tuple[PurchaseWay, ...], ahead: DemandOutlook, terms: BlockTerms
) -> list[Note]:
    chosen, _, _, committed = ways
    notes = _seat_notes(question, context, chosen, ahead)
    notes += [Note("assumption", BOUGHT_AT_ONCE), Note("assumption", SHORTFALL), *_commitment_notes(chosen, committed)]
    notes += from_question.tier_notes(question, context) or [Note("assumption", NO_TIERS)]
    return [*notes, *_rate_notes(question, context, chosen, ahead, terms), from_question.disputed_claim_note("precommit_lower")]


def _seat_notes(question: Question, context: Context, chosen: PurchaseWay, ahead: DemandOutlook) -> list[Note]:
    """Return a note if seats would cover the usage for less than credits; only if the workload states its audience and users."""
    if question.audience is None or question.users is None:
        return []
    covering = tuple(plan for plan in PLANS.values() if not plan.meters(question.audience))
    offered, _ = offers(from_question.workload(question), context.prices, from_question.terms(question, context), covering)
    seats = offered[0].cost.assumed * ahead.months / MONTHS_IN_YEAR if offered else None
    if seats is None or not seats < chosen.expected:
        return []
    text = (
        f"covers this use unmetered for {usd(seats.count)} in {months_said(ahead.months)}, less than its credits (ask: recommend)"
    )
    return [Note("warning", f"{offered[0].plan.label} {text}.")]


def _commitment_notes(chosen: PurchaseWay, committed: PurchaseWay) -> list[Note]:
    """Return a note if a pre-commitment would cost less than the block."""
    if committed.expected.count >= chosen.expected.count:
        return []
    less = usd((chosen.expected - committed.expected).count)
    cost_of_it = usd(committed.expected.count)
    return [
        Note("warning", f"A pre-commitment of the expected use would cost {cost_of_it}, {less} less: ask what it is offered at.")
    ]


def _rate_notes(question: Question, context: Context, chosen: PurchaseWay, ahead: DemandOutlook, terms: BlockTerms) -> list[Note]:
    """Return a note on the overage rate assumed, and the block at the other end of its range: pay-as-you-go."""
    if terms.overage is not None:
        return [Note("warning", GAINS_NOTHING)] if terms.overage_pays() else []
    notes = [Note("assumption", OVERAGE_AS_CONTRACTED)]
    if terms.overage_pays():
        notes.append(Note("warning", GAINS_NOTHING))
    other = _payg_terms(question, context, terms)
    if other is None or other.overage is None:
        return notes
    packs = cheapest_packs(ahead.demand, other)
    block = "the same block" if packs == chosen.packs else _packs(packs)
    cheapest, none = (usd(expected_cost(count, ahead.demand, other).count) for count in (packs, 0))
    each = usd(other.overage.usd * context.prices.value("action.production"))
    text = f"If overage were pay-as-you-go, {each} an action, {block} would cost least: {cheapest}, and nothing ahead {none}."
    return [*notes, Note("assumption", text), from_question.disputed_claim_note("overage_premium")]


def _payg_terms(question: Question, context: Context, terms: BlockTerms) -> BlockTerms | None:
    """Return the terms at the other end of the overage range; None if the contract sets the overage rate."""
    prices, said = context.prices, from_question.terms(question, context)
    if terms.overage is not None or not credit_rates.knows_payg(prices, said):
        return None
    return replace(terms, overage=credit_rates.payg_rate(prices, said).assumed)


def _payg_figures(question: Question, context: Context, ahead: DemandOutlook, terms: BlockTerms) -> list[Figure]:
    other = _payg_terms(question, context, terms)
    if other is None:
        return []
    packs = cheapest_packs(ahead.demand, other)
    return [
        figure("payg_overage_packs", Decimal(packs)),
        figure("payg_overage_usd", expected_cost(packs, ahead.demand, other).count),
    ]
