"""Who may come in: anyone at the machine itself, and anyone with a sign-in link, within its scope."""

from __future__ import annotations

import ipaddress
import re
import secrets
from typing import TYPE_CHECKING

from itsdangerous import BadData, URLSafeTimedSerializer

from core.records import NamedTuple
from core.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from starlette.requests import Request

    from core.kept_text import KeptText

COOKIE = "agentcost_page"
LINK_SECONDS, SESSION_SECONDS, FORM_SECONDS = 3_600, 30 * 86_400, 12 * 3_600
SECRET_BYTES, ID_BYTES = 32, 6
# A proxied request says so in one of these; it then counts as remote, whatever its address.
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
PORT = re.compile(r":\d+$")
OWN_NAMES = {"localhost", "127.0.0.1", "[::1]"}


class Visitor(NamedTuple):
    """Somebody who was let in. only: the part of the wallet open to them. session: what their forms are bound to."""

    session: str
    only: Scope = EVERYTHING
    is_local: bool = False

    @property
    def name(self) -> str:
        """Their name in the audit: nothing more is known about them."""
        return "page, this machine" if self.is_local else f"page, link {self.session}"

    @property
    def may_import(self) -> bool:
        """Whether they may import files: an import concerns the whole wallet."""
        return self.only == EVERYTHING


class Door:
    """Signs links, cookies and forms with a secret in a file beside the warehouse.

    A link is valid for an hour, its session for thirty days. Another secret ends all of them; so does an empty one.
    """

    def __init__(self, secret: KeptText) -> None:
        """Read nothing yet."""
        self._kept = secret

    def make_link(self, only: Scope) -> str:
        """Return the path of a sign-in link that opens a part of the wallet. Raises: MachineError, without a secret."""
        key = self._signer("link").dumps({"id": secrets.token_hex(ID_BYTES), **only.to_json()})
        return f"/sign-in?key={key}"

    def revoke_all(self) -> bool:
        """Revoke all links and their sessions; return whether there was a secret. Raises: MachineError."""
        was_there = bool(self._kept.read())
        if was_there:
            self._kept.change(lambda _: "")
        return was_there

    def sign_in(self, key: str) -> Visitor | None:
        """Return whom a link lets in; None if it is not ours, or older than an hour."""
        return self._read("link", key, LINK_SECONDS)

    def visitor(self, request: Request) -> Visitor | None:
        """Return who asks: by their cookie, else by being at this machine; None if neither lets them in."""
        is_local = comes_from_this_machine(request)
        known = self._read("session", request.cookies.get(COOKIE, ""), SESSION_SECONDS)
        if known and (is_local or not known.is_local):
            return known
        return Visitor(secrets.token_hex(ID_BYTES), is_local=True) if is_local else None

    def cookie(self, visitor: Visitor) -> str:
        """Return the cookie that keeps somebody signed in."""
        return str(self._signer("session").dumps({"id": visitor.session, "local": visitor.is_local, **visitor.only.to_json()}))

    def form_key(self, visitor: Visitor) -> str:
        """Return the key that a form must return, so that no other site can send it."""
        return str(self._signer("form").dumps(visitor.session))

    def is_own_form(self, visitor: Visitor, key: str) -> bool:
        """Whether a form was made for this visitor within half a day."""
        try:
            return bool(self._signer("form").loads(key, max_age=FORM_SECONDS) == visitor.session)
        except BadData:
            return False

    def _read(self, kind: str, text: str, max_age: int) -> Visitor | None:
        try:
            told = self._signer(kind).loads(text, max_age=max_age)
        except BadData:
            return None
        return Visitor(told["id"], Scope.from_json(told), bool(told.get("local")))

    def _signer(self, kind: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._secret(), salt=f"agentcost page {kind}")

    def _secret(self) -> str:
        """Return the secret, made if there is none. Raises: MachineError."""
        return self._kept.read() or self._kept.change(lambda other: other or secrets.token_urlsafe(SECRET_BYTES))


def comes_from_this_machine(request: Request) -> bool:
    """Whether a request comes from this machine and was made for it: not through a proxy, and not under another host name.

    Another site's name that resolves here (DNS rebinding) is not ours, so a page elsewhere cannot read this one.
    """
    if any(name in request.headers for name in FORWARDED) or request.client is None:
        return False
    try:
        is_loopback = ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
    return is_loopback and PORT.sub("", request.headers.get("host", "")) in OWN_NAMES
