"""A month, one file each morning: each alert is sent once, on its day, and the stored usage is always right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from freezegun import freeze_time

from core.alerts.evaluation import evaluate_alerts
from core.alerts.outbox import deliveries
from core.config.loader import GrantInput
from core.config.teams import Team
from core.wallet.ingest import find_broken_checks

if TYPE_CHECKING:
    from core.warehouse.database import Session
    from tests.fakes.small_wallet import SmallWallet

START, END = date(2026, 9, 1), date(2026, 10, 1)
GRANTED, A_DAY, SPIKE = 100_000, 2_500, 25_000
SPIKE_DAY, GAP, TOP_UP = date(2026, 9, 10), range(16, 20), date(2026, 9, 29)


def used_on(day: date) -> int:
    """Return the credits used on a day."""
    return SPIKE if day == SPIKE_DAY else A_DAY


def told(session: Session) -> set[tuple[str, str]]:
    """Return day and key, without its hash, of every queued message."""
    return {(f"{one.created_at:%d %b %H}", one.message.key.rpartition("-")[0]) for one in deliveries(session)}


def a_day(small: SmallWallet, today: date, *, is_imported: bool) -> None:
    """Evaluate at five and at noon, and import at six a file with everything since the last one."""
    for hour in (5, 6, 12):
        now = datetime(today.year, today.month, today.day, hour, tzinfo=UTC)
        with freeze_time(now):
            if hour == 6 and is_imported:
                small.decides = lambda now=now: now
                first = date(2026, 9, 15) if today.day == GAP.stop and today.month == 9 else today - timedelta(days=1)
                small.days_of_use(first, *(used_on(first + timedelta(days=1) * nth) for nth in range((today - first).days)))
            elif hour != 6:
                with small.warehouse.writing() as session:
                    evaluate_alerts(session, small.context(), now)


@pytest.fixture
def month(small: SmallWallet) -> SmallWallet:
    """A wallet with one team, a term of a month, and ten weeks of usage before it."""
    small.grants_said(GrantInput(Decimal(GRANTED), START, END), start=START, end=END)
    small.configured(teams=(Team("Service", channels=("C0123ABCDEF",)),))
    with freeze_time("2026-08-31T06:00:00"):
        small.days_of_use(date(2026, 6, 22), *[A_DAY] * 70)
    return small


def test_each_alert_comes_once_on_its_day(month: SmallWallet) -> None:
    """The days follow from the sums: 2,500 a day and 22,500 more on the 10th, of 100,000, and of 200,000 from the 29th.

    Half is used with the 11th, whose file comes on the 12th; 75% (2,500 × 21 + 22,500) with the 21st; 90% with the
    27th. The 10th is complete 72 hours later, with the file of the 14th. Four days after the last file, data is stale.
    25,000 credits ($125) would be left on the first day, and 2,500 after the spike, too few to report; most of the top-up
    would be left as well.
    """
    seen: list[Decimal] = []
    for nth in range(30):
        today = START + timedelta(days=1) * nth
        if today == TOP_UP:
            grants = (GrantInput(Decimal(GRANTED), START, END), GrantInput(Decimal(GRANTED), TOP_UP, END, label="Top-up"))
            month.grants_said(*grants, start=START, end=END)
        a_day(month, today, is_imported=today.day not in GAP)
        rows = month.warehouse.execute("SELECT used_percent FROM previous_levels")
        seen.append(rows[0][0])
    with month.warehouse.reading() as session:
        assert told(session) == {
            ("01 Sep 05", "unused-30"),
            ("12 Sep 06", "level-50"),
            ("15 Sep 06", "spike-2026-09-10"),
            ("19 Sep 05", "stale-2026-09-15"),
            ("20 Sep 06", "recovered-stale-2026-09-15"),
            ("22 Sep 06", "level-75"),
            ("28 Sep 06", "level-90"),
            ("29 Sep 05", "recovered-level-50"),
            ("29 Sep 05", "unused-7"),
        }
    known = [nth if nth + 1 not in GAP else GAP.start - 2 for nth in range(30)]
    used = [sum(used_on(START + timedelta(days=1) * day) for day in range(days)) for days in known]
    assert seen == [Decimal(100 * total) / (GRANTED if nth < 28 else 2 * GRANTED) for nth, total in enumerate(used)]
    assert find_broken_checks(month.warehouse) == {}
