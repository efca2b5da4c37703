"""What changes: the current findings against the stored alerts. A pure function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.alerts.rules.registry import RULES
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from core.alerts.rules.model import Candidate, StoredAlert


class Decision(NamedTuple):
    """What to change.

    new: to store; the others are stored alerts. reopened: hold again with the same dedup key. still: stay live, with the finding
    of their current state, if any.
    """

    new: tuple[Candidate, ...] = ()
    reopened: tuple[StoredAlert, ...] = ()
    recovered: tuple[StoredAlert, ...] = ()
    closed: tuple[StoredAlert, ...] = ()
    still: tuple[tuple[StoredAlert, Candidate], ...] = ()


def decide_changes(findings: Sequence[Candidate], kept: Sequence[StoredAlert], today: date, looked_at: Iterable[str]) -> Decision:
    """Return what changes with these findings.

    A dedup key (rule, level, term, direction) alerts once. A live alert whose rule was evaluated and no longer finds it, or whose
    term is over, ends: it recovers or closes, as its rule says.
    """
    # The end of a term ends its alerts silently, before rules are evaluated: nothing recovered, time passed.
    over = [one for one in kept if one.is_live and one.term_end is not None and one.term_end <= today]
    live = [one for one in kept if one.is_live and one not in over]
    ended = [one for one in live if _has_ended(one, findings, set(looked_at))]
    still = [one for one in live if one not in ended]
    known = {_dedup_key(one): one for one in kept}
    # If a rule has one alert at a time, its finding belongs to the live alert, even in a new month.
    wanted = [finding for finding in findings if not _lives_on(finding, still)]
    return Decision(
        new=tuple(finding for finding in wanted if _dedup_key(finding) not in known),
        reopened=tuple(
            known[_dedup_key(finding)]
            for finding in wanted
            if finding.direction == "up" and _dedup_key(finding) in known and not known[_dedup_key(finding)].is_live
        ),
        recovered=tuple(one for one in ended if _recovers(one)),
        closed=(*over, *(one for one in ended if not _recovers(one))),
        still=tuple((one, finding) for one in still for finding in findings if _says_how_it_stands(finding, one)),
    )


def _dedup_key(one: Candidate | StoredAlert) -> tuple[str, str, str, str]:
    return one.rule, one.level, one.term, one.direction


def _says_how_it_stands(finding: Candidate, one: StoredAlert) -> bool:
    is_same = _is_one_at_a_time(finding.rule) or (finding.level, finding.term) == (one.level, one.term)
    return finding.rule == one.rule and finding.direction == "up" and is_same


def _lives_on(finding: Candidate, live: Iterable[StoredAlert]) -> bool:
    return _is_one_at_a_time(finding.rule) and finding.direction == "up" and any(one.rule == finding.rule for one in live)


def _has_ended(one: StoredAlert, findings: Iterable[Candidate], looked_at: set[str]) -> bool:
    """Whether a live alert no longer holds; one of a level ends only with a finding that says so."""
    alike = [finding for finding in findings if finding.rule == one.rule]
    # Silence is not a recovery for a level: figures may be missing for a day. It ends when its own finding says so.
    if one.rule in RULES and RULES[one.rule].concurrency == "ladder":
        return any((finding.direction, finding.level, finding.term) == ("down", one.level, one.term) for finding in alike)
    # A rule that could not look, such as one without a forecast, must not close what it found before.
    if one.rule not in looked_at:
        return False
    if _is_one_at_a_time(one.rule):
        return not alike
    return not any((finding.level, finding.term) == (one.level, one.term) for finding in alike)


def _is_one_at_a_time(rule: str) -> bool:
    return rule in RULES and RULES[rule].concurrency == "one"


def _recovers(one: StoredAlert) -> bool:
    return one.rule in RULES and RULES[one.rule].recovery is not None
