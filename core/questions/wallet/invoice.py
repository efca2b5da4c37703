"""`invoice`: a month as Salesforce would bill it, to compare with the statement; `showback`: that month by cost centre."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Answer, Column, Emphasis, Fact, Note, Table, figure, headline_of, number, percent, usd, usd_exact
from core.directory import read_directory
from core.errors import InputError
from core.language import Days, Question
from core.questions.wallet.reconcile import reconcile
from core.records import NamedTuple
from core.wallet.usage import DayRange, grants_of, invoice_of, next_period, period_start, periods, share_out, slices
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.answer import Figure, Value
    from core.context import Context
    from core.directory import Directory
    from core.wallet.ledger import Grant
    from core.wallet.usage import DayRates, Invoice, Scene
    from core.warehouse import Session

LINE_COLUMNS = (
    Column("line", "Line", "text"),
    Column("credits", "Credits", "credits"),
    Column("usd_per_credit", "Per credit", "usd"),
    Column("usd", "Amount", "usd"),
    Column("billed", "Billed", "text"),
)
ORDER_COLUMNS = (
    Column("order", "Order", "text"),
    Column("first_day", "From", "day"),
    Column("credits", "Credits", "credits"),
    Column("usd", "Amount", "usd"),
)
SHOWBACK_COLUMNS = (
    Column("cost_centre", "Cost centre", "text"),
    Column("month", "Month from", "day"),
    Column("credits", "Credits", "credits"),
    Column("usd", "Cost", "usd"),
)
CENTRE_COLUMNS = (SHOWBACK_COLUMNS[0], SHOWBACK_COLUMNS[3], SHOWBACK_COLUMNS[2])
MONTHS_AT_FIRST = 3
WITH_ORDER, IN_ARREARS, ON_TOP = "with the order", "in arrears", "on top"
NO_COST_CENTRE, EVERYBODY_ELSE = "(no cost centre)", "(everybody else)"
STATEMENT = "The monthly statement is authoritative; compare it with this. Rows that arrive late still change a month."
BY_DEPARTMENT = (
    "Usage without a user goes to the cost centre of its department, where all people of that department in the directory "
    "have one."
)
NO_DIRECTORY = (
    "No directory says who belongs to which cost centre. Name a CSV file of people in app.yaml under users: id, name, "
    "department, cost_centre."
)


def answer_invoice(question: Question, context: Context) -> Answer:
    """Return what a month was billed at: drawdown by grant, overage in arrears, support, and the difference to the balance.

    Raises: InputError, for days that are not whole calendar months, and for credits without a price.
    """
    with context.reading() as session:
        scene, rates = _scene_of_months(question, context, session)
        invoice = invoice_of(rates, scene.days, _support_percent(question, context))
        grants, _ = grants_of(session, scene.part.card, context)
    orders = [one for one in grants if scene.days.first_day <= one.first_day < scene.days.day_after_last and one.credits > 0]
    compared = reconcile(Question("reconcile", card=question.card), context)
    return Answer(
        question=context.canonical_question(question),
        title=f"Invoice, {scene.days}",
        headline=_headline(invoice, scene.days),
        as_of=context.as_of,
        figures=(
            *_figures(invoice, scene),
            figure("invoice_orders_usd", sum((rates.prices.paid_for(one) for one in orders), Decimal(0)) if orders else None),
            *(one for one in compared.figures if one.key in {"used_difference_credits", "balance_used_credits"}),
        ),
        tables=tuple(_tables(invoice, orders, rates)),
        arithmetic=tuple(_sums(invoice, question, context)),
        notes=(*_notes(question, scene, invoice, orders), *_difference_notes(compared)),
        sources=(*slices.price_sources(context, scene.part.card), *slices.query_source("usage_by_day", "wallet_grants")),
        emphasis=Emphasis(tuple(_facts(invoice)), "lines", ("line", "credits", "usd_per_credit", "usd")),
    )


def _scene_of_months(question: Question, context: Context, session: Session) -> tuple[Scene, DayRates]:
    """Return the data of the months asked about: those named, else the last complete one. Raises: InputError."""
    part = slices.part_of(question, context, session)
    extent = slices.extent_of(session, part.card, context)
    asked = question
    if question.span is None:
        last = period_start(min(context.as_of, extent.all_days.day_after_last), "month") - timedelta(days=1)
        asked = question._replace(span=Days(period_start(last, "month"), last))
    days = periods.days_of(asked, extent)
    if not days.whole_months:
        raise InputError(
            f"An invoice is of calendar months, not of {days}. Ask for example: invoice from 2026-10-01 to 2026-10-31."
        )
    scene = slices.scene_of(session, part, extent, days, context)
    return scene, _require_price(scene)


def _require_price(scene: Scene) -> DayRates:
    if scene.rates is None:
        raise InputError(f"Credits of card {scene.part.card} have no price, so their use cannot be billed.")
    return scene.rates


def _support_percent(question: Question, context: Context) -> Decimal | None:
    """Return Premier's percentage if the question or the contract states it."""
    is_agreed = "premier.percent" in context.config.contract.prices.values
    return context.prices.value("premier.percent") if question.premier or is_agreed else None


