"""Export files as people might have them, drawn at random: how they are encoded, cut, headed, footed, keyed, and written.

Every file states the same events in some way; what they come to is known apart from how they are written.
By hand: `python -m tests.harness.mutated_exports COUNT [SEED]` imports so many deliveries and prints each that is wrong.
"""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import shutil
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Literal

import xlsxwriter

from core.config.wallet import WalletSettings
from core.errors import ExportError
from core.wallet.ingest.pipeline import import_files
from core.warehouse.database import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.warehouse.database import Warehouse

Rows = list[list[str]]
AGENTS = (
    "Alpha",
    "Beta, the second",
    'Gamma "G"',
    "Müller-Bot",
    "Totalizer",
    "Count Dracula",
    "受付エージェント",
    "客户服务助理",
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FRENCH = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
ORGS = ("00DHs00000EMEA1MAB", "00DHs00000EMEA1")


@dataclass(frozen=True)
class Event:
    """One use of an agent."""

    key: str
    time: datetime
    credits: Decimal
    agent: str


@dataclass(frozen=True)
class Delivery:
    """One file, and in words how it was made."""

    name: str
    content: bytes
    made: str


def draw_events(random: Random) -> list[Event]:
    """Return two to twelve events within three weeks; some have thousands of credits, some a fraction, some are alike."""
    events: list[Event] = []
    start = datetime(2026, random.choice((6, 7)), random.randint(1, 28), tzinfo=UTC)
    fraction = random.random() < 0.3
    for number in range(random.randint(2, 12)):
        if events and random.random() < 0.1:
            events.append(replace(events[-1], key=f"e{number + 1}"))
            continue
        amount = Decimal(random.choice((16, 20, 30, 40, 60, 999, 1_000, 1_200, 12_345, 1_234_567)))
        amount += Decimal(random.choice(("0.5", "0.25", "0.125"))) if fraction and random.random() < 0.5 else 0
        moment = start + timedelta(minutes=random.randint(0, 20 * 24 * 60), seconds=random.choice((0, 0, random.randint(0, 59))))
        events.append(Event(f"e{number + 1}", moment, amount, random.choice(AGENTS)))
    return events


def _grouped(mark: str, decimal: str = ".") -> Callable[[Decimal], str]:
    return lambda amount: f"{amount:,}".replace(",", "g").replace(".", decimal).replace("g", mark)


def _indian(amount: Decimal) -> str:
    whole, _, rest = str(amount).partition(".")
    head, tail = whole[:-3], whole[-3:]
    pairs: list[str] = []
    while head:
        head, pair = head[:-2], head[-2:]
        pairs.insert(0, pair)
    return ",".join([*pairs, tail]) + (f".{rest}" if rest else "")


NUMBERS: dict[str, Callable[[Decimal], str]] = {
    "1200.5": str,
    "1200,5": lambda amount: str(amount).replace(".", ","),
    "1,200.5": _grouped(","),
    "1.200,5": _grouped(".", ","),
    "1 200,5": _grouped(" ", ","),
    "1 200.5": _grouped(" "),
    "1nbsp200,5": _grouped("\u00a0", ","),
    "1nnbsp200,5": _grouped("\u202f", ","),
    "1'200.5": _grouped("'"),
    "1’200.5": _grouped("’"),
    "1,20,000": _indian,
    "1200.50": lambda amount: f"{amount:.3f}",
    "1,200.50": lambda amount: f"{amount:,.3f}",
    "1200 credits": lambda amount: f"{amount} credits",
    "$1,200": lambda amount: f"${amount:,}",
    '="1200"': lambda amount: f'="{amount}"',
}


def _clock12(time: datetime, *, seconds: bool = False) -> str:
    return time.strftime("%I:%M:%S %p" if seconds else "%I:%M %p").lstrip("0")


TIMES: dict[str, Callable[[datetime], str]] = {
    "iso Z": lambda t: t.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    "iso offset": lambda t: t.astimezone().replace(tzinfo=None).isoformat() + "+00:00",
    "iso +0200": lambda t: (t + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S.000+0200"),
    "iso": lambda t: t.strftime("%Y-%m-%d %H:%M:%S"),
    "iso minute": lambda t: t.strftime("%Y-%m-%d %H:%M"),
    "m/d/y": lambda t: f"{t.month}/{t.day}/{t.year}, {_clock12(t)}",
    "m/d/y s": lambda t: f"{t.month}/{t.day}/{t.year} {_clock12(t, seconds=True)}",
    "d/m/y": lambda t: f"{t.day:02}/{t.month:02}/{t.year} {t:%H:%M}",
    "d.m.y": lambda t: f"{t.day:02}.{t.month:02}.{t.year}, {t:%H:%M}",
    "d. m. y": lambda t: f"{t.day}. {t.month}. {t.year} {t.hour}:{t:%M}",
    "d-mon-y": lambda t: f"{t.day:02}-{MONTHS[t.month - 1]}-{t.year} {t:%H:%M:%S}",
    "mon d, y": lambda t: f"{MONTHS[t.month - 1]} {t.day}, {t.year}, {_clock12(t)}",
    "rfc1123": lambda t: t.strftime("%a, %d %b %Y %H:%M:%S GMT"),
    "epoch": lambda t: str(int(t.timestamp())),
    "epoch ms": lambda t: str(int(t.timestamp()) * 1000),
    "serial": lambda t: repr(round((t - datetime(1899, 12, 30, tzinfo=UTC)) / timedelta(days=1), 9)),
    "y/m/d": lambda t: f"{t.year}/{t.month:02}/{t.day:02} {t:%H:%M}",
    "zh": lambda t: f"{t.year}年{t.month}月{t.day}日 {t:%H:%M}",
    "ko": lambda t: f"{t.year}. {t.month}. {t.day}. {'오전' if t.hour < 12 else '오후'} {(t.hour - 1) % 12 + 1}:{t:%M}",
    "fr": lambda t: f"{t.day} {FRENCH[t.month - 1]} {t.year} à {t:%H:%M}",
    "basic": lambda t: t.strftime("%Y%m%dT%H%M%SZ"),
    "pdt": lambda t: (t - timedelta(hours=7)).strftime("%Y-%m-%d %H:%M:%S PDT"),
    "gmt+2": lambda t: (
        f"{MONTHS[t.month - 1]} {(t + timedelta(hours=2)).day}, {t.year} {_clock12(t + timedelta(hours=2), seconds=True)} GMT+2"
        if (t + timedelta(hours=2)).month == t.month
        else t.strftime("%Y-%m-%dT%H:%M:%SZ")
    ),
}
HEADERS = {
    "api": ("id__c", "eventtime__c", "unitsconsumed__c", "rootresourceidorapiname__c", "usagevalue__c", "usagereportingorgid__c"),
    "labels": ("Id", "Event Time", "Units Consumed", "Root Resource ID Or API Name", "Usage Value", "Usage Reporting Org ID"),
    "std": (
        "std__Id__c",
        "std__EventTime__c",
        "std__UnitsConsumed__c",
        "std__RootResourceIdOrApiName__c",
        "std__UsageValue__c",
        "UsageReportingOrgIdentifier__c",
    ),
    "query": (
        "id__c",
        "e.eventtime__c",
        "e.unitsconsumed__c",
        "e.rootresourceidorapiname__c",
        "e.usagevalue__c",
        "e.usagereportingorgid__c",
    ),
    "german": (
        "Id",
        "Ereigniszeit",
        "Verbrauchte Einheiten",
        "Stammressourcen-ID oder API-Name",
        "Nutzungswert",
        "Nutzungsberichts-Organisations-ID",
    ),
    "upper": (
        "ID__C",
        "EVENTTIME__C",
        "UNITSCONSUMED__C",
        "ROOTRESOURCEIDORAPINAME__C",
        "USAGEVALUE__C",
        "USAGEREPORTINGORGID__C",
    ),
}
KEYS: dict[str, Callable[[Event, int, Random], str] | None] = {
    "none": None,
    "keys": lambda event, _nth, _random: event.key,
    "keys again": lambda event, _nth, _random: event.key,
    "sci": lambda _event, _nth, _random: "1.23457E+15",
    "dash": lambda _event, _nth, _random: "-",
    "n/a": lambda _event, _nth, _random: "N/A",
    "blank": lambda _event, _nth, _random: "",
    "some blank": lambda event, nth, _random: event.key if nth % 2 else "",
    "rounded": lambda event, _nth, _random: f"90071992547409{int(event.key[1:]) // 4}0",
}
CARDS = (
    (None,),
    (None, "FlexCredits", "Flex Credits", "flex_credits", "FLEXCREDITS"),
    ("AgentforceCreditsCard", "agentforce credits card"),
)
ENCODINGS = (
    "utf-8",
    "utf-8",
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "cp1252",
    "iso-8859-1",
    "iso-8859-15",
    "cp1250",
    "shift_jis",
    "gb18030",
    "big5",
    "euc-kr",
)
TWICE = 0.15
FOOTERS = (
    "none",
    "none",
    "total",
    "total in name",
    "total with date",
    "grand total",
    "copyright",
    "record count",
    "blank lines",
    "report name",
    "sum only",
)
CONTAINERS = ("text",) * 7 + (
    "xlsx",
    "xlsx",
    "html",
    "json",
    "json pages",
    "json columnar",
    "json arrays",
    "json rows",
    "json lines",
    "json facts",
)
ARCHIVES = ("", "", "", "zip", "gz", "tar.gz", "zip in zip", "zip with pdf")
SEPARATORS = (",", ",", ";", "\t", "|")


def draw_delivery(random: Random, events: Sequence[Event], name: str, card: str | None) -> Delivery:
    """Return a file that states these events, made in a way that is drawn."""
    style, number, time = random.choice(list(HEADERS)), random.choice(list(NUMBERS)), random.choice(list(TIMES))
    key, container = random.choice(list(KEYS)), random.choice(CONTAINERS)
    made = [style, number, time, f"key {key}", f"card {card}", container]
    columns = list(range(6))
    if KEYS[key] is None:
        columns.remove(0)
    if random.random() < 0.3:
        columns.remove(4)
    if random.random() < 0.3:
        columns.remove(5)
    random.shuffle(columns)
    headers = [HEADERS[style][place] for place in columns]
    org = random.choice(ORGS)
    null = random.choice(("", "-", "N/A", "NULL"))
    rows: Rows = []
    for nth, event in enumerate(events):
        cells = {
            0: (KEYS[key] or (lambda *_: ""))(event, nth, random),
            1: TIMES[time](event.time),
            2: NUMBERS[number](event.credits),
            3: event.agent,
            4: null if random.random() < 0.2 else "1",
            5: org,
        }
        rows.append([cells[place] for place in columns])
    if card:
        headers.append("Card Definition Developer Name" if style == "labels" else "carddefinitiondevelopername__c")
        rows = [[*row, card] for row in rows]
    if container.startswith("json"):
        content, suffix = _as_json(random, container, headers, rows), "json"
    else:
        grid, extra = _with_surroundings(random, headers, rows, columns, NUMBERS[number], events, TIMES[time])
        made += extra
        if container == "xlsx":
            content, suffix = _as_workbook(random, grid, made), "xlsx"
        elif container == "html":
            content, suffix = _as_page(grid), random.choice(("xls", "html", "csv"))
        else:
            content, suffix = _as_text(random, grid, made), "csv"
    archive = random.choice(ARCHIVES)
    made.append(archive or "bare")
    return Delivery(*_packed(archive, f"{name}.{suffix}", content), " | ".join(made))


def _with_surroundings(
    random: Random,
    headers: list[str],
    rows: Rows,
    columns: list[int],
    number: Callable[[Decimal], str],
    events: Sequence[Event],
    time: Callable[[datetime], str],
) -> tuple[Rows, list[str]]:
    width, amount, agent = len(headers), columns.index(2), columns.index(3)
    made = []
    choices: tuple[Rows, ...] = (
        [],
        [],
        [],
        [["Usage events"]],
        [["Usage events"], ["As of 2026-08-31 10:00"], [], ["Filtered By"], ["Event Time", "greater than", "1/1/2026"], []],
        [["# exported"], []],
        [[]],
    )
    titles = random.choice(choices)
    grid: Rows = [*titles, headers]
    if titles:
        made.append(f"{len(titles)} title rows")
    body = [*rows]
    if random.random() < 0.1 and len(rows) > 2:
        body.insert(2, headers)
        made.append("repeated header")
    footer = random.choice(FOOTERS)
    total = sum((event.credits for event in events), Decimal(0))
    line = [""] * width
    line[amount] = number(total)
    if footer == "total":
        line[0 if amount else -1] = "Total"
    elif footer == "total in name":
        line[agent] = "Total"
    elif footer == "total with date":
        line[agent], line[columns.index(1)] = "Total", time(max(event.time for event in events))
    elif footer == "grand total":
        line[0 if amount else -1] = f"Grand Total ({len(rows)} records)"
    ends: dict[str, Rows] = {
        "copyright": [
            [],
            ["Usage events"],
            ["Copyright © 2000-2026 salesforce.com, inc. All rights reserved."],
            ["Confidential Information - Do Not Distribute"],
            ["Generated By: A. Person 8/31/2026, 10:00 AM"],
            ["Example Ltd"],
        ],
        "record count": [["Total Records", str(len(rows))]],
        "blank lines": [[], [""] * width, []],
        "report name": [["Usage events, July 2026"]],
        "none": [],
    }
    grid += [*body, *ends.get(footer, [line])]
    made.append(f"footer {footer}")
    if random.random() < 0.1:
        grid = [["", *row] if row else row for row in grid]
        made.append("blank first column")
    return grid, made


def _as_text(random: Random, grid: Rows, made: list[str]) -> bytes:
    separator, ending = random.choice(SEPARATORS), random.choice(("\r\n", "\n", "\r\n", "\r"))
    buffer = io.StringIO()
    quoting: Literal[0, 1] = random.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    csv.writer(buffer, delimiter=separator, lineterminator=ending, quoting=quoting).writerows(grid)
    text = buffer.getvalue()
    if random.random() < 0.1:
        text = f"sep={separator}{ending}{text}"
        made.append("sep=")
    if random.random() < 0.15:
        text = text.removesuffix(ending)
    encoding = random.choice(ENCODINGS)
    try:
        encoded = text.encode(encoding)
    except UnicodeEncodeError:
        encoding, encoded = "utf-8", text.encode()
    if encoding.startswith("utf-8") and not text.isascii() and Random(text).random() < TWICE:  # draws nothing of the others
        encoding, encoded = f"{encoding} twice", encode_twice(text, "cp1252").encode(encoding)
    made += [f"sep {separator!r}", encoding, repr(ending)]
    return encoded


def encode_twice(text: str, codec: str) -> str:
    """Return UTF-8 as a program shows it that takes it for another encoding; bytes without a sign are controls to it."""

    def sign_of(byte: int) -> str:
        try:
            return bytes([byte]).decode(codec)
        except UnicodeDecodeError:
            return chr(byte)

    return "".join(map(sign_of, text.encode()))


def _as_workbook(random: Random, grid: Rows, made: list[str]) -> bytes:
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    names = ["Report"]
    if random.random() < 0.3:
        names.insert(random.choice((0, 1)), "Notes")
        made.append("two sheets")
    for name in names:
        sheet = workbook.add_worksheet(name)
        for number, row in enumerate(grid if name == "Report" else [["About", "this"], ["nothing", "much"]]):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    workbook.close()
    return buffer.getvalue()


def _as_page(grid: Rows) -> bytes:
    lines = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>\n" for row in grid)
    head = '<head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head>'
    return f'<html>{head}<body><table border="1">{lines}</table></body></html>'.encode()


def _as_json(random: Random, kind: str, headers: list[str], rows: Rows) -> bytes:
    objects = [dict(zip(headers, row, strict=True)) for row in rows]
    half = max(1, len(objects) // 2)
    shapes: dict[str, Any] = {
        "json": random.choice(
            (objects, {"records": objects, "totalSize": len(objects), "done": True}, {"result": {"items": objects}})
        ),
        "json pages": [{"page": 1, "records": objects[:half]}, {"page": 2, "records": objects[half:]}],
        "json columnar": {header: [row[place] for row in rows] for place, header in enumerate(headers)},
        "json arrays": {
            "data": rows,
            "metadata": {h: {"type": "VARCHAR", "placeInOrder": n} for n, h in enumerate(headers)},
            "rowCount": len(rows),
        },
        "json rows": {"dataRows": [{"row": row} for row in rows], "metadata": [{"name": header} for header in headers]},
        "json facts": {
            "factMap": {"T!T": {"rows": [{"dataCells": [{"label": cell, "value": cell} for cell in row]} for row in rows]}},
            "reportMetadata": {"detailColumns": headers},
            "reportExtendedMetadata": {"detailColumnInfo": {header: {"label": header} for header in headers}},
        },
    }
    if kind == "json lines":
        return "\n".join(map(json.dumps, objects)).encode()
    return json.dumps(shapes[kind], ensure_ascii=random.random() < 0.5).encode()


def _packed(archive: str, name: str, content: bytes) -> tuple[str, bytes]:
    buffer = io.BytesIO()
    if archive == "gz":
        return f"{name}.gz", gzip.compress(content)
    if archive == "tar.gz":
        with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
        return f"{name}.tar.gz", buffer.getvalue()
    if archive.startswith("zip"):
        with zipfile.ZipFile(buffer, "w") as outer:
            if archive == "zip with pdf":
                outer.writestr("terms.pdf", b"%PDF-1.4 nothing")
            outer.writestr(name, content)
        if archive == "zip in zip":
            inner, buffer = buffer.getvalue(), io.BytesIO()
            with zipfile.ZipFile(buffer, "w") as outer:
                outer.writestr("inner.zip", inner)
        return f"{name}.zip", buffer.getvalue()
    return name, content


def draw_deliveries(random: Random) -> tuple[list[Event], list[Delivery]]:
    """Return events and one or two files that state them; of two files, some events are in both."""
    events, cards = draw_events(random), random.choice(CARDS)
    if random.random() < 0.65 or len(events) < 4:
        return events, [draw_delivery(random, events, "export", random.choice(cards))]
    events.sort(key=lambda event: event.time)
    first, second = sorted(random.sample(range(1, len(events)), 2))
    parts = [events[:second], events[first:]]
    random.shuffle(parts)
    return events, [draw_delivery(random, part, f"export-{nth}", random.choice(cards)) for nth, part in enumerate(parts)]


def judge(warehouse: Warehouse, folder: Path, events: Sequence[Event], deliveries: Sequence[Delivery]) -> tuple[str, str]:
    """Import the files and return exact, told, refused or WRONG, and why."""
    said: list[str] = []
    landed = 0
    for delivery in deliveries:
        path = folder / delivery.name
        path.write_bytes(delivery.content)
        try:
            report = import_files(warehouse, [path], WalletSettings(time_zone="UTC"))
        except ExportError as refusal:
            said.append(str(refusal))
            continue
        landed += 1
        for file in report.files:
            said += [] if file.is_whole else [file.reason or "; ".join(file.doubts) or f"{file.rejected}"]
    wanted: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for event in events:
        wanted[event.agent, str(event.time.date())] += event.credits
    rows = warehouse.execute(
        "SELECT agent, CAST(day AS VARCHAR), sum(credits) FROM usage WHERE card = 'FlexCredits'"
        " GROUP BY ALL HAVING sum(credits) <> 0 ORDER BY ALL"
    )
    got = {(agent, day): total for agent, day, total in rows}
    if got == wanted:
        return "exact", ""
    if said:
        return ("told" if landed else "refused"), " / ".join(said)
    differ = {key: (got.get(key), wanted.get(key)) for key in got.keys() | wanted.keys() if got.get(key) != wanted.get(key)}
    return "WRONG", f"got, wanted: {differ}"


def main(count: int, seed: int) -> None:
    """Import so many deliveries and print what is wrong, then the score."""
    found: Counter[str] = Counter()
    files = 0
    reasons: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.duckdb"
        with open_warehouse(empty):
            pass
        for number in range(seed, seed + count):
            events, deliveries = draw_deliveries(Random(number))
            home = Path(folder) / str(number)
            home.mkdir()
            shutil.copy(empty, home / "w.duckdb")
            try:
                with open_warehouse(home / "w.duckdb") as warehouse:
                    verdict, why = judge(warehouse, home, events, deliveries)
            except Exception as trouble:  # noqa: BLE001 -- a crash is worth a line too
                verdict, why = "CRASH", repr(trouble)
            shutil.rmtree(home)
            found[verdict] += 1
            files += len(deliveries)
            if verdict in {"WRONG", "CRASH"} or ("-v" in sys.argv and verdict != "exact"):
                print(f"{verdict} {number}: {why[:600]}\n    " + "\n    ".join(d.made for d in deliveries), flush=True)
            reasons[why[:60] if verdict in {"told", "refused"} else ""] += 1
    print(f"{files} files in {count} deliveries: " + ", ".join(f"{n} {verdict}" for verdict, n in sorted(found.items())))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
