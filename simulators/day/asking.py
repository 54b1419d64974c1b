"""One question to the service at a time, and none before the last answer shows in the state."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bus.commands import AnyCommand, CallNext, Reply
from bus.states import CounterState
from bus.vocabulary import Error
from simulators.day.agenda import Action, Agenda
from simulators.day.caller import Caller

Answered = Callable[[Reply], None]

_AFTER_REFUSAL_S = 5.0
_AFTER_REFUSAL_REAL_S = 0.2
_STATE_WITHIN_REAL_S = 3.0


class Asking:
    """What one counter has asked; `step` is done whenever it may ask again."""

    def __init__(self, counter: int, line: Caller, agenda: Agenda, step: Action) -> None:
        self.pending = False
        self._counter = counter
        self._line = line
        self._agenda = agenda
        self._step = step
        self._pause_until_s = 0.0
        self._needed_rev = 0
        self._needed_until_s = 0.0

    def stamp(self) -> dict[str, Any]:
        """Return the fields of a new command."""
        return self._line.stamp()

    def counter_stamp(self) -> dict[str, Any]:
        """Return the fields of a new command for this counter."""
        return self._line.stamp() | {"counter": self._counter}

    def shown_in(self, state: CounterState) -> bool:
        """Return whether `state` shows what the service answered last."""
        return state.rev >= self._needed_rev or self._agenda.now_s() >= self._needed_until_s

    def may_ask(self, state: CounterState) -> bool:
        """Return whether `state` shows all answers, and the last refusal is some time ago."""
        if self.pending or not self.shown_in(state):
            return False
        return self._agenda.now_s() >= self._pause_until_s

    def ask(self, command: AnyCommand, on_answer: Answered) -> None:
        """Send `command`; `on_answer` gets the reply, then the counter steps."""
        self.pending = True
        self._line.ask(command, partial(self._answered, command, on_answer))

    def _answered(self, command: AnyCommand, on_answer: Answered, reply: Reply) -> None:
        self.pending = False
        now_s, speed = self._agenda.now_s(), self._agenda.clock.speed
        if reply.ok or settles_all_the_same(command, reply):
            self._needed_rev = reply.rev
            self._needed_until_s = now_s + _STATE_WITHIN_REAL_S * speed
            self._agenda.at(self._needed_until_s, self._step)
        if not reply.ok:
            pause_s = max(_AFTER_REFUSAL_S, _AFTER_REFUSAL_REAL_S * speed)
            self._pause_until_s = now_s + pause_s
            self._agenda.at(self._pause_until_s, self._step)
        on_answer(reply)
        self._step()


def settles_all_the_same(command: AnyCommand, reply: Reply) -> bool:
    """Return whether a next call settled the counter's ticket although nobody waits."""
    settling = isinstance(command, CallNext) and command.current is not None
    return settling and reply.error is Error.EMPTY
