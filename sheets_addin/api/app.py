"""The formula API as an ASGI application: its routes, and what every response includes."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

import anyio
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from core.answer import group_digits
from core.errors import AgentcostError, InputError
from core.warehouse import QuestionEvent
from sheets_addin.api import openapi
from sheets_addin.api.asking import AnswerCache, Asked, CachedResponse, Snapshot, SuggestionBudget, etag_of
from sheets_addin.api.auth import CHALLENGE, UnauthorizedError
from sheets_addin.api.limits import Limits, RateLimit
from sheets_addin.api.problems import (
    BAD_REQUEST,
    BROKEN,
    CONFLICT,
    FORBIDDEN,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    NOT_WIRED,
    OURS,
    PROBLEM_JSON,
    RETRY_SECONDS,
    TITLES,
    TOO_MANY,
    UNAUTHORIZED,
    UNAVAILABLE,
    ProblemError,
    body_of,
    encode_json,
    status_of,
)
from sheets_addin.api.requests import read_body, read_query, require_no_query, spreadsheet_in_body
from sheets_addin.api.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from core.config import FormulaApiSettings
    from core.warehouse import Outcome
    from sheets_addin.api.access import Access
    from sheets_addin.api.auth import Authenticator

T = TypeVar("T")
LOG = logging.getLogger("agentcost.formula_api")
JSON = "application/json"
EVERY_RESPONSE = {"Vary": "Authorization", "X-Content-Type-Options": "nosniff"}
NEVER_KEPT, UNTIL_NEXT_IMPORT = {"Cache-Control": "no-store"}, {"Cache-Control": "private, no-cache"}
NOT_MODIFIED = 304
VOCABULARY_SECONDS = 3600
ASKED_AT_ONCE, ASKED_AT_ONCE_BY_ONE, QUESTIONS_A_TURN = 4, 2, 100
NOTHING_REFRESHES = "This service writes no spreadsheets. Name them in app.yaml, or run `agentcost sync` where they are written."


@dataclass(slots=True)
class FormulaApi:
    """What the handlers share.

    now: the current basis of answers. doorkeeper: authenticates callers. refresh: writes a spreadsheet again and returns a
    sentence
    on the outcome, raising InputError if it cannot; None if this service writes none. heard: is notified of every question.
    """

    now: Callable[[], Snapshot]
    doorkeeper: Authenticator
    refresh: Callable[[str], str] | None = None
    limit: Limits = field(default_factory=RateLimit)
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    heard: Callable[[QuestionEvent], None] | None = None
    asker: AnswerCache = field(init=False)
    workers: anyio.CapacityLimiter | None = None
    turns: dict[str, anyio.Semaphore] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start with an empty cache."""
        self.asker = AnswerCache()

    async def ask(self, request: Request) -> Response:
        """Answer one question."""
        now, until = self.now(), self.asker.until()
        access = await self._let_in(request, now)
        asked = read_query(request)
        began = perf_counter()
        kept = self.asker.lookup(asked, access, now)
        told = kept or (await self._in_worker(access.caller, lambda: self.asker.tell([asked], access, now, until)))[0]
        self._tell_of([asked], [told], access, now, began)
        return self._response(told, request, now)

    async def ask_many(self, request: Request) -> Response:
        """Answer many questions, each with an answer or a problem, in order."""
        now, until = self.now(), self.asker.until()
        access = await self._let_in(request, now)
        questions = await read_body(request)
        began = perf_counter()
        told: list[CachedResponse] = []
        patience = SuggestionBudget()
        for first in range(0, len(questions), QUESTIONS_A_TURN):
            turn = questions[first : first + QUESTIONS_A_TURN]
            told += await self._in_worker(access.caller, partial(self.asker.tell, turn, access, now, until, patience))
        self._tell_of(questions, told, access, now, began)
        body = b'{"answers":[' + b",".join(one.body for one in told) + b"]}"
        holds = all(one.status < BROKEN and not one.rests_on_wallet for one in told)
        return _respond(HTTPStatus.OK, body, self._cache_header(now) if holds else NEVER_KEPT)

    async def let_in(self, request: Request) -> Access:
        """Return the caller's access. Raises: ProblemError, if there is none, or the rate limit is exceeded."""
        return await self._let_in(request, self.now())

    async def reply(self, question: str, access: Access, surface: str) -> CachedResponse:
        """Return the answer to an authenticated caller's question from another surface of the service."""
        now, until, asked, began = self.now(), self.asker.until(), Asked(question), perf_counter()
        kept = self.asker.lookup(asked, access, now)
        told = kept or (await self._in_worker(access.caller, lambda: self.asker.tell([asked], access, now, until)))[0]
        self._tell_of([asked], [told], access, now, began, surface)
        return told

    def _tell_of(  # noqa: PLR0913, PLR0917 - what was asked and told, by whom, on what, how fast, from where
        self,
        questions: Sequence[Asked],
        told: Sequence[CachedResponse],
        access: Access,
        now: Snapshot,
        began: float,
        surface: str = "formulas",
    ) -> None:
        if self.heard:
            each = (perf_counter() - began) / (len(questions) or 1)
            for asked, one in zip(questions, told, strict=True):
                outcome: Outcome = "answered" if one.status == HTTPStatus.OK else "refused" if one.status < BROKEN else "broken"
                is_miss = one.is_miss and now.context.config.keep_misses
                self.heard(QuestionEvent(access.caller, asked.text, outcome, one.rests_on_wallet, each, is_miss, surface))

    async def commands(self, request: Request) -> Response:
        """Return what can be asked."""
        await self._let_in(request, self.now())
        require_no_query(request)
        return _with_etag(vocabulary(), request, {"Cache-Control": f"private, max-age={VOCABULARY_SECONDS}"})

    async def refresh_sheet(self, request: Request) -> Response:
        """Refresh the spreadsheet."""
        access = await self._let_in(request, self.now())
        if not access.is_known:
            LOG.warning("refused %s: a refresh", access.caller)
            raise UnauthorizedError
        wanted = await spreadsheet_in_body(request) or access.spreadsheet_id
        if wanted is None:
            raise ProblemError(BAD_REQUEST, "Name the spreadsheet: its spreadsheet_id is part of its address.")
        if access.spreadsheet_id not in {None, wanted}:
            LOG.warning("refused %s: a refresh of another spreadsheet", access.caller)
            raise ProblemError(FORBIDDEN, "This token is for another spreadsheet.")
        refresh = self.refresh
        if refresh is None:
            raise ProblemError(NOT_WIRED, NOTHING_REFRESHES)
        try:
            message = await self._in_worker(access.caller, lambda: refresh(wanted))
        except InputError as error:
            raise ProblemError(CONFLICT, str(error)) from error
        return _respond(HTTPStatus.OK, encode_json({"spreadsheet_id": wanted, "message": message}), NEVER_KEPT)

    async def _let_in(self, request: Request, now: Snapshot) -> Access:
        """Return the caller's access. Raises: ProblemError, if there is none, or the rate limit is exceeded."""
        settings = now.context.config.formula_api
        address = request.client.host if request.client else "an unknown address"
        authorization = request.headers.get("authorization")
        quickly = self.doorkeeper.quickly
        try:
            if self.doorkeeper.may_block:
                access = await run_in_threadpool(quickly, authorization, address, settings)
            else:
                access = quickly(authorization, address, settings)
            if access is None:
                access = await run_in_threadpool(self.doorkeeper.verify, authorization or "", address, settings)
        except UnauthorizedError:
            await self._count(f"refused {address}", settings)
            raise
        await self._count(access.caller, settings)
        return access

    async def _count(self, caller: str, settings: FormulaApiSettings) -> None:
        wait = await self.limit.take(caller, settings.requests_per_minute)
        if wait:
            seconds = math.ceil(wait)
            sentence = (
                f"More than {group_digits(settings.requests_per_minute)} requests in a minute. Ask again in "
                f"{seconds} s, or many at once."
            )
            raise ProblemError(TOO_MANY, sentence, {"Retry-After": str(seconds)})

    async def _in_worker(self, caller: str, work: Callable[[], T]) -> T:
        """Return the result of work done in a thread, so that the loop stays free; limited in total and per caller.

        A caller with a thousand slow questions does not block the workers for others.
        """
        if self.workers is None:
            self.workers = anyio.CapacityLimiter(ASKED_AT_ONCE)
        turns = self.turns.setdefault(caller, anyio.Semaphore(ASKED_AT_ONCE_BY_ONE))
        try:
            async with turns:
                return await anyio.to_thread.run_sync(work, limiter=self.workers)
        finally:
            if turns.value == ASKED_AT_ONCE_BY_ONE and not turns.statistics().tasks_waiting:
                self.turns.pop(caller, None)

    def _response(self, told: CachedResponse, request: Request, now: Snapshot) -> Response:
        if told.status != HTTPStatus.OK:
            return _respond(told.status, told.body, _problem_headers(told.status))
        kept = UNTIL_NEXT_IMPORT if told.rests_on_wallet else self._cache_header(now)
        return _with_etag(told.body, request, kept, told.etag)

    def _cache_header(self, now: Snapshot) -> dict[str, str]:
        """Return the header for content valid until the team's day ends, when prices may change."""
        zone = now.context.config.zone
        here = self.clock().astimezone(zone)
        tomorrow = datetime.combine(here.date() + timedelta(days=1), time(), zone)
        seconds = int((tomorrow - here.astimezone(UTC)).total_seconds())
        return {"Cache-Control": f"private, max-age={max(0, seconds)}"}


