"""Killed at any moment: a file's rows are all in or none, and what is news because of them is decided by the next look."""

import json
import subprocess
import sys
from pathlib import Path

HARNESS = Path(__file__).resolve().parents[2] / "harness" / "kill_harness.py"


def test_killed_forty_times(tmp_path: Path) -> None:
    """After each of 40 kills the next look has told the level that the files pass, and `previous` is what they hold."""
    command = [sys.executable, str(HARNESS), str(tmp_path), "40", "alerts"]
    found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    assert (found["kills"], found["broken"]) == (40, 0)
    assert found["whole"]
    assert found["absent"]
