"""The state of the wallet on a day: grants, balance, burn rate and pace, before they are put into words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.wallet.ledger import OPEN_END, OPEN_START, PoolUsage, Term
from core.wallet.ledger import balance as ledger
from core.wallet.usage import periods, slices
from core.wallet.usage.costs import DayRates
from core.wallet.usage.rates import credit_prices, grants_of, list_value
from core.warehouse import queries

if TYPE_CHECKING:
    from datetime import date

    from core.context import Context
    from core.language import Question
    from core.pricing import UsdPerCredit
    from core.scope import Scope
    from core.wallet.ledger import Balance, Grant, GrantLine
    from core.wallet.usage.periods import DayRange, Extent
    from core.warehouse import Session


@dataclass(frozen=True, slots=True)
class Burn:
    """Credits of complete days, and their daily mean."""

    range: DayRange
    credits: Decimal

    @property
    def per_day(self) -> Decimal:
        """The daily mean, unrounded."""
        return self.credits / self.range.days


@dataclass(frozen=True, slots=True)
class Facts:
    """A card on a day.

    until: the first day that is excluded. counted: the term, else the days since the last one. used, used_of_pool (the part
    of it that counts against the pool), actions, provisional, burn: of the part asked for; balance, card_burn: of the whole card.
    used_before_term: usage in the data on days before the term.
    expiring: what each grant in force will leave at its end if the burn rate continues, empty without a burn rate;
    expiring_usd, expired_usd: what was paid for it.
    rates: the price of a credit by day; cost: of `used`; overdrawn_usd: of the card's overage; None for cards without a price.
    """

    part: Scope
    extent: Extent
    day: date
    until: date
    rows: list[queries.UsageByDayRow]
    grants: list[Grant]
    repeated: list[Grant]
    term: Term | None
    counted: Term
    balance: Balance
    used: Decimal
    used_of_pool: Decimal
    actions: Decimal
    used_before_term: Decimal
    provisional: Decimal
    burn: Burn | None
    card_burn: Burn | None
    expiring: dict[date, Decimal]
    expired: dict[date, Decimal]
    expiring_usd: dict[date, Decimal]
    expired_usd: dict[date, Decimal]
    price: UsdPerCredit | None
    rates: DayRates | None
    cost: Decimal | None
    overdrawn_usd: Decimal | None
    list_value: Decimal | None

    @property
    def knows_grants(self) -> bool:
        """Whether the card has any known grant."""
        return bool(self.grants)

    @property
    def used_percent(self) -> Decimal | None:
        """The percentage of the card's pool that the part asked for used; None without a pool."""
        return self.used_of_pool / self.balance.pool * 100 if self.balance.pool > 0 else None

    @property
    def used_in_term(self) -> list[tuple[date, Decimal]]:
        """The part's credits by day of the term."""
        first = self.counted.first_day
        return [(row.day, row.credits) for row in self.rows if row.day >= first]

    @property
    def elapsed_percent(self) -> Decimal | None:
        """The percentage of the term that is over; None if it is open."""
        return self.term.elapsed_percent(self.until) if self.term and self.term.is_bounded else None

    @property
    def days_left(self) -> int | None:
        """Days of the term after those counted; None if its end is open."""
        if self.term is None or self.term.day_after_last == OPEN_END:
            return None
        return max((self.term.day_after_last - self.until).days, 0)

    @property
    def allowed_per_day(self) -> Decimal | None:
        """Credits a day at which what is left lasts to the term's end; None if the term is open or over."""
        return self.balance.left / self.days_left if self.days_left else None

    @property
    def pace_percent(self) -> Decimal | None:
        """The pace of the whole card, 100 being on plan; None if unknown."""
        used, elapsed = self.balance.used_percent, self.elapsed_percent
        return ledger.pace_percent(used, elapsed) if used is not None and elapsed is not None else None


def facts(question: Question, context: Context, session: Session) -> Facts:
    """Return the wallet as of the context's day. Raises: InputError, while nothing was imported."""
    part = slices.part_of(question, context, session)
    extent = slices.extent_of(session, part.card, context)
    until = periods.end_of_known(extent, context.as_of, context)
    return facts_of(part, extent, rows_of(session, part, until), context, session)


