"""Which kind of export a row of headers belongs to, and which column delivers what."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import ExportError
from core.wallet.export_tables import DAY_ALIASES, normal_header
from core.wallet.ingest.profiles.model import PROFILES, Profile, ProfileMatch
from core.wallet.ingest.values import file_reasons as reasons
from core.wallet.ingest.values import is_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.config import GenericProfile, WalletSettings
    from core.wallet.export_tables import ExportField

MIN_KNOWN_COLUMNS = 3
SHOWN_HEADERS = 8


def newest_by_of(table: str) -> tuple[str, ...]:
    """Return the columns of a wallet table that rank two deliveries of one row, before the file's own age."""
    return next(profile.newest_by for profile in PROFILES if profile.table == table)


def recognise(file_name: str, headers: Sequence[str], settings: WalletSettings) -> ProfileMatch:
    """Return the profile whose signature is in the headers, the one that matches most columns if several do.

    Raises: ExportError, if no header belongs to the wallet, or a required column is missing.
    """
    own = [generic_profile(entry) for entry in settings.profiles]
    found = [match(profile, headers) for profile in (*PROFILES, *own)]
    matches = sorted((one for one in found if _may_be(one)), key=_fit, reverse=True)
    best = matches[0]
    if len(best.places) < min(MIN_KNOWN_COLUMNS, len(best.profile.signature) + 1):
        raise ExportError(_nothing_known(file_name, headers))
    _require_columns(file_name, best)
    return best


def known_columns(headers: Sequence[str], settings: WalletSettings) -> int:
    """Return how many of the headers the profile that fits best knows."""
    own = (generic_profile(entry) for entry in settings.profiles)
    return max(len(match(profile, headers).places) for profile in (*PROFILES, *own))


def _may_be(found: ProfileMatch) -> bool:
    """Whether a profile can match the file: one in another unit than credits only if all its mapped columns are there."""
    mapped = found.profile.mapped
    return mapped is None or mapped.unit == "credits" or found.has_all_mapped


def _fit(found: ProfileMatch) -> tuple[bool, bool, int, bool, bool]:
    """Rank profiles: complete, with all required columns, with most columns, mapped for such a file; days before events."""
    profile, places = found.profile, found.places
    is_whole = all(f.column in places for f in profile.fields if f.is_required)
    is_own_time = not any(normal_header(found.header(c)) in DAY_WORDS for c in ("event_time",) if c in places)
    return all(column in places for column in profile.signature), is_whole, len(places), found.is_own, is_own_time


DAY_WORDS = frozenset(map(normal_header, DAY_ALIASES))


def match(profile: Profile, headers: Sequence[str]) -> ProfileMatch:
    """Return which headers deliver which fields of a profile.

    If two headers match a field, the first counts, but `id__c` before `Id`.
    """
    places: dict[str, int] = {}
    normal = [normal_header(header) for header in headers]
    for candidate in profile.fields:
        found = [
            place for place, name in enumerate(normal) if name in candidate.normalized_headers and place not in places.values()
        ]
        if found:
            keys = [place for place in found if headers[place].strip().lower().endswith("id__c")]
            said = [place for place in found if profile.mapped and headers[place].strip() == candidate.headers[0].strip()]
            places[candidate.column] = ((keys if candidate.column == "id" else said) or found)[0]
    return ProfileMatch(profile, places, tuple(headers))


def hand_down(cells: Mapping[str, object], headers: Sequence[str] = ()) -> dict[str, object]:
    """Return the cells above a list of rows that apply to each row: no amounts and no ids.

    headers: the rows' own columns; a fact among them is not handed down.
    """
    said = set(map(normal_header, headers))
    return {
        key: cell
        for key, cell in cells.items()
        if cell is not None and (names := _names_of_fact(normal_header(key))) and not names & said
    }


def _names_of_fact(name: str) -> frozenset[str]:
    """Return all headers of the same field, in normal form; empty for an amount, an id or an unknown header."""
    facts = (f for profile in PROFILES for f in profile.fields if f.column != "id" and f.kind in {"text", "instant", "day"})
    return frozenset().union(*(f.normalized_headers for f in facts if name in f.normalized_headers))


