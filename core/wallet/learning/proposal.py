# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""A proposal of how to read an unknown file: fields, unit, marks and dates, and its first rows read that way.

The import itself reads the rows shown, so what is shown is what will count.
"""

from __future__ import annotations

import re
import shlex
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from core.answer import Answer, Column, Emphasis, Figure, Note, Table, group_digits, number
from core.answer import day as shown_day
from core.config import GenericProfile
from core.days import MONTHS_IN_YEAR
from core.errors import ExportError, UndecidedColumnsError
from core.records import NamedTuple
from core.wallet.export_tables import EXPORT_TABLES, TABLES
from core.wallet.ingest import deliveries_in, find_grids, recognize
from core.wallet.ingest.profiles import (
    base_profile,
    field_called,
    generic_profile,
    known_columns,
    learning,
    match,
    recognise,
    spoken_fields,
)
from core.wallet.ingest.tables import TOTAL
from core.wallet.ingest.values import bare_number, mark_stated, order_stated
from core.wallet.learning.column_guess import (
    AMOUNT_WORDS,
    GRANTED,
    ROWS_LOOKED_AT,
    SCALED,
    SampledColumn,
    find_span,
    guess_amount,
    guess_date,
    guess_texts,
    is_moment,
)
from core.wallet.usage import flex_prices
from core.warehouse import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from core.answer import Value
    from core.config import AmountUnit, DateOrder, DecimalMark, WalletSettings
    from core.context import Context
    from core.wallet.ingest import Grid, ImportPlan, Record, SourceFile
    from core.warehouse import Session

T = TypeVar("T")

HEADER_WITHIN_ROWS = 60
SHOWN_ROWS = 3
MAX_SHOWN = 14  # characters of a cell, so that three rows fit on a terminal
MIN_COLUMNS = 2
NAMES_OF_USE = frozenset({"agent", "action", "department", "use case", "user", "org"})
FOREIGN_MONEY = re.compile(r"[€£¥₹]|\b(?:eur|gbp|chf|jpy|inr)\b", re.IGNORECASE)
KINDS = {table.kind: table.spoken for table in EXPORT_TABLES if table.spoken}
# Fields in users' words, each with its meaning.
FIELDS = {
    "date": "date or time",
    "credits": "amount",
    "actions": "number of actions",
    "agent": "agent",
    "action": "action",
    "department": "department",
    "use case": "use case",
    "user": "user",
    "environment": "environment",
    "org": "org",
    "card": "card",
    "type": "kind of use",
    "id": "key of the row",
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user states about a file: the header of each field, in users' words, and what not to guess.

    is_whole: whether the other columns have no field, because the user has seen them all.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    unit: AmountUnit | None = None
    rate: Decimal | None = None
    like: str | None = None
    name: str | None = None
    is_whole: bool = False


class Proposal(NamedTuple):
    """How a file could be read. is_needed: whether app.yaml must state it, because nothing else does. columns: its headers."""

    profile: GenericProfile
    answer: Answer
    is_needed: bool
    columns: tuple[str, ...]


def propose_instead(path: Path, context: Context, refused: ExportError) -> Proposal:
    """Return how a file that an import refused could be read.

    Raises: ExportError, the refusal, if that is unclear; UndecidedColumnsError, if only its table is found.
    """
    try:
        return propose_profile(path, context, Wishes())
    except UndecidedColumnsError:
        raise
    except ExportError:
        raise refused from None


def propose_profile(path: Path, context: Context, wishes: Wishes) -> Proposal:
    """Return how a file could be read, with its first rows read that way.

    Raises: ExportError, if it has no table with a time and an amount, or if it is unclear which columns have them.
    """
    settings = context.config.wallet
    with _opened(path, settings) as (session, delivered, spool):
        grid, headers, rows = _table(delivered, spool, session, settings)
        columns = [_sample(header, place, rows) for place, header in enumerate(headers)]
        entry = _entry(path, [column for column in columns if column.header], len(rows), context, wishes)
        entry = _named(_with_known_columns(entry, headers), settings, wishes)
        is_needed = _says_more(entry, grid.name, headers, settings)
        others = tuple(one for one in settings.profiles if one.name != entry.name)
        trial = settings._replace(profiles=(*others, entry)) if is_needed else settings
        plans = recognize(session, delivered, spool, trial)
        plan = next(plans)
        if is_needed and plan.match.profile.mapped != entry:
            raise ExportError(f"{path.name} is read as {plan.match.profile.title} whatever is mapped.")
        is_of_months = any(one.header == entry.columns["date"] and one.is_first_days_of_months for one in columns)
        answer = _answer(path, plan, entry, _lines_of(grid), session, is_needed=is_needed, is_of_months=is_of_months)
    return Proposal(entry, answer, is_needed, tuple(filter(None, headers)))


@contextmanager
def _opened(path: Path, settings: WalletSettings) -> Iterator[tuple[Session, SourceFile, Path]]:
    with (
        tempfile.TemporaryDirectory(prefix="agentcost-") as folder,
        open_warehouse(Path(folder) / "learn.duckdb") as warehouse,
        warehouse.spool() as spool,
        warehouse.reading() as session,
    ):
        files = deliveries_in(path, spool, settings.max_expanded_bytes)
        if len(files) != 1:
            raise ExportError(f"{path.name} holds {len(files)} files. Unpack it, and learn one of them.")
        yield session, files[0], spool


# The table


def _table(
    delivered: SourceFile, spool: Path, session: Session, settings: WalletSettings
) -> tuple[Grid, list[str], list[tuple[str, ...]]]:
    """Return the grid with the widest table, its headers, and its first rows."""
    best: tuple[int, Grid, int, list[str]] | None = None
    for grid in find_grids(delivered, spool, session, settings):
        found = _header(grid, settings)
        if found and (best is None or len(found[1]) > best[0]):
            best = len(found[1]), grid, *found
    if any(_is_wide_in_time(row) for row in _first_rows_of(delivered, spool, session, settings)):
        raise UndecidedColumnsError(
            f"{delivered.name} has a column for each day or month. Write the day into one column and the credits into another, "
            f"a row for each day, then: {learning(delivered.name)}",
            (),
        )
    if best is None:
        raise ExportError(
            f"{delivered.name} has no table with a header, and below it days or times and numbers. Give it one, a row for each "
            f"day, then: {learning(delivered.name)}. "
            f"What is read of it now: agentcost import --explain {shlex.quote(delivered.name)}"
        )
    _, grid, place, headers = best
    rows = [record.fields for record in islice(grid.rows(), place + 1, place + 1 + ROWS_LOOKED_AT) if any(record.fields)]
    return grid, headers, [row for row in rows if sum(1 for cell in row if cell.strip()) >= MIN_COLUMNS and not _is_total(row)]


def _first_rows_of(delivered: SourceFile, spool: Path, session: Session, settings: WalletSettings) -> Iterator[list[str]]:
    for grid in find_grids(delivered, spool, session, settings):
        yield from ([cell.strip() for cell in record.fields] for record in islice(grid.rows(), HEADER_WITHIN_ROWS))


def _is_wide_in_time(row: Sequence[str]) -> bool:
    """Whether a row is the header of day or month columns: a name, distinct days or months, and perhaps a total."""
    filled = [cell for cell in row if cell]
    moments = [cell for cell in filled[1:] if is_moment(cell)]
    others = [cell for cell in filled[1:] if not is_moment(cell) and not TOTAL.fullmatch(cell)]
    return len(moments) >= MIN_COLUMNS and len({*moments}) == len(moments) and not others and not _is_value(filled[0])


def _is_total(row: Sequence[str]) -> bool:
    return bool(TOTAL.fullmatch(next((cell.strip() for cell in row if cell.strip()), "")))


def _header(grid: Grid, settings: WalletSettings) -> tuple[int, list[str]] | None:
    """Return the position and the names of the header row: only words, with other kinds of values below."""
    rows = [[cell.strip() for cell in record.fields] for record in islice(grid.rows(), HEADER_WITHIN_ROWS)]
    ranked = []
    for place, row in enumerate(rows[:-1]):
        filled = [cell for cell in row if cell]
        if len(filled) < MIN_COLUMNS or len({*filled}) < len(filled) or any(map(_is_value, filled)):
            continue
        below = next((other for other in rows[place + 1 :] if any(other)), [])
        if any(_is_value(cell) for cell, header in zip(below, row, strict=False) if header and cell):
            ranked.append((known_columns(tuple(row), settings), len(filled), -place))
    return (-max(ranked)[2], rows[-max(ranked)[2]]) if ranked else None


def _is_value(cell: str) -> bool:
    column = SampledColumn("", (cell,))
    return column.is_numbers or column.is_times


def _sample(header: str, place: int, rows: Sequence[tuple[str, ...]]) -> SampledColumn:
    cells = (row[place].strip() for row in rows if place < len(row))
    return SampledColumn(header, tuple(cell for cell in cells if cell))


def _lines_of(grid: Grid) -> dict[int, Record]:
    """Return the first rows of a grid by line number in the file."""
    return {record.line: record for record in islice(grid.rows(), HEADER_WITHIN_ROWS + ROWS_LOOKED_AT)}


# The guess


def _entry(path: Path, columns: Sequence[SampledColumn], row_count: int, context: Context, wishes: Wishes) -> GenericProfile:
    said = {word.strip().lower().replace("_", " "): _column(path, columns, header) for word, header in wishes.fields.items()}
    said = {{"time": "date", "day": "date", "amount": "credits"}.get(word, word): column for word, column in said.items()}
    free = [column for column in columns if column not in said.values()]
    date = said.get("date") or guess_date(free)
    span = None if "date" in said else find_span(free)
    if span or (date and "date" not in said and date.is_days_of_periods):
        raise UndecidedColumnsError(
            _of_longer(path, " to ".join(one.header for one in span or (date,) if one)), _headers(columns)
        )
    if date is None:
        raise UndecidedColumnsError(_no_days(path, columns), _headers(columns))
    amount, unit = _amount(path, said.get("credits"), [c for c in free if c is not date], columns)
    chosen = {"date": date, "credits": amount}
    texts = {} if wishes.is_whole else guess_texts([column for column in free if column not in chosen.values()], row_count)
    fields = {**chosen, **texts, **said}
    like = wishes.like or ("events" if fields.keys() & NAMES_OF_USE or not _is_days(date) else "daily")
    known = spoken_fields(base_profile(like, "--like"))
    for word in said:
        if word not in known and field_called(word, base_profile(like, "--like")) is None:
            raise ExportError(f"--map {word}=…: {like} knows {', '.join(known)}.")
    if "id" in texts and not _is_sound_key(texts["id"]):
        del fields["id"]
    fields = {word: column for word, column in fields.items() if word in said or word in known}
    wanted_unit: AmountUnit = wishes.unit or unit
    return GenericProfile(
        name=wishes.name or _profile_name(path),
        like=like,
        columns={word: column.header for word, column in fields.items()},
        unit=wanted_unit,
        rate=_rate(wanted_unit, wishes.rate, context),
        decimal=_decimal(amount, context.config.wallet),
        date_order=_date_order(date, context.config.wallet),
        export_time_zone=_time_zone(date, context),
    )


def _with_known_columns(entry: GenericProfile, headers: Sequence[str]) -> GenericProfile:
    """Return a profile that also maps the columns known without it, so that it applies only to such files."""
    profile = generic_profile(entry)
    found = match(profile, headers)
    mapped = {field_called(word, profile) for word in entry.columns}
    words = {column: word for word, column in spoken_fields(profile).items()}
    more = {words.get(column, column): found.header(column) for column in found.places if column not in mapped}
    return entry._replace(columns={**entry.columns, **more})


def _named(entry: GenericProfile, settings: WalletSettings, wishes: Wishes) -> GenericProfile:
    """Return a profile under an unused name, or under its existing name."""
    alike = next((one for one in settings.profiles if one._replace(name="") == entry._replace(name="")), None)
    if alike:
        return alike
    taken = {one.name for one in settings.profiles}
    names = (f"{entry.name}_{nth}" for nth in count(2))
    return entry if wishes.name or entry.name not in taken else entry._replace(name=next(n for n in names if n not in taken))


def _column(path: Path, columns: Sequence[SampledColumn], header: str) -> SampledColumn:
    plain = header.strip().lower()
    found = next((column for column in columns if column.header.strip().lower() == plain), None)
    if found is None:
        known = ", ".join(column.header for column in columns)
        raise ExportError(f'{path.name} has no column "{header}". Its columns are {known}.')
    return found


def _amount(
    path: Path, said: SampledColumn | None, free: Sequence[SampledColumn], columns: Sequence[SampledColumn]
) -> tuple[SampledColumn, AmountUnit]:
    found = guess_amount([said] if said else free, None)
    headers = _headers(columns)
    if found is None:
        sentence = f"No column of {path.name} holds numbers of credits. {_say_which(path, 'credits', columns)}"
        raise UndecidedColumnsError(sentence, headers)
    if len(found.columns) > 1:
        names = ", ".join(column.header for column in found.columns)
        rows = "write the names into one column and the credits into another"
        wide = f" If each is an agent's, {rows}, then: {learning(path.name)}" if _is_wide(found.columns, free) else ""
        which = _say_which(path, "credits", found.columns)
        raise UndecidedColumnsError(f"Several columns of {path.name} may hold the credits: {names}. {which}.{wide}", headers)
    amount = found.columns[0]
    if any(FOREIGN_MONEY.search(text) for text in (amount.header, *amount.cells)):
        raise UndecidedColumnsError(
            f"{amount.header} of {path.name} is money other than dollars, which I do not convert. Map credits or actions.",
            headers,
        )
    if said is None and GRANTED & {*amount.words}:
        raise UndecidedColumnsError(
            f"{amount.header} of {path.name} counts credits that were bought, not used. Write them in app.yaml under "
            "contract.grants; what is used comes from an export of use.",
            headers,
        )
    if SCALED & {*amount.words}:
        raise UndecidedColumnsError(
            f"{amount.header} of {path.name} seems to count thousands or millions, which I do not scale. Export whole credits.",
            headers,
        )
    unit: AmountUnit = "actions" if found.unit == "actions" else "dollars" if found.unit == "dollars" else "credits"
    return amount, unit


def _no_days(path: Path, columns: Sequence[SampledColumn]) -> str:
    """Return why no column is taken for days, and what to do."""
    longer = next((column for column in columns if column.is_periods), None)
    yearless = next((column for column in columns if column.lacks_years), None)
    if yearless:
        return f"{yearless.header} of {path.name} holds days without a year. Write the year too, then: {learning(path.name)}"
    if longer:
        return _of_longer(path, longer.header)
    return f"No column of {path.name} holds days or times. {_say_which(path, 'date', columns)}"


def _of_longer(path: Path, what: str) -> str:
    return (
        f"{what} of {path.name} holds months, weeks or years, and all credits of one would count on one day. "
        f"Export a row for each day, then: {learning(path.name)}. Or give each row a date, and name it: "
        f"{learning(path.name)} --map date=…"
    )


def _headers(columns: Sequence[SampledColumn]) -> list[str]:
    return [column.header for column in columns]


def _say_which(path: Path, word: str, columns: Sequence[SampledColumn]) -> str:
    example = columns[0].header if columns else "…"
    return f"Say which: {learning(path.name)} --map {shlex.quote(f'{word}={example}')}"


def _is_wide(amounts: Sequence[SampledColumn], free: Sequence[SampledColumn]) -> bool:
    """Whether number columns stand for names: no header says what is counted, and no other column has names."""
    says = {word for words in AMOUNT_WORDS.values() for word in words}
    return not any(says & {*column.words} for column in amounts) and all(column in amounts for column in free)


def _is_days(column: SampledColumn) -> bool:
    return not any(":" in cell for cell in column.cells)


def _is_sound_key(column: SampledColumn) -> bool:
    return not any(re.fullmatch(r"\d([.,]\d+)?E\+\d+", cell, re.IGNORECASE) for cell in column.cells)


def _profile_name(path: Path) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", path.name.split(".")[0].lower()).strip("_")
    return plain or "export"


def _rate(unit: AmountUnit, wished: Decimal | None, context: Context) -> Decimal | None:
    """Return the credits of an action or the dollars of a credit: as stated, else from the price book and the contract."""
    if unit == "credits":
        return None
    return wished or (context.prices.value("action.production") if unit == "actions" else flex_prices(context.prices).contract)


def _decimal(amount: SampledColumn, settings: WalletSettings) -> DecimalMark | None:
    """Return the decimal mark to propose; None if the numbers, or the setting for all exports, are clear enough.

    If the numbers allow two readings, credits come in thousands, not in thousandths.
    """
    bare = [found for cell in amount.cells if (found := bare_number(cell))]
    proven = {mark for mark in map(mark_stated, bare) if mark in {",", "."}}
    if proven:
        return _against(proven, settings.decimal)
    either = next((number for number in bare if mark_stated(number) == "either"), None)
    return None if either is None or settings.decimal else "," if "." in either else "."


def _date_order(date: SampledColumn, settings: WalletSettings) -> DateOrder | None:
    """Return the order of dates to propose; None if the dates, or the setting for all exports, are clear enough.

    If the dates allow two orders, month first is proposed for time zones in America, and day first elsewhere.
    """
    numbered = [found for cell in date.cells if (found := order_stated(cell))]
    proven: set[DateOrder] = {
        "day_first" if first > MONTHS_IN_YEAR else "month_first"
        for first, second, _ in numbered
        if max(first, second) > MONTHS_IN_YEAR
    }
    if proven or any(mark == "." for *_, mark in numbered):
        return _against(proven or {"day_first"}, settings.date_order)
    if not numbered or settings.date_order:
        return None
    return "month_first" if settings.time_zone.startswith("America/") else "day_first"


def _against(proven: set[T], setting: T | None) -> T | None:
    """Return what a file proves if it contradicts the setting for all exports."""
    return next(iter(proven)) if setting and proven != {setting} and len(proven) == 1 else None


def _time_zone(date: SampledColumn, context: Context) -> str | None:
    """Return the zone to propose for times that state none: the team's."""
    settings = context.config.wallet
    is_clear = _is_days(date) or settings.export_time_zone or settings.time_zone in {"UTC", "Etc/UTC"}
    states_zone = any(re.search(r"(?:Z|[+-]\d{2}:?\d{2}|UTC|GMT)\s*$", cell) for cell in date.cells)
    return None if is_clear or states_zone else settings.time_zone