def facts_of(part: Scope, extent: Extent, rows: list[queries.UsageByDayRow], context: Context, session: Session) -> Facts:
    """Return the facts of a part's days; rows are those of `rows_of` before the first unknown day."""
    day, order = context.as_of, context.config.wallet.drawdown
    until = periods.end_of_known(extent, day, context)
    use = PoolUsage({row.day: row.card_credits for row in rows})
    grants, repeated = grants_of(session, part.card, context)
    contract = context.config.contract
    term = ledger.term_on(grants, day, contract.start, contract.end)
    counted = term or _since_last_end(grants, day)
    card_burn = _burn(rows, "card_credits", extent, until)
    burn_per_day = max(card_burn.per_day, Decimal(0)) if card_burn else Decimal(0)
    forecast = PoolUsage({row.day: row.card_credits for row in rows}, until, burn_per_day)
    balance = ledger.balance(grants, use, counted, day + timedelta(days=1), order)
    ends = ledger.unused_at_ends(grants, forecast, order, day + timedelta(days=1)) if card_burn else []
    ahead = [line for line in ends if line.grant.day_after_last > day]
    gone = [line for line in balance.lines if line.grant.day_after_last <= day]
    prices = credit_prices(context, part.card)
    rates = DayRates(prices, balance.parts) if prices else None
    return Facts(
        part=part,
        extent=extent,
        day=day,
        until=until,
        grants=grants,
        repeated=repeated,
        term=term,
        counted=counted,
        balance=balance,
        card_burn=card_burn,
        expiring={end: sum((line.expired for line in lines), Decimal(0)) for end, lines in _by_end(ahead).items()},
        expired={end: sum((line.expired for line in lines), Decimal(0)) for end, lines in _by_end(gone).items()},
        expiring_usd={end: prices.cost_of_expired(lines) for end, lines in _by_end(ahead).items()} if prices else {},
        expired_usd={end: prices.cost_of_expired(lines) for end, lines in _by_end(gone).items()} if prices else {},
        price=slices.credit_price(context, part.card),
        rates=rates,
        overdrawn_usd=balance.overdrawn * prices.overdrawn if prices else None,
        **_use_of(rows, extent, until, counted, balance, rates, context, part.card),
    )


def facts_beside(known: Facts, rows: list[queries.UsageByDayRow], context: Context) -> Facts | None:
    """Return the facts of other rows of a card whose facts are known: drawdown and balance are the card's, and so the same.

    None if the rows state a different usage of the card.
    """
    if [(row.day, row.card_credits) for row in rows] != [(row.day, row.card_credits) for row in known.rows]:
        return None
    use = _use_of(rows, known.extent, known.until, known.counted, known.balance, known.rates, context, known.part.card)
    return replace(known, **use)


def _use_of(  # noqa: PLR0913, PLR0917 -- what a part's use is set against
    rows: list[queries.UsageByDayRow],
    extent: Extent,
    until: date,
    counted: Term,
    balance: Balance,
    rates: DayRates | None,
    context: Context,
    card: str,
) -> dict[str, Any]:
    """Return the facts that are specific to the part asked for, by the field names of `Facts`."""
    in_term = [row for row in rows if row.day >= counted.first_day]
    used = _sum(in_term, "credits")
    return {
        "rows": rows,
        "used": used,
        "used_of_pool": balance.counted((row.day, row.credits) for row in in_term),
        "actions": _sum(in_term, "actions"),
        "used_before_term": _sum(rows, "card_credits") - _sum(in_term, "card_credits"),
        "provisional": _sum([row for row in rows if row.day >= extent.provisional_from], "credits"),
        "burn": _burn(rows, "credits", extent, until),
        "cost": rates.cost((row.day, row.credits) for row in in_term) if rates else None,
        "list_value": list_value(used, context, card),
    }


def _by_end(lines: list[GrantLine]) -> dict[date, list[GrantLine]]:
    """Return grants by the day after their last, the first to end first; without rows of the ledger of no credits."""
    found: dict[date, list[GrantLine]] = {}
    for line in sorted((line for line in lines if line.grant.credits), key=lambda line: line.grant.day_after_last):
        found.setdefault(line.grant.day_after_last, []).append(line)
    return found


def _since_last_end(grants: list[Grant], day: date) -> Term:
    """Return the days since the last grant ended, or all days if none has ended."""
    return Term(max((grant.day_after_last for grant in grants if grant.day_after_last <= day), default=OPEN_START), OPEN_END)


def rows_of(session: Session, part: Scope, until: date) -> list[queries.UsageByDayRow]:
    """Return credits and actions of each day before `until`, of the part and of its whole card."""
    filters = part.parameters("grain", "environment", "org", "agent", "department")
    return session.rows(queries.UsageByDayRow, first_day=OPEN_START, day_after_last=until, **filters)


def _burn(rows: list[queries.UsageByDayRow], column: str, extent: Extent, until: date) -> Burn | None:
    days = periods.burn_range(extent, until)
    if days is None:
        return None
    counted = [row for row in rows if days.first_day <= row.day < days.day_after_last]
    return Burn(days, _sum(counted, column))


def _sum(rows: list[queries.UsageByDayRow], column: str) -> Decimal:
    return sum((getattr(row, column) for row in rows), Decimal(0))
