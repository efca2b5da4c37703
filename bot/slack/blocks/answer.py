"""Answer to message: the sentence first, then the key figures, what to know, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.blocks import elements, limits
from bot.slack.blocks.chart import chart_block
from bot.slack.blocks.limits import room
from bot.slack.blocks.message import SlackMessage, text_of
from bot.slack.blocks.scenario_form import is_changeable
from bot.slack.blocks.table import glance_block, glance_lines, table_lines, visible_columns
from bot.slack.blocks.text import one_line
from core.answer import glance, main_table

if TYPE_CHECKING:
    from bot.slack.blocks.elements import Block
    from core.answer import Answer, Fact, Glance, GlanceTable, Table, Value

HEADLINE_CHARACTERS, QUALIFIER_CHARACTERS = 300, 250
# What fits at a glance, on a phone too: the rest is under How?.
FIGURES, COLUMNS, ROWS, BUTTONS, TEXT_CHARACTERS = 2, 3, 8, 3, 900
TABLE_BUDGET, FACT_CHARACTERS = 3_000, 200
QUESTION_CHARACTERS = 200
EXAMPLES, EXAMPLE_CHARACTERS = 6, 250
MARKS = {"cheapest_plan": "cheapest", "recommended_plan": "recommended"}
SHARED = "Shared by a colleague."
KINDS = {"assumption": "Assumption", "warning": "Note", "disputed claim": "Disputed"}


def answer_message(answer: Answer, sheet_url: str | None = None) -> SlackMessage:
    """Return an answer for the asker alone, with buttons to share and explore it. sheet_url: the team's spreadsheet, if any."""
    return plain_message(answer, sheet_url).with_blocks(*_buttons(answer, share=True))


def copyable_message(answer: Answer, command: str, sheet_url: str | None = None) -> SlackMessage:
    """Return an answer whose question can be copied, preceded by the command."""
    message, typed = plain_message(answer, sheet_url), f"{command} {answer.question}"
    copied = [elements.rich(elements.code_block(typed))] if len(typed) <= room(limits.SECTION_TEXT) else []
    return message.with_blocks(*copied, *_buttons(answer, share=True))


def public_message(answer: Answer, sheet_url: str | None = None) -> SlackMessage:
    """Return an answer for everyone in a channel or thread, with buttons to explore it."""
    return plain_message(answer, sheet_url).with_blocks(*_buttons(answer, share=False))


def share_message(answer: Answer, user: str, sheet_url: str | None = None) -> SlackMessage:
    """Return an answer for everyone in a channel, under the name of the member who shares it."""
    sharer = elements.rich(elements.line(elements.words("Shared by "), elements.person(user)))
    return public_message(answer, sheet_url).with_header(SHARED, sharer)


def plain_message(answer: Answer, sheet_url: str | None = None, *, draws_bars: bool = False, closing: str = "") -> SlackMessage:
    """Return an answer without buttons.

    draws_bars: also beside a table, which gives the same figures more exactly. closing: a last line.
    """
    blocks = (*headline_blocks(answer), *body_blocks(answer, draws_bars=draws_bars), *_provenance(answer, sheet_url))
    last = (closing,) if closing else ()
    return SlackMessage(_text(answer, *last), (*blocks, *map(elements.context, [last] if last else [])))


def headline_blocks(answer: Answer) -> list[Block]:
    """Return the sentence that is the answer, and the one that the reader needs with it, if any."""
    headline = elements.rich_words(one_line(answer.headline, HEADLINE_CHARACTERS), "bold")
    qualifier = _qualifier(glance(answer))
    more = [elements.words(" "), *elements.rich_words(qualifier)] if qualifier else []
    return [elements.rich(elements.line(*headline, *more))]


def _qualifier(seen: Glance) -> str:
    """Return the first warning; how the text was read comes first, because everything else depends on it."""
    said = [*seen.read_as, *seen.warnings]
    return one_line(said[0], QUALIFIER_CHARACTERS) if said else ""


def body_blocks(answer: Answer, *, draws_bars: bool = False) -> list[Block]:
    """Return the first part of an answer, as the terminal shows it: two facts, the table and the chart."""
    if _is_help(answer):
        tables = [table for table in answer.tables if table.rows]
        return [block for table in tables for block in (_examples(table) if len(tables) == 1 else _first_example(table))]
    seen = glance(answer)
    cells = fact_cells(seen)
    table, shown = main_table(answer), _first_table(seen)
    blocks = facts_block(cells)
    blocks += [glance_block(table, shown, _marks(answer), TABLE_BUDGET)] if table and shown else []
    return [*blocks, *chart_blocks(seen, draws_bars=draws_bars)]


def facts_block(cells: list[Block]) -> list[Block]:
    """Return facts side by side; a single one takes the whole width."""
    return [elements.fields(cells)] if len(cells) > 1 else [{"type": "section", "text": cell} for cell in cells]


def fact_cells(seen: Glance) -> list[Block]:
    """Return the first facts, each under its label."""
    return [elements.fact(one_line(fact.label, FACT_CHARACTERS), one_line(fact.text, FACT_CHARACTERS)) for fact in _facts(seen)]


def _facts(seen: Glance) -> tuple[Fact, ...]:
    return seen.facts[:FIGURES]


def _first_table(seen: Glance) -> GlanceTable | None:
    """Return the rows and columns that fit at a glance; numbers come before further names, as phones cut off at the right."""
    return seen.table.cut_to(ROWS).narrow_to(COLUMNS).numbers_first() if seen.table else None


