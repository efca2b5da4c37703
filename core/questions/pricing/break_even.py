"""`breakeven`: the volume at which plans cost the same."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import (
    Answer,
    Chart,
    Emphasis,
    Fact,
    Note,
    Series,
    credits_short,
    figure,
    number,
    percent,
    percent_short,
    usd,
    usd_exact,
    usd_short,
)
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
    from collections.abc import Iterator, Mapping

    from core.answer import Figure
    from core.context import Context
    from core.language import Question
    from core.pricing import ActionPrice, Credits, Prices, SeatBreakEven, Terms, Workload

DISCOUNT_COVERS = (
    "The discount is off Flex Credits, which a commitment earns; seats and conversations are at their full price. "
    "For seats at a price of your own add `$100 per seat`."
)
FEW_ACTIONS, CLAIMS_FROM_ACTIONS = 6, 10
AS_SEATS = "cost as much as the seats"
SEAT_ITEMS: Mapping[str | None, str] = {
    None: "add_on.usd",
    **{key: plan.seat_item for key, plan in PLANS.items() if plan.seat_item},
}
WITH_CREDITS = {key for key, plan in PLANS.items() if plan.includes_credits}
NEVER_BELOW_CREDITS = (
    "The User Licence is metered: it costs {price} a month beside the credits that its user's actions burn, so it meets the "
    "price of an unmetered seat, never that of credits alone."
)
CURVE, SEAT_CURVE_STEPS = (5, 10, 15, 20, 25, 30), 5


def answer(question: Question, context: Context) -> Answer:
    """Return where conversations, credits and, with users, seats cost the same; if nothing is named, where the wallet is."""
    filled, notes = _from_wallet(question, context)
    answered = _answer(filled, context)
    figures = () if filled is question else _own(filled)
    facts = (*(answered.emphasis.facts or ()), *_own_facts(figures))
    return replace(
        answered,
        question=context.canonical_question(question),
        figures=(*answered.figures, *figures),
        notes=(*notes, *answered.notes),
        emphasis=answered.emphasis._replace(facts=facts),
    )


def _own_facts(figures: tuple[Figure, ...]) -> list[Fact]:
    """Return the wallet's own position, to compare with the break-even."""
    values = {one.key: number(one.value) for one in figures if isinstance(one.value, Decimal)}
    if not values:
        return []
    each = values.get("own_actions_per_user_month")
    return [Fact("You", f"{values['own_actions_per_month']} actions a month{f', {each} per user' if each else ''}")]


def _own(filled: Question) -> tuple[Figure, ...]:
    """Return the wallet's own position: actions a month, and per user."""
    actions = from_question.workload(filled).actions
    if actions is None:
        return ()
    found = (figure("own_actions_per_month", actions.count),)
    return found if filled.users is None else (*found, figure("own_actions_per_user_month", actions.count / filled.users))


def _from_wallet(question: Question, context: Context) -> tuple[Question, list[Note]]:
    """Return the question with the wallet's volume and users, if it names none and there is a wallet."""
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
        _volume_cost(seats, load, price) if seats else ([], []),
    ):
        figures, sums = figures + more_figures, sums + more_sums
    rows = _rows(question, prices, terms)
    return Answer(
        question=context.canonical_question(question),
        title="Break-even",
        headline=_headline(question, price, conversation, each, seats, load),
        as_of=context.as_of,
        figures=tuple(figures),
        charts=(_seat_chart(question, seats, price) if seats else _chart(price, conversation),),
        arithmetic=tuple(sums),
        notes=(
            *_price_notes(question, context),
            *_edition_notes(question, prices, price),
            *from_question.assumptions(rows),
            *_claims(question, each),
        ),
        sources=from_question.sources(rows),
        emphasis=Emphasis(facts=tuple(_facts(question, price, conversation, each, seats))),
    )


