"""The document of what devices were told to do, which managers' pages follow."""

from bus import states
from queue_service.domain.state import DeviceOrder
from queue_service.states.view import Header, View, newest

_ORDER_BYTES = 24_000


def devices_state(view: View, header: Header) -> states.DevicesState:
    """Return the newest orders with what became of them."""
    orders = [_progress(order, view.epoch) for order in view.state.orders]
    return states.DevicesState(
        epoch=header.epoch, rev=header.rev, at=header.at, orders=newest(orders, _ORDER_BYTES)
    )


def order_id(epoch: str, seq: int) -> str:
    """Return the id on the wire of the order that the event `seq` gave."""
    return f"{epoch}-{seq}"


def _progress(order: DeviceOrder, epoch: str) -> states.OrderProgress:
    return states.OrderProgress(
        order=order_id(epoch, order.seq),
        device=order.device,
        does=order.does,
        test=order.test,
        text=order.text,
        at=order.at.at,
        outcome=order.outcome,
        reason=order.reason,
        ended_at=order.ended_at,
    )
