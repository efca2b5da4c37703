"""Turns questions into ready responses: each is asked only once while its answer is valid."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from difflib import get_close_matches
from http import HTTPStatus
from typing import TYPE_CHECKING

from core.answer import shorten
from core.errors import AgentcostError, InputError, MachineError, NotUnderstoodError, QuestionError
from core.language import COMMANDS, read
from core.questions import QuestionMeaning, answer_meaning, is_about_wallet, meaning_of
from core.records import NamedTuple
from core.scope import EVERYTHING
from sheets_addin.api.auth import UnauthorizedError
from sheets_addin.api.problems import BROKEN, FORBIDDEN, OURS, UNAVAILABLE, ProblemError, body_of, encode_json, status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from core.answer import Answer
    from core.context import Context
    from core.language import Question
    from core.warehouse import Warehouse
    from sheets_addin.api.access import Access

LOG = logging.getLogger("agentcost.formula_api")
MAX_KEY, MAX_REPAIRED, MAX_SECONDS = 60, 10_000, 15.0
MAX_KEPT, MAX_KEPT_BYTES = 4_000, 64 * 1024 * 1024


class Snapshot(NamedTuple):
    """The current basis of answers; the stamp changes whenever an answer could."""

    context: Context
    stamp: Hashable


class Asked(NamedTuple):
    """One question; with the figure's key if only that one is wanted. is_brief: whether sentence and figures are enough."""

    text: str
    figure: str | None = None
    is_brief: bool = False


class CachedResponse(NamedTuple):
    """An answer or a problem, ready to send.

    etag: strong, of the body. rests_on_wallet: the next import may change it. is_hurried: it would contain more with more time.
    """

    status: int
    body: bytes
    etag: str
    rests_on_wallet: bool = False
    is_hurried: bool = False
    is_miss: bool = False


class SuggestionBudget:
    """Reads questions, and searches for suggestions for invalid ones: that takes a hundred times as long as an answer."""

    def __init__(self) -> None:
        self._left = MAX_REPAIRED

    @property
    def is_out(self) -> bool:
        """Whether invalid questions get no suggestions any more."""
        return self._left <= 0

    def read(self, text: str, context: Context) -> QuestionMeaning:
        """Return the meaning. Raises: QuestionError, with suggestions while the budget lasts."""
        try:
            return QuestionMeaning(read(text))
        except QuestionError:
            self._left -= len(text)
            if self.is_out:
                raise
        return meaning_of(text, context)


class AnswerCache:
    """Asks questions, and keeps the responses until the basis of answers changes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start empty."""
        self._clock = clock
        self._kept: OrderedDict[Hashable, CachedResponse] = OrderedDict()
        self._kept_bytes = 0
        self._stamp: Hashable = None
        self._lock = threading.Lock()

    def lookup(self, asked: Asked, access: Access, now: Snapshot) -> CachedResponse | None:
        """Return an earlier response that is still valid."""
        with self._lock:
            return self._kept.get((asked, access.sees)) if now.stamp == self._stamp else None

    def until(self) -> float:
        """Return the deadline for answering what arrives now, by this clock."""
        return self._clock() + MAX_SECONDS

    def tell(
        self, questions: Iterable[Asked], access: Access, now: Snapshot, until: float, patience: SuggestionBudget | None = None
    ) -> list[CachedResponse]:
        """Return a response to each question, in order; equal ones are asked once, and the warehouse is opened once.

        What has not begun by `until` gets the response that there was no time. patience: for suggestions, over all turns of one
        request.
        """
        told: dict[Asked, CachedResponse] = {}
        with closing(LazyWarehouse(now.context.open_warehouse)) as wallet:
            patience = patience or SuggestionBudget()
            for asked in dict.fromkeys(questions):
                in_time = self._clock() < until
                told[asked] = self.lookup(asked, access, now) or (
                    _build_response(asked, access, now.context, wallet, patience) if in_time else _no_time()
                )
        self._keep(now.stamp, access, told)
        return [told[asked] for asked in questions]

    def _keep(self, stamp: Hashable, access: Access, told: dict[Asked, CachedResponse]) -> None:
        """Keep what is valid while the stamp is; internal errors are tried again, hurried responses are not kept."""
        with self._lock:
            if stamp != self._stamp:
                self._kept.clear()
                self._kept_bytes, self._stamp = 0, stamp
            for asked, one in told.items():
                if one.status < BROKEN and not one.is_hurried and (asked, access.sees) not in self._kept:
                    self._kept[asked, access.sees] = one
                    self._kept_bytes += len(one.body)
            while len(self._kept) > MAX_KEPT or self._kept_bytes > MAX_KEPT_BYTES:
                self._kept_bytes -= len(self._kept.popitem(last=False)[1].body)


