"""`simulate`: a help desk's export as a deployment under every plan, before any agent exists."""

from __future__ import annotations

import calendar
from collections import Counter
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from core.answer import Answer, Chart, Column, Emphasis, Note, Series, Table, figure, group_digits, number, percent, usd_short
from core.errors import ExportError, InputError
from core.language import Question
from core.pricing import Seats, offers_of_year, use_cases, year_usd
from core.questions import from_question
from core.records import NamedTuple
from core.tickets import MONTHS, UNMATCHED, Handled, season, sort_tickets, tickets_in, years_of_use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.answer import Figure, Value
    from core.config import TicketRule, TicketSettings
    from core.context import Context
    from core.pricing import Audience, Offer, Plan, PriceRow, Usd, YearOfUse
    from core.tickets import BadRow, ClassifiedTickets, Season, Ticket

TWO = Decimal(2)
MIN_A_MONTH = 30  # below it chance alone moves a month by a fifth or more: 1 / √30 = 18%
CHANCE = Decimal(3)
RULE_COLUMNS = (
    Column("use_case", "Use case", "text"),
    Column("tickets", "Tickets", "count"),
    Column("percent", "Of all", "percent"),
    Column("automation_percent", "To agents", "percent"),
    Column("actions", "Actions each", "text"),
    Column("examples", "For example", "text"),
    Column("words", "Classified as", "text", is_detail=True),
)
PLAN_COLUMNS = (
    Column("plan", "Plan", "text", is_detail=True),
    Column("label", "Plan", "text"),
    Column("usd_per_year", "Per year", "usd"),
    Column("usd_per_year_low", "At least", "usd"),
    Column("usd_per_year_high", "At most", "usd"),
)
MONTH_COLUMNS = (
    Column("month", "Month", "text"),
    Column("tickets", "Tickets", "count"),
    Column("interactions", "To agents", "interactions"),
    Column("is_observed", "In the export", "text"),
)
BAD_ROW_COLUMNS = (Column("line", "Line", "count"), Column("reason", "Why it is left out", "text"))
RANGE = "At least and at most take the low and high ends of automation and of actions per use case together."
STAY_WITH_PEOPLE = "Tickets that no rule takes stay with people and cost nothing here; add rules in app.yaml (tickets.rules)."


class Assumed(NamedTuple):
    """The assumptions beside the file: percent of tickets to agents, discount as a fraction, users, audience."""

    automation: Decimal | None = None
    discount: Decimal = Decimal(0)
    users: int | None = None
    audience: Audience | None = None


class Deployment(NamedTuple):
    """The sorted tickets, and the year of agents' work that follows from them: low, usual, high."""

    name: str
    layout: str
    sorted: ClassifiedTickets
    rules: tuple[TicketRule, ...]
    season: Season
    handled: list[Handled]
    years: tuple[YearOfUse, YearOfUse, YearOfUse]


class Priced(NamedTuple):
    """A plan with the year's cost at the usual, low and high ends."""

    offer: Offer
    low: Usd
    high: Usd


def answer_simulate(path: Path, assumed: Assumed, context: Context) -> Answer:
    """Return what a deployment for these tickets costs under every plan.

    Raises: ExportError, if the file has no tickets that can be read and sorted.
    """
    settings = _settings(context.config.tickets, assumed)
    found = _deployment(path, settings, assumed, context)
    priced = _price_deployment(found, assumed, context)
    rows = _price_rows(priced, context)
    return Answer(
        question=f"simulate {found.name}",
        title="Deployment, from tickets",
        headline=_headline(found, priced),
        as_of=context.as_of,
        figures=tuple(_figures(found, priced)),
        tables=tuple(table for table in _tables(found, priced) if table.rows),
        charts=(_chart(found.season),),
        arithmetic=tuple(_sums(found, priced)),
        notes=(
            *_notes(found, settings),
            *from_question.tier_notes(Question("simulate"), context),
            *from_question.assumptions(rows),
        ),
        sources=tuple(dict.fromkeys((*from_question.sources(rows), *(case.source for case in use_cases())))),
        emphasis=Emphasis((), "plans", ("label", "usd_per_year", "usd_per_year_low", "usd_per_year_high")),
    )


