"""Tokens and identities give the access they were created for; invalid ones give none."""

from __future__ import annotations

import logging
import stat
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from core.errors import MachineError
from core.kept_text import FileText
from core.scope import EVERYTHING, Scope
from sheets_addin.api.auth import Authenticator
from sheets_addin.api.identity import Certificates
from sheets_addin.api.tokens import TokenStore
from tests.fakes.formula_api import NOON, SPREADSHEET, Api, Reply, api_on
from tests.fakes.google_identity.sign_in import AUDIENCE, DOMAIN, Google, google_served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.context import Context

PRICE, WALLET = "/v1/ask?q=breakeven+200+users", "/v1/ask?q=usage+by+org"


def test_a_token_for_prices_opens_no_wallet(api: Api) -> None:
    """Prices are answered, the wallet is refused with the reason."""
    token = api.token("pricing")
    refused = api.get(WALLET, token)
    assert (api.get(PRICE, token).status, refused.status) == (200, 403)
    assert refused.json["detail"] == "“usage” is about the wallet, and your token opens prices only."


def test_a_price_is_told_to_it_without_the_wallet(api: Api) -> None:
    """A price question that could use the wallet's usage does without it."""
    answer = api.get("/v1/ask?q=breakeven", api.token("pricing")).json
    assert [figure for figure in answer["figures"] if figure["key"].startswith("own_")] == []


def test_a_token_for_one_org_is_told_of_no_other(api: Api) -> None:
    """The sample wallet has several orgs; this caller sees one."""
    orgs = [row[0] for row in api.get(WALLET, api.token()).json["tables"][0]["rows"]]
    seen = api.get(WALLET, api.token(only=Scope(orgs=(orgs[0],)))).json["tables"][0]["rows"]
    assert (len(orgs) > 1, [row[0] for row in seen]) == (True, [orgs[0]])


def test_answers_are_not_shared_between_tokens_that_see_different_things(api: Api) -> None:
    """One token's cached answer is not served to another."""
    everything, prices = api.token(), api.token("pricing")
    assert [api.get(WALLET, everything).status, api.get(WALLET, prices).status, api.get(WALLET, everything).status] == [
        200,
        403,
        200,
    ]


def wrong_tokens(api: Api) -> list[str]:
    """Return invalid tokens."""
    token = api.token()
    head, secret = token.rsplit("_", 1) if token.count("_") == 2 else (token[:18], token[19:])
    return [
        f"{head}_{secret[:-1]}x",
        head,
        f"agentcost_00000000_{secret}",
        "agentcost___",
        "a.b.c",
        "x",
        "agentcost_é_é".encode().decode("latin-1"),
    ]


def test_nothing_valid_gets_no_hint(api: Api) -> None:
    """Whatever is wrong with a token, the response is the same, byte for byte."""
    replies = [api.get(PRICE), *(api.get(PRICE, token) for token in wrong_tokens(api))]
    assert {(reply.status, reply.body, reply.headers["www-authenticate"]) for reply in replies} == {
        (401, replies[0].body, "Bearer")
    }


def test_a_refusal_is_logged_without_the_secret(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """Each refusal is a line with its origin and without the token."""
    tokens = wrong_tokens(api)
    with caplog.at_level(logging.INFO):
        for token in tokens:
            api.get(PRICE, token)
    assert len([line for line in caplog.messages if "192.0.2.1" in line]) == len(tokens)
    assert [token for token in tokens if len(token) > 12 and token[-12:] in caplog.text] == []


def test_a_revoked_token_opens_nothing_at_once(api: Api) -> None:
    """Another process revokes it, and the next request is refused."""
    token = api.token()
    before = api.get(PRICE, token).status
    TokenStore(FileText(api.tokens)).revoke(token.split("_")[1], datetime.now(UTC))
    assert (before, api.get(PRICE, token).status) == (200, 401)


def test_the_file_holds_no_token_and_is_its_owner_s_alone(api: Api) -> None:
    """The stored tokens cannot be used to ask, and nobody else can read them."""
    token = api.token()
    secret = token.split("_", 2)[2]
    assert secret not in api.tokens.read_text(encoding="utf-8")
    assert stat.S_IMODE(api.tokens.stat().st_mode) == 0o600


def test_tokens_made_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    """Two processes that create tokens at once lose none."""
    stores = [TokenStore(FileText(tmp_path / "tokens.json")) for _ in range(2)]
    made = [store.create(SPREADSHEET, "pricing", EVERYTHING, NOON) for _ in range(5) for store in stores]
    assert all(store.find(token) for store in stores for token in made)


class FarText(FileText):
    """A text that may be slow to read, as in a database; `readers` are the threads that read it."""

    may_block = True

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.readers: set[int] = set()

    def read(self) -> str | None:
        """Return the text, and note who reads it."""
        self.readers.add(threading.get_ident())
        return super().read()


def test_tokens_that_are_far_away_hold_up_nobody(api: Api) -> None:
    """They are read in another thread than that of the requests, which a database that hangs would stop."""
    token, far = api.token(), FarText(api.tokens)
    api.api.doorkeeper = Authenticator(TokenStore(far), api.certificates)
    assert api.get(PRICE, token).status == 200
    assert far.readers
    assert threading.get_ident() not in far.readers


def test_a_damaged_file_opens_nothing_and_says_so(api: Api) -> None:
    """An unreadable list of tokens is an error of ours and gives no access."""
    token = api.token()
    api.tokens.write_text("{", encoding="utf-8")
    with pytest.raises(MachineError, match="cannot be read"):
        api.store.all()
    assert api.get(PRICE, token).status == 503


def test_prices_without_a_token_only_if_app_yaml_says_so(api: Api) -> None:
    """By default nothing is answered; if allowed, prices are and the wallet is not."""
    closed = api.get(PRICE).status
    api.configured(allow_pricing_without_token=True)
    assert (closed, api.get(PRICE).status, api.get(WALLET).status) == (401, 200, 401)


def test_a_wrong_token_is_refused_even_where_none_is_needed(api: Api) -> None:
    """A wrong token is not treated as none."""
    assert api.configured(allow_pricing_without_token=True).get(PRICE, "agentcost_1_2").status == 401


@pytest.fixture
def google() -> Iterator[Google]:
    """Google's sign-in."""
    with google_served() as served:
        yield served


@pytest.fixture
def signed_in(invented: Context, tmp_path: Path, google: Google) -> Api:
    """An API that accepts identity tokens for the wallet."""
    api = api_on(invented, tmp_path, certificates=Certificates(google.address))
    return api.configured(audience=(AUDIENCE,), domains=(DOMAIN,), identity_scope="wallet")


def test_an_identity_of_the_domain_opens_what_is_configured(signed_in: Api, google: Google) -> None:
    """Dana of example.com asks about the wallet with Google's signature."""
    assert signed_in.get(WALLET, google.token()).status == 200


NOW = int(time.time())


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another-script"},
        {"iss": "https://accounts.example.com"},
        {"hd": "elsewhere.com"},
        {"hd": None},
        {"exp": NOW - 3600, "iat": NOW - 7200},
        {"iat": NOW + 3600, "exp": NOW + 7200},
        {"signed_by": rsa.generate_private_key(public_exponent=65537, key_size=2048)},
    ],
    ids=["audience", "issuer", "domain", "no domain", "expired", "not yet", "another key"],
)
def test_any_other_identity_opens_nothing(signed_in: Api, google: Google, changed: dict[str, object]) -> None:
    """A token for another script, from another issuer or domain, expired, too early or signed with another key is refused."""
    assert signed_in.get(PRICE, google.token(**changed)).status == 401  # type: ignore[arg-type]


