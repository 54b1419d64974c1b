"""The service's process to be attacked, and people who ask until they are answered."""

import itertools
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bus import codec, commands, states, vocabulary
from bus.broker import PrivateBroker, mosquitto_program
from bus.mqtt import Account
from bus.session import Session, at_once, connect, new_id
from config import Clock, load_centre
from config.failpoint import FAILPOINT_VARIABLE
from queue_service.verify import verify
from wait_log.dialects import store_url
from wait_log.reader import open_reader

CENTRE = load_centre()
SITE = CENTRE.identity.site
COUNTERS = (1, 2, 3)
PATIENCE_S = 60.0
ASK_AGAIN_S = 0.2
ARRIVAL_S = 0.02


def make_link(broker: PrivateBroker, device: str, kind: str) -> Session:
    account = Account(broker.host, broker.port, "test", device, broker.passwords[device])
    return connect(account, SITE, kind, now=Clock().now, monotonic=time.monotonic, deliver=at_once)


def new_broker(directory: Path) -> PrivateBroker:
    """Return a broker with an account for every device, to be entered."""
    if mosquitto_program() is None:
        pytest.skip("mosquitto is not installed")
    roles = {device.id: device.role.value for device in CENTRE.devices} | {"service": "service"}
    return PrivateBroker(directory, SITE, roles)


class Victim:
    """The service's process, which is killed and started again."""

    def __init__(self, broker: PrivateBroker, data: Path, store: str = "") -> None:
        self.data = data
        self.store = store or store_url(data)
        self._environment = os.environ | {
            "DENLUOT_BROKER": f"{broker.host}:{broker.port}",
            "DENLUOT_PASSWORD_FILE": str(broker.password_file("service")),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, failpoint: str = "") -> None:
        command = [sys.executable, "-m", "queue_service", "--data", str(self.data)]
        if self.store != store_url(self.data):
            command += ["--standby", "--store", self.store]
        self._process = subprocess.Popen(
            [*command, "--always-open", "--log-level", "WARNING"],
            env=self._environment | {FAILPOINT_VARIABLE: failpoint},
        )

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(PATIENCE_S)

    def freeze(self) -> None:
        """Stop its every thread; its system answers for it on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on, as if nothing had been."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    @property
    def running(self) -> bool:
        """Return whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def wait(self) -> int:
        assert self._process is not None
        return self._process.wait(PATIENCE_S)

    def stop(self) -> int:
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(PATIENCE_S)

    def end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(PATIENCE_S)


