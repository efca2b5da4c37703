"""What an answer depends on besides the question: the day, the prices in force, the team's settings, the wallet."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from core.errors import InputError
from core.language.grammar import print_question
from core.pricing.price_book import Prices, prices_on
from core.records import NamedTuple
from core.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from datetime import date

    from core.config.budgets import TypedBudget
    from core.config.loader import Config, Contract
    from core.language.question import Question
    from core.warehouse.database import Session, Warehouse


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that a handler may use.

    as_of: the day whose prices apply, today in the team's time zone unless the asker says otherwise.
    open_warehouse: opens the wallet's warehouse; only wallet questions call it.
    has_warehouse: whether anything was ever imported; if not, questions that may use the wallet are answered without it.
    only: the part of the wallet that the asker may see.
    typed_budgets: replaces the budgets last read from spreadsheets; None to use those.
    """

    as_of: date
    config: Config
    open_warehouse: Callable[[], AbstractContextManager[Warehouse]]
    has_warehouse: bool = False
    only: Scope = EVERYTHING
    typed_budgets: tuple[TypedBudget, ...] | None = None

    @property
    def prices(self) -> Prices:
        """The prices in force on the day; contract prices take precedence."""
        return prices_on(self.as_of, self.contract.prices)

    @property
    def contract(self) -> Contract:
        """The contract, every amount in dollars. Raises: NoRateError, if it is in a currency without a rate on the day."""
        return self.config.contract.in_dollars(self.config.currency, self.as_of)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that reads the warehouse, in which each query runs once. Raises: what opening the warehouse raises."""
        with self.open_warehouse() as warehouse, warehouse.reading() as session, session.remembering():
            yield session

    def without_wallet(self) -> Context:
        """Return a context without access to the wallet: opening it raises InputError."""
        return replace(self, open_warehouse=_refuse_warehouse, has_warehouse=False)

    def within(self, session: Session) -> Context:
        """Return a context whose questions use an already open session, and see its data."""
        return replace(self, open_warehouse=lambda: nullcontext(cast("Warehouse", _OpenSession(session))))

    def canonical_question(self, question: Question) -> str:
        """Return the question in its canonical form, as the answer repeats it."""
        return print_question(question)


class _OpenSession(NamedTuple):
    """A session that stands in for its warehouse."""

    session: Session

    def reading(self) -> AbstractContextManager[Session]:
        """Give the session; it stays open."""
        return nullcontext(self.session)


@contextmanager
def _refuse_warehouse() -> Iterator[Warehouse]:
    raise InputError("This question reads the wallet, which is not open to you.")
    yield
