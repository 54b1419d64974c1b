"""The one owner of the session: every change of what is shown, and every tap, goes through here."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from hall.citizen.session import Session, touched

SAME_CONTROL_S = 0.6
NEW_SCREEN_S = 0.6


class TapGuard:
    """Tells which taps are meant: a second tap of the same gesture does nothing.

    A gesture is a person's, so it is timed by real time.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._screen_since = -NEW_SCREEN_S
        self._last: tuple[str, float] | None = None

    def screen_changed(self) -> None:
        """Note that what lies under the finger is another thing now."""
        self._screen_since = self._monotonic()

    def accepts(self, control: str) -> bool:
        """Return whether a tap on `control` is meant, and remember it if so."""
        now = self._monotonic()
        if now - self._screen_since < NEW_SCREEN_S:
            return False
        if self._last and self._last[0] == control and now - self._last[1] < SAME_CONTROL_S:
            return False
        self._last = control, now
        return True


class Stage(QObject):
    """Holds the session, tells when it changes, and guards against taps that are not meant."""

    changed = Signal()

    def __init__(
        self,
        monotonic: Callable[[], float],
        guard: TapGuard,
        speak: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        """Tell the time by `monotonic`, in seconds of the centre; `speak` changes the language."""
        super().__init__(parent)
        self.now = monotonic
        self.session = Session(touched=monotonic(), page_since=monotonic())
        self._guard = guard
        self._speak = speak

    def play(self, session: Session) -> None:
        """Show `session` from now on."""
        before, self.session = self.session, session
        if session == before:
            return
        if _on_top(session) != _on_top(before):
            self._guard.screen_changed()
        if session.lang != before.lang:
            self._speak(session.lang)
        self.changed.emit()

    def tapped(self, control: str) -> bool:
        """Return whether a tap on `control` is meant; somebody is there in any case.

        During the countdown a tap, wherever it lands, only says that somebody is there.
        """
        counting = self.session.left_s is not None
        self.touch()
        return not counting and self._guard.accepts(control)

    def touch(self) -> None:
        """Note that somebody is there."""
        self.play(touched(self.session, self.now()))


def _on_top(session: Session) -> tuple[object, ...]:
    """Return what a finger would hit: the page, and what stands over it."""
    voiding = session.ticket.voiding if session.ticket else None
    return session.page, session.left_s is None, voiding
