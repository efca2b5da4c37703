"""The commands' handlers: question and context in, answer out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.questions import from_question
    from core.questions.access import is_about_wallet
    from core.questions.asking import answer_meaning, answer_to, ask
    from core.questions.meaning import QuestionMeaning, likely_question, meaning_of
    from core.questions.misses import list_misses
    from core.questions.wallet_use import find_wallet_use
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "access": "is_about_wallet",
            "asking": "answer_meaning answer_to ask",
            "meaning": "QuestionMeaning likely_question meaning_of",
            "misses": "list_misses",
            "wallet_use": "find_wallet_use",
        },
    )

__all__ = [
    "QuestionMeaning",
    "answer_meaning",
    "answer_to",
    "ask",
    "find_wallet_use",
    "from_question",
    "is_about_wallet",
    "likely_question",
    "list_misses",
    "meaning_of",
]