def _says_more(entry: GenericProfile, name: str, headers: Sequence[str], settings: WalletSettings) -> bool:
    """Whether the profile adds anything to what can be read without it."""
    if entry.unit != "credits" or entry.decimal or entry.date_order or entry.export_time_zone:
        return True
    try:
        plain = recognise(name, headers, settings)
    except ExportError:
        return True
    profile = generic_profile(entry)
    mapped = {field_called(word, profile): header for word, header in entry.columns.items()}
    return any(column not in plain.places or plain.header(column) != header for column, header in mapped.items() if column)


# The answer


def _answer(  # noqa: PLR0913 -- what is shown, and where it is from
    path: Path,
    plan: ImportPlan,
    entry: GenericProfile,
    lines: Mapping[int, Record],
    session: Session,
    *,
    is_needed: bool,
    is_of_months: bool,
) -> Answer:
    rows, faulty, credits_in_all, first, last = session.execute(
        f"SELECT count(*), count(fault), coalesce(sum({_amount_column(plan)}) FILTER (fault IS NULL), 0),"
        f" min({_time_column(plan)}) FILTER (fault IS NULL), max({_time_column(plan)}) FILTER (fault IS NULL) FROM incoming"
    )[0]
    span = "" if first is None else shown_day(first) if first == last else f"{shown_day(first)} to {shown_day(last)}"
    kind = KINDS[entry.like]
    bad = f", {group_digits(faulty)} of which cannot be read" if faulty else ""
    said = f", {number(credits_in_all)} credits, {span}" if first else ""
    headline = f"{path.name} can be read as {kind}: {group_digits(rows)} row{'' if rows == 1 else 's'}{bad}{said}."
    columns = (
        Column("header", "Column", "text"),
        Column("field", "Read as", "text"),
        *(Column(f"row_{nth}", f"Row {nth}", "text") for nth in range(1, min(SHOWN_ROWS, rows) + 1)),
    )
    table = Table("columns", "Columns", columns, tuple(_column_rows(plan, entry, lines, session)))
    return Answer(
        question=f"import --learn {path.name}",
        title="How a file could be read",
        headline=headline,
        as_of=datetime.now(UTC).date(),
        figures=(
            Figure("rows_read", "Rows", Decimal(rows), "count"),
            Figure("rows_rejected", "Rows that cannot be read", Decimal(faulty), "count"),
        ),
        tables=(table,),
        notes=tuple(_notes(plan, entry, is_needed=is_needed, is_of_months=is_of_months)),
        emphasis=Emphasis((), "columns"),
    )


