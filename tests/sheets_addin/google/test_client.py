"""The gateway to Google: what it reads and writes, and how it handles and reports errors."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import ConfigError
from sheets_addin.google.client import GoogleSheetsClient, Reach, google_from_environment
from sheets_addin.google.errors import (
    BatchRefusedError,
    FullSpreadsheetError,
    GoogleTroubleError,
    KeyRefusedError,
    NoSpreadsheetError,
    NotSharedError,
    QuotaSpentError,
)
from sheets_addin.google.rate_limiter import RateLimiter
from sheets_addin.google.spreadsheet import SHEET_KEY, Rectangle, RemoteCell, RemoteName, Tag
from sheets_addin.workbook.model import Formula
from tests.fakes.sheets.clients import google
from tests.fakes.sheets.trouble import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.sheets.clients import Clock
    from tests.fakes.sheets.server import SheetsServer

Json = dict[str, Any]
OURS = 7


def written(*values: Json, sheet_id: int = OURS) -> Json:
    """Return the request that writes values in a row."""
    cells = [{"userEnteredValue": value} for value in values]
    return {"updateCells": {"start": {"sheetId": sheet_id}, "rows": [{"values": cells}], "fields": "userEnteredValue"}}


def our_sheet() -> list[Json]:
    """Return the requests that make a sheet of ours."""
    tag = {"metadataKey": SHEET_KEY, "metadataValue": "Wallet", "visibility": "DOCUMENT", "location": {"sheetId": OURS}}
    size = {"rowCount": 20, "columnCount": 5, "frozenRowCount": 2}
    return [
        {"addSheet": {"properties": {"sheetId": OURS, "title": "Wallet", "gridProperties": size}}},
        {"createDeveloperMetadata": {"developerMetadata": tag | {"metadataId": 70}}},
    ]


def test_reads_our_sheets_with_all_that_is_on_them(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """One read returns our sheets' cells, formulas with results, tags of rows, and names, and nothing of people's sheets."""
    line = {"sheetId": OURS, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    tag = {"metadataId": 71, "metadataKey": "row", "visibility": "DOCUMENT", "location": {"dimensionRange": line}}
    area = {"sheetId": OURS, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 1, "endColumnIndex": 2}
    name = {"namedRangeId": "n1", "name": "twice", "range": area}
    gateway.write("team", [*our_sheet(), written({"numberValue": Decimal("0.1")}, {"formulaValue": "=A1*2"})])
    server.edit("team", {"createDeveloperMetadata": {"developerMetadata": tag}}, {"addNamedRange": {"namedRange": name}})
    there = gateway.read("team")
    (sheet,) = there.sheets
    assert (sheet.title, sheet.rows, sheet.columns, sheet.frozen_rows) == ("Wallet", 20, 5, 2)
    assert sheet.cells == {(0, 0): RemoteCell(0.1), (0, 1): RemoteCell(Formula("A1*2"))}
    assert sheet.tags == (Tag(70, SHEET_KEY, "Wallet", "sheet", OURS), Tag(71, "row", "", "row", OURS, 1))
    assert there.names == (RemoteName("n1", "twice", Rectangle(OURS, 0, 1, 1, 2)),)
    assert server.count("read") == 1


def test_completes_a_reading_by_peoples_sheets(gateway: GoogleSheetsClient) -> None:
    """A second read adds the titles of people's sheets, without their cells."""
    gateway.write("team", [*our_sheet(), written({"numberValue": 1})])
    whole = gateway.complete(gateway.read("team"))
    assert [(sheet.title, sheet.cells is None) for sheet in whole.sheets] == [("Sheet1", True), ("Wallet", False)]
    assert whole.is_complete


def test_a_decimal_leaves_as_a_number(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """Decimals are numbers in JSON, as exact as Google keeps them."""
    gateway.write("team", [written({"numberValue": Decimal("1234567.895")}, {"numberValue": Decimal("5E+2")}, sheet_id=0)])
    cells = server.book("team").sheets[0].cells
    assert [cells[0, column]["userEnteredValue"]["numberValue"] for column in (0, 1)] == [1234567.895, 500]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 409])
def test_comes_again_after_passing_trouble(server: SheetsServer, gateway: GoogleSheetsClient, clock: Clock, status: int) -> None:
    """Two temporary failures cost waits of 1 and 2 seconds, and then the write succeeds."""
    server.faults.append(Fault(status=status, times=2))
    gateway.write("team", [written({"numberValue": 1}, sheet_id=0)])
    assert (clock.slept, len(server.book("team").sheets[0].cells)) == ([1.0, 2.0], 1)


def test_waits_as_long_as_google_says(server: SheetsServer, gateway: GoogleSheetsClient, clock: Clock) -> None:
    """Retry-After is respected."""
    server.faults.append(Fault(status=429, retry_after=37))
    gateway.read("team")
    assert clock.slept == [37.0]


