"""Inserts lines into app.yaml and leaves everything else as it is, comments too: a profile, or settings for a channel."""

from __future__ import annotations

import json
import os
import re
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from core.config.loader import config_problems
from core.errors import ConfigError, InputError
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.config.wallet import GenericProfile

UNSOUND = "app.yaml has errors; `agentcost doctor` lists them."
SECTION = "(?m)^{name}:[ \\t]*(?:#.*)?$"
INDENT = re.compile(r"(?m)^( +)[^\s#]")
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?: [A-Za-z0-9_]+)*")
READ_OTHERWISE = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})


def edit_config(path: Path, edit: Callable[[str, dict[str, Any]], str]) -> None:
    """Replace a configuration with the result of `edit` on its text and settings; create the file if needed.

    Raises: InputError, if the file cannot be read or written, or would be invalid; it then stays unchanged.
    """
    from core.config.yaml_files import exact_yaml  # noqa: PLC0415 - only who writes settings pays for YAML

    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        after = edit(before, exact_yaml.loads(before) or {})
        problems = [*config_problems(exact_yaml.loads(after))]
        if problems:
            raise InputError(problems[0])
        _replace(path, after)
    except (exact_yaml.YAMLError, ConfigError) as error:
        raise InputError(UNSOUND) from error
    except OSError as error:
        raise InputError(f"{path.name} cannot be written: {error.strerror}.") from error


def profile_lines(profile: GenericProfile) -> str:
    """Return the lines of app.yaml for a profile, from `wallet:` on."""
    return "wallet:\n" + indent(f"profiles:\n{indent(_lines(profile), 2)}", 2) + "\n"


def add_profile(path: Path, profile: GenericProfile) -> None:
    """Add a profile to a configuration's wallet.profiles; its name must be new.

    Raises: InputError, if it does not fit into the existing file, or the file cannot be written; it then stays unchanged.
    """

    def edit(text: str, said: dict[str, Any]) -> str:
        wallet = said.get("wallet") or {}
        if profile.name in (wallet.get("profiles") or {}):
            raise InputError(f"app.yaml has a profile {profile.name} already. Name another: --name NAME.")
        if "wallet" not in said:
            return f"{text.rstrip()}\n\n{profile_lines(profile)}".lstrip()
        if "profiles" not in wallet:
            return _insert(text, "wallet", "", f"profiles:\n{indent(_lines(profile), 2)}")
        return _insert(text, "profiles", " +", _lines(profile))

    edit_config(path, edit)


def indent(lines: str, count: int) -> str:
    """Return the lines indented by a number of spaces."""
    return "\n".join(" " * count + line for line in lines.splitlines())


def _lines(profile: GenericProfile) -> str:
    said = {key: value for key, value in profile._asdict().items() if value is not None and key not in {"name", "columns"}}
    if profile.unit == "credits":
        del said["unit"]
    columns = "\n".join(f"{_scalar(word)}: {_scalar(header)}" for word, header in profile.columns.items())
    settings = "\n".join(f"{key}: {_scalar(value)}" for key, value in said.items())
    return f"{_scalar(profile.name)}:\n{indent(settings, 2)}\n  columns:\n{indent(columns, 4)}"


def _scalar(value: object) -> str:
    """Return a value so that YAML reads it back unchanged: bare if that is clearly safe, otherwise in quotes."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = str(value)
    return text if PLAIN.fullmatch(text) and text.lower() not in READ_OTHERWISE else json.dumps(text, ensure_ascii=False)


def _insert(text: str, name: str, before: str, lines: str) -> str:
    """Return the text with the lines inserted at the start of a block. before: a pattern for what precedes its name."""
    heads = list(re.finditer(rf"(?m)^({before}){name}:[ \t]*(?:#.*)?$", text))
    if len(heads) != 1:
        raise InputError(f"I do not find the place of {name} in app.yaml.")
    width = len(heads[0][1])
    inner = INDENT.search(text, heads[0].end())
    width = len(inner[1]) if inner and len(inner[1]) > width else width + 2
    return f"{text[: heads[0].end()]}\n{indent(lines, width)}{text[heads[0].end() :]}"


def _replace(path: Path, text: str) -> None:
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(text)
    if path.exists():
        os.chmod(file.name, path.stat().st_mode)  # noqa: PTH101 - by name, as the temporary file tells it
    Path(file.name).replace(path)


class ChannelPlan(NamedTuple):
    """What a channel should receive.

    weekly: when, such as Mon 08:00, empty for no digest. is_for_readers: whether only people who ask there may see figures.
    """

    team: str
    channel: str
    weekly: str = ""
    is_for_readers: bool = False


def lines_for(plan: ChannelPlan) -> str:
    """Return the lines of app.yaml for a channel's plan, by section."""
    return "\n".join(f"{name}:\n{indent(lines, 2)}" for name, lines in _sections(plan).items())


def connect_channel(path: Path, plan: ChannelPlan) -> None:
    """Insert the lines into a file and leave everything else as it is; create the file if needed.

    Raises: InputError, if they do not fit into the existing file, or it cannot be written; it then stays unchanged.
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
    """Return the text with the lines in a section, which is added at the end if it does not exist."""
    if not is_there:
        bare = re.sub(SECTION.format(name=name), "", text) if re.search(SECTION.format(name=name), text) else text
        return f"{bare.rstrip()}\n\n{name}:\n{indent(lines, 2)}\n".lstrip()
    head = re.search(SECTION.format(name=name), text)
    if head is None or name != "teams":
        raise InputError(f"app.yaml has a section {name} already, which only a person can add to.")
    width = INDENT.search(text, head.end())
    return f"{text[: head.end()]}\n{indent(lines, len(width[1]) if width else 2)}{text[head.end() :]}"
