"""The command line for people and scripts: what it prints, where, and with which exit status."""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.cli.main import parse_arguments
from tests.harness.terminal import at_a_terminal

ROOT = Path(__file__).parents[3]


def agentcost(
    *words: str,
    environment: dict[str, str] | None = None,
    program: str = "import bot.cli.main, sys; sys.exit(bot.cli.main.main())",
    typed: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own, in the current folder."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
    command = [sys.executable, "-c", program, *words]
    return subprocess.run(command, capture_output=True, text=True, env=variables, check=False, input=typed)


@pytest.mark.parametrize("words", [("breakeven", "200", "users"), ("breakeven 200 users",), ("breakeven 200", "users")])
def test_a_question_is_one_text_or_words(words: tuple[str, ...]) -> None:
    """Quoted or not, the question is the same."""
    run = agentcost(*words)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("200 seats cost $25,000 a month and pay off above 1,250 actions per user and\n")


def test_options_stand_anywhere() -> None:
    """--json and --as-of may come before or after the question."""
    runs = [
        agentcost("--json", "--as-of", "2026-01-31", "prices", "edition"),
        agentcost("prices", "edition", "--json", "--as-of=2026-01-31"),
    ]
    assert runs[0].stdout == runs[1].stdout != ""


@pytest.mark.parametrize("words", [("wallet",), ("usage by", "agent")])
def test_a_question_without_options_has_the_same_ones(words: tuple[str, ...]) -> None:
    """The fast path without options uses the defaults of the parser of options."""
    said = vars(parse_arguments([*words, "--how"]))
    assert vars(parse_arguments(words)) == said | {"how": False}


def test_a_question_alone_loads_no_reader_of_options() -> None:
    """Nor the terminal settings that the parser needs, nor a module that only writes settings."""
    program = "import sys; from bot.cli.main import main; main(); print({'argparse', 'shutil', 'tempfile'} & set(sys.modules))"
    assert agentcost("breakeven 200 users", program=program).stdout.splitlines()[-1] == "set()"


@pytest.mark.parametrize(("words", "collects"), [("breakeven 200 users", False), ("completion bash", True)])
def test_only_operations_look_for_garbage(words: str, collects: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """A question ends before garbage collection pays; an operation may run for days."""
    program = "import gc, os; os._exit = lambda status: print(gc.isenabled(), status); from bot.cli.main import run; run()"
    assert agentcost(*words.split(), program=program).stdout.splitlines()[-1] == f"{collects} 0"


def test_a_bad_question_computes_nothing_and_ends_with_2() -> None:
    """The error goes to standard error with the position marked; standard output stays empty."""
    run = agentcost("breakeven", "2oo", "users")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.splitlines() == [
        'I don\'t know "2oo" in: breakeven 2oo users. Did you mean: breakeven 200 users?',
        "  breakeven 2oo users",
        "            ^^^",
    ]


def test_an_error_is_json_where_json_is_asked_for() -> None:
    """A script gets the position and the suggestions as data."""
    error = json.loads(agentcost("--json", "breakeven 2oo users").stderr)
    assert (error["start"], error["end"], error["suggestions"]) == (10, 13, ["breakeven 200 users"])


def test_a_negative_number_is_a_word_not_an_option() -> None:
    """-5 users is a wrong question, reported in the question's terms."""
    assert "must be more than 0, not -5" in agentcost("breakeven", "-5", "users").stderr


@pytest.mark.parametrize(
    "arguments", [("--as-of", "2026-02-31", "prices"), ("--config", "nowhere.yaml", "prices"), ("--frobnicate",)]
)
def test_input_at_fault_ends_with_2(arguments: tuple[str, ...]) -> None:
    """A nonexistent day, a missing file, an unknown option: errors that the user can correct."""
    run = agentcost(*arguments)
    assert run.returncode == 2
    assert run.stderr


def test_without_a_question_it_shows_what_can_be_asked() -> None:
    """Without arguments the program shows the help."""
    assert agentcost().stdout == agentcost("help").stdout


def test_control_characters_never_reach_the_terminal() -> None:
    """A question cannot colour or move what the terminal shows."""
    assert "\x1b" not in agentcost("breakeven \x1b[31m200 users").stderr


def test_pricing_loads_neither_duckdb_nor_slack_nor_sheets() -> None:
    """A pricing question loads what pricing needs."""
    heavy = "duckdb slack_bolt slack_sdk gspread google.auth xlsxwriter aiohttp uvicorn"
    told = f"print(*(m for m in {heavy!r}.split() if m in sys.modules), file=sys.stderr)"
    program = f"import sys; from bot.cli.main import main; main(); {told}"
    assert agentcost("compare 10000 interactions 18 actions", program=program).stderr.strip() == ""


def test_doctor_makes_nothing() -> None:
    """`doctor` leaves no warehouse behind."""
    assert (agentcost("doctor").returncode, list(Path().iterdir())) == (0, [])


@pytest.mark.parametrize("question", ["recommend"])
def test_a_workbook_without_a_workload_is_refused(question: str) -> None:
    """A question that compares nothing writes no file."""
    assert (agentcost("workbook", "--out", "x.xlsx", question).returncode, list(Path().iterdir())) == (2, [])


def test_a_workbook_is_named_as_one() -> None:
    """Another file extension is refused, and nothing is written."""
    run = agentcost("workbook", "--out", "x.txt", "compare 9 interactions 3 actions")
    assert (run.returncode, list(Path().iterdir())) == (2, [])


def test_init_writes_a_configuration_once() -> None:
    """An existing file stays as it is."""
    first, second = agentcost("init"), agentcost("init")
    assert (first.returncode, second.returncode) == (0, 2)
    assert "already exists and was not changed" in second.stderr


def test_init_asks_again_what_it_could_not_read() -> None:
    """Six questions; an unreadable answer is asked once more, and the file is checked at the end."""
    said = "Foo\nFeb\nEurope/Berlin\n2026-07-01 to 2027-06-30\n450\n6m\nService\n"
    run = agentcost("init", typed=said)
    assert run.returncode == 0
    assert '"Foo" is not a month' in run.stdout
    assert "app.yaml is valid" in run.stdout
    text = Path("app.yaml").read_text(encoding="utf-8")
    assert [line in text for line in ("fiscal_year_start: 2", "  end: 2027-07-01", "    flex.usd_per_pack: 450")] == [True] * 3


def test_init_writes_every_setting_when_asked() -> None:
    """An option writes the whole file, commented out."""
    assert agentcost("init", "--every-setting").returncode == 0
    assert "# alerts:" in Path("app.yaml").read_text(encoding="utf-8")


def test_doctor_names_every_problem() -> None:
    """Problems of the configuration and of the warehouse, in one run."""
    Path("app.yaml").write_text("time_zone: Nowhere\nwalet: {}\n", encoding="utf-8")
    run = agentcost("doctor", environment={"AGENTCOST_WAREHOUSE": "/proc/nowhere/w.duckdb"})
    assert run.returncode == 2
    assert [word in run.stderr for word in ("Nowhere", "walet", "/proc/nowhere")] == [True, True, True]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ("{credits: Units, event_time: When, bot: Bot}", "wallet.profiles.own.columns has bot"),
        ("{credits: Units, event_time: When, root_resource: Bot}", ""),
    ],
)
def test_doctor_builds_the_profiles_that_app_yaml_says(columns: str, said: str) -> None:
    """A field that no export has is named before an import fails; a valid profile is no problem."""
    text = f"wallet: {{profiles: {{own: {{like: events, columns: {columns}}}}}}}\n"
    Path("app.yaml").write_text(text, encoding="utf-8")
    run = agentcost("doctor")
    assert (run.returncode, said in run.stderr) == (2 if said else 0, True)


