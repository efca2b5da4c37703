"""What the command line does beside answering: named here, loaded when asked for."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Operation(NamedTuple):
    """One operation: what it does, its own arguments, and `module:function` from parsed options to exit status."""

    about: str
    add_arguments: Callable[[ArgumentParser], None]
    handler: str


def _import(parser: ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="FILE", help="wallet exports or folders of them; - for standard input")
    parser.add_argument("--explain", action="store_true", help="say how each file would be read, and import nothing")


def _workbook(parser: ArgumentParser) -> None:
    parser.add_argument("--out", required=True, metavar="FILE.xlsx", help="the workbook to write")
    parser.add_argument("question", nargs="+", help="the comparison, for example: compare 10000 interactions 18 actions")


def _init(parser: ArgumentParser) -> None:
    parser.add_argument(
        "path", nargs="?", default="app.yaml", metavar="FILE", help="the configuration to write (default: app.yaml)"
    )


def day(text: str) -> date:
    """Return the day of an argument. Raises: ArgumentTypeError, saying how to write one."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise ArgumentTypeError(f'"{text}" is no day; write it as 2026-01-31') from None


def _export(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=["focus"], help="rows of FOCUS 1.2, as CSV and Parquet")
    parser.add_argument("--from", dest="first_day", type=day, required=True, metavar="DAY", help="the first day counted")
    parser.add_argument("--to", dest="last_day", type=day, required=True, metavar="DAY", help="the last day counted")
    parser.add_argument("--out", default=".", metavar="FOLDER", help="where to write the files (default: here)")


def _serve(parser: ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=3000, help="the port to listen on (default: 3000)")


def _sheet_token(parser: ArgumentParser) -> None:
    parser.add_argument("spreadsheet", nargs="?", metavar="SPREADSHEET", help="the spreadsheet's address, or its id")
    parser.add_argument(
        "--scope", choices=["pricing", "wallet"], default="pricing", help="what the token opens (default: pricing)"
    )
    parser.add_argument("--org", default="", metavar="NAME", help="the one org that it opens")
    parser.add_argument(
        "--department", action="append", default=[], metavar="NAME", help="a department that it opens; repeatable"
    )
    parser.add_argument("--agent", action="append", default=[], metavar="NAME", help="an agent that it opens; repeatable")
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--list", action="store_true", help="show every token, without its secret")
    other.add_argument("--revoke", metavar="ID", help="make the token open nothing from now on")


def _nothing(_: ArgumentParser) -> None:
    pass


OPERATIONS: Mapping[str, Operation] = {
    "import": Operation(
        "take wallet exports into the warehouse; the same file twice counts once", _import, "bot.import_files:run"
    ),
    "workbook": Operation("write a comparison as a spreadsheet whose formulas stay live", _workbook, "bot.setup:workbook"),
    "export": Operation("write purchases and use as FOCUS 1.2 rows, in CSV and Parquet", _export, "bot.export_files:run"),
    "serve": Operation("answer in Slack and in formulas, over HTTP", _serve, "bot.service:run"),
    "sheet-token": Operation("make, list or revoke the tokens that formulas ask with", _sheet_token, "bot.sheet_tokens:run"),
    "init": Operation("write a commented app.yaml to start from", _init, "bot.setup:init"),
    "doctor": Operation("check the configuration and the environment, all problems at once", _nothing, "bot.setup:doctor"),
}
