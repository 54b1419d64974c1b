from dataclasses import replace

import pytest

from bus.messages import Language, TicketClass
from hardware.printer import Ticket
from hardware.printer.layout import Block, Mark, Number, Paragraph, QrCode, Row, lay_out
from hardware.printer.wording import words


def rows(blocks: tuple[Block, ...]) -> list[tuple[str, str]]:
    return [(block.label, block.value) for block in blocks if isinstance(block, Row)]


def texts(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def marks(blocks: tuple[Block, ...]) -> list[tuple[str, bool]]:
    return [(block.text, block.solid) for block in blocks if isinstance(block, Mark)]


def test_says_everything_in_order(ticket: Ticket) -> None:
    blocks = lay_out(ticket, 576)
    assert texts(blocks) == [
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        "PHƯỜNG NHỊ CHIỂU",
        "Số thứ tự của quý vị",
        "Hộ tịch",
        "Nếu lỡ lượt, mời quý vị báo cán bộ, không cần lấy số mới.",
        "Số chỉ có giá trị trong ngày.",
        "Đường dây nóng: 02203.822.666",
    ]
    assert [block.text for block in blocks if isinstance(block, Number)] == ["2005"]
    assert rows(blocks) == [
        ("Trước quý vị", "2 người"),
        ("Chờ khoảng", "5–10 phút"),
        ("Lấy số lúc", "08:24 · 23/11/2026"),
    ]
    assert marks(blocks) == []


def test_speaks_english(ticket: Ticket) -> None:
    english = replace(ticket, lang=Language.ENGLISH, ticket_class=TicketClass.PRIORITY, ahead=1)
    blocks = lay_out(english, 576)
    assert rows(blocks) == [
        ("Ahead of you", "1 person"),
        ("Expected wait", "5–10 minutes"),
        ("Taken at", "08:24 · 23/11/2026"),
    ]
    assert marks(blocks) == [("PRIORITY", False)]
    assert "Your number" in texts(blocks)


@pytest.mark.parametrize(("ahead", "said"), [(0, "không có ai"), (1, "1 người"), (12, "12 người")])
def test_counts_people(ahead: int, said: str) -> None:
    assert words(Language.VIETNAMESE).people_ahead(ahead) == said


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        ((5, 10), ("Chờ khoảng", "5–10 phút")),
        ((0, 5), ("Thời gian chờ", "dưới 5 phút")),
        ((0, 0), ("Thời gian chờ", "dưới 1 phút")),
        ((60, 60), ("Chờ khoảng", "60 phút")),
    ],
)
def test_says_a_wait_as_a_range(wait: tuple[int, int], said: tuple[str, str]) -> None:
    assert words(Language.VIETNAMESE).wait_range(wait) == said


def test_leaves_out_what_nobody_knows(ticket: Ticket) -> None:
    blocks = lay_out(replace(ticket, ahead=None, wait_min=None), 576)
    assert [label for label, _ in rows(blocks)] == ["Lấy số lúc"]


def test_marks_priority_appointment_and_copy(ticket: Ticket) -> None:
    def marked(**changes: object) -> list[tuple[str, bool]]:
        return marks(lay_out(replace(ticket, **changes), 576))  # type: ignore[arg-type]

    assert marked(ticket_class=TicketClass.PRIORITY) == [("ƯU TIÊN", False)]
    assert marked(ticket_class=TicketClass.APPOINTMENT) == [("CÓ HẸN", False)]
    assert marked(copy=True) == [("BẢN IN LẠI", True)]


def test_prints_a_code_only_with_an_address(ticket: Ticket) -> None:
    def codes(qr: str | None) -> list[QrCode]:
        blocks = lay_out(replace(ticket, qr=qr), 576)
        return [block for block in blocks if isinstance(block, QrCode)]

    assert codes(None) == codes("") == []
    assert codes("https://phieu.example/t/7KQ2") == [QrCode("https://phieu.example/t/7KQ2")]


def test_says_that_an_offline_number_counts(ticket: Ticket) -> None:
    assert any(
        "vẫn có giá trị" in line for line in texts(lay_out(replace(ticket, offline=True), 576))
    )


def test_does_without_a_hotline(ticket: Ticket) -> None:
    assert texts(lay_out(replace(ticket, hotline=""), 384))[-1] == "Số chỉ có giá trị trong ngày."
