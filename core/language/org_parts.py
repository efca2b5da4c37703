"""The parts of a portfolio, one per org: split at semicolons, all positions kept, so that errors point into the whole text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import QuestionError
from core.language.question import Question
from core.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PORTFOLIO = r"(?i)\s*portfolio(?![\w-])"
CUTS = r"\"[^\"\n]*\"|“[^”\n]*”|(;)"
NAMED = r"(?i)(\borg\s+(?:\"[^\"\n]+\"|“[^”\n]+”|[^\s,;:\"“”«»]+)\s*):(?=\s|$)"
MAX_ORGS = 50
EXAMPLE = "org A: 10000 interactions 3 actions"

Range = tuple[int, int]


def org_ranges(bare: str) -> list[Range]:
    """Return the half-open ranges between the semicolons of a portfolio, without the command; none for any other text."""
    command = compiled(PORTFOLIO).match(bare) if ";" in bare else None
    if not command:
        return []
    cuts = [found.start() for found in compiled(CUTS).finditer(bare, command.end()) if found[1]]
    return list(zip([command.end(), *(cut + 1 for cut in cuts)], [*cuts, len(bare)], strict=True)) if cuts else []


def portfolio_of(text: str, bare: str, ranges: Sequence[Range], read: Callable[[str, str], Question]) -> Question:
    """Return the portfolio: first a part without an org that applies to all, then a part for each org.

    Raises: QuestionError, which marks the position in the whole text.
    """
    parts = [_part(text, bare, place, read) for place in ranges]
    common, places = Question(command="portfolio"), list(ranges)
    if parts[0].org is None:
        common, parts, places = parts[0], parts[1:], places[1:]
        if common.names_workload:
            raise _at(text, ranges[0], f"A workload needs its org first, for example: {EXAMPLE}")
    for place, part in enumerate(parts):
        _require_org(text, places[place], part, parts[:place])
    _require_several(text, parts)
    return common._replace(parts=tuple(parts))


def _part(text: str, bare: str, place: Range, read: Callable[[str, str], Question]) -> Question:
    start, end = place
    if not bare[start:end].strip():
        raise _at(text, (max(0, start - 1), end), "There is nothing beside this semicolon")
    command = compiled(PORTFOLIO).match(bare)
    words = command.end() if command else 0
    said = compiled(NAMED).sub(lambda found: f"{found[1]} ", bare[start:end])
    try:
        return read(text[:end], bare[:words] + " " * (start - words) + said)
    except QuestionError as error:
        first = error.start if error.end <= end and error.start >= start else _first(bare, start)
        raise error.__class__(error.reason, text, first, max(first, error.end), error.suggestions) from None


def _require_org(text: str, place: Range, part: Question, before: Sequence[Question]) -> None:
    if part.org is None:
        raise _at(text, place, f"Each part needs its org first, for example: {EXAMPLE}")
    if any((one.org, one.audience) == (part.org, part.audience) for one in before):
        reason = f"Two values for one thing (org {part.org}): an org's parts are its customers and its employees"
        raise _at(text, place, reason)
    if not (part.knows_volume or (part.users is not None and not (part.interactions or part.actions or part.mix))):
        raise _at(text, place, f"Org {part.org} needs a workload: interactions with their actions, actions per month, or users")


def _require_several(text: str, parts: Sequence[Question]) -> None:
    orgs = len({part.org for part in parts})
    if orgs < 2:  # noqa: PLR2004 - one org is no portfolio
        raise QuestionError(f"A portfolio is of two orgs or more; add another, for example: ; {EXAMPLE}", text, 0, len(text))
    if orgs > MAX_ORGS:
        raise QuestionError(f"That is {orgs} orgs, and {MAX_ORGS} is the most I take at once", text, 0, len(text))


def _at(text: str, place: Range, reason: str) -> QuestionError:
    start = _first(text, place[0]) if text[place[0] : place[1]].strip() else place[0]
    end = place[0] + len(text[place[0] : place[1]].rstrip())
    return QuestionError(reason, text, start, max(start + 1, end))


def _first(text: str, start: int) -> int:
    return start + len(text[start:]) - len(text[start:].lstrip())
