"""How the wallet is read, and which external tables it is read from: the `wallet` and `sources` sections of app.yaml."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from core.config.setting import Day, ListOf, NamedValues, Number, OneOf, Setting, SettingGroup, Text, Whole
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DateOrder = Literal["day_first", "month_first"]
DecimalMark = Literal[",", "."]
AmountUnit = Literal["credits", "actions", "dollars"]
RATE_PLACES = Decimal("0.0000000001")
Drawdown = Literal["earliest_expiry", "granted_first", "granted_last"]


# The encodings that Salesforce offers for reports, and Excel's of eastern Europe. Source: Salesforce's help on exporting reports.
ENCODINGS = {
    "windows-1252": "Western",
    "shift_jis": "Japanese",
    "euc-kr": "Korean",
    "gb18030": "Chinese",
    "big5": "Chinese",
    "euc-jp": "Japanese",
    "windows-1250": "Central European",
    "windows-1251": "Cyrillic",
}

WALLET = SettingGroup(
    (
        Setting(
            "date_order",
            OneOf(("day_first", "month_first")),
            "how 07/08/2026 is read in exports",
            usual="decided from the file",
            starter="day_first",
            remark="how 07/08/2026 is read, where an export allows two readings",
        ),
        Setting(
            "export_time_zone",
            Text(),
            "the time zone of times in exports that name none, such as Europe/Berlin",
            starter="Europe/Berlin",
            remark="the zone of times in exports that name none",
        ),
        Setting(
            "decimal",
            OneOf((",", ".")),
            "the decimal mark of exports",
            usual="decided from the file",
            starter='","',
            remark="the decimal mark of exports",
        ),
        Setting(
            "encoding",
            OneOf(tuple(ENCODINGS)),
            "how the text of exports that are not Unicode is encoded",
            usual="decided from the file",
            starter="windows-1252",
            remark="how text that is not Unicode is encoded",
        ),
        Setting(
            "department_tags",
            ListOf(Setting("tag", Text(), "the name of a tag")),
            "a list of tag names that say the department; the first found wins",
            ("department", "dept", "cost center"),
            starter="[department]",
            remark="tags that say the department; the first found wins",
        ),
        Setting(
            "use_case_tags",
            ListOf(Setting("tag", Text(), "the name of a tag")),
            "a list of tag names that say the use case; the first found wins",
            ("use case",),
            starter="[use case]",
        ),
        Setting(
            "drawdown",
            OneOf(("earliest_expiry", "granted_first", "granted_last")),
            "which grant is used up first",
            "earliest_expiry",
            starter="earliest_expiry",
            remark="or granted_first, granted_last",
        ),
        Setting(
            "grain_tolerance_percent",
            Number(0, maximum=20),
            "how many percent less than a coarser export a finer one may hold for a day and still count as complete",
            Decimal("0.5"),
            starter="0.5",
            remark="how much less than days (or hours) events may hold and still be complete",
        ),
        Setting(
            "max_expanded_bytes",
            Whole(1),
            "the most bytes that one compressed file may expand to",
            8 * 1024**3,
            starter="8589934592",
            remark="the most that one compressed file may expand to",
        ),
        Setting(
            "default_card",
            Text(),
            "the card of rows that name none; not to be changed once grants or balances are imported",
            "FlexCredits",
        ),
        Setting(
            "transaction_types",
            NamedValues(Setting("effect", OneOf(("adds", "takes_away", "ignored")), "what a row of this type does to the pool")),
            "types of the ledger that are not known: what their rows do to the pool",
            starter="{Promotion: adds}",
            remark="what the ledger's rows of other types do: adds, takes_away or ignored",
        ),
        Setting(
            "profiles",
            NamedValues(
                Setting(
                    "profile",
                    SettingGroup(
                        (
                            Setting(
                                "like",
                                OneOf(("events", "hourly", "daily", "ledger", "ai_usage")),
                                "what a row of the export is",
                                is_required=True,
                            ),
                            Setting(
                                "columns",
                                NamedValues(Setting("header", Text(), "the header in the file")),
                                "our field → the header in the file, for example agent: Bot",
                                is_required=True,
                            ),
                            Setting("unit", OneOf(("credits", "actions", "dollars")), "what the amount counts", "credits"),
                            Setting(
                                "rate",
                                Number(above=0),
                                "credits that an action takes, or dollars that a credit costs; where the unit is not credits",
                            ),
                            Setting("decimal", OneOf((",", ".")), "the decimal mark of this export", usual="as in all exports"),
                            Setting(
                                "date_order",
                                OneOf(("day_first", "month_first")),
                                "how 07/08/2026 is read in this export",
                                usual="as in all exports",
                            ),
                            Setting(
                                "export_time_zone",
                                Text(),
                                "the time zone of times in this export that name none",
                                usual="as in all exports",
                            ),
                        )
                    ),
                    "a profile has like and columns",
                )
            ),
            "mappings for exports from other systems, by name",
            starter="""
  helpdesk:
    like: events
    columns: {credits: Units, date: Happened At, agent: Bot}""",
            remark="exports from other systems",
        ),
    )
)


class GenericProfile(NamedTuple):
    """A third-party export, read like a built-in one.

    like: the built-in profile whose meaning the rows have: events, daily, hourly, ledger or ai_usage.
    columns: our field (`credits`, `date`, `agent`, …) → the file's header, matched without case, spaces or underscores.
    unit, rate: what the amount counts, and credits per action or dollars per credit.
    decimal, date_order, export_time_zone: for this export only; None to use the general settings.
    """

    name: str
    like: str
    columns: Mapping[str, str]
    unit: AmountUnit = "credits"
    rate: Decimal | None = None
    decimal: DecimalMark | None = None
    date_order: DateOrder | None = None
    export_time_zone: str | None = None

    @property
    def factor(self) -> Decimal | None:
        """The factor that converts the amount to credits; None if it is already credits."""
        if self.rate is None:
            return None
        return self.rate if self.unit == "actions" else (1 / self.rate).quantize(RATE_PLACES)


class WalletSettings(NamedTuple):
    """How exports are read and added up; the defaults need no app.yaml.

    time_zone: the team's, which determines its days.
    date_order, export_time_zone, decimal: None to infer from the file, and refuse it if it allows two readings.
    encoding: of non-Unicode text, one of `ENCODINGS`; None to infer from the file, and say so if it is uncertain.
    max_expanded_bytes: the maximum size that one compressed file may expand to.
    default_card: the card for rows that name none; must not change once grants or balances are imported.
    grain_tolerance_percent: how much of a coarser export's credits a finer one may lack and still count as complete.
    transaction_types: for unknown types of ledger rows, whether they add, take_away or are ignored.
    department_tags, use_case_tags: names of the tags to use, first found wins; compared without case or spaces.
    """

    time_zone: str = "UTC"
    date_order: DateOrder | None = None
    export_time_zone: str | None = None
    decimal: DecimalMark | None = None
    encoding: str | None = None
    max_expanded_bytes: int = WALLET.default("max_expanded_bytes")
    default_card: str = WALLET.default("default_card")
    department_tags: tuple[str, ...] = WALLET.default("department_tags")
    use_case_tags: tuple[str, ...] = WALLET.default("use_case_tags")
    drawdown: Drawdown = WALLET.default("drawdown")
    grain_tolerance_percent: Decimal = WALLET.default("grain_tolerance_percent")
    profiles: tuple[GenericProfile, ...] = ()
    transaction_types: tuple[tuple[str, str], ...] = ()


Engine = Literal["spark", "databricks", "trino", "bigquery", "snowflake", "clickhouse", "postgresql", "duckdb"]
ENGINES: tuple[Engine, ...] = ("spark", "databricks", "trino", "bigquery", "snowflake", "clickhouse", "postgresql", "duckdb")
MINUTES = (5, 10, 15, 20, 30, 60)  # the same intervals as for spreadsheets
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

    profile: from wallet.profiles; None to recognise the columns. first_day: earlier events are not imported.
    overlap_hours: how far before the newest processed time an import starts reading again. import_minutes: how often the
    service imports it; None for never.
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
    """Yield what the schema cannot detect: a nonexistent day or profile, two names that differ only in case."""
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
