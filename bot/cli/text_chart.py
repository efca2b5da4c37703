"""Charts as text: lines in braille dots, bars in blocks, each with labelled ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.text_table import printable, wrap
from core.answer import credits_short, number, usd_short

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from core.answer import Chart, Unit

MIN_CANVAS, WIDEST = 10, 100
MAX_BARS = 10
EIGHTHS = " ▏▎▍▌▋▊▉"
LINE_COLOURS = ("cyan", "yellow", "magenta", "green", "blue", "red")
WRITE: dict[Unit, Callable[[Decimal], str]] = {"usd": usd_short, "credits": credits_short}


def draw(chart: Chart, width: int, lines: int, *, is_colored: bool) -> list[str]:
    """Return a chart in at most so many lines of at most `width` characters; none if there is no room or only one value."""
    chart = chart._replace(x=tuple(map(printable, chart.x)), title=printable(chart.title))
    values = [value for series in chart.series for value in series.values]
    if not values or max(values) <= 0 or min(values) < 0:
        return []
    if chart.kind in {"line", "area"} or len(chart.series[0].values) > lines - 1:
        return _lines(chart, min(width, WIDEST), lines, is_colored=is_colored)
    return _bars(chart, min(width, WIDEST), lines)


def _written(value: Decimal, unit: Unit) -> str:
    return WRITE.get(unit, number)(value)


def _bars(chart: Chart, width: int, lines: int) -> list[str]:
    """Return the first series as bars, one a line."""
    title = wrap(chart.title, width)
    values = chart.series[0].values[: lines - len(title)]
    texts = [_written(value, chart.unit) for value in values]
    names = [name[: width // 3] for name in chart.x]
    widest, room = max(map(len, names)), width - max(map(len, names)) - max(map(len, texts)) - 6
    if room < MIN_CANVAS:
        return []
    top = max(values)
    rows = zip(names, values, texts, strict=False)
    return [
        *title,
        *(f"  {name:<{widest}}  {_bar(int(value * room * 8 / top))} {text}" for name, value, text in rows),
    ]


def _bar(eighths: int) -> str:
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (EIGHTHS[rest] if rest else "")


def _lines(chart: Chart, width: int, lines: int, *, is_colored: bool) -> list[str]:
    """Return every series as a line from the first place on the x axis to the last, the y axis from zero to the maximum."""
    from plotille import Canvas  # noqa: PLC0415 - only a chart pays for it

    top = max(value for series in chart.series for value in series.values)
    ends = (_written(top, chart.unit), _written(top * 0, chart.unit))
    margin = max(map(len, ends))
    legend = _legend(chart, width)
    size, height = width - margin - len("   ┤"), lines - len(legend) - 1
    points = max(len(series.values) for series in chart.series)
    if size < MIN_CANVAS or height < 1 or points < 2:  # noqa: PLR2004 - one point is no line
        return []
    canvas = Canvas(size, height, xmin=0, xmax=points - 1, ymin=0, ymax=float(top) or 1)
    for series, colour in zip(chart.series, LINE_COLOURS, strict=False):
        for place, (one, other) in enumerate(zip(series.values, series.values[1:], strict=False)):
            canvas.line(place, float(one), place + 1, float(other), color=colour if is_colored else None)
    drawn = canvas.plot().split("\n")
    labels = [ends[0], *[""] * (len(drawn) - 2), ends[1]] if len(drawn) > 1 else [ends[0]]
    axis = _axis(chart.x, size)
    return [
        *legend,
        *(f"  {label:>{margin}} ┤{line}" for label, line in zip(labels, drawn, strict=True)),
        f"  {'':>{margin}}  {axis}",
    ]


def _legend(chart: Chart, width: int) -> list[str]:
    return wrap(f"{chart.title}: {', '.join(printable(series.label) for series in chart.series)}", width)


def _axis(x: Sequence[str], size: int) -> str:
    first, last = x[0], x[-1]
    return f"{first}{last:>{size - len(first)}}" if len(first) + len(last) < size else first[:size]
