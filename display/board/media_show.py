"""Pictures and videos beside the calls, one after the other; calls always come first."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Property, QObject, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtQml import QmlElement

from config.settings import BoardMedia
from display.board.picture import PictureReader
from display.board.video import INSTALL, VideoPlayer, video_player
from ui.owner import queued

_log = logging.getLogger(__name__)

PICTURES = frozenset(
    {".bmp", ".gif", ".jfif", ".jpeg", ".jpg", ".png", ".svg", ".tif", ".tiff", ".webp"}
)
VIDEOS = frozenset({".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".webm"})


@dataclass(frozen=True, slots=True)
class Medium:
    """One version of one file."""

    file: Path
    changed_ns: int
    video: bool


@dataclass(frozen=True, slots=True)
class Stock:
    """What the folder held when it was last read."""

    ready: int = 0
    broken: int = 0
    """Files that could not be read, or are neither picture nor video."""
    videos_skipped: int = 0
    found: bool = True


class MediaFolder:
    """The media of one folder, in the order of their names."""

    def __init__(self, path: Path, *, videos: bool) -> None:
        """Read `path`; without `videos` those are counted and skipped."""
        self._path = path
        self._videos = videos
        self._broken: frozenset[Medium] = frozenset()
        self.stock = Stock()

    def after(self, last: Medium | None) -> Medium | None:
        """Return what comes after `last`, the first again after the end; None when empty."""
        media = self._read()
        later = [medium for medium in media if last and medium.file.name > last.file.name]
        return next(iter(later or media), None)

    def spoil(self, medium: Medium) -> None:
        """Leave out this version of a file, which cannot be read."""
        _log.warning("media file not readable file=%s", medium.file)
        self._broken |= {medium}

    def _read(self) -> list[Medium]:
        try:
            files = sorted(self._path.iterdir(), key=lambda file: file.name)
        except OSError as error:
            if self.stock.found:
                _log.warning("media folder not readable error=%s", error)
            self.stock = Stock(found=False)
            return []
        known: list[Medium] = []
        foreign = 0
        for file in files:
            if file.suffix.lower() in PICTURES | VIDEOS:
                known += _medium(file)
            elif not file.name.startswith("."):
                foreign += 1
        self._broken &= frozenset(known)
        playable = [medium for medium in known if self._videos or not medium.video]
        ready = [medium for medium in playable if medium not in self._broken]
        self.stock = Stock(
            ready=len(ready),
            broken=len(self._broken) + foreign,
            videos_skipped=len(known) - len(playable),
        )
        return ready


def _medium(file: Path) -> Iterator[Medium]:
    """Yield the file's present version, or nothing when it has just gone or is no file."""
    if file.name.startswith("."):
        return
    try:
        status = file.stat()
    except OSError:
        return
    if file.is_file():
        yield Medium(file, status.st_mtime_ns, file.suffix.lower() in VIDEOS)


QML_IMPORT_NAME = "display.board"
QML_IMPORT_MAJOR_VERSION = 1

_AGAIN_S = 5.0
"""How soon an empty folder is looked at again."""
_STALLED_S = 10.0
"""A video without a new frame for so long is given up."""
_WHOLE_SCREEN = QSize(1920, 1080)


@QmlElement
class MediaShow(QObject):
    """What stands in the media pane now."""

    availability = Signal()
    pictured = Signal()
    """A new picture, which may be faded in."""
    framed = Signal()
    """The next frame of a video."""

    def __init__(
        self,
        media: BoardMedia | None = None,
        player: Callable[..., VideoPlayer | None] = video_player,
    ) -> None:
        """Show `media`, nothing without; `player` opens what plays videos."""
        super().__init__()
        self._seconds = media.seconds if media else 0.0
        self._video = player(self, heard=media.sound == "ducked") if media else None
        folder = Path(media.folder).expanduser() if media else None
        self._folder = MediaFolder(folder, videos=bool(self._video)) if folder else None
        self._reader = PictureReader(self._take_picture, self)
        self._now: Medium | None = None
        self._image = QImage()
        self._room = _WHOLE_SCREEN
        self._calling = False
        self._due = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._step)
        if self._video:
            self._video.framed.connect(self._take_frame)
            queued(self._video.ended, self._take_end)

    def start(self) -> None:
        """Begin with the first file."""
        if self._folder:
            self._step()

    def stop(self) -> None:
        """Show nothing more."""
        self._timer.stop()
        self._reader.stop()
        if self._video:
            self._video.stop()

    @property
    def stock(self) -> Stock | None:
        """Return what the folder has; None without a folder."""
        return self._folder.stock if self._folder else None

    @property
    def note(self) -> str | None:
        """Return what would have to be done about the rest."""
        stock = self.stock
        if stock is None or (stock.found and not stock.videos_skipped):
            return None
        if not stock.found:
            return "folder not found"
        return f"videos skipped: {stock.videos_skipped}; {INSTALL}"

    @Slot(bool)
    def call(self, calling: bool) -> None:
        """Keep still and quiet while a call is new."""
        self._calling = calling
        if self._video:
            self._video.duck(down=calling)
        if self._due and not calling:
            self._step()

    @Slot(float, float)
    def fit(self, width: float, height: float) -> None:
        """Take from the screen how large a picture is shown."""
        if width > 0 and height > 0:
            self._room = QSize(round(width), round(height))

    @property
    def shown(self) -> bool:
        """Return whether there is anything to show."""
        return not self._image.isNull()

    @Property(bool, notify=availability)
    def available(self) -> bool:
        """Return whether the pane is needed."""
        return self.shown

    @Property("QVariant", notify=pictured)  # type: ignore[arg-type]
    def image(self) -> QImage:
        """Return the picture or frame of this moment."""
        return self._image

    @Slot()
    def _step(self) -> None:
        """Go on to the next file, or wait until the call is no longer new."""
        self._due = self._calling and self.shown
        if self._due or self._folder is None:
            return
        if self._video:
            self._video.stop()
        before, self._now = self._now, self._folder.after(self._now)
        if self._now is None:
            self._show(QImage())
            self._start_timer(_AGAIN_S)
        elif self._now == before and self.shown and not self._now.video:
            self._start_timer(self._seconds)
        elif self._now.video and self._video:
            self._start_timer(_STALLED_S)
            self._video.play(self._now.file, self._room)
        else:
            self._reader.ask(self._now.file, self._room)

    @Slot(object, QImage)
    def _take_picture(self, file: Path, image: QImage) -> None:
        if self._now is None or self._now.file != file:
            return
        if image.isNull():
            self._spoil(self._now)
            return
        self._start_timer(self._seconds)
        self._show(image)

    @Slot(QImage)
    def _take_frame(self, frame: QImage) -> None:
        self._start_timer(_STALLED_S)
        self._show(frame, fade=not self.shown)

    @Slot(bool)
    def _take_end(self, seen: bool) -> None:
        if self._now and not seen:
            self._spoil(self._now)
        else:
            self._step()

    def _spoil(self, medium: Medium) -> None:
        if self._folder:
            self._folder.spoil(medium)
        self._step()

    def _show(self, image: QImage, *, fade: bool = True) -> None:
        appeared = self._image.isNull() != image.isNull()
        self._image = image
        if appeared:
            self.availability.emit()
        (self.pictured if fade else self.framed).emit()

    def _start_timer(self, seconds: float) -> None:
        self._timer.start(round(seconds * 1000))
