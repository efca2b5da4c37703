"""Slack's limits, and which parts of a message come too close to one.

Sources: docs.slack.dev/reference/block-kit (blocks, elements, composition objects), read November 2026. The twelve
thousand characters of a message and the two charts are not documented; others ran into both in
slackapi/bolt-js#2509 and vercel/chat#696.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.answer import group_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

MESSAGE_BLOCKS = 50
MESSAGE_CHARACTERS = 12_000
MESSAGE_TEXT = 4_000
SECTION_TEXT = 3_000
FIELDS = 10
FIELD_TEXT = 2_000
HEADER_TEXT = 150
CONTEXT_ELEMENTS = 10
CONTEXT_TEXT = 3_000
ACTIONS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
IDENTIFIER = 255
TABLE_ROWS = 101
TABLE_COLUMNS = 20
TABLE_CHARACTERS = 10_000
CHARTS = 2
CHART_TITLE = 50
CHART_SERIES = 6
CHART_POINTS = 20
CHART_LABEL = 20
PIE_SEGMENTS = 6
VIEW_BLOCKS = 100
VIEW_TITLE = 24
VIEW_METADATA = 3_000
INPUT_LABEL = 2_000
OPTION_TEXT = 75
OPTION_VALUE = 75
CHOICES = 10
SELECT_OPTIONS = 100
OVERFLOW_OPTIONS = 5
PLACEHOLDER = 150

Part = dict[str, Any]
LimitRule = tuple[str, "Callable[[Part], int]", int]


def room(limit: int) -> int:
    """Return how much of a limit we use: nine tenths, so that a slightly lower limit breaks nothing."""
    return limit * 9 // 10


def problems(blocks: Sequence[Part], text: str = "") -> list[str]:
    """Return the parts that exceed nine tenths of a limit, one sentence each; empty for a message that fits."""
    whole: Part = {"blocks": list(blocks), "text": text}
    return [*_violations(MESSAGE_RULES, whole, "message"), *_parts(whole["blocks"])]


def view_problems(view: Part) -> list[str]:
    """Return the parts of a modal or Home view that exceed nine tenths of a limit."""
    return [*_violations(VIEW_RULES, view, "view"), *_parts(view["blocks"])]


def characters(part: object) -> int:
    """Return how many characters of text a block or a list of blocks shows."""
    if isinstance(part, list):
        return sum(characters(one) for one in part)
    if not isinstance(part, dict):
        return 0
    shown = ("text", "title", "caption", "label", "name")
    return sum(len(value) if isinstance(value, str) and key in shown else characters(value) for key, value in part.items())


def _parts(blocks: list[Part]) -> Iterator[str]:
    for part in _walk(blocks):
        kind = str(part.get("type", "option" if {"text", "value"} <= part.keys() else ""))
        yield from _violations(RULES.get(kind, ()), part, kind)


def _walk(part: object) -> Iterator[Part]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _walk(value)
    elif isinstance(part, list):
        for one in part:
            yield from _walk(one)


def _violations(rules: Sequence[LimitRule], part: Part, kind: str) -> Iterator[str]:
    for name, measure, limit in rules:
        measured = measure(part)
        if measured > room(limit):
            yield f"{kind}: {name} is {group_digits(measured)}, over nine tenths of Slack's {group_digits(limit)}"


def _text(key: str) -> Callable[[Part], int]:
    def measure(part: Part) -> int:
        value = part.get(key) or ""
        return len(value if isinstance(value, str) else value.get("text", ""))

    return measure


def _count(key: str) -> Callable[[Part], int]:
    return lambda part: len(part.get(key) or ())


def _longest(key: str, of: str = "text") -> Callable[[Part], int]:
    return lambda part: max((_text(of)(one) if isinstance(one, dict) else len(one) for one in part.get(key) or ()), default=0)


def _cells(part: Part) -> int:
    return sum(len(cell.get("text", "")) for row in part["rows"] for cell in row)


def _tables(message: Part) -> int:
    return sum(_cells(block) for block in message["blocks"] if block["type"] == "data_table")


def _charts(message: Part) -> int:
    return sum(block["type"] == "data_visualization" for block in message["blocks"])


IDENTIFIERS: tuple[LimitRule, ...] = (("action_id", _text("action_id"), IDENTIFIER), ("block_id", _text("block_id"), IDENTIFIER))
MESSAGE_RULES: tuple[LimitRule, ...] = (
    ("number of blocks", _count("blocks"), MESSAGE_BLOCKS),
    ("characters", lambda message: characters(message["blocks"]), MESSAGE_CHARACTERS),
    ("top-level text", _text("text"), MESSAGE_TEXT),
    ("characters in tables", _tables, TABLE_CHARACTERS),
    ("number of charts", _charts, CHARTS),
)
VIEW_RULES: tuple[LimitRule, ...] = (
    ("number of blocks", _count("blocks"), VIEW_BLOCKS),
    ("title", _text("title"), VIEW_TITLE),
    ("submit", _text("submit"), VIEW_TITLE),
    ("close", _text("close"), VIEW_TITLE),
    ("private_metadata", _text("private_metadata"), VIEW_METADATA),
    ("callback_id", _text("callback_id"), IDENTIFIER),
)
_SERIES: tuple[LimitRule, ...] = (
    ("series", _count("series"), CHART_SERIES),
    ("series name", _longest("series", "name"), CHART_LABEL),
    ("points", lambda chart: max((len(one["data"]) for one in chart["series"]), default=0), CHART_POINTS),
    ("categories", lambda chart: len(chart["axis_config"]["categories"]), CHART_POINTS),
    ("category", lambda chart: _longest("categories")(chart["axis_config"]), CHART_LABEL),
    ("axis label", lambda chart: max(len(chart["axis_config"].get(one, "")) for one in ("x_label", "y_label")), CHART_TITLE),
)
RULES: Mapping[str, Sequence[LimitRule]] = {
    "section": (
        ("text", _text("text"), SECTION_TEXT),
        ("fields", _count("fields"), FIELDS),
        ("field", _longest("fields"), FIELD_TEXT),
        *IDENTIFIERS,
    ),
    "header": (("text", _text("text"), HEADER_TEXT),),
    "context": (("elements", _count("elements"), CONTEXT_ELEMENTS), ("element", _longest("elements"), CONTEXT_TEXT)),
    "rich_text": (("text", characters, SECTION_TEXT),),
    "actions": (("elements", _count("elements"), ACTIONS), *IDENTIFIERS),
    "button": (("text", _text("text"), BUTTON_TEXT), ("value", _text("value"), BUTTON_VALUE), *IDENTIFIERS),
    "data_table": (
        ("rows", _count("rows"), TABLE_ROWS),
        ("columns", lambda table: max(len(row) for row in table["rows"]), TABLE_COLUMNS),
    ),
    "data_visualization": (("title", _text("title"), CHART_TITLE),),
    "line": _SERIES,
    "bar": _SERIES,
    "area": _SERIES,
    "pie": (("segments", _count("segments"), PIE_SEGMENTS), ("label", _longest("segments", "label"), CHART_LABEL)),
    "input": (("label", _text("label"), INPUT_LABEL), ("hint", _text("hint"), INPUT_LABEL), *IDENTIFIERS),
    "plain_text_input": (("placeholder", _text("placeholder"), PLACEHOLDER), *IDENTIFIERS),
    "number_input": (("placeholder", _text("placeholder"), PLACEHOLDER), *IDENTIFIERS),
    "static_select": (("options", _count("options"), SELECT_OPTIONS), *IDENTIFIERS),
    "overflow": (("options", _count("options"), OVERFLOW_OPTIONS), *IDENTIFIERS),
    "checkboxes": (("options", _count("options"), CHOICES), *IDENTIFIERS),
    "radio_buttons": (("options", _count("options"), CHOICES), *IDENTIFIERS),
    "option": (("text", _text("text"), OPTION_TEXT), ("value", _text("value"), OPTION_VALUE)),
}
