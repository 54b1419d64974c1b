"""What follows from a command: events, or a refusal that changes nothing."""

from collections.abc import Callable
from typing import Any

from bus import commands as c
from queue_service.domain.between import (
    answer_colleague,
    call_colleague,
    read_message,
    tell_counters,
    tell_managers,
)
from queue_service.domain.booking import (
    book_appointment,
    cancel_appointment,
    check_in,
    find_appointment,
    list_appointments,
    list_slots,
    move_appointment,
    print_appointment,
)
from queue_service.domain.calling import call_next, call_ticket, recall, start_serving
from queue_service.domain.context import Context, Decision
from queue_service.domain.day import confirm_day
from queue_service.domain.devices import choose_printer, set_volume, speak_text, test_device
from queue_service.domain.hall import (
    answer_help,
    close_counter,
    end_outage,
    end_visit,
    open_counter,
    pause_counter,
    post_notice,
    prepare_visit,
    report_outage,
    report_print,
    reprint_ticket,
    request_help,
    withdraw_notice,
)
from queue_service.domain.issue import issue_ticket
from queue_service.domain.moves import (
    cancel_ticket,
    return_to_queue,
    set_class,
    transfer,
    void_ticket,
)
from queue_service.domain.restoring import adopt_ticket
from queue_service.domain.rules import Rules
from queue_service.domain.settle import finish, mark_absent, park, postpone_reminder
from queue_service.domain.state import State
from queue_service.domain.undo import undo

_RULES: dict[type[Any], Callable[[State, Rules, Any, Context], Decision]] = {
    c.IssueTicket: issue_ticket,
    c.AdoptTicket: adopt_ticket,
    c.ReportPrint: report_print,
    c.ReprintTicket: reprint_ticket,
    c.VoidTicket: void_ticket,
    c.SetClass: set_class,
    c.CancelTicket: cancel_ticket,
    c.CallNext: call_next,
    c.CallTicket: call_ticket,
    c.Recall: recall,
    c.StartServing: start_serving,
    c.Finish: finish,
    c.MarkAbsent: mark_absent,
    c.Park: park,
    c.PostponeReminder: postpone_reminder,
    c.Transfer: transfer,
    c.ReturnToQueue: return_to_queue,
    c.Undo: undo,
    c.OpenCounter: open_counter,
    c.PauseCounter: pause_counter,
    c.CloseCounter: close_counter,
    c.RequestHelp: request_help,
    c.AnswerHelp: answer_help,
    c.PrepareVisit: prepare_visit,
    c.EndVisit: end_visit,
    c.CallColleague: call_colleague,
    c.AnswerColleague: answer_colleague,
    c.TellCounters: tell_counters,
    c.TellManagers: tell_managers,
    c.ReadMessage: read_message,
    c.ReportOutage: report_outage,
    c.EndOutage: end_outage,
    c.PostNotice: post_notice,
    c.WithdrawNotice: withdraw_notice,
    c.TestDevice: test_device,
    c.ChoosePrinter: choose_printer,
    c.SpeakText: speak_text,
    c.SetDeviceVolume: set_volume,
    c.ConfirmDay: confirm_day,
    c.ListSlots: list_slots,
    c.BookAppointment: book_appointment,
    c.FindAppointment: find_appointment,
    c.MoveAppointment: move_appointment,
    c.CancelAppointment: cancel_appointment,
    c.ListAppointments: list_appointments,
    c.PrintAppointment: print_appointment,
    c.CheckIn: check_in,
}


def decide(state: State, rules: Rules, command: c.Command, context: Context) -> Decision:
    """Return what follows from `command`; raises Refusal when it has no effect."""
    return _RULES[type(command)](state, rules, command, context)