def _settings(settings: TicketSettings, assumed: Assumed) -> TicketSettings:
    if assumed.automation is None:
        return settings
    said = assumed.automation
    rules = tuple(rule._replace(automation=said) for rule in settings.sorting_rules)
    return settings._replace(automation=said, automation_low=said, automation_high=said, rules=rules)


def _deployment(path: Path, settings: TicketSettings, assumed: Assumed, context: Context) -> Deployment:
    rules = settings.sorting_rules
    layouts: list[str] = []
    with TemporaryDirectory() as spool:
        found = sort_tickets(_all(path, Path(spool), settings, context, layouts), rules, settings.date_order)
    if not found.tickets:
        raise ExportError(f"{path.name} holds no ticket that can be counted{_first_reason(found)}.")
    days: Counter[object] = Counter()
    for counted in found.by_day.values():
        days.update(counted)
    year = season(days)  # type: ignore[arg-type]  # the days of all rules together
    observed = _measure_actions(rules, context)
    handled = [
        _handle_rule(rule, place, found, settings, observed) for place, rule in enumerate(rules) if found.count_of_rule(place)
    ]
    seats = Seats(Decimal(assumed.users)) if assumed.users else None
    years = years_of_use(handled, year.tickets / found.tickets, context.prices, seats)
    return Deployment(path.name, ", ".join(dict.fromkeys(layouts)), found, rules, year, handled, years)


def _all(path: Path, spool: Path, settings: TicketSettings, context: Context, layouts: list[str]) -> Iterator[Ticket | BadRow]:
    for layout, tickets in tickets_in(path, spool, settings.columns, context.config.wallet.max_expanded_bytes):
        layouts.append(layout.name)
        yield from tickets


def _first_reason(found: ClassifiedTickets) -> str:
    return f" (line {found.bad_rows[0].line}: {found.bad_rows[0].reason})" if found.bad_rows else ""


def _measure_actions(rules: tuple[TicketRule, ...], context: Context) -> dict[str, Decimal]:
    """Return actions per interaction of the agents that rules name. Raises: InputError, for one that the wallet does not know."""
    agents = [rule.agent for rule in rules if rule.agent]
    if not agents:
        return {}
    from core.questions.asking import ask  # noqa: PLC0415 - only rules that name an agent need the wallet

    rows = ask("actions", context).table("agents").rows
    known = {str(row[0]): Decimal(str(row[3])) for row in rows}
    for agent in agents:
        if agent not in known:
            raise InputError(
                f"tickets.rules names agent {agent}, whose actions the wallet does not know. It knows: {', '.join(known)}."
            )
    return known


def _handle_rule(
    rule: TicketRule, place: int, found: ClassifiedTickets, settings: TicketSettings, observed: dict[str, Decimal]
) -> Handled:
    case = next((one for one in use_cases() if one.key == rule.use_case), None)
    said = rule.automation
    shares = (said, said, said) if said is not None else (settings.automation_low, settings.automation, settings.automation_high)
    label = case.label if case else rule.use_case
    return Handled(rule.use_case, label, found.count_of_rule(place), shares, *_actions(rule, case, observed))


def _actions(rule: TicketRule, case: object, observed: dict[str, Decimal]) -> tuple[tuple[Decimal, Decimal, Decimal], str]:
    if rule.agent:
        return (observed[rule.agent],) * 3, f"agent {rule.agent} in the wallet"
    if rule.actions is not None:
        return (rule.actions,) * 3, "app.yaml"
    low, high = Decimal(case.actions_low), Decimal(case.actions_high)  # type: ignore[attr-defined]  # the settings hold that there is one
    return (low, (low + high) / TWO, high), "use-case table"


def _price_deployment(found: Deployment, assumed: Assumed, context: Context) -> list[Priced]:
    terms, prices = from_question.terms(Question("simulate"), context)._replace(discount=assumed.discount), context.prices
    low, usual, high = found.years
    if not usual.interactions:
        raise InputError(
            f"No rule takes any of the {group_digits(found.sorted.tickets)} tickets, so there is nothing to price. "
            f"{STAY_WITH_PEOPLE}"
        )
    offered, _ = offers_of_year(usual, assumed.audience, prices, terms)

    def cost(plan: Plan, year: YearOfUse) -> Usd:
        return year_usd(plan, year, year, prices, terms, assumed.audience)

    return [Priced(offer, cost(offer.plan, low), cost(offer.plan, high)) for offer in offered]


