"""Thirty common procedures to look at: for the demonstration, never for a real centre."""

from functools import cache
from pathlib import Path

from config import load_centre
from config.settings import Centre
from hall.procedures.document import NO_DOCUMENT, Document, Published, publish
from hall.procedures.table import read_csv, read_table

_FILE = Path(__file__).parent / "example.csv"


def example_for(centre: Centre) -> Published:
    """Return the example as far as `centre` has the services; nothing for a centre with hours."""
    if not centre.hours.always_open:
        return NO_DOCUMENT
    codes = {service.code for service in centre.services}
    found = (each for each in _example().procedures if each.service in codes)
    return publish(Document(example=True, procedures=tuple(found)))


@cache
def _example() -> Document:
    document, problems = read_table(read_csv(_FILE.read_bytes()), load_centre())
    if problems:
        raise ValueError(f"{_FILE}: row {problems[0].row}: {problems[0].message}")
    return document
