"""What is news: the findings of now against the alerts that are kept. A pure function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from core.alerts.rules.model import Candidate, Direction, RuleName

AlertState = Literal["open", "acknowledged", "snoozed", "recovered", "closed"]

LIVE: frozenset[AlertState] = frozenset({"open", "acknowledged", "snoozed"})
ONE_AT_A_TIME: frozenset[RuleName] = frozenset({"pace", "dear", "sandbox", "stale"})
HOLDING: frozenset[RuleName] = frozenset({"pace", "projected", "spike", "unused", "dear", "sandbox", "stale"})
RECOVER: frozenset[RuleName] = frozenset({"level", "pace", "stale"})


class StoredAlert(NamedTuple):
    """An alert that was decided before, of the team and card that is looked at; its day, sentence and message as kept."""

    key: str
    rule: RuleName
    level: str
    term: str
    direction: Direction
    state: AlertState
    term_end: date | None = None
    day: date | None = None
    words: str = ""
    answer: str = ""

    @property
    def is_live(self) -> bool:
        """Whether it is still about something that holds."""
        return self.direction == "up" and self.state in LIVE


class Decision(NamedTuple):
    """What to change. new: to keep; the others are kept alerts.

    reopened: hold again for the same occasion. still: live on, with the finding that says how they stand now, if any does.
    """

    new: tuple[Candidate, ...] = ()
    reopened: tuple[StoredAlert, ...] = ()
    recovered: tuple[StoredAlert, ...] = ()
    closed: tuple[StoredAlert, ...] = ()
    still: tuple[tuple[StoredAlert, Candidate], ...] = ()


def decide_changes(
    findings: Sequence[Candidate], kept: Sequence[StoredAlert], today: date, looked_at: Iterable[RuleName]
) -> Decision:
    """Return what changes with these findings.

    An occasion (rule, level, term, direction) is news once. Of pace, dear, sandbox and stale one alert lives at a
    time. A live alert whose rule was looked at and no
    longer finds it, or whose term is over, ends: levels, pace and stale recover, the others close.
    """
    over = [one for one in kept if one.is_live and one.term_end is not None and one.term_end <= today]
    live = [one for one in kept if one.is_live and one not in over]
    ended = [one for one in live if _has_ended(one, findings, set(looked_at))]
    still = [one for one in live if one not in ended]
    known = {_dedup_key(one): one for one in kept}
    wanted = [finding for finding in findings if not _lives_on(finding, still)]
    return Decision(
        new=tuple(finding for finding in wanted if _dedup_key(finding) not in known),
        reopened=tuple(
            known[_dedup_key(finding)]
            for finding in wanted
            if finding.direction == "up" and _dedup_key(finding) in known and not known[_dedup_key(finding)].is_live
        ),
        recovered=tuple(one for one in ended if one.rule in RECOVER),
        closed=(*over, *(one for one in ended if one.rule not in RECOVER)),
        still=tuple((one, finding) for one in still for finding in findings if _says_how_it_stands(finding, one)),
    )


def _dedup_key(one: Candidate | StoredAlert) -> tuple[str, str, str, str]:
    return one.rule, one.level, one.term, one.direction


def _says_how_it_stands(finding: Candidate, one: StoredAlert) -> bool:
    is_same = finding.rule in ONE_AT_A_TIME or (finding.level, finding.term) == (one.level, one.term)
    return finding.rule == one.rule and finding.direction == "up" and is_same


def _lives_on(finding: Candidate, live: Iterable[StoredAlert]) -> bool:
    return finding.rule in ONE_AT_A_TIME and finding.direction == "up" and any(one.rule == finding.rule for one in live)


def _has_ended(one: StoredAlert, findings: Iterable[Candidate], looked_at: set[RuleName]) -> bool:
    """Whether a live alert no longer holds; one of a level ends only with a finding that says so."""
    alike = [finding for finding in findings if finding.rule == one.rule]
    if one.rule == "level":
        return any((finding.direction, finding.level, finding.term) == ("down", one.level, one.term) for finding in alike)
    if one.rule not in HOLDING or one.rule not in looked_at:
        return False
    if one.rule in ONE_AT_A_TIME:
        return not alike
    return not any((finding.level, finding.term) == (one.level, one.term) for finding in alike)
