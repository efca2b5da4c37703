"""A month as it is billed: drawdown by grant, overage in arrears, support on top; each line in whole cents."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from core.records import NamedTuple
from core.wallet.usage.costs import usd_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import TypeVar

    from core.wallet.ledger import Grant
    from core.wallet.usage.costs import DayRates
    from core.wallet.usage.periods import DayRange

    KeyT = TypeVar("KeyT", bound=Hashable)

WHOLE_CENTS = Decimal("0.01")
OVERAGE, SUPPORT = "Overage, in arrears", "Premier support"


class InvoiceLine(NamedTuple):
    """One line. credits, price: None for support. grant: None for overage and support. usd: in whole cents."""

    label: str
    credits: Decimal | None
    price: Decimal | None
    usd: Decimal
    grant: Grant | None = None


class Invoice(NamedTuple):
    """The invoice for the usage of some days: lines of grants, then overage if any, then support."""

    drawn: tuple[InvoiceLine, ...]
    overage: InvoiceLine | None
    support: InvoiceLine | None

    @property
    def lines(self) -> tuple[InvoiceLine, ...]:
        """All of them."""
        return (*self.drawn, *filter(None, (self.overage, self.support)))

    @property
    def drawn_usd(self) -> Decimal:
        """The drawdown of grants, which were paid for when they were bought."""
        return sum((line.usd for line in self.drawn), Decimal(0))

    @property
    def due_usd(self) -> Decimal:
        """The amount billed for the days: overage and support."""
        return sum((line.usd for line in (self.overage, self.support) if line), Decimal(0))

    @property
    def total_usd(self) -> Decimal:
        """All lines."""
        return self.drawn_usd + self.due_usd


def invoice_of(rates: DayRates, days: DayRange, support_percent: Decimal | None = None) -> Invoice:
    """Return the invoice of half-open days. support_percent: of the spend, None without support."""
    drawn: dict[int, tuple[Grant | None, Fraction]] = {}
    for day, parts in rates.parts.items():
        for grant, used in parts if days.first_day <= day < days.day_after_last else ():
            _, so_far = drawn.get(id(grant), (None, Fraction(0)))
            drawn[id(grant)] = (grant, so_far + Fraction(used))
    lines = [_line(rates, grant, used) for grant, used in drawn.values() if used]
    of_grants = sorted((line for line in lines if line.grant), key=lambda line: line.label)
    overage = next((line for line in lines if line.grant is None), None)
    spend = sum((line.usd for line in lines), Decimal(0))
    support = None
    if support_percent is not None and spend:
        support = InvoiceLine(SUPPORT, None, None, to_cents(spend * support_percent / Decimal(100)))
    return Invoice(tuple(of_grants), overage, support)


def _line(rates: DayRates, grant: Grant | None, used: Fraction) -> InvoiceLine:
    price = rates.prices.of(grant)
    return InvoiceLine(grant.name if grant else OVERAGE, usd_of(used), usd_of(price), to_cents(usd_of(used * price)), grant)


def to_cents(usd: Decimal) -> Decimal:
    """Return dollars in whole cents, halves away from zero, as invoices round."""
    return usd.quantize(WHOLE_CENTS, ROUND_HALF_UP)


def share_out(whole: Decimal, shares: Mapping[KeyT, Decimal]) -> dict[KeyT, Decimal]:
    """Return whole cents allocated by shares, so that they add up to the total: the largest remainders get the cents left over.

    If the shares add up to nothing, nothing is allocated.
    """
    total = sum(shares.values(), Decimal(0))
    if not total:
        return dict.fromkeys(shares, Decimal(0))
    exact = {key: whole * share / total for key, share in shares.items()}
    found = {key: amount.quantize(WHOLE_CENTS, ROUND_DOWN) for key, amount in exact.items()}
    left = int((whole - sum(found.values(), Decimal(0))) / WHOLE_CENTS)
    step = WHOLE_CENTS if left >= 0 else -WHOLE_CENTS
    by_rest = sorted(exact, key=lambda key: (-abs(exact[key] - found[key]), str(key)))
    for nth in range(abs(left)):
        found[by_rest[nth % len(by_rest)]] += step
    return found
