"""The columns of FOCUS 1.2, and those common to all rows: account, periods, prices, dimensions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.days import MONTHS_IN_YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from core.wallet.ledger import Grant
    from core.wallet.usage import CreditPrices

UNIT_PRICE = Decimal("0.0000000001")
VENDOR, CREDITS, ACTIONS = "Salesforce", "Flex Credits", "Actions"

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
    """The prices of an export, in dollars per credit, and credits per action by kind and environment."""

    list_price: Decimal
    prices: CreditPrices
    credits_per_action: Mapping[tuple[str, str], Decimal]

    @property
    def contract_price(self) -> Decimal:
        """The contracted price in dollars per credit."""
        return self.prices.contract

    @property
    def overdrawn_price(self) -> Decimal:
        """The price in dollars per credit of usage that no grant covers."""
        return self.prices.overdrawn

    def price_paid(self, grant: Grant) -> Decimal:
        """Return what a grant cost."""
        return self.prices.paid_for(grant)

    def credits_each(self, usage_type: str, environment: str) -> Decimal:
        """Return the list price of an action in credits."""
        kind = "voice" if "voice" in usage_type.lower() else "action"
        return self.credits_per_action[kind, "sandbox" if environment == "sandbox" else "production"]


@dataclass(frozen=True, slots=True)
class Export:
    """The subject of an export: half-open days in the team's time zone, the billed account, the card's usage and grants."""

    first_day: date
    day_after_last: date
    zone: tzinfo
    account: str
    book: Book

    def holds(self, day: date) -> bool:
        """Whether the day is exported."""
        return self.first_day <= day < self.day_after_last


def common(first: date, after_last: date, export: Export) -> Row:
    """Return the columns of every row: provider and invoice issuer, the service, and its periods in UTC."""
    month = first.replace(day=1)
    next_month = date(month.year + month.month // MONTHS_IN_YEAR, month.month % MONTHS_IN_YEAR + 1, 1)
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


def commitment(grant: Grant, credits_meant: Decimal) -> Row:
    """Return the grant as a FOCUS commitment, and the quantity that the row refers to."""
    return {
        "CommitmentDiscountCategory": "Usage",
        "CommitmentDiscountId": grant.name,
        "CommitmentDiscountName": grant.kind or grant.name,
        "CommitmentDiscountType": f"{CREDITS} grant",
        "CommitmentDiscountQuantity": credits_meant,
        "CommitmentDiscountUnit": CREDITS,
    }


def price_columns(quantity: Decimal, unit: str, list_price: Decimal, contract_price: Decimal) -> Row:
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


def usage_price(row: Mapping[str, Any], actions: Decimal, credits_used: Decimal, book: Book) -> Row:
    """Return actions at their price in credits; usage without actions is priced per credit."""
    usage_type, environment = row["usage_type"], row["environment"]
    quantity, unit = (actions, ACTIONS) if actions else (credits_used, CREDITS)
    each = book.credits_each(usage_type, environment) if actions else Decimal(1)
    actual = (credits_used / quantity).quantize(UNIT_PRICE) if quantity else Decimal(1)
    sku = usage_type or "FlexCredits"
    return {
        **price_columns(quantity, unit, book.list_price * each, (book.contract_price * actual).quantize(UNIT_PRICE)),
        "ConsumedQuantity": quantity,
        "ConsumedUnit": unit,
        "PricingCurrencyListUnitPrice": each,
        "PricingCurrencyContractedUnitPrice": actual,
        "SkuId": sku,
        "SkuMeter": unit,
        "SkuPriceId": f"{sku}/{environment}",
        "SkuPriceDetails": json.dumps({"x_environment": environment}),
    }


def usage_dimensions(row: Mapping[str, Any]) -> Row:
    """Return the dimensions of a usage row; empty text in the export is null in FOCUS."""
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
