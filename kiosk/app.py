"""The kiosk's use cases: what a touch, an order, a paper and the passing of time do."""

from collections import deque

from PySide6.QtCore import QObject, Signal, Slot

import bus.session
from bus import health
from bus.commands import (
    IssuedTicket,
    IssueTicket,
    Reply,
    ReprintTicket,
    RequestHelp,
    VoidTicket,
)
from bus.orders import AnyOrder, PrintSlip, PrintTest, PrintTicket, UsePrinter
from bus.vocabulary import OrderOutcome, PrintOutcome, SoundState, UnitState
from config.settings import Rules, SightBox
from hall.citizen import session as step
from hall.citizen.offering import Offer, offer
from hall.citizen.session import NOT_IN_HAND, Help, Page, PageNotice, Paper, Session, Voiding
from hardware.printer import PrinterHealth, PrintResult, StationHealth
from kiosk.kept_procedures import KeptProcedures
from kiosk.listening import Listener
from kiosk.offline_desk import OfflineDesk
from kiosk.paper_record import PaperRecord
from kiosk.paper_reports import PaperReports
from kiosk.printers import KioskPrinters
from kiosk.printing import PaperResult, PrintDesk
from kiosk.procedures import ProcedurePages
from kiosk.stage import Stage
from kiosk.taking import TicketTaking

_DEFAULT_PLACE = "Máy lấy số"
_TESTS_KNOWN = 50
_OUTCOMES = {
    PrintOutcome.PRINTED: OrderOutcome.DONE,
    PrintOutcome.UNKNOWN: OrderOutcome.UNPROVEN,
    PrintOutcome.FAILED: OrderOutcome.FAILED,
}