class Load:
    """A kiosk and three counters that press on, each asking until it is answered."""

    def __init__(self, broker: PrivateBroker) -> None:
        self.kiosk = make_link(broker, "kiosk-1", "kiosk")
        self.counters = {n: make_link(broker, f"counter-{n}", "counter") for n in COUNTERS}
        self.board = make_link(broker, "board-1", "board")
        self.boards: queue.Queue[states.BoardState] = queue.Queue()
        self.board.follow_board(self.boards.put)
        self.issued: list[commands.IssuedTicket] = []
        self.called: list[tuple[int, commands.CalledTicket]] = []
        self.newest_rev = 0
        self.errors: list[str] = []
        self._stopping = threading.Event()
        self._abandoned = threading.Event()
        self._threads = [threading.Thread(target=self._arrive)]
        self._threads += [threading.Thread(target=self._press, args=(n,)) for n in COUNTERS]

    def start(self) -> None:
        for link in (self.kiosk, self.board, *self.counters.values()):
            link.start()
        for thread in self._threads:
            thread.start()

    def run_for(self, seconds: float) -> None:
        self._stopping.wait(seconds)

    def wait_for_work(self) -> None:
        """Return when another number was given."""
        before, deadline = len(self.issued), time.monotonic() + PATIENCE_S
        while len(self.issued) == before and time.monotonic() < deadline:
            self._stopping.wait(0.01)
        assert len(self.issued) > before

    def finish(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout=3 * PATIENCE_S)
        assert not any(thread.is_alive() for thread in self._threads)

    def close(self) -> None:
        self._stopping.set()
        self._abandoned.set()
        for link in (self.kiosk, self.board, *self.counters.values()):
            link.stop()

    def _ask(self, link: Session, command: commands.AnyCommand) -> commands.Reply:
        """Send the same bytes again and again, impatiently, until they are answered."""
        replies: queue.Queue[commands.Reply] = queue.Queue()
        topic, payload = link.topics.command(link.device), codec.encode(command)
        deadline = time.monotonic() + PATIENCE_S
        link.ask(command, replies.put)
        while time.monotonic() < deadline and not self._abandoned.is_set():
            with suppress(queue.Empty):
                reply = replies.get(timeout=ASK_AGAIN_S)
                if reply.error is not vocabulary.Error.UNAVAILABLE:
                    # That somebody has come shows on no board.
                    if not isinstance(command, commands.StartServing):
                        self.newest_rev = max(self.newest_rev, reply.rev)
                    return reply
                link.ask(command, replies.put)
                self._abandoned.wait(ASK_AGAIN_S)
                continue
            link.bus.publish(topic, payload)
        self.errors.append(f"never answered: {command}")
        return commands.Reply(id=command.id, ok=False, error=vocabulary.Error.UNAVAILABLE)

    def _arrive(self) -> None:
        services = itertools.cycle(["CERT", "CIVIL"])
        while not self._stopping.wait(ARRIVAL_S):
            command = commands.IssueTicket(id=new_id(), ts=self.kiosk.now(), service=next(services))
            reply = self._ask(self.kiosk, command)
            if reply.ok:
                self.issued.append(commands.result_of(reply, commands.IssuedTicket))
            else:
                self.errors.append(str(reply))

    def _press(self, counter: int) -> None:
        link, current = self.counters[counter], None
        while not self._stopping.is_set():
            if current is not None:
                served = commands.StartServing(
                    id=new_id(), ts=link.now(), counter=counter, ticket=current
                )
                reply = self._ask(link, served)
                if not reply.ok:
                    self.errors.append(str(reply))
            command = commands.CallNext(
                id=new_id(), ts=link.now(), counter=counter, current=current
            )
            reply = self._ask(link, command)
            if reply.ok:
                called = commands.result_of(reply, commands.CalledTicket)
                self.called.append((counter, called))
                current = called.ticket
            elif reply.error is vocabulary.Error.EMPTY:
                current = None
            else:
                self.errors.append(str(reply))


def board_is_right(load: Load, started: float) -> float:
    """The boards hear everything that was acknowledged, soon after the start: return how soon."""
    wanted = load.newest_rev
    while True:
        left = started + PATIENCE_S - time.monotonic()
        assert left > 0, f"no board state at {wanted} within {PATIENCE_S} s"
        with suppress(queue.Empty):
            if load.boards.get(timeout=left).rev >= wanted:
                return time.monotonic() - started


def drain(load: Load) -> None:
    with suppress(queue.Empty):
        while True:
            load.boards.get_nowait()


def judge(victim: Victim, load: Load) -> None:
    """Every acknowledgement is in the store, once; the log is whole and replays."""
    assert load.errors == [], load.errors
    with open_reader(victim.store, SITE) as reader:
        verdict = verify(reader)
        days = [day.business_day for day in reader.days()]
        tickets = {row.id: row.number for day in days for row in reader.tickets(day).values()}
        rows = [row for day in days for row in reader.calls(day).values()]
    calls = {row.call_seq: (row.counter, row.ticket) for row in rows}
    assert verdict.problems == ()
    assert {t.ticket: t.number for t in load.issued} == tickets
    assert len(load.issued) == len(tickets)
    for series in "12":
        numbers = sorted(number for number in tickets.values() if number[0] == series)
        assert numbers == [f"{series}{serial:03}" for serial in range(1, len(numbers) + 1)]
    assert {call.call_seq: (counter, call.ticket) for counter, call in load.called} == calls
    assert len({call.ticket for _, call in load.called}) == len(load.called)
