"""What reads questions reads what lark reads: the same trees, and errors at the same places."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lark import Lark, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from core.language import COMMANDS, vocabulary
from core.language.grammar import grammar_text
from core.language.parsing_tables import Node, ParsingTables, UnreadableError, make_tables, tables_of
from core.language.phrases import PHRASES

if TYPE_CHECKING:
    from pathlib import Path

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
    """Return the tables, as they come back from a file."""
    return tables_of(grammar_text(), None)


def plain(tree: Any) -> object:  # noqa: ANN401 - a node or token of either parser
    """Return a tree as names, words and places."""
    if isinstance(tree, Tree):
        return (str(tree.data), [plain(child) for child in tree.children])
    if isinstance(tree, Node):
        return (tree.data, [plain(child) for child in tree.children])
    return (tree.type, str(tree), tree.start_pos, tree.end_pos)


def outcome(parser: Lark | ParsingTables, text: str) -> object:
    """Return the tree that a parser reads, else the place where it stopped; None is the text's end."""
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
@example("usage by agent then by month last 3 months ?")
@given(TEXTS)
def test_a_text_is_read_as_lark_reads_it(text: str) -> None:
    """Tree for tree, token for token, and an error at the same place."""
    wanted, found = outcome(larks(), text), outcome(ours(), text)
    assert found == wanted


@pytest.mark.parametrize("stored", ["", "{}", "[1]", '{"grammar": "start: A"}', "é"])
def test_a_file_of_tables_that_is_of_no_use_is_made_anew(tmp_path: Path, stored: str) -> None:
    """Cut off, of another version, or not ours: the question is read, and the file is right afterwards."""
    kept, grammar = tmp_path / "grammar.json", "start: A+\nA: /a/i"
    kept.write_bytes(stored.encode("latin-1"))
    assert plain(tables_of(grammar, kept).parse("aA")) == ("start", [("A", "a", 0, 1), ("A", "A", 1, 2)])
    assert plain(tables_of(grammar, kept).parse("a")) == ("start", [("A", "a", 0, 1)])
    assert [path.name for path in tmp_path.iterdir()] == ["grammar.json"]
    assert '"start: A+\\nA: /a/i"' in kept.read_text(encoding="utf-8")


def test_tables_need_no_place_to_be_kept(tmp_path: Path) -> None:
    """Where nothing can be written, the tables are made each time."""
    assert plain(tables_of("start: A\nA: /a/", tmp_path / "missing" / "grammar.json").parse("a")) == ("start", [("A", "a", 0, 1)])
    assert make_tables("start: A\nA: /a/")["grammar"] == "start: A\nA: /a/"
