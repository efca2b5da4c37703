"""Real clients of the server of the tests: gspread as people use it, our gateway, and a clock that both may share."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import gspread
import requests
from google.auth.transport.requests import Request
from google.oauth2.service_account import Credentials
from gspread.http_client import HTTPClient

from sheets_addin.google.client import GoogleSheetsClient, Reach
from sheets_addin.google.rate_limiter import RateLimiter
from tests.fakes.sheets.server import ROBOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.fakes.sheets.server import SheetsServer

SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"]
PATIENCE_SECONDS = 10.0


class Clock:
    """Seconds that pass only when somebody sleeps; threads that sleep at the same time sleep side by side."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._lock, self._seen = threading.Lock(), threading.local()

    def __call__(self) -> float:
        """Return the time."""
        with self._lock:
            self._seen.at = self.now
            return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass for everybody."""
        with self._lock:
            self.now += seconds

    def sleep(self, seconds: float) -> None:
        """Let time pass from when this thread last looked at the clock."""
        with self._lock:
            self._seen.at = getattr(self._seen, "at", self.now) + seconds
            self.now = max(self.now, self._seen.at)
            self.slept.append(seconds)


def google(
    server: SheetsServer, clock: Clock, email: str = ROBOT, timeout_seconds: float = PATIENCE_SECONDS
) -> GoogleSheetsClient:
    """Return our gateway to the server, in the clock's time, without chance."""
    reach = Reach(server.url, timeout_seconds, clock.sleep, chance=lambda: 0.0)
    return GoogleSheetsClient(server.new_key(email), RateLimiter(clock=clock, sleep=clock.sleep), reach)


def gspread_client(server: SheetsServer, email: str = ROBOT, scopes: Sequence[str] = SCOPES) -> gspread.Client:
    """Return gspread's own client, which takes the server for Google."""
    credentials = Credentials.from_service_account_info(server.new_key(email), scopes=scopes)  # type: ignore[no-untyped-call]
    credentials.refresh(Request())
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {credentials.token}"

    class Local(HTTPClient):
        def request(  # type: ignore[override]  # gspread names each argument, which are handed on as they come
            self,
            method: str,
            endpoint: str,
            **rest: Any,  # noqa: ANN401 - as gspread's
        ) -> requests.Response:
            _, _, path = endpoint.removeprefix("https://").partition("/")
            return super().request(method, f"{server.url}/{path}", **rest)

    return gspread.Client(credentials, session=session, http_client=Local)
