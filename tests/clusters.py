"""Database servers in directories of their own, never the system's cluster."""

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

SITE_USER = "denluot"
SYNCHRONOUS = "synchronous_standby_names=*"
_SYNCHRONOUS_WITHIN_S = 60


def postgresql_programs() -> Path | None:
    """Return where the newest PostgreSQL's programs are, of Debian or in the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    in_path = shutil.which("initdb")
    initdb = found[-1] if found else Path(in_path).resolve() if in_path else None
    return initdb.parent if initdb else None


class Cluster:
    """One database server that listens on a socket in its directory and on a loopback port."""

    def __init__(self, programs: Path, directory: Path) -> None:
        self.programs = programs
        self.directory = directory
        self.data = directory / "data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.run_as = []
        if os.geteuid() == 0:  # which PostgreSQL refuses
            nobody = pwd.getpwnam("nobody")
            os.chown(directory, nobody.pw_uid, nobody.pw_gid)
            self.run_as = ["runuser", "-u", "nobody", "--"]

    def make(self) -> None:
        """Make an empty cluster that checks its pages, as pg_rewind wants it."""
        options = ["-U", SITE_USER, "-A", "trust", "-E", "UTF8", "-N", "-k", "--locale=C"]
        self.run("initdb", "-D", str(self.data), *options)

    def copy_of(self, primary: "Cluster", name: str) -> None:
        """Make a standby that follows `primary` and is called `name` by it."""
        source = f"host={primary.directory} port={primary.port} user={SITE_USER}"
        source += f" application_name={name}"
        self.run("pg_basebackup", "-D", str(self.data), "-R", "-c", "fast", "-d", source)

    def start(self, *settings: str, durable: bool = False) -> None:
        """Start and wait until it answers; without `durable` a power cut may lose it."""
        wanted = ["listen_addresses=127.0.0.1", f"port={self.port}"]
        wanted += [] if durable else ["fsync=off"]
        wanted += [f"unix_socket_directories={self.directory}", *settings]
        options = " ".join(f"-c {one}" for one in wanted)
        log = str(self.directory / "log")
        self.ctl("-l", log, "-o", options, "start")

    def ctl(self, *arguments: str) -> None:
        """Run pg_ctl and wait for it."""
        self.run("pg_ctl", "-D", str(self.data), "-w", "-t", "60", *arguments)

    def stop(self) -> None:
        """Stop at once, if it runs."""
        with suppress(AssertionError):
            self.ctl("-m", "immediate", "stop")

    def kill(self) -> None:
        """End every process of it with `kill -9`, as a power cut does."""
        postmaster = self.pid
        group = [int(pid) for pid in _children(postmaster)]
        for pid in (postmaster, *group):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    @property
    def pid(self) -> int:
        """Return the server's process."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def run(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs as who may."""
        done = subprocess.run(
            [*self.run_as, str(self.programs / program), *arguments],
            cwd=self.directory,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def sql(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement outside a transaction; return its rows, if it has any."""
        address = f"host={self.directory} port={self.port} user={SITE_USER} dbname={database}"
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def url(self, database: str, port: int | None = None) -> str:
        """Return the URL of a database by the loopback port, or by another that leads there."""
        return f"postgresql+psycopg://{SITE_USER}@127.0.0.1:{port or self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database and return its name."""
        name = f"test_{random.SystemRandom().randrange(10**12)}"
        self.sql(f"CREATE DATABASE {name}")
        return name


class Pair:
    """A primary and its synchronous standby, under one URL."""

    def __init__(self, primary: Cluster, standby: Cluster, *, durable: bool = False) -> None:
        """Make both, start them, and wait until every commit is on both."""
        self.primary = primary
        self.standby = standby
        self._durable = durable
        primary.make()
        primary.start()
        self.database = primary.new_database()
        standby.copy_of(primary, "standby")
        primary.stop()
        primary.start(SYNCHRONOUS, durable=durable)
        hosts = "&".join(f"host=127.0.0.1:{one.port}" for one in (primary, standby))
        self.url = f"postgresql+psycopg://{SITE_USER}@/{self.database}?{hosts}"
        self.url += "&target_session_attrs=primary"
        self.start_copy()

    def swap(self) -> None:
        """Take the standby for the primary, as it is after a promotion."""
        self.primary, self.standby = self.standby, self.primary

    def stop_copy(self) -> None:
        """Leave the primary alone."""
        self.standby.stop()

    def start_copy(self) -> None:
        """Start the standby and wait until it has every commit."""
        self.standby.start(SYNCHRONOUS, durable=self._durable)
        self.until_synchronous()

    def until_synchronous(self) -> None:
        """Wait until the standby has every commit."""
        wanted = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
        for _ in range(_SYNCHRONOUS_WITHIN_S * 10):
            if self.primary.sql(wanted) == [(1,)]:
                return
            self.primary.sql("SELECT pg_sleep(0.1)")
        raise TimeoutError("the standby does not have every commit")


def _children(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return []
