"""The view-model of what frames the screens: which is shown, notices and the countdown."""

from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from hall.citizen.session import Notice, Page
from kiosk.app import Kiosk

QML_IMPORT_NAME = "kiosk"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameState:
    """Which screen is shown and what stands over it."""

    page: Page = Page.HOME
    notice: Notice | None = None
    about: str = ""
    """The service or the number that the notice is about."""
    at: str = ""
    """When a closed or paused service goes on."""
    hours: str = ""
    large: bool = False
    left_s: int | None = None


def frame_state(kiosk: Kiosk) -> FrameState:
    """Return what frames the screens of `kiosk` now."""
    session = kiosk.session
    tile = kiosk.offer.tile(session.about)
    return FrameState(
        page=session.page,
        notice=session.notice,
        about=tile.name if tile else session.about,
        at=tile.at if tile else "",
        hours=kiosk.offer.closed_hours,
        large=session.large,
        left_s=session.left_s,
    )


@QmlElement
class Frame(QObject):
    """Shows a `FrameState`, and passes touches on."""

    changed = Signal()

    def __init__(self, kiosk: Kiosk) -> None:
        super().__init__(kiosk)
        self.state = frame_state(kiosk)
        self._kiosk = kiosk
        kiosk.changed.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Show what is true now."""
        self.show(frame_state(self._kiosk))

    def show(self, state: FrameState) -> None:
        """Show `state`."""
        if state != self.state:
            self.state = state
            self.changed.emit()

    @Property(str, notify=changed)
    def page(self) -> str:
        """Return which screen is shown, as `Page` names it."""
        return self.state.page.value

    @Property(str, notify=changed)
    def notice(self) -> str:
        """Return what the notice says, as `Notice` names it."""
        return self.state.notice.value if self.state.notice else ""

    @Property(str, notify=changed)
    def about(self) -> str:
        """Return the service or the number that the notice is about."""
        return self.state.about

    @Property(str, notify=changed)
    def at(self) -> str:
        """Return when a closed or paused service goes on, such as 13:30."""
        return self.state.at

    @Property(str, notify=changed)
    def hours(self) -> str:
        """Return the hours while the whole centre gives no numbers."""
        return self.state.hours

    @Property(bool, notify=changed)
    def large(self) -> bool:
        """Return whether text is 40 % larger."""
        return self.state.large

    @Property(int, notify=changed)
    def secondsLeft(self) -> int:  # noqa: N802
        """Return the seconds left before the home screen returns, -1 before the countdown."""
        return -1 if self.state.left_s is None else self.state.left_s

    @Slot()
    def moreTime(self) -> None:  # noqa: N802
        """Begin the idle time anew."""
        self._kiosk.more_time()

    @Slot()
    def closeNotice(self) -> None:  # noqa: N802
        """Return from a notice."""
        self._kiosk.close_notice()
