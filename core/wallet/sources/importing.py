"""A source into the warehouse: its engine adds up what is new, and the sums are stored in one transaction or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from core.errors import ExportError, InputError
from core.records import NamedTuple
from core.wallet.ingest import FileReport, ImportReport, rebuild_if_settings_changed, report_import
from core.wallet.ingest.profiles import generic_profile, match, recognise
from core.wallet.sources.engine import OpenTable, open_table
from core.wallet.sources.landing import Pull, find_state, land, reading_key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    import ibis.expr.types as ir

    from core.config import SourceSettings, WalletSettings
    from core.wallet.ingest.profiles import ProfileMatch
    from core.wallet.sources.landing import SourceState
    from core.warehouse import Session, Warehouse

YEARS_AHEAD = 2
"""Events are from this year or the next; clock changes are known up to then."""


class _SumsRequest(NamedTuple):
    """A request to an engine. is_whole: for all days."""

    expression: ir.Table
    match: ProfileMatch
    read_with: str
    is_whole: bool


def source_called(name: str, sources: Sequence[SourceSettings]) -> SourceSettings:
    """Return the source of app.yaml with a name, ignoring case. Raises: InputError, if there is none."""
    found = next((one for one in sources if one.name.lower() == name.lower()), None)
    if found is None:
        has = f"there are {', '.join(one.name for one in sources)}" if sources else "there are none yet (docs/sources.md)"
        raise InputError(f"app.yaml has no source {name} under sources: {has}.")
    return found


def import_source(  # noqa: PLR0913 -- a source, and how it comes in
    warehouse: Warehouse,
    source: SourceSettings,
    settings: WalletSettings,
    now: datetime,
    *,
    is_whole: bool = False,
    before_commit: Callable[[Session, FileReport], None] | None = None,
) -> ImportReport:
    """Have a source's engine add up the days on which anything was processed since the last import, and store the sums.

    is_whole: all days, as the first time, and whenever the settings for reading the table have changed.
    before_commit: called inside the transaction, after its checks.
    Raises: InputError, MachineError, if the engine cannot be asked; ExportError, if its table cannot be read exactly, or its
    events would count twice; MachineError, if a check fails.
    """
    rebuild_if_settings_changed(warehouse, settings)
    with open_table(source) as opened, warehouse.spool() as spool:
        with warehouse.reading() as session:
            state = find_state(session, source.name)
        asked = _ask(opened, settings, None if is_whole else state, now.date())
        path = spool / "sums.parquet"
        opened.write_parquet(asked.expression, path)
        with warehouse.writing() as session:
            if find_state(session, source.name) != state:
                raise ExportError(f"Source {source.name} was imported by somebody else meanwhile. Nothing was imported twice.")
            report = land(session, Pull(source, asked.match, path, asked.is_whole, asked.read_with), settings, now, spool)
            if before_commit:
                before_commit(session, report)
    return report_import(warehouse, settings, [report], [])


def explain_source(
    source: SourceSettings,
    settings: WalletSettings,
    now: datetime,
    reading: Callable[[], AbstractContextManager[Session]] | None,
    *,
    is_whole: bool = False,
) -> str:
    """Return the statement that the next import of a source would have its engine run; runs nothing.

    reading: returns a session of the warehouse; None if there is none yet. Raises: as `import_source` before it asks.
    """
    state = None
    if reading and not is_whole:
        with reading() as session:
            state = find_state(session, source.name)
    with open_table(source) as opened:
        return opened.statement(_ask(opened, settings, state, now.date()).expression)


def _ask(opened: OpenTable, settings: WalletSettings, state: SourceState | None, today: date) -> _SumsRequest:
    """Return the request to an engine."""
    from core.wallet.sources.statement import Wanted, roll_up_events  # noqa: PLC0415 -- of the extra

    source = opened.source
    found = _recognise(source, opened.table.columns, settings)
    read_with = reading_key_of(source, found, settings)
    since = None
    if state and state.read_with == read_with and state.processed_through and "processed_time" in found.places:
        since = state.processed_through.replace(tzinfo=UTC) - timedelta(hours=source.overlap_hours)
    wanted = Wanted(source.first_day, date(today.year + YEARS_AHEAD, 1, 1), since)
    return _SumsRequest(roll_up_events(opened.table, found, settings, wanted, opened.dialect), found, read_with, since is None)


def _recognise(source: SourceSettings, headers: Sequence[str], settings: WalletSettings) -> ProfileMatch:
    """Return which of a table's columns are which of ours. Raises: ExportError, if they are not those of events with ids."""
    name = f"source {source.name}"
    own = next((entry for entry in settings.profiles if entry.name == source.profile), None)
    found = match(generic_profile(own), headers) if own else recognise(name, headers, settings)
    if found.profile.table != "usage_events":
        raise ExportError(
            f"The table {source.table} of {name} is taken as {found.profile.title}: a source is a table of events. Import the"
            " others as files."
        )
    for column in ("id", "event_time", "credits"):
        if column not in found.places:
            field = found.profile.field(column)
            raise ExportError(
                f"The table {source.table} of {name} has no column for {field.label or 'the key of an event'} (looked for"
                f" {', '.join(field.headers[:2])}). Say in a profile of wallet.profiles which it is, and name that under"
                f" sources.{source.name}.profile."
            )
    return found
