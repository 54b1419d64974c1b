"""Which counters an announcer speaks for, and whether another would in its place."""

from config import Centre, Role


def counters_of(centre: Centre, device: str) -> frozenset[int] | None:
    """Return the counters whose calls `device` speaks without being told; None means all.

    One that the centre does not know is no second voice: it speaks only where there is no other.
    """
    known = {counter.number for counter in centre.counters}
    own = {n for n in known if [first.id for first in centre.announcers_of(n)[:1]] == [device]}
    has_voices = any(one.role is Role.ANNOUNCER for one in centre.devices)
    return frozenset(own) if has_voices and own != known else None


def has_deputy(centre: Centre, device: str) -> bool:
    """Return whether another announcer may take calls of `device` over."""
    zones = ({known.id for known in centre.announcers_of(c.number)} for c in centre.counters)
    return any(device in zone and len(zone) > 1 for zone in zones)
