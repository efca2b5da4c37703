"""The files a person hands over: found, opened, and refused if they are not what they seem."""

from __future__ import annotations

import bz2
import hashlib
import lzma
import os
import shutil
import stat
import sys
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from core.errors import ExportError
from core.paths import STANDARD_INPUT, copy_file
from core.wallet.ingest.tables import encoding_of_unicode
from core.wallet.ingest.values import file_reasons as reasons
from core.warehouse import is_held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Kind = Literal["csv", "json", "xlsx", "xls", "ods", "parquet", "arrow", "zip", "gzip", "bzip2", "xz", "tar"]
ARCHIVES = frozenset({"zip", "tar", "gzip", "bzip2", "xz"})

CHUNK_BYTES = 1024 * 1024
HEAD_BYTES = 4096
MAX_MEMBERS = 10_000
MAX_DEPTH = 3  # a .tar.gz in a zip, and one more
GZIP = 31  # what zlib calls a gzip header and trailer
SUFFIXES = frozenset(
    {
        ".csv",
        ".tsv",
        ".txt",
        ".gz",
        ".zip",
        ".xlsx",
        ".parquet",
        ".json",
        ".jsonl",
        ".ndjson",
        ".xls",
        ".htm",
        ".html",
        ".arrow",
        ".arrows",
        ".tgz",
        ".tar",
        ".ods",
        ".bz2",
        ".xz",
    }
)
KINDS: tuple[tuple[bytes, Kind], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"PAR1", "parquet"),
    (b"\xff\xff\xff\xff", "arrow"),
    (b"ARROW1", "arrow"),
)
FOREIGN = (
    (b"\x89PNG", reasons.FOREIGN_KIND, "a PNG picture"),
    (b"\xff\xd8\xff", reasons.FOREIGN_KIND, "a JPEG picture"),
    (b"GIF8", reasons.FOREIGN_KIND, "a GIF picture"),
    (b"%PDF", reasons.FOREIGN_KIND, "a PDF document"),
    (b"\x28\xb5\x2f\xfd", reasons.PACKED_OTHERWISE, "a Zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", reasons.PACKED_OTHERWISE, "a 7-Zip archive"),
    (b"Rar!", reasons.PACKED_OTHERWISE, "a RAR archive"),
    (b"MIME-Version:", reasons.WEB_ARCHIVE, "a web archive"),
    (b"\x7fELF", reasons.FOREIGN_KIND, "a program"),
    (b"SQLite format 3", reasons.FOREIGN_KIND, "an SQLite database"),
)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One delivered file: `path` is our copy in the spool; `sha256` is of its bytes.

    container_sha256: of the file on disk: the same, except for a file from an archive.
    """

    name: str
    path: Path
    kind: Kind
    sha256: str
    container_sha256: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """A file in an archive that is not an export, and what it is."""

    name: str
    reason: str


class ForeignFileError(ExportError):
    """A file that is not an export at all, such as a picture."""


def name_of(path: Path) -> str:
    """Return a file's display name."""
    return "standard input" if str(path) == STANDARD_INPUT else path.name


def find_files(paths: Sequence[str | Path]) -> tuple[list[Path], list[Path]]:
    """Return the files to import and those skipped in folders, in order; `-` stands for standard input.

    Raises: ExportError, for what does not exist or is neither a file nor a folder.
    """
    wanted: list[Path] = []
    passed_over: list[Path] = []
    for path in map(Path, paths):
        if str(path) != STANDARD_INPUT and path.is_dir():
            for entry in sorted(path.rglob("*")):
                if entry.is_file() and not entry.name.startswith("."):
                    (wanted if entry.suffix.lower() in SUFFIXES else passed_over).append(entry)
            continue
        require_file(path)
        wanted.append(path)
    if not wanted:
        raise ExportError(f"There is no export in {', '.join(map(str, paths)) or 'an empty list of files'}.")
    return wanted, passed_over


def require_file(path: Path) -> None:
    """Raise ExportError if there is nothing to read at the path; `-` is always readable."""
    if str(path) == STANDARD_INPUT:
        return
    try:
        mode = path.stat().st_mode
    except OSError as trouble:
        raise ExportError(f"{path} cannot be read: {trouble.strerror}.") from trouble
    if not stat.S_ISREG(mode):
        raise ExportError(f"{path} is not a regular file. To read from a pipe, name it -: agentcost import - < FILE.")
    if is_held(path):
        raise ExportError(f"{path} is the warehouse itself, not an export.")


