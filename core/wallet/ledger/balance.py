"""Grants, what usage draws from them, and what is left on a day or expires unused.

Every grant is kept separately with its half-open term. Credits here are of one card, exact, in that card's own unit.
Days are the team's; `until` is the first day that is excluded, so a balance is one at the end of the day before.

The drawdown, grant by grant and day by day, is the only source of all figures about a pool:

* left: what the grants in force still hold; never below 0.
* drawn: what usage took out of grants on the days of the term.
* pool: drawn + left. Credits that expired unused or were taken back are not part of it.
* overdrawn: usage that no grant covered. It is billed in arrears; a later grant does not make up for it.
* used percent: drawn ÷ pool. Once nothing is left, (drawn + overdrawn since the pool was empty) ÷ pool.

A correction of usage, a day below 0, undoes the latest draws first; credits returned to a grant whose term is over expire at
once. If more is given back than was ever drawn, the rest pays for the next usage. A reduction takes back what is left, starting
with the grants that end with it. If that is too little, usage that the grants in force had paid for turns out to be uncovered and
is overdrawn, on the day on which it was used. What is owed even then is taken from the next grants of the reduction's own term. A
reduction without days, whose term is over as it begins, only takes back what expired with it.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.config import Drawdown

OPEN_START, OPEN_END = date.min, date.max


@dataclass(frozen=True, slots=True)
class Grant:
    """Credits granted on the half-open days [first_day, day_after_last); below 0, credits taken back.

    An open term starts at `date.min` or ends at `date.max`. usd: what was paid for all of it, 0 for free credits; None
    if not stated, so that the contract's price applies.
    """

    name: str
    credits: Decimal
    first_day: date
    day_after_last: date
    kind: str = ""
    usd: Decimal | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the credits can be used on that day."""
        return self.first_day <= day < self.day_after_last


@dataclass(frozen=True, slots=True)
class Term:
    """Half-open days [first_day, day_after_last) of a pool; either end may be open."""

    first_day: date
    day_after_last: date

    @property
    def is_bounded(self) -> bool:
        """Whether both ends are known, so that shares of it make sense."""
        return self.first_day != OPEN_START and self.day_after_last != OPEN_END

    def elapsed_percent(self, until: date) -> Decimal:
        """Return how much of a bounded term is over before `until`, from 0 to 100 percent."""
        days = (self.day_after_last - self.first_day).days
        # Before and after the term the share stays at 0 or 100; a pace over more than 100 % of time is meaningless.
        gone = min(max((until - self.first_day).days, 0), days)
        return Decimal(gone) / days * Decimal(100)


class PoolUsage:
    """Credits used by day, with fast sums over half-open ranges; from `burn_from` on, a steady burn rate on top."""

    def __init__(self, by_day: Mapping[date, Decimal], burn_from: date = OPEN_END, burn_per_day: Decimal = Decimal(0)) -> None:
        """Compute the running sums once."""
        self._days = sorted(by_day)
        self._before = [Decimal(0)]
        for day in self._days:
            self._before.append(self._before[-1] + by_day[day])
        self._burn_from, self._burn_per_day = burn_from, burn_per_day

    def stops(self, until: date) -> set[date]:
        """Return the days before `until` on which a new amount begins: each day with known usage, and the first of the burn."""
        return {day for day in (*self._days, self._burn_from) if day < until}

    def between(self, first_day: date, day_after_last: date) -> Decimal:
        """Return the credits used on the half-open days."""
        known = self._before[bisect_left(self._days, day_after_last)] - self._before[bisect_left(self._days, first_day)]
        return known + self._burn_per_day * max((day_after_last - max(first_day, self._burn_from)).days, 0)


@dataclass(slots=True)
class GrantLine:
    """One grant and its outcome by the day looked at; `left` + used + expired + taken back = its credits."""

    grant: Grant
    left: Decimal
    used: Decimal = Decimal(0)
    expired: Decimal = Decimal(0)
    taken_back: Decimal = Decimal(0)


@dataclass(slots=True, eq=False)
class Draw:
    """Credits of a day's usage and the grant that paid for them; None if none did. Below 0 for a correction of usage.

    standing: the part that no correction has undone since.
    """

    day: date
    line: GrantLine | None
    credits: Decimal
    standing: Decimal = Decimal(0)


