"""Every documented question, asked in the terminal, in Slack, over HTTP, on the page, in a cell and in a workbook: the same.

Surfaces with exact values are compared exactly, those that round by what they display.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from starlette.applications import Starlette

from bot.cli.main import main
from bot.page import Door, Site, page_routes
from core.answer import answer_from_json, to_csv
from core.config.loader import Config
from core.context import Context
from core.kept_text import FileText
from core.language.commands import COMMANDS
from core.language.parser import parse
from core.pricing.plans import PLANS
from core.wallet.ingest.pipeline import import_files
from core.warehouse.database import open_warehouse
from sheets_addin.compare.workbook import workbook_for
from tests.fakes.apps_script import NEEDS_NODE, apps_script
from tests.fakes.asking import BUDGETS, BUDGETS_IN_YAML, DAY, EXPORTS, USERS
from tests.fakes.formula_api import Api, api_on
from tests.fakes.slack.workspace import Workspace, served
from tests.tools.recalculate import by_ironcalc, column, one, write_uncomputed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.apps_script import AppsScript
    from tests.fakes.slack.server import SlackServer

IN_OWN_WORDS = (
    "usage by agent by month",
    "what if volume doubles",
    "what if actions go from 4 to 7",
    "what if we grow 15% a month",
    "what if we get 25% off",
    "invoice October",
    "Sind wir über dem Budget?",
)
QUESTIONS = [*(example for command in COMMANDS.values() for example in command.examples), *IN_OWN_WORDS]
IN_WORKBOOKS_TOO = ("compare", "recommend", "breakeven")
IN_WORKBOOKS = [
    text
    for text in QUESTIONS
    if text.split()[0] in IN_WORKBOOKS_TOO
    and (asked := parse(text)).names_workload
    and not (asked.only or asked.plan or asked.foundations or asked.ranges or asked.vendors)  # a workbook refuses these in words
]
HALF_A_CENT = Decimal("0.005")
ON_THE_BREAK_EVEN_SHEET = {
    "actions_per_interaction": "meeting_actions",
    "seats_usd_per_month": "add_on_seats_usd_per_month",
    "actions_per_user_month": "add_on_actions_per_user_month",
    "actions_per_month": "add_on_break_even_actions_per_month",
    "actions_per_user_working_day": "add_on_actions_per_user_working_day",
    "actions_per_user_calendar_day": "add_on_actions_per_user_calendar_day",
    "conversations_per_user_month": "add_on_conversations_per_user_month",
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample wallet that Slack uses as well."""
    file = tmp_path_factory.mktemp("parity") / "warehouse.duckdb"
    with open_warehouse(file) as opened:
        import_files(opened, [EXPORTS / "events_api_names.csv", EXPORTS / "ledger.csv"], Config().wallet)
    return file


@pytest.fixture(scope="module")
def api(warehouse: Path) -> Api:
    """The formula API for that wallet."""
    context = Context(DAY, Config(budgets=BUDGETS, users=USERS), lambda: open_warehouse(warehouse), has_warehouse=True)
    return api_on(context, warehouse.parent).configured(requests_per_minute=10_000)


@pytest.fixture(scope="module")
def token(api: Api) -> str:
    """A token with access to the whole wallet."""
    return api.token()


@pytest.fixture(scope="module")
def address(api: Api) -> Iterator[str]:
    """The address of the formula API."""
    with served(api.app) as url:
        yield url


@pytest.fixture(scope="module")
def page(warehouse: Path) -> Iterator[str]:
    """The address of that wallet's page."""
    context = Context(DAY, Config(budgets=BUDGETS, users=USERS), lambda: open_warehouse(warehouse), has_warehouse=True)
    door = Door(FileText(warehouse.parent / "page_secret"))
    # Only questions are asked here: nothing is imported, looked at or told.
    site = Site(lambda: context, door, _nothing, _nothing, list, lambda _: None)
    with served(Starlette(routes=page_routes(site))) as url:
        yield url


def _nothing(*_: object) -> Any:  # noqa: ANN401 - what a page that imports would get
    pytest.fail("no file is brought here")


@pytest.fixture(scope="module")
def sheet(address: str, token: str) -> Iterator[AppsScript]:
    """A spreadsheet that asks it."""
    with apps_script() as found:
        found.settings(address, token)
        yield found


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app.yaml with the wallet's budgets."""
    path = tmp_path_factory.mktemp("parity-settings") / "app.yaml"
    path.write_text(f"users: {USERS}\n{BUDGETS_IN_YAML}", encoding="utf-8")
    return path


