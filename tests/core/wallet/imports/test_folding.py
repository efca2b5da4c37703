"""Old events folded into sums: no answer changes, and what is no longer possible is refused."""

import csv
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import Config, WalletSettings
from core.context import Context
from core.errors import AgentcostError, ExportError
from core.language.commands import COMMANDS
from core.questions import ask
from core.wallet.deliveries import ReplacedDays
from core.wallet.imports import Folded, fold_old_rows, list_imports, undo_imports
from core.wallet.ingest.pipeline import import_files, read_again
from core.wallet.ingest.report import ImportReport
from core.wallet.ingest.sample_data import write_events
from core.warehouse import Warehouse, open_warehouse

NOW = datetime(2026, 10, 12, tzinfo=UTC)
EXAMPLES = [example for command in COMMANDS.values() for example in command.examples]
BERLIN = WalletSettings(time_zone="Europe/Berlin")
ROLLUPS = ("usage_rollup", "user_rollup", "interaction_rollup", "grain_days", "grain_gaps", "cards")
EVENTS = [
    *("id__c", "eventtime__c", "processedtime__c", "unitsconsumed__c", "usagevalue__c", "multiplier__c"),
    *("rootresourceidorapiname__c", "rootresourcetags__c", "userid__c", "usagebusinessenvtype__c", "cardname__c"),
]
DAYS = ["utilizationdate__c", "unitsconsumed__c", "usagetypedevelopername__c", "carddefinitiondevelopername__c"]
SESSIONS = [
    "Timestamp__c",
    "AiAgentSessionId__c",
    "AiAgentInteractionId__c",
    "AgentDeveloperName__c",
    "UsageQuantity__c",
    "UserId__c",
]


