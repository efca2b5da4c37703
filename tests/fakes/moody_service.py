"""A service on loopback that fails as told before it answers."""

from __future__ import annotations

import http.server
import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def answered(text: str) -> dict[str, object]:
    """Return an answer that says so and has one figure."""
    figure = {"key": "one", "label": "One", "value": "1", "unit": "count"}
    return {"version": 1, "question": "help", "title": "Help", "headline": text, "figures": [figure], "tables": [], "notes": []}


@contextmanager
def moody(*replies: tuple[int, str], text: str = "Here it is.") -> Iterator[str]:
    """Give the address of a service that sends these statuses with these values of Retry-After, and then only answers.

    text: what every answer says; it holds for a minute.
    """
    left: list[tuple[int, str]] = list(replies)

    class Moods(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            questions = json.loads(self.rfile.read(int(self.headers["content-length"])))["questions"]
            status, retry_after = left.pop(0) if left else (200, "")
            answers = json.dumps({"answers": [answered(text)] * len(questions)})
            self._reply(status, answers if status == 200 else "<html>no problem document</html>", retry_after)

        def _reply(self, status: int, text: str, retry_after: str) -> None:
            body = text.encode()
            self.send_response(status)
            headers = {"Content-Length": str(len(body)), "Cache-Control": "private, max-age=60"}
            for name, value in (headers | ({"Retry-After": retry_after} if retry_after else {})).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Moods) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def statuses(*many: int) -> Sequence[tuple[int, str]]:
    """Return replies of these statuses that do not say when to come back."""
    return [(status, "") for status in many]
