"""Printers, LED signs and the loudspeaker of this box."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from appliance.doctor.finding import Finding, error, note, ok
from bus.messages import DeviceStatus
from config import Clock, Device
from config.settings import SimulatedPrinter, SimulatedSpeaker
from hardware.printer import Level as Says
from hardware.printer import Printer, PrinterBusy, PrinterError, PrinterState, open_printer
from hardware.sign import Face, SignError, SignLine, SignRefusedError, SignState, open_signs
from hardware.speaker import NoOutputError, Speaker, open_speaker

_Member = TypeVar("_Member", PrinterState, Says)


def check_printers(
    device: Device, data: Path, statuses: dict[str, DeviceStatus]
) -> Iterator[Finding]:
    """Ask every printer how it is; of one that the kiosk is using, the kiosk knows."""
    kiosk = statuses.get(device.kiosk.device)
    if kiosk and kiosk.online and "printer" in kiosk.health:
        for choice in device.kiosk.printers:
            yield printer_in_use(choice.name, kiosk.health)
        return
    for choice in device.kiosk.printers:
        if isinstance(choice, SimulatedPrinter):
            yield ok("printer", "printer_files", name=choice.name, path=data / "paper")
        else:
            yield check_printer(open_printer(choice, data, device.kiosk.device))


def check_printer(printer: Printer) -> Finding:
    """Open a printer and ask how it is."""
    try:
        return printer_state(printer.name, printer.check(), printer.level)
    except PrinterBusy:
        return note("printer", "printer_busy", name=printer.name)
    except PrinterError as failure:
        return error("printer", "printer_gone", name=printer.name, reason=failure)
    finally:
        printer.close()


def printer_in_use(name: str, health: Mapping[str, Any]) -> Finding:
    """Say what the kiosk says of one of its printers."""
    printers = health.get("printers")
    known = printers.get(name) if isinstance(printers, Mapping) else None
    if not isinstance(known, Mapping):
        return printer_state(name, _member(PrinterState, health["printer"]))
    state = _member(PrinterState, known.get("state"))
    return printer_state(name, state, _member(Says, known.get("capability")))


def printer_state(name: str, state: PrinterState, says: Says = Says.FULL) -> Finding:
    """Say what a printer's state, and how much it tells, mean for people."""
    match state:
        case PrinterState.READY:
            untested = says in (Says.UNKNOWN, Says.BASIC)
            return ok("printer", "printer_basic" if untested else "ok", name=name)
        case PrinterState.UNKNOWN:
            known = says is Says.NONE
            return ok("printer", "printer_silent" if known else "printer_unknown", name=name)
        case PrinterState.PAPER_LOW | PrinterState.TICKET_PRESENT:
            return note("printer", state.value, name=name)
        case PrinterState.OFFLINE:
            return error("printer", "printer_gone", name=name, reason=state.value)
        case _:
            return error("printer", state.value, name=name)


def check_signs(device: Device, data: Path, statuses: dict[str, DeviceStatus]) -> Iterator[Finding]:
    """Ask every LED sign how it is; of one that is in use, its process knows."""
    for box in device.signs:
        status = statuses.get(box.device)
        if status and status.online:
            states = status.health.get("signs")
            for sign in box.signs:
                state = states.get(str(sign.counter)) if isinstance(states, dict) else None
                yield sign_state(sign.counter, sign.address, str(state))
            continue
        line = open_signs(box.line, data, box.device)
        for sign in box.signs:
            yield sign_state(sign.counter, sign.address, _written(line, sign.address))
        line.close()


def sign_state(counter: int, address: int, state: str) -> Finding:
    """Say what a sign's state means for people."""
    says = {
        SignState.OK: ok("sign", counter=counter),
        SignState.UNKNOWN: ok("sign", "sign_unknown", counter=counter),
        SignState.DEAD: error("sign", "sign_dead", counter=counter, address=address),
        SignState.REFUSED: error("sign", "sign_refused", counter=counter, address=address),
    }
    return says[SignState(state) if state in set(SignState) else SignState.UNKNOWN]


def _written(line: SignLine, address: int) -> str:
    """Write dashes on a sign that nobody uses."""
    try:
        return line.show(address, Face())
    except SignRefusedError:
        return SignState.REFUSED
    except SignError:
        return SignState.DEAD


def check_sound(device: Device, data: Path, *, configured: bool) -> Finding:
    """Say which output speaks; only a configured box must have one."""
    choice = device.announcer.speaker
    if isinstance(choice, SimulatedSpeaker):
        return ok("sound", "sound_files", path=data / "voice")
    speaker = open_speaker(choice, data, device.announcer.device, Clock())
    return check_speaker(speaker, choice.output, configured=configured)


def check_speaker(speaker: Speaker, wanted: str, *, configured: bool) -> Finding:
    """Say which output this speaker would play on."""
    say = error if configured else note
    try:
        return ok("sound", "is", what=speaker.output())
    except NoOutputError as failure:
        if wanted:
            return say("sound", "sound_named", wanted=wanted, reason=failure)
        return say("sound", "sound_gone")
    finally:
        speaker.stop()


def _member(kind: type[_Member], text: object) -> _Member:
    """Return what a newer or older kiosk wrote, `unknown` when it has another word for it."""
    try:
        return kind(str(text))
    except ValueError:
        return kind("unknown")
