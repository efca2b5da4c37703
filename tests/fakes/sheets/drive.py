"""What of Google Drive a spreadsheet client asks for: files, who may see them, copies, comments and exports."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.fakes.sheets import exports
from tests.fakes.sheets.book import RefusedError, new_book
from tests.fakes.sheets.cells import entered
from tests.fakes.sheets.description import discovery, masks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.fakes.sheets.book import Book
    from tests.fakes.sheets.service import Query, Service

Json = dict[str, Any]
SERVICE, MIME = "drive.v3", "application/vnd.google-apps.spreadsheet"
NAMED = re.compile(r"name\s*=\s*(['\"])(?P<name>.*?)\1")
SHOWN = datetime(2026, 11, 21, tzinfo=UTC)
ROLES = {"owner", "organizer", "fileOrganizer", "writer", "commenter", "reader"}
TYPES = {"user": "emailAddress", "group": "emailAddress", "domain": "domain", "anyone": None}
"""What a permission is for, and the field that says for whom."""


@dataclass(frozen=True)
class Asked:
    """One request to Drive. payload: its body, as it came where it is no JSON."""

    where: Mapping[str, str]
    query: Query
    body: Json
    payload: bytes
    email: str

    @property
    def file(self) -> str:
        """The file that is meant."""
        return self.where["fileId"]


@dataclass
class Drive:
    """Files, which are the service's spreadsheets. permissions: file id → permission id → permission; comments: by file id."""

    service: Service
    permissions: dict[str, dict[str, Json]] = field(default_factory=dict)
    comments: dict[str, list[Json]] = field(default_factory=dict)

    def share(self, book_id: str, email: str, role: str = "writer") -> None:
        """Let an account see and write a spreadsheet."""
        permission = {"id": f"p-{email}", "type": "user", "role": role, "emailAddress": email}
        self.permissions.setdefault(book_id, {})[permission["id"]] = permission

    def may(self, email: str, book_id: str, kind: str) -> bool:
        """Return whether an account may read or write a spreadsheet."""
        found = [one for one in self.permissions.get(book_id, {}).values() if one.get("emailAddress") in {email, None}]
        return any(kind == "read" or one["role"] in {"writer", "owner"} for one in found)

    def call(self, method: str, asked: Asked) -> Json | exports.Download:
        """Return the answer of a method, as the mask of its fields leaves it. Raises: RefusedError."""
        if method in {"files.create", "files.copy", "files.update"}:  # of permissions Drive takes names of old, such as withLink
            _refuse(discovery.problems(SERVICE, "File", asked.body))
        if "fileId" in asked.where:
            self._check_seen(asked.file, asked.email)
        found = METHODS[method](self, asked)
        fields = ",".join(asked.query.get("fields", []))
        if not fields or isinstance(found, exports.Download):
            return found
        try:
            return dict(masks.only(found, masks.tree(fields)))
        except masks.MaskError as error:
            raise RefusedError(f"Invalid field selection {fields}") from error

    def _check_seen(self, book_id: str, email: str) -> None:
        if book_id not in self.service.books or not self.may(email, book_id, "read"):
            raise RefusedError(f"File not found: {book_id}.", 404)

    def check_writable(self, asked: Asked) -> Book:
        """Return the spreadsheet that is to be changed. Raises: RefusedError, if the account may only read it."""
        if not self.may(asked.email, asked.file, "write"):
            raise RefusedError("The user does not have sufficient permissions for this file.", 403)
        return self.service.books[asked.file]

    def file(self, book: Book) -> Json:
        """Return a spreadsheet as Drive tells of it; each change of it is a second after the one before."""
        changed = SHOWN + timedelta(seconds=book.revision)
        times = {"createdTime": _stamp(SHOWN), "modifiedTime": _stamp(changed)}
        return {"kind": "drive#file", "id": book.id, "name": book.properties["title"], "mimeType": MIME, **times}


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _refuse(wrong: list[str]) -> None:
    if wrong:
        raise RefusedError("\n".join(wrong))


def _list(drive: Drive, asked: Asked) -> Json:
    named = NAMED.search(asked.query.get("q", [""])[0])
    mine = [drive.file(book) for book in drive.service.books.values() if drive.may(asked.email, book.id, "read")]
    files = [one for one in mine if named is None or one["name"] == named["name"]]
    return {"kind": "drive#fileList", "incompleteSearch": False, "files": files}


def _get(drive: Drive, asked: Asked) -> Json:
    return drive.file(drive.service.books[asked.file])


