"""The kinds of export there are, and how to know one by its headers.

Source: domain.md §6. Headers differ by where the export came from (API names, report labels, query aliases), so
they are compared in a normal form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from core.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.config import GenericProfile, WalletSettings

FieldKind = Literal["text", "number", "instant", "day", "count", "flag"]

AFFIXES = re.compile(r"__(?:c|dlm|dll)\b|\b(?:std|ssot)__")
MIN_KNOWN_COLUMNS = 3
SHOWN_HEADERS = 8


@dataclass(frozen=True)
class ExportField:
    """One column of the warehouse and the headers that deliver it; the first header is the one we show."""

    column: str
    kind: FieldKind
    headers: tuple[str, ...]
    label: str = ""
    is_required: bool = False

    @cached_property
    def normalized_headers(self) -> frozenset[str]:
        """The headers in normal form."""
        return frozenset(map(normal_header, self.headers))


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of export: the table its rows go to and the columns it may have.

    signature: columns whose presence makes it this kind and no other.
    identity: columns that tell rows apart where the wallet gives no id.
    newest_by: columns that rank two deliveries of one row, before the file's own age.
    """

    name: str
    title: str
    table: str
    fields: tuple[ExportField, ...]
    signature: tuple[str, ...]
    identity: tuple[str, ...]
    newest_by: tuple[str, ...]

    def field(self, column: str) -> ExportField:
        """Return the field of that column. Raises: KeyError."""
        for candidate in self.fields:
            if candidate.column == column:
                return candidate
        raise KeyError(column)


@dataclass(frozen=True, slots=True)
class ProfileMatch:
    """A recognised file: which of its columns (by place) delivers which field; the other columns are kept as JSON."""

    profile: Profile
    places: Mapping[str, int]
    headers: tuple[str, ...]

    @property
    def unknown(self) -> tuple[int, ...]:
        """The places of the columns that no field takes."""
        taken = set(self.places.values())
        return tuple(place for place in range(len(self.headers)) if place not in taken)

    def header(self, column: str) -> str:
        """Return the header that delivers a field, as the file writes it."""
        return self.headers[self.places[column]]


def normal_header(header: str) -> str:
    """Return unitsconsumed for `Units Consumed`, `unitsconsumed__c` or `std__UnitsConsumed__c`."""
    text = header.strip().lstrip("\ufeff").lower().rsplit(": ", 1)[-1].rsplit(".", 1)[-1]
    return re.sub(r"[\s_\-]+", "", AFFIXES.sub("", text))


def _text(column: str, *headers: str) -> ExportField:
    return ExportField(column, "text", headers)


EVENTS = Profile(
    name="events",
    title="enriched usage events",
    table="usage_events",
    fields=(
        _text("id", "Id", "id__c"),
        ExportField("event_time", "instant", ("Event Time", "eventtime__c", "eventime__c"), "the time of use", is_required=True),
        ExportField("processed_time", "instant", ("Processed Time", "processedtime__c")),
        ExportField("credits", "number", ("Units Consumed", "unitsconsumed__c"), "credits", is_required=True),
        ExportField("usage_value", "number", ("Usage Value", "usagevalue__c")),
        ExportField("multiplier", "number", ("Multiplier", "multiplier__c")),
        _text("multiplier_tier", "Multiplier Tier", "multipliertier__c"),
        _text("unit", "Unit", "unit__c"),
        _text("usage_type", "Usage Type Developer Name", "usagetypedevelopername__c", "Usage Type"),
        _text("usage_subtype_0", "Usage Sub Type 0", "usagesubtype0__c"),
        _text("usage_subtype_1", "Usage Sub Type 1", "usagesubtype1__c"),
        _text("usage_subtype_2", "Usage Sub Type 2", "usagesubtype2__c"),
        _text("feature", "Feature Developer Name", "featuredevelopername__c"),
        _text("resource_type", "Resource Type", "resourcetype__c"),
        _text("resource", "Resource ID Or API Name", "resourceidorapiname__c"),
        _text("root_resource_type", "Root Resource Type", "rootresourcetype__c"),
        _text("root_resource", "Root Resource ID Or API Name", "rootresourceidorapiname__c"),
        _text("resource_tags", "Resource Tags", "resourcetags__c"),
        _text("root_resource_tags", "Root Resource Tags", "rootresourcetags__c"),
        _text("user_id", "User ID", "userid__c"),
        _text("card_name", "Card Name", "cardname__c"),
        _text("card_definition", "Card Definition Developer Name", "carddefinitiondevelopername__c"),
        _text("reporting_org", "Usage Reporting Org ID", "usagereportingorgid__c"),
        _text("entitlement_org", "Entitlement Org ID", "entitlementorgid__c"),
        _text("environment", "Usage Business Environment Type", "usagebusinessenvtype__c", "usagebusinessenvironmenttype__c"),
        _text("correlation_id", "Correlation Identifier", "correlationidentifier__c"),
        _text("replay_id", "Replay Id", "replayid__c"),
        _text("additional_info", "Additional Info", "additionalinfo__c"),
    ),
    signature=("event_time",),
    identity=(
        *("event_time", "usage_type", "resource", "root_resource", "resource_tags", "root_resource_tags", "user_id"),
        *("card_name", "card_definition", "reporting_org", "entitlement_org", "environment", "correlation_id", "replay_id"),
    ),
    newest_by=("processed_time",),
)

