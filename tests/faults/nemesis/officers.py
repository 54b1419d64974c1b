"""Officers of one box, each at a counter of their own: hasty, forgetful, and never at a loss.

`python -m nemesis.officers --device FILE --history DIR --seed N --passwords FILE COUNTER…`: each
speaks the real contract by `bus.session` until the file `closing` appears, and asks only for what
the counter's state calls legal, or what it called legal a moment ago.
"""

import json
import os
import queue
import random
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bus.commands import (
    AnyCommand,
    CalledTicket,
    CallNext,
    CallTicket,
    Command,
    Finish,
    MarkAbsent,
    OpenCounter,
    Park,
    PauseCounter,
    Recall,
    Reply,
    ReturnToQueue,
    SetClass,
    StartServing,
    Transfer,
    Undo,
    VoidTicket,
    kind_of,
    result_of,
)
from bus.mqtt import Account
from bus.session import Session, connect
from bus.states import CounterState
from bus.vocabulary import CurrentTo, Error, ReturnTo, TicketClass, TicketState
from config.process import Launch
from hall.words import N_
from hall.words.arguments import CommandParser, start
from nemesis.citizens import CLOSING
from nemesis.history import Phase, Recorder

_THINKS_S = (0.05, 0.6)
_CHANGES_NOTHING = (OpenCounter, PauseCounter, SetClass)


class Officer(threading.Thread):
    """One counter's: asks, waits for the answer, looks again."""

    def __init__(
        self,
        link: Session,
        counter: int,
        recorder: Recorder,
        rng: random.Random,
        closing: Path,
        beside: dict[int, str],
    ) -> None:
        """Be at `counter`; `beside` says which ticket each counter of the box has."""
        super().__init__(name=link.device, daemon=True)
        self._link = link
        self._counter = counter
        self._recorder = recorder
        self._rng = rng
        self._closing = closing
        self._states: queue.SimpleQueue[CounterState] = queue.SimpleQueue()
        self._state: CounterState | None = None
        self._before: CounterState | None = None
        self._ended = threading.Event()
        self._beside = beside
        link.follow_counters([counter], self._states.put)

    def run(self) -> None:
        """Work until it is closing time."""
        self._link.start()
        while not self._ended.wait(self._rng.uniform(*_THINKS_S)):
            while not self._states.empty():
                self._before, self._state = self._state, self._states.get()
                current = self._state.current
                self._beside[self._counter] = current.ticket if current else ""
            if self._state is not None and not self._closing.exists():
                command = self._wish(self._state)
                if command is not None:
                    self._ask(command)

    def end(self) -> None:
        """Go home."""
        self._ended.set()
        self.join(timeout=30)
        self._link.stop()

    def _ask(self, command: AnyCommand) -> None:
        """Ask once, and wait for the end of it."""
        replies: queue.SimpleQueue[Reply] = queue.SimpleQueue()
        kind, command_id = kind_of(command), self._link.new_id()
        self._recorder.write(Phase.INVOKE, kind, command_id)
        stamped = _stamped(command, command_id, self._link)
        self._link.ask(stamped, replies.put)
        reply = replies.get()
        if reply.ok:
            # What changes nothing when it is so already leaves no trace.
            what = f"({kind})" if isinstance(command, _CHANGES_NOTHING) else kind
            phase = Phase.NOTE if isinstance(command, _CHANGES_NOTHING) else Phase.OK
            data: dict[str, object] = {}
            if isinstance(command, CallNext | CallTicket | Recall):
                called = result_of(reply, CalledTicket)
                data = {"ticket": called.ticket, "call_seq": called.call_seq}
            self._recorder.write(phase, what, command_id, **data)
        elif reply.error is Error.UNAVAILABLE:
            self._recorder.write(Phase.UNKNOWN, kind, command_id)
        else:
            self._recorder.write(Phase.FAIL, kind, command_id, error=str(reply.error))

    def _wish(self, state: CounterState) -> AnyCommand | None:
        if self._before is not None and self._rng.random() < 0.05:
            state = self._before  # what the officer saw a moment ago
        wishes = self._about_current(state) if state.current else self._at_rest(state)
        if self._rng.random() < 0.04:
            return self._somebody_elses(state)
        if state.undoable and self._rng.random() < 0.05:
            wishes = [Undo(event=state.undoable.event)]
        elif self._rng.random() < 0.1:
            wishes = self._about_others(state) or wishes
        return self._rng.choice(wishes) if wishes else None

    def _somebody_elses(self, state: CounterState) -> AnyCommand | None:
        """Call who stands at the wrong counter: somebody that another one has already."""
        others = [ticket for counter, ticket in self._beside.items() if counter != self._counter]
        ticket = self._rng.choice(others) if others else ""
        current = state.current.ticket if state.current else None
        return CallTicket(counter=self._counter, current=current, ticket=ticket) if ticket else None

    def _at_rest(self, state: CounterState) -> list[AnyCommand]:
        counter = self._counter
        wishes: list[AnyCommand] = [CallNext(counter=counter)] * 8
        wishes += [PauseCounter(counter=counter, reason="Nghỉ"), OpenCounter(counter=counter)]
        listed = [*state.waiting[:3], *state.parked, *state.absent]
        wishes += [CallTicket(counter=counter, ticket=one.ticket) for one in listed[:4]]
        return wishes

    def _about_current(self, state: CounterState) -> list[AnyCommand]:
        assert state.current is not None
        which: dict[str, Any] = {"counter": self._counter, "ticket": state.current.ticket}
        onwards: dict[str, Any] = {"counter": self._counter, "current": state.current.ticket}
        if state.current.state is TicketState.CALLED:
            wishes: list[AnyCommand] = [StartServing(**which)] * 4
            wishes += [Recall(**which), MarkAbsent(**which), Finish(**which)]
            wishes += [CallNext(**onwards, current_to=CurrentTo.ABSENT)] * 3
            return wishes
        wishes = [CallNext(**onwards, current_to=CurrentTo.FINISH)] * 5
        wishes += [CallNext(**onwards, current_to=CurrentTo.PARK), Park(**which), Finish(**which)]
        wishes += [Transfer(**which, to_service="CIVIL"), Transfer(**which, to_counter=2)]
        wishes += [ReturnToQueue(ticket=state.current.ticket, to=ReturnTo.END)]
        return wishes

    def _about_others(self, state: CounterState) -> list[AnyCommand]:
        wishes: list[AnyCommand] = []
        for one in state.waiting[:5]:
            priority = one.ticket_class is TicketClass.PRIORITY
            other = TicketClass.NORMAL if priority else TicketClass.PRIORITY
            wishes += [SetClass(ticket=one.ticket, ticket_class=other)]
            wishes += [VoidTicket(ticket=one.ticket, reason="thử")]
        wishes += [
            ReturnToQueue(ticket=one.ticket, to=to) for one in state.absent[:3] for to in ReturnTo
        ]
        return wishes


