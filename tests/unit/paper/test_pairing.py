import pytest
from PIL import Image, ImageChops

from paper.blocks import Face, Gap, Paragraph
from paper.drawing import draw
from paper.fonts import font
from paper.layout import built_in_layouts
from paper.pairing import covered_to_print

LAYOUTS = built_in_layouts()
SIZES = sorted(
    {
        size
        for layout in (LAYOUTS.standard, LAYOUTS.large, LAYOUTS.short)
        for block in layout.blocks
        if isinstance(getattr(block, "size", None), dict)
        for size in block.size.values()  # type: ignore[union-attr]
        if size <= 96
    }
)


def parts(letter: str, size: int, face: Face) -> int:
    """How many runs of rows with ink `letter` has."""
    (image,) = draw((Gap(20), Paragraph(letter, size, face), Gap(20)), 384)
    assert isinstance(image, Image.Image)
    _, rows = ImageChops.invert(image.convert("L")).getprojection()
    return sum(row and not above for above, row in zip([0, *rows], rows, strict=False))


@pytest.mark.parametrize("face", [Face.REGULAR, Face.BOLD])
@pytest.mark.parametrize("size", SIZES)
def test_no_dot_melts_into_its_letter_in_any_size_of_the_layouts(size: int, face: Face) -> None:
    assert parts("i", size, face) == 2
    assert parts("l", size, face) == 1


@pytest.mark.parametrize("size", SIZES)
def test_most_marks_stay_apart_too(size: int) -> None:
    assert sum(parts(letter, size, Face.REGULAR) > 1 for letter in "ýéộạ") >= 3


def test_letters_are_as_strong_as_their_marks_allow() -> None:
    assert covered_to_print(font(Face.REGULAR, 26)) < covered_to_print(font(Face.REGULAR, 24))
