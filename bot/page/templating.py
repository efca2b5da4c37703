"""The templates: escaped by default, and a name that is not there is an error."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from core.answer import number_format_in_force

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
CODE = re.compile(r"`([^`]+)`")


@cache
def environment() -> Environment:
    """Return the templates, read when first used."""
    loader = FileSystemLoader(FOLDER / "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["coded"] = mark_code
    made.globals["number_format"] = number_format_in_force
    return made


def mark_code(text: str) -> Markup:
    """Return a text whose words between backticks are marked as code; everything in it is escaped."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped just before


def fill(template: str, **said: object) -> str:
    """Return a template filled in."""
    return environment().get_template(template).render(**said)
