"""What is said again until the service has it: commands without a reply, acknowledgements."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bus.commands import Reply
from bus.orders import Acknowledgement
from bus.vocabulary import AckOutcome

RESEND_AFTER_S = (1.0, 2.0, 4.0)
GIVE_UP_AFTER_S = 10.0
_ACKS_KEPT = 400
_ACKS_KEPT_S = 120.0

OnReply = Callable[[Reply], None]


@dataclass(slots=True)
class _Pending:
    payload: bytes
    on_reply: OnReply
    began: float
    within_s: float
    sent: int = 1
    given_up: bool = False

    def due(self) -> float:
        """Return when to send again: after 1, 2 and 4 s more, and at last when to give up."""
        resent = RESEND_AFTER_S[: self.sent]
        wait = sum(resent) if self.sent <= len(RESEND_AFTER_S) else self.within_s
        return self.began + min(wait, self.within_s)


class PendingCommands:
    """The commands without a reply; times are real monotonic seconds."""

    def __init__(self) -> None:
        self._pending: dict[str, _Pending] = {}

    def __bool__(self) -> bool:
        return bool(self._pending)

    def add(
        self, command_id: str, payload: bytes, on_reply: OnReply, at_s: float, within_s: float
    ) -> None:
        """Note what was just sent, to be answered within `within_s`."""
        self._pending[command_id] = _Pending(payload, on_reply, at_s, within_s)

    def pop(self, command_id: str) -> OnReply | None:
        """Forget a command and return whom its reply is for."""
        pending = self._pending.pop(command_id, None)
        return pending.on_reply if pending else None

    def payloads(self) -> list[bytes]:
        """Return all that are still to be answered, for a new link."""
        return [p.payload for p in self._pending.values() if not p.given_up]

    def due(self, at_s: float) -> tuple[list[bytes], list[str]]:
        """Return what to send again now, and the ids to give up."""
        again, given_up = [], []
        for command_id, pending in self._pending.items():
            if pending.given_up:
                continue
            if at_s - pending.began >= pending.within_s:
                pending.given_up = True
                given_up.append(command_id)
            elif pending.due() <= at_s:
                pending.sent += 1
                again.append(pending.payload)
        return again, given_up


class RecentAcks:
    """The newest acknowledgements of a device; times are real monotonic seconds."""

    def __init__(self) -> None:
        # Guards the deque: screens and players add on their threads, the bus's reads.
        self._lock = threading.Lock()
        self._acks: deque[tuple[float, Acknowledgement]] = deque(maxlen=_ACKS_KEPT)

    def note(self, ack: Acknowledgement, at_s: float) -> None:
        """Remember what is being said."""
        with self._lock:
            self._acks.append((at_s, ack))

    def last_words(self, epoch: str, at_s: float) -> list[Acknowledgement]:
        """Return the last word on every call of `epoch` in the last two minutes."""
        with self._lock:
            recent = [a for at, a in self._acks if a.epoch == epoch and at_s - at <= _ACKS_KEPT_S]
        last: dict[int, Acknowledgement] = {}
        for ack in recent:
            if ack.outcome is not AckOutcome.ACCEPTED or not _is_final(last.get(ack.call_seq)):
                last[ack.call_seq] = ack
        return list(last.values())


def _is_final(ack: Acknowledgement | None) -> bool:
    return ack is not None and ack.outcome is not AckOutcome.ACCEPTED
