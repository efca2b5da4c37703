"""One caller's many questions do not delay other callers."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import anyio

from sheets_addin.api.app import ASKED_AT_ONCE, ASKED_AT_ONCE_BY_ONE

if TYPE_CHECKING:
    from tests.fakes.formula_api import Api


def test_one_caller_leaves_workers_to_others(api: Api) -> None:
    """While ten questions of one caller are stuck, another's is answered; afterwards nothing is remembered of either."""
    free, both_begun, begun = threading.Event(), threading.Event(), []

    def stuck() -> None:
        begun.append(1)
        if len(begun) == ASKED_AT_ONCE_BY_ONE:
            both_begun.set()
        free.wait(30)

    async def run() -> str:
        async with anyio.create_task_group() as group:
            for _ in range(10):
                group.start_soon(api.api._in_worker, "hog", stuck)
            await anyio.to_thread.run_sync(both_begun.wait, 30)
            answer = await api.api._in_worker("other", lambda: "answered")
            assert len(begun) == ASKED_AT_ONCE_BY_ONE < ASKED_AT_ONCE
            free.set()
        return answer

    assert anyio.run(run) == "answered"
    assert (len(begun), api.api.turns) == (10, {})


def test_a_large_request_is_answered_in_turns_and_in_order(api: Api) -> None:
    """250 questions come back in their order, equal ones with equal answers, wrong ones as problems."""
    questions = [{"q": f"breakeven {nth % 7 + 1} users" if nth % 3 else f"brekeven {nth} usrs"} for nth in range(250)]
    answers = api.post("/v1/ask", {"questions": questions}, api.token()).json["answers"]
    assert len(answers) == 250
    for nth, answer in enumerate(answers):
        assert ("detail" in str(answer)) == (nth % 3 == 0), nth
