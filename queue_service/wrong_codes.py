"""Wrong codes of appointments: whoever guesses is soon told to wait."""

from collections import Counter, deque

from bus import commands
from bus.vocabulary import WhyNoAppointment
from queue_service.domain.booking import no_appointment
from queue_service.domain.values import Mark, Refusal

MOST_WRONG = 5
"""Within `WITHIN_S`: 32⁶ codes stand against at most 7,200 tries a day at one device."""
WITHIN_S = 60.0


class WrongCodes:
    """How many wrong codes each device, or account at the web, has tried of late."""

    def __init__(self) -> None:
        self._tries: dict[str, deque[float]] = {}
        self.refused: Counter[str] = Counter()
        """How many commands about appointments were refused since the start, by why."""

    def require_left(self, device: str, command: commands.AnyCommand, mark: Mark) -> None:
        """Refuse a code unread after too many wrong ones."""
        if not isinstance(command, commands.CheckIn | commands.FindAppointment):
            return
        tries = self._tries.get(_who(device, command), ())
        if sum(mark.mono - at < WITHIN_S for at in tries) >= MOST_WRONG:
            raise no_appointment(WhyNoAppointment.TRIES)

    def note(self, device: str, command: commands.AnyCommand, refusal: Refusal, mark: Mark) -> None:
        """Count a refusal; one for a wrong code is a try."""
        why = (refusal.result or {}).get("why")
        if why not in _WHYS:
            return
        self.refused[str(why)] += 1
        if why == WhyNoAppointment.WRONG_CODE:
            tries = self._tries.setdefault(_who(device, command), deque(maxlen=MOST_WRONG))
            tries.append(mark.mono)


_WHYS = frozenset(WhyNoAppointment)


def _who(device: str, command: commands.AnyCommand) -> str:
    return f"{device} {command.by or ''}"
