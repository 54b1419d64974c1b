"""What an officer's presses do: the use cases behind the window."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from bus.codec import MessageError
from bus.codes import typed_code
from bus.commands import (
    AdoptTicket,
    AnyCommand,
    CallColleague,
    CallNext,
    CallTicket,
    CheckIn,
    Command,
    FindAppointment,
    IssuedTicket,
    IssueTicket,
    ListSlots,
    PrepareVisit,
    PrintAppointment,
    Reply,
    ReprintTicket,
    TellManagers,
    kind_of,
    result_of,
)
from bus.vocabulary import Error, TicketState
from hall.counter.appointments import (
    NO_CODE,
    Change,
    Question,
    answer_sheet,
    booking_sheet,
    done_words,
    refusal_words,
)
from hall.counter.between import late_refusal, told
from hall.counter.moves import draft_sheet
from hall.counter.sheets import issued_sheet, menu_sheet
from hall.counter.situation import (
    NO_CHOICE,
    AtKiosk,
    Booking,
    Choice,
    Draft,
    Menu,
    Sheet,
    Situation,
    Toast,
    rivals,
)
from hall.counter.ticket_sheets import find_subject, row_sheet
from hall.counter.view import View, present
from hall.counter.visits import visit_sheet
from hall.counter.words import refusal
from hall.model import HallState
from hall.words import Words

Ask = Callable[[AnyCommand, Callable[[Reply], None]], object]
"""Sends a command until it is answered; the reply comes on this desk's thread."""

_NOTICE_S = 8.0
_HOURS, _MINUTES = 24, 60
_MOST_LETTERS = 120
_LATE = "late"
"""The rule that the service names when somebody comes back after too many numbers."""
_BECKON_S = 2.0
_ONE_PRESS_S = 0.8
"""A second press of the same kind sooner than this belongs to the same double click."""
_SETTLE_S = 0.7
"""A button that has come to mean something else takes no press for so long."""


