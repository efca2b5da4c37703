"""`simulate`: price a deployment from a help desk's export."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.runner import print_answer
from core.questions.planning import Assumed, answer_simulate

if TYPE_CHECKING:
    from argparse import Namespace


def run(options: Namespace) -> None:
    """Print what agents for these tickets would cost. Raises: InputError, if the file cannot be read as tickets."""
    assumed = Assumed(
        automation=options.automation,
        discount=(options.discount or Decimal(0)) / Decimal(100),
        users=options.users,
        audience=options.audience,
    )
    answer = answer_simulate(options.path, assumed, wiring.context(options.config, options.as_of))
    print_answer(answer, options)
