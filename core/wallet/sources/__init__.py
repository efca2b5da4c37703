"""Tables of events that stay in an engine of the company's own: it adds them up, and the sums come into the wallet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.sources.importing import explain_source, import_source, source_called
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(__name__, {"importing": "explain_source import_source source_called"})

__all__ = ["explain_source", "import_source", "source_called"]
