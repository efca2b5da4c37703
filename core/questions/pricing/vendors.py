"""`compare … vendors` and `vendors`: other vendors' agents beside Agentforce's plans, each by its billable unit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import (
    Answer,
    Column,
    Emphasis,
    Fact,
    Note,
    Table,
    cell,
    day,
    figure,
    headline_of,
    number,
    percent,
    usd_exact,
    usd_short,
    write_numbers,
)
from core.days import MONTHS_IN_YEAR
from core.errors import QuestionError
from core.language import print_question
from core.pricing import NOT_SAID, PLANS, months_worth, plans, vendor_costs, vendor_prices
from core.questions import from_question
from core.questions.pricing import compare as of_plans
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.answer import Figure, Source, Value
    from core.context import Context
    from core.language import Question
    from core.pricing import NotOffered, Offer, Plan, Workload

AGENTFORCE = "Agentforce"
SHORT_LABELS = {"per_resolution": "Help Agent"}
RANKED_COLUMNS = (
    Column("offer", "Offer", "text", is_detail=True),
    Column("vendor", "Vendor", "text", is_detail=True),
    Column("label", "Offer", "text"),
    Column("usd_per_month", "Per month", "usd"),
    Column("usd_per_year", "Per year", "usd"),
    Column("usd_per_resolution", "Per resolved", "usd"),
    Column("counted", "Billed by", "text"),
    Column("usd_per_interaction", "Per interaction", "usd"),
    Column("usd_per_year_if_doubled", "If doubled", "usd"),
    Column("usd_per_year_if_halved", "If halved", "usd"),
    Column("billable", "What counts", "text", is_detail=True),
    Column("beside", "What comes on top", "text", is_detail=True),
    Column("kind", "Kind", "text", is_detail=True),
    Column("read_on", "Read on", "day"),
    Column("source", "Source", "text", is_detail=True),
)
FIRST_COLUMNS = ("label", "usd_per_month", "usd_per_year", "usd_per_resolution", "counted")
UNPRICED_COLUMNS = (
    Column("offer", "Offer", "text", is_detail=True),
    Column("label", "Offer", "text"),
    Column("reason", "Why not", "text"),
    Column("source", "According to", "text"),
)
BOOK_COLUMNS = (
    Column("offer", "Offer", "text", is_detail=True),
    Column("vendor", "Vendor", "text", is_detail=True),
    Column("label", "Offer", "text"),
    Column("price", "Price", "text"),
    Column("billable", "What counts", "text"),
    Column("minimum", "At least", "text"),
    Column("beside", "What comes on top", "text"),
    Column("kind", "Kind", "text", is_detail=True),
    Column("valid_from", "Valid from", "day"),
    Column("read_on", "Read on", "day"),
    Column("source", "Source", "text"),
    Column("url", "Address", "text", is_detail=True),
)
COUNTED = {
    "conversation": ("conversations", "each conversation, resolved or not"),
    "flex": ("actions", "each action, resolved or not"),
    "resolution": ("resolutions", "each interaction that the agent resolves alone"),
    "seat": ("users", "each user, whatever the use"),
}
EACH_COUNTS_OTHERWISE = (
    "Each vendor counts something else as billable, and what counts as resolved differs too; platforms, seats and support "
    "beside the agents are not in these figures (`vendors` says what comes on top)."
)
COUNTS_IN_BRIEF = "Platforms and seats beside the agents come on top: `vendors`."
WAYS_TO_BUY_LEFT_OUT = "Flex Credits are at their price by the credit; `compare` without vendors ranks every way to buy them."
SHARES = (Decimal(50), Decimal(60), Decimal(70))


class Ranked(NamedTuple):
    """One offer in the ranking, from another vendor or an Agentforce plan; costs are per year, unrounded."""

    label: str
    usd_per_year: Decimal
    is_agentforce: bool
    row: tuple[Value, ...]
    sum: str

    @property
    def usd_per_month(self) -> Decimal:
        """The average month of the year, unrounded."""
        return self.usd_per_year / MONTHS_IN_YEAR


def compare(question: Question, context: Context) -> Answer:
    """Return the plans for a workload, cheapest first, beside other vendors if the question names them."""
    return _beside_vendors(question, context) if question.vendors else of_plans.compare(question, context)


def _beside_vendors(question: Question, context: Context) -> Answer:
    load = from_question.workload_with_free(question, context.prices)
    _ask_for_resolved(question, context)
    offered, refused = _agentforce(question, context, load)
    priced, unpriced = _vendors(question, context, load)
    ranked = sorted(
        [*(_rank_plan(one, load, question) for one in offered), *(_rank_vendor(one, load, question) for one in priced)],
        key=lambda one: (one.usd_per_year, one.label),
    )
    rows = of_plans.price_rows(offered, context.prices, load, from_question.terms(question, context))
    if not ranked:
        asked = context.canonical_question(question)
        raise QuestionError("Nothing can be priced for this workload: name its interactions", asked, 0, len(asked))
    return Answer(
        question=context.canonical_question(question),
        title="Agentforce beside other vendors",
        headline=_headline(ranked),
        as_of=context.as_of,
        figures=tuple(_figures(question, load, context, ranked)),
        tables=_tables(ranked, refused, unpriced),
        arithmetic=(
            *_resolution_sums(question, load),
            *from_question.volume_sums(question, load, context.prices),
            *(one.sum for one in ranked),
        ),
        notes=(
            Note("warning", EACH_COUNTS_OTHERWISE, COUNTS_IN_BRIEF),
            *_notes(question, priced, offered),
            *of_plans.coverage_notes(load, offered),
            *from_question.tier_notes(question, context),
            *from_question.assumptions(rows),
        ),
        sources=tuple(dict.fromkeys((*(one for cost in priced for one in cost.price.sources), *from_question.sources(rows)))),
        emphasis=Emphasis(_facts(question, load), "offers", FIRST_COLUMNS),
    )


def _ask_for_resolved(question: Question, context: Context) -> None:
    """Raise QuestionError if a requested vendor bills by resolution and no share of resolutions was given."""
    named = [one for one in vendor_prices.vendor_offers() if one.vendor in question.vendors and "resolutions" in one.counts]
    if question.resolved_share is not None or question.interactions is None or not named:
        return
    asked = context.canonical_question(question)
    names = list(dict.fromkeys(one.vendor_name for one in named))
    who = f"{names[0]} bills" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} bill"
    ways = [print_question(question._replace(resolved_share=share)) for share in SHARES]
    raise QuestionError(f"How many of the interactions are resolved? {who} by the resolution", asked, 0, len(asked), ways)


def _agentforce(question: Question, context: Context, load: Workload) -> tuple[list[Offer], list[NotOffered]]:
    """Return Agentforce's plans for the workload; ways to buy the same credits only if named."""
    wanted = [PLANS[key] for key in question.only] or [plan for plan in PLANS.values() if plan.buying is None]
    if question.resolved_share is None:
        wanted = [plan for plan in wanted if plan.family != "resolution"]
    if load.seats is None and not question.only:
        wanted = [plan for plan in wanted if plan.family != "seat"]
    return plans.offers(load, context.prices, from_question.terms(question, context), tuple(wanted))


