"""Records are the named tuples of the standard library, made faster."""

from __future__ import annotations

import ast
import pickle
import typing
from pathlib import Path

import pytest

from core.records import NamedTuple

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "core", "sheets_addin")


class Grant(NamedTuple):
    """Credits of a term."""

    credits: int
    name: str = ""

    @property
    def is_named(self) -> bool:
        """Whether it has a name."""
        return bool(self.name)


class OfTheLibrary(typing.NamedTuple):
    """The same, made by typing."""

    credits: int
    name: str = ""


def test_a_record_is_a_named_tuple() -> None:
    """Values by place and by name, defaults, methods, comparison, printing and pickling are those of a named tuple."""
    grant = Grant(200, name="Pilot")
    assert grant == (200, "Pilot")
    assert (grant.credits, grant.name, grant.is_named) == (200, "Pilot", True)
    assert Grant(200) == Grant(credits=200)
    assert not Grant(200).is_named
    assert repr(grant) == "Grant(credits=200, name='Pilot')"
    assert grant._replace(name="")._asdict() == {"credits": 200, "name": ""}
    assert pickle.loads(pickle.dumps(grant)) == grant
    assert Grant.__doc__ == "Credits of a term."


def test_it_says_of_itself_what_one_of_typing_says() -> None:
    """Fields, defaults, annotations and constructor are those that typing would have made."""
    assert Grant._fields == OfTheLibrary._fields
    assert Grant._field_defaults == OfTheLibrary._field_defaults
    assert typing.get_type_hints(Grant) == typing.get_type_hints(OfTheLibrary)
    assert Grant.__bases__ == (tuple,)


def test_a_field_without_a_default_cannot_follow_one_with_a_default() -> None:
    """Else a default would go to another field."""
    with pytest.raises(TypeError, match="Wrong has a field without a default after one with a default"):
        exec("class Wrong(NamedTuple):\n    credits: int = 1\n    name: str", {"NamedTuple": NamedTuple, "__name__": __name__})


def test_every_named_tuple_of_the_program_is_one() -> None:
    """No room takes typing's."""
    found = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "typing" and any(name.name == "NamedTuple" for name in node.names)
    ]
    assert found == ["core/records.py"]
