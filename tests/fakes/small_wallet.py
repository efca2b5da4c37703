"""A wallet written row by row, and asked: every file of it is imported as a real export is."""

from __future__ import annotations

import csv
from contextlib import nullcontext
from datetime import date
from typing import TYPE_CHECKING, Any

from core.alerts.evaluation import evaluate_alerts
from core.config.loader import Config, Contract, GrantInput
from core.config.wallet import WalletSettings
from core.context import Context
from core.questions.asking import ask
from core.wallet.ingest.pipeline import import_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from core.answer.model import Answer
    from core.warehouse.database import Warehouse

TODAY = date(2026, 11, 21)

Row = dict[str, object]


def context_of(warehouse: Warehouse, config: Config | None = None, as_of: date = TODAY) -> Context:
    """Return a context on an open warehouse."""
    return Context(as_of, config or Config(), lambda: nullcontext(warehouse), has_warehouse=True)


class SmallWallet:
    """A wallet written row by row; every file is imported as a real export is."""

    def __init__(self, warehouse: Warehouse, folder: Path) -> None:
        self.warehouse, self._folder, self._files = warehouse, folder, 0
        self.config = Config()
        self._rows = 0
        self.decides: Callable[[], datetime] | None = None

    def grants_said(self, *grants: GrantInput, start: date | None = None, end: date | None = None) -> SmallWallet:
        """Write grants, and a term, in app.yaml."""
        self.config = self.config._replace(contract=Contract(start, end, grants=grants))
        return self

    def configured(self, **changed: Any) -> SmallWallet:  # noqa: ANN401 - any setting
        """Change settings."""
        self.config = self.config._replace(**changed)
        return self

    def events(self, *rows: Row) -> SmallWallet:
        """Import events; each is a production action of 20 credits on 13 July at 10:00 unless its columns say otherwise."""
        return self._bring([self._event(row) for row in rows])

    def days_of_use(self, first: date, *credits_used: int) -> SmallWallet:
        """Import one event a day, of so many credits each, at noon UTC; late by an hour."""
        return self.events(
            *(
                {
                    "eventtime__c": f"{date.fromordinal(first.toordinal() + nth)}T12:00:00.000Z",
                    "processedtime__c": f"{date.fromordinal(first.toordinal() + nth)}T13:00:00.000Z",
                    "unitsconsumed__c": used,
                }
                for nth, used in enumerate(credits_used)
            )
        )

    def daily_export(self, *rows: tuple[str, int], environment: str = "production") -> SmallWallet:
        """Import rows of the daily export: a day, as the wallet cuts it, and its credits."""
        return self._bring(
            [
                {
                    "id__c": self._next("d"),
                    "utilizationdate__c": f"{day}T00:00:00.000Z",
                    "carddefinitiondevelopername__c": "FlexCredits",
                    "usagetypedevelopername__c": "Agentforce_StandardAction",
                    "unitsconsumed__c": used,
                    "usageconsumed__c": used // 20,
                    "usagebusinessenvtype__c": environment,
                }
                for day, used in rows
            ]
        )

    def ledger(self, *rows: tuple[int, str, str | None, str, str]) -> SmallWallet:
        """Import ledger rows: credits, first day, end day, type, subtype."""
        return self._bring(
            [
                {
                    "id__c": self._next("g"),
                    "entitlementcarddefdevlname__c": "FlexCredits",
                    "quantity__c": quantity,
                    "startdate__c": f"{start}T00:00:00.000Z",
                    "enddate__c": f"{end}T00:00:00.000Z" if end else "",
                    "entitlementtransactiontype__c": kind,
                    "entitlementtransactionsubtype__c": subtype,
                    "mgmtorgcontract__c": "800",
                    "usagemodel__c": "PrePurchased",
                }
                for quantity, start, end, kind, subtype in rows
            ]
        )

    def interactions(self, *rows: tuple[str, str, str, int]) -> SmallWallet:
        """Import AI usage: day, interaction, agent, actions."""
        return self._bring(
            [
                {
                    "Id": self._next("a"),
                    "Timestamp__c": f"{day}T12:00:00.000Z",
                    "AiAgentSessionId__c": f"s-{interaction}",
                    "AiAgentInteractionId__c": interaction,
                    "AgentDeveloperName__c": agent,
                    "AiAgentToolName__c": "Get_Cases",
                    "UsageTypeCode__c": "Agentforce_StandardAction",
                    "UsageQuantity__c": actions,
                    "IsBillableIndicator__c": "true",
                    "IsMeteredIndicator__c": "true",
                    "PromptTotalTokenCount__c": 900,
                    "UserId__c": "",
                }
                for day, interaction, agent, actions in rows
            ]
        )

    def ask(self, text: str, as_of: date = TODAY) -> Answer:
        """Ask this wallet."""
        return ask(text, self.context(as_of))

    def context(self, as_of: date = TODAY) -> Context:
        """Return what this wallet's answers rest on."""
        return context_of(self.warehouse, self.config, as_of)

    def _event(self, changed: Row) -> Row:
        row: Row = {
            "id__c": self._next("e"),
            "eventtime__c": "2026-07-13T10:00:00.000Z",
            "processedtime__c": "2026-07-13T11:00:00.000Z",
            "unitsconsumed__c": 20,
            "usagevalue__c": 1,
            "multiplier__c": 20,
            "usagetypedevelopername__c": "Agentforce_StandardAction",
            "resourceidorapiname__c": "Get_Cases",
            "rootresourceidorapiname__c": "Service_Concierge",
            "rootresourcetags__c": '{"Department": "Service"}',
            "userid__c": "",
            "carddefinitiondevelopername__c": "FlexCredits",
            "usagereportingorgid__c": "00DEMEA",
            "entitlementorgid__c": "00DEMEA",
            "usagebusinessenvtype__c": "production",
        }
        return row | changed

    def _next(self, prefix: str) -> str:
        self._rows += 1
        return f"{prefix}-{self._rows:06d}"

    def _bring(self, rows: list[Row]) -> SmallWallet:
        self._files += 1
        path = self._folder / f"{self._files}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        settings = WalletSettings(time_zone=self.config.time_zone)
        import_files(self.warehouse, [path], settings)
        if self.decides:
            now = self.decides()
            with self.warehouse.writing() as session:
                evaluate_alerts(session, self.context(), now)
        return self
