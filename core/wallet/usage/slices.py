"""The basis of every wallet question: the extent of the data, the days and the part of the wallet that are meant."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from core.answer import Note, Source, number
from core.answer import day as shown_day
from core.errors import InputError, NothingImportedError
from core.language import Last
from core.pricing import UsdPerCredit
from core.records import NamedTuple
from core.scope import EVERYTHING, NAME_KINDS, Scope, find_alike, plain_name
from core.wallet.usage.costs import usd_of
from core.wallet.usage.periods import CardUse, DayRange, Extent, Lacking, days_of, has_before, provisional_from
from core.wallet.usage.rates import WHOLE_CARD, cost_sums, credit_prices, day_rates
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from core.context import Context
    from core.language import Question
    from core.scope import NameKind
    from core.wallet.usage.costs import DayRates
    from core.warehouse import Session


RowT = TypeVar("RowT")

MAX_NAMES = 8
# The length of a Salesforce id in its short form; the long one has three more characters.
SHORT_ID = 15
NOT_STATED = "(not stated)"
EXPORTS = {"event": "event export", "hour": "hourly export"}
NOT_IN = {grain: f"(not in the {export})" for grain, export in EXPORTS.items()}
NAMELESS = frozenset({NOT_STATED, *NOT_IN.values()})


class NamedRow(Protocol):
    """A row by name. name: empty if nobody is named; lacking_in: the grain that lacks it, empty if none does."""

    @property
    def name(self) -> str: ...  # noqa: D102 - see above

    @property
    def lacking_in(self) -> str: ...  # noqa: D102 - see above


class Costs(NamedTuple):
    """The cost of usage, in dollars, by name; empty for cards without a price. rates: every price of a credit in it."""

    by_name: Mapping[Any, Fraction] | None
    rates: tuple[Decimal, ...] = ()

    def of(self, name: object) -> Decimal | None:
        """Return the cost of a name's usage."""
        return None if self.by_name is None else usd_of(self.by_name.get(name, Fraction(0)))

    @property
    def total(self) -> Decimal | None:
        """The total cost."""
        if self.by_name is None:
            return None
        # Prices have few denominators and wallets may have thousands of names: integers add up faster than fractions.
        over: dict[int, int] = {}
        for cost in self.by_name.values():
            over[cost.denominator] = over.get(cost.denominator, 0) + cost.numerator
        return usd_of(sum((Fraction(part, whole) for whole, part in over.items()), Fraction(0)))


@dataclass(frozen=True, slots=True)
class Scene:
    """The input of a question over days, with the wallet open. rates: the credit price by day; None for cards without a price."""

    session: Session
    part: Scope
    extent: Extent
    days: DayRange
    rates: DayRates | None

    def between(self, *names: str) -> dict[str, Any]:
        """Return the days, the card and the named filters as query parameters."""
        days = {"first_day": self.days.first_day, "day_after_last": self.days.day_after_last}
        return {**days, **self.part.parameters(*names)}

    def costs(self, read: Callable[[DayRange], Iterable[RowT]], name: Callable[[RowT], object], column: str = "credits") -> Costs:
        """Return the cost of the days' rows by name, each at the rate of its own day.

        read: returns the rows of any range of days; it is called once for each run of days with one rate.
        """
        return costs_of(self.rates, self.days, read, name, column)

    def by_day(self) -> list[tuple[date, Decimal]]:
        """Return the credits of each day."""
        filters = self.between("grain", "environment", "org", "agent", "department")
        read = self.rates.used if self.rates and all(filters[name] is None for name in WHOLE_CARD) else None
        if read is not None:
            return [(day, used) for day, used in read.items() if self.days.first_day <= day < self.days.day_after_last]
        return [(row.day, row.credits) for row in self.session.rows(queries.UsageByDayRow, **filters)]

    @property
    def cost(self) -> Decimal | None:
        """The cost of the days' usage."""
        return self.rates.cost(self.by_day()) if self.rates else None

    def cost_sums(self) -> list[str]:
        """Return the arithmetic of the days' cost in words."""
        return cost_sums(self.rates, self.by_day())

    def notes(self, question: Question) -> list[Note]:
        """Return notes on which part of the wallet and which days are counted."""
        return [
            *part_notes(self.part, self.extent, self.days),
            *provisional_note(self.extent, self.days),
            *day_notes(question, self.days),
        ]


