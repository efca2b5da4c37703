"""How files write numbers, and what they mean: one grammar for every export.

A number is digits of any script, with marks between thousands (spaces, apostrophes, points, commas), one decimal mark, a
sign before, behind or as brackets, and perhaps a currency sign or the word credits. Whether comma or point is the
decimal mark is decided for a whole file; see `mark_stated`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Mark = Literal[",", "."]
Stated = Literal[",", ".", "either", ""]

TEXT_MARK = re.compile(r'^=\s*"(.*)"$|^\'(.*)$|^["“”„](.*)["“”]$', re.DOTALL)
MINUS_SIGNS = str.maketrans(dict.fromkeys("−–‒﹣－", "-"))
GROUP_SPACES = re.compile("(?<=\\d)[\\s\u00a0\u202f\u2009'’ʼ](?=\\d)")
# Source: ISO 4217. Any three letters would also match names: `Bot 390`, `Oct 2026`.
CURRENCIES = (
    "usd|eur|gbp|chf|jpy|aed|ars|aud|bgn|brl|cad|clp|cny|cop|czk|dkk|egp|hkd|huf|idr|ils|inr|isk|krw|kwd|mad|mxn|myr|nok|nzd|pen|php|pln"
    "|qar|ron|rsd|sar|sek|sgd|thb|try|twd|uah|vnd|zar"
)
WORDS = re.compile(
    rf"^(?:(?:{CURRENCIES})\s+)?(.*?)\s*(?:flex\s*)?(?:credits?|crédits?|créditos?|units?|einheiten|{CURRENCIES})?$"
)
COMMA_IS_DECIMAL = re.compile(r"-?(\d+,(\d{1,2}|\d{4,})|\d{4,},\d{3}|0,\d+|\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,})")
POINT_IS_DECIMAL = re.compile(
    r"-?(\d*\.(\d{1,2}|\d{4,})|\d{4,}\.\d{3}|0\.\d+|\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}|\d{1,2}(,\d{2})+,\d{3}(\.\d+)?)"
)
EITHER_MARK = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
EXPONENT = re.compile(r"-?\d(\.\d+)?e[+-]?\d{1,3}", re.IGNORECASE)


def without_text_mark(text: str) -> str:
    """Return the content of a cell with Excel's text marks: 20 for `="20"`, `'20` or `“20”`."""
    text = text.strip()
    found = TEXT_MARK.match(text)
    return next((group for group in found.groups() if group is not None), "").strip() if found else text


def ascii_digits(text: str) -> str:
    """Return the text with digits of any script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() and not sign.isascii() else sign for sign in text)


@lru_cache(maxsize=65_536)
def bare_number(text: str) -> str | None:
    """Return the number's sign, digits, commas and points, and nothing else; None if it is not a number."""
    text = ascii_digits(without_text_mark(text)).translate(MINUS_SIGNS).replace("٫", ".").replace("٬", ",")
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Sc").strip().lower()
    text = (WORDS.match(text) or [text, text])[1].strip()
    is_negative = False
    if text.startswith("(") and text.endswith(")"):
        text, is_negative = text[1:-1].strip(), True
    if text.endswith("-"):
        text, is_negative = text[:-1].strip(), not is_negative
    if text[:1] in {"-", "+"}:
        is_negative ^= text[0] == "-"
        text = text[1:].strip()
    spaced = GROUP_SPACES.sub(" ", text)
    if " " in spaced:
        if not re.fullmatch(r"\d{1,3}( \d{3})+([.,]\d*)?|\d{1,2}( \d{2})+ \d{3}([.,]\d*)?", spaced):
            return None
        text = spaced.replace(" ", "")
        if re.search(r"[.,]\d{3}$", text):  # the spaces group, so the mark is a decimal one
            text += "0"
    if not (re.fullmatch(r"[\d.,]*\d[\d.,]*", text) or EXPONENT.fullmatch(text)):
        return None
    return f"-{text}" if is_negative else text


def mark_stated(bare: str) -> Stated:
    """Return which decimal mark a number proves; either, if it allows two readings; empty, if it has no mark."""
    if bare.removeprefix("-").isdigit() or "e" in bare:
        return ""
    if EITHER_MARK.fullmatch(bare):
        return "either"
    if COMMA_IS_DECIMAL.fullmatch(bare):
        return ","
    return "." if POINT_IS_DECIMAL.fullmatch(bare) else ""


def plain_number(text: str, mark: Mark) -> str | None:
    """Return a number in the form of SQL and Decimal, None if it is not a number with this decimal mark."""
    bare = bare_number(text)
    if bare is None or bare.removeprefix("-").isdigit() or "e" in bare:
        return bare
    group = "." if mark == "," else ","
    digits = rf"(\d+|\d{{1,3}}(\{group}\d{{3}})+|\d{{1,2}}(\{group}\d{{2}})+\{group}\d{{3}})"
    if not re.fullmatch(rf"-?({digits}(\{mark}\d*)?|\{mark}\d+)", bare):
        return None
    return bare.replace(group, "").replace(mark, ".")
