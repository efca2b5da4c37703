"""Who gets which message: each channel reads one consistent story, whatever was delivered there in the meantime.

A channel gets an alert once. Its end is sent where the alert was sent; an undelivered alert is withdrawn, and, if it was true,
sent together with its end in one message. If several levels are passed or left together, there is one message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.alerts import outbox, repository
from core.alerts.rules.registry import RULES
from core.answer import day as shown_day
from core.records import NamedTuple
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
    """A finding with its alert's key and its message. is_new: no alert was stored for it before."""

    finding: Candidate
    key: str
    message: Answer
    is_new: bool


class Ended(NamedTuple):
    """An alert that no longer holds, and the finding that says so. is_real: it did hold; no correction undid it."""

    alert: StoredAlert
    finding: Candidate
    is_real: bool


class _Row(NamedTuple):
    position: int
    is_told: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class TeamNotifier:
    """What a team's channels were sent about its part of a card."""

    session: Session
    team: Team
    place: AlertScope
    kept: Sequence[StoredAlert]
    now: datetime
    rows: dict[tuple[str, str, str], list[_Row]]

    @classmethod
    def of(cls, session: Session, team: Team, place: AlertScope, kept: Sequence[StoredAlert], now: datetime) -> TeamNotifier:
        """Return what was sent to the channels, and what is pending."""
        rows: dict[tuple[str, str, str], list[_Row]] = {}
        for row in session.rows(queries.MessagesOfPlaceRow, **place.parameters()):
            known = rows.setdefault((row.alert_key, row.kind, row.address), [])
            known.append(_Row(row.position, row.is_told, row.is_withdrawn))
        return cls(session, team, place, kept, now, rows)

    def _of(self, key: str, address: Address) -> list[_Row]:
        return self.rows.get((key, address.kind, address.id), [])

    def _stands(self, key: str, address: Address) -> bool:
        """Whether a channel was sent an alert, or will be."""
        return any(not row.is_withdrawn for row in self._of(key, address))

    def tell_news(self, held: Sequence[Held], standing: Sequence[Held] = ()) -> None:
        """Queue new alerts, and alerts that hold again and never arrived; of several levels only the highest new one.

        standing: open alerts that still hold; a level among them is sent if the message that covered it was withdrawn.
        """
        others = [one for one in held if not _is_ladder(one.finding.rule)]
        for address in self.team.addresses:
            uncovered = [one for one in standing if self._has_lost_its_cover(one, address)]
            # Highest first: a reader of 90% needs no message about 75% and 50%.
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
        """Whether a channel was sent a level, on its own or covered by a higher one of the same pool."""
        if self._of(one.key, address):
            return self._stands(one.key, address)
        return any(self._stands(higher.key, address) for higher in self._higher_levels(one))

    def _has_lost_its_cover(self, one: Held, address: Address) -> bool:
        """Whether a level was covered by a higher one whose message never arrived."""
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
        """Queue what ended. earlier: levels that ended before; sent now if their end was not, because the alert arrived late."""
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
        """Whether a channel was sent an alert, and has since been sent neither its end nor that of a lower level of its pool."""
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
    """Return what an alert's levels belong to: its rule, and for budgets which budget."""
    return one.rule, RULES[one.rule].ladder_of(one.term) if one.rule in RULES else ""


def _height(one: Ended) -> tuple[int, str]:
    """Return a level's height; other rules have one alert at a time."""
    return (int(one.alert.level) if _is_ladder(one.alert.rule) else 0), one.alert.term


def _over_already(alert: StoredAlert, finding: Candidate) -> Candidate:
    """Return one finding that says something happened and is over."""
    on = f" on {shown_day(alert.day)}" if alert.day else ""
    return finding._replace(
        headline=f"Happened{on} and is over: {finding.headline.removeprefix('Recovered: ')}",
        sums=(f"What happened: {alert.words}", *finding.sums),
    )
