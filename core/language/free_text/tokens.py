"""Text to tokens: words, numbers with their scale, money, percentages, days and marks, each with its place in the text."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Literal, NamedTuple

Kind = Literal["word", "number", "money", "foreign", "percent", "day", "times", "mark"]

# What people's keyboards and chat programs make of plain characters.
TYPOGRAPHY = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "–": "-", "—": "-", "−": "-", "‑": "-", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2007": " ", "×": "x", "…": ".",
        "＋": "+", "\u200b": " ", "\ufeff": " ",
    }
)  # fmt: skip

MILLION, BILLION = Decimal(1_000_000), Decimal(1_000_000_000)
SCALES: dict[str, Decimal] = {
    **dict.fromkeys(("k", "tsd", "thousand", "tausend", "grand"), Decimal(1000)),
    **dict.fromkeys(("m", "mm", "mn", "mio", "mil", "mill", "million", "millions", "millionen", "mln"), MILLION),
    **dict.fromkeys(("b", "bn", "billion", "mrd", "milliarde", "milliarden"), BILLION),
}
_SCALE = r"(?:\s?(?P<scale>k|tsd|thousand|tausend|grand|mm|mn|mio|millions?|millionen|mill?|mln|m|bn|billion|mrd|milliarden?)\.?(?![\w]))?"
_DIGITS = r"\d{1,3}(?:(?:[.,']\d{3})+|(?: \d{3})+)(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_NUMBER = rf"(?P<digits>{_DIGITS}){_SCALE}"
_MONTH_DAY = r"\d{1,2}\.\s?\d{1,2}\.(?:\s?(?:\d{4}|\d{2})(?!\d))?"

PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("word", r"00D[A-Za-z0-9]{12,15}(?!\w)|\d{1,2}(?:st|nd|rd|th)(?!\w)"),
        ("day", r"\d{4}-\d{2}(?:-\d{2})?(?![\w-])"),
        ("day", rf"{_MONTH_DAY}(?!\d)"),
        ("day", r"\d{1,2}/\d{1,2}/\d{4}(?![\d/])"),
        ("foreign", rf"[€£¥]\s?{_NUMBER}|{_NUMBER.replace('?P<digits>', '?P<digits2>').replace('?P<scale>', '?P<scale2>')}\s?(?:[€£¥]|(?:eur|euros?|gbp|chf|pounds?|franken)(?!\w))"),
        ("money", rf"\$\s?{_NUMBER}|{_NUMBER.replace('?P<digits>', '?P<digits2>').replace('?P<scale>', '?P<scale2>')}\s?(?:\$(?!\s?\d)|(?:usd|dollars?|bucks)(?!\w))"),
        ("percent", rf"{_NUMBER}\s?(?:%|(?:percent|pct|prozent|per\s?cent)(?!\w))"),
        ("times", r"\d+(?:[.,]\d+)?\s?x(?![\w])(?!\s?\d)"),
        ("number", rf"{_NUMBER}(?![\w])"),
        ("number", r"\d+(?=[a-zA-Z]{1,12}(?![\w]))"),
        ("word", r"w/o?(?=[\s\d])|b4(?!\w)|[^\W\d_](?:[\w]|[-'.&@](?=\w))*|\d+(?:st|nd|rd|th)(?!\w)|\w+"),
    )
)  # fmt: skip

UNITS_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
WORD_NUMBERS: dict[str, int] = {word: value for value, word in enumerate(UNITS_ONES.split())}
WORD_NUMBERS |= {
    w: v for v, w in zip(range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True)
}
_GERMAN = "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn"
WORD_NUMBERS |= {word: value for value, word in enumerate(_GERMAN.split())}
_TENS = dict(zip("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split(), range(20, 100, 10), strict=True))
WORD_NUMBERS |= _TENS
WORD_NUMBERS |= {
    f"{one}und{ten}": value + tens
    for ten, tens in _TENS.items()
    for value, one in enumerate(("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"), 1)
}
WORD_NUMBERS |= {"dozen": 12, "dutzend": 12, "fourty": 40, "dreissig": 30}
HUNDREDS = {"hundred": 100, "hundert": 100, "thousand": 1000, "tausend": 1000, "million": 1_000_000, "millionen": 1_000_000}
_GERMAN_COMPOUND = re.compile(
    r"(?:(ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|fünfzehn|zwanzig|fünfzig)?(tausend))?(?:(ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)?(hundert))?"
)


class Token(NamedTuple):
    """A piece of the text. plain: lower case, typography undone; value: of numbers, money and percentages, exact.

    readings: both readings of a number that can be read as grouped or as a decimal; empty where there is one.
    """

    kind: Kind
    text: str
    plain: str
    start: int
    end: int
    value: Decimal | None = None
    readings: tuple[Decimal, ...] = ()


def tokenize(text: str, *, is_german: bool) -> list[Token]:
    """Return the text's tokens in order; white space is left out, every other character is in exactly one token.

    is_german: whether `1.200` is twelve hundred and `1,5` one and a half beyond doubt.
    """
    source = unicodedata.normalize("NFC", text).translate(TYPOGRAPHY)
    tokens: list[Token] = []
    place = 0
    while place < len(source):
        if source[place].isspace():
            place += 1
            continue
        token = _token_at(source, place, is_german=is_german)
        tokens.append(token)
        place = token.end
    return _numbers_in_words(tokens)


def _token_at(source: str, place: int, *, is_german: bool) -> Token:
    for kind, pattern in PATTERNS:
        found = pattern.match(source, place)
        if found and found.end() > place:
            return _made(kind, found, is_german=is_german)
    return Token("mark", source[place], source[place], place, place + 1)


def _made(kind: Kind, found: re.Match[str], *, is_german: bool) -> Token:
    said, start, end = found[0], found.start(), found.end()
    if kind in {"word", "day"}:
        return Token(kind, said, said.lower(), start, end)
    groups = found.groupdict()
    digits = groups.get("digits") or groups.get("digits2") or re.sub(r"[^\d.,]", "", said)
    scale = (
        SCALES[(groups.get("scale") or groups.get("scale2") or "").lower()]
        if groups.get("scale") or groups.get("scale2")
        else Decimal(1)
    )
    readings = tuple(value * scale for value in number_readings(digits, is_german=is_german))
    return Token(kind, said, said.lower(), start, end, readings[0], readings if len(readings) > 1 else ())


def number_readings(digits: str, *, is_german: bool) -> list[Decimal]:
    """Return what digits with marks can mean, the likelier first: one reading, or two where grouping and decimals look alike.

    `1,200` is grouped in English, `1.200` in German; `750.000` is grouped in both, because nobody writes three decimals of
    nothing; `5,3` and `5.3` are decimals in both.
    """
    bare = re.sub(r"[ ']", "", digits)
    marks = re.findall(r"[.,]", bare)
    if not marks:
        return [Decimal(bare)]
    last = marks[-1]
    if len(set(marks)) > 1:
        group = "," if last == "." else "."
        return [Decimal(bare.replace(group, "").replace(last, "."))]
    grouped, decimal = Decimal(re.sub(r"[.,]", "", bare)), Decimal(bare.replace(",", ".")) if len(marks) == 1 else None
    whole, _, rest = bare.rpartition(last)
    if decimal is None:
        return [grouped]
    if len(rest) != 3 or whole.startswith("0") or len(whole) > 3:  # noqa: PLR2004 - a group has three digits
        return [decimal]
    is_grouped = (last == ".") == is_german or rest == "000"
    return [grouped] if is_grouped else [grouped, decimal]


def looks_german(text: str) -> bool:
    """Whether the text is German: more of its words are German function words than English ones."""
    said = re.findall(r"[a-zäöüß]+", text.lower())
    german, english = sum(word in GERMAN_MARKERS for word in said), sum(word in ENGLISH_MARKERS for word in said)
    return german > english or (german == english and any(char in text.lower() for char in "äöüß"))


GERMAN_MARKERS = frozenset(
    """der die das den dem des ein eine einen einem einer und oder wie viel viele was wer wann warum wo kostet kosten uns wir
    ich ihr sie mit ohne für von vom bis im in pro je nach zum zur bei auf ist sind hat haben wird werden reicht noch
    gespräche gesprächen gespräch aktionen aktion nutzer benutzer rabatt nachlass monat monatlich jahr jährlich woche tag
    verbrauch guthaben preis preise vergleich prognose abteilung letzte letzten letzter diesen dieses mio tsd prozent agenten
    ausgaben quartal vertrag vertragsende alle jeder jede zeig zeige hilfe hilf gestern heute seit lizenz lizenzen umgebung
    budget mitarbeiter angebot über anteil größte teuer günstiger lohnt wieviel aktuelle""".split()
)
ENGLISH_MARKERS = frozenset(
    """the a an and or how much many what who when why where cost costs us we i you they with without for of from to until in
    per by at on is are has have will does do did our left month year week day users actions conversations price prices compare
    forecast usage spend last this which should be cheaper than credits""".split()
)


def _numbers_in_words(tokens: list[Token]) -> list[Token]:
    """Return the tokens with `two hundred`, `half a million` and `zweihundert` as numbers; `one` alone stays a word."""
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        value, taken = _spelled(tokens, place)
        if taken:
            last = tokens[place + taken - 1]
            text = " ".join(token.text for token in tokens[place : place + taken])
            found.append(Token("number", text, text.lower(), tokens[place].start, last.end, value))
            place += taken
        else:
            found.append(tokens[place])
            place += 1
    return found


def _spelled(tokens: list[Token], place: int) -> tuple[Decimal, int]:
    """Return the number spelled at a place and of how many tokens it is made, 0 for none."""
    words = [token.plain if token.kind == "word" else "" for token in tokens[place : place + 8]]
    if words[:1] == ["half"] and words[1:3] == ["a", "million"]:
        return MILLION / 2, 3
    if words[:1] == ["halbe"] and words[1:2] == ["million"]:
        return MILLION / 2, 2
    compound = _german_compound(words[0])
    if compound:
        return compound, 1
    total, current, taken = Decimal(0), Decimal(0), 0
    for index, word in enumerate(words):
        if word in WORD_NUMBERS:
            current += WORD_NUMBERS[word]
        elif word in HUNDREDS and (current or (index and words[index - 1] in {"a", "eine"})):
            current = max(current, Decimal(1)) * HUNDREDS[word]
            if HUNDREDS[word] > 100:  # noqa: PLR2004 - thousands and millions close what stands before them
                total, current = total + current, Decimal(0)
        elif not (
            word == "and"
            and index
            and words[index + 1 : index + 2]
            and words[index + 1] in WORD_NUMBERS
            and words[index - 1] in HUNDREDS
        ):
            if not (word in {"a", "eine"} and words[index + 1 : index + 2] and words[index + 1] in HUNDREDS and not taken):
                break
        taken = index + 1
    value = total + current
    is_lone_one = taken == 1 and words[0] in {"one", "eins", "zero", "null", "acht"}
    return (value, taken) if taken and value and not is_lone_one else (Decimal(0), 0)


def _german_compound(word: str) -> Decimal:
    found = _GERMAN_COMPOUND.fullmatch(word)
    if not found or not word:
        return Decimal(0)
    thousands, has_thousand, hundreds, has_hundred = found.groups()
    value = (WORD_NUMBERS.get(thousands or "", 1) * 1000 if has_thousand else 0) + (
        WORD_NUMBERS.get(hundreds or "", 1) * 100 if has_hundred else 0
    )
    return Decimal(value)
