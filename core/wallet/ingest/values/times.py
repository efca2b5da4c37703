"""How files write days and times, and what they mean: one grammar for every export.

Every form is converted to ISO text: `2026-07-13`, `2026-07-13T10:00:00` (no zone stated) or `2026-07-13T10:00:00+00:00`.
Source: the short, medium and long forms of the locales that Salesforce offers, in CLDR; RFC 1123; ISO 8601; the forms
of Java's and C's clocks (`Mon Jul 13 10:00:00 PDT 2026`).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.records import NamedTuple
from core.wallet.ingest.values.numerals import ascii_digits, without_text_mark
from core.wallet.ingest.values.time_words import AFTER_CLOCK, BEFORE_CLOCK, HALVES, LONG_ZONES, MONTHS, OFFSETS, WEEKDAY

Order = Literal["day_first", "month_first"]

ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?)?(Z|[+-]\d{2}:\d{2})?")
ZONE = re.compile(
    r"\s*(?:(?P<name>z|[a-z]{2,5})(?=[+-]|$|\s*\()|(?=[+-]\d))?\s*(?P<offset>[+-]\d{1,2}(?::?\d{2})?)?(?:\s*\([^)]*\))?$"
)
CLOCK = re.compile(
    r"(?P<h>\d{1,2})(?:\s?[:.h時시点點]\s?(?P<m>\d{2})(?:\s?[분分])?)(?:\s?[:.]?(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?\s?[초秒]?)?$"
)
YEAR_FIRST = re.compile(
    r"(?P<y>\d{4})\s?[-/.年년]\s?(?P<m>\d{1,2})\s?[-/.月월]\s?(?P<d>\d{1,2})\s?[.日일]?(?!\d)"
    r"|(?P<cy>\d{4})(?P<cm>\d{2})(?P<cd>\d{2})(?= )"
)
YEAR_LAST = re.compile(r"(?P<a>\d{1,2})(?P<mark>[-/.])\s?(?P<b>\d{1,2})[-/.]\s?(?P<y>\d{4}|\d{2})\.?(?!\d)")
NAMED_DAY_FIRST = re.compile(
    r"(?P<d>\d{1,2})\.?(?:st|nd|rd|th)?(?:\s?[-/ ]\s?| de )(?P<month>[^\W\d_][^\s\d/-]*)"
    r"(?:\s?[-/ ]\s?| de )(?P<y>\d{4}|\d{2})(?!\d)"
)
NAMED_MONTH_FIRST = re.compile(r"(?P<month>[^\W\d_][^\s\d/-]*)\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?\s+(?P<y>\d{4})(?!\d)")
NAMED_YEAR_FIRST = re.compile(r"(?P<y>\d{4})[-/ .]+(?P<month>[^\W\d_][^\s\d/-]*)[-/ .]+(?P<d>\d{1,2})\.?(?!\d)")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})?(?:\.\d+)?)?$")
SPACES = re.compile("[\\s\u00a0\u202f\u2009,،]+")
ERA = re.compile(r"^(?:令和|r)(\d{1,2})(?=[年./-])")  # Reiwa, whose first year was 2019
ERA_BEGAN = 2018
VIETNAMESE = re.compile(r"^(?P<d>\d{1,2}) (?:thg|tháng) (?P<m>\d{1,2}) (?P<y>\d{4})")
YEAR_AT_THE_END = re.compile(
    r"^(?P<day>[^\W\d_]+\.? \d{1,2}) (?P<clock>\d{1,2}:\d{2}\S*(?: [a-z]{2,5}(?:[+-][\d:]+)?)?) (?P<y>\d{4})$"
)
CLOCK_FIRST = re.compile(r"^(?P<clock>\d{1,2}:\d{2}(?::\d{2})?) (?P<day>\d{1,4}[-/.].*\d)$")
ZONE_IN_FRONT = re.compile(r" \((?:gmt|utc)(?P<offset>[+-]\d{1,2}:\d{2})\) .*$")
REGION = re.compile(r"(?<=[\dz])\[[\w/+-]+\]$")
LONG_ZONE = re.compile(rf" ({'|'.join(LONG_ZONES)})$")
BUDDHIST_YEARS, FIRST_BUDDHIST_YEAR = 543, 2_500  # Thai years count from Buddha's death
EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 -- a local time of no zone
FIRST_SERIAL, LAST_SERIAL = 36_526, 73_415  # 2000 to 2100
NOON = 12
ISO_DAY = len("2026-07-13")


class TimeParts(NamedTuple):
    """What a text states: day as written (order open if `mark` is set), clock and offset, as far as present."""

    first: int
    second: int
    year: int
    mark: str  # of a date that ends with the year and needs an order, else empty: then the first number is the month
    clock: tuple[int, int, int, int] | None
    offset_minutes: int | None
    zone: str = ""  # short name of a zone that is ambiguous, such as `ist`


def order_stated(text: str) -> tuple[int, int, str] | None:
    """Return the two numbers and the mark of a date that ends with the year; None for any other form."""
    parts = time_parts(text)
    return (parts.first, parts.second, parts.mark) if parts and parts.mark else None


def iso_time(text: str, order: Order, place: str | None = None) -> str | None:
    """Return a day or time in ISO form, None if it is neither.

    place: the time zone for an ambiguous short name, such as IST, if that name is one of its own.
    """
    if not ISO.fullmatch(text):
        text = without_text_mark(text)
    if ISO.fullmatch(text):
        return text.replace(",", ".")
    number = _counted(text)
    if number is not None:
        return number
    parts = time_parts(text)
    return _iso(parts, order, place) if parts else None


def unclear_zone(text: str) -> str:
    """Return the short zone name of a time if several zones share it; empty for any other text."""
    parts = None if ISO.fullmatch(text) else time_parts(text)
    return parts.zone.upper() if parts else ""


def in_zone(iso: str, place: str) -> str:
    """Return an ISO time without a zone as one in a zone, such as `GMT+02:00` or `Europe/Berlin`; others unchanged.

    An unknown zone changes nothing.
    """
    moment = None if len(iso) <= ISO_DAY or iso.endswith("Z") else datetime.fromisoformat(iso)
    if moment is None or moment.tzinfo:
        return iso
    minutes = _offset(place.lower().replace(" ", ""))
    try:
        there = timezone(timedelta(minutes=minutes)) if minutes is not None else ZoneInfo(place)
    except (ZoneInfoNotFoundError, ValueError):
        return iso
    return moment.replace(tzinfo=there).isoformat()


def is_time(text: str) -> bool:
    """Whether a text is a day or a time, in either order and in any zone."""
    return bool(iso_time(text, "day_first") or iso_time(text, "month_first") or unclear_zone(text))


def states_clock(text: str) -> bool:
    """Whether a text is a time rather than a day."""
    read = iso_time(text, "day_first") or iso_time(text, "month_first")
    return has_clock(read) if read else bool(unclear_zone(text))


def has_clock(iso: str) -> bool:
    """Whether an ISO text has a time of day."""
    return ":" in iso


def _counted(text: str) -> str | None:
    """Return the time of a Unix time in seconds, milliseconds, microseconds or nanoseconds, or of an Excel serial number."""
    found = re.fullmatch(r"(\d{5})(?:[.,](\d+))?|(\d{10})(?:\.\d+)?|(\d{13})(?:\.\d+)?|(\d{16})|(\d{19})", ascii_digits(text))
    if not found:
        return None
    if found[1]:
        if not FIRST_SERIAL <= int(found[1]) < LAST_SERIAL:
            return None
        days = EXCEL_DAY_ZERO + timedelta(days=int(found[1]))
        if not found[2]:
            return days.date().isoformat()
        milliseconds = round(int(found[2]) * 86_400_000 / 10 ** len(found[2]))  # a serial number is a binary fraction of a day
        rounded = round(milliseconds / 1000) * 1000 if abs(milliseconds % 1000 - 500) > 450 else milliseconds  # noqa: PLR2004
        return (days + timedelta(milliseconds=rounded)).isoformat(timespec="milliseconds")
    per_second = 1 if found[3] else 1000 if found[4] else 1_000_000
    whole = int(found[3] or found[4] or found[5] or found[6][:-3])
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=whole * (1_000_000 // per_second))
    return instant.isoformat()


def _iso(parts: TimeParts, order: Order, place: str | None) -> str | None:
    month, day = parts.first, parts.second
    if parts.mark and order == "day_first":
        month, day = day, month
    try:
        if parts.clock is None:
            return None if parts.offset_minutes is not None or parts.zone else date(parts.year, month, day).isoformat()
        moment = datetime(parts.year, month, day, *parts.clock)  # noqa: DTZ001 -- the zone follows where one is stated
        if parts.zone:
            there = moment.replace(tzinfo=ZoneInfo(place)) if place else None
            return there.isoformat() if there and (there.tzname() or "").lower() == parts.zone else None
        if parts.offset_minutes is not None:
            moment = moment.replace(tzinfo=timezone(timedelta(minutes=parts.offset_minutes)))
    except ValueError:
        return None
    return moment.isoformat()


@lru_cache(maxsize=65_536)
def time_parts(text: str) -> TimeParts | None:
    """Return what a text states about a day and time; None, if it has none of the known forms."""
    plain = _reorder(WEEKDAY.sub("", SPACES.sub(" ", ascii_digits(without_text_mark(text)).lower()).strip()).strip())
    compact = COMPACT.match(plain.removesuffix("z"))
    if compact:
        year, month, day, hour, minute, second = (int(group) if group else None for group in compact.groups())
        clock = (hour, minute or 0, second or 0, 0) if hour is not None else None
        return TimeParts(month or 0, day or 0, year or 0, "", clock, 0 if plain.endswith("z") else None)
    dated = _day(plain)
    if dated is None:
        return None
    first, second_number, year, mark, rest = dated
    rest = _without_words(rest)
    if not rest:
        return TimeParts(first, second_number, year, mark, None, None)
    clocked = _clock_and_zone(rest)
    return TimeParts(first, second_number, year, mark, *clocked) if clocked else None


def _reorder(plain: str) -> str:
    """Return a text with its day first, then the clock, then the zone as offset or short name."""
    era = ERA.match(plain)
    if era:
        plain = f"{ERA_BEGAN + int(era[1])}{plain[era.end() :]}"
    plain = LONG_ZONE.sub(lambda found: f" {LONG_ZONES[found[1]]}", REGION.sub("", plain))
    plain = ZONE_IN_FRONT.sub(r" \g<offset>", plain)
    plain = YEAR_AT_THE_END.sub(r"\g<day> \g<y> \g<clock>", plain)
    return VIETNAMESE.sub(r"\g<y>-\g<m>-\g<d>", CLOCK_FIRST.sub(r"\g<day> \g<clock>", plain))


def _day(plain: str) -> tuple[int, int, int, str, str] | None:
    """Return the two numbers of a day (month first, unless the mark leaves its order open), year, mark and the rest."""
    for pattern in (YEAR_FIRST, YEAR_LAST, NAMED_DAY_FIRST, NAMED_MONTH_FIRST, NAMED_YEAR_FIRST):
        found = pattern.match(plain)
        if not found:
            continue
        named = {name.removeprefix("c"): value for name, value in found.groupdict().items() if value is not None}
        rest = plain[found.end() :]
        year = int(named["y"]) + (2000 if len(named["y"]) == 2 else 0)  # noqa: PLR2004 -- two digits are of this century
        year -= BUDDHIST_YEARS if year >= FIRST_BUDDHIST_YEAR else 0
        if "a" in named:
            return int(named["a"]), int(named["b"]), year, named["mark"], rest
        if "month" in named:
            number = MONTHS.get(named["month"].replace(".", ""))
            if number is None:
                continue
            return number, int(named["d"]), year, "", rest
        return int(named["m"]), int(named["d"]), year, "", rest
    return None


def _without_words(rest: str) -> str:
    """Return what follows a day without the words around a clock, such as `um` and `Uhr`."""
    words = re.sub(r"^\s*t(?=\d)", "", rest).split()
    while words and words[0].strip(".") in BEFORE_CLOCK:
        del words[0]
    while words and words[-1].strip(".") in AFTER_CLOCK:
        del words[-1]
    return " ".join(words)


def _clock_and_zone(rest: str) -> tuple[tuple[int, int, int, int], int | None, str] | None:
    half = None
    for name, words in HALVES:
        found = re.search(rf"(?:^|(?<=[\s\d]))(?:{words})(?=\s|\d|$)", rest)
        if found:
            half, rest = name, (rest[: found.start()] + " " + rest[found.end() :]).strip()
            break
    zoned = re.match(r"^(.*?[\d時시분分초秒])\s*((?:z|[a-z]{2,5})?\s*(?:[+-]\d{1,2}(?::?\d{2})?)?(?:\s*\([^)]*\))?)$", rest)
    offset, place = None, ""
    if zoned and zoned[2].strip():
        offset = _offset(zoned[2].strip())
        place = zoned[2].strip() if offset is None else ""
        if place and not (place.isalpha() and len(place) > 2):  # noqa: PLR2004 -- no zone is called by two letters
            return None
        rest = zoned[1].strip()
    clock = CLOCK.match(rest.strip())
    if not clock:
        return None
    hour = int(clock["h"])
    if half:
        if not 1 <= hour <= NOON:
            return None if hour > NOON else ((hour, int(clock["m"]), int(clock["s"] or 0), 0), offset, place)
        hour = hour % NOON + (NOON if half == "pm" else 0)
    fraction = int((clock["f"] or "0").ljust(6, "0")[:6])
    return (hour, int(clock["m"]), int(clock["s"] or 0), fraction), offset, place


def _offset(text: str) -> int | None:
    """Return the minutes that a zone is ahead of UTC; None, if the zone is unknown."""
    found = ZONE.fullmatch(text)
    if not found:
        return None
    base = OFFSETS.get(found["name"] or "z")
    if base is None:
        return None
    minutes = base * 60
    if found["offset"]:
        sign = -1 if found["offset"][0] == "-" else 1
        digits = found["offset"][1:].replace(":", "")
        hours, rest = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)  # noqa: PLR2004
        minutes = sign * (hours * 60 + rest) + (minutes if found["name"] in {None, "z", "utc", "gmt", "ut"} else 0)
    return minutes
