"""How the app is installed in workspaces: Bolt's OAuth flow, only for those that app.yaml names."""

from __future__ import annotations

import asyncio
import html
import logging
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.slack.client import oauth_client, withdraw_token
from bot.slack.deduplication import Once
from bot.slack.environment import SLACK_API
from bot.slack.installation import InstalledApp
from core.error_log import log_error, request
from core.errors import AgentcostError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from slack_bolt.oauth.async_callback_options import AsyncFailureArgs, AsyncSuccessArgs
    from slack_bolt.request.async_request import AsyncBoltRequest
    from slack_sdk.oauth.installation_store import Installation
    from starlette.requests import Request
    from starlette.responses import Response

    from bot.slack.installation import Installations
    from bot.slack.settings import SlackSettings

    Steps = dict[str, Callable[[Request], Awaitable[Response]]]

LOG = logging.getLogger("agentcost.slack")
INSTALL_PATH, REDIRECT_PATH = "/slack/install", "/slack/oauth_redirect"
STATE_SECONDS = 600
PAGE: dict[str, str | Sequence[str]] = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
FAILED = {
    "access_denied": "The installation was not approved in Slack.",
    "invalid_browser": "It was started in another browser, or more than ten minutes ago.",
    "invalid_state": "It was started more than ten minutes ago, or this page was opened twice.",
    "invalid_code": "Slack gave no token. Whoever runs agentcost finds the reason in its log.",
    "storage_error": "The installation could not be stored. Whoever runs agentcost finds the reason in its log.",
}
NOT_NAMED = "app.yaml does not name this workspace under slack.oauth.workspaces: {workspace}. Whoever runs agentcost can add it."


@dataclass(frozen=True, slots=True)
class Installing:
    """What installations need: the app's credentials, the service's address, the store, and the sealer of states."""

    client_id: str
    client_secret: str = field(repr=False)
    address: str
    installations: Installations
    sealer: StateSealer


class StateSealer(Protocol):
    """Encrypts texts, and recognises what it encrypted recently."""

    def seal(self, text: str) -> str:
        """Return the encrypted text."""

    def is_fresh(self, sealed: str, seconds: int) -> bool:
        """Whether a text was encrypted with its key, no longer than that ago."""


class SealedStates(AsyncOAuthStateStore):
    """States of installations in progress: each proves itself that it was issued here, and is valid once, for ten minutes."""

    def __init__(self, sealer: StateSealer) -> None:
        """Start with none seen."""
        self._sealer, self._seen = sealer, Once(STATE_SECONDS)

    async def async_issue(self, *args: object, **kwargs: object) -> str:  # noqa: ARG002 - as Bolt has it
        """Return a new state."""
        return self._sealer.seal(secrets.token_hex(8)).rstrip("=")

    async def async_consume(self, state: str) -> bool:
        """Return whether a state was issued recently, and is not consumed yet."""
        padded = state + "=" * (-len(state) % 4)
        return self._sealer.is_fresh(padded, STATE_SECONDS) and self._seen.is_first(state)


class NamedInstallations(AsyncInstallationStore):
    """Bolt's installation store on top of ours; workspaces missing from app.yaml are refused, and their token is revoked."""

    def __init__(self, installations: Installations, settings: SlackSettings) -> None:
        """Remember the store, and how to reach Slack."""
        self._installations, self._settings = installations, settings

    async def async_save(self, installation: Installation) -> None:
        """Store an installation. Raises: BoltError, with the message for whoever installs."""
        app = app_of(installation)
        try:
            if not await asyncio.to_thread(self._installations.is_allowed, app.workspace):
                await withdraw_token(self._settings, app.token)
                LOG.warning(
                    "Somebody installed the app in %s, which app.yaml does not name; its token was revoked", app.workspace
                )
                raise BoltError(NOT_NAMED.format(workspace=app.workspace))
            await self._installations.install(app)
        except AgentcostError as trouble:
            LOG.warning("An installation could not be stored: %s", trouble)
            raise BoltError(FAILED["storage_error"]) from trouble
        LOG.info("The app was installed in %s", app.workspace)


def app_of(installation: Installation) -> InstalledApp:
    """Return an installation in its stored form: for an organisation, if it applies to all of it."""
    is_org_wide = installation.is_enterprise_install
    workspace = installation.enterprise_id if is_org_wide else installation.team_id
    return InstalledApp(
        str(workspace or ""),
        str(installation.bot_token or ""),
        str(installation.bot_refresh_token or ""),
        float(installation.bot_token_expires_at) if installation.bot_token_expires_at else None,
        str((installation.enterprise_name if is_org_wide else installation.team_name) or workspace or ""),
        str(installation.user_id or ""),
    )


def create_oauth_flow(settings: SlackSettings, scopes: list[str], installing: Installing) -> AsyncOAuthFlow:
    """Return Bolt's flow: a page that leads to Slack, and the one that Slack leads back to. scopes: those the bot requests."""
    return AsyncOAuthFlow(
        client=oauth_client(settings),
        logger=LOG,
        settings=AsyncOAuthSettings(
            client_id=installing.client_id,
            client_secret=installing.client_secret,
            scopes=scopes,
            user_scopes=[],
            redirect_uri=f"{installing.address.rstrip('/')}{REDIRECT_PATH}",
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            authorization_url=_authorization_url(settings.api_url),
            callback_options=AsyncCallbackOptions(success=_succeed, failure=_fail),
            installation_store=NamedInstallations(installing.installations, settings),
            state_store=SealedStates(installing.sealer),
            state_expiration_seconds=STATE_SECONDS,
        ),
    )


def install_steps(flow: AsyncOAuthFlow) -> Steps:
    """Return the handlers of an installation's requests, by path."""

    def taken_by(handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> Callable[[Request], Awaitable[Response]]:
        async def take(web: Request) -> Response:
            try:
                told = await handle(to_async_bolt_request(web, b""))
            except Exception as error:  # noqa: BLE001 - Slack that is down is a page, and one line of the log
                with request():
                    reference = log_error(error, LOG)
                told = _page(503, "agentcost was not installed", f"Slack could not be asked (ref {reference}). Try again.")
            return to_starlette_response(told)

        return take

    return {INSTALL_PATH: taken_by(flow.handle_installation), REDIRECT_PATH: taken_by(flow.handle_callback)}


async def _succeed(told: AsyncSuccessArgs) -> BoltResponse:
    app = app_of(told.installation)
    return _page(200, f"agentcost is installed in {app.name}", "In Slack, invite it to a channel and type /agentcost help.")


async def _fail(told: AsyncFailureArgs) -> BoltResponse:
    words = str(told.error) if told.error else FAILED.get(told.reason, f"Slack says: {told.reason}.")
    status = 403 if told.error and words.startswith(NOT_NAMED[:20]) else told.suggested_status_code
    return _page(status, "agentcost was not installed", words)


def _page(status: int, title: str, words: str) -> BoltResponse:
    title, words = html.escape(title), html.escape(words)
    body = f'<!doctype html><meta charset="utf-8"><title>{title}</title><h1>{title}</h1><p>{words}</p>'
    return BoltResponse(status=status, body=body, headers=PAGE)


def _authorization_url(api_url: str) -> str | None:
    """Return the address where people authorise the installation, if that is not Slack's own."""
    return None if api_url == SLACK_API else f"{api_url.rstrip('/').removesuffix('/api')}/oauth/v2/authorize"
