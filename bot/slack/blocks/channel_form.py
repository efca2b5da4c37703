"""The form that connects a channel: a team's alerts and weekly digest there, and who may see figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.blocks import elements
from bot.slack.blocks.message import SlackMessage
from core.config import ChannelPlan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.slack.blocks.elements import Block

CONNECT = "connect_channel"
TEAM, DAY, HOUR, READERS = "team", "day", "hour", "readers"
NO_DIGEST, MEMBERS, HERE = "none", "members", "here"
DAYS = {NO_DIGEST: "No digest"} | {day: f"Every {day}" for day in ("Mon", "Tue", "Wed", "Thu", "Fri")}
HOURS = {f"{hour:02}:00": f"{hour:02}:00" for hour in range(6, 20)}
WHO = {MEMBERS: "Every member, as now", HERE: "Only who asks in this channel"}
TEAM_CHARACTERS = 80
PASTE = "Paste these lines into app.yaml, then run agentcost doctor:"
DONE = "Alerts come here from now on. {digest}These lines are in app.yaml now:"
RESTART = "The weekly digest starts when the service is restarted. "


def connect_form(team: str, metadata: str) -> Block:
    """Return the form as a modal. team: the initial name for the readers. metadata: returned with the submission."""
    blocks = [
        elements.section("agentcost posts the alerts of a team in this channel, and once a week what changed."),
        _text(team),
        _choice(DAY, "Weekly digest", DAYS, "Mon"),
        _choice(HOUR, "At, in the team's time zone", HOURS, "08:00"),
        _choice(READERS, "Who may see wallet figures", WHO, MEMBERS),
    ]
    return {
        "type": "modal",
        "callback_id": CONNECT,
        "title": elements.plain("Connect this channel"),
        "submit": elements.plain("Connect"),
        "close": elements.plain("Cancel"),
        "private_metadata": metadata,
        "blocks": blocks,
    }


def plan_in(view: Mapping[str, Any], channel: str) -> ChannelPlan:
    """Return the plan in a submitted form."""
    values = {name: next(iter(element.values())) for name, element in view["state"]["values"].items()}
    chosen = {name: (values.get(name, {}).get("selected_option") or {}).get("value", "") for name in (DAY, HOUR, READERS)}
    weekly = "" if chosen[DAY] in {"", NO_DIGEST} else f"{chosen[DAY]} {chosen[HOUR]}"
    return ChannelPlan((values.get(TEAM, {}).get("value") or "").strip(), channel, weekly, chosen[READERS] == HERE)


def connected_message(lines: str, *, has_digest: bool) -> SlackMessage:
    """Return the message that the lines were written."""
    return _with_lines(DONE.format(digest=RESTART if has_digest else ""), lines)


def paste_message(reason: str, lines: str) -> SlackMessage:
    """Return the lines to paste by hand, and why they were not written."""
    return _with_lines(f"{reason} {PASTE}", lines)


def _with_lines(text: str, lines: str) -> SlackMessage:
    blocks = elements.rich(elements.line(elements.words(text)), elements.code_block(lines))
    return SlackMessage(f"{text}\n{lines}", (blocks,))


def _text(team: str) -> Block:
    element = {"type": "plain_text_input", "action_id": "value", "initial_value": team[:TEAM_CHARACTERS]}
    element |= {"max_length": TEAM_CHARACTERS}  # type: ignore[dict-item]  # Slack takes a number here
    return {"type": "input", "block_id": TEAM, "label": elements.plain("Team"), "element": element}


def _choice(name: str, label: str, offered: Mapping[str, str], chosen: str) -> Block:
    options = {value: {"text": elements.plain(text), "value": value} for value, text in offered.items()}
    element = {"type": "static_select", "action_id": "value", "options": [*options.values()], "initial_option": options[chosen]}
    return {"type": "input", "block_id": name, "label": elements.plain(label), "element": element}
