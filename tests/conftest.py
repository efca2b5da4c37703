"""Every test runs in an empty folder of its own, with nothing configured and no cache but its own session's."""

import os
import signal
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

from core.alerts import evaluation, rendering
from core.answer.model import Answer
from core.questions import asking
from tests.documents.demonstration import write_demonstration
from tests.fakes.contradictions import contradictions

# A busy machine is no fault of what is tested. Hypothesis itself does so in CI, where it also tries the same examples each time.
if not os.environ.get("CI"):
    settings.register_profile("without deadline", deadline=None)
    settings.load_profile("without deadline")


def pytest_configure(config: pytest.Config) -> None:
    """Let databases stand in for warehouse files where AGENTCOST_TEST_WAREHOUSE says postgresql, before tests import anything."""
    if os.environ.get("AGENTCOST_TEST_WAREHOUSE") == "postgresql":
        from tests.fakes.postgres import stand_in_for_files  # noqa: PLC0415 - elsewhere nothing of it is wanted

        config.add_cleanup(stand_in_for_files())


def _checked(make: Callable[..., Answer]) -> Callable[..., Answer]:
    """Return what makes an answer with the check behind it."""

    def checked(*said: object) -> Answer:
        answer = make(*said)
        found = contradictions(answer)
        assert not found, f"{answer.question}: {'; '.join(found)}"
        return answer

    return checked


class _Handlers:
    """A module of handlers whose answers must not contradict themselves."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Callable[..., Answer]:
        return _checked(getattr(self._module, name))


@pytest.fixture(scope="session", autouse=True)
def _no_answer_contradicts_itself() -> Iterator[None]:
    """Hold headline, figures, tables and sums of every answer and alert that a test asks for against each other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "import_module", lambda name: _Handlers(import_module(name)))
        patch.setattr(evaluation, "message_of", _checked(rendering.message_of))
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what agentcost caches out of the home of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """Let programs that tests start hear Ctrl-C, also where the tests themselves were started deaf to it, in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the invented company, on the day of the documents; made once for all tests, which must not change it."""
    return write_demonstration(tmp_path_factory.mktemp("company") / "demo")


@pytest.fixture(autouse=True)
def _nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start in an empty folder, without the settings of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for variable in ("AGENTCOST_CONFIG", "AGENTCOST_WAREHOUSE", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(variable, raising=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the scores that tests recorded, such as how many phrasings are read, whatever the run's output is set to."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{name.replace('_', ' ')}: {value}")
