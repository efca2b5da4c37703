# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""How a file writes times and numbers: decided once for the whole file, or not at all.

A file that can be read in two ways is refused with the setting that decides; nothing is guessed row by row.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING

from core.wallet.ingest.tables import records
from core.wallet.ingest.values import Dates, FileOrder, decide_date_order, decide_mark, zone
from core.wallet.ingest.values import file_reasons as reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.config import DecimalMark, WalletSettings
    from core.wallet.export_tables import FieldKind
    from core.wallet.ingest.conversion import NormalizedTable
    from core.wallet.ingest.profiles import ProfileMatch
    from core.wallet.ingest.tables import Record
    from core.warehouse import Session

SAMPLE_ROWS = 200
INSTANT_WITH_ZONE = r"\s*\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s*([Zz]|UTC|GMT|[+-]\d{2}(:?\d{2})?)\s*"
YEAR_FIRST = r"\s*\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?"
YEAR_LAST = r"\s*(\d{1,2})([./-])(\d{1,2})[./-]\d{2,4}\b.*"
COMMA_IS_DECIMAL = r"[+-]?(\d+,(\d{1,2}|\d{4,})|\d{4,},\d{3}|0,\d+|\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,})"
POINT_IS_DECIMAL = r"[+-]?(\d*\.(\d{1,2}|\d{4,})|\d{4,}\.\d{3}|0\.\d+|\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,})"
EITHER_MARK = r"[+-]?[1-9]\d{0,2}[.,]\d{3}"


@dataclass(frozen=True, slots=True)
class DetectedFormat:
    """How to read a file's times and numbers.

    date_order: of dates that do not start with the year.
    time_zone: in which zone times without one are read; None where every time states its own.
    """

    date_order: FileOrder = "year_first"
    time_zone: str | None = None
    decimal: DecimalMark = "."
    is_grouped: bool = False
    is_assumed_utc: bool = False

    def as_json(self) -> dict[str, object]:
        """Return the reading for the ledger of imports."""
        return asdict(self)

    def sentences(self) -> tuple[str, ...]:
        """Return in words how the file was read, if there was anything to decide."""
        order = {"day_first": "Dates are read day first.", "month_first": "Dates are read month first."}.get(self.date_order)
        mark = "Numbers are read with a decimal comma." if self.decimal == "," else None
        assumed = " because neither wallet.export_time_zone nor wallet.time_zone says otherwise" if self.is_assumed_utc else ""
        place = f"Times carry no zone and are read in {self.time_zone}{assumed}." if self.time_zone else None
        return tuple(sentence for sentence in (order, mark, place) if sentence)


def decide(
    prepared: NormalizedTable, match: ProfileMatch, settings: WalletSettings, session: Session, relation: str
) -> DetectedFormat:
    """Return how to read the file. relation: SQL of its rows as text, columns c0, c1, ….

    Raises: ExportError, if the file allows two readings; StatementError, if it is not well formed.
    """
    instants = _columns(match, {"instant", "day"})
    numbers = _columns(match, {"number", "count"})
    shift = int(prepared.has_lines)
    sample = [record.fields for record in islice(_good(prepared), SAMPLE_ROWS)]
    needs_dates = not _is_machine_written(sample, [place + shift for place in instants])
    needs_numbers = _has_comma(sample, [place + shift for place in numbers]) or (needs_dates and not prepared.is_typed)
    dates = _look_at_dates(session, relation, instants) if needs_dates else None
    decimal, is_grouped = _decimal(prepared.name, session, relation, numbers, settings) if needs_numbers else (".", False)
    if dates is None:
        return DetectedFormat(decimal=decimal, is_grouped=is_grouped)
    place, is_assumed = _time_zone(prepared.name, dates, settings)
    return DetectedFormat(
        date_order=decide_date_order(prepared.name, dates, settings.date_order),
        time_zone=place,
        decimal=decimal,
        is_grouped=is_grouped,
        is_assumed_utc=is_assumed,
    )


def _good(prepared: NormalizedTable) -> Iterable[Record]:
    return (r for r in records(prepared.path, prepared.delimiter, prepared.column_count) if not r.fault)


