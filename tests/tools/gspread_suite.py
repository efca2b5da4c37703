"""gspread's own tests, run against the Google of the tests: what fails there is what our server does not know.

By hand, with a checkout of github.com/burnash/gspread at the tag of the version that is installed (its package has no tests):

    python -m tests.tools.gspread_suite CHECKOUT [arguments of pytest]
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import requests
from gspread.http_client import BackOffHTTPClient, HTTPClient
from requests.adapters import HTTPAdapter

from tests.fakes.sheets.server import SheetsServer

if TYPE_CHECKING:
    from collections.abc import Mapping

SOMEBODY_ELSES = "1jIKzPs8LsiZZdLdeMEP-5ZIHw6RkjiOmj1LrJN706Yc"
"""The spreadsheet that the suite expects to be closed to its account."""
PACKAGE = "gspread_tests"


class Local(HTTPAdapter):
    """Takes what is meant for Google to a server on loopback."""

    def __init__(self, url: str) -> None:
        """Keep where the server listens."""
        super().__init__()
        self._url = urlsplit(url)

    def send(self, request: requests.PreparedRequest, *args: Any, **rest: Any) -> requests.Response:  # noqa: ANN401 - as requests'
        """Return the server's answer to a request to Google."""
        parts = urlsplit(str(request.url))
        request.url = urlunsplit(parts._replace(scheme=self._url.scheme, netloc=self._url.netloc))
        return super().send(request, *args, **rest)


def stand_in_for_vcrpy() -> Mapping[str, ModuleType]:
    """Return the modules of vcrpy as far as the suite imports them: nothing is recorded and nothing replayed."""
    vcr, errors = ModuleType("vcr"), ModuleType("vcr.errors")
    vcr.VCR = type("VCR", (), {"ensure_suffix": staticmethod(lambda suffix: suffix)})  # type: ignore[attr-defined] # a module of ours
    errors.CannotOverwriteExistingCassetteException = type("NeverRaisedError", (Exception,), {})  # type: ignore[attr-defined] # as above
    return {"vcr": vcr, "vcr.errors": errors}


def copy_tests(source: Path, target: Path) -> None:
    """Copy the suite without its recordings and without the marks that replay them: pytest 9 refuses marks on fixtures."""
    target.mkdir()
    for path in source.glob("*.py"):
        Path(target, path.name).write_text(path.read_text("utf-8").replace("    @pytest.mark.vcr()\n", ""), "utf-8")


def run(checkout: Path, arguments: list[str]) -> int:
    """Run the suite and print what failed, then the count of each outcome; return pytest's exit status."""
    with SheetsServer() as server, tempfile.TemporaryDirectory() as folder:
        server.quota.per_user = server.quota.per_project = sys.maxsize
        server.add_book(SOMEBODY_ELSES, "Somebody else's", shared_with=None)
        server.add_book("another", "One more that the account sees")
        copy_tests(checkout / "tests", Path(folder, PACKAGE))
        os.environ["GS_CREDS_FILENAME"] = str(server.write_key(Path(folder, "key.json")))
        sys.modules.update(stand_in_for_vcrpy())
        BackOffHTTPClient.request = HTTPClient.request  # type: ignore[method-assign] # it would ask for ever for what is not known
        first_init = requests.Session.__init__

        def init(session: requests.Session) -> None:
            first_init(session)
            session.mount("https://", Local(server.url))

        requests.Session.__init__ = init  # type: ignore[assignment,method-assign] # the suite makes its own sessions
        options = [
            "-q",
            "-o",
            "python_files=*_test.py",
            "-p",
            "no:cacheprovider",
            "-c",
            os.devnull,
            "--rootdir",
            folder,
            "--tb",
            "short",
            "-W",
            "ignore",
        ]
        status = pytest.main([*options, str(Path(folder, PACKAGE)), *arguments])
        sys.stdout.writelines(f"{fault}\n" for fault in server.broken)
        return status


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), sys.argv[2:]))
