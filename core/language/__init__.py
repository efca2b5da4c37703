"""The question language: text to question, question to text, suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.language.commands import COMMANDS, WalletUse, is_flex
    from core.language.grammar import command_of, print_question, read
    from core.language.next_words import complete_question, complete_words
    from core.language.parser import parse
    from core.language.phrases import PHRASES
    from core.language.question import ActionsInput, Days, Last, MeteredSaid, MixPart, PerPeriod, PriceInput, Question
    from core.language.value_limits import MOST
    from core.language.vocabulary import OFFERED
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "commands": "COMMANDS WalletUse is_flex",
            "next_words": "complete_question complete_words",
            "grammar": "command_of print_question read",
            "parser": "parse",
            "phrases": "PHRASES",
            "question": "ActionsInput Days Last MeteredSaid MixPart PerPeriod PriceInput Question",
            "value_limits": "MOST",
            "vocabulary": "OFFERED",
        },
    )

__all__ = [
    "COMMANDS",
    "MOST",
    "OFFERED",
    "PHRASES",
    "ActionsInput",
    "Days",
    "Last",
    "MeteredSaid",
    "MixPart",
    "PerPeriod",
    "PriceInput",
    "Question",
    "WalletUse",
    "command_of",
    "complete_question",
    "complete_words",
    "is_flex",
    "parse",
    "print_question",
    "read",
]
