"""One page that shows the board, and what is known of the eyes before it."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from bus.orders import Acknowledgement
from bus.states import BoardState
from bus.vocabulary import AckOutcome
from hall.board.panel import Progress
from hall.board.receipts import Receipts
from hall.board.scene import Scene
from web.board.picture import Picture
from web.board.wanted import Wanted

_UNCONFIRMED = 16
"""Scenes on their way whose frame may still be confirmed."""


class Screen:
    """A connected page; it counts as seen only while it confirms painted frames."""

    def __init__(self, wanted: Wanted, token: str, *, counts: bool) -> None:
        """Show what is `wanted`; a page that does not count acknowledges nothing."""
        self.name = wanted.screen
        self.view = wanted.view
        self.token = token
        self.counts = counts
        self.woken = asyncio.Event()
        self.picture: Picture | None = None
        self.serial = 0
        self.seen_at_s: float | None = None
        """When a painted frame was confirmed last; None while nobody sees this page."""
        self._receipts = Receipts(by_counter=wanted.view.grid)
        self._epoch = ""
        self._owed: set[int] = set()
        self._sent: dict[int, Scene] = {}

    def owes(self, call_seq: int) -> bool:
        """Return whether this page has accepted a call and is still to show it."""
        return call_seq in self._owed

    def progress(self, at_s: float) -> Progress:
        """Return how far the calls have come on this page."""
        return self._receipts.progress(at_s)

    def show(self, picture: Picture) -> None:
        """Send `picture` if it is another one than before."""
        if self.picture and picture.scene == self.picture.scene:
            return
        self.picture = picture
        self.serial += 1
        self._sent[self.serial] = picture.scene
        self._sent.pop(self.serial - _UNCONFIRMED, None)
        self.woken.set()

    def receive(self, board: BoardState, at_s: float, max_age_s: float) -> list[Acknowledgement]:
        """Take the calls of `board` if somebody sees this page; return what to say of them."""
        if self.seen_at_s is None:
            return []
        if board.epoch != self._epoch:
            self._epoch = board.epoch
            self._owed.clear()
        calls = [call for call in board.calls if self.view.shows(call.counter)]
        return self._say(self._receipts.receive(board, calls, at_s, max_age_s))

    def paint(self, serial: int, at_s: float) -> list[Acknowledgement]:
        """Note that the scene sent as `serial` is on the screen; return what to say."""
        scene = self._sent.get(serial)
        if scene is None:
            return []
        for older in [sent for sent in self._sent if sent < serial]:
            del self._sent[older]
        return self._say(self._receipts.paint(scene.painted, scene.called, at_s))

    def drop_missed(self, now: datetime, max_age_s: float) -> list[Acknowledgement]:
        """Give up calls that waited too long for eyes."""
        return self._say(self._receipts.drop_missed(now, max_age_s))

    def _say(self, said: Iterable[Acknowledgement]) -> list[Acknowledgement]:
        told = list(said)
        for acknowledgement in told:
            if acknowledgement.outcome is AckOutcome.ACCEPTED:
                self._owed.add(acknowledgement.call_seq)
            else:
                self._owed.discard(acknowledgement.call_seq)
        return told
