"""How people write numbers and times, one grammar for each; the output is ISO text and plain decimals."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.ingest.values.decisions import Dates, FileOrder, decide_date_order, decide_mark
    from core.wallet.ingest.values.numerals import bare_number, mark_stated, plain_number, without_text_mark
    from core.wallet.ingest.values.reject_reasons import (
        ENDS_BEFORE_IT_STARTS,
        MISSING,
        NEGATIVE,
        NOT_OF_THIS_CENTURY,
        SKIPPED,
        UNREADABLE,
        remedy_of,
    )
    from core.wallet.ingest.values.time_zones import (
        ClockChange,
        ambiguous_time_sql,
        amid_day,
        clock_changes,
        first_offset,
        local_day_sql,
        utc_sql,
        zone,
    )
    from core.wallet.ingest.values.times import (
        Order,
        has_clock,
        in_zone,
        is_time,
        iso_time,
        order_stated,
        states_clock,
        unclear_zone,
    )
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "decisions": "Dates FileOrder decide_date_order decide_mark",
            "numerals": "bare_number mark_stated plain_number without_text_mark",
            "reject_reasons": "ENDS_BEFORE_IT_STARTS MISSING NEGATIVE NOT_OF_THIS_CENTURY SKIPPED UNREADABLE remedy_of",
            "time_zones": "ClockChange ambiguous_time_sql amid_day clock_changes first_offset local_day_sql utc_sql zone",
            "times": "Order has_clock in_zone is_time iso_time order_stated states_clock unclear_zone",
        },
    )

__all__ = [
    "ENDS_BEFORE_IT_STARTS",
    "MISSING",
    "NEGATIVE",
    "NOT_OF_THIS_CENTURY",
    "SKIPPED",
    "UNREADABLE",
    "ClockChange",
    "Dates",
    "FileOrder",
    "Order",
    "ambiguous_time_sql",
    "amid_day",
    "bare_number",
    "clock_changes",
    "decide_date_order",
    "decide_mark",
    "first_offset",
    "has_clock",
    "in_zone",
    "is_time",
    "iso_time",
    "local_day_sql",
    "mark_stated",
    "order_stated",
    "plain_number",
    "remedy_of",
    "states_clock",
    "unclear_zone",
    "utc_sql",
    "without_text_mark",
    "zone",
]
