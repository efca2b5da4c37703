"""Usage by day, period and slice, and what changed between periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.usage import facts, periods, slices
    from core.wallet.usage.changes import Grouping, Used, by_name, by_period, next_period, period_start, share_percent, total
    from core.wallet.usage.costs import CreditPrices, DayRates, usd_of
    from core.wallet.usage.distribution import Distribution, measure_distribution
    from core.wallet.usage.facts import Burn, Facts
    from core.wallet.usage.invoices import Invoice, InvoiceLine, invoice_of, share_out
    from core.wallet.usage.movers import Mover, find_movers, period_in, periods_in, write_change
    from core.wallet.usage.periods import PROVISIONAL, DayRange, Extent
    from core.wallet.usage.rates import cost_sums, flex_prices, grants_of, list_value
    from core.wallet.usage.slices import Costs, Scene
    from core.wallet.usage.variance import Period, Variance, VariancePart, list_effects, split
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "changes": "Grouping Used by_name by_period next_period period_start share_percent total",
            "costs": "CreditPrices DayRates usd_of",
            "distribution": "Distribution measure_distribution",
            "facts": "Burn Facts",
            "invoices": "Invoice InvoiceLine invoice_of share_out",
            "movers": "Mover find_movers period_in periods_in write_change",
            "periods": "DayRange Extent PROVISIONAL",
            "rates": "cost_sums flex_prices grants_of list_value",
            "slices": "Costs Scene",
            "variance": "Period Variance VariancePart list_effects split",
        },
    )

__all__ = [
    "PROVISIONAL",
    "Burn",
    "Costs",
    "CreditPrices",
    "DayRange",
    "DayRates",
    "Distribution",
    "Extent",
    "Facts",
    "Grouping",
    "Invoice",
    "InvoiceLine",
    "Mover",
    "Period",
    "Scene",
    "Used",
    "Variance",
    "VariancePart",
    "by_name",
    "by_period",
    "cost_sums",
    "facts",
    "find_movers",
    "flex_prices",
    "grants_of",
    "invoice_of",
    "list_effects",
    "list_value",
    "measure_distribution",
    "next_period",
    "period_in",
    "period_start",
    "periods",
    "periods_in",
    "share_out",
    "share_percent",
    "slices",
    "split",
    "total",
    "usd_of",
    "write_change",
]
