"""A team's configuration in app.yaml: read once, checked against one schema, with all problems reported at once.

`core/app.schema.json` is that schema; editors use it too. Without a file, list prices and sensible defaults apply.
"""

from __future__ import annotations

import time
from datetime import UTC, date, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from core.cards import FLEX_CREDITS
from core.config.alerts import AlertSettings, alert_settings
from core.config.backup import (
    BackupSettings,
    RetentionSettings,
    backup_settings,
    retention_problems,
    retention_settings,
)
from core.config.budgets import Budget, budget_problems, budgets_said
from core.config.contract import currency_problems, currency_settings
from core.config.formula_api import FormulaApiSettings, formula_api_problems, formula_api_settings
from core.config.registry import app
from core.config.renamed import clashes, deprecations, in_old_words, with_new_names
from core.config.service import ServiceSettings, service_settings
from core.config.setting import problems_of_texts
from core.config.slack import SlackRules, slack_rules
from core.config.spreadsheets import SpreadsheetInput, spreadsheet_problems, spreadsheets_said
from core.config.teams import Team, teams_of
from core.config.tickets import TicketSettings, ticket_problems, ticket_settings
from core.config.wallet import GenericProfile, SourceSettings, WalletSettings, source_problems, sources_said
from core.currency import CurrencySettings, rates_of
from core.days import PeriodCalendar
from core.errors import ConfigError
from core.patterns import compiled
from core.pricing import NO_CONTRACT, ContractPrices, VolumeTier, items, list_volume_tiers, tier_problems
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCHEMA = Path(__file__).parents[1] / "app.schema.json"
# Dollars per dollar: the same in any currency.
RATIOS = frozenset({"flex_agreement.usd_of_credits_per_usd_of_seats"})
SOME_NUMBER = r"[0-9]+(\.[0-9]+)?"
DAY_SHAPED = r"\d{4}-\d{2}-\d{2}"


class GrantInput(NamedTuple):
    """Credits granted according to app.yaml, usable on the half-open days [start, end).

    kind: free or bought; empty if not stated, in which case a grant named Foundations is free. usd: the total paid for it.
    """

    credits: Decimal
    start: date
    end: date
    card: str = FLEX_CREDITS
    label: str = ""
    usd: Decimal | None = None
    kind: str = ""


class Contract(NamedTuple):
    """The team's contract: its half-open term [start, end), contract prices, the grants in app.yaml, tiers by order size.

    currency: the currency of all amounts.
    """

    start: date | None = None
    end: date | None = None
    prices: ContractPrices = NO_CONTRACT
    grants: tuple[GrantInput, ...] = ()
    volume_tiers: tuple[VolumeTier, ...] = ()
    currency: str = "USD"

    def in_dollars(self, settings: CurrencySettings, on: date) -> Contract:
        """Return the contract with every amount in dollars: prices and tiers at a day's rate, grant costs at their start's.

        Raises: NoRateError, for a day without a rate within reach; InputError.
        """
        if self.currency == "USD":
            return self
        rates = rates_of(settings)
        rate = rates.rate(self.currency, on)

        def paid(grant: GrantInput) -> Decimal | None:
            # A grant without its own start has no day other than the question's.
            began = on if grant.start == date.min else min(grant.start, on)
            return rates.rate(self.currency, began).to_usd(grant.usd) if grant.usd else grant.usd

        values = {
            item: rate.to_usd(value) if items()[item]["unit"] == "usd" and item not in RATIOS else value
            for item, value in self.prices.values.items()
        }
        return self._replace(
            prices=self.prices._replace(values=values),
            grants=tuple(grant._replace(usd=paid(grant)) for grant in self.grants),
            volume_tiers=tuple(tier._replace(usd_per_pack=rate.to_usd(tier.usd_per_pack)) for tier in self.volume_tiers),
            currency="USD",
        )


NO_AGREEMENT, DEFAULT_WALLET, DEFAULT_ALERTS = Contract(), WalletSettings(), AlertSettings()
MEMBERS_ONLY, USUAL_SORTING = SlackRules(), TicketSettings()
DOLLARS_ALONE = CurrencySettings()
USUAL_SERVICE, TOKENS_ONLY, EVERYTHING_KEPT = ServiceSettings(), FormulaApiSettings(), RetentionSettings()