def create_app(api: FormulaApi, mcp: ASGIApp | None = None) -> Starlette:
    """Return the application; mcp handles /mcp.

    It opens nothing by itself and sends no CORS headers: no browser calls it from other sites.
    """

    async def ask(request: Request) -> Response:
        return await (api.ask_many if request.method == "POST" else api.ask)(request)

    app = Starlette(
        routes=[
            Route("/v1/ask", ask, methods=["GET", "POST"]),
            Route("/v1/commands", api.commands, methods=["GET"]),
            Route("/v1/refresh", api.refresh_sheet, methods=["POST"]),
            *([Route("/mcp", mcp)] if mcp else []),
            Route("/openapi.json", _openapi, methods=["GET"]),
            Route("/healthz", _healthy, methods=["GET"]),
        ],
        exception_handlers={AgentcostError: _refuse, HTTPException: _elsewhere, Exception: _internal_error},
    )
    app.router.redirect_slashes = False  # a redirect would use the host that the caller states
    return app


async def _openapi(request: Request) -> Response:
    require_no_query(request)
    return _with_etag(openapi.document(), request, {"Cache-Control": f"max-age={VOCABULARY_SECONDS}"})


async def _healthy(request: Request) -> Response:
    require_no_query(request)
    return _respond(HTTPStatus.OK, encode_json({"status": "ready"}), NEVER_KEPT)


