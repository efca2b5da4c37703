"""The report: the wallet as one file that opens anywhere."""

import re
from pathlib import Path

import pytest

from bot.page.paper import find_browser, print_page
from core.errors import InputError
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


@pytest.mark.parametrize("name", ["week.docx", "week"])
def test_name_must_say_what_it_is(service: PageService, name: str) -> None:
    """A report is HTML or PDF, and its name says which."""
    with pytest.raises(Exception, match="exit status 2"):
        service.agentcost("report", "--out", name)
    assert not Path(service.folder / name).exists()


@pytest.mark.outside
@pytest.mark.skipif(find_browser() is None, reason="needs a Chromium or Chrome")
def test_report_is_printed_as_a_pdf(service: PageService) -> None:
    """A name that ends in .pdf gives paper: a whole file, of a few pages."""
    assert service.agentcost("report", "--out", "week.pdf").endswith("week.pdf.\n")
    printed = (service.folder / "week.pdf").read_bytes()
    assert printed.startswith(b"%PDF-")
    assert printed.rstrip().endswith(b"%%EOF")
    assert 1 <= len(re.findall(rb"/Type /Page\b(?!s)", printed)) <= 6


def test_without_a_browser_the_way_on_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written, and the refusal says what to write instead."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match=r"Write week\.html instead"):
        print_page("<p>", tmp_path / "week.pdf")
    assert list(tmp_path.iterdir()) == []
