"""Finds the table in the rows a person delivered: locates its header, cleans its rows, and writes values in one form.

Titles, filters, footers, totals and repeated headers are not rows; a group's value that is written once applies to the rows
below it. What was left out is counted and reported. The rows are read twice: once to decide how the file is written,
once to write it as plain CSV.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from core.answer import group_digits
from core.formula_escape import unescape_formula
from core.records import NamedTuple
from core.wallet.export_tables import TABLES, normal_header, zone_in
from core.wallet.ingest.profiles import (
    REASON_HEADER,
    known_columns,
    learning,
    match,
    recognise,
    word_for,
)
from core.wallet.ingest.values import (
    Dates,
    amid_day,
    bare_number,
    decide_date_order,
    decide_mark,
    has_clock,
    in_zone,
    is_time,
    iso_time,
    mark_stated,
    order_stated,
    plain_number,
    states_clock,
    without_text_mark,
)
from core.wallet.ingest.values import file_reasons as reasons

if TYPE_CHECKING:
    from pathlib import Path

    from core.config.wallet import DecimalMark, WalletSettings
    from core.wallet.export_tables import ExportField
    from core.wallet.ingest.profiles import ProfileMatch
    from core.wallet.ingest.tables.csv_text import Record
    from core.wallet.ingest.values import Order

HEADER_WITHIN_ROWS = 500
LOOKED_AT_ROWS = 2_000
MAX_ORIGINALS = 100_000
MIN_IN_HEADER = 2
MIN_SUMMED = 4  # from this many rows on, a row with the sum of the others is not chance
NAMES = frozenset({"root_resource", "resource", "usage_type", "card_name", "card_definition", "environment", "user_id"})
NULL_WORDS = frozenset({"-", "--", "–", "—", "n/a", "#n/a", "na", "null", "(null)", "none", "nan", "\\n", "nil"})
SUM_WORDS = (
    r"(?:(?:grand|sub|overall|report|running|page)?[\s-]*totals?|total général|sous-total|totale?|total geral|sum|count|average"
    r"|records?|gesamt(?:summe|betrag)?|summe|zwischensumme|teilsumme|anzahl|somme|suma|conteo|合計|小計|総計|合计|总计|小计|합계|소계|총계"
    r"|итого|всего|toplam|genel toplam|razem|ogółem|totaal|yhteensä|summa|totalt|i alt|celkem|összesen|spolu|σύνολο|รวม|ทั้งหมด"
    r"|المجموع|סה\"כ|всього|разом|tổng cộng|ukupno|skupaj)"
)
TOTAL = re.compile(
    SUM_WORDS + r"(?:\s*[:(\d#=].*|\s+(?:records?|rows?|credits?|units?|of|for|für|de|des|pour|para)\b.*)?",
    re.IGNORECASE,
)
COUNT = re.compile(
    r"(?:(?:total|record|row)s?\s+)?(?:counts?|records?|rows?)|anzahl|conteo|nombre|件数|개수|计数|計數", re.IGNORECASE
)
OF_A_GROUP = re.compile(rf"(?P<group>.+?)[\s:–-]+{SUM_WORDS}", re.IGNORECASE)
ISO_YEAR = re.compile(r"\d{4}-")
ARROWS = re.compile(r"[\s]*[↑↓▲▼]+[\s]*")
KEPT_IF_FAULTY = frozenset({"end_time", "is_metered"})  # a fault here changes what counts, so the row is rejected

Rows = Callable[[], Iterator["Record"]]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of text as delivered, including the header, that can be iterated more than once.

    is_merged: cells of the first columns are merged, so that a value is written once for several rows.
    reading: in words how its text was read, if that had to be guessed. doubt: why it may not be complete.
    is_hidden: whether it is hidden from whoever opens the workbook.
    """

    name: str
    rows: Rows
    is_merged: bool = False
    is_hidden: bool = False
    reading: str = ""
    doubt: str = ""


class Original(NamedTuple):
    """A row as it was delivered: its text, and its cells in the order of the headers."""

    text: str
    cells: tuple[str, ...]


@dataclass(slots=True)
class Cleaned:
    """A table written as plain CSV: its content, how it was read, and what was left out.

    originals: rows with a value that could not be read, by line. doubts: why its figures may not be complete.
    """

    path: Path
    headers: tuple[str, ...]
    faults: list[Record] = field(default_factory=list)
    readings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    originals: dict[int, Original] = field(default_factory=dict)
    is_of_days: bool = False


def is_total(name: str) -> bool:
    """Whether a name is that of a total, or of a group's total."""
    return bool(TOTAL.fullmatch(name.strip()) or OF_A_GROUP.fullmatch(name.strip()))


