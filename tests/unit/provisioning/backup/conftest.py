"""A server's data directory in which a morning has happened."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from bus import codec, commands
from config import load_centre
from provisioning.accounts import Account, Accounts, Role
from provisioning.backup.make import Source, Surroundings
from provisioning.site_db import FILE_NAME, open_site_db
from queue_service.engine import Engine
from queue_service.start import Place, open_engine
from wait_log.dialects import store_url

SITE = "nhi-chieu"
MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)


class Server(SimpleNamespace):
    """The store and accounts of one server, and the clock on its wall."""

    engine: Engine | None
    at: datetime

    def __init__(self, data: Path, url: str | None = None) -> None:
        super().__init__(data=data, url=url, at=MORNING, engine=None)
        self.ids = (f"01JBACK{number:05d}" for number in itertools.count(1))

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return float(self.at.timestamp())

    def start(self, data: Path | None = None) -> Engine:
        if data is not None:
            self.data = data
        clock = SimpleNamespace(now=self.now, monotonic=self.monotonic)
        new_id = self.ids.__next__
        place = Place(self.data, clock, "boot", new_id, store=self.url)  # type: ignore[arg-type]
        self.engine = open_engine(place, load_centre(), always_open=True)
        return self.engine

    def stop(self) -> None:
        if self.engine is not None:
            self.engine.ledger.store.close()
            self.engine = None

    def send(self, device: str, command: commands.Command) -> commands.Reply:
        assert self.engine is not None
        stamped = msgspec.structs.replace(command, id=next(self.ids), ts=self.now())
        return codec.decode(
            commands.Reply, self.engine.handle(device, codec.encode(stamped)) or b""
        )

    def take(self, service: str = "CIVIL") -> str:
        reply = self.send("kiosk-1", commands.IssueTicket(service=service))
        assert reply.ok, reply
        assert reply.result is not None
        return str(reply.result["number"])

    @property
    def source(self) -> Source:
        url = self.url or store_url(self.data)
        return Source(data=self.data, store=url, site=SITE, version="0.3.0")

    def world(self, **more: object) -> Surroundings:
        return Surroundings(now=self.now, **more)  # type: ignore[arg-type]

    def advance(self, **span: float) -> None:
        self.at += timedelta(**span)


def make_server(data: Path, url: str | None = None) -> Server:
    server = Server(data, url)
    server.start()
    for _ in range(3):
        server.take()
    server.send("counter-3", commands.CallNext(counter=3))
    db = open_site_db(data / FILE_NAME, server.now)
    accounts = Accounts(db)
    accounts.add(Account("hoa", "Nguyễn Thị Hoa", Role.MANAGER), "cầu tre 7 nhịp", by="test")
    db.audit("hoa", "10.0.0.7", "logged_in")
    db.close()
    (data / "authority").mkdir()
    (data / "authority" / "authority.pem").write_text("khóa của trung tâm")
    return server


@pytest.fixture(scope="session")
def server_in() -> Callable[[Path], SimpleNamespace]:
    """Return what makes a server of a data directory; nothing is started."""
    return Server


@pytest.fixture(scope="session")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of that morning, made once."""
    data = tmp_path_factory.mktemp("morning")
    make_server(data).stop()
    return data


@pytest.fixture
def server(morning: Path, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A running server whose data lies in `tmp_path/data`."""
    data = tmp_path / "data"
    shutil.copytree(morning, data)
    server = Server(data)
    server.ids = (f"01JNEXT{number:05d}" for number in itertools.count(1))
    server.advance(minutes=10)
    server.start()
    yield server
    server.stop()
