"""Every rule, gravest first: what the modules of this folder name as their RULES."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.alerts.rules.rule import Rule


# Modules that the registry skips, because they are not rules.
DECIDED_BY_IT = {"__init__", "registry", "state_machine"}


def _find_rules() -> Iterator[Rule]:
    # Found by file, so that a new rule is one file and no list can forget it.
    for path in Path(__file__).parent.glob("*.py"):
        if path.stem not in DECIDED_BY_IT:
            yield from getattr(import_module(f"core.alerts.rules.{path.stem}"), "RULES", ())


RULES: dict[str, Rule] = {rule.name: rule for rule in sorted(_find_rules(), key=lambda rule: rule.severity)}
