"""Which proxy an address is reached through: HTTPS_PROXY, HTTP_PROXY and NO_PROXY, the same for every connection."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies_environment

# A WebSocket begins as a request of HTTP, and takes the way of one.
SCHEMES = {"ws": ("http", "all"), "http": ("http", "all"), "wss": ("https", "all", "http"), "https": ("https", "all", "http")}


def proxy_for(url: str) -> str | None:
    """Return the proxy for an address, None where it is reached directly.

    Without HTTPS_PROXY an address of HTTPS takes ALL_PROXY, else HTTP_PROXY, as Slack's own SDK has it.
    """
    address = urlsplit(url)
    proxies = getproxies_environment()
    if not address.hostname or _is_direct(address.hostname, address.port, proxies.get("no", "")):
        return None
    return next((proxies[scheme] for scheme in SCHEMES.get(address.scheme, ()) if proxies.get(scheme)), None)


def _is_direct(host: str, port: int | None, exceptions: str) -> bool:
    """Whether NO_PROXY names a host: itself, a domain that it is in, host and port, or everything by a star."""
    for one in (name.strip().lower() for name in exceptions.split(",")):
        name, _, its_port = one.removeprefix("*.").lstrip(".").partition(":")
        if one == "*" or (name and (not its_port or its_port == str(port)) and (host == name or host.endswith(f".{name}"))):
            return True
    return False
