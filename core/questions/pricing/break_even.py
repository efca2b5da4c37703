"""`breakeven`: where plans cost the same."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Answer, Chart, Note, Series, figure, number, percent, usd, usd_exact
from core.days import MONTHS_IN_YEAR
from core.errors import AgentcostError
from core.pricing import (
    PLANS,
    Seats,
    Usd,
    break_even,
    credit_rates,
    percent_below,
    price_book,
    usd_per_conversation,
    usd_per_seat,
)
from core.questions import from_question
from core.questions.pricing.compare import said_items

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.answer import Figure
    from core.context import Context
    from core.language import Question
    from core.pricing import ActionPrice, Credits, Prices, SeatBreakEven, Terms

DISCOUNT_COVERS = (
    "The discount is off Flex Credits, which a commitment earns; seats and conversations are at their full price. "
    "For seats at a price of your own add `$100 per seat`."
)
FEW_ACTIONS, MANY_ACTIONS = 6, 10
AS_SEATS = "cost as much as the seats"
SEAT_ITEMS: Mapping[str | None, str] = {
    None: "add_on.usd",
    "per_user_add_on": "add_on.usd",
    "per_user_industries": "industries.usd",
    "edition_sales": "edition_sales.usd",
    "edition_service": "edition_service.usd",
    "edition_core": "edition_core.usd",
    "edition_advanced": "edition_advanced.usd",
}
WITH_CREDITS = {"edition_sales", "edition_service"}
NEVER_BELOW_CREDITS = (
    "The User Licence is metered: it costs {price} a month beside the credits that its user's actions burn, so it meets the "
    "price of an unmetered seat, never that of credits alone."
)
CURVE = (5, 10, 15, 20, 25, 30)


def answer(question: Question, context: Context) -> Answer:
    """Return where conversations, credits and, with users, seats cost the same; of nothing named, where the wallet is."""
    filled, notes = _from_wallet(question, context)
    answered = _answer(filled, context)
    figures = () if filled is question else _own(filled)
    return replace(
        answered,
        question=context.canonical_question(question),
        figures=(*answered.figures, *figures),
        notes=(*notes, *answered.notes),
    )


def _own(filled: Question) -> tuple[Figure, ...]:
    """Return where the wallet itself is: actions a month, and of each user."""
    actions = from_question.workload(filled).actions
    if actions is None:
        return ()
    found = (figure("own_actions_per_month", actions.count),)
    return found if filled.users is None else (*found, figure("own_actions_per_user_month", actions.count / filled.users))


def _from_wallet(question: Question, context: Context) -> tuple[Question, list[Note]]:
    """Return the question with the wallet's volume and users, where it names none and there is a wallet to ask."""
    if question.names_workload or question.plan or not context.has_warehouse:
        return question, []
    from core.questions.wallet import from_wallet  # noqa: PLC0415 - a question that names figures pays for none of it

    try:
        filled, notes = from_wallet(question, context)
    except AgentcostError as error:
        return question, [Note("warning", f"The wallet was left out: {error}")]
    return filled._replace(sandbox_share=None, voice_share=None, counted_credits_per_year=None), notes


def _answer(question: Question, context: Context) -> Answer:
    prices, terms = context.prices, from_question.terms(question, context)
    load = from_question.workload(question)
    price = break_even.action_price(load, prices, terms, _volume(question, prices, terms))
    conversation = Usd(usd_per_conversation(prices, terms))
    if question.plan == "user_license":
        return _of_user_license(question, context, price)
    seats = _seat_break_even(question, price, prices, terms)
    each = from_question.actions_per_interaction(question)
    figures, sums = _crossing(price, conversation)
    for more_figures, more_sums in (
        _interaction(each, price, conversation) if each is not None else ([], []),
        _seats(question, seats, price) if seats else ([], []),
        _both(question, seats, each) if seats else ([], []),
    ):
        figures, sums = figures + more_figures, sums + more_sums
    rows = _rows(question, prices, terms)
    return Answer(
        question=context.canonical_question(question),
        title="Break-even",
        headline=_headline(question, price, conversation, each, seats),
        as_of=context.as_of,
        figures=tuple(figures),
        charts=(_chart(price, conversation),),
        arithmetic=tuple(sums),
        notes=(
            *_price_notes(question, context),
            *_edition_notes(question, prices, price),
            *from_question.assumptions(rows),
            *_claims(question, each),
        ),
        sources=from_question.sources(rows),
    )


