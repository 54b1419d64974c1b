"""QML's `qsTr` served from the one catalogue."""

from PySide6.QtCore import QObject, QTranslator

from hall.words import catalogue


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
