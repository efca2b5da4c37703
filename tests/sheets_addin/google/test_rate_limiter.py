from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from sheets_addin.google.rate_limiter import Quota, RateLimiter
from tests.fakes.sheets.clients import Clock

if TYPE_CHECKING:
    from sheets_addin.google.rate_limiter import Kind

SMALL = Quota(per_user=3, per_project=5)
KINDS: tuple[Kind, ...] = ("read", "write")
CALLS = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.sampled_from(["a", "b", "c"]),
        st.floats(0, 90),
        st.floats(0, 1),
        st.floats(0, 30),
    ),
    max_size=40,
)


def arrivals(calls: list[tuple[Kind, str, float, float, float]]) -> list[tuple[float, Kind, str]]:
    """Return when each call reaches Google: it is sent in turn, and arrives before its answer."""
    clock, found = Clock(), []
    limiter = RateLimiter(SMALL, clock, clock.sleep)
    for kind, user, idle, part, seconds in calls:
        clock.sleep(idle)
        with limiter.turn(kind, user):
            found.append((clock() + part * seconds, kind, user))
            clock.sleep(seconds)
    return found


@given(CALLS)
def test_no_minute_holds_more_than_the_quota(calls: list[tuple[Kind, str, float, float, float]]) -> None:
    """For any pauses and delays, no minute that Google may count exceeds the quota of a user or project."""
    came = arrivals(calls)
    for start, kind, _ in came:
        users = Counter(user for at, other, user in came if other == kind and start <= at < start + 60 - 1e-6)
        assert max(users.values()) <= SMALL.per_user
        assert users.total() <= SMALL.per_project


@given(st.integers(1, 400), st.sampled_from([Quota(), SMALL]))
def test_waits_no_longer_than_the_quota_forces(count: int, quota: Quota) -> None:
    """Instant requests are sent in bursts of a whole quota, one a minute, without a lost second."""
    clock = Clock()
    limiter = RateLimiter(quota, clock, clock.sleep)
    for _ in range(count):
        with limiter.turn("read", "a"):
            pass
    assert abs(clock() - 60 * ((count - 1) // quota.per_user)) < 1e-6


def test_reads_do_not_wait_for_writes() -> None:
    """Google counts reads and writes separately: 60 of each need no waiting."""
    clock = Clock()
    limiter = RateLimiter(clock=clock, sleep=clock.sleep)
    for kind in KINDS * 60:
        with limiter.turn(kind, "a"):
            pass
    assert clock.slept == []


def test_a_request_that_fails_counts_too() -> None:
    """A failed request uses the quota like any other."""
    clock = Clock()
    limiter = RateLimiter(Quota(1, 1), clock, clock.sleep)
    for _ in range(2):
        with suppress(TimeoutError), limiter.turn("read", "a"):
            raise TimeoutError
    assert clock() == 60
