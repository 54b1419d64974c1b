"""Who has an appointment in the played day: booked beforehand, and how they come, or do not."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from bus.codec import MessageError
from bus.commands import (
    AppointmentRefusal,
    AppointmentResult,
    BookAppointment,
    CheckIn,
    DaySlots,
    IssuedTicket,
    ListSlots,
    Reply,
    result_of,
)
from bus.vocabulary import Id, Language, WhyNoAppointment
from config import Centre
from simulators.day.agenda import Agenda
from simulators.day.caller import Caller
from simulators.day.day import MINUTE_S, Visit

SHARE = 0.35
"""Of the people of a service that appoints some, so many have an appointment."""
_MANNERS = (0.5, 0.15, 0.15, 0.1, 0.1)
_MARGIN_S = 3 * MINUTE_S


class Manner(StrEnum):
    """How somebody comes who has an appointment."""

    EARLY = "early"
    IN_TIME = "in_time"
    LATE = "late"
    """Later than the rule allows: takes a normal number."""
    MUCH_TOO_EARLY = "much_too_early"
    """Before numbers are given for it: is told when, and comes again."""
    STAYS_AWAY = "stays_away"


@dataclass(frozen=True, slots=True)
class Promise:
    """One appointment: whose, for when, by which code."""

    visit: Visit
    at: datetime
    code: str
    manner: Manner


Welcome = Callable[[Visit, IssuedTicket, int], None]


class Appointed:
    """Books for some people at a counter's device, and lets them come to the kiosk."""

    def __init__(
        self,
        visits: Sequence[Visit],
        centre: Centre,
        rng: random.Random,
        agenda: Agenda,
        *,
        desk: Caller,
        kiosk: Caller,
        welcome: Welcome,
        walk_in: Callable[[Visit], None],
        print_on: Id | None,
    ) -> None:
        """Book for `visits`; who gets no seat walks in as everybody else."""
        self.awaited = len(visits)
        """How many have neither come nor stayed away."""
        self.came: Counter[str] = Counter()
        """What the kiosk's answers say: `early`, `in_time`, `late`; and who stayed away."""
        self._visits = visits
        self._early_s = centre.rules.appointment_early_min * MINUTE_S
        self._late_s = centre.rules.appointment_late_min * MINUTE_S
        self._zone = centre.identity.zone
        self._rng = rng
        self._agenda = agenda
        self._desk, self._kiosk = desk, kiosk
        self._welcome, self._walk_in = welcome, walk_in
        self._print_on = print_on

    def book(self) -> None:
        """Ask for the day's slots of each service, then for a seat for each of its people."""
        day = self._agenda.clock.began.astimezone(self._zone).date().isoformat()
        for service in dict.fromkeys(visit.service for visit in self._visits):
            question = ListSlots(**self._desk.stamp(), service=service, day=day)
            self._desk.ask(question, partial(self._slots_known, service))

    def _slots_known(self, service: str, reply: Reply) -> None:
        slots = result_of(reply, DaySlots).slots if reply.ok else ()
        for visit in (each for each in self._visits if each.service == service):
            wanted = self._agenda.clock.instant(visit.arrives_s)
            times = [slot.at for slot in slots if slot.free and slot.at >= wanted]
            self._try(visit, times[:4])

    def _try(self, visit: Visit, times: Sequence[datetime]) -> None:
        """Book the first of some slots that is free; without any the person walks in."""
        if not times:
            self.awaited -= 1
            self._walk_in(visit)
            return
        command = BookAppointment(**self._desk.stamp(), service=visit.service, at=times[0])
        self._desk.ask(command, partial(self._booked, visit, times))

    def _booked(self, visit: Visit, times: Sequence[datetime], reply: Reply) -> None:
        if not reply.ok:
            self._try(visit, times[1:])
            return
        found = result_of(reply, AppointmentResult)
        manner = self._rng.choices(list(Manner), _MANNERS)[0]
        promise = Promise(visit, found.at, found.code, manner)
        if manner is Manner.STAYS_AWAY:
            self.awaited -= 1
            self.came[Manner.STAYS_AWAY] += 1
            return
        at_s = self._agenda.clock.day_s(found.at) + self._offset_s(manner)
        self._agenda.at(at_s, partial(self._come, promise, as_normal=False))

    def _offset_s(self, manner: Manner) -> float:
        draw, margin = self._rng.uniform, _MARGIN_S
        match manner:
            case Manner.EARLY:
                return draw(margin - self._early_s, -margin)
            case Manner.IN_TIME:
                return draw(0, max(0.0, self._late_s - margin))
            case Manner.LATE:
                return self._late_s + draw(margin, 4 * margin)
            case Manner.MUCH_TOO_EARLY:
                return -self._early_s - draw(margin, 4 * margin)
            case Manner.STAYS_AWAY:
                return 0.0

    def _come(self, promise: Promise, *, as_normal: bool) -> None:
        command = CheckIn(
            **self._kiosk.stamp(),
            code=promise.code,
            lang=Language.ENGLISH if promise.visit.english else Language.VIETNAMESE,
            print_on=self._print_on,
            as_normal=as_normal,
        )
        self._kiosk.ask(command, partial(self._answered, promise, as_normal))

    def _answered(self, promise: Promise, as_normal: bool, reply: Reply) -> None:
        if reply.ok:
            self.awaited -= 1
            issued = result_of(reply, IssuedTicket)
            self.came[self._manner(promise, issued, as_normal=as_normal)] += 1
            self._welcome(promise.visit, issued, reply.rev)
            return
        try:
            told = result_of(reply, AppointmentRefusal)
        except MessageError:
            told = None
        if told and told.why is WhyNoAppointment.LATE and not as_normal:
            self._come(promise, as_normal=True)
        elif told and told.why is WhyNoAppointment.EARLY and told.opens_at:
            again = told.opens_at + timedelta(seconds=_MARGIN_S)
            at_s = self._agenda.clock.day_s(again)
            self._agenda.at(at_s, partial(self._come, promise, as_normal=False))
        else:
            self.awaited -= 1

    def _manner(self, promise: Promise, issued: IssuedTicket, *, as_normal: bool) -> Manner:
        if as_normal:
            return Manner.LATE
        return Manner.EARLY if issued.issued_at < promise.at else Manner.IN_TIME
