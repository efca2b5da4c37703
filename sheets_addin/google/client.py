"""Google Sheets over HTTP: the only module that uses gspread and google-auth, and the only one that sends.

Reading is one request, writing is one batch that Google applies entirely or not at all. Both wait for their turn within the
quota, and are repeated if Google asks to retry later, after errors at Google and after a broken connection.
"""

from __future__ import annotations

import json
import os
import random
import re
import time
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from core.errors import ConfigError
from core.records import NamedTuple
from sheets_addin.google.decoder import EVERYTHING, WITHOUT_CELLS, spreadsheet
from sheets_addin.google.errors import (
    BatchRefusedError,
    ClockError,
    FullSpreadsheetError,
    GoogleTroubleError,
    KeyRefusedError,
    MissingScopeError,
    NoSpreadsheetError,
    NotGoogleError,
    NotSharedError,
    OfficeFileError,
    ProtectedSheetError,
    QuotaSpentError,
    SheetsOffError,
)
from sheets_addin.google.spreadsheet import SHEET_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.errors import AgentcostError
    from sheets_addin.google.rate_limiter import Kind, RateLimiter
    from sheets_addin.google.spreadsheet import Json, Spreadsheet

KEY_VARIABLE, URL_VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_SHEETS_API_URL"
SCOPE, GOOGLE_URL = "https://www.googleapis.com/auth/spreadsheets", "https://sheets.googleapis.com"
TIMEOUT_SECONDS = 60.0
UNAUTHORIZED, FORBIDDEN, NOT_FOUND, CONFLICT, TOO_MANY, SERVER_TROUBLE = 401, 403, 404, 409, 429, 500
QUOTA_WORDS = ("quota exceeded", "rate limit exceeded", "ratelimitexceeded")
"""Google's words about a quota when its status is that of missing permissions, as Drive does."""
PAGE_OF_GOOGLE = re.compile(r"<title>(Error \d+ \(.*?\))!!1</title>")
"""The page with which Google answers an address that does not exist, such as an id with a blank in it."""
NO_JSON = -1  # gspread's code for an error that is not JSON
TRIES_WITHIN_QUOTA, TRIES = 7, 4  # the waits add up to more than a minute: by then any quota is renewed
MAX_WAIT_SECONDS = 64.0


class Reach(NamedTuple):
    """How to reach Google. chance: a number from 0 to 1, which spreads out simultaneous retries."""

    api_url: str = GOOGLE_URL
    timeout_seconds: float = TIMEOUT_SECONDS
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


class Trouble(NamedTuple):
    """What came instead of a response.

    status: 0 for no response at all. may_pass: whether to try again. is_key: whether the account's key is at fault.
    is_foreign: whether the response is not from Google.
    """

    status: int
    reason: str
    may_pass: bool
    retry_after: float | None = None
    is_key: bool = False
    is_foreign: bool = False


class TroubleError(Exception):
    """Carries an error to the code that knows what it affects."""

    def __init__(self, trouble: Trouble) -> None:
        """Store it."""
        self.trouble = trouble
        super().__init__(trouble.reason)


