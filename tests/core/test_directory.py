"""Names of people: a file of the team's, shown in answers, with its problems by line; a forgotten person leaves it."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from freezegun import freeze_time

from bot.cli.main import main
from core.directory import Directory, DirectoryEntry, read_directory, remove_person

KIM, LONG_KIM, LEE = "005Dn000001abCD", "005Dn000001abCDIAY", "005Dn000001abCE"
HEAD = "id,name,email,department,cost_centre\n"


def directory(path: Path, text: str, encoding: str = "utf-8") -> Directory:
    """Write a file of people, and read it."""
    path.write_text(text, encoding=encoding, newline="")
    return read_directory(path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the path of the file of people."""
    return tmp_path / "users.csv"


def test_a_person_is_known_by_either_form_of_the_id(file: Path) -> None:
    """Fifteen characters in the file and eighteen in exports, or the reverse; other ids are unknown."""
    found = directory(file, f"{HEAD}{KIM},Kim Lee,kim@example.com,Service,4711\n{LEE},Lee,,,\n")
    assert found.person(LONG_KIM) == DirectoryEntry(KIM, "Kim Lee", "kim@example.com", "Service", "4711", 2)
    assert (found.label(LONG_KIM), found.label(LEE), found.label("kim@else.where")) == ("Kim Lee", "Lee", "kim@else.where")
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (f"Kostenstelle;Voller Name;E-Mail;Abteilung;Benutzer-ID\n4711;Jürgen Groß;j@example.com;Service;{KIM}\n", "cp1252"),
        (
            (
                "\ufeffUser ID\tFull Name\tEmail Address\tDepartment\tCost Center\r\n"
                f"{KIM}\tJürgen Groß\tj@example.com\tService\t4711\r\n"
            ),
            "utf-8",
        ),
        (f'id,name,email,department,cost_centre,Manager\n{KIM},"Jürgen\nGroß",j@example.com,Service,4711,x\n', "utf-16"),
    ],
)
def test_the_file_may_be_written_in_many_ways(text: str, encoding: str, file: Path) -> None:
    """Any order of columns, English or German headers, comma, semicolon or tab, and what Excel saves."""
    found = directory(file, text, encoding)
    assert found.problems == ()
    assert found.person(KIM)._replace(line=0) == DirectoryEntry(KIM, "Jürgen Groß", "j@example.com", "Service", "4711")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD}{KIM},Kim,,,\n,Nobody,,,\n", "users.csv line 3: it has no id. Copy it from agentcost usage by user"),
        (f"{HEAD}{KIM},Kim,,,\n{LONG_KIM},Kate,,,\n", f"users.csv line 3: {LONG_KIM} is on line 2 too, which says otherwise"),
        (f"{HEAD}{KIM},Kim,,\n{LEE},Lee,,,\n", "users.csv line 2: it has 4 columns, the header has 5. Fix the line."),
        (f'{HEAD}{LEE},"Lee,,,\n', "users.csv line 2: the quotes around a value are broken. Fix the line."),
        ("mail,name\nk@example.com,Kim\n", "users.csv line 1: it lacks user_id (id, userid, benutzerid, salesforceid)"),
        ("", "users.csv line 1: it lacks user_id"),
        ("id,name\n\0,Kim\n", "users.csv is not a text file: it has a NUL byte"),
    ],
)
def test_a_fault_is_named_with_its_line_and_what_to_do(text: str, said: str, file: Path) -> None:
    """All other lines still count."""
    found = directory(file, text)
    assert [problem.startswith(said) for problem in found.problems] == [True]
    if LEE in text and "quotes" not in said:
        assert found.label(LEE) == "Lee"


def test_the_same_line_twice_is_no_fault(file: Path) -> None:
    """Nothing about it is ambiguous."""
    assert directory(file, f"{HEAD}{KIM},Kim,,,\n{LONG_KIM},Kim,,,\n\n").problems == ()


def test_two_people_of_one_name_are_told_apart(file: Path) -> None:
    """By their addresses, or by their ids if there is none."""
    found = directory(file, f"{HEAD}{KIM},Kim,k@example.com,,\n{LEE},Kim,,,\n")
    assert (found.label(KIM), found.label(LEE)) == ("Kim (k@example.com)", f"Kim ({LEE})")


