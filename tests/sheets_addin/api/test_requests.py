"""A wrong request is refused with the position and what belongs there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sheets_addin.api.limits import MAX_BODY_BYTES, MAX_QUESTIONS, RateLimit

if TYPE_CHECKING:
    from tests.fakes.formula_api import Api

ONE = {"q": "breakeven 200 users"}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/v1/ask", "The query does not fit: it takes q, a question"),
        ("/v1/ask?query=x", "The query does not fit"),
        ("/v1/ask?q=help&figur=x", "The query does not fit"),
        ("/v1/ask?q=help&q=help", "twice"),
        ("/v1/commands?all=1", "no parameters"),
        ("/healthz?x=1", "no parameters"),
    ],
)
def test_a_query_string_is_read_strictly(api: Api, path: str, said: str) -> None:
    """A missing, unknown or repeated parameter is reported."""
    reply = api.get(path, api.token())
    assert (reply.status, said in reply.json["detail"]) == (400, True)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"questions": []}, "questions does not fit: it takes 1 to 1,000 questions"),
        ({"questions": [ONE] * (MAX_QUESTIONS + 1)}, "1 to 1,000 questions"),
        ({"questions": [ONE, {"q": 7}]}, "questions[1].q does not fit: it takes a question"),
        ({"questions": ["breakeven"]}, "questions[0] does not fit"),
        ({"questions": [ONE], "more": 1}, "The body does not fit"),
        ([], "The body does not fit"),
    ],
)
def test_a_body_is_read_strictly(api: Api, body: object, said: str) -> None:
    """The wrong place is named with what it accepts."""
    reply = api.post("/v1/ask", body, api.token())
    assert (reply.status, said in reply.json["detail"]) == (400, True)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"1" * 10_000])
def test_what_is_no_json_is_told(api: Api, body: bytes) -> None:
    """Broken, empty and deeply nested bytes are no body."""
    reply = api.send("POST", "/v1/ask", body, api.token(), {"content-type": "application/json"})
    assert reply.status == 400


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/ask", b'{"\\ud800": 1}'),
        ("/v1/ask", b'{"questions": [{"q": "help", "\\ud800": 1}]}'),
        ("/v1/ask", b'"\\ud800"'),
        ("/v1/ask", b'{"questions": ' + b"[" * 900 + b"]" * 900 + b"}"),
        ("/v1/refresh", b'{"spreadsheet_id": "\\ud800"}'),
        ("/v1/refresh", b'{"\\ud800": ""}'),
    ],
)
def test_json_that_cannot_be_checked_is_told(api: Api, path: str, body: bytes) -> None:
    """Half a surrogate pair outside a question, and too deep nesting, are the caller's errors."""
    reply = api.send("POST", path, body, api.token(), {"content-type": "application/json"})
    assert reply.status == 400


def test_another_kind_of_body_is_refused(api: Api) -> None:
    """A form is not read as JSON, so that no other site's form can ask."""
    reply = api.send("POST", "/v1/ask", b"{}", api.token(), {"content-type": "application/x-www-form-urlencoded"})
    assert reply.status == 415


def test_a_body_is_bounded(api: Api) -> None:
    """One byte more than allowed is refused, whatever the body contains."""
    reply = api.send("POST", "/v1/ask", b" " * (MAX_BODY_BYTES + 1), api.token(), {"content-type": "application/json"})
    assert reply.status == 413


def test_a_question_is_bounded_in_its_place(api: Api) -> None:
    """A question beyond 4,000 characters is refused by itself; its neighbour is answered."""
    answers = api.post("/v1/ask", {"questions": [{"q": "x" * 4001}, ONE]}, api.token()).json["answers"]
    assert "4,001 characters" in answers[0]["detail"]
    assert answers[1]["title"] == "Break-even"


def test_a_character_that_is_none_is_told_and_breaks_nothing(api: Api) -> None:
    """Half a surrogate pair, possible in JSON but not in UTF-8, is an unknown word."""
    body = b'{"questions": [{"q": "breakeven \\ud800 users"}]}'
    reply = api.send("POST", "/v1/ask", body, api.token(), {"content-type": "application/json"})
    assert reply.json["answers"][0]["status"] == 422


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v2/ask", 404), ("GET", "/v1/ask/", 404), ("PUT", "/v1/ask", 405), ("POST", "/healthz", 405)],
)
def test_what_is_not_there_is_a_problem_too(api: Api, method: str, path: str, status: int) -> None:
    """A wrong path or method is problem+json as well."""
    reply = api.send(method, path, b"")
    assert (reply.status, reply.headers["content-type"], reply.json["status"]) == (status, "application/problem+json", status)


def test_health_needs_no_token(api: Api) -> None:
    """Whoever watches the service asks without one."""
    assert api.get("/healthz").json == {"status": "ready"}


def test_callers_beyond_the_most_are_forgotten_longest_unseen_first() -> None:
    """New callers do not take ever more memory."""
    limit = RateLimit(lambda: 0.0)
    limit.wait_seconds("first", 1)
    for caller in range(10_000):
        limit.wait_seconds(str(caller), 1)
    assert limit.wait_seconds("first", 1) == 0


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE"])
def test_what_is_allowed_is_what_is_done(api: Api, method: str) -> None:
    """405 lists every method that exists, as RFC 9110 requires."""
    reply = api.send(method, "/v1/ask", b"", api.token())
    assert (reply.status, set(reply.headers["allow"].split(", "))) == (405, {"GET", "HEAD", "POST"})
