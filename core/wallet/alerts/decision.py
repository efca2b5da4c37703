"""What is news: the findings of now against the alerts that are kept. A pure function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from core.wallet.alerts.figures import Direction, Finding, Rule

State = Literal["open", "acknowledged", "snoozed", "recovered", "closed"]

LIVE: frozenset[State] = frozenset({"open", "acknowledged", "snoozed"})
ONE_AT_A_TIME: frozenset[Rule] = frozenset({"pace", "dear", "sandbox", "stale"})
HOLDING: frozenset[Rule] = frozenset({"pace", "projected", "spike", "unused", "dear", "sandbox", "stale"})
RECOVER: frozenset[Rule] = frozenset({"level", "pace", "stale"})


class Kept(NamedTuple):
    """An alert that was decided before, of the team and card that is looked at; its day, sentence and message as kept."""

    key: str
    rule: Rule
    level: str
    term: str
    direction: Direction
    state: State
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

    new: tuple[Finding, ...] = ()
    reopened: tuple[Kept, ...] = ()
    recovered: tuple[Kept, ...] = ()
    closed: tuple[Kept, ...] = ()
    still: tuple[tuple[Kept, Finding], ...] = ()


def decision(findings: Sequence[Finding], kept: Sequence[Kept], today: date, looked_at: Iterable[Rule]) -> Decision:
    """Return what changes with these findings.

    An occasion (rule, level, term, direction) is news once. Of pace, dear, sandbox and stale one alert lives at a
    time. A live alert whose rule was looked at and no
    longer finds it, or whose term is over, ends: levels, pace and stale recover, the others close.
    """
    over = [one for one in kept if one.is_live and one.term_end is not None and one.term_end <= today]
    live = [one for one in kept if one.is_live and one not in over]
    ended = [one for one in live if _has_ended(one, findings, set(looked_at))]
    still = [one for one in live if one not in ended]
    known = {_occasion(one): one for one in kept}
    wanted = [finding for finding in findings if not _lives_on(finding, still)]
    return Decision(
        new=tuple(finding for finding in wanted if _occasion(finding) not in known),
        reopened=tuple(
            known[_occasion(finding)]
            for finding in wanted
            if finding.direction == "up" and _occasion(finding) in known and not known[_occasion(finding)].is_live
        ),
        recovered=tuple(one for one in ended if one.rule in RECOVER),
        closed=(*over, *(one for one in ended if one.rule not in RECOVER)),
        still=tuple((one, finding) for one in still for finding in findings if _says_how_it_stands(finding, one)),
    )


def _occasion(one: Finding | Kept) -> tuple[str, str, str, str]:
    return one.rule, one.level, one.term, one.direction


def _says_how_it_stands(finding: Finding, one: Kept) -> bool:
    is_same = finding.rule in ONE_AT_A_TIME or (finding.level, finding.term) == (one.level, one.term)
    return finding.rule == one.rule and finding.direction == "up" and is_same


def _lives_on(finding: Finding, live: Iterable[Kept]) -> bool:
    return finding.rule in ONE_AT_A_TIME and finding.direction == "up" and any(one.rule == finding.rule for one in live)


def _has_ended(one: Kept, findings: Iterable[Finding], looked_at: set[Rule]) -> bool:
    """Whether a live alert no longer holds; one of a level ends only with a finding that says so."""
    alike = [finding for finding in findings if finding.rule == one.rule]
    if one.rule == "level":
        return any((finding.direction, finding.level, finding.term) == ("down", one.level, one.term) for finding in alike)
    if one.rule not in HOLDING or one.rule not in looked_at:
        return False
    if one.rule in ONE_AT_A_TIME:
        return not alike
    return not any((finding.level, finding.term) == (one.level, one.term) for finding in alike)
