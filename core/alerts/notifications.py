"""Whom what changed is told: each place reads one consistent story, whatever was delivered there in the meantime.

A place hears of an alert once. That it ended is told where the alert was; where the alert had not arrived yet it is withdrawn,
and, if it was true, told together with its end in one message. Of levels that are passed or left together, one message says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from core.alerts import outbox, repository
from core.alerts.rules.registry import RULES
from core.answer import day as shown_day
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from core.alerts.repository import AlertScope
    from core.alerts.rules.model import Candidate, StoredAlert
    from core.answer import Answer
    from core.config import Address, Team
    from core.warehouse import Session


class Held(NamedTuple):
    """A finding with its alert's key and its message. is_new: no alert was kept of it before."""

    finding: Candidate
    key: str
    message: Answer
    is_new: bool


class Ended(NamedTuple):
    """An alert that no longer holds, and the finding that says so. is_real: it did hold; no correction took it back."""

    alert: StoredAlert
    finding: Candidate
    is_real: bool


class _Row(NamedTuple):
    position: int
    is_told: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class TeamNotifier:
    """What a team's places were told of its part of a card."""

    session: Session
    team: Team
    place: AlertScope
    kept: Sequence[StoredAlert]
    now: datetime
    rows: dict[tuple[str, str, str], list[_Row]]

    @classmethod
    def of(cls, session: Session, team: Team, place: AlertScope, kept: Sequence[StoredAlert], now: datetime) -> TeamNotifier:
        """Return what the places were told, and what is on its way to them."""
        rows: dict[tuple[str, str, str], list[_Row]] = {}
        for row in session.rows(queries.MessagesOfPlaceRow, **place.parameters()):
            known = rows.setdefault((row.alert_key, row.kind, row.address), [])
            known.append(_Row(row.position, row.is_told, row.is_withdrawn))
        return cls(session, team, place, kept, now, rows)

    def _of(self, key: str, address: Address) -> list[_Row]:
        return self.rows.get((key, address.kind, address.id), [])

    def _stands(self, key: str, address: Address) -> bool:
        """Whether a place was told of an alert, or will be."""
        return any(not row.is_withdrawn for row in self._of(key, address))

    def tell_news(self, held: Sequence[Held], standing: Sequence[Held] = ()) -> None:
        """Tell what is new, and what holds again and never arrived; of levels one, the highest that a place does not know.

        standing: open alerts that hold as before; a level among them is told where the message that covered it was withdrawn.
        """
        others = [one for one in held if not _is_ladder(one.finding.rule)]
        for address in self.team.addresses:
            uncovered = [one for one in standing if self._has_lost_its_cover(one, address)]
            # Highest first: who reads 90% needs no message about 75% and 50%.
            levels = sorted(
                (one for one in (*held, *uncovered) if _is_ladder(one.finding.rule)), key=lambda one: -int(one.finding.level)
            )
            ladders = dict.fromkeys(_ladder(one.finding) for one in levels)
            told = [
                one
                for ladder in ladders
                for one in self._first_unknown([each for each in levels if _ladder(each.finding) == ladder], address)
            ]
            for one in [*told, *others]:
                if one.is_new or one in levels or any(row.is_withdrawn for row in self._of(one.key, address)):
                    self._put(one, address)

    def _first_unknown(self, levels: Iterable[Held], address: Address) -> list[Held]:
        return next(([one] for one in levels if one.is_new or not self._is_known(one, address)), [])

    def _is_known(self, one: Held, address: Address) -> bool:
        """Whether a place was told of a level, by itself or, where it was not to be told, with a higher one of the same pool."""
        if self._of(one.key, address):
            return self._stands(one.key, address)
        return any(self._stands(higher.key, address) for higher in self._higher_levels(one))

    def _has_lost_its_cover(self, one: Held, address: Address) -> bool:
        """Whether a place was to hear of a level with a higher one, whose message never came."""
        return any(row.is_withdrawn for higher in self._higher_levels(one) for row in self._of(higher.key, address))

    def _higher_levels(self, one: Held) -> list[StoredAlert]:
        """Return the alerts of higher levels of the same pool; none for other rules."""
        return [
            other
            for other in self.kept
            if _is_ladder(one.finding.rule)
            and (other.rule, other.direction, other.term) == (one.finding.rule, "up", one.finding.term)
            and int(other.level) > int(one.finding.level)
        ]

    def tell_recoveries(self, ended: Sequence[Ended], earlier: Sequence[Ended], hold: Callable[[Candidate], Held]) -> None:
        """Tell what ended. earlier: levels that ended before; told now where their end was not, because it arrived late."""
        for rule in (rule.name for rule in RULES.values() if rule.recovery):
            mine = [one for one in (*ended, *earlier) if one.alert.rule == rule]
            for ladder in dict.fromkeys(_ladder(one.alert) for one in mine):
                now, before = ([one for one in some if _ladder(one.alert) == ladder] for some in (ended, earlier))
                for address in self.team.addresses:
                    self._tell_recovery(now, before, address, hold)

    def _tell_recovery(
        self, ended: Sequence[Ended], earlier: Sequence[Ended], address: Address, hold: Callable[[Candidate], Held]
    ) -> None:
        unanswered = [one for one in (*ended, *earlier) if self._waits_for_its_end(one, address)]
        gone = [one for one in ended if one.is_real and any(row.is_withdrawn for row in self._of(one.alert.key, address))]
        free = [one for one in (ended or unanswered) if not self._stands(self._down_key(one), address)]
        if not free or not (unanswered or gone):
            return
        # Falling below the lowest level says that all above it are over too.
        lowest = min(free, key=_height)
        if unanswered:
            self._put(hold(lowest.finding), address)
        else:
            self._put(hold(_over_already(max(gone, key=_height).alert, lowest.finding)), address)

    def _waits_for_its_end(self, one: Ended, address: Address) -> bool:
        """Whether a place was told of an alert, and of its end, or that of a lower level of its pool, not since."""
        arrived = max((row.position for row in self._of(one.alert.key, address) if row.is_told), default=None)
        if arrived is None:
            return False
        downs = [
            other.key
            for other in self.kept
            if (other.rule, other.direction, other.term) == (one.alert.rule, "down", one.alert.term)
            and (other.level == one.alert.level or (_is_ladder(other.rule) and int(other.level) < int(one.alert.level)))
        ]
        return not any(row.position > arrived and not row.is_withdrawn for key in downs for row in self._of(key, address))

    def _down_key(self, one: Ended) -> str:
        return repository.key_of(self.place, one.finding)

    def _put(self, one: Held, address: Address) -> None:
        outbox.enqueue(self.session, outbox.OutboxMessage(one.key, address, self.team.name, one.message, one.key), self.now)


def _is_ladder(rule: str) -> bool:
    return rule in RULES and RULES[rule].concurrency == "ladder"


def _ladder(one: Candidate | StoredAlert) -> tuple[str, str]:
    """Return what the levels of an alert are of: its rule, and of budgets which."""
    return one.rule, RULES[one.rule].ladder_of(one.term) if one.rule in RULES else ""


def _height(one: Ended) -> tuple[int, str]:
    """Return a level's height; of other rules there is one at a time."""
    return (int(one.alert.level) if _is_ladder(one.alert.rule) else 0), one.alert.term


def _over_already(alert: StoredAlert, finding: Candidate) -> Candidate:
    """Return that something happened and is over, as one thing to tell."""
    on = f" on {shown_day(alert.day)}" if alert.day else ""
    return finding._replace(
        headline=f"Happened{on} and is over: {finding.headline.removeprefix('Recovered: ')}",
        sums=(f"What happened: {alert.words}", *finding.sums),
    )