@contextmanager
def open_slice(question: Question, context: Context) -> Iterator[Scene]:
    """Open the wallet for what the question means. Raises: InputError, if there is no such data."""
    with context.reading() as session:
        part = part_of(question, context, session)
        extent = extent_of(session, part.card, context)
        yield scene_of(session, part, extent, days_of(question, extent), context)


def scene_of(session: Session, part: Scope, extent: Extent, days: DayRange, context: Context) -> Scene:
    """Return the scene of a question over these days."""
    return Scene(session, part, extent, days, day_rates(session, part.card, context, days.day_after_last))


def costs_of(
    rates: DayRates | None,
    days: DayRange,
    read: Callable[[DayRange], Iterable[RowT]],
    name: Callable[[RowT], object],
    column: str = "credits",
) -> Costs:
    """Return the cost of usage rows by name; see `Scene.costs`."""
    if rates is None:
        return Costs(None)
    found: dict[object, Fraction] = {}
    paid: set[Fraction] = set()
    for first_day, day_after_last, rate in rates.runs(days.first_day, days.day_after_last):
        rows = [row for row in read(DayRange(first_day, day_after_last)) if getattr(row, column)]
        paid |= {rate} if rows else set()
        for row in rows:
            key, cost = name(row), Fraction(getattr(row, column)) * rate
            found[key] = found[key] + cost if key in found else cost
    return Costs(found, tuple(usd_of(rate) for rate in sorted(paid)))


def extent_of(session: Session, card: str, context: Context) -> Extent:
    """Return the extent of the card's data. Raises: NothingImportedError."""
    found = session.row(queries.WalletExtentRow, card=card)
    if not found.imports:
        raise NothingImportedError("The wallet is empty: nothing has been imported yet. Import an export: agentcost import FILE.")
    return _extent(found, session, card, context)


def extent_of_any(session: Session, card: str, context: Context) -> Extent:
    """Return the extent of the card's data, even of a wallet whose imports were all undone."""
    return _extent(session.row(queries.WalletExtentRow, card=card), session, card, context)


def _extent(found: queries.WalletExtentRow, session: Session, card: str, context: Context) -> Extent:
    through = found.data_through
    return Extent(
        through,
        found.first_day,
        found.last_day,
        provisional_from(through, found.last_day, context),
        found.last_import,
        _lacking(session, card) if found.is_mixed else (),
        card,
        _elsewhere(session) if card and found.first_day is None and context.only == EVERYTHING else (),
    )


def _elsewhere(session: Session) -> tuple[CardUse, ...]:
    return tuple(CardUse(*row) for row in session.rows(queries.CardsWithUseRow))


def empty_card_notes(extent: Extent) -> list[Note]:
    """Return which cards have usage, if the one that is meant has none."""
    return [Note("warning", extent.said_elsewhere)] if extent.said_elsewhere else []


def _lacking(session: Session, card: str) -> tuple[Lacking, ...]:
    return tuple(Lacking(**row._asdict()) for row in session.rows(queries.LackingDaysRow, card=card))


def context_as_of(question: Question, context: Context) -> Context:
    """Return the context of the day to look back to, if the question names one."""
    return replace(context, as_of=question.as_of) if question.as_of else context


def part_of(question: Question, context: Context, session: Session) -> Scope:
    """Return the part of the wallet that is meant, names spelled as in the exports. Raises: InputError, for unknown ones."""
    asked = Scope.of(question)
    if asked.is_named or asked.card:
        extent_of(session, "", context)
    if context.only != EVERYTHING:
        return _open_part(asked, context, session)
    card = _card(question, context, session)
    known = (
        names_by_kind(session.rows(queries.WalletNamesRow, **Scope(card=card).parameters(*NAME_KINDS))) if asked.is_named else {}
    )
    named = {kind: match(name, kind, known.get(kind, [])) for kind in NAME_KINDS for name in asked.names(kind)}
    return _spelled(asked, card, named)


def _spelled(asked: Scope, card: str, named: Mapping[NameKind, str]) -> Scope:
    return asked._replace(card=card).with_names({kind: [name] for kind, name in named.items()})


