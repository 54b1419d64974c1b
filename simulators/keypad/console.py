"""What a person types to press keypads that are not there, and what is told back."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from config.settings import CallDevice, MqttButtons, SerialKeypads, UsbKeypad
from hall.words import N_, Words
from simulators.console import DeviceConsole
from simulators.keypad.device_side import SentFrame
from simulators.keypad.line import SimulatedLine
from simulators.keypad.numpad import SimulatedNumpad

HELP = N_(
    """\
  UNIT KEY …      bấm lần lượt các phím: 3 next · 3 hold · 3 1 0 1 7 call
                  numpad 1 0 1 7 enter · numpad enter.down · numpad enter.up
  noise [UNIT]    làm nhiễu dây         half UNIT     đứt giữa một khung tin
  badsum UNIT     sai tổng kiểm tra     dead UNIT     không trả lời; lần nữa: trả lời
  vanish          rút dây               return        cắm lại
  quit            kết thúc
"""
)


@dataclass(frozen=True, slots=True)
class LineUnit:
    """One keypad of a simulated line."""

    line: SimulatedLine
    address: int


Unit = LineUnit | SimulatedNumpad


def sent_text(name: str, told: SentFrame, t: Words) -> str:
    """Return what a keypad would show or sound, empty for what nobody sees."""
    match told.kind:
        case "show":
            waiting = t("{count} người chờ", count=told.waiting)
            return f"{name}: [{told.number:>4}] {waiting}"
        case "refuse":
            return t("{name}: bíp! {reason}", name=name, reason=told.reason)
        case "poll" | "acknowledge":
            return ""


class Console(DeviceConsole):
    """The keys and the faults of keypads."""

    def __init__(self, units: Mapping[str, Unit], say: Callable[[str], None], t: Words) -> None:
        super().__init__(say, t(HELP))
        self._t = t
        self._units = units
        self._ends = {end_of(unit) for unit in units.values()}

    def onecmd(self, line: str) -> bool:
        """Do what `line` says; say so when there is no such unit or key."""
        try:
            return super().onecmd(line)
        except (KeyError, ValueError) as error:
            t = self._t
            self.say(t("không có {what}", what=error) + f"\n{self.help_text}")
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
        t = self._t
        raise ValueError(t("dây nối nào sau {name!r}", name=name))


def end_of(unit: Unit) -> SimulatedLine | SimulatedNumpad:
    """Return what a unit hangs on: its line, or itself."""
    return unit.line if isinstance(unit, LineUnit) else unit


def simulate(
    choices: Sequence[CallDevice],
    rng: random.Random,
    say: Callable[[str], None],
    t: Words,
    *,
    echo: bool,
) -> dict[str, Unit]:
    """Return every unit, not plugged in yet, by its name and, on the first line, its address."""
    units: dict[str, Unit] = {}
    for choice in choices:
        match choice:
            case SerialKeypads():
                for name, unit in _line(choice, rng, say, t, echo=echo).items():
                    units[name] = unit
                    units.setdefault(str(unit.address), unit)
            case UsbKeypad():
                units[choice.name] = _numpad(choice, say, t)
            case MqttButtons():
                pass  # they hang on a broker, not on a terminal of this machine
            case _:
                assert_never(choice)
    return units


def _line(
    choice: SerialKeypads,
    rng: random.Random,
    say: Callable[[str], None],
    t: Words,
    *,
    echo: bool,
) -> dict[str, LineUnit]:
    addresses = [unit.address for unit in choice.units]
    names = dict(zip(addresses, choice.unit_names, strict=True))

    def tell(told: SentFrame) -> None:
        text = sent_text(names[told.address], told, t)
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


def _numpad(choice: UsbKeypad, say: Callable[[str], None], t: Words) -> SimulatedNumpad:
    def tell(lit: bool) -> None:
        light = t("đèn sáng") if lit else t("đèn tắt")
        say(f"{choice.name}: {light}")

    names = {name: int(code) for code, name in choice.keys.items() if name}
    return SimulatedNumpad(Path(choice.path), tell, names)
