"""What managers have devices do: show that they work, speak a text, be louder."""

from datetime import timedelta

from bus import codec
from bus import commands as c
from bus.vocabulary import Error, PrinterLine, Role
from queue_service.domain.context import Context, Decision
from queue_service.domain.events import DeviceOrdered
from queue_service.domain.rules import Rules
from queue_service.domain.state import DeviceOrder, State
from queue_service.domain.values import Refusal

TESTS = {
    Role.KIOSK: "print_test",
    Role.ANNOUNCER: "speak",
    Role.BOARD: "blink",
    Role.SIGN: "blink",
    Role.COUNTER: "blink",
}
"""What a device does for a test; a keypad can only be pressed."""
SPEAK, USE_PRINTER, PRINT_SLIP = "speak", "use_printer", "print_slip"
SPOKEN_TEST = "Đây là tiếng thử loa. Xin cảm ơn quý vị."
TEXT_EXPIRES = timedelta(minutes=3)
"""A text that has waited so long behind the calls is not begun any more."""
_MINUTE = timedelta(minutes=1)
_MOST_TEXTS = 6
_MOST_TESTS = 12
"""What one loudspeaker speaks, and one device shows, in a minute: paper and ears have an end."""


def test_device(state: State, rules: Rules, command: c.TestDevice, context: Context) -> Decision:
    """Have a device show that it works, one test at a time."""
    does = TESTS.get(_role(rules, command.device))
    if does is None:
        raise Refusal(Error.NOT_ALLOWED, f"{command.device} cannot be tested from afar")
    recent = orders_of_late(state, context, command.device)
    tests = [order for order in recent if order.test]
    if len(tests) >= _MOST_TESTS or any(order.outcome is None for order in tests):
        raise Refusal(Error.TOO_FAST, f"{command.device} is being tested")
    text = SPOKEN_TEST if does == SPEAK else ""
    return Decision((DeviceOrdered(device=command.device, does=does, test=True, text=text),))


def choose_printer(
    state: State, rules: Rules, command: c.ChoosePrinter, context: Context
) -> Decision:
    """Have a kiosk print on another printer; whether that is there only the kiosk knows."""
    if _role(rules, command.device) is not Role.KIOSK:
        raise Refusal(Error.NOT_ALLOWED, f"{command.device} prints nothing")
    if bool(command.printer.address) is (command.printer.line is PrinterLine.SIMULATED):
        raise Refusal(Error.INVALID, "no address of a printer - at $.printer.address")
    recent = orders_of_late(state, context, command.device)
    if sum(order.does == USE_PRINTER for order in recent) >= _MOST_TESTS:
        raise Refusal(Error.TOO_FAST, f"{command.device} gets {_MOST_TESTS} printers a minute")
    chosen = codec.encode(command.printer).decode()
    return Decision((DeviceOrdered(device=command.device, does=USE_PRINTER, text=chosen),))


def speak_text(state: State, rules: Rules, command: c.SpeakText, context: Context) -> Decision:
    """Have a text spoken after the calls."""
    if not command.text.strip():
        raise Refusal(Error.INVALID, "nothing to say - at $.text")
    voices = rules.voices if command.device is None else (command.device,)
    if not voices or any(_role(rules, voice) is not Role.ANNOUNCER for voice in voices):
        raise Refusal(Error.UNKNOWN, "no such loudspeaker - at $.device")
    for voice in voices:
        texts = [order for order in orders_of_late(state, context, voice) if order.does == SPEAK]
        if len(texts) >= _MOST_TEXTS:
            raise Refusal(Error.TOO_FAST, f"{voice} speaks {_MOST_TEXTS} texts a minute at most")
    return Decision(
        tuple(
            DeviceOrdered(device=voice, does=SPEAK, text=command.text, lang=str(command.lang))
            for voice in voices
        )
    )


def set_volume(
    _state: State, rules: Rules, command: c.SetDeviceVolume, _context: Context
) -> Decision:
    """Set how loud a loudspeaker is."""
    if _role(rules, command.device) is not Role.ANNOUNCER:
        raise Refusal(Error.NOT_ALLOWED, f"{command.device} is no loudspeaker")
    volume = round(command.volume, 2)
    return Decision((DeviceOrdered(device=command.device, does="set_volume", volume=volume),))


def _role(rules: Rules, device: str) -> Role:
    if device not in rules.devices:
        raise Refusal(Error.UNKNOWN, f"no device {device}")
    return rules.devices[device]


def orders_of_late(state: State, context: Context, device: str) -> list[DeviceOrder]:
    """Return what a device was told to do within the last minute."""
    since = context.now.at - _MINUTE
    return [order for order in state.orders if order.device == device and order.at.at > since]