DAILY = Profile(
    name="daily",
    title="daily consumption",
    table="usage_days",
    fields=(
        _text("id", "Id", "id__c"),
        ExportField("day", "day", ("Utilization Date", "utilizationdate__c"), "the day", is_required=True),
        ExportField("credits", "number", ("Units Consumed", "unitsconsumed__c"), "credits", is_required=True),
        ExportField("usage_value", "number", ("Usage Consumed", "usageconsumed__c")),
        ExportField("multiplier", "number", ("Multiplier", "multiplier__c")),
        _text("multiplier_tier", "Multiplier Tier", "multipliertier__c"),
        _text("unit", "Unit", "unit__c"),
        _text("usage_type", "Usage Type Developer Name", "usagetypedevelopername__c"),
        _text("card_definition", "Card Definition Developer Name", "carddefinitiondevelopername__c", "Card Name"),
        _text("environment", "Usage Business Environment Type", "usagebusinessenvtype__c", "usagebusinessenvironmenttype__c"),
        _text("aggregation", "Usage Aggregation Type", "usageaggregationtype__c"),
    ),
    signature=("day",),
    identity=("day", "card_definition", "usage_type", "environment", "aggregation", "multiplier", "multiplier_tier"),
    newest_by=(),
)

HOURLY = Profile(
    name="hourly",
    title="hourly consumption",
    table="usage_hours",
    fields=(
        _text("id", "Id", "id__c"),
        ExportField("hour_start", "instant", ("Usage Hour Bucket", "usagehourbucket__c"), "the hour", is_required=True),
        ExportField("credits", "number", ("Units Consumed", "unitsconsumed__c"), "credits", is_required=True),
        ExportField("usage_value", "number", ("Usage Consumed", "usageconsumed__c")),
        ExportField("multiplier", "number", ("Multiplier", "multiplier__c")),
        _text("usage_type", "Usage Type Developer Name", "usagetypedevelopername__c"),
        _text("resource", "Resource ID Or API Name", "resourceidorapiname__c"),
        _text("card_definition", "Card Definition Developer Name", "carddefinitiondevelopername__c", "Card Name"),
        _text(
            "environment",
            "Business Environment Type",
            "businessenvtype__c",
            "usagebusinessenvtype__c",
            "usagebusinessenvironmenttype",
        ),
        _text("contract", "Contract", "contract__c"),
        _text("row_detail", "Row Detail", "rowdetail__c"),
    ),
    signature=("hour_start",),
    identity=("hour_start", "card_definition", "usage_type", "resource", "environment", "contract", "multiplier"),
    newest_by=("row_detail = 'PROCESSED'",),
)

LEDGER = Profile(
    name="ledger",
    title="entitlement transactions",
    table="entitlements",
    fields=(
        _text("id", "Id", "id__c"),
        _text(
            "card",
            "Entitlement Card Definition Developer Name",
            "entitlementcarddefdevlname__c",
            "Entitlement Card Def Devl Name",
        ),
        ExportField("quantity", "number", ("Quantity", "quantity__c"), "the credits granted", is_required=True),
        ExportField("start_time", "instant", ("Start Date", "startdate__c"), "the first day of the term", is_required=True),
        ExportField("end_time", "instant", ("End Date", "enddate__c")),
        _text("type", "Entitlement Transaction Type", "entitlementtransactiontype__c"),
        _text(
            "subtype", "Entitlement Transaction Sub Type", "entitlementtransactionsubtype__c", "Entitlement Transaction Subtype"
        ),
        _text("contract", "Mgmt Org Contract", "mgmtorgcontract__c"),
        _text("usage_model", "Usage Model", "usagemodel__c"),
    ),
    signature=("quantity", "type"),
    identity=("card", "start_time", "end_time", "type", "subtype", "contract", "usage_model", "quantity"),
    newest_by=(),
)

AI_USAGE = Profile(
    name="ai_usage",
    title="generative AI usage of agents",
    table="ai_usage",
    fields=(
        _text("id", "Id", "id__c", "AiAgentGenerativeAiUsageId__c"),
        ExportField("event_time", "instant", ("Timestamp", "Timestamp__c"), "the time of use", is_required=True),
        _text("session_id", "Ai Agent Session Id", "AiAgentSessionId__c"),
        _text("interaction_id", "Ai Agent Interaction Id", "AiAgentInteractionId__c"),
        _text("agent", "Agent Developer Name", "AgentDeveloperName__c"),
        _text("tool", "Ai Agent Tool Name", "AiAgentToolName__c"),
        _text("usage_type", "Usage Type Code", "UsageTypeCode__c"),
        ExportField("quantity", "number", ("Usage Quantity", "UsageQuantity__c"), "the usage quantity", is_required=True),
        ExportField("is_billable", "flag", ("Is Billable Indicator", "IsBillableIndicator__c")),
        ExportField("is_metered", "flag", ("Is Metered Indicator", "IsMeteredIndicator__c")),
        ExportField("prompt_tokens", "count", ("Prompt Total Token Count", "PromptTotalTokenCount__c")),
        _text("user_id", "User Id", "UserId__c"),
    ),
    signature=("quantity", "session_id"),
    identity=("event_time", "session_id", "interaction_id", "agent", "tool", "usage_type", "user_id"),
    newest_by=(),
)

