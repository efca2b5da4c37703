"""Text to tokens: words, numbers with their scale, money, percentages, days and marks, each with its position in the text."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from core.language.free_text.lexicon import number_words, words_of_language
from core.language.value_limits import MILLION
from core.patterns import compiled
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["word", "number", "money", "foreign", "percent", "day", "times", "mark"]

# What keyboards and chat programs substitute for plain characters, one for one, so that positions in the text stay valid.
TYPOGRAPHY = {
    **dict.fromkeys(map(ord, "‘’‚´`"), "'"),
    **dict.fromkeys(map(ord, "“”„«»"), '"'),
    **dict.fromkeys(map(ord, "–—−‑"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u2009\u202f\u2007\u200b\ufeff\u2060\u200e\u200f\u202a\u202c\u2066\u2069"), " "),
    ord("×"): "x",
    ord("…"): ".",
    ord("＋"): "+",
}

BILLION = Decimal(1_000_000_000)
SCALES: dict[str, Decimal] = {
    **dict.fromkeys(("k", "tsd", "thousand", "tausend", "grand"), Decimal(1000)),
    **dict.fromkeys(("m", "mm", "mn", "mio", "mil", "mill", "million", "millions", "millionen", "mln"), MILLION),
    **dict.fromkeys(("b", "bn", "billion", "mrd", "milliarde", "milliarden"), BILLION),
}
GROUP_SIZE = 3
LOOK_AHEAD = 8

_SCALE = rf"(?:\s?(?P<scaleN>{'|'.join(sorted(set(SCALES) - {'b'}, key=len, reverse=True))})\.?(?!\w))?"
_DIGITS = r"(?P<digitsN>\d{1,3}(?:(?:[.,']\d{3})+|(?: \d{3})+)(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
_FOREIGN_WORDS = r"(?:eur|euros?|gbp|chf|pounds?|franken)(?!\w)"
_DOLLAR_WORDS = r"(?:usd|dollars?|bucks)(?!\w)"


def _number(place: int = 1) -> str:
    """Return the pattern of a number with its scale; the place distinguishes two numbers of one pattern."""
    return (_DIGITS + _SCALE).replace("N>", f"{place}>")


# Token kinds, each with substrings of which every text with such a token contains one, case-folded: for other texts the pattern
# is neither compiled nor tried. The parts of words are those that no other letter folds to.
PATTERNS: tuple[tuple[Kind, tuple[str, ...], str], ...] = (
    ("word", ("-",), r"(?<!\S)-\$?\d[\d.,]*%?(?!\S)"),  # negative: not a number that we use
    ("word", ("@",), r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),  # an e-mail address
    ("word", ("n ", "f "), r"\d{1,2} (?:in|out of|of) \d{1,2}(?![\d.,%])"),  # a ratio, not an amount
    ("word", ("00",), r"00[D5][A-Za-z0-9]{12,15}(?!\w)"),
    ("word", ("t", "d"), r"\d{1,2}(?:st|nd|rd|th)(?!\w)"),
    ("day", ("-",), r"\d{4}-\d{2}(?:-\d{2})?(?![\w-])"),
    ("day", (".",), r"\d{1,2}\.\s?\d{1,2}\.(?:\s?(?:\d{4}|\d{2})(?!\d))?(?!\d)"),
    ("day", ("/",), r"\d{1,2}/\d{1,2}/\d{4}(?![\d/])"),
    (
        "foreign",
        ("€", "£", "¥", "eur", "gbp", "chf", "pound", "franken"),
        rf"[€£¥]\s?{_number(1)}|{_number(2)}\s?(?:[€£¥]|{_FOREIGN_WORDS})",
    ),
    ("money", ("$", "usd", "dollar", "buck"), rf"\$\s?{_number(1)}|{_number(2)}\s?(?:\$(?!\s?\d)|{_DOLLAR_WORDS})"),
    ("percent", ("%", "cent", "pct", "prozent"), rf"{_number()}\s?(?:%|(?:percent|pct|prozent|per\s?cent)(?!\w))"),
    ("times", ("x",), r"\d+(?:[.,]\d+)?\s?x(?!\w)(?!\s?\d)"),
    ("number", (), rf"{_number()}(?!\w)"),
    ("number", (), r"\d+(?=[a-zA-Z]{1,12}(?!\w))"),
    ("word", (), r"w/o?(?=[\s\d])|b4(?!\w)|[^\W\d_](?:\w|[-'.&@](?=\w))*|\w+"),
)


class Token(NamedTuple):
    """A piece of the text. plain: lower case, plain typography; value: of numbers, money and percentages, exact.

    readings: both readings of a number that may be grouped or decimal; empty if there is only one.
    start, end: the half-open range in the text.
    """

    kind: Kind
    text: str
    plain: str
    start: int
    end: int
    value: Decimal | None = None
    readings: tuple[Decimal, ...] = ()


def tokenize(text: str, *, is_german: bool) -> list[Token]:
    """Return the text's tokens in order; white space is dropped, and every other character is in exactly one token.

    is_german: whether `1.200` is certainly twelve hundred and `1,5` one and a half.
    """
    source = text.translate(TYPOGRAPHY)
    source = source if unicodedata.is_normalized("NFC", source) else unicodedata.normalize("NFC", source)
    folded = source.casefold()
    patterns = [
        (kind, compiled(f"(?i){pattern}"))
        for kind, parts, pattern in PATTERNS
        if not parts or any(part in folded for part in parts)
    ]
    tokens: list[Token] = []
    place = 0
    while place < len(source):
        if source[place].isspace():
            place += 1
            continue
        token = _token_at(source, place, patterns, is_german=is_german)
        tokens.append(token)
        place = token.end
    return _with_spelled_numbers(tokens)


def _token_at(source: str, place: int, patterns: Sequence[tuple[Kind, re.Pattern[str]]], *, is_german: bool) -> Token:
    for kind, pattern in patterns:
        found = pattern.match(source, place)
        if found:
            return _token(kind, found, is_german=is_german)
    return Token("mark", source[place], source[place], place, place + 1)


def _token(kind: Kind, found: re.Match[str], *, is_german: bool) -> Token:
    said, start, end = found[0], found.start(), found.end()
    if kind in {"word", "day"}:
        return Token(kind, said, said.lower(), start, end)
    groups = found.groupdict()
    digits = groups.get("digits1") or groups.get("digits2") or re.sub(r"[^\d.,]", "", said)
    scale = groups.get("scale1") or groups.get("scale2")
    factor = SCALES[scale.lower()] if scale else Decimal(1)
    readings = tuple(value * factor for value in number_readings(digits, is_german=is_german))
    return Token(kind, said, said.lower(), start, end, readings[0], readings if len(readings) > 1 else ())


def number_readings(digits: str, *, is_german: bool) -> list[Decimal]:
    """Return the possible values of digits with marks, likelier first: one, or two if grouping and decimals look alike.

    `1,200` is grouped in English, `1.200` in German; `750.000` is grouped in both, because nobody writes three zeros as
    decimals; `5,3` and `5.3` are decimals in both.
    """
    bare = re.sub(r"[ ']", "", digits)
    marks = re.findall(r"[.,]", bare)
    if not marks:
        return [Decimal(bare)]
    last = marks[-1]
    if len(set(marks)) > 1:
        group = "," if last == "." else "."
        return [Decimal(bare.replace(group, "").replace(last, "."))]
    grouped = Decimal(re.sub(r"[.,]", "", bare))
    if len(marks) > 1:
        return [grouped]
    decimal = Decimal(bare.replace(",", "."))
    whole, _, rest = bare.partition(last)
    if len(rest) != GROUP_SIZE or whole.startswith("0") or len(whole) > GROUP_SIZE:
        return [decimal]
    is_grouped = (last == ".") == is_german or rest == "000"
    return [grouped] if is_grouped else [grouped, decimal]


def looks_german(text: str) -> bool:
    """Whether the text has more German words than English ones; in a tie, whether it has umlauts."""
    said = re.findall(r"[a-zäöüß]+", text.lower())
    german, english = (sum(word in words_of_language(name) for word in said) for name in ("german", "english"))
    return german > english or (german == english and any(char in text.lower() for char in "äöüß"))


# --- numbers in words


def _with_spelled_numbers(tokens: list[Token]) -> list[Token]:
    """Return the tokens with `two hundred`, `half a million` and `zweihundert` as numbers; `one` alone stays a word."""
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        value, taken = _spelled(tokens[place : place + LOOK_AHEAD])
        if taken:
            text = " ".join(token.text for token in tokens[place : place + taken])
            found.append(Token("number", text, text.lower(), tokens[place].start, tokens[place + taken - 1].end, value))
        else:
            found.append(tokens[place])
        place += taken or 1
    return found


def _spelled(tokens: list[Token]) -> tuple[Decimal, int]:
    """Return the number at the start of the tokens, and its count of tokens, 0 for none."""
    words = [token.plain if token.kind == "word" else "" for token in tokens]
    for start in (["half", "a", "million"], ["eine", "halbe", "million"]):
        if words[: len(start)] == start:
            return MILLION / 2, len(start)
    numbers = number_words()
    total, current, taken = Decimal(0), Decimal(0), 0
    for index, word in enumerate(words):
        value = numbers.values.get(word) or numbers.compound(word)
        if value is not None:
            current += value
        elif word in numbers.scales and (current or words[index - 1 : index] in (["a"], ["eine"])):
            current = max(current, Decimal(1)) * numbers.scales[word]
            if numbers.scales[word] >= 1000:  # noqa: PLR2004 - thousands and millions close what stands before them
                total, current = total + current, Decimal(0)
        elif not _joins(word, index, words, numbers.scales, numbers.values):
            break
        taken = index + 1 if value is not None or word in numbers.scales else taken
    is_lone_one = taken == 1 and words[0] in numbers.never_alone
    return (total + current, taken) if taken and total + current and not is_lone_one else (Decimal(0), 0)


def _joins(word: str, index: int, words: list[str], scales: dict[str, Decimal], values: dict[str, Decimal]) -> bool:
    """Whether a word may be part of a spelled number: the article of `a hundred`, the `and` of `a hundred and five`."""
    after = words[index + 1 : index + 2]
    if word in {"a", "eine"}:
        return index == 0 and bool(after) and after[0] in scales
    return word == "and" and index > 0 and words[index - 1] in scales and bool(after) and after[0] in values