def _time_column(plan: ImportPlan) -> str:
    """Return the column of the team's day, else that of the time."""
    if TABLES[plan.match.profile.table].time:
        return "day"
    return next(f.column for f in plan.match.profile.fields if f.is_required and f.kind in {"instant", "day"})


def _amount_column(plan: ImportPlan) -> str:
    return next(f.column for f in plan.match.profile.fields if f.is_required and f.kind == "number")


def _column_rows(
    plan: ImportPlan, entry: GenericProfile, lines: Mapping[int, Record], session: Session
) -> Iterator[tuple[Value, ...]]:
    """Yield each column of the file with its field, and the first rows' cells as written and as read."""
    words = {column: word for word, column in spoken_fields(base_profile(entry.like, "--like")).items()}
    words |= {column: word for word in entry.columns if (column := field_called(word, plan.match.profile))}
    fields = {place: column for column, place in plan.match.places.items()}
    shown = _first_rows(plan, lines, session)
    for place, header in enumerate(plan.match.headers):
        if not header:
            continue
        column = fields.get(place, "")
        cells = [_read(cells[place] if place < len(cells) else "", read.get(column), column, entry) for cells, read in shown]
        blank = [""] * (min(SHOWN_ROWS, plan.staged.rows) - len(cells))
        yield (header, words.get(column, column) if column else "(kept as it is)", *cells, *blank)


