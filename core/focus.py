"""The wallet in FOCUS 1.2, the FinOps specification of cost and usage: rows of purchases, use, and what expired.

A grant is a purchase of a virtual currency and, to FOCUS, a commitment: its rows carry the grant's id, so that for each
grant the effective cost of what was used and of what expired unused adds up to what was billed for it. Use draws on the
grants in the wallet's own order; use that no grant covers is billed where it happens, in arrears.

Source: FOCUS 1.2, focus.finops.org; domain of virtual currencies and commitment discounts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from core.wallet.balance import OPEN_END, OPEN_START, draws_by_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import tzinfo

    from core.wallet.balance import Grant, Pool
    from core.wallet.settings import Drawdown

NOTHING = Decimal(0)
MICRO = Decimal("0.000001")
UNIT_PRICE = Decimal("0.0000000001")
ONE_DAY = timedelta(days=1)
DAYS_IN_YEAR = 365
MONTHS = 12
VENDOR, CREDITS, ACTIONS = "Salesforce", "Flex Credits", "Actions"
FREE_KINDS = ("foundations", "reimbursement")

TEXT, MONEY, INSTANT = "VARCHAR", "DECIMAL(38,16)", "TIMESTAMP WITH TIME ZONE"
COLUMNS: Mapping[str, str] = {
    "BilledCost": MONEY,
    "BillingAccountId": TEXT,
    "BillingAccountName": TEXT,
    "BillingAccountType": TEXT,
    "BillingCurrency": TEXT,
    "BillingPeriodEnd": INSTANT,
    "BillingPeriodStart": INSTANT,
    "ChargeCategory": TEXT,
    "ChargeClass": TEXT,
    "ChargeDescription": TEXT,
    "ChargeFrequency": TEXT,
    "ChargePeriodEnd": INSTANT,
    "ChargePeriodStart": INSTANT,
    "CommitmentDiscountCategory": TEXT,
    "CommitmentDiscountId": TEXT,
    "CommitmentDiscountName": TEXT,
    "CommitmentDiscountQuantity": MONEY,
    "CommitmentDiscountStatus": TEXT,
    "CommitmentDiscountType": TEXT,
    "CommitmentDiscountUnit": TEXT,
    "ConsumedQuantity": MONEY,
    "ConsumedUnit": TEXT,
    "ContractedCost": MONEY,
    "ContractedUnitPrice": MONEY,
    "EffectiveCost": MONEY,
    "InvoiceId": TEXT,
    "InvoiceIssuerName": TEXT,
    "ListCost": MONEY,
    "ListUnitPrice": MONEY,
    "PricingCategory": TEXT,
    "PricingCurrency": TEXT,
    "PricingCurrencyContractedUnitPrice": MONEY,
    "PricingCurrencyEffectiveCost": MONEY,
    "PricingCurrencyListUnitPrice": MONEY,
    "PricingQuantity": MONEY,
    "PricingUnit": TEXT,
    "ProviderName": TEXT,
    "PublisherName": TEXT,
    "ResourceId": TEXT,
    "ResourceName": TEXT,
    "ResourceType": TEXT,
    "ServiceCategory": TEXT,
    "ServiceName": TEXT,
    "ServiceSubcategory": TEXT,
    "SkuId": TEXT,
    "SkuMeter": TEXT,
    "SkuPriceDetails": TEXT,
    "SkuPriceId": TEXT,
    "SubAccountId": TEXT,
    "SubAccountName": TEXT,
    "SubAccountType": TEXT,
    "Tags": TEXT,
    "x_Action": TEXT,
    "x_Environment": TEXT,
    "x_UnusedCost": MONEY,
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Book:
    """The prices of an export, in dollars per credit, and credits per action by kind and environment.

    overage: of use that no grant covers. paid: what was paid for a grant, by its name, where app.yaml says.
    """

    list_price: Decimal
    contract_price: Decimal
    overage_price: Decimal
    credits_per_action: Mapping[tuple[str, str], Decimal]
    paid: Mapping[str, Decimal] = field(default_factory=dict)

    def paid_for(self, grant: Grant) -> Decimal:
        """Return what a grant cost: what app.yaml says, nothing for free credits, else the contract's price."""
        if grant.name in self.paid:
            return self.paid[grant.name]
        if any(kind in grant.kind.lower() for kind in FREE_KINDS):
            return NOTHING
        return grant.credits * self.contract_price

    def credits_each(self, usage_type: str, environment: str) -> Decimal:
        """Return the list price of an action in credits."""
        kind = "voice" if "voice" in usage_type.lower() else "action"
        return self.credits_per_action[kind, "sandbox" if environment == "sandbox" else "production"]