def _vendors(
    question: Question, context: Context, load: Workload
) -> tuple[list[vendor_costs.VendorCost], list[tuple[str, str, str, str]]]:
    """Return what the named vendors cost, and why some of them have no price."""
    share = None if question.resolved_share is None else from_question.fraction(question.resolved_share)
    use = vendor_costs.vendor_use(load, share, question.messages)
    priced: list[vendor_costs.VendorCost] = []
    unpriced: list[tuple[str, str, str, str]] = []
    for offer in (one for one in vendor_prices.vendor_offers() if one.vendor in question.vendors):
        price, refusal = offer.price_on(context.as_of), vendor_costs.vendor_refusal(offer, load, use, context.as_of)
        if price is None or refusal is not None:
            unpriced.append((offer.key, offer.label, refusal or "", NOT_SAID))
        else:
            priced.append(vendor_costs.price_vendor_year(offer, price, use))
    unpriced += [
        (one.key, one.label, one.reason, _titles(one.sources))
        for one in vendor_prices.offers_without_price()
        if one.vendor in question.vendors
    ]
    return priced, unpriced


def _titles(sources: Iterable[Source]) -> str:
    return "; ".join(source.title for source in sources)


def _year_count(load: Workload, share: Decimal) -> Decimal | None:
    """Return the interactions of the year times a share, growth included; None if none are named or counted."""
    interactions = load.interactions_per_year
    if interactions is None:
        return None
    times = months_worth(load.growth) / MONTHS_IN_YEAR if load.growth else Decimal(1)
    return interactions.count * times * share or None


def _each(cost: Decimal, count: Decimal | None) -> Decimal | None:
    return cost / count if count else None


def _rank_plan(offer: Offer, load: Workload, question: Question) -> Ranked:
    counted, billable = COUNTED[offer.plan.family]
    resolved = _resolved_of_year(load, question)
    row: tuple[Value, ...] = (
        offer.plan.key,
        AGENTFORCE,
        _label(offer.plan),
        offer.usd_per_month,
        offer.usd_per_year,
        _each(offer.usd_per_year, resolved),
        counted,
        offer.usd_per_interaction,
        offer.if_doubled.count,
        offer.if_halved.count,
        billable,
        None,
        None,
        None,
        None,
    )
    return Ranked(
        _label(offer.plan), offer.usd_per_year, is_agentforce=True, row=row, sum=f"{_label(offer.plan)}: {offer.cost.sum()}"
    )


