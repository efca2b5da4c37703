"""Writes tests/golden/slack anew, or every kind of message into a folder. Look at every difference before you keep it.

PYTHONPATH=. python tests/tools/write_slack_goldens.py [FOLDER]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.fakes.asking import asking
from tests.fakes.slack.goldens import GOLDENS, payloads

GOLDEN = Path(__file__).parents[1] / "golden" / "slack"


def main() -> None:
    """Write one file for each message and view: the dozen that are held, or all of them into a folder."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN
    folder.mkdir(parents=True, exist_ok=True)
    with asking() as ask:
        told = payloads(ask)
        for name, payload in told.items() if folder != GOLDEN else ((name, told[name]) for name in GOLDENS):
            text = json.dumps(payload, ensure_ascii=False, indent=1, sort_keys=True)
            (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
