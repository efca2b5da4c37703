"""A Google of our own on loopback: Sheets v4, the little of Drive v3, and the token endpoint, over real HTTP.

It holds real grids, keeps to Google's own description of its requests, refuses what Google refuses, counts quotas, and
fails on demand.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.fakes.google_identity.accounts import Accounts, error_body
from tests.fakes.sheets.book import Book, RefusedError, new_book
from tests.fakes.sheets.description.discovery import without_nulls
from tests.fakes.sheets.drive import Drive
from tests.fakes.sheets.requests import batch
from tests.fakes.sheets.service import READS, Service, routes
from tests.fakes.sheets.trouble import MESSAGES, WORDS, Call, Fault, Quota

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]
ROBOT = "robot@project-of-the-test.iam.gserviceaccount.com"
SILENCE_SECONDS = 30.0
OK = 200


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class SheetsServer:
    """Google's state, which tests set, and the calls that came, which they read."""

    quota: Quota = field(default_factory=Quota)
    faults: list[Fault] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    accounts: Accounts = field(default_factory=Accounts)
    service: Service = field(default_factory=Service)
    office_files: set[str] = field(default_factory=set)
    """Ids of .xlsx files that people keep in Drive without making spreadsheets of them."""

    def __post_init__(self) -> None:
        """Hold files and be ready to serve."""
        self.drive = Drive(self.service)
        self._routes = routes()
        self._lock, self._closing = threading.RLock(), threading.Event()

    def __enter__(self) -> Self:
        """Listen on a free port of the loopback."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign] # clients hang up when a test wants it
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def token_uri(self) -> str:
        """Where tokens are given out."""
        return f"{self.url}/token"

    def new_key(self, email: str = ROBOT) -> Json:
        """Return a key of a service account, made if need be."""
        return self.accounts.new_key(email, self.token_uri)

    def write_key(self, path: Path, email: str = ROBOT) -> Path:
        """Write a service account's key to a file; return the file."""
        path.write_text(json.dumps(self.new_key(email)), encoding="utf-8")
        return path

    def add_book(self, book_id: str, title: str = "Untitled spreadsheet", shared_with: str | None = ROBOT) -> Book:
        """Make an empty spreadsheet, shared with an account or with none; return it."""
        self.service.books[book_id] = new_book(book_id, title)
        if shared_with:
            self.drive.share(book_id, shared_with)
        return self.service.books[book_id]

    def book(self, book_id: str) -> Book:
        """Return the spreadsheet as it is now."""
        return self.service.books[book_id]

    def edit(self, book_id: str, *requests: Json) -> list[Json]:
        """Do what a person does in the browser, past quotas and failures; return the replies. Raises: RefusedError."""
        with self._lock:
            book, replies = batch(self.book(book_id), list(requests))
            self.service.change(book)
            return replies

    def type_into(self, book_id: str, where: str, *lines: list[Any]) -> None:
        """Write what a person types into cells, from a place in A1 notation on."""
        query = {"valueInputOption": ["USER_ENTERED"]}
        with self._lock:
            self.service.call(
                "spreadsheets.values.update", {"spreadsheetId": book_id, "range": where}, query, {"values": [*lines]}
            )

    def wait_for_the_end(self) -> None:
        """Return when the server stops, or after a while that no client waits for."""
        self._closing.wait(SILENCE_SECONDS)

    def count(self, kind: str, spreadsheet: str | None = None) -> int:
        """Return how many calls of a kind (read, write, token, drive) came, for one spreadsheet or all."""
        return sum(1 for call in self.calls if call.kind == kind and spreadsheet in {None, call.spreadsheet})

    def answer(self, http: str, target: str, headers: Any, payload: bytes) -> Answer | Fault:  # noqa: ANN401 - headers of http
        """Return what to answer a request with, or the failure that takes an answer's place."""
        parts = urlsplit(target)
        with self._lock:
            method, kind, where = self._meant(http, parts.path)
            spreadsheet = where.get("spreadsheetId")
            fault = next((fault for fault in self.faults if fault.befalls(kind, spreadsheet)), None)
            if fault:
                fault.times -= 1
            answer = _failed(fault) if fault else None
            if fault is None or fault.is_accepted:
                done = self._done(http, parts.path, parse_qs(parts.query, keep_blank_values=True), headers, payload)
                answer = answer or done
            silent = fault is not None and fault.how != "status"
            status = 0 if silent or answer is None else answer.status
            self.calls.append(Call(method, kind, spreadsheet, status, self.quota.clock()))
            return fault if silent and fault else answer or Answer(500, b"")

    def _meant(self, http: str, path: str) -> tuple[str, str, dict[str, str]]:
        if path == "/token":
            return "token", "token", {}
        for verb, pattern, method in self._routes:
            if verb == http and (match := pattern.fullmatch(path)):
                return method, "read" if method in READS else "write", match.groupdict()
        return f"{http} {path}", "drive", {}

    def _done(self, http: str, path: str, query: dict[str, list[str]], headers: Any, payload: bytes) -> Answer:  # noqa: ANN401
        if path == "/token":
            status, found = self.accounts.answer(dict(parse_qsl(payload.decode())), self.token_uri)
            return Answer(status, json.dumps(found).encode())
        try:
            found = self._allowed(http, path, query, headers, payload)
        except RefusedError as refusal:
            return Answer(refusal.status, error_body(refusal.status, WORDS[refusal.status], refusal.message))
        except Exception as error:  # noqa: BLE001 - a fault of this server fails the test that looks, and never hangs the client
            self.broken.append(f"{http} {path}: {type(error).__name__}: {error}")
            return Answer(500, error_body(500, "INTERNAL", self.broken[-1]))
        return Answer(OK, json.dumps(found).encode())

    def _allowed(self, http: str, path: str, query: dict[str, list[str]], headers: Any, payload: bytes) -> Json:  # noqa: ANN401
        email = self.accounts.account_of(headers.get("Authorization", ""))
        if email is None:
            raise RefusedError("Request had invalid authentication credentials. Expected OAuth 2 access token.", 401)
        method, kind, where = self._meant(http, path)
        body = without_nulls(json.loads(payload)) if payload else {}
        if kind == "drive":
            return self.drive.call(http, path, query, body, email)
        if exceeded := self.quota.exceeded(kind, email):
            raise RefusedError(f"Quota exceeded for quota metric and limit '{exceeded}' of service 'sheets.googleapis.com'", 429)
        book_id = where.get("spreadsheetId")
        if book_id is not None:
            self.service.book(book_id)
            if book_id in self.office_files:
                raise RefusedError("This operation is not supported for this document")
            if not self.drive.may(email, book_id, kind):
                raise RefusedError(MESSAGES[403], 403)
        return self.service.call(method, where, query, body, email)


def _failed(fault: Fault) -> Answer:
    after = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    if fault.kind == "token":
        return Answer(fault.status, json.dumps({"error": "internal_failure"}).encode(), after)
    message = fault.message or MESSAGES.get(fault.status, "Quota exceeded.")
    return Answer(fault.status, error_body(fault.status, WORDS.get(fault.status, "UNKNOWN"), message), after)


def _handler(server: SheetsServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _do(self) -> None:
            payload = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = server.answer(self.command, self.path, self.headers, payload)
            if isinstance(answer, Fault):
                self._fail(answer)
                return
            self.send_response(answer.status)
            for name, value in {
                "Content-Type": "application/json",
                **answer.headers,
                "Content-Length": str(len(answer.body)),
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def _fail(self, fault: Fault) -> None:
            self.close_connection = True
            if fault.how == "silence":
                server.wait_for_the_end()
                return
            self.send_response(OK)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"spreadsheetId": ')

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _do  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Handler
