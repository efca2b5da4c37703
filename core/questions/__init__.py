"""The commands' handlers: question and context in, answer out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.questions.access import is_about_wallet
    from core.questions.asking import answer_meaning, answer_to, ask
    from core.questions.meaning import QuestionMeaning, likely_question, meaning_of
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "access": "is_about_wallet",
            "asking": "answer_meaning answer_to ask",
            "meaning": "QuestionMeaning likely_question meaning_of",
        },
    )

__all__ = ["QuestionMeaning", "answer_meaning", "answer_to", "ask", "is_about_wallet", "likely_question", "meaning_of"]
