"""A workspace in a terminal: try agentcost without Slack.

python -m tests.fakes.slack    prints the variables for `agentcost serve` and `agentcost doctor`, then takes lines:
/agentcost QUESTION   @agentcost QUESTION   press LABEL   submit NAME=VALUE …   home   and an empty line to look again
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from bot.manifest import build_described_app, scopes
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.socket import SlackSocket, SocketWorkspace
from tests.fakes.slack.workspace import CHANNEL, DIRECT

if TYPE_CHECKING:
    from collections.abc import Iterable

SETTLE_SECONDS = 2.0
HELP = "/agentcost QUESTION, @agentcost QUESTION, press LABEL, submit NAME=VALUE …, home; Ctrl-D ends."


def say(text: str) -> None:
    """Print at once, for whoever reads along."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Terminal:
    """One member, U0ASKER, in the channel C0TEAM."""

    def __init__(self, slack: SlackServer, socket: SlackSocket) -> None:
        """Have seen nothing yet."""
        self._slack, self._person = slack, SocketWorkspace(slack, "", "unused", socket=socket)
        self._messages, self._views = 0, 0

    def do(self, line: str) -> None:
        """Do what a line says. Raises: LookupError, where there is nothing to press or to fill in."""
        verb, _, rest = line.partition(" ")
        if verb == "/agentcost":
            self._person.slash(rest)
        elif verb == "@agentcost":
            self._person.mention(rest)
        elif verb == "home":
            self._person.open_home()
        elif verb == "press":
            message = next(one for one in reversed(self._slack.sent) if rest in one.buttons())
            said = str(message.body.get("channel") or CHANNEL)
            self._person.press(rest, message, channel=DIRECT if said.startswith("U") else said)
        elif verb == "submit":
            self._person.submit(self._slack.views[-1], **dict(word.split("=", 1) for word in rest.split()))
        elif line:
            say(HELP)

    def show(self) -> None:
        """Print what arrived since the last look."""
        for one in self._slack.sent[self._messages :]:
            buttons = f"\n  [{'] ['.join(one.buttons())}]" if one.buttons() else ""
            say(f"{one.to} {one.body.get('channel', '')}\n  {one.text.replace(chr(10), chr(10) + '  ')}{buttons}")
        for view in self._slack.views[self._views :]:
            fields = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
            say(f"{view['type']} {view.get('title', {}).get('text', '')} {' '.join(fields)}")
        self._messages, self._views = len(self._slack.sent), len(self._slack.views)


def main(lines: Iterable[str]) -> None:
    """Be a workspace until the lines end."""
    with SlackSocket() as socket, SlackServer(socket=socket) as slack:
        slack.scopes = {scope.name for scope in scopes(build_described_app())}
        say(f"export SLACK_API_URL={slack.url}/api/ SLACK_BOT_TOKEN={slack.token} SLACK_APP_TOKEN={slack.app_token}")
        say(HELP)
        terminal = Terminal(slack, socket)
        for line in lines:
            try:
                terminal.do(line.strip())
            except (LookupError, StopIteration):
                say("There is nothing like that to press or to fill in.")
            time.sleep(SETTLE_SECONDS)
            terminal.show()


if __name__ == "__main__":
    main(sys.stdin)
