"""Downloads files from Slack: from Slack's own hosts only, in chunks, and never more than allowed."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from aiohttp import ClientSession, ClientTimeout

from bot.slack.proxies import proxy_for
from core.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import ClientResponse

    from bot.slack.settings import SlackSettings

PIECE_BYTES = 256 * 1024
HOPS = 4
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NOT_FOUND = frozenset({404, 410})
SILENCE_SECONDS = 60
SLACK_DOMAINS = ("slack.com", "slack-files.com", "slack-edge.com")
API_DOMAIN = "slack.com"
PAGE_STARTS = (b"<!doctype html", b"<html")
LOGIN_PAGE = (
    "Slack gave a login page instead of the file: the app lacks the scope files:read, or was not reinstalled after the scope "
    "was added. Whoever runs agentcost can add it in Slack's app settings."
)
DELETED = "The file was deleted before I could read it. Share it again to import it."


class FileRefusedError(InputError):
    """A shared file that is not imported; the sentence says why and what to do."""


class TooLargeError(FileRefusedError):
    """A file over the limit."""

    def __init__(self, name: str, most_bytes: int) -> None:
        """Name the file and the limit."""
        super().__init__(
            f"{name} is larger than the {size_of(most_bytes)} that may be shared here (slack.import.max_bytes in app.yaml). "
            "Compress it, split it, or import it where the service runs: agentcost import FILE."
        )


def size_of(count: int) -> str:
    """Return a number of bytes as people write it."""
    for unit, size in (("GB", 1024**3), ("MB", 1024**2), ("KB", 1024)):
        if count >= size:
            return f"{count / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{count} byte{'' if count == 1 else 's'}"


async def download(settings: SlackSettings, url: str, to: Path, most_bytes: int) -> None:
    """Write the file at an address of Slack's to a path.

    The bot's token goes to slack.com and the Web API's own host only; an address elsewhere is not asked at all.
    Raises: FileRefusedError, where it is too large, gone, no file, or somewhere else; aiohttp's errors and TimeoutError.
    """
    async with ClientSession(
        timeout=ClientTimeout(total=None, sock_connect=SILENCE_SECONDS, sock_read=SILENCE_SECONDS)
    ) as session:
        for _ in range(HOPS):
            headers = {"Authorization": f"Bearer {await settings.token_source.current()}"} if _takes_token(url, settings) else {}
            async with session.get(url, headers=headers, allow_redirects=False, proxy=proxy_for(url)) as response:
                if response.status not in REDIRECTS:
                    await _write(response, to, most_bytes)
                    return
                url = urljoin(url, response.headers.get("Location", ""))
                _require_slack(url, settings)
    raise FileRefusedError("Slack kept redirecting the download. Share it again to import it.")


def _takes_token(url: str, settings: SlackSettings) -> bool:
    _require_slack(url, settings)
    return _is_at_api(url, settings) or _is_in(url, API_DOMAIN)


def _require_slack(url: str, settings: SlackSettings) -> None:
    is_slack = urlsplit(url).scheme == "https" and any(_is_in(url, domain) for domain in SLACK_DOMAINS)
    if not is_slack and not _is_at_api(url, settings):
        raise FileRefusedError("Slack does not store this file. Download it and share the file itself.")


def _is_at_api(url: str, settings: SlackSettings) -> bool:
    asked, api = urlsplit(url), urlsplit(settings.api_url)
    return (asked.scheme, asked.netloc) == (api.scheme, api.netloc)


def _is_in(url: str, domain: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == domain or host.endswith(f".{domain}")


async def _write(response: ClientResponse, to: Path, most_bytes: int) -> None:
    if response.status in NOT_FOUND:
        raise FileRefusedError(DELETED)
    if response.status != HTTPStatus.OK:
        raise FileRefusedError(f"Slack did not deliver the file (status {response.status}). Share it again to import it.")
    written = 0
    with to.open("wb") as file:
        async for piece in response.content.iter_chunked(PIECE_BYTES):
            if not written and _is_page(response, piece):
                raise FileRefusedError(LOGIN_PAGE)
            written += len(piece)
            if written > most_bytes:
                raise TooLargeError(to.name, most_bytes)
            file.write(piece)


def _is_page(response: ClientResponse, start: bytes) -> bool:
    return response.content_type == "text/html" or start.lstrip(b"\xef\xbb\xbf \t\r\n")[:20].lower().startswith(PAGE_STARTS)
