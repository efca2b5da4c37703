"""The wallet as one file: balance, forecast, who used it, why it changed, open alerts. It prints well."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.page.paper import print_page
from bot.page.templating import STATIC, fill
from bot.page.views import view_of
from core.answer import day
from core.errors import InputError
from core.questions import ask

if TYPE_CHECKING:
    from pathlib import Path

    from bot.page.views import AnswerView
    from core.answer import Answer
    from core.context import Context

QUESTIONS = (
    "wallet",
    "forecast",
    "usage by department last 28 days",
    "usage by agent last 28 days",
    "variance last 28 days",
    "alerts",
    "plan purchase 12 months",
)
STYLES, SCRIPTS = ("uPlot.min.css", "page.css"), ("uPlot.iife.min.js", "page.js")
ENDS_SCRIPT = re.compile(r"</(script|style)", re.IGNORECASE)


def write_report(context: Context, path: Path) -> None:
    """Write the report as one file that needs no network: HTML, or a PDF if its name ends in .pdf.

    Raises: InputError, where nothing was imported yet, or nothing here prints a PDF; MachineError; OSError.
    """
    html = report_html(context)
    if path.suffix.lower() == ".pdf":
        print_page(html, path)
    else:
        path.write_text(html, encoding="utf-8")


def report_html(context: Context) -> str:
    """Return the report as HTML. Raises: InputError, if nothing was imported yet."""
    answers = [view for question in QUESTIONS if (view := _view(question, context, is_first=question == QUESTIONS[0]))]
    styles, scripts = ("\n".join(_inline(name) for name in names) for names in (STYLES, SCRIPTS))
    return fill("report.html", answers=answers, on=day(context.as_of), styles=styles, scripts=scripts)


def mail_html(answer: Answer) -> str:
    """Return an alert or a digest as the HTML of a mail: styles stand with what they style, and nothing is fetched."""
    return fill("mail.html", answer=view_of(answer))


def _view(question: str, context: Context, *, is_first: bool) -> AnswerView | None:
    """Return an answer; None if the data cannot give it, except for the first, whose error applies to all."""
    try:
        return view_of(ask(question, context))
    except InputError:
        if is_first:
            raise
        return None


def _inline(name: str) -> str:
    return ENDS_SCRIPT.sub(r"<\\/\1", (STATIC / name).read_text(encoding="utf-8"))
