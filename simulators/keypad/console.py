"""What a person types to press keypads that are not there, and what is told back."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from config.settings import CallDevice, MqttButtons, SerialKeypads, UsbKeypad
from simulators.console import DeviceConsole
from simulators.keypad.device_side import SentFrame
from simulators.keypad.line import SimulatedLine
from simulators.keypad.numpad import SimulatedNumpad

HELP = """\
  UNIT KEY …      press keys one after another: 3 next · 3 hold · 3 1 0 1 7 call
                  numpad 1 0 1 7 enter · numpad enter.down · numpad enter.up
  noise [UNIT]    disturb the line      half UNIT     break off in a frame
  badsum UNIT     a wrong checksum      dead UNIT     answer no polls; again: answer
  vanish          pull the cable        return        plug it in
  quit            end
"""


@dataclass(frozen=True, slots=True)
class LineUnit:
    """One keypad of a simulated line."""

    line: SimulatedLine
    address: int


Unit = LineUnit | SimulatedNumpad


def sent_text(name: str, told: SentFrame) -> str:
    """Return what a keypad would show or sound, empty for what nobody sees."""
    match told.kind:
        case "show":
            return f"{name}: [{told.number:>4}] waiting {told.waiting}"
        case "refuse":
            return f"{name}: beep! {told.reason}"
        case "poll" | "acknowledge":
            return ""


class Console(DeviceConsole):
    """The keys and the faults of keypads."""

    def __init__(self, units: Mapping[str, Unit], say: Callable[[str], None]) -> None:
        super().__init__(say, HELP)
        self._units = units
        self._ends = {end_of(unit) for unit in units.values()}

    def onecmd(self, line: str) -> bool:
        """Do what `line` says; say so when there is no such unit or key."""
        try:
            return super().onecmd(line)
        except (KeyError, ValueError) as error:
            self.say(f"there is no {error}\n{HELP}")
            return False

    def do_vanish(self, _rest: str) -> None:
        """Pull the cables."""
        for end in self._ends:
            end.vanish()

    def do_return(self, _rest: str) -> None:
        """Plug them in."""
        for end in self._ends:
            end.plug_in()

    def do_noise(self, rest: str) -> None:
        """Disturb a line."""
        self._line(rest or next(iter(self._units))).line.noise()

    def do_half(self, rest: str) -> None:
        """Break off in a frame."""
        unit = self._line(rest)
        unit.line.half(unit.address)

    def do_badsum(self, rest: str) -> None:
        """Send a wrong checksum."""
        unit = self._line(rest)
        unit.line.bad_sum(unit.address)

    def do_dead(self, rest: str) -> None:
        """Answer no polls, or answer them again."""
        unit = self._line(rest)
        unit.line.dead ^= {unit.address}

    def default(self, line: str) -> None:
        """Press keys of a unit."""
        name, *keys = line.split()
        unit = self._units[name]
        if isinstance(unit, SimulatedNumpad):
            unit.press(*keys)
        else:
            unit.line.press(unit.address, *keys)

    def _line(self, name: str) -> LineUnit:
        unit = self._units[name]
        if isinstance(unit, LineUnit):
            return unit
        raise ValueError(f"line behind {name!r}")


def end_of(unit: Unit) -> SimulatedLine | SimulatedNumpad:
    """Return what a unit hangs on: its line, or itself."""
    return unit.line if isinstance(unit, LineUnit) else unit


def simulate(
    choices: Sequence[CallDevice], rng: random.Random, say: Callable[[str], None], *, echo: bool
) -> dict[str, Unit]:
    """Return every unit, not plugged in yet, by its name and, on the first line, its address."""
    units: dict[str, Unit] = {}
    for choice in choices:
        match choice:
            case SerialKeypads():
                for name, unit in _line(choice, rng, say, echo=echo).items():
                    units[name] = unit
                    units.setdefault(str(unit.address), unit)
            case UsbKeypad():
                units[choice.name] = _numpad(choice, say)
            case MqttButtons():
                pass  # they hang on a broker, not on a terminal of this machine
            case _:
                assert_never(choice)
    return units


def _line(
    choice: SerialKeypads, rng: random.Random, say: Callable[[str], None], *, echo: bool
) -> dict[str, LineUnit]:
    addresses = [unit.address for unit in choice.units]
    names = dict(zip(addresses, choice.unit_names, strict=True))

    def tell(told: SentFrame) -> None:
        text = sent_text(names[told.address], told)
        if text:
            say(text)

    line = SimulatedLine(
        Path(choice.url),
        choice.protocol,
        addresses,
        rng,
        polled=choice.polling is not None,
        echo=echo,
        on_told=tell,
    )
    return {name: LineUnit(line, address) for address, name in names.items()}


def _numpad(choice: UsbKeypad, say: Callable[[str], None]) -> SimulatedNumpad:
    def tell(lit: bool) -> None:
        say(f"{choice.name}: light {'on' if lit else 'off'}")

    return SimulatedNumpad(Path(choice.path), tell)
