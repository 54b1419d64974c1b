"""Whether this service is the only writer still: one that is not says nothing more."""

import logging
from collections.abc import Callable
from contextlib import suppress

from bus.health import ServiceHealth
from bus.vocabulary import CopyState, StoreState
from queue_service.engine import Engine
from queue_service.pace import Seconds
from wait_log.errors import StoreError

_log = logging.getLogger(__name__)

_LOOKS_FOR_COPY_EVERY_S = 2.0


class Hold:
    """Keeps the store's lock and looks after its copy, on the service's thread.

    A process that was frozen, or whose cable was cut, cannot know what happened meanwhile. So
    before anything is said the lock must have been confirmed so lately that nobody else can have
    taken it, or be confirmed now.
    """

    def __init__(self, engine: Engine, monotonic: Seconds, on_lost: Callable[[], None]) -> None:
        """Call `on_lost` once when another writes, or may."""
        self._engine = engine
        self._store = engine.ledger.store
        self._monotonic = monotonic
        self._on_lost = on_lost
        self._copy_due = monotonic()
        self.lost = False
        """Another service has taken over, or may have: from now on nothing is said or written."""

    def may_speak(self) -> bool:
        """Return whether certainly no other service has taken over."""
        return not self.lost and (self._store.held or self._confirmed())

    def keep(self) -> None:
        """Say to the store in time that its writer is there; take its copy back when it is."""
        due_s = self._store.beat_in_s
        if due_s is not None and due_s <= 0:
            self._confirmed()
        troubled = self._store.without_copy or self._store.lacks_copy
        if troubled and not self.lost and self._monotonic() >= self._copy_due:
            self._copy_due = self._monotonic() + _LOOKS_FOR_COPY_EVERY_S
            with suppress(StoreError):
                self._engine.look_for_copy()

    def due_in_s(self) -> float | None:
        """Return in how many seconds `keep` has something to do, None for never."""
        return self._store.beat_in_s

    def health(self) -> ServiceHealth:
        """Return how the store is."""
        trouble = self._engine.store_trouble
        waived = CopyState.WAIVED if self._store.without_copy else None
        return ServiceHealth(
            store=StoreState.FAILED if trouble else StoreState.OK,
            copy=CopyState.MISSING if trouble and self._store.lacks_copy else waived,
            refused_appointments=dict(self._engine.wrong_codes.refused),
        )

    def _confirmed(self) -> bool:
        try:
            self._store.hold()
        except StoreError as error:
            if self._store.lost and not self.lost:
                self.lost = True
                _log.error("another service writes, or may: this one is silent error=%s", error)
                self._on_lost()
            return False
        return True
