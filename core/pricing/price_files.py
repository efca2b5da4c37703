"""The price book's files as Python has them. TOML is written by people and slow to read: what was read is kept in the cache."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from core.paths import cached_json

if TYPE_CHECKING:
    from pathlib import Path

DAY = "$day"  # how JSON holds a day: {"$day": "2026-01-31"}


def read_toml_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the TOML files of a folder, by their names without the ending. Raises: tomllib.TOMLDecodeError."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))}
    kept = cached_json(f"{folder.name}.1.json", texts, lambda: {name: _from_toml(text) for name, text in texts.items()})
    return {name: _with_days(file) for name, file in kept.items()}


def _from_toml(text: str) -> Any:  # noqa: ANN401 - tables, lists and values
    import tomllib  # noqa: PLC0415 - only where a file has changed

    return _without_days(tomllib.loads(text))


def _without_days(value: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, dict):
        return {key: _without_days(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_days(one) for one in value]
    return {DAY: value.isoformat()} if isinstance(value, date) else value


def _with_days(value: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, dict):
        if DAY in value:
            return date.fromisoformat(value[DAY])
        return {key: _with_days(one) for key, one in value.items()}
    return [_with_days(one) for one in value] if isinstance(value, list) else value
