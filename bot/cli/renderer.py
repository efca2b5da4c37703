"""An answer as text for a terminal or a pipe: at a glance, or whole. Lays out what the answer says, and computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.text_table import GAP, INDENT, cut, lay_out, printable, wrap
from core.answer import amount, day, glance, group_digits, whole_table
from core.errors import REFUSAL_LIMIT
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from core.answer import Answer, Chart, Fact, Figure, Glance, GlanceTable, Source, Table
    from core.errors import QuestionError

NARROWEST, WIDEST_SENTENCE = 20, 100
MAX_MARKED = 120
MAX_ROWS = 40
# Lines of an answer at a glance, by command: quick to read, and fewer than a terminal's 24.
LINES, LINES_OF = 18, {"breakeven": 12, "compare": 16, "wallet": 14, "forecast": 14, "import": 15, "help": 25}
MAX_LINES_OF_WARNING, MAX_LINES_OF_ROW, MIN_ROWS, MIN_CHART_LINES, CHART_LINES = 2, 3, 3, 5, 12
# A blank line, head, rule, three rows, and a line that says what is left out.
LEAST_OF_TABLE = 7
RESET = "\x1b[0m"
CODES = {"bold": "\x1b[1m", "dim": "\x1b[2m", "warning": "\x1b[33m", "head": "\x1b[1m"}


class Look(NamedTuple):
    """How an answer is laid out. draws: whether a chart is drawn; None for only if there is room."""

    width: int = 80
    is_colored: bool = False
    draws_chart: bool | None = False


class Line(NamedTuple):
    """A line of text, and its style on a terminal."""

    text: str
    style: str = ""


PLAIN = Look()
EMPTY = Line("")


def render(answer: Answer, look: Look = PLAIN) -> str:
    """Return the first glance of an answer, within its command's number of lines at 80 columns."""
    look = look._replace(width=_width(look))
    seen = glance(answer)
    footer = [EMPTY, *_footer(answer, seen, look.width)]
    opening = [
        *(Line(text, "dim") for said in seen.read_as for text in wrap(said, look.width)),
        *_sentence(seen.sentence, look.width),
    ]
    facts = _spaced(_facts(seen.facts, look.width))
    left = LINES_OF.get(answer.question.split()[0], LINES) - len(opening) - len(facts) - len(footer)
    warnings = _warnings(seen.warnings, look.width, left - (LEAST_OF_TABLE if seen.table else 0))
    room = left - len(warnings)
    table = _spaced(_table(seen.table, look.width, room)) if seen.table else []
    chart = _spaced(_chart(seen, look, room - len(table)))
    return _join([*opening, *warnings, *facts, *table, *chart, *footer], look)


def render_whole(answer: Answer, look: Look = PLAIN) -> str:
    """Return the whole answer, every figure exact; long tables are cut, and say so."""
    width = _width(look)
    look = look._replace(width=width)
    parts: list[list[Line]] = [
        _sentence(answer.headline, width),
        _figures(answer.figures, width),
        *(_whole_table(table, width) for table in answer.tables),
        _section("How", answer.arithmetic, width),
        _section("Notes", (f"{note.kind.capitalize()}: {note.text}" for note in answer.notes), width),
        _section("Sources", (_source(source) for source in answer.sources), width),
        [Line(text, "dim") for text in wrap(f"As of {day(answer.as_of)}. Asked: {answer.question}", width)],
    ]
    if look.draws_chart:
        parts[2:2] = [_drawn(chart, look) for chart in answer.charts]
    lines = [line for part in parts if part for line in (*part, EMPTY)]
    return _join(lines[:-1], look)


def _width(look: Look) -> int:
    """Return the characters in a line; implausible terminal widths are ignored."""
    return max(look.width, NARROWEST) if look.width > 0 else PLAIN.width


def render_question_error(error: QuestionError) -> str:
    """Return the error's sentence, and a mark under the place in the question, if both fit on a line."""
    question = " ".join(error.question.split())
    is_markable = question == error.question and error.end - error.start < len(question) < MAX_MARKED
    if not is_markable:
        return printable(str(error))
    mark = " " * error.start + "^" * max(1, error.end - error.start)
    marked = f"{error}\n{INDENT}{question}\n{INDENT}{mark}"
    return printable(marked if len(marked) <= REFUSAL_LIMIT else str(error))


def _join(lines: Iterable[Line], look: Look) -> str:
    return "\n".join(_styled(line, look) for line in lines)


def _styled(line: Line, look: Look) -> str:
    text = printable(line.text)
    if line.style == "drawn":
        return line.text
    return f"{CODES[line.style]}{text}{RESET}" if look.is_colored and line.style and text else text


def _spaced(lines: list[Line]) -> list[Line]:
    return [EMPTY, *lines] if lines else []


def _sentence(text: str, width: int) -> list[Line]:
    return [Line(line, "bold") for line in wrap(text, min(width, WIDEST_SENTENCE))]


def _warnings(texts: Sequence[str], width: int, room: int) -> list[Line]:
    """Return warnings in at most two lines each, as many as fit, at least the first, and how many more there are."""
    lines: list[Line] = []
    for place, text in enumerate(texts):
        first, *more = cut(wrap(text, min(width, WIDEST_SENTENCE) - len("! ")), width - len("! "), MAX_LINES_OF_WARNING)
        said = [Line(f"! {first}", "warning"), *(Line(f"{INDENT}{line}", "warning") for line in more)]
        is_last = place + 1 == len(texts)
        if lines and len(lines) + len(said) + (not is_last) > room:
            count = len(texts) - place
            others = f"! {count} more {'warning' if count == 1 else 'warnings'}: --how"
            return [*lines, *(Line(line, "warning") for line in wrap(others, width))]
        lines += said
    return lines


