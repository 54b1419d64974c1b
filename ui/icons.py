"""Line icons (Lucide, ISC licence) in any colour: `image://icon/stamp/ffffff`."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

_DIRECTORY = Path(__file__).parent / "icons"
_DEFAULT_SIZE = 48


def icon_names() -> frozenset[str]:
    """Return the names of the icons that ship."""
    return frozenset(file.stem for file in _DIRECTORY.glob("*.svg"))


class IconProvider(QQuickImageProvider):
    """Draw an icon at the requested size and colour; an unknown name draws nothing."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, name: str, size: QSize, requested: QSize) -> QImage:  # noqa: N802
        """Return the icon `name/rrggbb` as Qt asks for it."""
        icon, _, colour = name.partition("/")
        wanted = requested if requested.width() > 0 else QSize(_DEFAULT_SIZE, _DEFAULT_SIZE)
        image = QImage(wanted, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        file = _DIRECTORY / f"{Path(icon).name}.svg"
        if file.is_file():
            svg = file.read_bytes().replace(b"currentColor", f"#{colour or '000000'}".encode())
            painter = QPainter(image)
            QSvgRenderer(QByteArray(svg)).render(painter)
            painter.end()
        size.setWidth(wanted.width())
        size.setHeight(wanted.height())
        return image
