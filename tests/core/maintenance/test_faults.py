"""A disk that refuses a write, an fsync, a rename or a new file: nothing is half done, and no message is sent twice.

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
    """What fails halfway leaves no trace; repeated, it has its usual result."""
    found = start([operation, "--sample"])
    assert found["wrong"] == []
    assert found["injected"][operation] >= 2  # type: ignore[index]  # counts by operation
