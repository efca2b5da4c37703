"""Spending limits: the budgets of app.yaml, of a file, and of spreadsheets, and which of them apply on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.budgets.csv_rows import BudgetFile, budget_file
    from core.budgets.held_budgets import budgets_of, every_budget
    from core.budgets.typed_rows import (
        TypedPlace,
        TypedReading,
        TypedRow,
        keep_typed_budgets,
        list_typed_budgets,
        read_typed_rows,
    )
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "csv_rows": "BudgetFile budget_file",
            "held_budgets": "budgets_of every_budget",
            "typed_rows": ("TypedPlace TypedReading TypedRow keep_typed_budgets read_typed_rows list_typed_budgets"),
        },
    )

__all__ = [
    "BudgetFile",
    "TypedPlace",
    "TypedReading",
    "TypedRow",
    "budget_file",
    "budgets_of",
    "every_budget",
    "keep_typed_budgets",
    "list_typed_budgets",
    "read_typed_rows",
]
