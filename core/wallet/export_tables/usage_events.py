"""Enriched usage events: one row per use of an action.

Source: domain.md §6. Headers differ by origin of the export (API names, report labels, query aliases).
"""

from __future__ import annotations

from core.wallet.export_tables.export_table import CardNames, ExportField, ExportTable, NotedRows, text_field
from core.wallet.export_tables.headers_of_use import CARD_DEFINITION, CREDITS, DAY_ALIASES, ENVIRONMENT

EXPORT_TABLE = ExportTable(
    kind="events",
    title="enriched usage events",
    name="usage_events",
    rank=1,
    fields=(
        text_field("id", "Id", "id__c", "TenantBillingUsageEventIdentifier"),
        ExportField(
            "event_time",
            "instant",
            ("Event Time", "eventtime__c", "eventime__c", "EventDateTime", *DAY_ALIASES),
            "the time of use",
            is_required=True,
        ),
        ExportField("processed_time", "instant", ("Processed Time", "processedtime__c")),
        ExportField("credits", "number", CREDITS, "credits", is_required=True),
        ExportField("usage_value", "number", ("Usage Value", "usagevalue__c", "Raw Usage", "Usage Consumed")),
        ExportField("multiplier", "number", ("Multiplier", "multiplier__c")),
        text_field("multiplier_tier", "Multiplier Tier", "multipliertier__c"),
        text_field("unit", "Unit", "unit__c"),
        text_field("usage_type", "Usage Type Developer Name", "usagetypedevelopername__c", "Usage Type"),
        text_field("usage_subtype_0", "Usage Sub Type 0", "usagesubtype0__c"),
        text_field("usage_subtype_1", "Usage Sub Type 1", "usagesubtype1__c"),
        text_field("usage_subtype_2", "Usage Sub Type 2", "usagesubtype2__c"),
        text_field("feature", "Feature Developer Name", "featuredevelopername__c"),
        text_field("resource_type", "Resource Type", "resourcetype__c"),
        text_field("resource", "Resource ID Or API Name", "resourceidorapiname__c", "Action", "Action Name"),
        text_field("root_resource_type", "Root Resource Type", "rootresourcetype__c"),
        text_field(
            "root_resource",
            "Root Resource ID Or API Name",
            "rootresourceidorapiname__c",
            "Agent",
            "Root Agent",
            "Agent Name",
            "Bot",
            "Bot Name",
        ),
        text_field("resource_tags", "Resource Tags", "resourcetags__c"),
        text_field("root_resource_tags", "Root Resource Tags", "rootresourcetags__c"),
        text_field("department", "Department", "Dept", "Cost Center", "Cost Centre", "Abteilung", "Kostenstelle"),
        text_field("use_case", "Use Case"),
        text_field("user_id", "User ID", "userid__c", "UserIdentifier"),
        text_field("card_name", "Card Name", "cardname__c", "Card"),
        text_field("card_definition", *CARD_DEFINITION),
        text_field("reporting_org", "Usage Reporting Org ID", "usagereportingorgid__c", "UsageReportingOrgIdentifier", "Org"),
        text_field("entitlement_org", "Entitlement Org ID", "entitlementorgid__c", "EntitlementOrgIdentifier"),
        text_field("environment", *ENVIRONMENT),
        text_field("correlation_id", "Correlation Identifier", "correlationidentifier__c"),
        text_field("replay_id", "Replay Id", "replayid__c"),
        text_field("additional_info", "Additional Info", "additionalinfo__c"),
    ),
    signature=("event_time",),
    identity=(
        *("event_time", "usage_type", "resource", "root_resource", "resource_tags", "root_resource_tags", "user_id"),
        *("card_name", "card_definition", "reporting_org", "entitlement_org", "environment", "correlation_id", "replay_id"),
        "credits",
    ),
    newest_by=("processed_time",),
    spoken="use",
    grain="event",
    may_be_negative=("credits", "usage_value"),
    time="event_time",
    through="max(coalesce(processed_time, event_time))",
    begins="{row}.event_time",
    is_day_local=True,
    agent="root_resource",
    card="coalesce({row}.card_definition, {row}.card_name)",
    shown_card="coalesce(card_definition, card_name, '')",
    card_names=CardNames(
        "card_name", "card_definition", "root_resource IS NOT NULL OR coalesce(usage_type, '') ILIKE '%action%'"
    ),
    record_ids={"reporting_org": "org", "entitlement_org": "paying_org", "user_id": "user_id"},
    is_folded=True,
    noted=(
        NotedRows(
            (
                "root_resource_tags IN (SELECT tags FROM tag_sets WHERE NOT is_understood)"
                " OR resource_tags IN (SELECT tags FROM tag_sets WHERE NOT is_understood)"
            ),
            "has",
            "have",
            "tags in no known shape; they are kept as they are and name no department.",
        ),
        NotedRows(
            (  # most rows use these exact words, so they are matched first
                "coalesce(environment, '') NOT IN ('production', 'sandbox')"
                " AND lower(trim(coalesce(environment, ''))) NOT IN ('production', 'prod', 'sandbox')"
            ),
            "does not say",
            "do not say",
            "production or sandbox: the environment is unknown.",
        ),
        NotedRows("usage_value IS NULL", "has", "have", "no usage value and counts as one action."),
    ),
)