def spool_file(path: Path, spool: Path) -> Path:
    """Return a path in the spool with the file's content: the same bytes on disk where that is possible."""
    target = _new_path(spool)
    if str(path) == STANDARD_INPUT:
        with target.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file, CHUNK_BYTES)
        return target
    try:
        os.link(path.resolve(), target)
    except OSError:
        _copy(path, target)
    return target


def _copy(path: Path, target: Path) -> None:
    try:
        copy_file(path, target)
    except OSError as trouble:
        raise ExportError(f"{path} cannot be read: {trouble.strerror}.") from trouble


def _new_path(spool: Path) -> Path:
    return spool / f"{len(list(spool.iterdir())):06d}"


def sha256_of(path: Path, progress: Callable[[int], None] | None = None) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal. Raises: ExportError, if it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb", buffering=0) as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
                if progress:
                    progress(len(chunk))
    except OSError as trouble:
        raise ExportError(f"{path} cannot be read: {trouble.strerror}.") from trouble
    return digest.hexdigest()


def deliveries_in(path: Path, spool: Path, most_bytes: int) -> list[SourceFile]:
    """Return the exports in a file on the disk: itself, or those in an archive. Raises: ExportError, if there is none."""
    require_file(path)
    source = spool_file(path, spool)
    unpacked = unpack(name_of(path), source, sha256_of(source), spool, most_bytes)
    found = [delivered for delivered in unpacked if isinstance(delivered, SourceFile)]
    if not found:
        raise reasons.NO_FILE_INSIDE.refusal(name=path)
    return found


def unpack(  # noqa: PLR0913, PLR0917 -- a file, its place, and how far to go
    name: str, path: Path, sha256: str, spool: Path, most_bytes: int, depth: int = 0, budget: list[int] | None = None
) -> Iterator[SourceFile | Foreign]:
    """Give the file, or each file in an archive, nested ones included; for an archive also files that are not exports.

    Raises: ExportError, if it is empty, of a foreign kind, unreadable, or expands beyond `most_bytes`.
    """
    kind = kind_of(name, path)
    if kind not in ARCHIVES:
        yield SourceFile(name, path, kind, sha256 if depth == 0 else sha256_of(path), sha256)
        return
    if depth > MAX_DEPTH:
        raise reasons.TOO_DEEP.refusal(name=name, depth=depth)
    budget = [most_bytes] if budget is None else budget  # one budget for everything in an archive, however deep
    if kind in {"gzip", "bzip2", "xz"}:
        inner = _expand(name, _decompress(kind, name, path), spool, most_bytes, budget)
        yield from unpack(name, inner, sha256, spool, most_bytes, depth + 1, budget)
        return
    for inner_name, chunks in _unzip(name, path) if kind == "zip" else _untar(name, path):
        inner = _expand(inner_name, chunks, spool, most_bytes, budget)
        try:
            yield from unpack(inner_name, inner, sha256, spool, most_bytes, depth + 1, budget)
        except ForeignFileError as foreign:
            yield Foreign(inner_name, str(foreign))