def _seat_break_even(question: Question, price: ActionPrice, prices: Prices, terms: Terms) -> SeatBreakEven | None:
    """Return the break-even of the seats that were asked for, of one seat where a plan is named and no users."""
    if question.users is None and question.plan is None:
        return None
    count = Decimal(1) if question.users is None else question.users
    return break_even.seat_break_even(Seats(count), price.assumed, prices, terms, SEAT_ITEMS[question.plan])


def _edition_notes(question: Question, prices: Prices, price: ActionPrice) -> list[Note]:
    """Return what an edition's seat brings besides, which the break-even of its users leaves out."""
    if question.plan not in WITH_CREDITS:
        return []
    included = prices.value("edition.credits")
    worth = included / price.credits * price.assumed.count
    text = f"The edition also includes {number(included)} credits a year for the org, {usd(worth)} at this price of an action"
    return [Note("assumption", f"{text}; the break-even leaves them out.")]


def _of_user_license(question: Question, context: Context, price: ActionPrice) -> Answer:
    """Return where the User Licence with its credits costs as much as the Agentforce Add-on: the licence alone is metered."""
    prices, terms = context.prices, from_question.terms(question, context)
    licence, add_on = (Usd(usd_per_seat(item, prices, terms)) for item in ("user_license.usd", "add_on.usd"))
    each = break_even.crossing_actions(add_on - licence, price.assumed)
    rate = usd_exact(price.assumed.count)
    rows = [prices.row(item) for item in ("user_license.usd", "add_on.usd", "flex.usd_per_pack", "flex.credits_per_pack")]
    rows += [prices.row(item) for item in ("action.production", *from_question.buying_items(question, prices))]
    figures = [
        figure("seat_usd_per_month", licence.count),
        figure("usd_per_action", price.assumed.count),
        figure("actions_per_user_month_at_add_on", each),
    ]
    sums = [f"({usd(add_on.count)} − {usd(licence.count)}) ÷ {rate} = {number(each)} actions per user and month"]
    if question.users is not None:
        figures.append(figure("actions_per_month", each * question.users))
        sums.append(f"{number(each)} actions × {number(question.users)} users = {number(each * question.users)} actions a month")
    return Answer(
        question=context.canonical_question(question),
        title="Break-even",
        headline=f"A User Licence with its credits costs as much as the Add-on at {number(each)} actions per user and month.",
        as_of=context.as_of,
        figures=tuple(figures),
        arithmetic=tuple(sums),
        notes=(Note("assumption", NEVER_BELOW_CREDITS.format(price=usd(licence.count))), *from_question.assumptions(rows)),
        sources=from_question.sources(rows),
    )


def _volume(question: Question, prices: Prices, terms: Terms) -> Credits | None:
    """Return the credits that the contract's tiers price: with users and no volume those that cost as much as the seats."""
    if question.users is None or question.knows_volume or len(credit_rates.pack_prices(prices, terms)) == 1:
        return None
    return break_even.seats_volume(Seats(question.users), prices, terms)


def _price_notes(question: Question, context: Context) -> list[Note]:
    """Return what a discount covers, and which size of order the contract's tiers are taken at."""
    notes = [Note("assumption", DISCOUNT_COVERS)] if question.discount else []
    if question.buying == "payg":
        return notes
    if question.users is None and not question.knows_volume:
        return [*notes, *from_question.single_pack_notes(question, context)]
    return [*notes, *from_question.tier_notes(question, context)]


