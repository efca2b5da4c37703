"""How formulas are written in a spreadsheet's locale: the argument separator, which is a comma in our formulas.

Of Google's 72 locales 28 separate arguments by a comma, the other 44 by a semicolon, because there a comma is the decimal
mark; formulas are sent over the API as people would type them. docs/decisions/0013-formulas-by-locale.md says how we know.
Our formulas have no decimal fractions, so nothing but the separator differs.
"""

from __future__ import annotations

import re
from typing import Any

COMMA_LOCALES = frozenset(
    {
        "ar_EG", "bn_IN", "cy_GB", "de_CH", "en_AU", "en_CA", "en_GB", "en_IE", "en_IN", "en_PH",
        "en_US", "es_MX", "fil_PH", "gu_IN", "he_IL", "hi_IN", "iw_IL", "ja_JP", "kn_IN", "ko_KR",
        "ml_IN", "mn_MN", "mr_IN", "my_MM", "pa_IN", "ta_IN", "te_IN", "th_TH", "zh_CN", "zh_HK",
        "zh_TW",
    }
)  # fmt: skip
"""Source: Stack Overflow question 73767719, the list of all locales as of 19 September 2022."""
QUOTED_OR_COMMA = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|,")
QUOTED_OR_SEMICOLON = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|;")
FORMULA_KEYS = ("formulaValue", "userEnteredValue")


def separates_by_comma(locale: str) -> bool:
    """Whether formulas in that locale separate arguments by a comma; for an unknown locale, a semicolon is used."""
    return locale in COMMA_LOCALES


def with_commas(formula: str) -> str:
    """Return a formula as read from any locale with commas between arguments; quoted texts and titles stay unchanged."""
    return QUOTED_OR_SEMICOLON.sub(_to(","), formula) if ";" in formula else formula


def with_semicolons(formula: str) -> str:
    """Return a formula with semicolons between arguments."""
    return QUOTED_OR_COMMA.sub(_to(";"), formula)


def _to(separator: str) -> Any:  # noqa: ANN401 - what re.sub takes
    return lambda match: match[0] if len(match[0]) > 1 else separator


def for_locale(requests: list[Any], locale: str) -> list[Any]:
    """Return requests with all formulas, including those of rules, in the form of the spreadsheet's locale."""
    return requests if separates_by_comma(locale) else _each_formula(requests)


def rule_with_commas(rule: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a rule as read from any locale, its formulas with commas."""
    return _each_formula(rule, to_commas=True)


def _each_formula(value: Any, *, to_commas: bool = False) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_each_formula(one, to_commas=to_commas) for one in value]
    if not isinstance(value, dict):
        return value
    change = with_commas if to_commas else with_semicolons
    return {
        key: change(one)
        if key in FORMULA_KEYS and isinstance(one, str) and one.startswith("=")
        else _each_formula(one, to_commas=to_commas)
        for key, one in value.items()
    }
