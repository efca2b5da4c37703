"""The names and keys of digests: each team's once per week and month."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from core.days import CALENDAR_YEAR, DAYS_IN_WEEK

if TYPE_CHECKING:
    from datetime import date

    from core.config import Team
    from core.days import PeriodCalendar

Kind = Literal["weekly", "monthly"]
HASHED = 8


def period_of(kind: Kind, day: date, calendar: PeriodCalendar = CALENDAR_YEAR) -> str:
    """Return the period in which a digest comes once, as 2026-W47 or 2026-11: the day's month or week of the team's calendar.

    A week has the number of the ISO week in which it ends, so one from Monday to Sunday is that ISO week.
    """
    if kind == "monthly":
        return f"{day:%Y-%m}"
    # The ISO year: 1 January may belong to the old year's last week, and must not bring a second digest.
    last_day = day + timedelta(days=(calendar.first_weekday - 1 - day.weekday()) % DAYS_IN_WEEK)
    year, week, _ = last_day.isocalendar()
    return f"{year}-W{week:02}"


def key_of(team: Team, kind: Kind, period: str) -> str:
    """Return the key of a digest's messages."""
    return f"digest-{kind}-{period}-{hashlib.sha256(team.name.encode()).hexdigest()[:HASHED]}"


def period_in(key: str) -> str:
    """Return the week or month that a digest's key names."""
    # The period holds a hyphen itself (2026-W47), the hash none.
    return key.split("-", 2)[2].rpartition("-")[0]


def name_of(team: Team, kind: Kind) -> str:
    """Return the key prefix of a team's digests of a kind."""
    return f"{team.name} {kind}"
