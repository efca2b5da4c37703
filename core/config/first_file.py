"""A team's first app.yaml: six questions, and the short file built from the answers."""

from __future__ import annotations

import json
import re
from calendar import month_name
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from core.days import NoDayError, day_written
from core.errors import InputError
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

TIMES = {"": 1, "k": 1_000, "thousand": 1_000, "m": 1_000_000, "mio": 1_000_000, "million": 1_000_000}
# A mark before three final digits is ambiguous: 450.000 is refused, and 450,000 is read as in English.
NUMBER = r"\d{1,3}(?:[,_' ]\d{3})+(?:\.\d{1,2})?|\d{1,3}(?:\.\d{3}){2,}|\d+(?:\.\d{1,2}|,\d{1,2})?"
AMOUNT = re.compile(rf"\$?\s*(?P<number>{NUMBER})\s*(?P<times>{'|'.join(filter(None, TIMES))}|)\.?(?:\s*credits)?", re.IGNORECASE)
LONGEST_CENTS = 2  # digits after a decimal mark; three are a group
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
TERM = re.compile(r"(?P<start>\S+)\s*(?:to|until|\.\.|–|-)\s*(?P<end>\S+)")
HEAD = """\
# What agentcost knows about your team. `agentcost doctor` checks this file; every other setting, with what it is for:
# `agentcost init --every-setting FILE`, or docs/reference.md. No secrets here; those are environment variables.
"""
LATER = """
# Later: channels and spreadsheets of teams, who may do what in Slack (docs/slack.md), Google spreadsheets (docs/sheets.md).
"""


class FirstQuestion(NamedTuple):
    """One question. default: the value for an empty answer, empty to leave the setting out.

    write: converts an answer to lines of app.yaml; raises InputError, saying how to write it. needs: the question that must be
    answered for this one to be asked.
    """

    key: str
    asks: str
    default: str
    write: Callable[[str], str]
    needs: str = ""


def first_questions(time_zone: str) -> tuple[FirstQuestion, ...]:
    """Return the questions in order. time_zone: this machine's, offered as the default."""
    return (
        FirstQuestion("fiscal_year_start", "In which month does your company's fiscal year begin?", "January", _write_month),
        FirstQuestion(
            "time_zone", "Your time zone, such as Europe/Berlin; its days are the days of every answer", time_zone, _write_zone
        ),
        FirstQuestion(
            "term", "First and last day of your Salesforce contract, such as 2026-07-01 to 2027-06-30", "", _write_term
        ),
        FirstQuestion(
            "price", "What you pay for 100,000 Flex Credits, in dollars, if it is not the list price", "", _write_price
        ),
        FirstQuestion("grants", "How many credits you bought for that term, such as 6m", "", _write_grant, needs="term"),
        FirstQuestion("teams", "Departments that should get alerts and digests, with commas between them", "", _write_teams),
    )


def first_file(answers: Mapping[str, str]) -> str:
    """Return app.yaml. answers: lines as the questions write them, by key; missing or empty ones are left out."""
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
    plain = said.strip().casefold().replace(" ", "_")
    zones = sorted(available_timezones())
    found = [zone for zone in zones if zone.casefold() == plain] or [
        zone for zone in zones if zone.casefold().rpartition("/")[2] == plain
    ]
    if len(found) != 1:
        choice = f"write one of {', '.join(found)}" if found else "write it as Europe/Berlin or America/New_York"
        raise InputError(f'"{said}" is not a time zone: {choice}.')
    return f"time_zone: {found[0]}"


def _write_term(said: str) -> str:
    match = TERM.fullmatch(said)
    try:
        start, last = _day(match["start"]), _day(match["end"])  # type: ignore[index]  # caught below
    except (NoDayError, TypeError) as error:
        raise InputError(f'"{said}" is not a term: write it as 2026-07-01 to 2027-06-30.') from error
    if last < start:
        raise InputError(f"The term ends on {last}, before it begins on {start}.")
    return f"  start: {start}\n  end: {last + timedelta(days=1)}  # the day after the last"


def _day(text: str) -> date:
    """Return a day written as 2026-07-01, or with dots as 1.7.2026. Raises: NoDayError."""
    dotted = DOTTED.fullmatch(text)
    return day_written(f"{dotted[3]}-{dotted[2]:0>2}-{dotted[1]:0>2}" if dotted else text)


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
    number = _plain(match["number"]) * TIMES[match["times"].lower()] if match else Decimal(0)
    if not number:
        raise InputError(f'"{said}" is not {what}.')
    return number


def _plain(number: str) -> Decimal:
    """Return the number; its last mark is a decimal mark only before one or two digits."""
    whole, mark, end = number.rpartition("," if re.search(r",\d{1,2}$", number) else ".")
    has_decimals = bool(mark) and len(end) <= LONGEST_CENTS
    return Decimal(re.sub(r"[,._' ]", "", whole if has_decimals else number) + (f".{end}" if has_decimals else ""))
