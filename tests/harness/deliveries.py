"""The promise of the service, put to the test: each message once, none lost, whatever breaks and whenever it is killed.

A world of days: each morning a file of use is dropped into the watched folder, some of them twice, while the real
service runs under a clock of our own, is killed with SIGKILL at random points and started again. Slack and Google fail,
cut connections before and after they took what was sent, and ask to be left alone; Slack delivers each question twice.
In the end the service is left in peace for a while, and everything is counted in Slack's conversations, in the
spreadsheets and in the warehouse.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.request import urlopen

from core.alerts.outbox import deliveries
from core.alerts.rules.pool import truncate_percent
from core.questions.alerts.alerts import MAX_ROWS
from core.questions.alerts.digests import MAX_ROWS as MAX_DIGESTS
from core.warehouse.database import open_warehouse
from tests.fakes.postgres import run_cluster
from tests.fakes.sheets.server import SheetsServer
from tests.fakes.sheets.trouble import Fault
from tests.fakes.slack.conversations import SlackFault
from tests.fakes.slack.server import SlackServer, member
from tests.fakes.slack.socket import SlackSocket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.alerts.outbox import Delivery
    from core.warehouse import PostgresAddress
    from core.warehouse.database import Session

ROOT = Path(__file__).parents[2]
BEGIN, HOURS_A_RUN, SPEED = datetime(2026, 8, 31, 5, tzinfo=UTC), 3, 120.0
WARM_UP_DAYS, FILES_A_DAY = 70, 24 // HOURS_A_RUN
A_FILE = {"Sales": 300, "Service": 700}
DROPPED_TWICE, STARTED, PATIENCE_SECONDS, QUIET_LOOKS = 0.2, 0.8, 120, 4
LEVELS = tuple(range(1, 201))
BEFORE = Counter(["2026-W35"])
"""The digest of the week before: it is caught up where the first file comes in time."""
CHANNELS, SALES_CHANNEL = ("C0WHOLE1", "C0WHOLE2"), "C0SALES"
SHEET, SALES_SHEET = "spreadsheet-of-the-whole", "spreadsheet-of-sales"
SETTINGS = """
contract:
  start: 2026-08-31
  end: 2027-08-31
  grants: [{{credits: {granted}, label: all}}]
alerts: {{levels: {levels}, pace_percent: 9999}}
teams:
  Whole:
    channels: [C0WHOLE1, C0WHOLE2]
    spreadsheets: [spreadsheet-of-the-whole]
    weekly_digest: Mon 08:00
    monthly_digest: 1 08:00
  Sales: {{channels: [C0SALES], spreadsheets: [spreadsheet-of-sales], departments: [Sales], weekly_digest: Wed 17:30}}
