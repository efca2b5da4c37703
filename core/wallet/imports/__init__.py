"""Existing imports: listing them, undoing one, reading one again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.imports.folding import Folded, count_foldable, fold_old_rows
    from core.wallet.imports.listing import list_imports
    from core.wallet.imports.undo import Undone, undo_imports
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "folding": "Folded count_foldable fold_old_rows",
            "listing": "list_imports",
            "undo": "Undone undo_imports",
        },
    )

__all__ = ["Folded", "Undone", "count_foldable", "fold_old_rows", "list_imports", "undo_imports"]
