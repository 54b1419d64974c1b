"""The LED number signs above the counters: what line they hang on and how they are spoken to."""

from typing import Annotated, Literal

from msgspec import Meta

from config.settings.base import CounterNumber, Settings

Register = Annotated[int, Meta(ge=0, le=0xFFFF)]
Baud = Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200]
Digits = Annotated[int, Meta(ge=1, le=8)]
Seconds = Annotated[float, Meta(gt=0, le=5)]
ByteOrder = Literal["high_first", "low_first"]
"""Which byte of a register comes first; `low_first` swaps the two."""


class AsciiRegisters(Settings, frozen=True, kw_only=True, tag_field="form", tag="ascii"):
    """Characters in registers, one or two in each: 2005 is 0x32, 0x30, 0x30, 0x35."""

    first: Register = 0
    per_register: Literal[1, 2] = 1
    byte_order: ByteOrder = "high_first"


class BcdRegisters(Settings, frozen=True, kw_only=True, tag_field="form", tag="bcd"):
    """Four digits in a register: 2005 is 0x2005. `dash` and `blank` are the codes of those."""

    first: Register = 0
    dash: Annotated[int, Meta(ge=10, le=15)] = 10
    blank: Annotated[int, Meta(ge=10, le=15)] = 15
    byte_order: ByteOrder = "high_first"


class NumberRegister(Settings, frozen=True, kw_only=True, tag_field="form", tag="number"):
    """The number as one value; `idle` is the value that shows that nobody is called."""

    first: Register = 0
    idle: Register = 0
    byte_order: ByteOrder = "high_first"


class BlinkRegister(Settings, frozen=True, kw_only=True):
    """The register that makes a sign blink by itself."""

    register: Register
    on: Register = 1
    off: Register = 0


class SimulatedSigns(Settings, frozen=True, kw_only=True, tag_field="driver", tag="simulated"):
    """Signs that write what they show to a text file; the demonstration's."""

    digits: Digits = 4


class ModbusSigns(Settings, frozen=True, kw_only=True, tag_field="driver", tag="modbus"):
    """Modbus RTU signs on one serial line; `url` is a pyserial URL or a device path."""

    url: str
    baud: Baud = 9600
    parity: Literal["none", "even", "odd"] = "none"
    stop_bits: Literal[1, 2] = 1
    digits: Digits = 4
    registers: AsciiRegisters | BcdRegisters | NumberRegister = AsciiRegisters()
    write: Literal["single", "multiple"] = "multiple"
    """FC 06 register by register, or FC 16 for all at once."""
    blink: BlinkRegister | None = None
    """Without one the number is blanked and written again."""
    timeout_s: Seconds = 0.3
    echo: bool = False
    """The adapter hands back what it sends; must be right, or a dead sign seems to answer."""


class AsciiSigns(Settings, frozen=True, kw_only=True, tag_field="driver", tag="ascii"):
    r"""Signs that take one line of text each; `url` is a pyserial URL or a device path.

    `frame` has the fields `address`, `text`, `blink` (one of `blink_marks`: still, blinking) and
    `checksum` (of the bytes before it but the first), such as `\x02{address:02d}{text:>4}\x03`.
    """

    url: str
    baud: Baud = 9600
    parity: Literal["none", "even", "odd"] = "none"
    stop_bits: Literal[1, 2] = 1
    digits: Digits = 4
    frame: str = "\x02{address:02d}{text:>4}\x03"
    checksum: Literal["sum", "xor"] = "sum"
    blink_marks: tuple[str, str] = ("0", "1")
    answer: str = ""
    """What a sign answers, with the field `address`; empty when it never does."""
    timeout_s: Seconds = 0.3

    def __post_init__(self) -> None:
        """Refuse a template that cannot be filled in."""
        sample = {"address": 1, "text": "1234", "blink": "0", "checksum": 0}
        for template, fields in ((self.frame, sample), (self.answer, {"address": 1})):
            try:
                template.format(**fields).encode("latin-1")
            except (LookupError, ValueError, AttributeError, TypeError) as error:
                raise ValueError(f"{template!r} cannot be filled in: {error!r}") from error
        if "{text" not in self.frame:
            raise ValueError(f"{self.frame!r} has no {{text}}")


SignLine = SimulatedSigns | ModbusSigns | AsciiSigns


class Sign(Settings, frozen=True, kw_only=True):
    """One sign: the counter it hangs above and its address on the line."""

    counter: CounterNumber
    address: Annotated[int, Meta(ge=1, le=247)]
