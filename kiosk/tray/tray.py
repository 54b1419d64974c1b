"""Which papers lie in the tray."""

from pathlib import Path

from PySide6.QtCore import Property, QFileSystemWatcher, QObject, QTimer, Signal
from PySide6.QtQml import QmlElement

from ui.application import file_url

QML_IMPORT_NAME = "kiosk.tray"
QML_IMPORT_MAJOR_VERSION = 1

_KEPT = 3
_SETTLE_MS = 120


def newest_papers(directory: Path, count: int) -> list[Path]:
    """Return the newest `count` papers below `directory`, newest first."""
    papers = [path for path in directory.glob("*/*.png") if path.is_file()]
    return sorted(papers, key=lambda path: path.stat().st_mtime_ns, reverse=True)[:count]


@QmlElement
class PaperTray(QObject):
    """Follow the directory into which one simulated printer prints."""

    changed = Signal()

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self.directory = directory
        self.papers: list[Path] = []
        directory.mkdir(parents=True, exist_ok=True)
        self._watcher = QFileSystemWatcher([str(directory)], self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.look)
        self._watcher.directoryChanged.connect(self._settle.start)
        self.look()

    def look(self) -> None:
        """Look again at what lies there."""
        days = [str(path) for path in self.directory.iterdir() if path.is_dir()]
        unwatched = set(days) - set(self._watcher.directories())
        if unwatched:
            self._watcher.addPaths(sorted(unwatched))
        papers = newest_papers(self.directory, _KEPT)
        if papers != self.papers:
            self.papers = papers
            self.changed.emit()

    @Property("QVariantList", notify=changed)  # type: ignore[operator, arg-type, unused-ignore]
    def images(self) -> list[object]:
        """Return the papers' pictures, newest first."""
        return [file_url(path) for path in self.papers]
