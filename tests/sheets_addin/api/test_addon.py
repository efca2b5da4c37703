"""The add-on of a domain: its files as `agentcost sheet-addon` writes them, run in every way that Google runs them."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest

from bot.cli.main import main
from tests.fakes.apps_script import NEEDS_NODE, AppsScript, Mode, ScriptError, apps_script

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.formula_api import Api

SERVICE, LOGO = "https://agentcost.example.com/ask", "https://example.com/logo.png"
LEAST = ["spreadsheets.currentonly", "script.container.ui", "script.external_request"]
FIXED = f"This add-on asks {SERVICE} and nobody else."


def written(folder: Path, *options: str, address: str = f"{SERVICE}/") -> int:
    """Write the add-on; return the exit status."""
    return main(["sheet-addon", "--address", address, "--logo", LOGO, "--out", str(folder), *options])


def manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest that was written."""
    return dict(json.loads((folder / "appsscript.json").read_text(encoding="utf-8")))


@pytest.fixture
def addon(tmp_path: Path, address: str, api: Api) -> Iterator[AppsScript]:
    """A spreadsheet in a domain with the add-on; its requests reach our service."""
    del api
    assert written(tmp_path / "addon") == 0
    with apps_script(tmp_path / "addon") as found:
        found.order("set", values={"routes": {SERVICE: address}})
        yield found


def texts(card: Any) -> list[str]:  # noqa: ANN401 - a card
    """Return every text of a card, in order."""
    if isinstance(card, dict):
        return [text for value in card.values() for text in ([value] if isinstance(value, str) else texts(value))]
    return [text for one in card for text in texts(one)] if isinstance(card, list) else []


def test_the_manifest_opens_the_service_and_no_more(tmp_path: Path) -> None:
    """The scopes are minimal; only the service's address may be fetched, https with a path, as Google requires."""
    assert written(tmp_path) == 0
    said = manifest(tmp_path)
    assert [scope.rpartition("/")[2] for scope in said["oauthScopes"]] == LEAST
    assert said["urlFetchWhitelist"] == [f"{SERVICE}/"]
    assert said["addOns"]["common"]["logoUrl"] == LOGO


def test_identity_takes_two_scopes_more(tmp_path: Path) -> None:
    """They are requested only if people are to be known by their Google account."""
    assert written(tmp_path, "--identity") == 0
    assert [scope.rpartition("/")[2] for scope in manifest(tmp_path)["oauthScopes"]] == [*LEAST, "openid", "userinfo.email"]


