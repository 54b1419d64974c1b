"""Test a printer: `denluot printer test`."""

import os
import sys

from hardware.printer.selftest.command import command

if __name__ == "__main__":
    sys.exit(command(sys.argv[1:], os.environ))
