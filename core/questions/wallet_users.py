"""`users`: which employees use enough for a seat, and what each plan would have cost for exactly these people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core import plans, rates
from core.answer import Answer, Column, Note, Table
from core.break_even import action_price, seat_break_even
from core.display import number, percent, usd
from core.errors import InputError
from core.figures import figure
from core.plans import PLANS, Case, usd_per_seat
from core.price_book import NoPriceError
from core.quantities import Actions, Credits, Seats
from core.questions import reading as price_reading
from core.questions import wallet_reading as reading
from core.questions.question import Last
from core.wallet.usage_figures import share_percent
from core.workload import MONTHS, Workload, YearOfUse

if TYPE_CHECKING:
    from core.plans import Plan
    from core.price_book import PriceRow
    from core.questions.context import Context
    from core.questions.question import Question
    from core.questions.wallet_reading import Scene
    from core.rates import Terms

NOTHING = Decimal(0)
DAYS_IN_YEAR = 365
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
NOT_WITHIN_ONE_ORG = (
    "Seats for heavy users and credits for light ones are not offered within one org (pricing analysis, early 2026): "
    "their price is what it would save, not a plan."
)


@dataclass(frozen=True, slots=True)
class People:
    """The users of some days, biggest first, and how a year and a month of the same use compares."""

    rows: list[dict[str, Any]]
    unnamed_credits: Decimal
    days: int
    seat_actions: Decimal

    def a_month(self, amount: Decimal) -> Decimal:
        """Return an amount of these days as that of an average month."""
        return amount * DAYS_IN_YEAR / (self.days * MONTHS)

    @property
    def past(self) -> list[dict[str, Any]]:
        """Users with more actions a month than a seat is worth."""
        return [row for row in self.rows if self.a_month(row["actions"]) > self.seat_actions]

    def year(self, rows: list[dict[str, Any]]) -> YearOfUse:
        """Return a year of the same use by these users, in the actions and credits that they really used."""
        actions, credits_used = _sum(rows, "actions"), _sum(rows, "credits")
        scale = Decimal(DAYS_IN_YEAR) / self.days
        return YearOfUse(None, None, Actions(actions * scale), Credits(credits_used * scale), Seats(Decimal(len(rows))))


def users(question: Question, context: Context) -> Answer:
    """Return who passes the break-even of a seat, and each plan's cost for these people."""
    asked = question if question.span else question._replace(span=USUAL_SPAN)
    terms = price_reading.terms(question)
    with reading.scene(asked, context) as opened:
        scene = replace(opened, days=opened.days.within(opened.extent.known))
        people = _people(scene, context, terms)
    costs = _costs(people, context, terms)
    past = len(people.past)
    shown = people.rows[: int(question.top) if question.top else USUAL_TOP]
    return Answer(
        question=context.asked(question),
        title="Users",
        headline=f"{past:,} of {len(people.rows):,} users pass the break-even of {number(people.seat_actions)} actions a month"
        f"; cheapest for them: {costs[0][1]}, {usd(costs[0][2])} a month.",
        as_of=context.as_of,
        figures=(
            figure("users", Decimal(len(people.rows))),
            figure("users_past_break_even", Decimal(past)),
            figure("users_below_break_even", Decimal(len(people.rows) - past)),
            figure("actions_per_user_month", people.seat_actions),
            figure("actions", _sum(people.rows, "actions")),
            figure("used_credits", _sum(people.rows, "credits")),
            figure("mixed_usd_per_year", _mixed(people, context, terms)),
            figure("first_day", scene.days.first_day),
            figure("last_day", scene.days.last_day),
        ),
        tables=(
            Table("plans", "A year of these people's use under each plan", PLAN_COLUMNS, tuple(costs)),
            Table(
                "users",
                f"Users, {scene.days}, as a month",
                USER_COLUMNS,
                tuple(_user_row(row, people, context, terms) for row in shown),
            ),
        ),
        arithmetic=tuple(_sums(people, context, terms)),
        notes=tuple(_notes(asked, people, scene, len(shown))),
        sources=(*price_reading.sources(_price_rows(context)), *reading.query_source("usage_by_user")),
    )


