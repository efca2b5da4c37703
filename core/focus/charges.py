"""The wallet in FOCUS 1.2, the FinOps specification of cost and usage: rows for purchases, usage, and expired credits.

A grant is a purchase of a virtual currency and, in FOCUS terms, a commitment: its rows carry the grant's id, so that for each
grant the effective cost of used and of expired credits adds up to the billed cost. Usage draws on the grants in the wallet's
own order; usage that no grant covers is billed when it occurs, in arrears, at the contracted rate.

Source: FOCUS 1.2, focus.finops.org; domain of virtual currencies and commitment discounts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from core.days import DAYS_IN_YEAR
from core.focus.columns import CREDITS, UNIT_PRICE, commitment, common, price_columns, usage_dimensions, usage_price
from core.wallet.ledger import OPEN_END, OPEN_START, PoolUsage, draw_down

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from core.config import Drawdown
    from core.focus.columns import Book, Export, Row
    from core.wallet.ledger import Grant, Pool

MICRO = Decimal("0.000001")


@dataclass(slots=True)
class ChargeRates:
    """The part of each grant's price allocated to its credits so far; exact at the end, whatever the price."""

    book: Book
    spent: dict[str, Decimal] = field(default_factory=dict)

    def of(self, grant: Grant, credits_used: Decimal) -> Decimal:
        """Return the part of the grant's price allocated to its next credits, to a millionth of a dollar."""
        before = self.spent.get(grant.name, Decimal(0))
        self.spent[grant.name] = before + credits_used
        return self._carry(grant, before + credits_used) - self._carry(grant, before)

    def _carry(self, grant: Grant, credits_used: Decimal) -> Decimal:
        return (self.book.price_paid(grant) * credits_used / grant.credits).quantize(MICRO, ROUND_HALF_UP)


def focus_rows(usage: Sequence[Mapping[str, Any]], grants: Sequence[Grant], order: Drawdown, export: Export) -> Iterator[Row]:
    """Yield the rows of the exported days: purchases that begin in them, usage, and grants that expire in them.

    usage: rows of the query focus_usage from the very first day, so that every grant is drawn down from its start.
    A later purchase for another card is not included.
    """
    by_day: dict[date, list[Mapping[str, Any]]] = {}
    for row in usage:
        by_day.setdefault(row["day"], []).append(row)
    begun = [grant for grant in grants if grant.credits and grant.first_day < export.day_after_last]
    totals = {day: sum((row["credits"] for row in rows), Decimal(0)) for day, rows in by_day.items()}
    pool = draw_down(begun, PoolUsage(totals), export.day_after_last, order)
    drawn = pool.by_day()
    pool.expire(export.day_after_last)
    costs = ChargeRates(export.book)
    used = [row for day in sorted(by_day) for row in _usage_rows(by_day[day], drawn.get(day, ()), costs, export)]
    unused = list(_expiry_rows(pool, costs, export))
    left = {line.grant.name: costs.of(line.grant, line.left) for line in pool.lines}
    yield from _purchase_rows(begun, left, pool, export)
    yield from used
    yield from unused


def _purchase_rows(grants: Iterable[Grant], left: Mapping[str, Decimal], pool: Pool, export: Export) -> Iterator[Row]:
    lines = {line.grant.name: line for line in pool.lines}
    for grant in sorted(grants, key=lambda grant: (grant.first_day, grant.name)):
        first = _begins(grant, export)
        if not export.holds(first) or grant.credits <= 0:
            continue
        yield _purchase(grant, first, left.get(grant.name, Decimal(0)), export)
        taken = lines[grant.name].taken_back
        if taken:
            yield _correction_row(grant, first, taken, export)


def _begins(grant: Grant, export: Export) -> date:
    return export.first_day if grant.first_day == OPEN_START else grant.first_day


def _purchase(grant: Grant, first: date, unused: Decimal, export: Export) -> Row:
    book, paid = export.book, export.book.price_paid(grant)
    ends = grant.day_after_last if grant.day_after_last != OPEN_END else first + timedelta(days=1) * DAYS_IN_YEAR
    unit = (paid / grant.credits).quantize(UNIT_PRICE)
    return {
        **common(first, ends, export),
        **commitment(grant, grant.credits),
        **price_columns(grant.credits, CREDITS, book.list_price, unit),
        "BilledCost": paid,
        "EffectiveCost": Decimal(0),
        "ChargeCategory": "Purchase",
        "ChargeFrequency": "One-Time",
        "ChargeDescription": f"{CREDITS} granted: {grant.name}{f' ({grant.kind})' if grant.kind else ''}",
        "PricingCategory": "Standard",
        "PricingCurrencyListUnitPrice": Decimal(1),
        "PricingCurrencyContractedUnitPrice": Decimal(1),
        "PricingCurrencyEffectiveCost": Decimal(0),
        "SkuId": "FlexCredits",
        "SkuMeter": CREDITS,
        "SkuPriceId": "FlexCredits/purchase",
        "x_UnusedCost": unused,
    }


