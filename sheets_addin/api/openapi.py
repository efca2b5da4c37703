"""The OpenAPI document: requests, responses and problems. Answers use core's own schema."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from sheets_addin.api import requests
from sheets_addin.api.problems import (
    BAD_REQUEST,
    BROKEN,
    CONFLICT,
    FORBIDDEN,
    METHOD_NOT_ALLOWED,
    NOT_ANSWERABLE,
    NOT_JSON,
    NOT_WIRED,
    PROBLEM_JSON,
    TITLES,
    TOO_LARGE,
    TOO_MANY,
    UNAUTHORIZED,
    UNAVAILABLE,
    encode_json,
)

Schema = dict[str, Any]

COMPONENT, DEFINITION = "#/components/schemas/", "#/$defs/"
EVERYWHERE = (BAD_REQUEST, METHOD_NOT_ALLOWED, BROKEN)
GUARDED = (*EVERYWHERE, UNAUTHORIZED, TOO_MANY, UNAVAILABLE)
WITH_BODY = (*GUARDED, TOO_LARGE, NOT_JSON)
EXTRA_HEADERS = {
    UNAUTHORIZED: ("WWW-Authenticate", "Bearer"),
    TOO_MANY: ("Retry-After", "seconds until there is a request again"),
    UNAVAILABLE: ("Retry-After", "seconds after which trying again makes sense"),
    METHOD_NOT_ALLOWED: ("Allow", "what is done here"),
}
TEXT: Schema = {"type": "string"}
PROBLEM: Schema = {
    "title": "What went wrong",
    "description": "RFC 9457. detail is one sentence for people: what happened, with the value, and what to do.",
    "type": "object",
    "additionalProperties": False,
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"const": "about:blank"},
        "title": {"type": "string", "minLength": 1},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "minLength": 1},
        "question": {"type": "string", "description": "the question at fault, as it was asked"},
        "start": {"type": "integer", "minimum": 0, "description": "the first character at fault"},
        "end": {"type": "integer", "minimum": 0, "description": "the one after the last at fault"},
        "suggestions": {"type": "array", "maxItems": 3, "items": TEXT, "description": "questions that work"},
    },
}
OPEN: Schema = {"type": "object", "additionalProperties": False}


def _record(**properties: Schema) -> Schema:
    return OPEN | {"required": list(properties), "properties": properties}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _ref(name: str) -> Schema:
    return {"$ref": f"{COMPONENT}{name}"}


VOCABULARY = _record(
    version=TEXT,
    commands=_list(
        _record(
            name=TEXT,
            words=_list(TEXT),
            answers=TEXT,
            examples=_list(TEXT),
            phrases=_list(TEXT),
            wallet={"type": "boolean", "description": "whether it needs a token that opens the wallet"},
        )
    ),
    phrases=_list(_record(name=TEXT, about=TEXT, examples=_list(TEXT))),
    figures=_list(_record(key=_ref("key"), label=TEXT, unit=_ref("unit"))),
)


@cache
def document() -> bytes:
    """Return the document as JSON."""
    return encode_json(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "agentcost: the formula API",
                "version": "1",
                "description": "What Salesforce's AI agents cost: one question language, exact and sourced answers.",
            },
            "paths": _paths(),
            "components": {
                "schemas": _schemas(),
                "securitySchemes": {
                    "token": {
                        "type": "http",
                        "scheme": "bearer",
                        "description": "a token of `agentcost sheet-token`, or a Google identity token",
                    }
                },
            },
        }
    )


def _schemas() -> Schema:
    answer: Schema = json.loads(files("core").joinpath("answer.schema.json").read_text(encoding="utf-8"))
    definitions = answer.pop("$defs")
    answer.pop("$schema")
    own: Schema = _move_references({**definitions, "Answer": answer})
    return own | {
        "Problem": PROBLEM,
        "Answers": _record(answers=_list({"oneOf": [_ref("Answer"), _ref("Problem")]})),
        "Vocabulary": VOCABULARY,
        "Refreshed": _record(spreadsheet_id=TEXT, message=TEXT),
        "Health": _health_schema(),
        "Questions": requests.ASK_BODY,
        "Refresh": requests.REFRESH_BODY,
    }


def _move_references(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Return the schema with its references pointing to the document's components."""
    if isinstance(schema, dict):
        return {
            key: value.replace(DEFINITION, COMPONENT) if key == "$ref" else _move_references(value)
            for key, value in schema.items()
        }
    return [_move_references(one) for one in schema] if isinstance(schema, list) else schema


