"""What a spreadsheet shows of the wallet: forecast and alerts, and for a part nothing about others."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from freezegun import freeze_time

from bot.cli.main import main
from core.wallet.ingest.sample_data import AGENTS, ORGS, write_events
from sheets_addin.google.sheet_state import STATE_KEY, unpack
from tests.fakes.sheets.server import SheetsServer

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = "2026-11-21T12:00:00"
DAY_ZERO = date(1899, 12, 30)
CONTRACT = """
contract: {start: 2026-09-01, end: 2027-09-01, grants: [{credits: 120000, usd: 600, label: Order 1}]}
teams:
  Sales: {channels: [C0123ABCDEF], departments: [Sales], levels: [5]}
  Finance: {channels: [C0123ABCDEG], levels: [10, 40]}
"""
OF_SALES, OF_FINANCE = "a-spreadsheet-of-sales", "a-spreadsheet-of-finance"
DIGESTS = f"""
teams:
  Sales: {{channels: [C0123ABCDEF], spreadsheets: [{OF_SALES}], departments: [Sales], weekly_digest: Mon 08:00}}
  Finance: {{channels: [C0123ABCDEG], spreadsheets: [{OF_FINANCE}], weekly_digest: Mon 08:00}}
"""
SALES = "spreadsheets: [{id: b2, name: sales, departments: [Sales], questions: [%s]}]"
WHOLE = "spreadsheets: [{id: b1, name: finance}]"
OTHERS = {agent for agent, department, *_ in AGENTS if department != "Sales"} | {"Service", "HR", "Finance", *ORGS}


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SheetsServer]:
    """Return a Google with two spreadsheets, and a team with eighty days of usage."""
    monkeypatch.chdir(tmp_path)
    with SheetsServer() as found:
        found.add_book("b1"), found.add_book("b2")
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(found.write_key(tmp_path / "key.json")))
        monkeypatch.setenv("GOOGLE_SHEETS_API_URL", found.url)
        Path("app.yaml").write_text(CONTRACT, encoding="utf-8")
        write_events(Path("events.csv"), 2_400, first_day=date(2026, 9, 1), days=81)
        assert asked("import", "events.csv") == 0
        yield found
        assert found.broken == []


def asked(*words: str) -> int:
    """Return the exit status of a command at noon of 21 November."""
    with freeze_time(NOW, ignore=["google", "urllib3", "requests"]):
        return main(list(words))


def synced(spreadsheets: str) -> int:
    """Return the exit status of a sync with these spreadsheets in app.yaml."""
    Path("app.yaml").write_text(CONTRACT + spreadsheets, encoding="utf-8")
    return asked("sync")


def texts(server: SheetsServer, book: str, sheet: str) -> list[str]:
    """Return the texts of a sheet."""
    found = server.book(book).titled(sheet)
    assert found is not None
    values = (cell.get("userEnteredValue", {}).get("stringValue") for cell in found.cells.values())
    return [value for value in values if value is not None]


def named(server: SheetsServer, name: str) -> object:
    """Return the content of the cell with that name."""
    book = server.book("b1")
    area = next(one["range"] for one in book.names if one["name"] == name)
    cell = book.sheet(area["sheetId"]).cells[area["startRowIndex"], area["startColumnIndex"]]
    return cell.get("userEnteredValue", {}).get("numberValue")


def everything(server: SheetsServer, book: str) -> str:
    """Return everything in a spreadsheet: cells, notes, charts, names, protections, metadata, the Log."""
    there = server.book(book)
    sheets = [[sheet.properties, [*sheet.cells.values()], sheet.objects] for sheet in there.sheets]
    tags = [[tag, unpack(tag["metadataValue"]).rows] if tag["metadataKey"] == STATE_KEY else tag for tag in there.tags]
    return json.dumps([sheets, there.names, [_without_packed(tag) for tag in tags]])


def _without_packed(tag: Any) -> Any:  # noqa: ANN401 - a tag, or one with what its packed text says
    """Return a tag without packed text, in which any two letters may be adjacent."""
    return [tag[0] | {"metadataValue": ""}, tag[1]] if isinstance(tag, list) else tag


def test_the_wallet_says_when_it_runs_out(server: SheetsServer, capsys: pytest.CaptureFixture[str]) -> None:
    """The three depletion days are those of `forecast`."""
    synced(WHOLE)
    capsys.readouterr()
    asked("--json", "forecast")
    figures = {one["key"]: one["value"] for one in json.loads(capsys.readouterr().out)["figures"]}
    keys = ("depletion_day_early", "depletion_day", "depletion_day_late")
    wanted = [(date.fromisoformat(figures[key]) - DAY_ZERO).days for key in keys]
    assert [named(server, f"wallet_{key}") for key in keys] == wanted


def test_alerts_stand_in_the_spreadsheet_of_all(server: SheetsServer) -> None:
    """The wallet's own alert and the department's are on the worksheet, open, with their teams."""
    synced(WHOLE)
    found = texts(server, "b1", "Alerts")
    assert [any(text.startswith(words) for text in found) for words in ("The wallet runs out on", "Department Sales used")] == [
        True
    ] * 2
    assert {"open", "Finance", "Sales"} <= {*found}


@pytest.mark.parametrize("questions", ["", "wallet, usage by agent, alerts", "wallet, usage by department, alerts closed"])
def test_a_part_shows_nothing_of_others(server: SheetsServer, questions: str) -> None:
    """A spreadsheet of Sales names no agent, department, org or team of others, nor the wallet's usage."""
    assert synced(SALES % questions) == 0
    held = everything(server, "b2")
    assert ([name for name in OTHERS if name in held], "The wallet" in held) == ([], False)


