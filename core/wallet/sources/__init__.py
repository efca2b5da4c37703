"""Event tables that stay in the company's own engine: the engine adds them up, and the sums come into the wallet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.sources.engine import engine_problems
    from core.wallet.sources.importing import explain_source, import_source, source_called
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(__name__, {"engine": "engine_problems", "importing": "explain_source import_source source_called"})

__all__ = ["engine_problems", "explain_source", "import_source", "source_called"]
