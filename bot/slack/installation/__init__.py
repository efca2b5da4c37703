"""Where the app is installed: in one workspace or in several."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.slack.installation.workspaces import current_workspace, work_for, working_for
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(__name__, {"workspaces": "current_workspace work_for working_for"})

__all__ = ["current_workspace", "work_for", "working_for"]
