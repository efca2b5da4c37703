"""The fictional company's exports, in the format of the wallet's files: the same last day gives the same files."""

from __future__ import annotations

import csv
import json
import random
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from core.demonstration import company
from core.demonstration.company import AGENTS, CARD, ORGS, InventedAgent
from core.records import NamedTuple
from core.wallet.ingest.sample_data import HEADER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

EVENT_HEADS = tuple(HEADER.split(","))
LEDGER_HEADS = (
    "id__c",
    "entitlementcarddefdevlname__c",
    "quantity__c",
    "startdate__c",
    "enddate__c",
    "entitlementtransactiontype__c",
    "usagemodel__c",
)
SESSION_HEADS = (
    "AiAgentGenerativeAiUsageId__c",
    "Timestamp__c",
    "AiAgentSessionId__c",
    "AiAgentInteractionId__c",
    "AgentDeveloperName__c",
    "AiAgentToolName__c",
    "UsageTypeCode__c",
    "UsageQuantity__c",
    "IsBillableIndicator__c",
    "IsMeteredIndicator__c",
    "PromptTotalTokenCount__c",
    "UserId__c",
)
# Credits per action: in production and in a sandbox. Source: domain.md, prices of Flex Credits.
CREDITS, VOICE_CREDITS = {"production": 20, "sandbox": 16}, {"production": 30, "sandbox": 24}
DAYS_OF_SESSIONS = 35
TURNS = (2, 3, 4, 5, 5, 6, 7, 9)
HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 19, 17, 14, 16, 18, 17, 14, 10, 7, 5, 4, 3, 2, 1)
ORDER, TOP_UP, PILOT_GRANT = 5_000_000, 3_000_000, 400_000
TOP_UP_DAYS_AGO = 84
PROCESSED_AFTER = timedelta(minutes=20)


class ExportBatch(NamedTuple):
    """The files delivered on one day, in import order."""

    day: date
    paths: tuple[Path, ...]


def write_exports(folder: Path, last_day: date, seed: int = 7) -> list[ExportBatch]:
    """Write the company's exports up to the day after the last one, and return them in chronological order.

    Each batch has usage events and the current ledger; the last also has five weeks of AI usage and the wallet's stated balance.
    Raises: OSError.
    """
    chance = random.Random(seed)  # noqa: S311 - invented data, not secrets
    deliveries, first = [], company.first_day(last_day)
    for number, last in enumerate(_last_days(first, last_day), start=1):
        paths = [
            _write_ledger(folder / f"entitlements_{number:02d}.csv", last, last_day),
            _write_events(folder / f"usage_events_{number:02d}.csv", first, last, last_day, chance),
        ]
        deliveries.append(ExportBatch(last + timedelta(days=1), tuple(paths)))
        first = last + timedelta(days=1)
    used = sum(credits_in(path) for delivery in deliveries for path in delivery.paths if path.name.startswith("usage_events"))
    sessions = _write_sessions(folder / "ai_usage.csv", last_day, chance)
    balance = _write_balance(folder / "balances.json", used)
    newest = deliveries[-1]
    deliveries[-1] = newest._replace(paths=(*newest.paths, sessions, balance))
    return deliveries


def write_directory(path: Path) -> None:
    """Write the company's directory of employees as CSV. Raises: OSError."""
    _write(path, company.User._fields, company.users())


def credits_in(path: Path) -> int:
    """Return the total credits of an events file."""
    with path.open(encoding="utf-8", newline="") as file:
        return sum(int(row["unitsconsumed__c"]) for row in csv.DictReader(file))


def _last_days(first: date, last_day: date) -> Iterator[date]:
    """Yield the last days of the exports: the end of the pilot, a quarter later, then every four weeks apart from a gap."""
    yield first + timedelta(days=company.DAYS_OF_PILOT - 1)
    yield first + timedelta(days=company.DAYS_OF_PILOT + 83)
    for ago in (company.EXPORT_GAP, TOP_UP_DAYS_AGO - 5, 51, 23, 0):
        yield last_day - timedelta(days=ago)


def _write_ledger(path: Path, until: date, last_day: date) -> Path:
    start = company.term_start(last_day)
    end = start + timedelta(days=company.TERM_DAYS - 1)
    bought = last_day - timedelta(days=TOP_UP_DAYS_AGO)
    pilot_end = company.first_day(last_day) + timedelta(days=company.DAYS_OF_PILOT + 6)
    grants = (
        ("ent-1", PILOT_GRANT, company.first_day(last_day), pilot_end),
        ("ent-2", ORDER, start, end),
        ("ent-3", TOP_UP, bought, end),
    )
    rows = [(key, CARD, amount, first, last, "Add", "PrePurchased") for key, amount, first, last in grants if first <= until]
    return _write(path, LEDGER_HEADS, rows)


