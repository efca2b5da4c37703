"""Which column of a file holds what, as a form: filled from how a file was read, and read back as the user's wishes."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from core.errors import InputError
from core.records import NamedTuple
from core.wallet.learning import FIELDS, Wishes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.config import AmountUnit, GenericProfile

UNITS: dict[str, AmountUnit] = {"credits": "credits", "actions": "actions", "dollars": "dollars"}
ROWS = {"events": "one event, or a day's sum", "daily": "a day's sum without names", "ledger": "credits bought or taken back"}
COLUMN, MAX_RATE = "column-{}", 10**9


class ChosenColumn(NamedTuple):
    """A column of a file and the word of the field that it holds; empty where it holds none."""

    header: str
    word: str


class ColumnForm(NamedTuple):
    """A form. columns: in the order of the file. unit, rate, like: as chosen, empty for as the file says."""

    columns: tuple[ChosenColumn, ...]
    unit: str = ""
    rate: str = ""
    like: str = ""

    @property
    def headers(self) -> tuple[str, ...]:
        """The columns of the file."""
        return tuple(column.header for column in self.columns)


def blank_form(headers: Sequence[str]) -> ColumnForm:
    """Return the form of a file with unknown columns."""
    return ColumnForm(tuple(ChosenColumn(header, "") for header in headers))


def form_of(profile: GenericProfile, headers: Sequence[str]) -> ColumnForm:
    """Return the form for a profile."""
    words = {header: word for word, header in profile.columns.items() if word in FIELDS}
    chosen = tuple(ChosenColumn(header, words.get(header, "")) for header in headers)
    rate = f"{profile.rate:f}" if profile.rate else ""
    return ColumnForm(chosen, profile.unit, rate)  # what a row is follows from the columns that are chosen


def sent_form(sent: Mapping[str, object], headers: Sequence[str]) -> ColumnForm:
    """Return the form as somebody sent it; unknown words are left out."""
    words = [str(sent.get(COLUMN.format(place), "")) for place in range(len(headers))]
    chosen = tuple(ChosenColumn(header, word if word in FIELDS else "") for header, word in zip(headers, words, strict=True))
    unit, like = str(sent.get("unit", "")), str(sent.get("like", ""))
    return ColumnForm(chosen, unit if unit in UNITS else "", str(sent.get("rate", "")).strip(), like if like in ROWS else "")


def wishes_in(form: ColumnForm) -> Wishes:
    """Return a form's wishes. Raises: InputError, if two columns hold one field, or the rate is not a number."""
    fields: dict[str, str] = {}
    for header, word in form.columns:
        if word in fields:
            raise InputError(f"{fields[word]} and {header} are both mapped to the {FIELDS[word]}. Choose one of them.")
        if word:
            fields[word] = header
    return Wishes(fields, UNITS.get(form.unit), _rate(form.rate), form.like or None, is_whole=True)


def _rate(text: str) -> Decimal | None:
    try:
        rate = Decimal(text) if text else None
    except InvalidOperation:
        rate = Decimal(0)
    if rate is not None and not (rate.is_finite() and 0 < rate < MAX_RATE):
        raise InputError(f'"{text}" is not a rate: write a number above 0, such as 20 or 0.005.')
    return rate
