"""Tables of events that stay in an engine of the company's own: the `sources` section of app.yaml as values."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from core.config.setting import Day, NamedValues, OneOf, Setting, SettingGroup, Text, Whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Engine = Literal["spark", "databricks", "trino", "bigquery", "snowflake", "clickhouse", "postgresql", "duckdb"]
ENGINES: tuple[Engine, ...] = ("spark", "databricks", "trino", "bigquery", "snowflake", "clickhouse", "postgresql", "duckdb")
MINUTES = (5, 10, 15, 20, 30, 60)  # those that the service keeps for spreadsheets too
EARLIEST = "2020-01-01"  # before there were agents to pay for

SOURCE = SettingGroup(
    (
        Setting("engine", OneOf(ENGINES), "what runs the table", is_required=True),
        Setting(
            "table",
            Text(r"^[^.]+(\.[^.]+){0,2}$"),
            "the table or view of usage events, with its schema and catalog: usage.events",
            is_required=True,
        ),
        Setting(
            "profile",
            Text(),
            "the profile of wallet.profiles that says what its columns are",
            usual="recognised by its columns, as a file is",
        ),
        Setting(
            "first_day",
            Day("2026-01-01"),
            "the first day whose events are taken; files may hold what was before",
            EARLIEST,
        ),
        Setting(
            "overlap_hours",
            Whole(0, 8760),
            "how far before the newest processed time an import reads again, for rows that reach the table late",
            72,
        ),
        Setting(
            "import_minutes",
            OneOf(MINUTES),
            "how often `agentcost serve` imports it, in minutes",
            usual="only `agentcost import --source` imports it",
        ),
    )
)
SOURCES = NamedValues(Setting("source", SOURCE, "a source has engine and table"), keys="^[A-Za-z][A-Za-z0-9_]{0,39}$")


class SourceSettings(NamedTuple):
    """One table of usage events in an engine.

    profile: of wallet.profiles; None to recognise the columns. first_day: events of days before are not taken.
    overlap_hours: how far before the newest processed time an import reads again. import_minutes: how often the service
    imports it; None for never.
    """

    name: str
    engine: Engine
    table: str
    profile: str | None = None
    first_day: date = date.fromisoformat(EARLIEST)
    overlap_hours: int = SOURCE.default("overlap_hours")
    import_minutes: int | None = None

    @property
    def variable(self) -> str:
        """The environment variable that holds its address and credentials."""
        return f"AGENTCOST_SOURCE_{self.name.upper()}"


def sources_said(raw: Mapping[str, Mapping[str, Any]]) -> tuple[SourceSettings, ...]:
    """Return the section as values, of raw YAML that fits the schema."""
    return tuple(_read_source(name, one) for name, one in raw.items())


def _read_source(name: str, raw: Mapping[str, Any]) -> SourceSettings:
    said = dict(raw)
    if "first_day" in said:
        said["first_day"] = date.fromisoformat(said["first_day"])
    return SourceSettings(name, **said)


def source_problems(raw: object, profiles: object) -> Iterator[str]:
    """Yield what the schema cannot see: a day or a profile that there is not, two names that differ in case alone."""
    entries = {str(name): one for name, one in raw.items() if isinstance(one, dict)} if isinstance(raw, dict) else {}
    known = [str(name) for name in profiles] if isinstance(profiles, dict) else []
    for name, one in entries.items():
        if (profile := one.get("profile")) is not None and profile not in known:
            has = f"there are {', '.join(known)}" if known else "there are none"
            yield f'sources.{name}.profile is "{profile}": wallet.profiles has no such profile, {has}.'
        if not _is_day(one.get("first_day", EARLIEST)):
            yield f'sources.{name}.first_day is "{one["first_day"]}": there is no such day.'
    for upper, times in Counter(name.upper() for name in entries).items():
        if times > 1:
            yield f"sources: {times} sources are called {upper}, apart from capitals; each has a name of its own."


def _is_day(text: object) -> bool:
    try:
        return bool(date.fromisoformat(str(text)))
    except ValueError:
        return False