@dataclass(slots=True)
class Costs:
    """What of each grant's price its credits have carried so far; exact at the end, whatever the price."""

    book: Book
    spent: dict[str, Decimal] = field(default_factory=dict)

    def of(self, grant: Grant, credits_used: Decimal) -> Decimal:
        """Return the part of the grant's price that the next so many of its credits carry, to a millionth of a dollar."""
        before = self.spent.get(grant.name, NOTHING)
        self.spent[grant.name] = before + credits_used
        return self._carried(grant, before + credits_used) - self._carried(grant, before)

    def _carried(self, grant: Grant, credits_used: Decimal) -> Decimal:
        return (self.book.paid_for(grant) * credits_used / grant.credits).quantize(MICRO, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Export:
    """What an export is of: half-open days in the team's zone, the account billed, the card's use and grants."""

    first_day: date
    day_after_last: date
    zone: tzinfo
    account: str
    book: Book

    def holds(self, day: date) -> bool:
        """Whether the day is exported."""
        return self.first_day <= day < self.day_after_last


def focus_rows(usage: Sequence[Mapping[str, Any]], grants: Sequence[Grant], order: Drawdown, export: Export) -> Iterator[Row]:
    """Yield the rows of the exported days: purchases that begin in them, use, and grants that expire in them.

    usage: rows of the query focus_usage from the first day of all on, so that every grant is drawn from its start.
    A later purchase of another card is not among them.
    """
    by_day: dict[date, list[Mapping[str, Any]]] = {}
    for row in usage:
        by_day.setdefault(row["day"], []).append(row)
    begun = [grant for grant in grants if grant.first_day < export.day_after_last]
    totals = {day: sum((row["credits"] for row in rows), NOTHING) for day, rows in by_day.items()}
    drawn, pool = draws_by_day(begun, totals, order)
    pool.expire(export.day_after_last)
    costs = Costs(export.book)
    used = [row for day in sorted(by_day) for row in _usage_rows(by_day[day], drawn[day], costs, export)]
    unused = list(_unused_rows(pool, costs, export))
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
        yield _purchase(grant, first, left.get(grant.name, NOTHING), export)
        taken = lines[grant.name].taken_back
        if taken:
            yield _taken_back(grant, first, taken, export)


def _begins(grant: Grant, export: Export) -> date:
    return export.first_day if grant.first_day == OPEN_START else grant.first_day


def _purchase(grant: Grant, first: date, unused: Decimal, export: Export) -> Row:
    book, paid = export.book, export.book.paid_for(grant)
    ends = grant.day_after_last if grant.day_after_last != OPEN_END else first + ONE_DAY * DAYS_IN_YEAR
    unit = (paid / grant.credits).quantize(UNIT_PRICE)
    return {
        **_common(first, ends, export),
        **_commitment(grant, grant.credits),
        **_priced(grant.credits, CREDITS, book.list_price, unit),
        "BilledCost": paid,
        "EffectiveCost": NOTHING,
        "ChargeCategory": "Purchase",
        "ChargeFrequency": "One-Time",
        "ChargeDescription": f"{CREDITS} granted: {grant.name}{f' ({grant.kind})' if grant.kind else ''}",
        "PricingCategory": "Standard",
        "PricingCurrencyListUnitPrice": Decimal(1),
        "PricingCurrencyContractedUnitPrice": Decimal(1),
        "PricingCurrencyEffectiveCost": NOTHING,
        "SkuId": "FlexCredits",
        "SkuMeter": CREDITS,
        "SkuPriceId": "FlexCredits/purchase",
        "x_UnusedCost": unused,
    }


def _taken_back(grant: Grant, first: date, taken: Decimal, export: Export) -> Row:
    """Return a correction: credits taken back lower what was bought, at the price that was paid for them."""
    refund = (export.book.paid_for(grant) * taken / grant.credits).quantize(MICRO, ROUND_HALF_UP)
    row = _purchase(grant, first, NOTHING, export)
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


@dataclass(slots=True)
class _Draw:
    """What is still to be shared out of a day's draw on one grant; None is what no grant covered."""

    grant: Grant | None
    credits: Decimal


@dataclass(frozen=True, slots=True)
class _Share:
    """The part of a row of usage that one grant pays for."""

    row: Mapping[str, Any]
    grant: Grant | None
    credits: Decimal
    actions: Decimal


def _usage_rows(
    rows: Iterable[Mapping[str, Any]], drawn: Sequence[tuple[Grant | None, Decimal]], costs: Costs, export: Export
) -> Iterator[Row]:
    """Yield the rows of a day, each of one grant: a row that two grants pay for is split, its actions with it."""
    draws = [_Draw(grant, amount) for grant, amount in drawn] or [_Draw(None, NOTHING)]
    for share in (share for row in rows for share in _shares(row, draws)):
        cost = costs.of(share.grant, share.credits) if share.grant else share.credits * export.book.overage_price
        if export.holds(share.row["day"]):
            yield _used(share, cost, export)


def _shares(row: Mapping[str, Any], draws: list[_Draw]) -> Iterator[_Share]:
    """Yield the row's parts, taking them out of the day's draws; the last draw takes whatever is left."""
    credits_left, actions_left = row["credits"], row["actions"]
    while len(draws) > 1 and abs(credits_left) > abs(draws[0].credits):
        part = draws.pop(0)
        actions = (actions_left * part.credits / credits_left).quantize(MICRO)
        yield _Share(row, part.grant, part.credits, actions)
        credits_left, actions_left = credits_left - part.credits, actions_left - actions
    draws[0].credits -= credits_left
    yield _Share(row, draws[0].grant, credits_left, actions_left)


def _used(share: _Share, cost: Decimal, export: Export) -> Row:
    return {
        **_common(share.row["day"], share.row["day"] + ONE_DAY, export),
        **(_commitment(share.grant, share.credits) if share.grant else {}),
        **_used_price(share, export.book),
        **_used_what(share.row),
        "BillingAccountId": share.row["paying_org"] or export.account,
        "BillingAccountName": share.row["paying_org"] or export.account,
        "BilledCost": NOTHING if share.grant else cost,
        "EffectiveCost": cost,
        "ChargeCategory": "Usage",
        "ChargeFrequency": "Usage-Based",
        "CommitmentDiscountStatus": "Used" if share.grant else None,
        "PricingCategory": "Committed" if share.grant else "Standard",
        "PricingCurrencyEffectiveCost": share.credits,
    }


def _used_price(share: _Share, book: Book) -> Row:
    """Return actions at their price in credits; use that has no actions is priced by the credit."""
    usage_type, environment = share.row["usage_type"], share.row["environment"]
    quantity, unit = (share.actions, ACTIONS) if share.actions else (share.credits, CREDITS)
    each = book.credits_each(usage_type, environment) if share.actions else Decimal(1)
    actual = (share.credits / quantity).quantize(UNIT_PRICE) if quantity else Decimal(1)
    sku = usage_type or "FlexCredits"
    return {
        **_priced(quantity, unit, book.list_price * each, (book.contract_price * actual).quantize(UNIT_PRICE)),
        "ConsumedQuantity": quantity,
        "ConsumedUnit": unit,
        "PricingCurrencyListUnitPrice": each,
        "PricingCurrencyContractedUnitPrice": actual,
        "SkuId": sku,
        "SkuMeter": unit,
        "SkuPriceId": f"{sku}/{environment}",
        "SkuPriceDetails": json.dumps({"x_environment": environment}),
    }


def _used_what(row: Mapping[str, Any]) -> Row:
    """Return who used it, on what; empty text of the export is null in FOCUS."""
    agent, action, org = row["agent"] or None, row["action"] or None, row["org"] or None
    return {
        "ChargeDescription": ", ".join(word for word in (agent, action, row["environment"]) if word),
        "ResourceId": agent,
        "ResourceName": agent,
        "ResourceType": "Agent" if agent else None,
        "SubAccountId": org,
        "SubAccountName": org,
        "SubAccountType": "Salesforce org" if org else None,
        "Tags": _tags(row),
        "x_Action": action,
        "x_Environment": row["environment"],
    }


def _unused_rows(pool: Pool, costs: Costs, export: Export) -> Iterator[Row]:
    for line in pool.lines:
        if line.expired and line.grant.day_after_last <= export.day_after_last:
            cost = costs.of(line.grant, line.expired)
            if export.holds(line.grant.day_after_last - ONE_DAY):
                yield _expired(line.grant, line.expired, cost, export)


def _expired(grant: Grant, credits_left: Decimal, cost: Decimal, export: Export) -> Row:
    book, last_day = export.book, grant.day_after_last - ONE_DAY
    return {
        **_common(last_day, grant.day_after_last, export),
        **_commitment(grant, credits_left),
        **_priced(credits_left, CREDITS, book.list_price, book.contract_price.quantize(UNIT_PRICE)),
        "BilledCost": NOTHING,
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


def _common(first: date, after_last: date, export: Export) -> Row:
    month = first.replace(day=1)
    next_month = date(month.year + month.month // MONTHS, month.month % MONTHS + 1, 1)
    return {
        "BillingAccountId": export.account,
        "BillingAccountName": export.account,
        "BillingAccountType": "Salesforce org",
        "BillingCurrency": "USD",
        "BillingPeriodStart": _instant(month, export.zone),
        "BillingPeriodEnd": _instant(next_month, export.zone),
        "ChargePeriodStart": _instant(first, export.zone),
        "ChargePeriodEnd": _instant(after_last, export.zone),
        "InvoiceIssuerName": VENDOR,
        "ProviderName": VENDOR,
        "PublisherName": VENDOR,
        "PricingCurrency": CREDITS,
        "ServiceCategory": "AI and Machine Learning",
        "ServiceName": "Agentforce",
        "ServiceSubcategory": "Generative AI",
    }


def _commitment(grant: Grant, credits_meant: Decimal) -> Row:
    return {
        "CommitmentDiscountCategory": "Usage",
        "CommitmentDiscountId": grant.name,
        "CommitmentDiscountName": grant.kind or grant.name,
        "CommitmentDiscountType": f"{CREDITS} grant",
        "CommitmentDiscountQuantity": credits_meant,
        "CommitmentDiscountUnit": CREDITS,
    }


def _priced(quantity: Decimal, unit: str, list_price: Decimal, contract_price: Decimal) -> Row:
    """Return a quantity at the two unit prices; each cost is exactly its unit price times the quantity."""
    at_list = list_price.quantize(UNIT_PRICE)
    return {
        "PricingQuantity": quantity,
        "PricingUnit": unit,
        "ListUnitPrice": at_list,
        "ListCost": at_list * quantity,
        "ContractedUnitPrice": contract_price,
        "ContractedCost": contract_price * quantity,
    }


def _instant(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _tags(row: Mapping[str, Any]) -> str | None:
    tags = {name: row[name] for name in ("department", "use_case") if row[name]}
    return json.dumps(tags, ensure_ascii=False) if tags else None
