"""Where the app is installed, in one workspace or in several, and the tokens with which Slack is called there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.slack.installation.tokens import (
        EXPIRED,
        FixedToken,
        InstallationBook,
        Installations,
        InstalledApp,
        Renew,
        RenewedToken,
        RenewedTokens,
        TokenBook,
        TokenError,
        TokenSource,
    )
    from bot.slack.installation.workspaces import current_workspace, work_for, working_for
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "tokens": (
                "EXPIRED FixedToken InstallationBook Installations InstalledApp Renew RenewedToken RenewedTokens TokenBook "
                "TokenError TokenSource"
            ),
            "workspaces": "current_workspace work_for working_for",
        },
    )

__all__ = [
    "EXPIRED",
    "FixedToken",
    "InstallationBook",
    "Installations",
    "InstalledApp",
    "Renew",
    "RenewedToken",
    "RenewedTokens",
    "TokenBook",
    "TokenError",
    "TokenSource",
    "current_workspace",
    "work_for",
    "working_for",
]
