"""Killed at any moment, an import that is being taken back is wholly in or wholly out."""

import json
import subprocess
import sys
from pathlib import Path

HARNESS = Path(__file__).parents[3] / "harness" / "undo_kill_harness.py"


def test_killed_a_dozen_times(tmp_path: Path) -> None:
    """After each of 12 kills at random moments all tables are as with the import, or as without it, and every check holds."""
    done = subprocess.run([sys.executable, HARNESS, tmp_path, "12"], stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["kills"] == 12
    assert found["broken"] == 0
    assert found["in"] + found["out"] >= 12
