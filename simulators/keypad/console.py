"""What a person types to press keypads that are not there, and what is told back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulators.keypad.far_end import Told
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


def told_text(name: str, told: Told) -> str:
    """Return what a keypad would show or sound, empty for what nobody sees."""
    match told.kind:
        case "show":
            return f"{name}: [{told.number:>4}] waiting {told.waiting}"
        case "refuse":
            return f"{name}: beep! {told.reason}"
        case "poll" | "acknowledge":
            return ""


class Console:
    """Carries out one typed line after another."""

    def __init__(self, units: Mapping[str, Unit], say: Callable[[str], None]) -> None:
        self._units = units
        self._say = say

    def obey(self, line: str) -> bool:
        """Do what `line` says; return False when it says to end."""
        words = line.split()
        if words[:1] == ["quit"]:
            return False
        try:
            if words:
                self._do(words[0], words[1:])
        except (KeyError, ValueError) as error:
            self._say(f"there is no {error}\n{HELP}")
        return True

    def _do(self, verb: str, rest: list[str]) -> None:
        ends = {end_of(unit) for unit in self._units.values()}
        match verb:
            case "vanish":
                for end in ends:
                    end.vanish()
            case "return":
                for end in ends:
                    end.plug_in()
            case "noise":
                self._line(rest[0] if rest else next(iter(self._units))).line.noise()
            case "half" | "badsum" | "dead" if rest:
                self._spoil(verb, self._line(rest[0]))
            case _:
                self._press(self._units[verb], rest)

    def _spoil(self, verb: str, unit: LineUnit) -> None:
        match verb:
            case "half":
                unit.line.half(unit.address)
            case "badsum":
                unit.line.bad_sum(unit.address)
            case _:
                unit.line.dead ^= {unit.address}

    def _line(self, name: str) -> LineUnit:
        unit = self._units[name]
        if isinstance(unit, LineUnit):
            return unit
        raise ValueError(f"line behind {name!r}")

    def _press(self, unit: Unit, keys: list[str]) -> None:
        if isinstance(unit, SimulatedNumpad):
            unit.press(*keys)
        else:
            unit.line.press(unit.address, *keys)


def end_of(unit: Unit) -> SimulatedLine | SimulatedNumpad:
    """Return what a unit hangs on: its line, or itself."""
    return unit.line if isinstance(unit, LineUnit) else unit
