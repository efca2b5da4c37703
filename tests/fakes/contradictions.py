"""Whether two figures of one answer contradict each other: headline, figures, tables, sums, as a reader compares them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from core.answer.model import Answer, Table

NUMBER = re.compile(r"(?P<sign>[-−+])?(?P<usd>\$)?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<places>\.\d+)?(?![\d,]*\d)")
MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
YEAR = r"(?<![.,\d])20\d\d\b(?![.,]\d)"
DAY = re.compile(rf"(?:\d{{1,2}} )?\b{MONTH}\b(?: \d{{4}}| \d{{2}}\b)?|\d{{4}}-\d{{2}}(?:-\d{{2}})?|{YEAR}")
WORDS_IN_BRACKETS = re.compile(r"\((?![^()]* [+−×÷] )[^()]*\)")
LEVEL = re.compile(
    r"Agentforce 1|stands for \d+ dated|level of \d+%|\d+% expected"
)  # names, and which level is meant, are no figures
CLOCK = re.compile(r"\d\d:\d\d UTC")
CLOSE = Decimal("1e-9")
# The months that are planned for, days that forecasts need and are about, and how many percent a range holds.
NAMED_BY_THE_PROGRAM = tuple(Decimal(one) for one in (7, 12, 14, 28, 80))
MAX_DIGITS = 25  # beyond, quotients of 28 digits show their rounding


class Shown(NamedTuple):
    """A number as it is shown, and how far what it stands for may lie from it."""

    value: Decimal
    slack: Decimal


def contradictions(answer: Answer) -> list[str]:
    """Return each contradiction in one sentence; none for an answer that agrees with itself."""
    return [
        *_of_figures(answer),
        *_of_tables(answer),
        *(f"{line!r} does not add up" for line in answer.arithmetic if not adds_up(line)),
        *(f"what is read first says {said}, which stands nowhere else" for said in _unfounded(answer)),
    ]


def numbers_in(text: str) -> Iterator[Shown]:
    """Yield the numbers of a text that are no days."""
    for found in NUMBER.finditer(DAY.sub(" ", text)):
        yield _shown(found)


def _shown(found: re.Match[str]) -> Shown:
    value = Decimal(found["digits"].replace(",", "") + (found["places"] or ""))
    places = max(len(found["places"] or ".") - 1, 2)
    if found["usd"] and value < 1:
        places = max(places, 4 if value >= Decimal("0.01") else 6)  # as dollars are shown, trailing zeros left out
    is_whole = not found["places"] and value >= 1000  # whole credits and whole dollars
    slack = Decimal("0.5") if is_whole else Decimal("0.5").scaleb(-places)
    return Shown(-value if found["sign"] in {"-", "−"} else value, slack)


# --- arithmetic -------------------------------------------------------------------------------------------------------


def adds_up(line: str) -> bool:
    """Whether a sum in words comes to what it says; a line that is no sum of plain numbers does."""
    sides = re.sub(r"\|([^|]*)\|", _without_sign, line).split(" = ")
    with localcontext(prec=200):
        return all(_is_equal(left, right) for left, right in pairwise(sides))


def _without_sign(found: re.Match[str]) -> str:
    """Return |1 − 3| as (3 − 1): the amounts that are read have no sign."""
    first, _, second = found[1].partition(" − ")
    values = [next(numbers_in(side)).value for side in (first, second)]
    return f"({first} − {second})" if values[0] >= values[1] else f"({second} − {first})"


def _is_equal(left: str, right: str) -> bool:
    tokens, comes_to = _tokens(left), _tokens(right)
    if not comes_to or not any(token in {"+", "−", "×", "÷"} for token in tokens):
        return True
    if "%" not in right:
        tokens = _tokens(re.sub(r"(?<=\d)%", " ÷ 100", left))
    one, other = _bounds(tokens), _bounds(comes_to[:1])
    if one is None or other is None:
        return True
    packs = Decimal(1) if re.search(r"\bpacks?\b", right) else Decimal(0)  # packs are whole
    is_long = any(isinstance(token, Shown) and len(token.value.as_tuple().digits) > MAX_DIGITS for token in tokens)
    is_nothing = other == (Decimal("-0.005"), Decimal("0.005")) and one[0] < 0  # less than nothing is nothing
    if "%" in right and one[1] * 100 >= other[0] and one[0] * 100 <= other[1]:
        return True  # a share, said in percent
    return is_long or is_nothing or (one[0] <= other[1] + packs and other[0] - packs <= one[1])


def _tokens(side: str) -> list[Shown | str]:
    text = DAY.sub(" ", side)
    previous = ""
    while previous != text:
        previous, text = text, WORDS_IN_BRACKETS.sub(" ", text)
    matches = re.finditer(rf"{NUMBER.pattern}|[()]|(?<= )[+−×÷](?= )", text)
    return [_shown(match) if match["digits"] else match[0] for match in matches]


def _bounds(tokens: list[Shown | str]) -> tuple[Decimal, Decimal] | None:
    """Return the least and the most that an expression can come to; None for what is no expression."""
    try:
        value, rest = _added(tokens)
    except (IndexError, ArithmeticError, TypeError):
        return None
    return None if rest else value


def _added(tokens: list[Shown | str]) -> tuple[tuple[Decimal, Decimal], list[Shown | str]]:
    (low, high), rest = _multiplied(tokens)
    while rest and rest[0] in {"+", "−"}:
        (low_too, high_too), after = _multiplied(rest[1:])
        low, high = (low + low_too, high + high_too) if rest[0] == "+" else (low - high_too, high - low_too)
        rest = after
    return (low, high), rest


def _multiplied(tokens: list[Shown | str]) -> tuple[tuple[Decimal, Decimal], list[Shown | str]]:
    (low, high), rest = _one(tokens)
    while rest and rest[0] in {"×", "÷"}:
        (low_too, high_too), after = _one(rest[1:])
        ends = [one * other if rest[0] == "×" else one / other for one in (low, high) for other in (low_too, high_too)]
        low, high, rest = min(ends), max(ends), after
    return (low, high), rest


def _one(tokens: list[Shown | str]) -> tuple[tuple[Decimal, Decimal], list[Shown | str]]:
    first = tokens[0]
    if first == "(":
        value, rest = _added(tokens[1:])
        if rest[0] != ")":
            raise TypeError
        return value, rest[1:]
    if isinstance(first, str):
        raise TypeError
    return (first.value - first.slack, first.value + first.slack), tokens[1:]


# --- headline ---------------------------------------------------------------------------------------------------------


def _unfounded(answer: Answer) -> Iterator[str]:
    """Yield the numbers of what is read first that no figure, table, sum or note and not the question has."""
    if answer.headline.endswith("…"):
        return
    known = [figure.value for figure in answer.figures if isinstance(figure.value, Decimal)]
    known += [cell for table in answer.tables for row in table.rows for cell in row if isinstance(cell, Decimal)]
    said = " ".join(
        (
            answer.question,
            answer.title,
            *answer.arithmetic,
            *(note.text for note in answer.notes),
            *(cell for table in answer.tables for row in table.rows for cell in row if isinstance(cell, str)),
        )
    )
    known += [shown.value for shown in numbers_in(said)]
    known += [*NAMED_BY_THE_PROGRAM, *(Decimal(len(table.rows)) for table in answer.tables), *_days_counted(answer)]
    if answer.question.startswith(("alerts", "digests")):  # so many of the rows are open, on their way, failed
        known += [Decimal(count) for count in range(sum(len(table.rows) for table in answer.tables) + 1)]
    money = [figure.value for figure in answer.figures if figure.unit == "usd" and isinstance(figure.value, Decimal)]
    known += [one + sign * other for one in money for other in money for sign in (1, -1)]  # what one saves against another
    first = (
        answer.headline,
        *(part for fact in answer.emphasis.facts or () for part in fact),
        *(one.at_first for one in answer.notes),
    )
    for shown in numbers_in(LEVEL.sub(" ", CLOCK.sub(" ", " ".join(first)))):
        least = Decimal("0.5").scaleb(shown.value.as_tuple().exponent)  # type: ignore[arg-type]  # a finite number
        if not any(abs(abs(shown.value) - abs(value)) <= least for value in known):
            yield str(shown.value)


def _days_counted(answer: Answer) -> Iterator[Decimal]:
    days = {figure.key: figure.value for figure in answer.figures if isinstance(figure.value, date)}
    if {"first_day", "last_day"} <= days.keys():
        yield Decimal((days["last_day"] - days["first_day"]).days + 1)


# --- figures ----------------------------------------------------------------------------------------------------------

SUMS: Mapping[str, tuple[str, ...]] = {
    "pool_credits": ("drawn_credits", "remaining_credits"),
    "granted_credits": ("drawn_credits", "remaining_credits", "expired_credits"),
    "used_credits": ("credits_before", "change_credits"),
    "usd_used": ("usd_before", "change_usd"),
}


def _of_figures(answer: Answer) -> Iterator[str]:
    value = {figure.key: figure.value for figure in answer.figures}
    for whole, parts in SUMS.items():
        known = [value.get(key) for key in (whole, *parts)]
        if all(isinstance(one, Decimal) for one in known):
            first, *others = (one for one in known if isinstance(one, Decimal))
            if abs(first - sum(others)) > CLOSE:
                yield f"{whole} {first} is not {' + '.join(parts)}, {sum(others)}"
    yield from _of_ranges(value)
    yield from _of_pool(value)


def _of_ranges(value: Mapping[str, object]) -> Iterator[str]:
    for key in value:
        for low, high in (("_low", "_high"), ("_early", "_late")):
            ends = [value.get(key + low), value[key], value.get(key + high)]
            known = [one for one in ends if isinstance(one, Decimal | date)]
            if len(known) > 1 and known != sorted(known):
                yield f"{key} lies outside of its range: {known}"


def _of_pool(value: Mapping[str, object]) -> Iterator[str]:
    left, pool, used = (value.get(key) for key in ("remaining_credits", "pool_credits", "used_percent"))
    drawn, overdrawn = value.get("drawn_credits"), value.get("overdrawn_credits")
    if not isinstance(left, Decimal) or not isinstance(pool, Decimal):
        return
    if left < 0:
        yield f"less than nothing is left: {left}"
    is_card = isinstance(drawn, Decimal) and isinstance(overdrawn, Decimal) and value.get("used_credits") == drawn + overdrawn
    if is_card and pool > 0 and isinstance(used, Decimal) and (used >= 100) is not (left == 0):
        yield f"{used}% are used and {left} credits left"


# --- tables -----------------------------------------------------------------------------------------------------------


def _of_tables(answer: Answer) -> Iterator[str]:
    value = {figure.key: figure.value for figure in answer.figures}
    for table in answer.tables:
        check = CHECKS.get(table.key)
        if check and table.rows:
            yield from check(answer, table, value)


def column(table: Table, key: str) -> list[Decimal]:
    """Return the numbers of a column."""
    places = [place for place, one in enumerate(table.columns) if one.key == key]
    return [row[place] for place in places for row in table.rows if isinstance(row[place], Decimal)]  # type: ignore[misc]  # numbers


def _differs(name: str, parts: list[Decimal], whole: object) -> Iterator[str]:
    if parts and isinstance(whole, Decimal) and abs(sum(parts) - whole) > CLOSE:
        yield f"the {name} of the table add up to {sum(parts)}, the figure is {whole}"


def _usage(answer: Answer, table: Table, value: Mapping[str, object]) -> Iterator[str]:
    if any("are not shown" in note.text for note in answer.notes):
        return
    yield from _differs("credits", column(table, "credits"), value.get("used_credits"))
    yield from _differs("dollars", column(table, "usd"), value.get("usd_used"))
    yield from _differs("actions", column(table, "actions"), value.get("actions"))
    yield from _differs("shares", column(table, "share_percent"), Decimal(100))


def _grants(_: Answer, table: Table, value: Mapping[str, object]) -> Iterator[str]:
    yield from _differs("credits left", column(table, "remaining_credits"), value.get("remaining_credits"))
    keys = [one.key for one in table.columns]
    for row in table.rows:
        said = dict(zip(keys, row, strict=True))
        parts = [said[f"{key}_credits"] for key in ("used", "taken_back", "expired", "remaining")]
        granted = said["granted_credits"]
        if isinstance(granted, Decimal) and granted > 0 and all(isinstance(part, Decimal) for part in parts):
            yield from _differs(f"parts of {row[0]}", parts, granted)  # type: ignore[arg-type]  # all are numbers


def _expiries(_: Answer, table: Table, value: Mapping[str, object]) -> Iterator[str]:
    ahead = table._replace(rows=tuple(row for row in table.rows if row[-1] != "expired"))
    yield from _differs("credits to expire", column(ahead, "unused_credits"), value.get("expiring_credits"))
    yield from _differs("dollars to expire", column(ahead, "unused_usd"), value.get("expiring_usd"))


def _sandbox(_: Answer, table: Table, value: Mapping[str, object]) -> Iterator[str]:
    yield from _differs("credits", column(table, "credits"), value.get("sandbox_credits"))
    yield from _differs("dollars", column(table, "usd"), value.get("sandbox_usd"))


def _overhead(answer: Answer, table: Table, value: Mapping[str, object]) -> Iterator[str]:
    if not any("are not shown" in note.text for note in answer.notes):
        yield from _differs("credits in excess", column(table, "excess_credits"), value.get("excess_credits"))
        yield from _differs("dollars in excess", column(table, "excess_usd"), value.get("excess_usd"))


def _effects(_: Answer, table: Table, value: Mapping[str, object]) -> Iterator[str]:
    yield from _differs("effects", column(table._replace(rows=table.rows[:-1]), "credits"), value.get("change_credits"))


def _weeks(_: Answer, table: Table, value: Mapping[str, object]) -> Iterator[str]:
    yield from _differs("credits ahead", column(table, "credits"), value.get("weeks_ahead_credits"))


CHECKS: Mapping[str, Callable[[Answer, Table, Mapping[str, object]], Iterator[str]]] = {
    "usage": _usage,
    "grants": _grants,
    "expiries": _expiries,
    "sandbox": _sandbox,
    "overhead": _overhead,
    "effects": _effects,
    "weeks": _weeks,
}
