"""Google's own description of its requests and answers, held to strictly: what is not in it is refused as Google refuses it."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Json = dict[str, Any]
SNAKE = re.compile(r"(?<!^)(?=[A-Z])")
WHOLE = re.compile(r"-?\d+(\.0+)?")
INT32 = 2**31


@cache
def document(name: str) -> Json:
    """Return the discovery document of that name, such as sheets.v4."""
    folder = resources.files("googleapiclient").joinpath("discovery_cache", "documents")
    return dict(json.loads(folder.joinpath(f"{name}.json").read_text(encoding="utf-8")))


@cache
def methods(name: str) -> dict[str, Json]:
    """Return every method of a service by its id without the service, such as spreadsheets.values.get."""

    def found(resource: Json, path: str) -> Iterator[tuple[str, Json]]:
        for key, method in resource.get("methods", {}).items():
            yield f"{path}{key}", method
        for key, inner in resource.get("resources", {}).items():
            yield from found(inner, f"{path}{key}.")

    return dict(found(document(name), ""))


def routes(name: str, known: Iterable[str]) -> list[tuple[str, re.Pattern[str], str]]:
    """Return the HTTP method, the path and the id of every method that is known.

    A range may hold a colon as it is, and a slash may come before the colon of :batchUpdate (google-spreadsheet sends both).
    """
    found = []
    for method in known:
        described = methods(name)[method]
        path = re.escape("/" + document(name)["servicePath"] + described["path"]).replace(r"\}:", r"\}/?:")
        pattern = re.sub(r"\\\{(\w+)\\\}", lambda match: f"(?P<{match[1]}>[^/{'' if match[1] == 'range' else ':'}]+)", path)
        found.append((described["httpMethod"], re.compile(pattern + "/?"), method))
    return found


@cache
def scopes(name: str) -> Mapping[str, frozenset[str]]:
    """Return by method the scopes of which a token needs one."""
    return {method: frozenset(described.get("scopes", [])) for method, described in methods(name).items()}


def without_nulls(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the value without the fields that are null: to Google they are not there."""
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [without_nulls(inner) for inner in value]
    return value


def problems(service: str, schema: str, value: Any, path: str = "") -> list[str]:  # noqa: ANN401 - JSON
    """Return what Google would say against a value of that schema, one sentence each."""
    schemas = document(service)["schemas"]
    return [] if _is_good(schemas, schema, value) else list(_object(schemas, schema, value, path))


def _is_good(schemas: Json, name: str, value: Any) -> bool:  # noqa: ANN401 - JSON
    """Return whether there is nothing to say against a value: quicker than saying it."""
    if not isinstance(value, dict):
        return False
    known = schemas[name].get("properties", {})
    return all(key in known and _is_good_value(schemas, known[key], inner) for key, inner in value.items())


def _is_good_value(schemas: Json, kind: Json, value: Any) -> bool:  # noqa: ANN401 - JSON
    if "$ref" in kind:
        return _is_good(schemas, kind["$ref"], value)
    if kind["type"] == "array":
        items = kind["items"]
        return isinstance(value, list) and all(inner is None or _is_good_value(schemas, items, inner) for inner in value)
    return isinstance(value, dict) if kind["type"] == "object" else _fits(kind, value)


def _object(schemas: Json, name: str, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - JSON
    if not isinstance(value, dict):
        yield f"Invalid value at '{path}' (type.googleapis.com/google.apps.sheets.v4.{name}), {json.dumps(value)}"
        return
    known = schemas[name].get("properties", {})
    for key, inner in value.items():
        where = f"{path}.{_snake(key)}" if path else _snake(key)
        if key in known:
            yield from _value(schemas, known[key], inner, where)
        else:
            yield f'Invalid JSON payload received. Unknown name "{key}"{f" at {path!r}" if path else ""}: Cannot find field.'


def _value(schemas: Json, kind: Json, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - JSON
    if "$ref" in kind:
        yield from _object(schemas, kind["$ref"], value, path)
    elif kind.get("type") == "array":
        if not isinstance(value, list):
            yield f"Invalid value at '{path}' (list expected), {json.dumps(value)}"
            return
        for index, inner in enumerate(value):
            if inner is not None:
                yield from _value(schemas, kind["items"], inner, f"{path}[{index}]")
    elif kind.get("type") == "object":
        if not isinstance(value, dict):
            yield f"Invalid value at '{path}' (object expected), {json.dumps(value)}"
    elif not _fits(kind, value):
        yield f"Invalid value at '{path}' (TYPE_{_type_name(kind)}), {json.dumps(value)}"


def _fits(kind: Json, value: Any) -> bool:  # noqa: ANN401 - JSON
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    match kind.get("type"):
        case "string":
            return isinstance(value, str) and ("enum" not in kind or value in kind["enum"])
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            whole = (is_number and value == int(value)) or (isinstance(value, str) and WHOLE.fullmatch(value) is not None)
            return whole and -INT32 <= int(float(value)) < INT32
        case "number":
            return is_number or value in {"NaN", "Infinity", "-Infinity"}
        case _:
            return True


def _type_name(kind: Json) -> str:
    return "ENUM" if "enum" in kind else str(kind.get("format", kind.get("type"))).upper()


def _snake(name: str) -> str:
    return SNAKE.sub("_", name).lower()


def field_problem(service: str, schema: str, paths: list[tuple[str, ...]]) -> str | None:
    """Return the first path of a field mask that the schema does not have, else None."""
    return next((".".join(path) for path in paths if not _has(document(service)["schemas"], schema, path)), None)


def _has(schemas: Json, name: str, path: tuple[str, ...]) -> bool:
    if not path or path == ("*",):
        return True
    kind = schemas[name].get("properties", {}).get(path[0])
    if kind is None:
        return False
    kind = kind.get("items", kind)
    if "$ref" in kind:
        return _has(schemas, kind["$ref"], path[1:])
    return len(path) == 1 or kind.get("type") in {"object", "any"}
