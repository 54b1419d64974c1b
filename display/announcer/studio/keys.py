"""One key of a terminal, without Enter; a line where the input is no terminal."""

import sys
import termios
import tty


def read_key(prompt: str) -> str:
    """Show a prompt and return the key that is pressed; raises EOFError at the input's end."""
    sys.stdout.write(prompt)
    sys.stdout.flush()
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        key = sys.stdin.read(1)
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
    sys.stdout.write("\n")
    if key in {"", "\x04"}:
        raise EOFError
    return key