def _crossing(price: ActionPrice, conversation: Usd) -> tuple[list[Figure], list[str]]:
    meet = break_even.crossing_actions(conversation, price.assumed)
    each, rate = number(price.credits, 6), usd_exact(price.assumed.count / price.credits)
    sums = [f"{each} credits × {rate} = {usd_exact(price.assumed.count)} per action"]
    sums.append(f"{usd(conversation.count)} ÷ {usd_exact(price.assumed.count)} = {number(meet)} actions per interaction")
    figures = [figure("actions_per_interaction", meet), figure("usd_per_action", price.assumed.count)]
    if not price.is_certain:
        ends = {"low": price.high, "high": price.low}
        figures += [
            figure(f"actions_per_interaction_{end}", break_even.crossing_actions(conversation, at)) for end, at in ends.items()
        ]
        sums.append(
            f"{usd(conversation.count)} ÷ {usd_exact(price.high.count)} … {usd_exact(price.low.count)} = "
            + " … ".join(number(f.value) for f in figures[2:] if isinstance(f.value, Decimal))
        )
    return figures, sums


def _interaction(each: Decimal, price: ActionPrice, conversation: Usd) -> tuple[list[Figure], list[str]]:
    flex = price.assumed * each
    below, premium = percent_below(flex, conversation), (conversation / flex - 1) * Decimal(100)
    figures = [
        figure("flex_usd_per_interaction", flex.count),
        figure("flex_percent_below_conversation", below),
        figure("conversation_premium_percent", premium),
    ]
    sums = [
        f"{number(each)} actions × {usd_exact(price.assumed.count)} = {usd_exact(flex.count)} per interaction",
        f"(1 − {usd_exact(flex.count)} ÷ {usd(conversation.count)}) × 100 = {percent(below)} below a conversation",
        f"({usd(conversation.count)} ÷ {usd_exact(flex.count)} − 1) × 100 = {percent(premium)} premium of a conversation",
    ]
    return figures, sums


def _seats(question: Question, seats: SeatBreakEven, price: ActionPrice) -> tuple[list[Figure], list[str]]:
    if question.users is None:
        return _one_seat(seats, price)
    each, users = seats.actions_per_user, seats.seats.count
    figures = [
        figure("seats_usd_per_month", seats.month.count),
        figure("seats_usd_per_year", seats.month.count * MONTHS_IN_YEAR),
        figure("actions_per_user_month", each.count),
        figure("actions_per_user_year", each.count * MONTHS_IN_YEAR),
        figure("actions_per_month", seats.actions.count),
        figure("actions_per_user_working_day", seats.actions_per_user_day(break_even.WORKING_DAYS)),
        figure("actions_per_user_calendar_day", seats.actions_per_user_day(break_even.CALENDAR_DAYS)),
        figure("conversations_per_user_month", seats.conversations_per_user.count),
        figure("conversations_per_month", seats.conversations_per_user.count * users),
    ]
    sums = [
        f"{number(users)} users × {usd(seats.seat.count)} = {usd(seats.month.count)} a month",
        f"{usd(seats.seat.count)} ÷ {usd_exact(price.assumed.count)} = {number(each.count)} actions per user and month",
        f"{number(each.count)} actions × {number(users)} users = {number(seats.actions.count)} actions a month",
        *_per_day(seats),
    ]
    return figures, sums


def _per_day(seats: SeatBreakEven) -> list[str]:
    days = ((break_even.WORKING_DAYS, "working"), (break_even.CALENDAR_DAYS, "calendar"))
    month = number(seats.actions_per_user.count)
    return [
        f"{month} × {MONTHS_IN_YEAR} ÷ {many} = {number(seats.actions_per_user_day(many))} per {name} day" for many, name in days
    ]


def _one_seat(seats: SeatBreakEven, price: ActionPrice) -> tuple[list[Figure], list[str]]:
    each = seats.actions_per_user
    figures = [
        figure("seat_usd_per_month", seats.seat.count),
        figure("actions_per_user_month", each.count),
        figure("actions_per_user_year", each.count * MONTHS_IN_YEAR),
        figure("actions_per_user_working_day", seats.actions_per_user_day(break_even.WORKING_DAYS)),
        figure("actions_per_user_calendar_day", seats.actions_per_user_day(break_even.CALENDAR_DAYS)),
        figure("conversations_per_user_month", seats.conversations_per_user.count),
    ]
    sums = [
        f"{usd(seats.seat.count)} ÷ {usd_exact(price.assumed.count)} = {number(each.count)} actions per user and month",
        *_per_day(seats),
    ]
    return figures, sums


