"""What touches do among the procedures: look, print what to bring, take a number."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Slot

from bus.vocabulary import PrintOutcome
from hall.citizen import session as step
from hall.citizen.browsing import (
    NOWHERE,
    Browsing,
    ListPaper,
    of_field,
    of_letter,
    with_chosen,
    with_paper,
    with_row_page,
    without_chosen,
)
from hall.citizen.procedures import chosen_procedure, parts_of, procedures_of
from hall.citizen.session import Page
from hall.words import N_, Words
from hardware.printer import PrintResult, Reason
from kiosk.listening import Listener
from kiosk.printing import PrintDesk
from kiosk.stage import Stage
from paper import Section, checklist_ticket

_NO_NUMBER = (
    N_("Tờ này không phải số thứ tự."),
    N_("Khi đến làm thủ tục, mời quý vị lấy số."),
)


class ProcedurePages(QObject):
    """The way of a citizen through the procedures."""

    def __init__(
        self,
        stage: Stage,
        listener: Listener,
        printing: PrintDesk,
        now: Callable[[], datetime],
        take: Callable[[str], None],
    ) -> None:
        """Take numbers of a service by `take`, from the home screen."""
        super().__init__(stage)
        self._stage = stage
        self._listener = listener
        self._printing = printing
        self._now = now
        self._take = take
        printing.listed.connect(self.paper_done)

    def open(self) -> None:
        """Show fields and letters, from the home screen."""
        offered = bool(procedures_of(self._listener.snapshot))
        if self._stage.tapped("procedures") and self._page is Page.HOME and offered:
            self._go(NOWHERE)

    def show_field(self, code: str) -> None:
        """Show the procedures of a service."""
        if self._tapped("field"):
            self._go(of_field(code))

    def show_letter(self, letter: str) -> None:
        """Show the procedures that begin with a letter."""
        if self._tapped("letter"):
            self._go(of_letter(letter))

    def show(self, key: str) -> None:
        """Show what a procedure needs."""
        if self._tapped(f"procedure-{key}"):
            self._go(with_chosen(self._browsing, key))

    def turn_rows(self, page: int) -> None:
        """Turn to a page of names."""
        if self._tapped("turnRows"):
            self._go(with_row_page(self._browsing, page))

    def step_back(self) -> None:
        """Return to the names."""
        if self._tapped("stepBack"):
            self._go(without_chosen(self._browsing))

    def other_ways(self) -> None:
        """Return to fields and letters."""
        if self._tapped("otherWays"):
            self._go(NOWHERE)

    def to_home(self) -> None:
        """Return to the home screen, for the same citizen."""
        if self._tapped("toHome"):
            self._stage.play(step.back(self._stage.session, self._stage.now()))

    def take_here(self) -> None:
        """Take a number for the procedure that is shown, as from its service's tile."""
        found = chosen_procedure(self._browsing, self._listener.snapshot)
        if self._tapped("takeHere") and found:
            self._stage.play(step.back(self._stage.session, self._stage.now()))
            self._take(found.service)

    def print_list(self) -> None:
        """Print what to bring; nobody gets a number by it."""
        known, session = self._listener.snapshot, self._stage.session
        found = chosen_procedure(session.browsing, known)
        idle = session.browsing.paper is ListPaper.NONE and self._printing.state.can_print
        if not self._tapped("printList") or found is None or known.centre is None or not idle:
            return
        t = Words(session.lang)
        sheet = checklist_ticket(
            known.centre,
            found.name(session.lang),
            tuple(Section(*part) for part in parts_of(found, t)),
            tuple(t(line) for line in _NO_NUMBER),
            self._now(),
            lang=session.lang,
            large=session.sight.large,
        )
        self._go(with_paper(session.browsing, found.key, ListPaper.PRINTING))
        self._printing.print_list(sheet, found.key)

    @Slot(str, object)
    def paper_done(self, key: str, result: PrintResult) -> None:
        """Say what became of the paper, where it is still looked at."""
        session = self._stage.session
        taken = result.outcome is PrintOutcome.PRINTED or result.reason is Reason.NO_ANSWER
        paper = ListPaper.PRINTED if taken else ListPaper.FAILED
        after = with_paper(session.browsing, key, paper)
        if session.page is Page.PROCEDURES and after != session.browsing:
            self._stage.play(replace(session, browsing=after))

    @property
    def _page(self) -> Page:
        return self._stage.session.page

    @property
    def _browsing(self) -> Browsing:
        return self._stage.session.browsing

    def _tapped(self, control: str) -> bool:
        return self._stage.tapped(control) and self._page is Page.PROCEDURES

    def _go(self, browsing: Browsing) -> None:
        self._stage.play(step.browsed(self._stage.session, browsing, self._stage.now()))
