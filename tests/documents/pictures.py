"""What the pictures of docs/pictures show: each by its name, as the text that it is drawn from."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import openpyxl
from starlette.applications import Starlette

from bot import wiring
from bot.page import Door, Site, page_routes
from bot.page.slack_preview import digest_told, teams_told
from bot.page.templating import STATIC
from bot.slack.blocks import answer_message
from core.kept_text import FileText
from core.questions import ask
from tests.documents.contents import ROOT
from tests.documents.demonstration import inside

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping
    from pathlib import Path

    from core.context import Context

PICTURES = ROOT / "docs" / "pictures"
MANIFEST = PICTURES / "sources.json"
COMPARISON = "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users"
ANSWERS = {"slack_wallet": "wallet"}
TEAM = "FinOps"
WORKSHEETS = {"worksheet_compare": [COMPARISON], "worksheet_summary": []}
PAGES = {
    "page_ask": "/?q=which agent used the most credits last month",
    "page_wallet": "/wallet",
    "page_what_if": "/what-if?interactions=10000&actions=5&discount=25&users=50",
}
# What these pages ask for by themselves, once they are shown.
PARTS = ("/wallet/agents", "/wallet/departments", "/wallet/alerts", "/wallet/ahead")
# Drawn by the tests of the sidebar, from these files.
SIDEBARS = ("formulas_ask", "formulas_scenario", "formulas_settings")
SCRIPTS = ROOT / "sheets_addin" / "apps_script"
FOLDED = re.compile(r"<details.*?</details>", re.DOTALL)  # no picture shows it


def sources(folder: Path) -> dict[str, str]:
    """Return what each picture shows, of the demonstration in a folder."""
    with inside(folder):
        company = wiring.context(None, None)
        shown = dict(_messages(company))
        shown |= {name: worksheet_text(folder, name, questions) for name, questions in WORKSHEETS.items()}
    styles = "".join((STATIC / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    shown |= {name: FOLDED.sub("", page_at(folder, path).decode()) + styles for name, path in PAGES.items()}
    scripts = "".join(path.read_text(encoding="utf-8") for path in sorted(SCRIPTS.glob("*.html")))
    return shown | dict.fromkeys(SIDEBARS, scripts)


def manifest_of(shown: dict[str, str]) -> dict[str, str]:
    """Return the hash of what each picture shows."""
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in sorted(shown.items())}


def workbook_at(folder: Path, name: str, questions: list[str]) -> Path:
    """Write the workbook whose first worksheet a picture shows, and return where it is."""
    path = folder / f"{name}.xlsx"
    wiring.write_workbook(questions, wiring.context(None, None), path)
    return path


def worksheet_text(folder: Path, name: str, questions: list[str]) -> str:
    """Return the cells of a workbook's first worksheet."""
    sheet = openpyxl.load_workbook(workbook_at(folder, name, questions), data_only=True).worksheets[0]
    cells = [(cell.coordinate, str(cell.value)) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    return json.dumps([sheet.title, *cells], ensure_ascii=False)


def page_at(folder: Path, path: str) -> bytes:
    """Return what the page sends for a path, to somebody at the machine itself."""
    with inside(folder):
        company = wiring.context(None, None)
        site = Site(lambda: company, Door(FileText(folder / "page_secret")), _never, _never, list, lambda _: None)
        return asyncio.run(_get(Starlette(routes=page_routes(site)), path))


def _messages(company: Context) -> Iterator[tuple[str, str]]:
    for name, question in ANSWERS.items():
        yield name, _blocks_text(answer_message(ask(question, company)).payload()["blocks"])
    alerts = next(team.alerts for team in teams_told(company) if team.name == TEAM)
    yield "slack_alert", _blocks_text(alerts[0].blocks)
    digest = digest_told(company, TEAM)
    assert digest
    yield "slack_digest", _blocks_text(digest.blocks)


def _blocks_text(blocks: Any) -> str:  # noqa: ANN401 - blocks as Slack gets them
    return json.dumps({"blocks": blocks}, ensure_ascii=False)


def _never(*_: object) -> Any:  # noqa: ANN401 - stands for what no picture imports
    raise AssertionError


async def _get(app: Starlette, path: str) -> bytes:
    parts = urlsplit(path)
    body = b""

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal body
        body += message.get("body", b"")

    scope = {
        "type": "http",
        "method": "GET",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.replace(" ", "%20").encode(),
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 1),
        "scheme": "http",
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    return body
