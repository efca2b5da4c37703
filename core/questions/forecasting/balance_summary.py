"""The first lines of a balance: what is left, the day it runs out, what is spent a month."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Emphasis, Fact, credits_short, headline_of, percent_short, usd_short, usd_with_credits
from core.answer import day as shown_day
from core.days import DAYS_IN_YEAR, MONTHS_IN_YEAR
from core.questions.wallet import burn_usd_per_month, days_stale, remaining_usd
from core.wallet.ledger import OPEN_END

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from core.questions.forecasting.facts import Foresight
    from core.wallet.usage import Facts


def headline(facts: Facts, seen: Foresight | None) -> str:
    """Return what is left and until when; if the data is old, its age comes first."""
    said, stale = _state(facts, seen), days_stale(facts)
    if not stale:
        return headline_of(f"{said}.", f"{said.partition(';')[0]}.")
    old = f"The data is {stale} days old"
    return headline_of(f"{old}. {said}.", f"{old}. {said.partition(';')[0]}.")


def _state(facts: Facts, seen: Foresight | None) -> str:
    if not facts.knows_grants:
        return f"{usd_with_credits(facts.cost, facts.used)} used{_spending(facts)}; what is left is not known without grants"
    if facts.part.words():
        share = f", {percent_short(facts.used_percent)} of the card's pool" if facts.used_percent is not None else ""
        said = facts.part.words()
        return f"{said[0].upper()}{said[1:]} used {usd_with_credits(facts.cost, facts.used)}{share}{_spending(facts)}"
    balance = facts.balance
    overdrawn = usd_with_credits(facts.overdrawn_usd, balance.overdrawn)
    if balance.pool <= 0:
        return f"No grant has anything to use: {overdrawn} overdrawn{_spending(facts)}"
    if balance.left == 0:
        since = f" since {shown_day(seen.used_up_since)}" if seen and seen.used_up_since else ""
        if balance.overdrawn <= 0:
            return f"Nothing is left{since}"
        monthly = burn_usd_per_month(facts)
        goes_on = f"; usage continues at {usd_short(monthly)} a month" if monthly else ""
        return f"{overdrawn} overdrawn: nothing is left{since}{goes_on}"
    return f"{usd_with_credits(remaining_usd(facts), balance.left)} left; {_until(facts, seen)}"


def _spending(facts: Facts) -> str:
    monthly = burn_usd_per_month(facts)
    return f", {usd_short(monthly)} a month" if monthly else ""


def _until(facts: Facts, seen: Foresight | None) -> str:
    """Return how long the remaining credits last, and how that compares with the term."""
    end = facts.term.day_after_last if facts.term and facts.term.day_after_last != OPEN_END else None
    day = seen.fate.day if seen and seen.fate else None
    if day is not None:
        early = (end - day).days if end else 0
        before = f", {early} {'day' if early == 1 else 'days'} before the term ends" if early > 0 else ""
        return f"it runs out on {shown_day(day)}{before}"
    if seen is None or seen.fate is None:
        return "the day it runs out is not known yet"
    return f"it lasts until {'the term ends, ' if seen.last_look == end else ''}{shown_day(seen.last_look)}"


def emphasis(facts: Facts, seen: Foresight | None) -> Emphasis:
    """Return the facts beside the sentence; grants and expiries are only shown to those who ask how."""
    return Emphasis(facts=tuple(_facts(facts, seen)), table="")


def _facts(facts: Facts, seen: Foresight | None) -> Iterator[Fact]:
    balance, card = facts.balance, "" if facts.part.is_whole_card else ", whole card"
    if facts.knows_grants and balance.pool > 0:
        used = f", {percent_short(balance.used_percent)} used" if balance.used_percent is not None else ""
        yield Fact(f"Left{card}", f"{credits_short(balance.left)} of {credits_short(balance.pool)} credits{used}")
    if facts.part.is_whole_card and seen and seen.fate and seen.fate.day:
        yield Fact(
            "Runs out", _range(seen.fate.early, seen.fate.day, seen.fate.late) if seen.knows_range else shown_day(seen.fate.day)
        )
    if facts.burn:
        monthly, burnt = burn_usd_per_month(facts), facts.burn.per_day * DAYS_IN_YEAR / MONTHS_IN_YEAR
        cost = f"{usd_short(monthly)}, " if monthly is not None else ""
        yield Fact("Monthly spend", f"{cost}{credits_short(burnt)} credits, over the last {facts.burn.range.days} complete days")
    if facts.pace_percent is not None and facts.elapsed_percent is not None:
        yield Fact(
            "Pace", f"{percent_short(facts.pace_percent)} of plan, {percent_short(facts.elapsed_percent)} of the term elapsed"
        )
    if facts.knows_grants and balance.left > 0 and balance.overdrawn > 0:
        yield Fact(f"Overdrawn before{card}", f"{usd_with_credits(facts.overdrawn_usd, balance.overdrawn)}, billed in arrears")
    unused = sum(facts.expiring.values(), Decimal(0))
    if unused > 0:
        lost = sum(facts.expiring_usd.values(), Decimal(0))
        cost = f"{usd_short(lost)}, " if facts.expiring_usd else ""
        yield Fact(f"Will expire{card}", f"{cost}{credits_short(unused)} credits unused, if the burn continues")
    if facts.extent.data_through:
        yield Fact("Data through", f"{shown_day(facts.extent.data_through)} {facts.extent.data_through:%H:%M} UTC")


def _range(early: date | None, day: date, late: date | None) -> str:
    first, last = (shown_day(one) if one else "later" for one in (early, late))
    return f"{shown_day(day)}, 80% between {first} and {last}"
