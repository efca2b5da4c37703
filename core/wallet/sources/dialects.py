"""Engine settings for SQL, so that times and texts mean the same in every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from core.wallet.sources.statement import Dialect

if TYPE_CHECKING:
    import ibis.expr.types as ir

UTC_TIME = dt.Timestamp(timezone="UTC")


@ibis.udf.scalar.builtin(signature=((UTC_TIME, dt.string), UTC_TIME))
def at_timezone(instant, zone):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 -- Trino's own
    """Return an instant in the local time of a zone."""


@ibis.udf.scalar.builtin(signature=((dt.string, UTC_TIME), UTC_TIME))
def convert_timezone(zone, instant):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 -- Snowflake's own
    """Return an instant in the local time of a zone."""


@ibis.udf.scalar.builtin(signature=((dt.string, dt.string), dt.binary))
def convert_to(text, encoding):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 -- PostgreSQL's own
    """Return a text's bytes, whose order no collation changes."""


def dialect_of(engine: str) -> Dialect:
    """Return the settings that an engine needs.

    Trino and Snowflake keep the zone in which an instant was written, and cut days by it; PostgreSQL orders texts by the
    collation of the database. All others need nothing: their sessions are set to UTC.
    """
    return Dialect(IN_UTC.get(engine, _as_it_is), BY_BYTES.get(engine, _as_it_is))


def _as_it_is(value: ir.Value) -> ir.Value:
    return value


IN_UTC = {
    "trino": lambda instant: at_timezone(instant, "UTC"),
    "snowflake": lambda instant: convert_timezone("UTC", instant),
}
BY_BYTES = {"postgresql": lambda text: convert_to(text, "UTF8")}
