"""The bot's token for the workspace that a task works for, renewed before it expires."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from bot.slack.installation.workspaces import current_workspace
from core.errors import AgentcostError, MachineError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Sequence

    Renew = Callable[[str], Awaitable["RenewedToken"]]

LOG = logging.getLogger("agentcost.slack")
# A rotated token lives for twelve hours. Slack says that a refresh token is good once, and has been seen to take one twice within
# moments; where its answer is lost, the token before stays good until it expires. So a token is renewed at half its life: whoever
# must put in a new one has six hours. Source: docs.slack.dev/authentication/using-token-rotation; slackapi/node-slack-sdk#2504.
RENEW_BEFORE_SECONDS = 6 * 3600.0
TRY_AGAIN_SECONDS = 60.0
EXPIRED = "token_expired"
NOT_INSTALLED = "not_installed"


class TokenError(MachineError):
    """There is no token to call Slack with. reason: a word for it, Slack's where it has one."""

    def __init__(self, reason: str, why: str) -> None:
        """Say why there is none."""
        self.reason = reason
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class InstalledApp:
    """The app in one workspace or organisation. workspace: its id; empty where the environment brings the token.

    expires_at: in seconds since 1970; None for a token that lasts, 0 for one of unknown age.
    """

    workspace: str
    token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_at: float | None = None
    name: str = ""
    installed_by: str = ""


@dataclass(frozen=True, slots=True)
class RenewedToken:
    """What Slack gives for a refresh token."""

    token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    lives_seconds: float


class TokenBook(Protocol):
    """Keeps tokens beyond the end of the process."""

    def find(self, workspace: str) -> InstalledApp | None:
        """Return the app in a workspace or organisation; None where it is not installed. Raises: AgentcostError."""

    def keep(self, app: InstalledApp) -> None:
        """Keep an installation, in the place of the one before. Raises: AgentcostError."""


class InstallationBook(TokenBook, Protocol):
    """Keeps the app's installations."""

    def remove(self, workspace: str) -> None:
        """Keep an installation no more. Raises: AgentcostError."""

    def list_installed(self) -> Sequence[str]:
        """Return the workspaces and organisations where the app is installed. Raises: AgentcostError."""


class TokenSource(Protocol):
    """Where calls of Slack's Web API get their token from."""

    async def current(self) -> str:
        """Return the token for the workspace that the running task works for. Raises: TokenError."""

    async def renew_refused(self, token: str) -> bool:
        """Return whether there is another token in the place of one that Slack calls expired. Raises: TokenError."""


class FixedToken:
    """A token that lasts."""

    def __init__(self, token: str) -> None:
        """Know it."""
        self._token = token

    async def current(self) -> str:
        """Return it."""
        return self._token

    async def renew_refused(self, token: str) -> bool:  # noqa: ARG002 - as a source has it
        """Return that there is no other."""
        return False


