"""Reads free text, English and German, as questions of the strict language; no part of the text is dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.language.free_text.interpreter import AskBack, interpret
    from core.language.free_text.items import Names
    from core.language.free_text.readings import Interpretation
    from core.language.free_text.time_spans import TeamCalendar
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "interpreter": "AskBack interpret",
            "items": "Names",
            "readings": "Interpretation",
            "time_spans": "TeamCalendar",
        },
    )

__all__ = ["AskBack", "Interpretation", "Names", "TeamCalendar", "interpret"]