def _paths() -> Schema:
    asked, tagged = _parameters(), (*GUARDED, NOT_ANSWERABLE)
    return {
        "/v1/ask": {
            "get": _operation("ask", "Answer one question", "Answer", (*tagged, FORBIDDEN), has_tag=True, parameters=asked),
            "post": _operation("askMany", "Answer many questions, in their order", "Answers", WITH_BODY, body="Questions"),
        },
        "/v1/commands": {"get": _operation("commands", "What can be asked, for completion", "Vocabulary", GUARDED, has_tag=True)},
        "/v1/refresh": {
            "post": _operation(
                "refresh", "Refresh the spreadsheet", "Refreshed", (*WITH_BODY, FORBIDDEN, CONFLICT, NOT_WIRED), body="Refresh"
            )
        },
        "/openapi.json": {
            "get": _operation("openapi", "This document", None, EVERYWHERE, has_tag=True, is_guarded=False),
        },
        "/mcp": {"post": _mcp()},
        "/healthz": {"get": _health("health", "Whether the service is alive, and the state of each part")},
        "/readyz": {"get": _health("readiness", "Whether the service accepts new work, and the state of each part")},
        "/metrics": {"get": _metrics()},
    }


def _mcp() -> Schema:
    """Return the operation for assistants, whose messages follow their own protocol."""
    found = _operation("mcp", "Ask as an assistant, by the Model Context Protocol", None, GUARDED)
    message = {"required": True, "content": {"application/json": {"schema": {"type": "object", "description": "JSON-RPC 2.0"}}}}
    return found | {
        "requestBody": message,
        "responses": {**found["responses"], "202": {"description": "The notification was accepted"}},
    }


def _metrics() -> Schema:
    found = _operation("metrics", "Metrics for Prometheus", None, (), is_guarded=False)
    return found | {"responses": {"200": {"description": "It worked", "content": {"text/plain": {"schema": TEXT}}}}}


def _health_schema() -> Schema:
    """Return the schema of /healthz and /readyz; parts are listed once the service has heard of them."""
    instant = {**TEXT, "format": "date-time"}
    texts = {"why": TEXT, "to_do": TEXT, "last_success": instant}
    part = OPEN | {"required": ["ok", "since"], "properties": {"ok": {"type": "boolean"}, "since": instant, **texts}}
    parts = {"type": "object", "additionalProperties": part}
    status = {"enum": ["ready", "degraded", "not ready"]}
    return OPEN | {"required": ["status"], "properties": {"status": status, "since": instant, "why": TEXT, "parts": parts}}


def _health(name: str, summary: str) -> Schema:
    """Return an operation that the service answers itself: the same shape whether it is healthy or, with 503, not."""
    found = _operation(name, summary, "Health", EVERYWHERE, is_guarded=False)
    not_ready = {"description": "Not ready", "content": {"application/json": {"schema": _ref("Health")}}}
    return found | {"responses": found["responses"] | {"503": not_ready}}


def _parameters() -> list[Schema]:
    shape = requests.ASK_PARAMETERS
    return [
        {
            "name": name,
            "in": "query",
            "required": name in shape["required"],
            "schema": schema,
            "description": schema["description"],
        }
        for name, schema in shape["properties"].items()
    ]


def _operation(  # noqa: PLR0913 - what differs between operations
    name: str,
    summary: str,
    gives: str | None,
    problems: tuple[int, ...],
    *,
    has_tag: bool = False,
    is_guarded: bool = True,
    parameters: list[Schema] | None = None,
    body: str | None = None,
) -> Schema:
    found: Schema = {"operationId": name, "summary": summary, "responses": _responses(gives, problems, has_tag=has_tag)}
    if is_guarded:
        found["security"] = [{"token": []}, {}]
    tag = {"name": "If-None-Match", "in": "header", "schema": TEXT, "description": "the ETag of what the caller has"}
    if parameters or has_tag:
        found["parameters"] = [*(parameters or []), *([tag] if has_tag else [])]
    if body:
        found["requestBody"] = {"required": body == "Questions", "content": {"application/json": {"schema": _ref(body)}}}
    return found


def _responses(gives: str | None, problems: tuple[int, ...], *, has_tag: bool) -> Schema:
    schema = _ref(gives) if gives else {"type": "object"}
    headers = {"ETag": _header("strong, of the body")} if has_tag else {}
    kept = {"304": {"description": "The caller already has it", "headers": headers}} if has_tag else {}
    given = {"description": "It worked", "headers": headers, "content": {"application/json": {"schema": schema}}}
    return {"200": given, **kept, **{str(status): _problem(status) for status in sorted(problems)}}


def _problem(status: int) -> Schema:
    told: Schema = {"description": TITLES[status], "content": {PROBLEM_JSON: {"schema": _ref("Problem")}}}
    if status in EXTRA_HEADERS:
        name, meaning = EXTRA_HEADERS[status]
        told["headers"] = {name: _header(meaning)}
    return told


def _header(meaning: str) -> Schema:
    return {"schema": TEXT, "description": meaning}
