"""Tokens to items: the longest phrases known from the tables or the wallet's names, with all their possible meanings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING

from core.language.free_text import lexicon, spelling
from core.language.free_text.tokens import Token, looks_german, tokenize
from core.patterns import compiled
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

MAX_NAME_WORDS = 5
# The meaning of marks. Other punctuation, emoji and accents mean nothing; `>`, `₹` and half characters are not understood.
IDLE_SYMBOLS = frozenset({"So", "Sk"})
MARKS = {
    "~": "function",
    "/": "per",
    "@": "at",
    "-": "to",
    "→": "to",
    "%": "unknown",
    "#": "unknown",
    ",": "comma",
    ";": "comma",
    "+": "plus",
    "=": "equals",
}
ROLES = frozenset({"per", "at", "to"})
OR = "¦"  # between atoms of which a pattern needs one


@dataclass(frozen=True, slots=True)
class Item:
    """A phrase of the text with its meanings. said: as written; phrase: as in the tables, spelling corrected."""

    index: int
    tokens: tuple[Token, ...]
    phrase: str
    tags: frozenset[str]
    names: Mapping[str, str]
    corrected_from: str = ""

    @property
    def said(self) -> str:
        """The words as written."""
        return " ".join(token.text for token in self.tokens)

    @property
    def number(self) -> Token:
        """The token with the value of a number, an amount of money or a percentage."""
        return self.tokens[0]

    def values(self, kind: str) -> list[str]:
        """Return what follows `kind:` in the item's tags."""
        return sorted(tag.partition(":")[2] for tag in self.tags if tag.startswith(f"{kind}:"))

    @property
    def is_ignorable(self) -> bool:
        """Whether the item can be left out without changing anything."""
        return bool(self.tags & {"function", "comma"})


class Names(NamedTuple):
    """The names of a wallet by kind (agent, department, org, action, user, team), as the exports spell them.

    An action with the same name as a table word is read as that word; the strict language can still name it.

    words: the team's own words and the meaning of each: a phrase of the tables or one of the names.
    """

    by_kind: Mapping[str, Sequence[str]]
    words: Mapping[str, str] = MappingProxyType({})

    def by_plain_words(self) -> dict[str, dict[str, str]]:
        """Return each name's kind and spelling by its words, lower case, underscores as spaces."""
        found: dict[str, dict[str, str]] = {}
        for kind, names in self.by_kind.items():
            for name in names:
                for written in {plain_words(name), plain_words(_apart(name))}:
                    if kind != "action" or written not in lexicon.phrase_tags():
                        found.setdefault(written, {}).setdefault(kind, name)
        return found

    def own_words(self) -> dict[str, str]:
        """Return what each of the team's own words means, both as people type them."""
        return {plain_words(word): plain_words(meaning) for word, meaning in self.words.items()}


NO_NAMES = Names({})


def plain_words(name: str) -> str:
    """Return a name as people type it: lower case, underscores and dots between words as spaces."""
    return " ".join(re.sub(r"[_\s]+", " ", name.lower()).split())


def _apart(name: str) -> str:
    return re.sub(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])", " ", name)


class Known(NamedTuple):
    """What a text can contain besides the tables' words: the wallet's names by plain words, and the team's own words."""

    names: Mapping[str, Mapping[str, str]]
    words: Mapping[str, str]

    def has(self, written: str) -> bool:
        """Whether the plain words are known as one phrase."""
        return written in lexicon.phrase_tags() or written in self.names or written in self.words

    def item(self, index: int, tokens: tuple[Token, ...], form: str, corrected_from: str = "") -> Item | None:
        """Return the item for a form, None if it is unknown; the team's own meaning of a word comes first."""
        meant = self.words.get(form, form)
        tags, mine = lexicon.phrase_tags().get(meant, frozenset()), self.names.get(meant, {})
        if "function" in tags and " ".join(token.text for token in tokens) not in mine.values():
            mine = {}  # "it" is the department IT only if written in capitals
        if not (tags or mine):
            return None
        return Item(index, tokens, meant, tags | {f"name:{kind}" for kind in mine}, mine, corrected_from)


