"""`compare` and `recommend`: the plans side by side, and the one to choose."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import (
    FIGURES,
    Answer,
    Chart,
    Column,
    Emphasis,
    Fact,
    Note,
    Series,
    Table,
    credits_short,
    figure,
    headline_of,
    number,
    percent,
    usd,
    usd_short,
    write_numbers,
)
from core.days import MONTHS_IN_YEAR
from core.errors import QuestionError
from core.language import COMMANDS
from core.pricing import MANY_ACTIONS, Workload, credits_per_action, plans, rule_of_thumb, times_billed, year_of_use
from core.questions import from_question

if TYPE_CHECKING:
    from core.answer import Figure, Value
    from core.context import Context
    from core.language import Question
    from core.pricing import NotOffered, Offer, PriceRow, Prices, Terms

PLAN_COLUMNS = (
    Column("plan", "Plan", "text", is_detail=True),
    Column("label", "Plan", "text"),
    Column("usd_per_month", "Per month", "usd"),
    Column("usd_per_year", "Per year", "usd"),
    Column("usd_per_interaction", "Per interaction", "usd"),
    Column("percent_below_conversation", "Below conversations", "percent"),
    Column("usd_per_year_if_doubled", "If doubled", "usd"),
    Column("usd_per_year_if_halved", "If halved", "usd"),
    Column("usd_per_year_low", "Year, at least", "usd", is_detail=True),
    Column("usd_per_year_high", "Year, at most", "usd", is_detail=True),
)
NOT_OFFERED_COLUMNS = (
    Column("plan", "Plan", "text", is_detail=True),
    Column("label", "Plan", "text"),
    Column("reason", "Why not", "text"),
    Column("source", "According to", "text"),
)
WHOM_IT_SERVES = (
    "Conversations are for customer-facing use and seats for employees: "
    "add `customers` or `employees` to rank only what can be bought."
)
WHOM_IN_BRIEF = "Seats are for employees, conversations for customers: add `employees` or `customers`."
EXCLUDE_EACH_OTHER = (
    "Conversations and Flex Credits exclude each other within one org; "
    "changing over means a new contract for every Agentforce product."
)
EDITIONS_METER = (
    "The editions' credits are counted against customers' use; that of employees is unmetered with their seats: "
    "add `employees` where the use is theirs."
)
EDITIONS_COVER = "Employees' use is unmetered with an edition's seats; its Flex Credits are left for customers' use."
ALL_RESOLVED = "Every interaction is assumed to be a resolution; say for example `resolved 60%`."
PACKS_IF_OTHERWISE = (
    "If volume doubles, credits beyond the pre-purchased packs are priced as overage; "
    "if it halves, the packs are paid and the rest expires."
)
FREE_ONCE = (
    "The {credits} free credits of Foundations (Enterprise Edition and above) are taken once in the year, before any that are "
    "paid for; conversations and unmetered seats use none."
)
BY_THE_CREDIT = "Flex Credits are priced per credit; bought ahead in whole packs (Flex pre-purchase) they are"
COMMITMENT_IF_OTHERWISE = "The pre-commitment is the planned year; if volume halves, the shortfall is owed."


def compare(question: Question, context: Context) -> Answer:
    """Return every plan for the workload, cheapest first, and the plans that cannot be bought, with the reason."""
    prices = context.prices
    load = from_question.workload_with_free(question, prices)
    terms = from_question.terms(question, context)
    offered, refused = _offers(question, context, load, terms)
    cheapest, volume = offered[0], volume_figures(load, prices)
    rows = price_rows(offered, prices, load, terms)
    return Answer(
        question=context.canonical_question(question),
        title="Plans compared",
        headline=_cheapest(offered),
        as_of=context.as_of,
        figures=(
            *volume,
            figure("cheapest_plan", cheapest.plan.label),
            figure("usd_per_month", cheapest.usd_per_month),
            figure("usd_per_year", cheapest.usd_per_year),
        ),
        tables=_tables(offered, refused),
        charts=(_chart(offered),),
        arithmetic=(
            *from_question.volume_sums(question, load, prices),
            *_free_sums(load, prices),
            *_sums(offered),
            *_saving_sum(cheapest, _first_of_another_kind(offered)),
        ),
        notes=(*_notes(question, load, offered, context), *from_question.assumptions(rows)),
        sources=from_question.sources(rows),
        emphasis=_emphasis(load, volume, "plans", "usd_per_month"),
    )


def _emphasis(load: Workload, volume: list[Figure], table: str, last_column: str) -> Emphasis:
    """Return the volume, and from the table each plan's cost a year, its cost if volume doubles, and one more column."""
    values = {one.key: one.value for one in volume}
    said = [f"{number(load.interactions.count)} interactions"] if load.interactions else []
    each, burnt = values.get("workload_actions_per_interaction"), values.get("credits_per_month")
    if isinstance(each, Decimal):
        said.append(f"× {number(each)} actions")
    elif load.actions:
        said.append(f"{number(load.actions.count)} actions")
    said += [f"= {credits_short(burnt)} credits"] if isinstance(burnt, Decimal) else []
    users = [f"{number(load.seats.count)} {'user' if load.seats.count == 1 else 'users'}"] if load.seats else []
    whole = ", ".join([" ".join(said), *users] if said else users)
    columns = ("label", "usd_per_year", "usd_per_year_if_doubled", last_column)
    return Emphasis((Fact("A month", whole),) if whole else (), table, columns)