class Desk:
    """One counter's conversation with the service; lives on one thread.

    `now` is service time, `elapsed_s` counts centre seconds and `hand_s` real seconds, in which
    the hands of the officer move however fast the centre's clock runs.
    """

    def __init__(
        self,
        counter: int,
        ask: Ask,
        *,
        now: Callable[[], datetime],
        elapsed_s: Callable[[], float],
        hand_s: Callable[[], float],
        t: Words,
    ) -> None:
        self.situation = Situation(counter, t, now())
        self.changed: Callable[[], None] = lambda: None
        """Called when a reply has changed what there is to see."""
        self.sheet: Sheet | None = None
        self._ask = ask
        self._now = now
        self._elapsed_s = elapsed_s
        self._hand_s = hand_s
        self._pending: list[AnyCommand] = []
        self._pressed: dict[frozenset[str], float] = {}
        self._meant: dict[str, tuple[object, float]] = {}
        self._booking = Booking()
        self._notice_ends = 0.0
        self._beckon_ends = 0.0

    def view(self) -> View:
        """Return what the window shows now."""
        view = present(self.situation, self.sheet)
        meanings = {name: _meaning(choice) for name, choice in buttons_of(view).items()}
        meanings["late"] = tuple((row.ticket, row.call.text) for row in view.rows)
        hand = self._hand_s()
        for name, meaning in meanings.items():
            known = self._meant.get(name)
            if known is None or known[0] != meaning:
                self._meant[name] = meaning, hand if known else hand - _SETTLE_S
        return view

    def tick(self) -> None:
        """Let time pass."""
        at = self.situation
        notice = at.notice
        if notice and self._elapsed_s() >= self._notice_ends:
            notice = None
        beckons = at.beckons and self._hand_s() < self._beckon_ends
        self.situation = replace(at, now=self._now(), notice=notice, beckons=beckons)

    def take(self, hall: HallState) -> None:
        """Take what was heard of the hall."""
        self.situation = replace(self.situation, hall=hall, now=self._now())
        if self.sheet and self._is_outdated(self.sheet):
            self.close_sheet()

    # What is pressed ----------------------------------------------------------------------

    def press(self, button: str) -> None:
        """Press a button by its name, as it was shown: to a sheet, or a command."""
        choice = buttons_of(self.view()).get(button, NO_CHOICE)
        if not self._has_settled(button):
            return
        if choice.enabled and button != "alarm":
            self.close_sheet()
        self.follow(choice)

    def press_next(self) -> None:
        """Take F9: the big button, but never a choice that only the officer can make."""
        at = self.situation
        if at.choice_s is not None:
            self._beckon_ends = self._hand_s() + _BECKON_S
            self.situation = replace(at, beckons=True)
        elif at.current and at.calling:
            self._say(at.t("Số {0} đang được gọi. Xin chờ đọc xong.", at.current.number))
        else:
            self.press("primary")

    def choose(self, index: int) -> None:
        """Take a line of the open sheet."""
        if self.sheet and 0 <= index < len(self.sheet.choices) and self._has_settled("sheet"):
            choice = self.sheet.choices[index]
            if choice.enabled and not isinstance(choice.leads, PrintAppointment):
                self.close_sheet()
            self.follow(choice)

    def follow(self, choice: Choice) -> None:
        """Go where a choice leads."""
        match choice.leads:
            case Command():
                self._do(choice.leads)
            case Menu():
                self._open(menu_sheet(choice.leads, self.situation))
            case Draft():
                self._open(draft_sheet(choice.leads, self.situation))
            case Booking(day="") as booking:
                self._open(booking_sheet(booking, self.situation))
            case Booking() as booking:
                self._booking = booking
                self._do(ListSlots(service=booking.service, day=booking.day))
            case AtKiosk():
                self._open(visit_sheet(self.situation, choice.leads.kiosk))
            case Sheet():
                self._open(choice.leads)
            case None:
                pass

    def open_row(self, ticket: str) -> None:
        """Show what can be done with a ticket of the list."""
        subject = find_subject(self.situation, ticket)
        if subject and self.situation.live:
            self._open(row_sheet(self.situation, subject))

    def call_late(self, ticket: str) -> None:
        """Call a person of the list of those who did not come."""
        for row in self.view().rows:
            if row.ticket == ticket and self._has_settled("late"):
                self.follow(row.call)

    def call_row(self, ticket: str) -> None:
        """Call a ticket of the list; while somebody is at the counter its sheet asks first."""
        at = self.situation
        if at.current is None and at.may("call_ticket") and self._still_here(ticket):
            self.close_sheet()
            self._do(CallTicket(counter=at.counter, current=None, ticket=ticket))
        else:
            self.open_row(ticket)

    def say_changed(self) -> None:
        """Say that what was pressed had just come to mean something else."""
        self._say(self.situation.t("Số ở quầy vừa thay đổi. Xin xem lại rồi bấm tiếp."))

    def call_number(self, number: str) -> None:
        """Call the number that was typed."""
        wanted = number.strip().upper()
        if wanted:
            at = self.situation
            self.close_sheet()
            self._do(CallTicket(counter=at.counter, current=at.current_id, number=wanted))

    def adopt_number(self, number: str, time: str) -> None:
        """Take in the number that was typed, with the time that stands on its paper."""
        wanted, at = number.strip().upper(), self.situation
        given = _today_at(time, at)
        if not wanted or given is None:
            self._say(at.t("Xin nhập cả số và giờ trên phiếu, ví dụ 08:15."))
            return
        self.close_sheet()
        self._do(AdoptTicket(counter=at.counter, number=wanted, issued_at=given))

    def send_text(self, text: str) -> None:
        """Tell managers what was typed."""
        wanted = " ".join(text.split())[:_MOST_LETTERS]
        if wanted:
            self.close_sheet()
            self._do(told(self.situation, wanted))

    def find_code(self, typed: str) -> None:
        """Look for the appointment whose code was typed; the field stays until there is one."""
        code = typed_code(typed)
        if code is None:
            self._say(self.situation.t(NO_CODE))
        else:
            self._do(FindAppointment(code=code))

    def choose_tab(self, tab: TicketState) -> None:
        """Show another list."""
        self.situation = replace(self.situation, tab=tab)

    def dismiss(self) -> None:
        """Close the sheet by a press beside it."""
        if self._has_settled("sheet"):
            self.close_sheet()

    def close_sheet(self) -> None:
        """Close the sheet."""
        self._open(None)

    # --------------------------------------------------------------------------------------

    def _open(self, sheet: Sheet | None) -> None:
        self.sheet = sheet
        self._meant["sheet"] = sheet, self._hand_s()

    def _has_settled(self, button: str) -> bool:
        _, since = self._meant.get(button, (None, 0.0))
        return self._hand_s() - since >= _SETTLE_S

    def _do(self, command: AnyCommand) -> None:
        alike = rivals(kind_of(command))
        if not self.situation.live or alike & self.situation.pending or self._is_double(alike):
            return
        self._pressed[alike] = self._hand_s()
        self.situation = replace(self.situation, notice=None)
        self._send(command)

    def _send(self, command: AnyCommand) -> None:
        self._pending.append(command)
        self._note_pending()
        self._ask(command, lambda reply: self._take_reply(command, reply))

    def _take_reply(self, command: AnyCommand, reply: Reply) -> None:
        self._pending.remove(command)
        self._note_pending()
        if not reply.ok:
            at = self.situation
            self._say(refusal_words(reply, at) or _refused(command, reply, at.t))
            if isinstance(command, Change) and self._booking.day and self.sheet is None:
                self._send(ListSlots(service=self._booking.service, day=self._booking.day))
        elif isinstance(command, Question | Change):
            self._show_answer(command, reply)
        elif isinstance(command, AdoptTicket):
            text = self.situation.t("Đã nhận lại số {0} vào đúng chỗ.", command.number)
            self._say(text, good=True)
        elif isinstance(command, IssueTicket | CheckIn):
            self._show_issued(reply)
        elif isinstance(command, PrepareVisit):
            self._say(self.situation.t("Đã gửi đến máy lấy số."), good=True)
        elif isinstance(command, TellManagers):
            self._say(self.situation.t("Đã gửi quản lý."), good=True)
        elif isinstance(command, ReprintTicket):
            self._say(self.situation.t("Đã gửi lệnh in lại phiếu."), good=True)
        elif done := done_words(command, self.situation.t):
            self._say(done, good=True)
        self.changed()

    def _is_double(self, alike: frozenset[str]) -> bool:
        last = self._pressed.get(alike)
        return last is not None and self._hand_s() - last < _ONE_PRESS_S

    def _note_pending(self) -> None:
        pending = frozenset(kind_of(command) for command in self._pending)
        self.situation = replace(self.situation, pending=pending)

    def _say(self, text: str, *, good: bool = False) -> None:
        self._notice_ends = self._elapsed_s() + _NOTICE_S
        self.situation = replace(self.situation, notice=Toast(text, good))

    def _show_issued(self, reply: Reply) -> None:
        try:
            issued = result_of(reply, IssuedTicket)
        except MessageError:
            self._say(self.situation.t("Đã cấp số. Xin xem trong danh sách."), good=True)
        else:
            self._open(issued_sheet(self.situation, issued))

    def _show_answer(self, command: Question | Change, reply: Reply) -> None:
        """Show an answer, unless the officer has opened something else in the meantime."""
        asked = isinstance(command, FindAppointment) and self.sheet and self.sheet.asks_code
        if isinstance(command, Question) and self.sheet and not asked:
            return
        try:
            sheet = answer_sheet(command, reply, self.situation, self._booking)
        except MessageError:
            self._say(self.situation.t("Đã làm xong. Xin mở lại lịch hẹn để xem."), good=True)
        else:
            self._open(sheet)

    def _is_outdated(self, sheet: Sheet) -> bool:
        """Return whether somebody else has moved what a sheet is about, or whom it would settle."""
        if sheet.about and not self._still_here(sheet.about):
            return True
        return any(
            isinstance(choice.leads, CallNext | CallTicket)
            and choice.leads.current != self.situation.current_id
            for choice in sheet.choices
        )

    def _still_here(self, ticket: str) -> bool:
        return find_subject(self.situation, ticket) is not None


