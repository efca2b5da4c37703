"""Text that was encoded twice is decoded or reported; correct names are never changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from core.wallet.ingest.report import ImportReport
from core.wallet.ingest.tables.double_encoding import MISTAKEN_FOR, decode_again, find_double_encoding
from tests.harness.mutated_exports import encode_twice

if TYPE_CHECKING:
    from pathlib import Path

Importer = Callable[..., ImportReport]
Ask = Callable[[str], object]
NAMES = (
    *("Für", "Müller-Bot", "Hélène", "Service à la clientèle", "Señor Bot", "Bjørn", "São Paulo", "Straße", "naïve", "Œuvre"),
    *("ÉCOLE", "Ärzte", "Ça va", "ação", "Größe", "Café – Bar", "‘quoted’", "Bot™", "10 €", "İstanbul", "Ağa", "Łódź", "Szűcs"),
    *(
        "Dvořák Bot",
        "Obsługa klienta",
        "Помощник",
        "Служба поддержки",
        "Ελλάδα",
        "受付エージェント",
        "客户服务助理",
        "고객 서비스",
    ),
)
RIGHT = (
    *NAMES,
    *(
        "AÑO’22",
        "MAÇÃ»",
        "naïve…",
        "café’s",
        "«IRMÃO»",
        "Æ’",
        "Ö®",
        "À—VU",
        "¿Qué?",
        "à “quoi”",
        "Škoda™",
        "Гјорче",
        "“Ä”",
        "Ã",
        "Â",
    ),
    *("\ufeffAlpha", "Alpha\u200b", "Ąžuolas", "Đà Nẵng", "ไทย", "שלום", "№ 5", "5°", "m²", "½ Preis", "±", "Ñandú"),
)
HEADER = ("Event Time", "Units Consumed", "Agent")


def rows(*agents: str) -> list[tuple[str, ...]]:
    """Return rows without a key, one event of 20 credits for each agent."""
    return [(f"2026-07-13T1{nth}:00:00Z", "20", agent) for nth, agent in enumerate(agents)]


def write_csv(path: Path, *agents: str) -> Path:
    """Write such rows as UTF-8."""
    path.write_text("\n".join(",".join(row) for row in (HEADER, *rows(*agents))) + "\n", encoding="utf-8")
    return path


@given(
    st.sampled_from(NAMES), st.sampled_from(sorted(MISTAKEN_FOR)), st.integers(1, 2), st.sampled_from(["{}", "Bot {}", '"{}, 1"'])
)
def test_what_was_encoded_twice_is_read_as_it_was_meant(name: str, codec: str, times: int, frame: str) -> None:
    """Any script, mistaken for any encoding, once or twice."""
    text = frame.format(name)
    for _ in range(times):
        text = encode_twice(text, codec)
    found = find_double_encoding([f"e1,20,{text}\n"])
    assert found
    assert found.is_certain
    assert decode_again(text, found.codec) == frame.format(name)


@given(st.lists(st.sampled_from(RIGHT), min_size=1, max_size=4))
def test_what_is_right_stays(names: list[str]) -> None:
    """People's names, and symbols beside letters, are not text that was encoded twice."""
    assert find_double_encoding(names) is None


def _write_workbook(path: Path, *agents: str) -> Path:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        for nth, row in enumerate((HEADER, *rows(*agents))):
            sheet.write_row(nth, 0, row)
    return path


def _write_json(path: Path, *agents: str) -> Path:
    path.write_text(json.dumps([dict(zip(HEADER, row, strict=True)) for row in rows(*agents)]), encoding="utf-8")
    return path


def _write_json_lines(path: Path, *agents: str) -> Path:
    path.write_text("".join(json.dumps(dict(zip(HEADER, row, strict=True))) + "\n" for row in rows(*agents)), encoding="utf-8")
    return path


def _write_parquet(path: Path, *agents: str) -> Path:
    columns = list(zip(*rows(*agents), strict=True))
    pq.write_table(pa.table({name: list(column) for name, column in zip(HEADER, columns, strict=True)}), path)
    return path


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.csv", write_csv),
        ("a.xlsx", _write_workbook),
        ("a.json", _write_json),
        ("a.jsonl", _write_json_lines),
        ("a.parquet", _write_parquet),
    ],
)
def test_files_of_every_kind_give_the_name_as_it_was_meant(
    bring_in: Importer, ask: Ask, tmp_path: Path, name: str, write: Callable[..., Path]
) -> None:
    """The report says so, and a delivery with the correct name repeats the same rows."""
    report = bring_in(write(tmp_path / name, encode_twice("Für", "cp1252"), encode_twice("Hélène", "cp1252"), "Alpha"))
    assert "Its text was encoded twice (UTF-8 that was taken for windows-1252): FÃ¼r is read as Für." in report.files[0].readings
    bring_in(write_csv(tmp_path / "right.csv", "Für", "Hélène", "Alpha"))
    assert ask("SELECT agent, credits FROM usage ORDER BY agent") == [("Alpha", 20), ("Für", 20), ("Hélène", Decimal(20))]


def test_a_byte_order_mark_that_was_encoded_twice_hides_no_column(bring_in: Importer, ask: Ask, tmp_path: Path) -> None:
    """A byte order mark before the first header."""
    path = write_csv(tmp_path / "a.csv", "Für")
    path.write_text(encode_twice("\ufeff" + path.read_text(encoding="utf-8"), "cp1252"), encoding="utf-8")
    bring_in(path)
    assert ask("SELECT agent, credits FROM usage") == [("Für", 20)]


def test_a_file_of_which_only_a_part_looks_so_is_told(bring_in: Importer, ask: Ask, tmp_path: Path) -> None:
    """The name may really be written like that in Salesforce: it stays, and the doubt names it."""
    report = bring_in(write_csv(tmp_path / "a.csv", "FÃ¼r", "Müller"))
    assert any(doubt.startswith("FÃ¼r may be Für, encoded twice") for doubt in report.files[0].doubts)
    assert ask("SELECT agent FROM usage ORDER BY agent") == [("FÃ¼r",), ("Müller",)]


def test_foreign_text_is_found_wherever_it_is(bring_in: Importer, ask: Ask, tmp_path: Path) -> None:
    """The first foreign name of a long file may be in its last row."""
    path = write_csv(tmp_path / "a.csv", "Alpha")
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"2026-07-13T10:{nth // 60 % 60:02}:{nth % 60:02}Z,20,{'a' * 1000}\n" for nth in range(5_000))
        file.write(f"2026-07-14T10:00:00Z,20,{encode_twice('Für', 'cp1252')}\n")
    bring_in(path)
    assert ask("SELECT agent FROM usage WHERE agent NOT LIKE '%a%'") == [("Für",)]
