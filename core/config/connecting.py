"""Connect a channel: the lines of app.yaml that bring a team's alerts and digest there, and putting them into the file."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from core.config.editing import edit_config, indent
from core.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

SECTION = "(?m)^{name}:[ \\t]*(?:#.*)?$"
INDENT = re.compile(r"(?m)^( +)\S")


class ChannelPlan(NamedTuple):
    """What a channel is to get.

    weekly: when, such as Mon 08:00, empty for no digest. is_for_readers: whether only who asks there may see figures.
    """

    team: str
    channel: str
    weekly: str = ""
    is_for_readers: bool = False


def lines_for(plan: ChannelPlan) -> str:
    """Return the lines of app.yaml that do it, as a section each."""
    return "\n".join(f"{name}:\n{indent(lines, 2)}" for name, lines in _sections(plan).items())


def connect_channel(path: Path, plan: ChannelPlan) -> None:
    """Put the lines into a file, everything else left as it stands; it is made if need be.

    Raises: InputError, where they have no place in what stands there, or the file cannot be written; it is left as it is.
    """

    def edit(text: str, said: dict[str, Any]) -> str:
        if plan.team in (said.get("teams") or {}):
            raise InputError(f'app.yaml has a team "{plan.team}" already.')
        for name, lines in _sections(plan).items():
            text = _with_section(text, name, lines, is_there=bool(said.get(name)))
        return text

    edit_config(path, edit)


def _sections(plan: ChannelPlan) -> dict[str, str]:
    weekly = f"\n  weekly_digest: {plan.weekly}" if plan.weekly else ""
    found = {"teams": f"{json.dumps(plan.team, ensure_ascii=False)}:\n  channels: [{plan.channel}]{weekly}"}
    return found | ({"slack": f"wallet:\n  channels: [{plan.channel}]"} if plan.is_for_readers else {})


def _with_section(text: str, name: str, lines: str, *, is_there: bool) -> str:
    """Return the text with lines in a section, which is begun at the end where there is none."""
    if not is_there:
        bare = re.sub(SECTION.format(name=name), "", text) if re.search(SECTION.format(name=name), text) else text
        return f"{bare.rstrip()}\n\n{name}:\n{indent(lines, 2)}\n".lstrip()
    head = re.search(SECTION.format(name=name), text)
    if head is None or name != "teams":
        raise InputError(f"app.yaml has a section {name} already, which only a person can add to.")
    width = INDENT.search(text, head.end())
    return f"{text[: head.end()]}\n{indent(lines, len(width[1]) if width else 2)}{text[head.end() :]}"
