"""A formula API to call, on one day, on an invented wallet: the real one, behind Starlette's own client."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import anyio

from core.config.formula_api import FormulaApiSettings
from core.kept_text import FileText
from core.scope import EVERYTHING
from sheets_addin.api.app import FormulaApi, create_app
from sheets_addin.api.asking import AnswerCache, Snapshot
from sheets_addin.api.auth import Authenticator
from sheets_addin.api.identity import Certificates
from sheets_addin.api.limits import RateLimit
from sheets_addin.api.tokens import TokenStore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from starlette.applications import Starlette

    from core.config.formula_api import AccessLevel
    from core.context import Context
    from core.scope import Scope

SPREADSHEET = "1AbcdefghijklmnopqrstuvwxyZ"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever was answered
        """The body, read."""
        import json  # noqa: PLC0415

        return json.loads(self.body)


@dataclass
class Api:
    """The API and what a test changes of its world."""

    tokens: Path
    context: Context
    certificates: Certificates = field(default_factory=lambda: Certificates("http://127.0.0.1:9/nowhere"))
    refresh: Callable[[str], str] | None = None
    seconds: float = 0.0
    state: int = 0
    opened: int = 0
    api: FormulaApi = field(init=False)
    app: Starlette = field(init=False)
    store: TokenStore = field(init=False)

    def __post_init__(self) -> None:
        self.store = TokenStore(FileText(self.tokens))
        limit = RateLimit(lambda: self.seconds)
        self.api = FormulaApi(self._now, Authenticator(self.store, self.certificates), self.refresh, limit, lambda: NOON)
        self.api.asker = AnswerCache(lambda: self.seconds)  # else a busy machine has no time left for the last of a range
        self.app = create_app(self.api)

    def _now(self) -> Snapshot:
        return Snapshot(self.context, (self.state, self.context.config, self.context.as_of))

    def configured(self, **settings: Any) -> Api:  # noqa: ANN401 - any setting
        """Change the section of app.yaml."""
        config = self.context.config._replace(formula_api=FormulaApiSettings(**settings))
        self.context = replace(self.context, config=config)
        return self

    def token(self, scope: AccessLevel = "wallet", only: Scope = EVERYTHING) -> str:
        """Make a token."""
        return self.store.create(SPREADSHEET, scope, only, NOON)

    def get(self, path: str, token: str | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        """Send a GET."""
        return self.send("GET", path, b"", token, headers)

    def post(self, path: str, value: object, token: str | None = None) -> Reply:
        """Send JSON."""
        import json  # noqa: PLC0415

        return self.send("POST", path, json.dumps(value).encode(), token, {"content-type": "application/json"})

    def send(
        self, method: str, path: str, body: bytes, token: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send a request as the server would hand it over, and return the response."""
        sent = {**(headers or {}), **({"authorization": f"Bearer {token}"} if token else {})}
        return anyio.run(_exchange, self.app, method, path, body, sent)


async def _exchange(app: Starlette, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("192.0.2.1", 1234),
        "server": ("testserver", 80),
    }
    sent: list[Any] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401 - an ASGI message
        sent.append(message)

    await app(scope, receive, send)
    named = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], named, b"".join(message.get("body", b"") for message in sent[1:]))


def api_on(context: Context, folder: Path, **world: Any) -> Api:  # noqa: ANN401 - any field of Api
    """Return the API on that context, its tokens in a folder."""
    return Api(folder / "tokens.json", context, **world)
