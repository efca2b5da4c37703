"""The scenario form: a question as fields to fill in, and the question that the completed fields ask.

A field contains a number or a phrase of the question language, and only the language decides what is valid: the form
assembles the fields, and finds the field that an error refers to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.slack.blocks import elements, limits
from bot.slack.blocks.limits import room
from bot.slack.blocks.text import one_line, replace_backticks
from core.answer import plain_number, shorten
from core.errors import QuestionError
from core.language import COMMANDS, OFFERED, PHRASES, command_of, read
from core.pricing import PLANS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.slack.blocks.elements import Block
    from core.language import Question

CALLBACK, SHORTCUT = "scenario", "price_scenario"
COMMAND, ONLY, INTERACTIONS, USERS, DISCOUNT, SANDBOX, MORE, ROW = (
    "command",
    "only",
    "interactions",
    "users",
    "discount",
    "sandbox",
    "more",
    "row_",
)
BEGIN, ADD_ROW, REMOVE_ROW = "scenario_begin", "rows_more", "rows_fewer"
MAX_ROWS = 8
FIELD_CHARACTERS, ERROR_CHARACTERS = 400, 250
PRICED = tuple(command.name for command in COMMANDS.values() if "mix" in command.takes and "org" not in command.takes)


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of the form: its label, its valid input, and the phrase it produces."""

    label: str
    example: str
    phrase: Callable[[str], str]


def _percent(name: str) -> Callable[[str], str]:
    return lambda value: f"{name} {value.rstrip('% ')}%"


FIELDS: Mapping[str, FormField] = {
    ONLY: FormField("Only these plans", "", lambda value: f"only {value}"),
    INTERACTIONS: FormField("Interactions a month", "10,000", lambda value: f"{value} interactions"),
    USERS: FormField("Users", "50", lambda value: f"{value} users"),
    DISCOUNT: FormField("Discount, in percent", "25", _percent("discount")),
    SANDBOX: FormField("Share in sandboxes, in percent", "10", _percent("sandbox")),
    MORE: FormField("Anything else, as you would type it", "growth 5%", lambda value: value),
}
PLAN_GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "only_use": (
        "Only these plans, by use (none ticked: every plan)",
        tuple(k for k, plan in PLANS.items() if plan.family != "seat"),
    ),
    "only_seats": ("Only these plans, by seat", tuple(key for key, plan in PLANS.items() if plan.family == "seat")),
}
AROUND_THE_MIX = (ONLY, INTERACTIONS), (USERS, DISCOUNT, SANDBOX, MORE)


@dataclass(frozen=True, slots=True)
class Scenario:
    """The question of a form; `places` has each field's half-open range of characters in it."""

    text: str
    places: Mapping[str, tuple[int, int]]


def is_changeable(question: str) -> bool:
    """Whether the form can represent the question."""
    command = command_of(question)
    if command is None or command.name not in PRICED:
        return False
    try:
        held = values_of(read(question))
    except QuestionError:
        return False
    return all(len(value) <= FIELD_CHARACTERS for value in held.values())


def values_of(question: Question) -> dict[str, str]:
    """Return the values of the form's fields for a question; anything without its own field goes into the last one.

    The last part of the mix takes those that have no row of their own.
    """
    said = question.stated_values()
    values = {COMMAND: question.command}
    if question.interactions and question.interactions.period == "month":
        del said["interactions"]
        values[INTERACTIONS] = f"{question.interactions.amount:,f}"
    for field, name in ((USERS, "users"), (DISCOUNT, "discount"), (SANDBOX, "sandbox_share")):
        number = said.pop(name, None)
        if number is not None:
            values[field] = plain_number(getattr(question, name))
    if said.pop("only", None):
        values[ONLY] = ", ".join(OFFERED[key][0] for key in question.only)
    own, rest_of_mix = question.mix[: MAX_ROWS - 1], question.mix[MAX_ROWS - 1 :]
    rows = [PHRASES["mix"].say(parts) for parts in (*((part,) for part in own), rest_of_mix) if parts]
    rows += [PHRASES["actions"].say(question.actions)] if question.actions else []
    values |= {f"{ROW}{place}": row for place, row in enumerate(rows, start=1)}
    rest = [PHRASES[name].say(value) for name, value in said.items() if name not in {"mix", "actions"}]
    return values | ({MORE: " ".join(rest)} if rest else {})