def _people(scene: Scene, context: Context, terms: Terms) -> People:
    filters = scene.between("environment", "org", "agent", "department")
    found = scene.session.query("usage_by_user", before_first_day=scene.days.first_day, **filters)
    rows = [row for row in found if row["name"] and row["actions"] > 0]
    if not rows:
        raise InputError(
            f"No event of {scene.days} names a user; only employee agents do. Ask about other days with: users last 90 days."
        )
    action = action_price(Workload(), context.prices, terms).assumed
    seat = seat_break_even(Seats(Decimal(1)), action, context.prices, terms)
    unnamed = _sum([row for row in found if not row["name"]], "credits")
    return People(rows, unnamed, scene.days.days, seat.actions_per_user.count)


def _costs(people: People, context: Context, terms: Terms) -> list[tuple[str, str, Decimal, Decimal]]:
    """Return key, label, month and year of each plan that employees may have, cheapest first."""
    use = people.year(people.rows)
    case = Case(use, use, context.prices, terms)
    costs = []
    for plan in PLANS.values():
        if plan.audience != "customers" and "interactions" not in plan.needs:
            costs += _cost(plan, case)
    return sorted(costs, key=lambda cost: (cost[3], cost[0]))


def _cost(plan: Plan, case: Case) -> list[tuple[str, str, Decimal, Decimal]]:
    try:
        year = plan.year(case).assumed.count
    except NoPriceError:
        return []
    return [(plan.key, plan.label, year / MONTHS, year)]


def _mixed(people: People, context: Context, terms: Terms) -> Decimal:
    """Return a year of seats for those past the break-even and credits for the others."""
    below = [row for row in people.rows if row not in people.past]
    seats = usd_per_seat("add_on.usd", context.prices, terms) * MONTHS * len(people.past)
    return seats + _in_credits(people.year(below), context, terms)


def _in_credits(use: YearOfUse, context: Context, terms: Terms) -> Decimal:
    return (use.credits or plans.NO_CREDITS).at(rates.flex_rate(context.prices, terms)).count


def _user_row(row: dict[str, Any], people: People, context: Context, terms: Terms) -> tuple[Any, ...]:
    credits_used = people.a_month(row["credits"])
    cost = Credits(credits_used).at(rates.flex_rate(context.prices, terms)).count
    better = "seat" if people.a_month(row["actions"]) > people.seat_actions else "credits"
    return (row["name"], people.a_month(row["actions"]), credits_used, cost, better)


def _sums(people: People, context: Context, terms: Terms) -> list[str]:
    seat = usd_per_seat("add_on.usd", context.prices, terms)
    action = action_price(Workload(), context.prices, terms).assumed.count
    used, rate = _sum(people.rows, "credits"), rates.flex_rate(context.prices, terms).usd
    year = people.year(people.rows).credits or plans.NO_CREDITS
    return [
        f"{usd(seat)} a seat ÷ {usd(action)} an action = {number(people.seat_actions)} actions a month",
        f"{number(used)} credits ÷ {people.days} days × {DAYS_IN_YEAR} = {number(year.count)} credits a year",
        f"{number(year.count)} credits × {usd(rate)} = {usd(year.count * rate)} a year in Flex Credits",
        f"{len(people.rows)} users × {usd(seat)} × {MONTHS} = {usd(seat * MONTHS * len(people.rows))} a year in seats",
    ]


def _price_rows(context: Context) -> list[PriceRow]:
    items = ("flex.usd_per_pack", "action.production", "add_on.usd")
    return [context.prices.row(item) for item in items]


def _notes(asked: Question, people: People, scene: Scene, shown: int) -> list[Note]:
    notes = [Note("assumption", f"{people.days} days stand for every month of a year: {scene.days}.")]
    everything = _sum(people.rows, "credits") + people.unnamed_credits
    share = share_percent(_sum(people.rows, "credits"), everything)
    if share is not None and people.unnamed_credits:
        text = f"Only use that names a user is counted, {percent(share)} of all credits; that of customers names none."
        notes.append(Note("assumption", text))
    notes.append(Note("assumption", NOT_WITHIN_ONE_ORG))
    if shown < len(people.rows):
        notes.append(Note("assumption", f"The {shown} biggest of {len(people.rows)} users are shown; the figures are of all."))
    return [*notes, *scene.notes(asked)]


def _sum(rows: list[dict[str, Any]], column: str) -> Decimal:
    return sum((row[column] for row in rows), NOTHING)
