"""The formula API: questions over HTTP, for custom functions in spreadsheets and any JSON client."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sheets_addin.api.app import FormulaApi, create_app
    from sheets_addin.api.asking import Snapshot
    from sheets_addin.api.auth import Authenticator
    from sheets_addin.api.identity import GOOGLE_CERTS, Certificates
    from sheets_addin.api.limits import Limits, LimitsOfReplicas, RateLimit
    from sheets_addin.api.tokens import TokenStore
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "app": "FormulaApi create_app",
            "asking": "Snapshot",
            "auth": "Authenticator",
            "identity": "Certificates GOOGLE_CERTS",
            "limits": "Limits LimitsOfReplicas RateLimit",
            "tokens": "TokenStore",
        },
    )

__all__ = [
    "GOOGLE_CERTS",
    "Authenticator",
    "Certificates",
    "FormulaApi",
    "Limits",
    "LimitsOfReplicas",
    "RateLimit",
    "Snapshot",
    "TokenStore",
    "create_app",
]