class GoogleSheetsClient:
    """Google's spreadsheets, as seen by one service account."""

    def __init__(self, key: Mapping[str, str], limiter: RateLimiter, reach: Reach | None = None) -> None:
        """Connect to nothing yet. Raises: ConfigError, if the key cannot be used."""
        self._reach = reach or Reach()
        self.account = key["client_email"]
        self._send = _sender(key, self._reach.timeout_seconds)
        self._limiter = limiter
        self._url = f"{self._reach.api_url.rstrip('/')}/v4/spreadsheets/"

    def read(self, spreadsheet_id: str) -> Spreadsheet:
        """Return our sheets with everything on them, and every name; one request.

        Raises: NotSharedError, NoSpreadsheetError, KeyRefusedError, SheetsOffError, QuotaSpentError, GoogleTroubleError,
        NotGoogleError.
        """
        lookup = {"metadataKey": SHEET_KEY, "locationType": "SHEET"}
        body = {"dataFilters": [{"developerMetadataLookup": lookup}]}
        answer = self._request("read", spreadsheet_id, ("post", ":getByDataFilter", EVERYTHING, body))
        return _decode(spreadsheet_id, answer, is_complete=False)

    def complete(self, there: Spreadsheet) -> Spreadsheet:
        """Return the spreadsheet including other people's sheets, without their cells; one more request. Raises: as read."""
        answer = self._request("read", there.id, ("get", "", WITHOUT_CELLS, None))
        whole, ours = _decode(there.id, answer, is_complete=True), {sheet.id: sheet for sheet in there.sheets}
        return whole._replace(sheets=tuple(ours.get(sheet.id, sheet) for sheet in whole.sheets))

    def write(self, spreadsheet_id: str, requests: list[Json]) -> list[Json]:
        """Apply all of the requests or none, and return Google's replies.

        The batch may be sent twice if the response to the first did not arrive: it must be one that Google refuses the
        second time, or that may be applied twice.

        Raises: BatchRefusedError, FullSpreadsheetError, ProtectedSheetError, and as read.
        """
        answer = self._request("write", spreadsheet_id, ("post", ":batchUpdate", None, {"requests": requests}))
        replies = answer.get("replies")
        if not isinstance(replies, list) or len(replies) != len(requests):
            raise NotGoogleError(spreadsheet_id, "its answer does not say what became of each request")
        return replies

    def _request(self, kind: Kind, spreadsheet_id: str, what: tuple[str, str, str | None, Json | None]) -> Json:
        method, ending, fields, body = what
        url = f"{self._url}{spreadsheet_id}{ending}"
        tries = 0
        while True:
            try:
                with self._limiter.turn(kind, self.account):
                    return self._send(method, url, {"fields": fields} if fields else {}, body)
            except TroubleError as error:
                tries += 1
                trouble = error.trouble
                if not trouble.may_pass or tries == (TRIES_WITHIN_QUOTA if trouble.status == TOO_MANY else TRIES):
                    raise self._describe_trouble(spreadsheet_id, trouble, kind) from error
                self._reach.sleep(self._wait(tries, trouble))

    def _wait(self, tries: int, trouble: Trouble) -> float:
        backoff: float = min(2.0 ** (tries - 1), MAX_WAIT_SECONDS)
        return max(backoff, trouble.retry_after or 0.0) + self._reach.chance()

    def _describe_trouble(self, spreadsheet_id: str, trouble: Trouble, kind: Kind) -> AgentcostError:
        """Return the error that Google's message means; its status alone is ambiguous."""
        if trouble.is_foreign:
            return NotGoogleError(spreadsheet_id, trouble.reason)
        for words, meaning in self._known_troubles(spreadsheet_id):
            if words in trouble.reason:
                return meaning
        if trouble.is_key or trouble.status == UNAUTHORIZED:
            return KeyRefusedError(self.account, trouble.reason)
        by_status: dict[int, AgentcostError] = {
            FORBIDDEN: NotSharedError(spreadsheet_id, self.account),
            NOT_FOUND: NoSpreadsheetError(spreadsheet_id),
            TOO_MANY: QuotaSpentError(spreadsheet_id),
        }
        if trouble.status in by_status:
            return by_status[trouble.status]
        if trouble.may_pass:
            return GoogleTroubleError(spreadsheet_id, trouble.reason)
        return BatchRefusedError(spreadsheet_id, trouble.reason, is_read=kind == "read")

    def _known_troubles(self, spreadsheet_id: str) -> tuple[tuple[str, AgentcostError], ...]:
        """Return Google's messages and their meaning.

        Source: theoephraim/node-google-spreadsheet#651 and #20, SteveWinward/GoogleSheetsWrapper#42, burnash/gspread#512,
        googleapis/google-api-python-client#915.
        """
        return (
            ("not supported for this document", OfficeFileError(spreadsheet_id)),
            ("edit a protected cell or object", ProtectedSheetError(spreadsheet_id, self.account)),
            ("short-lived token", ClockError(self.account)),
            ("insufficient authentication scopes", MissingScopeError(self.account, SCOPE)),
            ("Insufficient Permission", MissingScopeError(self.account, SCOPE)),
            ("has not been used", SheetsOffError(self.account)),
            ("it is disabled", SheetsOffError(self.account)),
            ("above the limit of 10000000 cells", FullSpreadsheetError(spreadsheet_id)),
        )


def _decode(spreadsheet_id: str, answer: Json, *, is_complete: bool) -> Spreadsheet:
    """Return the spreadsheet that a response describes. Raises: NotGoogleError, for one that is not structured like Google's."""
    try:
        return spreadsheet(answer, is_complete=is_complete)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise NotGoogleError(spreadsheet_id, f"its answer lacks what a spreadsheet has: {error}") from error


def google_from_environment(limiter: RateLimiter, environment: Mapping[str, str] = os.environ) -> GoogleSheetsClient:
    """Return Google's client as configured by the environment. Raises: ConfigError, if there is no service account's key."""
    path = environment.get(KEY_VARIABLE)
    if not path:
        raise ConfigError([f"{KEY_VARIABLE} is not set: name the file with the key of a Google service account."])
    return GoogleSheetsClient(read_key(Path(path)), limiter, Reach(environment.get(URL_VARIABLE) or GOOGLE_URL))


def read_key(path: Path) -> dict[str, str]:
    """Return a service account's key from its file. Raises: ConfigError."""
    try:
        key = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError([f"{KEY_VARIABLE} names {path}, which cannot be read: {error}."]) from error
    if not isinstance(key, dict) or not {"client_email", "private_key", "token_uri"} <= key.keys():
        raise ConfigError([f"{KEY_VARIABLE} names {path}, which is not the key of a service account. Download one as JSON."])
    return key


