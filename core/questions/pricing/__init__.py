"""Handlers of prices: price, compare, break-even, total cost of ownership."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.questions.pricing.compare import EXCLUDE_EACH_OTHER, NOT_OFFERED_COLUMNS, price_rows, recommend, said_items
    from core.questions.pricing.users import answer_users
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "compare": "EXCLUDE_EACH_OTHER NOT_OFFERED_COLUMNS price_rows recommend said_items",
            "users": "answer_users",
        },
    )

__all__ = ["EXCLUDE_EACH_OTHER", "NOT_OFFERED_COLUMNS", "answer_users", "price_rows", "recommend", "said_items"]
