"""Check a store: `python -m queue_service.verify --data DIR`, also beside a running service."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from queue_service.verify import verify
from wait_log.errors import StoreError
from wait_log.log import LogReader
from wait_log.store import STORE_FILE


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was checked; return 0 when all is well, 1 when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m queue_service.verify", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("var"), help="where files are (var/)")
    arguments = parser.parse_args(sys.argv[1:] if argv is None else argv)
    try:
        with LogReader(arguments.data / STORE_FILE) as reader:
            verdict = verify(reader)
    except StoreError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for problem in verdict.problems:
        sys.stdout.write(f"{problem}\n")
    status = "ok" if not verdict.problems else "NOT ok"
    sys.stdout.write(
        f"{status}: {verdict.events} events, {verdict.days} days, {verdict.tickets} tickets\n"
    )
    return 1 if verdict.problems else 0


if __name__ == "__main__":
    sys.exit(main())
