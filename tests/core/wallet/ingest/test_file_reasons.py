"""Every reason to refuse or doubt a file is one record, with its remedy."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from core.config.wallet import WALLET
from core.wallet.ingest.values import file_reasons

INGEST = Path(file_reasons.__file__).parents[1]
READERS = [
    *(INGEST / name for name in ("source_file.py", "conversion.py", "format_detection.py", "counted_grants.py")),
    *sorted((INGEST / "tables").glob("*.py")),
    INGEST / "values" / "decisions.py",
]
IN_ANY_REFUSAL = frozenset({"require_file", "_copy", "sha256_of", "find_files", "_require_session", "prepare"})
"""What is said of a path or of the command, before a file is read."""


@pytest.mark.parametrize("reason", file_reasons.FILE_REASONS, ids=lambda reason: reason.key)
def test_a_reason_has_a_remedy_of_whole_sentences(reason: file_reasons.FileReason) -> None:
    """Both parts are sentences or end in a command to fill in; named settings exist; the key is the name."""
    assert getattr(file_reasons, reason.key.upper()) is reason
    assert reason.sentence[-1] == "."
    assert reason.remedy[-1] in {".", "…"}
    known = {setting.name for setting in WALLET.settings}
    assert {*reason.settings} <= known


def test_keys_are_told_apart() -> None:
    """No two reasons share a key or a sentence."""
    assert len({reason.key for reason in file_reasons.FILE_REASONS}) == len(file_reasons.FILE_REASONS)
    assert len({(reason.sentence, reason.remedy) for reason in file_reasons.FILE_REASONS}) == len(file_reasons.FILE_REASONS)


def test_every_reason_is_told_somewhere() -> None:
    """An unused record would be dead code."""
    code = "".join(path.read_text(encoding="utf-8") for path in INGEST.rglob("*.py") if path.name != "file_reasons.py")
    assert [reason.key for reason in file_reasons.FILE_REASONS if f"reasons.{reason.key.upper()}" not in code] == []


@pytest.mark.parametrize("path", READERS, ids=lambda path: path.name)
def test_files_are_refused_by_records_only(path: Path) -> None:
    """Code that reads files writes no refusal of its own: it would have no tested remedy."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    written_out = [
        f"{function.name}: line {node.lineno}"
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name not in IN_ANY_REFUSAL
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ExportError"
    ]
    assert written_out == []
