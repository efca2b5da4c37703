"""What the command line does beside answering: named here, loaded when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from argparse import ArgumentParser
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


def _serve(parser: ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=3000, help="the port to listen on (default: 3000)")


def _nothing(_: ArgumentParser) -> None:
    pass


OPERATIONS: Mapping[str, Operation] = {
    "import": Operation(
        "take wallet exports into the warehouse; the same file twice counts once", _import, "bot.import_files:run"
    ),
    "workbook": Operation("write a comparison as a spreadsheet whose formulas stay live", _workbook, "bot.setup:workbook"),
    "serve": Operation("answer in Slack, over HTTP", _serve, "bot.service:run"),
    "init": Operation("write a commented app.yaml to start from", _init, "bot.setup:init"),
    "doctor": Operation("check the configuration and the environment, all problems at once", _nothing, "bot.setup:doctor"),
}
