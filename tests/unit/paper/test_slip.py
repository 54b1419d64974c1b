from datetime import UTC, datetime

import msgspec
import pytest

from config import load_centre
from hall.slip import appointment_slip
from paper import slip_ticket
from paper.blocks import Number, Paragraph, QrCode
from paper.composing import compose
from paper.encode import encode_layout
from paper.layout import built_in_layouts

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
CENTRE = load_centre()


@pytest.mark.parametrize("dots", [576, 512, 384])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_slip_says_when_where_and_what_is_late(dots: int, lang: str) -> None:
    slip = appointment_slip(CENTRE, "CIVIL", AT, "7k3m9q", lang)
    sheet = slip_ticket(slip, datetime(2026, 11, 23, 8, 24, tzinfo=UTC))
    layout = built_in_layouts().choose(sheet, "slow")
    blocks = compose(sheet, layout, dots)
    assert [block.text for block in blocks if isinstance(block, Number)] == ["7K3-M9Q"]
    assert not [block for block in blocks if isinstance(block, QrCode)]
    said = "\n".join(block.text for block in blocks if isinstance(block, Paragraph))
    for words in (slip.service, "09:00", slip.day, "08:30", "09:15", CENTRE.identity.hotline):
        assert words in said
    assert not encode_layout(sheet, dots, layout).given_up


def test_the_rules_are_those_of_the_centre() -> None:
    rules = msgspec.structs.replace(CENTRE.rules, appointment_early_min=60, appointment_late_min=0)
    identity = msgspec.structs.replace(CENTRE.identity, hotline="")
    centre = msgspec.structs.replace(CENTRE, rules=rules, identity=identity)
    slip = appointment_slip(centre, "GONE", AT, "7K3M9Q", "vi")
    assert slip.advice == (
        "Từ 08:00: mời bấm “Tôi có hẹn” ở máy lấy số và nhập mã.",
        "Đến sau 09:00: quý vị lấy số thường.",
        "Phiếu không ghi tên: xin giữ kín mã này.",
    )
    assert slip.service == "GONE"
