"""Text that is not Unicode is decoded correctly or reported as ambiguous; never silently wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config.wallet import ENCODINGS
from core.errors import ExportError
from core.wallet.ingest.report import ImportReport
from core.wallet.ingest.tables.encodings import codec_of, guess_encoding

if TYPE_CHECKING:
    from pathlib import Path

Importer = Callable[..., ImportReport]
NAMES = {
    "windows-1252": ("Müller-Bot", "Hélène", "Service à la clientèle", "Señor Bot", "Bjørn", "São Paulo", "Straße", "naïve"),
    "shift_jis": ("受付エージェント", "受付", "予約ボット", "顧客対応", "問い合わせ"),
    "euc-jp": ("受付エージェント", "予約ボット", "顧客対応", "問い合わせ"),
    "gb18030": ("客户服务助理", "Müller-Bot", "退货机器人", "Beta é", "服务"),
    "big5": ("客戶服務助理", "退貨機器人", "訂單查詢"),
    "euc-kr": ("고객 서비스", "반품 봇", "안내"),
    "windows-1250": ("Dvořák Bot", "Obsługa klienta", "Szűcs", "Űrhajó", "Łódź", "Müller"),
    "windows-1251": ("Помощник", "Служба поддержки", "Бот"),
}
ALL_NAMES = sorted({(encoding, name) for encoding, names in NAMES.items() for name in names})


def write(path: Path, encoding: str, *agents: str) -> Path:
    """Write an export without a key, one event of 20 credits for each agent."""
    lines = ["Event Time,Units Consumed,Agent", *(f"2026-07-13T1{nth}:00:00Z,20,{agent}" for nth, agent in enumerate(agents))]
    path.write_bytes(("\n".join(lines) + "\n").encode(codec_of(encoding)))
    return path


def test_each_encoding_is_tried() -> None:
    """The names above cover every encoding of the setting, and Python knows each."""
    assert NAMES.keys() == ENCODINGS.keys()
    assert [name.encode(codec_of(encoding)).decode(codec_of(encoding)) for encoding, name in ALL_NAMES] == [
        n for _, n in ALL_NAMES
    ]


@given(st.sampled_from(ALL_NAMES), st.sampled_from(["{}", "Bot {}", "{} 2", "{}_Agent", '"{}, 1"']))
def test_a_name_is_read_right_or_said_to_be_in_doubt(found: tuple[str, str], frame: str) -> None:
    """If a few letters have several readings, the true one is among those named."""
    encoding, name = found
    line = f"e1,2026-07-13T10:00:00Z,20,{frame.format(name)}\n".encode(codec_of(encoding))
    guess = guess_encoding([line])
    readings = [guess.encoding, *(other for other, _ in guess.rivals)]
    assert any(name in line.decode(codec_of(reading), errors="replace") for reading in readings)


@pytest.mark.parametrize(
    ("encoding", "agent"),
    [
        ("windows-1252", "Müller-Bot"),
        ("gb18030", "Müller-Bot"),
        ("windows-1250", "Dvořák Bot"),
        ("shift_jis", "受付エージェント"),
    ],
)
def test_files_in_two_encodings_count_once(
    bring_in: Importer, ask: Callable[[str], object], tmp_path: Path, encoding: str, agent: str
) -> None:
    """Without keys the agent identifies a row, so it must be the same in both."""
    bring_in(write(tmp_path / "one.csv", encoding, agent))
    assert bring_in(write(tmp_path / "two.csv", "utf-8", agent, agent)).files[0].is_whole
    assert ask("SELECT agent, sum(credits) FROM usage GROUP BY agent") == [(agent, 20 + 20)]


def test_what_may_be_several_is_asked_and_the_setting_answers(
    bring_in: Importer, ask: Callable[[str], object], tmp_path: Path
) -> None:
    """Bjørn and Bjřrn are the same bytes: both readings are named; with the setting the file is read anew without a doubt."""
    path = write(tmp_path / "one.csv", "windows-1250", "Szűcs")
    doubt = bring_in(path).files[0].doubts[0]
    assert "Szûcs, as it is read in windows-1252 (Western), may be Szűcs in windows-1250 (Central European)" in doubt
    assert "Set wallet.encoding to windows-1252 or windows-1250" in doubt
    assert bring_in(path, encoding="windows-1250").files[0].is_whole
    assert ask("SELECT agent, credits FROM usage") == [("Szűcs", 20)]


def test_a_setting_that_the_file_contradicts_is_refused(bring_in: Importer, tmp_path: Path) -> None:
    """No character is replaced."""
    path = write(tmp_path / "one.csv", "windows-1252", "Müller")
    with pytest.raises(ExportError, match="not written in shift_jis"):
        bring_in(path, encoding="shift_jis")


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16", "utf-16-le", "utf-8-sig"])
@pytest.mark.parametrize("is_lines", [True, False])
def test_json_that_is_not_utf_8(
    bring_in: Importer, ask: Callable[[str], object], tmp_path: Path, encoding: str, *, is_lines: bool
) -> None:
    """JSON should be UTF-8 but is not always; no name loses a letter."""
    rows = [{"id__c": key, "eventtime__c": "2026-07-13T10:00:00Z", "unitsconsumed__c": 20, "Agent": "Müller"} for key in "ab"]
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) if is_lines else json.dumps(rows, ensure_ascii=False)
    path = tmp_path / "export.json"
    path.write_bytes(text.encode(encoding))
    bring_in(path)
    assert ask("SELECT agent, sum(credits) FROM usage GROUP BY agent") == [("Müller", Decimal(20 + 20))]


def test_a_page_says_its_encoding(bring_in: Importer, ask: Callable[[str], object], tmp_path: Path) -> None:
    """Salesforce's .xls is a page whose head names its encoding."""
    rows = "<tr><td>Id</td><td>Event Time</td><td>Units Consumed</td><td>Agent</td></tr>"
    rows += "<tr><td>e1</td><td>2026-07-13T10:00:00Z</td><td>20</td><td>Szűcs</td></tr>"
    head = '<head><meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-2"></head>'
    path = tmp_path / "report.xls"
    path.write_bytes(f"<html>{head}<table>{rows}</table></html>".encode("iso-8859-2"))
    assert bring_in(path).files[0].readings == ()
    assert ask("SELECT agent FROM usage") == [("Szűcs",)]
