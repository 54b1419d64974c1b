"""Gives the code to the window of the first start: `python -m provisioning.first_start.giver`.

Started by systemd for a connection, which is standard input and output; the window is a program of
the screens' user, who cannot read the accounts.
"""

import os
import socket
import stat
import sys
import time
from collections.abc import Callable
from contextlib import closing

import msgspec

from config.errors import ConfigError
from hall.words import N_
from provisioning.errors import ProvisioningError
from provisioning.first_start.ceremony import Ceremony, Stage
from provisioning.first_start.command_line import finder, read_options
from provisioning.first_start.loop import run
from provisioning.first_start.messages import Seen
from provisioning.first_start.place import Place
from provisioning.site_db import FILE_NAME as SITE_DB
from provisioning.site_db import open_site_db


def main() -> int:
    """Tell the window what to show until it goes, or until there is an administrator."""
    says = N_("Đưa mã khai báo lần đầu cho cửa sổ trên màn hình của máy chủ.")
    options = read_options("provisioning.first_start.giver", says, sys.argv[1:], os.environ)
    connection = sys.stdin.fileno()
    if not stat.S_ISSOCK(os.fstat(connection).st_mode):
        sys.stderr.write("the code is given to a window only, never to a file or log\n")
        return 2
    try:
        with (
            closing(open_site_db(options.data / SITE_DB)) as db,
            socket.socket(fileno=os.dup(connection)) as window,
        ):
            ceremony = Ceremony(db, time.monotonic)
            run(ceremony, connection, None, finder(options), teller(window), time.monotonic)
    except (ConfigError, ProvisioningError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError:
        return 0  # the window went away
    return 0


def teller(window: socket.socket) -> Callable[[Place, Stage, str, int], None]:
    """Return what tells a window; raises OSError once it is gone."""

    def tell(place: Place, stage: Stage, code: str, left_s: int) -> None:
        seen = Seen(
            stage=stage,
            code=code,
            scanned=place.scanned(code),
            left_s=left_s,
            addresses=place.addresses,
            server=place.server,
            authority=place.authority,
            trust=place.trust,
        )
        window.sendall(msgspec.json.encode(seen) + b"\n")

    return tell


if __name__ == "__main__":
    sys.exit(main())
