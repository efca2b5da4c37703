"""A disk that refuses a write, a fsync, a new name or a new file: nothing is half there, and nothing is told twice.

`python -m tests.harness.faults` tries every call; these tests try the first of each kind.
"""

import shutil

import pytest

from tests.harness.faults import OPERATIONS, start

pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed, which compiles the shim that injects faults"),
]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_nothing_is_lost_on_a_full_disk(operation: str) -> None:
    """Done in part is not done at all; done again, it comes to the same."""
    found = start([operation, "--sample"])
    assert found["wrong"] == []
    assert found["injected"][operation] >= 2  # type: ignore[index]  # counts by operation
