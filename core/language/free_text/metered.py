"""What is metered singly in people's own words: prompts, speech, translation, rows of Data 360; each as the strict phrase."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import plain_number
from core.language.free_text.items import pattern
from core.pricing import METERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.language.free_text.items import Board, Item, PatternMatch
    from core.language.free_text.slots import Slots

PERIOD = "(?:(?:per|each)? per? p=period:*|e=each_period:*)?"
# What is counted and of what, to the meter's key.
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
# A period of these says no more than month or year; a week's are those of 52 weeks, a quarter's of four.
TIMES_A_YEAR = {"week": 52, "quarter": 4}


def find_metered(board: Board, slots: Slots) -> None:
    """Take amounts of metered things with their period, tokens and tier; several of them are a conflict, which is asked about."""
    for match in board.take(pattern(f"n=num m=metered:* {PERIOD}"), "metered", _has_one_value):
        _keep(slots, match, METERS[match["m"].values("metered")[0]].name)
    _find_of_two_parts(board, slots)
    _share_period(slots)
    if "metered" in slots.phrases:
        tokens = pattern("(?:at)? n=num unit:tokens (?:each|per counted:prompt|per metered:*|average)?")
        for match in board.take(tokens, "prompt_tokens", _has_one_value):
            slots.put("prompt_tokens", f"{plain_number(match['n'].number.value or Decimal(0))} tokens per prompt")
        for match in board.take(pattern("tier n=num"), "tier", _has_one_value):
            slots.put("tier", f"tier {plain_number(match['n'].number.value or Decimal(0))}")
        for _ in board.take(pattern("data_cloud"), "metered", lambda _: "rows" in slots.phrases["metered"] or _is_data(slots)):
            pass


def _share_period(slots: Slots) -> None:
    """Let several amounts of which only the last has a period have it all: `80M characters and 4,000 hours per month`."""
    said = slots.others.get("metered", [])
    _, per, period = said[-1].rpartition(" per ") if said else ("", "", "")
    if per and all(" per " not in one for one in said[:-1]):
        slots.others["metered"] = [*(f"{one} per {period}" for one in said[:-1]), said[-1]]


def _is_data(slots: Slots) -> bool:
    return slots.phrases["metered"].partition(" ")[2].startswith("MB")


def _find_of_two_parts(board: Board, slots: Slots) -> None:
    """Take `30 hours of speech to text`, `STT 4,000 hours`, `unify 3M rows`: an amount and what it is of, in any order."""
    topics = [item for item in board.left() if item.values("measured")]
    counted = pattern(f"n=num (?:t=measured:*)? c=counted:* (?:measured:*)? {PERIOD}")
    for match in board.take(counted, "metered", lambda m: _has_one_value(m) and _topic(m, topics) is not None):
        topic = _topic(match, topics)
        if topic is not None:
            board.take_items([topic], "metered")
            topics.remove(topic)
            _keep(slots, match, METERS[METER_OF[match["c"].values("counted")[0], topic.values("measured")[0]]].name)


def _topic(match: PatternMatch, topics: list[Item]) -> Item | None:
    """Return the nearest word that says what the counted things are of, None where no meter counts them so."""
    counted = match["c"].values("counted")[0]
    fitting = [one for one in topics if (counted, one.values("measured")[0]) in METER_OF]
    return min(fitting, key=lambda one: abs(one.index - match["c"].index), default=None)


def _has_one_value(match: PatternMatch) -> bool:
    return not match["n"].number.readings


def _keep(slots: Slots, match: PatternMatch, name: str) -> None:
    amount, period = match["n"].number.value or Decimal(0), ""
    for group, kind in (("p", "period"), ("e", "each_period")):
        item = match.get(group)
        period = item.values(kind)[0] if item is not None and item.values(kind) else period
    if period in TIMES_A_YEAR:
        amount, period = amount * TIMES_A_YEAR[period], "year"
    slots.put("metered", f"{plain_number(amount)} {name}{f' per {period}' if period else ''}")