def _with_etag(body: bytes, request: Request, kept: Mapping[str, str], etag: str | None = None) -> Response:
    """Return the body, or the status that the caller already has it."""
    headers = {"ETag": etag or etag_of(body), **kept}
    if _has(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=NOT_MODIFIED, headers=headers | EVERY_RESPONSE)
    return _respond(HTTPStatus.OK, body, headers)


def _has(if_none_match: str | None, etag: str) -> bool:
    if if_none_match is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in tags or etag in tags


def _respond(status: int, body: bytes, headers: Mapping[str, str]) -> Response:
    kind = JSON if status == HTTPStatus.OK else PROBLEM_JSON
    return Response(body, status, {**EVERY_RESPONSE, **headers}, media_type=kind)


def _problem_headers(status: int) -> dict[str, str]:
    if status == UNAUTHORIZED:
        return NEVER_KEPT | CHALLENGE
    return NEVER_KEPT | {"Retry-After": str(RETRY_SECONDS)} if status == UNAVAILABLE else NEVER_KEPT


async def _refuse(_: Request, error: Exception) -> Response:
    assert isinstance(error, AgentcostError)  # noqa: S101 - Starlette hands over what is registered for it
    status, own = status_of(error), error.headers if isinstance(error, ProblemError) else {}
    return _respond(status, body_of(status, str(error), error), _problem_headers(status) | own)


async def _elsewhere(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    sentences = {
        NOT_FOUND: f"There is nothing at {request.url.path}. /openapi.json says what there is.",
        METHOD_NOT_ALLOWED: f"{request.method} is not allowed at {request.url.path}. /openapi.json says what is.",
    }
    sentence = sentences.get(error.status_code, TITLES.get(error.status_code, str(error.detail)))
    return _respond(error.status_code, body_of(error.status_code, sentence), NEVER_KEPT | dict(error.headers or {}))


async def _internal_error(_: Request, error: Exception) -> Response:
    LOG.error("a request failed", exc_info=error)
    return _respond(BROKEN, body_of(BROKEN, OURS), NEVER_KEPT)
