"""The command line's operations besides questions: named here, loaded when used."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.days import NoDayError, day_written
from core.records import NamedTuple

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable, Mapping
    from decimal import Decimal


class Operation(NamedTuple):
    """One operation: what it does, its own arguments, and `module:function` from parsed options to exit status."""

    about: str
    add_arguments: Callable[[ArgumentParser], None]
    handler: str


def _refusal(reason: str) -> Exception:
    """Return what tells argparse that an argument is at fault, and why."""
    from argparse import ArgumentTypeError  # noqa: PLC0415 - a question without options does without argparse

    return ArgumentTypeError(reason)


def _import(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="FILE", help="wallet exports or folders of them; - for standard input"
    )
    parser.add_argument("--source", metavar="NAME", help="import what is new in a table of your own engine, a source in app.yaml")
    parser.add_argument("--whole", action="store_true", help="with --source: read all its days again")
    parser.add_argument("--dry-run", action="store_true", help="with --source: print the statement that its engine would run")
    parser.add_argument("--explain", action="store_true", help="say how each file would be read, and import nothing")
    parser.add_argument(
        "--learn", action="store_true", help="propose how to read a file with unknown columns, and show its first rows"
    )
    parser.add_argument(
        "--map",
        dest="fields",
        action="append",
        type=mapped,
        default=[],
        metavar="FIELD=COLUMN",
        help="with --learn: which column holds date, credits, agent, action, department, use case, user, environment, org …",
    )
    parser.add_argument(
        "--unit",
        choices=["credits", "actions", "dollars"],
        help="with --learn: what the amount counts (default: as its header says)",
    )
    parser.add_argument(
        "--rate",
        type=rate,
        metavar="N",
        help="with --unit: credits per action, or dollars per credit (default: from the price book and the contract)",
    )
    parser.add_argument(
        "--like",
        choices=["events", "daily", "hourly", "ledger", "ai_usage"],
        help="with --learn: what a row is (default: by its columns)",
    )
    parser.add_argument("--name", metavar="NAME", help="with --learn: what to call the profile (default: the file's name)")
    parser.add_argument("--yes", action="store_true", help="import an unknown file as proposed, and save the profile in app.yaml")
    parser.add_argument(
        "--replaces",
        type=span,
        metavar="FROM..TO",
        help="make FILE authoritative for these days, both included: what other imports say about them does not count",
    )
    parser.add_argument("--agent", default="", metavar="NAME", help="with --replaces: for this agent only")
    parser.add_argument("--rejects", type=Path, metavar="FILE", help="write the rejected rows there, to fix and import again")
    parser.add_argument(
        "--undo",
        nargs="+",
        type=int,
        default=[],
        metavar="N",
        help="take imports back, by the numbers that `agentcost imports` shows",
    )
    parser.add_argument(
        "--again", nargs="+", type=int, default=[], metavar="N", help="read imports again after settings or the version changed"
    )


def _workbook(parser: ArgumentParser) -> None:
    parser.add_argument("--out", required=True, type=Path, metavar="FILE.xlsx", help="the workbook to write")
    parser.add_argument(
        "question",
        nargs="*",
        help="such as: compare 10000 interactions 18 actions; several, each in quotes; or summary (default: the wallet)",
    )


def _alerts(parser: ArgumentParser) -> None:
    parser.add_argument("--acknowledge", metavar="KEY", help="mark an alert as seen")
    parser.add_argument("--snooze", metavar="KEY", help="silence an alert for a while; if it still holds then, it is sent again")
    parser.add_argument(
        "--for", dest="length", choices=["day", "week", "term"], default="day", help="how long to snooze (default: day)"
    )
    parser.add_argument("--retry", action="store_true", help="retry messages that could not be delivered")
    parser.add_argument("question", nargs="*", help="what to list, for example: open team Service")


def _digest(parser: ArgumentParser) -> None:
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--weekly", dest="kind", action="store_const", const="weekly", help="of the last week (default)")
    kinds.add_argument("--monthly", dest="kind", action="store_const", const="monthly", help="of the last month")
    parser.add_argument("--dry-run", action="store_true", help="print it, and send nothing")
    parser.add_argument("--team", metavar="NAME", help="one team of app.yaml (default: all)")
    parser.set_defaults(kind="weekly")


def _nothing(_: ArgumentParser) -> None:
    pass


def _completion(parser: ArgumentParser) -> None:
    import argparse  # noqa: PLC0415 - as in `_refusal`

    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("shell", nargs="?", choices=["bash", "zsh", "fish"], help="print the completion script for this shell")
    what.add_argument("--words", nargs=argparse.REMAINDER, help="print completions for the last of these words")


def _ask(parser: ArgumentParser) -> None:
    parser.add_argument("question", nargs="*", help="one question only (default: as many as are typed)")


def _misses(parser: ArgumentParser) -> None:
    parser.add_argument("--clear", action="store_true", help="forget them, once words are added")


def _init(parser: ArgumentParser) -> None:
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        default=Path("app.yaml"),
        metavar="FILE",
        help="the configuration to write (default: app.yaml)",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--yes", action="store_true", help="ask nothing, take the defaults")
    how.add_argument("--every-setting", action="store_true", help="write every setting, commented out, with what it is for")


def _demo(parser: ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path("demo"), metavar="FOLDER", help="where to put it (default: demo)"
    )


def _backup(parser: ArgumentParser) -> None:
    parser.add_argument(
        "path",
        nargs="?",
        type=new_file,
        metavar="FILE",
        help="the file to write; it must not exist yet (default: a new one in the place that app.yaml names)",
    )


def _restore(parser: ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "path", nargs="?", metavar="FILE", help="a file that `agentcost backup` wrote, or the address of one in a bucket, s3://…"
    )
    what.add_argument(
        "--until",
        type=instant,
        metavar="INSTANT",
        help="the newest scheduled backup before, and the kept exports since, such as 2026-11-20T14:30 in the team's time zone",
    )


def _migrate(parser: ArgumentParser) -> None:
    where = "a warehouse file, or postgresql://…"
    parser.add_argument("source", metavar="FROM", help=f"{where}; it stays as it is")
    parser.add_argument("target", metavar="TO", help=f"{where}, which is empty")


def new_file(text: str) -> Path:
    """Return the path of an argument. Raises: ArgumentTypeError, for the address of a bucket."""
    if "://" in text:
        raise _refusal(f'"{text}" is not a file; app.yaml names the bucket under backup.to, then: agentcost backup')
    return Path(text)


def day(text: str) -> date:
    """Return the day of an argument. Raises: ArgumentTypeError, saying how to write one."""
    try:
        return day_written(text)
    except NoDayError as error:
        raise _refusal(f"{error}; write it as 2026-01-31") from None


def span(text: str) -> list[date]:
    """Return the first and the last day of FROM..TO. Raises: ArgumentTypeError, saying how to write them."""
    first, dots, last = text.partition("..")
    if not dots:
        raise _refusal(f'"{text}" is not a range of days; write it as 2026-01-01..2026-01-31')
    days = [day(first), day(last)]
    if days[0] > days[1]:
        raise _refusal(f'"{text}" ends before it begins')
    return days


def mapped(text: str) -> list[str]:
    """Return the field and the column of FIELD=COLUMN. Raises: ArgumentTypeError, saying how to write them."""
    field, equals, column = text.partition("=")
    if not (field.strip() and equals and column.strip()):
        raise _refusal(f'"{text}" maps no column; write it as agent="Bot Name"')
    return [field.strip(), column.strip()]


def rate(text: str) -> str:
    """Return the text of a number above 0. Raises: ArgumentTypeError, if it is none."""
    from decimal import Decimal, InvalidOperation  # noqa: PLC0415 - as in `_refusal`

    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal(0)
    if not (found.is_finite() and found > 0):
        raise _refusal(f'"{text}" is not a rate; write a number above 0, such as 20 or 0.005')
    return text


def instant(text: str) -> datetime:
    """Return the instant of an argument, without a zone where none is given. Raises: ArgumentTypeError."""
    try:
        found = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        found = None
    if found is None:
        raise _refusal(f'"{text}" is not a time; write it as 2026-01-31T14:30')
    return found


def _export(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=["focus"], help="rows of FOCUS 1.2, as CSV and Parquet")
    parser.add_argument("--from", dest="first_day", type=day, required=True, metavar="DAY", help="the first day counted")
    parser.add_argument("--to", dest="last_day", type=day, required=True, metavar="DAY", help="the last day counted")
    parser.add_argument("--out", default=Path(), type=Path, metavar="FOLDER", help="where to write the files (default: here)")
    parser.add_argument(
        "--verbatim",
        action="store_true",
        help="leave text in the CSV as it is, even where a spreadsheet would run it as a formula",
    )


def percentage(text: str) -> Decimal:
    """Return a percentage from 0 to 100. Raises: ArgumentTypeError, saying how to write one."""
    from decimal import Decimal, InvalidOperation  # noqa: PLC0415 - as in `_refusal`

    try:
        value = Decimal(text.rstrip("% "))
    except InvalidOperation:
        value = Decimal(-1)
    if not 0 <= value <= 100:  # noqa: PLR2004 - percent
        raise _refusal(f'"{text}" is not a percentage; write it as 25')
    return value


def _simulate(parser: ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="FILE", help="tickets or cases that a help desk exported: CSV, XLSX or JSON")
    parser.add_argument("--automation", type=percentage, metavar="PERCENT", help="the share of tickets that agents handle")
    parser.add_argument("--discount", type=percentage, metavar="PERCENT", help="percent off the price of Flex Credits")
    parser.add_argument("--users", type=int, metavar="COUNT", help="people who would need a seat")
    parser.add_argument("--audience", choices=["customers", "employees"], help="whom the agents serve")


def _audit(parser: ArgumentParser) -> None:
    parser.add_argument("--verify", action="store_true", help="check that no entry was changed, removed or added")
    parser.add_argument(
        "--known", default="", metavar="HASH", help="with --verify: a hash printed earlier, which must still be there"
    )
    parser.add_argument("--last", type=int, default=20, metavar="COUNT", help="how many entries to show (default: 20)")


def _forget_user(parser: ArgumentParser) -> None:
    parser.add_argument("user_id", metavar="ID", help="the id of the person, as exports have it")


def _retention(parser: ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="say what would be removed, and change nothing")


def _sync(parser: ArgumentParser) -> None:
    parser.add_argument("spreadsheets", nargs="*", metavar="SPREADSHEET", help="names or ids from app.yaml (default: all)")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")


def _serve(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=int, help="listen on this port: health, metrics, and Slack's requests over HTTP unless it has Socket Mode"
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on, with --port (default: 127.0.0.1)")


def _sheet_token(parser: ArgumentParser) -> None:
    parser.add_argument("spreadsheet", nargs="?", metavar="SPREADSHEET", help="the spreadsheet's address, or its id")
    parser.add_argument(
        "--scope", choices=["pricing", "wallet"], default="pricing", help="what the token opens (default: pricing)"
    )
    _add_scope(parser)
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--list", action="store_true", help="show every token, without its secret")
    other.add_argument("--revoke", metavar="ID", help="revoke the token")


def _page_link(parser: ArgumentParser) -> None:
    parser.add_argument(
        "address",
        nargs="?",
        default="http://127.0.0.1:3000",
        metavar="ADDRESS",
        help="where the service is reached, such as https://agentcost.example.com (default: http://127.0.0.1:3000)",
    )
    _add_scope(parser)
    parser.add_argument("--revoke-all", action="store_true", help="revoke all links and end their sessions")


def _add_scope(parser: ArgumentParser) -> None:
    parser.add_argument("--org", default="", metavar="NAME", help="the one org that it opens")
    parser.add_argument(
        "--department", action="append", default=[], metavar="NAME", help="a department that it opens; repeatable"
    )
    parser.add_argument("--agent", action="append", default=[], metavar="NAME", help="an agent that it opens; repeatable")


def _report(parser: ArgumentParser) -> None:
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="the file to write, named .html or .pdf")


def _sheet_addon(parser: ArgumentParser) -> None:
    parser.add_argument("--address", required=True, metavar="URL", help="the service's address, starting with https://")
    parser.add_argument("--logo", required=True, metavar="URL", help="a picture of 48 × 48 pixels for the side panel")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the folder to write the files into")
    parser.add_argument(
        "--identity", action="store_true", help="identify people by their Google account instead of tokens; needs two more scopes"
    )


def _doctor(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--send",
        nargs="?",
        const="",
        metavar="ID",
        help="post a message to a channel or member (default: a team's channel) and wait for its button to be pressed",
    )


OPERATIONS: Mapping[str, Operation] = {
    "demo": Operation(
        "run everything for an invented company: exports, answers, alerts, a workbook",
        _demo,
        "bot.cli.commands.demo:run",
    ),
    "import": Operation(
        "import wallet exports into the warehouse; a file imported twice counts once",
        _import,
        "bot.cli.commands.import_exports:run",
    ),
    "imports": Operation(
        "list what was imported, with the numbers that import --undo takes", _nothing, "bot.cli.commands.import_exports:show_list"
    ),
    "simulate": Operation(
        "price a deployment from a help desk's tickets, before any agent exists", _simulate, "bot.cli.commands.simulate:run"
    ),
    "workbook": Operation(
        "write a comparison, the wallet or any answer as a spreadsheet whose formulas stay live",
        _workbook,
        "bot.cli.commands.setup:workbook",
    ),
    "sync": Operation("bring the Google spreadsheets of app.yaml up to date", _sync, "bot.cli.commands.sync:run"),
    "alerts": Operation("list alerts; acknowledge or snooze one", _alerts, "bot.cli.commands.alerts:run"),
    "ask": Operation("ask question after question, with history and completion", _ask, "bot.cli.commands.ask:run"),
    "completion": Operation("print the completion script of bash, zsh or fish", _completion, "bot.cli.commands.completion:run"),
    "misses": Operation(
        "list what was asked and not understood, the most frequent first", _misses, "bot.cli.commands.misses:run"
    ),
    "digest": Operation(
        "print the digest of a week or month, and queue it for the team's channels", _digest, "bot.cli.commands.digest:run"
    ),
    "export": Operation("write purchases and usage as FOCUS 1.2 rows, CSV and Parquet", _export, "bot.cli.commands.export:run"),
    "backup": Operation(
        "write the whole warehouse into one file, also while the service runs", _backup, "bot.cli.commands.backup:backup"
    ),
    "restore": Operation("replace the warehouse with a backup", _restore, "bot.cli.commands.backup:restore"),
    "migrate-warehouse": Operation(
        "copy the warehouse from a file into an empty PostgreSQL database, or back; every cell is compared",
        _migrate,
        "bot.cli.commands.backup:migrate",
    ),
    "serve": Operation(
        "run everything: Slack, formulas, alerts and digests, spreadsheets, the watched folder", _serve, "bot.service.command:run"
    ),
    "mcp": Operation("serve assistants over standard input and output (MCP)", _nothing, "bot.cli.commands.mcp:run"),
    "sheet-token": Operation("create, list or revoke tokens for formulas", _sheet_token, "bot.cli.commands.sheet_token:run"),
    "page-link": Operation("print a link that lets somebody into the service's page", _page_link, "bot.cli.commands.page:link"),
    "report": Operation(
        "write the wallet as one file, HTML or PDF, to send or to print", _report, "bot.cli.commands.page:report"
    ),
    "sheet-addon": Operation(
        "write the add-on for Google Sheets that a domain installs", _sheet_addon, "bot.cli.commands.setup:sheet_addon"
    ),
    "status": Operation(
        "show the state of each part, since when, and what to do; exits with 1 if one is unhealthy",
        _nothing,
        "bot.cli.commands.status:run",
    ),
    "audit": Operation("show who did what, or check that nobody changed it", _audit, "bot.cli.commands.audit:run"),
    "forget-user": Operation(
        "replace a person with a pseudonym, everywhere and from now on",
        _forget_user,
        "bot.cli.commands.deletion:forget_person",
    ),
    "retention": Operation(
        "fold old events into sums and delete old exports, as app.yaml says", _retention, "bot.cli.commands.deletion:apply_ages"
    ),
    "init": Operation("ask six questions, write app.yaml and check it", _init, "bot.cli.commands.setup:init"),
    "doctor": Operation(
        "check the configuration and the environment, all problems at once", _doctor, "bot.cli.commands.doctor:doctor"
    ),
}
