"""Which counters an announcer speaks for, and whether another would in its place."""

from config import Centre


def counters_of(centre: Centre, device: str) -> frozenset[int] | None:
    """Return the counters whose calls `device` speaks without being told; None means all."""
    known = {counter.number for counter in centre.counters}
    others = {n for n in known if [first.id for first in centre.announcers_of(n)[:1]] != [device]}
    return frozenset(known - others) if others and centre.device(device) else None


def has_deputy(centre: Centre, device: str) -> bool:
    """Return whether another announcer may take calls of `device` over."""
    zones = ({known.id for known in centre.announcers_of(c.number)} for c in centre.counters)
    return any(device in zone and len(zone) > 1 for zone in zones)
