"""`make demo`: the main job from start to end, on an invented wallet, with no account anywhere."""

from __future__ import annotations

import os
import shlex
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cli.main import main as agentcost
from core.wallet.ingest.sample_data import write_events

FOLDER = Path("demo")
EVENTS, DAYS = 120_000, 120
CONFIGURATION = """\
# The invented team of the demonstration.
contract:
  start: {start}
  end: {end}
  grants:
    - {{credits: 8000000, usd: 40000, label: Order 1}}
    - {{credits: 200000, label: Foundations}}
"""
QUESTIONS = (
    "breakeven 200 users",
    "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users",
    "wallet",
    "usage by agent",
    "forecast",
)


def main() -> int:
    """Import an invented wallet up to yesterday, ask five questions, write the workbook; return the first status not 0."""
    FOLDER.mkdir(exist_ok=True)
    export, workbook = FOLDER / "usage_events.csv", FOLDER / "compare.xlsx"
    first_day = datetime.now(UTC).date() - timedelta(days=DAYS)
    term = {"start": first_day, "end": first_day + timedelta(days=365)}
    (FOLDER / "app.yaml").write_text(CONFIGURATION.format(**term), encoding="utf-8")
    write_events(export, EVENTS, first_day=first_day, days=DAYS)
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