@pytest.mark.parametrize("address", ["http://agentcost.example.com", "agentcost.example.com", "https://x.example/?a=1", ""])
def test_an_address_that_google_would_refuse_is_refused(tmp_path: Path, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The address must be https without a query; otherwise nothing is written."""
    assert (written(tmp_path / "addon", address=address), (tmp_path / "addon").exists()) == (2, False)
    assert "it begins with https://" in capsys.readouterr().err


def test_a_newer_version_is_written_over_an_older_one(tmp_path: Path) -> None:
    """The folder that clasp pushes keeps its .clasp.json; the version is the program's."""
    (tmp_path / ".clasp.json").write_text("{}", encoding="utf-8")
    (tmp_path / "deployment.js").write_text('const VERSION = "0.0.1";', encoding="utf-8")
    assert written(tmp_path) == 0
    text = (tmp_path / "deployment.js").read_text(encoding="utf-8")
    assert re.findall(r"^const (\w+) = (.+);$", text, re.MULTILINE) == [
        ("VERSION", f'"{version("agentcost")}"'),
        ("IS_ADDON", "true"),
        ("SERVICE_ADDRESS", f'"{SERVICE}"'),
    ]
    assert (tmp_path / ".clasp.json").exists()


@pytest.mark.outside
@NEEDS_NODE[1]
class TestRun:
    """The files as Apps Script runs them."""

    @pytest.mark.parametrize(("trigger", "mode"), [("onOpen", "none"), ("onOpen", "simple"), ("onInstall", "menu")])
    def test_the_menu_is_put_up_in_every_authorization_mode(self, addon: AppsScript, trigger: str, mode: Mode) -> None:
        """Even where nobody used the add-on in this spreadsheet yet and it has no access; it is under Extensions."""
        addon.menu(trigger, {"authMode": {"none": "NONE", "simple": "LIMITED", "menu": "FULL"}[mode]}, mode=mode)
        menu = addon.state["menu"]
        assert ({one[0] for one in menu}, [one[1] for one in menu]) == (
            {"Extensions"},
            ["Ask", "Scenario", "Refresh", "Settings", "Help"],
        )

    @pytest.mark.parametrize("mode", ["none", "simple"])
    def test_the_fake_refuses_what_google_refuses_a_trigger(self, addon: AppsScript, mode: Mode) -> None:
        """Proof that the test above can fail: a trigger cannot ask, and has no properties without authorisation."""
        said = "getDocumentProperties" if mode == "none" else "Google lets AgentCost call nobody yet"
        with pytest.raises(ScriptError, match=said):
            addon.menu("saveSettings", SERVICE, "token", mode=mode)

    def test_formulas_ask_the_domain_s_service(self, addon: AppsScript, api: Api) -> None:
        """No address is set anywhere; a spreadsheet's token has its usual access."""
        addon.order("keep", name="agentcost_token", value=api.token("pricing"))
        assert addon.cell("AGENTCOST", "breakeven 200 users", "seats_usd_per_month") == 125 * 200
        assert addon.state["calls"][0][0] == f"{SERVICE}/v1/ask"

    def test_settings_keep_to_the_domain_s_service(self, addon: AppsScript, api: Api) -> None:
        """The address is shown and cannot be changed; addresses outside the manifest could not be fetched."""
        assert addon.menu("settingsShown") == {"address": SERVICE, "hasToken": False, "isFixed": True}
        with pytest.raises(ScriptError, match=re.escape(FIXED)):
            addon.menu("saveSettings", "https://elsewhere.example.com", "token")
        assert addon.menu("saveSettings", SERVICE, api.token("pricing")).startswith("Saved.")

    def test_the_homepage_says_what_is_there(self, addon: AppsScript) -> None:
        """The card that opens without a spreadsheet's data has the version, the service and the place of the menu."""
        shown = "\n".join(texts(addon.menu("onHomepage", {}, mode="card")))
        assert all(part in shown for part in (version("agentcost"), SERVICE, "Extensions → AgentCost", "askFromCard"))

    def test_the_card_answers(self, addon: AppsScript, api: Api) -> None:
        """A question typed into the card gets its headline, with or without the user's identity."""
        api.configured(allow_pricing_without_token=True)
        told = texts(addon.menu("askFromCard", typed("breakeven 200 users"), mode="card"))
        assert [text for text in told if text.startswith("<b>200 seats cost $25,000 a month")]

    @pytest.mark.parametrize(("question", "said"), [("", "The question is empty"), ("<i>what</i>", "&lt;i&gt;what&lt;/i&gt;")])
    def test_what_is_wrong_is_a_sentence_on_the_card(self, addon: AppsScript, api: Api, question: str, said: str) -> None:
        """An empty question and a wrong one say so, as text and not as markup."""
        api.configured(allow_pricing_without_token=True)
        assert any(said in text for text in texts(addon.menu("askFromCard", typed(question), mode="card"))[-20:])

    def test_another_version_of_the_service_is_told(self, addon: AppsScript, api: Api, tmp_path: Path) -> None:
        """If the service is newer than the add-on, settings say so once it has answered."""
        file = tmp_path / "addon" / "deployment.js"
        file.write_text(file.read_text(encoding="utf-8").replace(version("agentcost"), "0.0.1"), encoding="utf-8")
        addon.order("load", spreadsheet={})
        said = addon.menu("saveSettings", SERVICE, api.token("pricing"))
        assert f"It is of version {version('agentcost')}, these files are of 0.0.1. Ask your admin" in said


def typed(question: str) -> dict[str, Any]:
    """Return the event of a card with a typed question."""
    inputs = {"question": {"stringInputs": {"value": [question]}}} if question else {}
    return {"commonEventObject": {"formInputs": inputs}}
