"""Connect a channel: the lines of app.yaml that bring a team's alerts and digest there, and putting them into the file."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

from core.config.loader import config_problems
from core.errors import ConfigError, InputError

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
    return "\n".join(f"{name}:\n{_indent(lines, 2)}" for name, lines in _sections(plan).items())


def connect_channel(path: Path, plan: ChannelPlan) -> None:
    """Put the lines into a file, everything else left as it stands; it is made if need be.

    Raises: InputError, where they have no place in what stands there, or the file cannot be written; it is left as it is.
    """
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        after = _with_lines(before, plan)
        _replace(path, after)
    except OSError as error:
        raise InputError(f"{path.name} cannot be written: {error.strerror}.") from error


def _with_lines(text: str, plan: ChannelPlan) -> str:
    from core.config import exact_yaml  # noqa: PLC0415 - only who writes settings pays for YAML

    try:
        said = exact_yaml.loads(text) or {}
        if plan.team in (said.get("teams") or {}):
            raise InputError(f'app.yaml has a team "{plan.team}" already.')
        for name, lines in _sections(plan).items():
            text = _with_section(text, name, lines, is_there=bool(said.get(name)))
        problems = [*config_problems(exact_yaml.loads(text))]
    except (exact_yaml.YAMLError, ConfigError) as error:
        raise InputError("app.yaml has errors; `agentcost doctor` lists them.") from error
    if problems:
        raise InputError(problems[0])
    return text


def _sections(plan: ChannelPlan) -> dict[str, str]:
    weekly = f"\n  weekly_digest: {plan.weekly}" if plan.weekly else ""
    found = {"teams": f"{json.dumps(plan.team, ensure_ascii=False)}:\n  channels: [{plan.channel}]{weekly}"}
    return found | ({"slack": f"wallet:\n  channels: [{plan.channel}]"} if plan.is_for_readers else {})


def _with_section(text: str, name: str, lines: str, *, is_there: bool) -> str:
    """Return the text with lines in a section, which is begun at the end where there is none."""
    if not is_there:
        bare = re.sub(SECTION.format(name=name), "", text) if re.search(SECTION.format(name=name), text) else text
        return f"{bare.rstrip()}\n\n{name}:\n{_indent(lines, 2)}\n".lstrip()
    head = re.search(SECTION.format(name=name), text)
    if head is None or name != "teams":
        raise InputError(f"app.yaml has a section {name} already, which only a person can add to.")
    width = INDENT.search(text, head.end())
    return f"{text[: head.end()]}\n{_indent(lines, len(width[1]) if width else 2)}{text[head.end() :]}"


def _indent(lines: str, count: int) -> str:
    return "\n".join(" " * count + line for line in lines.splitlines())


def _replace(path: Path, text: str) -> None:
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(text)
    if path.exists():
        os.chmod(file.name, path.stat().st_mode)  # noqa: PTH101 - by name, as the temporary file tells it
    Path(file.name).replace(path)
