"""What of the page is not ours is what it says it is."""

import hashlib
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[3] / "bot" / "page" / "static"
# SHA-256 of the files in the packages, as npm gives them.
NOT_OURS = {
    "htmx.min.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    "uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
    "uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
}
OURS = {"page.js", "page.css", "icon.svg"}


@pytest.mark.parametrize("name", NOT_OURS)
def test_file_of_others_is_unchanged(name: str) -> None:
    """Byte for byte the package's."""
    assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == NOT_OURS[name]


def test_every_script_and_style_is_accounted_for() -> None:
    """No file is served of which nobody says whose it is; each one of others has its licence beside it."""
    served = {path.name for path in STATIC.iterdir() if path.suffix in {".js", ".css", ".svg"}}
    assert served == OURS | set(NOT_OURS)
    assert {path.name for path in STATIC.glob("*.LICENSE")} == {"htmx.LICENSE", "uPlot.LICENSE"}
