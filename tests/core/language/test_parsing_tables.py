"""Our parser matches lark's: the same trees, and errors at the same positions."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from lark import Lark, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from core.language import COMMANDS, vocabulary
from core.language.grammar import grammar_text, words_of_terminals
from core.language.parsing_tables import Node, ParsingTables, UnreadableError, make_tables
from core.language.phrases import PHRASES

WORDS = [
    *(word for command in COMMANDS.values() for word in command.words),
    *(example for phrase in PHRASES.values() for example in phrase.examples),
    *(word for said in vocabulary.KEYWORDS.values() for word in said),
    *("3", "10,000", "1.5k", "2 m", "25%", "$2", "$0.10", "2026-09-01", '"a b"', "'c'", ",", "/", "x", "froodle", "?", "é", ""),
]
TEXTS = st.lists(st.sampled_from(WORDS) | st.text("aeinorstu 0159.,%$/x-", max_size=6), max_size=9).flatmap(
    lambda words: st.sampled_from([" ", "  ", "\n", ""]).map(lambda gap: gap.join(words))
)


@cache
def larks() -> Lark:
    """Return lark's own parser of the grammar."""
    return Lark(grammar_text(), parser="lalr", start="start")


@cache
def ours() -> ParsingTables:
    """Return the tables of the grammar."""
    return ParsingTables(make_tables(grammar_text(), words_of_terminals()))


def plain(tree: Any) -> object:  # noqa: ANN401 - a node or token of either parser
    """Return a tree as names, words and positions."""
    if isinstance(tree, Tree):
        return (str(tree.data), [plain(child) for child in tree.children])
    if isinstance(tree, Node):
        return (tree.data, [plain(child) for child in tree.children])
    return (tree.type, str(tree), tree.start_pos, tree.end_pos)


def outcome(parser: Lark | ParsingTables, text: str) -> object:
    """Return the tree from a parser, otherwise the position where it stopped; None is the end of the text."""
    try:
        return plain(parser.parse(text))
    except UnreadableError as error:
        return error.position
    except UnexpectedToken as error:
        return None if error.token.type == "$END" else error.token.start_pos
    except UnexpectedInput as error:
        return error.pos_in_stream


@example("compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users")
@example("breakeven 200")
@example("BREAKEVEN 200 Users")
@example("price 300 MB of unstructured data tier 4")
@example("usage by agent then by month last 3 months ?")
@given(TEXTS)
def test_a_text_is_read_as_lark_reads_it(text: str) -> None:
    """The same tree, token for token, or an error at the same position."""
    wanted, found = outcome(larks(), text), outcome(ours(), text)
    assert found == wanted


def test_a_word_that_fits_only_elsewhere_is_where_reading_stops() -> None:
    """LALR tables merge states, so a word that fits only elsewhere may be accepted, and the error comes one step later."""
    grammar = "start: X inner D | Y inner E\ninner: C\nX: /x/\nY: /y/\nC: /c/\nD: /d/\nE: /e/\n%ignore / +/"
    texts = ("x c d", "y c e", "x c e", "y c d", "x c", "x d")
    parsers = Lark(grammar, parser="lalr"), ParsingTables(make_tables(grammar, {}))
    theirs, own = ([outcome(parser, text) for text in texts] for parser in parsers)
    assert own == theirs
    assert theirs[2:] == [4, 4, None, 2]
