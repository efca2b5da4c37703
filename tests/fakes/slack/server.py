"""A Slack of our own on loopback: the Web API methods and response URLs that the app uses, refusing what Slack refuses."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl

from tests.fakes.slack.agent import METHODS, AgentView
from tests.fakes.slack.conversations import Conversations, SlackFault
from tests.fakes.slack.files import SCOPES, SlackFiles
from tests.fakes.slack.oauth import SlackOAuth
from tests.fakes.slack.rules import refusals, view_refusals
from tests.fakes.waiting import WAIT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.slack.socket import SlackSocket

USES_OF_RESPONSE_URL, SECONDS_OF_RESPONSE_URL = 5, 1_800.0
SECONDS_OF_TRIGGER = 3.0
CUT = 0
BOT_ID = "B0BOT"
NATIVE = frozenset({"data_table", "data_visualization"})


@dataclass(frozen=True)
class Sent:
    """One thing that the app sent and Slack took: `to` is a method or "response_url", `ts` what Slack calls a message.

    team: the workspace whose token it came with, empty for the one that all tests know.
    """

    to: str
    body: dict[str, Any]
    ts: str = ""
    team: str = ""

    @property
    def text(self) -> str:
        """The top-level text."""
        return str(self.body.get("text", ""))

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The blocks, none if it was text alone."""
        return list(self.body.get("blocks", ()))

    def buttons(self) -> dict[str, dict[str, Any]]:
        """Return the buttons by their label."""
        elements = [one for block in self.blocks for one in (*block.get("elements", ()), block.get("accessory", {}))]
        return {one["text"]["text"]: one for one in elements if one.get("type") == "button"}


def member(**more: object) -> dict[str, Any]:
    """Return a member of the workspace as users.info tells of them: no guest, unless more says otherwise."""
    return {"team_id": "T0TEAM", "is_restricted": False, "is_ultra_restricted": False, **more}