def find_header(grid: Grid, settings: WalletSettings) -> tuple[int, tuple[str, ...]] | None:
    """Return position (counted from 0) and columns of the row with most of the wallet's columns; None if there is none."""
    best: tuple[int, int, tuple[str, ...]] | None = None
    for place, record in enumerate(grid.rows()):
        if place >= HEADER_WITHIN_ROWS:
            break
        headers = tuple(map(plain_header, record.fields))
        known = known_columns(headers, settings)
        if known >= MIN_IN_HEADER and (best is None or known > best[0]):
            best = known, place, headers
    return best[1:] if best else None


def split_grid(grid: Grid, settings: WalletSettings) -> list[Grid]:
    """Return the tables that follow one another in a grid, each with its own header; the grid itself, if it is one table."""
    starts: list[int] = []
    above: set[tuple[str, ...]] = set()
    for place, record in enumerate(islice(grid.rows(), HEADER_WITHIN_ROWS)):
        headers = tuple(map(plain_header, record.fields))
        if any(header[:1].isdigit() for header in headers) or known_columns(headers, settings) <= MIN_IN_HEADER:
            continue
        normal = tuple(map(normal_header, headers))
        if normal not in above:
            starts.append(place)
        above.add(normal)
    if len(starts) < MIN_IN_HEADER:
        return [grid]
    ends = [*starts[1:], None]
    return [
        replace(grid, name=f"{grid.name}, table {nth}", rows=partial(_cut, grid.rows, start, end))
        for nth, (start, end) in enumerate(zip([0, *starts[1:]], ends, strict=True), start=1)
    ]


def _cut(rows: Rows, start: int, end: int | None) -> Iterator[Record]:
    return islice(rows(), start, end)


def plain_header(text: str) -> str:
    """Return a header on one line, without sort marks or Excel's text marks."""
    return " ".join(ARROWS.sub(" ", without_text_mark(text)).split()).encode(errors="replace").decode()


def clean_table(grid: Grid, target: Path, settings: WalletSettings) -> Cleaned:
    """Write the grid's table as CSV to `target` and return its description.

    Raises: ExportError, if it has none of the wallet's tables, or one that can be read in two ways.
    """
    found = find_header(grid, settings)
    if found is None:
        first = next((tuple(map(plain_header, r.fields)) for r in grid.rows() if any(r.fields)), ())
        recognise(grid.name, first, settings)
        raise reasons.NO_HEADER.refusal(name=grid.name, rows=HEADER_WITHIN_ROWS, learning=learning(grid.name))
    return _Table(grid, *found, settings).write(target)


@dataclass(slots=True)
class _Seen:
    """What was seen in a table's rows so far."""

    rows: int = 0
    keys: int = 0
    total: Decimal = Decimal(0)
    since_total: Decimal = Decimal(0)
    names: set[str] = field(default_factory=set)
    least_filled: int = 10**6  # of the rows before the last
    last_filled: int = 10**6
    last_amount: Decimal = Decimal(0)

    @property
    def ends_in_a_sum(self) -> bool:
        """Whether the last row equals the sum of all others, has fewer values than each of them, and there are no keys."""
        is_sum = not self.keys and self.rows >= MIN_SUMMED and 2 * self.last_amount == self.total != 0
        return is_sum and self.last_filled < self.least_filled


