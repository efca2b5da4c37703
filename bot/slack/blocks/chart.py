"""Charts of an answer as Slack's own block, within Slack's limits, and with labels that fit a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.slack.blocks import limits
from bot.slack.blocks.limits import room
from bot.slack.blocks.text import inert, one_line
from core.answer import group_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.slack.blocks.elements import Block
    from core.answer import Chart

UNIT_NAMES = {"usd": "US dollars", "percent": "percent"}
DAY = re.compile(r"0?(\d{1,2}) ([A-Z][a-z]{2})(?: (?:\d{2}|\d{4}))?")
# A phone is 390 points wide; the characters that fit below an axis of 330 of them, measured in rendered charts.
AXIS_CHARACTERS, FEW_POINTS = 60, 8


def chart_block(chart: Chart) -> Block | None:
    """Return a chart's block; None if it has no point to draw, or a slice of a pie that is not above zero."""
    if chart.kind == "pie":
        return _block(chart.title, _pie(chart))
    places = _shown_points(chart)
    cut = ""
    if len(places) < len(chart.x):
        is_end = places[0] == len(chart.x) - len(places)
        cut = f" · the last {len(places)}" if is_end else f" · {len(places)} of {group_digits(len(chart.x))} points"
    return _block(chart.title, _lines(chart, places), cut)


def _block(title: str, drawing: Block | None, cut: str = "") -> Block | None:
    shown = inert(one_line(title, room(limits.CHART_TITLE) - len(cut)) + cut)
    return {"type": "data_visualization", "title": shown, "chart": drawing} if drawing else None


def _pie(chart: Chart) -> Block | None:
    values = chart.series[0].values[: room(limits.PIE_SEGMENTS)] if chart.series else ()
    if not values or min(values) <= 0:
        return None
    segments = [{"label": label, "value": float(value)} for label, value in zip(_labels(chart.x), values, strict=False)]
    return {"type": "pie", "segments": segments}


def _lines(chart: Chart, places: Sequence[int]) -> Block | None:
    labels = _labels(_short_days([chart.x[place] for place in places]))
    names = _labels([series.label for series in chart.series])[: room(limits.CHART_SERIES)]
    if not labels or not names:
        return None
    drawn = [
        {
            "name": name,
            "data": [
                {"label": label, "value": float(series.values[place])}
                for label, place in zip(labels, places, strict=True)
                if place < len(series.values)
            ],
        }
        for name, series in zip(names, chart.series, strict=False)
    ]
    return {
        "type": chart.kind,
        "series": drawn,
        "axis_config": {"categories": labels, "y_label": UNIT_NAMES.get(chart.unit, chart.unit)},
    }


def _shown_points(chart: Chart) -> list[int]:
    """Return the positions of the points to draw: the last ones that Slack accepts, fewer if their labels do not fit a phone.

    Bars then lose the oldest, a line points between its ends, evenly.
    """
    every = list(range(len(chart.x)))
    newest = every[-room(limits.CHART_POINTS) :]
    if len(newest) <= FEW_POINTS or sum(map(len, _short_days([chart.x[place] for place in newest]))) <= AXIS_CHARACTERS:
        return newest
    if chart.kind == "bar":
        return newest[-FEW_POINTS:]
    return [every[nth * (len(every) - 1) // (FEW_POINTS - 1)] for nth in range(FEW_POINTS)]


def _short_days(labels: Sequence[str]) -> list[str]:
    """Return days without their year, and if there are many without a month already named: 29 Sep, 30, 1 Oct, 2.

    Labels that are not days, or would no longer be unique, stay unchanged.
    """
    days = [DAY.fullmatch(label) for label in labels]
    known = [found for found in days if found]
    if len(known) < len(labels):
        return [*labels]
    whole = [f"{found[1]} {found[2]}" for found in known]
    months = [None, *(found[2] for found in known)]
    brief = [found[1] if found[2] == month else text for found, month, text in zip(known, months, whole, strict=False)]
    wanted = whole if len(labels) <= FEW_POINTS else brief
    return next((texts for texts in (wanted, whole) if len(set(texts)) == len(texts)), [*labels])


def _labels(texts: Sequence[str]) -> list[str]:
    """Return labels short enough for Slack, all different: Slack uses a label as the name of a point."""
    found: list[str] = []
    for text in map(inert, texts):
        label, number = one_line(text, room(limits.CHART_LABEL)), 1
        while label in found:
            number += 1
            label = f"{one_line(text, room(limits.CHART_LABEL) - len(str(number)) - 1)} {number}"
        found.append(label)
    return found