def _headline(found: Deployment, priced: list[Priced]) -> str:
    best = priced[0]
    peak = f"; the peak is {calendar.month_name[found.season.peak]}" if _stands_out(found) else ""
    short = "" if _knows_months(found) or _stands_out(found) else "Too few tickets for a claim about months. "
    low, high = usd_short(best.low.count), usd_short(best.high.count)
    return (
        f"{short}{best.offer.plan.label}: {usd_short(best.offer.usd_per_year)} a year ({low} to {high})"
        f" for {number(found.season.tickets, 0)} tickets{peak}."
    )


def _knows_months(found: Deployment) -> bool:
    """Whether the export shows how months differ: all twelve, each with enough tickets on average."""
    return len(found.season.covered) == len(MONTHS) and found.sorted.tickets >= MIN_A_MONTH * len(MONTHS)


def _stands_out(found: Deployment) -> bool:
    """Whether the busiest month is above what chance gives the highest of twelve equal months: three standard deviations."""
    if len(found.season.covered) < len(MONTHS):
        return False
    counted = Decimal(found.sorted.tickets) / found.season.tickets
    usual = found.season.tickets * counted / len(MONTHS)
    most = found.season.by_month[found.season.peak - 1] * counted
    return (most - usual) ** 2 > CHANCE**2 * usual


def _figures(found: Deployment, priced: list[Priced]) -> list[Figure]:
    _, usual, _ = found.years
    best, tickets = priced[0], Decimal(found.sorted.tickets)
    unmatched = Decimal(found.sorted.count_of_rule(UNMATCHED))
    talks = usual.interactions.count if usual.interactions else Decimal(0)
    return [
        figure("tickets", tickets),
        figure("tickets_per_year", found.season.tickets),
        figure("unmatched_tickets", unmatched),
        figure("unmatched_percent", unmatched / tickets * Decimal(100)),
        figure("bad_rows", Decimal(found.sorted.bad_count)),
        figure("automated_tickets_per_year", talks),
        figure("workload_actions_per_interaction", usual.actions.count / talks if usual.actions and talks else None),
        figure("year_credits", usual.credits.count if usual.credits else None),
        figure("cheapest_plan", best.offer.plan.label),
        figure("usd_per_year", best.offer.usd_per_year),
        figure("deployment_usd_low", best.low.count),
        figure("deployment_usd_high", best.high.count),
        *([figure("peak_calendar_month", calendar.month_name[found.season.peak])] if _stands_out(found) else []),
        figure("first_day", found.season.first_day),
        figure("last_day", found.season.last_day),
    ]


def _tables(found: Deployment, priced: list[Priced]) -> tuple[Table, ...]:
    plans = tuple(
        (one.offer.plan.key, one.offer.plan.label, one.offer.usd_per_year, one.low.count, one.high.count) for one in priced
    )
    bad = tuple((Decimal(row.line), row.reason) for row in found.sorted.bad_rows)
    return (
        Table("plans", "A year under each plan", PLAN_COLUMNS, plans),
        Table("rules", "Tickets by the rule that took them", RULE_COLUMNS, (*_rule_rows(found), *_unmatched_row(found))),
        Table("months", "A year of tickets", MONTH_COLUMNS, tuple(_month_rows(found))),
        Table("bad_rows", "Rows left out", BAD_ROW_COLUMNS, bad),
    )


def _rule_rows(found: Deployment) -> Iterator[tuple[Value, ...]]:
    handled = iter(found.handled)
    for place, rule in enumerate(found.rules):
        taken = found.sorted.count_of_rule(place)
        one = next(handled) if taken else None
        share = Decimal(taken) / found.sorted.tickets * Decimal(100)
        actions = _between(one.actions) if one else None
        automation = one.automation[1] if one else None
        yield (
            one.label if one else rule.use_case,
            Decimal(taken),
            share,
            automation,
            actions,
            *_rule_cell(found, place),
            ", ".join(rule.words),
        )


