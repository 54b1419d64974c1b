"""One Qt application per process: fonts, icons, language, orderly end."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTranslator, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow
from shiboken6 import delete, isValid

from hall.words import catalogue
from ui.errors import UiError
from ui.fonts import load_fonts
from ui.icons import IconProvider
from ui.loop import Loop


class CatalogueTranslator(QTranslator):
    """Answers Qt's questions from the catalogue of one language."""

    def __init__(self, lang: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue(lang)

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's own name
        """Return False: Qt asks no translator that says it is empty."""
        return False

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        """Return `source` in this language; the source itself where the catalogue has nothing."""
        del context, n
        if disambiguation:
            return self._catalogue.pgettext(disambiguation, source)
        return self._catalogue.gettext(source)


_ROOT = Path(__file__).parent.parent


class Application:
    """A Qt Quick application drawn by the software renderer unless the environment says else."""

    def __init__(self, name: str, environment: Mapping[str, str]) -> None:
        os.environ.setdefault("QT_QUICK_BACKEND", "software")
        if not _has_screen(environment):
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        running = QGuiApplication.instance()
        self.qt = running if isinstance(running, QGuiApplication) else QGuiApplication([name])
        self.qt.setApplicationName(name)
        load_fonts()
        self.engine = QQmlApplicationEngine()
        self.engine.addImportPath(str(_ROOT))
        self.engine.addImageProvider("icon", IconProvider())
        self._kept: list[dict[str, Any]] = []
        self._translator: CatalogueTranslator | None = None
        self._loop = Loop(self.qt)

    def load(self, module: str, component: str, **properties: Any) -> QQuickWindow:  # noqa: ANN401
        """Show the window `component` of the QML `module`; raises UiError when QML refuses it."""
        self._kept.append(properties)
        self.engine.setInitialProperties(properties)
        before = len(self.engine.rootObjects())
        self.engine.loadFromModule(module, component)
        roots = self.engine.rootObjects()
        if len(roots) == before:
            raise UiError(f"the screen {module}.{component} cannot be loaded; see the log")
        window = roots[-1]
        if not isinstance(window, QQuickWindow):
            raise UiError(f"the screen {module}.{component} is not a window")
        return window

    def speak(self, language: str) -> None:
        """Show texts in `language` of the catalogue; Vietnamese is that of the sources."""
        if self._translator:
            self.qt.removeTranslator(self._translator)
        self._translator = CatalogueTranslator(language)
        self.qt.installTranslator(self._translator)
        self.engine.retranslate()

    def run(self, stop: Callable[[], None]) -> int:
        """Run until the last window closes or a signal comes; then call `stop`."""
        code = self._loop.run()
        stop()
        self.close()
        return code

    def end(self) -> None:
        """End the event loop; `quit` would first ask the windows, and a kiosk's refuses."""
        self._loop.end()

    def close(self) -> None:
        """End the screens, before the objects that their bindings read."""
        if isValid(self.engine):
            delete(self.engine)
        self._kept.clear()


def file_url(path: Path) -> QUrl:
    """Return the URL under which QML loads a local file."""
    return QUrl.fromLocalFile(str(path))


def find_item(window: QQuickWindow, name: str) -> QObject | None:
    """Return the visual item called `name` (its objectName), one that is seen if there is any."""
    waiting: list[Any] = [window.contentItem()]
    hidden: QObject | None = None
    while waiting:
        item = waiting.pop()
        if item.objectName() == name:
            found: QObject = item
            if item.isVisible():
                return found
            hidden = hidden or found
        waiting.extend(item.childItems())
    return hidden


def _has_screen(environment: Mapping[str, str]) -> bool:
    if os.name == "nt":
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
