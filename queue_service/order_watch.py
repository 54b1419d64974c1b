"""What managers had devices do, until each has answered or had its time."""

from collections.abc import Callable

from bus.orders import OrderResult
from bus.vocabulary import OrderOutcome
from queue_service.attention import Attention
from queue_service.domain.devices import PRINT_SLIP, SPEAK, TEXT_EXPIRES
from queue_service.domain.events import DeviceAnswered, Event
from queue_service.domain.state import DeviceOrder
from queue_service.engine import Engine
from queue_service.states import order_id

_REAL_ANSWER_S = {"print_test": 60.0, PRINT_SLIP: 60.0}
_USUAL_REAL_ANSWER_S = 20.0
"""What a network, a screen or a slow printer may take, however fast the centre's clock runs."""
_LONGEST_SPEECH_S = 45.0
_MAY_CHANGE = (None, OrderOutcome.UNANSWERED, OrderOutcome.UNPROVEN)
"""A late answer is better than none, and a page may be proven when the roll is changed."""


class OrderWatch:
    """Hears what became of orders; what no device says in time is unanswered.

    While the store fails it forgets nothing. An answer that comes late stands all the same.
    """

    def __init__(
        self, engine: Engine, attention: Attention, real_s: Callable[[float], float]
    ) -> None:
        """Follow the orders of the present day."""
        self._engine = engine
        self._ledger = engine.ledger
        self._attention = attention
        self._real_s = real_s
        self._due: dict[int, float] = {}
        self._unlogged: dict[int, Event] = {}

    def hear(self, device: str, result: OrderResult) -> None:
        """Take what `device` says of an order that was its own and has no certain end yet."""
        for order in self._ledger.state.orders:
            if order_id(self._ledger.epoch, order.seq) != result.order or order.device != device:
                continue
            if order.outcome in _MAY_CHANGE:
                self._unlogged[order.seq] = _answered(order, result.outcome, result.reason or "")

    def look(self) -> None:
        """Give up the orders whose time is over; it stands still while nobody can be heard."""
        open_orders = {o.seq: o for o in self._ledger.state.orders if o.outcome is None}
        present = self._attention()
        self._due = {
            seq: self._due.get(seq, present + self._patience_s(order))
            for seq, order in open_orders.items()
        }
        for seq, due in self._due.items():
            if due <= present and self._attention.linked and seq not in self._unlogged:
                self._unlogged[seq] = _answered(open_orders[seq], OrderOutcome.UNANSWERED)

    @property
    def owed(self) -> bool:
        """Return whether the log does not have everything yet."""
        return bool(self._unlogged)

    def write_down(self) -> bool:
        """Give the log what it is owed; return whether that was anything. Raises StoreError."""
        if not self._unlogged:
            return False
        self._engine.record(tuple(self._unlogged.values()), "devices")
        self._unlogged.clear()
        return True

    def due_in_s(self) -> float | None:
        """Return in how many real seconds the next order has had its time, if any waits."""
        if not self._due or not self._attention.linked:
            return None
        return self._real_s(min(self._due.values()) - self._attention())

    def _patience_s(self, order: DeviceOrder) -> float:
        real_s = _REAL_ANSWER_S.get(order.does, _USUAL_REAL_ANSWER_S)
        waits_s = TEXT_EXPIRES.total_seconds() + _LONGEST_SPEECH_S if order.does == SPEAK else 0.0
        return waits_s + real_s / self._real_s(1.0)


def _answered(order: DeviceOrder, outcome: OrderOutcome, reason: str = "") -> DeviceAnswered:
    return DeviceAnswered(order=order.seq, device=order.device, outcome=outcome, reason=reason)
