"""What a person types to play a device that is not there; every kind of device adds its words."""

import cmd
from collections.abc import Callable, Iterable


class DeviceConsole(cmd.Cmd):
    """Carries out one typed line after another: `do_VERB` methods, and `default` for the rest."""

    def __init__(self, say: Callable[[str], None], help_text: str) -> None:
        super().__init__()
        self.say = say
        self.help_text = help_text

    def run_lines(self, lines: Iterable[str]) -> None:
        """Obey `lines` until they end, one says quit, or a person interrupts."""
        try:
            for line in lines:
                if not self.obey(line):
                    return
        except KeyboardInterrupt:
            return

    def obey(self, line: str) -> bool:
        """Do what `line` says; return False when it says to end."""
        return not self.onecmd(line.strip())

    def do_quit(self, _rest: str) -> bool:
        """End."""
        return True

    def do_help(self, _rest: str) -> None:
        """Say what can be typed."""
        self.say(self.help_text)

    def default(self, _line: str) -> None:
        """Say what can be typed: nothing else is known."""
        self.say(self.help_text)

    def emptyline(self) -> bool:
        """Do nothing."""
        return False