def _stamped(command: Command, command_id: str, link: Session) -> Any:  # noqa: ANN401
    return replace(command, id=command_id, ts=link.now())


def main() -> int:
    """Serve until told to stop."""
    launch = start("nemesis", N_("Cửa sổ của một quầy."), sys.argv[1:], os.environ, _add_arguments)
    arguments = launch.arguments
    passwords = json.loads(arguments.passwords.read_text())
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    officers: list[Officer] = []
    beside: dict[int, str] = {}
    for counter in arguments.counters:
        device = f"counter-{counter}"
        link = _link(launch, device, passwords[device])
        recorder = Recorder(arguments.history, device)
        rng = random.Random(f"{arguments.seed} {device}")
        closing = arguments.history / CLOSING
        officers.append(Officer(link, counter, recorder, rng, closing, beside))
    for officer in officers:
        officer.start()
    ending.wait()
    for officer in officers:
        officer.end()
    return 0


def _link(launch: Launch, device: str, password: str) -> Session:
    account = Account(
        launch.host, launch.port, "panel", device, password, launch.ca_file, launch.server_name
    )

    def at_once(job: Callable[[], None]) -> None:
        job()

    return connect(
        account,
        launch.device.site,
        "counter",
        now=launch.clock.now,
        monotonic=launch.clock.monotonic,
        deliver=at_once,
    )


def _add_arguments(parser: CommandParser) -> None:
    parser.add_argument("--history", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--passwords", type=Path, required=True)
    parser.add_argument("counters", type=int, nargs="+")


if __name__ == "__main__":
    main()
