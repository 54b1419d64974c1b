"""One device's way to the service: every question gets one answer, on the agenda's thread."""

from collections.abc import Callable
from typing import Any

from bus.commands import AnyCommand, Reply
from bus.session import Session
from bus.vocabulary import Error
from simulators.day.agenda import Agenda
from simulators.day.history import History

Answered = Callable[[Reply], None]

_ATTEMPTS = 12
"""Of 10 s each: a broker or service that starts again does not end the day."""
_AGAIN_AFTER_REAL_S = 1.0


class Caller:
    """Asks as `link`'s device; the very same command again while the service is away."""

    def __init__(self, link: Session, agenda: Agenda, history: History) -> None:
        self.link = link
        self._agenda = agenda
        self._history = history

    def stamp(self) -> dict[str, Any]:
        """Return the fields every new command begins with."""
        return {"id": self.link.new_id(), "ts": self.link.now()}

    def ask(self, command: AnyCommand, on_answer: Answered, attempt: int = 1) -> None:
        """Send `command`; `on_answer` gets the reply, `unavailable` only when all hope is gone."""

        def take(reply: Reply) -> None:
            self._agenda.post(lambda: self._answered(command, on_answer, attempt, reply))

        self.link.ask(command, take)

    def _answered(
        self, command: AnyCommand, on_answer: Answered, attempt: int, reply: Reply
    ) -> None:
        if reply.error is Error.UNAVAILABLE and attempt < _ATTEMPTS:
            self._agenda.in_real(
                _AGAIN_AFTER_REAL_S, lambda: self.ask(command, on_answer, attempt + 1)
            )
            return
        self._history.answered(self.link.device, command, reply)
        on_answer(reply)
