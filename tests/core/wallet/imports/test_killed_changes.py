"""Killed at any moment, an undo, a second reading or a replacement is done wholly or not at all."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HARNESS = Path(__file__).parents[3] / "harness" / "undo_kill_harness.py"
REREAD_HARNESS = HARNESS.with_name("reread_kill_harness.py")


def test_killed_a_dozen_times(tmp_path: Path) -> None:
    """After each of 12 kills at random all tables are as with the import or as without it, and every check holds."""
    done = subprocess.run([sys.executable, HARNESS, tmp_path, "12"], stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["kills"] == 12
    assert found["broken"] == 0
    assert found["in"] + found["out"] >= 12


@pytest.mark.parametrize("way", ["again", "replaces"])
def test_reading_again_and_replacing_killed_at_random(tmp_path: Path, way: str) -> None:
    """After each of 6 kills the credits are exactly those before or those after, and every check holds."""
    command = [sys.executable, str(REREAD_HARNESS), str(tmp_path), "6", way]
    found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    assert found["kills"] == 6
    assert found["broken"] == 0
    assert found["before"] + found["after"] >= 6
