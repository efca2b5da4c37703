"""`doctor`: what is wrong with the configuration and the environment, what is fine, and what was not checked."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from argparse import Namespace
from dataclasses import replace
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from bot import locations, wiring
from bot.cli.console import complain, say
from bot.delivery import EmailMailbox, mail_settings, trouble_in_words
from bot.observability import status
from bot.slack import (
    API,
    APP_TOKEN,
    BOT_TOKEN,
    SECRET_KEY,
    SLACK_API,
    VARIABLES,
    ReadChannelBook,
    SlackCheck,
    SlackSettings,
    is_used,
)
from core.budgets import budget_file
from core.config import Config, folder_deprecations, load_config
from core.currency import DOLLAR, rates_of
from core.directory import read_directory
from core.errors import ConfigError, ExportError, InputError, MachineError
from core.maintenance import bucket_problems
from core.records import NamedTuple
from core.wallet.ingest import generic_profile
from core.wallet.sources import engine_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bot.slack import ChannelBook
    from bot.slack.installation import RenewedTokens
    from core.config import Team

IN_THE_SERVICE, PARTS_OF_SLACK = "for_caller", ("slack", "socket mode")
NOWHERE = "Say where to send it, a channel's or a member's id: agentcost doctor --send U012AB3CD."


class ServiceCheck(NamedTuple):
    """What the running service says about Slack, in sentences. has_slack: whether it is connected with Slack."""

    problems: Sequence[str] = ()
    facts: Sequence[str] = ()
    has_slack: bool = False


def doctor(options: Namespace) -> int:
    """Print every problem of the configuration and the environment, or that there is none; with `--send` try Slack both ways.

    Raises: InputError, if a message is to be sent but Slack is not set up, or there is no channel.
    """
    if getattr(options, IN_THE_SERVICE, False):
        return _send_from_service(options.send)
    variables = {**os.environ}
    config, config_problems = _read_config(options)
    slack, service = _check_slack(config, variables), _ask_service(options)
    problems = [
        *config_problems,
        *_warehouse_problems(),
        *slack.problems,
        *_spreadsheet_problems(config),
        *_file_problems(config),
        *_backup_problems(config),
        *_mail_problems(config),
        *(problem for source in config.sources for problem in engine_problems(source)),
        *service.problems,
    ]
    for problem in problems:
        complain(problem)
    for deprecation in (*config.deprecations, *folder_deprecations(config.service)):
        complain(f"Deprecated: {deprecation}")
    if not problems:
        say(_all_well(options, has_slack=is_used(variables) or service.has_slack))
    for fact in slack.facts:
        say(f"Slack: {fact}.")
    for fact in service.facts:
        say(f"The service: {fact}.")
    for open_question in slack.unchecked:
        say(f"Not checked: {open_question}.")
    is_sent = options.send is None or (not problems and _send(options, config, variables))
    return 2 if problems or not is_sent else 0


def _read_config(options: Namespace) -> tuple[Config, list[str]]:
    try:
        config = load_config(locations.config_path(options.config))
    except ConfigError as error:
        return Config(), list(error.problems)
    return config, list(_profile_problems(config))


def _profile_problems(config: Config) -> Iterator[str]:
    for entry in config.wallet.profiles:
        try:
            generic_profile(entry)
        except ExportError as error:
            yield str(error)


def _check_slack(config: Config, variables: Mapping[str, str]) -> SlackCheck:
    if not is_used(variables) and config.slack.oauth is None:
        return SlackCheck()
    logging.getLogger("agentcost.slack").addHandler(logging.NullHandler())  # its warnings are among the findings
    for name in (*VARIABLES, SECRET_KEY):  # so that nothing else reads them
        os.environ.pop(name, None)
    from bot.manifest import build_described_app, scopes  # noqa: PLC0415 - only where Slack is set up
    from bot.slack import examine  # noqa: PLC0415 - as above

    def needed() -> list[str]:
        return [scope.name for scope in scopes(build_described_app()) if not scope.is_optional]

    if config.slack.oauth:
        return asyncio.run(_examine_installations(config, variables, needed))

    try:
        tokens = _tokens(variables)
    except ConfigError as error:
        return SlackCheck(error.problems)
    return asyncio.run(examine(variables, config.slack, needed, _teams(config), _channel_book(), tokens))


def _tokens(variables: Mapping[str, str]) -> RenewedTokens | None:
    """Return what renews the bot's token; None if it does not expire, or a running service renews it. Raises: ConfigError."""
    return None if wiring.is_service_running() else wiring.slack_tokens(_settings(variables), variables)