class Kiosk(QObject):
    """What the screens show and what their touches do."""

    changed = Signal()

    def __init__(
        self,
        *,
        stage: Stage,
        listener: Listener,
        link: bus.session.Session,
        taking: TicketTaking,
        desk: OfflineDesk,
        printing: PrintDesk,
        reports: PaperReports,
        record: PaperRecord,
        sight: SightBox,
    ) -> None:
        super().__init__(stage)
        self.stage = stage
        self.listener = listener
        self.printing = printing
        self.offer = Offer()
        self.buttons: UnitState | None = None
        """How the push-buttons of a kiosk without a window are; None where it has one."""
        self.speech: SoundState | None = None
        """Whether there is a sound output of one's own to read the screen out to; None without."""
        self.speaking = False
        """Whether a sentence is being read out, for which nobody is hurried."""
        self.procedures = ProcedurePages(stage, listener, printing, link.now, self._take_or_say)
        self.kept_procedures: KeptProcedures | None = None
        """Set where they are kept."""
        self._link = link
        self._taking = taking
        self._desk = desk
        self._reports = reports
        self._record = record
        self._sight = sight
        self._printers: KioskPrinters | None = None
        self._ordered_tests: deque[str] = deque(maxlen=_TESTS_KNOWN)
        stage.changed.connect(self.refresh)
        listener.changed.connect(self.hear)
        printing.health_changed.connect(self._printers_changed)
        printing.done.connect(self.paper_done)
        printing.tested.connect(self.page_tested)
        self._play(step.usually(self.session, step.usual_sight(self.rules, sight)))
        self.refresh()

    @property
    def session(self) -> Session:
        """Return what this citizen sees."""
        return self.stage.session

    @property
    def rules(self) -> Rules:
        """Return the centre's rules, the usual ones before it is known."""
        centre = self.listener.snapshot.centre
        return centre.rules if centre else Rules()

    def use(self, printers: KioskPrinters) -> None:
        """Say which printers there are, and let managers choose among them."""
        self._printers = printers
        self.tell_health()

    @Slot()
    def hear(self) -> None:
        """Take what the service says of this place, and show what is offered now."""
        services = self.listener.snapshot.services
        if services and self.listener.snapshot.service_up:
            self._record.day_is(services.business_day)
            now, own = self._now(), self._link.device
            calls = (call for call in services.help if call.place == self._place())
            visit = next((one for one in services.visits if one.kiosk == own), None)
            heard = step.help_heard(self.session, next(calls, None), now, visit)
            self._play(step.visit_heard(heard, visit, now, speaks=self.can_speak))
        self._play(step.usually(self.session, step.usual_sight(self.rules, self._sight)))
        self.tell_health()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Reckon again what is offered, and show it."""
        self.offer = offer(self.listener.snapshot, self._link.now(), self.session.lang)
        self.changed.emit()

    def choose(self, service: str) -> None:
        """Take a number of `service`, or say why there is none now."""
        tile = self.offer.tile(service)
        if self.stage.tapped("service") and self.session.page is Page.HOME and tile:
            self._take_or_say(service)

    def _take_or_say(self, service: str) -> None:
        tile = self.offer.tile(service)
        if tile is None:
            return
        if tile.notice:
            self._play(step.noticed(self.session, tile.notice, self._now(), service))
        elif step.asks_first(self.session, self.rules, tile.waiting):
            self._play(step.asked(self.session, service, tile.waiting))
        else:
            self._taking.take(service)

    def take_for(self, service: str, *, priority: bool) -> None:
        """Take a number of `service` for who has pushed a button: there is no screen between."""
        fresh = step.home(self.session, self._now())
        if self.session.visit:  # somebody of the house stands beside
            fresh = step.back(self.session, self._now())
        self._play(step.with_priority(fresh) if priority != fresh.priority else fresh)
        self._taking.take(service)

    def be_ready(self) -> None:
        """Be ready for the next citizen, whatever was to be shown."""
        self._play(step.home(self.session, self._now()))

    def take_asked(self) -> None:
        """Take the number although many stand before it, or say why there is none any more."""
        service = self.session.asking
        tile = self.offer.tile(service)
        if not self.stage.tapped("take_asked") or tile is None:
            return
        if tile.notice:
            self._play(step.noticed(self.session, tile.notice, self._now(), service))
        else:
            self._taking.take(service)

    def leave_asked(self) -> None:
        """Take no number: too many stand before it."""
        if self.stage.tapped("leave_asked") and self.session.asking:
            self._play(step.back(self.session, self._now()))

    def ask_code(self) -> None:
        """Ask for the code of an appointment."""
        if self.stage.tapped("appointments"):
            self._play(step.with_appointment(self.session, self._now()))

    def type_letter(self, letter: str) -> None:
        """Take a letter of a code; the same one may follow itself."""
        self.stage.touch()
        self._play(step.typed(self.session, letter))

    def erase_letter(self) -> None:
        """Take the last letter of a code back."""
        self.stage.touch()
        self._play(step.erased(self.session))

    def check_in(self) -> None:
        """Take the number of the appointment whose code was entered."""
        if self.stage.tapped("check_in") and self.session.no_code is None:
            self._taking.check_in()

    def take_late(self) -> None:
        """Take a normal number: the time of the appointment has passed."""
        if self.stage.tapped("take_late") and self.session.no_code is not None:
            self._taking.check_in(as_normal=True)

    def leave_code(self) -> None:
        """Return to the first page without a number."""
        if self.stage.tapped("leave_code") and self.session.page is Page.APPOINTMENT:
            self._play(step.back(self.session, self._now()))

    def toggle_priority(self) -> None:
        """Turn the priority switch."""
        if self.stage.tapped("priority"):
            self._play(step.with_priority(self.session))

    def toggle_language(self) -> None:
        """Change to the next language of the hall."""
        if self.stage.tapped("language"):
            languages = step.languages_of(self.listener.snapshot.centre)
            self._play(step.in_other_language(self.session, languages))

    def toggle_large(self) -> None:
        """Make all text larger, or as it was."""
        if self.stage.tapped("large"):
            self._play(step.with_large_text(self.session))

    def toggle_contrast(self) -> None:
        """Show white and yellow on black, or as it was."""
        if self.stage.tapped("contrast"):
            self._play(step.with_contrast(self.session))

    def toggle_low(self) -> None:
        """Bring everything that can be touched into the lower half, or back."""
        if self.stage.tapped("low"):
            self._play(step.with_low_layout(self.session))

    def listen(self) -> None:
        """Read the screen out from now on, where that can be heard; the keys move in any case."""
        self.stage.touch()
        begin = step.with_speech if self.can_speak else step.with_keys
        self._play(begin(self.session))

    def toggle_speech(self) -> None:
        """Read the screen out, or read no more."""
        if not self.stage.tapped("speech"):
            return
        if self.session.keys:
            self._play(step.without_speech(self.session))
        elif self.can_speak:
            self._play(step.with_speech(self.session))

    def unplugged(self) -> None:
        """Be ready for the next citizen: the headset was pulled; a number on its way is shown."""
        if self.session.spoken and self.session.page is Page.TAKING:
            self._play(step.without_speech(self.session))
        elif self.session.spoken:
            self._play(step.home(self.session, self._now()))

    def toggle_curtain(self) -> None:
        """Make the screen black for who hears it, or show it again."""
        if self.stage.tapped("curtain"):
            self._play(step.with_curtain(self.session, drawn=not self.session.curtain))

    def open_curtain(self) -> None:
        """Show the screen again: somebody touches it."""
        self.stage.touch()
        self._play(step.with_curtain(self.session, drawn=False))

    @property
    def can_speak(self) -> bool:
        """Return whether the screen can be read out now."""
        return self.speech is SoundState.OK

    def speech_is(self, state: SoundState) -> None:
        """Note whether the screen can be read out now: a black screen without a voice is none."""
        if state is self.speech:
            return
        self.speech = state
        self.tell_health()
        if self.session.keys:
            self._play(step.heard(self.session, aloud=self.can_speak))
        self.changed.emit()

    def turn_to(self, page: int) -> None:
        """Show another page, where not all fits on one."""
        if self.stage.tapped("turn"):
            self._play(step.turned_to(self.session, page))

    def somebody_touches(self) -> None:
        """Restart the idle time, unless the countdown asks: that has its own answer."""
        if self.session.left_s is None:
            self.stage.touch()

    def more_time(self) -> None:
        """Restart the idle time."""
        self.stage.touch()

    def finish(self) -> None:
        """Make the screen ready for the next citizen."""
        if self.stage.tapped("finish") and self.session.page is Page.TICKET:
            self._play(step.home(self.session, self._now()))

    def close_notice(self) -> None:
        """Return from a notice."""
        if self.stage.tapped("close_notice") and self.session.page is Page.NOTICE:
            self._play(step.back(self.session, self._now()))

    def call_help(self) -> None:
        """Ring at the counters."""
        if not self.stage.tapped("help") or self.session.help is not Help.NONE:
            return
        self._play(step.helped(self.session, Help.CALLING, self._now()))
        self._link.ask(RequestHelp(place=self._place()), self._help_answered)

    def ask_void(self) -> None:
        """Ask whether giving the shown number back is meant."""
        if self.stage.tapped("ask_void") and step.can_void(self.session, self.rules, self._now()):
            self._play(step.voiding(self.session, Voiding.CONFIRMING))

    def keep_number(self) -> None:
        """Go on with the shown number."""
        shown = self.session.ticket
        if self.stage.tapped("keep_number") and shown and shown.voiding is Voiding.CONFIRMING:
            self._play(step.voiding(self.session, Voiding.NO))

    def void(self) -> None:
        """Give the shown number back, once it is confirmed: the wrong tile was touched."""
        shown = self.session.ticket
        if not self.stage.tapped("void") or shown is None or shown.ticket is None:
            return
        if shown.voiding is not Voiding.CONFIRMING:
            return
        if not step.can_void(self.session, self.rules, self._now()):
            self._play(step.voiding(self.session, Voiding.NO))
            return
        self._play(step.voiding(self.session, Voiding.SENT))
        command = VoidTicket(ticket=shown.ticket, reason="kiosk")
        number = shown.number
        self._link.ask(command, lambda reply: self._voided(number, reply))

    def copy(self) -> None:
        """Print a marked copy of a ticket whose paper nobody knows about."""
        shown = self.session.ticket
        if not self.stage.tapped("copy") or shown is None or shown.ticket is None:
            return
        if not step.can_copy(self.session):
            return
        self._play(step.copying(self.session))
        ticket = shown.ticket
        command = ReprintTicket(ticket=ticket, print_on=self._link.device)
        self._link.ask(command, lambda reply: self._copy_answered(ticket, reply))

    @Slot()
    def tick(self) -> None:
        """Note that time has passed."""
        self.listener.look()
        self.tell_health()
        if self.speaking:
            self.somebody_touches()
        self._play(step.ticked(self.session, self.rules, self._now()))
        if not self.listener.snapshot.service_up:
            self.refresh()  # nobody else tells that a service opens or closes now
        elif self.session.page is Page.TICKET:
            self.changed.emit()

    @Slot(object)
    def take_order(self, order: AnyOrder) -> None:
        """Do what the service tells this kiosk."""
        centre = self.listener.snapshot.centre
        if isinstance(order, PrintTicket) and centre:
            self.printing.print_ordered(centre, order)
        elif isinstance(order, PrintTest) and centre:
            self._ordered_tests.append(order.id)
            self.printing.print_test(centre, order.id, self._link.now())
        elif isinstance(order, PrintSlip) and centre:
            self._ordered_tests.append(order.id)
            self.printing.print_slip(centre, order)
        elif isinstance(order, UsePrinter) and self._printers:
            why_not = self._printers.choose(order.printer)
            outcome = OrderOutcome.FAILED if why_not else OrderOutcome.DONE
            self._link.report(order.id, outcome, why_not)
            self.tell_health()

    @Slot(object)
    def paper_done(self, printed: PaperResult) -> None:
        """Show and report what became of a paper; the counters hear of one that nobody saw fail."""
        if printed.file:
            self._reports.paper_done(printed)
            return
        keys = {printed.request, printed.ticket, self._reports.ticket_of(printed.request)}
        if printed.paper in (Paper.PRINTED, Paper.COPIED):
            self._record.found(keys)
        elif _is_missing(printed) and (self.buttons or not step.shows(self.session, keys)):
            self._record.lose(printed.ticket or printed.request, printed.number)
        self._reports.paper_done(printed)
        self.tell_health()
        now = self._now()
        self._play(step.printed(self.session, keys, printed.paper, now, printed.reason))

    @Slot(str, object)
    def page_tested(self, order: str, result: PrintResult) -> None:
        """Say what became of a test page that the service has ordered."""
        if order not in self._ordered_tests:
            return  # whoever stands in front of the kiosk sees it
        outcome = OrderOutcome.FAILED if result.lost else _OUTCOMES[result.outcome]
        self._link.report(order, outcome, result.reason.value if result.reason else "")

    def number_delivered(self, delivery: IssueTicket, issued: IssuedTicket) -> None:
        """Note that the service knows a number of the offline book."""
        self._reports.delivered(delivery.id, issued.ticket)
        self._play(step.delivered(self.session, delivery.id, issued.ticket))

    def tell_health(self) -> None:
        """Say how the printers are, and which numbers staff should know of."""
        station, printers = self.printing.health, self._printers
        self._link.set_health(
            health.KioskHealth(
                printer=station.state,
                printers={
                    name: _printer_health(printer) for name, printer in station.printers.items()
                },
                buttons=self.buttons,
                speech=self.speech,
                visit=self.session.visit,
                refused=self._desk.book.refused_numbers,
                lost_papers=tuple(self._record.notes.lost.values()),
                business_day=self._record.notes.business_day,
                numbers=dict(self._record.notes.numbers),
                found=printers.found if printers else (),
                prints_on=printers.prints_on if printers else None,
            )
        )

    @Slot(object)
    def _printers_changed(self, _health: StationHealth) -> None:
        self.tell_health()
        self.changed.emit()

    def _help_answered(self, reply: Reply) -> None:
        now = self._now()
        if self.session.help is not Help.CALLING:
            return  # a state of the service was faster
        if reply.ok:
            self._play(step.helped(self.session, Help.CALLED, now))
            return
        calm = step.helped(self.session, Help.NONE, now)
        if calm.page is Page.HOME:
            calm = step.noticed(calm, PageNotice.NO_HELP, now)
        self._play(calm)

    def _voided(self, number: str, reply: Reply) -> None:
        shown = self.session.ticket
        if shown is None or shown.number != number:
            return
        notice = PageNotice.VOIDED if reply.ok else PageNotice.NOT_VOIDED
        self._play(step.noticed(self.session, notice, self._now(), number))

    def _copy_answered(self, ticket: str, reply: Reply) -> None:
        if not reply.ok:
            self._play(step.printed(self.session, {ticket}, Paper.UNKNOWN, self._now()))

    def _place(self) -> str:
        centre = self.listener.snapshot.centre
        known = centre.device(self._link.device) if centre else None
        return known.place.vi if known and known.place else _DEFAULT_PLACE

    def _now(self) -> float:
        return self.stage.now()

    def _play(self, session: Session) -> None:
        self.stage.play(session)


def _is_missing(printed: PaperResult) -> bool:
    """Return whether a citizen of this screen may have gone without a paper."""
    return printed.paper in NOT_IN_HAND and not printed.ordered


def _printer_health(printer: PrinterHealth) -> health.PrinterHealth:
    return health.PrinterHealth(
        state=printer.state, capability=printer.level.value, last_proof=printer.last_proof
    )
