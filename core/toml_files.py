"""Reads TOML files. TOML is easy for people to write and slow to read, so the parsed content is cached."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.paths import cached_json

if TYPE_CHECKING:
    from pathlib import Path

DAY, DECIMAL = "$day", "$decimal"  # how JSON stores types that it lacks: {"$day": "2026-01-31"}


def read_toml_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the TOML files of a folder, by file name without extension; numbers with a decimal point are Decimals.

    Raises: tomllib.TOMLDecodeError.
    """
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()) if path.suffix == ".toml"}
    kept = cached_json(f"{folder.name}.1.json", texts, lambda: {name: _from_toml(text) for name, text in texts.items()})
    return {name: _from_json(file) for name, file in kept.items()}


def _from_toml(text: str) -> Any:  # noqa: ANN401 - tables, lists and values
    import tomllib  # noqa: PLC0415 - only where a file has changed

    return _to_json(tomllib.loads(text, parse_float=Decimal))


def _to_json(value: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, dict):
        return {key: _to_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_to_json(one) for one in value]
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    return {DECIMAL: str(value)} if isinstance(value, Decimal) else value


def _from_json(value: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, dict):
        if DAY in value:
            return date.fromisoformat(value[DAY])
        if DECIMAL in value:
            return Decimal(value[DECIMAL])
        return {key: _from_json(one) for key, one in value.items()}
    return [_from_json(one) for one in value] if isinstance(value, list) else value