def write(path: Path, table: list[list[str]]) -> Path:
    """Write a table as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)
    return path


def fold(warehouse: Warehouse, before: date, wallet: WalletSettings = WalletSettings(), *, pseudonymises: bool = False) -> Folded:  # noqa: B008 - a value
    """Fold everything older than a day."""
    with warehouse.writing() as session:
        return fold_old_rows(session, wallet, before, pseudonymises=pseudonymises)


def answers(warehouse: Warehouse, questions: list[str], config: Config = Config()) -> dict[str, Any]:  # noqa: B008 - a value
    """Return the answer to each question, or its refusal."""
    context = Context(date(2026, 10, 12), config, lambda: nullcontext(warehouse), has_warehouse=True)

    def answer(question: str) -> object:
        try:
            return ask(question, context).to_json()
        except AgentcostError as error:
            return str(error)

    return {question: answer(question) for question in questions}


def rolled_up(warehouse: Warehouse) -> dict[str, Any]:
    """Return every table from which answers are computed."""
    return {name: warehouse.execute(f"SELECT * FROM {name} ORDER BY ALL") for name in ROLLUPS}


def count(warehouse: Warehouse, table: str) -> int:
    """Return how many rows a table has."""
    return int(warehouse.execute(f"SELECT count(*) FROM {table}")[0][0])


event = st.builds(
    lambda key, day, hour, amount, actions, agent, user, environment, card: [
        f"e-{key}" if key else "",
        f"2026-07-{day:02d}T{hour:02d}:30:00Z",
        f"2026-07-{day + 1:02d}T11:00:00Z",
        str(amount),
        actions,
        "20" if actions else "",
        agent,
        f'{{"Department": "{agent}", "Squad": "S{day}"}}' if agent else "",
        user,
        environment,
        card,
    ],
    st.integers(0, 20),
    st.integers(10, 17),
    st.sampled_from([1, 21, 22, 23]),
    st.sampled_from([16, 20, 60]),
    st.sampled_from(["1", "3", ""]),
    st.sampled_from(["A", "B", ""]),
    st.sampled_from(["", "005000000000001", "005000000000001AAA", "kim@example.com"]),
    st.sampled_from(["production", "sandbox", ""]),
    st.sampled_from(["Flex Credits", ""]),
)
day = st.builds(
    lambda number, amount: [f"2026-07-{number}", str(amount), "Agentforce_StandardAction", "FlexCredits"],
    st.integers(10, 18),
    st.sampled_from([20, 100, 300]),
)
session = st.builds(
    lambda day, number, quantity: [f"2026-07-{day}T10:00:00Z", "s", f"i-{number}", "A", str(quantity), "005000000000001"],
    st.integers(10, 17),
    st.integers(0, 6),
    st.integers(1, 4),
)
late = event.map(lambda row: [row[0] and f"late-{row[0]}", f"2026-07-2{row[1][9:]}", "2026-07-30T11:00:00Z", *row[3:]])


@settings(max_examples=6, deadline=None)
@given(
    events=st.lists(event, min_size=2, max_size=20),
    days=st.lists(day, max_size=5),
    sessions=st.lists(session, max_size=8),
    later=st.lists(late, min_size=1, max_size=5),
    first_open=st.integers(10, 19),
    second_open=st.integers(0, 4),
)
def test_no_rollup_changes_then_or_later(
    events: list[list[str]],
    days: list[list[str]],
    sessions: list[list[str]],
    later: list[list[str]],
    first_open: int,
    second_open: int,
) -> None:
    """Folded twice, with newer events imported and departments read from another tag afterwards: all rollups are the same."""
    squads = WalletSettings(time_zone="Europe/Berlin", department_tags=("squad",))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [
            write(folder / "events.csv", [EVENTS, *events]),
            write(folder / "again.csv", [EVENTS, *([*row[:5], *row[5:]] for row in events[::2])]),
            write(folder / "sessions.csv", [SESSIONS, *sessions]) if sessions else None,
            write(folder / "days.csv", [DAYS, *days]) if days else None,
        ]
        newer = write(folder / "later.csv", [EVENTS, *later])

        def live(warehouse: Warehouse, between: Callable[[Warehouse, int], None]) -> list[dict[str, Any]]:
            import_files(warehouse, [file for file in files if file], BERLIN)
            between(warehouse, first_open)
            seen = [rolled_up(warehouse)]
            import_files(warehouse, [newer], BERLIN)
            between(warehouse, first_open + second_open)
            seen.append(rolled_up(warehouse))
            undo_imports(warehouse, [], squads, who="kim", now=NOW)
            return [*seen, rolled_up(warehouse)]

        with open_warehouse(folder / "kept.duckdb") as kept, open_warehouse(folder / "folded.duckdb") as folded:
            expected = live(kept, lambda *_: None)
            found = live(folded, lambda warehouse, number: void(fold(warehouse, date(2026, 7, number), BERLIN)))
            assert found == expected
            assert folded.execute("SELECT count(*) FROM usage_events WHERE day < $day", {"day": date(2026, 7, first_open)}) == [
                (0,)
            ]


def void(_: object) -> None:
    """Do nothing."""


@pytest.fixture(scope="module")
def wallet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred days of usage by agents, orgs and people."""
    folder = tmp_path_factory.mktemp("folding")
    write_events(folder / "export.csv", 3_000, days=100)
    with open_warehouse(folder / "w.duckdb") as warehouse:
        import_files(warehouse, [folder / "export.csv"], WalletSettings())
    return folder / "w.duckdb"


@pytest.fixture
def warehouse(wallet: Path, tmp_path: Path) -> Any:  # noqa: ANN401 - a generator
    """A copy of that wallet, from 1 July to 8 October."""
    (tmp_path / "w.duckdb").write_bytes(wallet.read_bytes())
    with open_warehouse(tmp_path / "w.duckdb") as opened:
        yield opened


OPEN = date(2026, 9, 1)


def test_every_documented_question_is_answered_as_before(warehouse: Warehouse) -> None:
    """The events of 62 days are folded, of 3,000 in all: the answers stay, and the import still says what counts of it."""
    before, [listed] = answers(warehouse, EXAMPLES), warehouse.query("imports_listed", most_rows=5)
    folded = fold(warehouse, OPEN)
    assert (folded.days, folded.rows, count(warehouse, "usage_events")) == (62, 30 * 62, 30 * 38)
    assert count(warehouse, "folded_events") < folded.rows
    assert answers(warehouse, EXAMPLES) == before
    assert warehouse.query("imports_listed", most_rows=5) == [{**listed, "is_folded": True}]
    with warehouse.reading() as session:
        notes = [note.text for note in list_imports(session, NOW.date(), UTC).notes]
    assert "Old rows of imports 1 are folded into sums: these imports can no longer be taken back." in notes


