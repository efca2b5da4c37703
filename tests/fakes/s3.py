"""A server that speaks S3, of moto's making, on loopback."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.fakes.ports import free_port

VARIABLES = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "invented"}
START_SECONDS = 60


@contextmanager
def serving_s3() -> Iterator[str]:
    """Run a server until the end of the block, and give its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    program = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(address)
            yield address
        finally:
            server.terminate()


def client_of(address: str) -> Any:  # noqa: ANN401 - boto3 has no types
    """Return a client that may do anything there."""
    import boto3  # noqa: PLC0415 - only these tests want it

    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "invented", "region_name": "us-east-1"}
    return boto3.session.Session(**keys).client("s3", endpoint_url=address)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{address}/moto-api/", timeout=1).close()
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