def _create(drive: Drive, asked: Asked) -> Json:
    if asked.body.get("mimeType", MIME) != MIME:
        raise RefusedError("This server of the tests keeps spreadsheets only.", 501)
    return _kept(drive, new_book(f"file-{len(drive.service.books)}", asked.body.get("name", "Untitled")), asked.email)


def _kept(drive: Drive, book: Book, email: str) -> Json:
    drive.service.books[book.id] = book
    drive.share(book.id, email, "owner")
    return drive.file(book)


def _copy(drive: Drive, asked: Asked) -> Json:
    source = drive.service.books[asked.file]
    book = source.copied()
    book.id, book.revision = f"file-{len(drive.service.books)}", 0
    book.properties["title"] = asked.body.get("name") or f"Copy of {source.properties['title']}"
    return _kept(drive, book, asked.email)


def _update(drive: Drive, asked: Asked) -> Json:
    book = drive.check_writable(asked).copied()
    if asked.query.get("uploadType"):
        _fill(book, asked.payload)
    book.properties["title"] = asked.body.get("name", book.properties["title"])
    drive.service.change(book)
    return drive.file(book)


def _fill(book: Book, payload: bytes) -> None:
    """Let a file of comma-separated values be the spreadsheet, whose other sheets go."""
    for sheet in book.sheets[1:]:
        book.remove(sheet)
    first = book.sheets[0]
    first.cells = {}
    for row, line in enumerate(csv.reader(io.StringIO(payload.decode("utf-8-sig")))):
        for column, text in enumerate(line):
            first.put((row, column), entered(text, is_raw=False))


def _delete(drive: Drive, asked: Asked) -> Json:
    held = drive.permissions[asked.file].values()
    if not any(one["role"] == "owner" and one.get("emailAddress") == asked.email for one in held):
        raise RefusedError("The user does not have sufficient permissions for this file.", 403)
    del drive.service.books[asked.file]
    return {}


def _export(drive: Drive, asked: Asked) -> exports.Download:
    book = drive.service.books[asked.file]
    wanted = asked.query.get("mimeType", [""])[0]
    ending, sheet_id = asked.query.get("format", [exports.BY_MIME.get(wanted)])[0], asked.query.get("gid", [None])[0]
    if ending is None:
        raise RefusedError("The requested conversion is not supported.")
    return exports.download(book, drive.service.computed(book), ending, None if sheet_id is None else int(sheet_id))


def _permissions_list(drive: Drive, asked: Asked) -> Json:
    return {"kind": "drive#permissionList", "permissions": list(drive.permissions[asked.file].values())}


def _permissions_create(drive: Drive, asked: Asked) -> Json:
    drive.check_writable(asked)
    kind, role = asked.body.get("type"), asked.body.get("role")
    if kind not in TYPES or role not in ROLES:
        raise RefusedError(f"The specified {'type' if kind not in TYPES else 'role'} is invalid or not supported.")
    who = TYPES[kind]
    if who and not asked.body.get(who):
        raise RefusedError(f"The {who} field is required for this permission type.")
    permission = {"kind": "drive#permission", **asked.body, "id": f"p-{asked.body.get(who, kind) if who else kind}"}
    drive.permissions[asked.file][permission["id"]] = permission
    return permission


def _permissions_delete(drive: Drive, asked: Asked) -> Json:
    drive.check_writable(asked)
    if drive.permissions[asked.file].pop(asked.where["permissionId"], None) is None:
        raise RefusedError(f"Permission not found: {asked.where['permissionId']}.", 404)
    return {}


def _comments_list(drive: Drive, asked: Asked) -> Json:
    _check_fields(asked)
    return {"kind": "drive#commentList", "comments": drive.comments.get(asked.file, [])}


def _comments_create(drive: Drive, asked: Asked) -> Json:
    _check_fields(asked)
    if not asked.body.get("content"):
        raise RefusedError("The content field is required.")
    held = drive.comments.setdefault(asked.file, [])
    held.append({"kind": "drive#comment", "id": f"c-{len(held)}", **asked.body})
    return held[-1]


def _check_fields(asked: Asked) -> None:
    """Google's guide: the methods of comments want to be told which fields to return."""
    if not asked.query.get("fields"):
        raise RefusedError("The 'fields' parameter is required for this method.")


METHODS: dict[str, Callable[[Drive, Asked], Json | exports.Download]] = {
    "files.list": _list,
    "files.get": _get,
    "files.create": _create,
    "files.copy": _copy,
    "files.update": _update,
    "files.delete": _delete,
    "files.export": _export,
    "permissions.list": _permissions_list,
    "permissions.create": _permissions_create,
    "permissions.delete": _permissions_delete,
    "comments.list": _comments_list,
    "comments.create": _comments_create,
}