@dataclass(slots=True)
class Pool:
    """The result of the drawdown: each grant separately, what no grant covered, and every draw.

    overdrawn: below 0 while more was given back than was used. short: the draws, and their reversals, that no grant covered since
    the pool was empty; empty while credits are left. lost: the last day on which credits were valid, and how many expired after
    it. waiting: reductions that found nothing to take back yet.
    """

    lines: list[GrantLine]
    order: Drawdown
    overdrawn: Decimal = Decimal(0)
    expiries: dict[date, Decimal] = field(default_factory=dict)
    lost: list[tuple[date, Decimal]] = field(default_factory=list)
    draws: list[Draw] = field(default_factory=list)
    short: list[Draw] = field(default_factory=list)
    waiting: list[tuple[Grant, Decimal]] = field(default_factory=list)
    _standing: list[Draw] = field(default_factory=list)

    @property
    def left(self) -> Decimal:
        """Credits left in the grants that have begun and not ended."""
        return sum((line.left for line in self.lines), Decimal(0))

    def begin(self, grant: Grant) -> None:
        """Add a grant, or take one back; the module docstring says what a reduction takes."""
        if grant.credits < 0:
            self._take_back(grant, -grant.credits)
            return
        self.lines.append(GrantLine(grant, left=grant.credits))
        # Sorted once per grant, not once per day: a drawdown covers years of days and only a few grants.
        self.lines.sort(key=lambda line: drawing_key(line.grant, self.order))
        # Removed first: a reduction that is still not served queues itself again.
        waiting, self.waiting = self.waiting, []
        for reduction, owed in waiting:
            if reduction.day_after_last > grant.first_day:
                self._take_back(reduction, owed)
        self._refill()

    def draw(self, wanted: Decimal, day: date) -> None:
        """Use credits, grant by grant; a negative amount, a correction of usage, undoes the latest draws."""
        if wanted < 0:
            self._undo(-wanted, day)
            return
        # More was given back than ever drawn: that surplus pays before any grant does, or it would be lost.
        given_back = min(max(-self.overdrawn, Decimal(0)), wanted)
        self._note(day, None, given_back)
        wanted -= given_back
        for line in self.lines:
            drawn = min(line.left, wanted)
            line.left, line.used, wanted = line.left - drawn, line.used + drawn, wanted - drawn
            self._note(day, line, drawn)
        if wanted:
            self._note(day, None, wanted)
            self.short.append(self.draws[-1])

    def expire(self, day: date) -> None:
        """End the grants whose term is over on that day."""
        for line in self.lines:
            if line.grant.day_after_last <= day and line.left:
                # The last day that counts is the day before: terms are half-open, and a term's sum includes what was valid on its
                # first day.
                self._expire(line, line.left, line.grant.day_after_last - timedelta(days=1))
                line.left = Decimal(0)

    def by_day(self) -> dict[date, list[tuple[Grant | None, Decimal]]]:
        """Return what each day drew from which grant, None for what no grant covered; a day's parts all have the same sign."""
        found: dict[date, dict[int, tuple[Grant | None, Decimal]]] = {}
        for draw in self.draws:
            parts = found.setdefault(draw.day, {})
            _, so_far = parts.get(id(draw.line), (None, Decimal(0)))
            parts[id(draw.line)] = (draw.line.grant if draw.line else None, so_far + draw.credits)
        return {day: [part for part in parts.values() if part[1]] for day, parts in sorted(found.items())}

    def _note(self, day: date, line: GrantLine | None, credits_drawn: Decimal) -> None:
        if credits_drawn:
            self.draws.append(Draw(day, line, credits_drawn, credits_drawn))
            self._standing.append(self.draws[-1])
            self.overdrawn += Decimal(0) if line else credits_drawn

    def _undo(self, amount: Decimal, day: date) -> None:
        """Return credits to the latest draws; what was never drawn makes `overdrawn` fall below 0."""
        while amount and self._standing:
            last = self._standing[-1]
            part = min(last.standing, amount)
            last.standing, amount = last.standing - part, amount - part
            self._give_back(last.line, part, day)
            undone = Draw(day, last.line, -part)
            self.draws.append(undone)
            # A correction of uncovered usage belongs to it, so that both leave the sum together. By identity: equal draws are
            # common.
            self.short += [undone] if any(draw is last for draw in self.short) else []
            if not last.standing:
                self._standing.pop()
        if amount:
            self.draws.append(Draw(day, None, -amount))
            self.overdrawn -= amount

    def _give_back(self, line: GrantLine | None, credits_back: Decimal, day: date) -> None:
        if line is None:
            self.overdrawn -= credits_back
            return
        line.used -= credits_back
        # Returned too late to be used again: it expires on the day of its return.
        if line.grant.day_after_last <= day:
            self._expire(line, credits_back, day)
        else:
            line.left += credits_back
            self._refill()

    def _refill(self) -> None:
        if self.left > 0:
            self.short.clear()

    def _expire(self, line: GrantLine, credits_lost: Decimal, last_day: date) -> None:
        end = line.grant.day_after_last
        line.expired += credits_lost
        self.expiries[end] = self.expiries.get(end, Decimal(0)) + credits_lost
        self.lost.append((last_day, credits_lost))

    def _take_back(self, grant: Grant, owed: Decimal) -> None:
        # Over as it begins, so it cannot mean anything in force: it takes back what expired with it, and no more.
        if grant.day_after_last <= grant.first_day:
            self._take_back_expired(grant, owed)
            return
        # False sorts before True: grants that end with the reduction first, the others in drawing order.
        for line in sorted(self.lines, key=lambda line: line.grant.day_after_last != grant.day_after_last):
            taken = min(line.left, owed)
            line.left, line.taken_back, owed = line.left - taken, line.taken_back + taken, owed - taken
        owed = self._take_back_used(grant, owed)
        if owed:
            self.waiting.append((grant, owed))

    def _take_back_expired(self, grant: Grant, owed: Decimal) -> None:
        for line in self.lines:
            if line.grant.day_after_last == grant.day_after_last:
                taken = min(line.expired, owed)
                self._expire(line, -taken, line.grant.day_after_last - timedelta(days=1))
                line.taken_back, owed = line.taken_back + taken, owed - taken

    def _take_back_used(self, grant: Grant, owed: Decimal) -> Decimal:
        """Mark usage that grants in force paid for as overdrawn, same end first, then latest; return what is still owed."""
        in_force = [draw for draw in reversed(self._standing) if draw.line and draw.line.grant.day_after_last > grant.first_day]
        for draw in sorted(in_force, key=lambda draw: draw.line.grant.day_after_last != grant.day_after_last):  # type: ignore[union-attr]  # in force
            part = min(draw.standing, owed)
            if part and draw.line:
                draw.line.used, draw.line.taken_back = draw.line.used - part, draw.line.taken_back + part
                draw.credits, draw.standing, owed = draw.credits - part, draw.standing - part, owed - part
                unpaid = Draw(draw.day, None, part, part)
                self.draws.append(unpaid)
                # In chronological order: corrections undo the latest usage first, and this usage is as old as the draw that it
                # replaces.
                self._standing.insert(self._standing.index(draw) + 1, unpaid)
                self.short.append(unpaid)
                self.overdrawn += part
        self._standing = [draw for draw in self._standing if draw.standing]
        return owed


