"""The page's routes: who asks, what they ask, and what is sent back with which headers."""

from __future__ import annotations

import logging
import secrets
import shutil
import tempfile
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.page.access import COOKIE, SESSION_SECONDS, Visitor
from bot.page.mapping import ROWS, UNITS, blank_form, sent_form, wishes_in
from bot.page.slack_preview import digest_told, teams_told
from bot.page.templating import STATIC, fill
from bot.page.views import AnswerView, view_of
from core.answer import to_csv
from core.error_log import log_error
from core.errors import AgentcostError, InputError, NotUnderstoodError, QuestionError, UndecidedColumnsError
from core.language import complete_question
from core.questions import ask, is_about_wallet, meaning_of
from core.records import NamedTuple
from core.wallet.learning import FIELDS, Wishes
from core.warehouse import QuestionEvent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.datastructures import UploadFile
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from bot.page.mapping import ColumnForm
    from bot.page.site import Reading, Site
    from core.answer import Answer
    from core.context import Context
    from core.warehouse import Outcome

LOG = logging.getLogger("agentcost.page")
PAGES = (
    ("/", "Ask"),
    ("/wallet", "Wallet"),
    ("/what-if", "What if"),
    ("/told", "Digest and alerts"),
    ("/import", "Import"),
    ("/set-up", "Set-up"),
)
EXAMPLES = (
    "breakeven 200 users",
    "10k chats a month at 5 actions",
    "wallet",
    "usage by agent last month",
    "variance last 7 days",
    "plan purchase 12 months",
)
# The parts below the balance, each loaded separately so that the balance shows at once: link text and question.
OF_THE_WALLET = {
    "agents": ("Use by agent", "usage by agent last 28 days"),
    "departments": ("Use by department", "usage by department last 28 days"),
    "alerts": ("Alerts", "alerts"),
    "ahead": ("What is ahead", "forecast"),
}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # without any, browsers send a form's origin as "null"
    "X-Content-Type-Options": "nosniff",
}
KEPT_A_DAY = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
NO_LINK = "Open this page on the machine that runs agentcost, or with a sign-in link."
STALE_LINK = "This link is no longer valid, or was cut off when it was copied."
STALE_FORM = "This form has expired, or does not come from this page. Nothing was done; reload the page."
SIGNED_OUT = "You are signed out on this device."
NO_PAGE = "There is no such page."
GONE = "These rows are no longer here. Import the file again."
OURS = "Internal error; nothing you did is at fault. Try again; if it happens again, tell whoever runs agentcost."
REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY
MAX_UPLOADS, CHUNK = 20, 1024 * 1024
SURFACE = "page"


class Refusal(NamedTuple):
    """Why there is no answer, and questions that work."""

    words: str
    suggestions: tuple[str, ...] = ()


class Part(NamedTuple):
    """An answer, or why there is none."""

    answer: AnswerView | None = None
    error: Refusal | None = None


class Slider(NamedTuple):
    """A number of the workload that can be tried."""

    name: str
    label: str
    value: str
    least: str
    most: str
    step: str


SLIDERS = (
    Slider("interactions", "Interactions a month", "10000", "100", "200000", "100"),
    Slider("actions", "Actions per interaction", "5", "1", "20", "0.1"),
    Slider("discount", "Discount on credits, percent", "0", "0", "60", "1"),
    Slider("users", "Users who would need a seat", "0", "0", "2000", "5"),
)


class Upload(NamedTuple):
    """An uploaded file, in a folder of its own until it is imported.

    session: of whoever brought it. form: which of its columns hold what; wishes: what of that counts. For a known export
    both are None.
    """

    session: str
    folder: Path
    name: str
    form: ColumnForm | None = None
    wishes: Wishes | None = None

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self.folder / self.name


