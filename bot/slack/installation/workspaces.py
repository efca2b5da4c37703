"""Which workspace a call to Slack is made for, where the app is installed in several."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_current: ContextVar[str] = ContextVar("workspace", default="")


def current_workspace() -> str:
    """Return the workspace or organisation that the running task works for; empty where there is but one installation."""
    return _current.get()


def work_for(workspace: str) -> None:
    """Let the running task, and those that it starts, work for a workspace or organisation from now on."""
    _current.set(workspace)


@contextmanager
def working_for(workspace: str) -> Iterator[None]:
    """Work for a workspace or organisation until the end of the block."""
    before = _current.set(workspace)
    try:
        yield
    finally:
        _current.reset(before)