def _first_rows(
    plan: ImportPlan, lines: Mapping[int, Record], session: Session
) -> list[tuple[tuple[str, ...], dict[str, object]]]:
    """Return the first rows as written in the file, each with the values read from its columns."""
    names = [f.column for f in plan.match.profile.fields if f.column in plan.match.places]
    stored = [name for name in names if name not in {"department", "use_case"}]
    found = session.execute(f"SELECT {', '.join(stored)} FROM incoming ORDER BY rowid LIMIT {SHOWN_ROWS}")
    delivered = [lines[line].fields for line in plan.first_lines(SHOWN_ROWS) if line in lines]
    return [(cells, dict(zip(stored, row, strict=True))) for cells, row in zip(delivered, found, strict=False)]


def _read(cell: str, read: object, column: str, entry: GenericProfile) -> str:
    """Return a cell and, if different, the value read from it."""
    cell = _shorten(cell.strip())
    if read is None or not column:
        return cell if not column or column in {"department", "use_case"} or not cell else f"{cell} → ?"
    if isinstance(read, Decimal):
        text = f"{number(read)} credits" if column == "credits" and entry.unit != "credits" else number(read)
    elif isinstance(read, date):
        text = f"{read:%Y-%m-%d %H:%M} UTC" if isinstance(read, datetime) and ":" in cell else f"{read:%Y-%m-%d}"
    else:
        text = _shorten(str(read))
    return cell if text == cell else f"{cell} → {text}"


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_SHOWN or all(sign in "0123456789.,:-/ TZ" for sign in text) else f"{text[: MAX_SHOWN - 1]}…"


