"""Checks a configuration against its schema: every problem, with words on what belongs there."""

from __future__ import annotations

from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from jsonschema_rs import ValidationErrorKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


NEAR = 0.7


def schema_problems(raw: object, schema: dict[str, Any]) -> Iterator[str]:
    """Yield a sentence for each place where the value does not fit the schema.

    The nearest `description` in the schema describes each place.
    """
    if not isinstance(raw, dict):
        yield "it must be a list of settings such as `time_zone: Europe/Berlin`."
        return
    for error in jsonschema_rs.Draft202012Validator(schema).iter_errors(_comparable(raw)):
        place = list(error.instance_path)
        if isinstance(error.kind, ValidationErrorKind.AdditionalProperties):
            yield from _unknown_settings(raw, schema, place)
        elif isinstance(error.kind, ValidationErrorKind.Required):
            yield f"{_name(place) or 'it'} lacks {error.kind.property}: {_describe(schema, [*place, error.kind.property])}."
        else:
            yield f"{_name(place)} is {_show(_at(raw, place))}: {_describe(schema, place)}."


def _unknown_settings(raw: object, schema: Mapping[str, Any], place: Sequence[Any]) -> Iterator[str]:
    known = list(_schema_at(schema, place).get("properties", ()))
    for key in _at(raw, place):
        if key not in known:
            near = get_close_matches(str(key), known, 1, NEAR)
            hint = f"did you mean {_name([*place, near[0]])}?" if near else f"there are {', '.join(known)}."
            yield f"there is no setting {_name([*place, key])}; {hint}"


def _describe(schema: Mapping[str, Any], place: Sequence[Any]) -> str:
    for length in range(len(place), -1, -1):
        description = _schema_at(schema, place[:length]).get("description")
        if description:
            return str(description)
    return "it does not fit"


def _schema_at(schema: Mapping[str, Any], place: Sequence[Any]) -> Mapping[str, Any]:
    for step in place:
        inner = schema.get("items", {}) if isinstance(step, int) else schema.get("properties", {}).get(step)
        schema = inner if inner is not None else _others(schema)
    return schema


def _others(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    others = schema.get("additionalProperties")
    return others if isinstance(others, dict) else {}


def _at(raw: Any, place: Sequence[Any]) -> Any:  # noqa: ANN401 - any part of a configuration
    for step in place:
        raw = raw[step]
    return raw


def _name(place: Sequence[Any]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")


def _show(value: object) -> str:
    if isinstance(value, dict | list):
        return "a list of settings" if isinstance(value, dict) else "a list"
    return (
        f'"{value}"'
        if isinstance(value, str)
        else "empty"
        if value is None
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )


def _comparable(raw: Any) -> Any:  # noqa: ANN401 - any part of a configuration
    """Return the value with exact numbers as floats, only for checking."""
    if isinstance(raw, dict):
        return {str(key): _comparable(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_comparable(value) for value in raw]
    return float(raw) if isinstance(raw, Decimal) else raw