def test_doctor_tells_old_names_and_is_content() -> None:
    """A setting and a folder with old names both work, so the status stays 0."""
    Path("inbox/refused").mkdir(parents=True)
    Path("app.yaml").write_text("alerts: {least_usd: 5}\nservice: {watched_folder: inbox}\n", encoding="utf-8")
    run = agentcost("doctor")
    assert run.returncode == 0
    assert ["alerts.min_usd" in run.stderr, "rejected" in run.stderr, run.stdout.startswith("OK: ")] == [True] * 3


def test_doctor_is_content_with_nothing_configured() -> None:
    """Without a configuration there is no problem."""
    assert agentcost("doctor").returncode == 0


def test_the_contract_of_the_configuration_prices_the_answer() -> None:
    """A negotiated pack at $450 makes an action $0.09, and the answer says that it is the contract's price."""
    Path("mine.yaml").write_text("contract: {prices: {flex.usd_per_pack: 450}}\n", encoding="utf-8")
    answer = json.loads(agentcost("breakeven 200 users", "--json", environment={"AGENTCOST_CONFIG": "mine.yaml"}).stdout)
    assert {"key": "usd_per_action", "label": "Per action", "value": "0.09", "unit": "usd"} in answer["figures"]
    assert "Your contract (app.yaml, contract.prices)" in {source["title"] for source in answer["sources"]}


