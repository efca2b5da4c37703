"""Each channel reads one consistent story, whatever is imported, configured, delivered late or killed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.alerts import outbox, repository
from core.alerts.evaluation import evaluate_alerts
from core.alerts.evaluation_due import mark_due
from core.config.alerts import AlertSettings
from core.config.loader import GrantInput
from core.config.teams import Team
from core.digests import summarize_wallet
from core.ingestion import evaluate, importing, ingest, take_back
from core.scope import Scope
from core.wallet.imports import undo_imports
from core.wallet.ingest import find_broken_checks
from core.warehouse.database import open_warehouse
from tests.fakes.small_wallet import SmallWallet

if TYPE_CHECKING:
    from core.alerts.outbox import Delivery
    from core.config.teams import Address
    from core.warehouse.database import Session

START, END = date(2026, 9, 1), date(2027, 9, 1)
NOW = datetime(2026, 9, 10, 6, tzinfo=UTC)
WHOLE = Team("Whole", channels=("C1",), spreadsheets=("1SHEET",))
SALES = Team("Sales", channels=("C2",), watches=Scope(departments=("Service",)), levels=(40, 75))
GRANTED = 100_000

Step = tuple[Literal["use", "grant", "levels", "undo"], int]


class Scene:
    """A wallet whose one event is corrected again and again, and channels that accept messages or do not."""

    def __init__(self, small: SmallWallet) -> None:
        self.small, self.imports = small, 0
        self.read: dict[Address, list[str]] = {}
        self.granted(GRANTED)
        small.configured(alerts=AlertSettings(pace_percent=Decimal(10**9), stale_days=300), teams=(WHOLE, SALES))

    def granted(self, size: int) -> None:
        """Set the size of the pool."""
        self.small.grants_said(GrantInput(Decimal(size), START, END), start=START, end=END)

    def use(self, used: int) -> None:
        """Correct the used credits."""
        self.imports += 1
        at = f"2026-09-03T12:{self.imports:02}:00.000Z"
        self.small.events(
            {"id__c": "e", "unitsconsumed__c": used, "eventtime__c": "2026-09-02T12:00:00.000Z", "processedtime__c": at}
        )

    def undo(self, place: int) -> None:
        """Undo one of the remaining imports, the newest if there are fewer, if any."""
        left = [row[0] for row in self.small.warehouse.execute("SELECT import_id FROM imports ORDER BY import_id DESC")]
        if left:
            taken = left[place % len(left)]
            undo_imports(self.small.warehouse, [taken], self.small.config.wallet, who="kim", now=NOW, before_commit=_mark_due)

    def step(self, step: Step, *, is_killed: bool) -> None:
        """Make one change and evaluate, unless killed before; then the next step evaluates."""
        kind, value = step
        if kind == "use":
            self.use(value)
        elif kind == "grant":
            self.granted(value)
        elif kind == "undo":
            self.undo(value)
        else:
            self.small.configured(alerts=self.small.config.alerts._replace(levels=(value, 90)))
        if not is_killed:
            self.decide()

    def decide(self) -> None:
        """Evaluate the alerts."""
        evaluate(self.small.warehouse, self.small.context(), NOW)

    def deliver(self, place: str | None = None) -> None:
        """Deliver what is pending, to all channels or to those of one kind."""
        with self.small.warehouse.writing() as session:
            for one in outbox.claim(session, NOW, "sender", 100):
                if place in {None, one.message.address.kind} and not one.is_unwanted:
                    self.read.setdefault(one.message.address, []).append(one.message.key)
                    outbox.mark_delivered(session, one.message, NOW)
                else:
                    outbox.give_back_untried(session, one)

    def sent(self) -> list[Delivery]:
        """Return every message."""
        with self.small.warehouse.reading() as session:
            return outbox.deliveries(session)

    def headlines(self, address: str) -> list[str]:
        """Return the headlines that a channel received."""
        told = {one.message.key: one.message.answer.headline for one in self.sent() if one.message.address.id == address}
        return [told[key] for place, keys in self.read.items() if place.id == address for key in keys]


def _mark_due(session: Session, _: object) -> None:
    mark_due(session)


@pytest.fixture
def scene(small: SmallWallet) -> Scene:
    """A wallet of 100,000 credits and two teams."""
    return Scene(small)


def kinds(keys: list[str]) -> list[str]:
    """Return keys without their hashes."""
    return [key.rpartition("-")[0] for key in keys]


def read_at(scene: Scene, address: str) -> list[str]:
    """Return the keys, without hashes, that a channel received."""
    return kinds([key for place, keys in scene.read.items() if place.id == address for key in keys])


def test_an_alert_that_a_correction_takes_back_before_it_arrives_is_never_told(scene: Scene) -> None:
    """60% was an error: neither the level nor its recovery is sent anywhere."""
    scene.step(("use", 60_000), is_killed=False)
    scene.step(("use", 10_000), is_killed=False)
    scene.deliver()
    assert scene.read == {}


def test_an_alert_that_was_true_and_is_over_before_it_arrives_is_told_as_one(scene: Scene) -> None:
    """80% of 100,000, then of 200,000: the channel received the level and gets its recovery; the worksheet gets both in one."""
    scene.step(("use", 80_000), is_killed=False)
    scene.deliver("channel")
    scene.step(("grant", 200_000), is_killed=False)
    scene.deliver()
    assert (read_at(scene, "C1"), read_at(scene, "1SHEET")) == (["level-75", "recovered-level-50"], ["recovered-level-50"])
    assert scene.headlines("1SHEET") == [
        "Happened on 10 Sep 2026 and is over: the wallet used 40% (80,000 of 200,000 credits), below the level of 50% again."
    ]
    (both,) = [one.message.answer for one in scene.sent() if one.message.answer.headline in scene.headlines("1SHEET")]
    assert both.arithmetic[0].startswith("What happened: The wallet used 80% (80,000 of 100,000 credits), past the level of 75%")


def test_what_waits_says_how_it_stands_when_it_leaves(scene: Scene) -> None:
    """Queued at 55%, it says 60% when it is delivered at 60%; so does the alert."""
    scene.step(("use", 55_000), is_killed=False)
    scene.step(("use", 60_000), is_killed=False)
    scene.deliver()
    assert "used 60% (60,000 of 100,000 credits)" in scene.headlines("C1")[0]
    with scene.small.warehouse.reading() as session:
        assert {one.words for one in repository.open_alerts(session, "Whole")} == set(scene.headlines("C1"))


@pytest.mark.parametrize("state", ["acknowledged", "snoozed"])
def test_what_was_seen_or_put_off_is_renewed_too(scene: Scene, state: str) -> None:
    """Its sentence follows the usage, its state stays, and nothing is sent."""
    scene.step(("use", 55_000), is_killed=False)
    scene.deliver()
    with scene.small.warehouse.writing() as session:
        (key,) = [one.key for one in repository.open_alerts(session, "Whole")]
        if state == "acknowledged":
            repository.acknowledge(session, key, "kim", NOW)
        else:
            repository.snooze(session, key, datetime(2026, 9, 12, tzinfo=UTC), "kim", NOW)
    scene.step(("use", 60_000), is_killed=False)
    scene.deliver()
    assert scene.small.warehouse.execute(f"SELECT state, contains(words, '60,000') FROM alerts WHERE key = '{key}'") == [
        (state, True)
    ]
    assert read_at(scene, "C1") == ["level-50"]


def test_a_level_that_is_set_below_the_use_is_told_once(scene: Scene) -> None:
    """At 80%, with 75 already sent, a new level of 60 is sent once."""
    scene.step(("use", 80_000), is_killed=False)
    scene.step(("levels", 60), is_killed=False)
    scene.decide()
    scene.deliver()
    assert read_at(scene, "C1") == ["level-75", "level-60"]


def part(folder: Path, nth: int) -> Path:
    """Write an export of 30,000 credits."""
    path = folder / f"part-{nth}.csv"
    row = f"p{nth},2026-09-02T12:00:00.000Z,2026-09-03T12:00:00.000Z,30000,FlexCredits"
    header = "id__c,eventtime__c,processedtime__c,unitsconsumed__c,carddefinitiondevelopername__c"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    return path


def test_one_command_of_many_files_is_one_news(scene: Scene, tmp_path: Path) -> None:
    """Three files of 30,000 pass 50, 75 and 90%: only the highest is sent."""
    small = scene.small
    paths = [part(tmp_path, nth) for nth in range(3)]
    ingest(small.warehouse, paths, small.context(), who="kim", source="test", clock=lambda: NOW)
    scene.deliver()
    assert read_at(scene, "C1") == ["level-90"]


def test_the_clock_does_not_decide_between_two_files(scene: Scene, tmp_path: Path) -> None:
    """The hourly evaluation waits while a folder's files come in: nothing is sent until the last one, and then one message."""
    small = scene.small
    with importing(small.warehouse, small.context, lambda: NOW):
        for nth in range(3):
            path = part(tmp_path, nth)
            ingest(small.warehouse, [path], small.context(), who="service", source="folder", clock=lambda: NOW)
            scene.decide()
            assert scene.sent() == []
    scene.deliver()
    assert read_at(scene, "C1") == ["level-90"]


