"""The `denluot` command."""

import importlib
import os
import sys
from collections.abc import Callable
from typing import NoReturn

_HELP = """usage: denluot COMMAND [options]

  run              run the whole centre on this machine
  simulate         play a day of citizens and staff through the running centre
  simulate-device  stand in for a device:  denluot simulate-device KIND …
  doctor           check every device and say what to do
  voice            check or record a voice, hear a call:  denluot voice say 2005 3
  printer          test a printer and learn what it tells:  denluot printer test
  check-config     check a centre.toml, or a device.toml with --device
  ticket           see a ticket without a printer:  denluot ticket preview
  verify           check the log: chain, gaps, replay
  day              open a business day that waits for a person
  test             run every test (--full adds the long ones)

denluot COMMAND --help says more.
"""
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
    if name in ("-h", "--help", "help"):
        sys.stdout.write(_HELP)
        return 0
    if name in _PROCESSES:
        _become(_PROCESSES[name], arguments)
    if name in _OF_TWO_WORDS:
        return _second_word(name, arguments)
    if name in _MODULES:
        module = importlib.import_module(_MODULES[name])
        command: Callable[[list[str]], int] = module.command
        return command(arguments)
    sys.stderr.write(f"denluot: there is no command {name!r}\n\n{_HELP}")
    return 2


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