def _settings(variables: Mapping[str, str]) -> SlackSettings:
    api = variables.get(API) or SLACK_API
    return SlackSettings(variables.get(BOT_TOKEN, ""), app_token=variables.get(APP_TOKEN), api_url=api)


async def _examine_installations(config: Config, variables: Mapping[str, str], needed: Callable[[], list[str]]) -> SlackCheck:
    """Return the findings for every installation, or that a service holds them."""
    from bot.slack import examine, problems_of_oauth  # noqa: PLC0415 - only where Slack is set up

    tokens, installed = None, None
    if config.slack.oauth and not [*problems_of_oauth(variables)] and not wiring.is_service_running():
        try:
            made = wiring.slack_installing(_settings(variables), config.slack.oauth, variables, config.path)
            tokens, installed = made.installations, await made.installations.list_installed()
        except ConfigError as error:
            return SlackCheck(error.problems)
        except (InputError, MachineError) as error:
            return SlackCheck([str(error)])
    return await examine(variables, config.slack, needed, _teams(config), _channel_book(), tokens, installed)


def _teams(config: Config) -> list[Team]:
    return [team._replace(owner=team.owner or config.alerts.owner) for team in config.teams]


def _channel_book() -> ChannelBook | None:
    """Return what the warehouse knows about channels; None if a service holds it."""
    from bot.slack_storage import StoredChannels  # noqa: PLC0415 - only where Slack is set up

    if not wiring.has_warehouse():
        return ReadChannelBook()
    stored = StoredChannels(wiring.open_for_writing)
    try:
        return ReadChannelBook(stored.facts(), stored.moves())
    except (InputError, MachineError):
        return None


def _ask_service(options: Namespace) -> ServiceCheck:
    """Return the running service's own report on Slack; nothing if none runs."""
    if not wiring.is_service_running():
        return ServiceCheck()
    from bot.cli.remote import forward_quietly  # noqa: PLC0415 - loaded only while a service runs

    asked = Namespace(**{**vars(options), "operation": "status", "json": True, "send": None})
    try:
        printed, complained = forward_quietly(asked, locations.service_address(locations.warehouse_path()))
    except MachineError as error:
        return ServiceCheck([str(error)])
    if not printed:
        return ServiceCheck([complained.strip()])
    parts = {
        name: (told["ok"], told.get("why", ""), told.get("to_do", ""))
        for name, told in json.loads(printed).items()
        if name.startswith(PARTS_OF_SLACK)
    }
    return ServiceCheck(
        [f"The service: {name}: {why}. {to_do}".strip() for name, (is_well, why, to_do) in parts.items() if not is_well],
        [f"{name}: {why or 'well'}" for name, (is_well, why, _) in parts.items() if is_well],
        has_slack=bool(parts),
    )


