"""What Slack refuses in a message: its own published types, the rules of its SDK, and those that neither knows."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema_rs import Draft7Validator
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = Path(__file__).parents[2] / "data" / "slack_blocks.schema.json"
MAX_BLOCKS, MAX_TABLE_ROWS, MAX_TABLE_CHARACTERS, MAX_CHARTS, MAX_POINTS, MAX_LABEL = 50, 101, 10_000, 2, 20, 20
FIELD_CHARACTERS, MAX_VIEW_BLOCKS = 2_000, 100
VIEWS = {"home": "HomeView", "modal": "ModalView"}
UNKNOWN_TO_SDK = frozenset({"data_table", "data_visualization"})
# What a message may take so that one look is enough, on a phone too.
BUDGET = {
    "bold sentences": 1,
    "characters that decide": 300,
    "characters beside them": 300,
    "lines of words": 2,
    "figures": 2,
    "tables": 1,
    "columns": 3,
    "rows": 8,
    "charts": 1,
    "buttons": 3,
    "lines of small print": 2,
    "characters of a line of small print": 160,
    "characters of text": 900,
}
CREDITS, DOLLARS = re.compile(r"[\d,]+ credits\b"), re.compile(r"\$[\d,]*[1-9]")
PARSED = ("text", "caption", "title", "label", "name")


def over_budget(blocks: Sequence[dict[str, Any]], text: str) -> list[str]:
    """Return what of a message takes more than one look; empty if nothing does."""
    tables = [block for block in blocks if block["type"] == "data_table"]
    lines = [line for block in blocks if block["type"] == "rich_text" for line in block["elements"] if _is_line(line)]
    decides, beside = ([_said(line, is_bold=is_bold) for line in lines] for is_bold in (True, False))
    small = [one["text"] for block in blocks if block["type"] == "context" for one in block["elements"]]
    measured = {
        "bold sentences": sum(map(bool, decides)),
        "characters that decide": max(map(len, decides), default=0),
        "characters beside them": max(map(len, beside), default=0),
        "lines of words": len(lines),
        "lines of small print": len(small),
        "characters of a line of small print": max(map(len, small), default=0),
        "figures": sum(len(block.get("fields", ())) for block in blocks),
        "tables": len(tables),
        "columns": max((len(table["rows"][0]) for table in tables), default=0),
        "rows": max((len(table["rows"]) - 1 for table in tables), default=0),
        "charts": sum(block["type"] == "data_visualization" for block in blocks),
        "buttons": sum(len(block["elements"]) for block in blocks if block["type"] == "actions"),
        "characters of text": len(text),
    }
    late = ["credits before dollars"] * any(map(_has_dollars_late, decides))
    return [*(f"{measured[what]} {what}" for what, most in BUDGET.items() if measured[what] > most), *late]


def _has_dollars_late(sentence: str) -> bool:
    counted, paid = CREDITS.search(sentence), DOLLARS.search(sentence)
    return bool(counted and paid and counted.start() < paid.start())


def _is_line(part: dict[str, Any]) -> bool:
    """Whether it is a line of words of the message's own, and no list, quotation or code."""
    return str(part["type"]) == "rich_text_section"


def _said(line: dict[str, Any], *, is_bold: bool) -> str:
    """Return what a line of rich text says in bold, or beside it."""
    return "".join(one.get("text", "") for one in line["elements"] if bool(one.get("style", {}).get("bold")) == is_bold)


def texts_that_slack_parses(part: object) -> list[str]:
    """Return every text of a message but rich text, which Slack takes word for word."""
    if isinstance(part, list | tuple):
        return [text for one in part for text in texts_that_slack_parses(one)]
    if not isinstance(part, dict) or part.get("type") == "rich_text":
        return []
    own = [part[key] for key in PARSED if isinstance(part.get(key), str)]
    return own + [text for value in part.values() for text in texts_that_slack_parses(value)]


def refusals(blocks: list[dict[str, Any]]) -> list[str]:
    """Return why Slack would answer invalid_blocks; empty if it takes the blocks."""
    found = [] if len(blocks) <= MAX_BLOCKS else [f"no more than {MAX_BLOCKS} blocks"]
    for place, block in enumerate(blocks):
        found += [f"/blocks/{place}: {why}" for why in _of_block(block)]
    return found + _of_message(blocks)


