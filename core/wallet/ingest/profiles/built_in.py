"""The kinds of export there are.

Source: domain.md §6. Headers differ by where the export came from (API names, report labels, query aliases).
"""

from __future__ import annotations

from core.wallet.ingest.profiles.model import ExportField, Profile


def _text(column: str, *headers: str) -> ExportField:
    return ExportField(column, "text", headers)


CREDITS = (
    "Units Consumed",
    "unitsconsumed__c",
    "Credits Consumed",
    "Credits",
    "Credits Used",
    "Flex Credits Consumed",
    "Used Credits",
    "Flex Credits Used",
)
DAY_ALIASES = ("Usage Day", "Usage Date", "Day", "Date", "Utilization Day")
CARD_DEFINITION = ("Card Definition Developer Name", "carddefinitiondevelopername__c", "Card Definition", "Card Developer Name")
ENVIRONMENT = (
    "Usage Business Environment Type",
    "usagebusinessenvtype__c",
    "usagebusinessenvironmenttype__c",
    "Business Env Type",
    "Environment",
    "Environment Type",
)

EVENTS = Profile(
    name="events",
    title="enriched usage events",
    table="usage_events",
    fields=(
        _text("id", "Id", "id__c", "TenantBillingUsageEventIdentifier"),
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
        _text("multiplier_tier", "Multiplier Tier", "multipliertier__c"),
        _text("unit", "Unit", "unit__c"),
        _text("usage_type", "Usage Type Developer Name", "usagetypedevelopername__c", "Usage Type"),
        _text("usage_subtype_0", "Usage Sub Type 0", "usagesubtype0__c"),
        _text("usage_subtype_1", "Usage Sub Type 1", "usagesubtype1__c"),
        _text("usage_subtype_2", "Usage Sub Type 2", "usagesubtype2__c"),
        _text("feature", "Feature Developer Name", "featuredevelopername__c"),
        _text("resource_type", "Resource Type", "resourcetype__c"),
        _text("resource", "Resource ID Or API Name", "resourceidorapiname__c", "Action", "Action Name"),
        _text("root_resource_type", "Root Resource Type", "rootresourcetype__c"),
        _text(
            "root_resource",
            "Root Resource ID Or API Name",
            "rootresourceidorapiname__c",
            "Agent",
            "Root Agent",
            "Agent Name",
            "Bot",
            "Bot Name",
        ),
        _text("resource_tags", "Resource Tags", "resourcetags__c"),
        _text("root_resource_tags", "Root Resource Tags", "rootresourcetags__c"),
        _text("department", "Department", "Dept", "Cost Center", "Cost Centre", "Abteilung", "Kostenstelle"),
        _text("use_case", "Use Case"),
        _text("user_id", "User ID", "userid__c", "UserIdentifier"),
        _text("card_name", "Card Name", "cardname__c", "Card"),
        _text("card_definition", *CARD_DEFINITION),
        _text("reporting_org", "Usage Reporting Org ID", "usagereportingorgid__c", "UsageReportingOrgIdentifier", "Org"),
        _text("entitlement_org", "Entitlement Org ID", "entitlementorgid__c", "EntitlementOrgIdentifier"),
        _text("environment", *ENVIRONMENT),
        _text("correlation_id", "Correlation Identifier", "correlationidentifier__c"),
        _text("replay_id", "Replay Id", "replayid__c"),
        _text("additional_info", "Additional Info", "additionalinfo__c"),
    ),
    signature=("event_time",),
    identity=(
        *("event_time", "usage_type", "resource", "root_resource", "resource_tags", "root_resource_tags", "user_id"),
        *("card_name", "card_definition", "reporting_org", "entitlement_org", "environment", "correlation_id", "replay_id"),
        "credits",
    ),
    newest_by=("processed_time",),
)

DAILY = Profile(
    name="daily",
    title="daily consumption",
    table="usage_days",
    fields=(
        _text("id", "Id", "id__c"),
        ExportField("day", "day", ("Utilization Date", "utilizationdate__c", *DAY_ALIASES), "the day", is_required=True),
        ExportField("credits", "number", CREDITS, "credits", is_required=True),
        ExportField("usage_value", "number", ("Usage Consumed", "usageconsumed__c", "Raw Usage", "Usage Value")),
        ExportField("multiplier", "number", ("Multiplier", "multiplier__c")),
        _text("multiplier_tier", "Multiplier Tier", "multipliertier__c"),
        _text("unit", "Unit", "unit__c"),
        _text("usage_type", "Usage Type Developer Name", "usagetypedevelopername__c"),
        _text("card_definition", *CARD_DEFINITION, "Card Name", "Card"),
        _text("environment", *ENVIRONMENT),
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
        ExportField("credits", "number", CREDITS, "credits", is_required=True),
        ExportField("usage_value", "number", ("Usage Consumed", "usageconsumed__c", "Raw Usage", "Usage Value")),
        ExportField("multiplier", "number", ("Multiplier", "multiplier__c")),
        _text("usage_type", "Usage Type Developer Name", "usagetypedevelopername__c"),
        _text("resource", "Resource ID Or API Name", "resourceidorapiname__c"),
        _text("card_definition", *CARD_DEFINITION, "Card Name", "Card"),
        _text("environment", "Business Environment Type", "businessenvtype__c", *ENVIRONMENT),
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
            *CARD_DEFINITION,
            "Card Name",
        ),
        ExportField("quantity", "number", ("Quantity", "quantity__c"), "the credits granted", is_required=True),
        ExportField("start_time", "instant", ("Start Date", "startdate__c"), "the first day of the term", is_required=True),
        ExportField("end_time", "instant", ("End Date", "enddate__c")),
        ExportField(
            "type",
            "text",
            ("Entitlement Transaction Type", "entitlementtransactiontype__c", "Transaction Type"),
            "the transaction type",
            is_required=True,
        ),
        _text(
            "subtype",
            "Entitlement Transaction Sub Type",
            "entitlementtransactionsubtype__c",
            "Transaction Subtype",
            "Transaction Sub Type",
        ),
        _text("contract", "Mgmt Org Contract", "mgmtorgcontract__c"),
        _text("usage_model", "Usage Model", "usagemodel__c"),
        _text("is_deleted", "Is Deleted", "IsDeleted__c"),
    ),
    signature=("quantity", "start_time"),
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
