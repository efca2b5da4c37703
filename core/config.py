"""What a team configures in app.yaml: read once, checked against one schema, wrong in all places at once.

`core/app.schema.json` is that schema; editors use it too. Without a file, list prices and sensible defaults hold.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.errors import ConfigError
from core.price_book import NO_CONTRACT, ContractPrices
from core.wallet.settings import GenericProfile, WalletSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCHEMA = Path(__file__).with_name("app.schema.json")
FLEX_CREDITS = "FlexCredits"
DAY_SHAPED = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class GrantSaid:
    """Credits that app.yaml says were granted, usable on the half-open days [start, end)."""

    credits: Decimal
    start: date
    end: date
    card: str = FLEX_CREDITS
    label: str = ""
    usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """The team's contract: its half-open term [start, end), its own prices, and the grants written in app.yaml."""

    start: date | None = None
    end: date | None = None
    prices: ContractPrices = NO_CONTRACT
    grants: tuple[GrantSaid, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """Everything configured."""

    path: Path | None = None
    time_zone: str = "UTC"
    contract: Contract = field(default_factory=Contract)
    wallet: WalletSettings = field(default_factory=WalletSettings)

    @property
    def zone(self) -> tzinfo:
        """The team's time zone, whose days are the days of every answer."""
        return UTC if self.time_zone == "UTC" else ZoneInfo(self.time_zone)


def load_config(path: Path | None) -> Config:
    """Return the configuration in a file; without one, the defaults.

    Raises: ConfigError, naming every problem of the file at once.
    """
    if path is None:
        return Config()
    raw = read_yaml(path)
    if raw is None:
        return Config(path=path)
    problems = list(config_problems(raw))
    if problems:
        raise ConfigError([f"{path.name}: {problem}" for problem in problems])
    return _config(path, raw)


def read_yaml(path: Path) -> Any:  # noqa: ANN401 - what a person wrote may be anything
    """Return what the YAML file holds, numbers exact. Raises: ConfigError, if it cannot be read as YAML."""
    from core import exact_yaml  # noqa: PLC0415 - a run without a configuration does not pay for YAML

    try:
        return exact_yaml.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError([f"{path} cannot be read: {error.strerror}."]) from error
    except UnicodeDecodeError as error:
        raise ConfigError([f"{path.name} is not UTF-8 text; save it as UTF-8."]) from error
    except exact_yaml.YAMLError as error:
        raise ConfigError([f"{path.name} is not YAML: {exact_yaml.described(error)}"]) from error


def config_problems(raw: object) -> Iterator[str]:
    """Yield every problem of a configuration, one sentence each."""
    from core.config_check import schema_problems  # noqa: PLC0415 - as above

    yield from schema_problems(raw, json.loads(SCHEMA.read_text(encoding="utf-8")))
    if isinstance(raw, dict):
        contract, wallet = (_section(raw.get(name)) for name in ("contract", "wallet"))
        yield from _wrong_zone("time_zone", raw.get("time_zone"))
        yield from _wrong_zone("wallet.export_time_zone", wallet.get("export_time_zone"))
        yield from _wrong_term("contract", contract)
        for index, grant in enumerate(contract.get("grants") or ()):
            yield from _wrong_term(f"contract.grants[{index}]", _section(grant))


def _section(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, dict) else {}


def _wrong_zone(name: str, zone: object) -> Iterator[str]:
    try:
        ZoneInfo(zone if isinstance(zone, str) and zone else "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield f'{name} is "{zone}": a time zone is a name such as Europe/Berlin or America/New_York.'


def _wrong_term(name: str, section: Mapping[str, Any]) -> Iterator[str]:
    days = {}
    for end in ("start", "end"):
        text = section.get(end)
        if isinstance(text, str) and DAY_SHAPED.fullmatch(text):
            try:
                days[end] = date.fromisoformat(text)
            except ValueError:
                yield f'{name}.{end} is "{text}": there is no such day.'
    if {"start", "end"} <= days.keys() and days["end"] <= days["start"]:
        yield f"{name}.end is {days['end']}: the end is the day after the last, so it comes after the start, {days['start']}."


def _config(path: Path, raw: Mapping[str, Any]) -> Config:
    contract = raw.get("contract", {})
    start, end = _day(contract.get("start")), _day(contract.get("end"))
    values = {item: Decimal(str(value)) for item, value in contract.get("prices", {}).items()}
    return Config(
        path=path,
        time_zone=raw.get("time_zone", "UTC"),
        contract=Contract(
            start=start,
            end=end,
            prices=ContractPrices(values, start, end),
            grants=tuple(_grant(grant, contract) for grant in contract.get("grants", ())),
        ),
        wallet=_wallet(raw.get("wallet", {}), raw.get("time_zone", "UTC")),
    )


def _grant(raw: Mapping[str, Any], contract: Mapping[str, Any]) -> GrantSaid:
    start, end = raw.get("start", contract.get("start")), raw.get("end", contract.get("end"))
    return GrantSaid(
        credits=Decimal(str(raw["credits"])),
        start=date.fromisoformat(start) if start else date.min,
        end=date.fromisoformat(end) if end else date.max,
        card=raw.get("card", FLEX_CREDITS),
        label=raw.get("label", ""),
        usd=Decimal(str(raw["usd"])) if "usd" in raw else None,
    )


def _wallet(raw: Mapping[str, Any], time_zone: str) -> WalletSettings:
    known: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in raw.items() if key != "profiles"
    }
    profiles = tuple(GenericProfile(name, one["like"], one["columns"]) for name, one in raw.get("profiles", {}).items())
    return WalletSettings(time_zone=time_zone, profiles=profiles, **known)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