def number(value: object) -> float:
    """Return a Decimal in its JSON form. Raises: TypeError, for anything else that JSON does not support."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{value!r} cannot be sent to Google")


def _sender(key: Mapping[str, str], timeout_seconds: float) -> Callable[[str, str, Json, Json | None], Json]:
    """Return a function that sends a request and returns the response, or raises TroubleError."""
    import gspread.http_client  # noqa: PLC0415 - slow to load, and only a sync needs it
    import requests  # noqa: PLC0415 - as above
    from google.auth import exceptions  # noqa: PLC0415 - as above

    session, signer = requests.Session(), _Signer(key, requests.Session())
    session.auth = signer
    client = gspread.http_client.HTTPClient(None, session=session)  # type: ignore[arg-type] # the session knows who asks
    client.set_timeout(timeout_seconds)

    def send(method: str, url: str, params: Json, body: Json | None) -> Json:
        data = None if body is None else json.dumps(body, default=number).encode()
        headers = {"Content-Type": "application/json"}
        try:
            answer = client.request(method, url, params=params, data=data, headers=headers).json()
        except gspread.exceptions.APIError as error:
            is_old = error.response.status_code == UNAUTHORIZED and signer.forget()
            raise TroubleError(_read_trouble(error, is_old=is_old)) from error
        except exceptions.RefreshError as error:
            raise TroubleError(_read_refusal(error)) from error
        except requests.JSONDecodeError as error:
            raise TroubleError(Trouble(0, "its answer is no JSON", may_pass=True, is_foreign=True)) from error
        except (requests.RequestException, exceptions.TransportError) as error:
            raise TroubleError(Trouble(0, type(error).__name__, may_pass=True)) from error
        except (LookupError, TypeError) as error:  # gspread reports any error as one of Google's
            raise TroubleError(Trouble(0, "its error is none of Google's", may_pass=False, is_foreign=True)) from error
        if not isinstance(answer, dict) or not isinstance(answer.get("spreadsheetId"), str):
            raise TroubleError(Trouble(0, "its answer names no spreadsheet", may_pass=False, is_foreign=True))
        signer.has_worked = True
        return answer

    return send


class _Signer:
    """Adds the account's token to requests, and asks for a new one before the old one expires."""

    def __init__(self, key: Mapping[str, str], session: Any) -> None:  # noqa: ANN401 - of requests, which is loaded late
        from google.auth.transport.requests import Request  # noqa: PLC0415 - as above
        from google.oauth2.service_account import Credentials  # noqa: PLC0415 - as above

        try:
            self._credentials = Credentials.from_service_account_info(dict(key), scopes=[SCOPE])  # type: ignore[no-untyped-call]
        except ValueError as error:
            raise ConfigError([f"{KEY_VARIABLE} names a key that cannot be used: {error}."]) from error
        self._ask = Request(session=session)
        self.has_worked, self._lock = False, Lock()

    def __call__(self, request: Any) -> Any:  # noqa: ANN401 - as above
        with self._lock:
            if not self._credentials.valid:
                self._credentials.refresh(self._ask)
                self.has_worked = False
        request.headers["Authorization"] = f"Bearer {self._credentials.token}"
        return request

    def forget(self) -> bool:
        """Ask for a new token next time; return whether that may help: if a token never worked, the key is at fault."""
        self._credentials.token = None
        return self.has_worked


def _read_refusal(error: Any) -> Trouble:  # noqa: ANN401 - google-auth's RefreshError, which is loaded late
    """Return the error in the token service's response; a page from someone else is not one of its responses."""
    is_foreign = len(error.args) < 2 or not isinstance(error.args[1], dict)  # noqa: PLR2004 - the sentence, and what it is taken from
    if is_foreign:
        return Trouble(0, "so the token service's answer", error.retryable, is_foreign=True)
    return Trouble(0, str(error.args[0]), error.retryable, is_key=not error.retryable)


def _read_trouble(error: Any, *, is_old: bool) -> Trouble:  # noqa: ANN401 - gspread's APIError, which is loaded late
    """Return the error in Google's response."""
    status, said = error.response.status_code, error.error if isinstance(error.error, dict) else {}
    after = error.response.headers.get("Retry-After", "")
    reason = str(said.get("message", "")) if status < SERVER_TROUBLE else str(status)
    if status == FORBIDDEN and any(words in reason.lower() for words in QUOTA_WORDS):
        status = TOO_MANY
    may_pass = is_old or status in {CONFLICT, TOO_MANY} or status >= SERVER_TROUBLE
    if page := PAGE_OF_GOOGLE.search(reason):
        reason = page[1]
    elif said.get("code", NO_JSON) == NO_JSON and not may_pass:
        return Trouble(status, f"status {status}, and no reason as Google gives it", may_pass=False, is_foreign=True)
    return Trouble(status, reason.strip() or str(status), may_pass, float(after) if after.isdigit() else None)
