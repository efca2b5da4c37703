"""`users`: which employees use enough for a seat, and what each plan would have cost for exactly these people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.answer import (
    Answer,
    Column,
    Emphasis,
    Note,
    Table,
    amount,
    figure,
    group_digits,
    number,
    percent,
    usd,
    usd_exact,
    usd_short,
)
from core.days import DAYS_IN_YEAR, MONTHS_IN_YEAR
from core.errors import InputError
from core.language import Last
from core.pricing import (
    NO_CREDITS,
    Actions,
    Credits,
    Order,
    Seats,
    YearOfUse,
    cheapest_mix,
    cheapest_seat,
    flex_rate,
    offers_of_year,
    ways_to_buy,
)
from core.questions import from_question
from core.questions.pricing.compare import said_items
from core.wallet.usage import share_percent, slices
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.context import Context
    from core.language import Question
    from core.pricing import Offer, PriceRow, SeatMix, Terms, Usd, UsdPerCredit
    from core.wallet.usage import Scene

USUAL_SPAN = Last(28, "day")
USUAL_TOP = 20
USER_COLUMNS = (
    Column("user", "User", "text"),
    Column("actions_per_month", "Actions a month", "actions"),
    Column("credits_per_month", "Credits a month", "credits"),
    Column("usd_per_month", "In credits, a month", "usd"),
    Column("better", "Cheaper", "text"),
)
PLAN_COLUMNS = (
    Column("plan", "Plan", "text", is_detail=True),
    Column("label", "Plan", "text"),
    Column("usd_per_month", "Per month", "usd"),
    Column("usd_per_year", "Per year", "usd"),
)
BY_MONEY = "A seat is for everyone whose credits would cost more than it: actions, voice, prompts and sandboxes alike."
NOT_WITHIN_ONE_ORG = (
    "Seats for heavy users and credits for light ones are not offered within one org (pricing analysis, early 2026): "
    "their price is what it would save, not a plan."
)


@dataclass(frozen=True, slots=True)
class UserCosts:
    """The users of some days, biggest first, and how a year and a month of the same usage compares.

    seats: for how many of the biggest users a seat costs less than their usage; mixed: a year of those seats plus credits for the
    others.
    """

    rows: list[queries.UsageByUserRow]
    unnamed_credits: Decimal
    days: int
    seat: Usd
    rate: UsdPerCredit
    seats: int
    mixed: Usd

    def a_month(self, amount: Decimal) -> Decimal:
        """Return an amount of these days as that of an average month."""
        return _a_month(amount, self.days)

    @property
    def year(self) -> YearOfUse:
        """A year of the same usage by these users, in the actions and credits that they actually used."""
        actions, credits_used = _sum(self.rows, "actions"), _sum(self.rows, "credits")
        return YearOfUse(
            interactions=None,
            resolutions=None,
            actions=Actions(actions * DAYS_IN_YEAR / self.days),
            credits=Credits(credits_used * DAYS_IN_YEAR / self.days),
            seats=Seats(Decimal(len(self.rows))),
        )


def answer_users(question: Question, context: Context) -> Answer:
    """Return whose usage costs more than a seat, and each plan's cost for these people."""
    asked = question if question.span else question._replace(span=USUAL_SPAN)
    terms = from_question.terms(question, context)
    with slices.open_slice(asked, context) as opened:
        scene = replace(opened, days=opened.days.within(opened.extent.all_days))
        user = slices.user_of(asked, scene.part, context, scene.session)
        people = _people(scene, context, terms, user)
    offered, _ = offers_of_year(people.year, "employees", context.prices, terms)
    shown = people.rows[: int(question.top) if question.top else USUAL_TOP]
    best, seats = offered[0], people.seats
    return Answer(
        question=context.canonical_question(question),
        title="Users",
        headline=f"{group_digits(seats)} of {group_digits(len(people.rows))} users use more than a seat costs, "
        f"{usd_short(people.seat.count)} a month"
        f"; cheapest for them: {best.plan.label}, {usd_short(best.usd_per_month)} a month.",
        as_of=context.as_of,
        figures=(
            figure("users", Decimal(len(people.rows))),
            figure("users_past_break_even", Decimal(seats)),
            figure("users_below_break_even", Decimal(len(people.rows) - seats)),
            figure("actions_per_user_month", _seat_actions(people, context)),
            figure("actions", _sum(people.rows, "actions")),
            figure("used_credits", _sum(people.rows, "credits")),
            figure("mixed_usd_per_year", min(people.mixed, best.cost.assumed).count),
            figure("first_day", scene.days.first_day),
            figure("last_day", scene.days.last_day),
        ),
        tables=(
            Table(
                "plans", "A year of these people's use under each plan", PLAN_COLUMNS, tuple(_plan_row(one) for one in offered)
            ),
            Table(
                "users",
                f"Users, {scene.days}, as a month",
                USER_COLUMNS,
                tuple(_user_row(row, people, is_seat=place < seats) for place, row in enumerate(shown)),
            ),
        ),
        arithmetic=tuple(_sums(people, context)),
        notes=tuple(_notes(asked, people, scene, len(shown), context)),
        sources=(*from_question.sources(_price_rows(context, terms)), *slices.query_source("usage_by_user")),
        emphasis=Emphasis((), "plans", ("label", "usd_per_month", "usd_per_year")),
    )


