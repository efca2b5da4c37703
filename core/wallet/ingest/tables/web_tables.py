"""The tables of a web page as rows of text: Salesforce's `.xls` is one."""

from __future__ import annotations

from html.parser import HTMLParser

MAX_SPAN = 1_000


class _Tables(HTMLParser):
    """Collects the cells of every row of every table; what spans several columns or rows is in its first."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._end_cell()
            self.rows.append([])
        elif tag in {"td", "th"}:
            self._end_cell()
            if not self.rows:
                self.rows.append([])
            span = dict(attrs).get("colspan") or "1"
            self._cell, self._span = [], min(int(span), MAX_SPAN) if span.isdigit() else 1
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr", "table"}:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None:
            self.rows[-1] += [" ".join("".join(self._cell).split()), *[""] * (max(self._span, 1) - 1)]
            self._cell = None


def looks_like_web_page(head: str) -> bool:
    """Whether a text begins as HTML does."""
    start = head.lstrip("\ufeff \t\r\n").lower()
    return start.startswith(("<!doctype html", "<html", "<head", "<meta", "<table", "<body", "<div", "<style")) or (
        start.startswith("<!--") and "<table" in start
    )


def table_rows(page: str) -> list[list[str]]:
    """Return the rows of all tables of a page, in order; empty where it has none, such as a log-in page."""
    reader = _Tables()
    reader.feed(page)
    reader.close()
    return [row for row in reader.rows if row]
