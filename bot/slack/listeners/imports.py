"""Handles shared exports: each is downloaded, imported, and reported on in its thread."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.slack.client import UNREACHABLE, UndeliveredError
from bot.slack.deduplication import LocalTurns
from bot.slack.download import DELETED, LOGIN_PAGE, FileRefusedError, download
from bot.slack.listeners.import_report import (
    import_started_message,
    no_file_message,
    proposal_message,
    report_message,
    waiting_message,
)
from bot.slack.listeners.questions import button_value
from bot.slack.origin import DIRECT, SlackOrigin
from bot.slack.shared_files import read_file_info, timestamp_in
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from slack_bolt.async_app import AsyncAck

    from bot.slack.blocks import Block, SlackMessage
    from bot.slack.client import SlackClient
    from bot.slack.deduplication import Turns
    from bot.slack.listeners.questions import Body
    from bot.slack.permissions import Permissions
    from bot.slack.settings import SlackSettings
    from bot.slack.shared_files import SharedFile
    from core.answer import Answer

    ImportFiles = Callable[[Sequence[Path], str], "Imported"]
    Failed = Callable[[Exception, SlackOrigin], Awaitable[None]]

WORKING, DONE, ASKED, REFUSED = "hourglass_flowing_sand", "white_check_mark", "question", "x"
REMEMBERED_SECONDS = 3_700.0
MAX_FILES = 10
LOOKS, PAUSE_SECONDS = 4, 0.5
WHY_NOT = {"file_deleted": DELETED, "file_not_found": DELETED, "missing_scope": LOGIN_PAGE}


class Imported(NamedTuple):
    """The result of an import: the report, and files of the rejected rows, one for each table that has any.

    is_proposal: nothing is imported; the report says how a file of unknown columns could be read.
    """

    report: Answer
    rejects: tuple[Path, ...] = ()
    is_proposal: bool = False


class Share(NamedTuple):
    """Files that somebody shared with one message. timestamp: the message's, None if Slack does not report it."""

    place: SlackOrigin
    file_ids: tuple[str, ...]
    timestamp: str | None


