"""Handlers of planning: purchase, pilot, portfolio, negotiation, tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.questions.planning.budget import budgets_of_team
    from core.questions.planning.simulate import Assumed, answer_simulate
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "budget": "budgets_of_team",
            "simulate": "Assumed answer_simulate",
        },
    )

__all__ = ["Assumed", "answer_simulate", "budgets_of_team"]
