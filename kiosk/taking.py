"""Take a number: from the service, or from the offline book when it does not answer."""

import logging

from msgspec import UNSET
from PySide6.QtCore import QObject

from bus.codec import MessageError
from bus.commands import (
    AppointmentRefusal,
    CheckIn,
    IssuedTicket,
    IssueTicket,
    Reply,
    VoidTicket,
    result_of,
)
from bus.session import Session
from bus.vocabulary import Error, Language, TicketClass, other_language
from hall.citizen import session as step
from hall.citizen.session import PageNotice
from kiosk.listening import Listener
from kiosk.offline_book import BookError
from kiosk.offline_desk import After, Delivery, OfflineDesk
from kiosk.printing import Look, PrintDesk
from kiosk.stage import Stage

_log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 1.0
"""Seconds of the wall's time after which the offline book gives the number."""
PATIENCE_S = 3.0
"""Seconds more for a service that is there, when there is no book."""
_NOTICES = {
    Error.CLOSED: PageNotice.CLOSED,
    Error.FULL: PageNotice.FULL,
    Error.TOO_FAST: PageNotice.TOO_FAST,
}


class TicketTaking(QObject):
    """The way of one touch to one number on the screen and one paper."""

    def __init__(
        self,
        *,
        stage: Stage,
        listener: Listener,
        link: Session,
        desk: OfflineDesk,
        delivery: Delivery,
        printing: PrintDesk,
        after: After,
    ) -> None:
        super().__init__(stage)
        self._stage = stage
        self._listener = listener
        self._link = link
        self._given_up: set[str] = set()
        """Requests whose citizen was sent away: nobody shall wait for their late numbers."""
        self._desk = desk
        self._delivery = delivery
        self._printing = printing
        self._after = after

    def take(self, service: str) -> None:
        """Ask for a number of `service` for this citizen."""
        session = self._stage.session
        chosen = TicketClass.PRIORITY if session.priority else TicketClass.NORMAL
        request = IssueTicket(
            id=self._link.new_id(),
            ts=self._link.now(),
            service=service,
            ticket_class=chosen,
            lang=Language.of(session.lang),
            language=other_language(session.lang),
            manner=session.manner or UNSET,
        )
        taking = step.taking(session, request, self._stage.now())
        if taking is session:
            return
        self._stage.play(taking)
        self._link.ask(request, lambda reply: self._answered(request, reply))
        self._after(ANSWER_WITHIN_S, lambda: self._unanswered(request, patient=True))

    def check_in(self, *, as_normal: bool = False) -> None:
        """Ask for the number of the appointment whose code was entered."""
        session = self._stage.session
        request = CheckIn(
            id=self._link.new_id(),
            ts=self._link.now(),
            code=session.code,
            lang=Language(session.lang),
            as_normal=as_normal,
        )
        checking = step.checking(session, request, self._stage.now())
        if checking is session:
            return
        self._stage.play(checking)
        self._link.ask(request, lambda reply: self._checked(request, reply))
        self._after(ANSWER_WITHIN_S + PATIENCE_S, lambda: self._unchecked(request))

    def _checked(self, request: CheckIn, reply: Reply) -> None:
        """Show the number, or why there is none; no offline book knows an appointment."""
        if self._waits_for(request):
            try:
                why = result_of(reply, AppointmentRefusal)
            except MessageError:
                self._answered(request, reply)
                return
            self._stage.play(step.not_appointed(self._stage.session, why, self._stage.now()))
        else:
            self._answered(request, reply)

    def _unchecked(self, request: CheckIn) -> None:
        if self._waits_for(request):
            self._given_up.add(request.id)
            self._refuse(request, PageNotice.UNAVAILABLE)

    def _answered(self, request: IssueTicket | CheckIn, reply: Reply) -> None:
        if request.id in self._given_up:
            self._given_up.discard(request.id)
            self._give_back(reply)
            return
        if not self._waits_for(request):
            return
        if reply.error is not None or not reply.ok:
            self._refuse(
                request, _NOTICES.get(reply.error or Error.INVALID, PageNotice.UNAVAILABLE)
            )
            return
        try:
            issued = result_of(reply, IssuedTicket)
        except MessageError as error:
            _log.error("reply not understood id=%s error=%s", reply.id, error)
            self._refuse(request, PageNotice.UNAVAILABLE)
            return
        self._stage.play(step.given(self._stage.session, issued, self._stage.now()))
        centre = self._listener.snapshot.centre
        if centre:
            self._printing.print_issued(centre, request.id, issued, **self._look())

    def _unanswered(self, request: IssueTicket, *, patient: bool) -> None:
        centre = self._listener.snapshot.centre
        if not self._waits_for(request) or centre is None:
            return
        try:
            delivery = self._desk.give(centre, request, self._link.now())
        except BookError as error:
            if patient and self._listener.snapshot.service_up:
                self._after(PATIENCE_S, lambda: self._unanswered(request, patient=False))
                return
            _log.warning("no number service=%s reason=%s", request.service, error)
            self._given_up.add(request.id)
            self._refuse(request, PageNotice.UNAVAILABLE)
            return
        self._link.forget(request.id)
        self._stage.play(step.given_offline(self._stage.session, delivery, self._stage.now()))
        self._printing.print_offline(centre, delivery, **self._look())
        self._delivery.go()

    def _look(self) -> Look:
        """Return how the paper of this citizen is."""
        session = self._stage.session
        manner = session.manner
        return Look(
            large=session.sight.large or (manner is not None and manner.large_paper),
            fetch=manner is not None and manner.fetch,
        )

    def _give_back(self, reply: Reply) -> None:
        """Nobody has seen the number of this late reply, so nobody shall wait for it."""
        if not reply.ok:
            return
        try:
            issued = result_of(reply, IssuedTicket)
        except MessageError as error:
            _log.warning("reply not understood id=%s error=%s", reply.id, error)
            return
        self._link.ask(VoidTicket(ticket=issued.ticket, reason="unanswered"), _ignore)

    def _waits_for(self, request: IssueTicket | CheckIn) -> bool:
        waiting = self._stage.session.request
        return waiting is not None and waiting.id == request.id

    def _refuse(self, request: IssueTicket | CheckIn, notice: PageNotice) -> None:
        now = self._stage.now()
        about = request.service if isinstance(request, IssueTicket) else ""
        self._stage.play(step.noticed(self._stage.session, notice, now, about))


def _ignore(_reply: Reply) -> None:
    """Nothing depends on this reply."""
