"""The little of Google Drive that a spreadsheet client asks for: files and who may see them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.fakes.sheets.book import RefusedError, new_book
from tests.fakes.sheets.description import discovery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fakes.sheets.service import Query, Service

Json = dict[str, Any]
MIME = "application/vnd.google-apps.spreadsheet"
NAMED = re.compile(r"name\s*=\s*(['\"])(?P<name>.*?)\1")
PATH = re.compile(r"/drive/v3/files(?:/(?P<file>[^/]+)(?:/(?P<what>permissions|copy)(?:/(?P<permission>[^/]+))?)?)?")
SHOWN = "2026-11-21T00:00:00.000Z"


class Drive:
    """Files, which are the service's spreadsheets, and their permissions: file id → permission id → permission."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.permissions: dict[str, dict[str, Json]] = {}

    def share(self, book_id: str, email: str, role: str = "writer") -> None:
        """Let an account see and write a spreadsheet."""
        permission = {"id": f"p-{email}", "type": "user", "role": role, "emailAddress": email}
        self.permissions.setdefault(book_id, {})[permission["id"]] = permission

    def may(self, email: str, book_id: str, kind: str) -> bool:
        """Return whether an account may read or write a spreadsheet."""
        found = [one for one in self.permissions.get(book_id, {}).values() if one.get("emailAddress") in {email, None}]
        return any(kind == "read" or one["role"] in {"writer", "owner"} for one in found)

    def call(self, http: str, path: str, query: Query, body: Json, email: str) -> Json:
        """Return the answer of a request to Drive. Raises: RefusedError."""
        match = PATH.fullmatch(path)
        if match is None:
            raise RefusedError(f"This server of the tests does not know {http} {path} yet.", 501)
        if match["what"] == "permissions":
            return self._permissions(http, match, body)
        if http == "GET" and match["file"] is None:
            return self._listed(query, email)
        if http == "POST":
            return self._created(match["file"], body, email)
        book_id = self._seen(match["file"], email)
        if http == "DELETE":
            del self._service.books[book_id]
            return {}
        if http == "PATCH":
            self._service.books[book_id].properties["title"] = body.get("name", self._service.books[book_id].properties["title"])
        return self._file(book_id)

    def _seen(self, book_id: str, email: str) -> str:
        if book_id not in self._service.books or not self.may(email, book_id, "read"):
            raise RefusedError(f"File not found: {book_id}.", 404)
        return book_id

    def _file(self, book_id: str) -> Json:
        name = self._service.books[book_id].properties["title"]
        return {"kind": "drive#file", "id": book_id, "name": name, "mimeType": MIME, "createdTime": SHOWN, "modifiedTime": SHOWN}

    def _listed(self, query: Query, email: str) -> Json:
        named = NAMED.search(query.get("q", [""])[0])
        mine = [self._file(book_id) for book_id in self._service.books if self.may(email, book_id, "read")]
        files = [one for one in mine if named is None or one["name"] == named["name"]]
        return {"kind": "drive#fileList", "incompleteSearch": False, "files": files}

    def _created(self, source: str | None, body: Json, email: str) -> Json:
        wrong = discovery.problems("drive.v3", "File", body)
        if wrong:
            raise RefusedError("\n".join(wrong))
        book = new_book(f"file-{len(self._service.books)}", body.get("name", "Untitled"))
        if source is not None:
            copied = self._service.books[self._seen(source, email)].copied()
            book.sheets, book.names, book.tags = copied.sheets, copied.names, copied.tags
        self._service.books[book.id] = book
        self.share(book.id, email, "owner")
        return self._file(book.id)

    def _permissions(self, http: str, match: re.Match[str], body: Mapping[str, Any]) -> Json:
        held = self.permissions.setdefault(match["file"], {})
        if http == "POST":
            permission = {"id": f"p-{body.get('emailAddress', body.get('type'))}", **body}
            held[permission["id"]] = permission
            return permission
        if http == "DELETE":
            if held.pop(match["permission"], None) is None:
                raise RefusedError(f"Permission not found: {match['permission']}.", 404)
            return {}
        return {"kind": "drive#permissionList", "permissions": list(held.values())}