# --- at a glance ------------------------------------------------------------------------------------------------------


def _facts(facts: Sequence[Fact], width: int) -> list[Line]:
    return [Line(text) for text in _pairs([(fact.label, fact.text) for fact in facts], width)]


def _pairs(pairs: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    """Yield labels with their texts in a column, or after a label that is too long for that."""
    most = width - len(INDENT) - len(GAP) - NARROWEST
    widest = max((len(label) for label, _ in pairs if len(label) <= most), default=0)
    for label, text in pairs:
        if len(label) > widest:
            yield from wrap(f"{label}: {text}", width, INDENT)
            continue
        first, *more = wrap(text, width - len(INDENT) - widest - len(GAP))
        yield f"{INDENT}{label:<{widest}}{GAP}{first}"
        yield from (f"{INDENT}{'':<{widest}}{GAP}{line}" for line in more)


def _table(table: GlanceTable, width: int, room: int) -> list[Line]:
    """Return a table with as many rows as fit, at least three, and a line that says what is left out."""
    is_titled = len(table.title) > max(len(row[0]) for row in table.rows)
    if not is_titled:
        table = table._replace(columns=(table.columns[0]._replace(label=table.title), *table.columns[1:]))
    laid = lay_out(table, width, MAX_LINES_OF_ROW)
    head = [
        *((Line(text, "head") for text in wrap(table.title, width)) if is_titled else ()),
        *(Line(text, "head") for text in laid.head),
        Line(laid.rule, "dim"),
    ]
    count, left = 0, room - len(head) - len(EMPTY)
    rows = laid.rows[::-1] if table.earlier else laid.rows
    for row in rows:
        says_more = count + 1 < len(rows) or table.more or laid.left_out
        if count >= MIN_ROWS and len(row) + bool(says_more) > left:
            break
        left -= len(row)
        count += 1
    shown = laid.rows[len(rows) - count :] if table.earlier else laid.rows[:count]
    said = (
        wrap(_left_out(table.cut_to(count), laid.left_out), width, INDENT)
        if count < len(rows) or table.more or laid.left_out
        else []
    )
    return [*head, *(Line(text) for row in shown for text in row), *(Line(text, "dim") for text in said)]


def _left_out(table: GlanceTable, columns: Sequence[str]) -> str:
    said = []
    if table.more:
        said.append(f"{group_digits(table.more)} {'earlier' if table.earlier else 'more'} {'row' if table.more == 1 else 'rows'}")
    if columns:
        said.append(f"no room for {', '.join(columns)}")
    return f"… {'; '.join(said)}: --csv"


def _footer(answer: Answer, seen: Glance, width: int) -> list[Line]:
    has_more = bool(seen.rest or answer.arithmetic or len(answer.tables) > 1 or len(answer.figures) > len(seen.facts))
    rest = [f"{seen.rest}: --how" if seen.rest else "--how"] if has_more else []
    whole = " · ".join([seen.provenance, *rest])
    texts = [whole] if len(whole) <= width else [line for part in (seen.provenance, *rest) for line in wrap(part, width)]
    return [Line(text, "dim") for text in texts]


def _chart(seen: Glance, look: Look, room: int) -> list[Line]:
    """Return the chart, if it is requested, or if a terminal has room for it."""
    if seen.chart is None or look.draws_chart is False:
        return []
    lines = CHART_LINES if look.draws_chart else min(room - len([EMPTY]), CHART_LINES)
    return _drawn(seen.chart, look, lines) if lines >= MIN_CHART_LINES else []


def _drawn(chart: Chart, look: Look, lines: int = CHART_LINES) -> list[Line]:
    from bot.cli.text_chart import draw  # noqa: PLC0415 - only a chart pays for it

    return [Line(text, "drawn") for text in draw(chart, look.width, lines, is_colored=look.is_colored)]


# --- whole ------------------------------------------------------------------------------------------------------------


def _source(source: Source) -> str:
    return f"{source.title} (read {day(source.read_on)})" if source.read_on else source.title


def _section(title: str, texts: Iterable[str], width: int) -> list[Line]:
    lines = [Line(line) for text in texts for line in wrap(text, width, INDENT)]
    return [Line(title, "head"), *lines] if lines else []


def _figures(figures: Sequence[Figure], width: int) -> list[Line]:
    known = [(figure.label, amount(figure.value, figure.unit)) for figure in figures if figure.value is not None]
    return [Line(text) for text in _pairs(known, width)]


def _whole_table(table: Table, width: int) -> list[Line]:
    if not table.rows:
        return []
    laid = lay_out(whole_table(table), width)
    lines = [Line(text, "head") for text in (*wrap(table.title, width), *laid.head)]
    lines.append(Line(laid.rule, "dim"))
    lines += [Line(text) for row in laid.rows[:MAX_ROWS] for text in row]
    more = len(laid.rows) - MAX_ROWS
    if more > 0 or laid.left_out:
        said = [f"{group_digits(more)} more rows"] * (more > 0) + [f"no room for {', '.join(laid.left_out)}"] * bool(
            laid.left_out
        )
        lines += [Line(text, "dim") for text in wrap(f"… {'; '.join(said)}: --json shows all", width, INDENT)]
    return lines
