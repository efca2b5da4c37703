"""A service that sends alerts by e-mail: each once, even if it is killed in between."""

import time
from pathlib import Path

from tests.fakes.mail_server import serving_mail
from tests.fakes.page_service import PageService

TEAM = "FinOps: {emails: [kim@example.com, ada@example.com], owner: Kim}"
PATIENCE_SECONDS, QUIET_SECONDS = 90.0, 4.0


def test_every_alert_comes_once_to_every_address(tmp_path: Path) -> None:
    """Queued alerts arrive at both addresses; a service that starts after a kill sends none of them again."""
    with serving_mail() as server:
        service = PageService(
            tmp_path, TEAM, AGENTCOST_SMTP=server.address, AGENTCOST_MAIL_FROM="agentcost@example.com", SLACK_BOT_TOKEN=""
        )
        queued = service.agentcost("--csv", "alerts", "open").strip().count("\n")
        assert queued
        with service.running():
            deadline = time.monotonic() + PATIENCE_SECONDS
            while len(server.taken) < 2 * queued and time.monotonic() < deadline:
                time.sleep(0.2)
        with service.running():
            time.sleep(QUIET_SECONDS)
    told = [(mail["To"], mail["Message-ID"]) for mail in server.taken]
    assert len(told) == len(set(told)) == 2 * queued
    assert {to for to, _ in told} == {"kim@example.com", "ada@example.com"}
