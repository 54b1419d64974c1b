"""Fonts beside others of the same name: each look in a process of its own, as fontconfig wants."""

import os
import struct
import subprocess
import sys
from pathlib import Path

import fontpkg_be_vietnam_pro
import pytest

from ui.fonts import renamed

FILES = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
DEBIAN = Path("/usr/share/fonts/truetype/noto")
LOOK = """
from PySide6.QtGui import QGuiApplication
from ui import fonts
application = QGuiApplication([])
fonts.load_fonts()
print(fonts.ink("Noto Sans", 400), fonts.ink(fonts.NUMBER_FAMILY, 400),
      fonts.ink(fonts.NUMBER_FAMILY, 700), fonts.bold_is_bold())
"""
CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""


def look(fonts: Path, tmp_path: Path) -> list[str]:
    """Return what a process whose system fonts are in `fonts` sees."""
    conf = tmp_path / "fonts.conf"
    conf.write_text(CONF.format(fonts=fonts, cache=tmp_path / "cache"))
    environment = os.environ | {"FONTCONFIG_FILE": str(conf), "QT_QPA_PLATFORM": "offscreen"}
    seen = subprocess.run(
        [sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, check=True
    )
    return seen.stdout.split()


def rival(weight: str) -> bytes:
    """Return a static "Noto Sans" of Google's with other glyphs."""
    font = (FILES / f"BeVietnamPro-{weight}.ttf").read_bytes()
    tables = struct.unpack_from(">H", font, 4)[0]
    entry = next(at for at in range(12, 12 + 16 * tables, 16) if font[at : at + 4] == b"OS/2")
    vendor = struct.unpack_from(">I", font, entry + 8)[0] + 58
    return renamed(font[:vendor] + b"GOOG" + font[vendor + 4 :], "Be Vietnam Pro", "Noto Sans")


def test_static_noto_sans_of_the_machine_makes_no_number_thin(tmp_path: Path) -> None:
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    alone = look(fonts, tmp_path)
    for weight in ("Regular", "Bold"):
        (fonts / f"{weight}.ttf").write_bytes(rival(weight))
    beside = look(fonts, tmp_path)
    assert beside[0] != alone[0], "the rival is not seen"
    assert beside[1:] == alone[1:]
    assert beside[-1] == "True"


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="fonts-noto-core is not installed")
def test_the_files_of_debian_make_no_number_thin(tmp_path: Path) -> None:
    assert look(DEBIAN, tmp_path)[-1] == "True"


def test_a_renamed_font_says_only_its_new_name() -> None:
    font = renamed((FILES / "BeVietnamPro-Medium.ttf").read_bytes(), "Be Vietnam Pro", "Longer One")
    assert "Longer One".encode("utf-16-be") in font
    tables = struct.unpack_from(">H", font, 4)[0]
    entry = next(at for at in range(12, 12 + 16 * tables, 16) if font[at : at + 4] == b"name")
    start, length = struct.unpack_from(">2I", font, entry + 8)
    assert "Be Vietnam Pro".encode("utf-16-be") not in font[start : start + length]