def _facts(
    question: Question, price: ActionPrice, conversation: Usd, each: Decimal | None, seats: SeatBreakEven | None
) -> Iterator[Fact]:
    """Yield the figures that the sentence rests on, at most five."""
    if seats and question.users is not None:
        users, actions = seats.seats.count, seats.actions.count
        year = usd_short(seats.month.count * MONTHS_IN_YEAR)
        yield Fact(
            f"{number(users)} {'seat' if users == 1 else 'seats'}", f"{usd_short(seats.month.count)} a month, {year} a year"
        )
        burnt = credits_short(actions * price.credits)
        yield Fact("Same money in credits", f"{number(actions)} actions a month ({burnt} credits)")
        per_day = number(seats.actions_per_user_day(break_even.WORKING_DAYS))
        if each is None and not question.interactions:
            yield Fact("Per user and working day", f"{per_day} actions")
        if each is not None:
            yield Fact(f"At {number(each)} actions each", f"break-even at {number(actions / each)} interactions a month")
        if question.interactions:
            interactions = question.interactions.per_month
            yield Fact(f"Of {number(interactions)} interactions", f"break-even at {number(actions / interactions)} actions each")
        return
    if seats:
        yield Fact("One seat", f"{usd_short(seats.seat.count)} a month")
    yield Fact("One action", f"{usd(price.assumed.count)} ({number(price.credits, 6)} credits)")
    yield Fact("One conversation", usd(conversation.count))
    if each is not None:
        yield Fact("Break-even", f"{number(break_even.crossing_actions(conversation, price.assumed))} actions per interaction")


def _seat_break_even(question: Question, price: ActionPrice, prices: Prices, terms: Terms) -> SeatBreakEven | None:
    """Return the break-even of the requested seats, or of one seat if a plan is named without users."""
    if question.users is None and question.plan is None:
        return None
    count = Decimal(1) if question.users is None else question.users
    return break_even.seat_break_even(Seats(count), price.assumed, prices, terms, SEAT_ITEMS[question.plan])


def _edition_notes(question: Question, prices: Prices, price: ActionPrice) -> list[Note]:
    """Return what else an edition's seat includes, which the users' break-even leaves out."""
    if question.plan not in WITH_CREDITS:
        return []
    included = prices.value("edition.credits")
    worth = included / price.credits * price.assumed.count
    text = f"The edition also includes {number(included)} credits a year for the org, {usd(worth)} at this price of an action"
    return [Note("assumption", f"{text}; the break-even leaves them out.")]


def _of_user_license(question: Question, context: Context, price: ActionPrice) -> Answer:
    """Return where the User Licence with its credits costs as much as the Agentforce Add-on: only the licence is metered."""
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
        headline=(
            f"A User Licence ({usd_short(licence.count)} a month, and its credits) costs less than the Add-on "
            f"({usd_short(add_on.count)}) below {number(each)} actions per user and month."
        ),
        as_of=context.as_of,
        figures=tuple(figures),
        arithmetic=tuple(sums),
        notes=(Note("assumption", NEVER_BELOW_CREDITS.format(price=usd(licence.count))), *from_question.assumptions(rows)),
        sources=from_question.sources(rows),
        emphasis=Emphasis(
            facts=(
                Fact("User Licence", f"{usd_short(licence.count)} a month, beside credits at {rate} an action"),
                Fact("Agentforce Add-on", f"{usd_short(add_on.count)} a month, its user's actions unmetered"),
            )
        ),
    )


def _volume(question: Question, prices: Prices, terms: Terms) -> Credits | None:
    """Return the credits that set the contract's tier: with users but no volume, those that cost as much as the seats."""
    if question.users is None or question.knows_volume or len(credit_rates.pack_prices(prices, terms)) == 1:
        return None
    return break_even.seats_volume(Seats(question.users), prices, terms)


def _price_notes(question: Question, context: Context) -> list[Note]:
    """Return what a discount covers, and the order size at which the contract's tiers are applied."""
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
        figure("credits_per_month", seats.actions.count * price.credits),
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


def _headline(  # noqa: PLR0913, PLR0917 - what a break-even may be of
    question: Question,
    price: ActionPrice,
    conversation: Usd,
    each: Decimal | None,
    seats: SeatBreakEven | None,
    load: Workload,
) -> str:
    if seats:
        return _choice(seats, load, price) if load.actions else _seat_headline(question, seats)
    meet = break_even.crossing_actions(conversation, price.assumed)
    if each is None:
        between = "" if price.is_certain else f" ({number(conversation / price.high)} to {number(conversation / price.low)})"
        return (
            f"An interaction costs {usd(conversation.count)} either way at {number(meet)} actions{between}: "
            "below buy Flex Credits, above conversations."
        )
    flex = price.assumed * each
    if flex == conversation:
        return f"At {number(each)} actions an interaction costs {usd(flex.count)} either way."
    word, choice = ("below", "Flex Credits") if flex < conversation else ("above", "conversations")
    gap = percent_short(abs(percent_below(flex, conversation)))
    costs = f"{number(each)} actions cost {usd(flex.count)} in Flex Credits, {gap} {word} a conversation"
    return f"Buy {choice}: {costs} ({usd(conversation.count)})."


