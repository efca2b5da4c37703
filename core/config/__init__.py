"""app.yaml: loading and checking against its schema, with one module per section."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.config.alerts import AlertSettings
    from core.config.backup import BackupSettings, Bucket, RetentionSettings, bucket_of
    from core.config.budgets import BUDGET_KINDS, BUDGET_PERIODS, Budget, TypedBudget, budget_of, budgets_on, entry_problems
    from core.config.contract import price_shape
    from core.config.editing import ChannelPlan, add_profile, connect_channel, lines_for, profile_lines
    from core.config.first_file import FirstQuestion, first_file, first_questions
    from core.config.formula_api import AccessLevel, FormulaApiSettings
    from core.config.loader import Config, GrantInput, load_config, zone_named
    from core.config.service import folder_deprecations, rejected_folder
    from core.config.slack import Allowed, Right, SlackOAuth, SlackRules
    from core.config.spreadsheets import SpreadsheetInput
    from core.config.team_spreadsheets import spreadsheet_urls, spreadsheets_of
    from core.config.teams import MEMBER, WEEKDAYS, Address, AddressKind, Team, watching
    from core.config.tickets import TicketRule, TicketSettings
    from core.config.wallet import (
        ENCODINGS,
        AmountUnit,
        DateOrder,
        DecimalMark,
        Drawdown,
        GenericProfile,
        SourceSettings,
        WalletSettings,
    )
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "alerts": "AlertSettings",
            "backup": "BackupSettings Bucket RetentionSettings bucket_of",
            "budgets": "BUDGET_KINDS BUDGET_PERIODS Budget TypedBudget budget_of budgets_on entry_problems",
            "contract": "price_shape",
            "editing": "ChannelPlan add_profile connect_channel lines_for profile_lines",
            "first_file": "FirstQuestion first_file first_questions",
            "formula_api": "AccessLevel FormulaApiSettings",
            "loader": "Config GrantInput load_config zone_named",
            "service": "folder_deprecations rejected_folder",
            "slack": "Allowed Right SlackOAuth SlackRules",
            "spreadsheets": "SpreadsheetInput",
            "team_spreadsheets": "spreadsheet_urls spreadsheets_of",
            "teams": "Address AddressKind MEMBER Team WEEKDAYS watching",
            "tickets": "TicketRule TicketSettings",
            "wallet": "AmountUnit DateOrder DecimalMark Drawdown ENCODINGS GenericProfile SourceSettings WalletSettings",
        },
    )

__all__ = [
    "BUDGET_KINDS",
    "BUDGET_PERIODS",
    "ENCODINGS",
    "MEMBER",
    "WEEKDAYS",
    "AccessLevel",
    "Address",
    "AddressKind",
    "AlertSettings",
    "Allowed",
    "AmountUnit",
    "BackupSettings",
    "Bucket",
    "Budget",
    "ChannelPlan",
    "Config",
    "DateOrder",
    "DecimalMark",
    "Drawdown",
    "FirstQuestion",
    "FormulaApiSettings",
    "GenericProfile",
    "GrantInput",
    "RetentionSettings",
    "Right",
    "SlackOAuth",
    "SlackRules",
    "SourceSettings",
    "SpreadsheetInput",
    "Team",
    "TicketRule",
    "TicketSettings",
    "TypedBudget",
    "WalletSettings",
    "add_profile",
    "bucket_of",
    "budget_of",
    "budgets_on",
    "connect_channel",
    "entry_problems",
    "first_file",
    "first_questions",
    "folder_deprecations",
    "lines_for",
    "load_config",
    "price_shape",
    "profile_lines",
    "rejected_folder",
    "spreadsheet_urls",
    "spreadsheets_of",
    "watching",
    "zone_named",
]