def _correction_row(grant: Grant, first: date, taken: Decimal, export: Export) -> Row:
    """Return a correction: credits taken back reduce the purchase, at the price paid for them."""
    refund = (export.book.price_paid(grant) * taken / grant.credits).quantize(MICRO, ROUND_HALF_UP)
    row = _purchase(grant, first, Decimal(0), export)
    return row | {
        "BilledCost": -refund,
        "ChargeClass": "Correction",
        "ChargeDescription": f"{CREDITS} taken back from {grant.name}",
        "CommitmentDiscountQuantity": None,
        "CommitmentDiscountUnit": None,
        "PricingQuantity": -taken,
        "ListCost": -taken * row["ListUnitPrice"],
        "ContractedCost": -taken * row["ContractedUnitPrice"],
        "x_UnusedCost": None,
    }


@dataclass(frozen=True, slots=True)
class _Share:
    """The part of a usage row that one grant covers; None for the part that no grant covers."""

    row: Mapping[str, Any]
    grant: Grant | None
    credits: Decimal
    actions: Decimal


def _usage_rows(
    rows: Sequence[Mapping[str, Any]], drawn: Sequence[tuple[Grant | None, Decimal]], costs: ChargeRates, export: Export
) -> Iterator[Row]:
    """Yield the rows of a day, one grant per row: if several grants cover a day, each covers the same share of every row."""
    for share in _shares(rows, drawn):
        cost = costs.of(share.grant, share.credits) if share.grant else share.credits * export.book.overdrawn_price
        if export.holds(share.row["day"]):
            yield _usage_row(share, cost if drawn else Decimal(0), export)


def _shares(rows: Sequence[Mapping[str, Any]], drawn: Sequence[tuple[Grant | None, Decimal]]) -> Iterator[_Share]:
    """Yield the rows' parts, to a millionth of a credit; a row's parts add up to the row, a grant's parts to its drawdown.

    A day whose corrections cancel all its usage draws nothing: its rows stay whole and cost nothing.
    """
    whole = sum((credits_drawn for _, credits_drawn in drawn), Decimal(0))
    if len(drawn) < 2:  # noqa: PLR2004 - nothing to divide
        yield from (_Share(row, drawn[0][0] if drawn else None, row["credits"], row["actions"]) for row in rows)
        return
    so_far, given = Decimal(0), [Decimal(0)] * len(drawn)
    for row in rows:
        so_far += row["credits"]
        credits_left, actions_left = row["credits"], row["actions"]
        for place, (grant, credits_drawn) in enumerate(drawn):
            is_last = place == len(drawn) - 1
            part = credits_left if is_last else _micro(so_far * credits_drawn / whole) - given[place]
            actions = actions_left if is_last else _micro(row["actions"] * credits_drawn / whole)
            given[place] += part
            credits_left, actions_left = credits_left - part, actions_left - actions
            if part or actions:
                yield _Share(row, grant, part, actions)


def _micro(value: Decimal) -> Decimal:
    return value.quantize(MICRO, ROUND_HALF_UP)


def _usage_row(share: _Share, cost: Decimal, export: Export) -> Row:
    return {
        **common(share.row["day"], share.row["day"] + timedelta(days=1), export),
        **(commitment(share.grant, share.credits) if share.grant else {}),
        **usage_price(share.row, share.actions, share.credits, export.book),
        **usage_dimensions(share.row),
        "BillingAccountId": share.row["paying_org"] or export.account,
        "BillingAccountName": share.row["paying_org"] or export.account,
        "BilledCost": Decimal(0) if share.grant else cost,
        "EffectiveCost": cost,
        "ChargeCategory": "Usage",
        "ChargeFrequency": "Usage-Based",
        "CommitmentDiscountStatus": "Used" if share.grant else None,
        "PricingCategory": "Committed" if share.grant else "Standard",
        "PricingCurrencyEffectiveCost": share.credits,
    }


def _expiry_rows(pool: Pool, costs: ChargeRates, export: Export) -> Iterator[Row]:
    for line in pool.lines:
        if line.expired and line.grant.day_after_last <= export.day_after_last:
            cost = costs.of(line.grant, line.expired)
            if export.holds(line.grant.day_after_last - timedelta(days=1)):
                yield _expired_row(line.grant, line.expired, cost, export)


def _expired_row(grant: Grant, credits_left: Decimal, cost: Decimal, export: Export) -> Row:
    book, last_day = export.book, grant.day_after_last - timedelta(days=1)
    return {
        **common(last_day, grant.day_after_last, export),
        **commitment(grant, credits_left),
        **price_columns(credits_left, CREDITS, book.list_price, book.contract_price.quantize(UNIT_PRICE)),
        "BilledCost": Decimal(0),
        "EffectiveCost": cost,
        "ChargeCategory": "Usage",
        "ChargeFrequency": "Usage-Based",
        "ChargeDescription": f"{CREDITS} of {grant.name} that expired unused",
        "CommitmentDiscountStatus": "Unused",
        "PricingCategory": "Committed",
        "PricingCurrencyListUnitPrice": Decimal(1),
        "PricingCurrencyContractedUnitPrice": Decimal(1),
        "PricingCurrencyEffectiveCost": credits_left,
        "SkuId": "FlexCredits",
        "SkuMeter": CREDITS,
        "SkuPriceId": "FlexCredits/unused",
    }
