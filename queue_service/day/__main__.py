"""Confirm the business day after a long pause or a clock that was set: `denluot day`."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from config import CLOCK_VARIABLE, Clock, ConfigError, load_centre
from config.process import STORE_VARIABLE
from queue_service.day import confirm_day
from queue_service.domain.day import business_date, is_far
from queue_service.rules_from import rules_from
from wait_log.dialects import store_url
from wait_log.errors import StoreError
from wait_log.reader import open_reader


def main(argv: Sequence[str] | None = None) -> int:
    """Show the last day and today; with `--confirm`, let the service open today."""
    parser = argparse.ArgumentParser(prog="python -m queue_service.day", description=__doc__)
    parser.add_argument("--config", type=Path, help="what the centre is (centre.toml)")
    parser.add_argument("--data", type=Path, default=Path("var"), help="where files are (var/)")
    parser.add_argument("--store", metavar="URL", help="the store, if it is not in DIR")
    parser.add_argument("--confirm", action="store_true", help="yes, the clock is right")
    arguments = parser.parse_args(sys.argv[1:] if argv is None else argv)
    try:
        centre = load_centre(arguments.config)
        rules = rules_from(centre)
        now = Clock.parse(os.environ.get(CLOCK_VARIABLE)).now()
        url = arguments.store or os.environ.get(STORE_VARIABLE) or store_url(arguments.data)
        last = open_reader(url, centre.identity.site).latest_day()
    except (ConfigError, StoreError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    today = business_date(rules, now)
    sys.stdout.write(f"last business day: {last}\ntoday by this machine's clock: {today}\n")
    if last and today <= date.fromisoformat(last):
        sys.stdout.write("nothing to confirm: this day is open\n")
    elif arguments.confirm:
        confirm_day(arguments.data, today)
        sys.stdout.write(f"confirmed: the service opens {today} within a minute\n")
    elif last and is_far(rules, date.fromisoformat(last), today):
        sys.stdout.write("if the clock is right, run this again with --confirm\n")
    else:
        sys.stdout.write("nothing to confirm: the service opens the day by itself\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
