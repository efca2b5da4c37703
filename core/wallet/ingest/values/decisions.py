"""Which of two readings a file means: decided once for the whole file, or refused with the setting that decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.wallet.ingest.values import file_reasons as reasons

if TYPE_CHECKING:
    from core.config import DateOrder, DecimalMark

FileOrder = Literal["year_first", "day_first", "month_first"]


@dataclass(frozen=True, slots=True)
class Dates:
    """The kinds of time in a file's columns."""

    zoned: int
    local: int
    dotted: int
    numbered: int
    first_above_12: int
    second_above_12: int
    example: str | None


def decide_date_order(name: str, dates: Dates, wanted: DateOrder | None) -> FileOrder:
    """Return the order of dates that do not start with the year. Raises: ExportError, if it is ambiguous."""
    if not dates.numbered:
        return "year_first"
    if dates.dotted == dates.numbered and dates.first_above_12 >= dates.second_above_12:
        return "day_first"  # nobody writes 7.31.2026
    if wanted:
        against = dates.second_above_12 if wanted == "day_first" else dates.first_above_12
        if against > (dates.first_above_12 + dates.second_above_12) // 2:
            raise reasons.OTHER_DATE_ORDER.refusal(order=wanted, name=name, example=dates.example)
        return wanted
    if bool(dates.first_above_12) == bool(dates.second_above_12):
        raise reasons.TWO_DATE_ORDERS.refusal(name=name, example=dates.example)
    return "day_first" if dates.first_above_12 else "month_first"


def decide_mark(  # noqa: PLR0913, PLR0917 -- what a file's numbers were counted as
    name: str, comma: int, point: int, either: int, example: str | None, wanted: DecimalMark | None
) -> DecimalMark:
    """Return the decimal mark of a file: how many of its numbers prove a comma, a point, or allow both readings.

    Raises: ExportError, if the file allows two readings or contradicts the wanted mark.
    """
    if wanted:
        _require_agreement(name, wanted, against=point if wanted == "," else comma, in_favour=comma if wanted == "," else point)
        return wanted
    if comma and point:
        raise reasons.BOTH_MARKS.refusal(name=name)
    if either and not comma and not point:
        raise reasons.TWO_MARKS.refusal(name=name, example=example)
    return "," if comma else "."


def _require_agreement(name: str, wanted: DecimalMark, *, against: int, in_favour: int) -> None:
    if against > in_favour:
        raise reasons.OTHER_MARK.refusal(mark=wanted, name=name)
