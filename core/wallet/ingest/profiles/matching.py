"""Which kind of export a row of headers belongs to, and which column delivers what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import ExportError
from core.wallet.ingest.profiles.built_in import DAY_ALIASES, PROFILES
from core.wallet.ingest.profiles.headers import normal_header
from core.wallet.ingest.profiles.model import Profile, ProfileMatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.config import GenericProfile, WalletSettings

MIN_KNOWN_COLUMNS = 3
SHOWN_HEADERS = 8


def newest_by_of(table: str) -> tuple[str, ...]:
    """Return the columns of a wallet table that rank two deliveries of one row, before the file's own age."""
    return next(profile.newest_by for profile in PROFILES if profile.table == table)


def recognise(file_name: str, headers: Sequence[str], settings: WalletSettings) -> ProfileMatch:
    """Return the profile whose signature the headers carry, the one that takes most columns where several do.

    Raises: ExportError, if nothing of the wallet is in the headers, or a column is missing that must be there.
    """
    own = [generic_profile(entry) for entry in settings.profiles]
    matches = sorted((match(profile, headers) for profile in (*PROFILES, *own)), key=_fit, reverse=True)
    best = matches[0]
    if len(best.places) < min(MIN_KNOWN_COLUMNS, len(best.profile.signature) + 1):
        raise ExportError(_nothing_known(file_name, headers))
    _require_columns(file_name, best)
    return best


def known_columns(headers: Sequence[str], settings: WalletSettings) -> int:
    """Return how many of the headers the profile that fits best knows."""
    own = (generic_profile(entry) for entry in settings.profiles)
    return max(len(match(profile, headers).places) for profile in (*PROFILES, *own))


def _fit(found: ProfileMatch) -> tuple[bool, bool, int, bool]:
    """Rank profiles: whole, with all that must be there, with most columns; days called so are days before they are events."""
    profile, places = found.profile, found.places
    is_whole = all(f.column in places for f in profile.fields if f.is_required)
    is_own_time = not any(normal_header(found.header(c)) in DAY_WORDS for c in ("event_time",) if c in places)
    return all(column in places for column in profile.signature), is_whole, len(places), is_own_time


DAY_WORDS = frozenset(map(normal_header, DAY_ALIASES))


def match(profile: Profile, headers: Sequence[str]) -> ProfileMatch:
    """Return which headers deliver which fields of a profile.

    Of two headers for one field the first counts, but `id__c` before `Id`.
    """
    places: dict[str, int] = {}
    normal = [normal_header(header) for header in headers]
    for candidate in profile.fields:
        found = [
            place for place, name in enumerate(normal) if name in candidate.normalized_headers and place not in places.values()
        ]
        if found:
            keys = [place for place in found if headers[place].strip().lower().endswith("id__c")]
            places[candidate.column] = (keys if candidate.column == "id" and keys else found)[0]
    return ProfileMatch(profile, places, tuple(headers))


# What app.yaml may call a field, beside its column.
SPOKEN_FIELDS = {"agent": "root_resource", "action": "resource", "user": "user_id", "card": "card_name", "org": "reporting_org"}


def generic_profile(entry: GenericProfile) -> Profile:
    """Return the built-in profile an entry of app.yaml is like, answering to the entry's headers as well as its own.

    Raises: ExportError, if it names a profile or a field that does not exist.
    """
    base = next((profile for profile in PROFILES if profile.name == entry.like), None)
    if base is None:
        names = ", ".join(profile.name for profile in PROFILES)
        raise ExportError(f"wallet.profiles.{entry.name}.like is {entry.like}: it must be one of {names}.")
    known = {candidate.column for candidate in base.fields}
    columns = {SPOKEN_FIELDS.get(column, column) if column not in known else column: h for column, h in entry.columns.items()}
    for column in columns:
        if column not in known:
            raise ExportError(
                f"wallet.profiles.{entry.name}.columns has {column}: {entry.like} knows {', '.join(sorted(known))}."
            )
    mapped = tuple(
        replace(candidate, headers=(columns[candidate.column], *candidate.headers)) if candidate.column in columns else candidate
        for candidate in base.fields
    )
    return replace(base, name=entry.name, title=f"{entry.name} (mapped in app.yaml)", fields=mapped)


def _require_columns(file_name: str, found: ProfileMatch) -> None:
    for needed in found.profile.fields:
        if needed.is_required and needed.column not in found.places:
            raise ExportError(
                f"{file_name} has no column for {needed.label} (looked for {', '.join(needed.headers[:2])}). "
                "Add it to the report, or map it in app.yaml under wallet.profiles."
            )


def _nothing_known(file_name: str, headers: Sequence[str]) -> str:
    shown = ", ".join(repr(header)[1:-1][:40] for header in headers[:SHOWN_HEADERS])
    more = f" and {len(headers) - SHOWN_HEADERS} more" if len(headers) > SHOWN_HEADERS else ""
    return (
        f"{file_name} is no wallet export that I know: its columns are {shown}{more}. Export the usage events "
        "(Event Time, Units Consumed, …), or map the columns in app.yaml under wallet.profiles."
    )