def _rank_vendor(cost: vendor_costs.VendorCost, load: Workload, question: Question) -> Ranked:
    offer, price = cost.offer, cost.price
    row: tuple[Value, ...] = (
        offer.key,
        offer.vendor_name,
        offer.label,
        cost.usd_per_month,
        cost.usd_per_year,
        _each(cost.usd_per_year, _resolved_of_year(load, question)),
        offer.unit,
        _each(cost.usd_per_year, _year_count(load, Decimal(1))),
        cost.if_doubled.count,
        cost.if_halved.count,
        write_numbers(offer.billable),
        write_numbers(offer.beside),
        price.kind,
        price.read_on,
        _titles(price.sources),
    )
    return Ranked(offer.label, cost.usd_per_year, is_agentforce=False, row=row, sum=f"{offer.label}: {cost.sum()}")


def _resolved_of_year(load: Workload, question: Question) -> Decimal | None:
    return None if question.resolved_share is None else _year_count(load, from_question.fraction(question.resolved_share))


def _costs(one: Ranked) -> str:
    return f"{one.label}: {usd_short(one.usd_per_year)} a year ({usd_short(one.usd_per_month)} a month)"


def _label(plan: Plan) -> str:
    """Return a plan's label beside other vendors."""
    named = SHORT_LABELS.get(plan.key, plan.label)
    return named if named.startswith(AGENTFORCE) else f"{AGENTFORCE} {named}"


def _headline(ranked: Sequence[Ranked]) -> str:
    """Return the cheapest offer, and the cheapest of the other side: Agentforce's plans or the other vendors."""
    best = ranked[0]
    other = next((one for one in ranked if one.is_agentforce != best.is_agentforce), None)
    if other is None:
        return headline_of(f"{_costs(best)} is the cheapest.")
    saved = other.usd_per_year - best.usd_per_year
    less = f"{usd_short(saved)} less than {other.label}" if saved else f"as much as {other.label}"
    return headline_of(
        f"{_costs(best)}, {less} ({usd_short(other.usd_per_year)}).", f"{_costs(best)}, {less}.", f"{_costs(best)}."
    )


def _figures(question: Question, load: Workload, context: Context, ranked: Sequence[Ranked]) -> list[Figure]:
    best = ranked[0]
    found = of_plans.volume_figures(load, context.prices)
    resolved = _year_count(load, from_question.fraction(question.resolved_share)) if question.resolved_share is not None else None
    if resolved is not None:
        found.append(figure("resolutions_per_year", resolved))
    found += [
        figure("cheapest_offer", best.label),
        figure("usd_per_month", best.usd_per_month),
        figure("usd_per_year", best.usd_per_year),
    ]
    ours = next((one for one in ranked if one.is_agentforce), None)
    theirs = next((one for one in ranked if not one.is_agentforce), None)
    if ours is not None:
        found.append(figure("agentforce_usd_per_year", ours.usd_per_year))
    if theirs is not None:
        found.append(figure("vendor_usd_per_year", theirs.usd_per_year))
    if ours is not None and theirs is not None:
        found.append(figure("agentforce_above_vendor_usd_per_year", ours.usd_per_year - theirs.usd_per_year))
    return found


def _facts(question: Question, load: Workload) -> tuple[Fact, ...]:
    parts = [f"{number(load.interactions.count)} interactions"] if load.interactions else []
    parts += [f"{percent(question.resolved_share)} resolved"] if question.resolved_share is not None else []
    each = load.actions_per_interaction()
    parts += [f"{number(each)} actions each"] if each is not None else []
    parts += [f"{number(question.messages)} messages each"] if question.messages is not None else []
    parts += [f"{number(load.seats.count)} users"] if load.seats else []
    return (Fact("A month", ", ".join(parts)),) if parts else ()


def _resolution_sums(question: Question, load: Workload) -> list[str]:
    if question.resolved_share is None or load.interactions_per_year is None:
        return []
    year = _year_count(load, Decimal(1)) or Decimal(0)
    resolved = year * from_question.fraction(question.resolved_share)
    return [f"{number(year, 6)} interactions a year × {percent(question.resolved_share)} = {number(resolved, 6)} resolutions"]