def test_a_part_shows_the_alerts_of_its_own_team(server: SheetsServer) -> None:
    """The alert about Sales is in the spreadsheet of Sales."""
    synced(SALES % "alerts")
    assert any(text.startswith("Department Sales used") for text in texts(server, "b2", "Alerts"))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("departments: [HR], questions: [alerts]", "No team of app.yaml watches only what this spreadsheet may show"),
        ("departments: [Sales], questions: [alerts team Finance]", 'The team "Finance" does not watch only'),
        ("departments: [Sales], questions: [wallet department HR]", "names department HR"),
        ("departments: [Sales], questions: [usage by agent department HR]", "names department HR"),
        (f"org: {ORGS[0]}, questions: [usage by agent org {ORGS[-1]}]", f"names org {ORGS[-1]}"),
    ],
)
@pytest.mark.usefixtures("server")
def test_a_question_about_others_is_refused(capsys: pytest.CaptureFixture[str], said: str, words: str) -> None:
    """A spreadsheet of a part does not show it, whoever lists the question, and the report says why."""
    assert synced(f"spreadsheets: [{{id: b2, name: part, {said}}}]") == 2
    assert words in " ".join(capsys.readouterr().out.split())


def test_what_is_shown_no_more_goes(server: SheetsServer) -> None:
    """A spreadsheet that becomes one of a part keeps no figure on removed sheets, and keeps what people wrote."""
    synced(WHOLE.replace("b1", "b2"))
    server.type_into("b2", "Alerts!P30", ["mine"])
    synced(SALES % "wallet, usage by agent")
    assert [text for text in texts(server, "b2", "Alerts") if text not in {"Alerts", "mine"}] == [
        "No longer refreshed: app.yaml lists no question for it. You can delete this sheet."
    ]
    assert "mine" in texts(server, "b2", "Alerts")
    before = server.count("write")
    assert (synced(SALES % "wallet, usage by agent"), server.count("write")) == (0, before)


def test_each_digest_is_a_row_in_its_team_s_spreadsheet(server: SheetsServer, capsys: pytest.CaptureFixture[str]) -> None:
    """What `digest` queued is there once under its key, with its lines, and another sync writes nothing."""
    server.add_book(OF_SALES), server.add_book(OF_FINANCE)
    Path("app.yaml").write_text(CONTRACT[: CONTRACT.index("teams")] + DIGESTS, encoding="utf-8")
    asked("digest"), asked("digest", "--monthly", "--team", "Finance")
    assert asked("sync") == 0
    capsys.readouterr()
    asked("--json", "digests", "team", "Finance")
    rows = json.loads(capsys.readouterr().out)["tables"][0]["rows"]
    found = texts(server, OF_FINANCE, "Digests")
    assert [row[0] for row in rows] == ["2026-11", "2026-W47"]
    assert all(found.count(row[-1]) == 1 and row[3] in found for row in rows)
    before = server.count("write")
    assert (asked("sync"), server.count("write")) == (0, before)


def test_a_part_s_spreadsheet_has_its_own_digest_only(server: SheetsServer) -> None:
    """The digest of the whole wallet is in the spreadsheet of the whole wallet, and not in that of Sales."""
    server.add_book(OF_SALES), server.add_book(OF_FINANCE)
    Path("app.yaml").write_text(CONTRACT[: CONTRACT.index("teams")] + DIGESTS, encoding="utf-8")
    asked("digest"), asked("sync")
    teams = [{"Sales", "Finance"} & {*texts(server, book, "Digests")} for book in (OF_FINANCE, OF_SALES)]
    assert teams == [{"Finance"}, {"Sales"}]


@pytest.mark.parametrize("departments", ["Sales", "Sales, IT"])
def test_a_team_that_watches_less_than_before_shows_what_it_was_told_of_that(server: SheetsServer, departments: str) -> None:
    """Messages about the whole wallet are not in the spreadsheet of the team's present part; later ones are."""
    teams = "teams:\n  Sales: {{channels: [C0123ABCDEF], weekly_digest: Mon 08:00, levels: [1, 20]{}}}\n"
    part, sheet = (
        f", departments: [{departments}]",
        f"spreadsheets: [{{id: b2, name: sales, departments: [{departments}], questions: ",
    )
    contract = CONTRACT[: CONTRACT.index("teams")]
    Path("app.yaml").write_text(contract + teams.format(""), encoding="utf-8")
    asked("alerts"), asked("digest")
    Path("app.yaml").write_text(contract + teams.format(part) + sheet + "[alerts, digests]}]\n", encoding="utf-8")
    asked("alerts")
    assert asked("sync") == 0
    held = everything(server, "b2")
    assert [words for words in ("The wallet", "Against plan", "past the level of 20", "Field_Scheduler") if words in held] == []
    assert "," in departments or "epartment Sales used" in held
    asked("digest", "--monthly", "--team", "Sales"), asked("sync")
    assert "2026-11" in texts(server, "b2", "Digests")
