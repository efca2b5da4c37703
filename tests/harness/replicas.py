"""Three replicas answer Slack over HTTP behind a load balancer, while one of them is killed every ten seconds.

The next is killed no sooner than all of them answer again.

Usage: python -m tests.harness.replicas KILLS. Members ask by slash commands and by mentions, which Slack tells of twice; the
balancer turns to the next replica where one cannot be reached, breaks off, or says 503. Meanwhile files are dropped into the
folder that the replica watches which keeps the schedule. In the end every question must have been answered exactly once, every
file be wholly in, and every level be told once. Prints one JSON object: what was asked, killed and found, and for how many
seconds nobody kept the schedule after the one that did was killed; and in words what was wrong.
"""

from __future__ import annotations

import csv
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from core.wallet.ingest import find_broken_checks
from core.warehouse import open_warehouse
from tests.fakes.ports import free_port
from tests.fakes.postgres import run_cluster
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.workspace import CHANNEL, Workspace
from tests.harness.deliveries import A_FILE, rows_of_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.warehouse import PostgresAddress

ROOT = Path(__file__).parents[2]
PROGRAM = "import sys; from bot.cli.main import main; sys.exit(main(sys.argv[1:]))"
SECRET, REPLICAS, ASKERS = "0123456789abcdef0123456789abcdef", 3, 3
KILL_EVERY_SECONDS, BALANCER_SECONDS, PATIENCE_SECONDS = 10.0, 30.0, 180.0
SETTINGS = """
contract: {{start: {start}, end: {end}, grants: [{{credits: 100000, label: all}}]}}
alerts: {{levels: {levels}, pace_percent: 9999, min_usd: 999999999}}
teams: {{Whole: {{channels: [C0TEAM]}}}}
service: {{watched_folder: inbox, poll_seconds: 1}}
"""


@dataclass
class Found:
    """What came of it; `wrong` says every broken promise in words."""

    kills: int = 0
    sender_killed: int = 0
    takeover_seconds: list[float] = field(default_factory=list)
    commands: int = 0
    mentions: int = 0
    turned_to_another: int = 0
    answered_late: int = 0
    refused: int = 0
    files: int = 0
    messages: int = 0
    slowest_answer_seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


