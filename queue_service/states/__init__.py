"""The retained documents, as pure functions of the state."""

from queue_service.states.board import board_state, wire_call
from queue_service.states.counter import counter_state
from queue_service.states.devices import devices_state, order_id
from queue_service.states.services import services_state
from queue_service.states.staff import staff_state
from queue_service.states.view import Header, View

__all__ = [
    "Header",
    "View",
    "board_state",
    "counter_state",
    "devices_state",
    "order_id",
    "services_state",
    "staff_state",
    "wire_call",
]
