"""Whom an officer expects at the counter again, and when."""

from collections.abc import Sequence

from bus.states import ListedTicket
from bus.vocabulary import Id
from simulators.day.agenda import Action, Agenda


class Expected:
    """Tickets with the day's time from which they are due; `remind` is done at that time."""

    def __init__(self, agenda: Agenda, remind: Action) -> None:
        self._agenda = agenda
        self._remind = remind
        self._from_s: dict[Id, float] = {}

    def __bool__(self) -> bool:
        return bool(self._from_s)

    def add(self, ticket: Id, day_s: float) -> None:
        """Expect `ticket` from `day_s` on."""
        self._from_s[ticket] = day_s
        self._agenda.at(day_s, self._remind)

    def remove(self, ticket: Id) -> None:
        """Expect `ticket` no longer."""
        self._from_s.pop(ticket, None)

    def due(self, listed: Sequence[ListedTicket]) -> list[Id]:
        """Return who is due; those not `listed` any more were seen to by somebody else."""
        there = {one.ticket for one in listed}
        now_s = self._agenda.now_s()
        due = [ticket for ticket, from_s in self._from_s.items() if from_s <= now_s]
        for ticket in due:
            if ticket not in there:
                self.remove(ticket)
        return [ticket for ticket in due if ticket in there]