def test_a_file_that_is_not_there_is_named(file: Path) -> None:
    """The sentence names the setting."""
    assert read_directory(file).problems == (
        f"{file} cannot be read: No such file or directory. Name the file in app.yaml under users.",
    )


def test_a_folder_is_no_file_of_people(tmp_path: Path) -> None:
    """The sentence names the folder."""
    assert read_directory(tmp_path).problems == (
        f"{tmp_path} cannot be read: Is a directory. Name the file in app.yaml under users.",
    )


def test_a_file_that_changes_is_read_again(file: Path) -> None:
    """The new names apply at once."""
    directory(file, f"{HEAD}{KIM},Kim,,,\n")
    assert directory(file, f"{HEAD}{KIM},Kimberley,,,\n").label(KIM) == "Kimberley"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_person_leaves_the_file_and_all_else_stays(encoding: str, file: Path) -> None:
    """Whatever the form of the id, and over however many lines the row goes."""
    stays = f'{HEAD}{LEE},"Jürgen\r\nGroß",,,\r\n'
    file.write_text(f'{stays}{KIM},"Kim\r\nLee",,,\r\n{LONG_KIM},Kim,,,\r\n', encoding=encoding, newline="")
    assert remove_person(file, LONG_KIM)
    with file.open(encoding=encoding, newline="") as left:
        assert left.read() == stays
    assert not remove_person(file, LONG_KIM)


@freeze_time("2026-11-20", real_asyncio=True)
def test_answers_name_people_and_forgetting_takes_the_name_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`usage by user` shows names from the file, with the id beside them for programs; afterwards the name is found nowhere."""
    monkeypatch.setenv("AGENTCOST_WAREHOUSE", str(tmp_path / "w.duckdb"))
    (tmp_path / "users.csv").write_text(f"{HEAD}{KIM},Kim Lee,,Service,4711\n,x,,,\n", encoding="utf-8")
    (tmp_path / "app.yaml").write_text("users: users.csv\n", encoding="utf-8")
    with (tmp_path / "export.csv").open("w", encoding="utf-8", newline="") as export:
        writer = csv.writer(export)
        writer.writerow(("id__c", "eventtime__c", "unitsconsumed__c", "usagevalue__c", "userid__c", "rootresourceidorapiname__c"))
        writer.writerows(
            (f"e{n}", f"2026-11-1{n}T10:00:00Z", "20", "1", user, "A") for n, user in enumerate((LONG_KIM, LEE, KIM, ""))
        )
    assert main(["import", "export.csv"]) == 0
    capsys.readouterr()
    assert main(["usage", "by", "user"]) == 0
    shown = capsys.readouterr().out
    assert ("Kim Lee used most" in shown, LONG_KIM in shown, LEE in shown) == (True, False, True)
    assert "users.csv line 3: it has no id" in shown
    assert main(["--json", "usage", "by", "user"]) == 0
    table = json.loads(capsys.readouterr().out)["tables"][0]
    rows = [dict(zip((column["key"] for column in table["columns"]), row, strict=True)) for row in table["rows"]]
    told = [(row["user"], row["name"], row["user_department"], row["cost_centre"], row["credits"]) for row in rows]
    assert told == [
        (LONG_KIM, "Kim Lee", "Service", "4711", "40"),
        ("(not stated)", "(not stated)", "", "", "20"),
        (LEE, LEE, "", "", "20"),
    ]
    assert main(["doctor"]) == 2
    assert "users.csv line 3: it has no id" in capsys.readouterr().err
    assert main(["forget-user", KIM]) == 0
    assert "users.csv: removed, with the name" in capsys.readouterr().out
    assert "Kim" not in (tmp_path / "users.csv").read_text(encoding="utf-8")
    assert main(["usage", "by", "user"]) == 0
    assert "Kim" not in capsys.readouterr().out


def test_without_a_file_answers_are_as_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """People are shown by their ids, without a column of names."""
    monkeypatch.setenv("AGENTCOST_WAREHOUSE", str(tmp_path / "w.duckdb"))
    (tmp_path / "export.csv").write_text(
        f"id__c,eventtime__c,unitsconsumed__c,userid__c\ne1,{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}Z,20,{KIM}\n", encoding="utf-8"
    )
    assert main(["import", "export.csv"]) == 0
    capsys.readouterr()
    assert main(["--json", "usage", "by", "user"]) == 0
    assert "cost_centre" not in capsys.readouterr().out
