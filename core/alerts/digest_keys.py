"""The names and keys of digests: each team's once per week and month."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

    from core.config import Team

Kind = Literal["weekly", "monthly"]
HASHED = 8


def period_of(kind: Kind, day: date) -> str:
    """Return the period in which a digest comes once: the ISO week or the month of the day, as 2026-W47 or 2026-11."""
    if kind == "monthly":
        return f"{day:%Y-%m}"
    # The ISO year: 1 January may belong to the old year's last week, and must not bring a second digest.
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def key_of(team: Team, kind: Kind, period: str) -> str:
    """Return the key of a digest's messages."""
    return f"digest-{kind}-{period}-{hashlib.sha256(team.name.encode()).hexdigest()[:HASHED]}"


def period_in(key: str) -> str:
    """Return the week or month that a digest's key names."""
    # The period holds a hyphen itself (2026-W47), the hash none.
    return key.split("-", 2)[2].rpartition("-")[0]


def name_of(team: Team, kind: Kind) -> str:
    """Return what a team's digests of a kind are known by."""
    return f"{team.name} {kind}"