def _write_events(path: Path, first: date, last: date, last_day: date, chance: random.Random) -> Path:
    return _write(path, EVENT_HEADS, _events(first, last, last_day, chance))


def _events(first: date, last: date, last_day: date, chance: random.Random) -> Iterator[Sequence[object]]:
    staff = [user.id for user in company.users()]
    day = first
    while day <= last:
        for number, agent in enumerate(AGENTS):
            count = round(company.events_on(agent, day, last_day) * chance.uniform(0.94, 1.06))
            tags = json.dumps({"Department": agent.department})
            prefix, share = f"demo-{day:%Y%m%d}-{number:02d}", company.sandbox_share(agent, day, last_day)
            for nth, at in enumerate(_instants(day, count, chance)):
                environment = "sandbox" if chance.random() < share else "production"
                rate = (VOICE_CREDITS if agent.is_voice else CREDITS)[environment]
                actions = chance.choice((2, 2, 3)) if chance.random() < agent.heavy else 1
                yield (
                    f"{prefix}-{nth:05d}",
                    f"{at.isoformat()}Z",
                    f"{(at + PROCESSED_AFTER).isoformat()}Z",
                    rate * actions,
                    actions,
                    rate,
                    _usage_type(agent, chance),
                    chance.choice(agent.actions),
                    agent.name,
                    tags,
                    chance.choice(staff) if agent.serves == "employees" else "",
                    CARD,
                    chance.choice(ORGS),
                    environment,
                )
        day += timedelta(days=1)


def _usage_type(agent: InventedAgent, chance: random.Random) -> str:
    if agent.is_voice:
        return "Agentforce_VoiceAction"
    return chance.choice(("Agentforce_StandardAction", "Agentforce_CustomAction"))


def _instants(day: date, count: int, chance: random.Random) -> list[datetime]:
    midnight = datetime.combine(day, time())
    hours = chance.choices(range(len(HOURS)), weights=HOURS, k=count)
    return sorted(midnight + timedelta(hours=hour, seconds=chance.randrange(3600)) for hour in hours)


def _write_sessions(path: Path, last_day: date, chance: random.Random) -> Path:
    """Write AI usage of the last five weeks: sessions of two to nine actions, a few of them not metered."""
    return _write(path, SESSION_HEADS, _session_rows(last_day, chance))


def _session_rows(last_day: date, chance: random.Random) -> Iterator[Sequence[object]]:
    staff = [user.id for user in company.users()]
    for ago in range(DAYS_OF_SESSIONS - 1, -1, -1):
        day = last_day - timedelta(days=ago)
        for number, agent in enumerate(AGENTS):
            sessions = round(company.events_on(agent, day, last_day) * len(TURNS) / sum(TURNS))
            for nth, at in enumerate(_instants(day, sessions, chance)):
                session = f"ses-{day:%Y%m%d}-{number:02d}-{nth:04d}"
                user = chance.choice(staff) if agent.serves == "employees" else ""
                for turn in range(chance.choice(TURNS)):
                    tokens = chance.randrange(9_000, 28_000) if chance.random() < agent.heavy else chance.randrange(800, 8_000)
                    yield (
                        f"{session}-{turn}",
                        f"{(at + timedelta(seconds=20 * turn)).isoformat()}Z",
                        session,
                        f"int-{session}",
                        agent.name,
                        chance.choice(agent.actions),
                        _usage_type(agent, chance),
                        1,
                        "true",
                        "true" if chance.random() < 0.95 else "false",  # noqa: PLR2004 - one action in twenty
                        tokens,
                        user,
                    )


def _write_balance(path: Path, used: int) -> Path:
    card = {
        "cardDefinitionDeveloperName": CARD,
        "businessEnvType": "",
        "usageModel": "PrePurchased",
        "unitsConsumed": used,
        "totalEntitlement": ORDER + TOP_UP + PILOT_GRANT,
        "consumptionAlerts": [],
    }
    path.write_text(json.dumps({"cards": [card]}, indent=1), encoding="utf-8")
    return path


def _write(path: Path, heads: Sequence[str], rows: Sequence[Sequence[object]] | Iterator[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heads)
        writer.writerows(rows)
    return path
