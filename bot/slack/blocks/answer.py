"""Answer to message: the sentence first, then the figures that matter, what to know, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.blocks import elements, limits
from bot.slack.blocks.limits import room
from bot.slack.blocks.message import SlackMessage, text_of
from bot.slack.blocks.scenario_form import is_changeable
from bot.slack.blocks.table import chart_block, table_block, table_lines, visible_columns
from bot.slack.blocks.text import one_line, replace_backticks
from core.answer import amount, cell, day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.slack.blocks.elements import Block
    from core.answer import Answer, Figure, Note, Table

HEADLINE_CHARACTERS = 300
FIGURES_ALONE, FIGURES_BESIDE_A_TABLE = 8, 6
TABLES, TABLE_BUDGET = 2, 3_000
NOTES, NOTE_CHARACTERS = 4, 300
SOURCES = 3
SOURCE_CHARACTERS = 100
EXAMPLES, EXAMPLE_CHARACTERS = 40, 250
MARKS = {"cheapest_plan": "cheapest", "recommended_plan": "recommended"}
SHARED = "Shared by a colleague."
KINDS = {"assumption": "Assumption", "warning": "Note", "disputed claim": "Disputed"}


def answer_message(answer: Answer, sheet_url: str | None = None) -> SlackMessage:
    """Return an answer for the asker alone, to be shared or looked into. sheet_url: the team's spreadsheet, if any."""
    return plain_message(answer).with_blocks(*_buttons(answer, sheet_url, share=True))


def copyable_message(answer: Answer, command: str, sheet_url: str | None = None) -> SlackMessage:
    """Return an answer whose question can be copied, the command before it."""
    message, typed = plain_message(answer), f"{command} {answer.question}"
    copied = [elements.rich(elements.code_block(typed))] if len(typed) <= room(limits.SECTION_TEXT) else []
    return message.with_blocks(*copied, *_buttons(answer, sheet_url, share=True))


def public_message(answer: Answer, sheet_url: str | None = None) -> SlackMessage:
    """Return an answer for everyone in a channel or thread, to be looked into."""
    return plain_message(answer).with_blocks(*_buttons(answer, sheet_url, share=False))


def share_message(answer: Answer, user: str, sheet_url: str | None = None) -> SlackMessage:
    """Return an answer for everyone in a channel, under the name of the member who shares it."""
    sharer = elements.rich(elements.line(elements.words("Shared by "), elements.person(user)))
    return public_message(answer, sheet_url).with_header(SHARED, sharer)


def plain_message(answer: Answer, *, draws_bars: bool = False) -> SlackMessage:
    """Return an answer without buttons. draws_bars: also beside a table, which says the same more exactly."""
    return SlackMessage(
        _text(answer), (*headline_blocks(answer), *body_blocks(answer, draws_bars=draws_bars), *_small_print(answer))
    )


def headline_blocks(answer: Answer) -> list[Block]:
    """Return the sentence that is the answer."""
    return [elements.rich(elements.line(*elements.rich_words(one_line(answer.headline, HEADLINE_CHARACTERS), "bold")))]


def body_blocks(answer: Answer, *, draws_bars: bool = False) -> list[Block]:
    """Return the figures, tables and chart of an answer."""
    tables = [table for table in answer.tables if table.rows]
    if any(_example_place(table) is not None for table in tables):
        return [block for table in tables for block in _examples(table)]
    blocks = _figures(answer, FIGURES_BESIDE_A_TABLE if tables else FIGURES_ALONE)
    left = TABLE_BUDGET
    for table in tables[:TABLES]:
        block, _ = table_block(table, _marks(answer), left)
        left -= limits.characters(block)
        blocks.append(block)
    return [*blocks, *chart_blocks(answer, draws_bars=draws_bars)]


def _figures(answer: Answer, count: int) -> list[Block]:
    cells = figure_cells(answer.figures, count)
    return [elements.fields(cells)] if cells else []


def figure_cells(figures: Iterable[Figure], count: int) -> list[Block]:
    """Return the first figures that have a value other than nothing, each under its label."""
    known = [figure for figure in figures if figure.unit != "text" and figure.value]
    return [elements.label_value(figure.label, _value(figure)) for figure in known[:count]]