def _open_part(asked: Scope, context: Context, session: Session) -> Scope:
    """Return the part that is meant, for a caller with limited access: names outside it count as unknown."""
    limits = [kind for kind in NAME_KINDS if context.only.names(kind)]
    rows = open_names(session, context.only.narrow(EVERYTHING.with_names({kind: asked.names(kind) for kind in limits})))
    card = default_card(context)
    if asked.card:
        card = _open_name(asked.card, "card", [card, *(row.name for row in rows if row.kind == "card")])
    known = names_by_kind(row for row in rows if row.card == card)
    named = {kind: _open_name(name, kind, known.get(kind, [])) for kind in NAME_KINDS for name in asked.names(kind)}
    return _spelled(asked, card, named)


def open_names(session: Session, only: Scope) -> list[queries.WalletNamesRow]:
    """Return the kind, name and card of every name in the usage of a part, however the part spells its own names.

    A name has one row for each of its cards; the cards themselves are names too.
    """
    everywhere = session.rows(queries.WalletNamesRow, **EVERYTHING.parameters(*NAME_KINDS))
    if only == EVERYTHING:
        return everywhere
    parts = only.spell(names_by_kind(everywhere)).parts()
    found = (row for part in parts for row in session.rows(queries.WalletNamesRow, **part.parameters(*NAME_KINDS)))
    return list(dict.fromkeys(found))


def names_by_kind(rows: Iterable[queries.WalletNamesRow]) -> dict[NameKind, list[str]]:
    """Return the names of rows of `wallet_names` by their kind, each once; cards are left out."""
    found: dict[NameKind, dict[str, None]] = {}
    for row in rows:
        if row.kind != "card":
            found.setdefault(cast("NameKind", row.kind), {})[row.name] = None
    return {kind: list(names) for kind, names in found.items()}


def user_of(question: Question, part: Scope, context: Context, session: Session) -> str | None:
    """Return the person meant, as spelled in the events, from those that the part of the wallet names; None if nobody is meant.

    Raises: InputError, for someone whom no event of the part names; a caller with limited access learns of nobody else.
    """
    if question.user is None:
        return None
    if part.grain not in {"", "event"}:
        raise InputError("Only events name users. Ask without the grain.")
    filters = part.parameters("environment", *NAME_KINDS)
    names = [row.name for row in session.rows(queries.WalletUsersRow, **filters)]
    said = question.user
    if len(said) == SHORT_ID:  # the same id without its last three characters
        said = next((name for name in names if name.startswith(said)), said)
    return _open_name(said, "user", names) if context.only != EVERYTHING else match(said, "user", names)


def use_case_of(question: Question, part: Scope, context: Context, session: Session) -> str | None:
    """Return the use case meant, as spelled in the tags, from those that the part of the wallet names; None if none is meant.

    Raises: InputError, for one that no tag of the part names.
    """
    if question.use_case is None:
        return None
    if part.grain not in {"", "event"}:
        raise InputError("Only events name use cases. Ask without the grain.")
    names = [row.name for row in session.rows(queries.WalletUseCasesRow, **part.parameters(*NAME_KINDS))]
    find = match if context.only == EVERYTHING else _open_name
    return find(question.use_case, "use case", names)


def _open_name(said: str, kind: str, names: list[str]) -> str:
    """Return the name meant, from those that the caller may see; others are neither disclosed nor matched by a part of them."""
    found = list(dict.fromkeys(find_alike(said, names)))
    if not found:
        raise InputError(f'The part of the wallet that is open to you has no {kind} "{said}". Write its name in full.')
    if len(found) > 1:
        raise InputError(
            f'The exports spell {kind} "{said}" in several ways: {_list_names(found)}. One of them has to be opened to you.'
        )
    return found[0]


def default_card(context: Context) -> str:
    """Return the card that is meant if none is named."""
    return context.config.wallet.default_card.replace(" ", "")


def _card(question: Question, context: Context, session: Session) -> str:
    if question.card is None:
        return default_card(context)
    grants = (grant.card for grant in context.config.contract.grants)
    return match(
        question.card, "card", list(dict.fromkeys([*(row.card for row in session.rows(queries.WalletCardsRow)), *grants]))
    )


def match(said: str, kind: str, names: list[str]) -> str:
    """Return the one name meant: an exact match, else equal but for case and spaces, else the only one that contains the text.

    Raises: InputError, for none or several.
    """
    for found in (find_alike(said, names), [name for name in names if plain_name(said) in plain_name(name)]):
        if len(found) == 1:
            return found[0]
        if found:
            raise InputError(f'"{said}" is part of several {kind}s: {_list_names(found)}. Write one of them in full.')
    raise InputError(_unknown(said, kind, names))


