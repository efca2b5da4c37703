"""Questions neither list nor undo imports: the answer says which command does."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import QuestionError
from core.questions.asking import ask
from tests.tools.scenarios import asked_on


@pytest.mark.parametrize(
    "text", ["import --undo 3", "undo import 3", "imports", "/agentcost imports", "list imports", "Import usage.csv"]
)
def test_who_asks_is_told_where_it_is_done(text: str) -> None:
    """In Slack, in formulas and over HTTP, as for questions in the terminal."""
    with pytest.raises(QuestionError, match="on the command line, where the warehouse is: agentcost imports"):
        ask(text, asked_on(date(2026, 11, 21)))
