"""Counters that open, rest and close; help, outages, notices and paper."""

from datetime import datetime, timedelta

from bus import commands as c
from bus.vocabulary import LONGEST_UNTIL_DAYS, CounterStatus, Error, Role
from queue_service.domain import events as e
from queue_service.domain.context import Context, Decision, known_counter
from queue_service.domain.rules import Rules
from queue_service.domain.state import HelpRequest, State
from queue_service.domain.tickets import OVER
from queue_service.domain.values import CounterNumber, Refusal, elapsed


def open_counter(state: State, rules: Rules, command: c.OpenCounter, _context: Context) -> Decision:
    """Let a counter serve."""
    counter = known_counter(rules, command.counter)
    if state.counter(counter).status is CounterStatus.OPEN:
        return Decision()
    return Decision((e.CounterOpened(counter=counter),))


def pause_counter(
    state: State, rules: Rules, command: c.PauseCounter, context: Context
) -> Decision:
    """Let a counter rest."""
    counter = known_counter(rules, command.counter)
    if state.counter(counter).status is CounterStatus.CLOSED:
        raise Refusal(Error.NOT_ALLOWED, f"counter {counter} is closed")
    if command.until is not None:
        _require_near(command.until, context)
    event = e.CounterPaused(counter=counter, reason=command.reason, until=command.until)
    return Decision((event,))


def close_counter(
    state: State, rules: Rules, command: c.CloseCounter, _context: Context
) -> Decision:
    """End a counter's day; tickets sent to it go back to their service."""
    counter = known_counter(rules, command.counter)
    present = state.counter(counter)
    if present.current is not None:
        raise Refusal(Error.NOT_ALLOWED, f"counter {counter} has a ticket")
    if present.status is CounterStatus.CLOSED:
        return Decision()
    sent = tuple(place.ticket for place in state.lines.get(counter, ()))
    return Decision((e.CounterClosed(counter=counter, released=sent),))


def request_help(state: State, _rules: Rules, command: c.RequestHelp, context: Context) -> Decision:
    """Ring at the counters, once until answered."""
    if any(request.place == command.place for request in unanswered(state)):
        return Decision()
    return Decision((e.HelpRequested(place=command.place, kiosk=context.device),))


def answer_help(state: State, rules: Rules, command: c.AnswerHelp, context: Context) -> Decision:
    """Stop the ringing of a place, or of the one that asked last: somebody goes."""
    counter = _who_comes(rules, command.counter, context)
    places = [request.place for request in unanswered(state)]
    place = command.place or (places[-1] if places else "")
    if place not in places:
        return Decision()
    return Decision((_answer(counter, place),))


def prepare_visit(
    state: State, rules: Rules, command: c.PrepareVisit, context: Context
) -> Decision:
    """Answer the call of a kiosk; that it is made ready for whom, no event says.

    No refusal names scenario or measures either: its words go into the log files.
    """
    counter = _who_comes(rules, command.counter, context)
    _require_kiosk(rules, command.kiosk)
    if command.scenario is not None and command.scenario not in rules.terms.scenarios:
        raise Refusal(Error.UNKNOWN, "no such scenario any more")
    return _answer_of_kiosk(state, command.kiosk, counter)


def end_visit(state: State, rules: Rules, command: c.EndVisit, context: Context) -> Decision:
    """Stop the ringing of a kiosk where nobody needs help any more."""
    counter = _who_comes(rules, command.counter, context)
    _require_kiosk(rules, command.kiosk)
    return _answer_of_kiosk(state, command.kiosk, counter)


def _answer_of_kiosk(state: State, kiosk: str, counter: CounterNumber | None) -> Decision:
    asked = [request.place for request in unanswered(state) if request.kiosk == kiosk]
    return Decision(tuple(_answer(counter, place) for place in asked))


def _answer(counter: CounterNumber | None, place: str) -> e.HelpAnswered | e.HelperComes:
    if counter is None:
        return e.HelperComes(place=place)
    return e.HelpAnswered(counter=counter, place=place)


def _who_comes(rules: Rules, counter: int | None, context: Context) -> CounterNumber | None:
    """Return the counter from which somebody comes; a helper of the house has none."""
    if counter is not None:
        return known_counter(rules, counter)
    if context.role is not Role.WEB:
        raise Refusal(Error.INVALID, "needs the counter that goes - at $.counter")
    return None


def _require_kiosk(rules: Rules, kiosk: str) -> None:
    if kiosk not in rules.printers:
        raise Refusal(Error.UNKNOWN, f"no kiosk {kiosk}")


def unanswered(state: State) -> list[HelpRequest]:
    """Return the calls for help to which nobody goes yet, the newest last."""
    return [request for request in state.help if request.answered_at is None]


def report_outage(
    state: State, _rules: Rules, command: c.ReportOutage, _context: Context
) -> Decision:
    """Begin to count the minutes of a system that is down."""
    if any(outage.system == command.system for outage in state.outages):
        return Decision()
    return Decision((e.OutageReported(system=command.system),))


def end_outage(state: State, _rules: Rules, command: c.EndOutage, context: Context) -> Decision:
    """Stop counting, and log how long it took."""
    for outage in state.outages:
        if outage.system == command.system:
            took = elapsed(outage.since, context.now)
            event = e.OutageEnded(
                system=command.system, seconds=took.seconds, clock_suspect=took.suspect
            )
            return Decision((event,))
    raise Refusal(Error.UNKNOWN, f"no outage of {command.system}")


def post_notice(_state: State, _rules: Rules, command: c.PostNotice, context: Context) -> Decision:
    """Put a line on the boards' marquee."""
    _require_near(command.until, context)
    return Decision((e.NoticePosted(text=command.text, until=command.until),))


def withdraw_notice(
    state: State, _rules: Rules, command: c.WithdrawNotice, context: Context
) -> Decision:
    """Take a line off the boards' marquee."""
    running = [notice.id for notice in state.notices if notice.until > context.now.at]
    if command.notice not in running:
        raise Refusal(Error.UNKNOWN, f"no notice {command.notice} runs")
    return Decision((e.NoticeWithdrawn(notice=command.notice),))


def report_print(
    state: State, _rules: Rules, command: c.ReportPrint, _context: Context
) -> Decision:
    """Log what became of a ticket's paper."""
    ticket = state.ticket(command.ticket)
    event = e.PrintReported(
        **e.naming(ticket),
        outcome=command.outcome,
        reason=command.reason or "",
        copy=command.copy,
        paper=command.paper,
    )
    return Decision((event,))


def reprint_ticket(
    state: State, rules: Rules, command: c.ReprintTicket, _context: Context
) -> Decision:
    """Have a marked copy printed."""
    ticket = state.ticket(command.ticket)
    if command.print_on not in rules.printers:
        raise Refusal(Error.UNKNOWN, f"no printer {command.print_on}")
    if ticket.state in OVER:
        raise Refusal(Error.NOT_ALLOWED, f"{ticket.number} is {ticket.state}")
    event = e.PrintRequested(**e.naming(ticket), print_on=command.print_on, copy=True)
    return Decision((event,))


def _require_near(until: datetime, context: Context) -> None:
    if until <= context.now.at:
        raise Refusal(Error.INVALID, "until has passed - at $.until")
    if until > context.now.at + timedelta(days=LONGEST_UNTIL_DAYS):
        raise Refusal(Error.INVALID, f"at most {LONGEST_UNTIL_DAYS} days ahead - at $.until")
