"""The words that people use and what each can mean, from `lexicon.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

LEXICON = Path(__file__).with_name("lexicon.toml")
WALLET_FAMILY = frozenset(
    """wallet usage forecast variance alerts reconcile users sandbox dear actions pilot digests scorecard""".split()
)
PRICE_FAMILY = frozenset(
    ("compare", "recommend", "price", "breakeven", "plan purchase", "negotiate", "convert", "tco", "portfolio", "use cases", "prices", "explain")
)
FAMILIES = {"wallet family": WALLET_FAMILY, "price family": PRICE_FAMILY}


def _words(text: str) -> tuple[str, ...]:
    """Return the entries of a table: words by spaces, phrases with underscores for their spaces."""
    return tuple(entry.replace("_", " ") for entry in text.split())


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(LEXICON.read_text(encoding="utf-8"), parse_float=Decimal)


@cache
def phrase_tags() -> Mapping[str, frozenset[str]]:
    """Return every phrase of the tables, lower case, with its tags."""
    tables = _tables()
    rows = [(tag, words) for tag, words in tables["tags"].items()]
    rows += [(kind, tables[kind]["words"]) for kind in ("function", "bound", "negation")]
    rows += [("intent", row["words"]) for row in tables["intents"]]
    found: dict[str, set[str]] = {}
    for tag, words in rows:
        for phrase in _words(words):
            found.setdefault(phrase, set()).add(tag)
    return {phrase: frozenset(tags) for phrase, tags in found.items()}


@cache
def intents() -> Mapping[str, Mapping[str, Decimal]]:
    """Return every intent phrase with the commands that it speaks for; one in several rows speaks for all of theirs."""
    found: dict[str, dict[str, Decimal]] = {}
    for row in _tables()["intents"]:
        for phrase in _words(row["words"]):
            mine = found.setdefault(phrase, {})
            for command, weight in row["for"].items():
                mine[command] = max(Decimal(weight), mine.get(command, Decimal(0)))
    return found


@cache
def commands_of_tag(tag: str) -> frozenset[str]:
    """Return the commands for which a word with that tag speaks where nothing else has taken it."""
    names = _tables()["left_over"].get(tag, ())
    return frozenset[str]().union(*(FAMILIES.get(name, frozenset({name})) for name in names))


@cache
def phrases_of_tag(tag: str) -> frozenset[str]:
    """Return the phrases that have a tag."""
    return frozenset(phrase for phrase, tags in phrase_tags().items() if tag in tags)


@cache
def greetings() -> frozenset[str]:
    """Return the small talk that is answered with help."""
    return frozenset(_words(_tables()["greeting"]["words"]))


@cache
def subjects() -> Mapping[str, str]:
    """Return what the strict language calls the subjects that people ask to have explained, by their phrases."""
    return {phrase: subject for subject, words in _tables()["subjects"].items() for phrase in _words(words)}


@cache
def longest_phrase() -> int:
    """Return of how many words the longest phrase is made."""
    return max(phrase.count(" ") + 1 for phrase in phrase_tags())
