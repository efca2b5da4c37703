"""The invented company's files: the same for the same day, and what they say of it."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.demonstration import AGENTS, COST_CENTRES, DAYS, users
from core.demonstration.company import DAYS_OF_TERM, LOOP, term_start, working_day
from core.demonstration.exports import write_exports

LAST_DAY = date(2026, 3, 29)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files up to a Sunday on which clocks go forward."""
    made = tmp_path_factory.mktemp("company")
    write_exports(made, LAST_DAY)
    return made


def rows_of(folder: Path) -> list[dict[str, str]]:
    """Return every usage event, in order of files."""
    found = []
    for path in sorted(folder.glob("usage_events_*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += list(csv.DictReader(file))
    return found


def test_the_same_day_gives_the_same_files(folder: Path, tmp_path: Path) -> None:
    """A demonstration can be repeated, and a figure in it be looked up."""
    write_exports(tmp_path, LAST_DAY)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {p.name: p.read_bytes() for p in folder.iterdir()}


def test_events_cover_each_day_once_up_to_the_last(folder: Path) -> None:
    """No day is left out or exported twice: keys are unique, days without a gap."""
    rows = rows_of(folder)
    days = {row["eventtime__c"][:10] for row in rows}
    assert len({row["id__c"] for row in rows}) == len(rows)
    assert days == {str(LAST_DAY - timedelta(days=ago)) for ago in range(DAYS)}


def test_the_company_has_what_a_real_one_has(folder: Path) -> None:
    """Agents, departments, orgs, sandboxes, voice, named employees, long prompts, and $40,000 to $60,000 a year."""
    rows = rows_of(folder)
    credits_used = Counter[str]()
    for row in rows:
        credits_used[row["usagebusinessenvtype__c"]] += int(row["unitsconsumed__c"])
    start = str(term_start(LAST_DAY))
    of_term = sum(int(row["unitsconsumed__c"]) for row in rows if row["eventtime__c"] >= start)
    a_year = of_term * 365 / DAYS_OF_TERM * 0.005
    assert {row["rootresourceidorapiname__c"] for row in rows} == {agent.name for agent in AGENTS}
    assert (len(AGENTS), len(COST_CENTRES), len({row["usagereportingorgid__c"] for row in rows})) == (11, 5, 3)
    assert {row["userid__c"] for row in rows} - {""} == {user.id for user in users()}
    assert {"Agentforce_VoiceAction", "Agentforce_StandardAction", "Agentforce_CustomAction"} == {
        row["usagetypedevelopername__c"] for row in rows
    }
    assert {"production", "sandbox"} == set(credits_used)
    assert max(int(row["usagevalue__c"]) for row in rows) > 1
    assert 40_000 <= a_year <= 60_000


@pytest.mark.parametrize("later", range(7))
def test_what_happened_happened_on_a_working_day(later: int) -> None:
    """Whatever weekday the demonstration is shown on, its loop is one of a working day, four to nine days before the end."""
    last_day = LAST_DAY + timedelta(days=later)
    day = working_day(LOOP, last_day)
    assert day.weekday() < 5
    assert 4 <= (last_day - day).days <= 9
