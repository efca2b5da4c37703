"""The command line: questions, and operations such as import, sync and serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.cli.console import Console, calling
    from bot.cli.remote import GREETING
    from bot.cli.renderer import render_whole
    from bot.cli.runner import run_command
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "console": "Console calling",
            "remote": "GREETING",
            "renderer": "render_whole",
            "runner": "run_command",
        },
    )

__all__ = ["GREETING", "Console", "calling", "render_whole", "run_command"]