def test_whoever_is_killed_before_deciding_is_made_up_for(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the last file; the next command imports nothing new, and evaluates."""
    small, paths = scene.small, [part(tmp_path, 0), part(tmp_path, 1)]

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    def bring() -> None:
        ingest(small.warehouse, paths, small.context(), who="kim", source="test", clock=lambda: NOW)

    with monkeypatch.context() as at_deciding:
        at_deciding.setattr("core.ingestion.evaluate_alerts", killed)
        with pytest.raises(KeyboardInterrupt):
            bring()
    assert scene.sent() == []
    bring()
    scene.deliver()
    assert read_at(scene, "C1") == ["level-50"]


def test_what_an_import_made_news_and_was_not_sent_is_withdrawn_with_it(scene: Scene) -> None:
    """60% came with an import that is undone before delivery: nothing is sent, and nothing is pending."""
    scene.step(("use", 60_000), is_killed=False)
    scene.step(("undo", 0), is_killed=False)
    scene.deliver()
    assert scene.read == {}
    assert not [one for one in scene.sent() if not one.withdrawn_at]


def test_what_was_told_of_an_import_that_is_taken_back_is_told_as_recovered(scene: Scene) -> None:
    """60% was sent; the undone import recovers, which is sent once; imported again, nothing is sent twice."""
    scene.step(("use", 60_000), is_killed=False)
    scene.deliver()
    for step in (("undo", 0), ("use", 60_000), ("undo", 0)):
        scene.step(step, is_killed=False)
        scene.deliver()
    assert read_at(scene, "C1") == ["level-50", "recovered-level-50"]
    assert "used 0% (0 of 100,000 credits), below the level of 50%" in scene.headlines("C1")[1]


def test_taking_back_is_decided_once_and_noted(scene: Scene, tmp_path: Path) -> None:
    """One of three files is undone: 90% recovers to 60%, and the audit log says who undid what."""
    small = scene.small
    ingest(
        small.warehouse, [part(tmp_path, nth) for nth in range(3)], small.context(), who="kim", source="test", clock=lambda: NOW
    )
    scene.deliver()
    take_back(small.warehouse, [2], small.context(), who="lee", source="test", clock=lambda: NOW)
    scene.deliver()
    assert read_at(scene, "C1") == ["level-90", "recovered-level-75"]
    assert small.warehouse.execute("SELECT who, about FROM audit WHERE what = 'undone'") == [("lee", "import 2, part-1.csv")]


def test_whoever_is_killed_after_taking_back_is_made_up_for(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before evaluating: the import is out, and the next evaluation sends the recovery."""
    small = scene.small
    ingest(small.warehouse, [part(tmp_path, 0), part(tmp_path, 1)], small.context(), who="kim", source="test", clock=lambda: NOW)
    scene.deliver()

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as at_deciding:
        at_deciding.setattr("core.ingestion.evaluate_alerts", killed)
        with pytest.raises(KeyboardInterrupt):
            take_back(small.warehouse, [1], small.context(), who="kim", source="test", clock=lambda: NOW)
    assert small.warehouse.execute("SELECT sum(credits) FROM usage") == [(30_000,)]
    evaluate(small.warehouse, small.context(), NOW, only_if_due=True)
    scene.deliver()
    assert read_at(scene, "C1") == ["level-50", "recovered-level-50"]


def test_what_was_told_since_a_backup_is_found_in_the_place_s_history(scene: Scene) -> None:
    """A restored warehouse does not know what it sent; each channel's history is read once and has it."""
    scene.step(("use", 60_000), is_killed=False)
    with scene.small.warehouse.writing() as session:
        (waiting,) = {one.message for one in outbox.deliveries(session) if one.message.address.id == "C1"}
        outbox.enter_history(session, waiting.address, {waiting.key: "1.1"}, NOW)
        outbox.claim(session, NOW, "sender", 10)
        found = {one.message.address.id: one.remote_id for one in outbox.deliveries(session)}
        assert outbox.asked_places(session) == {waiting.address}
        outbox.mark_for_recheck(session)
        assert outbox.asked_places(session) == set()
    assert found["C1"] == "1.1"


STEPS = st.one_of(
    st.tuples(st.just("use"), st.sampled_from([10_000, 45_000, 60_000, 80_000, 95_000])),
    st.tuples(st.just("grant"), st.sampled_from([100_000, 200_000])),
    st.tuples(st.just("levels"), st.sampled_from([50, 60, 75])),
    st.tuples(st.just("undo"), st.integers(0, 2)),
)
DELIVERED = st.sampled_from(["nothing", "channel", "spreadsheet", "all"])


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(STEPS, st.booleans(), DELIVERED), min_size=1, max_size=8))
@example([(("use", 95_000), False, "nothing"), (("use", 45_000), False, "all")])
@example([(("use", 95_000), False, "nothing"), (("grant", 200_000), False, "all")])
def test_every_place_reads_a_consistent_story(steps: list[tuple[Step, bool, str]]) -> None:
    """Nothing is sent twice, no recovery comes without its alert, and in the end no passed level is unknown.

    A recovery names the lowest level that was left. So it follows a level of its height or above, or says itself that
    both happened.
    """
    with TemporaryDirectory() as folder, open_warehouse(Path(folder) / "w.duckdb") as warehouse:
        scene = Scene(SmallWallet(warehouse, Path(folder)))
        for step, is_killed, delivered in steps:
            scene.step(step, is_killed=is_killed)
            if delivered != "nothing":
                scene.deliver(None if delivered == "all" else delivered)
        scene.decide()
        scene.deliver()
        for address in [one for team in (WHOLE, SALES) for one in team.addresses]:
            _require_story(scene, address)
        assert find_broken_checks(warehouse) == {}


