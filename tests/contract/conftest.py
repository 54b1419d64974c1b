import itertools
import os
import pwd
import random
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from bus.broker import PrivateBroker, mosquitto_program
from bus.memory import MemoryBroker, MemoryBus
from bus.mqtt import Account, MqttBus
from bus.port import Bus, Will

Connect = Callable[..., Bus]


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateBroker]:
    if mosquitto_program() is None:
        pytest.skip("mosquitto is not installed")
    roles = {"service": "service", "kiosk-1": "kiosk", "board-1": "board", "counter-3": "counter"}
    roles |= {"web": "web", "keypad-1": "keypad", "buttons": "buttons"}
    with PrivateBroker(tmp_path_factory.mktemp("broker"), "test", roles) as broker:
        yield broker


@pytest.fixture(params=["memory", "mqtt"])
def connect(request: pytest.FixtureRequest) -> Iterator[Connect]:
    """Return a function that makes a started client: `connect(setup, will=…, …)`."""
    clients: list[Bus] = []
    numbers = itertools.count()
    if request.param == "memory":
        memory = MemoryBroker()

        def make(_device: str, will: Will | None, client_id: str | None) -> Bus:
            return MemoryBus(memory, client_id or f"client-{next(numbers)}", will)
    else:
        broker: PrivateBroker = request.getfixturevalue("mosquitto")

        def make(_device: str, will: Will | None, client_id: str | None) -> Bus:
            name = client_id or f"test-{next(numbers)}"
            account = Account(broker.host, broker.port, name, _device, broker.passwords[_device])
            return MqttBus(account, random.Random(1), will)

    def connect(
        setup: Callable[[Bus], None] = lambda _bus: None,
        *,
        will: Will | None = None,
        device: str = "service",
        client_id: str | None = None,
    ) -> Bus:
        bus = make(device, will, client_id)
        up = threading.Event()
        setup(bus)
        bus.on_link(lambda linked: up.set() if linked else None)
        bus.start()
        assert up.wait(10)
        clients.append(bus)
        return bus

    yield connect
    for client in clients:
        client.stop()


def _postgresql_programs() -> Path | None:
    """Return where the newest PostgreSQL's programs are, of Debian or in the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    in_path = shutil.which("initdb")
    initdb = found[-1] if found else Path(in_path).resolve() if in_path else None
    return initdb.parent if initdb else None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Path]:
    """Run a PostgreSQL of the tests' own and return the directory of its socket."""
    programs = _postgresql_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with tempfile.TemporaryDirectory(prefix="denluot-pg-") as place:
        directory = Path(place)
        run = []
        if os.geteuid() == 0:  # which PostgreSQL refuses
            nobody = pwd.getpwnam("nobody")
            os.chown(directory, nobody.pw_uid, nobody.pw_gid)
            run = ["runuser", "-u", "nobody", "--"]
        data, log = directory / "data", directory / "log"
        initdb = ["initdb", "-D", str(data), "-U", "denluot", "-A", "trust", "-E", "UTF8", "-N"]
        _run([*run, str(programs / initdb[0]), *initdb[1:], "--locale=C"], directory)
        pg_ctl = [*run, str(programs / "pg_ctl"), "-D", str(data), "-w", "-t", "60"]
        options = f"-c listen_addresses= -c unix_socket_directories={directory} -c fsync=off"
        _run([*pg_ctl, "-l", str(log), "-o", options, "start"], directory)
        try:
            yield directory
        finally:
            _run([*pg_ctl, "-m", "immediate", "stop"], directory)


def _run(command: list[str], directory: Path) -> None:
    done = subprocess.run(
        command, cwd=directory, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def run_sql() -> Callable[[str, str], None]:
    """Return a function that runs one statement on the database of a URL."""

    def run(url: str, statement: str) -> None:
        address = url.replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    return run


@pytest.fixture
def new_database(postgresql: Path, run_sql: Callable[[str, str], None]) -> Callable[[], str]:
    """Return a function that makes an empty database and returns its URL."""

    def make() -> str:
        name = f"test_{random.SystemRandom().randrange(10**12)}"
        server = f"postgresql+psycopg://denluot@/{{}}?host={postgresql}"
        run_sql(server.format("postgres"), f"CREATE DATABASE {name}")
        return server.format(name)

    return make