@pytest.fixture
def in_terminal(warehouse: Path, configuration: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401 - a function
    """Return a function from a question to what the terminal prints as JSON: the answer or the error."""

    def asked(question: str) -> dict[str, Any]:
        monkeypatch.setenv("AGENTCOST_WAREHOUSE", str(warehouse))
        monkeypatch.setenv("AGENTCOST_CONFIG", str(configuration))
        main(["--json", "--as-of", str(DAY), *question.split()])
        printed = capsys.readouterr()
        told: dict[str, Any] = json.loads(printed.out or printed.err)
        return told

    return asked


def over_http(address: str, token: str, question: str) -> dict[str, Any]:
    """Return the answer or the problem of an HTTP request."""
    body = json.dumps({"questions": [{"q": question}]}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with urlopen(Request(f"{address}/v1/ask", body, headers)) as response:
        told: dict[str, Any] = json.load(response)["answers"][0]
    return told


def numbers(answer: dict[str, Any]) -> dict[str, Decimal]:
    """Return the answer's numeric figures, exact."""
    figures = [
        one for one in answer.get("figures", ()) if one["value"] is not None and one["unit"] not in {"text", "day", "instant"}
    ]
    return {figure["key"]: Decimal(figure["value"]) for figure in figures}


@pytest.mark.parametrize("question", QUESTIONS)
def test_terminal_and_http_say_the_same(question: str, in_terminal: Any, address: str, token: str) -> None:  # noqa: ANN401 - as above
    """The whole answer is equal once parsed; if there is none, the sentence is."""
    told, printed = over_http(address, token, question), in_terminal(question)
    assert printed == ({"error": told["detail"]} if "error" in printed else told)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_single_question_is_answered_as_one_of_many(question: str, address: str, token: str) -> None:
    """GET and POST return the same answer."""
    request = Request(f"{address}/v1/ask?q={quote(question)}", headers={"Authorization": f"Bearer {token}"})
    told = over_http(address, token, question)
    if "detail" not in told:
        with urlopen(request) as response:
            assert json.load(response) == told


@pytest.mark.parametrize("question", QUESTIONS)
def test_slack_shows_the_same_figures(question: str, workspace: Workspace, slack: SlackServer, address: str, token: str) -> None:
    """Each figure is under How? to the cent, and the headline in the message; without an answer the sentence is the same."""
    answer = over_http(address, token, question)
    workspace.slash(question)
    [sent] = slack.wait_for(1)
    text = sent.text
    if numbers(answer):
        workspace.press("How?", sent)
        text = f"{text}\n{slack.wait_for(2)[1].text}"
    labels = {figure["key"]: figure["label"] for figure in answer.get("figures", ())}
    shown = {key: shown_after(labels[key], text) for key in numbers(answer)}
    assert {key: value for key, value in numbers(answer).items() if abs(shown[key] - value) > HALF_A_CENT} == {}
    assert answer.get("detail", answer.get("headline", "")).split(" Did you mean")[0] in text


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_page_says_the_same(question: str, page: str, address: str, token: str) -> None:
    """The headline and the table with every row and column; without an answer the same sentence."""
    answer = over_http(address, token, question)
    told = answer.get("detail", answer.get("headline", "")).split(" Did you mean")[0]
    assert told in unescape(on_page(f"{page}/?q={quote(question)}"))
    if "headline" in answer:
        assert on_page(f"{page}/answer.csv?q={quote(question)}") == to_csv(answer_from_json(answer))


def on_page(url: str) -> str:
    """Return what a page says, or its refusal."""
    try:
        with urlopen(url) as response:
            return str(response.read().decode())
    except HTTPError as refused:
        with refused:
            return str(refused.read().decode())


def shown_after(label: str, text: str) -> Decimal:
    """Return the number that follows a label in a message."""
    found = re.search(rf"^(?:• )?{re.escape(label)}: (-?)\$?([\d,.]+)", text, re.MULTILINE)
    assert found, f"{label} is not in:\n{text}"
    return Decimal(found[1] + found[2].rstrip(".").replace(",", ""))


@NEEDS_NODE[0]
@NEEDS_NODE[1]
@pytest.mark.parametrize("question", QUESTIONS)
def test_cells_show_the_same_figures(question: str, sheet: AppsScript, address: str, token: str) -> None:
    """Each figure, asked for by its key, is the exact number; without an answer the same sentence."""
    answer = over_http(address, token, question)
    exact = numbers(answer)
    if "detail" in answer:
        assert sheet.cell("AGENTCOST", [[question]]) == [["⚠ " + answer["detail"]]]
    elif exact:
        shown = sheet.cell("AGENTCOST", [[question]] * len(exact), [[key] for key in exact])
        assert [row[0] for row in shown] == [float(value) for value in exact.values()]


@pytest.mark.parametrize("question", IN_WORKBOOKS)
def test_workbooks_compute_the_same_figures(question: str, tmp_path: Path, address: str, token: str) -> None:
    """Recalculated by another program, the workbook gives the same plans and the same break-even, to the cent."""
    answer = over_http(address, token, question)
    workbook = workbook_for(parse(question), Context(DAY, Config(), lambda: open_warehouse(tmp_path / "none")))
    write_uncomputed(workbook, tmp_path / "parity.xlsx")
    values = by_ironcalc(tmp_path / "parity.xlsx")
    computed: dict[str, Any] = {}
    wanted: dict[str, Any] = {}
    for plan in answer["tables"][:1] if answer["title"] != "Break-even" else ():
        for row in plan["rows"]:
            for place, field in ((2, "usd_per_month"), (3, "usd_per_year")):
                wanted[f"{row[0]} {field}"] = float(row[place])
                computed[f"{row[0]} {field}"] = dict(zip(PLANS, column(values, workbook, field), strict=True))[row[0]]
    exact = numbers(answer) if answer["title"] == "Break-even" else {}
    for key, name in ON_THE_BREAK_EVEN_SHEET.items():
        if key in exact:
            wanted[key], computed[key] = float(exact[key]), one(values, workbook, name)
    assert wanted
    assert computed == pytest.approx(wanted, abs=float(HALF_A_CENT))
