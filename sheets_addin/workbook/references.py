"""Formulas after people inserted rows and columns: references moved, names replaced, quoted texts unchanged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheets_addin.workbook.model import column_letters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TOKEN = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|(?<![\w.])(\$?)([A-Z]{1,3})(\$?)([1-9]\d*)(?![\w.(])|[A-Za-z_][\w.]*")
BLANKS = re.compile(r"\"(?:[^\"]|\"\")*\"|\s+|[^\s\"]+")
NOWHERE = "#REF!"


def translate(
    text: str, row: Callable[[int], int | None], column: Callable[[int], int | None], names: Mapping[str, str] | None = None
) -> str:
    """Return the formula with every reference moved and every name replaced; a deleted place becomes #REF!."""
    known = names or {}

    def exchange(match: re.Match[str]) -> str:
        letters, digits = match[2], match[4]
        if digits is None:
            return known.get(match[0], match[0])
        at = row(int(digits) - 1), column(column_index(letters))
        return NOWHERE if None in at else f"{match[1]}{column_letters(at[1] or 0)}{match[3]}{(at[0] or 0) + 1}"

    return TOKEN.sub(exchange, text)


def column_index(letters: str) -> int:
    """Return 0 for A and 26 for AA."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def same_formula(one: str, other: str) -> bool:
    """Whether two formulas differ only in spaces and in the case of letters outside quotes."""
    return one == other or _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return "".join(part if part.startswith('"') else part.strip().upper() for part in BLANKS.findall(text))
