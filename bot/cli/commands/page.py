"""`page-link`, `report`: the page for people without Slack, and the same as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot import wiring
from bot.cli.console import say
from bot.page import write_report
from core.errors import InputError
from core.scope import Scope

if TYPE_CHECKING:
    from argparse import Namespace


def link(options: Namespace) -> None:
    """Print a sign-in link, or revoke all of them. Raises: InputError, if the address is invalid; MachineError."""
    door = wiring.door()
    if options.revoke_all:
        was_there = door.revoke_all()
        say("All links and their sessions have ended." if was_there else "There was no link to revoke.")
        return
    address = urlsplit(options.address)
    if address.scheme not in {"http", "https"} or not address.netloc or address.path.strip("/"):
        raise InputError(f'"{options.address}" is not an address of the service: write it as https://agentcost.example.com.')
    only = Scope.from_json({"org": options.org, "departments": options.department, "agents": options.agent})
    opens = f"the wallet of {only.words('or')}" if only.is_named else "the whole wallet"
    say(f"{options.address.rstrip('/')}{door.make_link(only)}\n")
    say(f"Opened within an hour, it signs in for thirty days and shows {opens}. Revoke it: agentcost page-link --revoke-all.")


def report(options: Namespace) -> None:
    """Write the wallet as one file, HTML or PDF. Raises: InputError, if nothing was imported yet, or it cannot be written."""
    kind = options.out.suffix.lower()
    if kind not in {".html", ".htm", ".pdf"}:
        raise InputError(f'"{options.out}" is not a name for a report: end it in .html or .pdf.')
    try:
        write_report(wiring.context(options.config, options.as_of), options.out)
    except OSError as error:
        raise InputError(f"{options.out} cannot be written: {error.strerror}.") from error
    say(f"Wrote {options.out}." if kind == ".pdf" else f"Wrote {options.out}. Open it in any browser, or print it.")
