"""An invented wallet export for demonstrations, tests and benchmarks: same seed, same file."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEADER = (
    "id__c,eventtime__c,processedtime__c,unitsconsumed__c,usagevalue__c,multiplier__c,usagetypedevelopername__c,"
    "resourceidorapiname__c,rootresourceidorapiname__c,rootresourcetags__c,userid__c,carddefinitiondevelopername__c,"
    "usagereportingorgid__c,usagebusinessenvtype__c"
)
ORGS = ("00DHs00000EMEA1MAB", "00DHs00000EMEA1MAB", "00DHs00000AMER2MAB", "00DHs00000APAC3MAB")
SANDBOX_ORG = "00DHs00000SBX09MAB"
AGENTS = (
    ("Service_Concierge", "Service", False, 4, ("Identify_Customer", "Answer_With_Knowledge", "Get_Cases", "Add_Case_Comment")),
    ("Field_Scheduler", "Field Service", False, 2, ("Get_Work_Types", "Get_Time_Slots", "Book_Appointment")),
    ("Sales_SDR", "Sales", False, 2, ("Qualify_Lead", "Compare_Products", "Schedule_Meeting")),
    ("IT_Helpdesk", "IT", True, 2, ("Reset_Password", "Troubleshoot_Device", "Escalate_Ticket")),
    ("HR_Onboarding", "HR", True, 1, ("Answer_With_Knowledge", "Book_Appointment")),
    ("Voice_Router", "Service", False, 1, ("Voice_Identify", "Voice_Route")),
)
USERS = tuple(f"005Hs00000U{number:03d}AAM" for number in range(120))
SANDBOX_IN = 14
SHAPES_PER_DAY = 509
ROWS_PER_WRITE = 20_000
DAY_MILLISECONDS = 86_400_000


def write_events(path: Path, rows: int, seed: int = 7, first_day: date = date(2026, 7, 1), days: int = 100) -> None:
    """Write a CSV of invented enriched events, spread over the days in order of time.

    Ids are `teue-SEED-N`: two files of one seed overlap, two seeds do not. About a fourteenth runs in a sandbox,
    employee agents name one of 120 users, and one event in nine counts as two or three actions.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER + "\n")
        for lines in _batches(rows, seed, first_day, days):
            file.write("".join(lines))


def _batches(rows: int, seed: int, first_day: date, days: int) -> Iterator[list[str]]:
    for day in range(days):
        first, after_last = rows * day // days, rows * (day + 1) // days
        chance = random.Random(f"{seed}-{day}")  # noqa: S311 -- invented data, not secrets
        shapes = [_shape(chance) for _ in range(SHAPES_PER_DAY)]
        midnight = datetime.combine(first_day + timedelta(days=day), time())
        for start in range(first, after_last, ROWS_PER_WRITE):
            end = min(start + ROWS_PER_WRITE, after_last)
            yield _lines(seed, range(start, end), (first, after_last), midnight, shapes)


def _lines(seed: int, numbers: range, day_range: tuple[int, int], midnight: datetime, shapes: list[str]) -> list[str]:
    first, after_last = day_range
    milliseconds_apart = DAY_MILLISECONDS // max(1, after_last - first)
    day, count = midnight.date().isoformat(), len(shapes)
    lines = []
    for number in numbers:
        at = (number - first) * milliseconds_apart
        late = at + 60_000 + number * 7_919 % 3_600_000
        times = f"{_instant(day, midnight, at)},{_instant(day, midnight, late)}"
        lines.append(f"teue-{seed}-{number:08d},{times},{shapes[number % count]}\n")
    return lines


def _instant(day: str, midnight: datetime, milliseconds: int) -> str:
    if milliseconds >= DAY_MILLISECONDS:
        day = (midnight + timedelta(days=1)).date().isoformat()
        milliseconds -= DAY_MILLISECONDS
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{day}T{hour:02d}:{minute:02d}:{second:02d}.{thousandths:03d}Z"


def _shape(chance: random.Random) -> str:
    """Return everything of an event but its id and times, as CSV; drawn once and used many times."""
    agent, department, is_for_employees, _, actions = chance.choices(AGENTS, weights=[agent[3] for agent in AGENTS])[0]
    is_sandbox = chance.randrange(SANDBOX_IN) == 0
    is_voice = agent == "Voice_Router"
    rate = (24 if is_voice else 16) if is_sandbox else (30 if is_voice else 20)
    count = chance.choices((1, 2, 3), weights=(32, 3, 1))[0]
    kind = "Agentforce_VoiceAction" if is_voice else chance.choice(("Agentforce_StandardAction", "Agentforce_CustomAction"))
    user = chance.choice(USERS) if is_for_employees else ""
    org = SANDBOX_ORG if is_sandbox else chance.choice(ORGS)
    environment = "sandbox" if is_sandbox else "production"
    tags = f'"{{""Department"": ""{department}""}}"'
    return f"{rate * count},{count},{rate},{kind},{chance.choice(actions)},{agent},{tags},{user},FlexCredits,{org},{environment}"
