"""A picture on the screen, as large as its place lets it be."""

from PySide6.QtCore import Property, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickPaintedItem

QML_IMPORT_NAME = "display.board"
QML_IMPORT_MAJOR_VERSION = 1


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
