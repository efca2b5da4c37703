"""The page in a headless Chromium: used by keyboard and by mouse, on a phone and on a desk, in light and in dark."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.fakes.page_service import PageService

PATHS = (
    "/",
    "/?q=compare 10000 interactions 5 actions 50 users",
    "/?q=breakeven 2oo users",
    "/wallet",
    "/wallet/ahead",
    "/wallet/alerts",
    "/what-if",
    "/told",
    "/told/digest?team=FinOps",
    "/import",
    "/set-up",
    "/sign-in?key=stale",
)
ROW = "{id},{day}T08:00:00Z,{day}T08:01:00Z,{credits},1,20,Agentforce_StandardAction,A,Page_Agent,,,FlexCredits,o,production"
PATIENCE_MS = 60_000
pytestmark = pytest.mark.outside


@pytest.fixture
def page(browser: Browser, service: PageService) -> Iterator[Page]:
    """A window on a desk that notes every error and every request to elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=service.address)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
    opened.on("request", lambda one: None if one.url.startswith(service.address) else troubles.append(one.url))
    yield opened
    context.close()
    assert troubles == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_everyone_can_read_it(
    browser: Browser, service: PageService, path: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    """axe-core finds nothing to mend, and nothing is cut off at the side."""
    context = browser.new_context(viewport={"width": width, "height": 900}, base_url=service.address, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    context.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert overflow == 0


def test_question_is_asked_by_keyboard_alone(page: Page) -> None:
    """The cursor stands in the box; Enter asks, the answer comes without a new page, its address can be shared."""
    page.goto("/")
    page.keyboard.type("breakeven 200 users")
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer .sentence")
    assert "200 seats cost $25,000 a month" in page.inner_text("#answer")
    assert page.url.endswith("/?q=breakeven%20200%20users")
    page.focus(".how summary")
    page.keyboard.press("Enter")
    assert "25,000" in page.inner_text(".how")


def test_question_in_own_words_says_how_it_was_read(page: Page) -> None:
    """What was understood stands before the answer."""
    page.goto("/?q=how much for 10k chats a month at 5 actions")
    assert "Read as: " in page.inner_text("#answer")


def test_refusal_is_shown_and_its_suggestion_works(page: Page) -> None:
    """A question that is not understood is told why in place, with links that answer."""
    page.goto("/")
    page.fill("#q", "breakeven 2oo users")
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer .warning")
    page.click("#answer a")
    page.wait_for_selector("#answer .sentence")
    assert "200 seats cost" in page.inner_text("#answer")


def test_typing_is_completed(page: Page) -> None:
    """The box offers how the question may go on."""
    page.goto("/")
    page.type("#q", "usage by ag")
    page.wait_for_selector('#completions option[value="usage by agent"]', state="attached")


def test_wallet_shows_what_is_left_who_used_it_and_what_is_ahead(page: Page) -> None:
    """One page holds balance, agents, departments and alerts; the forecast comes after them by itself."""
    page.goto("/wallet")
    for part in ("agents", "departments", "alerts", "ahead"):
        page.wait_for_selector(f"#{part} .sentence")
    text = page.inner_text("main")
    assert all(said in text for said in ("left", "Service_Concierge", "Field Service", "alert", "The next 28 days take"))
    assert page.locator(".drawn canvas").count() >= 3


def test_moving_a_slider_works_the_plans_out(page: Page) -> None:
    """The plans follow the slider without a press, by the server's arithmetic: 20,000 x 5 x 20 credits at $0.005."""
    page.goto("/what-if")
    page.locator('[data-with="interactions"]').focus()
    page.locator('[data-with="interactions"]').fill("20000")
    page.get_by_text("20,000 interactions ×").first.wait_for()
    assert page.input_value("#interactions") == "20000"
    assert "$10,000" in page.inner_text("#plans")


def test_digest_and_alerts_look_as_in_slack(page: Page) -> None:
    """Each team's digest and open alerts are shown before Slack is connected."""
    page.goto("/told")
    for place in (1, 2):
        page.wait_for_selector(f"#digest-{place} h2")
    text = page.inner_text("main")
    assert "FinOps: weekly digest" in text
    assert "Service: weekly digest" in text


def test_file_is_looked_at_imported_and_its_rejects_come_back(page: Page, tmp_path: Path, service: PageService) -> None:
    """Nothing is imported before a yes; rejected rows come back as a file, and sent again mended they count."""
    head = (service.folder / "usage.csv").read_text(encoding="utf-8").splitlines()[0]
    export, day = tmp_path / "more.csv", service.last_day
    rows = [ROW.format(id="page-1", day=day, credits="20"), ROW.format(id="page-2", day=day, credits="twenty")]
    export.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    page.goto("/import")
    page.set_input_files("#file", str(export))
    page.focus("text=Look at it")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Import more.csv")
    assert "Page_Agent" not in service.ask("/answer.csv?q=usage+by+agent").text
    page.click("text=Import more.csv")
    page.wait_for_selector("text=Fix the rejected rows")
    with page.expect_download() as waited:
        page.click("a[download]")
    mended = tmp_path / "more.rejected.csv"
    waited.value.save_as(mended)
    mended.write_text(mended.read_text(encoding="utf-8").replace("twenty", "22"), encoding="utf-8")
    page.click("text=Import another file")
    page.set_input_files("#file", str(mended))
    page.click("text=Look at it")
    page.click("text=Import more.rejected.csv")
    page.wait_for_selector("text=See the wallet")
    page.goto("/?q=usage by agent agent Page_Agent")
    assert "42 credits" in page.inner_text("#answer")


def test_file_of_unknown_columns_is_proposed_and_learned(page: Page, tmp_path: Path, service: PageService) -> None:
    """Columns that nobody named are guessed, shown with their first rows, and imported with one yes; app.yaml has them then."""
    export, day = tmp_path / "bots.csv", service.last_day
    export.write_text(
        f"Usage Date;Bot;Spent\n{day:%d.%m.%Y};Learned_Bot;1.240\n{day:%d.%m.%Y};Learned_Bot;860\n", encoding="utf-8"
    )
    page.goto("/import")
    page.set_input_files("#file", str(export))
    page.click("text=Look at it")
    page.wait_for_selector("text=this is a guess")
    page.click("text=Import bots.csv")
    page.wait_for_selector("text=See the wallet")
    page.goto("/?q=usage by agent agent Learned_Bot")
    assert "2,100 credits" in page.inner_text("#answer")
    assert "Usage Date" in (service.folder / "app.yaml").read_text(encoding="utf-8")


def test_file_that_is_no_export_is_refused_in_place(page: Page, tmp_path: Path) -> None:
    """It says what is wrong by the file's own name, and nothing is kept."""
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    page.goto("/import")
    page.set_input_files("#file", str(tmp_path / "notes.csv"))
    page.click("text=Look at it")
    page.wait_for_selector(".warning")
    assert "notes.csv" in page.inner_text(".warning")
    assert "/tmp/" not in page.inner_text("main")


def test_page_works_without_scripts(browser: Browser, service: PageService) -> None:
    """Forms and links do all of it where scripts are off."""
    context = browser.new_context(java_script_enabled=False, base_url=service.address)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto("/")
    page.fill("#q", "breakeven 200 users")
    page.click("text=Ask >> nth=-1")
    assert "200 seats cost" in page.inner_text("#answer")
    page.goto("/wallet")
    page.click("text=What is ahead")
    assert "The next 28 days take" in page.inner_text("main")
    context.close()