@dataclass
class SlackServer:
    """The workspace's state, which tests set, and what was sent, which they read.

    response_body: what response URLs answer, under status 200, instead of taking anything. closed: where the app may not post,
    and Slack's word for it. lacks: the scope that each of these methods lacks. installed_in: what auth.test tells otherwise.
    asked_of: the channels that were asked about, with the workspace of the token. made: the second in which a channel was made.
    known_as: earlier ids that Slack still knows, by channel.
    threads: those that have an answer. unseen: what was sent to one member and is not shown.
    """

    token: str = "xoxb-of-the-test"
    app_token: str = "xapp-of-the-test"
    app_id: str = "A0TEST"
    socket: SlackSocket | None = None
    channels: set[str] = field(default_factory=lambda: {"C0TEAM", "D0ASKER", "U0ASKER", "U0OTHER"})
    archived: set[str] = field(default_factory=set)
    shared_with_others: set[str] = field(default_factory=set)
    people: dict[str, dict[str, Any]] = field(default_factory=lambda: {"U0ASKER": member(), "U0OTHER": member()})
    user_groups: dict[str, list[str]] = field(default_factory=dict)
    teams_of_groups: set[str] = field(default_factory=lambda: {"T0TEAM"})
    member_of: set[str] = field(default_factory=lambda: {"C0TEAM"})
    made: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    earlier_names: dict[str, list[str]] = field(default_factory=dict)
    known_as: dict[str, str] = field(default_factory=dict)
    asked_of: list[tuple[str, str]] = field(default_factory=list)
    scopes: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    knows_native_blocks: bool = True
    refuses_everything_with: str | None = None
    is_down: bool = False
    hesitates_seconds: float = 0.0
    takes_responses: bool = True
    response_body: str | None = None
    closed: dict[str, str] = field(default_factory=dict)
    lacks: dict[str, str] = field(default_factory=dict)
    installed_in: dict[str, object] = field(default_factory=dict)
    threads: set[str] = field(default_factory=set)
    unseen: list[Sent] = field(default_factory=list)
    calls_while_down: int = 0
    rate_limited: int = 0
    late_by: float = 0.0
    clock: Callable[[], float] = time.monotonic
    sent: list[Sent] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)
    files: SlackFiles = field(default_factory=SlackFiles)
    conversations: Conversations = field(default_factory=Conversations)
    agent: AgentView = field(default_factory=AgentView)
    oauth: SlackOAuth = field(default_factory=SlackOAuth)
    faults: list[SlackFault] = field(default_factory=list)
    response_urls: dict[str, tuple[float, int]] = field(default_factory=dict)
    triggers: dict[str, float] = field(default_factory=dict)
    triggers_issued: int = 0

    def __enter__(self) -> Self:
        """Listen on a free port of the loopback."""
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.files.base, self.files.token = self.url, self.token
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def new_response_url(self) -> str:
        """Return a response URL, good for five uses in thirty minutes."""
        key = f"r{len(self.response_urls)}"
        self.response_urls[key] = (self.clock(), 0)
        return f"{self.url}/response/{key}"

    def new_trigger(self) -> str:
        """Return a trigger id, good for one view within three seconds."""
        self.triggers_issued += 1
        key = f"{self.triggers_issued}.trigger"
        self.triggers[key] = self.clock()
        return key

    def wait_for(self, count: int = 1) -> list[Sent]:
        """Return what was sent once there are so many. Raises: TimeoutError, if they do not come."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.sent) >= count, WAIT_SECONDS):
                raise TimeoutError(f"{len(self.sent)} of {count} were sent; refused: {self.refused}")
            return list(self.sent)

    def wait_until(self, is_so: Callable[[], object]) -> None:
        """Return once something holds. Raises: TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(is_so, WAIT_SECONDS):
                raise TimeoutError(f"sent: {self.sent}; refused: {self.refused}")

    def wait_for_view(self, count: int = 1) -> dict[str, Any]:
        """Return the latest view once so many were opened or updated."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.views) >= count, WAIT_SECONDS):
                raise TimeoutError(f"{len(self.views)} of {count} views; refused: {self.refused}")
            return self.views[-1]

    def wait_for_reaction(self, name: str) -> list[str]:
        """Return every reaction set and taken away once there is one of that name."""
        with self._changed:
            if not self._changed.wait_for(lambda: f"+{name}" in self.files.history, WAIT_SECONDS):
                raise TimeoutError(f"{self.files.history}; refused: {self.refused}")
            return list(self.files.history)

    def wait_for_calls_while_down(self, count: int) -> None:
        """Return once so many requests came while it was down."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.calls_while_down >= count, WAIT_SECONDS):
                raise TimeoutError(f"{self.calls_while_down} of {count} calls while down")

    def wait_for_refusals(self, count: int) -> list[str]:
        """Return what was refused once there is so much of it."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.refused) >= count, WAIT_SECONDS):
                raise TimeoutError(f"{self.refused} refused, waited for {count}")
            return list(self.refused)

    def answer(self, path: str, token: str, body: dict[str, Any]) -> tuple[int, dict[str, str], str | bytes]:
        """Return status, headers and body for a request, and remember it."""
        with self._changed:
            status, headers, text = self._answer(path, token, body)
            self._changed.notify_all()
            return status, headers, text

    def _answer(self, path: str, token: str, body: dict[str, Any]) -> tuple[int, dict[str, str], str | bytes]:
        fault = self._fault(path.rpartition("/")[2])
        if fault:
            return self._failed(fault, path, token, body)
        if path.startswith("/response/"):
            return self._respond(path.rpartition("/")[2], body)
        if path == "/oauth/v2/authorize":
            return 302, {"Location": self.oauth.allow(body)}, ""
        if path.startswith(("/files-pri/", "/login", "/upload/")):
            return self.files.served(path, token, body.get("raw"))
        method = path.rpartition("/")[2]
        self.calls.append(method)
        error = self._refusal(method, token, body)
        if error:
            self.refused.append(error)
            return 200, {}, json.dumps({"ok": False, "error": error, **self._needed(method, error)})
        return 200, {"x-oauth-scopes": ",".join(sorted(self.scopes))}, json.dumps({"ok": True, **self._done(method, body, token)})

    def _needed(self, method: str, error: str) -> dict[str, str]:
        needed = self.lacks.get(method) or SCOPES.get(method)
        return {"needed": needed, "provided": ",".join(sorted(self.scopes))} if error == "missing_scope" and needed else {}

    def _fault(self, method: str) -> SlackFault | None:
        """Return the failure that a call meets, if any; from now on it comes once less."""
        if self.is_down:
            self.calls_while_down += 1
            return SlackFault()
        fault = next((fault for fault in self.faults if fault.befalls(method)), None)
        if fault:
            fault.times -= 1
        elif self.rate_limited:
            self.rate_limited -= 1
            return SlackFault("limits")
        return fault

    def _failed(self, fault: SlackFault, path: str, token: str, body: dict[str, Any]) -> tuple[int, dict[str, str], str | bytes]:
        if fault.how == "limits":
            return 429, {"Retry-After": str(fault.retry_after)}, json.dumps({"ok": False, "error": "ratelimited"})
        if fault.is_accepted:
            self._answer(path, token, body)
        return (CUT, {}, "") if fault.how == "cut" else (503, {}, "down")

    def _respond(self, key: str, body: dict[str, Any]) -> tuple[int, dict[str, str], str]:
        made, uses = self.response_urls.get(key, (0.0, USES_OF_RESPONSE_URL))
        if not self.takes_responses or self.clock() - made > SECONDS_OF_RESPONSE_URL or uses >= USES_OF_RESPONSE_URL:
            self.refused.append("expired_url" if uses < USES_OF_RESPONSE_URL else "used_url")
            return 404, {}, self.refused[-1]
        error = self._wrong_message(body)
        if error:
            self.refused.append(error)
            return 400, {}, error
        self.response_urls[key] = (made, uses + 1)
        if self.response_body:
            self.refused.append(self.response_body)
            return 200, {}, self.response_body
        self.sent.append(Sent("response_url", body))
        return 200, {}, "ok"

    def _refusal(self, method: str, token: str, body: dict[str, Any]) -> str | None:
        if method == "oauth.v2.access":
            return self.oauth.refusal(token, body)
        if method == "apps.connections.open" or token not in self.oauth.tokens:
            if token != (self.app_token if method == "apps.connections.open" else self.token):
                return "invalid_auth"
        elif refused := self.oauth.refusal_of(token):
            return refused
        if self.refuses_everything_with:
            return self.refuses_everything_with
        if method in self.lacks:
            return "missing_scope"
        checks: dict[str, Callable[[dict[str, Any]], str | None]] = {
            "chat.postMessage": self._wrong_post,
            "chat.postEphemeral": self._wrong_post,
            "chat.update": self._wrong_update,
            "bots.info": lambda body: None if body.get("bot") == BOT_ID else "bot_not_found",
            "views.open": partial(self._wrong_view, method),
            "views.update": partial(self._wrong_view, method),
            "views.publish": partial(self._wrong_view, method),
            "users.info": lambda body: None if body.get("user") in self.people else "user_not_found",
            "usergroups.users.list": self._wrong_group,
            "auth.test": lambda _: None,
            "auth.revoke": lambda _: None,
            **{f"assistant.threads.{name}": self.agent.refusal for name in METHODS},
            "conversations.history": self._wrong_history,
            "conversations.replies": self._wrong_history,
            "conversations.open": lambda body: None if body.get("users") in self.people else "user_not_found",
            "conversations.info": lambda body: None if self._id_now(body) in self.channels else "channel_not_found",
            "conversations.list": lambda _: None,
            "apps.connections.open": lambda _: None if self.socket else "socket_mode_not_enabled",
        }
        return checks[method](body) if method in checks else self.files.refusal(method, body)

    def _wrong_post(self, body: dict[str, Any]) -> str | None:
        closed = self.closed.get(str(body.get("channel")))
        return closed or self._wrong_channel(str(body.get("channel"))) or self._wrong_message(body)

    def _wrong_update(self, body: dict[str, Any]) -> str | None:
        found = self.conversations.find(body)
        return (
            self._wrong_message(body)
            if found.get("bot_id") == BOT_ID
            else "cant_update_message"
            if found
            else "message_not_found"
        )

    def _wrong_group(self, body: dict[str, Any]) -> str | None:
        """Return why Slack tells nothing of a user group; in an organisation its workspace must be named."""
        if self.installed_in.get("is_enterprise_install") and not body.get("team_id"):
            return "missing_argument"
        is_there = body.get("usergroup") in self.user_groups and body.get("team_id") in {None, *self.teams_of_groups}
        return None if is_there else "no_such_subteam"

    def _wrong_channel(self, channel: str) -> str | None:
        if channel not in self.channels:
            return "channel_not_found"
        return "is_archived" if channel in self.archived else None

    def _wrong_history(self, body: dict[str, Any]) -> str | None:
        channel = str(body.get("channel"))
        wrong = self._wrong_channel(channel) if channel not in self.channels else None
        return wrong or (None if channel in self.member_of or not channel.startswith("C") else "not_in_channel")

    def _wrong_message(self, body: dict[str, Any]) -> str | None:
        blocks = body.get("blocks", [])
        if not body.get("text") and not blocks:
            return "no_text"
        if not self.knows_native_blocks and any(block.get("type") in NATIVE for block in blocks):
            return "invalid_blocks"
        wrong = refusals(blocks)
        if wrong:
            self.refused.extend(wrong)
        return "invalid_blocks" if wrong else None

    def _wrong_view(self, method: str, body: dict[str, Any]) -> str | None:
        wrong = view_refusals(body["view"])
        if wrong or (body["view"]["type"] == "home") != (method == "views.publish"):
            self.refused.extend(wrong)
            return "invalid_arguments"
        if method == "views.publish":
            return None if body.get("user_id") in self.people else "user_not_found"
        if method == "views.update":
            return None
        made = self.triggers.pop(str(body.get("trigger_id")), None)
        if made is None:
            return "invalid_trigger_id"
        return "expired_trigger_id" if self.clock() + self.late_by - made > SECONDS_OF_TRIGGER else None

    def _done(self, method: str, body: dict[str, Any], token: str) -> dict[str, Any]:
        issued = self.oauth.tokens.get(token)
        told: dict[str, Callable[[], dict[str, Any]]] = {
            "oauth.v2.access": lambda: self.oauth.done(body),
            "auth.revoke": lambda: self.oauth.take_back(token),
            "auth.test": lambda: {
                "user_id": "U0BOT",
                "bot_id": BOT_ID,
                "team_id": "T0TEAM",
                "team": "Test",
                "user": "agentcost",
                **self.installed_in,
                **(self._where(issued.team) if issued else {}),
            },
            "apps.connections.open": lambda: {"url": self.socket.new_url() if self.socket else ""},
            "bots.info": lambda: {"bot": {"id": BOT_ID, "app_id": self.app_id}},
            "conversations.history": lambda: self.conversations.history(body),
            "conversations.replies": lambda: self.conversations.history(body),
            "conversations.open": lambda: {"channel": {"id": self._direct(str(body["users"]))}},
            "conversations.info": lambda: self._described(body, issued.team if issued else ""),
            "conversations.list": lambda: self._listed(body),
            "users.info": lambda: {"user": {"id": body["user"], **self.people[body["user"]]}},
            "usergroups.users.list": lambda: {"users": self.user_groups[body["usergroup"]]},
        }
        if method in told:
            return told[method]()
        if method.startswith("assistant."):
            return self.agent.done(method.rpartition(".")[2], body)
        if method.startswith("views."):
            self.views.append(body["view"])
            return {"view": {"id": f"V{len(self.views)}", "hash": str(len(self.views))}}
        if method.startswith(("files.", "reactions.")):
            return self.files.done(method, body)
        if method == "chat.postEphemeral":
            return self._shown_to_one(body)
        if method == "chat.update":
            kept = self.conversations.update(body)
        else:
            self.threads |= {str(body["thread_ts"])} if body.get("thread_ts") else set()
            kept = self.conversations.post({**body, "bot_id": BOT_ID})
        self.sent.append(Sent(method, body, kept["ts"], issued.team if issued else ""))
        return {"ts": kept["ts"], "channel": body["channel"]}

    def _shown_to_one(self, body: dict[str, Any]) -> dict[str, Any]:
        """Keep what one member sees, which no history holds; in a thread without an answer yet, Slack shows them nothing."""
        thread = body.get("thread_ts")
        is_shown = thread is None or thread in self.threads
        (self.sent if is_shown else self.unseen).append(Sent("chat.postEphemeral", body))
        return {"message_ts": f"{self.clock():.6f}"}

    def _where(self, team: str) -> dict[str, object]:
        """Return what auth.test tells of a workspace or organisation for which a token was issued."""
        is_org_wide = team in self.oauth.organisations
        return {"team_id": team, **({"enterprise_id": team, "is_enterprise_install": True} if is_org_wide else {})}

    def move(self, old: str, new: str) -> None:
        """Give a channel another id: its messages, members and facts go with it, and the old id leads nowhere."""
        self.conversations.messages[new] = self.conversations.messages.pop(old, [])
        self.made[new] = self.made.pop(old, self.made_at(old))
        self.names[new] = self.names.pop(old, "team")
        for ids in (self.channels, self.archived, self.shared_with_others, self.member_of):
            if old in ids:
                ids.remove(old)
                ids.add(new)

    def made_at(self, channel: str) -> int:
        """Return the second in which a channel was made, another for each."""
        return self.made.get(channel, 1_700_000_000 + sum(map(ord, channel)))

    def _described(self, body: dict[str, Any], team: str) -> dict[str, Any]:
        self.asked_of.append((team, str(body["channel"])))
        return {"channel": self._channel(self._id_now(body))}

    def _id_now(self, body: dict[str, Any]) -> str:
        """Return the id that a channel goes by; Slack knows some of the earlier ones."""
        return self.known_as.get(str(body.get("channel")), str(body.get("channel")))

    def _listed(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return a page of the channels that are not archived; no direct messages."""
        found = sorted(one for one in self.channels - self.archived if one.startswith(("C", "G")))
        first = int(body.get("cursor") or 0)
        after_last = first + min(int(body.get("limit") or 100), self.conversations.smallest_page or 1_000)
        more = str(after_last) if after_last < len(found) else ""
        return {"channels": [self._channel(one) for one in found[first:after_last]], "response_metadata": {"next_cursor": more}}

    def _direct(self, user: str) -> str:
        self.channels.add(f"D0{user[2:]}")
        return f"D0{user[2:]}"

    def _channel(self, channel: str) -> dict[str, Any]:
        states = {"is_archived": self.archived, "is_member": self.member_of, "is_ext_shared": self.shared_with_others}
        made: dict[str, Any] = {"created": self.made_at(channel), "creator": "U0MAKER", "name": self.names.get(channel, "team")}
        made["previous_names"] = self.earlier_names.get(channel, [])
        return {"id": channel, **made, **{name: channel in those for name, those in states.items()}}


def _handler(slack: SlackServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            self._answer(path, dict(parse_qsl(query)))

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            if self.path.startswith("/upload/"):
                self._answer(self.path, {"raw": content})
                return
            raw = content.decode()
            path, _, query = self.path.partition("?")
            is_json = "json" in self.headers.get("Content-Type", "")
            body = {**dict(parse_qsl(query)), **(json.loads(raw) if is_json else dict(parse_qsl(raw)))}
            for key in ("blocks", "view", "files", "metadata", "prompts"):
                if isinstance(body.get(key), str):
                    body[key] = json.loads(body[key])
            self._answer(path, body)

        def _answer(self, path: str, body: dict[str, Any]) -> None:
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            status, headers, text = slack.answer(path, token, body)
            time.sleep(slack.hesitates_seconds)
            if status == CUT:
                self.close_connection = True
                return
            self.send_response(status)
            content = text.encode() if isinstance(text, str) else text
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing: the tests read `sent` and `refused`."""

    return Handler
