from dataclasses import replace

import pytest

from bus.vocabulary import Language, TicketClass
from paper import Ticket
from paper import layout as wanted
from paper.blocks import Block, Gap, Items, Mark, Number, Paragraph, QrCode, Rows, Rule
from paper.composing import compose, words
from paper.layout import Layout, built_in_layouts

WIDTHS = (576, 512, 384)
NAMES = ("standard", "large", "short")


def composed(ticket: Ticket, dots: int, name: str = "standard") -> tuple[Block, ...]:
    return compose(ticket, getattr(built_in_layouts(), name), dots)


def rows(blocks: tuple[Block, ...]) -> list[tuple[str, str]]:
    return [fact for block in blocks if isinstance(block, Rows) for fact in block.facts]


def texts(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def marks(blocks: tuple[Block, ...]) -> list[tuple[str, bool]]:
    return [(block.text, block.solid) for block in blocks if isinstance(block, Mark)]


def test_says_everything_in_order(ticket: Ticket) -> None:
    blocks = composed(ticket, 576)
    assert texts(blocks) == [
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        "PHƯỜNG NHỊ CHIỂU",
        "Số thứ tự của quý vị",
        "Hộ tịch",
        "Mời quý vị chuẩn bị",
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
    blocks = composed(english, 576)
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
    blocks = composed(replace(ticket, ahead=None, wait_min=None), 576)
    assert [label for label, _ in rows(blocks)] == ["Lấy số lúc"]


def test_marks_priority_appointment_and_copy(ticket: Ticket) -> None:
    def marked(**changes: object) -> list[tuple[str, bool]]:
        return marks(composed(replace(ticket, **changes), 576))  # type: ignore[arg-type]

    assert marked(ticket_class=TicketClass.PRIORITY) == [("ƯU TIÊN", False)]
    assert marked(ticket_class=TicketClass.APPOINTMENT) == [("CÓ HẸN", False)]
    assert marked(copy=True) == [("BẢN IN LẠI", True)]
    assert marked(file=True) == [("KÈM HỒ SƠ", True)]
    assert marked(file=True, copy=True) == [("KÈM HỒ SƠ", True), ("BẢN IN LẠI", True)]


def test_prints_a_code_only_with_an_address(ticket: Ticket) -> None:
    def codes(qr: str | None) -> list[QrCode]:
        blocks = composed(replace(ticket, qr=qr), 576)
        return [block for block in blocks if isinstance(block, QrCode)]

    assert codes(None) == codes("") == []
    assert codes("https://phieu.example/t/7KQ2") == [QrCode("https://phieu.example/t/7KQ2")]


def test_says_that_an_offline_number_counts(ticket: Ticket) -> None:
    assert any(
        "vẫn có giá trị" in line for line in texts(composed(replace(ticket, offline=True), 576))
    )


def test_does_without_a_hotline(ticket: Ticket) -> None:
    assert texts(composed(replace(ticket, hotline=""), 576))[-1] == "Số chỉ có giá trị trong ngày."


@pytest.mark.parametrize("dots", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_no_layout_leaves_out_what_a_citizen_must_know(
    ticket: Ticket, name: str, dots: int
) -> None:
    busy = replace(
        ticket, copy=True, offline=True, ticket_class=TicketClass.PRIORITY, qr="http://x"
    )
    blocks = composed(busy, dots, name)
    assert [block.text for block in blocks if isinstance(block, Number)] == ["2005"]
    assert marks(blocks) == [("BẢN IN LẠI", True), ("ƯU TIÊN", False)]
    said = " ".join([*texts(blocks), *(value for _, value in rows(blocks))]).casefold()
    for needed in ("phường nhị chiểu", "hộ tịch", "2 người", "5–10 phút", "23/11/2026", "giá trị"):
        assert needed in said
    assert any(isinstance(block, QrCode) for block in blocks)


def test_lists_the_papers_of_the_service_but_not_in_few_bytes(ticket: Ticket) -> None:
    for name in ("standard", "large"):
        (items,) = (block for block in composed(ticket, 384, name) if isinstance(block, Items))
        assert items.texts == ticket.papers
    blocks = composed(replace(ticket, papers=()), 576)
    assert "Mời quý vị chuẩn bị" not in texts(blocks)
    assert not any(isinstance(block, Items) for block in (*blocks, *composed(ticket, 576, "short")))


@pytest.mark.parametrize("content", ["https://x.vn/" + "t" * 201, "https://đ.vn/t/7KQ2"])
def test_prints_no_code_that_a_printer_cannot_draw(ticket: Ticket, content: str) -> None:
    blocks = composed(replace(ticket, qr=content), 576)
    assert not any(isinstance(block, QrCode) for block in blocks)
    assert "Quét mã theo dõi lượt" not in texts(blocks)


def test_gaps_that_meet_count_once_and_rules_stand_between_two_things(ticket: Ticket) -> None:
    gap, rule = wanted.Gap(dots={576: 10}), wanted.Rule(gap={576: 4})
    wide, absent = wanted.Gap(dots={576: 30}), wanted.Hotline(size={384: 24})
    time = wanted.Time(size={576: 24})
    layout = Layout(
        blocks=(rule, gap, time, gap, absent, wide, time, rule, absent, rule, time, rule)
    )
    kinds = [
        block.height if isinstance(block, Gap) else type(block)
        for block in compose(ticket, layout, 576)
    ]
    assert kinds == [10, Paragraph, 30, Paragraph, 4, Rule, 4, Paragraph, 4]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dots", WIDTHS)
def test_a_notice_has_no_number(ticket: Ticket, dots: int, name: str) -> None:
    notice = replace(
        ticket,
        notice=True,
        number="notice",
        service="Hộ tịch đã hết số hôm nay",
        footer=("Mời quý vị liên hệ quầy để được hướng dẫn.",),
        ahead=None,
        wait_min=None,
        papers=(),
        qr=None,
    )
    blocks = composed(notice, dots, name)
    assert not [block for block in blocks if isinstance(block, Number)]
    said = texts(blocks)
    assert "Hộ tịch đã hết số hôm nay" in said
    assert words(Language.VIETNAMESE).your_number not in said
    assert "Lấy số lúc" not in [fact for fact, _ in rows(blocks)]
