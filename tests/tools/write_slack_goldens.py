"""Writes tests/golden/slack anew. Look at every difference, and at the pictures, before you keep it.

PYTHONPATH=. python tests/tools/write_slack_goldens.py
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.fakes.asking import asking
from tests.fakes.slack.goldens import payloads

GOLDEN = Path(__file__).parents[1] / "golden" / "slack"


def main() -> None:
    """Write one file for each message and view."""
    with asking() as ask:
        for name, payload in payloads(ask).items():
            text = json.dumps(payload, ensure_ascii=False, indent=1, sort_keys=True)
            (GOLDEN / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
