"""The messages about an import: that it waits, that it started, and its result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.blocks import SlackMessage, elements, one_line, plain_message
from bot.slack.download import size_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.slack.blocks import Block
    from bot.slack.shared_files import SharedFile
    from core.answer import Answer

NEXT = {"Wallet": "wallet", "By agent": "usage by agent", "Reconcile": "reconcile"}
FILE_NAME_CHARACTERS = 100
LEARN = "learn_import"
ONLY_PROPOSED = "Nothing has been imported yet. Yes also saves this mapping in app.yaml, for the next file like it."
REJECTS_FOLLOW = "The rejected rows follow as a file: fix them and share it again."


def waiting_message(files: Sequence[SharedFile]) -> SlackMessage:
    """Return the message that another import is running, and these files come after it."""
    return _small(f"Another import is running; {_file_names(files)} is next in line.")


def import_started_message(files: Sequence[SharedFile]) -> SlackMessage:
    """Return the message that an import started."""
    return _small(f"Importing {_file_names(files)}. The report follows here.")


def report_message(report: Answer, *, has_file: bool) -> SlackMessage:
    """Return the changes of the wallet by an import, the result for its files, and what to ask next.

    has_file: whether the rejected rows follow as a file.
    """
    message = plain_message(report, closing=REJECTS_FOLLOW if has_file else "")
    buttons: list[Block] = [
        elements.button(label, f"ask_{place}", question) for place, (label, question) in enumerate(NEXT.items(), start=1)
    ]
    return message.with_blocks(elements.actions(buttons))


def proposal_message(proposal: Answer, file_id: str) -> SlackMessage:
    """Return how a file of unknown columns could be read, with a button that imports it that way."""
    return plain_message(proposal, closing=ONLY_PROPOSED).with_blocks(
        elements.actions([elements.button("Import it like this", LEARN, file_id)])
    )


def no_file_message(reason: str) -> SlackMessage:
    """Return the message that the rejected rows are not uploaded. reason: Slack's code."""
    scope = " The app needs the scope files:write for it." if reason == "missing_scope" else ""
    return _small(f"Slack refused the file of rejected rows ({reason}); the wallet keeps them.{scope}")


def _file_names(files: Sequence[SharedFile]) -> str:
    *most, last = (f"{one_line(file.name, FILE_NAME_CHARACTERS)} ({size_of(file.byte_count)})" for file in files)
    return f"{', '.join(most)} and {last}" if most else last


def _small(text: str) -> SlackMessage:
    return SlackMessage(text, (elements.context([text]),))