def values_in(view: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of a submitted form; empty fields are left out."""
    found: dict[str, str] = {}
    chosen: list[str] = []
    for block, fields in view["state"]["values"].items():
        [element] = fields.values()
        chosen += [option["value"] for option in element.get("selected_options") or ()]
        text = element.get("value") or (element.get("selected_option") or {}).get("value")
        if text and text.strip():
            found[block] = text.strip()
    return found | ({ONLY: ", ".join(chosen)} if chosen else {})


def rows_in(view: Mapping[str, Any]) -> int:
    """Return how many rows of the mix a form shows."""
    return sum(block.get("block_id", "").startswith(ROW) for block in view["blocks"])


def scenario(values: Mapping[str, str]) -> Scenario:
    """Return the question that the fields ask."""
    before, after = AROUND_THE_MIX
    rows = {
        name: f"{value} actions" if value.replace(".", "").isdigit() else value
        for name, value in values.items()
        if name.startswith(ROW)
    }
    phrases = [(name, FIELDS[name].phrase(values[name])) for name in before if name in values]
    phrases += sorted(rows.items())
    phrases += [(name, FIELDS[name].phrase(values[name])) for name in after if name in values]
    text, places = values.get(COMMAND, PRICED[0]), {}
    for name, phrase in phrases:
        places[name] = (len(text) + 1, len(text) + 1 + len(phrase))
        text = f"{text} {phrase}"
    return Scenario(text, places)


def field_errors(error: QuestionError, asked: Scenario) -> dict[str, str]:
    """Return the error under the field it refers to; if it refers to the whole question, under the first row of the mix."""
    named = [name for name, (start, end) in asked.places.items() if error.start < end and start < max(error.end, error.start + 1)]
    whole = f"{ROW}1" if "mix" in error.reason else INTERACTIONS
    field = named[0] if len(named) == 1 else whole
    shown = next(iter(PLAN_GROUPS)) if field == ONLY else field
    return {shown: one_line(f"{replace_backticks(error.reason)}.", ERROR_CHARACTERS)}


def form(values: Mapping[str, str], rows: int, metadata: str) -> Block:
    """Return the form as a modal, filled in.

    rows: how many rows of the mix to show. metadata: returned with the submission.
    """
    shown = max(1, min(rows, MAX_ROWS))
    before, after = AROUND_THE_MIX
    blocks = [_commands(values.get(COMMAND, PRICED[0]))]
    blocks += [_plans(group, values.get(ONLY, "")) for group in PLAN_GROUPS]
    blocks += [_input(name, FIELDS[name].label, FIELDS[name].example, values.get(name)) for name in before if name != ONLY]
    blocks += [_input(f"{ROW}{n}", *_row_words(n), values.get(f"{ROW}{n}")) for n in range(1, shown + 1)]
    blocks += [_row_buttons(shown)]
    blocks += [_input(name, FIELDS[name].label, FIELDS[name].example, values.get(name)) for name in after]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": elements.plain("Price a scenario"),
        "submit": elements.plain("Calculate"),
        "close": elements.plain("Cancel"),
        "private_metadata": metadata,
        "blocks": blocks,
    }


def _row_words(number: int) -> tuple[str, str]:
    return f"Mix, part {number}: share and actions, or actions alone", "60% x 3" if number == 1 else "40% x 7"


def _row_buttons(rows: int) -> Block:
    offered = [("Add a part", ADD_ROW)] * (rows < MAX_ROWS) + [("Remove the last part", REMOVE_ROW)] * (rows > 1)
    return elements.actions([elements.button(label, action, str(rows)) for label, action in offered])


def _commands(chosen: str) -> Block:
    options = {name: _option(name) for name in PRICED}
    element = {"type": "static_select", "action_id": "value", "options": [*options.values()], "initial_option": options[chosen]}
    return {"type": "input", "block_id": COMMAND, "label": elements.plain("Question"), "element": element}


def _plans(group: str, chosen: str) -> Block:
    """Return the plans of a group to choose from; Slack accepts at most ten in one element."""
    label, keys = PLAN_GROUPS[group]
    options = [{"text": elements.plain(PLANS[key].label), "value": OFFERED[key][0]} for key in keys]
    ticked = [option for option in options if option["value"] in chosen.split(", ")]
    element = {"type": "checkboxes", "action_id": "value", "options": options}
    filled = element | ({"initial_options": ticked} if ticked else {})
    return {"type": "input", "block_id": group, "label": elements.plain(label), "element": filled, "optional": True}


def _option(name: str) -> Block:
    return {"text": elements.plain(shorten(f"{name}: {COMMANDS[name].answers}", room(limits.OPTION_TEXT))), "value": name}


def _input(name: str, label: str, example: str, value: str | None) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": "value", "placeholder": elements.plain(f"for example {example}")}
    element["max_length"] = FIELD_CHARACTERS
    filled = element | ({"initial_value": shorten(value, FIELD_CHARACTERS)} if value else {})
    return {"type": "input", "block_id": name, "label": elements.plain(label), "element": filled, "optional": True}


def rows_of(values: Mapping[str, str]) -> Sequence[str]:
    """Return the names of the mix's rows that are filled in."""
    return [name for name in values if name.startswith(ROW)]
