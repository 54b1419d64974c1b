"""The two shipped type families, under names of our own.

A machine may have families of the same names: Debian's `fonts-noto-core` (which LibreOffice
recommends) brings a "Noto Sans" of static weights, and Qt mixes files of one name, so that a bold
number comes out thin. Names that nobody else uses cannot be mixed up.
"""

import struct
from pathlib import Path

import fontpkg_be_vietnam_pro
import fontpkg_noto_sans
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QFont, QFontDatabase, QImage, QPainter

from ui.errors import UiError

TEXT_FAMILY = "Denluot Text"
NUMBER_FAMILY = "Denluot Number"
_TEXT_WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")
_UNICODE_PLATFORMS = (0, 3)
_BOLD_INK = 1.2
"""How much more ink a bold sample has than a regular one, at least."""


def load_fonts() -> None:
    """Make both families known to Qt; raises UiError when a file is missing or broken."""
    text = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
    number = Path(fontpkg_noto_sans.ROOT) / "files"
    for weight in _TEXT_WEIGHTS:
        _load(text / f"BeVietnamPro-{weight}.ttf", "Be Vietnam Pro", TEXT_FAMILY)
    _load(number / "NotoSans[wdth,wght].ttf", "Noto Sans", NUMBER_FAMILY)


def renamed(font: bytes, old: str, new: str) -> bytes:
    """Return a TrueType font whose names say `new` for `old`; glyphs stay as they are.

    The new name table is put at the end and the directory points to it. Checksums stay as they
    were: FreeType and Qt do not read them.
    """
    tables = struct.unpack_from(">H", font, 4)[0]
    entry = next(at for at in range(12, 12 + 16 * tables, 16) if font[at : at + 4] == b"name")
    start, length = struct.unpack_from(">2I", font, entry + 8)
    names = _renamed_names(font[start : start + length], old, new)
    padding = bytes(-len(font) % 4)
    place = struct.pack(">2I", len(font) + len(padding), len(names))
    return font[: entry + 8] + place + font[entry + 16 :] + padding + names


def bold_is_bold() -> bool:
    """Return whether bold texts and numbers have the ink of bold ones, whatever their names say."""
    return all(
        ink(family, 700) > _BOLD_INK * ink(family, 400) for family in (TEXT_FAMILY, NUMBER_FAMILY)
    )


def ink(family: str, weight: int) -> int:
    """Return how much ink a sample of `family` takes, drawn as the screens draw it."""
    font = QFont(family)
    font.setPixelSize(60)
    if family == NUMBER_FAMILY:
        font.setVariableAxis(QFont.Tag("wght"), weight)
    else:
        font.setWeight(QFont.Weight(weight))
    image = QImage(400, 100, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    painter.setFont(font)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(image.rect(), Qt.AlignmentFlag.AlignCenter, "1028 1 4")
    painter.end()
    return sum(bytes(image.constBits()))


def _load(file: Path, old: str, new: str) -> None:
    try:
        data = renamed(file.read_bytes(), old, new)
    except (OSError, StopIteration, struct.error) as error:
        raise _broken(file) from error
    if QFontDatabase.addApplicationFontFromData(QByteArray(data)) < 0:
        raise _broken(file)


def _broken(file: Path) -> UiError:
    return UiError(f"the font {file.name} cannot be loaded; install the dependencies again")


def _renamed_names(table: bytes, old: str, new: str) -> bytes:
    _, count, strings = struct.unpack_from(">3H", table)
    records, texts = bytearray(), bytearray()
    for number in range(count):
        *kind, length, offset = struct.unpack_from(">6H", table, 6 + 12 * number)
        code = "utf-16-be" if kind[0] in _UNICODE_PLATFORMS else "latin-1"
        text = table[strings + offset : strings + offset + length].decode(code)
        written = text.replace(old, new).encode(code)
        records += struct.pack(">6H", *kind, len(written), len(texts))
        texts += written
    header = struct.pack(">3H", 0, count, 6 + 12 * count)
    return bytes(header + records + texts)