service: {{watched_folder: inbox, poll_seconds: 1}}
"""


@dataclass
class Tally:
    """What came of the runs; `wrong` says every broken promise in words."""

    runs: int = 0
    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    tried_again: int = 0
    found_again: int = 0
    answers: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def told(self) -> str:
        """Return the tally as one line."""
        faults = ", ".join(f"{name} {count}" for name, count in sorted(self.faults.items()))
        return (
            f"{self.runs} runs, {self.kills} killed, in {self.seconds:.0f} s; {self.messages} messages, {self.tried_again} "
            f"of them tried more than once; Slack's history asked {self.found_again} times; {self.answers} answers; "
            f"faults met: {faults}; {len(self.wrong)} wrong"
        )


class World:
    """A folder with a warehouse and settings, a Slack, a Google, and the service in between."""

    def __init__(self, runs: int, seed: int, database: PostgresAddress | None = None) -> None:
        """Set nothing up yet. runs: how many there will be; no file passes more than one level, though a look at two may.

        database: in place of a file; a second service then answers beside the first in every run, and takes over what that sends.
        """
        self._database = database
        self.granted = max(100_000, runs * sum(A_FILE.values()) // 2)
        self._chance = random.Random(seed)
        self._open = ExitStack()
        self.tally = Tally()
        self.dropped: list[Path] = []
        self.asked: list[str] = []
        self.posted_unseen = 0

    def __enter__(self) -> Self:
        """Set it all up."""
        self.folder = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="agentcost-")))
        self.slack_socket = self._open.enter_context(SlackSocket())
        self.slack = self._open.enter_context(SlackServer(socket=self.slack_socket))
        self.sheets = self._open.enter_context(SheetsServer())
        self.sheets.quota.per_user = self.sheets.quota.per_project = 10_000
        for channel in (*CHANNELS, SALES_CHANNEL):
            self.slack.channels.add(channel)
            self.slack.member_of.add(channel)
        for sheet in (SHEET, SALES_SHEET):
            self.sheets.add_book(sheet)
        (self.folder / "inbox").mkdir()
        (self.folder / "app.yaml").write_text(SETTINGS.format(granted=self.granted, levels=list(LEVELS)), encoding="utf-8")
        self._key = self.sheets.write_key(self.folder / "key.json")
        self._write("before", [BEGIN.date() - timedelta(days=nth) for nth in range(WARM_UP_DAYS, 0, -1)], FILES_A_DAY)
        self._copy(self.folder / "before.csv")
        return self

    def __exit__(self, *_: object) -> None:
        """Take it down."""
        self._open.close()

    @property
    def warehouse(self) -> Path | PostgresAddress:
        """The warehouse."""
        return self._database or self.folder / "wallet.duckdb"

    @property
    def log(self) -> Path:
        """What every service of this world logged."""
        return self.folder / "log"

    def begin(self) -> None:
        """Let the service bring in the use of the days before, however long that takes: no digest is owed without any."""
        process = self._started(BEGIN)
        began = time.monotonic()
        while any(path.is_file() for path in (self.folder / "inbox").iterdir()) and time.monotonic() < began + PATIENCE_SECONDS:
            time.sleep(0.1)
        process.kill()
        process.communicate()

    def run(self) -> None:
        """Let the service run for a while in trouble, and kill it."""
        begin = BEGIN + timedelta(hours=HOURS_A_RUN * self.tally.runs)
        self._drop_file(begin.date())
        faults = self._trouble()
        processes = [self._started(begin) for _ in range(2 if self._database else 1)]
        for nth, process in enumerate(processes):
            if self._chance.random() < STARTED:
                _address(process)
                if nth == 0:
                    self._ask_twice(begin)
            time.sleep(self._chance.uniform(0, 4))
            self.tally.kills += process.poll() is None
            process.kill()
            process.communicate()
        self.slack_socket.pending.clear()
        self.tally.runs += 1
        self._count(faults)

    def calm(self) -> None:
        """Let the service run without trouble until nothing waits to be sent; what was given up is tried again."""
        for _ in range(3):
            with open_warehouse(self.warehouse) as warehouse, warehouse.writing() as session:
                session.run("retry_messages", now=self._end)
            process = self._started(self._end)
            self._wait_until_all_is_sent(process)
            process.terminate()
            process.communicate(timeout=60)
            if process.returncode != 0:
                self.tally.wrong.append(f"the service ended with {process.returncode}")

    @property
    def _end(self) -> datetime:
        return BEGIN + timedelta(hours=HOURS_A_RUN * self.tally.runs + 2)

    def _wait_until_all_is_sent(self, process: subprocess.Popen[str]) -> None:
        """Wait while files lie in the folder or messages wait, as the service's metrics say, as long as something moves."""
        metrics = _address(process)
        moved_at, before, quiet = time.monotonic(), "", 0
        while quiet < QUIET_LOOKS and time.monotonic() < moved_at + PATIENCE_SECONDS:
            time.sleep(1)
            with urlopen(metrics) as answer:
                told = answer.read().decode()
            files = sum(path.is_file() for path in (self.folder / "inbox").iterdir())
            now = "\n".join([f"{files}", *(line for line in told.splitlines() if line.startswith("agentcost_messages{"))])
            moved_at, before = (moved_at, before) if now == before else (time.monotonic(), now)
            is_busy = files or 'state="waiting"' in told
            quiet = 0 if is_busy or 'agentcost_jobs_total{job="decide"' not in told else quiet + 1

    def _started(self, begin: datetime) -> subprocess.Popen[str]:
        variables = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SLACK_BOT_TOKEN": self.slack.token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": f"{self.slack.url}/api/",
            "GOOGLE_APPLICATION_CREDENTIALS": str(self._key),
            "GOOGLE_SHEETS_API_URL": self.sheets.url,
            "AGENTCOST_WAREHOUSE": self._database.url if self._database else str(self.warehouse),
        }
        self._moved_clock(begin)
        command = [sys.executable, "-m", "tests.harness.service_process", begin.isoformat(), str(SPEED)]
        with self.log.open("a", encoding="utf-8") as log:
            return subprocess.Popen(command, cwd=self.folder, env=variables, text=True, stdout=subprocess.PIPE, stderr=log)

    def _moved_clock(self, begin: datetime) -> None:
        """Let Slack's clock go as the service's does."""
        started = time.monotonic()
        self.slack.conversations.clock = lambda: begin.timestamp() + (time.monotonic() - started) * SPEED

    def _drop_file(self, today: date) -> None:
        """Drop a file of some of a day's use, and at times one of those before again."""
        self._write(f"{len(self.dropped)}", [today])
        self.dropped.append(self.folder / f"{len(self.dropped)}.csv")
        self._copy(self.dropped[-1])
        if self._chance.random() < DROPPED_TWICE:
            self._copy(self._chance.choice(self.dropped))

    def _write(self, name: str, days: list[date], times: int = 1) -> None:
        with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = [row for day in days for row in rows_of_day(name, day, times)]
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def _copy(self, path: Path) -> None:
        shutil.copyfile(path, self.folder / "inbox" / path.name)

    def _ask_twice(self, begin: datetime) -> None:
        """Let somebody ask in a channel, which Slack tells of twice."""
        at = f"{begin.timestamp():.6f}"
        event = {
            "type": "app_mention",
            "text": "<@U0BOT> breakeven 200 users",
            "user": "U0ASKER",
            "channel": CHANNELS[0],
            "ts": at,
        }
        told = {"type": "event_callback", "team_id": "T0TEAM", "event_id": f"Ev{self.tally.runs}", "event": event}
        self.slack.people.setdefault("U0ASKER", member())
        for nth in range(2):
            self.slack_socket.deliver("events_api", told, f"{self.tally.runs}-{nth}")
        self.asked.append(at)

    def _trouble(self) -> list[SlackFault | Fault]:
        """Let some of the next calls fail."""
        hows = [("down", False), ("down", True), ("cut", False), ("cut", True), ("limits", False)]
        methods = ["chat.postMessage", "chat.postMessage", "conversations.history"]
        self.slack.faults[:] = [
            SlackFault(how, is_accepted=taken, method=self._chance.choice(methods))  # type: ignore[arg-type]  # as above
            for how, taken in self._chance.choices(hows, k=self._chance.randrange(5))
        ]
        kinds = [("status", False), ("status", True), ("cut", False), ("cut", True)]
        self.sheets.faults[:] = [
            Fault(how, status=self._chance.choice([429, 500, 503]), is_accepted=taken)  # type: ignore[arg-type]  # as above
            for how, taken in self._chance.choices(kinds, k=self._chance.randrange(3))
        ]
        return [*self.slack.faults, *self.sheets.faults]

    def _count(self, faults: list[SlackFault | Fault]) -> None:
        for fault in faults:
            if fault.times == 0:
                self.posted_unseen += isinstance(fault, SlackFault) and fault.is_accepted
                name = "Slack" if isinstance(fault, SlackFault) else "Sheets"
                self.tally.faults[f"{name} {fault.how}{' after accepting' if fault.is_accepted else ''}"] += 1
        self.slack.faults.clear()
        self.sheets.faults.clear()

    def judged(self) -> Tally:
        """Return the tally, with every promise that was broken."""
        with open_warehouse(self.warehouse) as warehouse, warehouse.reading() as session:
            sent = deliveries(session)
            alerts = {row["key"] for row in session.query("alerts_by_team", team=None, card=None)}
            self.tally.wrong += [*self._of_slack(sent), *self._of_sheets(sent, alerts)]
            self.tally.wrong += [*self._of_levels(sent), *self._of_digests(sent)]
            self.tally.wrong += [*self._of_previous(session), *self._of_answers()]
        self.tally.messages = len(sent)
        self.tally.tried_again = sum(one.attempts > 1 for one in sent)
        self.tally.found_again = self.slack.calls.count("conversations.history")
        return self.tally

    def _of_slack(self, sent: list[Delivery]) -> Iterator[str]:
        """Yield what is not exactly once in its conversation."""
        for channel in (*CHANNELS, SALES_CHANNEL):
            there = Counter(self.slack.conversations.keys(channel))
            queued = {one.message.key for one in sent if one.message.address.id == channel}
            yield from (f"{channel} has {key} {count} times" for key, count in there.items() if count != 1)
            owed = {one.message.key for one in sent if one.message.address.id == channel and not one.withdrawn_at}
            yield from (f"{channel} lacks {key}" for key in owed - there.keys())
            yield from (f"{channel} has {key}, which nobody queued" for key in there.keys() - queued)

    def _of_answers(self) -> Iterator[str]:
        """Yield questions that were answered twice though Slack had not kept quiet about an answer that it took."""
        answers = Counter(sent.body.get("thread_ts") for sent in self.slack.sent)
        self.tally.answers = sum(answers[at] for at in self.asked)
        twice = sum(max(answers[at] - 1, 0) for at in self.asked)
        if twice > self.posted_unseen:
            yield f"{twice} questions were answered twice"

    def _of_sheets(self, sent: list[Delivery], alerts: set[str]) -> Iterator[str]:
        """Yield what does not stand once in its worksheet, which shows so many, and what was not delivered.

        Alerts stand there whether they were told or not: of levels that are passed at once, only the highest is.
        """
        for sheet, (title, most) in product((SHEET, SALES_SHEET), (("Alerts", MAX_ROWS), ("Digests", MAX_DIGESTS))):
            there = Counter(self._texts(sheet, title))
            here = [one.message for one in sent if one.message.address.id == sheet and not one.withdrawn_at]
            queued = {one.key for one in here if bool(one.alert_key) == (title == "Alerts")}
            shown = alerts if title == "Alerts" else queued
            least = 0 if sum(key in there for key in shown) >= most else 1
            yield from (f"{sheet} has {key} {there[key]} times" for key in queued if not least <= there[key] <= 1)
        waiting = [one.message for one in sent if not one.delivered_at and not one.withdrawn_at]
        yield from (f"{message.key} is not delivered to {message.address.id}" for message in waiting)

    def _texts(self, book: str, title: str) -> Iterator[str]:
        """Yield what the cells of a sheet hold."""
        sheet = self.sheets.book(book).titled(title)
        for cell in sheet.cells.values() if sheet else ():
            yield from (value for value in cell.get("userEnteredValue", {}).values() if isinstance(value, str))

    def _of_levels(self, sent: list[Delivery]) -> Iterator[str]:
        """Yield the highest level that the files pass where nobody was told of it, and told levels that they do not pass."""
        for address, departments in [*((one, ("Sales", "Service")) for one in (*CHANNELS, SHEET)), (SALES_CHANNEL, ("Sales",))]:
            used = len(self.dropped) * sum(A_FILE[name] for name in departments)
            passed = {str(level) for level in LEVELS if level * self.granted <= used * 100}
            keys = [one.message.key for one in sent if one.message.address.id == address]
            told = Counter(key.split("-")[1] for key in keys if key.startswith("level-"))
            highest = max(told, key=int, default="") == max(passed, key=int, default="")
            if not highest or told - Counter(passed):  # of levels that one look passes together, the highest is told
                yield f"{address} was told of the levels {sorted(told, key=int)}, not of {sorted(passed, key=int)}"

    def _of_digests(self, sent: list[Delivery]) -> Iterator[str]:
        """Yield digests of weeks that lack, or that nobody should have had."""
        evening = timedelta(hours=17, minutes=30)
        places = [*((channel, 0, timedelta(hours=8)) for channel in CHANNELS), (SALES_CHANNEL, 2, evening)]
        for address, weekday, clock in places:
            due = {f"{at.isocalendar()[0]}-W{at.isocalendar()[1]:02}" for at in self._times(weekday, clock)}
            keys = [one.message.key for one in sent if one.message.address.id == address]
            told = Counter("-".join(key.split("-")[2:4]) for key in keys if key.startswith("digest-weekly"))
            if told - BEFORE != Counter(due):
                yield f"{address} had the weekly digests {sorted(told)}, not {sorted(due)}"

    def _times(self, weekday: int, clock: timedelta) -> Iterator[datetime]:
        """Yield when a digest was due while the service ran."""
        at = BEGIN.replace(hour=0) + clock
        while at <= self._end:
            if at.weekday() == weekday and at > BEGIN:
                yield at
            at += timedelta(days=1)

    def _of_previous(self, session: Session) -> Iterator[str]:
        """Yield where the use kept for the next look is not what the files come to."""
        for team, departments in (("Whole", ("Sales", "Service")), ("Sales", ("Sales",))):
            used = Decimal(len(self.dropped) * sum(A_FILE[name] for name in departments) * 100) / self.granted
            for row in session.query("previous_thresholds_by_scope", team=team, org="", card="FlexCredits"):
                if row["used_percent"] != truncate_percent(used):
                    yield f"{team} used {used}%, and {row['used_percent']}% are kept"


