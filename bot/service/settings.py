"""What a service is to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from bot.delivery import MailSettings
    from bot.slack import SlackSettings
    from core.config import Config


class ServicePlan(NamedTuple):
    """What a service is to do. slack, mail: None without it. port: None without HTTP; 0 for any that is free."""

    config_option: Path | None
    config: Config
    slack: SlackSettings | None
    host: str
    port: int | None
    mail: MailSettings | None = None
