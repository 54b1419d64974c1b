"""Which of the box's boards a process is."""

from collections.abc import Sequence

from msgspec.structs import replace

from config import ConfigError
from config.settings import BoardBox


def choose_board(
    boards: Sequence[BoardBox], device: str | None = None, screen: str | None = None
) -> BoardBox:
    """Return the board called `device`, on `screen` (index or name) where that is given.

    Without `device` it is the board whose settings name this screen, else the one at this index,
    else the first. Raises ConfigError when the box has no such board.
    """
    if not boards:
        raise ConfigError("this box has no board; add one - at $.boards")
    wanted = _screen(screen)
    box = _by_screen(boards, wanted) if device is None else _by_name(boards, device)
    if wanted is None:
        return box
    return replace(box, screen=replace(box.screen, screen=wanted))


def _screen(text: str | None) -> int | str | None:
    return int(text) if text is not None and text.isdecimal() else text


def _by_name(boards: Sequence[BoardBox], device: str) -> BoardBox:
    for box in boards:
        if box.device == device:
            return box
    known = ", ".join(box.device for box in boards)
    raise ConfigError(f"no board {device!r} on this box; it has {known} - at $.boards")


def _by_screen(boards: Sequence[BoardBox], wanted: int | str | None) -> BoardBox:
    for box in boards:
        if box.screen.screen == wanted:
            return box
    if isinstance(wanted, int) and wanted < len(boards):
        return boards[wanted]
    return boards[0]
