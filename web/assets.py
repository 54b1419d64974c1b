"""The files a page needs beside itself: style, script, fonts."""

import hashlib
from pathlib import Path

import fontpkg_be_vietnam_pro
import fontpkg_noto_sans

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"

_TEXT = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
_NUMBERS = Path(fontpkg_noto_sans.ROOT) / "files"

FONTS = {
    "be-vietnam-pro-400.ttf": _TEXT / "BeVietnamPro-Regular.ttf",
    "be-vietnam-pro-500.ttf": _TEXT / "BeVietnamPro-Medium.ttf",
    "be-vietnam-pro-600.ttf": _TEXT / "BeVietnamPro-SemiBold.ttf",
    "be-vietnam-pro-700.ttf": _TEXT / "BeVietnamPro-Bold.ttf",
    "noto-sans.ttf": _NUMBERS / "NotoSans[wdth,wght].ttf",
}
"""What the fonts are called on the web, and where they are."""


def assets_version() -> str:
    """Return a mark that changes with the style and the script, so that browsers fetch anew."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
