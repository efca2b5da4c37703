"""Whether the answer to a question reads the wallet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.language import COMMANDS
from core.questions.meaning import likely_question

if TYPE_CHECKING:
    from core.language import WalletUse


def find_wallet_use(text: str) -> WalletUse:
    """Return whether the answer to a question's text reads the wallet.

    For free-form text it is about the question that the text seems to ask; for words that may be names in the wallet, "helpful".
    A text that is too long to be read reads nothing.
    """
    question = likely_question(text)
    return COMMANDS[question.command].wallet(question) if question else "helpful"
