"""Who sees the page: whoever sits at the machine, and whoever has a link, to what it opens; nobody else, and no other site."""

import re
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from freezegun import freeze_time

from bot.page import Door
from core.kept_text import FileText
from core.scope import EVERYTHING, Scope
from tests.fakes.page_service import PageService, Reply

# A request of a browser elsewhere, as a proxy on this machine passes it on.
FROM_ELSEWHERE = {"X_Forwarded_For": "203.0.113.9"}
SERVICE_ONLY = Scope(departments=("Service",))


def key_in(link: str) -> str:
    """Return the key of a link."""
    return link.partition("key=")[2].split()[0]


def signed_in(service: PageService, *options: str) -> dict[str, str]:
    """Sign somebody in who is elsewhere, and return the headers that they send from then on."""
    link = urlsplit(service.agentcost("page-link", "https://costs.example.com", *options).split()[0])
    shown = service.ask(f"{link.path}?{link.query}", **FROM_ELSEWHERE)
    assert shown.status == 200
    entered = service.ask("/sign-in", "POST", f"key={quote(key_in(link.geturl()))}", **FROM_ELSEWHERE)
    assert (entered.status, entered.headers["location"]) == (303, "/")
    return {**FROM_ELSEWHERE, "Cookie": entered.headers["set-cookie"].partition(";")[0]}


def form_key(page: Reply) -> str:
    """Return the key of a page's form."""
    found = re.search(r'name="form_key" value="([^"]+)"', page.text)
    assert found
    return found[1]


def test_this_machine_needs_no_link(service: PageService) -> None:
    """Whoever runs agentcost at their desk opens the page and sees the wallet."""
    assert service.ask("/?q=wallet").status == 200


@pytest.mark.parametrize(
    "headers",
    [
        FROM_ELSEWHERE,
        {"Forwarded": "for=203.0.113.9"},
        {"X_Real_IP": "203.0.113.9"},
        {"Via": "1.1 proxy"},
        {"Host": "evil.example"},
    ],
    ids=["x-forwarded-for", "forwarded", "x-real-ip", "via", "a name of another site"],
)
@pytest.mark.parametrize(
    "path", ["/", "/?q=wallet", "/wallet", "/answer.csv?q=wallet", "/told", "/import", "/set-up", "/complete?q="]
)
def test_nobody_from_elsewhere_sees_anything(service: PageService, path: str, headers: dict[str, str]) -> None:
    """Behind a proxy, or under a name that was made to lead here, no page is shown without a link."""
    refused = service.ask(path, **headers)
    assert refused.status == 401
    assert "credits" not in refused.text


def test_link_lets_in_to_what_it_opens(service: PageService) -> None:
    """A department's link shows that department's use, and no other's; the whole wallet's balance stays closed."""
    headers = signed_in(service, "--department", "Service")
    seen, other = (service.ask(f"/?q=usage+by+agent+department+{name}", **headers) for name in ("Service", "Sales"))
    assert seen.status == 200
    assert "Service_Concierge" in seen.text
    assert other.status == 422
    assert "Sales_SDR" not in other.text
    assert service.ask("/?q=usage+by+department", **headers).text.count("Field Service") == 0


def test_link_of_a_part_imports_nothing(service: PageService) -> None:
    """An import is about everything, so it is not for whoever sees a part."""
    headers = signed_in(service, "--department", "Service")
    shown = service.ask("/import", **headers)
    assert 'type="file"' not in shown.text
    assert service.ask("/import", "POST", f"form_key={form_key(shown)}", **headers).status == 403


def test_whoever_signs_out_is_out(service: PageService) -> None:
    """By their own form alone; the cookie is taken back, and this machine's own page stays open."""
    headers = signed_in(service)
    assert service.ask("/sign-out", "POST", "form_key=x", **headers).status == 403
    left = service.ask("/sign-out", "POST", f"form_key={form_key(service.ask('/', **headers))}", **headers)
    assert left.status == 200
    assert 'agentcost_page=""' in left.headers["set-cookie"]
    assert service.ask("/").status == 200


def test_cookie_is_for_this_page_alone(service: PageService) -> None:
    """Scripts cannot read it, other sites' forms do not send it, and over HTTPS it goes over nothing else."""
    link = service.agentcost("page-link").split()[0]
    entered = service.ask("/sign-in", "POST", f"key={quote(key_in(link))}", X_Forwarded_Proto="https", **FROM_ELSEWHERE)
    kept = {part.strip().lower() for part in entered.headers["set-cookie"].split(";")}
    assert {"httponly", "samesite=lax", "secure"} <= kept


def test_cookie_of_this_machine_is_no_key_elsewhere(service: PageService) -> None:
    """What sits in a browser at the desk does not open the page from elsewhere."""
    cookie = service.ask("/").headers["set-cookie"].partition(";")[0]
    assert service.ask("/", Cookie=cookie, **FROM_ELSEWHERE).status == 401


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}])
def test_form_of_another_site_does_nothing(service: PageService, headers: dict[str, str]) -> None:
    """Neither with a form of its own nor with one that it took from here can another site import anything."""
    page = service.ask("/import")
    cookie = page.headers["set-cookie"].partition(";")[0]
    sent = service.ask("/import/any", "POST", f"form_key={form_key(page)}", Cookie=cookie, **headers)
    assert sent.status == 403


def test_form_key_is_bound_to_its_visitor(service: PageService) -> None:
    """A form that was made for somebody else is refused."""
    key = form_key(service.ask("/import"))
    cookie = service.ask("/import").headers["set-cookie"].partition(";")[0]
    sent = service.ask("/import", "POST", f"form_key={key}", Cookie=cookie)
    assert sent.status == 403


def test_every_page_forbids_what_it_does_not_need(service: PageService) -> None:
    """No script, style or frame of others, no copy kept, whoever asks and whatever comes of it."""
    for path in ("/", "/wallet", "/sign-in", "/import", "/?q=breakeven+2oo+users"):
        headers = service.ask(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_link_is_good_for_an_hour_and_a_visit_for_thirty_days(tmp_path: Path) -> None:
    """Both end by themselves, to the second."""
    door = Door(FileText(tmp_path / "secret"))
    with freeze_time("2026-11-30 12:00:00") as clock:
        key = key_in(door.make_link(SERVICE_ONLY))
        clock.tick(3_600)
        visitor = door.sign_in(key)
        assert visitor is not None
        assert visitor.only == SERVICE_ONLY
        clock.tick(1)
        assert door.sign_in(key) is None


def test_revoking_ends_all(tmp_path: Path) -> None:
    """After it no earlier link lets in; a new one does."""
    door = Door(FileText(tmp_path / "secret"))
    key = key_in(door.make_link(EVERYTHING))
    assert door.revoke_all()
    assert door.sign_in(key) is None
    assert door.sign_in(key_in(door.make_link(EVERYTHING))) is not None


def test_secret_is_its_owners_alone(tmp_path: Path) -> None:
    """Nobody else on the machine can make links."""
    Door(FileText(tmp_path / "secret")).make_link(EVERYTHING)
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {"secret": 0o600, "secret.lock": 0o600}
