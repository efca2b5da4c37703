"""Formulas in the locale of a spreadsheet, as Google takes them and gives them back.

What is known, and how: a comma between arguments is a formula parse error where it is the decimal mark (de_DE, tr_TR, nl_NL:
googleapis/google-api-nodejs-client#1994, diegomanuel/binance-to-google-sheets#78); a semicolon is taken in every locale
(mricon/ingress-fieldplan#5); a formula is given back as its locale writes it. The books hold formulas with commas.
"""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]
TOKEN = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|(?<![\w$.])\d+([.,])\d+(?![\w.,])|[;,]")
COMMA_NUMBER = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?")
ENGLISH_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d+")
KEPT = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|(?<=\d)\.(?=\d)|,")
"""What differs in a formula as the books hold it."""
POINT = frozenset(
    {"en_US", "en_GB", "en_AU", "en_CA", "en_IN", "en_IE", "ja_JP", "ko_KR", "zh_CN", "zh_TW", "es_MX", "th_TH", "de_CH"}
)
"""Some of the locales with a decimal point; every other one is taken for one with a decimal comma."""
PARSE_ERROR = {"errorValue": {"type": "ERROR", "message": "Formula parse error."}}


class UnparsedError(Exception):
    """A formula that the locale does not read."""


def read(value: Any, locale: str) -> Any:  # noqa: ANN401 - JSON
    """Return a request with the formulas that its locale reads; one that it does not read is a cell with an error."""
    if isinstance(value, list):
        return [read(one, locale) for one in value]
    if not isinstance(value, dict):
        return value
    if isinstance(formula := value.get("formulaValue"), str):
        try:
            return {"formulaValue": _read(formula, locale)}
        except UnparsedError:
            return PARSE_ERROR
    found = {key: read(one, locale) for key, one in value.items()}
    if isinstance(rule := found.get("userEnteredValue"), str) and rule.startswith("="):
        found["userEnteredValue"] = _rule(rule, locale)
    return found


def typed(text: Any, locale: str) -> Any:  # noqa: ANN401 - JSON
    """Return what a person types as en_US would have it: a formula with commas, #ERROR! where the locale does not read it.

    A number is one as the locale writes it: where the comma marks decimals, 5.000,50 is a number and 5,000.50 is text.
    """
    if not isinstance(text, str):
        return text
    if text.startswith("="):
        return _rule(text, locale)
    if locale in POINT:
        return text
    if COMMA_NUMBER.fullmatch(text.strip()):
        return text.strip().replace(".", "").replace(",", ".")
    return f"'{text}" if ENGLISH_NUMBER.fullmatch(text.strip()) else text


def _rule(text: str, locale: str) -> str:
    try:
        return _read(text, locale)
    except UnparsedError:
        return "=#ERROR!"


def _read(formula: str, locale: str) -> str:
    has_point = locale in POINT

    def one(match: re.Match[str]) -> str:
        if match[0] == ";":
            return ","
        if match[0] == ",":
            if has_point:
                return ","
            raise UnparsedError
        if match[1]:
            return _decimal(match[0], match[1], has_point=has_point)
        return match[0]

    return TOKEN.sub(one, formula)


def _decimal(text: str, mark: str, *, has_point: bool) -> str:
    if mark == "." and not has_point:
        raise UnparsedError
    return text if has_point else text.replace(",", ".")


def shown(value: Any, locale: str) -> Any:  # noqa: ANN401 - JSON
    """Return an answer with its formulas as the locale writes them."""
    if locale in POINT:
        return value
    if isinstance(value, list):
        return [shown(one, locale) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _shown(one) if key in {"formulaValue", "userEnteredValue"} and isinstance(one, str) else shown(one, locale)
        for key, one in value.items()
    }


def given_back(value: Any, locale: str) -> Any:  # noqa: ANN401 - of a cell
    """Return what a cell was given, a formula as the locale writes it."""
    return _shown(value) if isinstance(value, str) and locale not in POINT else value


def _shown(formula: str) -> str:
    if not formula.startswith("="):
        return formula
    return KEPT.sub(lambda match: {",": ";", ".": ","}.get(match[0], match[0]), formula)