class ImportListeners:
    """The callbacks of shared files."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it rests on
        self,
        settings: SlackSettings,
        gateway: SlackClient,
        rights: Permissions,
        import_files: ImportFiles,
        learn_files: ImportFiles,
        failed: Failed,
        turns: Turns | None = None,
    ) -> None:
        """Start without files. failed: reports an error in the channel where it happened. turns: as in the other listeners."""
        self._learn_files = learn_files
        self._settings = settings
        self._gateway = gateway
        self._rights = rights
        self._import_files = import_files
        self._failed = failed
        self._turns = turns or LocalTurns()
        self._turn = asyncio.Lock()

    async def message(self, ack: AsyncAck, body: Body) -> None:
        """Import the files of a direct message."""
        await ack()
        event = body["event"]
        channel, timestamp = event["channel"], event["ts"]
        if "bot_id" not in event and await self._is_first("files", channel, timestamp):
            thread = event.get("thread_ts")
            place = SlackOrigin(event["user"], channel, thread or timestamp, begins_thread=thread is None)
            await self._import(Share(place, tuple(file["id"] for file in event["files"]), timestamp))

    async def import_shared(self, ack: AsyncAck, body: Body) -> None:
        """Import files shared in a channel that app.yaml names for imports; direct messages handle their own files."""
        await ack()
        event = body["event"]
        user, channel = event["user_id"], event["channel_id"]
        if channel.startswith(DIRECT) or user in _own(body):
            return
        rules = await self._rights.rules()
        if channel in rules.imports.channels and await self._is_first("file", channel, event["file_id"], event.get("event_ts")):
            timestamp = await self._timestamp(event["file_id"], channel)
            place = SlackOrigin(user, channel, timestamp, begins_thread=True)
            await self._import(Share(place, (event["file_id"],), timestamp))

    async def _is_first(self, *key: str | None) -> bool:
        return await self._turns.take(key, REMEMBERED_SECONDS) != "taken"

    async def learn(self, ack: AsyncAck, body: Body) -> None:
        """Import a file as proposed: it is downloaded again, from the message that shared it."""
        await ack()
        message = body["message"]
        thread = message.get("thread_ts") or message["ts"]
        share = Share(SlackOrigin(body["user"]["id"], body["channel"]["id"], thread), (button_value(body),), thread)
        await self._import(share, self._learn_files)

    async def _timestamp(self, file_id: str, channel: str) -> str | None:
        """Return the time of the message that shares a file. Slack reports a file before it knows where it is shared."""
        for look in range(LOOKS):
            await asyncio.sleep(PAUSE_SECONDS * look)
            try:
                found = timestamp_in(await self._gateway.file(file_id), channel)
            except UndeliveredError:
                return None
            if found:
                return found
        return None

    async def _import(self, share: Share, take: ImportFiles | None = None) -> None:
        """Download the files of a message and import them. take: the import function, if not the default one."""
        try:
            await self._rights.require(share.place, "import")
            _require_few(share)
            files = [await self._describe(file_id) for file_id in share.file_ids]
        except Exception as error:  # noqa: BLE001 - told where the file was shared, which the request does not say
            await self._failed(error, share.place)
            return
        await self._mark(share, WORKING)
        try:
            mark = await self._in_turn(share, files, take or self._import_files)
        except Exception as error:  # noqa: BLE001 - as above
            await self._mark(share, REFUSED, instead_of=WORKING)
            await self._failed(error, share.place)
        else:
            await self._mark(share, mark, instead_of=WORKING)

    async def _describe(self, file_id: str) -> SharedFile:
        rules = await self._rights.rules()
        return read_file_info(await self._file(file_id), rules.max_bytes)

    async def _file(self, file_id: str) -> Block:
        try:
            return await self._gateway.file(file_id)
        except UndeliveredError as error:
            if error.reason not in WHY_NOT:
                raise
            raise FileRefusedError(WHY_NOT[error.reason]) from error

    async def _in_turn(self, share: Share, files: Sequence[SharedFile], take: ImportFiles) -> str:
        """Import files once no other import runs, report the result, and return how to mark the message."""
        if self._turn.locked():
            await self._say(share, waiting_message(files))
        async with self._turn:
            await self._say(share, import_started_message(files))
            with TemporaryDirectory(prefix="agentcost-") as folder:
                paths = [await self._fetch(file, Path(folder) / str(nth)) for nth, file in enumerate(files)]
                imported = await asyncio.to_thread(take, paths, share.place.user)
                if imported.is_proposal:
                    await self._say(share, proposal_message(imported.report, share.file_ids[0]))
                    return ASKED
                await self._say(share, report_message(imported.report, has_file=bool(imported.rejects)))
                for path in imported.rejects:
                    await self._hand_back(share, path)
                return DONE

    async def _hand_back(self, share: Share, rejects: Path) -> None:
        try:
            await self._gateway.upload(rejects, share.place.channel or "", share.place.thread)
        except UndeliveredError as error:
            await self._say(share, no_file_message(error.reason))

    async def _fetch(self, file: SharedFile, folder: Path) -> Path:
        await asyncio.to_thread(folder.mkdir)
        path = folder / file.name
        try:
            await download(self._settings, file.url, path, (await self._rights.rules()).max_bytes)
        except UNREACHABLE as error:
            raise FileRefusedError(f"Slack did not deliver {file.name}; its file store is down. Share it again later.") from error
        return path

    async def _say(self, share: Share, message: SlackMessage) -> None:
        await self._gateway.post(share.place.channel or share.place.user, message, share.place.thread)

    async def _mark(self, share: Share, name: str, instead_of: str | None = None) -> None:
        if share.timestamp and share.place.channel:
            if instead_of:
                await self._gateway.unreact(share.place.channel, share.timestamp, instead_of)
            await self._gateway.react(share.place.channel, share.timestamp, name)


def _require_few(share: Share) -> None:
    """Return if one import can take all files of a message. Raises: FileRefusedError."""
    count = len(share.file_ids)
    if count > MAX_FILES:
        raise FileRefusedError(
            f"I take {MAX_FILES} files of one message, and this one has {count}. Share them in several messages."
        )


def _own(body: Body) -> set[str]:
    """Return the app's own member ids: its own uploads are reported as shared too."""
    return {one["user_id"] for one in body.get("authorizations", ()) if one.get("is_bot")}
