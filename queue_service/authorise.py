"""Who may do what: the second check, after the broker's ACL."""

from dataclasses import dataclass

from bus import messages as m
from config.settings import Centre, KnownDevice, Role
from queue_service.domain import values as v
from queue_service.domain.values import CounterNumber, Refusal, Refused

_KIOSK = frozenset({Role.KIOSK})
_DESK = frozenset({Role.COUNTER, Role.WEB})
_CALLING = frozenset({Role.COUNTER, Role.KEYPAD, Role.WEB})
_WEB = frozenset({Role.WEB})

_MAY: dict[type[m.Command], frozenset[Role]] = {
    m.IssueTicket: _KIOSK | _DESK,
    m.ReportPrint: _KIOSK | _DESK,
    m.ReprintTicket: _KIOSK | _DESK,
    m.VoidTicket: _KIOSK | _DESK,
    m.SetClass: _DESK,
    m.CancelTicket: _WEB,
    m.CallNext: _CALLING,
    m.CallTicket: _CALLING,
    m.Recall: _CALLING,
    m.StartServing: _CALLING,
    m.Finish: _CALLING,
    m.MarkAbsent: _CALLING,
    m.Park: _DESK,
    m.Transfer: _DESK,
    m.ReturnToQueue: _DESK,
    m.Undo: _DESK,
    m.OpenCounter: _DESK,
    m.PauseCounter: _DESK,
    m.CloseCounter: _DESK,
    m.RequestHelp: _KIOSK,
    m.AnswerHelp: _DESK,
    m.ReportOutage: _DESK,
    m.EndOutage: _DESK,
    m.PostNotice: _WEB,
    m.ApplyConfig: _WEB,
}
_WEB_IN_ITS_OWN_NAME = (
    m.CancelTicket,
    m.ReportOutage,
    m.EndOutage,
    m.PostNotice,
    m.ApplyConfig,
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the device, its role, and for which counters."""

    device: str
    role: v.Role
    counters: frozenset[CounterNumber] | None
    """None for all."""
    acting: CounterNumber | None
    """The counter whose step a command is."""
    by: str | None


def authorise(centre: Centre, device: str, command: m.AnyCommand) -> Actor:
    """Return who acts, or refuse with `not_allowed`."""
    known = centre.device(device)
    if known is None or known.role not in _MAY[type(command)]:
        raise Refusal(Refused.NOT_ALLOWED, f"{device} may not {type(command).__name__}")
    if known.role is Role.WEB and not command.by and not isinstance(command, _WEB_IN_ITS_OWN_NAME):
        raise Refusal(Refused.NOT_ALLOWED, "web acts for an officer and says by - at $.by")
    counters = _counters(known)
    counter = getattr(command, "counter", None)
    if counters is not None and counter is not None and counter not in counters:
        raise Refusal(Refused.NOT_ALLOWED, f"{device} may not act for counter {counter}")
    acting = counter
    if acting is None and known.role is Role.COUNTER:
        acting = known.counters[0]
    return Actor(
        device=device,
        role=v.Role(known.role.value),
        counters=counters,
        acting=None if acting is None else CounterNumber(acting),
        by=command.by if known.role is Role.WEB else None,
    )


def _counters(known: KnownDevice) -> frozenset[CounterNumber] | None:
    if known.role is Role.KIOSK or (known.role is Role.WEB and not known.counters):
        return None
    return frozenset(CounterNumber(number) for number in known.counters)
