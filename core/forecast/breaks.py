"""Breaks in a series, and the days that a forecast may learn from: those since the last start, cleaned.

A launch, a new level or an agent that was switched off is not chance: data before it says nothing about the future. A pause, a
single outlier and a changed weekday pattern are not a new level: they are corrected, and history continues.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate, groupby, pairwise
from math import log
from typing import TYPE_CHECKING, Literal

from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WEEK = 7
Why = Literal["", "start", "off"]

# The basis of these values. "Halved, doubled": the mean error over last week's, how often ranges of 84 days held (72 % with
# the values below) and the cells of the grid of breaks missed (none of 28), on the hostile series web page, weekends off,
# intermittent, ramp and churn, seed 101, with only that value changed. "No difference" is less than 0.005, 2 points, no cell.

# Only a break is this large: tails end here. At 6 nine of 84 cells were missed, at 1.5 none.
MIN_STEP = 3.0
# Smaller steps count if weeks vary far less. Without them 11 of 840 cells were missed, with them none; public and
# hostile ranges of 84 days held in 78 and 79 % with them, 79 and 79 % without.
CLEAR_STEP, CLEAR_DEVIATIONS = 1.8, 6.0
# How many usual deviations of the weeks on either side a large step must reach. Halved, doubled: no difference; without it
# the intermittent hostile series, seed 21, broke seven times, with it twice.
MIN_DEVIATIONS = 2.5
# The required gap between the weeks after and before, except for one of each. Doubled: ranges hold in 77 %, two launches by
# three times are missed.
MIN_SEPARATION = 1.3
# The required difference between the weeks on either side of the day. Halved, doubled: one cell missed.
MIN_JUMP = 1.6
# Weeks compared on either side, so that monthly bursts are in them twice. Halved: no difference; doubled: one cell missed.
COMPARED_WEEKS = 8
# From five weeks on one of them may be an outlier, a holiday or a campaign: among fewer, one is too large a share. Chosen.
WEEKS_FOR_AN_OUTLIER = 5
# Days that a new level must last: a launch from next to nothing four, as `levels` needs to see it; a rise 14,
# because campaigns end sooner; a fall 21, because closures do. A rise halved, doubled: no difference; a fall doubled: two missed.
DAYS_OF_LAUNCH, DAYS_OF_RISE, DAYS_OF_FALL = 4, 14, 21
# Next to nothing, relative to what came after: above the five times of the hostile campaigns. Halved, doubled: no difference.
LAUNCHED_FROM = 1 / 8
# Days without usage that are a pause, and how far beyond the usual ones here (weekends, monthly jobs). Days doubled: one cell
# missed. Times halved: error 0.762 instead of 0.736, ranges 67 %. A pause over five weeks, longer than any closure, is cut out:
# chosen.
MIN_PAUSE, TIMES_USUAL_PAUSE, MAX_FILLED = 5, 3, 35
# A pause is filled while it is within the views' 8 weeks, and two more; older ones are filled to a third, so that ranges
# account for closures: when always filled, ranges of 84 days of weekends off held in 60 %, this way in 77 %. Halved, doubled: no
# difference.
FILLED_FOR = 70
# A level after a pause is the old one if within a factor of two, and the old one needs two weeks to be known. Chosen.
SAME_LEVEL, WEEKS_BEFORE_PAUSE = 2.0, 2
# Switched off: longer than a closed fortnight with the weekends at both ends, which is 18 days.
DAYS_OF_OFF = 21
# An outlier is a day with six times its surroundings, above the five of the hostile campaigns, with nothing of a quarter of its
# size since; one a year is allowed to recur. Halved, doubled: no difference.
FREAK, COMPARABLE, FREAK_SPAN, FREAKS_A_YEAR = 6.0, 0.25, 28, 1
# Weekdays changed if an eighth of the week's usage moved, half of what two more days of seven move (2/7), and more than
# weeks usually differ. Share halved, doubled: no difference; times halved: error 0.753.
MIN_MOVED, TIMES_USUALLY_MOVED, WEEKS_OF_PATTERN = 0.12, 3.0, 2
MIN_LEARNED = 14


class Learned(NamedTuple):
    """The days to learn from; positions count the days of the whole series from 0.

    credits: cleaned, 14 or more if the series has them; they end with the series' last day.
    since: the first day to learn from. days: how many days of usage are known since then, without pauses.
    why: "start" if an older past was left out, "off" if there is no usage any more.
    paused_since: the first day of the pause at the series' end. freaks: days that were cleaned.
    """

    credits: tuple[float, ...]
    since: int
    days: int
    why: Why = ""
    paused_since: int | None = None
    freaks: tuple[int, ...] = ()


@lru_cache(maxsize=256)
def learn(used: tuple[float, ...]) -> Learned:
    """Return the days to learn from, given the credits of consecutive days, oldest first."""
    still = _still_at_end(used)
    pause = _least_pause(used[: len(used) - still])
    if still >= max(DAYS_OF_OFF, pause) and still < len(used):
        return Learned((0.0,) * max(still, min(len(used), MIN_LEARNED)), len(used) - still, still, "off")
    paused = len(used) - still if pause <= still < len(used) else None
    known = list(used[:paused])
    freaks = _freaks(known)
    for day in freaks:
        known[day] = _usual(known, day)
    since = _last_start(known)
    mended, kept = _without_pauses(known[since:], still if paused is not None else 0)
    padded = _one_pattern(_padded(mended, known[:since], min(len(used), MIN_LEARNED)))
    return Learned(tuple(padded), since, kept, "start" if since else "", paused, tuple(day for day in freaks if day >= since))


def _still_at_end(used: Sequence[float]) -> int:
    return next((nth for nth, credits_used in enumerate(reversed(used)) if credits_used), len(used))


def _runs(used: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Yield start and length of each run of days without usage, except at the ends."""
    place = 0
    for is_used, run in groupby(used, bool):
        length = sum(1 for _ in run)
        if not is_used and 0 < place < len(used) - length:
            yield place, length
        place += length