def chart_blocks(answer: Answer, *, draws_bars: bool) -> list[Block]:
    """Return the chart of an answer, if any. draws_bars: also beside a table, which says the same more exactly."""
    drawn = [chart for chart in answer.charts if draws_bars or chart.kind in {"line", "area"} or not answer.tables]
    return [block for block in map(chart_block, drawn[:1]) if block]


def _marks(answer: Answer) -> dict[str, str]:
    return {str(figure.value): MARKS[figure.key] for figure in answer.figures if figure.key in MARKS}


def _example_place(table: Table) -> int | None:
    return next((place for place, column in enumerate(table.columns) if column.key == "example"), None)


def _examples(table: Table) -> list[Block]:
    place = _example_place(table)
    blocks = [elements.header(one_line(table.title, room(limits.HEADER_TEXT)))]
    for row in table.rows[:EXAMPLES]:
        said = [one_line(str(row[one]), EXAMPLE_CHARACTERS) for one in visible_columns(table) if one != place]
        example = str(row[place]) if place is not None else ""
        try_it = elements.button("Try it", "ask", example) if 0 < len(example) <= room(limits.BUTTON_VALUE) else None
        blocks.append(elements.example(said[0], " · ".join(said[1:]), one_line(example, EXAMPLE_CHARACTERS), try_it))
    return blocks


def _small_print(answer: Answer) -> list[Block]:
    notes = [_note(note) for note in answer.notes[:NOTES]]
    more = len(answer.notes) - len(notes)
    if more > 0:
        notes.append(f"{more:,} more under How?")
    return [*([elements.context(notes)] if notes else []), elements.context([_question_line(answer), _origin(answer)])]


def _question_line(answer: Answer) -> str:
    return f"Asked: {one_line(answer.question, NOTE_CHARACTERS)}"


def _note(note: Note) -> str:
    return one_line(f"{KINDS[note.kind]}: {replace_backticks(note.text)}", NOTE_CHARACTERS)


def _origin(answer: Answer) -> str:
    titles = list(dict.fromkeys(one_line(source.title, SOURCE_CHARACTERS) for source in answer.sources))
    more = f" and {len(titles) - SOURCES:,} more" if len(titles) > SOURCES else ""
    sources = f" · Sources: {'; '.join(titles[:SOURCES])}{more}" if titles else ""
    return f"As of {day(answer.as_of)}{sources}"


def _buttons(answer: Answer, sheet_url: str | None, *, share: bool) -> list[Block]:
    offered = [("Share here", "share")] * share + [("How?", "how")] * has_story(answer)
    offered += [("Change", "change")] * is_changeable(answer.question)
    is_askable = len(answer.question) <= room(limits.BUTTON_VALUE)
    buttons = [elements.button(label, action, answer.question) for label, action in offered] if is_askable else []
    if sheet_url and has_story(answer):
        buttons.append(elements.link_button("Sheet", "sheet", sheet_url))
    return [elements.actions(buttons)] if buttons else []


def has_story(answer: Answer) -> bool:
    """Whether there is anything to tell of how the answer came about."""
    return bool(answer.figures or answer.arithmetic or answer.notes or answer.sources)


def _text(answer: Answer) -> str:
    return text_of(
        (
            one_line(answer.headline, HEADLINE_CHARACTERS),
            *text_lines(answer),
            _question_line(answer),
            _origin(answer),
            *(_note(note) for note in answer.notes),
        )
    )


def text_lines(answer: Answer) -> list[str]:
    """Return figures and tables as lines of text."""
    figures = [_figure_line(figure) for figure in answer.figures if figure.unit != "text" and figure.value is not None]
    return [*figures, *(text for table in answer.tables if table.rows for text in table_lines(table, _marks(answer)))]


def _figure_line(figure: Figure) -> str:
    return f"{figure.label}: {_value(figure)}"


def _value(figure: Figure) -> str:
    """Return the value with its unit, which is not said again where the label names it."""
    shown = cell if figure.unit in figure.label.lower() else amount
    return shown(figure.value, figure.unit)
