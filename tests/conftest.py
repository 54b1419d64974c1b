"""What every test stands on: no screen, and no warning that nobody expected."""

import gc
import logging
import math
import os
import socket
import threading
from array import array
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"

import msgspec
import pytest
import tomli_w
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import settings
from msgspec.structs import replace
from PySide6.QtGui import QGuiApplication

from config import Centre, Role, Text, load_centre
from config.settings import Counter, KnownDevice
from hall.citizen.phrases import WORDS
from hall.words import SITE_VARIABLE
from hardware.speaker import SAMPLE_RATE, Sound, write_wav
from voice.pack import BUILT_IN, PACK_FILE, PackSettings, read_settings

pytest_plugins = ["tests.postgresql"]

# Cyclic garbage is collected between tests, on the thread that owns the Qt objects: a bus's
# thread that collected would destroy them under Qt's feet.
gc.disable()
_MUCH = 200_000
"""Objects made and not freed since the last collection: those of some seven servers."""

# Hypothesis takes a slow example for a fault; how long things may take is said where it matters.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_collection_finish() -> None:
    """Leave what was imported out of every later collection: it is most of what there is."""
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def _collect() -> Iterator[None]:
    """Collect what files left once it is much, so that memory stays bounded."""
    yield
    if gc.get_count()[0] > _MUCH:
        gc.collect()


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class Cable:
    """A way to a server that can be cut: from then on neither end hears of the other, nor why."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._plug = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._plug.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._whole = threading.Event()
        self._whole.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._whole.clear()

    def mend(self) -> None:
        """Let new connections through; those that were cut are over."""
        self._let_go()
        self._whole.set()

    def pull(self) -> None:
        """Take the cable away."""
        self._whole.set()
        self._plug.close()
        self._let_go()

    def _let_go(self) -> None:
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._plug.accept()
                if self._whole.is_set():
                    self._join(near)
                else:
                    near.close()

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self._server)
        except OSError:
            near.close()
            return
        self._ends += [near, far]
        for ends in ((near, far), (far, near)):
            threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if self._whole.is_set():
                    target.sendall(data)
        self._whole.wait()
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
        source.close()


@pytest.fixture
def lay_cable() -> Iterator[Callable[[str, int], Cable]]:
    """Return a function that lays a cable to a server; its `port` is the near end."""
    cables: list[Cable] = []

    def lay(host: str, port: int) -> Cable:
        cables.append(Cable(host, port))
        return cables[-1]

    yield lay
    for cable in cables:
        cable.pull()


@pytest.fixture(scope="session")
def full_centre() -> Centre:
    """The largest centre there may be: 40 services, 99 counters and a device for each."""
    built_in = load_centre()
    model = built_in.services[0]
    services = tuple(
        replace(
            model,
            code=f"SERVICE_{digit}",
            digit=digit,
            name=Text(vi=f"Lĩnh vực hành chính số {digit}", en=f"Business of kind {digit}"),
        )
        for digit in range(40)
    )
    counters = tuple(
        Counter(
            number=number,
            serves={services[(number + step) % 40].code: 5 * step for step in range(6)},
        )
        for number in range(1, 100)
    )
    others = tuple(known for known in built_in.devices if known.role is not Role.COUNTER)
    devices = tuple(
        KnownDevice(id=f"counter-{number}", role=Role.COUNTER, counters=(number,))
        for number in range(1, 100)
    )
    return replace(built_in, services=services, counters=counters, devices=others + devices)


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication


@pytest.fixture
def expected_warnings() -> list[str]:
    """Append a part of every WARNING+ log message that the test expects."""
    return []


@pytest.fixture(autouse=True)
def _fail_on_logging(
    request: pytest.FixtureRequest, expected_warnings: list[str]
) -> Iterator[None]:
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    yield
    logging.getLogger().removeHandler(collector)
    if {"qtbot", "qapp"} & set(request.fixturenames):
        gc.collect()
    messages = [record.getMessage() for record in collector.records]
    surprising = [m for m in messages if not any(part in m for part in expected_warnings)]
    assert not surprising, surprising


MakePack = Callable[..., Path]


def _tone(pitch: float, seconds: float = 0.2) -> Sound:
    values = (math.sin(2 * math.pi * pitch * n / SAMPLE_RATE) for n in range(int(seconds * 22050)))
    return Sound("tone", array("h", [round(8000 * value) for value in values]).tobytes())


@pytest.fixture
def make_pack(tmp_path: Path) -> MakePack:
    """Make the directory of a pack that says `texts`."""

    def make(name: str = "lan", texts: tuple[str, ...] = ("một", "hai"), **more: object) -> Path:
        directory = tmp_path / name
        directory.mkdir()
        files = {text: f"clip-{place}.wav" for place, text in enumerate(texts)}
        for place, file in enumerate(files.values()):
            write_wav(directory / file, _tone(200 + 100 * place))
        model = read_settings(BUILT_IN / "vi")
        fields = {"id": name, "voice": "Chị Lan", "clips": files, "chime": "", "render": None}
        settings: PackSettings = msgspec.structs.replace(model, **(fields | more))
        plain = {
            key: each for key, each in msgspec.to_builtins(settings).items() if each is not None
        }
        (directory / PACK_FILE).write_text(tomli_w.dumps(plain))
        return directory

    return make


@pytest.fixture
def third_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Compile the catalogue of a language that nobody has translated to; return its code."""
    code, folder = "xx", tmp_path / "catalogues"
    folder.mkdir()
    made = Catalog(locale="en")
    for text in (*WORDS.values(), "Số {number}, mời đến quầy {counter}", "Chữ to", "Số của quý vị"):
        made.add(text, f"xx {text}")
    made.add("Số thứ tự của quý vị", "xx your number", context="paper")
    with (folder / f"{code}.mo").open("wb") as file:
        write_mo(file, made)
    monkeypatch.setenv(SITE_VARIABLE, str(folder))
    return code
