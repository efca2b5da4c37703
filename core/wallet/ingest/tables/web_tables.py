"""The tables of a web page as rows of text: Salesforce's `.xls` is one."""

from __future__ import annotations

from html.parser import HTMLParser

from core.wallet.ingest.values import bare_number

MAX_SPAN = 1_000


class _Tables(HTMLParser):
    """Collects the cells of every row of every table.

    A cell that spans several columns is in the first; one that spans several rows is in each of them, except for numbers, which
    would count several times.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._span = 1
        self._height = 1
        self._due: dict[int, tuple[int, str]] = {}  # by column: how many rows, this one included, a cell spans, and its text
        self._hanging: dict[int, tuple[int, str]] = {}  # the same for the next row

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._hanging = {}
        elif tag == "tr":
            self._end_cell()
            self.rows.append([])
            self._due, self._hanging = self._hanging, {}
            self._hang()
        elif tag in {"td", "th"}:
            self._end_cell()
            if not self.rows:
                self.rows.append([])
            said = dict(attrs)
            self._cell, self._span, self._height = [], _span(said.get("colspan")), _span(said.get("rowspan"))
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr", "table"}:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        text, width = " ".join("".join(self._cell).split()), max(self._span, 1)
        if self._height > 1:
            place = len(self.rows[-1])
            below = "" if bare_number(text) is not None else text
            self._hanging |= {place + nth: (self._height - 1, "" if nth else below) for nth in range(width)}
        self.rows[-1] += [text, *[""] * (width - 1)]
        self._cell = None
        self._hang()

    def _hang(self) -> None:
        """Insert cells that span down from rows above into the current row, at the next position."""
        row = self.rows[-1]
        while len(row) in self._due:
            left, text = self._due.pop(len(row))
            if left > 1:
                self._hanging[len(row)] = (left - 1, text)
            row.append(text)


def _span(said: str | None) -> int:
    return min(int(said), MAX_SPAN) if said and said.isdigit() else 1


def looks_like_web_page(head: str) -> bool:
    """Whether a text starts like HTML."""
    start = head.lstrip("\ufeff \t\r\n").lower()
    return start.startswith(("<!doctype html", "<html", "<head", "<meta", "<table", "<body", "<div", "<style")) or (
        start.startswith("<!--") and "<table" in start
    )


def table_rows(page: str) -> list[list[str]]:
    """Return the rows of all tables of a page, in order; empty if it has none, such as a log-in page."""
    reader = _Tables()
    reader.feed(page)
    reader.close()
    return [row for row in reader.rows if row]
