"""Text to question, with suggestions if the text is not one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import QuestionError
from core.language.grammar import read

if TYPE_CHECKING:
    from core.language.question import Question


def parse(text: str) -> Question:
    """Return the question that the text asks.

    Raises: QuestionError, and nothing else, whatever the text; it marks the position and suggests what works.
    """
    try:
        return read(text)
    except QuestionError as error:
        from core.language.suggestions import suggestions  # noqa: PLC0415 - only a question at fault pays for it

        raise QuestionError(error.reason, error.question, error.start, error.end, suggestions(error)) from None
