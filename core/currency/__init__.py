"""Exchange rates with their days, amounts shown in another currency beside dollars, and contracts that are priced in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.currency.contract import contract_in_dollars
    from core.currency.display import show_in_currency
    from core.currency.rates import ExchangeRate, ExchangeRates, NoRateError, RateInput, rates_of
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "contract": "contract_in_dollars",
            "display": "show_in_currency",
            "rates": "ExchangeRate ExchangeRates NoRateError RateInput rates_of",
        },
    )

__all__ = [
    "ExchangeRate",
    "ExchangeRates",
    "NoRateError",
    "RateInput",
    "contract_in_dollars",
    "rates_of",
    "show_in_currency",
]
