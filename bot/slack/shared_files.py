"""A file that was shared, as Slack describes it: whether it may be an export, and what to call it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from bot.slack.blocks.text import one_line
from bot.slack.download import DELETED, FileRefusedError, TooLargeError
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME_CHARACTERS = 100
SUFFIX_CHARACTERS = 10
UNSAFE = re.compile(r'[/\\:*?"<>|\x00]')
GONE = frozenset({"tombstone", "hidden_by_limit"})
ELSEWHERE = frozenset({"external", "space", "canvas", "list", "quip", "post", "email"})
NO_EXPORT = ("image/", "video/", "audio/", "application/pdf", "text/html")
AN_EXPORT = "An export is CSV, XLSX, JSON, or one of them compressed."


class SharedFile(NamedTuple):
    """What is known of a file before it is fetched; `name` is safe on any disk."""

    name: str
    url: str
    byte_count: int


def read_file_info(told: Mapping[str, Any], most_bytes: int) -> SharedFile:
    """Return the file that files.info tells of. Raises: FileRefusedError, if it cannot be an export or is too large."""
    name, mode = safe_name(str(told.get("name") or told.get("title") or "")), told.get("mode")
    if mode in GONE or told.get("is_deleted"):
        raise FileRefusedError(DELETED)
    if mode in ELSEWHERE or told.get("is_external"):
        raise FileRefusedError(f"{name} is a link or a page, not a file. Download it and share the file itself. {AN_EXPORT}")
    kind = str(told.get("mimetype", ""))
    if kind.startswith(NO_EXPORT):
        raise FileRefusedError(f"{name} is not a wallet export: Slack says it is {kind}. {AN_EXPORT}")
    byte_count = int(told.get("size") or 0)
    if byte_count > most_bytes:
        raise TooLargeError(name, most_bytes)
    return SharedFile(name, str(told.get("url_private_download") or told.get("url_private") or ""), byte_count)


def safe_name(name: str) -> str:
    """Return a file's name for the disk and for people: one line, no path, not long, its ending kept."""
    plain = UNSAFE.sub("_", one_line(name, 1_000)).strip(". ") or "shared file"
    path = PurePosixPath(plain)
    suffix = "".join(path.suffixes[-2:])
    suffix = suffix if len(suffix) <= SUFFIX_CHARACTERS else path.suffix[:SUFFIX_CHARACTERS]
    return plain if len(plain) <= NAME_CHARACTERS else plain[: NAME_CHARACTERS - len(suffix)] + suffix


def timestamp_in(told: Mapping[str, Any], channel: str) -> str | None:
    """Return the time of the message that shares the file in a channel, the latest of several; None if Slack tells none."""
    shares = told.get("shares") or {}
    found = [share["ts"] for kind in ("public", "private") for share in (shares.get(kind) or {}).get(channel, ())]
    return max(found, key=float, default=None)