def _both(question: Question, seats: SeatBreakEven, each: Decimal | None) -> tuple[list[Figure], list[str]]:
    if question.users is None:
        return [], []
    figures: list[Figure] = []
    sums: list[str] = []
    actions = seats.actions.count
    if each is not None:
        figures.append(figure("interactions_per_month_at_seats", actions / each))
        sums.append(f"{number(actions)} actions ÷ {number(each)} = {number(actions / each)} interactions a month {AS_SEATS}")
    if question.interactions:
        interactions = question.interactions.per_month
        figures.append(figure("actions_per_interaction_at_seats", actions / interactions))
        each_one = number(actions / interactions)
        sums.append(f"{number(actions)} actions ÷ {number(interactions)} interactions = {each_one} actions each {AS_SEATS}")
    return figures, sums


def _headline(
    question: Question, price: ActionPrice, conversation: Usd, each: Decimal | None, seats: SeatBreakEven | None
) -> str:
    if seats and question.plan:
        label = PLANS[question.plan].label
        at = f"{number(seats.actions_per_user.count)} actions per user and month"
        return f"A seat of {label} costs {usd(seats.seat.count)} a month; credits cost as much at {at}."
    if seats:
        return (
            f"{number(seats.seats.count)} seats cost {usd(seats.month.count)} a month; credits cost as much at "
            f"{number(seats.actions_per_user.count)} actions per user and month."
        )
    meet = break_even.crossing_actions(conversation, price.assumed)
    if each is None:
        between = "" if price.is_certain else f" ({number(conversation / price.high)} to {number(conversation / price.low)})"
        return f"Conversations and Flex Credits cost the same at {number(meet)} actions per interaction{between}."
    flex = price.assumed * each
    if flex == conversation:
        return f"At {number(each)} actions an interaction costs {usd(flex.count)} either way."
    word = "below" if flex < conversation else "above"
    gap = percent(abs(percent_below(flex, conversation)))
    return (
        f"{number(each)} actions cost {usd(flex.count)} in Flex Credits, {gap} {word} a {usd(conversation.count)} conversation."
    )


def _chart(price: ActionPrice, conversation: Usd) -> Chart:
    flex = tuple(price.assumed.count * actions for actions in CURVE)
    return Chart(
        key="per_interaction",
        title="Cost of an interaction by its actions",
        kind="line",
        x=tuple(str(actions) for actions in CURVE),
        series=(Series("Flex Credits", flex), Series("Conversation", (conversation.count,) * len(CURVE))),
        unit="usd",
    )


def _rows(question: Question, prices: Prices, terms: Terms) -> list[price_book.PriceRow]:
    items = ["conversation.usd", "flex.usd_per_pack", "flex.credits_per_pack", "action.production"]
    items += ["action.sandbox"] if question.sandbox_share else []
    items += ["voice.production"] if question.voice_share else []
    items += ["action.tokens"] if question.tokens else []
    items += [SEAT_ITEMS[question.plan]] if question.users is not None or question.plan else []
    items += ["edition.credits"] if question.plan in WITH_CREDITS else []
    items += from_question.buying_items(question, prices)
    return [prices.row(item) for item in items if item not in said_items(terms)]


def _claims(question: Question, each: Decimal | None) -> list[Note]:
    keys = ["42_per_working_day"] if question.users is not None and question.plan in {None, "per_user_add_on"} else []
    keys += ["2_to_4_actions_70_to_85"] if each is not None and each <= FEW_ACTIONS else []
    keys += ["10_actions_approach_2"] if each is not None and each >= MANY_ACTIONS else []
    keys += ["conversations_from_15"] if (each is None and question.users is None) or (each or 0) >= MANY_ACTIONS else []
    keys += ["sandbox_50_percent"] if question.sandbox_share else []
    keys += ["precommit_lower"] if question.buying == "precommit" else []
    return [from_question.disputed_claim_note(key) for key in keys]