def kind_of(name: str, path: Path) -> Kind:
    """Return what a file is, judged by its content. Raises: ExportError, if it is empty or something else entirely."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip():
        raise ForeignFileError(reasons.EMPTY.tell(name=name))
    for magic, reason, what in FOREIGN:
        if head.startswith(magic):
            raise ForeignFileError(reason.tell(name=name, what=what))
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(name, path)
    for magic, kind in KINDS:
        if head.startswith(magic):
            return kind
    return "tar" if head[257:262] == b"ustar" else _kind_of_text(name, head)


def _kind_of_text(name: str, head: bytes) -> Kind:
    text = head.decode(encoding_of_unicode(head) or "utf-8-sig", errors="replace").lstrip("\ufeff \t\r\n")
    if text.startswith("<?xml") and "<html" not in text.lower() and "<table" not in text.lower():
        raise ForeignFileError(reasons.XML.tell(name=name))
    return "json" if text[:1] in {"{", "["} else "csv"


def _kind_of_zip(name: str, path: Path) -> Kind:
    with _open_zip(name, path) as archive:
        names = archive.namelist()
        if "xl/workbook.xml" in names:
            return "xlsx"
        return "ods" if {"mimetype", "content.xml"} <= {*names} else "zip"


def _open_zip(name: str, path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as trouble:
        raise reasons.DAMAGED_ARCHIVE.refusal(name=name, kind="zip file", trouble=trouble) from trouble


def _unzip(name: str, path: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    with _open_zip(name, path) as archive:
        for member in _members(name, archive):
            inner_name = f"{name}/{member.filename}"
            yield inner_name, _zip_chunks(inner_name, archive, member)


def _untar(name: str, path: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    try:
        with tarfile.open(path, "r:") as archive:
            members = [m for m in archive if m.isfile() and not _is_litter(m.name)]
            _require_decent(name, [m.name for m in members])
            for member in members:
                file = archive.extractfile(member)
                if file:
                    yield f"{name}/{member.name}", iter(partial(file.read, CHUNK_BYTES), b"")
    except (tarfile.TarError, EOFError, OSError) as trouble:
        raise reasons.DAMAGED_ARCHIVE.refusal(name=name, kind="archive", trouble=trouble) from trouble


def _members(name: str, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = [m for m in archive.infolist() if not m.is_dir() and not _is_litter(m.filename)]
    _require_decent(name, [m.filename for m in members])
    return members


def _require_decent(name: str, members: Sequence[str]) -> None:
    if len(members) > MAX_MEMBERS:
        raise reasons.TOO_MANY_FILES.refusal(name=name, count=len(members), most=MAX_MEMBERS)
    if not members:
        raise reasons.NO_FILE_INSIDE.refusal(name=name)
    for member in members:
        if _leaves_its_folder(member):
            raise reasons.POINTS_OUTSIDE.refusal(name=name, member=member)


def _is_litter(name: str) -> bool:
    return name.startswith("__MACOSX/") or Path(name).name.startswith(".")


def _leaves_its_folder(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]


def _decompress(kind: Kind, name: str, path: Path) -> Iterator[bytes]:
    if kind != "gzip":
        yield from _read_through(name, path, bz2.BZ2File if kind == "bzip2" else lzma.LZMAFile)
        return
    with path.open("rb") as file:
        yield from _inflate(name, file)


def _read_through(name: str, path: Path, opened: type[bz2.BZ2File | lzma.LZMAFile]) -> Iterator[bytes]:
    try:
        with opened(path) as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
    except (OSError, EOFError, lzma.LZMAError) as trouble:
        raise reasons.DAMAGED_DATA.refusal(name=name, breaks="is broken") from trouble


def _inflate(name: str, file: BinaryIO) -> Iterator[bytes]:
    """Yield what gzip data expands to, in bounded pieces, whatever the data claims."""
    expander = zlib.decompressobj(wbits=GZIP)
    try:
        while chunk := file.read(CHUNK_BYTES // 16):
            while chunk:
                expander = zlib.decompressobj(wbits=GZIP) if expander.eof else expander
                yield expander.decompress(chunk, CHUNK_BYTES)
                chunk = expander.unused_data.lstrip(b"\0") if expander.eof else expander.unconsumed_tail
    except zlib.error as trouble:
        raise reasons.DAMAGED_DATA.refusal(name=name, breaks="is broken") from trouble
    if not expander.eof:
        raise reasons.DAMAGED_DATA.refusal(name=name, breaks="breaks off")


def _zip_chunks(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    if member.flag_bits & 1:
        raise reasons.LOCKED_ARCHIVE.refusal(name=name)
    try:
        with archive.open(member) as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as trouble:
        raise reasons.DAMAGED_ARCHIVE.refusal(name=name, kind="file of an archive", trouble=trouble) from trouble


def _expand(name: str, chunks: Iterable[bytes], spool: Path, most_bytes: int, budget: list[int]) -> Path:
    """Write out what a compressed file expands to; `budget` is what all of them may still expand to, and is reduced."""
    target = _new_path(spool)
    with target.open("wb") as file:
        for chunk in chunks:
            budget[0] -= len(chunk)
            if budget[0] < 0:
                raise reasons.EXPANDS_TOO_FAR.refusal(name=name, most=most_bytes)
            file.write(chunk)
    return target
