"""Who may do what: the second check, after the broker's ACL."""

from dataclasses import dataclass

from bus import commands
from bus.vocabulary import Error
from config.settings import Centre, KnownDevice, Role
from queue_service.domain.values import CounterNumber, Refusal

_KIOSK = frozenset({Role.KIOSK})
_DESK = frozenset({Role.COUNTER, Role.WEB})
_CALLING = frozenset({Role.COUNTER, Role.KEYPAD, Role.WEB})
_WEB = frozenset({Role.WEB})
_PHONES = frozenset({Role.WEB_PUBLIC})

_MAY: dict[type[commands.Command], frozenset[Role]] = {
    commands.IssueTicket: _KIOSK | _DESK,
    commands.AdoptTicket: _DESK,
    commands.ReportPrint: _KIOSK | _DESK,
    commands.ReprintTicket: _KIOSK | _DESK,
    commands.VoidTicket: _KIOSK | _DESK,
    commands.SetClass: _DESK,
    commands.CancelTicket: _PHONES,
    commands.CallNext: _CALLING,
    commands.CallTicket: _CALLING,
    commands.Recall: _CALLING,
    commands.StartServing: _CALLING,
    commands.Finish: _CALLING,
    commands.MarkAbsent: _CALLING,
    commands.Park: _DESK,
    commands.PostponeReminder: _DESK,
    commands.Transfer: _DESK,
    commands.ReturnToQueue: _DESK,
    commands.Undo: _DESK,
    commands.OpenCounter: _DESK,
    commands.PauseCounter: _DESK,
    commands.CloseCounter: _DESK,
    commands.RequestHelp: _KIOSK,
    commands.AnswerHelp: _DESK,
    commands.PrepareVisit: _DESK,
    commands.EndVisit: _DESK,
    commands.CallColleague: _DESK,
    commands.AnswerColleague: _DESK,
    commands.TellCounters: _WEB,
    commands.TellManagers: _DESK,
    commands.ReadMessage: _DESK,
    commands.ReportOutage: _DESK,
    commands.EndOutage: _DESK,
    commands.PostNotice: _WEB,
    commands.WithdrawNotice: _WEB,
    commands.TestDevice: _WEB,
    commands.ChoosePrinter: _WEB,
    commands.SpeakText: _WEB,
    commands.SetDeviceVolume: _WEB | _KIOSK,
    commands.ConfirmDay: _DESK,
    commands.ListSlots: _DESK,
    commands.BookAppointment: _DESK,
    commands.FindAppointment: _DESK,
    commands.MoveAppointment: _DESK,
    commands.CancelAppointment: _DESK,
    commands.ListAppointments: _DESK,
    commands.PrintAppointment: _DESK,
    commands.CheckIn: _KIOSK | _DESK,
    commands.ApplyConfig: _WEB,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the device, its role, and for which counters."""

    device: str
    role: Role
    counters: frozenset[CounterNumber] | None
    """None for all."""
    acting: CounterNumber | None
    """The counter whose step a command is."""
    by: str | None


def authorise(centre: Centre, device: str, command: commands.AnyCommand) -> Actor:
    """Return who acts, or refuse with `not_allowed`."""
    known = centre.device(device)
    if known is None or known.role not in _MAY[type(command)]:
        raise Refusal(Error.NOT_ALLOWED, f"{device} may not {type(command).__name__}")
    if known.role is Role.WEB and not command.by:
        raise Refusal(Error.NOT_ALLOWED, "web acts for a person and says by - at $.by")
    if known.role is not Role.WEB and command.by is not None:
        raise Refusal(Error.NOT_ALLOWED, f"{device} may not say who acts - at $.by")
    counters = _counters(known)
    counter = getattr(command, "counter", None)
    if counters is not None and counter is not None and counter not in counters:
        raise Refusal(Error.NOT_ALLOWED, f"{device} may not act for counter {counter}")
    acting = counter
    if acting is None and known.role is Role.COUNTER:
        acting = known.counters[0]
    return Actor(
        device=device,
        role=known.role,
        counters=counters,
        acting=None if acting is None else CounterNumber(acting),
        by=command.by,
    )


def _counters(known: KnownDevice) -> frozenset[CounterNumber] | None:
    if known.role is Role.KIOSK or (known.role is Role.WEB and not known.counters):
        return None
    return frozenset(CounterNumber(number) for number in known.counters)