class Config(NamedTuple):
    """The whole configuration.

    fiscal_year_start: the month in which it begins, None if not set. words: the team's own words and the meaning of each.
    keep_misses: whether questions that were not understood are kept. users: the directory file that identifies people.
    human_cost_per_contact: dollars per contact handled by a person, None if not set. budgets: those in app.yaml; budgets_file:
    the file with further budgets.
    deprecations: settings that still work but are now written differently; a sentence each.
    """

    path: Path | None = None
    time_zone: str = "UTC"
    week_starts: Literal["monday", "sunday"] = "monday"
    fiscal_year_start: int | None = None
    words: tuple[tuple[str, str], ...] = ()
    keep_misses: bool = True
    users: Path | None = None
    number_format: str = "en"
    currency: CurrencySettings = DOLLARS_ALONE
    human_cost_per_contact: Decimal | None = None
    budgets_file: Path | None = None
    budgets: tuple[Budget, ...] = ()
    contract: Contract = NO_AGREEMENT
    wallet: WalletSettings = DEFAULT_WALLET
    alerts: AlertSettings = DEFAULT_ALERTS
    teams: tuple[Team, ...] = ()
    slack: SlackRules = MEMBERS_ONLY
    tickets: TicketSettings = USUAL_SORTING
    spreadsheets: tuple[SpreadsheetInput, ...] = ()
    formula_api: FormulaApiSettings = TOKENS_ONLY
    service: ServiceSettings = USUAL_SERVICE
    backup: BackupSettings | None = None
    retention: RetentionSettings = EVERYTHING_KEPT
    sources: tuple[SourceSettings, ...] = ()
    deprecations: tuple[str, ...] = ()

    @property
    def period_calendar(self) -> PeriodCalendar:
        """Where weeks and quarters begin."""
        return PeriodCalendar(6 if self.week_starts == "sunday" else 0, self.fiscal_year_start or 1)

    @property
    def zone(self) -> tzinfo:
        """The team's time zone, which determines the days in every answer."""
        return UTC if self.time_zone == "UTC" else zone_named(self.time_zone)


SETTLED_AFTER_NS = 1_000_000_000
_read_configs: dict[Path, tuple[tuple[int, ...], Config]] = {}


def load_config(path: Path | None) -> Config:
    """Return the configuration in a file, read again only if the file has changed; without one, the defaults.

    Raises: ConfigError, naming every problem of the file at once.
    """
    if path is None:
        return Config()
    state = _settled_state(path)
    kept = _read_configs.get(path)
    if kept and state is not None and kept[0] == state:
        return kept[1]
    config = _read_config(path)
    if state is not None and state == _settled_state(path):
        _read_configs[path] = state, config
    return config


def _settled_state(path: Path) -> tuple[int, ...] | None:
    """Return what distinguishes one state of a file from another; None if there is no file.

    Also return None for a file changed a moment ago: a second change within a tick of the file system's clock would be invisible.
    """
    try:
        found = path.stat()
    except OSError:
        return None
    age = time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns)
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns) if age > SETTLED_AFTER_NS else None


def _read_config(path: Path) -> Config:
    raw = read_yaml(path)
    if raw is None:
        return Config(path=path)
    current = with_new_names(raw)
    problems = [*clashes(raw), *(in_old_words(problem, raw) for problem in config_problems(current))]
    if problems:
        raise ConfigError([f"{path.name}: {problem}" for problem in problems])
    return _config(path, current)._replace(deprecations=tuple(deprecations(raw)))


def read_yaml(path: Path) -> Any:  # noqa: ANN401 - what a person wrote may be anything
    """Return the content of the YAML file, numbers exact; None if it has only comments. Raises: ConfigError."""
    text = _text(path)
    if all(line.lstrip().startswith("#") for line in text.splitlines() if line.strip()):
        return None
    from core.config.yaml_files import exact_yaml  # noqa: PLC0415 - a run without settings does not pay for YAML

    try:
        return exact_yaml.loads(text)
    except exact_yaml.YAMLError as error:
        raise ConfigError([f"{path.name} is not YAML: {exact_yaml.describe_error(error)}"]) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError([f"{path} cannot be read: {error.strerror}."]) from error
    except UnicodeDecodeError as error:
        raise ConfigError([f"{path.name} is not UTF-8 text; save it as UTF-8."]) from error


def config_problems(raw: object) -> Iterator[str]:
    """Yield every problem of a configuration, one sentence each."""
    import json  # noqa: PLC0415 - as above

    from core.config.yaml_files.schema_check import schema_problems  # noqa: PLC0415 - as above

    yield from schema_problems(raw, json.loads(SCHEMA.read_text(encoding="utf-8")))
    yield from problems_of_texts(app(), raw)
    if isinstance(raw, dict):
        contract, wallet = (_section(raw.get(name)) for name in ("contract", "wallet"))
        yield from _wrong_zone("time_zone", raw.get("time_zone"))
        yield from currency_problems(raw)
        yield from _wrong_zone("wallet.export_time_zone", wallet.get("export_time_zone"))
        yield from formula_api_problems(_section(raw.get("formula_api")))
        yield from _wrong_term("contract", contract)
        yield from tier_problems(contract.get("volume_tiers"))
        yield from retention_problems(_section(raw.get("retention")))
        yield from source_problems(raw.get("sources"), wallet.get("profiles"))
        yield from ticket_problems(_section(raw.get("tickets")))
        for index, grant in enumerate(contract.get("grants") or ()):
            yield from _wrong_term(f"contract.grants[{index}]", _section(grant))
            yield from _wrong_price(f"contract.grants[{index}]", _section(grant))
        yield from spreadsheet_problems(raw.get("spreadsheets"))
        yield from budget_problems(raw.get("budgets"), raw.get("teams"))


def _section(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, dict) else {}


