"""`audit`: who did what, newest first, and whether the chain holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import complain, say
from bot.cli.text_table import printable
from core.answer import group_digits
from core.warehouse import deeds, verify

if TYPE_CHECKING:
    from argparse import Namespace

    from core.warehouse import AuditEntry

HOLDS, IS_BROKEN = 0, 1


def run(options: Namespace) -> int:
    """Show the newest entries, or check the chain; return 1 if it is broken."""
    with wiring.open_for_questions() as warehouse, warehouse.reading() as session:
        if not options.verify:
            say("\n".join(_line(deed) for deed in deeds(session)[: max(0, options.last)]))
            return HOLDS
        found = verify(session, options.known)
    for problem in found.wrong:
        complain(f"The audit is not intact: {problem}.")
    if found.wrong:
        return IS_BROKEN
    say(
        f"The audit is intact: {group_digits(found.entries)} entries, {group_digits(found.redacted)} of them with a name "
        f"redacted."
    )
    say(f"The last entry has the hash {found.last.hash}.")
    say("Keep it elsewhere: agentcost audit --verify --known HASH proves later that it is still there.")
    return HOLDS


def _line(deed: AuditEntry) -> str:
    said = f"{deed.at:%Y-%m-%d %H:%M:%S} {deed.who} {deed.what} ({deed.source}): {deed.about}"
    return printable(" ".join(said.split()))
