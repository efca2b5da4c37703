"""Parses requests strictly: invalid input is refused with its position and what belongs there."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from sheets_addin.api.asking import Asked
from sheets_addin.api.limits import MAX_BODY_BYTES, MAX_QUESTIONS
from sheets_addin.api.problems import BAD_REQUEST, NOT_JSON, TOO_LARGE, ProblemError

if TYPE_CHECKING:
    from starlette.requests import Request

QUESTION = {
    "type": "string",
    "description": "a question of at most 4,000 characters, such as: breakeven 200 users",
}
FIGURE = {"type": "string", "description": "the key of the one figure that is wanted, such as seats_usd_per_month"}
ASK_PARAMETERS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["q"],
    "properties": {"q": QUESTION, "figure": FIGURE},
    "description": "q, a question, and where only one figure is wanted figure, its key",
}
BRIEF = {"type": "boolean", "description": "true, where sentence and figures are enough: no tables, sums, notes or sources"}
ASKED: dict[str, Any] = {
    **ASK_PARAMETERS,
    "properties": ASK_PARAMETERS["properties"] | {"brief": BRIEF},
    "description": f"{ASK_PARAMETERS['description']}; brief is true where tables are not",
}
NO_PARAMETERS: dict[str, Any] = {"type": "object", "additionalProperties": False, "description": "no parameters"}
ASK_BODY: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["questions"],
    "properties": {
        "questions": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_QUESTIONS,
            "items": ASKED,
            "description": f"1 to {MAX_QUESTIONS:,} questions",
        }
    },
    "description": 'questions, for example {"questions": [{"q": "breakeven 200 users"}]}',
}
REFRESH_BODY: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "spreadsheet_id": {
            "type": "string",
            "pattern": "^[A-Za-z0-9_-]{1,200}$",
            "description": "the id of the spreadsheet, as its address shows it; by default the one of the token",
        }
    },
    "description": 'nothing, {} or {"spreadsheet_id": "…"}',
}


def read_query(request: Request) -> Asked:
    """Return the question of a query string. Raises: ProblemError."""
    said = _query(request)
    _require(said, ASK_PARAMETERS, "the query")
    return Asked(said["q"], said.get("figure"))


def require_no_query(request: Request) -> None:
    """Return if the query string is empty. Raises: ProblemError."""
    _require(_query(request), NO_PARAMETERS, "the query")


def _query(request: Request) -> dict[str, str]:
    pairs = request.query_params.multi_items()
    if len(pairs) > len(dict(pairs)):
        raise ProblemError(BAD_REQUEST, "A parameter appears in the query twice. Write each once.")
    return dict(pairs)


async def read_body(request: Request) -> list[Asked]:
    """Return the questions of a body. Raises: ProblemError."""
    said = await _json(request, ASK_BODY)
    return [Asked(one["q"], one.get("figure"), one.get("brief", False)) for one in said["questions"]]


async def spreadsheet_in_body(request: Request) -> str | None:
    """Return the spreadsheet that a body names; None for an empty body or none named. Raises: ProblemError."""
    said: dict[str, str] = await _json(request, REFRESH_BODY, otherwise=b"{}")
    return said.get("spreadsheet_id")


async def _json(request: Request, schema: dict[str, Any], otherwise: bytes = b"") -> Any:  # noqa: ANN401 - what a caller sent, of the schema
    require_no_query(request)
    body = await _read_bounded(request) or otherwise
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and body != otherwise:
        raise ProblemError(NOT_JSON, "Send the body as JSON, with Content-Type: application/json.")
    try:
        said = json.loads(body)
        _require(said, schema, "the body")
    except (ValueError, RecursionError):  # the check also refuses what is nested too deep, and half a surrogate pair
        raise ProblemError(BAD_REQUEST, f"The body is not JSON. It holds {schema['description']}.") from None
    return said


async def _read_bounded(request: Request) -> bytes:
    """Return the body, reading no more than allowed. Raises: ProblemError."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY_BYTES:
            raise ProblemError(TOO_LARGE, f"The body has more than {MAX_BODY_BYTES:,} bytes. Ask in several calls.")
        parts.append(part)
    return b"".join(parts)


def _require(said: object, schema: dict[str, Any], whole: str) -> None:
    for error in _validator(schema["description"]).iter_errors(said):
        place = list(error.instance_path)
        raise ProblemError(
            BAD_REQUEST, f"{_name(place) or whole.capitalize()} does not fit: it takes {_describe(schema, place)}."
        )


@cache
def _validator(description: str) -> jsonschema_rs.Draft202012Validator:
    schemas = (ASK_PARAMETERS, NO_PARAMETERS, ASK_BODY, REFRESH_BODY)
    return jsonschema_rs.Draft202012Validator(next(schema for schema in schemas if schema["description"] == description))


def _name(place: list[Any]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")


def _describe(schema: dict[str, Any], place: list[Any]) -> str:
    for step in place:
        schema = schema["items"] if isinstance(step, int) else schema["properties"][step]
    return str(schema["description"])
