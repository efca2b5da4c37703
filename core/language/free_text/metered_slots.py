"""Separately metered things in people's own words, as strict phrases: prompts, speech, translation, rows of Data 360."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import plain_number
from core.language.free_text.items import pattern
from core.pricing import METERS
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from core.language.free_text.items import Board, Item, PatternMatch

PERIOD = "(?:(?:per|each)? per? p=period:*|e=each_period:*)?"
# Unit and subject to the meter's key.
METER_OF: Mapping[tuple[str, str], str] = {
    ("hour", "speech_to_text"): "speech_to_text_hour",
    ("minute", "speech_to_text"): "speech_to_text_minute",
    ("character", "text_to_speech"): "text_to_speech",
    ("character", "translation"): "translation",
    ("row", "unify"): "data_360_unify",
    ("row", "prepare"): "data_360_prepare",
    ("row", "real_time"): "data_360_real_time",
    ("megabyte", "unstructured"): "data_360_unstructured",
    ("megabyte", "intelligent"): "data_360_intelligent",
    **{("prompt", kind): f"{kind}_prompt" for kind in ("starter", "basic", "standard", "advanced")},
}
# The strict language has only days, months and years.
TIMES_A_YEAR = {"week": 52, "quarter": 4}


class _Amount(NamedTuple):
    number: Decimal
    meter: str
    period: str

    def phrase(self) -> str:
        times = TIMES_A_YEAR.get(self.period)
        count, period = (self.number * times, "year") if times else (self.number, self.period)
        return f"{plain_number(count)} {METERS[self.meter].name}{f' per {period}' if period else ''}"


def kinds_of(counted: str) -> list[str]:
    """Return the possible subjects of a unit, as people say them; empty if no meter counts in that unit."""
    return [kind.replace("_", " ") for one, kind in METER_OF if one == counted]


def find_metered(board: Board) -> list[tuple[str, str]]:
    """Take amounts of metered things with their period, tokens and tier; return their slots and phrases.

    If only the last of several amounts has a period, it applies to all: `80M characters and 4,000 hours per month`.
    """
    matches = board.take(pattern(f"n=num m=metered:* {PERIOD}"), "metered", _has_one_value)
    found = [_amount(match, match["m"].values("metered")[0]) for match in matches]
    found += _find_of_two_parts(board)
    if not found:
        return []
    if found[-1].period and not any(one.period for one in found[:-1]):
        found = [one._replace(period=found[-1].period) for one in found]
    if any(METERS[one.meter].has_tiers for one in found):
        board.first(pattern("data_cloud"), "metered")
    return [*(("metered", one.phrase()) for one in found), *_find_details(board)]


def _find_details(board: Board) -> Iterator[tuple[str, str]]:
    tokens = pattern("(?:at)? n=num unit:tokens (?:each|per counted:prompt|per metered:*)?")
    for match in board.take(tokens, "prompt_tokens", lambda m: _has_one_value(m) and not _is_per_other(board, m)):
        yield "prompt_tokens", f"{plain_number(match['n'].number.value or Decimal(0))} tokens per prompt"
    for match in board.take(pattern("tier n=num"), "tier", _has_one_value):
        yield "tier", f"tier {plain_number(match['n'].number.value or Decimal(0))}"


def _is_per_other(board: Board, match: PatternMatch) -> bool:
    """Whether an amount continues as a rate of something else, as in `tokens per action`."""
    after = next((item for item in board.items[match.items[-1].index + 1 :] if item.tags != {"function"}), None)
    return after is not None and "per" in after.tags


def _find_of_two_parts(board: Board) -> Iterator[_Amount]:
    """Take `30 hours of speech to text`, `STT 4,000 hours`, `unify 3M rows`: an amount and its subject, in any order."""
    topics = [item for item in board.left() if item.values("measured")]
    counted = pattern(f"n=num (?:t=measured:*)? c=counted:* (?:measured:*)? {PERIOD}")
    for match in board.take(counted, "metered", lambda m: _has_one_value(m) and _topic(m, topics) is not None):
        topic = _topic(match, topics)
        if topic is not None:
            board.take_items([topic], "metered")
            topics.remove(topic)
            yield _amount(match, METER_OF[match["c"].values("counted")[0], topic.values("measured")[0]])


def _topic(match: PatternMatch, topics: Sequence[Item]) -> Item | None:
    """Return the nearest word that names the subject of the counted things, None if no meter fits."""
    counted = match["c"].values("counted")[0]
    fitting = [one for one in topics if (counted, one.values("measured")[0]) in METER_OF]
    return min(fitting, key=lambda one: abs(one.index - match["c"].index), default=None)


def _has_one_value(match: PatternMatch) -> bool:
    return not match["n"].number.readings


def _amount(match: PatternMatch, meter: str) -> _Amount:
    said = [item.values(kind) for name, kind in (("p", "period"), ("e", "each_period")) if (item := match.get(name))]
    return _Amount(match["n"].number.value or Decimal(0), meter, said[0][0] if said and said[0] else "")
