"""Who hears everything that is said, and who says what is not theirs to say."""

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from bus import codec, states
from bus.commands import AnyCommand, CallNext, IssueTicket, VoidTicket
from bus.health import BoardHealth
from bus.mqtt import Account, MqttBus
from bus.port import Incoming
from bus.session import new_id
from bus.topics import Topics
from bus.vocabulary import EARLIEST
from nemesis.history import Phase, Recorder

DEVICES = ("service", "kiosk-1", "kiosk-2", "board-1", "announcer-1", "counter-1", "counter-5")
_FORGED = "FORGED"


class Witness:
    """Hears every state and status by the observer's account."""

    def __init__(self, account: Account, topics: Topics, recorder: Recorder) -> None:
        self.board: states.BoardState | None = None
        self.statuses: dict[str, states.DeviceStatus] = {}
        self._topics = topics
        self._recorder = recorder
        self.bus = MqttBus(account, random.Random(1))
        for first in ("state", "device"):
            self.bus.subscribe(topics.every(first), self._take)

    def is_well(self) -> bool:
        """Return whether everything is there and the board shows the present."""
        board, shown = self.board, self.statuses.get("board-1")
        if not self.bus.connected or board is None or shown is None:
            return False
        if not all(self._online(device) for device in DEVICES):
            return False
        health = shown.health
        return (
            isinstance(health, BoardHealth)
            and not health.stale
            and health.epoch == board.epoch
            and (health.rev or 0) >= board.rev
        )

    def missing(self) -> list[str]:
        """Return who is not there, for people who look into it."""
        return [device for device in DEVICES if not self._online(device)]

    def forget(self) -> None:
        """Believe nothing that was heard before an outage."""
        self.board = None
        self.statuses.clear()

    def _online(self, device: str) -> bool:
        status = self.statuses.get(device)
        return status is not None and status.online

    def _take(self, message: Incoming) -> None:
        if _FORGED.encode() in message.payload:
            self._recorder.write(Phase.NOTE, "believed", topic=message.topic)
        match self._topics.split(message.topic):
            case ("state", "board"):
                with suppress(codec.MessageError):
                    state = codec.decode(states.BoardState, message.payload)
                    if (
                        self.board is None
                        or state.epoch != self.board.epoch
                        or state.rev >= self.board.rev
                    ):
                        self.board = state
            case ("device", device, _):
                with suppress(codec.MessageError):
                    self.statuses[device] = codec.decode(states.DeviceStatus, message.payload)


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
        """Lie twice a second."""
        for bus in self._buses.values():
            bus.start()
        while not self._ended.wait(self._rng.uniform(0.3, 0.7)):
            device = self._rng.choice(list(self._buses))
            topic, payload = self._lie(device)
            self._buses[device].publish(topic, payload, once=True)

    def end(self) -> None:
        """Lie no more."""
        self._ended.set()
        self.join(timeout=30)
        for bus in self._buses.values():
            bus.stop()

    def _lie(self, device: str) -> tuple[str, bytes]:
        topics, rng = self._topics, self._rng
        own, whole = topics.command(device), self._command()
        forged = _FORGED.encode()
        lies = (
            (own, rng.randbytes(60)),
            (own, whole[: rng.randrange(len(whole))]),
            (own, b"[" * rng.randrange(1, 4000)),
            (own, whole),
            (topics.command("counter-1"), whole),
            (topics.board(), b'{"epoch":"%s","rev":999999}' % forged),
            (topics.reply("kiosk-1"), b'{"id":"%s","ok":true}' % forged),
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