def _today_at(time: str, at: Situation) -> datetime | None:
    """Return the instant of a time of today, such as 8:15, 08h15 or 0815; None for none."""
    found = re.fullmatch(r"(\d{1,2})[:h.]?(\d\d)", time.strip().lower())
    if found is None:
        return None
    hour, minute = int(found.group(1)), int(found.group(2))
    if hour >= _HOURS or minute >= _MINUTES:
        return None
    local = at.now.astimezone(at.hall.zone)
    return local.replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(UTC)


def _refused(command: AnyCommand, reply: Reply, t: Words) -> str:  # noqa: PLR0911 - one case each
    """Return why a command was refused, in words that help the officer."""
    if isinstance(command, AdoptTicket):
        match reply.error:
            case Error.INVALID:
                return t("Giờ này không khớp với số {0}. Xin xem lại phiếu.", command.number)
            case Error.CONFLICT:
                return t("Số {0} đã có trong hàng.", command.number)
            case Error.NOT_ALLOWED | Error.UNKNOWN:
                return t("Số {0} không phải số bị mất của quầy này.", command.number)
    if isinstance(command, PrepareVisit) and reply.error is Error.UNKNOWN:
        return t("Cách hỗ trợ này vừa được bỏ khỏi cấu hình. Xin chọn cách khác.")
    if isinstance(command, TellManagers | CallColleague) and reply.error is Error.TOO_FAST:
        return t("Vừa gửi nhiều lần liên tiếp. Xin chờ ít phút.")
    if reply.result and reply.result.get("rule") == _LATE:
        return late_refusal(int(reply.result.get("numbers", 0)), t)
    return refusal(reply, t)


def buttons_of(view: View) -> dict[str, Choice]:
    """Return the buttons of the window that stand in a fixed place, by name."""
    buttons = view.buttons
    return {
        "primary": buttons.primary,
        "second": buttons.second,
        "recall": buttons.recall,
        "absent": buttons.absent,
        "park": buttons.park,
        "transfer": buttons.transfer,
        "more": buttons.more,
        "presence": view.header.presence,
        "arrived": view.current.arrived,
        "undo": view.undo,
        "outage": view.outage.report,
        "endOutage": view.outage.end,
        "alarm": view.alarm.choice,
        "alarms": view.alarm.others,
        **{f"outcome-{index}": choice for index, choice in enumerate(buttons.outcomes)},
    }


def _meaning(choice: Choice) -> object:
    """Return what a press would do, whichever ticket it is about."""
    return choice.text if choice.enabled else None