def _headline(invoice: Invoice, days: DayRange) -> str:
    if not invoice.lines:
        return f"Nothing was used from {days}, so nothing is billed for it."
    due = f"{usd(invoice.due_usd)} of it billed in arrears" if invoice.due_usd else "all of it paid with its orders"
    return headline_of(f"{usd(invoice.total_usd)} for {days}: {due}.", f"{usd(invoice.total_usd)} for {days}.")


def _figures(invoice: Invoice, scene: Scene) -> Iterator[Figure]:
    yield figure("invoice_usd", invoice.total_usd)
    yield figure("invoice_drawn_usd", invoice.drawn_usd)
    yield figure("invoice_overage_usd", invoice.overage.usd if invoice.overage else Decimal(0))
    yield figure("invoice_support_usd", invoice.support.usd if invoice.support else None)
    yield figure("invoice_due_usd", invoice.due_usd)
    yield figure("used_credits", sum((line.credits for line in invoice.lines if line.credits is not None), Decimal(0)))
    yield figure("first_day", scene.days.first_day)
    yield figure("last_day", scene.days.last_day)


def _tables(invoice: Invoice, orders: list[Grant], rates: DayRates) -> Iterator[Table]:
    billed = {id(invoice.overage): IN_ARREARS, id(invoice.support): ON_TOP}
    rows: list[tuple[Value, ...]] = [
        (line.label, line.credits, line.price, line.usd, billed.get(id(line), WITH_ORDER)) for line in invoice.lines
    ]
    yield Table("lines", "Lines", LINE_COLUMNS, tuple(rows))
    if orders:
        begun = tuple((one.name, one.first_day, one.credits, rates.prices.paid_for(one)) for one in orders)
        yield Table("orders", "Orders that start in these days, billed in advance", ORDER_COLUMNS, begun)


def _sums(invoice: Invoice, question: Question, context: Context) -> Iterator[str]:
    for line in invoice.lines:
        if line.credits is not None and line.price is not None:
            comes_to = _write_billed(line.credits * line.price, line.usd)
            yield f"{line.label}: {number(line.credits)} credits × {usd_exact(line.price)} = {comes_to}"
    share = _support_percent(question, context)
    if invoice.support and share is not None:
        spend = invoice.total_usd - invoice.support.usd
        comes_to = _write_billed(spend * share / Decimal(100), invoice.support.usd)
        yield f"{usd(spend)} × {percent(share)} = {comes_to} of Premier support"
    if len(invoice.lines) > 1:
        yield f"{' + '.join(usd(line.usd) for line in invoice.lines)} = {usd(invoice.total_usd)}"


def _write_billed(exact: Decimal, billed: Decimal) -> str:
    """Return an amount, and the whole cents billed if they differ."""
    return usd(billed) if exact == billed else f"{usd_exact(exact)}, billed as {usd(billed)}"


def _facts(invoice: Invoice) -> Iterator[Fact]:
    yield Fact("Drawn from grants", f"{usd(invoice.drawn_usd)}, paid with their orders")
    yield Fact("Overage", f"{usd(invoice.overage.usd if invoice.overage else Decimal(0))}, in arrears")
    if invoice.support:
        yield Fact("Premier", usd(invoice.support.usd))


