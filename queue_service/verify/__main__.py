"""Check a store: `python -m queue_service.verify --data DIR`, also beside a running service."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.process import STORE_VARIABLE
from queue_service.verify import Verdict, verify
from wait_log.dialects import store_url
from wait_log.errors import StoreError
from wait_log.reader import open_reader

_SHOWN = 100


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was checked; return 0 when all is well, 1 when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m queue_service.verify", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("var"), help="where files are (var/)")
    parser.add_argument("--store", metavar="URL", help="the store, if it is not in DIR")
    arguments = parser.parse_args(sys.argv[1:] if argv is None else argv)
    url = arguments.store or os.environ.get(STORE_VARIABLE) or store_url(arguments.data)
    try:
        verdicts = list(_verdicts(url))
    except StoreError as error:
        sys.stdout.write(f"NOT ok: {error}\n")
        return 1
    for site, verdict in verdicts:
        _tell(site, verdict)
    return 1 if any(verdict.problems for _, verdict in verdicts) else 0


def _verdicts(url: str) -> Iterator[tuple[str, Verdict]]:
    reader = open_reader(url, "")
    try:
        sites = reader.sites() if reader.exists() else []
    finally:
        reader.close()
    if not sites:
        raise StoreError("there is no store; name its directory with --data")
    for site in sites:
        with open_reader(url, site) as reader:
            yield site, verify(reader)


def _tell(site: str, verdict: Verdict) -> None:
    for problem in verdict.problems[:_SHOWN]:
        sys.stdout.write(f"{problem}\n")
    if verdict.problems[_SHOWN:]:
        sys.stdout.write(f"… and {len(verdict.problems) - _SHOWN} more\n")
    status = "NOT ok" if verdict.problems else "ok"
    counted = f"{verdict.events} events, {verdict.days} days, {verdict.tickets} tickets"
    withheld = f", {verdict.withheld} events withheld" if verdict.withheld else ""
    sys.stdout.write(f"{status}: {counted}{withheld} ({site})\n")


if __name__ == "__main__":
    sys.exit(main())