BALANCES = Profile(
    name="balances",
    title="balances of computeConsumption",
    table="balance_snapshots",
    fields=(
        _text("card", "cardDefinitionDeveloperName"),
        _text("environment", "businessEnvType"),
        _text("usage_model", "usageModel"),
        ExportField("used_credits", "number", ("unitsConsumed",), "credits used", is_required=True),
        ExportField("granted_credits", "number", ("totalEntitlement",), "credits granted", is_required=True),
        _text("alerts", "consumptionAlerts"),
    ),
    signature=("granted_credits",),
    identity=("card", "environment", "usage_model", "used_credits", "granted_credits", "alerts"),
    newest_by=(),
)

PROFILES = (EVENTS, DAILY, HOURLY, LEDGER, AI_USAGE, BALANCES)


def newest_by_of(table: str) -> tuple[str, ...]:
    """Return the columns of a wallet table that rank two deliveries of one row, before the file's own age."""
    return next(profile.newest_by for profile in PROFILES if profile.table == table)


def recognise(file_name: str, headers: Sequence[str], settings: WalletSettings) -> ProfileMatch:
    """Return the profile whose signature the headers carry, the one that takes most columns where several do.

    Raises: ExportError, if nothing of the wallet is in the headers, or a column is missing that must be there.
    """
    own = [match(generic_profile(entry), headers) for entry in settings.profiles]
    for found in own:
        if all(field.column in found.places for field in found.profile.fields if field.is_required):
            return found
    matches = sorted((match(profile, headers) for profile in PROFILES), key=_fit, reverse=True)
    best = matches[0]
    if len(best.places) < min(MIN_KNOWN_COLUMNS, len(best.profile.signature) + 1):
        raise ExportError(_nothing_known(file_name, headers))
    _require_columns(file_name, best)
    return best


def _fit(found: ProfileMatch) -> tuple[bool, int]:
    return all(column in found.places for column in found.profile.signature), len(found.places)


def match(profile: Profile, headers: Sequence[str]) -> ProfileMatch:
    """Return which headers deliver which fields of a profile; of two headers for one field the first counts."""
    places: dict[str, int] = {}
    normal = [normal_header(header) for header in headers]
    for candidate in profile.fields:
        found = [place for place, name in enumerate(normal) if name in candidate.normalized_headers]
        if found:
            places[candidate.column] = found[0]
    return ProfileMatch(profile, places, tuple(headers))


def generic_profile(entry: GenericProfile) -> Profile:
    """Return the built-in profile an entry of app.yaml is like, answering to the entry's headers only.

    The fields it maps must all be in a file for the file to be of this profile.
    Raises: ExportError, if it names a profile or a field that does not exist.
    """
    base = next((profile for profile in PROFILES if profile.name == entry.like), None)
    if base is None:
        names = ", ".join(profile.name for profile in PROFILES)
        raise ExportError(f"wallet.profiles.{entry.name}.like is {entry.like}: it must be one of {names}.")
    known = {candidate.column for candidate in base.fields}
    for column in entry.columns:
        if column not in known:
            raise ExportError(
                f"wallet.profiles.{entry.name}.columns has {column}: {entry.like} knows {', '.join(sorted(known))}."
            )
    mapped = tuple(
        replace(candidate, headers=(entry.columns[candidate.column],), is_required=True)
        for candidate in base.fields
        if candidate.column in entry.columns
    )
    missing = [f.column for f in base.fields if f.is_required and f.column not in entry.columns]
    if missing:
        raise ExportError(f"wallet.profiles.{entry.name}.columns must also map {' and '.join(missing)}.")
    return replace(base, name=entry.name, title=f"{entry.name} (mapped in app.yaml)", fields=mapped)


def _require_columns(file_name: str, found: ProfileMatch) -> None:
    for needed in found.profile.fields:
        if needed.is_required and needed.column not in found.places:
            raise ExportError(
                f"{file_name} has no column for {needed.label} (looked for {', '.join(needed.headers)}). "
                "Add it to the report, or map it in app.yaml under wallet.profiles."
            )


def _nothing_known(file_name: str, headers: Sequence[str]) -> str:
    shown = ", ".join(repr(header)[1:-1][:40] for header in headers[:SHOWN_HEADERS])
    more = f" and {len(headers) - SHOWN_HEADERS} more" if len(headers) > SHOWN_HEADERS else ""
    return (
        f"{file_name} is no wallet export that I know: its columns are {shown}{more}. Export the usage events "
        "(Event Time, Units Consumed, …), or map the columns in app.yaml under wallet.profiles."
    )
