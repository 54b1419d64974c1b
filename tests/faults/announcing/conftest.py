"""A hall of real processes that can be frozen, killed and started again, and an ear for it all."""

import itertools
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bus import codec, commands, orders, states
from bus.broker import PrivateBroker, mosquitto_program
from bus.mqtt import Account, MqttBus
from bus.port import Incoming
from bus.session import Session, at_once, connect, new_id
from bus.topics import Topics
from config import Clock, load_centre
from config.load import BUILT_IN_CENTRE

SITE = "nhi-chieu"
TOPICS = Topics(SITE)
NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
PATIENCE_S = 30.0
COUNTERS = (1, 2, 3, *range(10, 27))
"""Twenty that serve the same line."""
DEVICES = {
    "board-1": ("display.board", "--board", "board-1"),
    "announcer-1": ("display.announcer",),
    "announcer-2": ("display.announcer",),
}


LayCable = Callable[[str, int], Any]


class Program:
    """One process of the hall; only it is ever signalled, by its id."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.log = log
        self._command = command
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=log
            )

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def freeze(self) -> None:
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        assert self._process is not None
        self._process.wait(PATIENCE_S)

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self.thaw()
        self._process.terminate()
        assert self._process.wait(PATIENCE_S) == 0, self.log.read_text()


class Ear:
    """All that is said on the bus, as an observer hears it."""

    def __init__(self, broker: PrivateBroker) -> None:
        password = broker.passwords["observer"]
        account = Account(broker.host, broker.port, "test", "observer", password)
        self.acks: list[tuple[str, orders.Acknowledgement]] = []
        self.events: list[states.Event] = []
        self.counters: dict[int, states.CounterState] = {}
        self.statuses: dict[str, states.DeviceStatus] = {}
        self.board: states.BoardState | None = None
        self.bus = MqttBus(account, random.Random(1))
        for topic in (
            TOPICS.every("ack"),
            TOPICS.every("event"),
            TOPICS.every("state"),
            TOPICS.every("device"),
        ):
            self.bus.subscribe(topic, self._take)
        linked: queue.Queue[bool] = queue.Queue()
        self.bus.on_link(linked.put)
        self.bus.start()
        assert linked.get(timeout=PATIENCE_S)

    def said(self, call_seq: int, outcome: str) -> list[str]:
        """Return the devices that have said so of a call, in order."""
        acks = list(self.acks)
        return [d for d, a in acks if (a.call_seq, a.outcome.value) == (call_seq, outcome)]

    def kinds(self, *kinds: str) -> list[states.Event]:
        return [event for event in list(self.events) if event.kind in kinds]

    def alarms(self, counter: int = 1) -> list[tuple[str, str]]:
        state = self.counters.get(counter)
        return [(alarm.kind, alarm.source) for alarm in state.alarms] if state else []

    def online(self, device: str, **health: object) -> bool:
        status = self.statuses.get(device)
        fits = status and all(
            getattr(status.health, key, None) == value for key, value in health.items()
        )
        return bool(status and status.online and fits)

    def _take(self, message: Incoming) -> None:
        first, *rest = TOPICS.split(message.topic)
        match first, rest:
            case "ack", [device]:
                self.acks.append((device, codec.decode(orders.Acknowledgement, message.payload)))
            case "event", _:
                self.events.append(codec.decode(states.Event, message.payload))
            case "state", ["board"]:
                self.board = codec.decode(states.BoardState, message.payload)
            case "state", ["counter", number]:
                self.counters[int(number)] = codec.decode(states.CounterState, message.payload)
            case "device", [device, _]:
                self.statuses[device] = codec.decode(states.DeviceStatus, message.payload)


class Hall:
    """The service, a board and two announcers of all counters, on one clock."""

    def __init__(self, directory: Path, speed: float, lay_cable: LayCable) -> None:
        self.directory = directory
        self.clock = Clock.starting(NOW, speed)
        centre = directory / "centre.toml"
        centre.write_text(_centre())
        roles = {device.id: device.role.value for device in load_centre(centre).devices}
        roles |= {"service": "service", "observer": "observer"}
        self.broker = PrivateBroker(directory / "broker", SITE, roles)
        self.broker.start()
        self.cable = lay_cable(self.broker.host, self.broker.port)
        """That of the first announcer."""
        self.ear = Ear(self.broker)
        self.programs = {
            "service": self._program(
                "service", "queue_service", "--config", str(centre), "--always-open"
            )
        }
        for device, (module, *arguments) in DEVICES.items():
            box = directory / f"{device}.toml"
            box.write_text(
                f'[announcer]\ndevice = "{device}"\nspeaker = {{ driver = "simulated" }}\n'
            )
            self.programs[device] = self._program(device, module, "--device", str(box), *arguments)
        self._links = {device: self.link(device) for device in ("kiosk-1", "web")}
        self._current: defaultdict[int, str | None] = defaultdict(lambda: None)

    def start(self) -> None:
        for program in self.programs.values():
            program.start()
        for link in self._links.values():
            link.start()
        self.until(self.is_well)

    def stop(self) -> None:
        for link in self._links.values():
            link.stop()
        for program in reversed(self.programs.values()):
            program.stop()
        self.ear.bus.stop()
        self.broker.stop()

    def is_well(self) -> bool:
        """Return whether everything is there, shows the present, and nothing alarms."""
        board = self.ear.board
        return (
            board is not None
            and all(self.ear.online(device) for device in self.programs)
            and self.ear.online("board-1", exposed=True, stale=False, epoch=board.epoch)
            and not self.ear.alarms()
        )

    def until(self, condition: Callable[[], object], within_s: float = PATIENCE_S) -> None:
        deadline = time.monotonic() + within_s
        pause = threading.Event()
        while not condition():
            if time.monotonic() > deadline:
                logs = [p.log.read_text()[-1500:] for p in self.programs.values()]
                raise AssertionError("\n\n".join([*logs, f"{self.ear.acks}", f"{self.ear.events}"]))
            pause.wait(0.02)

    def wait(self, seconds: float) -> None:
        """Let the hall go on: what must not happen has this long to happen."""
        threading.Event().wait(seconds)

    def issue(self, count: int = 1) -> None:
        for _ in range(count):
            reply = self._ask("kiosk-1", commands.IssueTicket, service="CERT").get(
                timeout=PATIENCE_S
            )
            assert reply.ok, reply

    def press(self, counter: int = 1) -> "queue.Queue[commands.Reply]":
        """Call the next ticket; return where the answer will be."""
        current = self._current[counter]
        if current is not None:  # has come, so that nobody has to be waited for
            came = commands.StartServing
            self._ask("web", came, counter=counter, ticket=current, by="truc-ban")
        return self._ask("web", commands.CallNext, counter=counter, current=current, by="truc-ban")

    def call(self, counter: int = 1) -> int:
        """Issue a ticket and call it; return the call's sequence number."""
        self.issue()
        called = commands.result_of(
            self.press(counter).get(timeout=PATIENCE_S), commands.CalledTicket
        )
        self._current[counter] = called.ticket
        return called.call_seq

    def clear(self, counter: int = 1) -> None:
        """Let the counter's person go."""
        ticket = self._current.pop(counter, None)
        if ticket:
            kind = commands.Finish
            self._ask("web", kind, counter=counter, ticket=ticket, by="truc-ban").get(timeout=60)

    def forget_tickets(self) -> None:
        """The store is another: its counters are empty."""
        self._current.clear()

    def announced(self, counter: int) -> bool:
        """Return whether the service knows that the counter's call was shown and spoken."""
        current = self.ear.counters[counter].current
        return current is not None and current.shown and current.spoken

    def utterances(self, device: str) -> list[str]:
        """Return what an announcer has played to its end, such as `000007-1003-counter-1-1`."""
        files = sorted((self.directory / "voice" / device).glob("*.wav"))
        return [file.stem.split("-", 1)[1] for file in files]

    def spoken_by(self, call_seq: int) -> list[str]:
        """Return who has spoken a call for the first time, once for each time it was."""
        return [
            device
            for device in DEVICES
            for said in self.utterances(device)
            if said.startswith(f"{call_seq:06d}-") and said.endswith("-1")
        ]

    def real_s(self, seconds: float) -> float:
        return self.clock.real_s(seconds)

    def _program(self, device: str, module: str, *arguments: str) -> Program:
        port = self.cable.port if device == "announcer-1" else self.broker.port
        environment = os.environ | {
            "DENLUOT_CLOCK": str(self.clock),
            "DENLUOT_BROKER": f"{self.broker.host}:{port}",
            "DENLUOT_PASSWORD_FILE": str(self.broker.password_file(device)),
        }
        command = [sys.executable, "-m", module, "--data", str(self.directory), *arguments]
        return Program(command, environment, self.directory / f"{device}.log")

    def link(self, device: str, *, presence: bool = False) -> Session:
        """Return a device's link, not started yet."""
        broker = self.broker
        account = Account(broker.host, broker.port, "test", device, broker.passwords[device])
        kind = device.partition("-")[0]
        clock = self.clock
        return connect(
            account,
            SITE,
            kind,
            now=clock.now,
            monotonic=clock.monotonic,
            presence=presence,
            deliver=at_once,
        )

    def _ask(
        self, device: str, kind: type[commands.Command], **fields: object
    ) -> "queue.Queue[commands.Reply]":
        replies: queue.Queue[commands.Reply] = queue.Queue()
        link = self._links[device]
        link.ask(kind(id=new_id(), ts=link.now(), **fields), replies.put)  # type: ignore[arg-type]
        return replies


def _centre() -> str:
    """Return the built-in centre with twenty counters and a second announcer of them all."""
    counters = (
        f"\n[[counters]]\nnumber = {number}\nserves = {{ CERT = 0 }}\n" for number in COUNTERS[3:]
    )
    devices = '\n[[devices]]\nid = "announcer-2"\nrole = "announcer"\n'
    return "".join(itertools.chain([BUILT_IN_CENTRE.read_text()], counters, [devices]))


@pytest.fixture
def start_hall(tmp_path: Path, lay_cable: LayCable) -> Iterator[Callable[[float], Hall]]:
    """Return a function that starts a hall whose clock runs at a speed."""
    if mosquitto_program() is None:
        pytest.skip("mosquitto is not installed")
    halls: list[Hall] = []

    def start(speed: float) -> Hall:
        hall = Hall(tmp_path, speed, lay_cable)
        halls.append(hall)
        hall.start()
        return hall

    yield start
    for hall in halls:
        hall.stop()
