"""A team's first app.yaml: six questions, and the short file that their answers come to."""

from __future__ import annotations

import json
import re
from calendar import month_name
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import available_timezones

from core.days import NoDayError, day_written
from core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TIMES = {"": 1, "k": 1_000, "m": 1_000_000}
AMOUNT = re.compile(r"\$?\s*(?P<number>\d[\d,_']*(?:\.\d+)?)\s*(?P<times>[km]?)(?:\s*credits)?", re.IGNORECASE)
TERM = re.compile(r"(?P<start>\S+)\s*(?:to|until|\.\.|–|-)\s*(?P<end>\S+)")
HEAD = """\
# What agentcost knows of your team. `agentcost doctor` checks this file; every other setting, with what it is for:
# `agentcost init --every-setting FILE`, or docs/reference.md. No secrets here; those are environment variables.
"""
LATER = """
# Later: channels and spreadsheets of teams, who may do what in Slack (docs/slack.md), Google spreadsheets (docs/sheets.md).
"""


class FirstQuestion(NamedTuple):
    """One question. default: what an empty answer stands for, empty to leave the setting out.

    write: what an answer comes to as lines of app.yaml; it raises InputError, saying how to write it. needs: the question
    without whose answer this one is not asked.
    """

    key: str
    asks: str
    default: str
    write: Callable[[str], str]
    needs: str = ""


def first_questions(time_zone: str) -> tuple[FirstQuestion, ...]:
    """Return the questions in their order. time_zone: that of this machine, which is offered."""
    return (
        FirstQuestion("fiscal_year_start", "In which month does your company's fiscal year begin?", "January", _write_month),
        FirstQuestion("time_zone", "Your time zone, whose days are the days of every answer", time_zone, _write_zone),
        FirstQuestion("term", "The term of your Salesforce contract, both days in it: 2026-07-01 to 2027-06-30", "", _write_term),
        FirstQuestion("price", "Dollars that you pay for a pack of 100,000 Flex Credits, where it is not list", "", _write_price),
        FirstQuestion("grants", "The credits that you bought for the term, such as 6m", "", _write_grant, needs="term"),
        FirstQuestion("teams", "Departments that want to be told, with commas between them", "", _write_teams),
    )


def first_file(answers: Mapping[str, str]) -> str:
    """Return app.yaml. answers: lines as the questions write them, by their keys; what is missing or empty is left out."""
    contract = [answers[key] for key in ("term", "price", "grants") if answers.get(key)]
    parts = [answers.get("fiscal_year_start", ""), answers.get("time_zone", "")]
    parts.append("contract:\n" + "\n".join(contract) if contract else "")
    parts.append(answers.get("teams", ""))
    return HEAD + "\n" + "\n".join(part for part in parts if part) + "\n" + LATER


def _write_month(said: str) -> str:
    names = [name.casefold() for name in month_name]
    found = [nth for nth, name in enumerate(names) if nth and (said == str(nth) or name.startswith(said.casefold()[:3]))]
    if len(found) != 1 or (not said.isdigit() and len(said) < 3):  # noqa: PLR2004 - Jan, Feb …
        raise InputError(f'"{said}" is not a month: write it as February, or as 2.')
    return f"fiscal_year_start: {found[0]}"


def _write_zone(said: str) -> str:
    if said not in available_timezones():
        raise InputError(f'"{said}" is not a time zone: write it as Europe/Berlin or America/New_York.')
    return f"time_zone: {said}"


def _write_term(said: str) -> str:
    match = TERM.fullmatch(said)
    try:
        start, last = day_written(match["start"]), day_written(match["end"])  # type: ignore[index]  # caught below
    except (NoDayError, TypeError) as error:
        raise InputError(f'"{said}" is not a term: write it as 2026-07-01 to 2027-06-30.') from error
    if last < start:
        raise InputError(f"The term ends on {last}, before it begins on {start}.")
    return f"  start: {start}\n  end: {last + timedelta(days=1)}  # the day after the last"


def _write_price(said: str) -> str:
    return f"  prices:\n    flex.usd_per_pack: {_amount(said, 'a price, such as 450'):f}"


def _write_grant(said: str) -> str:
    amount = _amount(said, "a number of credits, such as 6m")
    if amount != amount.to_integral_value():
        raise InputError(f'"{said}" is not a whole number of credits.')
    return f"  grants:\n    - {{credits: {amount:.0f}, label: Order 1}}"


def _write_teams(said: str) -> str:
    names = list(dict.fromkeys(filter(None, (name.strip() for name in said.split(",")))))
    if not said.isprintable():
        raise InputError("A name of a team has a character that cannot be shown. Type the names, with commas between them.")
    quoted = [json.dumps(name, ensure_ascii=False) for name in names]
    return "teams:\n" + "\n".join(f"  {name}:\n    departments: [{name}]" for name in quoted) if names else ""


def _amount(said: str, what: str) -> Decimal:
    match = AMOUNT.fullmatch(said.strip())
    number = Decimal(re.sub(r"[,_']", "", match["number"])) * TIMES[match["times"].lower()] if match else Decimal(0)
    if not number:
        raise InputError(f'"{said}" is not {what}.')
    return number
