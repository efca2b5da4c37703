"""Generative AI usage of agents, by session.

Source: domain.md §6. Headers differ by origin of the export (API names, report labels, query aliases).
"""

from __future__ import annotations

from core.wallet.export_tables.export_table import ExportField, ExportTable, text_field

EXPORT_TABLE = ExportTable(
    kind="ai_usage",
    title="generative AI usage of agents",
    name="ai_usage",
    rank=5,
    fields=(
        text_field("id", "Id", "id__c", "AiAgentGenerativeAiUsageId__c"),
        ExportField("event_time", "instant", ("Timestamp", "Timestamp__c"), "the time of use", is_required=True),
        text_field("session_id", "Ai Agent Session Id", "AiAgentSessionId__c"),
        text_field("interaction_id", "Ai Agent Interaction Id", "AiAgentInteractionId__c"),
        text_field("agent", "Agent Developer Name", "AgentDeveloperName__c"),
        text_field("tool", "Ai Agent Tool Name", "AiAgentToolName__c"),
        text_field("usage_type", "Usage Type Code", "UsageTypeCode__c"),
        ExportField("quantity", "number", ("Usage Quantity", "UsageQuantity__c"), "the usage quantity", is_required=True),
        ExportField("is_billable", "flag", ("Is Billable Indicator", "IsBillableIndicator__c")),
        ExportField("is_metered", "flag", ("Is Metered Indicator", "IsMeteredIndicator__c")),
        ExportField("prompt_tokens", "count", ("Prompt Total Token Count", "PromptTotalTokenCount__c")),
        text_field("user_id", "User Id", "UserId__c"),
    ),
    signature=("quantity", "session_id"),
    identity=("event_time", "session_id", "interaction_id", "agent", "tool", "usage_type", "user_id"),
    spoken="AI usage by session",
    amount="quantity",
    unit="units",
    time="event_time",
    through="max(event_time)",
    begins="{row}.event_time",
    is_day_local=True,
    agent="agent",
    record_ids={"user_id": "user_id"},
    is_folded=True,
)
