"""The wallet's orgs as the parts of a portfolio: each org's last 28 complete days, taken as a month."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.answer import Note
from core.errors import InputError
from core.language import Question
from core.pricing import Usd
from core.questions.pricing import answer_users
from core.questions.wallet import from_wallet
from core.scope import NAME_KINDS, Scope
from core.wallet.usage import slices
from core.warehouse import queries

if TYPE_CHECKING:
    from core.answer import Source
    from core.context import Context

TERMS = {"discount", "action_price", "pack_price", "seat_price"}


def orgs_of_wallet(question: Question, context: Context) -> tuple[list[Question], list[Note], dict[str, Usd], tuple[Source, ...]]:
    """Return a part for each org with usage, notes, and by org the saving of seats for heavy users only.

    Raises: InputError, if the exports name fewer than two orgs with usage.
    """
    parts, notes, blends = [], [], {}
    names = org_names(question, context)
    for name in names:
        try:
            filled, said = from_wallet(Question(command="portfolio", org=name), context)
        except InputError:
            notes.append(Note("warning", f"Org {name} has no usage in the last 28 complete days and is left out."))
            continue
        parts.append(filled)
        notes += [
            note._replace(text=f"Org {name}: {note.text}", brief=note.brief and f"Org {name}: {note.brief}") for note in said
        ]
        saving = _seats_for_some(name, question, context)
        if saving:
            blends[name] = saving
    if len(parts) < 2:  # noqa: PLR2004 - one org is no portfolio
        raise InputError(
            f"The wallet knows use of {'one' if parts else 'no'} org, and a portfolio is of two or more. "
            "Name them, for example: portfolio org A: 10000 interactions 3 actions; org B: 50 users 800 actions per user."
        )
    return parts, notes, blends, slices.query_source("usage_by_name", "usage_by_user", "wallet_names")


def org_names(question: Question, context: Context) -> list[str]:
    """Return the orgs that the exports name. Raises: InputError, while nothing was imported."""
    with context.reading() as session:
        part = slices.part_of(question, context, session)
        slices.extent_of(session, part.card, context)
        found = session.rows(queries.WalletNamesRow, **Scope(card=part.card).parameters(*NAME_KINDS))
        return slices.names_by_kind(found).get("org", [])


def _seats_for_some(org: str, question: Question, context: Context) -> Usd | None:
    """Return the saving of seats for heavy users and credits for the others; None if events name no user."""
    terms: dict[str, Any] = {key: value for key, value in question.stated_values().items() if key in TERMS}
    try:
        answer = answer_users(Question(command="users", org=org)._replace(**terms), context)
    except InputError:
        return None
    best = min(Decimal(str(row[3])) for row in answer.table("plans").rows)
    saved = best - Decimal(str(answer.figure("mixed_usd_per_year").value))
    return Usd(saved) if saved > Decimal(0) else None
