"""The LALR tables of a grammar, and the loop that parses a text with them.

lark builds the tables once for each version of the grammar and is not loaded afterwards: importing it takes longer than parsing
a question. The results match those of lark's own parser: the same trees, and errors at the same positions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

from core.language.vocabulary import pattern_of
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

START = "start"
END = "$END"  # lark's name for the end of a text
WORD = re.compile(r"\w+")
INLINED = "_"  # rules with this prefix have no node of their own: their children go to their parent


class ParsedToken(str):
    """A word of a text. type: the terminal that matched it; start_pos, end_pos: its half-open range."""

    __slots__ = ("end_pos", "start_pos", "type")

    type: str
    start_pos: int
    end_pos: int

    def __new__(cls, found: re.Match[str]) -> Self:
        """Return the token that a terminal's pattern matched."""
        token = super().__new__(cls, found[0])
        token.type, token.start_pos, token.end_pos = found.lastgroup or "", found.start(), found.end()
        return token


class Node(NamedTuple):
    """A rule's result, made of tokens and nodes. data: the rule's name."""

    data: str
    children: list[Any]


class UnreadableError(Exception):
    """A text that does not match the grammar. position: of the first word that does not fit; None if the text is incomplete."""

    def __init__(self, position: int | None) -> None:
        super().__init__(position)
        self.position = position


class ParsingTables:
    """The tables of one grammar, as numbers; a state is prepared when a text first reaches it."""

    def __init__(self, stored: dict[str, Any]) -> None:
        self._symbols: list[str] = stored["symbols"]
        self._patterns: dict[str, str] = stored["patterns"]
        self._ignored: set[str] = set(stored["ignored"])
        self._rules: list[list[Any]] = stored["rules"]  # name, and number of symbols
        # Per state: numbers separated by spaces, parsed when a text reaches the state.
        self._actions: list[str] = stored["actions"]  # alternating: a symbol, then the next state or ~rule
        self._terminals: list[str] = stored["terminals"]  # what may come next, in the order of trying
        self._start: int = stored["start"]
        self._end: int = stored["end"]
        self._by_first_word: dict[str, dict[str, str]] = stored["by_first_word"]
        self._action_of: dict[int, dict[str, int]] = {}
        self._names: dict[int, list[str]] = {}
        self._pattern_of: dict[tuple[str, str], re.Pattern[str]] = {}

    def parse(self, text: str) -> Node:
        """Return the tree of a text. Raises: UnreadableError."""
        states, values = [self._start], list[Any]()
        token, position = self._next_token(states[-1], text, 0)
        while True:
            symbol = token.type if token is not None else END
            action = self._actions_of(states[-1]).get(symbol)
            if action is None:
                raise UnreadableError(None if token is None else token.start_pos)
            if action < 0:
                self._reduce(~action, states, values)
            elif token is not None:
                states.append(action)
                values.append(token)
                token, position = self._next_token(action, text, position)
            if token is None and states[-1] == self._end:
                node: Node = values[-1]
                return node

    def _reduce(self, rule: int, states: list[int], values: list[Any]) -> None:
        name, size = self._rules[rule]
        children: list[Any] = []
        for value in values[len(values) - size :]:
            if isinstance(value, list):
                children += value
            else:
                children.append(value)
        del values[len(values) - size :], states[len(states) - size :]
        values.append(children if name.startswith(INLINED) else Node(name, children))
        states.append(self._actions_of(states[-1])[name])

    def _next_token(self, state: int, text: str, position: int) -> tuple[ParsedToken | None, int]:
        """Return the token at a position, None at the text's end, and its end position. Raises: UnreadableError."""
        while position < len(text):
            found = self._match(state, text, position)
            if found is None:
                raise UnreadableError(position)
            position = found.end()
            if found.lastgroup not in self._ignored:
                return ParsedToken(found), position
        return None, position

    def _actions_of(self, state: int) -> dict[str, int]:
        known = self._action_of.get(state)
        if known is None:
            pairs = map(int, self._actions[state].split())
            known = self._action_of[state] = {self._symbols[symbol]: action for symbol, action in zip(pairs, pairs, strict=True)}
        return known

    def _match(self, state: int, text: str, position: int) -> re.Match[str] | None:
        """Return the match of the first terminal that fits; a terminal without the text's first word is not even compiled."""
        first = first_word(text, position)
        for name in self._names_of(state):
            by_first_word = self._by_first_word.get(name)
            if by_first_word is not None and first not in by_first_word:
                continue
            found = self._pattern(name, first if by_first_word else "").match(text, position)
            if found is not None:
                return found
        return None

    def _names_of(self, state: int) -> list[str]:
        known = self._names.get(state)
        if known is None:
            known = self._names[state] = [self._symbols[int(terminal)] for terminal in self._terminals[state].split()]
        return known

    def _pattern(self, name: str, first: str) -> re.Pattern[str]:
        known = self._pattern_of.get((name, first))
        if known is None:
            pattern = self._by_first_word[name][first] if name in self._by_first_word else self._patterns[name]
            known = self._pattern_of[name, first] = re.compile(f"(?P<{name}>{pattern})")
        return known


def first_word(text: str, position: int = 0) -> str:
    """Return the letters and digits at a position, in lower case; empty if there are none."""
    found = WORD.match(text, position)
    return found[0].lower() if found else ""


def _by_first_word(words: Iterable[str]) -> dict[str, str]:
    """Return, by first word, a pattern for the entries that begin with it."""
    alike: dict[str, list[str]] = {}
    for word in words:
        alike.setdefault(first_word(word), []).append(word)
    return {first: f"(?i:{pattern_of(some)})" for first, some in alike.items()}


def make_tables(grammar: str, words: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """Return the tables that lark builds for a grammar, ready for JSON. A state's number is its index.

    words: for each terminal that matches only fixed words, all of them.
    """
    from lark import Lark  # noqa: PLC0415 - only where the tables have to be made

    parser: Any = Lark(grammar, parser="lalr", start=START).parser
    table, lexers = parser.parser._parse_table, parser.lexer.lexers  # noqa: SLF001 - lark publishes its tables nowhere else
    rules = list(parser.parser_conf.rules)
    place_of_rule = {rule: place for place, rule in enumerate(rules)}
    place_of_state = {state: place for place, state in enumerate(table.states)}
    terminals = parser.lexer_conf.terminals
    symbols = sorted({str(name) for row in table.states.values() for name in row} | {terminal.name for terminal in terminals})
    place_of_symbol = {symbol: place for place, symbol in enumerate(symbols)}

    def actions_of(row: dict[str, tuple[Any, Any]]) -> str:
        """Return pairs of a symbol and the next state, or the negated number of the rule that ends before it."""
        targets = {name: place_of_state[to] if isinstance(to, int) else ~place_of_rule[to] for name, (_, to) in row.items()}
        return " ".join(f"{place_of_symbol[name]} {target}" for name, target in targets.items())

    return {
        "symbols": symbols,
        "patterns": {terminal.name: terminal.pattern.to_regexp() for terminal in terminals},
        "by_first_word": {name: _by_first_word(said) for name, said in words.items()},
        "ignored": sorted(parser.lexer_conf.ignore),
        "rules": [[rule.origin.name, len(rule.expansion)] for rule in rules],
        "actions": [actions_of(row) for row in table.states.values()],
        "terminals": [" ".join(str(place_of_symbol[one.name]) for one in lexers[state].terminals) for state in table.states],
        "start": place_of_state[table.start_states[START]],
        "end": place_of_state[table.end_states[START]],
    }