def test_people_in_folded_events_get_pseudonyms(warehouse: Warehouse) -> None:
    """Each person stays one person with the same credits; folded ids are gone everywhere, later ones stay."""
    sums = "SELECT sum(credits) AS credits, count(*) FROM user_rollup WHERE day < $day GROUP BY user_id ORDER BY ALL"
    people = "SELECT DISTINCT user_id FROM user_rollup WHERE day {} $day"
    before = warehouse.execute(sums, {"day": OPEN})
    since = warehouse.execute(people.format(">="), {"day": OPEN})
    folded = fold(warehouse, OPEN, pseudonymises=True)
    assert warehouse.execute(sums, {"day": OPEN}) == before
    assert folded.people == len(before)
    assert all(user.startswith("user-") for (user,) in warehouse.execute(people.format("<"), {"day": OPEN}))
    assert sorted(warehouse.execute(people.format(">="), {"day": OPEN})) == sorted(since)


def test_people_in_what_was_folded_before_get_them_too(warehouse: Warehouse) -> None:
    """A team that turns pseudonyms on later gets them for everything folded before."""
    fold(warehouse, OPEN)
    assert fold(warehouse, OPEN, pseudonymises=True).people > 0
    assert warehouse.execute("SELECT count(*) FROM folded_events WHERE NOT starts_with(user_id, 'user-')") == [(0,)]


def test_folding_twice_does_nothing_the_second_time(warehouse: Warehouse) -> None:
    """The second run finds nothing to fold."""
    fold(warehouse, OPEN, pseudonymises=True)
    before = rolled_up(warehouse)
    assert fold(warehouse, OPEN, pseudonymises=True) == Folded(OPEN)
    assert rolled_up(warehouse) == before


