"""The call devices a box may have: keypads on a line, a USB numeric keypad, MQTT buttons."""

import re
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, field

from config.settings.base import CounterNumber, Name, Port, Settings

Milliseconds = Annotated[int, Meta(ge=0, le=60_000)]
Byte = Annotated[int, Meta(ge=0, le=255)]
KeyCode = Annotated[str, Meta(pattern=r"^[0-9]{1,3}$")]
HexCode = Annotated[str, Meta(pattern=r"^[0-9A-F]{2}$")]
KeyEdge = Annotated[str, Meta(pattern=r"^([a-z0-9_]+(\.(down|up|double|hold))?)?$")]
"""A key's name, `button` where there is but one; with what the keypad tells of it, if it does."""
PressName = Annotated[str, Meta(pattern=r"^[a-z0-9_]+(\.(double|hold))?$", max_length=40)]
"""`single`, `double`, `hold` of a device with one button; else `recall`, `enter.hold`, …"""


class CallAction(StrEnum):
    """What a press asks of the service."""

    NEXT = "next"
    """Call who is next; the person at the counter is done."""
    RECALL = "recall"
    """Call the current number once more."""
    PARK_NEXT = "park_next"
    """Chờ ký – gọi tiếp: the person waits for a signature, call who is next."""
    ABSENT = "absent"
    """The called person did not come."""
    START = "start"
    """The called person is here."""
    FINISH = "finish"
    """The person is done; call nobody."""
    CALL_NUMBER = "call_number"
    """Call the number that was typed. Without such a key, a key of `next` takes it."""


Actions = dict[PressName, CallAction]


def one_button() -> Actions:
    """Return what the gestures of a single button mean."""
    return {
        "single": CallAction.NEXT,
        "double": CallAction.RECALL,
        "hold": CallAction.PARK_NEXT,
    }


def _keypad() -> Actions:
    """Return what a keypad's keys mean; one with a single button has no named ones."""
    named = {
        "next": CallAction.NEXT,
        "recall": CallAction.RECALL,
        "park": CallAction.PARK_NEXT,
        "absent": CallAction.ABSENT,
        "start": CallAction.START,
        "finish": CallAction.FINISH,
        "call": CallAction.CALL_NUMBER,
    }
    return one_button() | named


def _numeric() -> Actions:
    return {
        "enter": CallAction.NEXT,
        "enter.hold": CallAction.PARK_NEXT,
        "star": CallAction.RECALL,
    }


class PressTiming(Settings, frozen=True, kw_only=True):
    """How presses of a key become a gesture.

    A key whose double press means nothing acts at once.
    """

    double_within_ms: Milliseconds = 350
    hold_after_ms: Milliseconds = 800
    debounce_ms: Milliseconds = 50
    """A second press of the same key sooner than this is a bouncing contact."""
    number_within_s: Annotated[float, Meta(gt=0, le=60)] = 5.0
    """A half-typed number is forgotten this long after its last digit."""


class KeypadUnit(Settings, frozen=True, kw_only=True):
    """One keypad of a line."""

    address: Byte
    counter: CounterNumber


class AsciiProtocol(Settings, frozen=True, kw_only=True, tag_field="kind", tag="ascii"):
    """Lines of text, such as `K03 NEXT`; docs/hardware.md has them all."""

    checksum: bool = False
    """Every line must end in `*` and the XOR of its characters; ours do."""


class MeterProtocol(Settings, frozen=True, kw_only=True, tag_field="kind", tag="meter"):
    """Frames as meters have them (DL/T 645): `FF 68 len len 68 address command data… sum 16`.

    The 21-key keypad with a display speaks so; commands and codes of keys differ by maker.
    """

    keys: Annotated[dict[HexCode, KeyEdge], Meta(min_length=1)]
    """What a key's code means; an empty name says that nothing is pressed."""
    press: Byte = 0x01
    """The command of frames that carry a key; others are signs of life."""
    poll: Byte = 0x11
    """What asks a keypad for its keys, on a line with `polling`."""
    acknowledge: Byte | None = None
    """What a keypad hears after a press; none sends nothing."""
    show: Byte | None = 0x21
    """What writes four digits of the number and two of the waiting count."""
    refuse: Byte | None = 0x22
    """What beeps or blinks, with one digit for the reason."""


KeypadProtocol = AsciiProtocol | MeterProtocol


class Polling(Settings, frozen=True, kw_only=True):
    """How the keypads of a line are asked in turn."""

    answer_within_ms: Milliseconds = 60
    pause_ms: Milliseconds = 20
    """Between an answer and the next question."""
    silent_after: Annotated[int, Meta(ge=1, le=100)] = 5
    """Questions without an answer before a keypad counts as silent."""


class SerialKeypads(Settings, frozen=True, kw_only=True, tag_field="driver", tag="serial"):
    """Keypads on one serial or RS-485 line; `url` is a pyserial URL or a device path."""

    name: Name = "line"
    url: str
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600
    data_bits: Literal[7, 8] = 8
    parity: Literal["none", "even", "odd"] = "none"
    stop_bits: Literal[1, 2] = 1
    protocol: KeypadProtocol = AsciiProtocol()
    polling: Polling | None = None
    """Without it the keypads speak by themselves and the line is only listened to."""
    units: Annotated[tuple[KeypadUnit, ...], Meta(min_length=1)]
    actions: Actions = field(default_factory=_keypad)
    timing: PressTiming = PressTiming()

    @property
    def unit_names(self) -> dict[str, int]:
        """Return the counter of each unit by the unit's name, such as `line-3`."""
        return {f"{self.name}-{unit.address}": unit.counter for unit in self.units}