def _unknown(said: str, kind: str, names: list[str]) -> str:
    if not names:
        return f"The imported exports name no {kind}, so I cannot look for {kind} {said}."
    near = get_close_matches(said, names, n=3, cutoff=0.5)
    hint = f"Did you mean: {_list_names(near)}?" if near else f"It knows: {_list_names(names)}."
    return f'The wallet knows no {kind} "{said}". {hint}'


def _list_names(names: list[str]) -> str:
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return " · ".join(names[:MAX_NAMES]) + more


def credit_price(context: Context, card: str) -> UsdPerCredit | None:
    """Return the contract or list price of a credit; None for other cards, and before credits had a price."""
    prices = credit_prices(context, card)
    return UsdPerCredit(prices.contract) if prices else None


def price_sources(context: Context, card: str) -> tuple[Source, ...]:
    """Return where the price of a credit comes from."""
    return (context.prices.row("flex.usd_per_pack").source,) if credit_price(context, card) else ()


def query_source(*names: str) -> tuple[Source, ...]:
    """Return the queries behind an answer, as sources that tell how to see them."""
    return tuple(Source(f"Query {name} (to see it: sql {name})", None) for name in names)


def span_notes(question: Question, extent: Extent, days: DayRange) -> list[Note]:
    """Return which days are counted if the question does not name any, and why there is no change to show."""
    notes = day_notes(question, days)
    if question.span is not None and not has_before(days, extent):
        notes.append(Note("assumption", f"The data does not hold all of {days.before}, so no change is shown."))
    return notes


def day_notes(question: Question, days: DayRange) -> list[Note]:
    """Return which days are counted, if the question does not name any."""
    if question.span is None:
        return [Note("assumption", f"All days of the data are counted: {days}. Say for example `last 28 days`.")]
    return [Note("assumption", f"Only complete days are counted: {days}.")] if isinstance(question.span, Last) else []


def environment_note(part: Scope, environments: str = "Every environment is counted, sandboxes and unknown ones too") -> Note:
    """Return which part of the wallet the figures cover."""
    said = part.words() + (f", rows of the grain {part.grain}" if part.grain else "")
    said = said.removeprefix(", ")
    if part.environment:
        return Note("assumption", f"Only {said} is counted.")
    return Note("assumption", f"{environments}{f'; only {said}' if said else ''}.")


def part_notes(part: Scope, extent: Extent, days: DayRange) -> list[Note]:
    """Return which part of the wallet the figures of some days cover, and what the finest export lacks of it."""
    return [environment_note(part), *lacking_notes(part, extent, days)]


def lacking_notes(part: Scope, extent: Extent, days: DayRange) -> list[Note]:
    """Return, for days that the finest export does not cover completely, what is counted from the coarser ones.

    That usage names no org, agent or department, so a part by one of these has none of it, and its amount is not disclosed there.
    """
    found = [row for row in extent.lacking if days.first_day <= row.day < days.day_after_last]
    found = [row for row in found if not part.grain and part.environment in {"", row.environment}]
    if not found:
        return []
    finest, dates = found[0].lacking_in, sorted({row.day for row in found})
    when = shown_day(dates[0]) if len(dates) == 1 else f"{len(dates)} days, {DayRange(dates[0], dates[-1] + timedelta(days=1))}"
    if part.is_named:
        unnamed = "what it lacks names no org, agent or department, so it is not counted here"
        return [Note("warning", f"The {EXPORTS[finest]} is not complete ({when}): {unnamed}.")]
    lacking = number(sum((row.credits for row in found), Decimal(0)))
    text = f"{lacking} credits ({when}) are not in the {EXPORTS[finest]}; a coarser export counts them, without names"
    return [Note("warning", f"{text}: “{NOT_IN[finest]}”.")]


def name_of(row: NamedRow) -> str:
    """Return the name in a query's row, or the placeholder for none: that the exports state none, or which of them lacks it."""
    return str(row.name) or NOT_IN.get(row.lacking_in, NOT_STATED)


def provisional_note(extent: Extent, days: DayRange) -> list[Note]:
    """Return a note that the newest days may still grow, if they are counted."""
    if extent.data_through is None or days.day_after_last <= extent.provisional_from:
        return []
    text = f"Days from {shown_day(extent.provisional_from)} on are provisional: late rows may still add to them."
    return [Note("warning", text, "")]
