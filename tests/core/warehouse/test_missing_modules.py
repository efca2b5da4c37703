"""Modules that DuckDB looks for with every parameter: missing ones are looked for once."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec

from core.warehouse.database import note_missing


def test_what_is_missing_is_known_at_once() -> None:
    """Python's folders are not searched for it again, and importing it fails as before."""
    try:
        note_missing("no_such_module_of_anybody")
        assert sys.modules["no_such_module_of_anybody"] is None
        assert find_spec("no_such_module_of_anybody") is None
    finally:
        sys.modules.pop("no_such_module_of_anybody", None)


def test_what_is_installed_stays() -> None:
    """An installed module can be imported as before."""
    note_missing("json")
    assert sys.modules["json"] is json
