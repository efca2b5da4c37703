"""Our validator: what takes up to nine tenths of a limit of Slack's passes, and one more does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.slack.blocks.limits import problems, view_problems

if TYPE_CHECKING:
    from collections.abc import Callable


def text(length: int) -> dict[str, Any]:
    """Return plain text of a length."""
    return {"type": "plain_text", "text": "x" * length}


def button(label: int = 1, value: int = 1, action: int = 1) -> dict[str, Any]:
    """Return a button with texts of these lengths."""
    return {"type": "button", "text": text(label), "value": "x" * value, "action_id": "x" * action}


def table(rows: int = 2, columns: int = 1, cell: int = 1) -> dict[str, Any]:
    """Return a table of so many rows and columns, its cells of a length."""
    cells = [{"type": "raw_text", "text": "x" * cell}] * columns
    return {"type": "data_table", "caption": "c", "rows": [cells] * rows}


def chart(title: int = 1, series: int = 1, points: int = 1, label: int = 1) -> dict[str, Any]:
    """Return a chart of so many series and points, its title and labels of a length."""
    categories = ["x" * label] * points
    data = [{"label": one, "value": 1} for one in categories]
    drawn = {"type": "line", "series": [{"name": "s", "data": data}] * series, "axis_config": {"categories": categories}}
    return {"type": "data_visualization", "title": "x" * title, "chart": drawn}


LIMITS: dict[str, tuple[int, Callable[[int], list[dict[str, Any]]]]] = {
    "blocks": (50, lambda n: [{"type": "divider"}] * n),
    "section text": (3_000, lambda n: [{"type": "section", "text": text(n)}]),
    "fields": (10, lambda n: [{"type": "section", "fields": [text(1)] * n}]),
    "field text": (2_000, lambda n: [{"type": "section", "fields": [text(n)]}]),
    "header": (150, lambda n: [{"type": "header", "text": text(n)}]),
    "context elements": (10, lambda n: [{"type": "context", "elements": [text(1)] * n}]),
    "actions": (25, lambda n: [{"type": "actions", "elements": [button()] * n}]),
    "button text": (75, lambda n: [{"type": "actions", "elements": [button(label=n)]}]),
    "button value": (2_000, lambda n: [{"type": "actions", "elements": [button(value=n)]}]),
    "action id": (255, lambda n: [{"type": "actions", "elements": [button(action=n)]}]),
    "accessory text": (75, lambda n: [{"type": "section", "text": text(1), "accessory": button(label=n)}]),
    "table rows": (101, lambda n: [table(rows=n)]),
    "table columns": (20, lambda n: [table(columns=n)]),
    "characters in tables": (10_000, lambda n: [table(rows=2, cell=n // 4), table(rows=2, cell=n // 4 + n % 4)]),
    "chart title": (50, lambda n: [chart(title=n)]),
    "chart series": (6, lambda n: [chart(series=n)]),
    "chart points": (20, lambda n: [chart(points=n)]),
    "chart label": (20, lambda n: [chart(label=n)]),
    "charts": (2, lambda n: [chart()] * n),
    "message characters": (
        12_000,
        lambda n: [{"type": "section", "text": text(n // 6)}] * 6 + [{"type": "section", "text": text(n % 6)}],
    ),
}
VIEW_LIMITS: dict[str, tuple[int, Callable[[int], dict[str, Any]]]] = {
    "title": (24, lambda n: {"title": text(n), "blocks": []}),
    "submit": (24, lambda n: {"submit": text(n), "blocks": []}),
    "metadata": (3_000, lambda n: {"private_metadata": "x" * n, "blocks": []}),
    "blocks": (100, lambda n: {"blocks": [{"type": "divider"}] * n}),
    "option text": (75, lambda n: {"blocks": [{"type": "input", "element": {"options": [{"text": text(n), "value": "v"}]}}]}),
}


@pytest.mark.parametrize("name", [name for name in LIMITS if name != "characters in tables"])
def test_nine_tenths_of_a_limit_is_the_most(name: str) -> None:
    """Nine tenths of a limit passes and one more is named, so that no message ever meets Slack's own refusal."""
    limit, blocks = LIMITS[name]
    most = limit * 9 // 10
    assert (problems(blocks(most)), problems(blocks(most + 1)) != []) == ([], True)


def test_characters_count_over_all_tables_of_a_message() -> None:
    """Slack counts the cells of all tables together: two of 4,500 characters pass, a few more do not."""
    _, blocks = LIMITS["characters in tables"]
    assert (problems(blocks(9_000)), len(problems(blocks(9_004)))) == ([], 1)


@pytest.mark.parametrize("name", VIEW_LIMITS)
def test_nine_tenths_of_a_forms_limit_is_the_most(name: str) -> None:
    """The same holds for modals."""
    limit, view = VIEW_LIMITS[name]
    most = limit * 9 // 10
    assert (view_problems(view(most)), len(view_problems(view(most + 1)))) == ([], 1)


def test_problem_says_what_and_how_much() -> None:
    """A problem names the part, its measure and Slack's limit."""
    assert problems([{"type": "header", "text": text(140)}]) == ["header: text is 140, over nine tenths of Slack's 150"]
