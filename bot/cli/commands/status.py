"""`status`: the state of every part, since when, and what to do."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import say
from bot.observability import State, part_to_json, status
from core.answer import day
from core.maintenance import measure_conditions

if TYPE_CHECKING:
    from argparse import Namespace

ALL_WELL, SOMETHING_IS_WRONG = 0, 1


def run(options: Namespace) -> int:
    """Print the state of every part; return 1 if one is unhealthy. Without a service, print what can be looked up."""
    states = _states(options)
    if options.json:
        say(json.dumps({state.condition.part: part_to_json(state) for state in states}, ensure_ascii=False, indent=2))
    else:
        say("\n".join(line for state in states for line in _lines(state)))
        if status.of_process is None:
            say(_service())
    return ALL_WELL if all(state.condition.is_well for state in states) else SOMETHING_IS_WRONG


def _service() -> str:
    found = wiring.service_elsewhere()
    if found is None:
        return "The service is not running."
    machine, since = found
    return (
        f"The service on {machine} sends messages and keeps the schedule since {day(since.date())} "
        f"{since.astimezone(UTC):%H:%M} UTC."
        " Other replicas may answer too: the /readyz of each shows its state."
    )


def _states(options: Namespace) -> list[State]:
    with wiring.open_for_questions() as warehouse:
        if status.of_process:
            return status.of_process()
        now = datetime.now(UTC)
        config = wiring.context(options.config).config
        return [State(condition, now) for condition in measure_conditions(warehouse, config, now)]


def _lines(state: State) -> list[str]:
    told = state.condition
    since = f" since {day(state.since.date())} {state.since:%H:%M} UTC" if status.of_process else ""
    head = f"{'ok  ' if told.is_well else 'WRONG'} {told.part}{since}{f': {told.why}' if told.why else ''}"
    return [head, f"      {told.to_do}"] if told.to_do else [head]