class RenewedTokens:
    """Tokens of a book; those that expire are renewed at half their life, and kept before they are used.

    trouble: why the latest renewal of a workspace's token failed, by workspace; empty where it did not.
    """

    def __init__(self, book: TokenBook, renew: Renew, clock: Callable[[], float] = time.time) -> None:
        """Read nothing yet."""
        self._book, self._renew, self._clock = book, renew, clock
        self._apps: dict[str, InstalledApp] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._failed_at: dict[str, float] = {}
        self._unkept: set[str] = set()
        self.trouble: dict[str, str] = {}

    async def current(self) -> str:
        """Return the token for the workspace that the running task works for. Raises: TokenError."""
        workspace = current_workspace()
        async with self._turns[workspace]:
            app = await self._find(workspace)
            if self._may_try(workspace):
                if workspace in self._unkept:
                    await self._keep(app)
                elif app.expires_at is not None and app.expires_at - self._clock() < RENEW_BEFORE_SECONDS:
                    app = await self._renew_token(app)
            return app.token

    async def renew_refused(self, token: str) -> bool:
        """Return whether there is another token in the place of one that Slack calls expired. Raises: TokenError."""
        workspace = current_workspace()
        async with self._turns[workspace]:
            app = await self._find(workspace)
            if app.token == token and app.refresh_token:
                app = await self._renew_token(app, is_refused=True)
            return app.token != token

    async def _find(self, workspace: str) -> InstalledApp:
        app = self._apps.get(workspace)
        if app is None:
            try:
                app = await asyncio.to_thread(self._book.find, workspace)
            except AgentcostError as trouble:
                raise TokenError("token_unreadable", str(trouble)) from trouble
            if app is None:
                raise TokenError(NOT_INSTALLED, f"The app is not installed in {workspace or 'any workspace'}.")
            self._apps[workspace] = app
        return app

    def _may_try(self, workspace: str) -> bool:
        """Whether nothing failed lately."""
        return self._clock() - self._failed_at.get(workspace, float("-inf")) >= TRY_AGAIN_SECONDS

    async def _renew_token(self, app: InstalledApp, *, is_refused: bool = False) -> InstalledApp:
        """Return the installation with a new token, which is kept first; with the one before, where Slack gives no new one.

        Another replica may have renewed it meanwhile, and so used the refresh token up: then its token is taken.
        Raises: TokenError, where Slack refuses the one before, or it has expired.
        """
        if (kept := await self._kept_elsewhere(app)) is not None:
            return kept
        try:
            told = await self._renew(app.refresh_token)
        except MachineError as trouble:
            reason = str(getattr(trouble, "reason", trouble))
            self._note_failure(app.workspace, f"the token is not renewed: {reason}")
            if is_refused or (app.expires_at and app.expires_at <= self._clock()):
                raise TokenError(reason, f"The bot's token has expired, and Slack gives no new one: {reason}.") from trouble
            return app
        expires_at = self._clock() + told.lives_seconds
        renewed = replace(app, token=told.token, refresh_token=told.refresh_token, expires_at=expires_at)
        self._apps[app.workspace] = renewed  # the refresh token before is used up, whether this one can be kept or not
        await self._keep(renewed)
        return renewed

    async def _kept_elsewhere(self, app: InstalledApp) -> InstalledApp | None:
        """Return the installation as another process has renewed it; None where none has, or nobody can tell."""
        try:
            kept = await asyncio.to_thread(self._book.find, app.workspace)
        except AgentcostError:
            return None
        if kept is None or kept.token == app.token or (kept.expires_at or 0.0) <= max(app.expires_at or 0.0, self._clock()):
            return None
        self._apps[app.workspace] = kept
        return kept

    async def _keep(self, app: InstalledApp) -> None:
        """Keep a token; where that cannot be, it is tried again later."""
        try:
            await asyncio.to_thread(self._book.keep, app)
        except AgentcostError as trouble:
            self._unkept.add(app.workspace)
            self._note_failure(app.workspace, f"a new token could not be stored: {trouble}")
            return
        self._unkept.discard(app.workspace)
        self._failed_at.pop(app.workspace, None)
        self.trouble.pop(app.workspace, None)
        LOG.info("The token of %s was renewed", app.workspace or "the app")

    def _note_failure(self, workspace: str, why: str) -> None:
        self._failed_at[workspace] = self._clock()
        if self.trouble.get(workspace) != why:
            LOG.warning("Slack, %s: %s", workspace or "the app", why)
        self.trouble[workspace] = why


class Installations(RenewedTokens):
    """The app in several workspaces: those of a book that app.yaml names."""

    def __init__(
        self,
        book: InstallationBook,
        renew: Renew,
        allowed: Callable[[], Collection[str]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Read nothing yet. allowed: the workspaces and organisations that app.yaml names, read anew each time."""
        super().__init__(book, renew, clock)
        self._installations, self._allowed = book, allowed

    async def find(self, *candidates: str | None) -> str | None:
        """Return the first of workspaces and organisations where the app is installed, and may be; None where it is in none."""
        allowed = await asyncio.to_thread(self._allowed)
        for workspace in filter(None, candidates):
            if workspace in allowed and await self.is_installed(workspace):
                return workspace
        return None

    async def is_installed(self, workspace: str) -> bool:
        """Whether the app is installed in a workspace or organisation. Raises: TokenError, where that cannot be read."""
        try:
            await self._find(workspace)
        except TokenError as trouble:
            if trouble.reason == NOT_INSTALLED:
                return False
            raise
        return True

    async def list_installed(self) -> list[str]:
        """Return the workspaces and organisations where the app is installed, and may be. Raises: AgentcostError."""
        return await asyncio.to_thread(self.read_installed)

    def read_installed(self) -> list[str]:
        """Return the same, for threads. Raises: AgentcostError."""
        allowed = {*self._allowed()}
        return [workspace for workspace in self._installations.list_installed() if workspace in allowed]

    def is_allowed(self, workspace: str) -> bool:
        """Whether app.yaml names a workspace or organisation."""
        return workspace in self._allowed()

    async def install(self, app: InstalledApp) -> None:
        """Keep an installation, in the place of the one before. Raises: AgentcostError."""
        async with self._turns[app.workspace]:
            await asyncio.to_thread(self._book.keep, app)
            self._apps[app.workspace] = app
            self._unkept.discard(app.workspace)
            self._failed_at.pop(app.workspace, None)
            self.trouble.pop(app.workspace, None)

    async def uninstall(self, workspace: str) -> None:
        """Keep an installation no more. Raises: AgentcostError."""
        async with self._turns[workspace]:
            await asyncio.to_thread(self._installations.remove, workspace)
            self._apps.pop(workspace, None)
            self._unkept.discard(workspace)
            self.trouble.pop(workspace, None)