def _reading_notes(entry: GenericProfile, plan: ImportPlan) -> Iterator[Note]:
    """Yield what was decided because the file leaves it open, or against the setting for all exports."""
    if entry.decimal:
        mark = {",": "comma", ".": "point"}[entry.decimal]
        yield Note("warning", f"Numbers are read with a decimal {mark}; credits come in thousands, not in thousandths.")
    if entry.date_order:
        yield Note("warning", f"Dates are read {entry.date_order.replace('_', ' ')}.")
    if entry.export_time_zone:
        yield Note("warning", f"Times state no zone; they are read in {entry.export_time_zone}, the team's.")
    yield from (Note("warning", sentence) for sentence in plan.prepared.doubts)


def _notes(plan: ImportPlan, entry: GenericProfile, *, is_needed: bool, is_of_months: bool) -> Iterator[Note]:
    if entry.unit == "actions":
        yield Note("warning", f"{entry.columns['credits']} counts actions, of {number(entry.rate or Decimal(0))} credits each.")
    if entry.unit == "dollars":
        yield Note("warning", f"{entry.columns['credits']} is in dollars, at ${entry.rate:f} a credit.")
    if is_of_months:
        yield Note(
            "warning",
            f"Every day in {entry.columns['date']} is the first of a month. If its rows are sums of months, all credits of "
            "a month count on one day, and burn, spikes and forecasts are wrong: export by day.",
        )
    yield from _reading_notes(entry, plan)
    yield from (Note("assumption", sentence) for sentence in (*plan.prepared.readings, *plan.reading.sentences()))
    if not is_needed:
        yield Note("assumption", "It is read so without a profile in app.yaml.")
