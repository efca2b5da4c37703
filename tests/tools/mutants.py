"""Mutation testing: changes the arithmetic in thousands of small ways, and counts the changes that no test notices.

    make mutants PART=ledger

mutmut, not cosmic-ray: it forks from a process that has everything loaded and runs of the tests only those that reach the changed
function, a hundred times quicker than a new process for each change. It does not change constants outside of functions; those
that matter have tests that name them. It works on a copy in var/mutants, so the tree stays as it is; look at what survived
there, with `mutmut show NAME`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
COPY = ROOT / "var" / "mutants"
LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", ".hypothesis", ".*_cache", "__pycache__", "node_modules", "var")
SURVIVED, UNTESTED = 0, 33  # exit codes as mutmut writes them down


class Part(NamedTuple):
    """Files that are changed, and the tests that ought to notice."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


PARTS = {
    "pricing": Part(
        ("core/pricing/*.py",),
        ("tests/core/pricing", "tests/core/questions/pricing", "tests/core/questions/test_published_examples.py"),
    ),
    "rules": Part(
        ("core/alerts/rules/*.py",),
        ("tests/core/alerts/test_rules.py", "tests/core/alerts/test_advice.py", "tests/core/alerts/test_state_machine.py"),
    ),
    "alerts": Part(("core/alerts/*.py",), ("tests/core/alerts",)),
    "ledger": Part(("core/wallet/ledger/*.py",), ("tests/core/wallet/ledger", "tests/core/questions/wallet/test_balance.py")),
}


def main(name: str) -> None:
    """Run the mutants of a part and print how many were noticed, with those that were not."""
    part = PARTS[name]
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(ROOT, COPY, ignore=LEFT_OUT)
    with (COPY / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(settings(part))
    program = [sys.executable, "-m", "mutmut", "run", "--max-children", "1"]
    subprocess.run(program, cwd=COPY, check=True, env={**os.environ, "CI": "true"})
    sys.stdout.write(f"{score(name)}\n")


def settings(part: Part) -> str:
    """Return what tells mutmut what to change and what to run."""
    tests = [test for test in part.tests if (ROOT / test).exists()]
    lists = {
        "source_paths": ["core"],
        "only_mutate": list(part.files),
        "do_not_mutate": ["*/__init__.py", *(["core/alerts/rules/*"] if part.files == ("core/alerts/*.py",) else [])],
        "also_copy": ["bot", "sheets_addin", "sql", "docs", "app.yaml", "README.md", "Makefile", "agentcost.py"],
        "pytest_add_cli_args": ["-p", "no:cacheprovider"],
        "pytest_add_cli_args_test_selection": tests,
    }
    return "\n[tool.mutmut]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in lists.items())


def score(name: str) -> str:
    """Return the share of mutants that a test noticed, and the names of the others."""
    codes: dict[str, int | None] = {}
    for path in sorted((COPY / "mutants" / "core").rglob("*.meta")):
        codes |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    counted = Counter("noticed" if code not in {SURVIVED, UNTESTED, None} else "not noticed" for code in codes.values())
    survivors = [mutant for mutant, code in codes.items() if code in {SURVIVED, UNTESTED, None}]
    whole = sum(counted.values())
    return "\n".join(
        [*survivors, f"{name}: {counted['noticed']} of {whole} noticed ({counted['noticed'] * 100 // max(whole, 1)}%)"]
    )


if __name__ == "__main__":
    main(sys.argv[1])
