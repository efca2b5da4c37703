"""Dated exchange rates, and amounts shown in another currency next to dollars."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.currency.display import show_in_currency
    from core.currency.exchange_rates import (
        DOLLAR,
        USUAL_REACH_DAYS,
        CurrencySettings,
        ExchangeRate,
        ExchangeRates,
        NoRateError,
        RateInput,
        rates_of,
    )
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "display": "show_in_currency",
            "exchange_rates": (
                "CurrencySettings DOLLAR ExchangeRate ExchangeRates NoRateError RateInput USUAL_REACH_DAYS rates_of"
            ),
        },
    )

__all__ = [
    "DOLLAR",
    "USUAL_REACH_DAYS",
    "CurrencySettings",
    "ExchangeRate",
    "ExchangeRates",
    "NoRateError",
    "RateInput",
    "rates_of",
    "show_in_currency",
]