def recommend(question: Question, context: Context) -> Answer:
    """Return the cheapest permitted plan, its saving and the rule of thumb; if nothing is named, for the wallet's own usage."""
    if not question.names_workload:
        return _recommend_for_wallet(question, context)
    prices = context.prices
    load = from_question.workload_with_free(question, prices)
    terms, volume = from_question.terms(question, context), volume_figures(load, prices)
    offered, refused = _offers(question, context, load, terms)
    best = offered[0]
    others = [offer for offer in offered if offer.plan.family != best.plan.family]
    other = next((offer for offer in others if offer.usd_per_year > best.usd_per_year), None)
    rows = price_rows(offered, prices, load, terms)
    return Answer(
        question=context.canonical_question(question),
        title="Recommendation",
        headline=f"Buy {_costs(best)}{_saving(best, other)}.",
        as_of=context.as_of,
        figures=(*volume, *_recommendation_figures(best, other, load), *_savings(offered)),
        tables=(*_tables(offered, refused), _choices(offered, other)),
        charts=(_chart(offered),),
        arithmetic=(
            *from_question.volume_sums(question, load, prices),
            *_free_sums(load, prices),
            *_sums(offered),
            *_saving_sum(best, other),
        ),
        notes=(
            *_tie_notes(best, others),
            *_thumb_notes(load, best),
            *_risk_notes(offered),
            *_notes(question, load, offered, context),
            *from_question.assumptions(rows),
        ),
        sources=from_question.sources(rows),
        emphasis=_emphasis(load, volume, "choices", "usd_per_year_if_halved"),
    )


def _recommend_for_wallet(question: Question, context: Context) -> Answer:
    from core.questions.wallet import from_wallet  # noqa: PLC0415 - a question that names figures pays for none of it

    if not context.has_warehouse:
        asked = context.canonical_question(question)
        reason = "Recommend needs a workload, or a wallet to take it from (agentcost import FILE)"
        raise QuestionError(reason, asked, 0, len(asked), COMMANDS["recommend"].examples)
    filled, notes = from_wallet(question, context)
    answered = recommend(filled, context)
    return replace(answered, question=context.canonical_question(question), notes=(*notes, *answered.notes))


def cheapest_plan(question: Question, context: Context) -> str:
    """Return the label of the cheapest plan for a workload. Raises: QuestionError, if none can be bought."""
    load, terms = from_question.workload_with_free(question, context.prices), from_question.terms(question, context)
    return _offers(question, context, load, terms)[0][0].plan.label


def _offers(question: Question, context: Context, load: Workload, terms: Terms) -> tuple[list[Offer], list[NotOffered]]:
    wanted = tuple(plans.PLANS[key] for key in question.only) or None
    offered, refused = plans.offers(load, context.prices, terms, wanted)
    if not offered:
        asked = context.canonical_question(question)
        reasons = "; ".join(dict.fromkeys(one.reason.rstrip(".") for one in refused))
        raise QuestionError(f"No plan can be bought for this workload: {reasons}", asked, 0, len(asked))
    return offered, refused