def items_of(text: str, names: Names) -> list[Item]:
    """Return the text's items in order; a word that is unknown even as a misspelling has the tag `unknown`."""
    known = Known(names.by_plain_words(), names.own_words())
    tokens = [part for token in tokenize(text, is_german=looks_german(text)) for part in _apart_at_hyphens(token, known)]
    longest = max((written.count(" ") + 1 for written in (*known.names, *known.words)), default=0)
    found: list[Item] = []
    place = 0
    while place < len(tokens):
        item = _item_at(tokens, place, len(found), known, max(longest, lexicon.longest_phrase()))
        found.append(item)
        place += len(item.tokens)
    return [_in_place(item, found) for item in found]


def _in_place(item: Item, items: Sequence[Item]) -> Item:
    """Return an item as meant in its context: a year, or an amount; `who` as a question word, or in a relative clause."""
    if "year_number" in item.tags:
        return _as_amount(item, items)
    goes_on = item.phrase in {"who", "that", "which", "die"} and item.index > 0 and "unit:users" in items[item.index - 1].tags
    return replace(item, tags=frozenset({"function"})) if goes_on else item


# Units that make `2026 users` an amount rather than a year; credits are not among them, since they may be those of a year.
COUNTED = {"unit:users", "unit:interactions", "unit:calls", "unit:tickets", "unit:actions", "unit:packs", "unit:tokens", "voice"}


def _as_amount(item: Item, items: Sequence[Item]) -> Item:
    """Return a number such as 2000 as an amount, not a year, if the thing counted follows."""
    after = items[item.index + 1].tags if item.index + 1 < len(items) else frozenset[str]()
    is_amount = after & COUNTED or any(tag.startswith("use_case:") for tag in after)
    return replace(item, tags=item.tags - {"year_number"}) if is_amount else item


def _apart_at_hyphens(token: Token, known: Known) -> list[Token]:
    """Split a hyphenated word such as `Jul-Sep` or `Sandbox-Anteil` into its parts, unless it is known as one word."""
    if token.kind != "word" or "-" not in token.plain.strip("-") or known.has(plain_words(token.plain)):
        return [token]
    parts, place = [], token.start
    for part in re.split("(-)", token.text):
        if part:
            parts.append(Token("mark" if part == "-" else "word", part, part.lower(), place, place + len(part)))
        place += len(part)
    return parts


def _item_at(tokens: list[Token], place: int, index: int, known: Known, longest: int) -> Item:
    token = tokens[place]
    if _joins_number_and_word(tokens, place):
        return Item(index, (token,), token.plain, frozenset({"function"}), {})
    if token.kind == "mark":
        is_idle = unicodedata.category(token.plain[0])[0] == "P" or unicodedata.category(token.plain[0]) in IDLE_SYMBOLS
        known_tags = lexicon.phrase_tags().get(token.plain, frozenset()) & {"no_place"}
        tag = MARKS.get(token.plain, "function" if is_idle else min(known_tags, default="unknown"))
        return Item(index, (token,), token.plain, frozenset({tag, "function"} if tag in ROLES else {tag}), {})
    if token.kind != "word" and not _starts_phrase(token):
        mine = known.names.get(token.plain, {})
        tags = {_KINDS[token.kind], *(["year_number"] if re.fullmatch(r"20\d\d", token.text) else [])}
        return Item(index, (token,), token.plain, frozenset({*tags, *(f"name:{kind}" for kind in mine)}), mine)
    for size in range(min(longest, len(tokens) - place), 0, -1):
        item = _phrase(tokens[place : place + size], index, known)
        if item is not None:
            return item
    return _misspelt_name(tokens[place : place + MAX_NAME_WORDS], index, known) or _single(token, index, known)


def _joins_number_and_word(tokens: list[Token], place: int) -> bool:
    """Whether a token is the hyphen of `9-action` or `70-person`."""
    if tokens[place].plain != "-" or not 0 < place < len(tokens) - 1:
        return False
    before, hyphen, after = tokens[place - 1 : place + 2]
    is_tight = before.end == hyphen.start and hyphen.end == after.start
    return is_tight and before.kind == "number" and after.kind == "word" and after.plain.isalpha()


