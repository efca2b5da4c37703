"""app.yaml: loaded, checked against its schema, one module a section."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.config.formula_api import AccessLevel, FormulaApiSettings
    from core.config.loader import Config, GrantInput, load_config
    from core.config.slack import Allowed, Right, SlackRules
    from core.config.spreadsheets import SpreadsheetInput
    from core.config.team_spreadsheets import spreadsheet_urls, spreadsheets_of
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "formula_api": "AccessLevel FormulaApiSettings",
            "loader": "Config GrantInput load_config",
            "slack": "Allowed Right SlackRules",
            "spreadsheets": "SpreadsheetInput",
            "team_spreadsheets": "spreadsheet_urls spreadsheets_of",
        },
    )

__all__ = [
    "AccessLevel",
    "Allowed",
    "Config",
    "FormulaApiSettings",
    "GrantInput",
    "Right",
    "SlackRules",
    "SpreadsheetInput",
    "load_config",
    "spreadsheet_urls",
    "spreadsheets_of",
]