def volume_figures(load: Workload, prices: Prices) -> list[Figure]:
    """Return the month's volume, as far as it is known."""
    found: list[Figure] = []
    if load.interactions:
        found.append(figure("interactions_per_month", load.interactions.count))
    each = load.actions_per_interaction()
    if each is not None:
        found.append(figure("workload_actions_per_interaction", each))
    if load.actions and prices.has("action.production"):
        found.append(figure("actions_per_month", load.actions.count))
        billed = load.actions * times_billed(load, prices)
        found.append(figure("credits_per_month", billed.burn(credits_per_action(load, prices)).count))
    return found


def price_rows(offered: list[Offer], prices: Prices, load: Workload, terms: Terms) -> list[PriceRow]:
    """Return the rows behind the offers, each once, without those whose price the question or the contract sets."""
    items = [item for offer in offered for item in offer.plan.items]
    is_counted = load.counted_credits_per_year is not None
    items += ["action.sandbox"] if load.sandbox_share and not is_counted else []
    items += ["voice.production"] if load.voice_share and not is_counted else []
    items += ["action.tokens"] if load.tokens_per_action else []
    items += ["foundations.credits"] if load.free_credits else []
    rests_on_contract = {
        "payg.saving_percent": "payg.usd_per_action",
        "precommit.share_of_payg_premium_percent": "precommit.usd_per_action",
    }
    stated = {item for item, price in rests_on_contract.items() if prices.has(price)} | said_items(terms)
    return [prices.row(item) for item in dict.fromkeys(items) if prices.has(item) and item not in stated]


def said_items(terms: Terms) -> set[str]:
    """Return the rows that are not needed because the question sets its own price."""
    said = {
        "payg.saving_percent": terms.buying == "payg" and terms.usd_per_action is not None,
        "precommit.share_of_payg_premium_percent": terms.buying == "precommit" and terms.usd_per_action is not None,
        "conversation.usd": terms.usd_per_conversation is not None,
        "add_on.usd": terms.usd_per_seat is not None,
    }
    return {item for item, is_said in said.items() if is_said}


def _costs(offer: Offer) -> str:
    return f"{offer.plan.label}: {usd_short(offer.usd_per_year)} a year ({usd_short(offer.usd_per_month)} a month)"


def _cheapest(offered: list[Offer]) -> str:
    """Return the cheapest plan, its lead, and the cheapest at double the volume, if that is another one."""
    best = offered[0]
    other = _first_of_another_kind(offered)
    costs = f"{_costs(best)}, {_less_than(best, other)}" if other else f"{_costs(best)} is the cheapest"
    doubled = min(offered, key=lambda offer: offer.if_doubled)
    if doubled.plan.family == best.plan.family:
        return headline_of(f"{costs}.")
    wins = f"if volume doubles, {doubled.plan.label} wins at {usd_short(doubled.if_doubled.count)}"
    return headline_of(f"{costs}; {wins}.", f"{_costs(best)}; {wins}.", f"{costs}.")


def _first_of_another_kind(offered: list[Offer]) -> Offer | None:
    return next((offer for offer in offered if offer.plan.family != offered[0].plan.family), None)


def _less_than(best: Offer, other: Offer) -> str:
    saved = other.usd_per_year - best.usd_per_year
    return f"{usd_short(saved)} less than {other.plan.label}" if saved else f"as much as {other.plan.label}"


def _saving(best: Offer, other: Offer | None) -> str:
    return f", {_less_than(best, other)}" if other else ""


def _saving_sum(best: Offer, other: Offer | None) -> list[str]:
    if other is None:
        return []
    saved = usd(other.usd_per_year - best.usd_per_year)
    return [f"{other.plan.label} {usd(other.usd_per_year)} − {best.plan.label} {usd(best.usd_per_year)} = {saved} a year"]