def drawing_key(grant: Grant, order: Drawdown) -> tuple[int, date, date, str]:
    """Return the key that sorts grants into drawing order, the first to draw first.

    Source: the order is not published; earliest expiry first is an assumption that app.yaml can change.
    """
    granted, ends = grant.first_day, grant.day_after_last
    if order == "earliest_expiry":
        # The name comes last, so that grants with equal terms are drawn in the same order on every machine.
        return 0, ends, granted, grant.name
    since = granted.toordinal()
    return (since if order == "granted_first" else -since), ends, granted, grant.name


def draw_down(grants: Sequence[Grant], use: PoolUsage, until: date, order: Drawdown) -> Pool:
    """Return the pool at the end of the day before `until`; grants that end then have not expired yet."""
    pool = Pool([], order)
    begun = sorted((grant for grant in grants if grant.first_day < until), key=lambda grant: (grant.first_day, grant.credits < 0))
    begin_on: dict[date, list[Grant]] = {}
    for grant in begun:
        begin_on.setdefault(grant.first_day, []).append(grant)
    # Only days with a change are visited; between two of them one draw takes the sum.
    ends = {grant.day_after_last for grant in begun if grant.day_after_last < until}
    stops = sorted({*begin_on, *ends, *use.stops(until)})
    for first, after_last in zip(stops, [*stops[1:], until], strict=bool(stops)):
        pool.expire(first)
        for grant in begin_on.get(first, ()):
            pool.begin(grant)
        pool.expire(first)  # ends and starts of that day
        pool.draw(use.between(first, after_last), first)
    return pool


def term_on(
    grants: Iterable[Grant], day: date, contract_start: date | None = None, contract_end: date | None = None
) -> Term | None:
    """Return the term that contains a day: the contract's, else that of the grants in force; None if there is neither."""
    if contract_start and contract_end and contract_start <= day < contract_end:
        return Term(contract_start, contract_end)
    in_force = [grant for grant in grants if grant.credits > 0 and grant.holds_on(day)]
    if not in_force:
        return None
    return Term(min(grant.first_day for grant in in_force), max(grant.day_after_last for grant in in_force))


