"""The wallet: usage and grants from the exports, in the warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.cards import FLEX_CREDITS
    from core.wallet.scope import EVERYTHING, NAME_KINDS, NameKind, OutsideScopeError, Scope, find_alike, plain_name
    from core.wallet.settings import DateOrder, Drawdown, GenericProfile, WalletSettings
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "cards": "FLEX_CREDITS",
            "scope": "EVERYTHING NAME_KINDS NameKind OutsideScopeError Scope find_alike plain_name",
            "settings": "DateOrder Drawdown GenericProfile WalletSettings",
        },
    )

__all__ = [
    "EVERYTHING",
    "FLEX_CREDITS",
    "NAME_KINDS",
    "DateOrder",
    "Drawdown",
    "GenericProfile",
    "NameKind",
    "OutsideScopeError",
    "Scope",
    "WalletSettings",
    "find_alike",
    "plain_name",
]
