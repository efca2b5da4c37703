"""Apps Script, run by Node: the real project files on services that refuse what Google's refuse, calling the real API."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = Path(__file__).parents[1] / "apps_script"
MODULES, CHROMIUM = FOLDER / "node_modules", shutil.which("chromium")
NO_NODE = "needs Node 20 and `npm install` in tests/apps_script; .ci/run does both"
NO_CHROMIUM = "needs Debian's chromium, Node 20 and `npm install` in tests/apps_script; .ci/run installs them"
HAS_NODE = bool(shutil.which("node")) and MODULES.exists()

NEEDS_NODE = [pytest.mark.outside, pytest.mark.skipif(not HAS_NODE, reason=NO_NODE)]
NEEDS_CHROMIUM = [pytest.mark.outside, pytest.mark.skipif(not (HAS_NODE and CHROMIUM), reason=NO_CHROMIUM)]

Mode = Literal["custom", "menu", "simple", "page", "none", "card"]
"""Who calls: a cell, a menu item, a simple trigger, a sidebar, the trigger of an add-on that is not used here yet, a card."""


class ScriptError(Exception):
    """What a cell, a menu or a page shows of an error."""


class AppsScript:
    """A spreadsheet with the project in it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._orders, self._outcomes = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)

    def order(self, order: str, **details: object) -> Any:  # noqa: ANN401 - whatever came of it
        """Have something done. Raises: ScriptError."""
        self._orders.write(json.dumps({"order": order, **details}) + "\n")
        self._orders.flush()
        outcome = json.loads(self._outcomes.readline())
        if "error" in outcome:
            raise ScriptError(outcome["error"])
        return outcome["value"]

    def cell(self, name: str, *args: object) -> Any:  # noqa: ANN401 - a value or rows of values
        """Return what a formula shows. Raises: ScriptError, with what the cell says."""
        return self.order("call", mode="custom", name=name, args=args)

    def menu(self, name: str, *args: object, mode: Mode = "menu") -> Any:  # noqa: ANN401 - as above
        """Do what a menu item, a trigger or a page does."""
        return self.order("call", mode=mode, name=name, args=args)

    def settings(self, address: str, token: str = "") -> None:
        """Set address and token as the settings keep them."""
        for name, value in (("agentcost_address", address), ("agentcost_token", token)):
            if value:
                self.order("keep", name=name, value=value)

    @property
    def state(self) -> dict[str, Any]:
        """The spreadsheet, the properties, what was sent and how long was slept."""
        return cast("dict[str, Any]", self.order("state"))

    @property
    def asked(self) -> list[list[dict[str, str]]]:
        """The questions of each call so far."""
        return [json.loads(payload)["questions"] for url, payload in self.state["calls"] if url.endswith("/v1/ask")]

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return what does something on the open page, such as fill, click or text."""
        if name.startswith("on_page_"):
            return partial(self._on_page, name.removeprefix("on_page_"))
        raise AttributeError(name)

    def _on_page(self, name: str, *args: object) -> Any:  # noqa: ANN401 - as above
        return self.order("page", name=name, args=args)


@contextmanager
def apps_script(project: Path | None = None) -> Iterator[AppsScript]:
    """Give a spreadsheet with the project in it, or with that of another folder."""
    with subprocess.Popen(
        ["node", "driver.mjs", *([str(project)] if project else [])],
        cwd=FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield AppsScript(process)
        cast("IO[str]", process.stdin).close()
        process.wait(timeout=20)
