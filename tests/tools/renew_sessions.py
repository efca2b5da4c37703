"""Writes under each command of docs/ what it prints, asked of the demonstration.

python -m tests.tools.renew_sessions
"""

import tempfile
from pathlib import Path

from tests.documents.contents import PAGES, sessions, text_of
from tests.documents.demonstration import inside, output_of, write_demonstration


def renew(path: Path) -> None:
    """Write a page's sessions anew."""
    text = text_of(path)
    for command, output in sessions(text):
        shown = f"$ {command}\n" + (f"{output}\n" if output else "")
        text = text.replace(shown, f"$ {command}\n{output_of(command)}\n", 1)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, inside(write_demonstration(Path(folder) / "demo")):
        for page in PAGES:
            renew(page)
