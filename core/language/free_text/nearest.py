"""Alternatives to a text that no command fully expresses: the nearest questions, and what they leave out.

Omissions are always reported, so that nobody takes the questions for the whole text; an amount is dropped with its unit or kept.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, islice
from typing import TYPE_CHECKING

from core.language.free_text.readings import MAX_SUGGESTIONS, MIN_SCORE, find_candidates, understand, ways_of_spend, weigh
from core.pricing import price_book
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.language.free_text.items import Item
    from core.language.free_text.understood import Understood

AMOUNTS = frozenset({"num", "money", "pct", "foreign", "multiple", "date", "ordinal"})
NEVER_SAID = frozenset({"unknown", "negation", "multiple", "foreign"})
# The cost of leaving a part out, in points of the words that support a command: amounts are the core of a question.
COST_OF_AMOUNT, COST_OF_OTHERS = Decimal(2), Decimal(1)
# Three parts are left out only if leaving out two is not enough, and all of them if three are not enough.
MOST_PARTS, MOST_TRIES = 3, 40


class Nearest(NamedTuple):
    """Questions in the strict language, likeliest first; left_out: the items that none of them expresses, in order."""

    questions: tuple[str, ...] = ()
    left_out: tuple[Item, ...] = ()


class _Try(NamedTuple):
    worth: Decimal
    nearest: Nearest


def find_nearest(found: Understood) -> Nearest:
    """Return the questions that express most of a text; none if its words support no command."""
    forced = _with_no_place(found)
    start = _without(found, forced)
    parts = start.board.groups()
    tries: list[_Try] = []
    for size in range(MOST_PARTS + 1):
        if size == MOST_PARTS and tries:
            break
        tries += [one for some in islice(combinations(parts, size), MOST_TRIES) for one in _try(start, forced, some)]
    tries = tries or list(_try(start, forced, tuple(parts)))
    return max(tries, key=lambda one: one.worth).nearest if tries else Nearest()


def find_sources(found: Understood) -> list[str]:
    """Return questions that explain a text's subjects, or that show the source of its percentages and prices."""
    said = " ".join(item.said.lower() for item in found.items)
    named = [topic for topic in price_book.topics() if re.search(rf"(?<!\w){re.escape(topic)}(?!\w)", said)]
    longest = [topic for topic in named if not any(topic != other and topic in other for other in named)]
    percents = {item.number.value for item in found.items if "pct" in item.tags} - {None}
    prices = {item.number.value for item in found.items if "money" in item.tags} - {None}
    rows = {
        item
        for item, readings in price_book.rows_by_item().items()
        if any(row.value in (percents if row.unit == "percent" else prices) for row in readings)
    }
    topics = {its: topic for topic, its in reversed(list(price_book.topics().items())) if rows & set(its)}
    claims = [key for key, one in price_book.claims().items() if percents & set(_percents_in(f"{one.claim} {one.finding}"))]
    savings = ["percent_below_conversation"] if percents and found.says_any(SAVINGS) else []
    return [f"explain {one}" for one in dict.fromkeys((*longest, *savings, *claims, *topics.values()))][:MAX_SUGGESTIONS]


SAVINGS = frozenset({"save", "saves", "saving", "savings", "cheaper", "einsparung", "ersparnis", "günstiger"})


def _percents_in(text: str) -> list[Decimal]:
    ranges = re.findall(r"(\d+(?:\.\d+)?)(?:–(\d+(?:\.\d+)?))?%", text)
    return [Decimal(end) for ends in ranges for end in ends if end]


def _try(start: Understood, forced: Sequence[Item], parts: tuple[tuple[Item, ...], ...]) -> Iterator[_Try]:
    way = _without(start, [item for part in parts for item in part]) if parts else start
    if way.slots.conflicts or len(way.times.spans) > 1 or way.times.undecided or _with_no_place(way):
        return
    weigh(way, is_forgiving=True)
    readings = find_candidates(way, MAX_SUGGESTIONS) or [one for each in ways_of_spend(way) for one in find_candidates(each, 1)]
    if not readings or readings[0].score < MIN_SCORE:
        return
    by_place = {item.index: item for item in (*forced, *(item for part in parts for item in part))}
    left_out = [by_place[index] for index in sorted(by_place)]
    cost = sum((_cost(part) for part in parts), Decimal(0))
    yield _Try(readings[0].score - cost, Nearest(tuple(one.question for one in readings), tuple(left_out)))


def _cost(part: tuple[Item, ...]) -> Decimal:
    return COST_OF_AMOUNT if any(item.tags & AMOUNTS for item in part) else COST_OF_OTHERS


def _without(found: Understood, items: Sequence[Item]) -> Understood:
    """Return the text understood again without some items; the gaps that they leave stay barriers."""
    gone = {item.index for item in items}
    kept = [replace(one, phrase="", tags=frozenset({"comma"}), names={}) if one.index in gone else one for one in found.items]
    return understand(kept, found.times.calendar)


def _with_no_place(found: Understood) -> list[Item]:
    """Return the items that no command can express: unknown words, negations with their objects, numbers without a unit."""
    left = found.board.left()
    none = [item for item in left if item.tags & NEVER_SAID or item.tags & AMOUNTS]
    negated = [part for item in left if "negation" in item.tags for part in _part_after(found, item)]
    of_unknown = [part for item in left if "unknown" in item.tags for part in _amount_per(found, item)]
    return list({item.index: item for item in (*none, *negated, *of_unknown)}.values())


def _amount_per(found: Understood, item: Item) -> tuple[Item, ...]:
    """Return an amount per something unknown, such as `2,000 actions per night`: without its period it is a different amount."""
    before = [one for one in found.items[: item.index] if one.tags != {"function"}][-2:]
    if len(before) < 2 or "per" not in before[-1].tags:  # noqa: PLR2004 - the amount's last word, and the per
        return ()
    parts = [part for part in found.board.groups() if before[-2] in part]
    return (*(parts[0] if parts else ()), before[-1])


def _part_after(found: Understood, item: Item) -> tuple[Item, ...]:
    """Return the part after an item: a whole amount, time or name."""
    after = next((one for one in found.items[item.index + 1 :] if one.tags != {"function"}), None)
    if after is None or after.is_ignorable:
        return ()
    return next((part for part in found.board.groups() if after in part), (after,))
