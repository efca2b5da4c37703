"""Custom tags, in any of the shapes in which they are delivered; what no shape fits is kept raw and counted.

Source: domain.md §6. Shapes: an object of names and values; a list of objects with a name and a value; a list of
strings, `name: value`, `name=value` or a bare word. The first bare word stands for the department where no tag
names one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAME_KEYS = ("name", "group", "taggroup", "key")
VALUE_KEYS = ("value", "tagvalue")
# A department or use case in a column of its own, and the tags beside it; see `columns_as_tags`.
DEPARTMENT_COLUMN, USE_CASE_COLUMN, TAGS_BESIDE = "department column", "use case column", "tags beside"


@dataclass(frozen=True, slots=True)
class TagSet:
    """What a tag text says; empty where it says nothing."""

    department: str
    use_case: str
    is_understood: bool


def read_tags(text: str, department_tags: Iterable[str], use_case_tags: Iterable[str]) -> TagSet:
    """Return the department and use case that a tag text names; a text in no known shape is not understood."""
    own = _own_columns(text)
    if own:
        beside = own.get(TAGS_BESIDE)
        tags = read_tags(beside, department_tags, use_case_tags) if beside else TagSet("", "", is_understood=True)
        return TagSet(own.get(DEPARTMENT_COLUMN, tags.department), own.get(USE_CASE_COLUMN, tags.use_case), tags.is_understood)
    pairs = _pairs(text)
    if pairs is None:
        return TagSet("", "", is_understood=False)
    named = {_plain(name): value for name, value in reversed(pairs) if name}
    bare = [value for name, value in pairs if not name]
    department = _first(named, department_tags) or (bare[0] if bare else "")
    return TagSet(department, _first(named, use_case_tags), is_understood=True)


def columns_as_tags(department: str, use_case: str, tags: str) -> str:
    """Return SQL for the tags of a row that states its department or use case in columns of their own. All are SQL for text."""
    said = f"'{DEPARTMENT_COLUMN}', {department}, '{USE_CASE_COLUMN}', {use_case}, '{TAGS_BESIDE}', {tags}"
    own = f"CAST(json_merge_patch('{{}}', json_object({said})) AS VARCHAR)"  # leaves out what is NULL
    return f"CASE WHEN {department} IS NULL AND {use_case} IS NULL THEN {tags} ELSE {own} END"


def _own_columns(text: str) -> dict[str, str]:
    """Return what `columns_as_tags` made a text of; nothing for any other text."""
    if DEPARTMENT_COLUMN not in text and USE_CASE_COLUMN not in text:
        return {}
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    is_own = isinstance(document, dict) and document.keys() <= {DEPARTMENT_COLUMN, USE_CASE_COLUMN, TAGS_BESIDE}
    return document if is_own and all(isinstance(value, str) for value in document.values()) else {}


def _first(named: dict[str, str], wanted: Iterable[str]) -> str:
    return next((named[_plain(name)] for name in wanted if named.get(_plain(name))), "")


def _plain(name: str) -> str:
    return name.lower().replace(" ", "").replace("_", "")


def _pairs(text: str) -> list[tuple[str, str]] | None:
    """Return names with values, a bare word with an empty name; None if the text has no known shape."""
    try:
        document = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    if isinstance(document, dict):
        document = [document] if _is_entry(document) else [{"name": name, "value": value} for name, value in document.items()]
    if not isinstance(document, list):
        return None
    found = [_pair(entry) for entry in document if not _is_null(entry)]
    return [pair for pair in found if pair] if all(found) else None


def _is_null(entry: object) -> bool:
    """Whether a tag is there but says nothing; such a one is left out, and the others beside it count."""
    if not isinstance(entry, dict):
        return entry is None
    values = [value for key, value in entry.items() if str(key).lower() in VALUE_KEYS]
    return bool(values) and all(value is None for value in values)


def _is_entry(document: dict[str, object]) -> bool:
    keys = set(map(str.lower, document))
    return bool(keys & set(NAME_KEYS)) and bool(keys & set(VALUE_KEYS))


def _pair(entry: object) -> tuple[str, str] | None:
    if isinstance(entry, str):
        return _split(entry)
    if not isinstance(entry, dict):
        return None
    lower = {str(key).lower(): value for key, value in entry.items()}
    name, value = _under(lower, NAME_KEYS), _under(lower, VALUE_KEYS)
    return (name, value) if name and value is not None else None


def _under(entry: dict[str, object], keys: Iterable[str]) -> str | None:
    return next((text for text in _texts(entry, keys)), None)


def _texts(entry: dict[str, object], keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        value = entry.get(key)
        if isinstance(value, str | int | Decimal):
            yield str(value).strip()
        elif isinstance(value, list) and all(isinstance(part, str) for part in value):
            yield ", ".join(value)


def _split(word: str) -> tuple[str, str]:
    for mark in (":", "="):
        name, found, value = word.partition(mark)
        if found:
            return name.strip(), value.strip()
    return "", word.strip()