def _notes(question: Question, scene: Scene, invoice: Invoice, orders: list[Grant]) -> Iterator[Note]:
    yield Note("assumption", STATEMENT)
    if question.span is None:
        yield Note("assumption", f"No month is named, so this is the last complete one: {scene.days}.")
    known = scene.extent.all_days
    if known.first_day > scene.days.first_day or known.day_after_last < scene.days.day_after_last:
        yield Note("warning", f"The data covers only {known}, so days of these months are missing.")
    if invoice.support is None:
        yield Note(
            "assumption", "Premier support is not counted; say `invoice premier`, or write contract.prices premier.percent."
        )
    if orders:
        yield Note("assumption", "Orders that start in these days are billed in advance and are not part of the total.")
    yield from slices.provisional_note(scene.extent, scene.days)
    yield from slices.empty_card_notes(scene.extent)


def _difference_notes(compared: Answer) -> Iterator[Note]:
    """Yield how far total usage differs from the wallet's own balance, if that was imported."""
    off = compared.figure("used_difference_credits").value
    if isinstance(off, Decimal):
        above = "above" if off > 0 else "below"
        said = f"{number(abs(off))} credits {above} the wallet's own balance" if off else "as much as the wallet's own balance"
        yield Note("assumption", f"Of all days together, usage is {said} (reconcile).")


# --- showback


class _Centre(NamedTuple):
    """What a cost centre used in a month, and its cost before cents are allocated."""

    credits: Decimal
    usd: Decimal


def answer_showback(question: Question, context: Context) -> Answer:
    """Return what each cost centre used and cost by month; the months add up to their invoices to the cent.

    Raises: InputError, if no directory says who belongs where, and for credits without a price.
    """
    with slices.open_slice(question, context) as scene:
        if context.config.users is None:
            raise InputError(NO_DIRECTORY)
        directory = read_directory(context.config.users)
        rates = _require_price(scene)
        if not scene.part.is_whole_card:
            raise InputError("A showback is of all use, so that it adds up to the invoice. Ask it without a part of the wallet.")
        user = slices.user_of(question, scene.part, context, scene.session)
        found = _by_centre_and_month(scene, directory, user)
    dealt, invoices = _deal_out(found, rates, scene, _support_percent(question, context))
    total = sum((one.total_usd for one in invoices.values()), Decimal(0))
    by_centre: dict[str, Decimal] = {}
    for (centre, _), cost in dealt.items():
        by_centre[centre] = by_centre.get(centre, Decimal(0)) + cost
    pivot = _pivot(found, dealt, by_centre, scene.days)
    order = sorted(dealt, key=lambda key: (-by_centre[key[0]], key[0], key[1]))
    return Answer(
        question=context.canonical_question(question),
        title="Showback by cost centre",
        headline=_showback_headline(by_centre, total, scene.days),
        as_of=context.as_of,
        figures=(
            figure("invoice_usd", total),
            figure("used_credits", sum((one.credits for one in found.values()), Decimal(0))),
            figure("cost_centres", Decimal(len(set(by_centre) - {NO_COST_CENTRE, EVERYBODY_ELSE}))),
            figure("first_day", scene.days.first_day),
            figure("last_day", scene.days.last_day),
        ),
        tables=(
            pivot,
            Table(
                "showback",
                f"Cost by cost centre and month, {scene.days}",
                SHOWBACK_COLUMNS,
                tuple((centre, month, found[centre, month].credits, dealt[centre, month]) for centre, month in order),
            ),
        ),
        arithmetic=tuple(_showback_sums(dealt, by_centre, invoices)),
        notes=tuple(_showback_notes(question, scene, directory, by_centre)),
        sources=(
            *slices.price_sources(context, scene.part.card),
            *slices.query_source("usage_by_person_and_department"),
        ),
        emphasis=Emphasis((), "centres", ("cost_centre", "usd", *(one.key for one in pivot.columns[3:][-MONTHS_AT_FIRST:]))),
    )


def _by_centre_and_month(scene: Scene, directory: Directory, user: str | None) -> dict[tuple[str, date], _Centre]:
    """Return what each cost centre used by month. user: the only user shown separately; everyone else is one row."""
    homes = _centres_of_departments(directory)

    def read(days: DayRange) -> list[queries.UsageByPersonAndDepartmentRow]:
        filters = scene.part.parameters("environment", "org", "agent", "department")
        span = {"first_day": days.first_day, "day_after_last": days.day_after_last}
        return scene.session.rows(queries.UsageByPersonAndDepartmentRow, **span, **filters)

    def key_of(row: queries.UsageByPersonAndDepartmentRow) -> tuple[str, date]:
        if user is not None and row.user_id != user:
            return EVERYBODY_ELSE, period_start(row.day, "month")
        own = directory.person(row.user_id).cost_centre if row.user_id else ""
        return own or homes.get(row.department.casefold(), "") or NO_COST_CENTRE, period_start(row.day, "month")

    costs = scene.costs(read, key_of)
    used: dict[tuple[str, date], Decimal] = {}
    for row in read(scene.days):
        used[key_of(row)] = used.get(key_of(row), Decimal(0)) + row.credits
    return {key: _Centre(amount, costs.of(key) or Decimal(0)) for key, amount in used.items()}