def _recommendation_figures(best: Offer, other: Offer | None, load: Workload) -> list[Figure]:
    rule = rule_of_thumb(load)
    found = [
        figure("recommended_plan", best.plan.label),
        figure("usd_per_month", best.usd_per_month),
        figure("usd_per_year", best.usd_per_year),
        figure("usd_per_year_if_doubled", best.if_doubled.count),
        figure("usd_per_year_if_halved", best.if_halved.count),
    ]
    found += [figure("saving_usd_per_year", other.usd_per_year - best.usd_per_year)] if other else []
    return found + ([figure("rule_of_thumb_plan", rule.plan)] if rule else [])


def _savings(offered: list[Offer]) -> list[Figure]:
    against = {
        "per_conversation": "saving_against_conversations_usd_per_year",
        "per_user_add_on": "saving_against_seats_usd_per_year",
    }
    best, *others = offered
    found = {offer.plan.key: offer.usd_per_year - best.usd_per_year for offer in others}
    return [figure(key, found[plan]) for plan, key in against.items() if plan in found]


def _tables(offered: list[Offer], refused: list[NotOffered]) -> tuple[Table, ...]:
    ranked = Table("plans", "Plans, cheapest first", PLAN_COLUMNS, tuple(_plan_row(offer) for offer in offered))
    rows = tuple((one.plan.key, one.plan.label, one.reason, one.source) for one in refused)
    return (ranked, Table("not_offered", "Not available, or missing input", NOT_OFFERED_COLUMNS, rows)) if rows else (ranked,)


def _choices(offered: list[Offer], other: Offer | None) -> Table:
    """Return the plans to choose between: the cheapest, the next of another kind, and the winner at another volume."""
    doubled, halved = (min(offered, key=lambda one: one.if_doubled.count), min(offered, key=lambda one: one.if_halved.count))
    named = {one.plan.key: one for one in (offered[0], other, doubled, halved) if one}
    return Table("choices", "The choice", PLAN_COLUMNS, tuple(_plan_row(offer) for offer in named.values()))


def _plan_row(offer: Offer) -> tuple[Value, ...]:
    return (
        offer.plan.key,
        offer.plan.label,
        offer.usd_per_month,
        offer.usd_per_year,
        offer.usd_per_interaction,
        offer.percent_below_conversation,
        offer.if_doubled.count,
        offer.if_halved.count,
        offer.cost.low.count,
        offer.cost.high.count,
    )


def _chart(offered: list[Offer]) -> Chart:
    series = (
        Series("As planned", tuple(offer.usd_per_year for offer in offered)),
        Series("If volume doubles", tuple(offer.if_doubled.count for offer in offered)),
        Series("If volume halves", tuple(offer.if_halved.count for offer in offered)),
    )
    return Chart("plans", FIGURES["usd_per_year"].label, "bar", tuple(offer.plan.label for offer in offered), series, "usd")


def _free_sums(load: Workload, prices: Prices) -> list[str]:
    use = year_of_use(load, prices)
    if use.burnt is None or use.free is None or use.credits is None:
        return []
    rest = f"{number(use.credits.count, 6)} credits to pay for"
    return [f"{number(use.burnt.count, 6)} credits a year − {number(use.free.count)} free, at least 0 = {rest}"]


def _sums(offered: list[Offer]) -> list[str]:
    sums = [
        f"{offer.plan.label}: {offer.cost.sum()}, ÷ {MONTHS_IN_YEAR} = {usd(offer.usd_per_month)} a month" for offer in offered
    ]
    below = (offer for offer in offered if offer.percent_below_conversation is not None and offer.plan.family != "conversation")
    cheapest = next(below, None)
    reference = next((offer for offer in offered if offer.plan.family == "conversation"), None)
    if cheapest and reference and cheapest.percent_below_conversation is not None:
        shown = percent(cheapest.percent_below_conversation)
        sums.append(f"(1 − {usd(cheapest.usd_per_year)} ÷ {usd(reference.usd_per_year)}) × 100 = {shown} below conversations")
    return sums


