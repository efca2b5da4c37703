"""YAML as people mean it: exact numbers, days as written, one value per key."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml
from yaml import YAMLError
from yaml.nodes import MappingNode, ScalarNode

from core.records import NamedTuple

if TYPE_CHECKING:
    from yaml.nodes import Node

__all__ = ["YAMLError", "describe_error", "loads"]

MAX_DEPTH, MAX_VALUES = 50, 100_000


class _Extent(NamedTuple):
    """The size of a node: its number of values, and its depth."""

    values: int
    height: int


class _ExactLoader(yaml.SafeLoader):
    """YAML without floats, guessed dates or silently lost duplicate keys."""

    def exact(self, node: ScalarNode) -> Decimal | str:
        """Return a number with a decimal point as written; `.inf` and `.nan` stay text, which no setting accepts."""
        text = str(self.construct_scalar(node)).replace("_", "")
        return Decimal(text) if text.lstrip("+-")[:1].isdigit() else text

    def whole(self, node: ScalarNode) -> int | str:
        """Return a whole number as people mean it, including 0450; octal, hexadecimal and 1:30 stay text."""
        text = str(self.construct_scalar(node)).replace("_", "")
        return int(text) if text.lstrip("+-").isdigit() else text

    def as_written(self, node: ScalarNode) -> str:
        """Return a day as the written text."""
        return str(self.construct_scalar(node))

    def once(self, node: MappingNode) -> dict[Any, Any]:
        """Return the mapping. Raises: YAMLError, if it has a key twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"“{key.value}” appears twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return self.construct_mapping(node, deep=True)


_ExactLoader.add_constructor("tag:yaml.org,2002:float", _ExactLoader.exact)
_ExactLoader.add_constructor("tag:yaml.org,2002:int", _ExactLoader.whole)
_ExactLoader.add_constructor("tag:yaml.org,2002:timestamp", _ExactLoader.as_written)
_ExactLoader.add_constructor("tag:yaml.org,2002:map", _ExactLoader.once)


def loads(text: str) -> Any:  # noqa: ANN401 - what a person wrote may be anything
    """Return the content of the YAML text. Raises: YAMLError, also if it is nested too deeply or its aliases expand too far."""
    loader = _ExactLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _measure(node, {}, 0)
        return loader.construct_document(node)
    except RecursionError:
        raise YAMLError("it is nested too deep") from None
    finally:
        loader.dispose()


def _measure(node: Node, known: dict[int, _Extent | None], depth: int) -> _Extent:
    """Return a node's size with its aliases expanded. Raises: YAMLError, if it exceeds the limits or is circular."""
    extent = known.get(id(node))
    if extent is None:
        if id(node) in known:
            raise yaml.MarkedYAMLError(problem="an alias leads back into itself", problem_mark=node.start_mark)
        known[id(node)] = None
        extent = known[id(node)] = _extent_of([_measure(one, known, depth + 1) for one in _parts(node)])
    if extent.values > MAX_VALUES:
        problem = f"with its aliases it holds more than {MAX_VALUES:,} values"
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
    if depth + extent.height > MAX_DEPTH:
        raise yaml.MarkedYAMLError(problem=f"it is nested more than {MAX_DEPTH} deep", problem_mark=node.start_mark)
    return extent


def _parts(node: Node) -> list[Node]:
    if isinstance(node, MappingNode):
        return [part for pair in node.value for part in pair]
    return [] if isinstance(node, ScalarNode) else node.value


def _extent_of(parts: list[_Extent]) -> _Extent:
    return _Extent(1 + sum(part.values for part in parts), 1 + max((part.height for part in parts), default=0))


def describe_error(error: YAMLError) -> str:
    """Return where and why the text is not valid YAML, as a sentence."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}{problem or error}."
