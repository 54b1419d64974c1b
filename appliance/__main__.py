"""The `denluot` command."""

import importlib
import os
import sys
from collections.abc import Callable
from typing import NoReturn

from hall.words import N_, Words
from hall.words.arguments import words_of

_COMMANDS = {
    "run": N_("chạy cả trung tâm trên máy này"),
    "simulate": N_("cho một ngày của người dân và cán bộ diễn ra ở trung tâm đang chạy"),
    "simulate-device": N_("đóng vai một thiết bị:  denluot simulate-device KIND …"),
    "doctor": N_("kiểm tra mọi thiết bị và chỉ ra việc cần làm"),
    "voice": N_("kiểm tra hoặc thu giọng đọc, nghe thử:  denluot voice say 2005 3"),
    "printer": N_("thử máy in và học những gì nó báo:  denluot printer test"),
    "check-config": N_("kiểm tra centre.toml, hoặc device.toml với --device"),
    "ticket": N_("xem phiếu mà không cần máy in:  denluot ticket preview"),
    "verify": N_("kiểm tra sổ ghi: chuỗi, số bị thiếu, diễn lại"),
    "day": N_("mở ngày làm việc đang chờ người xác nhận"),
    "test": N_("chạy mọi phép kiểm tra (--full thêm các phép lâu)"),
}
_MODULES = {
    "run": "appliance.run",
    "simulate": "simulators.day",
    "doctor": "appliance.doctor",
    "check-config": "appliance.check_config",
    "test": "appliance.check",
}
_SIMULATORS = {
    "buttons": "simulators.buttons",
    "keypad": "simulators.keypad",
    "printer": "simulators.printer",
    "sign": "simulators.sign",
}
_OF_TWO_WORDS = {
    "printer": {"test": "hardware.printer.selftest"},
    "simulate-device": _SIMULATORS,
    "ticket": {"preview": "paper.preview"},
}
_PROCESSES = {
    "verify": "queue_service.verify",
    "day": "queue_service.day",
    "voice": "display.announcer.studio",
}


def main() -> int:
    """Dispatch to a command; return its exit code."""
    name, *arguments = sys.argv[1:] or ["--help"]
    t = words_of(os.environ)
    if name in ("-h", "--help", "help"):
        sys.stdout.write(_help(t))
        return 0
    if name in _PROCESSES:
        _become(_PROCESSES[name], arguments)
    if name in _OF_TWO_WORDS:
        return _second_word(name, arguments)
    if name in _MODULES:
        module = importlib.import_module(_MODULES[name])
        command: Callable[[list[str]], int] = module.command
        return command(arguments)
    sys.stderr.write(t("denluot: không có lệnh {name}", name=repr(name)) + f"\n\n{_help(t)}")
    return 2


def _help(t: Words) -> str:
    lines = [f"  {name:16} {t(says)}" for name, says in _COMMANDS.items()]
    begin = t("cách dùng: ") + t("denluot LỆNH [tùy chọn]")
    return "\n".join([begin, "", *lines, "", t("denluot LỆNH --help cho biết thêm."), ""])


def _second_word(name: str, arguments: list[str]) -> int:
    known, word = _OF_TWO_WORDS[name], arguments[0] if arguments else ""
    if word in known:
        _become(known[word], arguments[1:])
    asked = word in ("-h", "--help")
    usage = f"usage: denluot {name} {{{','.join(known)}}} [options]\n"
    (sys.stdout if asked else sys.stderr).write(usage)
    return 0 if asked else 2


def _become(module: str, arguments: list[str]) -> NoReturn:
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606


if __name__ == "__main__":
    sys.exit(main())
