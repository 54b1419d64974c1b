"""Whether the service is there, and whether the numbers on a screen can be trusted.

Decided here once for boards, signs, loudspeakers, counters, kiosks and pages: by the service's
own beat, not by what the broker believes.
"""

from dataclasses import dataclass, replace

from bus.session import BEAT_S

GRACE_S = 2.0
"""How long link or service may be away, in real seconds, before a board says so."""
SILENCE_S = 3 * BEAT_S
"""After three times unsaid the service is not there, whatever the broker knows: Mosquitto 2.0 may
take 11 s to miss a frozen one."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """The link, the service and the numbers; times are real monotonic seconds."""

    heard_at: float
    """When the service was last heard; at first, since when it is awaited."""
    linked: bool = False
    online: bool = False
    """The service was heard as there since the link was lost."""
    confirmed: bool = False
    """The numbers were received since the link was lost."""
    doubtful_since: float | None = 0.0

    @classmethod
    def unknown(cls, at: float) -> "Freshness":
        """Return what is known before anything was heard."""
        return cls(at, doubtful_since=at)

    def with_link(self, at: float, *, up: bool) -> "Freshness":
        """Note that the link came or went: after a loss everything has to be heard again.

        What a broker keeps may arrive just before the word that the link is up.
        """
        online, confirmed = self.online and up, self.confirmed and up
        return _judged(replace(self, linked=up, online=online, confirmed=confirmed), at)

    def with_numbers(self, at: float) -> "Freshness":
        """Note that the numbers have just been received."""
        return _judged(replace(self, confirmed=True), at)

    def with_service(self, at: float, *, online: bool) -> "Freshness":
        """Note that the service says that it is there, or its broker that it is not."""
        return _judged(replace(self, online=online, heard_at=at), at)

    def service_there(self, at: float) -> bool:
        """Return whether whoever sends a command now will be answered, as far as can be known."""
        return self.linked and self.online and at - self.heard_at < SILENCE_S

    def stale(self, at: float, grace_s: float = GRACE_S) -> bool:
        """Return whether the numbers may be old by now."""
        doubtful = self.doubtful_since is not None and at - self.doubtful_since >= grace_s
        return doubtful or at - self.heard_at >= SILENCE_S


def _judged(known: Freshness, at: float) -> Freshness:
    if known.linked and known.confirmed and known.online:
        return replace(known, doubtful_since=None)
    return known if known.doubtful_since is not None else replace(known, doubtful_since=at)
