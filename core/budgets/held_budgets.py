"""Which budgets apply: those of app.yaml, then its file's, then those typed into spreadsheets; the later source wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.budgets.csv_rows import budget_file
from core.budgets.typed_rows import list_typed_budgets
from core.config import budgets_on

if TYPE_CHECKING:
    from core.config import Budget
    from core.context import Context
    from core.warehouse import Session


def budgets_of(session: Session, context: Context) -> list[Budget]:
    """Return the budgets that apply on the context's day."""
    return budgets_on(every_budget(session, context), context.as_of)


def every_budget(session: Session, context: Context) -> tuple[Budget, ...]:
    """Return every budget from any source, whenever it applies; among those of one name, the one that wins comes last."""
    typed = (one.budget for one in list_typed_budgets(session, context))
    return (*context.config.budgets, *budget_file(context.config).budgets, *typed)
