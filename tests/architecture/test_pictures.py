"""The pictures of the documents show what the program shows now; `make pictures` draws them anew."""

import json
from pathlib import Path

import pytest

from tests.documents.contents import PAGES, ROOT, text_of
from tests.documents.pictures import MANIFEST, PICTURES, manifest_of, sources

NOTED = json.loads(text_of(MANIFEST))
DRAWN = sorted(path.stem for path in PICTURES.glob("*.png"))
MAX_BYTES = 64_000


@pytest.fixture(scope="module")
def shown_now(demonstration: Path) -> dict[str, str]:
    """What each picture would show if it were drawn now."""
    return manifest_of(sources(demonstration))


@pytest.mark.parametrize("name", DRAWN)
def test_picture_is_not_older_than_what_it_shows(shown_now: dict[str, str], name: str) -> None:
    """A message, a worksheet or a page that changed since wants a new picture."""
    assert NOTED[name] == shown_now[name], f"docs/pictures/{name}.png is old: make pictures, and look at it"


def test_every_picture_is_noted_and_drawn(shown_now: dict[str, str]) -> None:
    """The pictures, the notes and what can be drawn are the same ones."""
    assert DRAWN == sorted(NOTED) == sorted(shown_now)


@pytest.mark.parametrize("name", DRAWN)
def test_picture_is_small(name: str) -> None:
    """A clone stays light."""
    assert (PICTURES / f"{name}.png").stat().st_size <= MAX_BYTES


@pytest.mark.parametrize("name", DRAWN)
def test_picture_is_shown_somewhere(name: str) -> None:
    """No picture is kept for nothing."""
    assert any(f"pictures/{name}.png" in text_of(path) for path in [ROOT / "README.md", *PAGES])