def test_without_a_signature_an_identity_opens_nothing(signed_in: Api, google: Google) -> None:
    """The algorithm “none” is not accepted."""
    _, claims, _ = google.token().split(".")
    assert signed_in.get(PRICE, f"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.").status == 401


def test_without_an_audience_no_identity_opens_anything(signed_in: Api, google: Google) -> None:
    """Without a configured audience identities give no access."""
    assert signed_in.configured(domains=(DOMAIN,)).get(PRICE, google.token()).status == 401


def test_certificates_are_kept_as_long_as_google_says(signed_in: Api, google: Google) -> None:
    """Two people ask, and the certificates are fetched once; without them the error is ours and gives no access."""
    statuses = [signed_in.get(PRICE, google.token(sub=sub)).status for sub in ("1", "2")]
    assert (statuses, google.fetched) == ([200, 200], 1)


def test_without_certificates_nobody_is_let_in(signed_in: Api, google: Google) -> None:
    """Google's failure is reported as such, and not retried at once."""
    google.is_down = True
    statuses = [signed_in.get(PRICE, google.token(sub=sub)).status for sub in ("1", "2")]
    assert (statuses, google.fetched) == ([503, 503], 1)


def test_a_caller_beyond_their_requests_waits(api: Api) -> None:
    """With two requests a minute, the third is told when to retry; then it is answered."""
    token = api.configured(requests_per_minute=2).token()
    replies = [api.get(PRICE, token) for _ in range(3)]
    wait = int(replies[2].headers["retry-after"])
    api.seconds += wait
    assert ([reply.status for reply in replies], wait, api.get(PRICE, token).status) == ([200, 200, 429], 30, 200)


def test_one_caller_does_not_use_up_another_s_requests(api: Api) -> None:
    """Each token has its own minute, and refusals have theirs."""
    first, second = api.configured(requests_per_minute=1).token(), api.token()
    statuses = [api.get(PRICE, token).status for token in (first, first, second, "wrong", "wrong", second)]
    assert statuses == [200, 429, 200, 401, 429, 429]


def refreshed(spreadsheet_id: str) -> str:
    """Stand in for a working sync."""
    return f"Wrote {spreadsheet_id}."


def test_a_token_refreshes_its_own_spreadsheet(api: Api) -> None:
    """Without naming it; another one is refused."""
    api = api_on(api.context, api.tokens.parent, refresh=refreshed)
    token = api.token("pricing")
    own, other = (api.post("/v1/refresh", body, token) for body in ({}, {"spreadsheet_id": "another"}))
    assert (own.json["message"], other.status) == (f"Wrote {SPREADSHEET}.", 403)


def test_without_a_sync_a_refresh_says_so(api: Api) -> None:
    """A service without spreadsheets answers 501 with what to do."""
    assert api.send("POST", "/v1/refresh", b"", api.token()).status == 501


def test_nobody_refreshes_without_a_token(api: Api) -> None:
    """Even if prices are open to all."""
    assert api.configured(allow_pricing_without_token=True).post("/v1/refresh", {}).status == 401


def cross_site(reply: Reply) -> list[str]:
    """Return the headers that would let pages of other sites ask."""
    return [name for name in reply.headers if name.startswith("access-control")]


def test_no_other_site_s_page_may_ask(api: Api) -> None:
    """A browser's preflight is not answered, and no response allows another origin."""
    origin = {"origin": "https://evil.example", "access-control-request-method": "GET"}
    preflight, asked = api.send("OPTIONS", "/v1/ask", b"", headers=origin), api.get(PRICE, api.token(), origin)
    assert (preflight.status, cross_site(preflight) + cross_site(asked)) == (405, [])
