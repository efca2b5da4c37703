"""The page by keyboard alone, on a phone and on a dark desk: each function is reached by Tab, seen, used, and left again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, FileChooser, Page

    from tests.fakes.page_service import PageService

MAX_STOPS, PATIENCE_MS = 80, 60_000
pytestmark = pytest.mark.outside
# What stands where the focus is: its role in words, and whether it can be seen that it is there.
FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const label = at.labels?.[0]?.innerText || at.getAttribute('aria-label') || at.innerText || at.value || at.id;
  const isSeen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.right > 0;
  return {tag: at.tagName, label: label.trim().split('\\n')[0], isSeen, href: at.getAttribute('href')};
}"""


class Stop(NamedTuple):
    """Where the focus is."""

    tag: str
    label: str
    is_seen: bool
    href: str | None


class Hand:
    """Somebody who has a keyboard and nothing else."""

    def __init__(self, page: Page) -> None:
        """Sit down in front of a page."""
        self.page = page

    @property
    def at(self) -> Stop:
        """Where the focus is now."""
        found = self.page.evaluate(FOCUS)
        return Stop(found["tag"], found["label"], found["isSeen"], found["href"])

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def go_to(self, label: str, tag: str | None = None, key: str = "Tab") -> None:
        """Press Tab until the focus is on what begins with a label; every stop on the way can be seen."""
        passed: list[Stop] = []
        for _ in range(MAX_STOPS):
            self.press(key)
            at = self.at
            if at.tag != "BODY":
                assert at.is_seen, f"nobody sees that the focus is on {at}"
            if at.label.startswith(label) and tag in {None, at.tag}:
                return
            passed.append(at)
        raise AssertionError(f"{label} is not reached: {passed}")

    def stops(self) -> list[Stop]:
        """Return every stop of the page, until the focus leaves it or comes back to the first."""
        self.page.focus(".skip")
        found = [self.at]
        for _ in range(MAX_STOPS):
            self.press("Tab")
            if self.at.tag == "BODY" or self.at == found[0]:
                return found
            found.append(self.at)
        raise AssertionError(f"The focus never leaves: {found[-5:]}")

    def see(self, text: str) -> None:
        """Wait until a text is shown."""
        self.page.get_by_text(text).first.wait_for()

    def copies(self, end: str) -> bool:
        """Whether what ends so is copied within a while."""
        for _ in range(100):
            if self.page.evaluate("navigator.clipboard.readText()").endswith(end):
                return True
            self.page.wait_for_timeout(100)
        return False

    def finds_no_barrier(self) -> None:
        """Let axe look at what is shown."""
        violations = Axe().run(self.page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == []


@pytest.fixture(params=[(390, "light"), (1280, "dark")], ids=["phone", "dark desk"])
def window(browser: Browser, service: PageService, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A phone by day, and a desk by night; copying is allowed."""
    width: int
    scheme: Literal["light", "dark"]
    width, scheme = request.param
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, base_url=service.address, color_scheme=scheme)  # type: ignore[arg-type]  # as it is
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context
    context.close()


@pytest.fixture
def hand(window: BrowserContext) -> Hand:
    """Somebody in front of a new page."""
    page = window.new_page()
    page.set_default_timeout(PATIENCE_MS)
    # Chromium hands a chooser over only where it was told before the key comes; with somebody who listens it always is.
    page.on("filechooser", lambda _: None)
    return Hand(page)


def test_every_view_is_walked_through_and_left(hand: Hand) -> None:
    """From the name to the last stop, in the order of the page, each seen; from the first stop one jumps to the content."""
    for path in ("/", "/wallet", "/what-if", "/told", "/import", "/set-up"):
        hand.page.goto(path)
        hand.page.wait_for_load_state("networkidle")
        hand.page.evaluate("document.activeElement.blur()")
        found = hand.stops()
        assert [one for one in found if not one.is_seen] == []
        labels = [one.label for one in found]
        assert labels[:3] == ["Skip to content", "agentcost", "Ask"]
        assert labels.index("Set-up") == 7


def test_nothing_unfolded_is_a_barrier(hand: Hand) -> None:
    """Every How of the wallet and of an answer, open at once."""
    for path in ("/wallet", "/?q=compare 10000 interactions 5 actions 50 users"):
        hand.page.goto(path)
        hand.page.wait_for_load_state("networkidle")
        for how in hand.page.locator("details.how summary").all():
            how.focus()
            hand.press("Enter")
        hand.finds_no_barrier()
        assert hand.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_skipping_leads_past_the_links(hand: Hand) -> None:
    """The next stop after it is the content's first."""
    hand.page.goto("/what-if")
    hand.go_to("Skip to content")
    hand.press("Enter", "Tab")
    assert hand.at.label == "Interactions a month"


def test_a_question_is_asked_explained_and_taken_along(hand: Hand, tmp_path: Path) -> None:
    """Completion, answer, How and back by Escape, formula, link and CSV: Tab, Enter and arrows do all of it."""
    hand.page.goto("/")
    assert hand.at.label == "What do you want to know?"
    hand.page.keyboard.type("usage by ag")
    hand.page.wait_for_selector('#completions option[value="usage by agent"]', state="attached")
    hand.page.keyboard.type("ent last 28 days")
    hand.press("Enter")
    hand.page.wait_for_selector("#answer .sentence")
    assert hand.at.label == "What do you want to know?"  # the focus stays in the box
    hand.go_to("Copy as formula")
    hand.press("Enter")
    assert hand.copies('=AGENTCOST("usage by agent last 28 days")')
    hand.see("Copied.")
    hand.go_to("Copy link")
    hand.press("Space")
    assert hand.copies("/?q=usage%20by%20agent%20last%2028%20days")
    hand.go_to("CSV")
    with hand.page.expect_download() as waited:
        hand.press("Enter")
    waited.value.save_as(tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_text(encoding="utf-8").startswith("agent,")
    hand.go_to("How", "SUMMARY")
    hand.press("Enter", "Tab")
    assert hand.page.locator("details.how[open]").count() == 1
    hand.press("Escape")
    assert (hand.at.label, hand.page.locator("details.how[open]").count()) == ("How", 0)
    hand.finds_no_barrier()


def test_a_suggestion_answers(hand: Hand) -> None:
    """What is not understood is told, and its suggestion is the next stop that answers."""
    hand.page.goto("/")
    hand.page.keyboard.type("breakeven 2oo users")
    hand.press("Enter")
    hand.page.wait_for_selector("#answer .warning")
    hand.go_to("breakeven 200 users", "A")
    hand.press("Enter")
    hand.page.wait_for_selector("#answer .sentence")
    assert "200 seats cost" in hand.page.inner_text("#answer")


def test_the_wallet_unfolds_and_keeps_the_focus(hand: Hand) -> None:
    """Parts that come later take no focus away; whoever stood on the link of one stands on the part then."""
    hand.page.route("**/wallet/*", lambda _: None)  # none of the parts comes yet
    hand.page.goto("/wallet")
    hand.page.wait_for_selector("#ahead a")
    hand.go_to("Alerts", "A")
    hand.page.unroute("**/wallet/*")
    hand.page.evaluate("htmx.ajax('GET', '/wallet/alerts', {target: '#alerts', select: '#alerts', swap: 'outerHTML'})")
    hand.page.wait_for_selector("#alerts .sentence")
    hand.page.wait_for_selector("#alerts:focus")
    hand.go_to("How", "SUMMARY")
    hand.press("Enter")
    assert hand.page.locator("#alerts details[open]").count() == 1


def test_sliders_follow_the_arrows_and_what_is_unfolded_stays(hand: Hand) -> None:
    """Arrow keys move a slider and its number, the plans follow, How stays open, and Back leads out of the page at once."""
    hand.page.goto("/import")
    hand.page.goto("/what-if")
    hand.go_to("How", "SUMMARY")
    hand.press("Enter")
    for label, key, box in (
        ("Interactions a month, to slide", "ArrowRight", "10100"),
        ("Actions per interaction, to slide", "ArrowLeft", "4.9"),
        ("Discount on credits, percent, to slide", "ArrowUp", "1"),
        ("Users who would need a seat, to slide", "ArrowRight", "5"),
    ):
        hand.go_to(label, "INPUT", "Shift+Tab" if label.startswith("Users") else "Tab")
        hand.press(key)
        name = {"I": "interactions", "A": "actions", "D": "discount", "U": "users"}[label[0]]
        assert hand.page.input_value(f"#{name}") == box
    hand.see("10,100 interactions × 4.9 actions")
    hand.see("5 users")
    assert hand.at.label == "Users who would need a seat, to slide"
    assert hand.page.locator("#plans details[open]").count() == 1
    hand.finds_no_barrier()
    hand.page.go_back()
    assert hand.page.url.endswith("/import")


def test_digests_and_alerts_are_read(hand: Hand) -> None:
    """There is nothing to press but the links to each team's digest, and what Slack's buttons are is not reached."""
    hand.page.goto("/told")
    hand.page.wait_for_selector("#digest-2 h2")
    assert {one.tag for one in hand.stops()} == {"A"}
    hand.finds_no_barrier()


def choose(hand: Hand, path: Path) -> None:
    """Choose a file by the key that opens the machine's own window."""
    hand.go_to("Drop an export here", "INPUT")
    with hand.page.expect_file_chooser() as waited:
        hand.press("Space")
    chooser: FileChooser = waited.value
    chooser.set_files(str(path))


def test_a_file_is_mapped_imported_mended_and_sent_again(hand: Hand, tmp_path: Path, service: PageService) -> None:
    """A column is said to be another field, the proposal follows, yes imports, and mended rejects come in."""
    nth = hand.page.viewport_size["width"] if hand.page.viewport_size else 0
    export, day = tmp_path / f"own{nth}.csv", service.last_day
    head = f"Wann{nth};Wer;Punkte;Kosten\n"
    export.write_text(
        f"{head}{day:%d.%m.%Y};Bot {nth};40;x\n{day:%d.%m.%Y};Bot {nth};many;y\n" + f"{day:%d.%m.%Y};Bot {nth};60;z\n" * 3
    )
    hand.page.goto("/import")
    choose(hand, export)
    hand.go_to("Look at it")
    hand.press("Enter")
    hand.see("this is a guess")
    hand.finds_no_barrier()
    hand.go_to("Read it otherwise", "SUMMARY")
    hand.press("Enter")
    hand.go_to("Wer", "SELECT")
    hand.page.keyboard.type("agent")
    hand.go_to("Kosten", "SELECT")
    hand.page.keyboard.type("department")
    hand.finds_no_barrier()
    hand.go_to("Read it so")
    hand.press("Enter")
    hand.page.wait_for_selector("td:text-is('department')")
    hand.go_to(f"Import own{nth}.csv")
    hand.press("Enter")
    hand.see("Fix the rejected rows")
    hand.go_to(f"own{nth}.rejected.csv", "A")
    with hand.page.expect_download() as waited:
        hand.press("Enter")
    mended = tmp_path / f"own{nth}.rejected.csv"
    waited.value.save_as(mended)
    mended.write_text(mended.read_text(encoding="utf-8").replace("many", "20"), encoding="utf-8")
    hand.go_to("Import another file", "A")
    hand.press("Enter")
    hand.page.wait_for_selector("#file")
    choose(hand, mended)
    hand.go_to("Look at it")
    hand.press("Enter")
    hand.page.wait_for_selector("button:has-text('Import own')")
    hand.go_to("Import own")
    hand.press("Enter")
    hand.see("See the wallet")
    assert f"Bot {nth}" in service.ask("/answer.csv?q=usage+by+agent").text


def test_somebody_signs_in_by_a_link_and_out(hand: Hand, service: PageService) -> None:
    """The link's button signs in, the header signs out, and then the page is closed to whoever is elsewhere."""
    hand.page.set_extra_http_headers({"X-Forwarded-For": "203.0.113.9"})
    hand.page.goto("/wallet")
    hand.see("with a sign-in link")
    hand.page.goto(service.agentcost("page-link", service.address, "--department", "Service").split()[0])
    hand.go_to("Sign in", "BUTTON")
    hand.press("Enter")
    hand.see("Open to you: department Service")
    hand.finds_no_barrier()
    hand.go_to("Sign out", "BUTTON")
    hand.press("Enter")
    hand.see("You are signed out on this device.")
    hand.page.goto("/wallet")
    hand.see("with a sign-in link")
