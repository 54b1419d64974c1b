"""How far a board has come, as its status tells it."""

from bus.states import BoardState

_TELL_EVERY_S = 2.0
"""A busy hall's state changes many times a second; its boards' statuses do not."""


class Progress:
    """The `epoch` and `rev` that were told last; times are real monotonic seconds."""

    def __init__(self) -> None:
        self._told: dict[str, str | int] = {}
        self._told_at_s = float("-inf")

    def tell(self, board: BoardState | None, at_s: float) -> dict[str, str | int]:
        """Return what to say of the state that is shown, news at most every 2 s."""
        if board and at_s - self._told_at_s >= _TELL_EVERY_S:
            news: dict[str, str | int] = {"epoch": board.epoch, "rev": board.rev}
            if news != self._told:
                self._told, self._told_at_s = news, at_s
        return self._told
