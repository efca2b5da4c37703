"""Which of two readings a file means: decided once for all of it, or refused with the setting that decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.errors import ExportError

if TYPE_CHECKING:
    from core.config import DateOrder, DecimalMark

FileOrder = Literal["year_first", "day_first", "month_first"]


@dataclass(frozen=True, slots=True)
class Dates:
    """What kinds of time a file's columns hold."""

    zoned: int
    local: int
    dotted: int
    numbered: int
    first_above_12: int
    second_above_12: int
    example: str | None


def decide_date_order(name: str, dates: Dates, wanted: DateOrder | None) -> FileOrder:
    """Return the order of dates that do not start with the year. Raises: ExportError, where it cannot be told."""
    if not dates.numbered:
        return "year_first"
    if dates.dotted == dates.numbered and dates.first_above_12 >= dates.second_above_12:
        return "day_first"  # nobody writes 7.31.2026
    if wanted:
        against = dates.second_above_12 if wanted == "day_first" else dates.first_above_12
        if against > (dates.first_above_12 + dates.second_above_12) // 2:
            raise ExportError(
                f"wallet.date_order is {wanted}, but the dates in {name} cannot be read so "
                f"(for example {dates.example}). Correct the setting."
            )
        return wanted
    if bool(dates.first_above_12) == bool(dates.second_above_12):
        raise ExportError(
            f"The dates in {name} can be read in two ways (for example {dates.example}). "
            "Set wallet.date_order to day_first or month_first."
        )
    return "day_first" if dates.first_above_12 else "month_first"


def decide_mark(  # noqa: PLR0913, PLR0917 -- what a file's numbers were counted as
    name: str, comma: int, point: int, either: int, example: str | None, wanted: DecimalMark | None
) -> DecimalMark:
    """Return the decimal mark of a file: how many of its numbers prove a comma, a point, or allow both readings.

    Raises: ExportError, where the file allows two readings or contradicts what is wanted.
    """
    if wanted:
        _require_agreement(name, wanted, against=point if wanted == "," else comma, in_favour=comma if wanted == "," else point)
        return wanted
    if comma and point:
        raise ExportError(
            f"{name} writes some numbers with a decimal comma and some with a point. Set wallet.decimal to the one that is meant."
        )
    if either and not comma and not point:
        raise ExportError(
            f"The numbers in {name} can be read in two ways (for example {example}). Set wallet.decimal to ',' or '.'."
        )
    return "," if comma else "."


def _require_agreement(name: str, wanted: DecimalMark, *, against: int, in_favour: int) -> None:
    if against > in_favour:
        raise ExportError(
            f"wallet.decimal is {wanted} but most numbers in {name} are written the other way. Correct the setting."
        )
