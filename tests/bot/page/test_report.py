"""The report: the wallet as one file that opens anywhere."""

import re
from pathlib import Path

import pytest

from tests.fakes.page_service import PageService


@pytest.fixture(scope="module")
def report(service: PageService) -> str:
    """A report of the service's own wallet, written while the service runs."""
    service.agentcost("report", "--out", "week.html")
    return (service.folder / "week.html").read_text(encoding="utf-8")


def test_report_says_what_the_wallet_says(report: str, service: PageService) -> None:
    """Balance, forecast, who used it, why it changed and what is open stand in it, each with its own words."""
    sentences = re.findall(r'class="sentence">([^<]+)<', report)
    assert len(sentences) >= 6
    assert service.agentcost("wallet").split("\n", maxsplit=1)[0] in " ".join(sentences)
    assert "Service_Concierge" in report


def test_report_asks_nothing_of_anybody(report: str) -> None:
    """One file: no address of a script, style or picture stands in it, and its policy forbids any."""
    head = report.partition("<script>")[0]
    assert re.findall(r'(?:src|href)="(?!/\?q=)([^"]+)"', head) == []
    assert "default-src 'none'" in head


@pytest.mark.parametrize("name", ["week.pdf", "week"])
def test_name_must_say_what_it_is(service: PageService, name: str) -> None:
    """A report is HTML, so its name ends in .html."""
    with pytest.raises(Exception, match="exit status 2"):
        service.agentcost("report", "--out", name)
    assert not Path(service.folder / name).exists()
