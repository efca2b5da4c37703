"""A clock that is wrong evaluates nothing; 31 days are the most that it may be from what is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.alerts.evaluation import evaluate_alerts
from core.alerts.evaluation_due import doubt_of_clock, is_due, mark_due
from core.config.alerts import AlertSettings
from core.config.loader import GrantInput
from core.config.teams import Team

if TYPE_CHECKING:
    from tests.fakes.small_wallet import SmallWallet

FIRST = datetime(2026, 9, 10, 6, tzinfo=UTC)
# The events of days_of_use come in at 13:00 UTC.
NEWEST = datetime(2026, 9, 2, 13, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def wallet(small: SmallWallet) -> SmallWallet:
    """A wallet whose data reaches to 2 September."""
    small.grants_said(GrantInput(Decimal(100_000), date(2026, 9, 1), date(2027, 9, 1)))
    small.configured(
        teams=(Team("Service", ("C0123ABCDEF",)),), alerts=AlertSettings(pace_percent=Decimal(10**9), stale_days=300)
    )
    return small.days_of_use(date(2026, 9, 1), 1_000, 1_000)


def evaluate(wallet: SmallWallet, now: datetime) -> list[str]:
    """Evaluate the rules at an instant and return the keys of new alerts."""
    with wallet.warehouse.writing() as session:
        return evaluate_alerts(session, wallet.context(), now)


def doubt(wallet: SmallWallet, now: datetime) -> str | None:
    """Return why an instant is implausible."""
    with wallet.warehouse.reading() as session:
        return doubt_of_clock(session, now)


@pytest.mark.parametrize(
    ("now", "is_plausible"),
    [
        (FIRST + timedelta(days=31), True),
        (FIRST + timedelta(days=31) + SECOND, False),
        (NEWEST - timedelta(days=31), True),
        (NEWEST - timedelta(days=31) - SECOND, False),
    ],
)
def test_a_clock_is_believed_within_31_days_of_the_evaluation_or_the_data(
    wallet: SmallWallet, now: datetime, *, is_plausible: bool
) -> None:
    """To the second: after the last evaluation, and before the newest data, which is eight days older."""
    evaluate(wallet, FIRST)
    assert (doubt(wallet, now) is None) is is_plausible


def test_before_the_first_evaluation_any_clock_is_believed(wallet: SmallWallet) -> None:
    """There is nothing of this machine's clock to compare with; the data may be years old."""
    assert doubt(wallet, NEWEST + timedelta(days=900)) is None


def test_the_doubt_names_the_nearest_instant_and_the_distance(wallet: SmallWallet) -> None:
    """400 days after the evaluation, the evaluation is nearest; 400 days before the data, the data is."""
    evaluate(wallet, FIRST)
    assert doubt(wallet, FIRST + timedelta(days=400)) == (
        "The clock says 2027-10-15 06:00 UTC, 400 days from the nearest instant known, 2026-09-10: alerts and digests are "
        "held back until newer data is imported. Is the clock right?"
    )
    assert str(doubt(wallet, NEWEST - timedelta(days=400))).startswith(
        "The clock says 2025-07-29 13:00 UTC, 400 days from the nearest instant known, 2026-09-02:"
    )


def test_with_a_wrong_clock_nothing_is_evaluated_and_it_stays_due(wallet: SmallWallet) -> None:
    """60 % used are told when the clock is right again, not before; the wrong instant is not kept as an evaluation."""
    evaluate(wallet, FIRST)
    wallet.days_of_use(date(2026, 9, 3), 58_000)
    with wallet.warehouse.writing() as session:
        mark_due(session)
    assert evaluate(wallet, FIRST + timedelta(days=400)) == []
    with wallet.warehouse.reading() as session:
        assert is_due(session)
    assert [key.rpartition("-")[0] for key in evaluate(wallet, FIRST)] == ["level-50"]
    with wallet.warehouse.reading() as session:
        assert not is_due(session)
