"""docs/reference.md, made from the tables: commands, phrases, figures, settings, queries. run, it prints itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from core.answer.figure_catalog import FIGURES
from core.config.loader import SCHEMA
from core.language.commands import COMMANDS
from core.language.phrases import PHRASES
from core.warehouse.statements import statement, statement_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

OPENING = """\
# Reference

Made from the tables in the code by `python -m core.reference`; do not edit.
"""


def reference() -> str:
    """Return the whole reference as Markdown."""
    sections = (
        ("Commands", ("command", "answers", "takes", "for example"), _commands()),
        ("Phrases", ("phrase", "for example", "meaning"), _phrases()),
        ("Figures", ("key", "label", "unit", "how it is reached"), _figures()),
        ("Settings of app.yaml", ("setting", "meaning"), _settings(json.loads(SCHEMA.read_text(encoding="utf-8")), "")),
        ("Queries", ("name", "what it answers"), _queries()),
    )
    return OPENING + "".join(f"\n## {title}\n\n{_table(heads, rows)}" for title, heads, rows in sections)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _commands() -> Iterator[tuple[str, ...]]:
    for command in COMMANDS.values():
        yield _code(command.words), command.answers, _code(command.takes), _code(command.examples)


def _phrases() -> Iterator[tuple[str, ...]]:
    for phrase in PHRASES.values():
        yield f"`{phrase.name}`", _code(phrase.examples), phrase.about


def _figures() -> Iterator[tuple[str, ...]]:
    for key, meaning in FIGURES.items():
        yield f"`{key}`", meaning.label, meaning.unit, meaning.how


def _settings(schema: Mapping[str, Any], place: str) -> Iterator[tuple[str, ...]]:
    for name, inner in schema.get("properties", {}).items():
        yield f"`{place}{name}`", inner["description"]
        yield from _settings(inner, f"{place}{name}.")
        yield from _settings(inner.get("items", {}), f"{place}{name}[].")
        others = inner.get("additionalProperties")
        yield from _settings(others if isinstance(others, dict) else {}, f"{place}{name}.NAME.")


def _queries() -> Iterator[tuple[str, ...]]:
    for name in statement_names("queries"):
        yield f"`{name}`", statement(name).purpose


if __name__ == "__main__":
    print(reference(), end="")
