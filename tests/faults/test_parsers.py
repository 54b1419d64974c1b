"""Every parser under wild bytes: it returns a value or its own error, and nothing else.

Wild are bytes of any kind, and true samples that were cut, spliced, flipped, nested or blown up.
A parser that is not listed here has a property test of its own beside its unit tests.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.connection import Account, Broker, Connection, read_connection, write_connection
from appliance.errors import ApplianceError
from bus import codec, commands, orders, states
from bus.codec import MessageError, encode
from bus.topics import Topics
from config import Clock, ConfigError, centre_from_wire, load_centre
from config.load import BUILT_IN_CENTRE, centre_to_wire, load_device
from config.settings import Device
from config.write import to_toml
from counter_caller.panel.windows import WindowMemory
from display.announcer.history import History, load_history, save_history
from hardware.printer.capability import CapabilityFile
from kiosk.offline_book import Book
from kiosk.sealed_file import SealedFile
from provisioning.backup.errors import BackupError
from provisioning.backup.manifest import Manifest, check_files, read_manifest
from provisioning.backup.recovery import make_recovery, seal
from provisioning.backup.status import read_status
from provisioning.errors import PairingError
from provisioning.maintenance_pin import MaintenancePin
from provisioning.pairing.client import _Link
from provisioning.pairing.messages import Hello, HelloReply
from provisioning.upgrade.errors import UpgradeError
from provisioning.upgrade.journal import JournalFile
from queue_service.codec import decode_fact
from queue_service.errors import LogError
from voice.errors import PackError
from voice.pack import load_pack

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(
        [
            "2026-11-23T01:24:05.120Z",
            "1999-12-31T23:59:59Z",
            "2026-11-23",
            "CERT",
            "1001",
            "normal",
            "waiting",
            "online",
            "\u202e1001",
            "board",
        ]
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def shaped(kind: type[msgspec.Struct]) -> st.SearchStrategy[bytes]:
    """Return JSON with the fields of a message, some of them missing, all of them wild."""
    config = kind.__struct_config__
    head = {config.tag_field: st.just(config.tag)} if config.tag_field else {}
    fields = dict.fromkeys(kind.__struct_encode_fields__, TREES)
    tree = st.fixed_dictionaries(head, optional=fields)
    return tree.map(lambda value: json.dumps(value).encode())


def broken(*samples: bytes) -> st.SearchStrategy[bytes]:
    """Return samples that were damaged, and bytes that never were one."""

    def damage(sample: bytes, seed: int) -> bytes:
        rng = random.Random(seed)
        damaged = bytearray(sample)
        for _ in range(rng.randrange(1, 4)):
            at = rng.randrange(len(damaged) + 1)
            match rng.randrange(5):
                case 0:
                    del damaged[at : at + rng.randrange(1, 40)]
                case 1:
                    damaged[at:at] = rng.randbytes(rng.randrange(1, 8))
                case 2:
                    damaged[at : at + 1] = bytes([rng.randrange(256)])
                case 3:
                    damaged[at:at] = rng.choice([b"[" * 3000, b'{"a":' * 3000, b'"', b"=", b"\x00"])
                case _:
                    other = rng.choice(samples)
                    damaged[at:] = other[rng.randrange(len(other) + 1) :]
        return bytes(damaged)

    seeds = st.integers(min_value=0, max_value=2**32)
    return st.binary(max_size=120) | st.builds(damage, st.sampled_from(samples), seeds)


@dataclass(frozen=True, slots=True)
class Parser:
    """What reads bytes of others, and how it may refuse them."""

    parse: Callable[[bytes], object]
    wild: st.SearchStrategy[bytes]
    refuses: tuple[type[Exception], ...] = ()


def messages() -> dict[str, Parser]:
    """Return the parser of every message on the wire."""
    kinds = [
        *(kind for kind in vars(states).values() if _is_message(kind, states.State)),
        states.DeviceStatus,
        states.Event,
        orders.Acknowledgement,
        orders.OrderResult,
        commands.Reply,
    ]
    found: dict[str, Parser] = {
        kind.__name__: Parser(_decoder_of(kind), shaped(kind) | st.binary(), (MessageError,))
        for kind in kinds
    }
    for kind in get_args(commands.AnyCommand):
        found[kind.__name__] = Parser(commands.decode_command, shaped(kind), (MessageError,))
    for kind in get_args(orders.AnyOrder):
        found[kind.__name__] = Parser(orders.decode_order, shaped(kind), (MessageError,))
    return found


def _is_message(kind: object, base: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, base)


def _decoder_of(kind: Any) -> Callable[[bytes], object]:  # noqa: ANN401 - any message
    return lambda payload: codec.decode(kind, payload)


def files(folder: Path) -> dict[str, Parser]:
    """Return the parser of every file that a power cut, a person or another version may leave."""
    centre = load_centre()
    connection = Connection(
        "nhi-chieu", Broker("127.0.0.1", 1883), "http://127.0.0.1:8080", {"a": Account("a", "b")}
    )
    write_connection(folder, connection)
    path = folder / "file"
    memory = WindowMemory(path)

    def of_file(read: Callable[[], object]) -> Callable[[bytes], object]:
        def parse(content: bytes) -> object:
            path.write_bytes(content)
            return read()

        return parse

    def read_as_connection() -> object:
        path.replace(folder / "connection.json")
        return read_connection(folder)

    book = SealedFile(path, Book)
    book.write(Book(known_day="2026-11-23", highest={"2026-11-23": {"CERT": 901}}))
    sealed = path.read_bytes()
    save_history(path, History("01JD" * 6, (1, 2), 0.5))
    history = path.read_bytes()
    capability = CapabilityFile(folder, "kiosk-1", "usb")
    capability.path.parent.mkdir(parents=True, exist_ok=True)
    pack = folder / "pack"
    pack.mkdir(exist_ok=True)

    def read_capability() -> object:
        path.replace(capability.path)
        return capability.read()

    def read_pack() -> object:
        path.replace(pack / "pack.toml")
        return load_pack(pack)

    def moved(name: str, read: Callable[[Path], object]) -> object:
        path.replace(folder / name)
        return read(folder)

    def read_backup() -> object:
        found = moved("manifest.json", read_manifest)
        assert isinstance(found, Manifest)
        check_files(folder, found)
        return found

    def pin_is_set(data: Path) -> object:
        return MaintenancePin(data, lambda: 0.0).is_set

    made = {"version": "0.3.0", "number": 1, "made_at": NOW, "sha256": {"wait_log.db": "00"}}
    manifest = encode_plain(made | {"store": {"epoch": "E", "last_seq": 1}})
    make_recovery(folder)
    recovery = (folder / "recovery.json").read_bytes()
    return {
        "centre.toml": Parser(
            of_file(lambda: load_centre(path)),
            broken(BUILT_IN_CENTRE.read_bytes(), to_toml(centre).encode()),
            (ConfigError,),
        ),
        "device.toml": Parser(
            of_file(lambda: load_device(path)), broken(to_toml(Device()).encode()), (ConfigError,)
        ),
        "connection.json": Parser(
            of_file(read_as_connection),
            broken((folder / "connection.json").read_bytes()),
            (ApplianceError,),
        ),
        "a kiosk's book": Parser(of_file(book.read), broken(sealed)),
        "an announcer's history": Parser(of_file(lambda: load_history(path)), broken(history)),
        "a window's place": Parser(
            of_file(memory.recall), broken(b'{"compact":true,"bar":{"screen":"HDMI-1-of-a-desk"}}')
        ),
        "a printer's capability": Parser(
            of_file(read_capability), broken(b'{"subjects":[1,2],"module":true,"proof":"none"}')
        ),
        "pack.toml": Parser(of_file(read_pack), broken(b'id = "x"\nlanguage = "vi"'), (PackError,)),
        "a backup's manifest": Parser(of_file(read_backup), broken(manifest), (BackupError,)),
        "a backup's status": Parser(
            of_file(lambda: moved("backup-status.json", read_status)),
            broken(b'{"good_at":"2026-11-23T01:24:00Z","name":"a","values":{"folder":"b"}}'),
        ),
        "a recovery phrase's file": Parser(
            of_file(lambda: moved("recovery.json", lambda data: seal(data, b"x"))),
            broken(recovery),
            (BackupError,),
        ),
        "an upgrade's journal": Parser(
            of_file(lambda: moved("journal.json", lambda data: JournalFile(data).read())),
            broken(b'{"before":"0.2.0","after":"0.3.0","step":"switched","began":"x","why":"y"}'),
            (UpgradeError,),
        ),
        "a maintenance PIN": Parser(
            of_file(lambda: moved("maintenance-pin.json", pin_is_set)), broken(b'{"pin":"argon"}')
        ),
        "tries of a PIN": Parser(
            of_file(lambda: moved("maintenance-tries.json", pin_is_set)), broken(b'{"failures":3}')
        ),
        "a pairing server's answer": Parser(
            answered,
            broken(b'{"exchange":"abc","element":"00ff"}', b'{"error":"expired"}'),
            (PairingError,),
        ),
        "state/config": Parser(
            lambda content: centre_from_wire(msgspec.json.decode(content)),
            broken(encode_plain(centre_to_wire(centre))),
            (ConfigError, msgspec.DecodeError, UnicodeDecodeError, RecursionError),
        ),
    }


class _Answering:
    """A server that answers whatever it is told to."""

    status = 200

    def __init__(self, content: bytes) -> None:
        self._content = content

    def request(self, *_: object) -> None:
        pass

    def getresponse(self) -> "_Answering":
        return self

    def read(self, most: int) -> bytes:
        return self._content[:most]


def answered(content: bytes) -> object:
    link = object.__new__(_Link)
    link._connection = _Answering(content)  # type: ignore[assignment]
    return link._ask_once("/", Hello(scanned=False, element="", version=""), HelloReply)


def encode_plain(value: object) -> bytes:
    return msgspec.json.encode(value)


def values() -> dict[str, Parser]:
    """Return the parser of what comes by the environment, a topic or the log."""
    fact = (
        b'{"seq":1,"at":"2026-11-23T01:24:00Z","mono":1.0,"boot":"b","day":"2026-11-23","step":1,'
        b'"kind":"counter_opened","event":{"counter":1}}'
    )
    clock = str(Clock.starting(NOW, 2.0)).encode()
    return {
        "an event of the log": Parser(decode_fact, broken(fact), (LogError,)),
        "DENLUOT_CLOCK": Parser(
            lambda text: Clock.parse(text.decode("latin-1")), broken(clock), (ConfigError,)
        ),
        "a topic": Parser(
            lambda text: Topics("nhi-chieu").split(text.decode("latin-1")),
            broken(b"denluot/v1/nhi-chieu/cmd/kiosk-1"),
        ),
    }


NAMES = [*messages(), *values()]
FILES = (
    "centre.toml",
    "device.toml",
    "connection.json",
    "a kiosk's book",
    "an announcer's history",
    "a window's place",
    "a printer's capability",
    "pack.toml",
    "a backup's manifest",
    "a backup's status",
    "a recovery phrase's file",
    "an upgrade's journal",
    "a maintenance PIN",
    "tries of a PIN",
    "a pairing server's answer",
    "state/config",
)


@pytest.fixture(scope="module")
def parsers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Parser]:
    return messages() | values() | files(tmp_path_factory.mktemp("files"))


@pytest.mark.parametrize("name", [*NAMES, *FILES])
@pytest.mark.parametrize("examples", [8, pytest.param(200, marks=pytest.mark.full)])
def test_wild_bytes_are_a_value_or_refused(
    name: str, examples: int, parsers: dict[str, Parser], expected_warnings: list[str]
) -> None:
    expected_warnings += ["not trusted", "unreadable", "not read"]
    parser = parsers[name]

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(parser.wild)
    def parse(content: bytes) -> None:
        try:
            value = parser.parse(content)
        except parser.refuses:
            return
        if isinstance(value, codec.Message):  # what is taken can be said again
            encode(value)

    parse()


def test_every_file_is_listed(parsers: dict[str, Parser]) -> None:
    assert set(parsers) == {*NAMES, *FILES}
