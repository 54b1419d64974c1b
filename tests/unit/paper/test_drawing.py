import unicodedata
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from bus.vocabulary import Language, TicketClass
from paper import Ticket
from paper.blocks import (
    Block,
    Face,
    Gap,
    Items,
    Mark,
    Number,
    Paragraph,
    QrCode,
    Rows,
)
from paper.composing import compose
from paper.drawing import Part, draw
from paper.layout import built_in_layouts

WIDTHS = (576, 512, 384)


NAMES = ("standard", "large", "short")


def composed(ticket: Ticket, dots: int, name: str = "standard") -> tuple[Block, ...]:
    return compose(ticket, getattr(built_in_layouts(), name), dots)


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
    (part,) = draw(composed(ticket, dots), dots)
    assert isinstance(part, Image.Image)
    assert (part.mode, part.width) == ("1", dots)


def longest(ticket: Ticket, lang: Language) -> Ticket:
    """A ticket that says everything, with names as long as any centre has them."""
    return replace(
        ticket,
        number="A0055",
        service="Đăng ký thay đổi quyền sử dụng đất và tài sản gắn liền với đất",
        ticket_class=TicketClass.APPOINTMENT,
        lang=lang,
        copy=True,
        offline=True,
        ahead=128,
        wait_min=(120, 180),
        centre="Trung tâm Phục vụ hành chính công khu vực liên phường số 2",
        papers=(
            "Căn cước hoặc hộ chiếu của người yêu cầu và của người được ủy quyền",
            "Bản chính giấy tờ cần chứng thực",
            "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở (nếu có)",
            "Văn bản ủy quyền",
        ),
        qr="https://so.nhichieu.haiphong.gov.vn/t/7KQ2M9XW4TCB7KQ2M9XW4T",
    )


@pytest.mark.parametrize("dots", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", Language)
def test_nothing_touches_the_edges(ticket: Ticket, lang: Language, name: str, dots: int) -> None:
    parts = draw(composed(longest(ticket, lang), dots, name), dots)
    for part in parts:
        if isinstance(part, Image.Image):
            left, _, right, _ = ink(part)
            assert left >= 12
            assert right <= dots - 12
    first, last = parts[0], parts[-1]
    assert isinstance(first, Image.Image)
    assert isinstance(last, Image.Image)
    assert ink(first)[1] > 0
    assert ink(last)[3] < last.height


@pytest.mark.parametrize("dots", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", Language)
def test_no_block_covers_another(ticket: Ticket, lang: Language, name: str, dots: int) -> None:
    """Blocks drawn together have as many black dots as each alone: no letter lies on another."""
    blocks = [
        block
        for block in composed(longest(ticket, lang), dots, name)
        if not isinstance(block, QrCode)
    ]
    alone = sum(
        black(drawn(Gap(60), block, Gap(60), dots=dots))
        for block in blocks
        if not isinstance(block, Gap)
    )
    assert black(drawn(*blocks, dots=dots)) == alone


@pytest.mark.parametrize("dots", WIDTHS)
def test_a_label_never_runs_into_its_value(dots: int) -> None:
    label, value = "Expected wait", "120–180 minutes"
    image = drawn(Rows(((label, value),), 40, 300), dots=dots)
    _, _, _, bottom = ink(image)
    columns = image.crop((0, 0, dots, bottom)).convert("L").point(lambda dot: 255 - dot)
    filled = columns.getprojection()[0]
    blank = "".join("#" if column else " " for column in filled).strip()
    assert max(len(gap) for gap in blank.split("#")) >= 12


def test_a_list_hangs_from_its_bullets() -> None:
    image = drawn(Items(("Căn cước hoặc hộ chiếu", "Giấy " * 20), 24))
    left, _, right, _ = ink(image)
    assert abs(left - (576 - right)) <= 8
    assert image.height == 3 * 32
    assert drawn(Items((), 24)).height == 0


def test_large_type_is_drawn_in_pairs_of_rows_and_small_type_is_not() -> None:
    def paired(*blocks: Block) -> bool:
        image = drawn(*blocks, dots=384)
        image = image.crop((0, 0, 384, image.height // 2 * 2))
        half = image.resize((image.width, image.height // 2), Image.Resampling.NEAREST)
        return half.resize(image.size, Image.Resampling.NEAREST).tobytes() == image.tobytes()

    text = "Kinh doanh, xây dựng"
    assert paired(Gap(7), Paragraph(text, 24), Mark("ƯU TIÊN", 28), Gap(7))
    assert paired(
        Gap(8), Rows((("Chờ khoảng", "5–10 phút"),), 26, 300), Paragraph(text, 40), Gap(9)
    )
    assert not paired(Gap(8), Paragraph(text, 22), Gap(8))


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
    tight = drawn(Gap(6), Paragraph(letter, 29, Face.BOLD), Gap(6))
    roomy = drawn(Gap(40), Paragraph(letter, 29, Face.BOLD), Gap(40))
    assert black(tight) == black(roomy)
    base = unicodedata.normalize("NFD", letter)[0]
    if base != letter:
        assert black(tight) > black(drawn(Gap(6), Paragraph(base, 29, Face.BOLD), Gap(6)))


def test_taken_apart_and_composed_text_look_alike() -> None:
    composed = "Chứng thực, hộ tịch"
    apart = unicodedata.normalize("NFD", composed)
    assert apart != composed
    assert drawn(Paragraph(apart, 24)).tobytes() == drawn(Paragraph(composed, 24)).tobytes()


def test_a_solid_mark_is_white_on_black() -> None:
    box, solid = drawn(Mark("BẢN IN LẠI", 28)), drawn(Mark("BẢN IN LẠI", 28, solid=True))
    assert ink(box) == ink(solid)
    assert black(solid) > 1.5 * black(box)


def test_a_code_stands_between_two_drawings() -> None:
    parts: tuple[Part, ...] = draw((Gap(3), QrCode("https://x.vn"), Gap(5)), 576)
    above, code, below = parts
    assert isinstance(above, Image.Image)
    assert isinstance(below, Image.Image)
    assert (above.height, code, below.height) == (3, QrCode("https://x.vn"), 5)