def _misspelt_name(words: list[Token], index: int, known: Known) -> Item | None:
    """Return the multi-word name that the next words misspell; at least one of them must be an unknown word."""
    for size in range(len(words), 1, -1):
        some = words[:size]
        if any(word.kind != "word" for word in some) or all(known.has(word.plain) for word in some):
            continue
        meant = spelling.nearest_name(" ".join(word.plain for word in some), known.names, words=size)
        item = known.item(index, tuple(some), meant, corrected_from=" ".join(word.text for word in some)) if meant else None
        if item is not None:
            return item
    return None


def _phrase(words: list[Token], index: int, known: Known) -> Item | None:
    """Return the item that the words form together, None if they are unknown."""
    if any(word.kind not in {"word", "mark", "money", "number"} for word in words):
        return None
    written = " ".join(word.plain for word in words)
    spoken = written if known.has(written) else written.removesuffix("'s").removesuffix("s'")
    for form in dict.fromkeys((written, spoken, plain_words(written), plain_words(spoken))):
        item = known.item(index, tuple(words), form)
        if item is not None:
            return item
    return None


def _single(token: Token, index: int, known: Known) -> Item:
    for tag, form in _SHAPES.items():
        if compiled(form).fullmatch(token.plain):
            return Item(index, (token,), token.plain, frozenset({tag}), {})
    return _misspelt(token, index, known)


def _starts_phrase(token: Token) -> bool:
    return token.kind in {"money", "number"} and any(phrase.startswith(token.plain) for phrase in _odd_phrases())


@cache
def _odd_phrases() -> tuple[str, ...]:
    return tuple(phrase for phrase in lexicon.phrase_tags() if phrase[0] in "$0123456789")


def _misspelt(token: Token, index: int, known: Known) -> Item:
    if token.kind != "word":
        return Item(index, (token,), token.plain, frozenset({_KINDS[token.kind]}), {})
    for form in _compound_forms(token.plain):
        if form in lexicon.phrase_tags():
            return Item(index, (token,), form, lexicon.phrase_tags()[form], {})
    meant = spelling.nearest(token.plain, [*lexicon.phrase_tags(), *known.names, *known.words], lexicon.is_idle)
    meant = meant or spelling.nearest_name(token.plain, known.names)
    item = known.item(index, (token,), meant, corrected_from=token.text) if meant else None
    return item or Item(index, (token,), token.plain, frozenset({"unknown"}), {})


def _compound_forms(plain: str) -> Iterator[str]:
    """Yield variants of a hyphenated word such as `Agenten-Verbrauch` or `per-month`."""
    if "-" in plain:
        yield plain.replace("-", " ")
        yield plain.replace("-", "")


_SHAPES = {
    "ordinal": r"\d{1,2}(?:st|nd|rd|th)",
    "fiscal": r"(?:fy|gj)'?(?:\d{2}|\d{4})",
    "user_id": r"005[a-z0-9]{12,15}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "week_word": r"(?:kw|cw|wk)\d{1,2}",
}
_KINDS = {
    "number": "num",
    "money": "money",
    "foreign": "foreign",
    "percent": "pct",
    "day": "date",
    "times": "multiple",
    "word": "word",
}


