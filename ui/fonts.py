"""The two shipped type families: one for text, one for numbers."""

from pathlib import Path

import fontpkg_be_vietnam_pro
import fontpkg_noto_sans
from PySide6.QtGui import QFontDatabase

from ui.errors import UiError

TEXT_FAMILY = "Be Vietnam Pro"
NUMBER_FAMILY = "Noto Sans"
_TEXT_WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")


def load_fonts() -> None:
    """Make both families known to Qt; raises UiError when a file is missing or broken."""
    text = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
    number = Path(fontpkg_noto_sans.ROOT) / "files"
    files = [text / f"BeVietnamPro-{weight}.ttf" for weight in _TEXT_WEIGHTS]
    files.append(number / "NotoSans[wdth,wght].ttf")
    for file in files:
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise UiError(f"the font {file.name} cannot be loaded; install the dependencies again")
