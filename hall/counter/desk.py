"""What an officer's presses do: the use cases behind the window."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bus.codec import MessageError
from bus.commands import AnyCommand, IssuedTicket, Reply, result_of
from bus.states import BoardState, CounterState, DeviceStatus
from bus.vocabulary import TicketState
from config.settings import Centre, Role
from hall.counter.actions import SETTLING, Action
from hall.counter.choices import Choice, Menu, Sheet
from hall.counter.intents import Intent, call_ticket
from hall.counter.sheets import issued_sheet, menu_sheet
from hall.counter.situation import Notice, Situation
from hall.counter.ticket_sheets import find_subject, row_sheet
from hall.counter.view import View, present
from hall.counter.words import refusal, translate

_NOTICE_S = 8.0
_ONE_PRESS_S = 0.8
"""A second press of the same kind sooner than this belongs to the same double click."""


class Desk:
    """One counter's conversation with the service; lives on one thread.

    `now` is service time, `elapsed_s` counts centre seconds and `hand_s` real seconds, in which
    the hands of the officer move however fast the centre's clock runs.
    """

    def __init__(
        self,
        counter: int,
        send: Callable[[AnyCommand], object],
        *,
        now: Callable[[], datetime],
        elapsed_s: Callable[[], float],
        hand_s: Callable[[], float],
        new_id: Callable[[], str],
        lang: str = "vi",
    ) -> None:
        self.situation = Situation(counter, lang, now())
        self.sheet: Sheet | None = None
        self._send = send
        self._now = now
        self._elapsed_s = elapsed_s
        self._hand_s = hand_s
        self._new_id = new_id
        self._flying: dict[str, Intent] = {}
        self._pressed: dict[frozenset[Action], float] = {}
        self._notice_ends = 0.0

    def view(self) -> View:
        """Return what the window shows now."""
        return present(self.situation, self.sheet)

    def tick(self) -> None:
        """Let time pass."""
        notice = self.situation.notice
        if notice and self._elapsed_s() >= self._notice_ends:
            notice = None
        self.situation = replace(self.situation, now=self._now(), notice=notice)

    # What is heard ------------------------------------------------------------------------

    def take_link(self, up: bool) -> None:
        """Note that the broker is there, or is not."""
        self.situation = replace(self.situation, linked=up)

    def take_centre(self, centre: Centre) -> None:
        """Take the configuration."""
        self.situation = replace(self.situation, centre=centre)

    def take_state(self, state: CounterState) -> None:
        """Take this counter's state."""
        self.situation = replace(self.situation, state=state, now=self._now())
        if self.sheet and self.sheet.about and not self._still_here(self.sheet.about):
            self.sheet = None

    def take_board(self, board: BoardState) -> None:
        """Take the state of the hall, for which other counters are open."""
        self.situation = replace(self.situation, board=board)

    def take_status(self, device: str, status: DeviceStatus) -> None:
        """Take how a device is."""
        devices = {**self.situation.devices, device: status}
        gone = self.situation.service_gone
        if status.kind == Role.SERVICE:
            gone = not status.online
        self.situation = replace(self.situation, devices=devices, service_gone=gone)

    def take_reply(self, reply: Reply) -> None:
        """Take the answer to something that was pressed here."""
        intent = self._flying.pop(reply.id, None)
        if intent is None:
            return
        self._note_busy()
        if not reply.ok:
            self._say(refusal(reply.error, intent.action))
        elif intent.action is Action.ISSUE:
            self._show_issued(reply)
        elif intent.action is Action.REPRINT:
            self._say(translate("panel", "Đã gửi lệnh in lại phiếu."), good=True)

    # What is pressed ----------------------------------------------------------------------

    def press(self, choice: Choice) -> None:
        """Follow a choice: to a sheet, or to the command it means."""
        match choice.leads:
            case Intent():
                self.sheet = None
                self._do(choice.leads)
            case Menu():
                self.sheet = menu_sheet(choice.leads, self.situation)
            case Sheet():
                self.sheet = choice.leads
            case None:
                pass

    def open_row(self, ticket: str) -> None:
        """Show what can be done with a ticket of the list."""
        subject = find_subject(self.situation, ticket)
        if subject and self.situation.live:
            self.sheet = row_sheet(self.situation, subject)

    def call_number(self, number: str) -> None:
        """Call the number that was typed."""
        wanted = number.strip().upper()
        if wanted:
            self.sheet = None
            at = self.situation
            self._do(call_ticket(at.counter, at.current_id, number=wanted))

    def choose_tab(self, tab: TicketState) -> None:
        """Show another list."""
        self.situation = replace(self.situation, tab=tab)

    def dismiss(self) -> None:
        """Close the sheet."""
        self.sheet = None

    # --------------------------------------------------------------------------------------

    def _do(self, intent: Intent) -> None:
        kind = _kind(intent.action)
        if not self.situation.live or kind & self.situation.busy or self._is_double(kind):
            return
        self._pressed[kind] = self._hand_s()
        command = intent.stamped(self._new_id(), self._now())
        self._flying[command.id] = intent
        self.situation = replace(self.situation, notice=None)
        self._note_busy()
        self._send(command)

    def _is_double(self, kind: frozenset[Action]) -> bool:
        last = self._pressed.get(kind)
        return last is not None and self._hand_s() - last < _ONE_PRESS_S

    def _note_busy(self) -> None:
        busy: frozenset[Action] = frozenset()
        for intent in self._flying.values():
            busy |= _kind(intent.action)
        self.situation = replace(self.situation, busy=busy)

    def _say(self, text: str, *, good: bool = False) -> None:
        self._notice_ends = self._elapsed_s() + _NOTICE_S
        self.situation = replace(self.situation, notice=Notice(text, good))

    def _show_issued(self, reply: Reply) -> None:
        try:
            issued = result_of(reply, IssuedTicket)
        except MessageError:
            self._say(translate("panel", "Đã cấp số. Xin xem trong danh sách."), good=True)
        else:
            self.sheet = issued_sheet(self.situation, issued)

    def _still_here(self, ticket: str) -> bool:
        return find_subject(self.situation, ticket) is not None


def _kind(action: Action) -> frozenset[Action]:
    """Return the actions of which only one may be under way while `action` is."""
    return SETTLING if action in SETTLING else frozenset({action})
