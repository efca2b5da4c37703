from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from freezegun import freeze_time

from bot import wiring
from bot.cli.main import main
from core.errors import InputError
from tests.fakes.sheets.server import SheetsServer

if TYPE_CHECKING:
    from collections.abc import Iterator

EXPORTS = Path(__file__).parents[2] / "data" / "exports"
SETTINGS = """
spreadsheets:
  - {id: b1, name: finance, questions: [wallet, usage by agent, "compare 10000 interactions 18 actions"]}
  - {id: b2, name: sales, departments: [Sales, IT]}
"""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SheetsServer]:
    """Return a Google with two spreadsheets, and a team that has imported its wallet and shared them."""
    monkeypatch.chdir(tmp_path)
    with SheetsServer() as found:
        found.add_book("b1")
        found.add_book("b2")
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(found.write_key(tmp_path / "key.json")))
        monkeypatch.setenv("GOOGLE_SHEETS_API_URL", found.url)
        Path("app.yaml").write_text(SETTINGS, encoding="utf-8")
        main(["import", str(EXPORTS / "events_api_names.csv"), str(EXPORTS / "ledger.csv")])
        yield found
        assert found.broken == []


def writes(server: SheetsServer) -> int:
    """Return the number of batches."""
    return server.count("write")


def cell(server: SheetsServer, sheet: str, place: tuple[int, int]) -> object:
    """Return the content of a cell as entered; None if it is empty."""
    found = server.book("b1").titled(sheet)
    assert found is not None
    return next(iter(found.cells.get(place, {}).get("userEnteredValue", {}).values()), None)


def test_a_refresh_says_what_changed(server: SheetsServer) -> None:
    """A refresh from the spreadsheet names the changed worksheets, what was overwritten, and what stays closed."""
    refresh = wiring.refreshing(None)
    main(["sync"])
    assert refresh("b1").splitlines() == ["finance: already up to date."]
    server.type_into("b1", "Wallet!B4", [1])
    first, changes, *more = refresh("b1").splitlines()
    assert (first, "Wallet" in changes, "Wallet B4 had been written over" in "\n".join(more)) == (
        "finance: brought up to date.",
        True,
        True,
    )
    server.office_files.add("b1")
    with pytest.raises(InputError, match="Office file"):
        refresh("b1")


def test_a_second_sync_writes_nothing(server: SheetsServer) -> None:
    """The first sync is one batch per spreadsheet; the second reads each once and writes nothing."""
    assert (main(["sync"]), writes(server)) == (0, 2)
    reads = server.count("read")
    assert (main(["sync"]), writes(server), server.count("read") - reads) == (0, 2, 2)


def test_a_dry_run_writes_nothing(server: SheetsServer, capsys: pytest.CaptureFixture[str]) -> None:
    """A dry run says what it would create, and creates nothing."""
    main(["sync", "--dry-run", "--how"])
    assert ("Wallet made" in capsys.readouterr().out, writes(server)) == (True, 0)


def test_an_edit_is_reported_logged_and_restored(server: SheetsServer, capsys: pytest.CaptureFixture[str]) -> None:
    """An overwritten cell is in the report and in the Log, and the figure is restored."""
    main(["sync", "finance"])
    server.type_into("b1", "Wallet!C9", [123])
    capsys.readouterr()
    main(["sync", "finance", "--how"])
    reported = "Wallet     C9    123    1189000  restored" in capsys.readouterr().out
    assert (reported, cell(server, "Wallet", (8, 2)), cell(server, "Log", (6, 5))) == (True, 1_189_000, "123")


def test_an_edit_may_be_left(server: SheetsServer) -> None:
    """With on_edit: leave, the edited cell stays and is not written again until it is emptied."""
    Path("app.yaml").write_text("spreadsheets: [{id: b1, questions: [wallet], on_edit: leave}]", encoding="utf-8")
    main(["sync"])
    server.type_into("b1", "Wallet!C9", [123])
    main(["sync"])
    before = writes(server)
    main(["sync"])
    assert (cell(server, "Wallet", (8, 2)), writes(server)) == (123, before)
    server.type_into("b1", "Wallet!C9", [""])
    main(["sync"])
    assert cell(server, "Wallet", (8, 2)) == 1_189_000


def test_an_input_is_kept(server: SheetsServer) -> None:
    """Interactions typed by people stay, and nothing is written for them."""
    main(["sync", "finance"])
    server.type_into("b1", "Compare!C8", [5000])
    assert (main(["sync", "finance"]), cell(server, "Compare", (7, 2)), writes(server)) == (0, 5000, 1)


def test_one_spreadsheet_s_trouble_is_its_own(server: SheetsServer, capsys: pytest.CaptureFixture[str]) -> None:
    """An unshared spreadsheet is named with the account to share it with; the other is updated; the status is 2."""
    server.add_book("b3", shared_with=None)
    Path("app.yaml").write_text("spreadsheets: [{id: b3}, {id: b2}]", encoding="utf-8")
    assert (main(["sync", "--how"]), writes(server)) == (2, 1)
    assert "Share it with robot@" in " ".join(capsys.readouterr().out.split())


def test_old_figures_say_since_when_and_why(server: SheetsServer) -> None:
    """While the wallet cannot be read, its figures stay with their day and the reason; later the line disappears."""
    warehouse = Path("var/agentcost.duckdb")
    with freeze_time("2026-11-20", ignore=["google", "urllib3", "requests"]):
        main(["sync", "finance"])
    warehouse.rename("var/away.duckdb")
    warehouse.mkdir()
    assert main(["sync", "finance"]) == 2
    assert (str(cell(server, "Wallet", (2, 1)))[:30], cell(server, "Wallet", (8, 2))) == (
        "Old figures, those of 20 Nov 2",
        1_189_000,
    )
    warehouse.rmdir()
    Path("var/away.duckdb").rename(warehouse)
    main(["sync", "finance"])
    assert cell(server, "Wallet", (2, 1)) is None


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("spreadsheets: [{id: b1, questions: [help]}]", "help has no worksheet"),
        ("spreadsheets: [{id: b1}, {id: b1}]", 'the id "b1" appears 2 times'),
        ("spreadsheets: [{name: finance}]", "spreadsheets[0] lacks id"),
        ("spreadsheets: [{id: b1, on_edit: keep}]", "restore or leave"),
    ],
)
def test_the_doctor_names_what_is_wrong(
    server: SheetsServer, capsys: pytest.CaptureFixture[str], settings: str, said: str
) -> None:
    """A question without a worksheet, a duplicate id, none at all, an unknown setting: the doctor names each."""
    Path("app.yaml").write_text(settings, encoding="utf-8")
    assert (main(["doctor"]), said in capsys.readouterr().err, server.calls) == (2, True, [])


def test_the_doctor_misses_the_key(
    server: SheetsServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Spreadsheets without a service account's key are a problem, and the variable is named."""
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS")
    main(["doctor"])
    assert ("GOOGLE_APPLICATION_CREDENTIALS is not set" in capsys.readouterr().err, writes(server)) == (True, 0)


def test_an_unknown_name_is_told_the_known_ones(server: SheetsServer, capsys: pytest.CaptureFixture[str]) -> None:
    """`sync finanse` syncs nothing and lists the known names."""
    assert (main(["sync", "finanse"]), writes(server)) == (2, 0)
    assert "It names: finance, sales." in capsys.readouterr().err
