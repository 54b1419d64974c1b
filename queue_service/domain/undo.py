"""Taking a counter's last step back."""

from bus.commands import Undo
from bus.vocabulary import Error
from queue_service.domain.context import Context, Decision
from queue_service.domain.events import StepUndone
from queue_service.domain.rules import Rules
from queue_service.domain.state import State, Step
from queue_service.domain.tickets import AT_COUNTER
from queue_service.domain.values import CounterNumber, Refusal


def undoable(state: State, number: CounterNumber) -> Step | None:
    """Return the step that a counter can take back now, or None."""
    step = state.counter(number).step
    if step is None or any(state.tickets[t.id].touched > step.last for t in step.before):
        return None
    current = state.counter(number).current
    taken = {ticket.id for ticket in step.before}
    holds = any(ticket.state in AT_COUNTER for ticket in step.before)
    if holds and current is not None and current not in taken:
        return None
    return step


def undo(state: State, _rules: Rules, command: Undo, context: Context) -> Decision:
    """Make the tickets of a counter's last step what they were before it."""
    for number in sorted(context.counters or state.counters):
        step = undoable(state, number)
        if step is not None and str(step.first) == command.event:
            event = StepUndone(
                counter=number,
                step=step.first,
                cause=step.cause,
                tickets=tuple(ticket.id for ticket in step.before),
                withdrawn=step.calls,
            )
            return Decision((event,))
    raise Refusal(Error.NOT_ALLOWED, f"step {command.event} cannot be undone")
