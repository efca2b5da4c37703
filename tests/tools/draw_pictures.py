"""Draws docs/pictures from the demonstration, and notes what each shows. Needs node, npm, Chromium, LibreOffice and pdftoppm.

python -m tests.tools.draw_pictures
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from bot.page.templating import STATIC
from tests.documents.contents import ROOT
from tests.documents.demonstration import inside, write_demonstration
from tests.documents.pictures import MANIFEST, PAGES, PARTS, PICTURES, WORKSHEETS, manifest_of, page_at, sources, workbook_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Browser, Route

PACKAGES = ROOT / "tests" / "pictures"
DRAW_MESSAGE = ROOT / "tests" / "tools" / "slack_picture.mjs"
DRAW_SIDEBARS = "tests/sheets_addin/api/test_sidebar.py::test_pictures_for_the_guide_are_small"
MADE_SMALL = """
const sharp = require("sharp");
const [from, to, wanted, foot] = process.argv.slice(1);
(async () => {
const { width, height } = await sharp(from).metadata();
const whole = await sharp(from).extract({ left: 0, top: 0, width, height: Math.round(height * (1 - foot)) }).toBuffer();
const trimmed = await sharp(whole).trim({ threshold: 6 }).toBuffer();
await sharp(trimmed).extend({ top: 12, bottom: 12, left: 12, right: 12, background: "#fff" })
  .resize({ width: Number(wanted), withoutEnlargement: true })
  .png({ palette: true, colours: 32, dither: 0, effort: 10 }).toFile(to);
})();
"""
HOST, SCALE, DESK, MESSAGE = "http://127.0.0.1/", 2, 900, 680
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
WIDE = {"worksheet_compare": 1100, "worksheet_summary": 800}
TALL = {"page_ask": 760, "page_wallet": 860, "page_what_if": 940}
PAPER_DPI, FOOTER = 110, 0.046
HIDDEN = "h4, .slack_blocks_to_jsx__image_media_trigger { display: none !important } section { border: 0 !important }"


def draw(folder: Path, work: Path) -> None:
    """Draw every picture of the demonstration in a folder. work: where what lies between is put."""
    shown = sources(folder)
    pages = {name: page_at(folder, path) for name, path in PAGES.items()}
    parts = {path: page_at(folder, path) for path in PARTS}
    for packages in (PACKAGES, ROOT / "tests" / "apps_script"):
        _run(["npm", "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], packages)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name in (name for name in shown if name.startswith("slack_")):
            (work / f"{name}.json").write_text(shown[name], encoding="utf-8")
            html = _run(["node", str(DRAW_MESSAGE), str(work / f"{name}.json")], PACKAGES, WIDTH=str(MESSAGE))
            _draw_message(browser, html, work / f"{name}.png")
        for name, page in pages.items():
            _draw_page(browser, {"/": page, **parts}, work / f"{name}.png", TALL[name])
        browser.close()
    for name, questions in WORKSHEETS.items():
        _draw_worksheet(folder, work, name, questions)
    for path in work.glob("*.png"):
        width, foot = WIDE.get(path.stem, DESK), FOOTER if path.stem in WORKSHEETS else 0
        said = [str(path), str(PICTURES / path.name), str(width), str(foot)]
        _run(["node", "-e", MADE_SMALL, *said], PACKAGES)
    _run([sys.executable, "-m", "pytest", "-q", "--no-header", DRAW_SIDEBARS], ROOT, AGENTCOST_PICTURES=str(PICTURES))
    MANIFEST.write_text(json.dumps(manifest_of(shown), indent=1) + "\n", encoding="utf-8")


def _draw_message(browser: Browser, html: str, to: Path) -> None:
    page = browser.new_page(viewport={"width": MESSAGE + 40, "height": 600}, device_scale_factor=SCALE)
    page.set_content(html)
    page.add_style_tag(content=HIDDEN)
    page.screenshot(path=to, full_page=True)
    page.close()


def _draw_page(browser: Browser, pages: Mapping[str, bytes], to: Path, height: int) -> None:
    page = browser.new_page(viewport={"width": DESK, "height": height}, device_scale_factor=SCALE)
    page.route("**/*", lambda route: _serve(route, pages))
    page.goto(HOST)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=to)
    page.close()


def _serve(route: Route, pages: Mapping[str, bytes]) -> None:
    """Answer as the service would: with the page, and what it is made of."""
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        file = STATIC / path.removeprefix("/static/")
        route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
    elif path in pages:
        route.fulfill(body=pages[path], content_type="text/html; charset=utf-8")
    else:
        route.abort()


def _draw_worksheet(folder: Path, work: Path, name: str, questions: list[str]) -> None:
    with inside(folder):
        path = workbook_at(folder, name, questions)
    profile = f"-env:UserInstallation={(work / 'office').as_uri()}"
    _run(["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(work), str(path)], work)
    first = ["-f", "1", "-l", "1", "-singlefile"]
    _run(["pdftoppm", "-png", "-r", str(PAPER_DPI), *first, str(work / f"{name}.pdf"), str(work / name)], work)


def _run(words: list[str], where: Path, **variables: str) -> str:
    return subprocess.run(words, cwd=where, env=_environment(variables), text=True, check=True, stdout=subprocess.PIPE).stdout


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, **variables}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        draw(write_demonstration(Path(temporary) / "demo"), Path(temporary))
