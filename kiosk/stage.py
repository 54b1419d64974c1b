"""The one owner of the session: every change of what is shown goes through here."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from hall.citizen.session import Session, touched
from kiosk.taps import TapGuard


class Stage(QObject):
    """Holds the session, tells when it changes, and guards against double taps."""

    changed = Signal()

    def __init__(
        self,
        monotonic: Callable[[], float],
        guard: TapGuard,
        speak: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        """Tell the time by `monotonic`, in centre seconds; `speak` changes the language."""
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
        if session.page is not before.page:
            self._guard.screen_changed()
        if session.lang != before.lang:
            self._speak(session.lang)
        self.changed.emit()

    def tapped(self, control: str) -> bool:
        """Return whether a tap on `control` is meant; somebody is there in any case."""
        self.touch()
        return self._guard.accepts(control)

    def touch(self) -> None:
        """Note that somebody is there."""
        self.play(touched(self.session, self.now()))