class Page:
    """The handlers. Every one of them is asked through `_let_in`, which knows who may."""

    def __init__(self, site: Site) -> None:
        """Serve nothing yet."""
        self._site = site
        self._uploads: dict[str, Upload] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None  # made for the first file, gone with the service

    def routes(self) -> list[BaseRoute]:
        """Return every address of the page."""
        return [
            Route("/", self._let_in(self.ask)),
            Route("/complete", self._let_in(self.complete)),
            Route("/answer.csv", self._let_in(self.table)),
            Route("/wallet", self._let_in(self.wallet)),
            Route("/wallet/{name}", self._let_in(self.more_of_wallet)),
            Route("/what-if", self._let_in(self.what_if)),
            Route("/told", self._let_in(self.told)),
            Route("/told/digest", self._let_in(self.digest)),
            Route("/import", self._let_in(self.import_page), methods=["GET"]),
            Route("/import", self._let_in(self.look_at), methods=["POST"]),
            Route("/import/{upload}", self._let_in(self.bring_in), methods=["POST"]),
            Route("/import/{upload}/reading", self._let_in(self.read_otherwise), methods=["POST"]),
            Route("/import/{upload}/{name}", self._let_in(self.rejects), methods=["GET"]),
            Route("/set-up", self._let_in(self.set_up)),
            Route("/sign-in", self.show_sign_in, methods=["GET"]),
            Route("/sign-in", self.sign_in, methods=["POST"]),
            Route("/sign-out", self._let_in(self.sign_out), methods=["POST"]),
            Mount("/static", _Static(directory=STATIC)),
        ]

    async def ask(self, request: Request, visitor: Visitor) -> Response:
        """Answer a question, or show what can be asked."""
        asked = request.query_params.get("q", "").strip()
        part = await run_in_threadpool(self._part, asked, visitor) if asked else Part()
        return self._page(
            "ask.html",
            "/",
            visitor,
            _status(part),
            asked=asked,
            examples=EXAMPLES,
            **part._asdict(),
        )

    async def complete(self, request: Request, _: Visitor) -> Response:
        """Return completions for a question being typed."""
        typed = request.query_params.get("q", "")
        found = complete_question(typed)
        return _html(fill("completions.html", completions=found))

    async def table(self, request: Request, visitor: Visitor) -> Response:
        """Return the table of an answer as CSV, every row and column of it, exact."""
        asked = request.query_params.get("q", "")
        answer, error = await run_in_threadpool(self._answer, asked, visitor)
        if answer is None or error:
            return self._page(
                "ask.html",
                "/",
                visitor,
                REFUSED,
                asked=asked,
                examples=EXAMPLES,
                answer=None,
                error=error,
            )
        headers = {**HEADERS, "Content-Disposition": 'attachment; filename="agentcost.csv"'}
        return Response(to_csv(answer), headers=headers, media_type="text/csv; charset=utf-8")

    async def wallet(self, _: Request, visitor: Visitor) -> Response:
        """Show the balance; the rest loads by itself."""
        part = await run_in_threadpool(self._part, "wallet", visitor)
        return self._page("wallet.html", "/wallet", visitor, part=part, more=OF_THE_WALLET if part.answer else {})

    async def more_of_wallet(self, request: Request, visitor: Visitor) -> Response:
        """Show one of the parts below: who used it, open alerts, the forecast."""
        name = request.path_params["name"]
        if name not in OF_THE_WALLET:
            return self._page("ask.html", "", visitor, HTTPStatus.NOT_FOUND, **_nothing_but(Refusal(NO_PAGE)))
        title, question = OF_THE_WALLET[name]
        part = await run_in_threadpool(self._part, question, visitor)
        return self._page("wallet_part.html", "/wallet", visitor, _status(part), name=name, title=title, part=part)

    async def what_if(self, request: Request, visitor: Visitor) -> Response:
        """Show every plan side by side for the numbers that were tried."""
        sliders = [one._replace(value=request.query_params.get(one.name, one.value)) for one in SLIDERS]
        said = {one.name: one.value for one in sliders}
        question = f"compare {said['interactions']} interactions {said['actions']} actions"
        question += f" {said['users']} users" * (said["users"] not in {"", "0"})
        question += f" discount {said['discount']}%" * (said["discount"] not in {"", "0"})
        part = await run_in_threadpool(self._part, question, visitor)
        return self._page(
            "what_if.html",
            "/what-if",
            visitor,
            _status(part),
            sliders=sliders,
            part=part,
        )

    async def told(self, _: Request, visitor: Visitor) -> Response:
        """Show each team's open alerts as Slack shows them; the digests come by themselves."""
        try:
            teams = await run_in_threadpool(teams_told, self._context(visitor))
            nothing = "No team is named in app.yaml yet."
        except InputError as error:
            teams, nothing = [], str(error)
        return self._page("told.html", "/told", visitor, teams=teams, nothing=nothing)

    async def digest(self, request: Request, visitor: Visitor) -> Response:
        """Show a team's digest of the week as Slack shows it."""
        team = request.query_params.get("team", "")
        message = await run_in_threadpool(digest_told, self._context(visitor), team)
        status = HTTPStatus.OK if message else HTTPStatus.NOT_FOUND
        return self._page("digest.html", "/told", visitor, status, message=message, place=request.query_params.get("place", "1"))

    async def import_page(self, _: Request, visitor: Visitor) -> Response:
        """Show where a file can be dropped."""
        return self._import(visitor)

    async def look_at(self, request: Request, visitor: Visitor) -> Response:
        """Take a file, and show how it would be read; nothing has been imported yet."""
        async with request.form(max_files=1) as form:
            if not self._may_change(visitor, form.get("form_key")):
                return self._import(visitor, HTTPStatus.FORBIDDEN, error=Refusal(STALE_FORM))
            sent = form.get("file")
            if sent is None or isinstance(sent, str) or not sent.filename:
                return self._import(visitor, REFUSED, error=Refusal("Choose a file first."))
            key = await run_in_threadpool(self._keep, sent, visitor)
        upload = self._uploads[key]
        try:
            reading = await run_in_threadpool(self._site.explain, upload.path, None)
        except AgentcostError as error:
            if isinstance(error, UndecidedColumnsError) and error.columns:
                return self._ask_for_columns(visitor, key, blank_form(error.columns), error)
            self._forget(key)
            return self._import(visitor, REFUSED, error=Refusal(str(error).replace(str(upload.path), upload.name)))
        return self._propose(visitor, key, reading, Wishes() if reading.form else None)

    async def read_otherwise(self, request: Request, visitor: Visitor) -> Response:
        """Show how a file would be read by the columns that somebody chose."""
        key = request.path_params["upload"]
        sent = await request.form()
        upload = self._uploads.get(key)
        if upload is None or upload.session != visitor.session or not self._may_change(visitor, sent.get("form_key")):
            return self._import(visitor, HTTPStatus.FORBIDDEN, error=Refusal(STALE_FORM))
        form = sent_form(sent, upload.form.headers if upload.form else ())
        try:
            wishes = wishes_in(form)
            reading = await run_in_threadpool(self._site.explain, upload.path, wishes)
        except AgentcostError as error:
            return self._ask_for_columns(visitor, key, form, error)
        return self._propose(visitor, key, reading, wishes)

    async def bring_in(self, request: Request, visitor: Visitor) -> Response:
        """Import the previewed file."""
        key = request.path_params["upload"]
        form = await request.form()
        upload = self._uploads.get(key)
        if upload is None or upload.session != visitor.session or not self._may_change(visitor, form.get("form_key")):
            return self._import(visitor, HTTPStatus.FORBIDDEN, error=Refusal(STALE_FORM))
        try:
            came = await run_in_threadpool(self._site.import_file, upload.path, visitor.name, upload.wishes)
        except AgentcostError as error:
            return self._import(visitor, REFUSED, error=Refusal(str(error).replace(str(upload.path), upload.name)))
        upload.path.unlink(missing_ok=True)  # only the rejected rows stay here
        return self._import(visitor, report=view_of(came.report), upload=key, rejects=[path.name for path in came.rejects])

    async def rejects(self, request: Request, visitor: Visitor) -> Response:
        """Return the rejected rows of an import, to fix."""
        upload, name = self._uploads.get(request.path_params["upload"]), request.path_params["name"]
        path = upload.folder / name if upload and upload.session == visitor.session else None
        if path is None or Path(name).name != name or not path.is_file():
            return self._import(visitor, HTTPStatus.NOT_FOUND, error=Refusal(GONE))
        return FileResponse(path, headers=HEADERS, filename=name)

    async def set_up(self, _: Request, visitor: Visitor) -> Response:
        """Show the findings of the set-up checks."""
        findings = await run_in_threadpool(self._site.findings) if visitor.may_import else []
        return self._page("set_up.html", "/set-up", visitor, findings=findings)

    async def show_sign_in(self, request: Request) -> Response:
        """Show the button of a sign-in link: a preview that some program makes of a link must not use it."""
        key = request.query_params.get("key", "")
        is_good = self._site.door.sign_in(key) is not None
        status = HTTPStatus.OK if is_good else HTTPStatus.UNAUTHORIZED
        return self._page("sign_in.html", "", None, status, key=key if is_good else "", why=STALE_LINK)

    async def sign_in(self, request: Request) -> Response:
        """Let somebody in by their link."""
        form = await request.form()
        visitor = self._site.door.sign_in(str(form.get("key", "")))
        if visitor is None or not _is_same_site(request):
            return self._page("sign_in.html", "", None, HTTPStatus.UNAUTHORIZED, key="", why=STALE_LINK)
        response = RedirectResponse("/", HTTPStatus.SEE_OTHER, HEADERS)
        self._remember(response, request, visitor)
        return response

    async def sign_out(self, request: Request, visitor: Visitor) -> Response:
        """Forget on this device who was let in."""
        form = await request.form()
        if not self._site.door.is_own_form(visitor, str(form.get("form_key") or "")):
            return self._page("ask.html", "", visitor, HTTPStatus.FORBIDDEN, **_nothing_but(Refusal(STALE_FORM)))
        response = self._page("sign_in.html", "", None, key="", why=SIGNED_OUT)
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return response

    def _let_in(self, handler: Callable[[Request, Visitor], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """Return middleware that lets visitors in, keeps them signed in, and reports errors in a sentence."""

        async def handle(request: Request) -> Response:
            visitor = self._site.door.visitor(request)
            if visitor is None:
                LOG.info("refused %s", request.client.host if request.client else "somebody")
                return self._page("sign_in.html", "", None, HTTPStatus.UNAUTHORIZED, key="", why=NO_LINK)
            if request.method == "POST" and not _is_same_site(request):
                return self._page("sign_in.html", "", None, HTTPStatus.FORBIDDEN, key="", why=STALE_FORM)
            try:
                response = await handler(request, visitor)
            except AgentcostError as error:
                response = self._page("ask.html", "", visitor, REFUSED, **_nothing_but(Refusal(str(error))))
            except Exception as error:  # noqa: BLE001 - the last resort: whatever it is, it is ours
                log_error(error, LOG)
                response = self._page("ask.html", "", visitor, HTTPStatus.INTERNAL_SERVER_ERROR, **_nothing_but(Refusal(OURS)))
            if handler == self.sign_out:
                return response
            if COOKIE not in request.cookies or self._site.door.visitor(request) != visitor:
                self._remember(response, request, visitor)
            return response

        return handle

    def _remember(self, response: Response, request: Request, visitor: Visitor) -> None:
        is_secure = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
        age = None if visitor.is_local else SESSION_SECONDS
        cookie = self._site.door.cookie(visitor)
        response.set_cookie(COOKIE, cookie, max_age=age, httponly=True, samesite="lax", secure=is_secure)

    def _context(self, visitor: Visitor) -> Context:
        return replace(self._site.context(), only=visitor.only)

    def _answer(self, asked: str, visitor: Visitor) -> tuple[Answer | None, Refusal | None]:
        """Return the answer or why there is none, and record who asked."""
        began, context, is_miss, reads = perf_counter(), self._context(visitor), False, False
        answer: Answer | None = None
        refusal: Refusal | None = None
        try:
            reads = is_about_wallet(meaning_of(asked, context).question)
            answer = ask(asked, context)
        except QuestionError as error:
            is_miss = isinstance(error, NotUnderstoodError) and context.config.keep_misses
            refusal = Refusal(str(error), error.suggestions)
        except InputError as error:
            refusal = Refusal(str(error))
        outcome: Outcome = "answered" if answer else "refused"
        self._site.heard(QuestionEvent(visitor.name, asked, outcome, reads, perf_counter() - began, is_miss, SURFACE))
        return answer, refusal

    def _part(self, asked: str, visitor: Visitor) -> Part:
        answer, error = self._answer(asked, visitor)
        return Part(view_of(answer) if answer else None, error)

    def _keep(self, sent: UploadFile, visitor: Visitor) -> str:
        """Lay a file that was sent into a folder of its own, and return its key; the oldest ones are forgotten."""
        while len(self._uploads) >= MAX_UPLOADS:
            self._forget(next(iter(self._uploads)))
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="agentcost-page-")
        folder = Path(tempfile.mkdtemp(dir=self._folder.name))
        upload = Upload(visitor.session, folder, Path(str(sent.filename).replace("\\", "/")).name or "export")
        with upload.path.open("xb") as file:
            shutil.copyfileobj(sent.file, file, CHUNK)
        key = secrets.token_urlsafe(12)
        self._uploads[key] = upload
        return key

    def _forget(self, key: str) -> None:
        upload = self._uploads.pop(key, None)
        if upload:
            shutil.rmtree(upload.folder, ignore_errors=True)

    def _propose(self, visitor: Visitor, key: str, reading: Reading, wishes: Wishes | None) -> Response:
        """Show how a file would be read, for a yes or for other columns."""
        upload = self._uploads[key] = self._uploads[key]._replace(form=reading.form, wishes=wishes)
        return self._import(visitor, proposal=view_of(reading.answer), upload=key, file_name=upload.name, form=upload.form)

    def _ask_for_columns(self, visitor: Visitor, key: str, form: ColumnForm, why: AgentcostError) -> Response:
        """Say why a file cannot be read that way, and ask which of its columns hold what."""
        upload = self._uploads[key] = self._uploads[key]._replace(form=form)
        said = str(why).replace(str(upload.path), upload.name)
        return self._import(visitor, REFUSED, error=Refusal(said), upload=key, file_name=upload.name, form=form)

    def _may_change(self, visitor: Visitor, form_key: object) -> bool:
        return visitor.may_import and self._site.door.is_own_form(visitor, str(form_key or ""))

    def _import(self, visitor: Visitor, status: int = 200, **said: object) -> Response:
        told = {
            "error": None,
            "proposal": None,
            "report": None,
            "upload": "",
            "file_name": "",
            "rejects": (),
            "form": None,
            "fields": FIELDS,
            "units": UNITS,
            "kinds_of_rows": ROWS,
        }
        return self._page("import.html", "/import", visitor, status, **(told | said))

    def _page(self, template: str, here: str, visitor: Visitor | None, status: int = 200, **said: object) -> HTMLResponse:
        key = self._site.door.form_key(visitor) if visitor else ""
        return _html(fill(template, here=here, visitor=visitor, pages=PAGES, form_key=key, **said), status)


class _Static(StaticFiles):
    """Files that never change within a version."""

    def file_response(self, *args: object, **options: object) -> Response:
        response = super().file_response(*args, **options)  # type: ignore[arg-type]  # as Starlette calls it
        response.headers.update(KEPT_A_DAY)
        return response


def page_routes(site: Site) -> list[BaseRoute]:
    """Return the page's routes."""
    return Page(site).routes()


def _html(text: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(text, status, HEADERS)


def _status(part: Part) -> HTTPStatus:
    return REFUSED if part.error else HTTPStatus.OK


def _nothing_but(error: Refusal) -> dict[str, object]:
    return {"asked": "", "examples": EXAMPLES, "answer": None, "error": error}


def _is_same_site(request: Request) -> bool:
    """Whether a form comes from this page and not from another site's, as far as the browser says."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")
