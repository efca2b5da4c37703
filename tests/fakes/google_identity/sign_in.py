"""Google's sign-in on loopback: tokens really signed, certificates really served."""

from __future__ import annotations

import http.server
import json
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from google.auth import crypt, jwt

if TYPE_CHECKING:
    from collections.abc import Iterator

AUDIENCE, DOMAIN = "123-abc.apps.googleusercontent.com", "example.com"


class Google:
    """Signs identity tokens and serves the certificate that they are checked with.

    is_down: whether the certificates are not to be had just now. fetched: how often they were asked for.
    """

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.certificates = {"key-1": _certificate(self._key)}
        self.address = ""
        self.is_down = False
        self.fetched = 0

    def token(self, *, signed_by: rsa.RSAPrivateKey | None = None, **changed: object) -> str:
        """Return a token of dana@example.com's for the script, with these claims changed; None takes one out."""
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": "https://accounts.google.com",
            "aud": AUDIENCE,
            "sub": "1001",
            "hd": DOMAIN,
            "email": f"dana@{DOMAIN}",
            "email_verified": True,
            "iat": now - 10,
            "exp": now + 3600,
        }
        payload = {name: value for name, value in (claims | changed).items() if value is not None}
        pem = (signed_by or self._key).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        signer: Any = crypt.RSASigner.from_string(pem.decode(), "key-1")  # type: ignore[no-untyped-call]
        encoded: bytes = jwt.encode(signer, payload)  # type: ignore[no-untyped-call]
        return encoded.decode()


def _certificate(key: rsa.RSAPrivateKey) -> str:
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "signing key of the test")]), datetime.now(UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dated = built.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    return dated.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


@contextmanager
def google_served() -> Iterator[Google]:
    """Give a Google on a free port of the loopback."""
    google = Google()

    class Certificates(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            google.fetched += 1
            self.send_response(503 if google.is_down else 200)
            self.send_header("Cache-Control", "public, max-age=20000")
            self.end_headers()
            self.wfile.write(json.dumps(google.certificates).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Certificates) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        google.address = f"http://127.0.0.1:{server.server_address[1]}/certs"
        yield google
        server.shutdown()
