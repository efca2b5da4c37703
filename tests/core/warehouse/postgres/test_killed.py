"""Machines that import into one PostgreSQL at a time lose nothing and tell nothing twice, whatever is killed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.postgres import SKIPPED, programs

ROOT = Path(__file__).resolve().parents[4]
HARNESS = ROOT / "tests" / "harness" / "postgres_harness.py"


@pytest.mark.skipif(programs() is None, reason=SKIPPED)
def test_machines_that_are_killed_leave_whole_files(tmp_path: Path) -> None:
    """Three importers are killed -9: each file is wholly in or out, each level told once. The full counts are run by hand."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, str(HARNESS), str(tmp_path), "6"], env=environment, check=True, capture_output=True, text=True
    )
    found = json.loads(run.stdout)
    assert found["kills"] >= 6
    assert found["files"] == found["rounds"] + 1
    assert found["broken"] == 0, run.stderr
