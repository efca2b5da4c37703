"""Whatever is sent that the OpenAPI document allows, or nearly so: no 500, and every response as documented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from core.language.commands import COMMANDS
from tests.fakes.formula_api import Api, api_on

if TYPE_CHECKING:
    from pathlib import Path

    from core.context import Context

EXAMPLES = 60
FUZZED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
CONFIG = SchemathesisConfig.from_dict(
    {
        "generation": {"deterministic": True, "mode": "all"},
        # Any text is a valid parameter and few are questions: then 422 says why.
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "304", "401", "403", "409", "422", "501"]}},
    }
)


@pytest.fixture
def fuzzed(invented: Context, tmp_path: Path) -> Api:
    """An API with working refreshes and without limits."""
    return api_on(invented, tmp_path, refresh=lambda spreadsheet: f"Wrote {spreadsheet}.").configured(
        requests_per_minute=1_000_000, allow_pricing_without_token=True
    )


ASKING = [("/v1/ask", "GET"), ("/v1/ask", "POST"), ("/v1/refresh", "POST")]
OPERATIONS = [*ASKING, ("/v1/commands", "GET"), ("/openapi.json", "GET"), ("/healthz", "GET")]
ELSEWHERE = [("/readyz", "GET"), ("/metrics", "GET"), ("/mcp", "POST")]
VALID, INVALID = GenerationMode.POSITIVE, GenerationMode.NEGATIVE


def operation_of(api: Api, path: str, method: str) -> schemathesis.APIOperation[Any, Any, Any, Any]:
    """Return an operation of the document, as served."""
    return schemathesis.openapi.from_asgi("/openapi.json", api.app, config=CONFIG)[path][method]


@pytest.mark.parametrize(
    ("path", "method", "mode"), [*((*one, VALID) for one in OPERATIONS), *((*one, INVALID) for one in ASKING)]
)
def test_responses_are_as_documented(fuzzed: Api, path: str, method: str, mode: GenerationMode) -> None:
    """With access to everything: what the document allows is answered, what it does not allow is refused."""
    token = {"Authorization": f"Bearer {fuzzed.token()}"}

    @FUZZED
    @given(operation_of(fuzzed, path, method).as_strategy(generation_mode=mode))
    def answered(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers=token)

    answered()


QUESTIONS = [example for command in COMMANDS.values() for example in command.examples]


def test_questions_are_answered_as_documented(fuzzed: Api) -> None:
    """Real questions, cut and joined at random, with any figure: an answer in core's shape, or a problem."""
    token = {"Authorization": f"Bearer {fuzzed.token()}"}
    parts = st.tuples(st.sampled_from(QUESTIONS), st.integers(0, 40), st.sampled_from(QUESTIONS), st.integers(0, 40))
    texts = st.sampled_from(QUESTIONS) | parts.map(lambda four: f"{four[0][: four[1]]} {four[2][four[3] :]}")

    @FUZZED
    @given(operation_of(fuzzed, "/v1/ask", "GET").as_strategy(), texts)
    def answered(case: schemathesis.Case[Any], text: str) -> None:
        case.query["q"] = text
        case.call_and_validate(headers=token)

    answered()


def test_every_operation_is_fuzzed(fuzzed: Api) -> None:
    """The document has these operations, those that the service answers itself or by another protocol, and no other."""
    paths = fuzzed.get("/openapi.json").json["paths"]
    assert {(path, method.upper()) for path, operations in paths.items() for method in operations} == {*OPERATIONS, *ELSEWHERE}
