"""Daily consumption: sums by day, card and type.

Source: domain.md §6. Headers differ by origin of the export (API names, report labels, query aliases).
"""

from __future__ import annotations

from core.wallet.export_tables.export_table import CardNames, ExportField, ExportTable, NotedRows, text_field
from core.wallet.export_tables.headers_of_use import CARD_DEFINITION, CREDITS, DAY_ALIASES, ENVIRONMENT

EXPORT_TABLE = ExportTable(
    kind="daily",
    title="daily consumption",
    name="usage_days",
    rank=2,
    fields=(
        text_field("id", "Id", "id__c"),
        ExportField("day", "day", ("Utilization Date", "utilizationdate__c", *DAY_ALIASES), "the day", is_required=True),
        ExportField("credits", "number", CREDITS, "credits", is_required=True),
        ExportField("usage_value", "number", ("Usage Consumed", "usageconsumed__c", "Raw Usage", "Usage Value")),
        ExportField("multiplier", "number", ("Multiplier", "multiplier__c")),
        text_field("multiplier_tier", "Multiplier Tier", "multipliertier__c"),
        text_field("unit", "Unit", "unit__c"),
        text_field("usage_type", "Usage Type Developer Name", "usagetypedevelopername__c"),
        text_field("card_definition", *CARD_DEFINITION, "Card Name", "Card"),
        text_field("environment", *ENVIRONMENT),
        text_field("aggregation", "Usage Aggregation Type", "usageaggregationtype__c"),
    ),
    signature=("day",),
    identity=("day", "card_definition", "usage_type", "environment", "aggregation", "multiplier", "multiplier_tier"),
    spoken="use by day",
    grain="day",
    may_be_negative=("credits", "usage_value"),
    time="day",
    through="max(CAST(day AS TIMESTAMP))",
    begins="CAST({row}.day AS TIMESTAMP)",
    counts="upper(trim(coalesce(aggregation, 'SUM'))) <> 'MAX'",
    card="{row}.card_definition",
    shown_card="coalesce(card_definition, '')",
    card_names=CardNames("NULL", "card_definition", "coalesce(usage_type, '') ILIKE '%action%'"),
    noted=(
        NotedRows("upper(aggregation) = 'MAX'", "is a level", "are levels", "(MAX), such as storage: kept but never summed."),
    ),
)
