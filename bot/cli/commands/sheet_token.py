"""`sheet-token`: creates, lists and revokes the tokens of spreadsheets."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import wiring
from core.errors import InputError
from core.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from argparse import Namespace

ADDRESS = re.compile(r"^https://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/(?P<id>[A-Za-z0-9_-]+)")
ID = re.compile(r"[A-Za-z0-9_-]{20,200}")


def run(options: Namespace) -> None:
    """Create, list or revoke tokens. Raises: InputError, if that is not possible; MachineError, if their file fails."""
    if options.list:
        _show(as_json=options.json)
    elif options.revoke:
        revoked = wiring.token_store().revoke(options.revoke, datetime.now(UTC))
        print(f"The token {revoked.id} of the spreadsheet {revoked.spreadsheet_id} is revoked.")
    else:
        _create(options)


def _create(options: Namespace) -> None:
    only = Scope.from_json({"org": options.org, "departments": options.department, "agents": options.agent})
    if only != EVERYTHING and options.scope != "wallet":
        raise InputError("--org, --department and --agent narrow the wallet: add --scope wallet.")
    spreadsheet = spreadsheet_id(options.spreadsheet)
    token = wiring.token_store().create(spreadsheet, options.scope, only, datetime.now(UTC))
    if options.json:
        print(json.dumps({"token": token, "spreadsheet_id": spreadsheet, "scope": options.scope, **only.to_json()}))
        return
    opens = "prices" if options.scope == "pricing" else f"prices and the wallet{_scope_words(only)}"
    print(f"A token for the spreadsheet {spreadsheet}; it opens {opens}. It is shown only once:\n\n  {token}\n")
    print("Enter it in the spreadsheet: menu AgentCost → Settings. Anyone who can edit the spreadsheet can read it there.")


def spreadsheet_id(said: str | None) -> str:
    """Return the id in a spreadsheet's address, or the id itself. Raises: InputError, if it is neither."""
    if not said:
        raise InputError("Name the spreadsheet, by its address or its id: agentcost sheet-token SPREADSHEET.")
    found = ADDRESS.match(said)
    if found:
        return found["id"]
    if not ID.fullmatch(said):
        raise InputError(f'"{said}" is not a spreadsheet: give its address, or the id between /d/ and /edit.')
    return said


def _show(*, as_json: bool) -> None:
    tokens = wiring.token_store().all()
    if as_json:
        shown = [{name: value for name, value in token._asdict().items() if name != "secret_hash"} for token in tokens]
        print(json.dumps([one | {"only": one["only"].to_json()} for one in shown], ensure_ascii=False, indent=2))
    elif not tokens:
        print("There are no tokens yet. Make one: agentcost sheet-token SPREADSHEET.")
    for token in () if as_json else tokens:
        state = f"revoked {token.revoked_at}" if token.revoked_at else f"since {token.created_at}"
        print(f"{token.id}  {token.scope}{_scope_words(token.only)}  {token.spreadsheet_id}  {state}")


def _scope_words(only: Scope) -> str:
    return f" of {only.words('or')}" if only.is_named else ""
