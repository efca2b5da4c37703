"""The real service under a clock of the test's: run as a process of its own, it begins at an instant and hurries.

python tests/fakes/service_process.py INSTANT SPEED
"""

from __future__ import annotations

import asyncio
import sys
import time
from argparse import Namespace
from datetime import datetime, timedelta

from bot import logs
from bot.service import planned
from bot.serving import Service


def main(begin: datetime, speed: float) -> None:
    """Serve until told to stop."""
    started = time.monotonic()

    def now() -> datetime:
        return begin + timedelta(seconds=(time.monotonic() - started) * speed)

    plan = planned(Namespace(config=None, port=0, host="127.0.0.1"))
    logs.configure(sys.stderr)
    asyncio.run(Service(plan, now).run())


if __name__ == "__main__":
    main(datetime.fromisoformat(sys.argv[1]), float(sys.argv[2]))