def _require_story(scene: Scene, address: Address) -> None:
    keys = scene.read.get(address, [])
    assert len(keys) == len(set(keys))
    words = dict(zip(keys, scene.headlines(address.id), strict=True))
    highest = 0
    for key in keys:
        parts = key.split("-")
        if key.startswith("recovered-level"):
            assert highest >= int(parts[2]) or words[key].startswith("Happened on")
        elif parts[0] == "level":
            highest = max(highest, int(parts[1]))
    team = WHOLE if address in WHOLE.addresses else SALES
    with scene.small.warehouse.reading() as session:
        live = [int(one.level) for one in repository.open_alerts(session, team.name) if one.rule == "level"]
    assert max(live, default=0) <= highest


def test_what_two_teams_are_told_alike_is_one_alert_in_lists(small: SmallWallet) -> None:
    """Two teams watch the whole wallet: one line names both and counts once; each team's own list has its own."""
    teams = (Team("Finance", watches=Scope(), channels=("C1",)), Team("Operations", watches=Scope(), channels=("C2",)))
    small.grants_said(GrantInput(Decimal(100_000), date(2026, 9, 1), date(2027, 9, 1))).configured(teams=teams)
    small.events({"eventtime__c": "2026-09-10T12:00:00.000Z", "unitsconsumed__c": 60_000})
    on = date(2026, 9, 11)
    with small.warehouse.writing() as session:
        evaluate_alerts(session, small.context(on), datetime(2026, 9, 11, tzinfo=UTC))
    both = small.ask("alerts", on)
    levels = [row for row in both.table("alerts").rows if row[1] == "level"]
    assert [row[3] for row in levels] == ["Finance, Operations"]
    alone = [small.ask(f"alerts team {name}", on) for name in ("Finance", "Operations")]
    assert [one.figure("open_alerts").value for one in alone] == [both.figure("open_alerts").value] * 2
    assert {row[0] for one in alone for row in one.table("alerts").rows} > {row[0] for row in both.table("alerts").rows}
    assert summarize_wallet(small.context(on)).figure("open_alerts").value == both.figure("open_alerts").value