def _notes(question: Question, load: Workload, offered: list[Offer], context: Context) -> list[Note]:
    notes: list[Note] = []
    if question.only:
        kept = ", ".join(plans.PLANS[key].label for key in question.only)
        brief = "Only the plans that you named are priced; another may be cheaper."
        notes.append(Note("warning", f"Only these plans are priced, as asked: {kept}. Another may be cheaper.", brief))
    families = {offer.plan.family for offer in offered}
    if load.free_credits:
        notes.append(Note("assumption", FREE_ONCE.format(credits=number(load.free_credits.count))))
    if load.audience is None and len(families & {"conversation", "seat"}) > 1:
        is_for_some = offered[0].plan.audience is not None
        notes.append(Note("assumption", WHOM_IT_SERVES, WHOM_IN_BRIEF if is_for_some else ""))
    if "conversation" in families and "flex" in families:
        notes.append(Note("warning", EXCLUDE_EACH_OTHER, ""))
    if any(offer.plan.key == "per_resolution" for offer in offered) and question.resolved_share is None:
        notes.append(Note("assumption", ALL_RESOLVED))
    notes += coverage_notes(load, offered)
    notes += from_question.tier_notes(question, context)
    notes += _volume_notes(load, offered)
    each = load.actions_per_interaction()
    if each is not None and each >= MANY_ACTIONS:
        notes.append(from_question.disputed_claim_note("conversations_from_15"))
    if load.sandbox_share:
        notes.append(from_question.disputed_claim_note("sandbox_50_percent"))
    return notes


def coverage_notes(load: Workload, offered: list[Offer]) -> list[Note]:
    """Return whose usage the offered seats cover, if that affects their cost."""
    editions = [offer.plan for offer in offered if offer.plan.audience is None and offer.plan.covers]
    if not editions or not load.actions:
        return []
    if load.audience is None:
        return [Note("assumption", EDITIONS_METER)]
    return [] if editions[0].meters(load.audience) else [Note("assumption", EDITIONS_COVER)]


def _volume_notes(load: Workload, offered: list[Offer]) -> list[Note]:
    keys = {offer.plan.key for offer in offered}
    notes: list[Note] = []
    packs = next((offer for offer in offered if offer.plan.key == "flex_pre_purchase"), None)
    if "flex_credits" in keys and packs:
        notes.append(Note("assumption", f"{BY_THE_CREDIT} {usd(packs.usd_per_year)} a year; what is left of them expires."))
    if packs:
        notes.append(Note("assumption", PACKS_IF_OTHERWISE))
    if "flex_pre_commit" in keys:
        notes.append(Note("assumption", COMMITMENT_IF_OTHERWISE))
        notes.append(from_question.disputed_claim_note("precommit_lower"))
    if load.growth:
        text = f"Volume grows by {percent(load.growth * Decimal(100))} a month; a month's cost is the average of the year."
        notes.append(Note("assumption", text))
    return notes


def _tie_notes(best: Offer, others: list[Offer]) -> list[Note]:
    same = [offer.plan.label for offer in others if offer.usd_per_year == best.usd_per_year]
    return [Note("warning", f"The cost is the same with {' and with '.join(same)}.")] if same else []


def _thumb_notes(load: Workload, best: Offer) -> list[Note]:
    rule = rule_of_thumb(load)
    if rule is None:
        return [Note("assumption", "No published rule of thumb covers this profile; the recommendation comes from cost alone.")]
    if rule.family == best.plan.family:
        return [
            Note("assumption", f"The rule of thumb for {write_numbers(rule.profile)} says {rule.plan}, and so does the cost.")
        ]
    each = load.actions_per_interaction()
    why = f" at {number(each)} actions per interaction" if each is not None else ""
    cheaper = f"at the prices in force {best.plan.label} cost less{why}, so the two differ"
    return [Note("disputed claim", f"The rule of thumb for {write_numbers(rule.profile)} says {rule.plan}; {cheaper}.")]


def _risk_notes(offered: list[Offer]) -> list[Note]:
    doubled = [(offer, offer.if_doubled) for offer in offered]
    halved = [(offer, offer.if_halved) for offer in offered]
    notes: list[Note] = []
    for name, costs in (("doubles", doubled), ("halves", halved)):
        first, cost = min(costs, key=lambda pair: pair[1])
        if first.plan.family != offered[0].plan.family:
            text = f"If volume {name}, {first.plan.label} becomes the cheapest: {usd_short(cost.count)} a year."
            notes.append(Note("warning", text))
    return notes