def test_a_quota_that_stays_used_up_is_told(server: SheetsServer, gateway: GoogleSheetsClient, clock: Clock) -> None:
    """Repeated 429 answers, for longer than any quota lasts, end in a sentence."""
    server.faults.append(Fault(status=429, times=100))
    with pytest.raises(QuotaSpentError, match="quota"):
        gateway.read("team")
    assert clock() > 60


def test_trouble_that_stays_is_told(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """A Google that is down is reported with its status."""
    server.faults.append(Fault(status=503, times=100))
    with pytest.raises(GoogleTroubleError, match=r"did not answer for spreadsheet team \(503\)"):
        gateway.read("team")


def test_a_connection_cut_in_the_middle_is_tried_again(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """An incomplete answer is requested again."""
    server.faults.append(Fault("cut"))
    assert gateway.read("team").title == "Team"
    assert [call.status for call in server.calls if call.kind == "read"] == [0, 200]


def test_a_google_that_is_not_there_is_told(server: SheetsServer, clock: Clock) -> None:
    """If nothing listens, the error says so after a few attempts."""
    nowhere = Reach("http://127.0.0.1:9", sleep=clock.sleep, chance=lambda: 0.0)
    with pytest.raises(GoogleTroubleError, match="ConnectionError"):
        GoogleSheetsClient(server.new_key(), RateLimiter(), nowhere).read("team")


def test_a_write_that_was_done_unseen_is_sent_again(server: SheetsServer, clock: Clock) -> None:
    """Google did it but the answer was lost: the batch is sent again, and Google refuses what it already has."""
    server.add_book("team")
    server.faults.append(Fault("silence", kind="write", is_accepted=True))
    gateway = google(server, clock, timeout_seconds=0.3)
    with pytest.raises(BatchRefusedError, match="already exists"):
        gateway.write("team", our_sheet())
    assert [sheet.title for sheet in server.book("team").sheets] == ["Sheet1", "Wallet"]


def test_not_shared_says_with_whom_to_share(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """The error names the account to share it with, at once."""
    server.add_book("theirs", shared_with=None)
    with pytest.raises(NotSharedError, match=f"Share it with {gateway.account} as an editor"):
        gateway.read("theirs")
    assert server.count("read") == 1


def test_read_only_cannot_be_written(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """Access for reading is not enough to write."""
    server.drive.share("team", gateway.account, role="reader")
    gateway.read("team")
    with pytest.raises(NotSharedError):
        gateway.write("team", our_sheet())


def test_an_unknown_id_is_told(gateway: GoogleSheetsClient) -> None:
    """The error for a wrong id says where to find the right one."""
    with pytest.raises(NoSpreadsheetError, match="between /d/ and /edit"):
        gateway.read("nowhere")


def test_a_full_spreadsheet_is_told(gateway: GoogleSheetsClient) -> None:
    """More than ten million cells are refused, with what to do."""
    size = {"rowCount": 384_616, "columnCount": 26}
    with pytest.raises(FullSpreadsheetError, match="Delete rows"):
        gateway.write("team", [{"addSheet": {"properties": {"title": "Big", "gridProperties": size}}}])


def test_a_revoked_key_is_told(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """The error says to create another key; nothing is tried twice."""
    server.accounts.revoked.add(gateway.account)
    with pytest.raises(KeyRefusedError, match="Make a new key"):
        gateway.read("team")
    assert (server.count("token"), server.count("read")) == (1, 0)


def test_a_token_that_ends_early_is_renewed(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """A forgotten token costs one more request and no error."""
    gateway.read("team")
    server.accounts.tokens.clear()
    assert gateway.read("team").title == "Team"


def test_a_bad_batch_gives_googles_words(gateway: GoogleSheetsClient) -> None:
    """A refusal quotes Google."""
    with pytest.raises(BatchRefusedError, match="No grid with id: 99"):
        gateway.write("team", [{"deleteSheet": {"sheetId": 99}}])


def test_the_environment_names_the_key(server: SheetsServer, tmp_path: Path) -> None:
    """The key and, in tests, the address come from the environment."""
    server.add_book("team", "Team")
    environment = {
        "GOOGLE_APPLICATION_CREDENTIALS": str(server.write_key(tmp_path / "key.json")),
        "GOOGLE_SHEETS_API_URL": server.url,
    }
    assert google_from_environment(RateLimiter(), environment).read("team").title == "Team"


@pytest.mark.parametrize("text", [None, "{", "[]", json.dumps({"type": "authorized_user"})])
def test_a_bad_key_file_is_a_problem_of_the_configuration(tmp_path: Path, text: str | None) -> None:
    """The error names a key file that is missing, broken or something else."""
    path = tmp_path / "key.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"GOOGLE_APPLICATION_CREDENTIALS names .*key\.json"):
        google_from_environment(RateLimiter(), {"GOOGLE_APPLICATION_CREDENTIALS": str(path)})