class Replica:
    """A service in a process of its own, which is started again after it ended."""

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        """Start it."""
        self.port, self._folder, self._variables = free_port(), folder, variables
        self.start()

    def start(self) -> None:
        """Start it, or start it again."""
        with (self._folder / f"{self.port}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, "serve", "--port", str(self.port)],
                cwd=self._folder, env=dict(self._variables), stdout=log, stderr=log,
            )  # fmt: skip

    def kill(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()

    @property
    def parts(self) -> dict[str, dict[str, str]]:
        """How its parts fare; nothing where it is not ready."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return dict(json.load(answer)["parts"])
        except (URLError, OSError):
            return {}

    @property
    def sends(self) -> bool:
        """Whether it is the one that keeps the schedule."""
        return self.parts.get("replica", {}).get("why", "").startswith("This service sends")

    def post(self, body: str, headers: Mapping[str, str]) -> tuple[int, str]:
        """Return status and body of its answer. Raises: OSError, HTTPException, where there is none, or half of one."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", "/slack/events", body.encode(), dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


class World:
    """A database, a Slack, three replicas, and those who ask."""

    def __init__(self, address: PostgresAddress, slack: SlackServer, folder: Path, seed: int) -> None:
        """Start the replicas, and wait until all of them answer and one sends."""
        self.found, self._slack, self._folder, self._address = Found(), slack, folder, address
        self._workspace, self._making = Workspace(slack, "", SECRET), threading.Lock()
        self._chance = random.Random(seed)
        self._over = threading.Event()
        self._asked: dict[str, int] = {}
        self._mentioned: list[str] = []
        today = datetime.now(UTC).date()
        settings = SETTINGS.format(start=today - timedelta(days=90), end=today + timedelta(days=270), levels=list(range(1, 201)))
        (folder / "app.yaml").write_text(settings, encoding="utf-8")
        (folder / "inbox").mkdir()
        variables = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "AGENTCOST_WAREHOUSE": address.url,
            "SLACK_BOT_TOKEN": slack.token,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"{slack.url}/api/",
        }
        self.replicas = [Replica(folder, variables) for _ in range(REPLICAS)]
        self._drop_file()
        self._wait_until(lambda: all(one.parts for one in self.replicas) and any(one.sends for one in self.replicas))

    def run(self, kills: int) -> None:
        """Let members ask, and kill one replica after the other."""
        askers = [threading.Thread(target=self._keep_asking, args=(nth,)) for nth in range(ASKERS)]
        for asker in askers:
            asker.start()
        while self.found.kills < kills:
            self._wait_until(lambda: all(one.parts for one in self.replicas))  # on a machine that is busy, starting takes long
            began = time.monotonic()
            self._kill_one()
            self._drop_file()
            time.sleep(max(0.0, began + KILL_EVERY_SECONDS - time.monotonic()))
        self._over.set()
        for asker in askers:
            asker.join()

    def judge(self) -> Found:
        """Wait until all is calm, and return what was found."""
        self._wait_until(lambda: not [*self._dropped()] and any(one.sends for one in self.replicas))
        self._wait_until(lambda: self._passed() in self._told())
        self._wait_until(lambda: not [*self._unanswered()])
        for replica in self.replicas:
            replica.process.terminate()
        for replica in self.replicas:
            if replica.process.wait(60):
                self.found.wrong.append(f"a service ended with {replica.process.returncode}")
        self._judge_answers()
        self._judge_messages()
        with open_warehouse(self._address) as warehouse:
            self.found.wrong += [f"{name} is broken" for name in find_broken_checks(warehouse)]
            counts = warehouse.execute("SELECT file_name, count(*) FROM imports GROUP BY 1 ORDER BY 1")
            self.found.wrong += [f"{name} is in {count} times" for name, count in counts if count != 1]
            used = warehouse.execute("SELECT sum(credits) FROM usage")[0][0]
            if used != self.found.files * sum(A_FILE.values()):
                self.found.wrong.append(f"{self.found.files} files came to {used} credits")
        return self.found

    def end(self) -> None:
        """Leave no replica running."""
        self._over.set()
        for replica in self.replicas:
            replica.kill()

    def _kill_one(self) -> None:
        victim = self._chance.choice(self.replicas)
        was_sending = victim.sends
        victim.kill()
        self.found.kills += 1
        killed = time.monotonic()
        if was_sending:
            self.found.sender_killed += 1
            others = [one for one in self.replicas if one is not victim]
            self._wait_until(lambda: any(one.sends for one in others))
            self.found.takeover_seconds.append(round(time.monotonic() - killed, 1))
        victim.start()

    def _keep_asking(self, asker: int) -> None:
        nth = 0
        while not self._over.is_set():
            nth += 1
            if nth % 5 == 2:  # early, so that a short run on a busy machine has some
                self._mention(f"breakeven {100 * asker + nth} users")
            else:
                self._command("wallet" if nth % 2 else f"breakeven {100 * asker + nth} users")
            time.sleep(0.2)

    def _command(self, question: str) -> None:
        with self._making:
            body, headers = self._workspace.slash_request(question)
            key = f"r{len(self._slack.response_urls) - 1}"
            self.found.commands += 1
        began = time.monotonic()
        status, told = self._balance(body, headers)
        self.found.slowest_answer_seconds = max(self.found.slowest_answer_seconds, round(time.monotonic() - began, 1))
        self.found.refused += status != 200
        self._asked[key] = status == 200 and bool(told)

    def _mention(self, question: str) -> None:
        """Mention the app, of which Slack tells once more by another event id, and again where it is not acknowledged."""
        with self._making:
            at = f"{time.time():.6f}"
            event = {"type": "app_mention", "text": f"<@U0BOT> {question}", "user": "U0ASKER", "channel": CHANNEL, "ts": at}
            self.found.mentions += 1
            self._mentioned.append(at)
        for suffix in ("", "b"):
            for retry in range(4):
                with self._making:
                    body, headers = self._workspace.event_request(event, f"Ev{at}{suffix}", retry)
                if self._balance(body, headers)[0] == 200:
                    break
                time.sleep(1)

    def _balance(self, body: str, headers: Mapping[str, str]) -> tuple[int, str]:
        """Return the first whole answer of a replica but 503."""
        told = (0, "no replica answered")
        first, until = self._chance.randrange(REPLICAS), time.monotonic() + BALANCER_SECONDS
        tried = 0
        while time.monotonic() < until:
            with suppress(OSError, http.client.HTTPException):
                told = self.replicas[(first + tried) % REPLICAS].post(body, headers)
                if told[0] != 503:
                    return told
            tried += 1
            self.found.turned_to_another += 1
            if tried % REPLICAS == 0:
                time.sleep(0.5)
        return told

    def _drop_file(self) -> None:
        name = str(self.found.files)
        rows = [*rows_of_day(name, datetime.now(UTC).date() - timedelta(days=1), 1)]
        with (self._folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        (self._folder / name).rename(self._folder / "inbox" / f"{name}.csv")
        self.found.files += 1

    def _dropped(self) -> list[Path]:
        return [path for path in (self._folder / "inbox").iterdir() if path.is_file()]

    def _passed(self) -> int:
        """Return the highest level that the files pass: each is one in a hundred of what was granted."""
        return self.found.files

    def _told(self) -> Counter[int]:
        return Counter(int(key.split("-")[1]) for key in self._slack.conversations.keys(CHANNEL) if key.startswith("level-"))

    def _unanswered(self) -> Iterator[str]:
        """Yield questions that were not answered exactly once, and how often they were."""
        for key, in_response in self._asked.items():
            later = self._slack.response_urls[key][1]
            if in_response + later != 1:
                yield f"the question {key} was answered {in_response + later} times"
        answers = Counter(one.body.get("thread_ts") for one in [*self._slack.sent])
        yield from (f"the mention {at} was answered {answers[at]} times" for at in self._mentioned if answers[at] != 1)

    def _judge_answers(self) -> None:
        self.found.answered_late = sum(bool(self._slack.response_urls[key][1]) for key in self._asked)
        self.found.wrong += self._unanswered()

    def _judge_messages(self) -> None:
        told = self._told()
        self.found.messages = sum(told.values())
        self.found.wrong += [f"level {level} was told {count} times" for level, count in told.items() if count != 1]
        if max(told, default=0) != self._passed():
            self.found.wrong.append(f"levels up to {max(told, default=0)} were told, not up to {self._passed()}")

    def _wait_until(self, is_so: object) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not is_so() and time.monotonic() < until:  # type: ignore[operator]  # a condition
            time.sleep(0.1)


def main(kills: int, seed: int = 1) -> Found:
    """Kill so many replicas, and return what was found."""
    with ExitStack() as until_the_end:
        folder = Path(until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="agentcost-")))
        address = until_the_end.enter_context(run_cluster()).create("shared")
        slack = until_the_end.enter_context(SlackServer())
        world = World(address, slack, folder, seed)
        until_the_end.callback(world.end)
        world.run(kills)
        found = world.judge()
        if found.wrong:
            for log in folder.glob("*.log"):
                sys.stderr.write(log.read_text(encoding="utf-8")[-5000:])
        return found


if __name__ == "__main__":
    result = main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    sys.stdout.write(f"{json.dumps(vars(result))}\n")
    sys.exit(bool(result.wrong))
