"""The words that people use and their possible meanings, from `lexicon.toml`."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.pricing import vendor_prices
from core.records import NamedTuple
from core.toml_files import read_toml_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LEXICON = Path(__file__).with_name("lexicon.toml")
WALLET_FAMILY = frozenset(
    {
        "wallet",
        "usage",
        "forecast",
        "budget",
        "unit cost",
        "invoice",
        "showback",
        "variance",
        "alerts",
        "reconcile",
        "users",
        "sandbox",
        "overhead",
        "actions",
        "pilot",
        "digests",
    }
    | {"scorecard"}
)
PRICE_FAMILY = frozenset(
    {
        "compare",
        "recommend",
        "price",
        "breakeven",
        "plan purchase",
        "negotiate",
        "convert",
        "tco",
        "what if",
        "portfolio",
        "use cases",
        "prices",
    }
    | {"explain", "foundations", "vendors", "switch"}
)
# The table of each tag's words; words of the second table are never part of a question.
INTENT_TABLES = {"intent": "intents", "no_place": "no_place"}
FAMILIES = {"wallet family": WALLET_FAMILY, "price family": PRICE_FAMILY}


def _words(text: str) -> tuple[str, ...]:
    """Return the entries of a table: words separated by spaces, phrases with underscores for their spaces."""
    entries = text.split()
    return tuple(entry.replace("_", " ") for entry in entries) if "_" in text else tuple(entries)


@cache
def _tables() -> Mapping[str, Any]:
    return read_toml_files(LEXICON.parent)[LEXICON.stem]


@cache
def phrase_tags() -> Mapping[str, frozenset[str]]:
    """Return every phrase of the tables, lower case, with its tags."""
    tables = _tables()
    rows = [(tag, words) for tag, words in tables["tags"].items()]
    rows += [(kind, tables[kind]["words"]) for kind in ("function", "bound", "negation")]
    rows += [(kind, row["words"]) for kind, table in INTENT_TABLES.items() for row in tables[table]]
    rows += [(f"vendor:{key}", " ".join(word.replace(" ", "_") for word in words)) for key, words in _vendors()]
    found: dict[str, set[str]] = {}
    for tag, words in rows:
        for phrase in _words(words):
            found.setdefault(phrase, set()).add(tag)
    return {phrase: frozenset(tags) for phrase, tags in found.items()}


def _vendors() -> Iterable[tuple[str, tuple[str, ...]]]:
    """Return the vendors by key, with their words from the price book."""
    return vendor_prices.vendor_words().items()


def is_idle(phrase: str) -> bool:
    """Whether a phrase has no content of its own, so that idle phrases are interchangeable."""
    return phrase_tags().get(phrase) == frozenset({"function"})


@cache
def intents() -> Mapping[str, Mapping[str, Decimal]]:
    """Return every intent phrase with the commands that it supports; a phrase in several rows supports all of theirs."""
    found: dict[str, dict[str, Decimal]] = {}
    for row in (row for table in INTENT_TABLES.values() for row in _tables()[table]):
        weights = {command: Decimal(weight) for command, weight in row["for"].items()}
        for phrase in _words(row["words"]):
            mine = found.setdefault(phrase, {})
            for command, weight in weights.items():
                mine[command] = max(weight, mine[command]) if command in mine else weight
    return found


@cache
def commands_of_tag(tag: str) -> frozenset[str]:
    """Return the commands that a word with that tag supports if no slot has taken it."""
    names = _tables()["left_over"].get(tag, ())
    return frozenset[str]().union(*(FAMILIES.get(name, frozenset({name})) for name in names))


@cache
def phrases_of_tag(tag: str) -> frozenset[str]:
    """Return the phrases that have a tag."""
    return frozenset(phrase for phrase, tags in phrase_tags().items() if tag in tags)


@cache
def greetings() -> frozenset[str]:
    """Return the small talk that help answers."""
    return frozenset(_words(_tables()["greeting"]["words"]))


@cache
def comparing_words() -> frozenset[str]:
    """Return the words that compare one span of time with another."""
    return frozenset(_words(_tables()["holds_against"]["words"]))


@cache
def subjects() -> Mapping[str, str]:
    """Return the strict language's names of subjects that people ask to have explained, by phrase."""
    return {phrase: subject for subject, words in _tables()["subjects"].items() for phrase in _words(words)}


@cache
def price_topics() -> Mapping[str, str]:
    """Return the parts of the price book by the words that people use for one unit."""
    return {phrase: topic for topic, words in _tables()["price_topics"].items() for phrase in _words(words)}


@cache
def longest_phrase() -> int:
    """Return the number of words in the longest phrase."""
    return max(phrase.count(" ") + 1 for phrase in phrase_tags())


@cache
def words_of_language(language: str) -> frozenset[str]:
    """Return the words that mark a text as `german` or `english`."""
    return frozenset(_tables()["languages"][language].split())


class NumberWords(NamedTuple):
    """Numbers in words: values by word, scales that multiply, and words that alone are not an amount."""

    values: dict[str, Decimal]
    scales: dict[str, Decimal]
    never_alone: frozenset[str]
    german_compound: str

    def compound(self, word: str) -> Decimal | None:
        """Return the value of a German compound such as zweihundert or fünfzigtausend, None for other words."""
        if "tausend" not in word and "hundert" not in word:
            return None
        found = re.fullmatch(self.german_compound, word)
        if not found:
            return None
        thousands, has_thousand, hundreds, has_hundred, rest = found.groups()
        one = Decimal(1)
        value = self.values.get(thousands or "", one) * 1000 if has_thousand else Decimal(0)
        value += self.values.get(hundreds or "", one) * 100 if has_hundred else Decimal(0)
        return value + (self.values[rest] if rest else Decimal(0))


@cache
def number_words() -> NumberWords:
    """Return the numbers in words, English and German."""
    table = _tables()["numbers"]
    values: dict[str, Decimal] = {word: Decimal(value) for word, value in table["others"].items()}
    for language in ("english", "german"):
        tens = dict(zip(table[f"{language}_tens"].split(), range(20, 100, 10), strict=True))
        values |= {word: Decimal(value) for value, word in enumerate(table[language].split())}
        values |= {word: Decimal(value) for word, value in tens.items()}
    ones = {"ein": 1, **{word: value for value, word in enumerate(table["german"].split()) if 1 < value < 10}}  # noqa: PLR2004
    german_tens = dict(zip(table["german_tens"].split(), range(20, 100, 10), strict=True))
    values |= {f"{one}und{ten}": Decimal(value + tens) for ten, tens in german_tens.items() for one, value in ones.items()}
    below = "|".join(sorted(values, key=len, reverse=True))
    compound = rf"(?:({below}|ein)?(tausend))?(?:({'|'.join(ones)})?(hundert))?({below})?"
    scales = {word: Decimal(value) for word, value in table["scales"].items()}
    return NumberWords(values, scales, frozenset(table["never_alone"].split()), compound)