class LazyWarehouse:
    """A warehouse that is opened on first use, and released by `close`."""

    def __init__(self, open_warehouse: Callable[[], AbstractContextManager[Warehouse]]) -> None:
        """Start unopened."""
        self._open = open_warehouse
        self._stack = ExitStack()
        self._warehouse: Warehouse | None = None
        self.times_asked = 0

    def close(self) -> None:
        """Release it."""
        self._stack.close()

    @contextmanager
    def open(self) -> Iterator[Warehouse]:
        """Yield the warehouse; it stays open for the next caller."""
        self.times_asked += 1
        if self._warehouse is None:
            self._warehouse = self._stack.enter_context(self._open())
        yield self._warehouse


def _build_response(
    asked: Asked, access: Access, context: Context, wallet: LazyWarehouse, patience: SuggestionBudget
) -> CachedResponse:
    before, may_rest, is_miss = wallet.times_asked, False, False
    try:
        seen = replace(context, open_warehouse=wallet.open, only=access.only)
        meaning = patience.read(asked.text, seen if access.scope == "wallet" else seen.without_wallet())
        may_rest = access.scope == "wallet" and _may_take_wallet(meaning.question, access)
        answer = _answer(meaning, access, seen)
        status, body = int(HTTPStatus.OK), encode_json(_wanted_of(answer, asked).to_json())
    except AgentcostError as error:
        status, is_miss = status_of(error), isinstance(error, NotUnderstoodError)
        body = body_of(status, str(error), error)
        if isinstance(error, MachineError):
            LOG.warning("a question was not answered: %s", error)
    except Exception:
        LOG.exception("a question failed")
        status, body = BROKEN, body_of(BROKEN, OURS)
    rests = may_rest or wallet.times_asked > before
    return CachedResponse(status, body, etag_of(body), rests, status != HTTPStatus.OK and patience.is_out, is_miss)


def _may_take_wallet(question: Question, access: Access) -> bool:
    """Whether an import may change the answer, even before the first import; for a limited scope, only what is about it."""
    use = COMMANDS[question.command].wallet(question)
    return use == "needed" or (use == "helpful" and access.only == EVERYTHING)


def _answer(meaning: QuestionMeaning, access: Access, context: Context) -> Answer:
    if access.scope == "wallet":
        return answer_meaning(meaning, context)
    _require_pricing(meaning.question, access)
    return answer_meaning(meaning, context.without_wallet())


def _require_pricing(question: Question, access: Access) -> None:
    if not is_about_wallet(question):
        return
    LOG.warning("refused %s: a wallet question", access.caller)
    if not access.is_known:
        raise UnauthorizedError
    raise ProblemError(FORBIDDEN, f"“{question.command}” is about the wallet, and your token opens prices only.")


def _wanted_of(answer: Answer, asked: Asked) -> Answer:
    if asked.figure:
        answer = _only(answer, asked.figure)
    if not asked.figure and not asked.is_brief:
        return answer
    return replace(answer, tables=(), charts=(), arithmetic=(), notes=(), sources=())


def _only(answer: Answer, key: str) -> Answer:
    """Return the answer with only that figure. Raises: InputError, if it has none with that key."""
    try:
        figure = answer.figure(key)
    except KeyError:
        known = [figure.key for figure in answer.figures]
        near = get_close_matches(shorten(key, MAX_KEY), known, 3)
        hint = f"Did you mean: {' · '.join(near)}?" if near else f"It has: {', '.join(known)}." if known else "It has none."
        raise InputError(f"The answer to “{answer.question}” has no figure “{shorten(key, MAX_KEY)}”. {hint}") from None
    return replace(answer, figures=(figure,))


def _no_time() -> CachedResponse:
    body = body_of(UNAVAILABLE, "There was no time left for this question. Ask fewer at once.")
    return CachedResponse(UNAVAILABLE, body, etag_of(body))


def etag_of(body: bytes) -> str:
    """Return a strong entity tag: equal bytes have equal tags, others different ones."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
