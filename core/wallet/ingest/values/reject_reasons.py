"""Why rows are rejected, each reason with its remedy: one record per reason."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.wallet.ingest.values.times import unclear_zone


@dataclass(frozen=True, slots=True)
class RejectReason:
    """A reason in words, and the setting or change with which a row rejected for it can be read.

    reason: `{}` is the time zone, if one decides.
    """

    reason: str
    remedy: str

    def is_of(self, said: str) -> bool:
        """Whether a row was rejected for this reason. said: what was stored with it."""
        return bool(re.fullmatch(re.escape(self.reason).replace(r"\{\}", ".+"), said))


MISSING = RejectReason("missing", "Fill it in, or delete the row if it is no use.")
NOT_A_TIME = RejectReason("not a time", "Write times as 2026-07-13T10:00:00Z, or as a locale of Salesforce writes them.")
NOT_A_DAY = RejectReason("not a day", "Write days as 2026-07-13, or as a locale of Salesforce writes them.")
NOT_OF_THIS_CENTURY = RejectReason("not a time of this century", "Correct the year.")
SKIPPED = RejectReason(
    "a time that the clocks in {} skipped",
    "Set wallet.export_time_zone to the zone of the person who ran the report, or export times with a zone.",
)
NOT_A_NUMBER = RejectReason("not a number", "Write numbers as 1200.5, without units such as k or %.")
NOT_A_WHOLE_NUMBER = RejectReason("not a whole number", "Write whole numbers as 1200.")
NEITHER_TRUE_NOR_FALSE = RejectReason("neither true nor false", "Write true or false.")
NEGATIVE = RejectReason("negative", "Delete the minus sign; reductions have a column or a type of their own.")
ENDS_BEFORE_IT_STARTS = RejectReason("before the start", "Correct the first or the last day of the term.")

REASONS = (
    *(MISSING, NOT_A_TIME, NOT_A_DAY, NOT_OF_THIS_CENTURY, SKIPPED, NOT_A_NUMBER, NOT_A_WHOLE_NUMBER),
    *(NEITHER_TRUE_NOR_FALSE, NEGATIVE, ENDS_BEFORE_IT_STARTS),
)
UNREADABLE = {
    "instant": NOT_A_TIME,
    "day": NOT_A_DAY,
    "number": NOT_A_NUMBER,
    "count": NOT_A_WHOLE_NUMBER,
    "flag": NEITHER_TRUE_NOR_FALSE,
}


def remedy_of(said: str, value: str) -> str:
    """Return how a row can be read. said: the reason stored with it; value: what was not read. Empty for a row cut wrongly."""
    place = unclear_zone(value) if NOT_A_TIME.is_of(said) else ""
    if place:
        return f"{place} is the name of several zones: set wallet.export_time_zone to the one that is meant, as Europe/London."
    return next((reason.remedy for reason in REASONS if reason.is_of(said)), "")
