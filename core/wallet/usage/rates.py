"""The cost of a card's usage, day by day, for every answer with dollars: a single source, so that all agree."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.answer import number, usd, usd_exact
from core.cards import FLEX_CREDITS
from core.pricing import Terms, flex_rate, overage_rate
from core.wallet.ledger import OPEN_START, PoolUsage, configured_grants, counted_grants, draw_down, ledger_grants
from core.wallet.usage.costs import CreditPrices, DayRates, usd_of
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from core.context import Context
    from core.pricing import Prices
    from core.wallet.ledger import Grant
    from core.warehouse import Session

WHOLE_CARD = dict.fromkeys(("grain", "environment", "org", "agent", "department"))


def flex_prices(prices: Prices) -> CreditPrices:
    """Return the contract or list price of a Flex Credit, and the price of one that no grant covers."""
    contract = flex_rate(prices, Terms()).usd
    is_agreed = prices.has("overage.usd_per_action")
    return CreditPrices(contract, overage_rate(prices, Terms()).assumed.usd if is_agreed else contract)


def credit_prices(context: Context, card: str) -> CreditPrices | None:
    """Return the prices of a card's credits; None for cards other than Flex Credits, and for days before credits had a price."""
    if card != FLEX_CREDITS or not context.prices.has("flex.usd_per_pack"):
        return None
    return flex_prices(context.prices)


def list_value(credits_used: Decimal, context: Context, card: str) -> Decimal | None:
    """Return the value of credits at list price, whatever they cost; None for cards without a price."""
    if credit_prices(context, card) is None:
        return None
    prices = context.prices
    pack = (
        prices.list_price("flex.usd_per_pack") if "flex.usd_per_pack" in prices.list_rows else prices.value("flex.usd_per_pack")
    )
    return credits_used * pack / prices.value("flex.credits_per_pack")


def grants_of(session: Session, card: str, context: Context) -> tuple[list[Grant], list[Grant]]:
    """Return all grants of a card, and those of app.yaml that only repeat the ledger's."""
    ledger = ledger_grants(session.rows(queries.WalletGrantsRow, card=card), context.config.zone)
    return counted_grants(ledger, configured_grants(context.contract.grants, card))


def day_rates(session: Session, card: str, context: Context, day_after_last: date) -> DayRates | None:
    """Return the price of the card's credits on each day before that one, or before tomorrow; None for cards without a price."""
    prices = credit_prices(context, card)
    if prices is None:
        return None
    until = max(day_after_last, context.as_of + timedelta(days=1))
    rows = session.rows(queries.UsageByDayRow, card=card, first_day=OPEN_START, day_after_last=until, **WHOLE_CARD)
    used = {row.day: row.card_credits for row in rows}
    grants, _ = grants_of(session, card, context)
    return DayRates(prices, draw_down(grants, PoolUsage(used), until, context.config.wallet.drawdown).by_day(), used)


def cost_sums(rates: DayRates | None, by_day: Iterable[tuple[date, Decimal]], what: str = "credits") -> list[str]:
    """Return the arithmetic of a cost in words: credits of each price × that price, and their sum."""
    if rates is None:
        return []
    known = list(by_day)
    kinds = sorted(rates.by_kind(known).items(), key=lambda kind: (kind[0].place, kind[0].price))
    terms = [_term(kind.name, usd_of(amount), usd_of(kind.price), what) for kind, amount in kinds if amount]
    if len(terms) < 2:  # noqa: PLR2004 - one term is its own sum
        return [line for line, _ in terms]
    return [*(line for line, _ in terms), f"{' + '.join(cost for _, cost in terms)} = {usd(rates.cost(known))}"]


def _term(name: str, amount: Decimal, price: Decimal, what: str) -> tuple[str, str]:
    cost = usd(amount * price)
    named = f"{what} {name}" if name else what
    return f"{number(amount)} {named} × {usd_exact(price)} = {cost}", cost