def _tables(
    ranked: Sequence[Ranked], refused: Sequence[NotOffered], unpriced: Sequence[tuple[str, str, str, str]]
) -> tuple[Table, ...]:
    without = (
        *unpriced,
        *((one.plan.key, _label(one.plan), one.reason, one.source) for one in refused),
    )
    first = Table("offers", "Offers, cheapest first", RANKED_COLUMNS, tuple(one.row for one in ranked))
    return (first, Table("not_priced", "No price, or missing input", UNPRICED_COLUMNS, without)) if without else (first,)


def _notes(question: Question, priced: Sequence[vendor_costs.VendorCost], offered: Sequence[Offer]) -> list[Note]:
    notes = [Note("warning", f"{cost.offer.label}: {cost.offer.beside}", "") for cost in priced if cost.offer.beside]
    notes += [Note("assumption", write_numbers(f"{cost.offer.label}: {cost.price.note}")) for cost in priced if cost.price.note]
    notes += [
        Note("assumption", f"{cost.offer.label}: {usd_exact(cost.price.usd)} is assumed, not published.")
        for cost in priced
        if cost.price.kind == "assumption"
    ]
    if any(offer.plan.family == "flex" for offer in offered) and not question.only:
        notes.append(Note("assumption", WAYS_TO_BUY_LEFT_OUT))
    return notes


def list_vendors(question: Question, context: Context) -> Answer:
    """Return what every vendor's agents cost, the billable unit, what comes on top, and when it was read."""
    wanted = question.vendors or tuple(vendor_prices.vendor_words())
    offers = [one for one in vendor_prices.vendor_offers() if one.vendor in wanted]
    priced = [(one, price) for one in offers if (price := one.price_on(context.as_of)) is not None]
    early = [(one.key, one.label, "no price was read for that day", "") for one in offers if one.price_on(context.as_of) is None]
    without = [
        *early,
        *(
            (one.key, one.label, one.reason, _titles(one.sources))
            for one in vendor_prices.offers_without_price()
            if one.vendor in wanted
        ),
    ]
    book = Table("vendors", "What other vendors charge", BOOK_COLUMNS, tuple(_book_row(one, price) for one, price in priced))
    missing = Table("not_priced", "No published price", UNPRICED_COLUMNS, tuple(without))
    return Answer(
        question=context.canonical_question(question),
        title="Other vendors' prices",
        headline=_book_headline(priced, without),
        as_of=context.as_of,
        tables=tuple(table for table in (book, missing) if table.rows),
        notes=(
            Note("warning", EACH_COUNTS_OTHERWISE, ""),
            *(Note("assumption", write_numbers(f"{one.label}: {price.note}")) for one, price in priced if price.note),
        ),
        sources=tuple(dict.fromkeys(source for _, price in priced for source in price.sources)),
        emphasis=Emphasis((), "vendors" if priced else "not_priced", ("label", "price", "billable") if priced else ()),
    )


def _book_headline(
    priced: Sequence[tuple[vendor_prices.VendorOffer, vendor_prices.VendorPrice]], without: Sequence[tuple[str, str, str, str]]
) -> str:
    if len(priced) == 1:
        offer, price = priced[0]
        return headline_of(f"{offer.label}: {_write_price(offer, price)}, read on {day(price.read_on)}.")
    if not priced:
        return headline_of(f"{without[0][1]}: {without[0][2]}.", "No price of these vendors could be sourced.")
    said = f"{len(priced)} prices of other vendors' agents have a source; {len(without)} offers are named without one."
    return said if without else f"{len(priced)} prices of these vendors' agents have a source."


def _write_price(offer: vendor_prices.VendorOffer, price: vendor_prices.VendorPrice) -> str:
    """Return a price in words: $0.99 per resolution, $200.00 per 25,000 Copilot Credits."""
    if price.pack is not None:
        return f"{usd_exact(price.usd)} per {number(price.pack)} {offer.unit}"
    return f"{usd_exact(price.usd)} per {offer.unit.removesuffix('s')}"


def _book_row(offer: vendor_prices.VendorOffer, price: vendor_prices.VendorPrice) -> tuple[Value, ...]:
    fee = f"{cell(price.fee_usd, 'usd')} a month" if price.fee_usd else ""
    least = f"{number(price.minimum)} {offer.unit} a month" if price.minimum else ""
    free = f"{number(price.included)} {offer.unit} a month included" if price.included else ""
    return (
        offer.key,
        offer.vendor_name,
        offer.label,
        _write_price(offer, price),
        write_numbers(offer.billable),
        "; ".join(filter(None, (fee, least, free))) or None,
        write_numbers(offer.beside) or None,
        price.kind,
        price.valid_from,
        price.read_on,
        _titles(price.sources),
        "; ".join(price.urls),
    )
