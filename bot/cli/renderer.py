"""An answer as text for a terminal or a pipe. Rounds for display and computes nothing."""

from __future__ import annotations

import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING

from core.answer import amount, cell, day
from core.errors import REFUSAL_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.answer import Answer, Column, Figure, Source, Table
    from core.errors import QuestionError

INDENT = "  "
GAP = "  "
NARROWEST_TEXT = 16
MAX_MARKED = 120
MAX_ROWS = 40


def render(answer: Answer, width: int = 100) -> str:
    """Return the whole answer as lines of at most `width` characters, where its words allow."""
    blocks = [
        _wrap(answer.headline, width, ""),
        "\n".join(_figures(answer.figures)),
        *("\n".join(_table(table, width)) for table in answer.tables),
        _section("How", answer.arithmetic, width),
        _section("Notes", (f"{note.kind.capitalize()}: {note.text}" for note in answer.notes), width),
        _section("Sources", (_source(source) for source in answer.sources), width),
        f"Prices as of {day(answer.as_of)}. Asked: {answer.question}",
    ]
    return printable("\n\n".join(block for block in blocks if block))


def render_question_error(error: QuestionError) -> str:
    """Return the error's sentence, and under the question a mark at the place, where both fit on a line."""
    question = " ".join(error.question.split())
    is_markable = question == error.question and error.end - error.start < len(question) < MAX_MARKED
    if not is_markable:
        return printable(str(error))
    mark = " " * error.start + "^" * max(1, error.end - error.start)
    marked = f"{error}\n{INDENT}{question}\n{INDENT}{mark}"
    return printable(marked if len(marked) <= REFUSAL_LIMIT else str(error))


def printable(text: str) -> str:
    """Return the text without control characters, which could move the cursor or colour what follows."""
    return "".join(char if char == "\n" or char.isprintable() else "�" for char in text)


def _source(source: Source) -> str:
    return f"{source.title} (read {day(source.read_on)})" if source.read_on else source.title


def _wrap(text: str, width: int, indent: str) -> str:
    return textwrap.fill(
        text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _section(title: str, texts: Iterable[str], width: int) -> str:
    lines = [_wrap(text, width, INDENT) for text in texts]
    return "\n".join([title, *lines]) if lines else ""


def _figures(figures: tuple[Figure, ...]) -> Iterator[str]:
    known = [figure for figure in figures if figure.value is not None]
    widest = max((len(figure.label) for figure in known), default=0)
    for figure in known:
        yield f"{INDENT}{figure.label:<{widest}}{GAP}{amount(figure.value, figure.unit)}"


def _table(table: Table, width: int) -> Iterator[str]:
    shown = [index for index, column in enumerate(table.columns) if not column.is_detail]
    columns = [table.columns[index] for index in shown]
    rows = [[cell(row[index], table.columns[index].unit) for index in shown] for row in table.rows]
    widths = _widths(columns, rows, width)
    yield table.title
    yield from _lines([column.label for column in columns], columns, widths)
    yield INDENT + GAP.join("─" * size for size in widths)
    for row in rows[:MAX_ROWS]:
        yield from _lines(row, columns, widths)
    if len(rows) > MAX_ROWS:
        yield f"{INDENT}… and {len(rows) - MAX_ROWS:,} more rows; --json shows them all"


def _widths(columns: list[Column], rows: list[list[str]], width: int) -> list[int]:
    """Return the width of each column; texts give way, the widest first, when the table is too wide."""
    widths = [max(len(text) for text in texts) for texts in zip(*[[c.label for c in columns], *rows], strict=True)]
    room = width - len(INDENT) - len(GAP) * (len(columns) - 1)
    texts = [index for index, column in enumerate(columns) if column.unit == "text"]
    while texts and sum(widths) > room:
        widest = max(texts, key=lambda index: widths[index])
        if widths[widest] <= NARROWEST_TEXT:
            break
        widths[widest] = max(NARROWEST_TEXT, widths[widest] - (sum(widths) - room))
    return widths


def _lines(cells: list[str], columns: list[Column], widths: list[int]) -> Iterator[str]:
    wrapped = [textwrap.wrap(text, size) or [""] for text, size in zip(cells, widths, strict=True)]
    for parts in zip_longest(*wrapped, fillvalue=""):
        aligned = (_align(part, column, size) for part, column, size in zip(parts, columns, widths, strict=True))
        yield (INDENT + GAP.join(aligned)).rstrip()


def _align(text: str, column: Column, size: int) -> str:
    return text.ljust(size) if column.unit in {"text", "day", "instant"} else text.rjust(size)
