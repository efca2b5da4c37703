"""`wallet`: credits bought, used and left, the burn rate, and what expires unused."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Answer, Chart, Column, Note, Series, Table, figure, number, percent, usd, usd_exact
from core.answer import day as shown_day
from core.cards import FLEX_CREDITS
from core.days import DAYS_IN_WEEK, DAYS_IN_YEAR, MONTHS_IN_YEAR
from core.wallet.ledger import OPEN_END, OPEN_START, drawing_key
from core.wallet.usage import cost_sums, periods, slices, usd_of

if TYPE_CHECKING:
    from datetime import date

    from core.answer import Figure, Value
    from core.context import Context
    from core.wallet.ledger import Grant, GrantLine
    from core.wallet.usage import Burn, Facts

CHART_WEEKS, STALE_DAYS = 12, 3
ORDERS = {
    "earliest_expiry": "the grant that ends first is used first",
    "granted_first": "the oldest grant is used first",
    "granted_last": "the newest grant is used first",
}
NO_GRANTS = (
    "No grants are known, so what is left is unknown. "
    "Import the entitlement ledger, or write them in app.yaml under contract.grants."
)
NO_GRANTS_IN_BRIEF = "No grants are known: import the ledger, or write them under contract.grants."
GRANT_COLUMNS = (
    Column("grant", "Grant", "text"),
    Column("kind", "Kind", "text"),
    Column("granted_credits", "Granted", "credits"),
    Column("used_credits", "Used", "credits"),
    Column("taken_back_credits", "Taken back", "credits", is_detail=True),
    Column("expired_credits", "Expired unused", "credits", is_detail=True),
    Column("remaining_credits", "Left", "credits"),
    Column("first_day", "From", "day", is_detail=True),
    Column("day_after_last", "Ends before", "day"),
)
EXPIRY_COLUMNS = (
    Column("term_end", "Term ends before", "day"),
    Column("unused_credits", "Unused", "credits"),
    Column("unused_usd", "Cost of unused", "usd"),
    Column("state", "State", "text"),
)


def balance_answer(facts: Facts, context: Context, headline: str) -> Answer:
    """Return what is known of a card, or of a part of it, under a headline; without a forecast."""
    return Answer(
        question="wallet",
        title="Wallet" if facts.part.card == FLEX_CREDITS else f"Wallet, {facts.part.card}",
        headline=headline,
        as_of=context.as_of,
        figures=(
            *_balance_figures(facts),
            *_burn_figures(facts),
            figure("burn_usd_per_month", burn_usd_per_month(facts)),
            *_term_figures(facts),
        ),
        tables=_tables(facts),
        charts=week_chart(facts),
        arithmetic=tuple(_sums(facts)),
        notes=tuple(_notes(facts, context)),
        sources=(*slices.price_sources(context, facts.part.card), *slices.query_source("usage_by_day", "wallet_grants")),
    )


def remaining_usd(facts: Facts) -> Decimal | None:
    """Return what was paid for what is left; None for cards without a price."""
    if facts.rates is None or not facts.knows_grants:
        return None
    return usd_of(facts.rates.prices.cost([(line.grant, line.left) for line in facts.balance.lines]))


def burn_usd_per_month(facts: Facts) -> Decimal | None:
    """Return the monthly cost of the burn rate of the last complete days, at the price paid for them; None without a price."""
    if facts.burn is None or facts.rates is None:
        return None
    days = facts.burn.range
    cost = facts.rates.cost((row.day, row.credits) for row in facts.rows if days.first_day <= row.day < days.day_after_last)
    return cost / days.days * DAYS_IN_YEAR / MONTHS_IN_YEAR


def _balance_figures(facts: Facts) -> list[Figure]:
    known, balance = facts.knows_grants, facts.balance
    return [
        figure("granted_credits", balance.granted if known else None),
        figure("used_credits", facts.used),
        figure("remaining_credits", balance.left if known else None),
        figure("remaining_usd", remaining_usd(facts)),
        figure("used_percent", facts.used_percent),
        figure("expired_credits", balance.expired),
        figure("overdrawn_credits", balance.overdrawn if known else None),
        figure("actions", facts.actions),
        figure("usd_used", facts.cost),
        figure("pool_credits", balance.pool if known else None),
        figure("drawn_credits", balance.drawn if known else None),
        figure("overdrawn_since_empty_credits", balance.since_empty if known else None),
        figure("overdrawn_usd", facts.overdrawn_usd if known else None),
        figure("list_value_usd", facts.list_value),
    ]


def _burn_figures(facts: Facts) -> list[Figure]:
    per_day = facts.burn.per_day if facts.burn else None
    return [
        figure("burn_credits_per_day", per_day),
        figure("burn_credits_per_week", None if per_day is None else per_day * DAYS_IN_WEEK),
        figure("burn_credits_per_month", None if per_day is None else per_day * DAYS_IN_YEAR / MONTHS_IN_YEAR),
        figure("burn_days", Decimal(facts.burn.range.days) if facts.burn else None),
        figure("data_through", facts.extent.data_through),
        figure("last_import", facts.extent.last_import),
        figure("provisional_from", facts.extent.provisional_from),
        figure("provisional_credits", facts.provisional),
    ]


def _term_figures(facts: Facts) -> list[Figure]:
    expiring = sum(facts.expiring.values(), Decimal(0)) if facts.expiring else None
    return [
        figure("allowed_credits_per_day", facts.allowed_per_day),
        figure("pace_percent", facts.pace_percent),
        figure("elapsed_percent", facts.elapsed_percent),
        figure("term_start", _end_or_none(facts.term.first_day) if facts.term else None),
        figure("term_end", _end_or_none(facts.term.day_after_last) if facts.term else None),
        figure("expiring_credits", expiring),
        figure("expiring_usd", sum(facts.expiring_usd.values(), Decimal(0)) if facts.expiring_usd else None),
    ]


def _end_or_none(day: date) -> date | None:
    return None if day in {OPEN_START, OPEN_END} else day


def _tables(facts: Facts) -> tuple[Table, ...]:
    lines = {id(line.grant): line for line in facts.balance.lines}
    grants = sorted(facts.grants, key=lambda grant: drawing_key(grant, "earliest_expiry"))
    rows = tuple(_grant_row(grant, lines.get(id(grant))) for grant in grants)
    expiries = tuple((end, left, facts.expired_usd.get(end), "expired") for end, left in facts.expired.items())
    expiries += tuple((end, left, facts.expiring_usd.get(end), "if the burn continues") for end, left in facts.expiring.items())
    tables = (Table("grants", "Grants", GRANT_COLUMNS, rows), Table("expiries", "What expires unused", EXPIRY_COLUMNS, expiries))
    return tuple(table for table in tables if table.rows)


def _grant_row(grant: Grant, line: GrantLine | None) -> tuple[Value, ...]:
    became = (line.used, line.taken_back, line.expired, line.left) if line else (None, None, None, None)
    return (grant.name, grant.kind, grant.credits, *became, _end_or_none(grant.first_day), _end_or_none(grant.day_after_last))


def week_chart(facts: Facts, *, in_usd: bool = False) -> tuple[Chart, ...]:
    """Return the usage of the last twelve whole weeks as bars, in credits or in dollars; empty with fewer than two weeks.

    Cards without a price have no dollars, so they are shown in credits.
    """
    weeks = _weeks(facts)
    if len(weeks) < 2:  # noqa: PLR2004 - one bar compares nothing
        return ()
    names = tuple(f"{first:%d %b}" for first, _ in weeks)
    if in_usd and facts.rates:
        spent = Series("Spend", tuple(facts.rates.cost(days) for _, days in weeks))
        return (Chart("usd_by_week", "Dollars by week", "bar", names, (spent,), "usd"),)
    used = Series("Credits", tuple(sum((burnt for _, burnt in days), Decimal(0)) for _, days in weeks))
    return (Chart("credits_by_week", "Credits by week", "bar", names, (used,), "credits"),)


def _weeks(facts: Facts) -> list[tuple[date, list[tuple[date, Decimal]]]]:
    """Return the last whole weeks of complete days, oldest first: each week's first day, and the credits of its days."""
    after_last = min(facts.extent.provisional_from, facts.until)
    used = {row.day: row.credits for row in facts.rows}
    weeks = []
    for back in range(CHART_WEEKS, 0, -1):
        first = after_last - timedelta(weeks=back)
        if facts.extent.first_day and first >= facts.extent.first_day:
            days = [first + timedelta(days=nth) for nth in range(DAYS_IN_WEEK)]
            weeks.append((first, [(day, used.get(day, Decimal(0))) for day in days]))
    return weeks


