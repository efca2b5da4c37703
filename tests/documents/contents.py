"""What a document says: its sessions, its commands, its sentences."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
# Made from tables, or tables of measurements: no page of a task.
NO_TASK = ("reference.md", "benchmarks.md", "scale.md")
PAGES = sorted(path for path in DOCS.glob("*.md") if path.name not in NO_TASK)
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
ITEM = re.compile(r"([*-]|\d+\.) ")
CELL = re.compile(r"(?<!\\)\|")
LINK = re.compile(r"!?\[([^]]*)\]\([^)]*\)")
CODE = re.compile(r"`[^`]*`")
EMPHASIS = re.compile(r"\*+(?=\S)|(?<=\S)\*+")
SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
WORD = re.compile(r"\w\S*")


def text_of(path: Path) -> str:
    """Return a document."""
    return path.read_text(encoding="utf-8")


def blocks(text: str) -> list[tuple[str, str]]:
    """Return the fenced blocks of a document, each with its language."""
    return FENCE.findall(text)


def steps(session: str) -> list[tuple[str, str]]:
    """Return the commands of a session, each with the output shown under it."""
    parts = re.split(r"^\$ (.*)$", session, flags=re.MULTILINE)[1:]
    return [(command, output.strip("\n")) for command, output in zip(parts[::2], parts[1::2], strict=True)]


def sessions(text: str) -> list[tuple[str, str]]:
    """Return every command of agentcost that a document shows with its output."""
    shown = [step for language, block in blocks(text) if language == "console" for step in steps(block)]
    return [step for step in shown if step[0].startswith("agentcost")]


def commands(text: str) -> list[str]:
    """Return every command of agentcost that a document names in a block of its own, without what is said behind it."""
    lines = [line for language, block in blocks(text) if language == "sh" for line in block.splitlines()]
    return [re.split(r"\s+#\s", line)[0] for line in lines if line.startswith("agentcost ")]


def headings(text: str) -> set[str]:
    """Return the headings of a document as links name them."""
    heads = re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def sentences(text: str) -> list[str]:
    """Return the sentences of a document: of paragraphs, items and cells, a piece of code being one word of them."""
    plain = EMPHASIS.sub("", CODE.sub("code", LINK.sub(r"\1", FENCE.sub("", text))))
    return [said for passage in _passages(plain) for said in SENTENCE_END.split(passage) if said]


def word_count(sentence: str) -> int:
    """Return how many words a sentence has; signs between them are none."""
    return len(WORD.findall(sentence))


def _passages(text: str) -> Iterator[str]:
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        said = line.strip().removeprefix("> ")
        is_table = said.startswith("|")
        if not said or is_table or said.startswith("#") or ITEM.match(said):
            yield " ".join(lines).strip()
            lines = []
        if is_table:
            yield from (cell.strip() for cell in CELL.split(said)[1:-1])
        elif not said.startswith("#"):
            lines.append(said)
