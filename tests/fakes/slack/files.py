"""Files, uploads and reactions of a Slack of our own, refusing what Slack refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

EMOJI = frozenset({"+1", "hourglass_flowing_sand", "white_check_mark", "x", "eyes"})
LOGIN = b"<!DOCTYPE html><html><title>Sign in to Slack</title></html>"
SCOPES = {"files.info": "files:read", "reactions.add": "reactions:write", "reactions.remove": "reactions:write"}
SCOPES |= dict.fromkeys(("files.getUploadURLExternal", "files.completeUploadExternal"), "files:write")


@dataclass
class SlackFiles:
    """What was shared and uploaded, and who reacted; tests set the one and read the other.

    missing: scopes that the app was not given. leads_to: where a download is redirected to. late: how often a file is
    told of before Slack knows where it is shared.
    """

    base: str = ""
    token: str = ""
    missing: set[str] = field(default_factory=set)
    leads_to: str | None = None
    late: int = 0
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    messages: set[tuple[str, str]] = field(default_factory=set)
    reactions: list[str] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    downloads: list[str] = field(default_factory=list)
    uploads: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    shared_back: list[tuple[str, str, str | None]] = field(default_factory=list)

    def share(self, name: str, content: bytes, channel: str, timestamp: str, **more: object) -> str:
        """Share a file in a conversation and return its id; more: what files.info tells otherwise."""
        file_id = f"F{len(self.told)}"
        where = {"private" if channel.startswith("D") else "public": {channel: [{"ts": timestamp}]}}
        url = f"{self.base}/files-pri/{file_id}/download/{quote(name)}"
        described = {"id": file_id, "name": name, "mode": "hosted", "mimetype": "text/csv", "size": len(content), "shares": where}
        self.told[file_id] = {**described, "url_private_download": url, **more}
        self.contents[file_id] = content
        self.messages.add((channel, timestamp))
        return file_id

    def refusal(self, method: str, body: dict[str, Any]) -> str | None:
        """Return why Slack would refuse a call, unknown_method for one that is not about files."""
        if method not in SCOPES:
            return "unknown_method"
        if SCOPES[method] in self.missing:
            return "missing_scope"
        if method == "files.info":
            file_id = str(body.get("file"))
            return None if file_id in self.told else "file_deleted" if file_id in self.contents else "file_not_found"
        if method.startswith("files."):
            return self._wrong_upload(method, body)
        return self._wrong_reaction(method, body)

    def done(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return what a call comes to."""
        if method == "files.info":
            self.late -= 1
            told = self.told[body["file"]]
            return {"file": told | ({"shares": {}} if self.late >= 0 else {})}
        if method == "files.getUploadURLExternal":
            file_id = f"F{len(self.told)}U{len(self.uploads)}"
            self.uploads[file_id] = (body["filename"], b"")
            return {"file_id": file_id, "upload_url": f"{self.base}/upload/{file_id}"}
        if method == "files.completeUploadExternal":
            self.shared_back += [(one["id"], body["channel_id"], body.get("thread_ts")) for one in body["files"]]
            return {"files": [{"id": one["id"]} for one in body["files"]]}
        said = "+" if method == "reactions.add" else "-"
        self.history.append(f"{said}{body['name']}")
        (self.reactions.append if said == "+" else self.reactions.remove)(self._reaction(body))
        return {}

    def served(self, path: str, token: str, content: bytes | None) -> tuple[int, dict[str, str], str | bytes]:
        """Return status, headers and body for a file that is fetched, or for the content of one that is uploaded."""
        if content is None:
            return self.fetched(path, token)
        return (200 if self.takes(path, content) else 410), {"Content-Type": "text/plain"}, "OK"

    def takes(self, path: str, content: bytes) -> bool:
        """Whether Slack takes an upload at a path: it gave out the address, and nothing came there yet."""
        file_id = path.rpartition("/")[2]
        if self.uploads.get(file_id, ("", b"-"))[1]:
            return False
        self.uploads[file_id] = (self.uploads[file_id][0], content)
        return True

    def fetched(self, path: str, token: str) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of a download; without the right, Slack leads to its login page."""
        if path == "/login":
            return 200, {"Content-Type": "text/html; charset=utf-8"}, LOGIN
        self.downloads.append(token)
        file_id = path.split("/")[2]
        if token != self.token or "files:read" in self.missing:
            return 302, {"Location": "/login?redir=%2Ffiles-pri"}, b""
        if self.leads_to:
            return 302, {"Location": self.leads_to}, b""
        if file_id not in self.told:
            return 404, {"Content-Type": "text/html"}, b""
        return 200, {"Content-Type": "application/octet-stream"}, self.contents[file_id]

    def _wrong_upload(self, method: str, body: dict[str, Any]) -> str | None:
        if method == "files.getUploadURLExternal":
            return None if body.get("filename") and int(body.get("length", 0)) > 0 else "invalid_arguments"
        sent = [self.uploads.get(one["id"], ("", b"")) for one in body["files"]]
        return None if all(content for _, content in sent) else "file_not_found"

    def _wrong_reaction(self, method: str, body: dict[str, Any]) -> str | None:
        is_there = self._reaction(body) in self.reactions
        rules = {
            "invalid_name": body.get("name") in EMOJI,
            "message_not_found": (body.get("channel"), body.get("timestamp")) in self.messages,
            "already_reacted": method == "reactions.remove" or not is_there,
            "no_reaction": method == "reactions.add" or is_there,
        }
        return next((why for why, holds in rules.items() if not holds), None)

    def _reaction(self, body: dict[str, Any]) -> str:
        return f"{body.get('channel')}/{body.get('timestamp')}/{body.get('name')}"
