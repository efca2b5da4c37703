"""Verifies Google's identity tokens, as Apps Script's `ScriptApp.getIdentityToken()` returns them.

Source: developers.google.com/identity/openid-connect (issuers, claims), read 2026-11-21.
"""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

from core.errors import MachineError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

GOOGLE_CERTS = "https://www.googleapis.com/oauth2/v1/certs"
ISSUERS = {"https://accounts.google.com", "accounts.google.com"}
KEPT_SECONDS, MAX_KEPT_SECONDS, AGAIN_AFTER_SECONDS, FETCH_SECONDS = 3600.0, 86_400.0, 10.0, 5.0
CLOCK_SKEW_SECONDS = 30


class RefusedIdentityError(Exception):
    """A token that grants nothing; `str()` is the reason, for the log: it contains only claims of the token."""


class Certificates:
    """Google's public certificates by key id, fetched when needed and kept as long as Google says."""

    def __init__(self, address: str = GOOGLE_CERTS, clock: Callable[[], float] = time.monotonic) -> None:
        """Fetch nothing yet."""
        self._address = address
        self._clock = clock
        self._certificates: dict[str, str] = {}
        self._valid_until = self._not_before = float("-inf")

    def current(self) -> Mapping[str, str]:
        """Return the certificates. Raises: MachineError, if there are none and Google returns none."""
        now = self._clock()
        if now >= self._valid_until and now >= self._not_before:
            self._not_before = now + AGAIN_AFTER_SECONDS
            self._fetch(now)
        if now >= self._valid_until:
            raise MachineError("Google's certificates cannot be fetched, so identity tokens cannot be checked. Try again soon.")
        return self._certificates

    def _fetch(self, now: float) -> None:
        import requests  # noqa: PLC0415 - only identity tokens pay for it

        try:
            answer = requests.get(self._address, timeout=FETCH_SECONDS)
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, json.JSONDecodeError):
            return
        if isinstance(found, dict) and found and all(isinstance(text, str) for text in found.values()):
            self._certificates, self._valid_until = found, now + _max_age(answer.headers.get("cache-control", ""))


def _max_age(cache_control: str) -> float:
    found = re.search(r"max-age=(\d+)", cache_control)
    return min(float(found[1]), MAX_KEPT_SECONDS) if found else KEPT_SECONDS


def verify_token(token: str, certificates: Certificates, audience: Sequence[str], domains: Sequence[str]) -> Mapping[str, Any]:
    """Return the claims of a token that Google signed for one of these audiences, for a member of one of these domains.

    The domain is that of the Workspace account (`hd`), not of the address, which a private account may also have.
    Raises: RefusedIdentityError; MachineError, if Google's certificates are not available.
    """
    from google.auth import exceptions, jwt  # noqa: PLC0415 - as above

    if not audience or not domains:
        raise RefusedIdentityError("no audience or no domain is configured")
    try:
        claims: Mapping[str, Any] = jwt.decode(  # type: ignore[no-untyped-call]  # google-auth ships no types here
            token, certs=certificates.current(), audience=list(audience), clock_skew_in_seconds=CLOCK_SKEW_SECONDS
        )
    except (ValueError, exceptions.GoogleAuthError) as error:
        raise RefusedIdentityError(type(error).__name__) from error
    if claims.get("iss") not in ISSUERS:
        raise RefusedIdentityError("not issued by Google")
    if claims.get("hd") not in domains:
        raise RefusedIdentityError("of no configured domain")
    return claims
