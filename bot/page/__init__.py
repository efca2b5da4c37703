"""The page for people without Slack: ask, look at the wallet, try what if, import; in a browser, or written into one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.page.access import Door
    from bot.page.mapping import form_of
    from bot.page.report import mail_html, write_report
    from bot.page.routes import page_routes
    from bot.page.site import Finding, ImportOutcome, Reading, Site
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "access": "Door",
            "mapping": "form_of",
            "report": "mail_html write_report",
            "routes": "page_routes",
            "site": "Finding ImportOutcome Reading Site",
        },
    )

__all__ = ["Door", "Finding", "ImportOutcome", "Reading", "Site", "form_of", "mail_html", "page_routes", "write_report"]
