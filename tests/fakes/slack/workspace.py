"""What people do in Slack, as the signed HTTP requests that Slack makes of it; and the app under test, really served."""

from __future__ import annotations

import contextlib
import itertools
import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import uvicorn
from slack_sdk.signature import SignatureVerifier

from tests.fakes.waiting import WAIT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.fakes.slack.server import Sent, SlackServer

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
ASKER, CHANNEL, DIRECT = "U0ASKER", "C0TEAM", "D0ASKER"


@contextlib.contextmanager
def served(application: object) -> Iterator[str]:
    """Give the address of an ASGI application served by uvicorn on a free port of the loopback."""
    server = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=0, log_config=None, lifespan="on"))  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@dataclass(frozen=True)
class Acknowledgement:
    """How the app answered a request of Slack's, and after how many seconds."""

    status: int
    body: str
    seconds: float


def returned(view: Mapping[str, Any], filled: Mapping[str, str]) -> dict[str, Any]:
    """Return a form as Slack sends it back: what stood in its fields, and what was filled in."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            name, element = block["block_id"], block["element"]
            if element["type"] == "static_select":
                chosen = [one for one in element["options"] if one["value"] == filled.get(name)] or [
                    element.get("initial_option")
                ]
                values[name] = {element["action_id"]: {"type": "static_select", "selected_option": chosen[0]}}
            elif element["type"] == "checkboxes":
                ticked = [one for one in element["options"] if one["value"] in filled.get(name, "").split(", ")]
                chosen = ticked if name in filled else element.get("initial_options", [])
                values[name] = {element["action_id"]: {"type": "checkboxes", "selected_options": chosen}}
            else:
                text = filled.get(name, element.get("initial_value"))
                values[name] = {element["action_id"]: {"type": "plain_text_input", "value": text or None}}
    return {**view, "id": "V1", "hash": "1.h", "state": {"values": values}}


@dataclass
class Workspace:
    """A workspace where the app is installed; every action is one signed request.

    organisation: the one in all of which the app is installed, empty where it is installed in the workspace.
    """

    slack: SlackServer
    app_url: str
    signing_secret: str
    path: str = "/slack/events"
    team: str = "T0TEAM"
    organisation: str = ""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def slash(self, text: str, user: str = ASKER, channel: str = CHANNEL) -> Acknowledgement:
        """Type /agentcost and a text."""
        return self.post(*self.slash_request(text, user, channel))

    def slash_request(self, text: str, user: str = ASKER, channel: str = CHANNEL) -> tuple[str, dict[str, str]]:
        """Return body and headers of a slash command."""
        body = {
            "token": "legacy",
            "team_id": self.team,
            **({"enterprise_id": self.organisation, "is_enterprise_install": "true"} if self.organisation else {}),
            "channel_id": channel,
            "user_id": user,
            "command": "/agentcost",
            "text": text,
            "response_url": self.slack.new_response_url(),
            "trigger_id": self.slack.new_trigger(),
        }
        return self.signed(urlencode(body), FORM)

    def press(self, label: str, message: Sent, user: str = ASKER, channel: str = CHANNEL) -> Acknowledgement:
        """Press a button of a message."""
        return self.interact(
            {
                "type": "block_actions",
                "channel": {"id": channel},
                "message": {**message.body, "ts": message.ts},
                "container": {"type": "message", "message_ts": message.ts or f"{id(message)}.0001", **self._thread(message)},
                "response_url": self.slack.new_response_url(),
                "trigger_id": self.slack.new_trigger(),
                "actions": [{**message.buttons()[label], "block_id": "b", "action_ts": f"{next(self._numbers)}.0"}],
            },
            user,
        )

    def choose(self, label: str, message: Sent, user: str = ASKER, channel: str = CHANNEL) -> Acknowledgement:
        """Choose from a menu of a message."""
        elements = [element for block in message.blocks for element in block.get("elements", ()) if "options" in element]
        chosen = {**elements[0], "selected_option": next(one for one in elements[0]["options"] if one["text"]["text"] == label)}
        return self.interact(
            {
                "type": "block_actions",
                "channel": {"id": channel},
                "message": {**message.body, "ts": message.ts},
                "container": {"type": "message", "message_ts": message.ts, **self._thread(message)},
                "response_url": self.slack.new_response_url(),
                "trigger_id": self.slack.new_trigger(),
                "actions": [{**chosen, "block_id": "b", "action_ts": f"{next(self._numbers)}.0"}],
            },
            user,
        )

    def shortcut(self) -> Acknowledgement:
        """Choose Price a scenario from Slack's own menu."""
        return self.interact({"type": "shortcut", "callback_id": "price_scenario", "trigger_id": self.slack.new_trigger()})

    def open_home(self, user: str = ASKER, tab: str = "home") -> Acknowledgement:
        """Open the app's own page, on one of its tabs."""
        return self.event({"type": "app_home_opened", "user": user, "channel": DIRECT, "tab": tab, "event_ts": self._ts()})

    def press_at_home(self, label: str, page: Mapping[str, Any], user: str = ASKER) -> Acknowledgement:
        """Press a button of the app's own page, the first of that label."""
        offered = [element for block in page["blocks"] for element in (*block.get("elements", ()), block.get("accessory", {}))]
        button = next(one for one in offered if "action_id" in one and one["text"]["text"] == label)
        return self.interact(
            {
                "type": "block_actions",
                "container": {"type": "view", "view_id": "V1"},
                "view": {**page, "id": "V1", "hash": "1.h", "private_metadata": "", "state": {"values": {}}},
                "trigger_id": self.slack.new_trigger(),
                "actions": [{**button, "block_id": "b", "action_ts": f"{next(self._numbers)}.0"}],
            },
            user,
        )

    def press_in(self, view: Mapping[str, Any], label: str, **filled: str) -> Acknowledgement:
        """Press a button of an open form."""
        elements = [element for block in view["blocks"] for element in block.get("elements", ())]
        button = next(element for element in elements if element["text"]["text"] == label)
        return self.interact({"type": "block_actions", "view": returned(view, filled), "actions": [{**button, "block_id": "b"}]})

    def submit(self, view: Mapping[str, Any], **filled: str) -> Acknowledgement:
        """Fill in fields of an open form, and send it."""
        return self.interact({"type": "view_submission", "view": returned(view, filled)})

    def interact(self, payload: Mapping[str, Any], user: str = ASKER) -> Acknowledgement:
        """Do something with a block or a view."""
        whole = {"user": {"id": user, "team_id": self.team}, "team": {"id": self.team}, **payload}
        if self.organisation:
            whole |= {"team": None, "enterprise": {"id": self.organisation}, "is_enterprise_install": True}
        return self.post(*self.signed(urlencode({"payload": json.dumps(whole)}), FORM))

    def mention(self, text: str, thread: str | None = None, user: str = ASKER) -> Acknowledgement:
        """Mention the app in a channel, or in a thread of it."""
        event = {"type": "app_mention", "text": f"<@U0BOT> {text}", "user": user, "channel": CHANNEL, "ts": self._ts()}
        return self.event(event | ({"thread_ts": thread} if thread else {}))

    def direct(self, text: str, **more: object) -> Acknowledgement:
        """Write to the app directly."""
        event = {"type": "message", "channel_type": "im", "text": text, "user": ASKER, "channel": DIRECT, "ts": self._ts()}
        return self.event(event | more)

    def share(self, name: str, content: bytes, user: str = ASKER, **told: object) -> Acknowledgement:
        """Share a file with the app directly; told: what Slack tells of the file otherwise."""
        timestamp = self._ts()
        file_id = self.slack.files.share(name, content, DIRECT, timestamp, **told)
        return self.direct("", subtype="file_share", ts=timestamp, files=[{"id": file_id}], user=user)

    def share_in(
        self, channel: str, name: str, content: bytes, user: str = ASKER, **told: object
    ) -> tuple[Acknowledgement, Mapping[str, Any]]:
        """Share a file in a channel; return how Slack's event was taken, and the event."""
        timestamp = self._ts()
        file_id = self.slack.files.share(name, content, channel, timestamp, **told)
        event = {"type": "file_shared", "file_id": file_id, "file": {"id": file_id}, "user_id": user, "channel_id": channel}
        whole = {**event, "event_ts": self._ts()}
        return self.event(whole), whole

    def event(self, event: Mapping[str, Any], event_id: str | None = None, retry: int = 0) -> Acknowledgement:
        """Deliver an event."""
        return self.post(*self.event_request(event, event_id, retry))

    def event_request(self, event: Mapping[str, Any], event_id: str | None = None, retry: int = 0) -> tuple[str, dict[str, str]]:
        """Return body and headers of an event."""
        whole = {
            "type": "event_callback",
            "team_id": self.team,
            "event_id": event_id or f"Ev{next(self._numbers)}",
            "authorizations": [{"team_id": self.team, "user_id": "U0BOT", "is_bot": True, **self._grid()}],
            "is_ext_shared_channel": event.get("channel") in self.slack.shared_with_others,
            "event": dict(event),
        }
        body, headers = self.signed(json.dumps(whole), JSON)
        return body, headers | ({"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"} if retry else {})

    def signed(self, body: str, content_type: str, seconds_ago: int = 0) -> tuple[str, dict[str, str]]:
        """Return a body with the headers that Slack signs it with."""
        timestamp = str(int(time.time()) - seconds_ago)
        signature = SignatureVerifier(self.signing_secret).generate_signature(timestamp=timestamp, body=body) or ""
        return body, {"Content-Type": content_type, "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}

    def post(self, body: str, headers: Mapping[str, str]) -> Acknowledgement:
        """Send a request as it is, and return how it was acknowledged."""
        request = urllib.request.Request(self.app_url + self.path, body.encode(), dict(headers))
        begun = time.perf_counter()
        try:
            with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as response:
                return Acknowledgement(response.status, response.read().decode(), time.perf_counter() - begun)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Acknowledgement(refusal.code, refusal.read().decode(), time.perf_counter() - begun)

    def _grid(self) -> dict[str, object]:
        return {"enterprise_id": self.organisation, "is_enterprise_install": True} if self.organisation else {}

    def _thread(self, message: Sent) -> dict[str, str]:
        thread = message.body.get("thread_ts")
        return {"thread_ts": thread} if thread else {}

    def _ts(self) -> str:
        return f"17636{next(self._numbers):05}.000100"
