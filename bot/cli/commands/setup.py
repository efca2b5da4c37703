"""`init`, `doctor`, `workbook`: the small operations of the command line."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import complain, say
from bot.slack import VARIABLES, is_used
from core.config import SlackRules, folder_deprecations, load_config
from core.errors import ConfigError, ExportError, InputError, MachineError
from core.wallet.ingest import generic_profile

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Mapping

STARTER = Path(__file__).parents[3] / "core" / "app.starter.yaml"


def init(options: Namespace) -> None:
    """Write a commented configuration. Raises: InputError, if the file is already there; it is left as it is."""
    path = options.path
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(STARTER.read_text(encoding="utf-8"))
    except FileExistsError:
        raise InputError(f"{path} is already there and was left as it is. Name another file: agentcost init FILE.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error
    say(f"Wrote {path}. Every setting in it is commented out; `agentcost doctor` checks it.")


def doctor(options: Namespace) -> int:
    """Print every problem of the configuration and the environment, or that there is none, and what is deprecated in it."""
    variables = {**os.environ}
    problems = [
        *_config_problems(options),
        *_warehouse_problems(),
        *_slack_problems(options, variables),
        *_spreadsheet_problems(options),
    ]
    for problem in problems:
        complain(problem)
    for deprecation in _deprecations(options):
        complain(f"Deprecated: {deprecation}")
    if not problems:
        say(_all_well(options, variables))
    return 2 if problems else 0


def _config_problems(options: Namespace) -> Iterator[str]:
    try:
        config = load_config(wiring.config_path(options.config))
    except ConfigError as error:
        yield from error.problems
        return
    for entry in config.wallet.profiles:
        try:
            generic_profile(entry)
        except ExportError as error:
            yield str(error)


def _deprecations(options: Namespace) -> Iterator[str]:
    try:
        config = load_config(wiring.config_path(options.config))
    except ConfigError:
        return
    yield from config.deprecations
    yield from folder_deprecations(config.service)


def _slack_problems(options: Namespace, variables: Mapping[str, str]) -> Iterator[str]:
    if not is_used(variables):
        return
    for name in VARIABLES:  # so that nothing else reads them
        os.environ.pop(name, None)
    import asyncio  # noqa: PLC0415 - only where Slack is set up

    from bot.manifest import build_described_app, scopes  # noqa: PLC0415 - as above
    from bot.slack import problems  # noqa: PLC0415 - as above

    try:
        rules = load_config(wiring.config_path(options.config)).slack
    except ConfigError:
        rules = SlackRules()
    yield from asyncio.run(problems(variables, rules, lambda: [scope.name for scope in scopes(build_described_app())]))


def _spreadsheet_problems(options: Namespace) -> Iterator[str]:
    try:
        config = load_config(wiring.config_path(options.config))
    except ConfigError:
        return
    if config.spreadsheets:
        yield from wiring.spreadsheet_problems(config)


def _warehouse_problems() -> Iterator[str]:
    path = wiring.warehouse_path()
    if not path.exists():
        yield from _place_problems(path)
        return
    try:
        with wiring.open_for_writing():
            pass
    except (InputError, MachineError) as error:
        yield str(error)


def _place_problems(path: Path) -> Iterator[str]:
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    try:
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield f"{path} cannot be made: {error.strerror}. Name another file in {wiring.WAREHOUSE_VARIABLE}."


def _all_well(options: Namespace, variables: Mapping[str, str]) -> str:
    path = wiring.config_path(options.config)
    configured = f"{path} is sound" if path else "no app.yaml, so list prices and defaults hold (`agentcost init` writes one)"
    slack = "Slack takes every token, scope and id" if is_used(variables) else "Slack is not set up (docs/slack.md)"
    return f"No problem found: {configured}; {_warehouse_state()}; {slack}."


def _warehouse_state() -> str:
    path = wiring.warehouse_path()
    return f"the warehouse {path} opens" if path.exists() else f"nothing is imported yet ({path})"


def workbook(options: Namespace) -> None:
    """Write the question's workbook. Raises: InputError, if there is nothing to show or the file cannot be written."""
    path = options.out
    if path.suffix.lower() != ".xlsx":
        raise InputError(f'"{path}" is no name for a workbook: end it in .xlsx.')
    question = " ".join(options.question)
    try:
        wiring.write_workbook([question] if question else [], wiring.context(options.config, options.as_of), path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error
    say(f"Wrote {path}. Change its input cells and everything follows.")
