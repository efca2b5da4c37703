"""How people write numbers and times, one grammar for each; what comes out is ISO text and plain decimals."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.ingest.values.decisions import Dates, FileOrder, decide_date_order, decide_mark
    from core.wallet.ingest.values.numerals import bare_number, mark_stated, plain_number, without_text_mark
    from core.wallet.ingest.values.times import Order, has_clock, iso_time, order_stated
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "decisions": "Dates FileOrder decide_date_order decide_mark",
            "numerals": "bare_number mark_stated plain_number without_text_mark",
            "times": "Order has_clock iso_time order_stated",
        },
    )

__all__ = [
    "Dates",
    "FileOrder",
    "Order",
    "bare_number",
    "decide_date_order",
    "decide_mark",
    "has_clock",
    "iso_time",
    "mark_stated",
    "order_stated",
    "plain_number",
    "without_text_mark",
]
