"""Killed at any moment: a file's rows are all in or none, and the next evaluation sends the alerts that they cause."""

import json
import subprocess
import sys
from pathlib import Path

HARNESS = Path(__file__).resolve().parents[2] / "harness" / "kill_harness.py"


def test_killed_forty_times(tmp_path: Path) -> None:
    """After each of 40 kills the next evaluation sends the level that the files pass, and the stored usage equals the files."""
    command = [sys.executable, str(HARNESS), str(tmp_path), "40", "alerts"]
    found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    assert (found["kills"], found["broken"]) == (40, 0)
    assert found["whole"]
    assert found["absent"]