def _address(process: subprocess.Popen[str]) -> str:
    """Return where a service shows its metrics, once it has started; empty if it ended before."""
    return next((line.split()[-1].rstrip(".") for line in iter(process.stdout or ()) if "/metrics" in line), "")


def rows_of_day(name: str, day: date, times: int) -> Iterator[dict[str, object]]:
    """Yield a file's rows of a day."""
    for department, used in A_FILE.items():
        yield {
            "id__c": f"{name}-{day}-{department}",
            "eventtime__c": f"{day}T12:00:00.000Z",
            "processedtime__c": f"{day}T13:00:00.000Z",
            "unitsconsumed__c": used * times,
            "usagevalue__c": used * times // 20,
            "multiplier__c": 20,
            "usagetypedevelopername__c": "Agentforce_StandardAction",
            "resourceidorapiname__c": "Get_Cases",
            "rootresourceidorapiname__c": f"{department}_Agent",
            "rootresourcetags__c": f'{{"Department": "{department}"}}',
            "userid__c": "",
            "carddefinitiondevelopername__c": "FlexCredits",
            "usagereportingorgid__c": "00DEMEA",
            "entitlementorgid__c": "00DEMEA",
            "usagebusinessenvtype__c": "production",
        }


def tally_of(runs: int, seed: int, database: PostgresAddress | None = None) -> Tally:
    """Return what came of so many runs in one world; see `World`."""
    began = time.monotonic()
    with World(runs, seed, database) as world:
        world.begin()
        for _ in range(runs):
            world.run()
        world.calm()
        found = world.judged()
    found.seconds = time.monotonic() - began
    return found


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    with ExitStack() as until_the_end:
        database = until_the_end.enter_context(run_cluster()).create() if "postgresql" in sys.argv else None
        result = tally_of(numbers[0], numbers[1] if len(numbers) > 1 else 1, database)
    sys.stdout.write("\n".join([result.told(), *result.wrong, ""]))
    sys.exit(bool(result.wrong))
