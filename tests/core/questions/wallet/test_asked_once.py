"""What one answer needs of the wallet is asked for once, and what it does without looking is the same as by looking."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.questions.asking import ask
from core.wallet.usage import slices
from core.wallet.usage.costs import DayRates, usd_of
from core.wallet.usage.rates import day_rates
from core.warehouse.database import Session
from tests.fakes.small_wallet import context_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from core.context import Context
    from core.warehouse import Warehouse


@pytest.mark.parametrize("question", ["wallet", "usage by agent", "usage by agent since 2026-09-01"])
def test_no_statement_runs_twice(question: str, invented: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each query of an answer about the whole card, whose credits cost the same on all days, is run once."""
    run: list[str] = []
    usual = Session.execute

    def execute(session: Session, text: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        run.append(text.splitlines()[0])
        return usual(session, text, parameters)

    monkeypatch.setattr(Session, "execute", execute)
    ask(question, context_of(invented))
    assert sorted(run) == sorted(set(run))


@pytest.mark.parametrize("part", ["", " department Sales", " production only"])
def test_days_that_were_read_for_the_rates_are_those_of_the_wallet(
    part: str, invented: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer is the same where the days are read anew, of the whole card and of a part of it."""
    question = f"usage by agent from 2026-09-03 to 2026-09-20{part}"
    answer = ask(question, context_of(invented))

    def without_days(session: Session, card: str, context: Context, day_after_last: date) -> DayRates | None:
        rates = day_rates(session, card, context, day_after_last)
        return rates and DayRates(rates.prices, rates.parts)

    monkeypatch.setattr("core.wallet.usage.slices.day_rates", without_days)
    assert ask(question, context_of(invented)) == answer


@given(st.dictionaries(st.text(max_size=3), st.fractions(max_denominator=50), max_size=30))
def test_what_names_cost_adds_up(costs: dict[str, Fraction]) -> None:
    """The total is the exact sum of what each name cost."""
    assert slices.Costs(costs).total == usd_of(sum(costs.values(), Fraction(0)))