def _sums(facts: Facts) -> list[str]:
    balance = facts.balance
    sums = _pool_sums(facts) if facts.knows_grants else []
    sums += cost_sums(facts.rates, facts.used_in_term)
    if facts.overdrawn_usd and facts.rates and facts.knows_grants and facts.used != balance.used:
        rate = usd_exact(facts.rates.prices.overdrawn)
        sums.append(f"{number(balance.overdrawn)} credits overdrawn × {rate} = {usd(facts.overdrawn_usd)} billed in arrears")
    if facts.burn:
        sums.append(_burn_sum(facts.burn))
    monthly = burn_usd_per_month(facts)
    if facts.burn and monthly is not None:
        each = usd_exact(monthly * MONTHS_IN_YEAR / DAYS_IN_YEAR)
        sums.append(f"{each} a day × {DAYS_IN_YEAR} ÷ {MONTHS_IN_YEAR} = {usd(monthly)} a month, as those days were paid for")
    if facts.allowed_per_day is not None:
        sums.append(f"{number(balance.left)} credits ÷ {facts.days_left} days = {number(facts.allowed_per_day)} allowed a day")
    if facts.pace_percent is not None and facts.elapsed_percent is not None and balance.used_percent is not None:
        sums.append(
            f"{percent(balance.used_percent)} used ÷ {percent(facts.elapsed_percent)} of the term elapsed × 100"
            f" = {percent(facts.pace_percent)} pace"
        )
    return sums


