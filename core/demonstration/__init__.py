"""A fictional company: its exports up to a day, and its year in a warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.demonstration.company import AGENTS, COST_CENTRES, DAYS, users
    from core.demonstration.history import CONFIGURATION_HEAD, replay, write_configuration
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "company": "AGENTS COST_CENTRES DAYS users",
            "history": "CONFIGURATION_HEAD replay write_configuration",
        },
    )

__all__ = ["AGENTS", "CONFIGURATION_HEAD", "COST_CENTRES", "DAYS", "replay", "users", "write_configuration"]