def _columns(match: ProfileMatch, kinds: set[FieldKind]) -> list[int]:
    return [match.places[f.column] for f in match.profile.fields if f.kind in kinds and f.column in match.places]


def _is_machine_written(sample: Sequence[Sequence[str]], places: Sequence[int]) -> bool:
    """Whether all the sample's times state their zone or are bare days, year first."""
    written = [row[place] for row in sample for place in places if row[place].strip()]
    zoned = re.compile(f"{INSTANT_WITH_ZONE}|\\s*\\d{{4}}-\\d{{2}}-\\d{{2}}\\s*")
    local = re.compile(f"{YEAR_FIRST}|{YEAR_LAST}")
    return all(zoned.fullmatch(text) or not local.fullmatch(text) for text in written)


def _has_comma(sample: Sequence[Sequence[str]], places: Sequence[int]) -> bool:
    return any("," in row[place] for row in sample for place in places)


def _one_column(relation: str, places: Sequence[int]) -> str:
    selects = " UNION ALL ".join(f"SELECT c{place} AS v FROM source" for place in places)
    return (
        f"WITH source AS MATERIALIZED (SELECT {', '.join(f'c{place}' for place in places)} FROM {relation}), texts AS ({selects})"
    )


def _look_at_dates(session: Session, relation: str, places: Sequence[int]) -> Dates:
    numbered = f"regexp_full_match(v, '{YEAR_LAST}')"
    first, second = (f"TRY_CAST(regexp_extract(v, '{YEAR_LAST}', {group}) AS INTEGER)" for group in (1, 3))
    row = session.execute(
        f"{_one_column(relation, places)} SELECT "
        f"count(*) FILTER (regexp_full_match(v, '{INSTANT_WITH_ZONE}')), "
        f"count(*) FILTER (NOT regexp_full_match(v, '{INSTANT_WITH_ZONE}') AND v LIKE '%:%'"
        f" AND ({numbered} OR regexp_full_match(v, '{YEAR_FIRST}'))), "
        f"count(*) FILTER ({numbered} AND regexp_extract(v, '{YEAR_LAST}', 2) = '.'), count(*) FILTER ({numbered}), "
        f"count(*) FILTER ({numbered} AND {first} > 12), count(*) FILTER ({numbered} AND {second} > 12), "
        f"min(v) FILTER ({numbered}) FROM texts"
    )[0]
    return Dates(*row)


def _time_zone(name: str, dates: Dates, settings: WalletSettings) -> tuple[str | None, bool]:
    """Return the zone of local times, and whether it is our assumption: UTC, where the team works in UTC anyway.

    None, if most times state their zone: then the few that do not are not times.
    """
    if dates.local <= dates.zoned:
        return None, False
    if settings.export_time_zone:
        zone(settings.export_time_zone, "wallet.export_time_zone")
        return settings.export_time_zone, False
    if settings.time_zone not in {"UTC", "Etc/UTC"}:
        raise reasons.TIMES_WITHOUT_ZONE.refusal(name=name, time_zone=settings.time_zone)
    return "UTC", True


def _decimal(
    name: str, session: Session, relation: str, places: Sequence[int], settings: WalletSettings
) -> tuple[DecimalMark, bool]:
    if not places:
        return ".", False
    comma, point, either, grouped, example = session.execute(
        f"{_one_column(relation, places)} SELECT count(*) FILTER (regexp_full_match(t, '{COMMA_IS_DECIMAL}')), "
        f"count(*) FILTER (regexp_full_match(t, '{POINT_IS_DECIMAL}')), count(*) FILTER (regexp_full_match(t, '{EITHER_MARK}')), "
        rf"count(*) FILTER (regexp_full_match(t, '[+-]?\d{{1,3}}([.,]\d{{3}})+([.,]\d+)?')), "
        f"min(t) FILTER (regexp_full_match(t, '{EITHER_MARK}')) "
        "FROM (SELECT trim(v) AS t FROM texts)"
    )[0]
    return decide_mark(name, comma, point, either, example, settings.decimal), bool(grouped)
