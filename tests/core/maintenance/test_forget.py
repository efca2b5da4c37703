"""Forgetting a person: the id is replaced everywhere by one pseudonym, in later imports too; sums stay."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.config.wallet import WalletSettings
from core.errors import InputError
from core.maintenance import forget_user
from core.pseudonyms import forms_of
from core.wallet.ingest import require_checks
from core.wallet.ingest.pipeline import import_files
from core.warehouse import AuditEntry, Warehouse, append, open_warehouse, verify

KIM, LONG_KIM, LEE = "005Dn000001abCD", "005Dn000001abCDIAY", "005Dn000001abCE"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DECIDED = AuditEntry(NOON, "admin", "forgot", "", "command line")
HEAD = ("id__c", "eventtime__c", "unitsconsumed__c", "usagevalue__c", "userid__c", "rootresourceidorapiname__c", "note__c")


def export(path: Path, *rows: tuple[str, str, str]) -> Path:
    """Write events: id, user and a note that has no column of its own; 20 credits each."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for id_, user, note in rows:
            writer.writerow((id_, "2026-07-13T10:00:00Z", "20", "1", user, "Agent_A", note))
    return path


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """Kim with both forms of the id, Lee, a note about Kim, a rejected row of Kim's, and a question about Kim."""
    path = export(
        tmp_path / "usage.csv",
        ("e1", KIM, ""),
        ("e2", LONG_KIM, ""),
        ("e3", LEE, f"handed over by {KIM}."),
        ("e4", f"{KIM}X", ""),
    )
    with path.open("a", encoding="utf-8") as file:
        file.write(f"e5,no day,20,1,{KIM},Agent_A,\n")
    with open_warehouse(tmp_path / "w.duckdb") as opened:
        import_files(opened, [path], WalletSettings())
        with opened.writing() as session:
            append(session, AuditEntry(NOON, "admin", "asked", f"usage by user {KIM}", "Slack"))
        yield opened


def everything(warehouse: Warehouse) -> str:
    """Return every text of every table."""
    tables = warehouse.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY table_name")
    return "\n".join(str(row) for (table,) in tables for row in warehouse.execute(f"SELECT * FROM {table}"))


def used_by(warehouse: Warehouse) -> dict[str, int]:
    """Return the credits of each person."""
    rows = warehouse.execute("SELECT user_id, sum(credits) FROM user_rollup GROUP BY user_id ORDER BY user_id")
    return {user: int(used) for user, used in rows}


def test_the_id_stands_nowhere_afterwards(warehouse: Warehouse) -> None:
    """Neither with 15 nor with 18 characters; ids that begin alike stay, and so do the credits."""
    pseudonym = forget_user(warehouse, LONG_KIM, (), DECIDED).pseudonym
    text = everything(warehouse)
    assert (f"{KIM}X" in text, text.replace(f"{KIM}X", "").count(KIM), LEE in text) == (True, 0, True)
    assert used_by(warehouse) == {LEE: 20, f"{KIM}X": 20, pseudonym: 40}
    with warehouse.reading() as session:
        require_checks(session)


def test_what_comes_in_later_is_forgotten_too(warehouse: Warehouse, tmp_path: Path) -> None:
    """The same rows stay the same rows; new ones get the same pseudonym, rejected ones too."""
    pseudonym = forget_user(warehouse, KIM, (), DECIDED).pseudonym
    path = export(tmp_path / "again.csv", ("e1", KIM, ""), ("e2", LONG_KIM, ""), ("e6", KIM, f"see {KIM}"))
    with path.open("a", encoding="utf-8") as file:
        file.write(f"e7,no day,20,1,{KIM},Agent_A,\n")
    report = import_files(warehouse, [path], WalletSettings())
    assert (report.files[0].rows_new, report.files[0].rows_changed, report.files[0].rows_same) == (1, 0, 2)
    assert used_by(warehouse)[pseudonym] == 60
    assert everything(warehouse).replace(f"{KIM}X", "").count(KIM) == 0


def test_the_pseudonym_is_stable_and_says_nothing(warehouse: Warehouse, tmp_path: Path) -> None:
    """Asked again it is the same; in another warehouse it differs, so that it cannot be guessed by trying ids."""
    first = forget_user(warehouse, KIM, (), DECIDED).pseudonym
    assert forget_user(warehouse, LONG_KIM, (), DECIDED).pseudonym == first
    with open_warehouse(tmp_path / "other.duckdb") as other:
        assert forget_user(other, KIM, (), DECIDED).pseudonym != first


def test_the_audit_says_so_and_still_holds(warehouse: Warehouse) -> None:
    """The question that named Kim keeps its place in the chain; the entry about forgetting has no id."""
    pseudonym = forget_user(warehouse, KIM, (), DECIDED).pseudonym
    with warehouse.reading() as session:
        found = verify(session)
    assert (found.wrong, found.redacted) == ((), 1)
    asked, forgot = warehouse.execute("SELECT about FROM audit ORDER BY position")
    assert (asked, forgot[0].startswith(pseudonym)) == ((f"usage by user {pseudonym}",), True)


def test_kept_exports_are_written_anew(warehouse: Warehouse, tmp_path: Path) -> None:
    """Text files lose the id and nothing else; packed files are named."""
    (tmp_path / "done").mkdir()
    before = (tmp_path / "usage.csv").read_text(encoding="utf-8")
    (tmp_path / "done" / "usage.csv").write_text(before, encoding="utf-8")
    (tmp_path / "done" / "usage.zip").write_bytes(b"PK")
    forgotten = forget_user(warehouse, KIM, (tmp_path / "done",), DECIDED)
    after = (tmp_path / "done" / "usage.csv").read_text(encoding="utf-8")
    expected = before.replace(f"{KIM}X", "\0")
    for form in (LONG_KIM, KIM):
        expected = expected.replace(form, forgotten.pseudonym)
    assert after == expected.replace("\0", f"{KIM}X")
    assert [path.name for path in forgotten.unreadable] == ["usage.zip"]


@pytest.mark.parametrize("text", ["", "  ", "a", "two words"])
def test_what_is_no_id_is_refused(warehouse: Warehouse, text: str) -> None:
    """A typo must not replace text all over the wallet."""
    with pytest.raises(InputError, match="is not the id of a person"):
        forget_user(warehouse, text, (), DECIDED)


def test_salesforce_writes_an_id_in_two_ways() -> None:
    """The last three characters say which of each five are capitals: the fourth of the first (8, I), none (A), the second (C)."""
    assert forms_of("001A0000006Vm9r") == ("001A0000006Vm9r", "001A0000006Vm9rIAC")
    assert forms_of("001A0000006Vm9rIAC") == ("001A0000006Vm9r", "001A0000006Vm9rIAC")
    assert forms_of("kim@example.com") == ("kim@example.com",)
