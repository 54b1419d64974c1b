"""What goes on between the people of the house, as managers' pages and counters read it."""

from bus import states
from queue_service.domain.between import call_of, messages_for
from queue_service.domain.state import DeskMessage, StaffCall
from queue_service.domain.values import CounterNumber
from queue_service.states.services import ANSWERED_FOR
from queue_service.states.view import Header, View, newest
from queue_service.states.visits import fetching

_CALL_BYTES, _MESSAGE_BYTES, _COUNTER_BYTES = 16_000, 24_000, 5_000


def staff_state(view: View, header: Header) -> states.StaffState:
    """Return the calls for somebody and the messages of the day."""
    counters = dict.fromkeys(call.counter for call in view.state.staff_calls)
    calls = [call for number in counters if (call := own_call(view, number)) is not None]
    messages = [_message(message, message.read_by) for message in view.state.messages]
    return states.StaffState(
        epoch=header.epoch,
        rev=header.rev,
        at=header.at,
        calls=newest(sorted(calls, key=lambda call: call.since), _CALL_BYTES),
        fetching=fetching(view),
        messages=newest(messages, _MESSAGE_BYTES),
        messages_total=len(messages),
    )


def own_call(view: View, number: CounterNumber) -> states.StaffCall | None:
    """Return the last call of a counter: until answered, and two minutes after."""
    call = call_of(view.state, number)
    if call is None or _is_over(call, view):
        return None
    return states.StaffCall(
        counter=number,
        whom=call.whom,
        since=call.at.at,
        answered_at=call.answered_at,
        answered_by=call.answered_by,
    )


def messages_of(view: View, number: CounterNumber) -> tuple[states.DeskMessage, ...]:
    """Return the newest messages of and to a counter."""
    messages = [
        _message(message, tuple(n for n in message.read_by if n == number))
        for message in messages_for(view.state, number)
    ]
    return newest(messages, _COUNTER_BYTES)


def _is_over(call: StaffCall, view: View) -> bool:
    if call.answered_at is None:
        return False
    return call.answered_by == call.counter or call.answered_at + ANSWERED_FOR <= view.now


def _message(message: DeskMessage, read_by: tuple[CounterNumber, ...]) -> states.DeskMessage:
    return states.DeskMessage(
        id=message.id,
        text=message.text,
        at=message.at.at,
        counter=message.counter,
        to=message.to,
        answers=message.answers or None,
        read_by=read_by,
    )
