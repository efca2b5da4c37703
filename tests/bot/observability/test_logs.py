"""The service's log: lines that a program can read, and nothing that anybody asked."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from bot.observability import logs
from core import error_log
from core.errors import InputError, MachineError

SECRET = "xoxb-not-for-logs"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """A stream for the log, until the test is over."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    logs.configure(written)
    yield written
    root.handlers, root.level = handlers, level


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """Return the log's lines."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def trouble(error: Exception) -> Exception:
    """Return the error as a raised one."""
    try:
        raise error
    except type(error) as raised:
        return raised


def test_a_line_is_an_object_with_its_instant(stream: io.StringIO) -> None:
    """Instant in UTC, level, logger and message."""
    logging.getLogger("agentcost.slack").warning("Slack is down")
    (line,) = lines(stream)
    assert (line["level"], line["part"], line["message"]) == ("WARNING", "agentcost.slack", "Slack is down")
    assert datetime.fromisoformat(line["at"]).utcoffset() is not None


def test_all_that_one_request_logs_carries_its_reference(stream: io.StringIO) -> None:
    """A quoted ref leads to all lines of its request, including those before the error."""
    with error_log.request() as reference:
        logging.getLogger("agentcost.slack").warning("slow")
        assert error_log.log_error(trouble(KeyError("x"))) == reference
    assert [line["ref"] for line in lines(stream)] == [reference, reference]


def test_an_error_s_words_stay_out_of_the_log(stream: io.StringIO) -> None:
    """The text may contain a question or a secret: only kind and place are logged."""
    reference = error_log.log_error(trouble(ValueError(SECRET)))
    assert SECRET not in stream.getvalue()
    assert lines(stream)[0]["message"] == f"ref {reference}: ValueError"


def test_trouble_of_the_machine_is_logged_in_its_own_words(stream: io.StringIO) -> None:
    """Those sentences are our own."""
    reference = error_log.log_error(trouble(MachineError("The disk is full.")))
    assert lines(stream)[0]["message"] == f"ref {reference}: MachineError: The disk is full."


def test_what_an_error_came_from_is_told_by_kind(stream: io.StringIO) -> None:
    """A chain of errors is logged from the last to the first."""
    error = InputError("no")
    error.__cause__ = KeyError("x")
    reference = error_log.log_error(trouble(error))
    assert lines(stream)[0]["message"] == f"ref {reference}: InputError from KeyError"


def test_other_libraries_are_heard_when_they_warn(stream: io.StringIO) -> None:
    """Other messages of libraries are left out."""
    logging.getLogger("somebody.else").info("chatter")
    logging.getLogger("somebody.else").warning("trouble")
    assert [line["message"] for line in lines(stream)] == ["trouble"]


def test_what_a_library_logs_of_an_error_is_one_line_without_its_words(stream: io.StringIO) -> None:
    """A traceback of two hundred lines is not JSON, and may contain a question."""
    logging.getLogger("uvicorn.error").error("Exception in %s", SECRET, exc_info=trouble(ValueError(SECRET)))
    (line,) = lines(stream)
    told = (line["message"], "test_logs.py" in line["frames"], SECRET in stream.getvalue())
    assert told == ("uvicorn.error failed: ValueError", True, False)
