"""The page of the self-test: its width, its letters and its code, to be looked at."""

from collections.abc import Iterable

from PIL import Image, ImageDraw

from paper.blocks import Face, QrCode
from paper.encode import encode
from paper.lettering import fit_line, font

_WHITE, _BLACK = 255, 0
_DOTS_PER_MM = 8
_TICK, _TALL_TICK = 12, 28
_LONG_EVERY_MM = 10
_MARGIN = 16
_TITLE, _TEXT, _NUMBER = 44, 26, 150
_LETTERS = (
    "Ă Â Đ Ê Ô Ơ Ư  ă â đ ê ô ơ ư",
    "À Ả Ã Á Ạ  Ằ Ẳ Ẵ Ắ Ặ  Ầ Ẩ Ẫ Ấ Ậ",
    "ề ể ễ ế ệ  ồ ổ ỗ ố ộ  ờ ở ỡ ớ ợ",
    "ừ ử ữ ứ ự  ì ỉ ĩ í ị  ỳ ỷ ỹ ý ỵ",
)
_QR_DOTS = 6


def test_page(dots: int, title: str, lines: Iterable[str], code: str) -> bytes:
    """Return the print job of the page for `dots` in a row: `lines` say what was set up."""
    sheet, gap = _sheet(dots, title, tuple(lines)), _blank(dots)
    return encode((sheet, gap, QrCode(code, _QR_DOTS), gap))


def _sheet(dots: int, title: str, lines: tuple[str, ...]) -> Image.Image:
    texts = [(title, Face.BOLD, _TITLE), *((line, Face.REGULAR, _TEXT) for line in lines)]
    texts += [(letters, Face.REGULAR, _TEXT) for letters in _LETTERS]
    texts.append(("2005", Face.NUMBER, _NUMBER))
    height = 3 * _MARGIN + 2 * _TALL_TICK + sum(_height(size) for _, _, size in texts)
    image = Image.new("L", (dots, height), _WHITE)
    draw = ImageDraw.Draw(image)
    y = _ruler(draw, dots)
    for text, face, size in texts:
        cut = fit_line(text, face, size, dots - 2 * _MARGIN)
        draw.text((dots / 2, y + _height(size) / 2), text, font=cut, fill=_BLACK, anchor="mm")
        y += _height(size)
    draw.rectangle((0, _MARGIN // 2, dots - 1, height - 1), outline=_BLACK)
    return image.convert("1", dither=Image.Dither.NONE)


def _height(size: int) -> int:
    return size * 4 // 3


def _ruler(draw: ImageDraw.ImageDraw, dots: int) -> int:
    """Draw millimetres from edge to edge; return where the text may begin."""
    top = _MARGIN
    for mm in range(dots // _DOTS_PER_MM + 1):
        tall = mm % _LONG_EVERY_MM == 0
        x = min(mm * _DOTS_PER_MM, dots - 1)
        draw.line((x, top, x, top + (_TALL_TICK if tall else _TICK)), fill=_BLACK)
        if tall and 0 < mm < dots // _DOTS_PER_MM - 2:
            cut = font(Face.REGULAR, _TEXT - 6)
            draw.text((x, top + _TALL_TICK + 2), str(mm), font=cut, fill=_BLACK, anchor="ma")
    return top + 2 * _TALL_TICK + _MARGIN // 2


def _blank(dots: int) -> Image.Image:
    return Image.new("1", (dots, 2 * _MARGIN), _WHITE)
