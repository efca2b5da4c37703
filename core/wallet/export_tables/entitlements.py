"""Entitlement transactions: what was granted and taken back.

Source: domain.md §6. Headers differ by origin of the export (API names, report labels, query aliases).
"""

from __future__ import annotations

from core.wallet.export_tables.export_table import CardNames, ExportField, ExportTable, NotedRows, text_field
from core.wallet.export_tables.headers_of_use import CARD_DEFINITION

EXPORT_TABLE = ExportTable(
    kind="ledger",
    title="entitlement transactions",
    name="entitlements",
    rank=4,
    fields=(
        text_field("id", "Id", "id__c"),
        text_field(
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
        text_field(
            "subtype",
            "Entitlement Transaction Sub Type",
            "entitlementtransactionsubtype__c",
            "Transaction Subtype",
            "Transaction Sub Type",
        ),
        text_field("contract", "Mgmt Org Contract", "mgmtorgcontract__c"),
        text_field("usage_model", "Usage Model", "usagemodel__c"),
        text_field("is_deleted", "Is Deleted", "IsDeleted__c"),
    ),
    signature=("quantity", "start_time"),
    identity=("card", "start_time", "end_time", "type", "subtype", "contract", "usage_model", "quantity"),
    spoken="grants",
    amount="quantity",
    may_be_negative=("quantity",),
    shown_card="card",
    card_names=CardNames("NULL", "said_card", "false"),
    noted=(
        NotedRows("lower(trim(coalesce(subtype, ''))) = 'reparenting'", "is", "are", "Reparenting: recorded but not counted."),
    ),
)
