"""Generates files from the tables: the reference, the rules in docs/alerts.md, app.yaml's schema and starter file, row types.

Running the module writes them; a test checks that they are up to date.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.alerts.rules.registry import RULES
from core.answer.figure_catalog import FIGURES
from core.config.loader import SCHEMA
from core.config.registry import schema_text, starter_text
from core.errors import MachineError
from core.language.commands import COMMANDS
from core.language.phrases import PHRASES
from core.warehouse.row_types import row_types
from core.warehouse.statements import statement, statement_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ROOT = Path(__file__).parents[1]
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
        ("Settings of app.yaml", ("setting", "meaning"), _settings(json.loads(schema_text()), "")),
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


def made_files() -> dict[Path, str]:
    """Return the text of each generated file, by path."""
    alerts = ROOT / "docs" / "alerts.md"
    return {
        ROOT / "docs" / "reference.md": reference(),
        alerts: _with_rules(alerts.read_text(encoding="utf-8")),
        SCHEMA: schema_text(),
        SCHEMA.with_name("app.starter.yaml"): starter_text(),
        ROOT / "app.yaml": starter_text(),
        ROOT / "core" / "warehouse" / "queries.py": row_types(),
    }


def _with_rules(text: str) -> str:
    """Return docs/alerts.md with the current rules."""
    heads = ("rule", "when", "how often")
    before, mark, rest = text.partition("| " + " | ".join(heads) + " |\n")
    if not mark:
        raise MachineError("docs/alerts.md has no table of rules to renew.")
    after = rest[rest.index("\n\n") + 1 :]
    return before + _table(heads, ((rule.name, rule.when, rule.how_often) for rule in RULES.values())) + after


if __name__ == "__main__":
    for path, made in made_files().items():
        path.write_text(made, encoding="utf-8")