def _centres_of_departments(directory: Directory) -> dict[str, str]:
    """Return the cost centre of each department whose people all share one."""
    found: dict[str, set[str]] = {}
    for person in directory.people.values():
        if person.department:
            found.setdefault(person.department.casefold(), set()).add(person.cost_centre)
    return {name: next(iter(centres)) for name, centres in found.items() if len(centres) == 1}


def _deal_out(
    found: dict[tuple[str, date], _Centre], rates: DayRates, scene: Scene, support: Decimal | None
) -> tuple[dict[tuple[str, date], Decimal], dict[date, Invoice]]:
    """Return each cost centre's cents of each month's invoice, and the invoices."""
    dealt: dict[tuple[str, date], Decimal] = {}
    invoices: dict[date, Invoice] = {}
    month = period_start(scene.days.first_day, "month")
    while month < scene.days.day_after_last:
        days = DayRange(month, next_period(month, "month")).within(scene.days)
        invoices[month] = invoice_of(rates, days, support)
        shares = {key: one.usd for key, one in found.items() if key[1] == month}
        dealt |= share_out(invoices[month].total_usd, shares)
        month = next_period(month, "month")
    return dealt, invoices


def _pivot(
    found: dict[tuple[str, date], _Centre],
    dealt: dict[tuple[str, date], Decimal],
    by_centre: dict[str, Decimal],
    days: DayRange,
) -> Table:
    """Return each cost centre's cost and credits, and its cost by month, one column a month; most expensive first."""
    months = sorted({month for _, month in dealt})
    columns = (*CENTRE_COLUMNS, *(Column(f"usd_{month:%Y_%m}", f"{month:%b %Y}", "usd") for month in months))
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            centre,
            by_centre[centre],
            sum((one.credits for (name, _), one in found.items() if name == centre), Decimal(0)),
            *(dealt.get((centre, month), Decimal(0)) for month in months),
        )
        for centre in sorted(by_centre, key=lambda name: (-by_centre[name], name))
    )
    return Table("centres", f"Each cost centre by month, {days}", columns, rows)


def _showback_sums(
    dealt: dict[tuple[str, date], Decimal], by_centre: dict[str, Decimal], invoices: dict[date, Invoice]
) -> Iterator[str]:
    for month, invoice in sorted(invoices.items()):
        parts = [f"{usd(dealt[centre, month])} {centre}" for centre in by_centre if (centre, month) in dealt]
        yield f"{' + '.join(parts) or usd(Decimal(0))} = {usd(invoice.total_usd)}, the invoice of {month:%b %Y}"


def _showback_headline(by_centre: dict[str, Decimal], total: Decimal, days: DayRange) -> str:
    named = {centre: cost for centre, cost in by_centre.items() if centre not in {NO_COST_CENTRE, EVERYBODY_ELSE}}
    biggest = max(named, key=lambda centre: (named[centre], centre), default=None)
    most = f"; cost centre {biggest} most, {usd(named[biggest])}" if biggest is not None else ""
    return headline_of(f"{usd(total)} from {days}{most}.", f"{usd(total)} from {days}.")


def _showback_notes(question: Question, scene: Scene, directory: Directory, by_centre: dict[str, Decimal]) -> Iterator[Note]:
    yield Note("assumption", BY_DEPARTMENT)
    yield Note("assumption", "Each month adds up to `invoice` of that month, to the cent.")
    if EVERYBODY_ELSE in by_centre:
        yield Note("assumption", "Beside the person named, all other use is one row, so that months add up to their invoices.")
    if NO_COST_CENTRE in by_centre:
        text = f"“{NO_COST_CENTRE}” is use of people and departments for whom the directory has none."
        yield Note("warning", text)
    yield from (Note("warning", problem) for problem in directory.problems[:1])
    yield from slices.day_notes(question, scene.days)
    yield from slices.provisional_note(scene.extent, scene.days)