def _people(scene: Scene, context: Context, terms: Terms, user: str | None) -> UserCosts:
    filters = scene.between("environment", "org", "agent", "department")
    found = scene.session.rows(queries.UsageByUserRow, before_first_day=scene.days.first_day, **filters)
    rows = [row for row in found if row.name and user in {None, row.name}]
    if not rows and user is not None:
        raise InputError(f'No event from {scene.days} names {user}. Ask about other days with: users last 90 days user "{user}".')
    if not rows:
        raise InputError(
            f"No event from {scene.days} names a user; only employee agents do. Ask about other days with: users last 90 days."
        )
    days, prices = scene.days.days, context.prices
    seat = cheapest_seat("employees", prices, terms)
    mix = _mix(rows, days, seat, context, terms)
    return UserCosts(
        rows=rows,
        unnamed_credits=_sum([row for row in found if not row.name and user is None], "credits"),
        days=days,
        seat=seat,
        rate=flex_rate(prices, terms, Credits(_sum(rows, "credits") * DAYS_IN_YEAR / days)),
        seats=mix.seats,
        mixed=mix.cost / days,
    )


def _mix(rows: list[queries.UsageByUserRow], days: int, seat: Usd, context: Context, terms: Terms) -> SeatMix:
    """Return the cheapest mix over as many years as there are days, so that no division loses a digit."""
    used = [Credits(row.credits * DAYS_IN_YEAR) for row in rows]
    ways = [Order(way.credits * days, way.rate) for way in ways_to_buy(context.prices, terms)]
    return cheapest_mix(used, seat * MONTHS_IN_YEAR * days, ways)


def _a_month(amount: Decimal, days: int) -> Decimal:
    return amount * DAYS_IN_YEAR / (days * MONTHS_IN_YEAR)


def _seat_actions(people: UserCosts, context: Context) -> Decimal:
    """Return the number of standard actions in production whose credits cost as much as a seat."""
    return people.seat.count / (people.rate.usd * context.prices.value("action.production"))


def _plan_row(offer: Offer) -> tuple[Any, ...]:
    return (offer.plan.key, offer.plan.label, offer.usd_per_month, offer.usd_per_year)


def _user_row(row: queries.UsageByUserRow, people: UserCosts, *, is_seat: bool) -> tuple[Any, ...]:
    credits_used = people.a_month(row.credits)
    cost = Credits(credits_used).at(people.rate).count
    return (row.name, people.a_month(row.actions), credits_used, cost, "seat" if is_seat else "credits")


def _sums(people: UserCosts, context: Context) -> list[str]:
    seat, rate = people.seat.count, people.rate.usd
    each, actions = context.prices.value("action.production"), _seat_actions(people, context)
    used, year = _sum(people.rows, "credits"), people.year.credits or NO_CREDITS
    seats = seat * MONTHS_IN_YEAR * len(people.rows)
    return [
        f"{usd(seat)} a seat ÷ {usd_exact(rate)} = {number(seat / rate)} credits, {number(actions)} actions of {number(each)}",
        f"{number(used)} credits ÷ {people.days} days × {DAYS_IN_YEAR} = {number(year.count)} credits a year",
        f"{number(year.count)} credits × {usd_exact(rate)} = {usd(year.at(people.rate).count)} a year in Flex Credits",
        f"{len(people.rows)} users × {usd(seat)} × {MONTHS_IN_YEAR} = {usd(seats)} a year in seats",
        f"{amount(Decimal(people.seats), 'seats')} and credits for the others = {usd(people.mixed.count)} a year",
    ]


def _price_rows(context: Context, terms: Terms) -> list[PriceRow]:
    items = ("flex.usd_per_pack", "action.production", "add_on.usd")
    return [context.prices.row(item) for item in items if context.prices.has(item) and item not in said_items(terms)]


def _notes(asked: Question, people: UserCosts, scene: Scene, shown: int, context: Context) -> list[Note]:
    notes = [Note("assumption", f"{people.days} days stand for every month of a year: {scene.days}.")]
    everything = _sum(people.rows, "credits") + people.unnamed_credits
    share = share_percent(_sum(people.rows, "credits"), everything)
    if share is not None and people.unnamed_credits:
        text = f"Only use that names a user is counted, {percent(share)} of all credits; that of customers names none."
        notes.append(Note("assumption", text))
    notes += [Note("assumption", BY_MONEY), Note("assumption", NOT_WITHIN_ONE_ORG), *from_question.tier_notes(asked, context)]
    if shown < len(people.rows):
        notes.append(Note("assumption", f"The {shown} biggest of {len(people.rows)} users are shown; the figures are of all."))
    return [*notes, *scene.notes(asked)]


def _sum(rows: Sequence[object], column: str) -> Decimal:
    return sum((getattr(row, column) for row in rows), Decimal(0))