def _choice(seats: SeatBreakEven, load: Workload, price: ActionPrice) -> str:
    """Return what to buy for a known volume."""
    flex, count = _flex_month(load, price), seats.seats.count
    less = usd_short(abs((seats.month - flex).count))
    of = "1 seat" if count == 1 else f"{number(count)} seats"
    used = f"{number(load.actions.count)} actions"  # type: ignore[union-attr]  # as above
    above = f"seats pay off above {number(seats.actions_per_user.count)} per user"
    if flex == seats.month:
        return f"{of} and Flex Credits for {used} cost the same, {usd_short(flex.count)} a month."
    if flex < seats.month:
        return f"Buy Flex Credits: {usd_short(flex.count)} a month for {used}, {less} less than {of}; {above}."
    return f"Buy {of}: {usd_short(seats.month.count)} a month, {less} less than Flex Credits for {used}; {above}."


def _flex_month(load: Workload, price: ActionPrice) -> Usd:
    return price.assumed * (load.actions.count if load.actions else Decimal(0))


def _volume_cost(seats: SeatBreakEven, load: Workload, price: ActionPrice) -> tuple[list[Figure], list[str]]:
    """Return what a known volume costs in credits, beside the seats."""
    if not load.actions:
        return [], []
    flex = _flex_month(load, price)
    more, less = sorted((seats.month.count, flex.count), reverse=True)
    return [figure("flex_usd_per_month", flex.count)], [
        f"{number(load.actions.count)} actions × {usd_exact(price.assumed.count)} = {usd(flex.count)} a month in Flex Credits",
        f"{usd(more)} − {usd(less)} = {usd(more - less)} a month between seats and Flex Credits",
    ]


def _seat_headline(question: Question, seats: SeatBreakEven) -> str:
    """Return the number of actions from which a seat pays off; never rounded to whole actions: a mean may lie in between."""
    above = f"above {number(seats.actions_per_user.count)} actions per user and month"
    plan = PLANS[question.plan].label if question.plan else ""
    if question.users is None:
        return f"A seat of {plan} at {usd_short(seats.seat.count)} a month pays off {above}; below, Flex Credits cost less."
    users = f"{number(seats.seats.count)} {'seat' if seats.seats.count == 1 else 'seats'}{f' of {plan}' if plan else ''}"
    costs, pays = ("costs", "pays") if seats.seats.count == 1 else ("cost", "pay")
    return f"{users} {costs} {usd_short(seats.month.count)} a month and {pays} off {above}; below, Flex Credits cost less."


def _seat_chart(question: Question, seats: SeatBreakEven, price: ActionPrice) -> Chart:
    """Return seats against credits for these users: from a fifth of the break-even to a fifth above it."""
    users, each = seats.seats.count, seats.actions_per_user.count
    marks = tuple(each * step / SEAT_CURVE_STEPS for step in range(1, SEAT_CURVE_STEPS + 2))
    label = "1 seat" if users == 1 else f"{number(users)} seats"
    whose = "One user" if users == 1 or question.users is None else f"{number(users)} users"
    return Chart(
        key="seats",
        title=f"{whose}: cost a month by actions each",
        kind="line",
        x=tuple(number(mark) for mark in marks),
        series=(
            Series("Flex Credits", tuple(price.assumed.count * mark * users for mark in marks)),
            Series(label, (seats.month.count,) * len(marks)),
        ),
        unit="usd",
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
    keys += ["10_actions_approach_2"] if each is not None and each >= CLAIMS_FROM_ACTIONS else []
    keys += ["conversations_from_15"] if (each is None and question.users is None) or (each or 0) >= CLAIMS_FROM_ACTIONS else []
    keys += ["sandbox_50_percent"] if question.sandbox_share else []
    keys += ["precommit_lower"] if question.buying == "precommit" else []
    return [from_question.disputed_claim_note(key) for key in keys]
