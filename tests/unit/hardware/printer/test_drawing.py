import unicodedata
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from bus.messages import TicketClass
from hardware.printer import Ticket
from hardware.printer.drawing import Part, draw
from hardware.printer.layout import Block, Face, Gap, Mark, Number, Paragraph, QrCode, lay_out

WIDTHS = (576, 512, 384)


def drawn(*blocks: Block, dots: int = 576) -> Image.Image:
    (part,) = draw(blocks, dots)
    assert isinstance(part, Image.Image)
    return part


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.invert(image.convert("L")).getbbox()
    assert box
    return box


def black(image: Image.Image) -> int:
    return image.convert("L").histogram()[0]


@pytest.mark.parametrize("dots", WIDTHS)
def test_is_black_and_white_and_as_wide_as_the_paper(ticket: Ticket, dots: int) -> None:
    (part,) = draw(lay_out(ticket, dots), dots)
    assert isinstance(part, Image.Image)
    assert (part.mode, part.width) == ("1", dots)


@pytest.mark.parametrize("dots", WIDTHS)
def test_nothing_touches_the_edges(ticket: Ticket, dots: int) -> None:
    busy = replace(
        ticket,
        number="A0055",
        service="Đăng ký thay đổi quyền sử dụng đất và tài sản gắn liền với đất",
        ticket_class=TicketClass.APPOINTMENT,
        copy=True,
        ahead=128,
        wait_min=(120, 180),
        centre="Trung tâm Phục vụ hành chính công khu vực liên phường số 2",
    )
    (part,) = draw(lay_out(busy, dots), dots)
    assert isinstance(part, Image.Image)
    left, top, right, bottom = ink(part)
    assert left >= 8
    assert right <= dots - 8
    assert 0 < top < bottom < part.height


def test_the_number_is_large_centred_and_doubled() -> None:
    image = drawn(Number("2005", 186))
    left, top, right, bottom = ink(image)
    assert bottom - top >= 130
    assert abs(left - (576 - right)) <= 4
    half = image.resize((288, image.height // 2), Image.Resampling.NEAREST)
    assert half.resize(image.size, Image.Resampling.NEAREST).tobytes() == image.tobytes()


def test_a_long_number_shrinks_to_the_paper() -> None:
    left, _, right, _ = ink(drawn(Number("ABC12345", 186)))
    assert left >= 20
    assert right <= 556


@pytest.mark.parametrize("letter", "ẤẦẨẪẬỄỆỘỠỨỮỰĐƯƠỶỸỵ")
def test_diacritics_are_drawn_whole(letter: str) -> None:
    """A letter alone on its line loses no ink to the line above it or to the paper's end."""
    tight = drawn(Gap(6), Paragraph(letter, 28, Face.BOLD), Gap(6))
    roomy = drawn(Gap(40), Paragraph(letter, 28, Face.BOLD), Gap(40))
    assert black(tight) == black(roomy)
    base = unicodedata.normalize("NFD", letter)[0]
    if base != letter:
        assert black(tight) > black(drawn(Gap(6), Paragraph(base, 28, Face.BOLD), Gap(6)))


def test_taken_apart_and_composed_text_look_alike() -> None:
    composed = "Chứng thực, hộ tịch"
    apart = unicodedata.normalize("NFD", composed)
    assert apart != composed
    assert drawn(Paragraph(apart, 24)).tobytes() == drawn(Paragraph(composed, 24)).tobytes()


def test_a_solid_mark_is_white_on_black() -> None:
    box, solid = drawn(Mark("BẢN IN LẠI", 28)), drawn(Mark("BẢN IN LẠI", 28, solid=True))
    assert ink(box) == ink(solid)
    assert black(solid) > 2 * black(box)


def test_a_code_stands_between_two_drawings() -> None:
    parts: tuple[Part, ...] = draw((Gap(3), QrCode("https://x.vn"), Gap(5)), 576)
    above, code, below = parts
    assert isinstance(above, Image.Image)
    assert isinstance(below, Image.Image)
    assert (above.height, code, below.height) == (3, QrCode("https://x.vn"), 5)