class Pattern:
    """A pattern over items, such as `n=num unit:users (per period:*)?`; each atom matches the tag of one item."""

    ATOM = re.compile(r"(?:(?P<name>[a-z]\w*)=)?(?P<tag>[a-z_]+(?::(?:use case|[\w*]+))?)(?P<may_lack>\?)?")
    GROUP = re.compile(r"\((?:\?:)?(?P<choices>[^()]*)\)(?P<repeated>[?*+]?)")

    def __init__(self, text: str) -> None:
        self.text = text

    def search(self, written: str, start: int) -> re.Match[str] | None:
        """Return the first match from start on, in items as a board writes them."""
        # Most patterns match nothing in a given sentence, and compiling them takes longer than all other steps of reading it.
        return self._regex.search(written, start) if all(any(tag in written for tag in tags) for tags in self._needs) else None

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        places = count()
        return re.compile(self.ATOM.sub(lambda found: self._atom(found, next(places)), self.text).replace(" ", ""))

    @cached_property
    def _needs(self) -> tuple[tuple[str, ...], ...]:
        """Return what the text must contain for the pattern to match: one tag of each entry."""
        outer, groups = self.text.replace("use case", "use"), 1  # the one tag of two words, by its first word
        while groups:  # innermost first
            outer, groups = self.GROUP.subn(self._first_of_each, outer)
        needed = () if "|" in outer else ([self.ATOM.fullmatch(atom) for atom in one.split(OR)] for one in outer.split())
        tags = ([f";{found['tag'].rstrip('*')}" for found in atoms if found and not found["may_lack"]] for atoms in needed)
        return tuple(tuple(one_of) for one_of in tags if one_of)

    @classmethod
    def _first_of_each(cls, found: re.Match[str]) -> str:
        """Return a group's needs as one atom: the first need of each alternative; nothing if one alternative needs nothing."""
        firsts = [next((atom for atom in choice.split() if not atom.endswith("?")), "") for choice in found["choices"].split("|")]
        may_lack = found["repeated"] in {"?", "*"} or not all(firsts)
        return " " if may_lack else f" {OR.join(firsts)} "

    @staticmethod
    def _atom(found: re.Match[str], place: int) -> str:
        tag = found["tag"].replace("*", "[^;>]+").replace(" ", r"\x20")
        item = rf"<[^>]*;{tag};[^>]*>"
        return (f"(?P<{found['name']}__{place}>{item})" if found["name"] else f"(?:{item})") + (found["may_lack"] or "")

    @staticmethod
    def named(found: re.Match[str]) -> dict[str, str]:
        """Return the match of each name; a name may occur at several places, of which one matches."""
        return {name.rpartition("__")[0]: written for name, written in found.groupdict().items() if written}


@cache
def pattern(text: str) -> Pattern:
    """Return a pattern, compiled once."""
    return Pattern(text)


@dataclass(frozen=True, slots=True)
class PatternMatch:
    """A match of a pattern: the items that it takes, and those that it names."""

    items: tuple[Item, ...]
    named: Mapping[str, Item]

    def get(self, name: str) -> Item | None:
        """Return the item of that name, None if the pattern matched without it."""
        return self.named.get(name)

    def __getitem__(self, name: str) -> Item:
        """Return the item of that name, which the pattern requires."""
        return self.named[name]


class Board:
    """The items of a text, and which of them a slot has taken."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.taken: dict[int, str] = {}
        self._groups: list[tuple[Item, ...]] = []
        self._each_written = [
            (item.index, f"<{item.index};{';'.join(sorted(item.tags))};>") for item in items if item.tags != {"function"}
        ]

    def _written(self) -> str:
        """Return the items as the patterns read them: without pure function words, and with taken items as barriers."""
        return "".join("#" if index in self.taken else written for index, written in self._each_written)

    def take(self, sought: Pattern, slot: str, accept: Callable[[PatternMatch], bool] = lambda _: True) -> Iterator[PatternMatch]:
        """Take every match of the pattern, and yield it."""
        start = 0
        while True:
            written = self._written()
            found = sought.search(written, start)
            if not found:
                return
            indexes = [int(number) for number in re.findall(r"<(\d+);", found[0])]
            named = {name: self.items[int(re.findall(r"<(\d+);", group)[0])] for name, group in sought.named(found).items()}
            match = PatternMatch(tuple(self.items[index] for index in indexes), named)
            if accept(match):
                self.taken.update(dict.fromkeys(indexes, slot))
                self._groups.append(match.items)
                yield match
                start = 0
            else:
                start = found.end() if found.end() > found.start() else found.start() + 1

    def first(self, sought: Pattern, slot: str, accept: Callable[[PatternMatch], bool] = lambda _: True) -> PatternMatch | None:
        """Take the first match of the pattern."""
        return next(self.take(sought, slot, accept), None)

    def take_items(self, items: Sequence[Item], slot: str) -> None:
        """Take items that no pattern finds, because other items stand between them."""
        self.taken.update(dict.fromkeys((item.index for item in items), slot))
        self._groups.append(tuple(items))

    def groups(self) -> list[tuple[Item, ...]]:
        """Return the items that each slot has taken, in text order: an amount with its unit and period, a time, a name."""
        return sorted(self._groups, key=lambda group: group[0].index)

    def left(self) -> list[Item]:
        """Return the meaningful items that no slot has taken."""
        return [item for item in self.items if item.index not in self.taken and not item.is_ignorable]