class UsbKeypad(Settings, frozen=True, kw_only=True, tag_field="driver", tag="usb"):
    """A USB numeric keypad of one counter, read by its device path and by nobody else."""

    name: Name = "numpad"
    path: str
    """A stable one, such as /dev/input/by-id/usb-…-event-kbd or one of our udev rules."""
    counter: CounterNumber
    keys: dict[KeyCode, Annotated[str, Meta(pattern=r"^[a-z0-9_]*$")]] = field(default_factory=dict)
    """Linux key code to name, over the built-in ones; an empty name silences a key."""
    actions: Actions = field(default_factory=_numeric)
    timing: PressTiming = PressTiming()

    @property
    def unit_names(self) -> dict[str, int]:
        """Return the counter of the one unit by its name."""
        return {self.name: self.counter}


ButtonName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]{0,19}:[^:+#]{1,80}(:[^:+#]{1,40})?$")]
"""Family, device and, where it has several, button: `zigbee2mqtt:quay-3`, `tasmota:nut-5:1`."""


class Meaning(StrEnum):
    """What a word that a button publishes says of the finger."""

    SINGLE = "single"
    DOUBLE = "double"
    HOLD = "hold"
    """Of buttons that say it over and over while held, the first counts."""
    DOWN = "down"
    """It came down; what it becomes is said afterwards."""
    UP = "up"
    """It went up: a press, if it came down and was not held."""
    END = "end"
    """A hold, or a double press, is over."""
    NONE = "none"


class ButtonForm(Settings, frozen=True, kw_only=True):
    """One kind of message of wireless buttons: where it is published, and how it is read.

    `topic` has `{device}` and perhaps `{button}` for one level or a part of it; `{device*}` is one
    or more levels. Each `payload` is text or JSON with `{action}`, `{presence}` (online, offline)
    or `{contact}` (on, off), and besides `{button}`, `{time}` of the press, its `{count}`; a time
    may be missing. `{blu}` is a Bluetooth button of Shelly, `{index}` its key.
    """

    family: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]{0,19}$")]
    topic: Annotated[str, Meta(pattern=r"^[^+#]{1,200}$")]
    payload: tuple[str, ...] = ("{action}",)
    actions: dict[str, Meaning] = field(default_factory=dict)
    """Words of this form, in small letters, before those that every form knows."""
    again: bool = False
    """Whether this is said besides another form; believed where the other is silent."""

    def __post_init__(self) -> None:
        """Refuse places that nobody knows."""
        for text, known in ((self.topic, _TOPIC_PLACES), *((p, _PLACES) for p in self.payload)):
            for place in _PLACE.findall(text):
                if place not in known:
                    raise ValueError(f"{{{place}}} in {text!r} is none of {', '.join(known)}")


_FAMILIES = ("zigbee2mqtt", "tasmota", "shelly", "esphome")
"""What `hardware/keypad/buttons/forms.toml` describes."""
_PLACE = re.compile(r"\{([a-z]+\*?)\}")
_TOPIC_PLACES = ("device", "device*", "button")
_PLACES = ("action", "presence", "contact", "button", "time", "count", "blu", "index")


class ButtonsBroker(Settings, frozen=True, kw_only=True):
    """A broker of their own that the buttons publish to."""

    host: str
    port: Port = 1883
    username: str = ""
    password: str = ""
    """`device.toml` is for everybody to read: `denluot install` moves it into a file."""
    password_file: str = ""
    """A file of the screens' user alone whose first line is the password."""
    ca_file: str = ""
    """A CA certificate file turns TLS on."""


class MqttButtons(Settings, frozen=True, kw_only=True, tag_field="driver", tag="mqtt"):
    """Wireless buttons of other makers, heard over MQTT."""

    name: Name = "buttons"
    units: Annotated[dict[ButtonName, CounterNumber], Meta(min_length=1)]
    """Button to counter. A button that is not here never acts; its name is in `pairing`."""
    broker: ButtonsBroker | None = None
    """None hears them on the centre's own broker."""
    actions: Actions = field(default_factory=one_button)
    forms: tuple[ButtonForm, ...] = ()
    """Kinds of messages of buttons that are not built in, or that say other words."""

    def __post_init__(self) -> None:
        """Refuse a button that could never be heard."""
        known = {*_FAMILIES, *(form.family for form in self.forms)}
        for unit in self.units:
            if unit.partition(":")[0] not in known:
                families = ", ".join(sorted(known))
                raise ValueError(f"{unit!r} is of no known family: {families}; or add its `forms`")

    @property
    def unit_names(self) -> dict[str, int]:
        """Return the counter of each button."""
        return dict(self.units)


CallDevice = SerialKeypads | UsbKeypad | MqttButtons