class _Table:
    """One table of a grid, starting at its header."""

    def __init__(self, grid: Grid, place: int, headers: tuple[str, ...], settings: WalletSettings) -> None:
        self._grid = grid
        self._place = place
        self._marked = self._marked_columns()
        self.headers = self._usable_headers(headers)
        self._match: ProfileMatch = recognise(grid.name, self.headers, settings)
        self._settings = self._match.settings(settings)
        self._fields = {place: self._match.profile.field(column) for column, place in self._match.places.items()}
        self._text_places = [p for p, f in self._fields.items() if f.kind == "text"] + list(self._match.unknown)
        self._amount = next((p for p, f in self._fields.items() if f.is_required and f.kind == "number"), None)
        self._names = [p for p, f in self._fields.items() if f.column in NAMES]
        self._ends_in_a_sum = False
        self._times = [p for p, f in self._fields.items() if f.is_required and f.kind in {"instant", "day"}]
        self._id = self._match.places.get("id")
        self.left_out: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        self._totals_stated: list[Decimal] = []
        self._mark: DecimalMark | None = None  # of numbers, once decided
        self._is_of_days = False  # whether all its times are days, once known
        self._filled = self._columns_to_fill()
        self._zones = {place: zone_in(self.headers[place]) for place in self._fields}
        self._require_one_amount()

    def _require_one_amount(self) -> None:
        """Raise ExportError if two columns could be the amount, or the time, and disagree."""
        for place, known in self._fields.items():
            mapped = self._match.profile.mapped
            if not known.is_required or (mapped and known.headers[0] in mapped.columns.values()):
                continue
            others = [
                other
                for other, header in enumerate(self.headers)
                if other not in self._fields and normal_header(header) in known.normalized_headers
            ]
            for other in others:
                for record, cells in self.rows():
                    if cells and len(cells) == len(self.headers) and cells[other] and cells[other] != cells[place]:
                        raise reasons.TWO_COLUMNS.refusal(
                            name=self._grid.name,
                            label=known.label,
                            first=self.headers[place],
                            second=self.headers[other],
                            line=record.line,
                            first_value=cells[place] or "nothing",
                            second_value=cells[other],
                            learning=learning(self._grid.name),
                            word=word_for(known),
                        )

    def _marked_columns(self) -> set[int]:
        for place, record in enumerate(self._grid.rows()):
            if place == self._place:
                return {nth for nth, cell in enumerate(record.fields) if ARROWS.search(cell)}
        return set()

    def _usable_headers(self, headers: tuple[str, ...]) -> tuple[str, ...]:
        """Blank the headers of columns that repeat another one and are empty; name unnamed ones that have values."""
        filled: set[int] = set()
        for nth, record in enumerate(self._body()):
            if nth > LOOKED_AT_ROWS:
                break
            filled.update(place for place, cell in enumerate(record.fields) if cell.strip())
        width = max((len(headers), *(p + 1 for p in filled)))
        named = [*headers, *[""] * (width - len(headers))]
        normal = [normal_header(name) for name in named]
        for place, name in enumerate(normal):
            if name and place not in filled and normal.count(name) > 1:
                named[place] = ""
        while named and not named[-1] and len(named) - 1 not in filled:
            named.pop()
        return tuple(name or (f"column {place + 1}" if place in filled else "") for place, name in enumerate(named))

    def _columns_to_fill(self) -> tuple[int, ...]:
        """Return the group columns: the first ones, marked by an arrow or with merged cells, that are blank below a value."""
        leading: list[int] = []
        for place, header in enumerate(self.headers):
            if place in self._marked or (self._grid.is_merged and not leading and header):
                leading.append(place)
            elif header:
                break
        return tuple(place for place in leading if place in self._fields)

    def _body(self) -> Iterator[Record]:
        for place, record in enumerate(self._grid.rows()):
            if place > self._place:
                yield record

    def rows(self) -> Iterator[tuple[Record, list[str]]]:
        """Yield the rows that are data, padded to the header's width, each with its group's value; count what is left out."""
        self.left_out.clear()
        self._totals_stated.clear()
        last = dict.fromkeys(self._filled, "")
        seen = _Seen()
        width = len(self.headers)
        normal = [normal_header(header) for header in self.headers]
        at = self._amount or 0
        for record in self._body():
            if record.fault:
                yield record, []
                continue
            cells = [cell.strip() for cell in record.fields]
            filled = sum(1 for cell in cells if cell)
            if not filled:
                continue
            cells += [""] * (width - len(cells))
            if any(cells[width:]):
                yield record, cells
                continue
            del cells[width:]
            # A header has a word where a row has its amount; only then are all cells worth a check.
            if not cells[at][-1:].isdigit() and [normal_header(plain_header(cell)) for cell in cells] == normal:
                self.left_out["repeated header"] += 1
                continue
            amount = self._amount_of(cells)
            if self._is_total(cells, amount, seen):
                self.left_out["total"] += 1
                is_of_all = not any(self._is_of_group(cell, seen) or COUNT.fullmatch(cell.strip()) for cell in cells)
                self._totals_stated += [amount] if amount is not None and is_of_all else []
                seen.since_total = Decimal(0)
                continue
            if filled == 1 and width > MIN_IN_HEADER and self._says_nothing(cells):
                self.left_out["line of text"] += 1
                continue
            for place in self._filled:
                last[place] = cells[place] = cells[place] or last[place]
            seen.rows += 1
            seen.keys += self._id is not None and bool(cells[self._id])
            seen.total += amount or Decimal(0)
            seen.since_total += amount or Decimal(0)
            seen.names.update(cells[place] for place in self._names)
            seen.least_filled, seen.last_filled = min(seen.least_filled, seen.last_filled), filled
            seen.last_amount = amount or Decimal(0)
            yield record, cells
        self._ends_in_a_sum = seen.ends_in_a_sum

    def _says_nothing(self, cells: Sequence[str]) -> bool:
        return not any(is_time(cells[place]) for place in self._times) and (
            self._amount is None or self._amount_of(cells) is None
        )

    def _amount_of(self, cells: Sequence[str]) -> Decimal | None:
        if self._amount is None or not cells[self._amount]:
            return None
        marks: tuple[DecimalMark, ...] = (self._mark,) if self._mark else (".", ",")
        text = next(filter(None, (plain_number(cells[self._amount], mark) for mark in marks)), None)
        return Decimal(text) if text else None

    def _is_total(self, cells: Sequence[str], amount: Decimal | None, seen: _Seen) -> bool:
        """Whether a row sums up others: it says so and is not usage itself, or it has their sum and nothing else.

        A row with a time and the name of a total is one if it lacks the key that all others have, or has their sum.
        """
        has_time = all(is_time(cells[place]) for place in self._times)
        has_id = self._id is not None and bool(cells[self._id]) and not TOTAL.fullmatch(cells[self._id])
        is_sum = amount is not None and seen.rows > 0 and amount in {seen.total, seen.since_total}
        says_so = any(TOTAL.fullmatch(cell) for cell in cells if cell)
        if says_so:
            return not has_time or (not has_id and (is_sum or (seen.keys == seen.rows > 0)))
        if is_sum and not has_id and any(self._is_of_group(cell, seen) for cell in cells):
            return True
        is_bare = not has_id and not any(cells[place] for place in (*self._times, *self._text_places))
        return is_bare and is_sum

    @staticmethod
    def _is_of_group(cell: str, seen: _Seen) -> bool:
        """Whether a cell names a group's total, such as `Alpha Total` below rows of Alpha."""
        found = OF_A_GROUP.fullmatch(cell)
        return found is not None and found["group"] in seen.names

    def write(self, target: Path) -> Cleaned:
        """Write the rows with their values in one form."""
        order, mark, readings = self._decide()
        self._mark = mark
        faults: list[Record] = []
        originals: dict[int, Original] = {}
        is_of_rejects = REASON_HEADER in self.headers
        total = Decimal(0)
        with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
            writer.writerow(("line", *self.headers))
            for record, cells in self.rows():
                if not cells or len(cells) > len(self.headers):
                    faults.append(_too_wide(record, len(self.headers)))
                    continue
                if is_of_rejects:
                    cells[:] = map(unescape_formula, cells)
                delivered = tuple(cells)
                is_whole = self._convert(cells, order, mark)
                if not is_whole and len(originals) < MAX_ORIGINALS:
                    originals[record.line] = Original(
                        record.text, tuple(map(self._plain_cell, range(len(cells)), delivered, cells))
                    )
                if is_whole and self._amount is not None:
                    total += Decimal(cells[self._amount] or 0)
                writer.writerow((record.line, *cells))
        is_of_days = self._is_of_days and TABLES[self._match.profile.table].is_day_local
        return Cleaned(
            target, self.headers, faults, readings, tuple(self._notes()), tuple(self._doubts(total)), originals, is_of_days
        )

    def _plain_cell(self, place: int, delivered: str, read: str) -> str:
        """Return a cell as delivered; as read if it can be read in two ways and only the other rows decided which."""
        known = self._fields.get(place)
        if known is None or known.kind == "text":
            return delivered
        if known.kind in {"instant", "day"}:
            stated = order_stated(delivered)
            return read if stated and max(stated[0], stated[1]) <= 12 else delivered  # noqa: PLR2004 -- no month is above 12
        bare = bare_number(delivered)
        return read if bare and mark_stated(bare) == "either" else delivered

    def _decide(self) -> tuple[Order, DecimalMark, tuple[str, ...]]:
        stated: Counter[str] = Counter()
        numbered = dotted = first_above = second_above = 0
        date_example = number_example = None
        self._is_of_days = True
        dates = [p for p, f in self._fields.items() if f.kind in {"instant", "day"}]
        numbers = [p for p, f in self._fields.items() if f.kind in {"number", "count"}]
        for _, cells in self.rows():
            if self._is_of_days and len(cells) == len(self.headers):
                self._is_of_days = not any(states_clock(cells[place]) for place in dates)
            for place in dates if len(cells) == len(self.headers) else ():
                found = order_stated(cells[place]) if cells[place] and not ISO_YEAR.match(cells[place]) else None
                if found:
                    numbered += 1
                    dotted += found[2] == "."
                    first_above += found[0] > 12  # noqa: PLR2004 -- no month is above 12
                    second_above += found[1] > 12  # noqa: PLR2004
                    date_example = date_example or cells[place]
            for place in numbers if len(cells) == len(self.headers) else ():
                bare = bare_number(cells[place]) if cells[place] else None
                if bare:
                    proof = mark_stated(bare)
                    stated[proof] += 1
                    number_example = number_example or (cells[place] if proof == "either" else None)
        order = decide_date_order(
            self._grid.name,
            Dates(0, 0, dotted, numbered, first_above, second_above, date_example),
            self._settings.date_order,
        )
        mark = decide_mark(self._grid.name, stated[","], stated["."], stated["either"], number_example, self._settings.decimal)
        said = [{"day_first": "Dates are read day first.", "month_first": "Dates are read month first."}.get(order, "")]
        said.append("Numbers are read with a decimal comma." if mark == "," else "")
        return ("day_first" if order == "year_first" else order), mark, tuple(filter(None, [self._grid.reading, *said]))

    def _convert(self, cells: list[str], order: Order, mark: DecimalMark) -> bool:
        """Convert a row's values to one form, in place, and return whether every value it needs could be read."""
        is_whole = True
        for place, known in self._fields.items():
            text = cells[place]
            if known.kind == "text":
                cells[place] = _plain_text(text, known)
                continue
            if not text:
                is_whole &= not known.is_required
                continue
            value = self._value(text, place, order, mark)
            if value is not None:
                cells[place] = value
            elif text.lower() in NULL_WORDS and not known.is_required:
                cells[place] = ""
            elif known.is_required or known.column in KEPT_IF_FAULTY:
                is_whole = False
            elif known.kind != "flag":
                self._lost[self.headers[place]] += 1
                cells[place] = ""
        return is_whole

    def _value(self, text: str, place: int, order: Order, mark: DecimalMark) -> str | None:
        known, zone_said = self._fields[place], self._zones[place]
        if known.kind in {"number", "count"}:
            value = plain_number(text, mark)
            return value.split(".")[0] if value and known.kind == "count" and re.fullmatch(r"-?\d+\.0*", value) else value
        if known.kind not in {"instant", "day"}:
            return None
        iso = iso_time(text, order, self._settings.export_time_zone)
        iso = in_zone(iso, zone_said) if iso and zone_said else iso
        if iso and known.kind == "instant" and not has_clock(iso) and TABLES[self._match.profile.table].is_day_local:
            return amid_day(iso, self._settings.time_zone) if self._is_of_days else f"{iso}T00:00:00"
        return iso

    def _notes(self) -> Iterator[str]:
        above = self._place
        if above:
            yield (
                f"{group_digits(above)} row{'' if above == 1 else 's'} above the header {'is' if above == 1 else 'are'} left out."
            )
        for what, count in sorted(self.left_out.items()):
            plural = {"line of text": "lines of text"}.get(what, f"{what}s")
            yield f"{group_digits(count)} {what if count == 1 else plural} left out."
        for header, count in sorted(self._lost.items()):
            values, are = ("value", "is") if count == 1 else ("values", "are")
            yield f"{group_digits(count)} {values} of {header} could not be read and {are} left blank."

    def _doubts(self, total: Decimal) -> Iterator[str]:
        if self._grid.doubt:
            yield self._grid.doubt
        if self._ends_in_a_sum:
            yield reasons.ENDS_IN_A_SUM.tell()
        stated = self._totals_stated
        if stated and total not in {stated[-1], sum(stated)} and 2 * total != sum(stated):
            yield reasons.OTHER_TOTAL.tell(stated=stated[-1], total=total)


def _too_wide(record: Record, width: int) -> Record:
    if record.fault:
        return record
    return replace(record, fault=f"it has {len(record.fields)} columns, the header has {width}")


def _plain_text(text: str, known: ExportField) -> str:
    if text[:2] == '="' or text[:1] in {"“", "„"}:
        text = without_text_mark(text)
    return (
        ""
        if known.column in {"id", "environment", "card_name", "card_definition", "card"} and text.lower() in NULL_WORDS
        else text
    )


def matches_exactly(name: str, headers: Sequence[str], settings: WalletSettings) -> bool:
    """Whether a header row needs no cleaning: no mark, no line break, no two columns for the same field."""
    if any(plain_header(header) != header.strip().lstrip("\ufeff") or zone_in(header) for header in headers):
        return False
    found = recognise(name, headers, settings)
    normal = [*map(normal_header, headers)]
    known_as = [name for name in normal if any(name in f.normalized_headers for f in found.profile.fields)]
    is_double = any(
        normal[place] in f.normalized_headers for place in found.unknown for f in found.profile.fields if f.is_required
    )
    return not is_double and len(known_as) == len(set(known_as)) and match(found.profile, headers).places == found.places
