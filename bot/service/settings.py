"""What a service is to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.records import NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from bot.delivery import MailSettings
    from bot.slack import SlackSettings
    from bot.slack.connection import Installing
    from core.config import Config


class ServicePlan(NamedTuple):
    """What a service is to do. slack, mail: None without it. port: None without HTTP; 0 for any that is free.

    installing: what installations of Slack's app in several workspaces take; None where there is but one.
    """

    config_option: Path | None
    config: Config
    slack: SlackSettings | None
    host: str
    port: int | None
    installing: Installing | None = None
    mail: MailSettings | None = None