def _unmatched_row(found: Deployment) -> Iterator[tuple[Value, ...]]:
    taken = found.sorted.count_of_rule(UNMATCHED)
    if taken:
        share = Decimal(taken) / found.sorted.tickets * Decimal(100)
        yield ("(unmatched)", Decimal(taken), share, Decimal(0), None, *_rule_cell(found, UNMATCHED), "")


def _rule_cell(found: Deployment, place: int) -> tuple[str]:
    return (" · ".join(found.sorted.examples.get(place, ())),)


def _between(ends: tuple[Decimal, Decimal, Decimal]) -> str:
    low, _, high = ends
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def _month_rows(found: Deployment) -> Iterator[tuple[Value, ...]]:
    _, usual, _ = found.years
    share = usual.interactions.count / found.season.tickets if usual.interactions else Decimal(0)
    for month in MONTHS:
        tickets = found.season.by_month[month - 1]
        yield (calendar.month_name[month], tickets, tickets * share, "yes" if month in found.season.covered else "no, the mean")


def _chart(year: Season) -> Chart:
    labels = tuple(calendar.month_abbr[month] for month in MONTHS)
    return Chart("tickets_by_month", "Tickets by month", "bar", labels, (Series("Tickets", year.by_month),), "count")


def _sums(found: Deployment, priced: list[Priced]) -> list[str]:
    per_ticket = found.season.tickets / found.sorted.tickets
    year = f"{group_digits(found.sorted.tickets)} tickets from {found.season.first_day} to {found.season.last_day}"
    sums = [f"{year}, each month at its own daily mean = {number(found.season.tickets, 0)} a year"]
    sums += [_volume_sum(one, per_ticket) for one in found.handled]
    return [*sums, *(f"{one.offer.plan.label}: {one.offer.cost.sum()}" for one in priced)]


def _volume_sum(one: Handled, per_ticket: Decimal) -> str:
    tickets = f"{one.label}: {number(one.tickets * per_ticket, 0)} tickets"
    return f"{tickets} × {percent(one.automation[1])} × {number(one.actions[1])} actions ({one.source})"


def _notes(found: Deployment, settings: TicketSettings) -> list[Note]:
    share = f"{number(settings.automation_low)} to {number(settings.automation_high)}%, {number(settings.automation)}% as usual"
    notes = [
        Note("assumption", f"Read as an export of {found.layout}."),
        Note("assumption", f"Agents handle {share}, of the tickets that a rule takes (tickets.automation); nobody publishes it."),
        Note("assumption", RANGE),
    ]
    if found.sorted.count_of_rule(UNMATCHED):
        notes.append(
            Note(
                "warning", f"{group_digits(found.sorted.count_of_rule(UNMATCHED))} tickets are unmatched. {STAY_WITH_PEOPLE}", ""
            )
        )
    if found.sorted.bad_count:
        notes.append(
            Note(
                "warning",
                f"{group_digits(found.sorted.bad_count)} rows are left out; the first are listed with the reason.",
                f"{group_digits(found.sorted.bad_count)} rows are left out.",
            )
        )
    if found.sorted.repeated:
        notes.append(Note("assumption", f"{group_digits(found.sorted.repeated)} rows repeat a ticket and are counted once."))
    if not _stands_out(found):
        notes.append(_no_peak(found))
    missing = [calendar.month_name[month] for month in MONTHS if month not in found.season.covered]
    if missing:
        notes.append(Note("warning", f"The export has no day of {', '.join(missing)}: taken as the mean of its days."))
    return notes


def _no_peak(found: Deployment) -> Note:
    """Return why no month is named the busiest."""
    if _knows_months(found):
        return Note("assumption", "No month stands out beyond chance, so none is named as the peak.")
    days, months = (found.season.last_day - found.season.first_day).days + 1, len(found.season.covered)
    seen = (
        f"{group_digits(found.sorted.tickets)} tickets on {group_digits(days)} days of {months} calendar "
        f"{'month' if months == 1 else 'months'}"
    )
    return Note(
        "warning", f"{seen} are too few for a claim about months: it takes all twelve, with {MIN_A_MONTH} tickets each or more."
    )


def _price_rows(priced: list[Priced], context: Context) -> list[PriceRow]:
    items = dict.fromkeys(item for one in priced for item in one.offer.plan.items)
    return [context.prices.row(item) for item in items if context.prices.has(item)]
