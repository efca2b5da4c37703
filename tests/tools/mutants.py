"""Mutation testing: changes the arithmetic in thousands of small ways, and counts the changes that no test notices.

    make mutants PART=ledger
    make mutants PART=pricing SAMPLE=300
    make mutants PART=alerts SAMPLE=200 SEED=2

mutmut, not cosmic-ray: it forks from a process that has everything loaded and runs of the tests only those that reach the changed
function, a hundred times quicker than a new process for each change. It does not change constants outside of functions; those
that matter have tests that name them. It works on a copy in var/mutants, so the tree stays as it is; look at what survived
there, with `mutmut show NAME`.

A sample is drawn with a fixed seed, so two runs on one tree change the same places; a score of a sample is an estimate. Once
tests are written for what one sample showed, a sample of another seed measures them fairly.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
COPIES = ROOT / "var" / "mutants"
LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", ".hypothesis", ".*_cache", "__pycache__", "node_modules", "var")
SURVIVED, UNTESTED = 0, 33  # exit codes as mutmut writes them down
SEED = 20261121
# mutmut makes mutants only as it runs some, and running the first of each function takes longer than a whole sample.
MAKE = """
from pathlib import Path
from mutmut.__main__ import copy_also_copy_files, copy_src_dir, create_mutants
from mutmut.utils.file_utils import setup_source_paths
Path("mutants").mkdir(exist_ok=True)
copy_src_dir()
copy_also_copy_files()
setup_source_paths()
create_mutants(1)
"""


class Part(NamedTuple):
    """Files that are changed, and the tests that ought to notice.

    but: files left out. once: functions left out, because they run once, as tables are read or a registry is made: no mutant of
    them can be switched on afterwards.
    """

    files: tuple[str, ...]
    tests: tuple[str, ...]
    but: tuple[str, ...] = ()
    once: frozenset[str] = frozenset()


PARTS = {
    "pricing": Part(
        ("core/pricing/*.py",),
        ("tests/core/pricing", "tests/core/questions/pricing", "tests/core/questions/planning"),
        once=frozenset(
            f"core.pricing.{name}"
            for name in (
                *(
                    "price_book.x__row",
                    "price_book.x__term",
                    "price_book.x__read_row",
                    "price_book.x__source",
                    "price_book.x__table",
                ),
                *("metering.x__prompt", "metering.x__data_360", "plans.x__seat_plan", "plans.x__edition"),
                *("vendor_prices.x__price", "vendor_prices.x__sources"),
            )
        ),
    ),
    "rules": Part(("core/alerts/rules/*.py",), ("tests/core/alerts/rules",), but=("core/alerts/rules/registry.py",)),
    "alerts": Part(
        ("core/alerts/*.py",),
        (
            *("tests/core/alerts", "tests/core/questions/planning/test_budget.py", "tests/bot/delivery/test_dispatcher.py"),
            "--ignore=tests/core/alerts/test_killed.py",  # it kills programs of its own, of which mutmut sees nothing
            # Hypothesis repeats whole stories, which takes longer than all other tests, for each change that nobody notices.
            "--deselect=tests/core/alerts/test_story.py::test_every_place_reads_a_consistent_story",
            "--deselect=tests/core/alerts/test_outbox.py::TestSending",
            "--deselect=tests/core/alerts/test_budget_alerts.py::test_whatever_is_spent_each_level_is_told_at_most_once",
            "--deselect=tests/bot/delivery/test_dispatcher.py::test_whatever_a_place_does_each_message_arrives_there_once",
        ),
        but=("core/alerts/rules/*",),
    ),
    "ledger": Part(("core/wallet/ledger/*.py",), ("tests/core/wallet/ledger",)),
}


def main(name: str, sample: int = 0, seed: int = SEED) -> None:
    """Run the mutants of a part, or a sample of them, and print how many were noticed, with those that were not."""
    copy = COPIES / name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    with (copy / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(settings(PARTS[name]))
    if not sample:
        run(copy)
        tried = {mutant: code for mutant, code in codes(copy).items() if function_of(mutant) not in PARTS[name].once}
        sys.stdout.write(f"{score(name, tried)}\n")
        return
    subprocess.run([sys.executable, "-c", MAKE], cwd=copy, check=True, stdout=subprocess.DEVNULL)
    mutants = sorted(mutant for mutant in codes(copy) if function_of(mutant) not in PARTS[name].once)
    chosen = random.Random(seed).sample(mutants, min(sample, len(mutants)))
    run(copy, *chosen)
    found = {mutant: code for mutant, code in codes(copy).items() if mutant in set(chosen)}
    sys.stdout.write(f"{score(name, found)}, a sample of {len(mutants)}\n")


def run(copy: Path, *mutants: str) -> None:
    """Let mutmut try these mutants, or all."""
    program = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *mutants]
    # Each mutant reads the tests anew: without their bytecode that takes longer than to run them.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(program, cwd=copy, check=True, env={**kept, "CI": "true"})


def settings(part: Part) -> str:
    """Return what tells mutmut what to change and what to run."""
    lists = {
        "source_paths": ["core"],
        "only_mutate": list(part.files),
        "do_not_mutate": ["*/__init__.py", *part.but],
        "also_copy": ["bot", "sheets_addin", "sql", "docs", "app.yaml", "README.md", "Makefile", "agentcost.py"],
        "pytest_add_cli_args": ["-p", "no:cacheprovider"],
        "pytest_add_cli_args_test_selection": list(part.tests),
    }
    return "\n[tool.mutmut]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in lists.items())


def codes(copy: Path) -> dict[str, int | None]:
    """Return what became of each mutant, None where it was not tried."""
    found: dict[str, int | None] = {}
    for path in sorted((copy / "mutants" / "core").rglob("*.meta")):
        found |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def score(name: str, found: dict[str, int | None]) -> str:
    """Return the names of the mutants that no test noticed, and the share of the others by file and in all."""
    survivors = [mutant for mutant, code in found.items() if code in {SURVIVED, UNTESTED, None}]
    whole, lost = Counter(map(file_of, found)), Counter(map(file_of, survivors))
    by_file = [share(file, whole[file] - lost[file], whole[file]) for file in sorted(whole)]
    return "\n".join([*survivors, *by_file, share(name, len(found) - len(survivors), len(found))])


def function_of(mutant: str) -> str:
    """Return the function that a mutant changes, as mutmut names it."""
    return mutant.rpartition("__mutmut_")[0]


def file_of(mutant: str) -> str:
    """Return the module that a mutant changes."""
    return mutant.rpartition(".")[0]


def share(what: str, noticed: int, whole: int) -> str:
    """Return how many of the mutants of something were noticed, for a line."""
    return f"{what}: {noticed} of {whole} noticed ({noticed * 100 // max(whole, 1)} %)"


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
