"""Field masks: which fields an answer holds, and which fields a request writes."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]
Tree = dict[str, Any]
TOKEN = re.compile(r"[\w*]+|[(),./]")


class MaskError(ValueError):
    """A mask that cannot be read."""


def tree(mask: str) -> Tree:
    """Return a mask as a tree; an empty branch means everything below. Raises: MaskError."""
    tokens = TOKEN.findall(mask)
    if not tokens or "".join(tokens) != re.sub(r"\s", "", mask):
        raise MaskError(mask)
    found, rest = _branches(tokens)
    if rest:
        raise MaskError(mask)
    return found


def _branches(tokens: list[str]) -> tuple[Tree, list[str]]:
    found: Tree = {}
    while True:
        path, tokens = _path(tokens)
        inner: Tree = {}
        if tokens[:1] == ["("]:
            inner, tokens = _branches(tokens[1:])
            if tokens[:1] != [")"]:
                raise MaskError(")")
            tokens = tokens[1:]
        _put(found, path, inner)
        if tokens[:1] != [","]:
            return found, tokens
        tokens = tokens[1:]


def _path(tokens: list[str]) -> tuple[list[str], list[str]]:
    path: list[str] = []
    while tokens and tokens[0] not in {"(", ")", ",", ".", "/"}:
        path.append(tokens[0])
        tokens = tokens[1:]
        if tokens[:1] not in (["."], ["/"]):
            break
        tokens = tokens[1:]
    if not path:
        raise MaskError(str(tokens[:1]))
    return path, tokens


def _put(found: Tree, path: list[str], inner: Tree) -> None:
    for name in path[:-1]:
        found = found.setdefault(name, {})
    found.setdefault(path[-1], {}).update(inner)


def paths(branches: Tree, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return every path of a mask's tree."""
    return [path for name, inner in branches.items() for path in (paths(inner, (*above, name)) if inner else [(*above, name)])]


def only(value: Any, branches: Tree) -> Any:  # noqa: ANN401 - JSON
    """Return what a mask leaves of a value."""
    if not branches or "*" in branches:
        return value
    if isinstance(value, list):
        return [only(inner, branches) for inner in value]
    if not isinstance(value, dict):
        return value
    return {key: only(inner, branches[key]) for key, inner in value.items() if key in branches}


def written(target: Json, source: Json, branches: Tree) -> Json:
    """Return the target with the fields of a mask taken from the source; a field that the source lacks is cleared."""
    if not branches or "*" in branches:
        return dict(source)
    result = dict(target)
    for name, inner in branches.items():
        value = source.get(name)
        if inner and "*" not in inner:
            held = target.get(name)
            value = written(held if isinstance(held, dict) else {}, value if isinstance(value, dict) else {}, inner)
        if value is None or value == {}:
            result.pop(name, None)
        else:
            result[name] = value
    return result
