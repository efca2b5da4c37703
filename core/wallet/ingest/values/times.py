"""How people's files write days and times, and what is meant: one grammar for every export.

Every form comes down to ISO text: `2026-07-13`, `2026-07-13T10:00:00` (no zone stated) or `2026-07-13T10:00:00+00:00`.
Source: the short and medium forms of the locales that Salesforce offers, as CLDR has them; RFC 1123; ISO 8601.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Literal, NamedTuple

from core.wallet.ingest.values.numerals import ascii_digits, without_text_mark

Order = Literal["day_first", "month_first"]

ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?)?(Z|[+-]\d{2}:\d{2})?")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier janv enero ene janeiro gennaio gen januari tammikuuta tammi ledna leden január",
            "february feb februar février févr fevr febrero fevereiro fev febbraio febbr februari helmikuuta helmi února únor",
            "march mar märz mär maerz mars marzo março marco mrt maart mrz marts maaliskuuta maalis března březen mär. március",
            "april apr avril avr abril abr aprile huhtikuuta huhti dubna duben április ápr",
            "may mai mayo maio maggio mag mei maj toukokuuta touko května květen május máj",
            "june jun juni juin junio junho giugno giu kesäkuuta kesä června červen június jún",
            "july jul juli juillet juil julio julho luglio lug heinäkuuta heinä července červenec július júl",
            "august aug août aout agosto ago augustus elokuuta elo srpna srpen augusztus",
            "september sep sept septembre septiembre setembro set settembre syyskuuta syys září szeptember szept",
            "october oct oktober okt octobre octubre outubro out ottobre ott lokakuuta loka října říjen október",
            "november nov novembre noviembre novembro marraskuuta marras listopadu listopad",
            "december dec dezember dez décembre decembre diciembre dic dezembro dicembre desember des joulukuuta prosince",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAY = re.compile(
    r"^(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|nesday|sday|rsday|urday)?\b[.,]?\s*"
    r"|^(?:mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mié|jue|vie|sáb|dom)\.?,\s*"
)
OFFSETS = {"z": 0, "utc": 0, "gmt": 0, "ut": 0, "edt": -4, "est": -5, "cdt": -5, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8}
OFFSETS |= {"cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "wet": 0, "west": 1, "jst": 9, "kst": 9, "aest": 10}
OFFSETS |= {"aedt": 11, "akdt": -8, "akst": -9, "hst": -10, "nzst": 12, "nzdt": 13}
ZONE = re.compile(
    r"\s*(?:(?P<name>z|[a-z]{2,4})(?=[+-]|$|\s*\()|(?=[+-]\d))?\s*(?P<offset>[+-]\d{1,2}(?::?\d{2})?)?(?:\s*\([^)]*\))?$"
)
HALVES = (
    ("am", r"a\.?\s?m\.?|vorm\.?|上午|오전|午前|de\.|dop\.|öğ"),
    ("pm", r"p\.?\s?m\.?|nachm\.?|下午|오후|午後|du\.|odp\.|ös"),
)
CLOCK = re.compile(
    r"(?:kl\.?|klo|às|à|at|um)?\s*(?P<h>\d{1,2})(?:\s?[:.h時시点點]\s?(?P<m>\d{2})(?:\s?[분分])?)(?:\s?[:.]?(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?\s?[초秒]?)?"
    r"(?:\s?(?:uhr|hod\.?))?$"
)
YEAR_FIRST = re.compile(r"(?P<y>\d{4})\s?[-/.年년]\s?(?P<m>\d{1,2})\s?[-/.月월]\s?(?P<d>\d{1,2})\s?[.日일]?(?!\d)")
YEAR_LAST = re.compile(r"(?P<a>\d{1,2})(?P<mark>[-/.])\s?(?P<b>\d{1,2})[-/.]\s?(?P<y>\d{4}|\d{2})\.?(?!\d)")
NAMED_DAY_FIRST = re.compile(
    r"(?P<d>\d{1,2})\.?(?:st|nd|rd|th)?(?:\s?[-/ ]\s?| de )(?P<month>[^\W\d_]+)\.?(?:\s?[-/ ]\s?| de )(?P<y>\d{4}|\d{2})(?!\d)"
)
NAMED_MONTH_FIRST = re.compile(r"(?P<month>[^\W\d_]+)\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?\s+(?P<y>\d{4})(?!\d)")
NAMED_YEAR_FIRST = re.compile(r"(?P<y>\d{4})[-/ .]+(?P<month>[^\W\d_]+)[-/ .]+(?P<d>\d{1,2})(?!\d)")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})?(?:\.\d+)?)?$")
SPACES = re.compile("[\\s\u00a0\u202f\u2009,]+")
EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 -- a local time of no zone
FIRST_SERIAL, LAST_SERIAL = 36_526, 73_415  # 2000 to 2100
NOON = 12


class TimeParts(NamedTuple):
    """What a text says: day as written (order open where `mark` is set), clock and offset, as far as it states them."""

    first: int
    second: int
    year: int
    mark: str  # of a date that ends with the year and needs an order, else empty: then first is the month
    clock: tuple[int, int, int, int] | None
    offset_minutes: int | None


def order_stated(text: str) -> tuple[int, int, str] | None:
    """Return the two numbers and the mark of a date that ends with the year; None for any other form."""
    parts = time_parts(text)
    return (parts.first, parts.second, parts.mark) if parts and parts.mark else None


def iso_time(text: str, order: Order) -> str | None:
    """Return a day or time in ISO form, None for what is none."""
    text = without_text_mark(text)
    if ISO.fullmatch(text):
        return text
    number = _counted(text)
    if number is not None:
        return number
    parts = time_parts(text)
    return _iso(parts, order) if parts else None


def has_clock(iso: str) -> bool:
    """Whether an ISO text is more than a day."""
    return ":" in iso


def _counted(text: str) -> str | None:
    """Return the time of a Unix time in seconds, milliseconds or microseconds, or of an Excel serial number."""
    found = re.fullmatch(r"(\d{5})(?:[.,](\d+))?|(\d{10})(?:\.\d+)?|(\d{13})(?:\.\d+)?|(\d{16})", ascii_digits(text))
    if not found:
        return None
    if found[1]:
        if not FIRST_SERIAL <= int(found[1]) < LAST_SERIAL:
            return None
        days = EXCEL_DAY_ZERO + timedelta(days=int(found[1]))
        if not found[2]:
            return days.date().isoformat()
        milliseconds = round(int(found[2]) * 86_400_000 / 10 ** len(found[2]))  # a serial is a binary fraction of a day
        rounded = round(milliseconds / 1000) * 1000 if abs(milliseconds % 1000 - 500) > 450 else milliseconds  # noqa: PLR2004
        return (days + timedelta(milliseconds=rounded)).isoformat(timespec="milliseconds")
    per_second = 1 if found[3] else 1000 if found[4] else 1_000_000
    whole = int(found[3] or found[4] or found[5])
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=whole * (1_000_000 // per_second))
    return instant.isoformat()


def _iso(parts: TimeParts, order: Order) -> str | None:
    month, day = parts.first, parts.second
    if parts.mark and order == "day_first":
        month, day = day, month
    try:
        if parts.clock is None:
            return None if parts.offset_minutes is not None else date(parts.year, month, day).isoformat()
        moment = datetime(parts.year, month, day, *parts.clock)  # noqa: DTZ001 -- the zone follows where one is stated
        if parts.offset_minutes is not None:
            moment = moment.replace(tzinfo=timezone(timedelta(minutes=parts.offset_minutes)))
    except ValueError:
        return None
    return moment.isoformat()


@lru_cache(maxsize=65_536)
def time_parts(text: str) -> TimeParts | None:
    """Return what a text says of a day and time; None, if it is none of the known forms."""
    plain = SPACES.sub(" ", ascii_digits(without_text_mark(text)).lower()).strip()
    plain = WEEKDAY.sub("", SPACES.sub(" ", plain)).strip()
    compact = COMPACT.match(plain.removesuffix("z"))
    if compact:
        year, month, day, hour, minute, second = (int(group) if group else None for group in compact.groups())
        clock = (hour, minute or 0, second or 0, 0) if hour is not None else None
        return TimeParts(month or 0, day or 0, year or 0, "", clock, 0 if plain.endswith("z") else None)
    dated = _day(plain)
    if dated is None:
        return None
    first, second_number, year, mark, rest = dated
    rest = rest.strip().removeprefix("t").strip()
    if not rest:
        return TimeParts(first, second_number, year, mark, None, None)
    clocked = _clock_and_zone(rest)
    return TimeParts(first, second_number, year, mark, *clocked) if clocked else None


def _day(plain: str) -> tuple[int, int, int, str, str] | None:
    for pattern in (YEAR_FIRST, YEAR_LAST, NAMED_DAY_FIRST, NAMED_MONTH_FIRST, NAMED_YEAR_FIRST):
        found = pattern.match(plain)
        if not found:
            continue
        named = found.groupdict()
        rest = plain[found.end() :]
        year = int(named["y"]) + (2000 if len(named["y"]) == 2 else 0)  # noqa: PLR2004 -- two digits are of this century
        if "a" in named:
            return int(named["a"]), int(named["b"]), year, named["mark"], rest
        if "month" in named:
            number = MONTHS.get(named["month"].rstrip("."))
            if number is None:
                continue
            return number, int(named["d"]), year, "", rest
        return int(named["m"]), int(named["d"]), year, "", rest
    return None


def _clock_and_zone(rest: str) -> tuple[tuple[int, int, int, int], int | None] | None:
    half = None
    for name, words in HALVES:
        found = re.search(rf"(?:^|(?<=[\s\d]))(?:{words})(?=\s|\d|$)", rest)
        if found:
            half, rest = name, (rest[: found.start()] + " " + rest[found.end() :]).strip()
            break
    zoned = re.match(r"^(.*?[\d時시분分초秒])\s*((?:z|[a-z]{2,4})?\s*(?:[+-]\d{1,2}(?::?\d{2})?)?(?:\s*\([^)]*\))?)$", rest)
    offset: int | None = None
    if zoned and zoned[2].strip() and zoned[2].strip() not in {"uhr", "h", "hod"}:
        found_offset = _offset(zoned[2].strip())
        if found_offset is None:
            return None
        rest, offset = zoned[1].strip(), found_offset
    clock = CLOCK.match(rest.strip())
    if not clock:
        return None
    hour = int(clock["h"])
    if half:
        if not 1 <= hour <= NOON:
            return None if hour > NOON else ((hour, int(clock["m"]), int(clock["s"] or 0), 0), offset)
        hour = hour % NOON + (NOON if half == "pm" else 0)
    fraction = int((clock["f"] or "0").ljust(6, "0")[:6])
    return (hour, int(clock["m"]), int(clock["s"] or 0), fraction), offset


def _offset(text: str) -> int | None:
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
