"""The test Google, used by google-spreadsheet for Node: an independent client, as its authors publish it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.sheets.clients import gspread_client
from tests.fakes.sheets.server import ROBOT, SheetsServer

FOLDER = Path(__file__).parents[2] / "google_spreadsheet"
pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(
        not (shutil.which("node") and (FOLDER / "node_modules").exists()),
        reason="needs Node 20 and npm install --prefix tests/google_spreadsheet; .ci/run does both",
    ),
]
HEADS = ["name", "credits"]
TAKEN = 'A sheet with the name "It\'s a list" already exists. Please enter another name.'
GIVES: dict[str, Any] = {
    "createNewSpreadsheetDocument": "Made by another",
    "loadInfo": ["Sheet1"],
    "updateProperties": "Renamed",
    "addSheet": "It's a list",
    "loadHeaderRow": HEADS,
    "addRow": 2,
    "addRows": [3, 4],
    "getRows": [
        {"name": "Sales", "credits": "20"},
        {"name": "Service", "credits": "40"},
        {"name": "IT", "credits": str(20 + 40)},
    ],
    "row.save": str(25 + 40),
    "row.delete": [HEADS, ["Sales", "25"], ["IT", "#REF!"]],
    "loadCells": [25, "=B2+#REF!"],
    "saveUpdatedCells": [7.5, "estimated"],
    "clearRows": None,
    "batchGetCellsInRange": [[["name"], ["Sales"]], [["credits"], ["25"]]],
    "mergeCells": 1,
    "unmergeCells": None,
    "copyPaste": [["Sales", "25"]],
    "cutPaste": [None, [["Sales", "25"]]],
    "insertDimension": [["Sales", "25"]],
    "deleteDimension": [["Sales", "25"]],
    "insertRange": [HEADS, ["", "25"], ["Sales", "#REF!"]],
    "deleteRange": [HEADS, ["Sales", "25"]],
    "findReplace": [["Field sales", "25"]],
    "sortRange": [["name"], ["IT"], ["Field sales"]],
    "resize": [50, 8],
    "updateDimensionProperties": [250, 100],
    "updateBorders": 2,
    "setDataValidation": 8,
    "addConditionalFormatRule": 1,
    "addNamedRange": "heads",
    "addProtectedRange": True,
    "addFilterView": "All",
    "searchDeveloperMetadata": ["1"],
    "duplicate": "Copy",
    "copyToSpreadsheet": "Copy of It's a list",
    "downloadAsCSV": "name,credits,",
    "share": [[ROBOT, "owner"], ["dana@example.com", "reader"]],
    "deleteSheet": 2,
    "refuses a title that is taken": f"Google API error - [400] Invalid requests[0].addSheet: {TAKEN}",
    "delete": "Google API error - [404] Requested entity was not found.",
}
"""What each call gives, in the order in which calls.mjs makes them."""


@pytest.fixture(scope="module")
def outcomes() -> dict[str, dict[str, Any]]:
    """Return the outcome of each call, made one after another."""
    with SheetsServer() as server:
        server.add_book("other", "Other")
        gspread_client(server)
        (token,) = server.accounts.tokens
        command = ["node", "calls.mjs", server.url, token, "other"]
        done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=120, check=True)
        assert server.broken == []
    return {outcome["call"]: outcome for outcome in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("call", GIVES)
def test_a_call_of_google_spreadsheet_gives_what_google_gives(outcomes: dict[str, dict[str, Any]], call: str) -> None:
    """The call is accepted, and the client can read the answer."""
    got = outcomes[call].get("got", outcomes[call].get("error"))
    assert (str(got).partition("\r\n")[0] if call == "downloadAsCSV" else got) == GIVES[call]


def test_no_call_is_left_out(outcomes: dict[str, dict[str, Any]]) -> None:
    """Every call that is made has an expected outcome here."""
    assert list(outcomes) == list(GIVES)
