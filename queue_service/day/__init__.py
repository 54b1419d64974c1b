"""The day that a person confirmed after the clock had jumped by more than a week."""

from datetime import date
from pathlib import Path

DAY_FILE = "day-confirmed"


def confirmed_day(data: Path) -> date | None:
    """Return the confirmed day, or None."""
    try:
        return date.fromisoformat((data / DAY_FILE).read_text().strip())
    except (OSError, ValueError):
        return None


def confirm_day(data: Path, day: date) -> None:
    """Let the service open `day` although it is more than a week after the last."""
    path = data / DAY_FILE
    written = path.with_suffix(".new")
    written.write_text(f"{day}\n")
    written.replace(path)
