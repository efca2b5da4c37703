"""`wallet`: what is left, the day it runs out, and what that is based on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.questions.forecasting import balance_summary as summary
from core.questions.forecasting.facts import foresight_of
from core.questions.forecasting.forecast import depletion_figures
from core.questions.wallet import balance
from core.wallet.usage import facts as wallet_facts
from core.wallet.usage import slices

if TYPE_CHECKING:
    from core.answer import Answer
    from core.context import Context
    from core.language import Question
    from core.questions.forecasting.facts import Foresight
    from core.wallet.usage import Facts


def wallet(question: Question, context: Context) -> Answer:
    """Return the balance of a card at the end of a day, its burn rate and pace, and the day on which it runs out."""
    then = slices.context_as_of(question, context)
    with then.reading() as session:
        facts = wallet_facts.facts(question, then, session)
    seen = _foresight(facts, question, then)
    found = balance.balance_answer(facts, then, summary.headline(facts, seen))
    ahead = depletion_figures(seen) if seen else ()
    return replace(
        found,
        question=context.canonical_question(question),
        figures=(*found.figures, *ahead),
        emphasis=summary.emphasis(facts, seen),
    )


def _foresight(facts: Facts, question: Question, context: Context) -> Foresight | None:
    """Return the outlook of a whole card whose grants are known; None for a part, and if numbers overflow."""
    if not (facts.knows_grants and facts.part.is_whole_card):
        return None
    try:
        return foresight_of(facts, question, context)
    except ArithmeticError:
        return None