def _send(options: Namespace, config: Config, variables: Mapping[str, str]) -> bool:
    """Make a round trip through Slack, and return whether it came back. Raises: InputError, if it cannot start."""
    where = options.send or next((channel for team in config.teams for channel in team.channels), "")
    if config.slack.oauth:
        raise InputError("With slack.oauth, several workspaces, try it from one of them: /agentcost help.")
    if not where:
        raise InputError(NOWHERE)
    if wiring.is_service_running():  # which hears the button, and has the tokens
        from bot.cli.remote import forward  # noqa: PLC0415 - as above

        asked = Namespace(**{**vars(options), "send": where, IN_THE_SERVICE: True})
        return forward(asked, locations.service_address(locations.warehouse_path())) == 0
    if not is_used(variables):
        raise InputError("Slack is not set up, so nothing can be sent there; docs/slack.md says how.")
    if not variables.get(APP_TOKEN):
        raise InputError("Over HTTP the service hears the button: start `agentcost serve --port …`, then ask again.")
    from bot.slack.connection import make_round_trip  # noqa: PLC0415 - only where Slack is set up

    settings = replace(_settings(variables), tokens=_tokens(variables))
    return _say_of_trip(came_back=asyncio.run(make_round_trip(settings, where, listens=True, posted=_say_posted)))


def _send_from_service(where: str) -> int:
    """Make the round trip for the caller of this service. Raises: InputError, where the service has no Slack."""
    if status.round_trip is None:
        raise InputError("The service that runs has no Slack: set Slack's variables, and start it again.")
    return 0 if _say_of_trip(came_back=status.round_trip(where, _say_posted)) else 2


def _say_posted(channel: str) -> None:
    say(f"Sent to {channel}. Press the button there within two minutes …")


def _say_of_trip(*, came_back: bool) -> bool:
    if came_back:
        say("It came back: messages arrive in Slack, and Slack's requests arrive here and are verified.")
    else:
        complain("It did not come back. Is Interactivity on in the app's settings, with this service's address or Socket Mode?")
    return came_back


def _spreadsheet_problems(config: Config) -> Iterator[str]:
    if config.spreadsheets:
        yield from wiring.spreadsheet_problems(config)


def _file_problems(config: Config) -> Iterator[str]:
    if config.users:
        yield from read_directory(config.users).problems
    yield from budget_file(config).problems
    yield from problems_of_rates(config)


def problems_of_rates(config: Config) -> Iterator[str]:
    """Yield why today's amounts are not available in a currency that app.yaml names."""
    for currency in sorted({config.currency.display or DOLLAR, config.contract.currency} - {DOLLAR}):
        try:
            rates_of(config.currency).rate(currency, wiring.today(config))
        except InputError as error:
            yield str(error)


def _backup_problems(config: Config) -> Iterator[str]:
    if config.backup:
        yield from bucket_problems(config.backup.to)


def _mail_problems(config: Config) -> Iterator[str]:
    """Yield what prevents email, if a team has addresses; the server is contacted, and no mail is sent."""
    if not any(team.emails for team in config.teams):
        return
    try:
        settings = mail_settings()
    except ConfigError as error:
        yield from error.problems
        return
    if settings is None:
        yield "app.yaml names e-mail addresses of teams: set AGENTCOST_SMTP and AGENTCOST_MAIL_FROM, or take them out."
        return
    try:
        EmailMailbox(settings).check()
    except OSError as trouble:
        yield f"{settings.host}: {trouble_in_words(trouble)}."


def _warehouse_problems() -> Iterator[str]:
    if not wiring.has_warehouse():
        yield from _place_problems(locations.warehouse_path())
        return
    try:
        with wiring.open_for_writing():
            pass
    except wiring.HeldByServiceError:
        return
    except (InputError, MachineError) as error:
        yield str(error)


def _place_problems(path: Path) -> Iterator[str]:
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    try:
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield f"{path} cannot be made: {error.strerror}. Name another file in {locations.WAREHOUSE_VARIABLE}."


def _all_well(options: Namespace, *, has_slack: bool) -> str:
    path = locations.config_path(options.config)
    configured = f"{path} is valid" if path else "no app.yaml, so list prices and defaults apply (`agentcost init` writes one)"
    slack = "the Slack checks passed" if has_slack else "Slack is not set up (docs/slack.md)"
    return f"OK: {configured}; {_warehouse_state()}; {slack}."


def _warehouse_state() -> str:
    address = locations.warehouse_address()
    return f"the warehouse {address} is readable" if wiring.has_warehouse() else f"nothing has been imported yet ({address})"
