"""The report as a PDF, printed by a Chromium or Chrome on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from core.errors import InputError, MachineError

PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PATIENCE_SECONDS, DRAWING_MS = 120, 10_000
WINDOW = "720,1000"  # as wide as what a sheet of A4 holds between its margins and a little more: charts are drawn for it


def find_browser() -> str | None:
    """Return the first program here that prints pages, None where there is none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def print_page(html: str, path: Path) -> None:
    """Write a page of HTML as a PDF, whole or not at all.

    Raises: InputError, where no program here prints pages; MachineError, where that failed; OSError.
    """
    browser = find_browser()
    if browser is None:
        raise InputError(
            f"No Chromium or Chrome is installed here to write {path.name}. "
            f"Write {path.stem}.html instead, and print it in a browser."
        )
    with tempfile.TemporaryDirectory(prefix="agentcost-print-") as folder:
        page, printed = Path(folder, "report.html"), Path(folder, "report.pdf")
        page.write_text(html, encoding="utf-8")
        done = _run(browser, Path(folder, "profile"), page, printed)
        if not printed.exists():
            raise MachineError(f"{Path(browser).name} did not print {path.name}: {_last_line(done)}")
        shutil.copyfile(printed, path)


def _run(browser: str, profile: Path, page: Path, printed: Path) -> str:
    """Print a page, and return what the browser said meanwhile."""
    command = [
        browser,
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        "--no-pdf-header-footer",
        f"--window-size={WINDOW}",
        f"--user-data-dir={profile}",
        f"--virtual-time-budget={DRAWING_MS}",
        f"--print-to-pdf={printed}",
        page.as_uri(),
    ]
    if os.geteuid() == 0:
        command.insert(
            1, "--no-sandbox"
        )  # as root, in a container, Chromium starts only so; the page is our own and fetches nothing
    try:
        return subprocess.run(  # noqa: S603 - a program found by its name, and words of our own
            command, capture_output=True, text=True, errors="replace", check=False, timeout=PATIENCE_SECONDS
        ).stderr
    except subprocess.TimeoutExpired:
        return f"it took longer than {PATIENCE_SECONDS} seconds."


def _last_line(text: str) -> str:
    return next(iter(text.strip().splitlines()[-1:]), "it said nothing.")
