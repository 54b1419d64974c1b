"""The files a page needs beside itself: style, script, fonts, icons."""

import hashlib
from pathlib import Path

import fontpkg_be_vietnam_pro
import fontpkg_noto_sans
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import get
from litestar.datastructures import CacheControlHeader
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import File
from markupsafe import Markup

import ui
from web.access import PUBLIC

STATIC = Path(__file__).parent / "static"
BOARD_STATIC = STATIC / "board"
FOREVER = CacheControlHeader(public=True, max_age=31_536_000, immutable=True)

_TEMPLATES = Path(__file__).parent / "templates"
_ICONS = Path(ui.__file__).parent / "icons"
_TEXT = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
_NUMBERS = Path(fontpkg_noto_sans.ROOT) / "files"

_FONTS = {
    "be-vietnam-pro-400.ttf": _TEXT / "BeVietnamPro-Regular.ttf",
    "be-vietnam-pro-500.ttf": _TEXT / "BeVietnamPro-Medium.ttf",
    "be-vietnam-pro-600.ttf": _TEXT / "BeVietnamPro-SemiBold.ttf",
    "be-vietnam-pro-700.ttf": _TEXT / "BeVietnamPro-Bold.ttf",
    "noto-sans.ttf": _NUMBERS / "NotoSans[wdth,wght].ttf",
}
"""What the fonts are called on the web, and where they are."""


def assets_version() -> str:
    """Return a mark that changes with styles, scripts and pages, so that browsers fetch again."""
    digest = hashlib.sha256()
    for path in sorted([*STATIC.rglob("*.*"), *_TEMPLATES.iterdir()]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def load_templates() -> Environment:
    """Return the pages' templates, which may use `assets` and `icon`."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["assets"] = assets_version()
    environment.globals["icon"] = _icon
    return environment


def font(address: str) -> HTTPRouteHandler:
    """Return what answers on `address`, with its `{name}`, with a font file."""

    @get(address, opt=PUBLIC)
    async def answer(name: FromPath[str]) -> File:
        """Answer with a font file."""
        if name not in _FONTS:
            raise NotFoundException
        return File(
            _FONTS[name],
            filename=name,
            media_type="font/ttf",
            content_disposition_type="inline",
            headers={"Cache-Control": FOREVER.to_header()},
        )

    return answer


def _icon(name: str) -> Markup:
    """Return a line icon of the interface, in the colour of the text around it."""
    return Markup((_ICONS / f"{name}.svg").read_text("utf-8"))  # noqa: S704 - shipped with us


def icon_names() -> tuple[str, ...]:
    """Return the icons that there are."""
    return tuple(sorted(path.stem for path in _ICONS.glob("*.svg")))
