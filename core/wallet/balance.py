"""Grants, what use draws from them, and what is left on a day or expires unused.

Every grant is kept singly with its half-open term. Credits here are of one card, exact, in that card's own unit.
Days are the team's; `until` is the first day that is not looked at, so a balance is one at the end of the day before.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from core.wallet.settings import Drawdown

NOTHING = Decimal(0)
HUNDRED = Decimal(100)
A_DAY = timedelta(days=1)
OPEN_START, OPEN_END = date.min, date.max


@dataclass(frozen=True, slots=True)
class Grant:
    """Credits granted on the half-open days [first_day, day_after_last); below 0, credits taken back.

    An open term starts at `date.min` or ends at `date.max`.
    """

    name: str
    credits: Decimal
    first_day: date
    day_after_last: date
    kind: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the credits can be used on that day."""
        return self.first_day <= day < self.day_after_last


@dataclass(frozen=True, slots=True)
class Term:
    """Half-open days [first_day, day_after_last) over which a pool is looked at; either end may be open."""

    first_day: date
    day_after_last: date

    @property
    def is_bounded(self) -> bool:
        """Whether both ends are known, so that shares of it make sense."""
        return self.first_day != OPEN_START and self.day_after_last != OPEN_END

    def elapsed_percent(self, until: date) -> Decimal:
        """Return how much of a bounded term is over before `until`, from 0 to 100."""
        days = (self.day_after_last - self.first_day).days
        gone = min(max((until - self.first_day).days, 0), days)
        return Decimal(gone) / days * HUNDRED


class Use:
    """Credits used by day, quick to add up over half-open ranges; from `burn_from` on, a steady burn on top."""

    def __init__(self, by_day: Mapping[date, Decimal], burn_from: date = OPEN_END, burn_per_day: Decimal = NOTHING) -> None:
        """Add the days up once."""
        self._days = sorted(by_day)
        self._before = [NOTHING]
        for day in self._days:
            self._before.append(self._before[-1] + by_day[day])
        self._burn_from, self._burn_per_day = burn_from, burn_per_day

    def between(self, first_day: date, day_after_last: date) -> Decimal:
        """Return the credits used on the half-open days."""
        known = self._before[bisect_left(self._days, day_after_last)] - self._before[bisect_left(self._days, first_day)]
        return known + self._burn_per_day * max((day_after_last - max(first_day, self._burn_from)).days, 0)


@dataclass(slots=True)
class GrantLine:
    """One grant and what became of it by the day looked at; `left` + used + expired + taken back = its credits."""

    grant: Grant
    left: Decimal
    used: Decimal = NOTHING
    expired: Decimal = NOTHING
    taken_back: Decimal = NOTHING


@dataclass(slots=True)
class Pool:
    """What drawing down came to: each grant singly, and what no grant covered."""

    lines: list[GrantLine]
    order: Drawdown
    overdrawn: Decimal = NOTHING
    expiries: dict[date, Decimal] = field(default_factory=dict)

    @property
    def left(self) -> Decimal:
        """Credits left in the grants that have begun and not ended."""
        return sum((line.left for line in self.lines), NOTHING)

    def begin(self, grant: Grant) -> None:
        """Add a grant, or take one back: from those of the same end first, then in the order of drawing."""
        if grant.credits >= 0:
            self.lines.append(GrantLine(grant, left=grant.credits))
            self.lines.sort(key=lambda line: drawing_key(line.grant, self.order))
            return
        same_end_first = sorted(self.lines, key=lambda line: line.grant.day_after_last != grant.day_after_last)
        owed = -grant.credits
        for line in same_end_first:
            taken = min(line.left, owed)
            line.left, line.taken_back, owed = line.left - taken, line.taken_back + taken, owed - taken
        self.overdrawn += owed

    def draw(self, wanted: Decimal) -> None:
        """Use credits, grant by grant; a negative amount, a correction of use, goes back where it was drawn."""
        if wanted < 0:
            returned = min(max(self.overdrawn, NOTHING), -wanted)
            self.overdrawn, wanted = self.overdrawn - returned, wanted + returned
        for line in self.lines if wanted >= 0 else reversed(self.lines):
            drawn = min(line.left, wanted) if wanted >= 0 else max(-line.used, wanted)
            line.left, line.used, wanted = line.left - drawn, line.used + drawn, wanted - drawn
        self.overdrawn += wanted

    def expire(self, day: date) -> None:
        """End the grants whose term is over on that day."""
        for line in self.lines:
            if line.grant.day_after_last <= day and line.left:
                self.expiries[line.grant.day_after_last] = self.expiries.get(line.grant.day_after_last, NOTHING) + line.left
                line.left, line.expired = NOTHING, line.expired + line.left


def drawing_key(grant: Grant, order: Drawdown) -> tuple[int, date, date, str]:
    """Return what sorts grants into the order in which they are drawn, the one to draw first coming first.

    Source: the order is nowhere published; earliest expiry first is an assumption that app.yaml can change.
    """
    granted, ends = grant.first_day, grant.day_after_last
    if order == "earliest_expiry":
        return 0, ends, granted, grant.name
    since = granted.toordinal()
    return (since if order == "granted_first" else -since), ends, granted, grant.name


