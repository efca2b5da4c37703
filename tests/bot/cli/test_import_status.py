"""The exit status of `import`: an incomplete import is not a success."""

from pathlib import Path

import pytest

from bot.cli.main import main

HEAD = "Id,Event Time,Units Consumed,Root Resource ID Or API Name\n"
GOOD = "e1,2026-07-13T10:00:00Z,20,Alpha\n"
NO_TIME = "e2,yesterday,1200,Beta\n"
NO_AMOUNT = "e3,2026-07-14T10:00:00Z,many,Beta\n"


@pytest.mark.parametrize(
    ("rows", "status", "said"),
    [
        (GOOD, 0, "1 new row from 1 file."),
        (GOOD + NO_TIME, 2, "1 row was left out: 1,200 credits in 1 of them."),
        (
            GOOD + NO_TIME + NO_AMOUNT,
            2,
            "2 rows were left out: 1,200 credits in 1 of them and 1 with an amount that cannot be read.",
        ),
    ],
)
def test_an_import_that_leaves_rows_out_says_so(
    rows: str, status: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The status is 0 if every row came in, else 2, the first time and again; the report counts rows and credits."""
    monkeypatch.setenv("AGENTCOST_WAREHOUSE", str(tmp_path / "w.duckdb"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.csv").write_text(HEAD + rows)
    assert main(["import", "f.csv"]) == status
    assert said in " ".join(capsys.readouterr().out.split())
    assert main(["import", "f.csv"]) == status
