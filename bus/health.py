"""What a device's `health` says, read alike by everyone who shows it."""

from collections.abc import Iterator, Mapping
from typing import Any

_PRINTER_WELL = frozenset({"ready", "unknown", "ticket_present"})


def printer_trouble(health: Mapping[str, Any]) -> str | None:
    """Return the state of the first printer that somebody has to see to.

    `printer` is the state that citizens meet, `printers` has one for each printer: a second one
    that has taken over is no reason to leave the first without paper.
    """
    states = (str(state) for state in _printer_states(health))
    return next((state for state in states if state not in _PRINTER_WELL), None)


def _printer_states(health: Mapping[str, Any]) -> Iterator[object]:
    if (state := health.get("printer")) is not None:
        yield state
    printers = health.get("printers")
    for printer in printers.values() if isinstance(printers, Mapping) else ():
        if isinstance(printer, Mapping) and "state" in printer:
            yield printer["state"]
