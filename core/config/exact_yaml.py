"""YAML as people mean it: numbers exact, days as written, one value for a key."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml
from yaml import YAMLError

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, ScalarNode

__all__ = ["YAMLError", "describe_error", "loads"]


class _ExactLoader(yaml.SafeLoader):
    """YAML without floats, without guessed dates, and without a silently lost duplicate key."""

    def exact(self, node: ScalarNode) -> Decimal | str:
        """Return a number with a point as it was written; `.inf` and `.nan` stay text, which no setting takes."""
        text = str(self.construct_scalar(node)).replace("_", "")
        return Decimal(text) if text.lstrip("+-")[:1].isdigit() else text

    def whole(self, node: ScalarNode) -> int | str:
        """Return a whole number as people write it, 0450 too; octal, hexadecimal and 1:30 stay text."""
        text = str(self.construct_scalar(node)).replace("_", "")
        return int(text) if text.lstrip("+-").isdigit() else text

    def as_written(self, node: ScalarNode) -> str:
        """Return a day as the text that was written."""
        return str(self.construct_scalar(node))

    def once(self, node: MappingNode) -> dict[Any, Any]:
        """Return the mapping. Raises: YAMLError, if a key stands in it twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"“{key.value}” stands there twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return self.construct_mapping(node, deep=True)


_ExactLoader.add_constructor("tag:yaml.org,2002:float", _ExactLoader.exact)
_ExactLoader.add_constructor("tag:yaml.org,2002:int", _ExactLoader.whole)
_ExactLoader.add_constructor("tag:yaml.org,2002:timestamp", _ExactLoader.as_written)
_ExactLoader.add_constructor("tag:yaml.org,2002:map", _ExactLoader.once)


def loads(text: str) -> Any:  # noqa: ANN401 - what a person wrote may be anything
    """Return what the YAML text holds. Raises: YAMLError."""
    try:
        return yaml.load(text, _ExactLoader)  # noqa: S506 - a safe loader, only stricter
    except RecursionError:
        raise YAMLError("it is nested too deep") from None


def describe_error(error: YAMLError) -> str:
    """Return where and why the text is no YAML, as a sentence."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}{problem or error}."
