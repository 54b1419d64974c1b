from datetime import UTC, datetime

import pytest

from bus.vocabulary import Language
from config import load_centre
from paper import Section, checklist_ticket
from paper.blocks import Items, Number, Paragraph, QrCode
from paper.composing import compose
from paper.encode import encode_layout
from paper.layout import built_in_layouts

LONG = ("Giấy xác nhận của cơ quan có thẩm quyền về việc cư trú, " * 6)[:300].strip()


@pytest.mark.parametrize("dots", [576, 384])
@pytest.mark.parametrize("large", [False, True], ids=["normal", "chu-to"])
def test_every_word_of_the_list_is_on_the_paper_and_no_number(dots: int, *, large: bool) -> None:
    parts = (Section("Ai nộp", (LONG,)), Section("Giấy tờ cần", (LONG, "Căn cước"), listed=True))
    sheet = checklist_ticket(
        load_centre(), "Đăng ký khai sinh", parts, ("Không phải số thứ tự.",),
        datetime(2026, 11, 23, 1, 24, tzinfo=UTC), lang=Language.VIETNAMESE, large=large,
    )  # fmt: skip
    layout = built_in_layouts().choose(sheet, "slow")
    blocks = compose(sheet, layout, dots)
    said = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert {"Đăng ký khai sinh", "Ai nộp", LONG, "Giấy tờ cần", "Không phải số thứ tự."} <= {*said}
    assert [block.texts for block in blocks if isinstance(block, Items)] == [(LONG, "Căn cước")]
    assert not [block for block in blocks if isinstance(block, Number | QrCode)]
    assert not encode_layout(sheet, dots, layout).given_up