# Users' words for a field; the first of the columns that the profile has is meant.
SPOKEN_FIELDS = {
    "date": ("event_time", "day", "hour_start", "start_time"),
    "time": ("event_time", "hour_start", "start_time"),
    "credits": ("credits", "quantity", "used_credits"),
    "amount": ("credits", "quantity", "used_credits"),
    "actions": ("usage_value",),
    "agent": ("root_resource", "agent"),
    "action": ("resource", "tool"),
    "department": ("department",),
    "use case": ("use_case",),
    "user": ("user_id",),
    "environment": ("environment",),
    "card": ("card_name", "card_definition", "card"),
    "org": ("reporting_org",),
    "type": ("usage_type", "type"),
    "id": ("id",),
}


def field_called(word: str, base: Profile) -> str | None:
    """Return the column that a word of app.yaml or the command line means in a profile; None for none."""
    known = {candidate.column for candidate in base.fields}
    plain = word.strip().lower().replace("_", " ")
    return next((column for column in (word, plain.replace(" ", "_"), *SPOKEN_FIELDS.get(plain, ())) if column in known), None)


def spoken_fields(base: Profile) -> dict[str, str]:
    """Return what people call the fields of a profile, each word with its column."""
    found = {word: field_called(word, base) for word in SPOKEN_FIELDS}
    return {word: column for word, column in found.items() if column}


def base_profile(like: str, place: str) -> Profile:
    """Return the built-in profile of a name. place: where it was written. Raises: ExportError, if there is none."""
    base = next((profile for profile in PROFILES if profile.name == like), None)
    if base is None:
        raise ExportError(f"{place} is {like}: it must be one of {', '.join(profile.name for profile in PROFILES)}.")
    return base


def generic_profile(entry: GenericProfile) -> Profile:
    """Return the built-in profile that an entry of app.yaml is like, accepting the entry's headers as well as its own.

    Raises: ExportError, if it names a profile or a field that does not exist, or a unit without its rate.
    """
    base = base_profile(entry.like, f"wallet.profiles.{entry.name}.like")
    columns: dict[str, str] = {}
    for word, header in entry.columns.items():
        column = field_called(word, base)
        if column is None:
            known = ", ".join(dict.fromkeys([*spoken_fields(base), *(one.column for one in base.fields)]))
            raise ExportError(f"wallet.profiles.{entry.name}.columns has {word}: {entry.like} knows {known}.")
        columns[column] = header
    if (entry.unit == "credits") != (entry.rate is None):
        raise ExportError(
            f"wallet.profiles.{entry.name} counts {entry.unit} and has {'no' if entry.rate is None else 'a'} rate: actions need "
            f"credits per action, dollars need dollars per credit, and credits need no rate."
        )
    mapped = tuple(
        replace(candidate, headers=(columns[candidate.column], *candidate.headers))
        for candidate in base.fields
        if candidate.column in columns
    )
    rest = tuple(candidate for candidate in base.fields if candidate.column not in columns)
    return replace(base, name=entry.name, title=f"{entry.name} (mapped in app.yaml)", fields=(*mapped, *rest), mapped=entry)


def _require_columns(file_name: str, found: ProfileMatch) -> None:
    for needed in found.profile.fields:
        if needed.is_required and needed.column not in found.places:
            raise ExportError(
                f"{file_name} has no column for {needed.label} (looked for {', '.join(needed.headers[:2])}). "
                f"Add it to the report, or say which column it is: {learning(file_name)} --map {word_for(needed)}=…"
            )


def word_for(field: ExportField) -> str:
    """Return the user's word for a field."""
    return next((word for word, columns in SPOKEN_FIELDS.items() if field.column in columns), field.column)


def _nothing_known(file_name: str, headers: Sequence[str]) -> str:
    days = [header for header in headers if is_time(header)]
    if len(days) > 1:
        return reasons.DAYS_AS_COLUMNS.tell(name=file_name, first=days[0], second=days[1])
    shown = ", ".join(repr(header)[1:-1][:40] for header in headers[:SHOWN_HEADERS])
    more = f" and {len(headers) - SHOWN_HEADERS} more" if len(headers) > SHOWN_HEADERS else ""
    return (
        f"{file_name} is not a wallet export that I know: its columns are {shown}{more}. See how it could be read: "
        f"{learning(file_name)}. Or say what its columns are: {learning(file_name)} --map date=… --map credits=…."
    )


def learning(file_name: str) -> str:
    """Return the command that proposes how to read a file of this name, or the file on disk that contains it."""
    return f"agentcost import --learn {shlex.quote(file_name.partition('/')[0])}"
