"""Which questions read the wallet: the command table, checked against what the answers really open."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date

import pytest

from core.config.loader import Config
from core.config.teams import Team
from core.context import Context
from core.errors import AgentcostError, InputError
from core.language.commands import COMMANDS
from core.questions.asking import ask
from core.questions.wallet_use import find_wallet_use
from core.warehouse import Warehouse

CONFIG = Config(teams=(Team("Service"),))
EXAMPLES = [(command.name, example) for command in COMMANDS.values() for example in command.examples]
WITHOUT_WORKLOAD = [(name, name) for name in ("breakeven", "recommend", "tco", "negotiate", "plan purchase", "portfolio")]


def opened_by(question: str) -> bool:
    """Return whether the answer to a question opens the warehouse."""
    opened = []

    @contextmanager
    def open_warehouse() -> Iterator[Warehouse]:
        opened.append(question)
        raise InputError("There is no wallet in this test.")
        yield

    with suppress(AgentcostError):
        ask(question, Context(date(2026, 11, 21), CONFIG, open_warehouse, has_warehouse=True))
    return bool(opened)


@pytest.mark.parametrize(("command", "question"), EXAMPLES + WITHOUT_WORKLOAD)
def test_the_table_says_what_is_read(command: str, question: str) -> None:
    """A question opens the warehouse exactly if its command says that it reads the wallet."""
    assert opened_by(question) == (find_wallet_use(question) != "unread"), command


@pytest.mark.parametrize(("command", "question"), EXAMPLES + WITHOUT_WORKLOAD)
def test_what_needs_no_wallet_is_answered_without(command: str, question: str) -> None:
    """An asker without access to the wallet gets every answer that does not need it, and no other."""
    closed = Context(date(2026, 11, 21), CONFIG, contextmanager(lambda: iter(())), has_warehouse=True).without_wallet()
    if find_wallet_use(question) == "needed":
        with pytest.raises(InputError):
            ask(question, closed)
    else:
        assert ask(question, closed).question, command


def test_people_s_own_words_read_what_they_mean() -> None:
    """A typo in free text can still ask for the wallet; possible names are looked up only for askers with access."""
    uses = [find_wallet_use(text) for text in ("walet", "cost of 50k chats", "how is Froodle doing")]
    assert uses == ["needed", "unread", "helpful"]
