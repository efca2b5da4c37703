"""The add-on that a Google Workspace domain installs: the Apps Script files with their own manifest and service."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from importlib.resources import files

from core.errors import InputError

MANIFEST, DEPLOYMENT = "appsscript.json", "deployment.js"
KEPT = (".js", ".html", ".json")
ADDRESS = re.compile(r"https://[^\s/?#@:]+(?::\d+)?(?:/[^\s?#]*)?")
IDENTITY_SCOPES = ("openid", "https://www.googleapis.com/auth/userinfo.email")


def addon_files(address: str, logo: str, *, with_identity: bool = False) -> dict[str, str]:
    """Return the files of the add-on, by name. Raises: InputError.

    address: the service's address, all of https, reachable from Google's servers. logo: address of a picture for the side panel.
    with_identity: identify people by their Google account, which needs two more scopes.
    Source: Google's references of the manifest, of urlFetchWhitelist (each prefix of https, with a path) and of add-ons.
    """
    plain = require_address(address, "the service").rstrip("/")
    room = files("sheets_addin").joinpath("apps_script")
    ours = (one for one in room.iterdir() if one.name.endswith(KEPT) and not one.name.startswith("."))
    texts = {one.name: one.read_text(encoding="utf-8") for one in ours}
    texts[DEPLOYMENT] = _deployed(
        texts[DEPLOYMENT], {"VERSION": version("agentcost"), "IS_ADDON": True, "SERVICE_ADDRESS": plain}
    )
    manifest = json.loads(texts[MANIFEST])
    manifest["oauthScopes"] += IDENTITY_SCOPES if with_identity else ()
    manifest["urlFetchWhitelist"] = [f"{plain}/"]
    homepage = {"runFunction": "onHomepage", "enabled": True}
    common = {"name": "AgentCost", "logoUrl": require_address(logo, "the logo"), "homepageTrigger": homepage}
    manifest["addOns"] = {"common": common, "sheets": {}}
    texts[MANIFEST] = json.dumps(manifest, indent=2) + "\n"
    return texts


def require_address(text: str, what: str) -> str:
    """Return an https address. Raises: InputError, if it is not one."""
    if not ADDRESS.fullmatch(text):
        raise InputError(f'"{text}" is not an address for {what}: it begins with https:// and has no ? and no #.')
    return text


def _deployed(text: str, values: dict[str, object]) -> str:
    """Return the file of constants with these values."""
    lines = text.splitlines(keepends=True)
    for index, line in enumerate(lines):
        name = line.removeprefix("const ").partition(" ")[0]
        if line.startswith("const ") and name in values:
            lines[index] = f"const {name} = {json.dumps(values[name])};\n"
    return "".join(lines)
