"""The proof that the log is whole: every event follows the one before it, a slice at a time."""

from dataclasses import dataclass, replace
from itertools import islice

from sqlalchemy import func, select

from wait_log import tables as t
from wait_log.reader import Reader
from wait_log.rows import FIRST_HASH

SLICE = 2000
"""Events of one slice: read and hashed in about 6 ms."""


@dataclass(frozen=True, slots=True)
class Proven:
    """How far the chain of one store is proven."""

    epoch: str = ""
    """Of the store; another one is another log."""
    seq: int = 0
    hash: bytes = FIRST_HASH
    newest: int = 0
    """The last event there was when this was looked at."""
    broken_at: int | None = None
    """The event that does not follow the one before it, or is not there."""

    @property
    def whole(self) -> bool:
        """Return whether all events are proven."""
        return self.broken_at is None and self.seq >= self.newest


def prove_slice(reader: Reader, proven: Proven, most: int = SLICE) -> Proven:
    """Return how far the chain is proven after `most` more events; raises StoreError.

    A store that was restored or made again is proven from its beginning.
    """
    with reader:
        epoch, newest = reader.meta("epoch") or "", _newest(reader)
        if epoch != proven.epoch:
            proven = Proven(epoch)
        if proven.seq and reader.hash_of(proven.seq) != proven.hash:
            return replace(proven, newest=newest, broken_at=proven.seq)
        seq, previous = proven.seq, proven.hash
        for event in islice(reader.events(seq + 1), most):
            if event.seq != seq + 1 or not event.follows(previous):
                return Proven(epoch, seq, previous, newest, broken_at=seq + 1)
            seq, previous = event.seq, event.hash
    return Proven(epoch, seq, previous, newest)


def _newest(reader: Reader) -> int:
    event = t.event.c
    newest = reader.all(select(func.max(event.seq)).where(event.site == reader.site))[0][0]
    return int(newest or 0)
