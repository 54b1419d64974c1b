"""The `denluot` command."""

import importlib
import os
import sys
from collections.abc import Callable
from typing import NoReturn

from appliance.help import help_text
from hall.words import Words
from hall.words.arguments import words_of

_MODULES = {
    "run": "appliance.run",
    "simulate": "simulators.day",
    "doctor": "appliance.doctor",
    "account": "provisioning.command",
    "pin": "provisioning.maintenance_pin",
    "join": "provisioning.pairing.command",
    "broker-files": "provisioning.broker_command",
    "ca": "provisioning.officers_pc.command",
    "database": "provisioning.database",
    "bundle": "provisioning.bundle.command",
    "install": "provisioning.install.command",
    "uninstall": "provisioning.install.uninstall",
    "upgrade": "provisioning.upgrade.command",
    "trial": "appliance.trial",
    "support-bundle": "appliance.support",
    "backup": "provisioning.backup.command",
    "restore": "provisioning.backup.restore_command",
    "export": "provisioning.backup.export_command",
    "check-config": "appliance.check_config",
    "test": "appliance.check",
}
_SIMULATORS = {
    "buttons": "simulators.buttons",
    "dispenser": "simulators.dispenser",
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
    "report": "web.report",
    "verify": "queue_service.verify",
    "move-store": "queue_service.move_store",
    "day": "queue_service.day",
    "voice": "display.announcer.studio",
}


def main() -> int:
    """Dispatch to a command; return its exit code."""
    name, *arguments = sys.argv[1:] or ["--help"]
    t = words_of(os.environ)
    if name in ("-h", "--help", "help"):
        sys.stdout.write(help_text(t))
        return 0
    if name in _PROCESSES:
        _become(_PROCESSES[name], arguments)
    if name in _OF_TWO_WORDS:
        return _second_word(name, arguments, t)
    if name in _MODULES:
        module = importlib.import_module(_MODULES[name])
        command: Callable[[list[str]], int] = module.command
        return command(arguments)
    sys.stderr.write(t("denluot: không có lệnh {name}", name=repr(name)) + f"\n\n{help_text(t)}")
    return 2


def _second_word(name: str, arguments: list[str], t: Words) -> int:
    known, word = _OF_TWO_WORDS[name], arguments[0] if arguments else ""
    if word in known:
        _become(known[word], arguments[1:])
    asked = word in ("-h", "--help")
    begin, rest = t("cách dùng: "), t("[tùy chọn]")
    usage = f"{begin}denluot {name} {{{','.join(known)}}} {rest}\n"
    (sys.stdout if asked else sys.stderr).write(usage)
    return 0 if asked else 2


def _become(module: str, arguments: list[str]) -> NoReturn:
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606


if __name__ == "__main__":
    sys.exit(main())
