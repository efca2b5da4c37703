"""`usage`: shares, changes, ranges of days, and every name in its row."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.answer.model import Answer
from core.errors import InputError
from core.language.vocabulary import GROUPINGS
from tests.fakes.small_wallet import SmallWallet

Asked = Callable[[str], Answer]
Column = Callable[[Answer, str, str], dict[Any, Any]]
Figures = Callable[[Answer], dict[str, Any]]


@pytest.mark.parametrize(
    ("by", "key"), [("agent", "by_agent"), ("action", "by_action"), ("department", "by_department"), ("environment", "by_env")]
)
def test_usage_is_the_truth(asked: Asked, truth: dict[str, Any], column: Column, by: str, key: str) -> None:
    """Without a range everything counts, and each name has exactly its credits."""
    assert column(asked(f"usage by {by}"), "usage", "credits") == truth[key]


def test_usage_by_day_is_the_truth(asked: Asked, truth: dict[str, Any], column: Column) -> None:
    """Each day has exactly its credits, provisional days included."""
    found = column(asked("usage by day"), "usage", "credits")
    assert {day.isoformat(): used for day, used in found.items()} == truth["by_day_utc"]


@pytest.mark.parametrize("by", sorted(GROUPINGS))
def test_every_grouping_adds_up_to_all_credits(asked: Asked, truth: dict[str, Any], column: Column, by: str) -> None:
    """The rows of any grouping add up to the wallet's usage, and their shares to 100%."""
    answer = asked(f"usage by {by}")
    credits_used, shares = column(answer, "usage", "credits"), column(answer, "usage", "share_percent")
    assert (sum(credits_used.values()), round(sum(shares.values()), 20)) == (truth["credits"], 100)


def test_biggest_comes_first(asked: Asked, column: Column) -> None:
    """Names are ordered by credits."""
    credits_used = list(column(asked("usage by action"), "usage", "credits").values())
    assert credits_used == sorted(credits_used, reverse=True)


def test_top_shows_the_biggest_and_counts_the_rest(asked: Asked, truth: dict[str, Any], column: Column, figures: Figures) -> None:
    """Two of six agents are shown; total and shares still cover all."""
    answer = asked("usage by agent top 2")
    shares = column(answer, "usage", "share_percent")
    assert (len(shares), figures(answer)["used_credits"]) == (2, truth["credits"])


def test_the_last_days_are_complete_ones(asked: Asked, truth: dict[str, Any], figures: Figures) -> None:
    """The last 7 days end on 6 October, before the provisional ones, and are compared with the 7 before."""
    found = figures(asked("usage by agent last 7 days"))
    now, before = (
        sum(used for day, used in truth["by_day_utc"].items() if first <= day <= last)
        for first, last in (("2026-09-30", "2026-10-06"), ("2026-09-23", "2026-09-29"))
    )
    assert (found["used_credits"], found["change_credits"], found["change_percent"]) == (
        now,
        now - before,
        (now - before) / before * 100,
    )


def test_the_changes_of_the_rows_are_the_change_of_all(asked: Asked, column: Column, figures: Figures) -> None:
    """Agents that stopped have a row as well, so that the changes add up."""
    answer = asked("usage by user last 28 days")
    assert sum(column(answer, "usage", "change_credits").values()) == figures(answer)["change_credits"]


def test_a_period_that_the_data_does_not_hold_has_no_change(asked: Asked, figures: Figures) -> None:
    """The 60 days before the last 60 begin before the data, so there is no change rather than one against half a period."""
    assert figures(asked("usage by agent last 60 days"))["change_credits"] is None


def test_months_reach_back_by_the_calendar(asked: Asked, figures: Figures) -> None:
    """A month back from 7 October begins on 7 September; *last month* is September."""
    found = [figures(asked(f"usage by agent {words}"))["first_day"] for words in ("last 1 months", "last month")]
    assert found == [date(2026, 9, 7), date(2026, 10, 1)]


def test_named_days_are_taken_as_they_are(asked: Asked, figures: Figures) -> None:
    """Both ends count, and so do provisional days that are named by date."""
    found = figures(asked("usage by agent from 2026-10-01 to 2026-10-08"))
    assert (found["first_day"], found["last_day"]) == (date(2026, 10, 1), date(2026, 10, 8))


def test_provisional_days_are_marked(asked: Asked, column: Column) -> None:
    """7 October may still grow, 6 October not."""
    states = column(asked("usage by day"), "usage", "state")
    assert (states[date(2026, 10, 6)], states[date(2026, 10, 7)]) == ("complete", "provisional")


def test_days_without_data_are_an_error(asked: Asked) -> None:
    """A range after the data is an error, not an empty table."""
    with pytest.raises(InputError, match=r"no data for the days since 1 Dec 2026\..*1 Jul 2026 to 8 Oct 2026"):
        asked("usage by agent since 2026-12-01")


def test_users_of_a_department_are_those_of_its_agents(small: SmallWallet, column: Column) -> None:
    """The agent's tag names the department; usage without a user has its own row, and other departments are left out."""
    sales, service = ({"rootresourcetags__c": f'{{"Department": "{name}"}}'} for name in ("Sales", "Service"))
    small.events(sales | {"userid__c": "U1"}, sales | {"userid__c": "U1"}, sales, service | {"userid__c": "U2"})
    used = column(small.ask("usage by user department Sales"), "usage", "credits")
    assert used == {"U1": 40, "(not stated)": 20}


def test_a_filter_and_a_grouping_together(asked: Asked, truth: dict[str, Any], column: Column) -> None:
    """The sandbox by agent adds up to the sandbox."""
    assert sum(column(asked("usage by agent sandbox"), "usage", "credits").values()) == truth["by_env"]["sandbox"]


def test_a_blank_environment_is_unknown(small: SmallWallet, column: Column) -> None:
    """A row without an environment never becomes production silently."""
    small.events({}, {"usagebusinessenvtype__c": ""})
    assert column(small.ask("usage by environment"), "usage", "credits") == {"production": 20, "unknown": 20}


def test_a_name_that_the_export_leaves_out_is_said_so(small: SmallWallet, column: Column) -> None:
    """Usage without an agent has a row of its own."""
    small.events({}, {"rootresourceidorapiname__c": ""})
    assert column(small.ask("usage by agent"), "usage", "credits") == {"Service_Concierge": 20, "(not stated)": 20}


def test_names_are_data(small: SmallWallet, column: Column) -> None:
    """An agent's name may be SQL or a Slack command."""
    nasty = "'; DROP TABLE usage_rollup; -- <!channel>"
    small.events({"rootresourceidorapiname__c": nasty})
    assert column(small.ask("usage by agent"), "usage", "credits") == {nasty: Decimal(20)}


@pytest.mark.parametrize(("days", "title"), [(20, "Credits by day"), (60, "Credits by week"), (300, "Credits by month")])
def test_a_chart_over_time_draws_all_the_days_that_were_asked(small: SmallWallet, days: int, title: str) -> None:
    """More days than a chart has room for are drawn by week or month; the points add up to the usage."""
    small.days_of_use(date(2026, 1, 1), *range(1, days + 1))
    answer = small.ask("usage by day")
    (chart,) = answer.charts
    (series,) = chart.series
    assert (chart.title, sum(series.values, Decimal(0))) == (title, sum(range(1, days + 1)))
    assert len(chart.x) == len(set(chart.x)) <= 20
