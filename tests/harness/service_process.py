"""The real service under a clock of the test's: run as a process of its own, it begins at an instant and hurries.

python tests/harness/service_process.py INSTANT SPEED
"""

from __future__ import annotations

import asyncio
import sys
import time
from argparse import Namespace
from datetime import datetime, timedelta

from bot.observability import logs
from bot.service.app import Service
from bot.service.command import plan_service


def main(begin: datetime, speed: float) -> None:
    """Serve until told to stop."""
    started = time.monotonic()

    def now() -> datetime:
        return begin + timedelta(seconds=(time.monotonic() - started) * speed)

    plan = plan_service(Namespace(config=None, port=0, host="127.0.0.1"))
    logs.configure(sys.stderr)
    asyncio.run(Service(plan, now).run())


if __name__ == "__main__":
    main(datetime.fromisoformat(sys.argv[1]), float(sys.argv[2]))
