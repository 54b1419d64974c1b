"""The citizens who come through the door and take a number at the kiosk."""

from collections.abc import Sequence
from functools import partial

from bus.commands import IssuedTicket, IssueTicket, Reply, result_of
from bus.vocabulary import Language, TicketClass
from simulators.day.agenda import Agenda
from simulators.day.day import Visit
from simulators.day.history import History
from simulators.day.line import Line
from simulators.day.people import People


class Door:
    """Lets every visitor take a number when they arrive, printed by the device `print_on`."""

    def __init__(
        self,
        visits: Sequence[Visit],
        line: Line,
        agenda: Agenda,
        people: People,
        history: History,
        *,
        print_on: str | None,
    ) -> None:
        self.awaited = len(visits)
        """How many have not yet been given or refused a number."""
        self._visits = visits
        self._line = line
        self._agenda = agenda
        self._people = people
        self._history = history
        self._print_on = print_on

    def open(self) -> None:
        """Let everybody come at their time."""
        for visit in self._visits:
            self._agenda.at(visit.arrives_s, partial(self._take_number, visit))

    def _take_number(self, visit: Visit) -> None:
        command = IssueTicket(
            **self._line.stamp(),
            service=visit.service,
            ticket_class=TicketClass.PRIORITY if visit.priority else TicketClass.NORMAL,
            lang=Language.ENGLISH if visit.english else Language.VIETNAMESE,
            print_on=self._print_on,
        )
        self._line.ask(command, partial(self._answered, visit))

    def _answered(self, visit: Visit, reply: Reply) -> None:
        self.awaited -= 1
        if reply.ok:
            issued = result_of(reply, IssuedTicket)
            self._people.welcome(issued.ticket, visit)
            self._history.issued(issued, reply.rev)
