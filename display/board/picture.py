"""Pictures from files, upright and no larger than they are shown, and the item that paints them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Property, QObject, QRectF, QSize, QSizeF, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader, QPainter
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickPaintedItem

from ui.owner import queued

QML_IMPORT_NAME = "display.board"
QML_IMPORT_MAJOR_VERSION = 1

_MOST_MB = 64
"""A file that unpacks to more is taken for broken."""
_LEAVE_MS = 2000


def read_picture(file: Path, room: QSize) -> QImage:
    """Return the picture of `file` within `room`; a null image when it cannot be read."""
    reader = QImageReader(str(file))
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    rotated = reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90
    bound = room.transposed() if rotated else room
    size = reader.size()
    if size.isValid() and not _within(size, bound):
        reader.setScaledSize(size.scaled(bound, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if not image.isNull() and not _within(image.size(), room):
        image = image.scaled(
            room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


class PictureReader(QObject):
    """Read pictures one at a time on a thread of its own."""

    _read = Signal(object, QImage)

    def __init__(self, take: Callable[[Path, QImage], None], parent: QObject) -> None:
        """Give every picture to `take`, a slot of `parent`, on the thread it lives in."""
        super().__init__(parent)
        QImageReader.setAllocationLimit(_MOST_MB)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        queued(self._read, take)

    def ask(self, file: Path, room: QSize) -> None:
        """Read `file` for `room`; its picture, null when it is broken, comes later."""
        self._pool.start(lambda: self._read.emit(file, read_picture(file, room)))

    def stop(self) -> None:
        """Wait for the picture that is being read, if it comes soon."""
        self._pool.clear()
        self._pool.waitForDone(_LEAVE_MS)


@QmlElement
class Picture(QQuickPaintedItem):
    """Paints `image` whole, in the middle of the item, never larger than it is."""

    changed = Signal()

    def __init__(self, parent: QQuickPaintedItem | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()

    @Property("QVariant", notify=changed)
    def image(self) -> QImage:
        """Return what is painted."""
        return self._image

    @image.setter  # type: ignore[no-redef]
    def image(self, image: QImage) -> None:
        self._image = image
        self.changed.emit()
        self.update()

    def paint(self, painter: QPainter) -> None:
        """Draw the image; none draws nothing."""
        if self._image.isNull():
            return
        place = self.boundingRect()
        size = QSizeF(self._image.size())
        if size.width() > place.width() or size.height() > place.height():
            size.scale(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(0, 0, size.width(), size.height())
        target.moveCenter(place.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, self._image)


def _within(size: QSize, bound: QSize) -> bool:
    return size.width() <= bound.width() and size.height() <= bound.height()
