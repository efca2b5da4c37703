"""Charges as FOCUS rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.focus.export import write_focus
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "export": "write_focus",
        },
    )

__all__ = ["write_focus"]
