"""What the page receives from its server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bot.page.access import Door
    from bot.page.mapping import ColumnForm
    from core.answer import Answer
    from core.context import Context
    from core.wallet.learning import Wishes
    from core.warehouse import QuestionEvent


class ImportOutcome(NamedTuple):
    """What an import came to: the report, and files of the rejected rows, one for each table that has any."""

    report: Answer
    rejects: tuple[Path, ...] = ()


class Reading(NamedTuple):
    """How a file would be read. form: of columns that are guessed, which app.yaml says from then on; None for known ones."""

    answer: Answer
    form: ColumnForm | None = None


class Finding(NamedTuple):
    """One finding. to_do: how to fix it, empty if there is nothing to fix."""

    what: str
    is_well: bool
    words: str = ""
    to_do: str = ""


class Site(NamedTuple):
    """What the page rests on.

    context: of now, everything open. door: who may come in. explain: how a file would be read, by what is wished of it.
    import_file: brings one in as it was explained, for the audit under somebody's name; without wishes as a known
    export. findings: how everything that is set up fares. heard: is told of questions.
    """

    context: Callable[[], Context]
    door: Door
    explain: Callable[[Path, Wishes | None], Reading]
    import_file: Callable[[Path, str, Wishes | None], ImportOutcome]
    findings: Callable[[], Sequence[Finding]]
    heard: Callable[[QuestionEvent], None]