@dataclass(frozen=True, slots=True)
class Balance:
    """A card's pool at the end of a day, counted over its term; the module docstring defines the words.

    expired: what expired unused in the term. overdrawn: on the days of the term. since_empty: the part of it that was used since
    the pool was empty, 0 while credits are left. lines: of the grants
    that end in the term or later. parts: what each day drew from which grant, of all days. counting: the share of a day's usage
    that counts against the pool, for the days of the term.
    """

    drawn: Decimal
    left: Decimal
    expired: Decimal
    overdrawn: Decimal
    since_empty: Decimal
    lines: tuple[GrantLine, ...]
    parts: Mapping[date, Sequence[tuple[Grant | None, Decimal]]] = field(default_factory=dict)
    counting: Mapping[date, Fraction] = field(default_factory=dict)

    @property
    def pool(self) -> Decimal:
        """The credits available: drawn + left."""
        return self.drawn + self.left

    @property
    def granted(self) -> Decimal:
        """What was left on the term's first day and granted since, less what was taken back: drawn + left + expired."""
        return self.drawn + self.left + self.expired

    @property
    def used(self) -> Decimal:
        """All usage of the term: drawn + overdrawn."""
        return self.drawn + self.overdrawn

    @property
    def used_of_pool(self) -> Decimal:
        """The usage that counts against the pool: drawn, plus what was overdrawn since the pool was empty."""
        return self.drawn + (self.since_empty if self.left == 0 else 0)

    @property
    def used_percent(self) -> Decimal | None:
        """The percentage of the pool that is used, above 100 when overdrawn; None without a pool."""
        return self.used_of_pool / self.pool * 100 if self.pool > 0 else None

    def counted(self, by_day: Iterable[tuple[date, Decimal]]) -> Decimal:
        """Return how much of a slice's usage, by day of the term, counts against the pool; for all usage, `used_of_pool`."""
        shares = [(used, self.counting[day]) for day, used in by_day if day in self.counting]
        # Fractions: a day's share is rarely a finite decimal, and rounded shares would not add up to the whole. Most days count
        # whole or not at all, and decimals are added up in a tenth of the time.
        whole_days = sum((used for used, share in shares if share == 1), Decimal(0))
        found = sum((Fraction(used) * share for used, share in shares if share and share != 1), Fraction(whole_days))
        return Decimal(found.numerator) / Decimal(found.denominator)


def balance(grants: Sequence[Grant], use: PoolUsage, term: Term, until: date, order: Drawdown) -> Balance:
    """Return the balance at the end of the day before `until`, counted from the term's first day, which must be earlier."""
    return balance_of(draw_down(grants, use, until, order), term)


def balance_of(pool: Pool, term: Term) -> Balance:
    """Return the balance of a drawn-down pool, counted from the term's first day."""
    in_term = [draw for draw in pool.draws if draw.day >= term.first_day]
    return Balance(
        drawn=sum((draw.credits for draw in in_term if draw.line), Decimal(0)),
        left=pool.left,
        expired=sum((lost for last_day, lost in pool.lost if last_day >= term.first_day), Decimal(0)),
        overdrawn=sum((draw.credits for draw in in_term if draw.line is None), Decimal(0)),
        since_empty=sum((draw.credits for draw in pool.short if draw.day >= term.first_day), Decimal(0)),
        lines=tuple(line for line in pool.lines if line.grant.day_after_last > term.first_day),
        parts=pool.by_day(),
        counting=_counting(pool, in_term),
    )


def _counting(pool: Pool, draws: Iterable[Draw]) -> dict[date, Fraction]:
    """Return the share of each day's usage that grants paid for, or that no grant covered since the pool was empty."""
    whole: dict[date, Decimal] = {}
    counted: dict[date, Decimal] = {}
    short = {id(draw) for draw in pool.short}
    for draw in draws:
        whole[draw.day] = whole.get(draw.day, Decimal(0)) + draw.credits
        if draw.line or id(draw) in short:
            counted[draw.day] = counted.get(draw.day, Decimal(0)) + draw.credits
    whole_day, none = Fraction(1), Fraction(0)
    return {
        day: whole_day if counted.get(day) == used else Fraction(counted[day]) / Fraction(used) if day in counted else none
        for day, used in whole.items()
        if used
    }


def unused_at_ends(grants: Sequence[Grant], use: PoolUsage, order: Drawdown, until: date) -> list[GrantLine]:
    """Return the grants that begin before `until`, as of the end of the last of them, without open-ended ones."""
    begun = [grant for grant in grants if grant.first_day < until]
    ends = [grant.day_after_last for grant in begun if grant.credits > 0 and grant.day_after_last != OPEN_END]
    if not ends:
        return []
    # Up to the last end, then that end itself: `draw_down` does not close what ends on its last day.
    pool = draw_down(begun, use, max(ends), order)
    pool.expire(max(ends))
    return [line for line in pool.lines if line.grant.day_after_last != OPEN_END]


def pace_percent(used_percent: Decimal, elapsed_percent: Decimal) -> Decimal | None:
    """Return the pace of the pool: 100 is on plan, 200 twice as fast; None at the start of the term."""
    return used_percent / elapsed_percent * Decimal(100) if elapsed_percent else None
