"""See tickets without a printer: `denluot ticket preview`."""

import sys

from paper.preview.command import command

if __name__ == "__main__":
    sys.exit(command(sys.argv[1:]))
