"""The fonts of the paper: they ship with the product, so every box prints alike."""

from functools import lru_cache
from pathlib import Path
from typing import assert_never

import fontpkg_be_vietnam_pro
import fontpkg_noto_sans
from PIL import ImageFont

from paper.blocks import Face

Font = ImageFont.FreeTypeFont

_TEXT = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
_NUMBERS = Path(fontpkg_noto_sans.ROOT) / "files" / "NotoSans[wdth,wght].ttf"
_WEIGHT, _WIDTH = 800, 100


@lru_cache(maxsize=128)
def font(face: Face, size: int) -> Font:
    """Return `face` at `size` dots; kept, because opening one takes milliseconds.

    Text is a weight heavier than on screens: hair lines are what thermal paper loses first.
    """
    match face:
        case Face.REGULAR:
            return ImageFont.truetype(_TEXT / "BeVietnamPro-Medium.ttf", size)
        case Face.BOLD:
            return ImageFont.truetype(_TEXT / "BeVietnamPro-Bold.ttf", size)
        case Face.NUMBER:
            numbers = ImageFont.truetype(_NUMBERS, size)
            numbers.set_variation_by_axes([_WEIGHT, _WIDTH])
            return numbers
        case _:
            assert_never(face)
