"""Starts PostgreSQL from Debian's packages for the suite, on a free port in a folder of its own; no test in itself."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

PROGRAMS = Path("/usr/lib/postgresql")
NOBODY = "nobody"


def folder_of_programs() -> Path | None:
    """Find initdb and pg_ctl: those of the newest version installed, else those on the path, else None."""
    versions = sorted(PROGRAMS.glob("*/bin/initdb"), key=lambda one: int(one.parent.parent.name))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).parent if found else None


needs_postgresql = (
    pytest.mark.needs("postgresql"),
    pytest.mark.skipif(
        folder_of_programs() is None, reason="NOT RUN: PostgreSQL is missing (apt-get install postgresql)"
    ),
)


def only_postgresql(test: Any) -> Any:
    """Mark a test that has no meaning without PostgreSQL."""
    for mark in needs_postgresql:
        test = mark(test)
    return test


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server: its folder, port and the user that runs it (None: whoever runs the tests)."""

    folder: Path
    port: int
    user: str | None
    is_durable: bool = False

    def url(self, database: str) -> str:
        return f"postgresql://triage@127.0.0.1:{self.port}/{database}"

    def new_database(self, name: str) -> str:
        """Make an empty database and return its URL."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def start(self) -> None:
        # No fsync, unless asked for: the suite kills writers, never the database and never the power.
        fsync = "on" if self.is_durable else "off"
        fixed = "-c listen_addresses=127.0.0.1 -c max_connections=120"
        options = f"-p {self.port} -k {self.folder} -c fsync={fsync} {fixed}"
        self._control("start", "-w", "-o", options, "-l", str(self.folder / "log"))

    def stop(self) -> None:
        self._control("stop", "-m", "immediate")

    def pause(self) -> None:
        """Have every process of the server stand still: it is connected to, and never answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        ruler = (self.folder / "data/postmaster.pid").read_text().split()[0]
        children = Path(f"/proc/{ruler}/task/{ruler}/children").read_text()
        for process in (ruler, *children.split()):
            with contextlib.suppress(ProcessLookupError):  # one that ended its work meanwhile
                os.kill(int(process), number)

    def _control(self, *arguments: str) -> None:
        _run(self.user, "pg_ctl", "-D", str(self.folder / "data"), *arguments)


@contextlib.contextmanager
def running_server(*, is_durable: bool = False) -> Iterator[Server]:
    """Run a server for as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="triage-postgresql-"))
    user = _unprivileged()
    if user is not None:
        shutil.chown(folder, user)
    server = Server(folder, _free_port(), user, is_durable)
    _run(user, "initdb", "-D", str(folder / "data"), "-U", "triage", "-A", "trust", "-E", "UTF8", "--no-sync")
    server.start()
    try:
        yield server
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root; root hands it to another user."""
    if os.geteuid() != 0:
        return None
    names = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in names else NOBODY


def _run(user: str | None, program: str, *arguments: str) -> None:
    folder = folder_of_programs()
    assert folder is not None
    subprocess.run(
        [str(folder / program), *arguments],
        user=user,
        check=True,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=60,
    )


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
