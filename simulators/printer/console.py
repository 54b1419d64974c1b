"""The simulated printer in the hands of a person at a terminal."""

from collections.abc import Callable, Iterable
from typing import Protocol

from config import Text
from simulators.console import DeviceConsole
from simulators.printer.condition import Condition, Paper
from simulators.printer.machine import Machine

HELP = Text(
    vi="""Gõ một lệnh rồi Enter:
  paper out|low|ok     hết giấy, sắp hết, có giấy
  cover open|close     mở nắp, đóng nắp
  cutter jam|free      kẹt dao cắt, hết kẹt
  heat on|off          quá nóng, đã nguội
  after N LỆNH         làm LỆNH sau khi in thêm N byte:  after 4000 paper out
  stall | go           đứng im, chạy lại
  off | on             mất điện (quên hết), có điện lại
  unplug | plug        rút dây, cắm dây
  late S               trả lời muộn S giây:  late 5
  garbage on|off       trả lời lung tung
  take                 lấy phiếu ở khe
  status, help, quit
""",
    en="""Type a command and Enter:
  paper out|low|ok     out of paper, low, paper
  cover open|close
  cutter jam|free
  heat on|off          too hot, cooled down
  after N COMMAND      do it when N more bytes are printed:  after 4000 paper out
  stall | go           stand still, go on
  off | on             power fails (all is forgotten), power is back
  unplug | plug        the cable
  late S               answer S seconds late:  late 5
  garbage on|off       answer nonsense
  take                 take the ticket out of the mouth
  status, help, quit
""",
)
_CHANGES: dict[tuple[str, ...], dict[str, object]] = {
    ("paper", "out"): {"paper": Paper.OUT},
    ("paper", "low"): {"paper": Paper.LOW},
    ("paper", "ok"): {"paper": Paper.OK},
    ("cover", "open"): {"cover_open": True},
    ("cover", "close"): {"cover_open": False},
    ("cutter", "jam"): {"cutter_error": True},
    ("cutter", "free"): {"cutter_error": False},
    ("heat", "on"): {"overheated": True},
    ("heat", "off"): {"overheated": False},
    ("take",): {"ticket_present": False},
}
_UNKNOWN = Text(vi="Không có lệnh này; gõ help.", en="There is no such command; type help.")
_READY = Text(vi="sẵn sàng", en="ready")
_SAYS: tuple[tuple[Callable[[Condition], bool], Text], ...] = (
    (lambda at: at.paper is Paper.OUT, Text(vi="hết giấy", en="out of paper")),
    (lambda at: at.paper is Paper.LOW, Text(vi="sắp hết giấy", en="paper low")),
    (lambda at: at.cover_open, Text(vi="nắp mở", en="cover open")),
    (lambda at: at.cutter_error, Text(vi="kẹt dao cắt", en="cutter jammed")),
    (lambda at: at.overheated, Text(vi="quá nóng", en="too hot")),
    (lambda at: at.ticket_present, Text(vi="còn phiếu ở khe", en="ticket in the mouth")),
)
_STALLED = Text(vi="đứng im", en="stalled")
_UNPLUGGED = Text(vi="mất kết nối", en="not connected")
_LATE = Text(vi="trả lời muộn {} giây", en="answers {} s late")
_GARBLED = Text(vi="trả lời lung tung", en="answers nonsense")
_HOLDS = Text(vi="còn {} byte chưa in", en="holds {} bytes")


class Port(Protocol):
    """A line that can be pulled."""

    @property
    def plugged(self) -> bool:
        """Whether the line is there."""

    def unplug(self) -> None:
        """Pull the cable."""

    def switch_off(self) -> None:
        """Cut the power."""

    def plug(self) -> None:
        """Put either back."""


class Console(DeviceConsole):
    """Obeys lines, and says in one line how the printer is."""

    def __init__(self, machine: Machine, port: Port, say: Callable[[str], None], lang: str) -> None:
        super().__init__(say, HELP(lang))
        self._machine = machine
        self._port = port
        self._lang = lang

    def run_lines(self, lines: Iterable[str]) -> None:
        """Say what can be typed, then obey."""
        self.do_help("")
        super().run_lines(lines)

    def do_status(self, _rest: str) -> None:
        """Say how the printer is."""
        self.say(self.status() + "\n")

    def emptyline(self) -> bool:
        """Say how the printer is."""
        self.do_status("")
        return False

    def default(self, line: str) -> None:
        """Do what `line` says, and say how the printer is then."""
        if self._obeyed(line.split()):
            self.do_status("")
        else:
            self.say(_UNKNOWN(self._lang) + "\n")

    def status(self) -> str:
        """Return how the printer is."""
        machine, lang = self._machine, self._lang
        parts = [text(lang) for holds, text in _SAYS if holds(machine.condition)]
        parts += [_STALLED(lang)] if machine.stalled else []
        parts += [] if self._port.plugged else [_UNPLUGGED(lang)]
        parts += [_LATE(lang).format(f"{machine.late_s:g}")] if machine.late_s else []
        parts += [_GARBLED(lang)] if machine.garbled else []
        held = machine.held
        parts += [_HOLDS(lang).format(held)] if held else []
        return ", ".join(parts) or _READY(lang)

    def _obeyed(self, words: list[str]) -> bool:
        machine, port = self._machine, self._port
        match words:
            case ["after", count, *what] if count.isdecimal() and tuple(what) in _CHANGES:
                machine.change_after(int(count), **_CHANGES[tuple(what)])
            case ["stall"]:
                machine.stalled = True
            case ["go"]:
                machine.stalled = False
            case ["off"]:
                port.switch_off()
            case ["unplug"]:
                port.unplug()
            case ["on" | "plug"] if not port.plugged:
                port.plug()
            case ["late", seconds] if seconds.replace(".", "", 1).isdecimal():
                machine.late_s = float(seconds)
            case ["garbage", "on" | "off" as wanted]:
                machine.garbled = wanted == "on"
            case _ if tuple(words) in _CHANGES:
                machine.change(**_CHANGES[tuple(words)])
            case _:
                return False
        return True
