"""A PostgreSQL of the tests' own: a cluster in a temporary folder, on loopback, run by somebody without rights."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from core.warehouse import PostgresAddress
from core.warehouse import database as database_module

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.warehouse import Warehouse

SKIPPED = "PostgreSQL 15 or newer is not installed"
SWITCH = "AGENTCOST_TEST_WAREHOUSE"
"""Set to `postgresql`, it lets every test whose warehouse is a file run on a database in its place."""
OPEN_FILE = database_module.open_warehouse
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "listen_addresses=127.0.0.1")


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, of its newest version; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).resolve().parent if elsewhere else None


class Cluster:
    """A server that runs; `create` makes databases in it. psycopg's own connection is for what no surface does."""

    def __init__(self, folder: Path, bin_folder: Path, port: int) -> None:
        """Make and start it."""
        self._folder, self._bin, self.port = folder, bin_folder, port
        self._made = 0
        self._run("initdb", "-D", str(folder / "data"), "-U", "agentcost", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8")
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = " ".join(f"-c {one}" for one in (*SETTINGS, f"unix_socket_directories={self._folder}"))
        self._run(
            "pg_ctl", "-D", str(self._folder / "data"), "-w", "-t", "120", "-l", str(self._folder / "log"),
            "-o", f"-p {self.port} {settings}", "start",
        )  # fmt: skip

    def stop(self) -> None:
        """Stop the server at once, as a crash does."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")

    def create(self, name: str = "", template: str = "template0", provider: str = "libc") -> PostgresAddress:
        """Make a database and return its address."""
        self._made += 1
        name = name or f"made_{self._made}"
        with self.connect("postgres") as connection:
            of_language = "LOCALE_PROVIDER icu ICU_LOCALE 'en-US'" if provider == "icu" else ""
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} {of_language}")
        return self.address(name)

    def address(self, name: str) -> PostgresAddress:
        """Return the address of a database."""
        return PostgresAddress(f"postgresql://agentcost@127.0.0.1:{self.port}/{name}")

    def connect(self, name: str) -> psycopg.Connection:
        """Return a connection that commits each statement."""
        return psycopg.connect(self.address(name).url, autocommit=True)

    def _run(self, program: str, *arguments: str) -> None:
        account = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
        with (self._folder / "said").open("wb") as said:  # not a pipe: the server would hold its end open
            subprocess.run(
                [str(self._bin / program), *arguments],
                check=True,
                cwd=self._folder,
                stdout=said,
                stderr=said,
                user=account,
                group=account,
                extra_groups=[] if account else None,
            )


@contextmanager
def run_cluster() -> Iterator[Cluster]:
    """Give a cluster, or skip the test by the one reason there is."""
    bin_folder = programs()
    if bin_folder is None:
        pytest.skip(SKIPPED)
    folder = Path(tempfile.mkdtemp(prefix="agentcost-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    try:
        cluster = Cluster(folder, bin_folder, port)
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def _ready(cluster: Cluster) -> str:
    """Return the name of a database whose schema is up to date, to copy."""
    address = cluster.create("ready")
    with OPEN_FILE(address):
        pass
    return "ready"


@cache
def database_of(cluster: Cluster, path: Path) -> PostgresAddress:
    """Return the database that stands in for a warehouse file."""
    name = f"file_{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"
    return cluster.create(name, _ready(cluster))


@contextmanager
def open_in_place_of_file(cluster: Cluster, path: str | Path, **options: object) -> Iterator[Warehouse]:
    """Open the database that stands in for a file."""
    address = database_of(cluster, Path(path).absolute())
    with OPEN_FILE(address, read_only=bool(options.get("read_only"))) as warehouse:
        yield warehouse
