"""The sums of an engine equal, row by row, those of a file import of the same events."""

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import WalletSettings
from core.wallet.ingest.pipeline import import_files
from core.wallet.sources import import_source
from core.warehouse import open_warehouse
from tests.fakes.lakes.engines import VARIABLE, DuckLake, LakeEngine, source_of
from tests.fakes.lakes.events import LakeEvent, exports_of, rolled_up

NOW = datetime(2026, 12, 1, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe")
TAGS = (
    *(
        None,
        "",
        '{"Department": "Sales"}',
        '[{"name": "dept", "value": "Ops"}]',
        '[{"tagGroup": "Use Case", "tagValue": "Refunds"}]',
    ),
    *('["Service", "Use Case: Returns"]', "no JSON", '{"Department": "Größe, \\"Süd\\""}', "[null]"),
)
MIDNIGHTS = [datetime(2026, month, day, hour, tzinfo=UTC) for month, day in ((3, 29), (10, 25), (6, 30)) for hour in (0, 12, 22)]
CENTS = st.integers(-500_000, 5_000_000).map(lambda number: Decimal(number) / 100)


def instants() -> st.SearchStrategy[datetime]:
    """Draw instants around midnights and clock changes."""
    return st.builds(
        lambda at, seconds: at + timedelta(seconds=seconds), st.sampled_from(MIDNIGHTS), st.integers(-90_000, 90_000)
    )


def versions() -> st.SearchStrategy[LakeEvent]:
    """Draw versions of a few events, with late, corrected and repeated ones among them."""
    return st.builds(
        LakeEvent,
        id=st.sampled_from([f"e{number}" for number in range(6)]),
        event_time=instants(),
        processed_time=st.integers(0, 200).map(lambda hours: datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=hours)),
        credits=CENTS,
        usage_value=st.sampled_from([None, Decimal(0), Decimal(1), Decimal("2.5"), Decimal(-1), Decimal(7)]),
        multiplier=st.sampled_from([None, Decimal(20), Decimal("0.000001")]),
        usage_type=st.sampled_from([None, "Agentforce_StandardAction", "DataQueries", ""]),
        action=st.sampled_from([None, "Answer", "answer", "Ärger"]),
        agent=st.sampled_from([None, "Service_Bot", "Sales_SDR"]),
        action_tags=st.sampled_from(TAGS),
        agent_tags=st.sampled_from(TAGS),
        user=st.sampled_from([None, "005000000000001", "005000000000001AAA", "ada@example.com"]),
        card_name=st.sampled_from([None, "Flex Credits"]),
        card=st.sampled_from([None, "FlexCredits", "PlatformServicesCard"]),
        org=st.sampled_from([None, "00D000000000001", "00D000000000001AAA", "00D000000000002"]),
        environment=st.sampled_from([None, "production", "Sandbox", " PROD ", "odd"]),
        unit=st.sampled_from([None, "1"]),
    )


def keep_names(events: Sequence[LakeEvent]) -> list[LakeEvent]:
    """Give all versions of an id the same time of use, card, org and person.

    In files, ids with several times are no keys; and a wallet learns spellings of cards and ids from rows that no longer count,
    which an engine does not return.
    """
    first = {event.id: event for event in reversed(events)}
    kept = ("event_time", "card_name", "card", "org", "user")
    return [event._replace(**{name: getattr(first[event.id], name) for name in kept}) for event in events]


def as_files(folder: Path, events: Sequence[LakeEvent], wallet: WalletSettings) -> dict[str, object]:
    """Return the tables behind answers after a file import of the events."""
    with open_warehouse(folder / "files.duckdb") as warehouse:
        import_files(warehouse, exports_of(folder, events), wallet)
        return rolled_up(warehouse)


def as_source(folder: Path, lake: LakeEngine, parts: Sequence[Sequence[LakeEvent]], wallet: WalletSettings) -> dict[str, object]:
    """Return the same after imports of a table that grew in parts."""
    table = lake.create()
    with open_warehouse(folder / "source.duckdb") as warehouse:
        for part in parts:
            lake.append(table, part)
            import_source(warehouse, source_of(lake, table, overlap_hours=0), wallet, NOW)
        return rolled_up(warehouse)


@settings(max_examples=3)
@given(events=st.lists(versions(), min_size=1, max_size=14), cut=st.integers(0, 200), zone=st.sampled_from(ZONES))
def test_a_table_comes_to_what_its_files_do(duck: DuckLake, events: list[LakeEvent], cut: int, zone: str) -> None:
    """Read at once or as it grows, with late, corrected and repeated rows, a table gives the rollups of its files."""
    events, wallet = keep_names(events), WalletSettings(time_zone=zone)
    until = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=cut)
    parts = [
        [event for event in events if event.processed_time and event.processed_time <= until],
        [event for event in events if event.processed_time and event.processed_time > until],
    ]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, duck.address)
        assert as_source(Path(folder), duck, parts, wallet) == as_files(Path(folder), events, wallet)


def many(seed: int, count: int) -> list[LakeEvent]:
    """Return that many events with corrections, duplicates and late rows, ordered by processing time."""
    chance = Random(seed)
    first = datetime(2026, 10, 20, tzinfo=UTC)
    events = [
        LakeEvent(
            id=f"event-{number:06}",
            event_time=(used := first + timedelta(seconds=chance.randrange(12 * 86_400))),
            processed_time=used + timedelta(minutes=chance.choice([5, 60, 4_000])),
            credits=Decimal(chance.randrange(-2_000, 90_000)) / 1000,
            usage_value=chance.choice([None, Decimal(1), Decimal(1), Decimal(4)]),
            multiplier=chance.choice([None, Decimal(20)]),
            usage_type=chance.choice(["Agentforce_StandardAction", "Agentforce_CustomAction", None]),
            action=chance.choice(["Answer", "Look_Up", None]),
            agent=chance.choice(["Service_Bot", "Sales_SDR"]),
            agent_tags=chance.choice(TAGS),
            user=chance.choice([None, *(f"00500000000000{digit}" for digit in range(5))]),
            card=chance.choice(["FlexCredits", "PlatformServicesCard"]),
            org=chance.choice(["00D000000000001", "00D000000000002AAA"]),
            environment=chance.choice(["production", "sandbox", None]),
        )
        for number in range(count)
    ]
    corrected = [
        event._replace(processed_time=event.event_time + timedelta(days=4), credits=event.credits + 1, agent="Corrected")
        for event in events[::7]
    ]
    return sorted([*events, *corrected, *events[::11]], key=lambda event: str(event.processed_time))


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # Spark's client leaves sockets to the collector
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Los_Angeles"])
def test_every_engine_comes_to_what_files_do(lake: LakeEngine, tmp_path: Path, zone: str) -> None:
    """Each engine, read three times while its table grows, gives the rollups of the files, and so does one reading."""
    events, wallet = many(7, 600), WalletSettings(time_zone=zone)
    thirds = [events[:300], events[300:500], events[500:]]
    expected = as_files(tmp_path, events, wallet)
    assert as_source(tmp_path, lake, thirds, wallet) == expected
    again = tmp_path / "again"
    again.mkdir()
    assert as_source(again, lake, [events], wallet) == expected