def drawn_down(
    grants: Sequence[Grant],
    use: Use,
    until: date,
    order: Drawdown,
    on_day: tuple[date, Callable[[Pool], None]] | None = None,
) -> Pool:
    """Return the pool at the end of the day before `until`; grants that end then have not expired yet.

    Use before any grant, or beyond what is left, is overdrawn; a later grant does not make up for it, because
    overage is billed in arrears. on_day: a day and what to do with the pool as that day begins.
    """
    pool = Pool([], order)
    waiting = sorted(
        (grant for grant in grants if grant.first_day < until), key=lambda grant: (grant.first_day, grant.credits < 0)
    )
    stops = _stops(waiting, until, on_day[0] if on_day else until)
    for first, after_last in zip(stops, [*stops[1:], until], strict=True):
        pool.expire(first)
        if on_day and first == on_day[0]:
            on_day[1](pool)
        for grant in waiting:
            if grant.first_day == first:
                pool.begin(grant)
        pool.expire(first)  # what begins and ends on one day
        pool.draw(use.between(first, after_last))
    return pool


def draws_by_day(
    grants: Sequence[Grant], by_day: Mapping[date, Decimal], order: Drawdown
) -> tuple[dict[date, list[tuple[Grant | None, Decimal]]], Pool]:
    """Return what each day drew from which grant, None being what no grant covered, and the pool after the last day."""
    pool, drawn = Pool([], order), {}
    begin_on: dict[date, list[Grant]] = {}
    for grant in sorted(grants, key=lambda grant: grant.credits < 0):
        begin_on.setdefault(grant.first_day, []).append(grant)
    for day in sorted({*by_day, *begin_on}):
        pool.expire(day)
        for grant in begin_on.get(day, ()):
            pool.begin(grant)
        pool.expire(day)
        before = [(line, line.used) for line in pool.lines]
        uncovered = pool.overdrawn
        pool.draw(by_day.get(day, NOTHING))
        parts: list[tuple[Grant | None, Decimal]] = [(line.grant, line.used - used) for line, used in before if line.used != used]
        drawn[day] = [*parts, (None, pool.overdrawn - uncovered)] if pool.overdrawn != uncovered else parts
    return drawn, pool


def _stops(grants: Iterable[Grant], until: date, also: date) -> list[date]:
    days = {day for grant in grants for day in (grant.first_day, grant.day_after_last)}
    return sorted({day for day in (*days, OPEN_START, also) if day < until})


def term_on(
    grants: Iterable[Grant], day: date, contract_start: date | None = None, contract_end: date | None = None
) -> Term | None:
    """Return the term that a day lies in: the contract's, else that of the grants in force; None without either."""
    if contract_start and contract_end and contract_start <= day < contract_end:
        return Term(contract_start, contract_end)
    in_force = [grant for grant in grants if grant.credits > 0 and grant.holds_on(day)]
    if not in_force:
        return None
    return Term(min(grant.first_day for grant in in_force), max(grant.day_after_last for grant in in_force))


@dataclass(frozen=True, slots=True)
class Balance:
    """A card's pool at the end of a day, counted over its term: granted − used − expired = remaining.

    granted: what was left on the term's first day, and what was granted or taken back since. overdrawn: the part
    of `used` that no grant covered. remaining: what the grants still hold, less what is overdrawn.
    """

    granted: Decimal
    used: Decimal
    expired: Decimal
    overdrawn: Decimal
    remaining: Decimal
    lines: tuple[GrantLine, ...]

    @property
    def used_percent(self) -> Decimal | None:
        """How much of what was granted is used; None where nothing was granted."""
        return self.used / self.granted * HUNDRED if self.granted > 0 else None


def balance(grants: Sequence[Grant], use: Use, term: Term, until: date, order: Drawdown) -> Balance:
    """Return the balance at the end of the day before `until`, counted from the term's first day, which comes before."""
    opening: list[tuple[Decimal, Decimal, Decimal]] = []

    def remember(pool: Pool) -> None:
        opening.append((pool.left, sum(pool.expiries.values(), NOTHING), pool.overdrawn))

    pool = drawn_down(grants, use, until, order, (term.first_day, remember))
    left, expired_before, overdrawn_before = opening[0] if opening else (NOTHING, NOTHING, NOTHING)
    since = [grant for grant in grants if term.first_day <= grant.first_day < until]
    overdrawn = pool.overdrawn - overdrawn_before
    return Balance(
        granted=left + sum((grant.credits for grant in since), NOTHING),
        used=use.between(term.first_day, until),
        expired=sum(pool.expiries.values(), NOTHING) - expired_before,
        overdrawn=overdrawn,
        remaining=pool.left - overdrawn,
        lines=tuple(line for line in pool.lines if line.grant.day_after_last > term.first_day),
    )


def expiries(grants: Sequence[Grant], use: Use, order: Drawdown, until: date) -> dict[date, Decimal]:
    """Return what expires unused at each term end, 0 included, for the grants that begin before `until`; open ends never do."""
    begun = [grant for grant in grants if grant.first_day < until]
    ends = sorted({grant.day_after_last for grant in begun if grant.credits > 0 and grant.day_after_last != OPEN_END})
    if not ends:
        return {}
    found = drawn_down(begun, use, ends[-1] + A_DAY, order).expiries
    return {end: found.get(end, NOTHING) for end in ends}


def pace_percent(used_percent: Decimal, elapsed_percent: Decimal) -> Decimal | None:
    """Return how fast the pool goes: 100 is on plan, 200 twice as fast; None while nothing of the term is over."""
    return used_percent / elapsed_percent * HUNDRED if elapsed_percent else None