def again(warehouse: Warehouse, folder: Path, rows: int = 3_000, seed: int = 7) -> ImportReport:
    """Import another file of the same days."""
    write_events(folder / "another.csv", rows, days=100, seed=seed)
    with (folder / "another.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    return import_files(warehouse, [folder / "another.csv"], WalletSettings())


def test_what_is_delivered_again_of_closed_days_counts_once(warehouse: Warehouse, tmp_path: Path) -> None:
    """In an overlapping export, rows of open days are the same rows; those of closed days are left out, with a note."""
    fold(warehouse, OPEN)
    before = rolled_up(warehouse)
    report = again(warehouse, tmp_path).files[0]
    assert (report.rows_read, report.rows_new, report.rows_same) == (3_000, 0, 3_000)
    assert any("1,860 rows lie in days up to 31 Aug 2026 that are folded into sums" in note for note in report.notes)
    assert (report.is_whole, rolled_up(warehouse)) == (True, before)


def test_what_was_never_there_of_closed_days_is_told(warehouse: Warehouse, tmp_path: Path) -> None:
    """A fuller export comes too late: the import says how much more it has, and warns."""
    fold(warehouse, OPEN)
    before: dict[date, int] = dict(warehouse.execute("SELECT day, sum(credits) FROM usage WHERE day < '2026-09-01' GROUP BY day"))
    report = again(warehouse, tmp_path, rows=6_000, seed=8).files[0]
    held = warehouse.execute("SELECT day, sum(credits) FROM usage WHERE day < '2026-09-01' GROUP BY day")
    assert dict(held) == before
    assert (report.is_whole, "more than was imported before" in report.doubts[0]) == (False, True)


def test_an_older_day_that_is_not_closed_still_comes_in(warehouse: Warehouse, tmp_path: Path) -> None:
    """Nothing of that day was folded, so nothing can count twice."""
    fold(warehouse, OPEN)
    write_events(tmp_path / "june.csv", 30, seed=9, first_day=date(2026, 6, 1), days=10)
    report = import_files(warehouse, [tmp_path / "june.csv"], WalletSettings()).files[0]
    assert (report.rows_new, report.is_whole) == (30, True)


@pytest.mark.parametrize("what", ["undo", "again", "replaces"])
def test_what_can_no_longer_be_done_is_refused(what: str, warehouse: Warehouse, tmp_path: Path) -> None:
    """Nothing changes, and the sentence says why."""
    fold(warehouse, OPEN)
    before = rolled_up(warehouse)
    write_events(tmp_path / "truth.csv", 20, seed=3, first_day=date(2026, 8, 30), days=4)

    def do() -> None:
        if what == "undo":
            undo_imports(warehouse, [1], WalletSettings(), who="kim", now=NOW)
        elif what == "again":
            read_again(warehouse, [1], WalletSettings())
        else:
            truth = ReplacedDays(date(2026, 8, 30), date(2026, 9, 2))
            raise ExportError(import_files(warehouse, [tmp_path / "truth.csv"], WalletSettings(), replaces=truth).files[0].reason)

    with pytest.raises(ExportError, match=r"31 Aug 2026.*folded into sums \(retention.events\)"):
        do()
    assert rolled_up(warehouse) == before


def test_imports_of_open_days_are_taken_back_as_ever(warehouse: Warehouse, tmp_path: Path) -> None:
    """Only imports with folded rows cannot be undone."""
    fold(warehouse, OPEN)
    before = rolled_up(warehouse)
    write_events(tmp_path / "later.csv", 20, seed=3, first_day=date(2026, 10, 1), days=4)
    import_files(warehouse, [tmp_path / "later.csv"], WalletSettings())
    undo_imports(warehouse, [2], WalletSettings(), who="kim", now=NOW)
    assert rolled_up(warehouse) == before


def test_the_time_zone_of_closed_days_stays(warehouse: Warehouse, tmp_path: Path) -> None:
    """Folded events cannot be divided into other days any more."""
    fold(warehouse, OPEN)
    write_events(tmp_path / "later.csv", 20, seed=3, first_day=date(2026, 10, 1), days=4)
    with pytest.raises(ExportError, match="time_zone is Europe/Berlin, but it was UTC"):
        import_files(warehouse, [tmp_path / "later.csv"], BERLIN)


def test_an_id_that_becomes_longer_is_the_same_person_in_sums(tmp_path: Path) -> None:
    """Fifteen characters in folded rows and eighteen in later ones are one person."""
    row = ["", "2026-07-10T10:00:00Z", "2026-07-10T11:00:00Z", "20", "1", "20", "A", "", "005000000000001", "production", ""]
    newer = [row[0], "2026-07-20T10:00:00Z", "2026-07-20T11:00:00Z", *row[3:8], "005000000000001AAA", *row[9:]]
    with open_warehouse(tmp_path / "people.duckdb") as warehouse:
        import_files(warehouse, [write(tmp_path / "short.csv", [EVENTS, row])], WalletSettings())
        fold(warehouse, date(2026, 7, 15))
        import_files(warehouse, [write(tmp_path / "long.csv", [EVENTS, newer])], WalletSettings())
        assert warehouse.execute("SELECT user_id, sum(credits) FROM user_rollup GROUP BY user_id") == [("005000000000001AAA", 40)]


def test_old_interactions_stay_counted(tmp_path: Path) -> None:
    """Finished interactions become sums; one that continues past the day stays."""
    rows = [
        ["2026-07-10T10:00:00Z", "s", "i-1", "A", "2", "005000000000001"],
        ["2026-07-14T23:59:00Z", "s", "i-2", "A", "1", "005000000000001"],
        ["2026-07-15T00:01:00Z", "s", "i-2", "A", "3", "005000000000001"],
    ]
    with open_warehouse(tmp_path / "sessions.duckdb") as warehouse:
        import_files(warehouse, [write(tmp_path / "sessions.csv", [SESSIONS, *rows])], WalletSettings())
        fold(warehouse, date(2026, 7, 15))
        found = warehouse.execute("SELECT day, actions, interactions FROM interaction_rollup ORDER BY day")
        assert found == [(date(2026, 7, 10), 2, 1), (date(2026, 7, 14), 4, 1)]
        assert count(warehouse, "ai_usage") == 2


def test_a_day_just_before_is_folded_and_the_day_itself_is_not(warehouse: Warehouse) -> None:
    """The named day is the first that stays open."""
    fold(warehouse, OPEN)
    assert warehouse.execute("SELECT min(day) FROM usage_events") == [(OPEN,)]
    assert warehouse.execute("SELECT max(day) FROM folded_events") == [(OPEN - timedelta(days=1),)]
