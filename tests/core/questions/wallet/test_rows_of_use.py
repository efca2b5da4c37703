"""Periods, distributions and repeated grants: what counts where."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from core.config.loader import GrantInput
from core.days import PeriodCalendar
from core.wallet.ledger.balance import OPEN_END
from core.wallet.ledger.grants import configured_grants, deduplicate_grants, ledger_grants
from core.wallet.usage.changes import Grouping, by_period, next_period, period_start
from core.wallet.usage.distribution import measure_distribution
from core.warehouse import queries

WEDNESDAY = date(2026, 7, 1)


def daily(first: date, *credits_used: int) -> list[queries.UsageByDayRow]:
    """Return rows by day with one action each."""
    return [
        queries.UsageByDayRow(first + timedelta(days=nth), Decimal(1), Decimal(used), Decimal(used))
        for nth, used in enumerate(credits_used)
    ]


@pytest.mark.parametrize(("by", "first"), [("day", WEDNESDAY), ("week", date(2026, 6, 29)), ("month", WEDNESDAY)])
def test_a_week_begins_on_monday(by: Grouping, first: date) -> None:
    """Wednesday 1 July belongs to the week of Monday 29 June, and begins its month."""
    assert period_start(WEDNESDAY, by) == first


def test_weeks_and_quarters_begin_where_the_team_says() -> None:
    """With weeks from Sunday, Wednesday 1 July belongs to that of 28 June; with a year from February, to the quarter from May."""
    ours = PeriodCalendar(first_weekday=6, first_month=2)
    assert period_start(WEDNESDAY, "week", ours) == date(2026, 6, 28)
    assert (period_start(WEDNESDAY, "quarter"), period_start(WEDNESDAY, "quarter", ours)) == (WEDNESDAY, date(2026, 5, 1))
    assert period_start(date(2026, 1, 9), "quarter", ours) == date(2025, 11, 1)
    assert next_period(date(2026, 11, 1), "quarter") == date(2027, 2, 1)


def test_december_is_followed_by_january() -> None:
    """The month after December 2026 begins in 2027."""
    assert next_period(date(2026, 12, 1), "month") == date(2027, 1, 1)


def test_a_period_changes_against_the_one_before() -> None:
    """Three weeks of 7, 14 and 21 credits: the second and third rose by 7; the first has none before it."""
    monday = date(2026, 7, 6)
    rows = daily(monday, *[1] * 7, *[2] * 7, *[3] * 7)
    found = by_period(rows, "week", monday, monday + timedelta(days=21), monday)
    assert [(row.credits, row.change) for row in found] == [(7, None), (14, 7), (21, 7)]


def test_a_period_that_is_cut_off_has_no_change() -> None:
    """A week with only two days in the range is not compared with a whole one."""
    monday = date(2026, 7, 6)
    found = by_period(daily(monday, *[1] * 9), "week", monday, monday + timedelta(days=9), monday)
    assert (found[1].credits, found[1].before) == (2, None)


def test_a_day_without_use_is_shown() -> None:
    """A day without usage between two others has a row, with a fall before it and a rise after it."""
    rows = [*daily(WEDNESDAY, 5), *daily(WEDNESDAY + timedelta(days=2), 5)]
    found = by_period(rows, "day", WEDNESDAY, WEDNESDAY + timedelta(days=3), WEDNESDAY)
    assert [(row.credits, row.change) for row in found] == [(5, None), (0, -5), (5, 5)]


def test_percentiles_are_numbers_of_actions_that_occur() -> None:
    """Of 10 interactions 6 take 3 actions, 3 take 7 and 1 takes 14: mean 5.3, median 3, 90th percentile 7."""
    found = measure_distribution(
        queries.InteractionsByActionsRow("Agent", Decimal(each), count, WEDNESDAY, WEDNESDAY)
        for each, count in ((3, 6), (7, 3), (14, 1))
    )
    assert found is not None
    assert (found.mean, found.percentile(50), found.percentile(90)) == (Decimal("5.3"), 3, 7)


def at(year: int, month: int, day: int, *clock: int) -> datetime:
    """Return an instant, at midnight unless a time is given."""
    hour, minute, second = (*clock, 0, 0, 0)[:3]
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def ledger_row(credits_granted: int, first: datetime, end: datetime | None) -> queries.WalletGrantsRow:
    """Return a row of the ledger."""
    return queries.WalletGrantsRow("tet-1", Decimal(credits_granted), first, end, "Add", None)


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Europe/Berlin", "Pacific/Kiritimati"])
def test_a_term_written_in_days_has_these_days_everywhere(zone: str) -> None:
    """Exports write a day as midnight UTC: 1 July is 1 July even where that instant belongs to another day."""
    found = ledger_grants([ledger_row(10, at(2026, 7, 1), at(2027, 7, 1))], ZoneInfo(zone))[0]
    assert (found.first_day, found.day_after_last) == (date(2026, 7, 1), date(2027, 7, 1))


def test_a_term_that_begins_at_an_hour_begins_on_the_team_s_day_of_it() -> None:
    """30 June, 22:00 UTC, is 1 July in Berlin; without an end the term is open."""
    found = ledger_grants([ledger_row(10, at(2026, 6, 30, 22), None)], ZoneInfo("Europe/Berlin"))[0]
    assert (found.first_day, found.day_after_last) == (date(2026, 7, 1), OPEN_END)


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        ("UTC", at(2027, 6, 30, 23, 59, 59)),
        ("America/Los_Angeles", at(2027, 6, 30, 23, 59, 59)),
        ("Pacific/Kiritimati", at(2027, 6, 30, 23, 59)),
        ("Europe/Berlin", at(2027, 6, 30, 21, 59, 59)),
    ],
)
def test_a_term_to_the_last_second_of_a_day_has_that_day(zone: str, end: datetime) -> None:
    """Exports write a day's end as 23:59:59, in UTC or in the team's zone: 30 June is the term's last day."""
    found = ledger_grants([ledger_row(10, at(2026, 7, 1), end)], ZoneInfo(zone))[0]
    assert found.day_after_last == date(2027, 7, 1)


def test_app_yaml_repeating_the_ledger_is_noticed() -> None:
    """One of two equal grants in app.yaml is the ledger's; the other is an additional one."""
    ledger = ledger_grants([ledger_row(10, at(2026, 7, 1), at(2027, 7, 1))], UTC)
    same = GrantInput(Decimal(10), date(2026, 7, 1), date(2027, 6, 30))
    new, repeated = deduplicate_grants(ledger, configured_grants([same, same], "FlexCredits"))
    assert ([grant.name for grant in new], [grant.name for grant in repeated]) == (["app.yaml 2"], ["app.yaml 1"])
