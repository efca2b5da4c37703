"""`simulate`: price a deployment from a help desk's export."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bot import wiring
from bot.cli import show
from core.questions.tickets import Assumed, simulate
from core.rates import HUNDRED

if TYPE_CHECKING:
    from argparse import Namespace


def run(options: Namespace) -> None:
    """Print what agents for these tickets would cost. Raises: InputError, if the file cannot be read as tickets."""
    assumed = Assumed(
        automation=options.automation,
        discount=(options.discount or Decimal(0)) / HUNDRED,
        users=options.users,
        audience=options.audience,
    )
    answer = simulate(options.path, assumed, wiring.context(options.config, options.as_of))
    show(answer, as_json=options.json)