def _pool_sums(facts: Facts) -> list[str]:
    balance = facts.balance
    sums, pool, drawn = [], number(balance.pool), number(balance.drawn)
    if balance.expired:
        sums.append(f"{number(balance.granted)} granted − {number(balance.expired)} expired unused = {pool} credits of pool")
    sums.append(f"{drawn} drawn + {number(balance.left)} left = {pool} credits of pool")
    if balance.overdrawn:
        sums.append(f"{drawn} drawn + {number(balance.overdrawn)} overdrawn = {number(balance.used)} credits used")
    if facts.used_percent is not None:
        used = number(facts.used_of_pool)
        if facts.used_of_pool == balance.used_of_pool != balance.drawn:
            used = f"({drawn} drawn + {number(balance.since_empty)} overdrawn since nothing is left)"
        sums.append(f"{used} ÷ {pool} × 100 = {percent(facts.used_percent)} used")
    return sums


def _burn_sum(burn: Burn) -> str:
    return f"{number(burn.credits)} credits ÷ {burn.range.days} days ({burn.range}) = {number(burn.per_day)} a day"


def _notes(facts: Facts, context: Context) -> list[Note]:
    return [
        *slices.empty_card_notes(facts.extent),
        *_missing_notes(facts),
        *stale_notes(facts),
        *part_notes(facts, facts.term.first_day if facts.term else None),
        *_provisional_notes(facts),
        *drawdown_notes(facts, context),
        *_exception_notes(facts),
    ]


def _missing_notes(facts: Facts) -> list[Note]:
    notes = []
    if not facts.knows_grants:
        notes.append(Note("warning", NO_GRANTS, NO_GRANTS_IN_BRIEF))
    elif facts.term is None:
        notes.append(
            Note(
                "warning",
                f"No grant is in force on {shown_day(facts.day)}: everything used since the last one ended is overdrawn.",
            )
        )
    if facts.burn is None:
        notes.append(Note("warning", "There is no complete day of data yet, so there is no burn."))
    elif facts.burn.range.days < periods.BURN_DAYS:
        notes.append(Note("warning", f"The burn is over {facts.burn.range.days} complete days; 28 are better.", ""))
    return notes


def days_stale(facts: Facts) -> int:
    """Return how many days before the day asked about the data ends, 0 if it is as recent as possible."""
    days = (facts.day + timedelta(days=1) - facts.until).days
    return days if days > STALE_DAYS else 0


def stale_notes(facts: Facts) -> list[Note]:
    """Return a note if the data ends long before the day asked about."""
    days = days_stale(facts)
    if not days:
        return []
    last = shown_day(facts.until - timedelta(days=1))
    text = f"The data ends on {last}, {days} days before {shown_day(facts.day)}: usage since then is unknown."
    return [Note("warning", text, f"The data ends on {last}: usage since then is unknown.")]


def part_notes(facts: Facts, since: date | None = None) -> list[Note]:
    """Return which part of the wallet is counted, from a day (by default the data's first) to the day asked."""
    first_day = since or facts.extent.first_day or facts.until
    return slices.part_notes(facts.part, facts.extent, periods.DayRange(first_day, facts.until))


def _provisional_notes(facts: Facts) -> list[Note]:
    if facts.extent.data_through is None or facts.until <= facts.extent.provisional_from:
        return []
    since = shown_day(facts.extent.provisional_from)
    return [
        Note(
            "warning",
            f"{number(facts.provisional)} credits since {since} are provisional: counted as used, but excluded from averages.",
            "",
        )
    ]


def drawdown_notes(facts: Facts, context: Context) -> list[Note]:
    """Return the order in which overlapping grants are drawn, if there are any."""
    if len([grant for grant in facts.grants if grant.credits > 0]) < 2:  # noqa: PLR2004 - one grant has no order
        return []
    order = ORDERS[context.config.wallet.drawdown]
    return [
        Note("assumption", f"Nobody publishes the order in which overlapping grants are used; here {order} (wallet.drawdown).")
    ]


def _exception_notes(facts: Facts) -> list[Note]:
    notes = []
    if not facts.part.is_whole_card and facts.knows_grants:
        notes.append(
            Note("assumption", "Granted, pool, left, overdrawn, allowed and pace are the whole card's: grants are not divided.")
        )
    if facts.balance.overdrawn > 0:
        notes.append(
            Note(
                "warning",
                f"{number(facts.balance.overdrawn)} credits found no grant; they are billed in arrears at the contracted rate, "
                "and a later grant does not make up for them.",
                "",
            )
        )
    if facts.balance.expired > 0:
        notes.append(
            Note("warning", f"{number(facts.balance.expired)} credits expired unused; they are not part of the pool.", "")
        )
    if facts.knows_grants and facts.used_before_term:
        notes.append(Note("assumption", f"{number(facts.used_before_term)} credits used before the term began are not counted."))
    notes += [Note("warning", f"{grant.name} repeats a grant of the ledger and is counted once.", "") for grant in facts.repeated]
    return notes
