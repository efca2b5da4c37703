"""A PostgreSQL of the tests' own: a cluster in a temporary folder, on loopback, run by somebody without rights."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from core.warehouse import PostgresAddress
from core.warehouse import database as database_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.warehouse import Warehouse

SKIPPED = "PostgreSQL 15 or newer is not installed"
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

    def __init__(self, folder: Path, bin_folder: Path, port: int, settings: tuple[str, ...]) -> None:
        """Make and start it. settings: those of the server that are to be otherwise."""
        self._folder, self._bin, self.port = folder, bin_folder, port
        self._settings = (*SETTINGS, f"unix_socket_directories={folder}", *settings)
        self._made = 0
        self._run("initdb", "-D", str(folder / "data"), "-U", "agentcost", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8")
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = " ".join(f"-c {one}" for one in self._settings)
        self._run(
            "pg_ctl", "-D", str(self._folder / "data"), "-w", "-t", "120", "-l", str(self._folder / "log"),
            "-o", f"-p {self.port} {settings}", "start",
        )  # fmt: skip

    def stop(self) -> None:
        """Stop the server at once, as a crash does."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")

    @property
    def pid(self) -> int:
        """The number of the server's first process."""
        return int((self._folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])

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
def run_cluster(*settings: str) -> Iterator[Cluster]:
    """Give a cluster, or skip the test by the one reason there is. settings: such as fsync=on, which tests do without."""
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
        cluster = Cluster(folder, bin_folder, port, settings)
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


def stand_in_for_files() -> Callable[[], None]:
    """Open a database wherever a test opens a warehouse file, and return what stops the server in the end."""
    held = ExitStack()
    cluster = held.enter_context(run_cluster())

    @contextmanager
    def open_in_place(
        path: str | Path | PostgresAddress, *, read_only: bool = False, wait_seconds: float = 0
    ) -> Iterator[Warehouse]:
        address = path if isinstance(path, PostgresAddress) else database_of(cluster, Path(path).absolute())
        with OPEN_FILE(address, read_only=read_only, wait_seconds=wait_seconds) as warehouse:
            yield warehouse

    database_module.open_warehouse = open_in_place
    return held.close
