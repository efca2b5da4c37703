"""A Google of our own on loopback: Sheets v4, the little of Drive v3, and the token endpoint, over real HTTP.

It holds real grids, keeps to Google's own description of its requests, refuses what Google refuses, counts quotas, and
fails on demand.
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.fakes.google_identity.accounts import Accounts, error_body
from tests.fakes.sheets import drive, exports, service
from tests.fakes.sheets.batch.requests import batch
from tests.fakes.sheets.book import Book, RefusedError, new_book
from tests.fakes.sheets.description import discovery
from tests.fakes.sheets.trouble import MESSAGES, WORDS, Call, Fault, Quota

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]
Query = dict[str, list[str]]
ROBOT = "robot@project-of-the-test.iam.gserviceaccount.com"
UPLOAD = re.compile(r"^/upload/drive/v[23]/")
DOWNLOAD = re.compile(r"/spreadsheets/d/(?P<fileId>[^/]+)/export")
"""Where a browser downloads a spreadsheet; clients of its documents ask there with their token."""
SILENCE_SECONDS = 30.0
OK = 200


class Meant(NamedTuple):
    """Which method of which API a request means, on what; kind: read, write, token, drive or unknown."""

    method: str
    kind: str
    where: dict[str, str]
    api: str


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
    service: service.Service = field(default_factory=service.Service)
    office_files: set[str] = field(default_factory=set)
    """Ids of .xlsx files that people keep in Drive without making spreadsheets of them."""

    def __post_init__(self) -> None:
        """Hold files and be ready to serve."""
        self.drive = drive.Drive(self.service)
        self._routes = [(*route, service.SERVICE) for route in service.routes()]
        self._routes += [(*route, drive.SERVICE) for route in discovery.routes(drive.SERVICE, drive.METHODS)]
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
            meant = self._meant(http, parts.path)
            spreadsheet = meant.where.get("spreadsheetId")
            fault = next((fault for fault in self.faults if fault.befalls(meant.kind, spreadsheet)), None)
            if fault:
                fault.times -= 1
            answer = _failed(fault) if fault else None
            if fault is None or fault.is_accepted:
                done = self._done(http, parts.path, parse_qs(parts.query, keep_blank_values=True), headers, payload)
                answer = answer or done
            silent = fault is not None and fault.how in {"cut", "silence"}
            status = 0 if silent or answer is None else answer.status
            self.calls.append(Call(meant.method, meant.kind, spreadsheet, status, self.quota.clock()))
            return fault if silent and fault else answer or Answer(500, b"")

    def _meant(self, http: str, path: str) -> Meant:
        if path == "/token":
            return Meant("token", "token", {}, "")
        if download := DOWNLOAD.fullmatch(path):
            return Meant("files.export", "drive", download.groupdict(), drive.SERVICE)
        is_upload = UPLOAD.match(path) is not None
        verb = "PATCH" if is_upload and http == "PUT" else http
        for known, pattern, method, api in self._routes:
            if known == verb and (match := pattern.fullmatch(UPLOAD.sub("/drive/v3/", path))):
                return Meant(method, _kind(method, api), match.groupdict(), api)
        return Meant(f"{http} {path}", "unknown", {}, "")

    def _done(self, http: str, path: str, query: Query, headers: Any, payload: bytes) -> Answer:  # noqa: ANN401 - headers of http
        if path == "/token":
            status, found = self.accounts.answer(dict(parse_qsl(payload.decode())), self.token_uri)
            return Answer(status, json.dumps(found).encode())
        try:
            done = self._allowed(self._meant(http, path), query, headers, payload)
        except RefusedError as refusal:
            return Answer(refusal.status, error_body(refusal.status, WORDS[refusal.status], refusal.message))
        except Exception as error:  # noqa: BLE001 - a fault of this server fails the test that looks, and never hangs the client
            self.broken.append(f"{http} {path}: {type(error).__name__}: {error}")
            return Answer(500, error_body(500, "INTERNAL", self.broken[-1]))
        if isinstance(done, exports.Download):
            return Answer(OK, done.content, {"Content-Type": done.mime})
        return Answer(OK, json.dumps(done).encode())

    def _allowed(self, meant: Meant, query: Query, headers: Any, payload: bytes) -> Json | exports.Download:  # noqa: ANN401
        token = self.accounts.token(headers.get("Authorization", ""))
        if token is None:
            raise RefusedError("Request had invalid authentication credentials. Expected OAuth 2 access token.", 401)
        if meant.kind == "unknown":
            raise RefusedError(f"This server of the tests does not know {meant.method} yet.", 501)
        if not token.scopes & discovery.scopes(meant.api)[meant.method]:
            raise RefusedError("Request had insufficient authentication scopes.", 403)
        is_upload = bool(query.get("uploadType"))
        body = discovery.without_nulls(json.loads(payload)) if payload and not is_upload else {}
        if meant.kind == "drive":
            return self.drive.call(meant.method, drive.Asked(meant.where, query, body, payload, token.email))
        if exceeded := self.quota.exceeded(meant.kind, token.email):
            raise RefusedError(f"Quota exceeded for quota metric and limit '{exceeded}' of service 'sheets.googleapis.com'", 429)
        book_id = meant.where.get("spreadsheetId")
        if book_id is not None:
            self.service.book(book_id)
            if book_id in self.office_files:
                raise RefusedError("This operation is not supported for this document")
            if not self.drive.may(token.email, book_id, meant.kind):
                raise RefusedError(MESSAGES[403], 403)
        answer = self.service.call(meant.method, meant.where, query, body, token.email)
        if meant.method == "spreadsheets.create":
            self.drive.share(answer["spreadsheetId"], token.email, "owner")
        return answer


def _kind(method: str, api: str) -> str:
    if api == drive.SERVICE:
        return "drive"
    return "read" if method in service.READS else "write"


def _failed(fault: Fault) -> Answer:
    if fault.how == "body":
        return Answer(fault.status, fault.body)
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
            payload = self._payload()
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

        def _payload(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))
            chunks = []
            while size := int(self.rfile.readline().partition(b";")[0], 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)

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