def chart_blocks(seen: Glance, *, draws_bars: bool) -> list[Block]:
    """Return the chart of an answer, if any. draws_bars: also beside a table, which gives the same figures more exactly."""
    is_drawn = seen.chart and (draws_bars or seen.chart.kind in {"line", "area"} or seen.table is None)
    drawn = chart_block(seen.chart) if seen.chart and is_drawn else None
    return [drawn] if drawn else []


def _marks(answer: Answer) -> dict[str, str]:
    """Return the marks after a row's name, by the row's key and by its name."""
    marks = {str(figure.value): MARKS[figure.key] for figure in answer.figures if figure.key in MARKS}
    named = {
        str(row[1]): marks[str(row[0])] for table in answer.tables for row in table.rows if str(row[0]) in marks and len(row) > 1
    }
    return marks | named


def _is_help(answer: Answer) -> bool:
    return any(table.rows and _example_place(table) is not None for table in answer.tables)


def _example_place(table: Table) -> int | None:
    return next((place for place, column in enumerate(table.columns) if column.key == "example"), None)


def _examples(table: Table) -> list[Block]:
    """Return the possible questions, each with its purpose and a button that asks it; the names of the others in a line."""
    blocks = [elements.header(one_line(table.title, room(limits.HEADER_TEXT)))]
    for row in table.rows[:EXAMPLES]:
        name, *about = _words_of(table, row)
        blocks.append(elements.example(name, " · ".join(about), *_try_it(table, row)))
    return [*blocks, *_others(table, EXAMPLES)]


def _first_example(table: Table) -> list[Block]:
    """Return a kind of question in two lines: its name above an example to press, and its other questions."""
    return [elements.example(one_line(table.title, EXAMPLE_CHARACTERS), "", *_try_it(table, table.rows[0])), *_others(table, 1)]


def _words_of(table: Table, row: tuple[Value, ...]) -> list[str]:
    place = _example_place(table)
    return [one_line(str(row[one]), EXAMPLE_CHARACTERS) for one in visible_columns(table) if one != place]


def _try_it(table: Table, row: tuple[Value, ...]) -> tuple[str, Block | None]:
    """Return the example of a row, and the button that asks it."""
    place = _example_place(table)
    typed = str(row[place]) if place is not None else ""
    is_askable = 0 < len(typed) <= room(limits.BUTTON_VALUE)
    return one_line(typed, EXAMPLE_CHARACTERS), elements.button("Try it", "ask", typed) if is_askable else None


def _others(table: Table, shown: int) -> list[Block]:
    """Return the names of the rows without a button, in a line; those of the first kind are named beside its example."""
    names = [_words_of(table, row)[0] for row in (table.rows if shown == 1 else table.rows[shown:])]
    return [elements.context([one_line(" · ".join(names), room(limits.CONTEXT_TEXT))])] if names else []


def _provenance(answer: Answer, sheet_url: str | None) -> list[Block]:
    line = [elements.words(_origin(answer))]
    if sheet_url and has_story(answer):
        line += [elements.words(" · "), elements.link("in the sheet", sheet_url)]
    return [elements.rich(elements.line(*line))] if sheet_url and has_story(answer) else [elements.context([_origin(answer)])]


def _question_line(answer: Answer) -> str:
    return f"Asked: {one_line(answer.question, QUESTION_CHARACTERS)}"


def _origin(answer: Answer) -> str:
    """Return one line on how current the answer is, and how much is behind it."""
    seen = glance(answer)
    return " · ".join([seen.provenance, *([f"{seen.rest} under How?"] if seen.rest else [])])


def _buttons(answer: Answer, *, share: bool) -> list[Block]:
    offered = [("Share here", "share"), ("How?", "how")][not share :] if has_story(answer) else _all_rows(answer)
    offered += [("Change", "change")] * is_changeable(answer.question)
    is_askable = len(answer.question) <= room(limits.BUTTON_VALUE)
    buttons = [elements.button(label, action, answer.question) for label, action in offered[:BUTTONS]] if is_askable else []
    return [elements.actions(buttons)] if buttons else []


def _all_rows(answer: Answer) -> list[tuple[str, str]]:
    """Return the button for the rows that did not fit, in an answer without anything else to explain, such as help."""
    table = main_table(answer)
    return [("Show all", "how")] if table and len(table.rows) > ROWS and not _is_help(answer) else []


def has_story(answer: Answer) -> bool:
    """Whether there is anything to explain about the answer."""
    return bool(answer.figures or answer.arithmetic or answer.notes or answer.sources)


def _text(answer: Answer, *closing: str) -> str:
    """Return the message as text: the content of its blocks, as far as it fits; the question is always included."""
    end = (_origin(answer), _question_line(answer), *closing)
    left = TEXT_CHARACTERS - sum(len(line) + 1 for line in end)
    kept: list[str] = []
    for line in (
        one_line(answer.headline, HEADLINE_CHARACTERS),
        *filter(None, [_qualifier(glance(answer))]),
        *text_lines(answer),
    ):
        left -= len(line) + 1
        if left < 0 and kept:
            break
        kept.append(line)
    return text_of((*kept, *end))


def text_lines(answer: Answer) -> list[str]:
    """Return the facts and the table of the message as lines of text."""
    if _is_help(answer):
        return [line for table in answer.tables if table.rows for line in table_lines(table, {})]
    seen = glance(answer)
    table, shown = main_table(answer), _first_table(seen)
    facts = [f"{one_line(fact.label, FACT_CHARACTERS)}: {one_line(fact.text, FACT_CHARACTERS)}" for fact in _facts(seen)]
    return [*facts, *(glance_lines(table, shown, _marks(answer)) if table and shown else [])]
