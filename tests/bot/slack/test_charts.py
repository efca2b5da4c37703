"""Charts in messages: the newest points, labels that a phone has room for, and what is left out is said."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.blocks.chart import AXIS_CHARACTERS, FEW_POINTS, chart_block
from core.answer.model import Chart, Series

if TYPE_CHECKING:
    from core.answer.model import ChartKind

FIRST = date(2026, 7, 15)


def days(count: int, step: int, form: str = "%d %b") -> tuple[str, ...]:
    """Return so many days, each so many after the one before, as charts are labelled."""
    return tuple(f"{FIRST + timedelta(days=nth * step):{form}}" for nth in range(count))


def drawn(kind: ChartKind, labels: tuple[str, ...]) -> dict[str, Any]:
    """Return the block of a chart whose points count up from zero."""
    block = chart_block(Chart("c", "Credits", kind, labels, (Series("s", tuple(map(Decimal, range(len(labels))))),), "credits"))
    assert block is not None
    return block


def labels_of(block: dict[str, Any]) -> list[str]:
    """Return what stands below a chart's axis."""
    return list(block["chart"]["axis_config"]["categories"])


def values_of(block: dict[str, Any]) -> list[float]:
    """Return the points of a chart's only series."""
    return [point["value"] for point in block["chart"]["series"][0]["data"]]


def test_a_month_stands_where_it_begins() -> None:
    """Twelve weeks say their month once each, so that they fit below the axis on a phone."""
    shown = labels_of(drawn("bar", days(12, 7)))
    assert shown == ["15 Jul", "22", "29", "5 Aug", "12", "19", "26", "2 Sep", "9", "16", "23", "30"]


def test_days_that_would_be_alike_keep_their_month() -> None:
    """Twelve bars over half a year have the same days in several months: the last eight stand, each with its month."""
    block = drawn("bar", days(12, 15))
    assert (len(labels_of(block)), block["title"]) == (FEW_POINTS, "Credits · the last 8")
    assert all(" " in label for label in labels_of(block))


def test_a_year_stands_only_where_days_need_it() -> None:
    """Weeks of one year need none; the same day of two years does."""
    assert labels_of(drawn("line", days(3, 7, "%d %b %y"))) == ["15 Jul", "22 Jul", "29 Jul"]
    assert labels_of(drawn("line", days(2, 365, "%d %b %Y"))) == ["15 Jul 2026", "15 Jul 2027"]


def test_the_newest_days_are_drawn() -> None:
    """Of twenty days Slack takes eighteen: the last, the newest among them, and the title says so."""
    block = drawn("line", days(20, 1))
    assert (values_of(block)[0], values_of(block)[-1], block["title"]) == (2, 19, "Credits · the last 18")


def test_a_long_line_keeps_its_ends() -> None:
    """Of 400 points that are no days eight are drawn, from the first to the last, and the title says how many there are."""
    block = drawn("line", tuple(f"point {nth:03}" for nth in range(400)))
    assert (values_of(block)[0], values_of(block)[-1], block["title"]) == (0, 399, "Credits · 8 of 400 points")


@given(st.sampled_from(["line", "bar", "area"]), st.integers(1, 60), st.integers(1, 400), st.sampled_from(["%d %b", "%d %b %y"]))
def test_labels_are_few_told_apart_and_name_their_points(kind: ChartKind, count: int, step: int, form: str) -> None:
    """However many days: the labels fit or are eight at most, no two alike, and each point is one of the chart's, in order."""
    labels = tuple(dict.fromkeys(days(count, step, form)))
    block = drawn(kind, labels)
    shown, values = labels_of(block), values_of(block)
    assert len(shown) <= FEW_POINTS or sum(map(len, shown)) <= AXIS_CHARACTERS
    assert len(set(shown)) == len(shown) == len(values)
    assert values == sorted(set(values))
    assert all(
        labels[int(value)].lstrip("0").startswith(label.split(" ")[0].lstrip("0"))
        for label, value in zip(shown, values, strict=True)
    )
    assert values[-1] == len(labels) - 1
