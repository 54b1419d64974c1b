"""What the machine says of itself, for whoever looks after the hall from one place."""

import shutil
import socket
from pathlib import Path

from bus.states import MachineFacts

_LONGEST_NAME = 60
_STEP_MB = 100
_MB = 1_000_000


def machine_facts(data: Path) -> MachineFacts:
    """Return the name of this machine and the room that is left for `data`."""
    try:
        free = shutil.disk_usage(data).free // _MB // _STEP_MB * _STEP_MB
    except OSError:
        free = None
    return MachineFacts(name=socket.gethostname()[:_LONGEST_NAME], disk_free_mb=free)
