"""Handlers of prices: price, compare, break-even, total cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.questions.pricing import from_question
    from core.questions.pricing.compare import EXCLUDE_EACH_OTHER, NOT_OFFERED_COLUMNS, price_rows, recommend, said_items
    from core.questions.pricing.from_question import disputed_claim_note
    from core.questions.pricing.ranges import answer_range
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "compare": "EXCLUDE_EACH_OTHER NOT_OFFERED_COLUMNS price_rows recommend said_items",
            "from_question": "disputed_claim_note",
            "ranges": "answer_range",
        },
    )

__all__ = [
    "EXCLUDE_EACH_OTHER",
    "NOT_OFFERED_COLUMNS",
    "answer_range",
    "disputed_claim_note",
    "from_question",
    "price_rows",
    "recommend",
    "said_items",
]
