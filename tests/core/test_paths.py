"""The cache returns what would be made anew; a copy is all of a file."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from core.paths import cached_json, copy_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file of a cache for this test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "agentcost" / "numbers.json"


def test_it_is_made_once_for_what_it_is_made_from(kept: Path) -> None:
    """The same input comes from the cache, another one is made anew, and no other file is left."""
    numbers = count()
    made = [cached_json("numbers.json", made_from, lambda: [next(numbers)]) for made_from in ("a", "a", ["b"], ["b"], "a")]
    assert made == [[0], [0], [1], [1], [2]]
    assert [path.name for path in kept.parent.iterdir()] == ["numbers.json"]


@pytest.mark.parametrize("stored", [b"", b"{}", b"[1]", b'{"made_from": "a"}', b"\xe9"])
def test_a_file_of_no_use_is_made_anew(kept: Path, stored: bytes) -> None:
    """A truncated or foreign file is made anew, and the result is right now and the next time."""
    kept.parent.mkdir()
    kept.write_bytes(stored)
    assert [cached_json("numbers.json", "a", lambda: 1), cached_json("numbers.json", "a", lambda: 2)] == [1, 1]


def test_it_needs_no_place_to_be_kept(kept: Path) -> None:
    """If the cache cannot be written, the result is made each time."""
    kept.parent.write_text("a file where the folder should be", encoding="utf-8")
    assert [cached_json("numbers.json", "a", lambda: 1), cached_json("numbers.json", "a", lambda: 2)] == [1, 2]


@pytest.mark.parametrize("size", [0, 1, 3 * 1024 * 1024 + 1])
def test_a_copy_has_all_bytes(tmp_path: Path, size: int) -> None:
    """Whatever the size, and in place of what was there."""
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(bytes(range(256)) * (size // 256) + bytes(size % 256))
    target.write_bytes(b"of before")
    copy_file(source, target)
    assert target.read_bytes() == source.read_bytes()


def test_a_copy_of_nothing_is_refused(tmp_path: Path) -> None:
    """No empty file is left for one that does not exist."""
    with pytest.raises(FileNotFoundError):
        copy_file(tmp_path / "none", tmp_path / "target")
    assert not (tmp_path / "target").exists()
