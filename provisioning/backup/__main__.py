"""What the timer starts: `python -m provisioning.backup --scheduled`."""

import sys

from provisioning.backup.command import command

if __name__ == "__main__":
    sys.exit(command(sys.argv[1:]))
