"""What a counter may do now: the rules themselves are asked, there is no second table."""

from collections.abc import Iterable, Iterator
from itertools import islice

from bus import commands as c
from bus.vocabulary import AppointmentState, Colleague, CurrentTo, ReturnTo, TicketClass
from queue_service.domain.absences import late_ones
from queue_service.domain.appointments import free_seats
from queue_service.domain.between import messages_for, open_calls
from queue_service.domain.context import Context
from queue_service.domain.day import DayStep, day_due
from queue_service.domain.decide import decide
from queue_service.domain.restoring import lost_number
from queue_service.domain.roll import next_torn
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.domain.tickets import Ticket
from queue_service.domain.undo import undoable
from queue_service.domain.values import CounterNumber, Refusal

Trials = Iterator[tuple[str, c.Command]]


def legal(
    state: State,
    rules: Rules,
    context: Context,
    counter: CounterNumber,
    *,
    listed: Iterable[Ticket],
    numbers: Iterable[str] = (),
) -> tuple[str, ...]:
    """Return the commands of `counter` that would be accepted now and change something.

    `context` is that of the counter's own device, `listed` are the tickets that it shows, and
    `numbers` some that people may hold although nobody has delivered them.
    """
    due = day_due(state, rules, context.now)
    if due.step is DayStep.ASK:
        return ("confirm_day",)
    found: dict[str, None] = {} if due.step is not DayStep.DOUBT else {"confirm_day": None}
    current = state.counter(counter).current
    trials = [_at_large(state, rules, counter), _of_current(counter, current)]
    trials.append(_of_rolls(state, rules, context, counter, current))
    # Tickets that stand alike are treated alike; one of each sort is enough.
    late = late_ones(state, rules)
    sorts = {(*_sort(ticket), ticket.id in late): ticket for ticket in listed}
    trials += [_of_ticket(rules, counter, current, ticket.id) for ticket in sorts.values()]
    trials.append(_of_numbers(counter, current, numbers))
    trials.append(_of_appointments(state, rules, context))
    for trial in trials:
        for name, command in trial:
            if name not in found and _is_accepted(state, rules, command, context):
                found[name] = None
    return tuple(found)


def _sort(t: Ticket) -> tuple[object, ...]:
    reminds, returns = t.remind_at is not None, t.way_back is not None
    return (t.state, t.counter, t.service, t.to_counter, t.ticket_class, reminds, returns)


def _is_accepted(state: State, rules: Rules, command: c.Command, context: Context) -> bool:
    try:
        decision = decide(state, rules, command, context)
    except Refusal:
        return False
    return decision.refusal is None and bool(decision.events)


def _at_large(state: State, rules: Rules, counter: CounterNumber) -> Trials:
    yield "open_counter", c.OpenCounter(counter=counter)
    yield "pause_counter", c.PauseCounter(counter=counter, reason="")
    yield "close_counter", c.CloseCounter(counter=counter)
    yield "answer_help", c.AnswerHelp(counter=counter)
    for whom in Colleague:
        yield f"call_colleague.{whom}", c.CallColleague(counter=counter, whom=whom)
    for call in open_calls(state):
        yield "answer_colleague", c.AnswerColleague(calling=call.counter, counter=counter)
    yield "tell_managers", c.TellManagers(counter=counter, text="?")
    for message in messages_for(state, counter):
        if message.counter is None:
            yield "read_message", c.ReadMessage(counter=counter, message=message.id)
    new = max((outage.system for outage in state.outages), default="") + "-"
    yield "report_outage", c.ReportOutage(system=new)
    for outage in state.outages:
        yield "end_outage", c.EndOutage(system=outage.system)
    lost = lost_number(state, rules, counter)
    if lost is not None and state.restored is not None:
        at = state.restored.at
        yield "adopt_ticket", c.AdoptTicket(counter=counter, number=lost, issued_at=at)
    for code in rules.services:
        yield "issue_ticket", c.IssueTicket(service=code)
    step = undoable(state, counter)
    if step is not None:
        yield "undo", c.Undo(event=str(step.first))


def _of_current(counter: CounterNumber, current: str | None) -> Trials:
    yield "call_next", c.CallNext(counter=counter, current=current)
    if current is None:
        return
    for to in CurrentTo:
        command = c.CallNext(counter=counter, current=current, current_to=to)
        yield f"call_next.{to}", command
    yield "recall", c.Recall(counter=counter, ticket=current)
    yield "start_serving", c.StartServing(counter=counter, ticket=current)
    yield "finish", c.Finish(counter=counter, ticket=current)
    yield "mark_absent", c.MarkAbsent(counter=counter, ticket=current)
    yield "park", c.Park(counter=counter, ticket=current)


def _of_rolls(
    state: State, rules: Rules, context: Context, counter: CounterNumber, current: str | None
) -> Trials:
    to = None if current is None else CurrentTo.FINISH
    for service in rules.counters[counter]:
        roll = rules.services[service].roll
        if roll is not None:
            command = c.CallNext(counter=counter, current=current, current_to=to, roll=service)
            yield "call_next.roll", command
            number = next_torn(state, rules, roll, service, context).number
            yield "call_ticket", c.CallTicket(counter=counter, current=current, number=number)


def _of_numbers(counter: CounterNumber, current: str | None, numbers: Iterable[str]) -> Trials:
    for number in numbers:
        yield "call_ticket", c.CallTicket(counter=counter, current=current, number=number)


def _of_appointments(state: State, rules: Rules, context: Context) -> Trials:
    for service, at in islice(free_seats(state, rules, context.now.at), 1):
        yield "book_appointment", c.BookAppointment(service=service, at=at)
    booked = AppointmentState.BOOKED
    held = next((one for one in state.appointments.values() if one.state is booked), None)
    if held is None:
        return
    yield "cancel_appointment", c.CancelAppointment(appointment=held.id)
    for printer in rules.printers:
        yield "print_appointment", c.PrintAppointment(appointment=held.id, print_on=printer)
    others = free_seats(state, rules, context.now.at)
    for service, at in islice((one for one in others if one != (held.service, held.at)), 1):
        move = c.MoveAppointment(appointment=held.id, service=service, at=at)
        yield "move_appointment", move


def _of_ticket(rules: Rules, counter: CounterNumber, current: str | None, ticket: str) -> Trials:
    call = c.CallTicket(counter=counter, current=current, ticket=ticket)
    yield "call_ticket", call
    for code in rules.services:
        yield "transfer", c.Transfer(counter=counter, ticket=ticket, to_service=code)
        back = c.Transfer(counter=counter, ticket=ticket, to_service=code, then_back=True)
        yield "transfer.then_back", back
    for number in rules.counters:
        yield "transfer", c.Transfer(counter=counter, ticket=ticket, to_counter=number)
    yield "postpone_reminder", c.PostponeReminder(counter=counter, ticket=ticket)
    for to in ReturnTo:
        yield f"return_to_queue.{to}", c.ReturnToQueue(ticket=ticket, to=to)
    for ticket_class in TicketClass:
        yield "set_class", c.SetClass(ticket=ticket, ticket_class=ticket_class)
    yield "void_ticket", c.VoidTicket(ticket=ticket)
    for printer in rules.printers:
        yield "reprint_ticket", c.ReprintTicket(ticket=ticket, print_on=printer)