def view_refusals(view: dict[str, Any]) -> list[str]:
    """Return why Slack would refuse a modal or home page.

    Where data_table and data_visualization may stand is not documented; both were met in messages only, so no view
    takes them here.
    """
    found = [error.message for error in _validator(VIEWS.get(view.get("type", ""), "ModalView")).iter_errors(view)]
    found += [f"no more than {MAX_VIEW_BLOCKS} blocks"] if len(view["blocks"]) > MAX_VIEW_BLOCKS else []
    found += [f"{block['type']} stands in messages only" for block in view["blocks"] if block.get("type") in UNKNOWN_TO_SDK]
    found += [f"{key} is longer than 24" for key in ("title", "submit", "close") if len(view.get(key, {}).get("text", "")) > 24]
    identifiers = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    found += ["block_id is not unique"] if len(identifiers) != len(set(identifiers)) else []
    return found + [why for block in view["blocks"] for why in (*_of_sdk(block), *_unknown_to_both(block))]


def _of_block(block: dict[str, Any]) -> list[str]:
    definition = _definitions().get(block.get("type", ""))
    if definition is None:
        return [f"unsupported type: {block.get('type')}"]
    wrong = [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in _validator(definition).iter_errors(block)]
    return wrong or [*_of_sdk(block), *_unknown_to_both(block)]


def _of_sdk(block: dict[str, Any]) -> list[str]:
    parsed = None if block["type"] in UNKNOWN_TO_SDK else Block.parse(block)
    try:
        if parsed is not None:
            parsed.validate_json()
    except SlackObjectFormationError as error:
        return [str(error)]
    return []


def _unknown_to_both(block: dict[str, Any]) -> list[str]:
    kind = block["type"]
    if kind == "section":
        return [
            f"a field is longer than {FIELD_CHARACTERS}"
            for field in block.get("fields", ())
            if len(field["text"]) > FIELD_CHARACTERS
        ]
    if kind == "actions":
        identifiers = [element["action_id"] for element in block["elements"]]
        return ["action_id is not unique"] if len(identifiers) != len(set(identifiers)) else []
    if kind == "data_table":
        return _of_table(block["rows"])
    return _of_chart(block["chart"]) if kind == "data_visualization" else []


def _of_table(rows: list[list[dict[str, Any]]]) -> list[str]:
    rules = {
        f"rows must be 2 to {MAX_TABLE_ROWS}": 2 <= len(rows) <= MAX_TABLE_ROWS,
        "all rows must have as many cells": len({len(row) for row in rows}) == 1,
        "a cell is empty": all(cell["type"] == "rich_text" or cell.get("text") for row in rows for cell in row),
        "the first row is the head and takes no rich text": all(cell["type"] != "rich_text" for cell in rows[0]),
    }
    return [why for why, holds in rules.items() if not holds]


def _of_chart(chart: dict[str, Any]) -> list[str]:
    if chart["type"] == "pie":
        return ["segments must be 1 to 6 and above zero"] if not all(one["value"] > 0 for one in chart["segments"]) else []
    categories = chart["axis_config"]["categories"]
    names = [series["name"] for series in chart["series"]]
    rules = {
        "series must be 1 to 6, each under its own name": 1 <= len(names) <= 6 and len(set(names)) == len(names),
        f"points must be 1 to {MAX_POINTS}": 1 <= len(categories) <= MAX_POINTS,
        "every series needs one value for every category": all(
            [point["label"] for point in series["data"]] == categories for series in chart["series"]
        ),
        f"labels are longer than {MAX_LABEL}": max(map(len, (*names, *categories)), default=0) <= MAX_LABEL,
    }
    return [why for why, holds in rules.items() if not holds]


def _of_message(blocks: list[dict[str, Any]]) -> list[str]:
    tables = [block for block in blocks if block.get("type") == "data_table"]
    characters = sum(len(cell.get("text", "")) for table in tables for row in table["rows"] for cell in row)
    charts = sum(block.get("type") == "data_visualization" for block in blocks)
    found = [f"tables hold {characters} characters"] if characters > MAX_TABLE_CHARACTERS else []
    return found + ([f"{charts} charts"] if charts > MAX_CHARTS else [])


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return schema


@cache
def _definitions() -> dict[str, str]:
    names = [one["$ref"].rpartition("/")[2] for one in _schema()["definitions"]["KnownBlock"]["anyOf"]]
    return {_kind(_schema()["definitions"][name]): name for name in [*names, "DataVisualizationBlock"]}


def _kind(definition: dict[str, Any]) -> str:
    """Return the block type that a definition is for; some are given as several shapes of one type."""
    shape = definition["anyOf"][0] if "anyOf" in definition else definition
    return str(shape["properties"]["type"]["const"])


@cache
def _validator(definition: str) -> Draft7Validator:
    return Draft7Validator({"$ref": f"#/definitions/{definition}", "definitions": _schema()["definitions"]})
