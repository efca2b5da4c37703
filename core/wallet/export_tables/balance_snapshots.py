"""Balances that the wallet itself states.

Source: domain.md §6. Headers differ by origin of the export (API names, report labels, query aliases).
"""

from __future__ import annotations

from core.wallet.export_tables.export_table import CardNames, ExportField, ExportTable, text_field

EXPORT_TABLE = ExportTable(
    kind="balances",
    title="balances of computeConsumption",
    name="balance_snapshots",
    rank=6,
    fields=(
        text_field("card", "cardDefinitionDeveloperName"),
        text_field("environment", "businessEnvType"),
        text_field("usage_model", "usageModel"),
        ExportField("used_credits", "number", ("unitsConsumed",), "credits used", is_required=True),
        ExportField("granted_credits", "number", ("totalEntitlement",), "credits granted", is_required=True),
        text_field("alerts", "consumptionAlerts"),
    ),
    signature=("granted_credits",),
    identity=("card", "environment", "usage_model", "used_credits", "granted_credits", "alerts"),
    amount="used_credits",
    card_names=CardNames("NULL", "said_card", "false"),
)
