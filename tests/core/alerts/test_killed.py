"""Killed at any moment: a file's rows, what is news because of them, and its messages are all in, or none of them."""

import json
import subprocess
import sys
from pathlib import Path

HARNESS = Path(__file__).resolve().parents[1] / "wallet" / "kill_harness.py"


def test_killed_a_hundred_times(tmp_path: Path) -> None:
    """After each of 100 kills there is one message for each file that is in, and `previous` is what the files hold."""
    command = [sys.executable, HARNESS, tmp_path, "100", "alerts"]
    found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    assert (found["kills"], found["broken"]) == (100, 0)
    assert found["whole"]
    assert found["absent"]
