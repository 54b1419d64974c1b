"""Who hears everything that is said, and who says what is not theirs to say."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from bus import codec, states
from bus.commands import (
    AnyCommand,
    CallNext,
    CloseCounter,
    IssueTicket,
    OpenCounter,
    Reply,
    VoidTicket,
)
from bus.health import BoardHealth
from bus.mqtt import Account, MqttBus
from bus.port import Incoming
from bus.session import Session, new_id
from bus.topics import Topics
from bus.vocabulary import EARLIEST, Error
from nemesis.history import Phase, Recorder

_FORGED = "FORGED"


class Witness:
    """Hears every state and status by the observer's account."""

    def __init__(
        self, account: Account, topics: Topics, recorder: Recorder, devices: Sequence[str]
    ) -> None:
        """Count the hall as well when these devices are there."""
        self._devices = devices
        self.statuses: dict[str, states.DeviceStatus] = {}
        self._session = ""
        self._alarms: dict[str, list[str]] = {}
        self._topics = topics
        self._recorder = recorder
        self.bus = MqttBus(account, random.Random(1))
        for first in ("state", "device"):
            self.bus.subscribe(topics.every(first), self._take)

    def is_there(self) -> bool:
        """Return whether every device is there and the board knows that it shows the present."""
        shown = self.statuses.get("board-1")
        health = shown.health if shown else None
        there = self.bus.connected and all(self._online(device) for device in self._devices)
        return there and isinstance(health, BoardHealth) and not health.stale

    def shows(self, rev: int) -> bool:
        """Return whether the board has shown what was committed as `rev`."""
        shown = self.statuses.get("board-1")
        health = shown.health if shown else None
        return isinstance(health, BoardHealth) and (health.rev or 0) >= rev

    def missing(self) -> list[str]:
        """Return who is not there, for people who look into it."""
        return [device for device in self._devices if not self._online(device)]

    def _online(self, device: str) -> bool:
        status = self.statuses.get(device)
        return status is not None and status.online

    def _note_session(self, session: str) -> None:
        if session != self._session:
            self._session = session
            self._recorder.write(Phase.NOTE, "session", session)

    def _note_alarms(self, state: states.CounterState, counter: str) -> None:
        alarms = sorted(f"{alarm.kind} {alarm.source}" for alarm in state.alarms)
        if self._alarms.get(counter) != alarms:
            self._alarms[counter] = alarms
            self._recorder.write(Phase.NOTE, "alarms", counter=int(counter), alarms=alarms)

    def _take(self, message: Incoming) -> None:
        if _FORGED.encode() in message.payload:
            self._recorder.write(Phase.NOTE, "believed", topic=message.topic)
        match self._topics.split(message.topic):
            case ("state", "board"):
                with suppress(codec.MessageError):
                    self._note_session(codec.decode(states.BoardState, message.payload).session)
            case ("state", "counter", number):
                with suppress(codec.MessageError):
                    self._note_alarms(codec.decode(states.CounterState, message.payload), number)
            case ("device", device, _):
                with suppress(codec.MessageError):
                    self.statuses[device] = codec.decode(states.DeviceStatus, message.payload)


class Probe:
    """An officer who asks whether the hall works: a step is committed, and the board shows it."""

    def __init__(self, link: Session) -> None:
        self._link = link
        self._opens = True
        self.rev: int | None = None

    def ask(self) -> None:
        """Open or close counter 8; `rev` is what the answer says, once there is one."""
        self.rev = None
        kind = OpenCounter if self._opens else CloseCounter
        self._opens = not self._opens
        self._link.ask(kind(counter=8), self._answered)

    def _answered(self, reply: Reply) -> None:
        if reply.error is Error.UNAVAILABLE:
            self._link.ask(OpenCounter(counter=8), self._answered)
        else:
            self.rev = reply.rev


class Liar(threading.Thread):
    """Says by accounts of the hall what they may not say, and what is no message at all."""

    def __init__(
        self, account: Callable[[str], Account], topics: Topics, recorder: Recorder, seed: int
    ) -> None:
        super().__init__(name="liar", daemon=True)
        self._rng = random.Random(f"{seed} liar")
        self._topics = topics
        self._recorder = recorder
        self._ended = threading.Event()
        self._buses = {
            device: MqttBus(account(device), random.Random(2))
            for device in ("board-2", "counter-9")
        }

    def run(self) -> None:
        """Lie three times a second."""
        for bus in self._buses.values():
            bus.start()
        while not self._ended.wait(self._rng.uniform(0.1, 0.5)):
            device, topic, payload = self._lie()
            self._buses[device].publish(topic, payload, once=True)

    def end(self) -> None:
        """Lie no more."""
        self._ended.set()
        self.join(timeout=30)
        for bus in self._buses.values():
            bus.stop()

    def _lie(self) -> tuple[str, str, bytes]:
        """Return who lies, on which topic, and how."""
        topics, rng = self._topics, self._rng
        liar, board = "counter-9", "board-2"
        own, whole = topics.command(liar), self._command()
        forged = _FORGED.encode()
        lies = (
            (liar, own, rng.randbytes(60)),
            (liar, own, whole[: rng.randrange(len(whole))]),
            (liar, own, b"[" * rng.randrange(1, 4000)),
            (liar, own, whole),
            (liar, own, whole),
            (board, topics.command(board), whole),
            (liar, topics.command("counter-1"), whole),
            (board, topics.board(), b'{"epoch":"%s","rev":999999}' % forged),
            (liar, topics.reply("kiosk-1"), b'{"id":"%s","ok":true}' % forged),
        )
        return rng.choice(lies)

    def _command(self) -> bytes:
        """Return a command that is well formed and not counter 9's to give."""
        command_id = new_id()
        self._recorder.write(Phase.NOTE, "forged", command_id)
        head: dict[str, Any] = {"id": command_id, "ts": EARLIEST.replace(year=2026)}
        commands: tuple[AnyCommand, ...] = (
            CallNext(**head, counter=self._rng.randrange(1, 9)),
            IssueTicket(**head, service="CERT", number="1901", business_day="2026-11-23"),
            VoidTicket(**head, ticket="01AN0THERC0UNTERSTICKET"),
        )
        return codec.encode(self._rng.choice(commands))


def wait_until(
    condition: Callable[[], bool], within_s: float, tend: Callable[[], None] = lambda: None
) -> bool:
    """Return whether `condition` came true in time; `tend` is done meanwhile."""
    deadline, pause = time.monotonic() + within_s, threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            return False
        tend()
        pause.wait(0.05)
    return True
