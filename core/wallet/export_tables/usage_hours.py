"""Hourly consumption: sums by hour and action.

Source: domain.md §6. Headers differ by origin of the export (API names, report labels, query aliases).
"""

from __future__ import annotations

from core.wallet.export_tables.export_table import CardNames, ExportField, ExportTable, NotedRows, text_field
from core.wallet.export_tables.headers_of_use import CARD_DEFINITION, CREDITS, ENVIRONMENT

EXPORT_TABLE = ExportTable(
    kind="hourly",
    title="hourly consumption",
    name="usage_hours",
    rank=3,
    fields=(
        text_field("id", "Id", "id__c"),
        ExportField("hour_start", "instant", ("Usage Hour Bucket", "usagehourbucket__c"), "the hour", is_required=True),
        ExportField("credits", "number", CREDITS, "credits", is_required=True),
        ExportField("usage_value", "number", ("Usage Consumed", "usageconsumed__c", "Raw Usage", "Usage Value")),
        ExportField("multiplier", "number", ("Multiplier", "multiplier__c")),
        text_field("usage_type", "Usage Type Developer Name", "usagetypedevelopername__c"),
        text_field("resource", "Resource ID Or API Name", "resourceidorapiname__c"),
        text_field("card_definition", *CARD_DEFINITION, "Card Name", "Card"),
        text_field("environment", "Business Environment Type", "businessenvtype__c", *ENVIRONMENT),
        text_field("contract", "Contract", "contract__c"),
        text_field("row_detail", "Row Detail", "rowdetail__c"),
    ),
    signature=("hour_start",),
    identity=("hour_start", "card_definition", "usage_type", "resource", "environment", "contract", "multiplier"),
    newest_by=("row_detail = 'PROCESSED'",),
    spoken="use by hour",
    grain="hour",
    may_be_negative=("credits", "usage_value"),
    time="hour_start",
    through="max(hour_start)",
    begins="{row}.hour_start",
    is_day_local=True,
    counts="(row_detail IS NULL OR row_detail = 'PROCESSED')",
    card="{row}.card_definition",
    shown_card="coalesce(card_definition, '')",
    card_names=CardNames("NULL", "card_definition", "coalesce(usage_type, '') ILIKE '%action%'"),
    noted=(NotedRows("row_detail <> 'PROCESSED'", "is", "are", "not PROCESSED yet: kept but not counted."),),
)
