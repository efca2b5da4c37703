"""`make demo`: the main job from start to end, on an invented wallet, with no account anywhere."""

from __future__ import annotations

import os
import shlex
import sys
from datetime import date
from pathlib import Path

from bot.cli.main import main as agentcost
from core.wallet.ingest.sample_data import write_events

FOLDER = Path("demo")
EVENTS, DAYS, FIRST_DAY = 5_000, 100, date(2026, 7, 1)
CONFIGURATION = """\
# The invented team of the demonstration.
contract:
  start: 2026-07-01
  end: 2027-07-01
  grants:
    - {credits: 300000, usd: 1500, label: Order 1}
    - {credits: 100000, end: 2026-12-31, label: Foundations}
"""
QUESTIONS = (
    "breakeven 200 users",
    "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users",
    "recommend 10000 interactions 18 actions customers",
    "wallet",
    "usage by agent",
)


def main() -> int:
    """Import an invented wallet, ask five questions, write the workbook; return the first status that is not 0."""
    FOLDER.mkdir(exist_ok=True)
    export, workbook = FOLDER / "usage_events.csv", FOLDER / "compare.xlsx"
    (FOLDER / "app.yaml").write_text(CONFIGURATION, encoding="utf-8")
    write_events(export, EVENTS, first_day=FIRST_DAY, days=DAYS)
    os.environ |= {"AGENTCOST_CONFIG": str(FOLDER / "app.yaml"), "AGENTCOST_WAREHOUSE": str(FOLDER / "agentcost.duckdb")}
    commands = [
        ["import", str(export)],
        *([question] for question in QUESTIONS),
        ["workbook", "--out", str(workbook), QUESTIONS[1]],
    ]
    for command in commands:
        print(f"\n$ agentcost {shlex.join(command)}", flush=True)
        status = agentcost(command)
        if status:
            return status
    print(_next_steps(workbook))
    return 0


def _next_steps(workbook: Path) -> str:
    return f"""
Everything is in {FOLDER.resolve()}:
  {workbook.name:<18} the comparison as a workbook: open it, change an input cell, every plan is priced anew
  usage_events.csv   the invented export; import it again and nothing counts twice
  agentcost.duckdb   the warehouse: {EVENTS:,} events
  app.yaml           the invented team's contract

Try next, with your own figures:
  export AGENTCOST_CONFIG={FOLDER / "app.yaml"} AGENTCOST_WAREHOUSE={FOLDER / "agentcost.duckdb"}
  .venv/bin/agentcost help
  .venv/bin/agentcost variance last 7 days
  .venv/bin/agentcost price payg 10000 interactions 5.3 actions
  .venv/bin/agentcost explain payg
"""


if __name__ == "__main__":
    sys.exit(main())
