"""Slack's oauth.v2.access: codes and refresh tokens for tokens, in several workspaces, refusing what Slack refuses."""

from __future__ import annotations

import base64
import itertools
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN_SECONDS = 43_200
TWICE_WITHIN_SECONDS = 60.0


@dataclass
class IssuedToken:
    """A token: where it is good, until when, and whether Slack took it back."""

    team: str
    expires_at: float | None
    is_revoked: bool = False


@dataclass
class SlackOAuth:
    """The app's credentials, and every token that was issued.

    rotates: whether tokens expire. takes_twice: whether a refresh token is taken again within a minute, which Slack has been seen
    to do. organisations: those where an installation is for all workspaces. codes: the workspace that each code
    was given for. chosen: where somebody who is asked allows the installation.
    """

    client_id: str = "111.222"
    client_secret: str = "0" * 32
    chosen: str = "T0TEAM"
    rotates: bool = False
    takes_twice: bool = False
    clock: Callable[[], float] = time.time
    organisations: set[str] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, IssuedToken] = field(default_factory=dict)
    refresh_tokens: dict[str, str] = field(default_factory=dict)
    used: dict[str, float] = field(default_factory=dict)
    renewals: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def new_pair(self, team: str) -> dict[str, Any]:
        """Issue a token for a workspace, with a refresh token where tokens expire."""
        number = next(self._numbers)
        token = f"xoxe.xoxb-1-{team}-{number}" if self.rotates else f"xoxb-{team}-{number}"
        self.tokens[token] = IssuedToken(team, self.clock() + TOKEN_SECONDS if self.rotates else None)
        told: dict[str, Any] = {"access_token": token, "token_type": "bot"}
        if self.rotates:
            refresh = f"xoxe-1-{team}-{number}"
            self.refresh_tokens[refresh] = team
            told |= {"refresh_token": refresh, "expires_in": TOKEN_SECONDS}
        return told

    def allow(self, query: dict[str, Any]) -> str:
        """Return where Slack leads somebody who allows the installation in the workspace of their choice, `chosen`."""
        wrong = query.get("client_id") != self.client_id or not query.get("scope")
        told = {"error": "invalid_client_id"} if wrong else {"code": self.new_code(self.chosen)}
        return f"{query['redirect_uri']}?{urlencode({**told, 'state': query.get('state', '')})}"

    def take_back(self, token: str) -> dict[str, Any]:
        """Take back one token."""
        self.tokens[token].is_revoked = True
        return {"revoked": True}

    def new_code(self, team: str) -> str:
        """Let somebody allow the installation in a workspace or organisation; return the code that Slack redirects with."""
        code = f"code-{next(self._numbers)}"
        self.codes[code] = team
        return code

    def refusal_of(self, token: str) -> str | None:
        """Return why Slack refuses a token, None if it takes it."""
        issued = self.tokens.get(token)
        if issued is None:
            return "invalid_auth"
        if issued.is_revoked:
            return "token_revoked"
        return "token_expired" if issued.expires_at is not None and issued.expires_at <= self.clock() else None

    def refusal(self, authorization: str, body: dict[str, Any]) -> str | None:
        """Return why Slack gives no token."""
        credentials = (
            base64.b64decode(authorization.removeprefix("Basic ")).decode() if authorization.startswith("Basic ") else ""
        )
        client_id, _, client_secret = credentials.partition(":")
        if client_id != self.client_id:
            return "invalid_client_id"
        if client_secret != self.client_secret:
            return "bad_client_secret"
        if body.get("grant_type") == "refresh_token":
            return None if self._takes(str(body.get("refresh_token"))) else "invalid_refresh_token"
        return None if str(body.get("code")) in self.codes else "invalid_code"

    def done(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return what Slack gives for a code or a refresh token."""
        if body.get("grant_type") == "refresh_token":
            refresh = str(body["refresh_token"])
            self.used.setdefault(refresh, self.clock())
            self.renewals += 1
            return self.new_pair(self.refresh_tokens[refresh])
        team = self.codes.pop(str(body["code"]))
        is_org_wide = team in self.organisations
        where = {"team": None if is_org_wide else {"id": team, "name": f"Team {team}"}, "is_enterprise_install": is_org_wide}
        where["enterprise"] = {"id": team, "name": f"Organisation {team}"} if is_org_wide else None
        more = {"app_id": "A0TEST", "authed_user": {"id": "U0ADMIN"}, "scope": "chat:write", "bot_user_id": "U0BOT"}
        return {**self.new_pair(team), **more, **where}

    def revoke(self, team: str) -> None:
        """Take every token of a workspace back, as an uninstallation does."""
        for issued in self.tokens.values():
            issued.is_revoked |= issued.team == team

    def _takes(self, refresh: str) -> bool:
        if refresh not in self.refresh_tokens:
            return False
        used_at = self.used.get(refresh)
        return used_at is None or (self.takes_twice and self.clock() - used_at < TWICE_WITHIN_SECONDS)
