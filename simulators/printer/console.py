"""The simulated printer in the hands of a person at a terminal."""

from collections.abc import Callable, Iterable
from typing import Protocol

from hall.words import N_, Words
from simulators.console import DeviceConsole
from simulators.printer.condition import Paper
from simulators.printer.machine import Machine

HELP = N_(
    """Gõ một lệnh rồi Enter:
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
"""
)
_UNKNOWN = N_("Không có lệnh này; gõ help.")
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

    def __init__(self, machine: Machine, port: Port, say: Callable[[str], None], t: Words) -> None:
        super().__init__(say, t(HELP))
        self._machine = machine
        self._port = port
        self._t = t

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
            self.say(self._t(_UNKNOWN) + "\n")

    def status(self) -> str:
        """Return how the printer is."""
        machine, at, t = self._machine, self._machine.condition, self._t
        said = {
            t("hết giấy"): at.paper is Paper.OUT,
            t.of("simulator", "sắp hết giấy"): at.paper is Paper.LOW,
            t("nắp mở"): at.cover_open,
            t("kẹt dao cắt"): at.cutter_error,
            t("quá nóng"): at.overheated,
            t.of("simulator", "còn phiếu ở khe"): at.ticket_present,
            t("đứng im"): machine.stalled,
            t("mất kết nối"): not self._port.plugged,
            t("trả lời muộn {seconds} giây", seconds=f"{machine.late_s:g}"): bool(machine.late_s),
            t("trả lời lung tung"): machine.garbled,
            t("còn {count} byte chưa in", count=machine.held): bool(machine.held),
        }
        return ", ".join(text for text, is_so in said.items() if is_so) or t("sẵn sàng")

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