def zone_named(name: str) -> tzinfo:
    """Return the time zone of that name. Raises: LookupError, ValueError or OSError, if there is none."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - slow to load, and most questions need none

    return ZoneInfo(name)


def _wrong_zone(name: str, zone: object) -> Iterator[str]:
    try:
        zone_named(zone if isinstance(zone, str) and zone else "UTC")
    except (LookupError, ValueError, OSError):
        yield f'{name} is "{zone}": a time zone is a name such as Europe/Berlin or America/New_York.'


def _wrong_term(name: str, section: Mapping[str, Any]) -> Iterator[str]:
    days = {}
    for end in ("start", "end"):
        text = section.get(end)
        if isinstance(text, str) and compiled(DAY_SHAPED).fullmatch(text):
            try:
                days[end] = date.fromisoformat(text)
            except ValueError:
                yield f'{name}.{end} is "{text}": there is no such day.'
    if {"start", "end"} <= days.keys() and days["end"] <= days["start"]:
        yield f"{name}.end is {days['end']}: the end is the day after the last, so it comes after the start, {days['start']}."


def _wrong_price(name: str, grant: Mapping[str, Any]) -> Iterator[str]:
    usd = Decimal(str(grant["usd"])) if compiled(SOME_NUMBER).fullmatch(str(grant.get("usd"))) else None
    if grant.get("kind") == "free" and usd:
        yield f"{name} is free and has usd {usd}: free credits cost nothing; leave one of the two out."
    if grant.get("kind") == "bought" and usd == 0:
        yield f"{name} is bought and has usd 0: write kind free, or what was paid."


def _config(path: Path, raw: Mapping[str, Any]) -> Config:
    contract = raw.get("contract", {})
    start, end = _day(contract.get("start")), _day(contract.get("end"))
    values = {item: Decimal(str(value)) for item, value in contract.get("prices", {}).items()}
    return Config(
        path=path,
        time_zone=raw.get("time_zone", "UTC"),
        week_starts=raw.get("week_starts", "monday"),
        fiscal_year_start=raw.get("fiscal_year_start"),
        words=tuple(raw.get("words", {}).items()),
        keep_misses=raw.get("keep_misses", True),
        users=path.parent / Path(raw["users"]).expanduser() if "users" in raw else None,
        number_format=raw.get("number_format", "en"),
        currency=currency_settings(raw, path.parent),
        human_cost_per_contact=Decimal(str(raw["human_cost_per_contact"])) if "human_cost_per_contact" in raw else None,
        budgets_file=path.parent / Path(raw["budgets_file"]).expanduser() if "budgets_file" in raw else None,
        budgets=budgets_said(raw.get("budgets", ())),
        contract=Contract(
            start=start,
            end=end,
            prices=ContractPrices(values, start, end),
            grants=tuple(_grant(grant, contract) for grant in contract.get("grants", ())),
            volume_tiers=list_volume_tiers(contract.get("volume_tiers", ())),
            currency=contract.get("currency", "USD"),
        ),
        wallet=_wallet(raw.get("wallet", {}), raw.get("time_zone", "UTC")),
        alerts=alert_settings(raw.get("alerts", {})),
        teams=teams_of(raw.get("teams", {})),
        slack=slack_rules(raw.get("slack", {})),
        tickets=ticket_settings(raw.get("tickets", {}), path.parent),
        spreadsheets=spreadsheets_said(raw.get("spreadsheets", ())),
        formula_api=formula_api_settings(raw.get("formula_api", {})),
        service=service_settings(raw.get("service", {}), path.parent),
        backup=backup_settings(raw.get("backup"), path.parent),
        retention=retention_settings(raw.get("retention", {})),
        sources=sources_said(raw.get("sources", {})),
    )


def _grant(raw: Mapping[str, Any], contract: Mapping[str, Any]) -> GrantInput:
    start, end = raw.get("start", contract.get("start")), raw.get("end", contract.get("end"))
    return GrantInput(
        credits=Decimal(str(raw["credits"])),
        start=date.fromisoformat(start) if start else date.min,
        end=date.fromisoformat(end) if end else date.max,
        card=raw.get("card", FLEX_CREDITS),
        label=raw.get("label", ""),
        usd=Decimal(str(raw["usd"])) if "usd" in raw else None,
        kind=raw.get("kind", ""),
    )


def _wallet(raw: Mapping[str, Any], time_zone: str) -> WalletSettings:
    known: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in raw.items() if key != "profiles"
    }
    if "grain_tolerance_percent" in known:
        known["grain_tolerance_percent"] = Decimal(str(known["grain_tolerance_percent"]))
    if "transaction_types" in known:
        known["transaction_types"] = tuple(known["transaction_types"].items())
    profiles = tuple(_profile(name, one) for name, one in raw.get("profiles", {}).items())
    return WalletSettings(time_zone=time_zone, profiles=profiles, **known)


def _profile(name: str, raw: Mapping[str, Any]) -> GenericProfile:
    said = dict(raw)
    if "rate" in said:
        said["rate"] = Decimal(str(said["rate"]))
    return GenericProfile(name, **said)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
