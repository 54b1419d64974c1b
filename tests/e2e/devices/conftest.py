"""A hall of real processes: broker, service and a device, with a counter that calls."""

import queue
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bus.broker import PrivateBroker, mosquitto_program
from bus.commands import AnyCommand, CallNext, IssueTicket, Reply, StartServing
from bus.mqtt import Account
from bus.orders import Acknowledgement
from bus.session import Session, at_once, connect, new_id
from bus.states import BoardState, DeviceStatus
from bus.vocabulary import AckOutcome
from config import Clock, load_centre
from tests.processes import start_process

DEVICES = ("service", *(device.id for device in load_centre().devices))

ROOT = Path(__file__).parents[3]
SITE = "nhi-chieu"


class Hall:
    """A broker, the service, and what can be heard of both."""

    def __init__(self, data: Path, ending: ExitStack) -> None:
        self.data = data
        self.clock = Clock.starting(datetime(2026, 11, 23, 1, 24, tzinfo=UTC))
        self.statuses: dict[str, DeviceStatus] = {}
        self.board: BoardState | None = None
        self._ending = ending
        roles = {device.id: device.role.value for device in load_centre().devices}
        self.broker = ending.enter_context(
            PrivateBroker(data / "broker", SITE, roles | {"service": "service"})
        )
        self.kiosk = self.link("kiosk-1", "kiosk")
        self.kiosk.follow_devices(DEVICES, self.statuses.__setitem__)
        self.kiosk.follow_board(lambda state: setattr(self, "board", state))
        self.counter = self.link("counter-3", "counter")
        for link in (self.kiosk, self.counter):
            link.start()
            ending.callback(link.stop)
        self.service = self.start("queue_service", "service")
        self.until(lambda: self.online("service"))

    def link(self, device: str, kind: str) -> Session:
        password = self.broker.passwords[device]
        account = Account("127.0.0.1", self.broker.port, "test", device, password)
        clock = self.clock
        return connect(
            account, SITE, kind, now=clock.now, monotonic=clock.monotonic, deliver=at_once
        )

    def start(self, module: str, device: str, *arguments: str) -> subprocess.Popen[bytes]:
        process = start_process(
            self.broker, self.data, device, module, *arguments, DENLUOT_CLOCK=str(self.clock)
        )

        def end() -> None:
            process.terminate()
            assert process.wait(10) == 0, (self.data / f"{device}.log").read_text()

        self._ending.callback(end)
        return process

    def until(self, true: Callable[[], bool], within_s: float = 15) -> None:
        deadline = time.monotonic() + within_s
        while not true():
            logs = [file.read_text()[-2000:] for file in self.data.glob("*.log")]
            assert time.monotonic() < deadline, (self.statuses, logs)
            threading.Event().wait(0.01)

    def announce_at_once(self) -> None:
        """Speak every call as soon as it is made, so that the next press is not too soon."""
        link = self.link("announcer-1", "announcer")

        def speak(state: BoardState) -> None:
            for call in state.calls[:1]:
                for outcome in (AckOutcome.ACCEPTED, AckOutcome.SPOKEN):
                    ack = Acknowledgement(
                        epoch=state.epoch, call_seq=call.call_seq, outcome=outcome, eta_s=0.0
                    )
                    link.acknowledge(ack)

        link.follow_board(speak)
        link.start()
        self._ending.callback(link.stop)

    def pause_for_the_hand(self) -> None:
        """Let pass what no eye and finger are faster than: sooner bounces, or means another."""
        threading.Event().wait(0.5)

    def online(self, device: str) -> bool:
        return device in self.statuses and self.statuses[device].online

    def number_at(self, counter: int) -> str | None:
        counters = self.board.counters if self.board else ()
        return next((known.number for known in counters if known.counter == counter), None)

    def issue(self, service: str) -> str:
        command = IssueTicket(id=new_id(), ts=self.clock.now(), service=service)
        return str(self._ask(self.kiosk, command)["number"])

    def call_next(self, current: str | None = None) -> dict[str, Any]:
        """Call whoever is next; who was called before has come and is done."""
        if current is not None:
            served = StartServing(id=new_id(), ts=self.clock.now(), counter=3, ticket=current)
            self._ask(self.counter, served)
        return self._ask(
            self.counter,
            CallNext(id=new_id(), ts=self.clock.now(), counter=3, current=current),
        )

    def _ask(self, link: Session, command: AnyCommand) -> dict[str, Any]:
        replies: queue.Queue[Reply] = queue.Queue()
        link.ask(command, replies.put)
        reply = replies.get(timeout=60)
        assert reply.ok or reply.error == "empty", reply
        return reply.result or {}


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    if mosquitto_program() is None:
        pytest.skip("mosquitto is not installed")
    with ExitStack() as ending:
        yield Hall(tmp_path, ending)