def test_python_dash_m_bot_is_the_same_program() -> None:
    """`python -m bot` and the console script do the same."""
    run = subprocess.run(
        [sys.executable, "-m", "bot", "help"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert run.stdout == agentcost("help").stdout


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_day_that_nobody_can_mean_is_refused(day: str) -> None:
    """A day at the end of the calendar has no day before or after it: it is refused like a nonexistent one."""
    run = agentcost("--as-of", day, "wallet")
    assert (run.returncode, f"{day}" in run.stderr, "Traceback" in run.stderr) == (2, True, False)


def test_a_closed_pipe_is_no_error_to_shout_about() -> None:
    """`agentcost prices | head -1` ends quietly."""
    run = subprocess.run(
        f"{sys.executable} -m bot prices | head -1",
        shell=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert run.stderr == ""


def test_the_version_is_that_of_the_installed_package() -> None:
    """A bug report can name the version that was run."""
    assert agentcost("--version").stdout == f"agentcost {version('agentcost')}\n"


def test_what_was_not_understood_is_listed(tmp_path: Path) -> None:
    """Asked twice, it is listed once with its count; cleared, it is gone. Without a warehouse nothing is stored or created."""
    place = {"AGENTCOST_WAREHOUSE": str(tmp_path / "w.duckdb")}
    agentcost("flux by galaxy", environment=place)
    assert not (tmp_path / "w.duckdb").exists()
    export = tmp_path / "daily.csv"
    export.write_text(
        "Utilization Date,Units Consumed,Card Definition Developer Name\n2026-10-01,20,FlexCredits\n", encoding="utf-8"
    )
    assert agentcost("import", str(export), environment=place).returncode == 0
    for _ in range(2):
        assert agentcost("flux by galaxy", environment=place).returncode == 2
    listed = json.loads(agentcost("--json", "misses", environment=place).stdout)
    assert listed["tables"][0]["rows"][0][:2] == ["flux by galaxy", "2"]
    assert agentcost("misses", "--clear", environment=place).stdout == "Forgotten: 2 questions.\n"
    assert json.loads(agentcost("--json", "misses", environment=place).stdout)["tables"] == []


@pytest.mark.parametrize(("typed", "answered"), [("1\n", True), ("\n", False), ("9\n", False), ("one\n", False), ("\x04", False)])
def test_what_was_meant_is_chosen_by_its_number(typed: str, answered: bool) -> None:  # noqa: FBT001
    """In a terminal the likely questions have numbers: a number asks one, anything else asks none."""
    program = "import bot.cli.main, sys; sys.exit(bot.cli.main.main())"
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    shown = at_a_terminal([sys.executable, "-c", program, "breakeven", "2oo", "users"], typed, variables)
    assert "1  breakeven 200 users" in shown
    assert ("200 seats cost $25,000 a month" in shown) == answered


def test_nobody_is_asked_where_nobody_sits() -> None:
    """In a pipe there is only the refusal."""
    run = agentcost("breakeven", "2oo", "users", typed="1\n")
    assert (run.returncode, run.stdout) == (2, "")
