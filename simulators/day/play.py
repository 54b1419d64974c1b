"""Play one day: connect as kiosk and counters, and let the agenda run."""

import math
import queue
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from appliance.errors import ApplianceError
from bus.commands import IssuedTicket, IssueTicket, Reply, result_of
from bus.session import Session
from bus.states import ConfigState, CounterState, DeviceStatus
from bus.vocabulary import Language, TicketClass
from config import Centre, Role, centre_from_wire
from simulators.day.agenda import Agenda, DayClock
from simulators.day.appointed import SHARE, Appointed
from simulators.day.caller import Caller
from simulators.day.day import HOUR_S, Visit, draw_day, usual_business
from simulators.day.desk import OVERTIME_ENDS_S, Desk
from simulators.day.history import History
from simulators.day.people import People


class Door:
    """Lets every visitor take a number when they arrive, printed by the device `print_on`."""

    def __init__(
        self,
        visits: Sequence[Visit],
        line: Caller,
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
            self.let_come(visit)

    def walk_in(self, visit: Visit) -> None:
        """Let somebody more come, who got no appointment."""
        self.awaited += 1
        self.let_come(visit)

    def let_come(self, visit: Visit) -> None:
        """Let somebody take a number at their time."""
        self._agenda.at(visit.arrives_s, partial(self._take_number, visit))

    def welcome(self, visit: Visit, issued: IssuedTicket, rev: int) -> None:
        """Note who holds a number that was given."""
        self._people.welcome(issued.ticket, visit)
        self._history.issued(issued, rev)

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
            self.welcome(visit, result_of(reply, IssuedTicket), reply.rev)


Connect = Callable[[str], Session]
"""Returns the link of a device, not started."""
MakeCaller = Callable[[Session, Agenda, History], Caller]
"""Returns by what a counter asks: its own link, or whatever an officer there has at hand."""

_LAST_S = OVERTIME_ENDS_S + 2 * HOUR_S
_SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Script:
    """What is played."""

    seed: int
    tickets: int
    on_paper: bool = True
    """Whether the kiosk prints every ticket."""
    from_s: float = 0.0
    """Only who comes from then on, in seconds after midnight."""


@dataclass(frozen=True, slots=True)
class Moment:
    """How far the day is."""

    day_s: float
    issued: int
    ended: int
    gone: int
    """How many were refused a number."""


Tell = Callable[[Moment], None]


def hear_centre(link: Session, patience_s: float) -> Centre:
    """Return the centre that the live service runs, heard on `link`; raises ApplianceError."""
    heard: queue.SimpleQueue[ConfigState | DeviceStatus] = queue.SimpleQueue()
    link.follow_config(heard.put)
    link.follow_devices([_SERVICE], lambda _device, status: heard.put(status))
    link.start()
    try:
        return _await_centre(heard, patience_s)
    finally:
        link.stop()


def _await_centre(
    heard: "queue.SimpleQueue[ConfigState | DeviceStatus]", patience_s: float
) -> Centre:
    centre: Centre | None = None
    online = False
    while centre is None or not online:
        try:
            news = heard.get(timeout=patience_s)
        except queue.Empty as error:
            raise ApplianceError(
                "the queue service does not answer: see ./denluot doctor, or stop the centre "
                "and start it again with ./denluot run"
            ) from error
        if isinstance(news, ConfigState):
            centre = centre_from_wire(news.centre)
        else:
            online = news.online
    return centre


class Play:
    """One day in a running centre."""

    def __init__(
        self,
        centre: Centre,
        connect: Connect,
        clock: DayClock,
        script: Script,
        caller: MakeCaller = Caller,
    ) -> None:
        self.history = History()
        self.agenda = Agenda(clock)
        """What happens when; more may be added before the day begins."""
        businesses = {
            service.code: usual_business(service.code, service.mean_service_min)
            for service in centre.services
        }
        rng = random.Random(script.seed)
        visits = draw_day(rng, script.tickets, businesses)
        visits = [visit for visit in visits if visit.arrives_s >= script.from_s]
        self._planned = len(visits)
        appointed = who_has_one(centre, visits, script, clock.pace)
        chosen = set(appointed)
        walking_in = [visit for visit in visits if visit not in chosen]
        people = People(rng, businesses)
        kiosk = connect(_kiosk(centre))
        at_kiosk = Caller(kiosk, self.agenda, self.history)
        print_on = kiosk.device if script.on_paper else None
        self._door = Door(
            walking_in, at_kiosk, self.agenda, people, self.history, print_on=print_on
        )
        self._links = [kiosk]
        self._desks: list[Desk] = []
        for device, number in _counters(centre).items():
            link = connect(device)
            line = caller(link, self.agenda, self.history)
            desk = Desk(
                number,
                line,
                self.agenda,
                people,
                self.history,
                outcomes=[term.id for term in centre.matters.outcomes],
            )
            link.follow_counters([number], self._taking(desk))
            self._links.append(link)
            self._desks.append(desk)
        self.appointed = Appointed(
            appointed,
            centre,
            random.Random(f"appointed {script.seed}"),
            self.agenda,
            desk=Caller(self._links[-1], self.agenda, self.history),
            kiosk=at_kiosk,
            welcome=self._door.welcome,
            walk_in=self._door.walk_in,
            print_on=print_on,
        )
        """Who has an appointment, where the centre makes any."""

    def run(self, tell: Tell) -> None:
        """Play until everybody has gone home; `tell` is told how far the day is."""
        for link in self._links:
            link.start()
        try:
            self._door.open()
            self.appointed.book()
            for desk in self._desks:
                desk.start()
            self.agenda.run(self._is_over, lambda: tell(self._moment()))
        finally:
            for link in self._links:
                link.stop()

    def _taking(self, desk: Desk) -> Callable[[CounterState], None]:
        return lambda state: self.agenda.post(lambda: desk.take(state))

    def _is_over(self) -> bool:
        if self.agenda.now_s() >= _LAST_S:
            return True
        if self._door.awaited or self.appointed.awaited:
            return False
        if not self.history.open_tickets():
            self._close_early()
        return all(desk.closed for desk in self._desks)

    def _close_early(self) -> None:
        for desk in self._desks:
            if not desk.day_is_over:
                desk.day_is_over = True
                desk.step()

    def _moment(self) -> Moment:
        issued = len(self.history.tickets)
        return Moment(
            day_s=self.agenda.now_s(),
            issued=issued,
            ended=issued - self.history.open_tickets(),
            gone=self._planned - self._door.awaited - self.appointed.awaited - issued,
        )


def who_has_one(
    centre: Centre, visits: Sequence[Visit], script: Script, pace: float
) -> list[Visit]:
    """Return who has an appointment: nobody in a day that is played faster than the clock runs."""
    if not math.isclose(pace, 1.0):
        return []
    rng = random.Random(f"who is appointed {script.seed}")
    makes = {service.code for service in centre.services if service.makes_appointments}
    return [visit for visit in visits if visit.service in makes and rng.random() < SHARE]


def _kiosk(centre: Centre) -> str:
    """Return the kiosk at which numbers are taken; raises ApplianceError."""
    for device in centre.devices:
        if device.role is Role.KIOSK:
            return device.id
    raise ApplianceError("this centre has no kiosk; add one to [[devices]] of centre.toml")


def _counters(centre: Centre) -> dict[str, int]:
    """Return the counters' devices with the counter each acts for first."""
    return {
        device.id: device.counters[0] for device in centre.devices if device.role is Role.COUNTER
    }