def _least_pause(used: Sequence[float]) -> int:
    """Return from how many days on a gap is longer than usual here."""
    lengths = sorted(length for _, length in _runs(used))
    usual = lengths[len(lengths) * 3 // 4] if len(lengths) >= 3 else 0  # noqa: PLR2004 - two runs show no habit
    return max(MIN_PAUSE, TIMES_USUAL_PAUSE * usual + 1)


def _median(values: Sequence[float]) -> float:
    ranked = sorted(values)
    middle = len(ranked) // 2
    return ranked[middle] if len(ranked) % 2 else (ranked[middle - 1] + ranked[middle]) / 2


def _usual(used: Sequence[float], day: int) -> float:
    """Return what the same weekday used in the four weeks on either side."""
    around = [used[place] for place in range(day - 4 * WEEK, day + 4 * WEEK + 1, WEEK) if 0 <= place < len(used) and place != day]
    return _median(around) if around else 0.0


def _freaks(used: Sequence[float]) -> list[int]:
    """Return the outliers: days that used a multiple of their surroundings, with nothing like it since."""
    odd: list[tuple[int, float]] = []
    floor = _median([each for each in used if each] or [0.0])
    for day, each in enumerate(used):
        if each <= floor:
            continue
        around = [*used[max(day - FREAK_SPAN, 0) : day], *used[day + 1 : day + 1 + FREAK_SPAN]]
        level = _median([other for other in around if other] or [0.0])
        near = [*used[max(day - 3, 0) : day], *used[day + 1 : day + 4]]
        is_launch = len(used) - day <= DAYS_OF_LAUNCH and not any(used[max(day - WEEK, 0) : day])
        if each > FREAK * level and sum(other > FREAK * level / 2 for other in near) <= 1 and not is_launch:
            odd.append((day, each))
    most = max(FREAKS_A_YEAR * len(used) // 364, 1)
    return [day for day, each in odd if _events([place for place, other in odd if other >= COMPARABLE * each]) <= most]


def _events(days: Sequence[int]) -> int:
    """Return the number of separate events; adjacent days are one."""
    return sum(1 for place, day in enumerate(days) if place == 0 or day > days[place - 1] + 2)


def _last_start(used: Sequence[float]) -> int:
    """Return the first day of the newest level, 0 if it is as old as the series."""
    sums = [0.0, *accumulate(used)]
    jumps = [(day, _jump(sums, day)) for day in range(1, len(used) - DAYS_OF_LAUNCH + 1)]
    least = log(MIN_JUMP)
    for is_jump, run in groupby(reversed(jumps), lambda jump: abs(jump[1]) >= least):
        if is_jump:
            days = [day for day, _ in run]
            for sign in (1, -1):
                day = _first_used(used, max(days, key=lambda day: (sign * _contrast(sums, day), -day)))
                if sign * _contrast(sums, day) > 0 and _is_start(used, sums, day):
                    return day
    return 0


def _first_used(used: Sequence[float], day: int) -> int:
    return next((place for place in range(day, len(used)) if used[place]), day)


def _jump(sums: Sequence[float], day: int) -> float:
    """Return the logarithm of the week from a day on over the week before it; for an incomplete week, over its same weekdays."""
    days = min(WEEK, len(sums) - 1 - day)
    after = sums[day + days] - sums[day]
    before = sums[day - WEEK + days] - sums[day - WEEK] if day >= WEEK else sums[day] / day * days
    small = 0.01 * max(after, before)
    return log((after + small) / (before + small)) if small else 0.0


def _contrast(sums: Sequence[float], day: int) -> float:
    """Return the mean of the week from a day on less that of the week before it, relative to both."""
    after, before = min(WEEK, len(sums) - 1 - day), min(WEEK, day)
    one, other = (sums[day + after] - sums[day]) / after, (sums[day] - sums[day - before]) / before
    return (one - other) / (one + other) if one + other else 0.0


def _weeks(sums: Sequence[float], day: int, direction: int) -> list[float]:
    """Return up to 8 whole weeks from a day on, or before it; if there is none, a partial one scaled to a whole."""
    ends = [day + direction * WEEK * nth for nth in range(COMPARED_WEEKS + 1)]
    ends = [end for end in ends if 0 <= end < len(sums)]
    if len(ends) > 1:
        return [abs(sums[other] - sums[end]) for end, other in pairwise(ends)]
    days = len(sums) - 1 - day if direction > 0 else day
    part = sums[-1] - sums[day] if direction > 0 else sums[day]
    return [part / days * WEEK] if days else []


def _is_start(used: Sequence[float], sums: Sequence[float], day: int) -> bool:
    """Whether a new level begins that day: lasting, clear of all earlier weeks, and not the old one after a pause."""
    after, before = _weeks(sums, day, 1), _weeks(sums, day, -1)
    if not before or not after:
        return False
    is_rise = _median(after) > _median(before)
    upper, lower = (after, before) if is_rise else (before, after)
    if _median(upper) < CLEAR_STEP * _median(lower) or _least(upper) <= MIN_SEPARATION * -_least([-week for week in lower]):
        return False
    small = 0.01 * _median(upper)
    step = log((_median(upper) + small) / (_median(lower) + small))
    least = MIN_DEVIATIONS if step >= log(MIN_STEP) else CLEAR_DEVIATIONS
    if step < least * max(_deviation(upper, small), _deviation(lower, small)):
        return False
    days = len(used) - day
    least_days = DAYS_OF_FALL if not is_rise else DAYS_OF_RISE
    if is_rise and _median(before) <= LAUNCHED_FROM * _median(after):
        least_days = DAYS_OF_LAUNCH
    return days >= least_days and not (is_rise and _goes_on(used, sums, day, after))


def _deviation(weeks: Sequence[float], small: float) -> float:
    """Return the usual deviation of weeks from their median, in logarithms."""
    middle = log(_median(weeks) + small)
    return 1.4826 * _median([abs(log(week + small) - middle) for week in weeks])


def _least(weeks: Sequence[float]) -> float:
    """Return the lowest week; of five or more the second lowest."""
    return sorted(weeks)[1 if len(weeks) >= WEEKS_FOR_AN_OUTLIER else 0]


def _goes_on(used: Sequence[float], sums: Sequence[float], day: int, after: Sequence[float]) -> bool:
    """Whether the level from a day on is the one before a pause that ended then."""
    still = next((nth for nth in range(day) if used[day - 1 - nth]), day)
    before = _weeks(sums, day - still, -1)
    if still < MIN_PAUSE or day - still < WEEKS_BEFORE_PAUSE * WEEK:
        return False
    return _median(after) / SAME_LEVEL <= _median(before[:4]) <= _median(after) * SAME_LEVEL


def _without_pauses(used: list[float], still: int) -> tuple[list[float], int]:
    """Return the days with pauses filled, except those of months, which are cut to less than a week, and how many were used.

    still: days of the pause at the end that is still open; it is filled too.
    """
    found, kept, place = [*used], len(used), 0
    least = _least_pause(used)
    for first, length in [*_runs(used), *([(len(used), still)] if still else [])]:
        if length < least:
            continue
        kept -= min(length, len(used) - first)
        share = 1.0 if length > MAX_FILLED or len(used) - first <= FILLED_FOR else 1 / MIN_STEP
        filled = length if length <= MAX_FILLED else length % WEEK
        begins = first + place
        before = found[:begins]
        after = [*found[begins + length :]]
        for _ in range(filled):
            weekday = [before[-back] for back in range(WEEK, 5 * WEEK, WEEK) if back <= len(before)]
            before.append(_median(weekday) if weekday else sum(before) / len(before))
        before[begins:] = [share * each for each in before[begins:]]
        found = before + after
        place += filled - length
    return found, kept


def _padded(used: list[float], older: Sequence[float], least: int) -> list[float]:
    """Return at least that many days: if there are too few, older ones scaled to the newest level."""
    missing = least - len(used)
    if missing <= 0:
        return used
    level = sum(used) / len(used)
    shape = list(older[-missing:])
    usual = sum(shape) / len(shape) if shape else 0.0
    if not usual or sum(map(bool, shape)) < missing // 2:
        return [level] * missing + used
    return [each / usual * level for each in shape] + used


def _one_pattern(used: list[float]) -> list[float]:
    """Return the days, with each week before a change of the weekday pattern split like the weeks since."""
    first = len(used) % WEEK
    weeks = [used[place : place + WEEK] for place in range(first, len(used), WEEK)]
    changed = _pattern_changed(weeks[-COMPARED_WEEKS * 2 :])
    if not changed:
        return used
    usual = [sum(days) for days in zip(*weeks[-changed:], strict=True)]
    shares = [each / sum(usual) for each in usual]
    redealt = [day for week in weeks[:-changed] for day in (share * sum(week) for share in shares)]
    return [*used[:first], *redealt, *(day for week in weeks[-changed:] for day in week)]


def _pattern_changed(weeks: Sequence[Sequence[float]]) -> int:
    """Return how many weeks ago the pattern changed; 0 if it did not, or if weeks always differ that much."""
    shares = [[day / sum(week) for day in week] for week in weeks if sum(week) > 0]
    best, where = MIN_MOVED, 0
    for since in range(WEEKS_OF_PATTERN, len(shares) - WEEKS_OF_PATTERN + 1):
        before, after = shares[:-since], shares[-since:]
        usual, now = ([sum(days) / len(part) for days in zip(*part, strict=True)] for part in (before, after))
        moved = _moved(usual, now)
        within = max(_moved(week, middle) for part, middle in ((before, usual), (after, now)) for week in part)
        if moved > best and moved > TIMES_USUALLY_MOVED * within / 2:
            best, where = moved, since
    return where


def _moved(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the share of a week that moved to other days, from 0 to 1."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / 2
